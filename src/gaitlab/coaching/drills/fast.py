"""The fast parts of a bout of running: sprints from standing, flying sprints, ins-and-outs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.numbers.middle import middle_of
from gaitlab.coaching.numbers.pace import Pace, evened
from gaitlab.model.gait import Contacts
from gaitlab.model.units import Floats, Ints
from gaitlab.signal.intervals import true_runs

FastKind = Literal["sprint", "fly", "ins-outs", "run", "false start"]
SLOWEST_MPS: Final = 4.5  # assumption: nobody's flying sprint is slower
FAST_SHARE: Final = 0.75  # of the session's top speed: slower bouts are no repetition
DIP_SHARE: Final = 0.65  # between two repetitions the speed falls below this
HELD_SHARE: Final = 0.92  # of its own top: a repetition ends where it falls below for good
LONGEST_TOP_S: Final = 14.0  # a top speed held for longer is a pace, not a sprint
HELD_TOP: Final = 0.85
LONGEST_SPRINT_S: Final = 60.0
EVENED_S: Final = 0.8  # mean of the speed over two strides
LEAST_CHANGE: Final = 0.045  # of effort (speed and contact time, log): in or out,
LEAST_EACH: Final = (0.035, 0.02)  # ... and of speed and contact time alone
SHORTEST_ZONE_S: Final = 1.2  # of an in or an out: 10 m
TURN_EVENED_S: Final = 1.2
STRICTER: Final = 1.6  # out of a sprint start few float: it takes more to believe it
FEWEST_STRIDES: Final = 8  # in the fast part, to look for ins and outs
STANDING_S: Final = 1.0  # since the last contact: the repetition began from standing
EARLY_S: Final = 0.5  # after the first landing a sprinter has half of the speed,
EARLY_SHARE: Final = 0.5  # ... or more; who builds up has less
EARLY_STEP_S: Final = 0.31  # sprinters step within 0.28 s at once, a run begins with 0.35 s,
EARLY_CONTACT_S: Final = 0.25  # ... and land for 0.16 to 0.2 s (Blauberger 2021), a run for 0.3 s
EARLY_STEPS: Final = 4
LANDING_S: Final = 0.3  # from the middle of a stride to the landing that ends it, at most
LONGEST_FALSE_M: Final = 8.0  # a sprint start given up before that is a false start,
LONGEST_FALSE_S: Final = 6.0  # ... with the steps to stop in
GIVEN_UP_SHARE: Final = 0.97  # of its top speed: there it was given up


@dataclass(frozen=True, slots=True)
class Fast:
    """A fast part of a bout: its kind, its contacts among those of the bout, and why.

    slowing : contacts after it in which the runner slows down
    """

    kind: FastKind
    contacts: slice
    slowing: int
    reason: str
    probability: float


def top_speed_mps(paces: Sequence[Pace | None]) -> float:
    """The highest speed of a session, evened over two strides; 0 when none is known."""
    tops = [float(np.nanmax(evened(p.at_s, p.speed_mps, EVENED_S))) for p in paces if p is not None]
    return max(tops, default=0.0)


def fast_parts(
    contacts: Contacts, pace: Pace, top_mps: float, standing_s: float
) -> tuple[Fast, ...]:
    """The fast parts of one bout in order; empty for even running.

    contacts : of the bout;  standing_s : since the contact before it
    """
    speed = evened(pace.at_s, pace.speed_mps, EVENED_S)
    least = max(FAST_SHARE * top_mps, SLOWEST_MPS)
    runs = true_runs(speed >= DIP_SHARE * top_mps)
    peaks = np.array([speed[a:b].max() for a, b in runs.tolist()])
    runs = runs[peaks >= least] if len(runs) else runs
    short = _short_start(contacts, pace, standing_s)
    if not len(runs) or (short and short[0].kind == "false start"):
        return short
    parts = []
    floor = 0
    for a, b in runs.tolist():
        begin = _build_up(speed, pace.at_s, floor, a)
        end = a + int(np.flatnonzero(speed[a:b] >= HELD_SHARE * speed[a:b].max())[-1]) + 1
        stop = _run_out(speed, pace.at_s, b)
        rested = standing_s if begin == 0 else 0.0
        parts.append(_judged(contacts, pace, speed, (begin, a, end, stop), rested))
        floor = stop
    return tuple(part for part in parts if part.kind != "run")


def _build_up(speed: Floats, at_s: Floats, floor: int, fast: int) -> int:
    """Where the way up to a fast part begins: the lowest speed of the 8 s before it."""
    low = max(floor, int(np.searchsorted(at_s, at_s[fast] - 8.0)))
    if low >= fast:
        return fast
    before = speed[low:fast]
    return low + int(np.flatnonzero(before <= before.min() + 0.1)[-1]) if low > 0 else 0


def _run_out(speed: Floats, at_s: Floats, stop: int) -> int:
    """Where the slowing down after a fast part is over: the lowest speed of the 10 s after it."""
    high = int(np.searchsorted(at_s, at_s[stop - 1] + 10.0))
    after = speed[stop:high]
    return stop + int(np.argmax(after <= after.min() + 0.2)) if len(after) else stop


def _judged(
    contacts: Contacts, pace: Pace, speed: Floats, at: tuple[int, int, int, int], standing_s: float
) -> Fast:
    begin, fast, end, stop = at
    inner = speed[fast:end]
    high = speed[begin:end] >= HELD_TOP * inner.max()
    held_s = float(np.ptp(pace.at_s[begin:end][high]))
    first = 0 if begin == 0 else int(pace.index[begin])
    last = int(np.searchsorted(contacts.ic_time_s, pace.at_s[end - 1] + LANDING_S))
    part, slowing = slice(first, last), max(0, int(pace.index[stop - 1]) + 1 - last)
    from_standing = sprint_probability(contacts, pace, first, float(inner.max()), standing_s)
    factor = STRICTER if from_standing > 0.5 else 1.0
    turns = turning_points(contacts, pace, fast, end, factor)
    lasted_s = float(pace.at_s[end - 1] - pace.at_s[begin])
    if len(turns) >= 3 and lasted_s < LONGEST_SPRINT_S:
        words = f"near the top the speed turns {len(turns)} times between rising and falling"
        return Fast("ins-outs", part, slowing, words, min(0.99, 0.6 + 0.1 * len(turns)))
    if held_s > LONGEST_TOP_S and not (from_standing > 0.5 and lasted_s < LONGEST_SPRINT_S):
        return Fast("run", part, slowing, f"a pace held for {held_s:.0f} s", 0.9)
    if from_standing > 0.5:
        words = f"quick short steps out of standing, {inner.max():.1f} m/s reached"
        return Fast("sprint", part, slowing, words, from_standing)
    way = float(pace.distance_m[fast] - pace.distance_m[begin])
    words = f"built up over {way:.0f} m to {inner.max():.1f} m/s"
    return Fast("fly", part, slowing, words, 1.0 - from_standing)


def sprint_probability(
    contacts: Contacts, pace: Pace, first: int, top_mps: float, standing_s: float
) -> float:
    """How likely a fast part began with a sprint start: short quick steps out of standing.

    A sprinter has the step rate at once and lands briefly from the first step on; who builds up
    speed begins as in any run.
    """
    if standing_s < STANDING_S:
        return 0.02
    begin_s = float(contacts.ic_time_s[first])
    early = float(np.interp(begin_s + EARLY_S, pace.at_s, pace.speed_mps)) / top_mps
    some = slice(first, first + EARLY_STEPS)
    step_s = middle_of(contacts.stride_time_s[some] / 2.0)[0]
    contact_s = middle_of(contacts.contact_time_s[some][: EARLY_STEPS // 2])[0]
    signs = (
        (early - EARLY_SHARE) / 0.05,
        (EARLY_STEP_S - step_s) / 0.015,
        (EARLY_CONTACT_S - contact_s) / 0.02,
    )
    score = float(np.clip(np.nan_to_num(signs), -3.0, 3.0).sum())
    return float(1.0 / (1.0 + np.exp(-score)))


def turning_points(
    contacts: Contacts, pace: Pace, low: int, high: int, stricter: float = 1.0
) -> list[int]:
    """Strides in ``[low, high)`` where the effort turns from rising to falling or back.

    Effort is the mean of log speed and of minus log contact time, and both must turn: an error
    in one of them is no change of pace.

    stricter : factor on the least changes
    """
    from scipy.signal import find_peaks

    contact_s = contacts.contact_time_s[pace.index[low:high]]
    at_s = pace.at_s[low:high]
    if len(at_s) < FEWEST_STRIDES or not np.isfinite(contact_s).any():
        return []
    speed = np.log(evened(at_s, pace.speed_mps[low:high], TURN_EVENED_S))
    short = -np.log(evened(at_s, contact_s, TURN_EVENED_S))
    short = np.where(np.isfinite(short), short, np.nanmedian(short))
    effort = 0.5 * (speed + short)
    apart = max(1.0, SHORTEST_ZONE_S * (len(at_s) - 1) / float(np.ptp(at_s)))
    least = stricter * LEAST_CHANGE
    ends = [effort.min() - 1.0]
    padded = np.concatenate((ends, effort, ends))
    tops = find_peaks(padded, prominence=least, distance=apart)[0] - 1
    dips = find_peaks(-effort, prominence=least, distance=apart)[0]
    turns = np.sort(np.concatenate((tops, dips)))
    return [int(at) for at in low + _agreed(turns, at_s, speed / stricter, short / stricter)]


def _agreed(turns: Ints, at_s: Floats, speed: Floats, short: Floats) -> Ints:
    """The longest row of turning points between which both numbers change, and the same way."""
    if len(turns) < 2:
        return turns
    faster, shorter = np.diff(speed[turns]), np.diff(short[turns])
    enough = (np.abs(faster) > LEAST_EACH[0]) & (np.abs(shorter) > LEAST_EACH[1])
    enough &= np.diff(at_s[turns]) > SHORTEST_ZONE_S
    both = enough & (np.sign(faster) == np.sign(shorter))
    rows = true_runs(both)
    if not len(rows):
        return turns[:1]
    first, last = rows[int(np.argmax(np.diff(rows, axis=1)))]
    return turns[first : last + 1]


def _short_start(contacts: Contacts, pace: Pace, standing_s: float) -> tuple[Fast, ...]:
    """A sprint start with the steps to stop in: given up at once, or a sprint of a few metres."""
    lasted_s = float(contacts.ic_time_s[-1] - contacts.ic_time_s[0])
    top = float(pace.speed_mps.max())
    peak = int(np.argmax(pace.speed_mps >= GIVEN_UP_SHARE * top))
    way = float(pace.distance_m[peak])
    began = sprint_probability(contacts, pace, 0, top, standing_s)
    if lasted_s > LONGEST_FALSE_S or began < 0.5:
        return ()
    if way <= LONGEST_FALSE_M:
        words = f"a sprint start given up after {way:.0f} m"
        return (Fast("false start", slice(0, len(contacts)), 0, words, began),)
    stop = int(np.searchsorted(contacts.ic_time_s, pace.at_s[peak] + LANDING_S))
    words = f"a sprint start, {way:.0f} m to {top:.1f} m/s"
    return (Fast("sprint", slice(0, stop), len(contacts) - stop, words, began),)
