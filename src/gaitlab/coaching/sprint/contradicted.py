"""What the user says of gates, marks and the course against what the strides say of it.

What no sprint could bend to is refused; what a sprint bends to, but further than its pods are
usually wrong, is told.
"""

from typing import Final

import numpy as np

from gaitlab.coaching.sprint.evidence import GATE_SD_S, Anchors
from gaitlab.coaching.sprint.path import CLOCK, SCALE, SLOW, Path
from gaitlab.model.errors import AnalysisError, UsageError
from gaitlab.model.units import Floats

COURSE_TOLERANCE: Final = 0.12  # assumption: a course length further off is not this sprint
GATE_OFF_S, SCALE_OFF = 0.2, 0.08  # assumption: gates that ask for more belong to another sprint
SLOW_OFF_S: Final = 1.5  # assumption: a course that ends so much earlier is not where it ended
SLOW_SD_S: Final = 0.3  # a slowing down as seen against the line, in simulated sprints of 60 m
DOUBTFUL: Final = 3.0  # spreads, of all that is bent together
WORTH_TELLING: Final = 1.5  # spreads, of one of them


def refuse_anchors(path: Path) -> None:
    """Raise for gates (UsageError) or marks (AnalysisError) that the strides contradict."""
    known_m, apart_s = _missed(path)
    if not len(known_m):
        return
    moved_s = abs(_clock_moved_s(path))
    scale = float(path.values[SCALE])
    if max(apart_s.max(), moved_s) < GATE_OFF_S and abs(scale) < SCALE_OFF:
        return
    worst = int(np.argmax(apart_s))
    options = len(path.evidence.clock_s) > 0
    raise (UsageError if options else AnalysisError)(
        "the given times and distances are not those of this sprint",
        f"with them the strides would be {100 * abs(scale):.0f} % too {_long(scale)}, "
        f"the start {moved_s:.2f} s off, and {known_m[worst]:g} m missed by {apart_s[worst]:.2f} s",
        "check --gate and the marks, and with several sprints --rep",
    )


def refuse_course(anchors: Anchors, measured_m: float, path: Path, end_m: float) -> None:
    """UsageError for a course length that is not that of this sprint."""
    course_m, slows = anchors.course_m, path.evidence.slows
    if course_m is None:
        return
    unseen = not slows and end_m < course_m
    if unseen and measured_m < (1.0 - COURSE_TOLERANCE) * course_m:
        return  # cut by the end of the recording: said in a note
    off = measured_m / course_m - 1.0
    early_s = -_slow_moved_s(path)
    if abs(off) <= COURSE_TOLERANCE and early_s <= SLOW_OFF_S:
        return
    why = f"its strides add up to {measured_m:.0f} m, {100 * abs(off):.0f} % away"
    if early_s > SLOW_OFF_S:
        why = f"the runner slows down {early_s:.1f} s later than a course of that length ends"
    raise UsageError(
        f"this sprint is not {course_m:g} m long", why,
        "give the true --distance, a --gate, or mark the finish in the recording",
    )  # fmt: skip


def doubts_of(path: Path) -> tuple[str, ...]:
    """A note where distances and strides agree less well than pods are usually wrong."""
    evidence = path.evidence
    known_m, apart_s = _missed(path)
    scale, clock_s, slow_s = float(path.values[SCALE]), _clock_moved_s(path), _slow_moved_s(path)
    missed_s = float(apart_s.max(initial=0.0))
    spreads = np.abs(
        (scale / evidence.scale_sd, missed_s / GATE_SD_S, clock_s / evidence.clock_start_sd_s,
         slow_s / SLOW_SD_S)
    )  # fmt: skip
    if np.hypot.reduce(spreads) <= DOUBTFUL:
        return ()
    worst_m = known_m[np.argmax(apart_s)] if len(known_m) else np.nan
    parts = (
        f"the strides would be measured {100 * abs(scale):.0f} % too {_long(scale)}",
        f"{worst_m:g} m is missed by {missed_s:.2f} s",
        f"the clock would start {abs(clock_s):.2f} s {'after' if clock_s > 0 else 'before'} the "
        "body sets off",
        f"the slowing down would begin {abs(slow_s):.1f} s {'later' if slow_s > 0 else 'earlier'} "
        "than it is seen",
    )
    told = [words for words, far in zip(parts, spreads, strict=True) if far > WORTH_TELLING]
    return (
        f"the given distances do not fit this sprint well: with them {_listed(told)}; when "
        "one of them is wrong, all numbers are: check --distance, --gate and the marks",
    )


def _listed(words: list[str]) -> str:
    """
    >>> _listed(["a"]), _listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])


def _missed(path: Path) -> tuple[Floats, Floats]:
    """Known distances (n,) and by how much time the way misses each, s."""
    evidence = path.evidence
    known_s = np.concatenate((path.clock_start_s + evidence.clock_s, evidence.anchor_s))
    known_m = np.concatenate((evidence.clock_m, evidence.anchor_m))
    return known_m, np.abs(path.time_at(known_m)[0] + path.clock_start_s - known_s)


def _clock_moved_s(path: Path) -> float:
    """From the first movement to the start of the gates' clock; 0 where a mark says when."""
    return 0.0 if np.isfinite(path.evidence.zero_s) else float(path.values[CLOCK])


def _slow_moved_s(path: Path) -> float:
    """From the slowing down as seen to that at the end of the course; 0 without a course."""
    evidence = path.evidence
    bound = evidence.slows and np.isfinite(evidence.course_m)
    return float(path.values[SLOW]) - evidence.slow_s if bound else 0.0


def _long(scale: float) -> str:
    return "long" if scale > 0 else "short"
