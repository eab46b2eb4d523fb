"""Flying sprints: the fast stretches of a recording, timed between marks, after a run-in, or best.

Layout and flags after SCIENCE-style coaching practice: a run-up, a zone at top speed, a run-out; a
slope of more than 0.15 m/s^2 inside the zone means that top speed was not reached or not held
(design decision, printed as such).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.middle import middle_of, strike_shares_of
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import RUN, SPRINT, Contacts, Flag
from gaitlab.model.recording import Mark
from gaitlab.model.units import Bools, Floats, Ints

How = Literal["marks", "run-in", "best window"]
PAUSE_S: Final = 2.0  # without a running contact for longer, a bout is over
FAST_SHARE: Final = 0.75  # of the session's top speed: slower bouts are no repetition
DIP_SHARE: Final = 0.65  # between two repetitions the speed falls below this
SLOWEST_MPS: Final = 4.5  # assumption: nobody's flying sprint is slower
STEADY_MPS2: Final = 0.15
FEWEST_CONTACTS: Final = 6
STARTING_SHARE: Final = 0.7  # assumption: of the top speed; who begins slower came from rest
FIRST_LANDING_M: Final = 0.6  # assumption: from the line to where the first foot lands
MARK_S: Final = 0.02  # assumption: standard uncertainty of a gate's mark on the pod's clock
LENGTH_SHARE: Final = 0.02  # assumption: of an unanchored length in a sprint


@dataclass(frozen=True, slots=True)
class Fly:
    """One flying sprint.

    how : where entry and exit come from;  band_s : 95 % half-width of the time
    v_mean_mps, v_max_mps : over the zone, and the highest of two strides in it
    slope_mps2 : change of speed inside the zone;  state : steady, still accelerating, fading
    steps, cadence_spm, step_length_m, contact_time_s, flight_time_s : medians of the zone
    contact_spread_s : robust SD;  left_contact_s, right_contact_s : of each foot, NaN without it
    strike_shares : rearfoot, midfoot, forefoot among contacts with a class
    """

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


@dataclass(frozen=True, slots=True, eq=False)
class _Bout:
    """A stretch of running: its contacts, and speed and distance at stride mid-times."""

    contacts: Contacts
    at_s: Floats
    speed_mps: Floats
    distance_m: Floats

    def way_m(self, time_s: Floats | float) -> Floats:
        return np.asarray(np.interp(time_s, self.at_s, self.distance_m))

    def when_s(self, way_m: Floats | float) -> Floats:
        return np.asarray(np.interp(way_m, self.distance_m, self.at_s, np.nan, np.nan))


def flying(
    analysis: Analysis, zone_m: float = 30.0, run_in_m: float | None = None
) -> tuple[Fly, ...]:
    """The flying sprints of a recording in the order in which they were run.

    Entry and exit are two marks ``zone_m`` apart; else, with ``run_in_m``, that far behind the
    first contact of the bout; else the fastest ``zone_m`` of the bout.

    Raises
    ------
    AnalysisError : no fast stretch of that length with known speeds
    """
    contacts = analysis.contacts.where(_running(analysis.contacts))
    bouts = _fast_bouts(contacts, zone_m)
    flies = [
        fly
        for bout in bouts
        for fly in [_timed(bout, zone_m, run_in_m, analysis.recording.marks)]
        if fly is not None
    ]
    if not flies:
        raise AnalysisError(
            f"no flying {zone_m:g} m in this recording",
            f"no stretch of {zone_m:g} m is faster than {SLOWEST_MPS:g} m/s with known speeds",
            "`gaitlab analyze` shows what was found; --zone sets another length",
        )
    return tuple(flies)


def _running(contacts: Contacts) -> Bools:
    """Running contacts, the first ones of a bout too: their way counts, their means do not."""
    moving = (contacts.activity == RUN) | (contacts.activity == SPRINT)
    return np.asarray(moving & ((contacts.flags & Flag.IMPLAUSIBLE) == 0))


def best_of(flies: Sequence[Fly]) -> int:
    """Index of the fastest repetition."""
    return int(np.argmin([fly.time_s for fly in flies]))


def drop_share(flies: Sequence[Fly]) -> float:
    """How much slower the last repetition is than the best, of the best time; NaN for one."""
    if len(flies) < 2:
        return float("nan")
    return flies[-1].time_s / flies[best_of(flies)].time_s - 1.0


def _bouts(contacts: Contacts) -> list[_Bout]:
    times = contacts.ic_time_s
    edges = np.flatnonzero(np.diff(times, prepend=-np.inf, append=np.inf) > PAUSE_S)
    return [
        bout
        for start, stop in pairwise(edges.tolist())
        for bout in [_bout(contacts.where(_range(len(times), start, stop)))]
        if bout is not None
    ]


def _range(n: int, start: int, stop: int) -> np.ndarray:
    place = np.arange(n)
    return (place >= start) & (place < stop)


def _bout(contacts: Contacts) -> _Bout | None:
    known = np.isfinite(contacts.speed_mps) & np.isfinite(contacts.stride_time_s)
    if known.sum() < FEWEST_CONTACTS:
        return None
    at_s = (contacts.ic_time_s + 0.5 * contacts.stride_time_s)[known]
    order = np.argsort(at_s, kind="stable")
    at_s, speed = at_s[order], contacts.speed_mps[known][order]
    padded = np.pad(speed, 1, mode="edge")
    speed = np.median(np.lib.stride_tricks.sliding_window_view(padded, 3), axis=1)
    steps_m = 0.5 * (speed[1:] + speed[:-1]) * np.diff(at_s)
    from_rest = float(speed[0]) < STARTING_SHARE * float(speed.max())
    first_m = float(speed[0] * (at_s[0] - contacts.ic_time_s[0]))
    first_m += FIRST_LANDING_M if from_rest else 0.0
    return _Bout(contacts, at_s, speed, first_m + np.concatenate(([0.0], np.cumsum(steps_m))))


def _fast_bouts(contacts: Contacts, zone_m: float) -> list[_Bout]:
    """One piece around each fast peak that is long enough for the zone."""
    bouts = _bouts(contacts)
    top = max((float(bout.speed_mps.max()) for bout in bouts), default=0.0)
    least = max(FAST_SHARE * top, SLOWEST_MPS)
    return [
        piece
        for bout in bouts
        for piece in _pieces(bout, DIP_SHARE * top)
        if piece.speed_mps.max() >= least and np.ptp(piece.distance_m) >= zone_m
    ]


def _pieces(bout: _Bout, dip_mps: float) -> list[_Bout]:
    """The parts of a bout between dips; the way up to the first peak stays with it."""
    fast = bout.speed_mps >= dip_mps
    starts: Ints = np.flatnonzero(np.diff(fast.astype(np.int8), prepend=0) == 1)
    cuts = [0, *(int(start) for start in starts[1:]), len(fast)]
    return [
        _Bout(
            bout.contacts, bout.at_s[low:high], bout.speed_mps[low:high], bout.distance_m[low:high]
        )
        for low, high in pairwise(cuts)
        if high - low >= 2
    ]


def _timed(
    bout: _Bout, zone_m: float, run_in_m: float | None, marks: tuple[Mark, ...]
) -> Fly | None:
    marked = _marked(bout, zone_m, marks)
    if marked is not None:
        return _fly(bout, zone_m, "marks", *marked, 1.96 * MARK_S * np.sqrt(2.0))
    if run_in_m is not None:
        entry_s, exit_s = (float(bout.when_s(way)) for way in (run_in_m, run_in_m + zone_m))
        if not np.isfinite(entry_s + exit_s):
            return None
        return _fly(bout, zone_m, "run-in", entry_s, exit_s, _length_band(exit_s - entry_s))
    begin_m = bout.distance_m[bout.distance_m + zone_m <= bout.distance_m[-1]]
    if not len(begin_m):
        return None
    fine_m = np.arange(begin_m[0], begin_m[-1] + 0.01, 0.25)
    took_s = bout.when_s(fine_m + zone_m) - bout.when_s(fine_m)
    best = int(np.nanargmin(took_s))
    entry_s, exit_s = float(bout.when_s(fine_m[best])), float(bout.when_s(fine_m[best] + zone_m))
    return _fly(bout, zone_m, "best window", entry_s, exit_s, _length_band(exit_s - entry_s))


def _length_band(time_s: float) -> float:
    return 1.96 * LENGTH_SHARE * time_s


def _marked(bout: _Bout, zone_m: float, marks: tuple[Mark, ...]) -> tuple[float, float] | None:
    """Times of two marks ``zone_m`` apart while this bout was run."""
    inside = sorted(
        (mark.time_s, mark.distance_m)
        for mark in marks
        if mark.distance_m is not None and bout.at_s[0] - 1.0 <= mark.time_s <= bout.at_s[-1] + 1.0
    )
    for entry_s, entry_m in inside:
        for exit_s, exit_m in inside:
            if exit_s > entry_s and abs(exit_m - entry_m - zone_m) < 0.01:
                return entry_s, exit_s
    return None


def _fly(bout: _Bout, zone_m: float, how: How, entry_s: float, exit_s: float, band_s: float) -> Fly:
    contacts, time_s = bout.contacts, exit_s - entry_s
    inside = (contacts.ic_time_s >= entry_s) & (contacts.ic_time_s < exit_s)
    zone = contacts.where(inside & contacts.valid)
    mean = zone_m / time_s
    measured_m = float(bout.way_m(exit_s) - bout.way_m(entry_s))
    scale = zone_m / measured_m if how == "marks" and measured_m > 0.0 else 1.0
    near = (bout.at_s >= entry_s) & (bout.at_s <= exit_s)
    speed = scale * bout.speed_mps[near]
    slope = float(np.polyfit(bout.at_s[near] - entry_s, speed, 1)[0]) if near.sum() > 2 else np.nan
    state = "still accelerating" if slope > STEADY_MPS2 else "steady"
    state = "fading" if slope < -STEADY_MPS2 else state
    middle, spread = middle_of(zone.contact_time_s)
    cadence = middle_of(zone.cadence_spm)[0]
    left, right = (middle_of(zone.contact_time_s[zone.foot == foot])[0] for foot in (0, 1))
    return Fly(
        how, entry_s, exit_s, time_s, float(band_s), mean,
        float(speed.max()) if len(speed) else np.nan, slope, state, len(zone.ic_time_s),
        time_s * cadence / 60.0, cadence, mean * 60.0 / cadence, middle, spread,
        middle_of(zone.flight_time_s)[0], left, right, strike_shares_of(zone),
    )  # fmt: skip
