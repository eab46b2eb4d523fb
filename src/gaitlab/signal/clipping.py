"""Clipping: samples at which a sensor could not follow, per axis and sign."""

import numpy as np

from gaitlab.model.recording import FootStream
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools, Floats

AT_RANGE = 0.98  # of the full scale: gain and bias move the stop a little
BEYOND_RANGE = 1.05  # readings beyond it show that the declared range is wrong
PLATEAU_SAMPLES = 3  # at exactly the extreme value, two of them in a row
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
    if not len(values):
        return np.zeros(0, bool)
    size = np.abs(values)
    largest = np.fmax.reduce(size, axis=None)
    if full_scale is not None and not largest > BEYOND_RANGE * full_scale:
        return np.asarray((size >= AT_RANGE * full_scale).any(axis=1))
    mask = np.zeros(len(values), bool)
    for signed in (values, -values):
        extreme = np.fmax.reduce(signed, axis=0)
        at = signed >= np.where(extreme > plateau_from, extreme * (1 - 1e-6), np.inf)
        in_a_row = (at[1:] & at[:-1]).any(axis=0)
        mask |= (at & in_a_row & (at.sum(axis=0) >= PLATEAU_SAMPLES)).any(axis=1)
    return mask
