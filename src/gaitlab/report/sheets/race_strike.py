"""Whether the foot lands further forward in the kick: in words, and along the race as a picture."""

from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.race.laps import Race, Stretch
from gaitlab.coaching.race.strikes import Landing, StrikeChange
from gaitlab.metrics.catalog import metric
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import STRIKES
from gaitlab.model.units import DEG_PER_RAD
from gaitlab.report.figures.over_time import Track
from gaitlab.report.figures.race import RaceMarks, figure_race_strike
from gaitlab.report.figures.strike import Shares
from gaitlab.report.panels import Panel, Size, drawn, thinning_note, why_missing
from gaitlab.report.points import by_foot, feet_together, shown, smoothed, symmetric_limit
from gaitlab.report.sheets.base import most_common, number
from gaitlab.report.style import FOOT_LOOKS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANGLE: Final = "strike_angle_rad"
MOST_LAPS: Final = 5  # as bars; of more laps every so many
HALF: Final = 0.5
NARROW_IN: Final = (4.0, 6.6)


def strike_words(strike: StrikeChange | None) -> tuple[str, ...]:
    """Does the runner go to the forefoot in the kick? Empty without a kick."""
    if strike is None:
        return ()
    if strike.reason:
        return (f"Whether the foot lands further forward in the kick cannot be told: "
                f"{strike.reason}.",)  # fmt: skip
    feet = ", ".join(
        f"{look.label} {number(change, DEG_PER_RAD, 1)}°"
        for look, change in zip(FOOT_LOOKS, strike.foot_changes_rad, strict=False)
        if isfinite(change)
    )
    change = number(strike.change_rad, DEG_PER_RAD, 1)
    return (
        f"To the forefoot in the kick? {_verdict(strike)}: strike angle {_angle(strike.before)} "
        f"before, {_angle(strike.during)} in the kick, change {change}° ({feet}), standard "
        f"uncertainty {number(strike.change_sd_rad, DEG_PER_RAD, 1)}°.",
        f"Forefoot landings: {_fore(strike.before)} before, {_fore(strike.during)} in the kick"
        f"{_commonest(strike)}.",
    )


def _commonest(strike: StrikeChange) -> str:
    """What most landings are, where that is not the forefoot all along."""
    before, during = most_common(strike.before.shares), most_common(strike.during.shares)
    if before.endswith(STRIKES[2]) and during.endswith(STRIKES[2]):
        return ""
    return f"; most landings: {before} before, {during} in the kick"


def _verdict(strike: StrikeChange) -> str:
    before, during = strike.before.shares[2], strike.during.shares[2]
    if not strike.resolved:
        return "No change beyond its uncertainty"
    if strike.change_rad > 0.0:
        return "No, the toes come up"
    if before > HALF:
        return "Already there before, and further forward in the kick"
    return "Yes" if during > HALF else "Further forward, but not onto the forefoot"


def _angle(part: Landing) -> str:
    return f"{number(part.angle_rad, DEG_PER_RAD, 1)}° (n {part.n})"


def _fore(part: Landing) -> str:
    return f"{number(part.shares[2], 100.0)} % of {part.classed}"


def strike_panel(analysis: Analysis, race: Race, marks: RaceMarks) -> Panel:
    """Strike angle along the race, and the classes lap by lap, before and in the kick."""
    title = "How the foot lands along the race"
    contacts = race.course.contacts
    angle = shown(contacts, ANGLE)
    if not np.isfinite(angle).any():
        return Panel("racestrike", title, missing=why_missing(analysis, ANGLE), wide=True)
    rows = share_rows(race)
    caption = (
        "Above zero the toes are up: the heel lands first. The grounds are the classes of Mo 2021 "
        "(forefoot below −0.8°, midfoot to 7.4°, heel above), the line is the running median. "
        + ("What lies right of the broken line is the kick. " if race.kick.found else "")
        + "The zero of the angle is the same all along and drops out of a change, not out of the "
        "classes: a cloud on a border may belong to either. In a third of runners the foot lands "
        "further forward when they only run faster (Forrester & Townend 2015, n 102)."
        + thinning_note(contacts)
    )
    words = "; ".join(
        f"{row.label}: "
        + ", ".join(
            f"{part:.0f} % {name}" for part, name in zip(row.percent, STRIKES, strict=False)
        )
        for row in rows
    )

    def draw(size: Size, most: int) -> "Figure":
        distance = race.course.distance_m
        line = smoothed(distance, feet_together(contacts.foot, angle))
        track = Track(metric(ANGLE), by_foot(contacts, distance, angle, most), line, None)
        return figure_race_strike(track, marks, rows, symmetric_limit(angle), size)

    return drawn(
        "racestrike", title, caption, f"Strike angle along the race; {words}", draw, wide=True,
        narrow_in=NARROW_IN,
    )  # fmt: skip


def share_rows(race: Race) -> tuple[Shares, ...]:
    """Classes of five laps at most, evenly spread, then before and in the kick."""
    every = -(-len(race.laps) // MOST_LAPS)
    laps = [(f"lap {place + 1}", lap) for place, lap in enumerate(race.laps)][::every]
    if len(race.laps) == 1:
        laps = [("whole race", race.laps[0])]
    if race.before is not None and race.during is not None:
        laps += [("before kick", race.before), ("in the kick", race.during)]
    return tuple(_shares(label, race, part) for label, part in laps)


def _shares(label: str, race: Race, part: Stretch) -> Shares:
    known = race.course.between(part.start_m, part.stop_m).strike < len(STRIKES) - 1
    rear, middle, fore = (100.0 * share for share in np.nan_to_num(part.strike_shares))
    return Shares(label, (float(rear), float(middle), float(fore)), int(np.count_nonzero(known)))
