"""Stretches of True, as half-open sample intervals of shape (k, 2)."""

import numpy as np

from gaitlab.model.units import Bools, Ints


def true_runs(mask: Bools) -> Ints:
    """Runs of True in ``mask`` (n,), as (k, 2) half-open intervals.

    >>> true_runs(np.array([False, True, True, False, True])).tolist()
    [[1, 3], [4, 5]]
    """
    if not len(mask):
        return np.empty((0, 2), dtype=np.int64)
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    edges = np.append(0, edges) if mask[0] else edges
    edges = np.append(edges, len(mask)) if mask[-1] else edges
    return edges.reshape(-1, 2)


def keep_longer(intervals: Ints, shortest: int) -> Ints:
    """The intervals (k, 2) that hold at least ``shortest`` samples.

    >>> keep_longer(np.array([[0, 2], [5, 9]]), 3).tolist()
    [[5, 9]]
    """
    return intervals[np.diff(intervals, axis=1).ravel() >= shortest]


def fill_mask(intervals: Ints, length: int) -> Bools:
    """(n,) True inside any of the intervals, which may overlap.

    >>> fill_mask(np.array([[1, 3]]), 4).tolist()
    [False, True, True, False]
    """
    steps = np.zeros(length + 1, dtype=np.int64)
    np.add.at(steps, intervals[:, 0], 1)
    np.add.at(steps, intervals[:, 1], -1)
    return np.cumsum(steps[:-1]) > 0


def any_within(mask: Bools, starts: Ints, stops: Ints) -> Bools:
    """(k,) whether ``mask`` (n,) is True anywhere in ``[start, stop)``.

    >>> any_within(np.array([False, True, False]), np.array([0, 2]), np.array([2, 3])).tolist()
    [True, False]
    """
    return count_within(mask, starts, stops) > 0


def count_within(mask: Bools, starts: Ints, stops: Ints) -> Ints:
    """(k,) how many samples of ``mask`` (n,) are True in ``[start, stop)``."""
    marked = np.flatnonzero(mask)
    if not len(marked):
        return np.zeros(len(starts), dtype=np.int64)
    high = marked.searchsorted(np.maximum(starts, stops))
    return np.asarray(high - marked.searchsorted(starts))
