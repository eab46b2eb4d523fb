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


def keep_highest(position: Ints, height: Floats, distance: Floats) -> Bools:
    """(k,) which peaks survive when each suppresses lower ones nearer than its ``distance``.

    A peak higher than both close neighbours removes them; repeated until no two are close,
    which is what picking the highest first would give. Of equals the earlier stays.

    position : (k,) sorted samples; height : (k,); distance : (k,) samples

    >>> keep_highest(np.array([0, 3, 6]), np.array([2.0, 1.0, 3.0]), np.full(3, 4.0)).tolist()
    [True, False, True]
    """
    alive = np.arange(len(position))
    while True:
        near = np.minimum(distance[alive[1:]], distance[alive[:-1]])
        close = np.diff(position[alive]) < near
        if not close.any():
            return np.isin(np.arange(len(position)), alive)
        level = height[alive]
        beaten_by_next = np.append(close & (level[1:] > level[:-1]), False)
        beaten_by_last = np.insert(close & (level[1:] <= level[:-1]), 0, False)
        winner = ~(beaten_by_next | beaten_by_last)
        loser = np.append(close & winner[1:], False) | np.insert(close & winner[:-1], 0, False)
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
    inner = np.clip(position, 1, max(len(values) - 2, 1))
    if len(values) < 3:  # no parabola
        return position.astype(float)
    offset = parabola_offset(values[inner - 1], values[inner], values[inner + 1])
    return np.asarray(position + np.where(inner == position, offset, 0.0))
