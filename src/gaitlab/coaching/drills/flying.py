"""Flying sprints: the fast stretches of a recording, timed between marks, after a run-in, or best.

Layout and flags after coaching practice: a run-up, a zone at top speed, a run-out; a
slope of more than 0.15 m/s^2 inside the zone means that top speed was not reached or not held
(design decision, printed as such).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.drills.cautions import CUT, feet_caution, rate_caution
from gaitlab.coaching.drills.fast import EVENED_S
from gaitlab.coaching.drills.session import (
    NO_CHOICE,
    Choice,
    Kind,
    Repetition,
    chosen_repetitions,
    contacts_of,
    found_instead,
)
from gaitlab.coaching.numbers.middle import middle_of, strike_shares_of
from gaitlab.coaching.numbers.pace import Pace, evened, pace_of
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import Contacts
from gaitlab.model.recording import Mark

How = Literal["marks", "run-in", "best window"]
STEADY_MPS2: Final = 0.15
FEWEST_CONTACTS: Final = 6
FAST_KINDS: Final[tuple[Kind, ...]] = ("fly", "sprint")
MARK_S: Final = 0.02  # assumption: standard uncertainty of a gate's mark on the pod's clock
LENGTH_SHARE: Final = 0.02  # assumption: of an unanchored length in a sprint

ODD_SCALE: Final = 0.08  # assumption: two spreads of measured lengths; marks that are further off
MOST_SCALE: Final = 0.25  # ... are told, and those that far are not used


@dataclass(frozen=True, slots=True)
class Fly:
    """One flying sprint.

    kind : fly, or sprint for the fastest zone of one from standing
    how : where entry and exit come from;  band_s : 95 % half-width of the time
    v_mean_mps, v_max_mps : over the zone, and the highest in it, evened over two strides
    slope_mps2 : change of speed inside the zone;  state : steady, still accelerating, fading
    steps, cadence_spm, step_length_m, contact_time_s, flight_time_s : medians of the zone
    contact_spread_s : robust SD;  left_contact_s, right_contact_s : of each foot, NaN without it
    strike_shares : rearfoot, midfoot, forefoot among contacts with a class
    cautions : what to know before its numbers are used
    """

    kind: Kind
    how: How
    entry_s: float
    exit_s: float
    time_s: float
    band_s: float
    v_mean_mps: float
    v_max_mps: float
    slope_mps2: float
    state: str
    n: int
    steps: float
    cadence_spm: float
    step_length_m: float
    contact_time_s: float
    contact_spread_s: float
    flight_time_s: float
    left_contact_s: float
    right_contact_s: float
    strike_shares: tuple[float, float, float]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Bout:
    """A repetition with its contacts and its pace."""

    repetition: Repetition
    contacts: Contacts
    pace: Pace


def flying(
    analysis: Analysis,
    zone_m: float = 30.0,
    run_in_m: float | None = None,
    choice: Choice = NO_CHOICE,
) -> tuple[Fly, ...]:
    """The flying sprints of a recording in the order in which they were run.

    Sprints from standing count as well: their fastest zone is told, with ``kind`` sprint.
    Entry and exit are two marks ``zone_m`` apart; else, with ``run_in_m``, that far behind the
    first contact of the repetition; else its fastest ``zone_m``.

    Raises
    ------
    AnalysisError : no fast stretch of that length with known speeds
    """
    chosen = chosen_repetitions(analysis, FAST_KINDS, choice)
    flies = [_of(one, analysis, zone_m, run_in_m) for one in chosen]
    found = tuple(fly for fly in flies if fly is not None)
    if not found:
        both = ", run-in and zone together" if run_in_m else ""
        raise AnalysisError(
            f"no flying {zone_m:g} m in this recording",
            f"no such repetition has {zone_m + (run_in_m or 0.0):g} m with known speeds{both}"
            if chosen
            else found_instead(analysis),
            "`gaitlab session` lists what was found; --zone sets the length, --kind another kind",
        )
    return found


def _of(one: Repetition, analysis: Analysis, zone_m: float, run_in_m: float | None) -> Fly | None:
    contacts = contacts_of(analysis, one)
    pace = pace_of(contacts, FEWEST_CONTACTS)
    if pace is None or np.ptp(pace.distance_m) < zone_m:
        return None
    return _timed(_Bout(one, contacts, pace), zone_m, run_in_m, analysis.recording.marks)


def best_of(flies: Sequence[Fly]) -> int:
    """Index of the fastest flying sprint; of the fastest zone where all began from standing."""
    return min(_alike(flies), key=lambda place: flies[place].time_s)


def drop_share(flies: Sequence[Fly]) -> float:
    """How much slower the last repetition is than the best, of the best time; NaN for one.

    Sprints from standing are not compared with flying ones, nor are those that the recording cuts.
    """
    alike = [place for place in _alike(flies) if CUT not in flies[place].cautions]
    if len(alike) < 2:
        return float("nan")
    return flies[alike[-1]].time_s / flies[best_of(flies)].time_s - 1.0


def behind_best(flies: Sequence[Fly]) -> tuple[float, ...]:
    """How much slower each repetition is than the best, of the best time.

    NaN for a lone one, and for sprints from standing beside flying ones.
    """
    alike, best_s = _alike(flies), flies[best_of(flies)].time_s
    return tuple(
        fly.time_s / best_s - 1.0 if place in alike and len(flies) > 1 else float("nan")
        for place, fly in enumerate(flies)
    )


def _alike(flies: Sequence[Fly]) -> list[int]:
    """Places of the flying sprints; of all when there is none."""
    flying = [place for place, fly in enumerate(flies) if fly.kind == "fly"]
    return flying or list(range(len(flies)))


def _timed(
    bout: _Bout, zone_m: float, run_in_m: float | None, marks: tuple[Mark, ...]
) -> Fly | None:
    marked, words = _marked(bout, zone_m, marks)
    if marked is not None:
        return _fly(bout, zone_m, "marks", *marked, 1.96 * MARK_S * np.sqrt(2.0), words)
    if run_in_m is not None:
        entry_s, exit_s = (float(bout.pace.when_s(way)) for way in (run_in_m, run_in_m + zone_m))
        if not np.isfinite(entry_s + exit_s):
            return None
        return _fly(bout, zone_m, "run-in", entry_s, exit_s, _length_band(exit_s - entry_s), words)
    begin_m = bout.pace.distance_m[bout.pace.distance_m + zone_m <= bout.pace.distance_m[-1]]
    if not len(begin_m):
        return None
    fine_m = np.arange(begin_m[0], begin_m[-1] + 0.01, 0.25)
    took_s = bout.pace.when_s(fine_m + zone_m) - bout.pace.when_s(fine_m)
    best = int(np.nanargmin(took_s))
    entry_s, exit_s = (
        float(bout.pace.when_s(fine_m[best])),
        float(bout.pace.when_s(fine_m[best] + zone_m)),
    )
    return _fly(bout, zone_m, "best window", entry_s, exit_s, _length_band(exit_s - entry_s), words)


def _length_band(time_s: float) -> float:
    return 1.96 * LENGTH_SHARE * time_s


def _marked(
    bout: _Bout, zone_m: float, marks: tuple[Mark, ...]
) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    """Times of two marks ``zone_m`` apart while this bout was run, and what is odd about them."""
    inside = sorted(
        (mark.time_s, mark.distance_m)
        for mark in marks
        if mark.distance_m is not None
        and bout.pace.at_s[0] - 1.0 <= mark.time_s <= bout.pace.at_s[-1] + 1.0
    )
    pairs = [
        (entry_s, exit_s)
        for entry_s, entry_m in inside
        for exit_s, exit_m in inside
        if exit_s > entry_s and abs(exit_m - entry_m - zone_m) < 0.01
    ]
    if not pairs:
        apart = f"marks with distances lie in it, but no two {zone_m:g} m apart: not used"
        return None, ((apart,) if len(inside) > 1 else ())
    entry_s, exit_s = pairs[0]
    share = zone_m / max(float(bout.pace.way_m(exit_s) - bout.pace.way_m(entry_s)), 1e-3) - 1.0
    if abs(share) <= ODD_SCALE:
        return pairs[0], ()
    words = (
        f"between the two marks the pods measured {zone_m / (1.0 + share):.0f} m instead of "
        f"{zone_m:g} m: a mark may be wrong"
    )
    if abs(share) <= MOST_SCALE:
        return pairs[0], (words,)
    return None, (f"{words}, not used",)


def _fly(
    bout: _Bout,
    zone_m: float,
    how: How,
    entry_s: float,
    exit_s: float,
    band_s: float,
    words: tuple[str, ...],
) -> Fly:
    contacts, time_s = bout.contacts, exit_s - entry_s
    inside = (contacts.ic_time_s >= entry_s) & (contacts.ic_time_s < exit_s)
    zone = contacts.where(inside & contacts.valid)
    mean = zone_m / time_s
    measured_m = float(bout.pace.way_m(exit_s) - bout.pace.way_m(entry_s))
    scale = zone_m / measured_m if how == "marks" and measured_m > 0.0 else 1.0
    near = (bout.pace.at_s >= entry_s) & (bout.pace.at_s <= exit_s)
    speed = scale * bout.pace.speed_mps[near]
    top = scale * evened(bout.pace.at_s, bout.pace.speed_mps, EVENED_S)[near]
    slope = (
        float(np.polyfit(bout.pace.at_s[near] - entry_s, speed, 1)[0]) if near.sum() > 2 else np.nan
    )
    state = "still accelerating" if slope > STEADY_MPS2 else "steady"
    state = "fading" if slope < -STEADY_MPS2 else state
    middle, spread = middle_of(zone.contact_time_s)
    cadence = middle_of(zone.cadence_spm)[0]
    cut = (CUT,) if bout.repetition.cut else ()
    left, right = (middle_of(zone.contact_time_s[zone.foot == foot])[0] for foot in (0, 1))
    return Fly(
        bout.repetition.kind, how, entry_s, exit_s, time_s, float(band_s), mean,
        float(top.max()) if len(top) else np.nan, slope, state, len(zone.ic_time_s),
        time_s * cadence / 60.0, cadence, mean * 60.0 / cadence, middle, spread,
        middle_of(zone.flight_time_s)[0], left, right, strike_shares_of(zone),
        (*words, *cut, *feet_caution(zone), *rate_caution(zone)),
    )  # fmt: skip
