"""Peaks with sub-sample position, and which of two close ones is the real one."""

import numpy as np

from gaitlab.model.units import Bools, Floats, Ints


def local_maxima(values: Floats) -> Ints:
    """Samples higher than the one before and not lower than the one after; NaN never is one.

    >>> local_maxima(np.array([0.0, 2.0, 1.0, 3.0, 3.0, 0.0])).tolist()
    [1, 3]
    """
    if len(values) < 3:  # a maximum needs two neighbours
        return np.empty(0, dtype=np.int64)
    middle = values[1:-1]
    return np.flatnonzero((middle > values[:-2]) & (middle >= values[2:])) + 1


def largest_around(values: Floats, sample: Ints, reach: int) -> Floats:
    """(k,) largest of ``values`` (n,) up to ``reach`` samples from each sample; no NaN.

    It is a local maximum, or the first or last value of those: no need to look at the others.

    >>> largest_around(np.array([5.0, 0.0, 2.0, 1.0, 4.0]), np.array([2]), 1).tolist()
    [2.0]
    """
    low, high = np.maximum(sample - reach, 0), np.minimum(sample + reach, len(values) - 1)
    peaks = local_maxima(values)
    bounds = np.stack((np.searchsorted(peaks, low), np.searchsorted(peaks, high, "right")), axis=1)
    height = np.append(values[peaks], -np.inf)
    inner = np.maximum.reduceat(height, bounds.ravel())[::2]
    inner = np.where(bounds[:, 0] < bounds[:, 1], inner, -np.inf)
    return np.asarray(np.maximum(inner, np.maximum(values[low], values[high])))


def keep_highest(position: Ints, height: Floats, distance: Floats) -> Bools:
    """(k,) which peaks survive when each suppresses lower ones nearer than its ``distance``.

    What picking the highest first gives: in each round every peak that is the highest within
    its own distance stays, and removes those within its distance or in whose distance it is
    (so each round removes at least one). Of equals the earlier stays.

    position : (k,) sorted samples; height : (k,); distance : (k,) samples

    >>> keep_highest(np.array([0, 3, 6]), np.array([2.0, 1.0, 3.0]), np.full(3, 4.0)).tolist()
    [True, False, True]
    """
    rank = np.empty(len(position), dtype=np.int64)  # distinct, so that equals have an order
    rank[np.argsort(-height, kind="stable")] = np.arange(len(position), 0, -1)
    alive = np.arange(len(position))
    while True:
        place, level, reach = position[alive], rank[alive], distance[alive]
        low = np.searchsorted(place, place - reach, side="right")
        high = np.searchsorted(place, place + reach, side="left")
        if not len(alive) or (high - low <= 1).all():
            kept = np.zeros(len(position), dtype=bool)
            kept[alive] = True
            return kept
        bounds = np.stack((low, high), axis=1).ravel()
        highest = np.maximum.reduceat(np.append(level, 0), bounds)[::2]
        winner = level == highest
        wins = np.zeros(len(position) + 1, dtype=bool)  # by rank
        wins[level[winner]] = True
        steps = np.zeros(len(alive) + 1, dtype=np.int64)
        np.add.at(steps, low[winner], 1)
        np.add.at(steps, high[winner], -1)
        covered = np.cumsum(steps[:-1]) > winner  # by a winner other than itself
        loser = covered | (~winner & wins[highest])
        alive = alive[~loser]


def parabola_offset(before: Floats, at: Floats, after: Floats) -> Floats:
    """Where between -0.5 and +0.5 samples the vertex of the parabola through three points lies.

    >>> float(parabola_offset(np.array(1.0), np.array(2.0), np.array(2.0)))
    0.5
    """
    curvature = before - 2.0 * at + after
    with np.errstate(invalid="ignore", divide="ignore"):
        offset = 0.5 * (before - after) / curvature
    return np.asarray(np.where(np.isfinite(offset), np.clip(offset, -0.5, 0.5), 0.0))


def refine(values: Floats, position: Ints) -> Floats:
    """Positions (k,) of extrema of ``values`` (n,), refined to a fraction of a sample."""
    inner = np.minimum(np.maximum(position, 1), max(len(values) - 2, 1))
    if len(values) < 3:  # no parabola
        return position.astype(float)
    offset = parabola_offset(values[inner - 1], values[inner], values[inner + 1])
    return np.asarray(position + np.where(inner == position, offset, 0.0))


def usual_so_far(values: Floats, fewest: int, *, before: int = 10) -> Floats:
    """(..., k) median of each value and the ``before`` ones ahead; NaN with under ``fewest``.

    Looks only back, so that a live analysis, which knows no later values, agrees.

    >>> usual_so_far(np.array([1.0, 9.0, 2.0]), 2).tolist()
    [nan, 5.0, 2.0]
    """
    if not values.size:  # no window fits
        return values.copy()
    k = values.shape[-1]
    padded = np.full((*values.shape[:-1], before + k), np.nan)
    padded[..., before:] = values
    ordered = padded[..., np.arange(k)[:, None] + np.arange(before + 1)].reshape(-1, before + 1)
    ordered.sort(axis=1)  # NaN last
    rows, n = np.arange(len(ordered)), np.count_nonzero(np.isfinite(ordered), axis=1)
    middle = 0.5 * (ordered[rows, (n - 1) // 2] + ordered[rows, n // 2])
    return np.where(n >= max(fewest, 1), middle, np.nan).reshape(values.shape)
