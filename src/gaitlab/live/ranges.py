"""The range of a sensor in a stream: declared, disproved, or learned from the first clipping."""

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.signal.clipping import AT_RANGE, BEYOND_RANGE, SAME_VALUE


class Range:
    """Full scale of one sensor, as far as the readings so far tell.

    A whole recording shows a range by the value at which it stops, a window of it often does
    not: what one window has shown holds for the next ones.

    full_scale : in the unit of the readings, None while unknown
    """

    def __init__(self, declared: float | None) -> None:
        self.full_scale = declared
        self._largest = 0.0
        self._is_declared = declared is not None

    def see(self, values: Floats) -> None:
        """Readings (n, 3): a range that is exceeded is none."""
        if not np.isfinite(values).any():
            return
        self._largest = max(self._largest, float(np.fmax.reduce(np.abs(values), axis=None)))
        if self.full_scale is not None and self._largest > BEYOND_RANGE * self.full_scale:
            self.full_scale, self._is_declared = None, False

    def learn(self, clipped: Floats) -> None:
        """Readings (k, 3) that were found clipped: the sensor stops at the lowest of them."""
        if self._is_declared or not len(clipped):
            return
        stop = float(np.fmax.reduce(np.abs(clipped), axis=1).min())
        self.full_scale = stop * (1.0 - SAME_VALUE) / AT_RANGE
