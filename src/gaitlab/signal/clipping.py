"""Clipping: samples at which a sensor could not follow, per axis and sign."""

import numpy as np

from gaitlab.model.recording import FootStream
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools, Floats

AT_RANGE = 0.98  # of the full scale: gain and bias move the stop a little
BEYOND_RANGE = 1.05  # readings beyond it show that the declared range is wrong
PLATEAU_SAMPLES = 3  # at exactly the extreme value, two of them in a row
SAME_VALUE = 1e-6  # relative; 32-bit floats of one count differ less
ACC_PLATEAU_FROM_MPS2 = 3 * STANDARD_GRAVITY_MPS2  # no accelerometer stops below 2 g; 3 g is rare
GYR_PLATEAU_FROM_RADPS = 200 * RAD_PER_DEG


def clipped_samples(stream: FootStream) -> tuple[Bools, Bools]:
    """(n,) masks of the samples with a clipped accelerometer and gyroscope axis."""
    acc = clipped(stream.acc_mps2, stream.acc_range_mps2, ACC_PLATEAU_FROM_MPS2)
    gyr = clipped(stream.gyr_radps, stream.gyr_range_radps, GYR_PLATEAU_FROM_RADPS)
    return acc, gyr


def clipped(values: Floats, full_scale: float | None, plateau_from: float) -> Bools:
    """(n,) True where an axis of ``values`` (n, 3) is at the end of its range.

    With a known ``full_scale``: at or beyond 98 % of it. Without one, or when readings
    beyond it prove it wrong: per axis and sign, the samples at the extreme value, if that
    value is beyond ``plateau_from`` and is reached exactly by three samples or more, two of
    them in a row. A natural peak is reached once.

    >>> walk = np.zeros((9, 3))
    >>> walk[3:6, 2] = 78.4
    >>> np.flatnonzero(clipped(walk, None, 30.0)).tolist()
    [3, 4, 5]
    """
    mask = np.zeros(len(values), bool)
    if not len(values):
        return mask
    axes = [np.ascontiguousarray(values[:, axis]) for axis in range(values.shape[1])]
    highest = [float(np.fmax.reduce(axis)) for axis in axes]
    lowest = [float(np.fmin.reduce(axis)) for axis in axes]
    largest = np.fmax.reduce(np.abs([*highest, *lowest]))
    known = full_scale is not None and not largest > BEYOND_RANGE * full_scale
    for axis, high, low in zip(axes, highest, lowest, strict=True):
        if known and full_scale is not None:
            stop = AT_RANGE * full_scale
            if high >= stop or -low >= stop:
                mask |= np.abs(axis) >= stop
            continue
        if high > plateau_from:
            mask |= _plateau(axis >= high * (1 - SAME_VALUE))
        if -low > plateau_from:
            mask |= _plateau(axis <= low * (1 - SAME_VALUE))
    return mask


def _plateau(at: Bools) -> Bools:
    """The mask if it is a plateau, else nothing of it."""
    is_plateau = np.count_nonzero(at) >= PLATEAU_SAMPLES and bool((at[1:] & at[:-1]).any())
    return at if is_plateau else np.zeros_like(at)
