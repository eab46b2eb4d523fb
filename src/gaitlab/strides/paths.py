"""Where the pod travels in a stride, sample by sample: for pictures, not for numbers.

The same pivot model as ``strides.trajectory``, for a few hundred strides that are kept whole:
velocity is known at both mid-stances, so every stride levels itself.
"""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats, Ints
from gaitlab.signal.filters import bridge_short
from gaitlab.signal.intervals import any_within
from gaitlab.signal.orientation import carried, rotated, unit_vectors, window_samples
from gaitlab.strides.trajectory import (
    BRIDGE_S,
    LARGEST_LEVEL_ERROR,
    LONGEST_STRIDE_S,
    mid_stances,
)

POINTS = 101  # of each path, evenly spread over the time of its stride


@dataclass(frozen=True, slots=True, eq=False)
class FootPaths:
    """Strides of one foot from mid-stance to mid-stance, s of them, at 101 instants each.

    stride : (s,) the contact at which each stride begins
    forward_m, height_m : (s, 101) path of the pod from its place at mid-stance
    pitch_rad : (s, 101) pitch of the foot against the level, toes up positive
    toe_off, landing : (s,) when they happen, share of the time of the stride
    clipped, holed : strides left out because the sensor was at its range, or data are missing
    """

    stride: Ints
    forward_m: Floats
    height_m: Floats
    pitch_rad: Floats
    toe_off: Floats
    landing: Floats
    clipped: int
    holed: int


def foot_paths(
    signal: FootSignal, ic_s: Floats, tc_s: Floats, follows: Bools, arm_m: Floats
) -> FootPaths:
    """Paths of the strides that begin at the contacts marked in ``follows``.

    ic_s, tc_s : (k,) s from the first sample, sorted; every contact of the foot
    follows : (k,) the next contact of this foot is the next element, and its path is wanted
    arm_m : (3,) from the pivot to the pod in the foot frame

    Strides with clipped samples or holes are left out: their path would be a guess. No stride
    gives arrays of length 0. Source: as ``strides.trajectory.trajectories``.
    """
    if not len(ic_s) or not signal.has_gyroscope:
        return _no_paths(0, 0)
    rate = signal.rate_hz
    acc = bridge_short(signal.acc_mps2, round(BRIDGE_S * rate))
    gyr = bridge_short(signal.gyr_radps, round(BRIDGE_S * rate))
    stance = mid_stances(gyr, rate, ic_s, tc_s)
    starts, stops = stance, np.append(stance[1:], stance[-1:]) + 1
    wanted = follows & (stops - starts > 3) & (stops - starts < LONGEST_STRIDE_S * rate)
    wanted[-1:] = False
    holed = wanted & any_within(np.isnan(gyr[:, 0]) | np.isnan(acc[:, 0]), starts, stops)
    clipped = wanted & any_within(signal.acc_clipped | signal.gyr_clipped, starts, stops)
    chosen = np.flatnonzero(wanted & ~holed & ~clipped)
    if not len(chosen):
        return _no_paths(int(clipped.sum()), int(holed.sum()))
    starts, stops = starts[chosen], stops[chosen]
    forward, height, pitch, good = _integrated(acc, gyr, rate, arm_m, starts, stops)
    span = (stops - starts - 1).astype(np.float64)
    toe_off = (tc_s[chosen] * rate - starts) / span
    landing = (ic_s[chosen + 1] * rate - starts) / span
    return FootPaths(
        chosen[good], forward[good], height[good], pitch[good], toe_off[good], landing[good],
        int(clipped.sum()), int(holed.sum()),
    )  # fmt: skip


def _no_paths(clipped: int, holed: int) -> FootPaths:
    none, empty = np.empty((0, POINTS)), np.empty(0)
    return FootPaths(np.empty(0, np.int64), none, none, none, empty, empty, clipped, holed)


def _integrated(
    acc: Floats, gyr: Floats, rate: float, arm: Floats, starts: Ints, stops: Ints
) -> tuple[Floats, Floats, Floats, Bools]:
    """Forward, height, pitch (s, 101) of strides ``[start, stop)``, and which of them hold."""
    sample, inside = window_samples(starts, stops, len(gyr))
    count, longest = sample.shape
    flat = np.where(inside, sample, (stops - 1)[:, None]).ravel()
    moved = carried(acc[flat], gyr[flat], rate)
    force = moved.force_mps2.T.reshape(count, longest, 3)
    first = np.arange(count) * longest
    last = first + stops - starts - 1
    turn = moved.attitude(np.arange(count * longest))
    gained = 0.5 / rate * (force[:, 1:] + force[:, :-1]) * inside[:, 1:, None]
    start_mps = rotated(turn[:, first], np.cross(gyr[starts], arm))
    stop_mps = rotated(turn[:, last], np.cross(gyr[stops - 1], arm))
    time_s = ((stops - starts - 1) / rate)[:, None]
    gravity = (gained.sum(axis=1) - (stop_mps - start_mps)) / time_s
    up = unit_vectors(gravity)
    velocity = start_mps[:, None] + _running(gained)
    velocity -= gravity[:, None] * (np.arange(longest) / rate)[:, None]
    place = _running(0.5 / rate * (velocity[:, 1:] + velocity[:, :-1]) * inside[:, 1:, None])
    toes = rotated(turn, np.broadcast_to([1.0, 0.0, 0.0], (count * longest, 3)))
    pitch = np.arcsin(np.clip(_along(toes.reshape(count, longest, 3), up), -1.0, 1.0))
    height = _along(place, up)
    level = place - height[:, :, None] * up[:, None]
    forward = _along(level, unit_vectors(level[:, -1]))
    size = stops - starts
    height = _resampled(height, size)
    height = height - height[:, -1:] * np.linspace(0.0, 1.0, POINTS)  # both ends on the ground
    error = np.abs(np.linalg.norm(gravity, axis=1) / STANDARD_GRAVITY_MPS2 - 1.0)
    good = error < LARGEST_LEVEL_ERROR
    return _resampled(forward, size), height, _resampled(pitch, size), good


def _running(steps: Floats) -> Floats:
    """(s, m + 1, 3) running sum of steps (s, m, 3), from zero on."""
    total = np.zeros((steps.shape[0], steps.shape[1] + 1, 3))
    np.cumsum(steps, axis=1, out=total[:, 1:])
    return total


def _along(vectors: Floats, axes: Floats) -> Floats:
    """(s, m) component of vectors (s, m, 3) along one axis (3,) of each row."""
    return np.asarray(np.einsum("smi,si->sm", vectors, axes))


def _resampled(values: Floats, size: Ints) -> Floats:
    """(s, 101) rows of ``values`` (s, m) whose first ``size`` (s,) samples are the stride."""
    at = np.linspace(0.0, 1.0, POINTS) * (size - 1)[:, None]
    low = np.minimum(np.floor(at).astype(np.int64), (size - 2)[:, None])
    before = np.take_along_axis(values, low, axis=1)
    after = np.take_along_axis(values, low + 1, axis=1)
    return np.asarray(before + (at - low) * (after - before))
