"""Sums and extremes over many stretches of one long array at once, without a copy of each."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.units import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Stretches ``[first, last)`` of an array of ``n``: sorted, none empty, none overlapping.

    first, last : (s,)
    """

    first: Ints
    last: Ints
    n: int

    def sums(self, values: Floats) -> Floats:
        """(s, m) sums over each stretch of the rows of ``values`` (m, n)."""
        return np.asarray(np.add.reduceat(values, self._bounds(), axis=1)[:, ::2].T)

    def largest(self, values: Floats) -> Floats:
        """(s,) largest of ``values`` (n,) in each stretch."""
        return np.asarray(np.maximum.reduceat(values, self._bounds())[::2])

    def before(self, running: Floats) -> Floats:
        """(s,) value of a running sum (n,) just before each stretch."""
        return np.where(self.first > 0, running[self.first - 1], 0)

    def spread(self, *values: Floats | Ints) -> Floats:
        """(m, n) each of the m ``values`` (s,) repeated over its stretch; zero between them."""
        size = np.empty(2 * len(self.first) + 1, dtype=np.int64)
        size[0], size[2::2] = 0, -self.last
        size[:-1:2] += self.first
        size[-1] += self.n
        size[1::2] = self.last - self.first
        alternating = np.zeros((len(values), len(size)))
        alternating[:, 1::2] = values
        return np.repeat(alternating, size, axis=1)

    def _bounds(self) -> Ints:
        """Limits for ``reduceat``, whose every second stretch is one of these."""
        bounds = np.stack((self.first, self.last), axis=1).ravel()
        return bounds[:-1] if bounds[-1] == self.n else bounds
