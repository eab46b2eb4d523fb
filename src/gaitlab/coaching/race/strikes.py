"""Does the foot land further forward in the kick than before it, and on what?"""

from dataclasses import dataclass
from math import hypot, isfinite, nan, sqrt
from typing import Final

import numpy as np

from gaitlab.coaching.numbers.middle import middle_of, strike_shares_of
from gaitlab.coaching.race.course import Course
from gaitlab.coaching.race.kick import BEFORE_M, Kick
from gaitlab.metrics.uncertainty import MEDIAN_TO_MEAN
from gaitlab.model.gait import LEFT, RIGHT, UNKNOWN_STRIKE, Contacts
from gaitlab.model.units import RAD_PER_DEG

FEWEST: Final = 6  # contacts of a foot on each side: fewer have no middle
OWN_SD_RAD: Final = 0.6 * RAD_PER_DEG  # of a change with speed: benchmarks/kick.py --strikes
Z: Final = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Landing:
    """How one foot, or both, landed in a part of the race.

    angle_rad : median, over both feet the mean of their medians;  se_rad : its standard error
    shares : of rearfoot, midfoot, forefoot among the ``classed`` contacts
    n : contacts with an angle
    """

    angle_rad: float
    se_rad: float
    shares: tuple[float, float, float]
    n: int
    classed: int


@dataclass(frozen=True, slots=True)
class StrikeChange:
    """The landing before and in the kick; NaN and a reason where it cannot be told.

    change_rad : in the kick less before, mean over the feet; negative is further forward
    change_sd_rad : its standard uncertainty; the zero of the angle is the same in both and cancels
    foot_changes_rad : of the left and the right foot alone, NaN where one has too few
    """

    before: Landing
    during: Landing
    change_rad: float = nan
    change_sd_rad: float = nan
    foot_changes_rad: tuple[float, float] = (nan, nan)
    reason: str = ""

    @property
    def resolved(self) -> bool:
        """True when the change is beyond its 95 % range."""
        return isfinite(self.change_rad) and abs(self.change_rad) > Z * self.change_sd_rad


def strike_change(course: Course, kick: Kick) -> StrikeChange | None:
    """Up to 600 m before the kick against the kick; None without a kick.

    Source: the size of what does not cancel between two speeds of one runner is an assumption
    from simulated races, as in the docs; the standard error is that of a median.
    """
    if not kick.found:
        return None
    parts = (
        course.between(max(0.0, kick.start_m - BEFORE_M), kick.start_m),
        course.between(kick.start_m, course.length_m),
    )
    feet = [[_landing(part.where(part.foot == code)) for part in parts] for code in (LEFT, RIGHT)]
    enough = [pair for pair in feet if min(one.n for one in pair) >= FEWEST]
    before, during = (
        _together(part, [pair[place] for pair in enough]) for place, part in enumerate(parts)
    )
    if not enough:
        few = f"{before.n} landings with an angle before the kick and {during.n} in it"
        return StrikeChange(before, during, reason=f"{few}; {FEWEST} of a foot are needed in each")
    changes = tuple(
        pair[1].angle_rad - pair[0].angle_rad if pair in enough else nan for pair in feet
    )
    sd = hypot(before.se_rad, during.se_rad, OWN_SD_RAD)
    return StrikeChange(before, during, float(np.nanmean(changes)), sd, (changes[0], changes[1]))


def _landing(contacts: Contacts) -> Landing:
    """Of one foot."""
    known = int(np.isfinite(contacts.strike_angle_rad).sum())
    middle, spread = middle_of(contacts.strike_angle_rad)
    error = MEDIAN_TO_MEAN * spread / sqrt(known) if known else nan
    classed = int(np.count_nonzero(contacts.strike != UNKNOWN_STRIKE))
    return Landing(middle, error, strike_shares_of(contacts), known, classed)


def _together(contacts: Contacts, feet: list[Landing]) -> Landing:
    """Both feet, or the one that has enough: the mean of their medians, shares of all contacts."""
    whole = _landing(contacts)
    if not feet:
        return whole
    angle = float(np.mean([foot.angle_rad for foot in feet]))
    error = hypot(*(foot.se_rad for foot in feet)) / len(feet)
    return Landing(angle, error, whole.shares, whole.n, whole.classed)
