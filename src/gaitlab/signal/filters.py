"""Zero-phase smoothing that leaves missing samples missing."""

from math import log, pi, sqrt

import numpy as np

from gaitlab.model.units import Bools, Floats


def lowpass(values: Floats, rate_hz: float, cutoff_hz: float) -> Floats:
    """Gaussian low-pass along the first axis, zero phase, half power at ``cutoff_hz``.

    A Gaussian has no overshoot, so a burst never rings into its neighbourhood. Missing (NaN)
    samples do not spread: each output is the weighted mean of the samples that are there,
    and NaN only where the sample itself is missing.

    values : (n,) or (n, m).  Empty input comes back empty.
    """
    from scipy.ndimage import gaussian_filter1d

    if not len(values):
        return values.copy()
    sigma = sqrt(log(2.0)) / (2.0 * pi * cutoff_hz) * rate_hz
    missing = np.isnan(values)
    if not missing.any():
        return np.asarray(gaussian_filter1d(values, sigma, axis=0, mode="nearest", truncate=3.5))
    weight = gaussian_filter1d((~missing).astype(float), sigma, axis=0, truncate=3.5)
    total = gaussian_filter1d(np.where(missing, 0.0, values), sigma, axis=0, truncate=3.5)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(missing, np.nan, total / weight)


def moving_mean(values: Floats, window: int) -> Floats:
    """Mean over ``window`` samples around each sample of ``values`` (n,).

    A window that touches a missing (NaN) sample is inf, so that a comparison with an upper
    bound fails there.
    """
    from scipy.ndimage import uniform_filter1d

    if not len(values):
        return values.copy()
    missing = np.isnan(values)
    smooth = uniform_filter1d(np.where(missing, 0.0, values), max(window, 1), mode="nearest")
    if missing.any():
        near = uniform_filter1d(missing.astype(float), max(window, 1), mode="nearest")
        smooth = np.where(near > 1e-9, np.inf, smooth)
    return np.asarray(smooth)


def moving_max(values: Floats, window: int, shift: int = 0) -> Floats:
    """Largest of ``window`` samples around each sample, the window moved on by ``shift``."""
    from scipy.ndimage import maximum_filter1d

    return np.asarray(maximum_filter1d(values, max(window, 1), origin=-shift))


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


def known(values: Floats, instead: float = 0.0) -> Floats:
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
