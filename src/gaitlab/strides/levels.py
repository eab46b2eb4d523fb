"""Which way is up at a mid-stance, also for strides whose clipped samples hide part of the force.

A stride that did not clip knows it by itself: the mean force over it is gravity. A clipped one
borrows it from its neighbours, or, where none is near, from ground that is taken for level.
"""

import numpy as np

from gaitlab.model.units import Bools, Floats
from gaitlab.signal.orientation import unit_vectors

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
