"""Medians of the short arrays of one runner, where NumPy's own spend most time on their options."""

from math import nan

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.signal.filters import extended


def middle_of(values: Floats) -> float:
    """Median of values (n,) in any order, none of them missing; NaN without any.

    >>> middle_of(np.array([3.0, 1.0, 2.0, 9.0]))
    2.5
    """
    if not len(values):
        return nan
    low, high = (len(values) - 1) // 2, len(values) // 2
    ordered = np.partition(values, high)  # what comes before it is no larger
    below = ordered[high] if low == high else ordered[:high].max()
    return float(0.5 * (below + ordered[high]))


def middles(values: Floats) -> Floats:
    """Medians (k, c) along the second axis of values (k, n, c), none of them missing."""
    ordered = np.sort(values, axis=1)
    n = values.shape[1]
    return np.asarray(0.5 * (ordered[:, (n - 1) // 2] + ordered[:, n // 2]))


def running_median(values: Floats, width: int) -> Floats:
    """(k,) median of the ``width`` (odd) values about each; mirrored at the ends.

    >>> running_median(np.array([1.0, 9.0, 2.0, 3.0]), 3).tolist()
    [1.0, 2.0, 3.0, 3.0]
    """
    if not len(values):
        return values
    padded = extended(values, width // 2, width // 2, "symmetric")
    windows = padded[np.arange(len(values))[:, None] + np.arange(width)]
    return np.asarray(np.partition(windows, width // 2, axis=1)[:, width // 2])
