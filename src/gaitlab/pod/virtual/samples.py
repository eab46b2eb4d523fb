"""What a virtual pod feels: a stored foot, sampled by its own clock and cut to whole counts."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.model.recording import FootStream
from gaitlab.model.units import DEG_PER_RAD, STANDARD_GRAVITY_MPS2, Floats, Ints

COUNT_MIN, COUNT_MAX = -32768, 32767
DEFAULT_RATE_HZ: Final = 200.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Size of one count."""

    acc_lsb_g: float = 1.0 / 2048.0
    gyr_lsb_dps: float = 1.0 / 16.4


def counts_at(foot: FootStream, times_s: Floats, scale: Scale) -> Ints:
    """What the sensor of ``foot`` reads at ``times_s``, as (n, 6) whole counts of 16 bits.

    Between two samples a cubic goes through the four nearest (Catmull and Rom 1974); at a sample
    it is that sample. Before the first and after the last one the foot rests where it was; lost
    samples are bridged, since a pod cannot feel nothing.
    """
    values = np.column_stack((foot.acc_mps2, foot.gyr_radps)).astype(float)
    for channel in values.T:
        _bridge(channel)
    place = np.interp(times_s, foot.time_s, np.arange(foot.n_samples))
    felt = _cubic(values, place)
    unit = np.repeat((STANDARD_GRAVITY_MPS2 * scale.acc_lsb_g, scale.gyr_lsb_dps / DEG_PER_RAD), 3)
    return np.asarray(np.clip(np.rint(felt / unit), COUNT_MIN, COUNT_MAX), np.int64)


def _bridge(channel: Floats) -> None:
    """Straight lines over NaN, in place; all zero where nothing is known."""
    known = np.isfinite(channel)
    if not known.all():
        at = np.arange(len(channel))
        channel[:] = np.interp(at, at[known], channel[known]) if known.any() else 0.0


def _cubic(values: Floats, place: Floats) -> Floats:
    """The (n, c) ``values`` at fractional rows ``place`` (m,), as (m, c)."""
    last = len(values) - 1
    row = np.minimum(np.floor(place).astype(np.int64), last)
    f = (place - row)[:, None]
    before, here, then, after = (values[np.clip(row + k, 0, last)] for k in (-1, 0, 1, 2))
    slope, bend = then - before, 2 * before - 5 * here + 4 * then - after
    twist = 3 * (here - then) + after - before
    return np.asarray(here + 0.5 * f * (slope + f * (bend + f * twist)))
