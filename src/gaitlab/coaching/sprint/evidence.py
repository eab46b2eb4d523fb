"""From the contacts of a sprint, marks, gates and a course length to what the fit is told."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.coaching.race.course import WORDS_FINISH, WORDS_START
from gaitlab.coaching.sprint.checks import before_loss_of_trace
from gaitlab.coaching.sprint.path import AFTER_END_S, Evidence
from gaitlab.coaching.sprint.start import first_movement_s, start_of
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import LEFT, Contacts, Flag
from gaitlab.model.recording import Mark
from gaitlab.model.units import Floats, Ints

UNDER_BODY: Final = 0.5  # of the contact: about when the body passes over the foot; assumption
UNTIMED_CONTACT_S: Final = 0.15
STRIDE_SD_M: Final = (0.03, 0.10)  # limits of what is believed of a length's own uncertainty
STRIDE_SD_SHARE: Final = 0.01
FIRST_STEPS_SD_M, FIRST_STEPS_S = 0.04, 0.5  # the body starts behind, then leans over the feet
SCALE_SD, CLIPPED_SCALE_SD, CALIBRATED_SD = 0.010, 0.009, 0.006  # shared by all lengths
DRIFT_MEAN, DRIFT_SD = -0.015, 0.012  # of a length at top speed against the first steps
FEET_SD: Final = 0.006  # each foot against the mean of both
ONE_FOOT_SCALE_SD: Final = 0.010  # two pods share half of their own errors
GATE_SD_S, MARK_SD_S = 0.02, 0.02  # assumption: arm or leg in the beam; the mark's own time
CLOCK_START_SD_S: Final = 0.05  # a clock of gates against the first movement
ZERO_SD_S: Final = 0.08  # assumption: a mark at the start against the first movement of the body
GUN_SD_S: Final = 0.4  # a gun against it: the reaction lies between
WORDS_GUN: Final = ("gun", "go")
START_MARK_S: Final = (2.0, 0.5)  # such a mark lies this long before the first landing, or after
COURSE_SD_S: Final = 0.04  # assumption: how exactly runners stop running at the line
SLOWED, HELD = 0.90, 0.965  # of the top speed: slowing down; still held
LEVEL_STEPS: Final = 5
BESIDE_S: Final = 1.0  # a mark this close to the sprint belongs to it


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the user knows: course length, and (distance m, time s) of gates on their own clock."""

    course_m: float | None = None
    gates: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """The evidence, and where it comes from.

    moved_s : first movement of a foot, NaN unseen;  finish_s : of a mark, NaN without
    marked : marks with a distance that were used
    stride : (k,) index of the contact that begins each stride of the evidence
    """

    evidence: Evidence
    moved_s: float
    finish_s: float
    marked: int
    stride: Ints


def gather(analysis: Analysis, contacts: Contacts, anchors: Anchors) -> Gathered:
    """What is known about the sprint that these contacts (slowing down included) belong to."""
    at_s, index, after = _strides(contacts)
    from_s, to_s = at_s[index], at_s[after]
    length_m = contacts.stride_length_m[index]
    slow_s = _slow_from(0.5 * (from_s + to_s), length_m / (to_s - from_s))
    zero = _zero(analysis.recording.marks, contacts)
    finish_s, marks = _marks(analysis.recording.marks, contacts)
    if np.isfinite(finish_s) and anchors.course_m is not None:
        marks = [*marks, (finish_s, anchors.course_m)]
    end_s = min(slow_s + AFTER_END_S if np.isfinite(slow_s) else np.inf, to_s.max() + 1.0)
    inside = to_s <= end_s
    index, from_s, to_s, length_m = index[inside], from_s[inside], to_s[inside], length_m[inside]
    moved_s = first_movement_s(analysis.signals, float(contacts.ic_time_s[0]))
    start_s, start_sd_s = start_of(analysis.signals, contacts, moved_s)
    by_marks = any(distance == anchors.course_m for _, distance in marks)
    by_gates = any(distance == anchors.course_m for distance, _ in anchors.gates)
    course_m = np.nan if by_marks or by_gates or anchors.course_m is None else anchors.course_m
    evidence = Evidence(
        from_s=from_s, to_s=to_s, length_m=length_m,
        length_sd_m=_length_sd(contacts, index, from_s - start_s),
        side=np.where(contacts.foot[index] == LEFT, 1.0, -1.0),
        scale_sd=_scale_sd(analysis, contacts, index),
        drift_mean=DRIFT_MEAN, drift_sd=DRIFT_SD,
        feet_sd=FEET_SD if len(np.unique(contacts.foot[index])) > 1 else 0.0,
        start_s=start_s, start_sd_s=start_sd_s,
        anchor_s=np.array([time for time, _ in marks]), anchor_m=np.array([m for _, m in marks]),
        anchor_sd_s=np.full(len(marks), MARK_SD_S),
        clock_s=np.array([time for _, time in anchors.gates]),
        clock_m=np.array([m for m, _ in anchors.gates]),
        clock_sd_s=np.full(len(anchors.gates), GATE_SD_S),
        clock_start_sd_s=_clock_start_sd_s(zero),
        zero_s=float("nan") if zero is None else zero.time_s, zero_sd_s=MARK_SD_S,
        course_m=float(course_m), course_sd_s=COURSE_SD_S, slow_s=slow_s,
        valid_s=_valid_until(from_s, to_s, length_m, slow_s),
    )  # fmt: skip
    return Gathered(evidence, moved_s, finish_s, len(marks), index)


def _strides(contacts: Contacts) -> tuple[Floats, Ints, Ints]:
    """When the body passes over each contact (n,); first and last contact of measured strides."""
    contact_s = np.where(
        np.isfinite(contacts.contact_time_s), contacts.contact_time_s, UNTIMED_CONTACT_S
    )
    at_s = contacts.ic_time_s + UNDER_BODY * contact_s
    after = np.full(len(contacts), -1)
    for code in np.unique(contacts.foot):  # two feet at most
        mine = np.flatnonzero(contacts.foot == code)
        after[mine[:-1]] = mine[1:]
    good = (after >= 0) & np.isfinite(contacts.stride_length_m)
    good &= np.isfinite(contacts.stride_time_s)
    index = np.flatnonzero(good)
    return at_s, index, after[index]


def level_of(speed_mps: Floats, steps: int = LEVEL_STEPS) -> Floats:
    """Running median of a series of steps (n,); the ends see their neighbours twice."""
    half = min(steps, len(speed_mps)) // 2
    padded = np.pad(speed_mps, half, mode="reflect") if half else speed_mps
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return np.asarray(np.median(windows, axis=1))


def _slow_from(at_s: Floats, speed_mps: Floats) -> float:
    """About when the runner begins to slow down for good; NaN when that is not seen."""
    level = level_of(speed_mps)
    top = int(np.argmax(level))
    low = np.flatnonzero(level[top:] < SLOWED * level[top])
    if not len(low):
        return float("nan")
    held = np.flatnonzero(level[: top + low[0]] >= HELD * level[top])
    return float(at_s[held[-1]])


def _valid_until(from_s: Floats, to_s: Floats, length_m: Floats, slow_s: float) -> float:
    """The first lasting loss of speed before the slowing down."""
    middle = 0.5 * (from_s + to_s)
    limit = slow_s if np.isfinite(slow_s) else np.inf
    inside = middle <= limit
    if not inside.any():
        return float(limit)
    level = level_of((length_m / (to_s - from_s))[inside], LEVEL_STEPS + 2)
    keep = before_loss_of_trace(middle[inside], level)
    return float(limit) if keep.all() else float(middle[inside][keep][-1])


def _length_sd(contacts: Contacts, index: Ints, since_s: Floats) -> Floats:
    own = np.clip(contacts.stride_length_sd_m[index], *STRIDE_SD_M)
    own = np.where(np.isfinite(own), own, STRIDE_SD_M[1])
    early = FIRST_STEPS_SD_M * np.exp(-np.maximum(since_s, 0.0) / FIRST_STEPS_S)
    share = STRIDE_SD_SHARE * contacts.stride_length_m[index]
    return np.asarray(np.sqrt(own**2 + early**2 + share**2))


def _scale_sd(analysis: Analysis, contacts: Contacts, index: Ints) -> float:
    if analysis.parameters.get("length_scale", 1.0) != 1.0:
        return CALIBRATED_SD
    clipped = (contacts.flags[index] & Flag.CLIPPED) != 0
    alone = ONE_FOOT_SCALE_SD if len(np.unique(contacts.foot[index])) == 1 else 0.0
    return float(np.sqrt(SCALE_SD**2 + (CLIPPED_SCALE_SD * clipped.mean()) ** 2 + alone**2))


def _zero(marks: tuple[Mark, ...], contacts: Contacts) -> Mark | None:
    """The mark at which the clock of this sprint starts: named so, or at 0 m."""
    landing_s = float(contacts.ic_time_s[0])
    low, high = landing_s - START_MARK_S[0], landing_s + START_MARK_S[1]
    found = [
        mark
        for mark in marks
        if low <= mark.time_s <= high
        and (mark.distance_m == 0.0 or mark.label.strip().lower() in WORDS_START)
    ]
    return found[-1] if found else None


def _clock_start_sd_s(zero: Mark | None) -> float:
    if zero is None:
        return CLOCK_START_SD_S
    return GUN_SD_S if zero.label.strip().lower() in WORDS_GUN else ZERO_SD_S


def _marks(marks: tuple[Mark, ...], contacts: Contacts) -> tuple[float, list[tuple[float, float]]]:
    """The finish (NaN without a mark) and the gates (time, distance) of this sprint."""
    first_s, last_s = float(contacts.ic_time_s[0]) - 0.2, float(contacts.ic_time_s[-1]) + BESIDE_S
    inside = [mark for mark in marks if first_s <= mark.time_s <= last_s]
    finish = [m.time_s for m in inside if m.label.strip().lower() in WORDS_FINISH]
    gates = [(m.time_s, m.distance_m) for m in inside if m.distance_m]
    return (max(finish) if finish else float("nan")), gates
