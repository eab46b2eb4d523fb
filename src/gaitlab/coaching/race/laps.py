"""A race lap by lap, its last stretches, its drift at matched speed, and its kick."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.coaching.numbers.middle import middle_of, strike_shares_of
from gaitlab.coaching.race.bends import Bends, bends_of, no_bends
from gaitlab.coaching.race.course import UNANCHORED_SHARE, Course, course_of
from gaitlab.coaching.race.kick import BEFORE_M, Kick, find_kick
from gaitlab.coaching.race.strikes import StrikeChange, strike_change
from gaitlab.metrics.drift import Drift, drifts
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import UsageError
from gaitlab.model.gait import LEFT, RIGHT, RUN
from gaitlab.model.units import Bools

TRACK_LAP_M: Final = 400.0
LAST_M: Final = (400.0, 200.0, 100.0)
ANCHORED_SD_M: Final = 1.0  # assumption: how far a scaled distance is off within a race
MOST_LAPS: Final = 500


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a race by distance, ``[start_m, stop_m)``.

    time_s, time_sd_s : its time and the standard uncertainty that its ends bring
    speed_mps : mean;  the others are medians over its n contacts, with their robust SD
    strike_shares : of rearfoot, midfoot, forefoot among the contacts with a class
    """

    label: str
    start_m: float
    stop_m: float
    time_s: float
    time_sd_s: float
    speed_mps: float
    n: int
    cadence_spm: float
    step_length_m: float
    contact_time_s: float
    contact_time_spread_s: float
    strike_shares: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Curved:
    """All bends, or all straights: medians, and the contact of each foot with its robust SD."""

    label: str
    speed_mps: float
    cadence_spm: float
    step_length_m: float
    left_contact_s: float
    left_spread_s: float
    right_contact_s: float
    right_spread_s: float
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """What a race was, from its first contact to its finish.

    bends : of the track;  curved : bends and straights before the kick, empty without bends
    strike : the landing before and in the kick, None without one
    """

    course: Course
    laps: tuple[Stretch, ...]
    lasts: tuple[Stretch, ...]
    drift: tuple[Drift, ...]
    kick: Kick
    before: Stretch | None
    during: Stretch | None
    bends: Bends
    curved: tuple[Curved, ...]
    strike: StrikeChange | None = None


def race_of(
    analysis: Analysis,
    distance_m: float | None,
    lap_m: float = TRACK_LAP_M,
    track_m: float = TRACK_LAP_M,
) -> Race:
    """The race in a recording; ``distance_m`` is the length of the course when it is known.

    track_m : lap of the track, whose bends are told; 0 where there is none

    Raises
    ------
    AnalysisError : no continuous run with known lengths
    UsageError : the course has another length, or the laps are too many
    """
    course = course_of(analysis, distance_m)
    if course.length_m / lap_m > MOST_LAPS:
        raise UsageError(
            f"laps of {lap_m:g} m in a run of {course.length_m:.0f} m",
            f"more than {MOST_LAPS} rows tell nobody anything",
            "give a longer --lap",
        )
    edges = np.append(np.arange(0.0, course.length_m - lap_m / 20.0, lap_m), course.length_m)
    laps = tuple(
        _stretch(course, f"{stop:.0f} m", float(start), float(stop))
        for start, stop in pairwise(edges)
    )
    lasts = tuple(
        _stretch(course, f"last {length:.0f} m", course.length_m - length, course.length_m)
        for length in LAST_M
        if length <= course.length_m
    )
    kick = find_kick(course)
    before = during = None
    if kick.found:
        before = _stretch(course, "before", max(0.0, kick.start_m - BEFORE_M), kick.start_m)
        during = _stretch(course, "kick", kick.start_m, course.length_m)
    bends = bends_of(analysis, course, track_m) if track_m > 0.0 else no_bends("not on a track")
    curved = _curved(course, bends, kick.start_m if kick.found else course.length_m)
    return Race(
        course, laps, lasts, _drifts(course), kick, before, during, bends, curved,
        strike_change(course, kick),
    )  # fmt: skip


def _curved(course: Course, bends: Bends, until_m: float) -> tuple[Curved, ...]:
    """Bends and straights of the race before the kick, foot by foot."""
    if not len(bends.spans_m):
        return ()
    inside, even = bends.inside(course.distance_m), course.distance_m < until_m
    return tuple(
        _curved_part(label, course, np.asarray(mask & even))
        for label, mask in (("bends", inside), ("straights", ~inside))
    )


def _curved_part(label: str, course: Course, mask: Bools) -> Curved:
    part = course.contacts.where(mask)
    left, right = (middle_of(part.contact_time_s[part.foot == foot]) for foot in (LEFT, RIGHT))
    return Curved(
        label, middle_of(course.speed_mps[mask])[0], middle_of(course.cadence_spm[mask])[0],
        middle_of(course.step_length_m[mask])[0], *left, *right, len(part),
    )  # fmt: skip


def _drifts(course: Course) -> tuple[Drift, ...]:
    """Of the race alone, in true lengths; fast races count as one kind with slow ones."""
    contacts = course.contacts
    lengths = {
        name: course.scale * getattr(contacts, name) for name in ("speed_mps", "step_length_m")
    }
    return drifts(replace(contacts, activity=np.full_like(contacts.activity, RUN), **lengths), RUN)


def _stretch(course: Course, label: str, start_m: float, stop_m: float) -> Stretch:
    inside = course.between(start_m, stop_m)
    start_s = course.start_s if start_m <= 0.0 else float(course.time_at_s(start_m))
    time_s = float(course.time_at_s(stop_m)) - start_s
    speed = (stop_m - start_m) / time_s
    at = (course.distance_m >= start_m) & (course.distance_m < stop_m)
    middle, spread = middle_of(inside.contact_time_s)
    return Stretch(
        label, start_m, stop_m, time_s, _time_sd_s(course, start_m, stop_m) / speed, speed,
        len(inside.ic_time_s), middle_of(inside.cadence_spm)[0],
        middle_of(course.step_length_m[at])[0], middle, spread, strike_shares_of(inside),
    )  # fmt: skip


def _time_sd_s(course: Course, start_m: float, stop_m: float) -> float:
    """Standard uncertainty of the distance between two places, m (over speed: of the time)."""
    inner = (start_m > 0.0) + (stop_m < course.length_m)
    if course.anchored:
        return ANCHORED_SD_M * float(np.sqrt(inner))
    return UNANCHORED_SHARE * (stop_m - start_m)
