"""Picking an instant in a window of each cycle: largest value, last crossing, clear of holes."""

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Floats, Ints
from gaitlab.signal.filters import known
from gaitlab.signal.intervals import any_within
from gaitlab.signal.orientation import window_samples
from gaitlab.signal.peaks import local_maxima, parabola_offset, refine

NEAR_EVENT_S = 0.010  # a hole this close spoils an instant


def time_of_largest(
    values: Floats, opens: Ints, closes: Ints, rate_hz: float, *, peaks: bool = False
) -> Floats:
    """(k,) s of the largest value (n,) in each window ``[open, close)``, between samples.

    peaks : only local maxima count, not a window's edge on a slope
    NaN for an empty window and for one without a single known sample (or peak).

    >>> peak = np.array([0.0, 1.0, 3.0, 1.0, 0.0])
    >>> time_of_largest(peak, np.array([0, 3]), np.array([4, 3]), 10.0).tolist()
    [0.2, nan]
    """
    sample, inside = window_samples(opens, closes, len(values))
    if not sample.size:
        return np.full(len(opens), np.nan)
    height = np.where(inside, np.nan_to_num(values[sample], nan=-np.inf), -np.inf)
    if peaks:
        peak = np.zeros(len(values), dtype=bool)
        peak[local_maxima(values)] = True
        height = np.where(peak[sample], height, -np.inf)
    best = np.argmax(height, axis=1)
    rows = np.arange(len(opens))
    known = height[rows, best] > -np.inf
    return np.where(known, refine(values, sample[rows, best]) / rate_hz, np.nan)


def last_rise_through(
    values: Floats, level: Floats, opens: Ints, closes: Ints, rate_hz: float
) -> Floats:
    """(k,) s at which ``values`` (n,) last rises through ``level`` (k,) in ``[open, close)``.

    A straight line between the two samples; NaN where it never does, or across a missing sample.

    >>> saw = np.array([0.0, 2.0, 0.0, 2.0, 4.0])
    >>> last_rise_through(saw, np.array([1.0]), np.array([0]), np.array([5]), 1.0).tolist()
    [2.5]
    """
    sample, inside = window_samples(opens, closes, len(values))
    if sample.shape[1] < 2:
        return np.full(len(opens), np.nan)
    value = np.where(inside, values[sample], np.nan)
    with np.errstate(invalid="ignore"):
        rises = (value[:, :-1] <= level[:, None]) & (value[:, 1:] > level[:, None])
    last = rises.shape[1] - 1 - np.argmax(rises[:, ::-1], axis=1)
    rows = np.arange(len(opens))
    low, high = value[rows, last], value[rows, last + 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        time_s = (sample[rows, last] + (level - low) / (high - low)) / rate_hz
    return np.where(rises.any(axis=1), time_s, np.nan)


def first_rise_through(
    values: Floats, level: Floats, opens: Ints, closes: Ints, rate_hz: float
) -> Floats:
    """(k,) s at which ``values`` first rises through ``level``; else as the last one.

    >>> saw = np.array([0.0, 2.0, 0.0, 2.0, 4.0])
    >>> first_rise_through(saw, np.array([1.0]), np.array([0]), np.array([5]), 1.0).tolist()
    [0.5]
    """
    n = len(values)
    mirrored = last_rise_through(-values[::-1], -level, n - closes, n - opens, rate_hz)
    return np.asarray((n - 1) / rate_hz - mirrored)


def clear_of_holes(signal: FootSignal, time_s: Floats) -> Floats:
    """The instants (k,) s, NaN for those within 10 ms of a missing sample."""
    if not signal.missing.any():
        return time_s
    reach = max(round(NEAR_EVENT_S * signal.rate_hz), 1)
    at = to_sample(time_s, signal.rate_hz)
    return np.where(any_within(signal.missing, at - reach, at + reach + 1), np.nan, time_s)


def to_sample(time_s: Floats, rate_hz: float) -> Ints:
    """(k,) nearest sample; 0 for NaN."""
    return np.round(known(time_s) * rate_hz).astype(np.int64)


def largest_of_rows(values: Floats) -> Floats:
    """(k,) place of the largest value of each row (k, m), between samples; NaN for none.

    >>> largest_of_rows(np.array([[0.0, 2.0, 2.0, 0.0], [np.nan] * 4])).tolist()
    [1.5, nan]
    """
    height = np.where(np.isnan(values), -np.inf, values)
    best = np.argmax(height, axis=1)
    rows = np.arange(len(values))
    before, after = np.maximum(best - 1, 0), np.minimum(best + 1, values.shape[1] - 1)
    offset = parabola_offset(values[rows, before], values[rows, best], values[rows, after])
    inner = (best > 0) & (best < values.shape[1] - 1)
    return np.where(height[rows, best] > -np.inf, best + np.where(inner, offset, 0.0), np.nan)


def row_medians(values: Floats) -> Floats:
    """(k,) median of each row (k, m) over what is known; NaN for a row of nothing.

    Without the warnings of NumPy's own, and many times faster.

    >>> row_medians(np.array([[3.0, np.nan, 1.0], [np.nan] * 3])).tolist()
    [2.0, nan]
    """
    if not values.size:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)  # NaN sorts last
    known = np.isfinite(ordered).sum(axis=1)
    rows = np.arange(len(ordered))
    low = np.maximum(known - 1, 0) // 2
    high = np.minimum(known // 2, ordered.shape[1] - 1)
    return np.asarray(0.5 * (ordered[rows, low] + ordered[rows, high]))
