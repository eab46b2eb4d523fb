"""Zero-phase smoothing that leaves missing samples missing.

With NumPy alone: SciPy's filters are no faster here, and loading them takes as long as the
analysis of a quarter of an hour. The tests hold both against each other.
"""

from math import log, pi, sqrt
from typing import Literal

import numpy as np

from gaitlab.model.units import Bools, Floats, Ints

FAST_WEIGHTS = 11  # up to which np.convolve has a loop of its own
SIDE, ROWS = 32, 64  # sums of a product, products at once: measured optimum


def lowpass(values: Floats, rate_hz: float, cutoff_hz: float) -> Floats:
    """Gaussian low-pass, zero phase, half power at ``cutoff_hz``.

    A Gaussian has no overshoot, so a burst never rings into its neighbourhood. Missing (NaN)
    samples do not spread: each output is the weighted mean of the samples that are there,
    and NaN only where the sample itself is missing.

    values : (n,).  Empty input comes back empty.
    """
    if not len(values):
        return values.copy()
    weights = _gaussian(_sigma(rate_hz, cutoff_hz))
    missing = np.isnan(values)
    if not missing.any():
        return _weighted(values, weights, "edge")
    there = _weighted((~missing).astype(float), weights, "symmetric")
    total = _weighted(np.where(missing, 0.0, values), weights, "symmetric")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(missing, np.nan, total / there)


def lowpass_within(
    values: Floats, opens: Ints, width: int, rate_hz: float, cutoff_hz: float
) -> Floats:
    """:func:`lowpass` of ``values`` (n,) in windows of ``width`` samples from ``opens`` (k,) on.

    (k, width), at the cost of what the windows hold. Beyond its ends the signal stays as it ends.
    """
    reach = _reach(_sigma(rate_hz, cutoff_hz))
    sample = opens[:, None] + np.arange(-reach, width + reach)
    wide = values.take(sample, mode="clip")
    return lowpass(wide.ravel(), rate_hz, cutoff_hz).reshape(wide.shape)[:, reach : reach + width]


def _sigma(rate_hz: float, cutoff_hz: float) -> float:
    """In samples, of the Gaussian that passes half the power at ``cutoff_hz``."""
    return sqrt(log(2.0)) / (2.0 * pi * cutoff_hz) * rate_hz


def _reach(sigma: float) -> int:
    """Samples on either side that a Gaussian takes in: 3.5 sigma."""
    return int(3.5 * sigma + 0.5)


def _gaussian(sigma: float) -> Floats:
    """Weights, sum 1, of a Gaussian of that many samples."""
    reach = _reach(sigma)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.asarray(weights / weights.sum())


def _weighted(values: Floats, weights: Floats, ends: Literal["edge", "symmetric"]) -> Floats:
    """Weighted sum (n,) around each sample, by symmetric weights (2 reach + 1,).

    More weights than NumPy has a fast loop for: SIDE sums at once, as a product of the samples
    they need with a band of weights. Products this small stay on one thread.
    """
    reach, n = len(weights) // 2, len(values)
    if len(weights) <= FAST_WEIGHTS:
        return np.convolve(extended(values, reach, reach, ends), weights, "valid")
    count = -(-n // (SIDE * ROWS))
    rows = np.zeros(count * SIDE * ROWS + 2 * reach)
    rows[: n + 2 * reach] = extended(values, reach, reach, ends)
    band = np.zeros((SIDE + 2 * reach, SIDE))
    side = np.arange(SIDE)[:, None]
    band[side + np.arange(len(weights)), side] = weights
    step = rows.itemsize
    steps = (SIDE * ROWS * step, SIDE * step, step)
    needed = np.ndarray((count, ROWS, len(band)), rows.dtype, rows, strides=steps)
    return np.asarray((needed @ band).reshape(-1)[:n])


def extended(values: Floats, before: int, after: int, ends: Literal["edge", "symmetric"]) -> Floats:
    """``values`` (..., n) with more at both ends: the last one repeated, or all of them mirrored.

    What ``np.pad`` does, without its many options: they cost more than short arrays do.

    >>> extended(np.array([1.0, 2.0, 3.0]), 1, 2, "symmetric").tolist()
    [1.0, 1.0, 2.0, 3.0, 3.0, 2.0]
    """
    n = values.shape[-1]
    if ends == "edge":
        head = np.repeat(values[..., :1], before, axis=-1)
        tail = np.repeat(values[..., n - 1 :], after, axis=-1)
    elif max(before, after) <= n:
        head, tail = values[..., :before][..., ::-1], values[..., n - after :][..., ::-1]
    else:  # mirrored more than once
        widths = ((0, 0),) * (values.ndim - 1) + ((before, after),)
        return np.pad(values, widths, mode="symmetric")
    return np.concatenate((head, values, tail), axis=-1)


def moving_mean(values: Floats, window: int) -> Floats:
    """Mean over ``window`` samples around each sample of ``values`` (n,).

    A window that touches a missing (NaN) sample is inf, so that a comparison with an upper
    bound fails there.
    """
    if not len(values):
        return values.copy()
    window = max(window, 1)
    missing = np.isnan(values)
    smooth = _running_sum(np.where(missing, 0.0, values), window) / window
    if missing.any():
        smooth[_running_sum(missing.astype(float), window) > 0.5] = np.inf
    return smooth


def _running_sum(values: Floats, window: int) -> Floats:
    padded = extended(values, window // 2, (window - 1) // 2, "edge")
    total = np.concatenate(([0.0], np.cumsum(padded)))
    return np.asarray(total[window:] - total[:-window])


def moving_max(values: Floats, window: int, shift: int = 0) -> Floats:
    """Largest of ``window`` samples around each along the last axis, the window moved on by shift.

    Beyond its ends the signal is mirrored. Twice as many samples are looked at in each round.

    >>> moving_max(np.array([0.0, 3.0, 1.0, 0.0, 0.0]), 3).tolist()
    [3.0, 3.0, 3.0, 1.0, 0.0]
    """
    window = max(window, 1)
    before = window // 2 - shift
    largest = extended(values, max(before, 0), max(window - 1 - before, 0), "symmetric")
    largest = largest[..., max(-before, 0) :]
    width = 1
    while width < window:
        step = min(width, window - width)
        largest = np.maximum(largest[..., :-step], largest[..., step:])
        width += step
    return largest[..., : values.shape[-1]]


def moving_min(values: Floats, window: int, shift: int = 0) -> Floats:
    """Smallest of ``window`` samples around each sample, the window moved on by ``shift``."""
    return -moving_max(-values, window, shift)


def derivative(values: Floats, rate_hz: float) -> Floats:
    """Central difference along the first axis, per second; NaN beside a missing sample.

    >>> derivative(np.array([0.0, 1.0, 4.0]), 1.0).tolist()
    [1.0, 2.0, 3.0]
    """
    if len(values) < 2:  # no neighbour, no slope
        return np.zeros_like(values)
    return np.asarray(np.gradient(values, 1.0 / rate_hz, axis=0))


def known(values: Floats, instead: float | Floats = 0.0) -> Floats:
    """``values`` with ``instead`` where they are missing (NaN); the same array when none is.

    >>> known(np.array([1.0, np.nan])).tolist()
    [1.0, 0.0]
    """
    missing = np.isnan(values)
    return np.where(missing, instead, values) if missing.any() else values


def planar(values: Floats) -> Floats:
    """``values`` (n, m) with each column together in memory: whole-column work is faster by half.

    >>> planar(np.array([[1.0, 2.0], [3.0, 4.0]])).T.flags.c_contiguous
    True
    """
    if not values.size or values.T.flags.c_contiguous:
        return values
    out = np.empty(values.shape[::-1])
    for row, column in zip(out, values.T, strict=True):
        row[:] = column
    return out.T


def missing_rows(values: Floats) -> Bools:
    """(n,) rows of (n, m) in which anything is missing; a sum of columns, not a search in rows.

    >>> missing_rows(np.array([[1.0, np.nan], [1.0, 2.0]])).tolist()
    [True, False]
    """
    total = values[:, 0].copy()
    for column in values.T[1:]:
        total += column
    return np.isnan(total)


def bridge_short(values: Floats, longest: int) -> Floats:
    """``values`` (n, m) with holes (NaN rows) of at most ``longest`` samples filled in a line.

    Longer holes, and holes at either end, stay NaN.
    """
    missing = missing_rows(values)
    if not missing.any() or missing.all():
        return values
    known = np.flatnonzero(~missing)
    lost = np.flatnonzero(missing)
    after = np.searchsorted(known, lost)
    inner = (after > 0) & (after < len(known))
    lost, after = lost[inner], after[inner]
    before, beyond = known[after - 1], known[after]
    short = beyond - before - 1 <= longest
    lost, before, beyond = lost[short], before[short], beyond[short]
    share = ((lost - before) / (beyond - before))[:, None]
    filled = values.copy(order="K")
    filled[lost] = (1.0 - share) * values[before] + share * values[beyond]
    return filled
