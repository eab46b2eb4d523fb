"""Which way is up at a mid-stance, also for strides whose clipped samples hide part of the force.

A stride that did not clip knows it by itself: the mean force over it is gravity. A clipped one
borrows it from its neighbours, or, where none is near, from ground that is taken for level.
"""

import numpy as np

from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats
from gaitlab.signal.orientation import dotted, norm_of, unit_vectors
from gaitlab.strides.steps import Stretches

NEIGHBOURS = 5  # strides on either side that may lend their level to a clipped one
CLOSE = 3  # strides to an unclipped one on both sides: beyond, the foot may stand otherwise


def levels(means: Floats, clipped: Bools) -> tuple[Floats, Bools]:
    """Up at each mid-stance: the stride's own, or that of its unclipped neighbours.

    The second value is False where those neighbours are too far for that.
    """
    ups = unit_vectors(means)
    clean = np.flatnonzero(~clipped)
    if not clipped.any() or not len(clean):
        return np.where(clipped[:, None], np.array([0.0, 0.0, 1.0]), ups), ~clipped
    lost = np.flatnonzero(clipped)
    place = np.searchsorted(clean, lost)
    near = np.clip(place[:, None] + np.arange(-NEIGHBOURS, NEIGHBOURS), 0, len(clean) - 1)
    ups[lost] = unit_vectors(np.median(ups[clean[near]], axis=1))
    close = ~clipped
    ahead, behind = (clean[np.clip(place - side, 0, len(clean) - 1)] for side in (0, 1))
    close[lost] = np.maximum(np.abs(ahead - lost), np.abs(lost - behind)) < CLOSE
    return ups, close


def unsupported(
    steps: Stretches, gained: Floats, start_mps: Floats, mean: Floats, hidden: Floats, rate: float
) -> tuple[Floats, Floats]:
    """(s, 3) path of each stride had nothing pulled it down; (s,) what 1 m/s^2 takes off, m.

    What the clipped samples hide is put back at them, as in a path.
    """
    time_s = ((steps.last - steps.first) / rate)[:, None]
    to_go = steps.spread(steps.last)[0] - (np.arange(steps.n) + 0.5)
    after_s = steps.sums(hidden[None]) / rate
    path = start_mps * time_s + steps.sums(gained * to_go) / rate - mean * time_s * after_s
    return path, (0.5 * time_s**2 - after_s * time_s)[:, 0]


def level_ground(up: Floats, free: Floats, time2: Floats) -> Floats:
    """The direction nearest to ``up`` (s, 3) in which a stride ends as high as it began.

    free, time2 : of :func:`unsupported`: up . free = g time2. Ground that rises by 2 % makes a
    fast stride about 1 % too long.
    """
    along = unit_vectors(free)
    share = STANDARD_GRAVITY_MPS2 * time2 / np.maximum(norm_of(free), 1e-9)
    share = np.clip(share, -1.0, 1.0)[:, None]
    across = up - along * dotted(up, along)[:, None]
    return np.asarray(share * along + np.sqrt(1.0 - share**2) * unit_vectors(across))
