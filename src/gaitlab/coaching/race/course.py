"""Where on the course a runner was: distance along a race from stride lengths, anchored or not."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.coaching.numbers.select import running_mask
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError, UsageError
from gaitlab.model.gait import Contacts
from gaitlab.model.recording import Mark, read_only
from gaitlab.model.units import Floats

LONGEST_PAUSE_S: Final = 3.0  # assumption: without a running contact for longer, the race is over
SMOOTHED_STEPS: Final = 5  # median filter over steps, as in the change-point literature's practice
OVER_BELOW: Final = 0.85  # assumption: of the pace; a fade is less than that
HELD_ABOVE: Final = 0.97  # assumption: of the pace; where the slowing down began
FINISH_STEPS: Final = 20  # steps whose median is a level
PACE_STEPS: Final = 60  # steps that look back for the highest level
ANCHOR_TOLERANCE: Final = 0.10  # assumption: a course length further off is not this run
UNANCHORED_SHARE: Final = 0.03  # assumption: standard uncertainty of an uncalibrated length
SLOWED: Final = "the runner slowed down for good"
RUN_ENDS: Final = "the run ends there"
CUT_FINISH: Final = "the recording ends there, the race may have gone on"
RACE_M: Final = 600.0  # assumption: shorter or slower runs of a session are no races
RACE_MPS: Final = 4.5
CUT_S: Final = 1.5  # a run that lasts until this close to the end may be cut by it
WORDS_START, WORDS_FINISH = ("start", "gun", "go"), ("finish", "end", "stop")


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A continuous run step by step, from its first contact to its finish.

    contacts : its valid running contacts, k of them
    distance_m : (k,) from the start, at each initial contact
    speed_mps, cadence_spm, step_length_m : (k,) smoothed by a running median
    start_s, finish_s : on the recording's time axis
    length_m : of the whole;  scale : measured lengths were multiplied by it
    anchored : True when the length is known and not only estimated from the strides
    finish_from : how the finish was found, in words
    """

    contacts: Contacts
    distance_m: Floats
    speed_mps: Floats
    cadence_spm: Floats
    step_length_m: Floats
    start_s: float
    finish_s: float
    length_m: float
    scale: float
    anchored: bool
    finish_from: str

    def __post_init__(self) -> None:
        for name in ("distance_m", "speed_mps", "cadence_spm", "step_length_m"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def cut(self) -> bool:
        """True when the recording ends within the run, so that the finish may lie beyond it."""
        return self.finish_from == CUT_FINISH

    def time_at_s(self, distance_m: Floats | float) -> Floats:
        """When the runner was at these distances; beyond the ends NaN."""
        known_m = np.append(self.distance_m, self.length_m)
        known_s = np.append(self.contacts.ic_time_s, self.finish_s)
        found = np.interp(distance_m, known_m, known_s, left=np.nan, right=np.nan)
        return np.asarray(found, dtype=np.float64)

    def between(self, start_m: float, stop_m: float) -> "Contacts":
        """The contacts in ``[start_m, stop_m)``."""
        return self.contacts.where((self.distance_m >= start_m) & (self.distance_m < stop_m))


def course_of(analysis: Analysis, length_m: float | None = None) -> Course:
    """The longest continuous run of a recording, with the distance at each of its contacts.

    Start and finish come from marks of that name; without them the start is the first running
    contact, and the finish is where the runner slows down for good.

    length_m : length of the course when it is known; measured lengths are scaled to it

    Raises
    ------
    AnalysisError : no run of at least 20 contacts with a known length
    UsageError : the course length is not the length of this run within 10 %
    """
    contacts = _longest_run(analysis.contacts.where(running_mask(analysis)))
    contacts = _from_start(contacts, analysis.recording.marks)
    speed = _smooth(_filled(contacts.speed_mps))
    contacts, finish_s, finish_from = _ended(contacts, speed, analysis.recording.marks)
    if finish_from in (RUN_ENDS, SLOWED) and finish_s > analysis.segments.stop_s.max() - CUT_S:
        finish_from = CUT_FINISH  # the last strides of a recording are cut: no slowing down
    speed, cadence = _smooth(_filled(contacts.speed_mps)), _smooth(_filled(contacts.cadence_spm))
    start_s = _marked(analysis.recording.marks, WORDS_START, contacts, first=True)
    start_s = float(contacts.ic_time_s[0]) if start_s is None else start_s
    ways = np.diff(contacts.ic_time_s, prepend=start_s) * _filled(contacts.speed_mps)
    distance = np.cumsum(ways)
    total = float(distance[-1] + (finish_s - contacts.ic_time_s[-1]) * speed[-1])
    step = speed * 60.0 / cadence
    raw = Course(
        contacts, distance, speed, cadence, step, start_s, finish_s, total, 1.0, False, finish_from
    )
    return raw if length_m is None else _anchored(raw, length_m)


def raced_part(analysis: Analysis) -> Analysis | None:
    """The analysis with the contacts of its fastest continuous run of 600 m or more alone.

    None where there is no such run, or where it is as slow as a warm-up: a design decision.
    """
    contacts = analysis.contacts.where(running_mask(analysis))
    times = contacts.ic_time_s
    edges = np.flatnonzero(np.diff(times, prepend=-np.inf, append=np.inf) > LONGEST_PAUSE_S)
    runs = [contacts.where(np.arange(low, high)) for low, high in pairwise(edges.tolist())]
    speeds = [
        float(np.median(known)) if len(known) >= FINISH_STEPS else 0.0
        for known in (run.speed_mps[np.isfinite(run.speed_mps)] for run in runs)
    ]
    long = [
        place
        for place, run in enumerate(runs)
        if speeds[place] >= RACE_MPS and np.ptp(run.ic_time_s) * speeds[place] >= RACE_M
    ]
    if not long:
        return None
    return replace(analysis, contacts=runs[max(long, key=speeds.__getitem__)])


def _anchored(course: Course, length_m: float) -> Course:
    scale = length_m / course.length_m
    if not abs(scale - 1.0) <= ANCHOR_TOLERANCE:
        raise UsageError(
            f"this run is not {length_m:g} m long",
            f"its strides add up to {course.length_m:.0f} m, {abs(1 / scale - 1):.0%} away"
            + (", and the recording ends within the run" if course.cut else ""),
            "give the true --distance, or mark start and finish in the recording",
        )
    return replace(
        course, distance_m=course.distance_m * scale, speed_mps=course.speed_mps * scale,
        step_length_m=course.step_length_m * scale, length_m=length_m, scale=scale, anchored=True,
    )  # fmt: skip


def _longest_run(contacts: Contacts) -> Contacts:
    times = contacts.ic_time_s
    edges = np.flatnonzero(np.diff(times, prepend=-np.inf, append=np.inf) > LONGEST_PAUSE_S)
    sizes = np.diff(edges)
    longest = int(np.argmax(sizes)) if len(sizes) else 0
    chosen = np.zeros(len(times), dtype=bool)
    if len(sizes):
        chosen[edges[longest] : edges[longest + 1]] = True
    found = contacts.where(chosen)
    if np.isfinite(found.speed_mps).sum() < FINISH_STEPS:
        raise AnalysisError(
            "no race in this recording",
            f"the longest continuous run has {len(found.ic_time_s)} contacts, "
            f"{int(np.isfinite(found.speed_mps).sum())} of them with a speed; 20 are needed",
            "`gaitlab analyze` shows what was found, and why lengths are missing",
        )
    return found


def _from_start(contacts: Contacts, marks: tuple[Mark, ...]) -> Contacts:
    """The contacts from the mark of the start on; all without one."""
    start_s = _marked(marks, WORDS_START, contacts, first=True)
    finish_s = _marked(marks, WORDS_FINISH, contacts, first=False)
    if start_s is None:
        return contacts
    if finish_s is not None and finish_s <= start_s:
        raise UsageError(
            "the mark of the finish lies before that of the start",
            f"start at {start_s:.1f} s, finish at {finish_s:.1f} s of the recording",
            "put the marks right in the file beside the recording",
        )
    kept = contacts.ic_time_s >= start_s
    if np.isfinite(contacts.speed_mps[kept]).sum() < FINISH_STEPS:
        raise UsageError(
            "hardly any running lies behind the mark of the start",
            f"{int(kept.sum())} contacts; {FINISH_STEPS} with a speed are needed",
            "put the mark right in the file beside the recording",
        )
    return contacts.where(kept)


def _ended(
    contacts: Contacts, speed_mps: Floats, marks: tuple[Mark, ...]
) -> tuple[Contacts, float, str]:
    """The contacts up to the finish, its time, and how it was found."""
    marked_s = _marked(marks, WORDS_FINISH, contacts, first=False)
    if marked_s is not None:
        return contacts.where(contacts.ic_time_s < marked_s), marked_s, "a mark"
    last = _last_held(speed_mps)
    kept = np.arange(len(speed_mps)) <= last
    finish_s = float(contacts.ic_time_s[last] + np.nan_to_num(contacts.step_time_s[last]))
    slowed = last < len(speed_mps) - 1
    return contacts.where(kept), finish_s, SLOWED if slowed else RUN_ENDS


def _last_held(speed_mps: Floats) -> int:
    """The last step before the runner slows down for good; the very last when that never happens.

    The pace is the highest median of 20 steps within the last 60: below 85 % of it the race is
    over, and it was over when the speed last was 97 % of it.
    """
    padded = np.concatenate((np.full(FINISH_STEPS - 1, speed_mps[0]), speed_mps))
    level = np.median(np.lib.stride_tricks.sliding_window_view(padded, FINISH_STEPS), axis=1)
    padded = np.concatenate((np.full(PACE_STEPS - 1, level[0]), level))
    pace = np.lib.stride_tricks.sliding_window_view(padded, PACE_STEPS).max(axis=1)
    running = np.flatnonzero(speed_mps >= OVER_BELOW * pace)
    if not len(running) or running[-1] == len(speed_mps) - 1:
        return len(speed_mps) - 1
    held = np.flatnonzero(speed_mps[: running[-1] + 1] >= HELD_ABOVE * pace[: running[-1] + 1])
    return int(held[-1]) if len(held) else int(running[-1])


def _marked(
    marks: tuple[Mark, ...], words: tuple[str, ...], contacts: Contacts, *, first: bool
) -> float | None:
    """The time of the mark with one of ``words`` that lies within the run (or 3 s beside it)."""
    low, high = contacts.ic_time_s[0] - LONGEST_PAUSE_S, contacts.ic_time_s[-1] + LONGEST_PAUSE_S
    times = [
        mark.time_s
        for mark in marks
        if mark.label.strip().lower() in words and low <= mark.time_s <= high
    ]
    if not times:
        return None
    return min(times) if first else max(times)


def _filled(values: Floats) -> Floats:
    """``values`` (n,) with the holes bridged: a series over steps, not a measurement."""
    known = np.isfinite(values)
    where = np.arange(len(values))
    return np.interp(where, where[known], values[known])


def _smooth(values: Floats) -> Floats:
    """Running median over five steps; the ends see fewer."""
    half = SMOOTHED_STEPS // 2
    padded = np.pad(values, half, mode="reflect") if len(values) > half else values
    windows = np.lib.stride_tricks.sliding_window_view(padded, SMOOTHED_STEPS)
    return np.asarray(np.median(windows, axis=1))
