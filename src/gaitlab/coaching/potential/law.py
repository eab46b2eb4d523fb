"""The predictive law of a race time: a mixture of Student t laws of its logarithm."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.model.units import Floats

FREEDOM: Final = 6.15  # both fitted once on 151,018 cross-validated residuals
SHRINK: Final = 0.855
HALVINGS: Final = 60


def t_below(deviation: Floats) -> Floats:
    """Probability that the fitted Student t is below ``deviation`` (in standard errors)."""
    from scipy.special import stdtr

    return np.asarray(stdtr(FREEDOM, deviation / SHRINK))


def t_deviation(share: float) -> float:
    """The deviation, in standard errors, below which ``share`` of the law lies.

    >>> round(t_deviation(0.5), 6)
    0.0
    """
    from scipy.special import stdtrit

    return SHRINK * float(stdtrit(FREEDOM, share))


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """Sum of (k,) weighted Student t laws; location and scale are of the logarithm of the time.

    >>> law = Law(np.array([1.0]), np.array([np.log(240.0)]), np.array([0.03]))
    >>> round(float(law.chance(240.0)), 3), round(law.time_s(0.5), 3)
    (0.5, 240.0)
    """

    weight: Floats
    location: Floats
    scale: Floats

    def chance(self, goal_s: Floats | float) -> Floats:
        """Probability of a time of ``goal_s`` (any shape) or faster."""
        log_goal = np.log(np.asarray(goal_s, dtype=float))[..., None]
        return np.asarray(t_below((log_goal - self.location) / self.scale) @ self.weight)

    def time_s(self, share: float) -> float:
        """The time that ``share`` of the law is faster than, by bisection."""
        low = float((self.location - 40.0 * self.scale).min())
        high = float((self.location + 40.0 * self.scale).max())
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            below = float(t_below((middle - self.location) / self.scale) @ self.weight) < share
            low, high = (middle, high) if below else (low, middle)
        return float(np.exp(0.5 * (low + high)))

    def interval_s(self, inside: float) -> tuple[float, float]:
        """The central interval that holds ``inside`` of the law."""
        return self.time_s(0.5 - 0.5 * inside), self.time_s(0.5 + 0.5 * inside)

    @property
    def spread(self) -> float:
        """Root of the weighted mean square of the scales, by which cells are compared."""
        return float(np.sqrt(self.weight @ self.scale**2))


def between(shorter: Law, longer: Law, share: float, extra: float) -> Law:
    """The law of a distance between two others, on the line over the logarithm of distance.

    share : how far from the shorter to the longer;  extra : scatter of interpolation itself
    """
    levels = (0.1, 0.5, 0.9)
    low, middle, high = (
        (1.0 - share) * np.log(shorter.time_s(level)) + share * np.log(longer.time_s(level))
        for level in levels
    )
    scale = float(np.hypot((high - low) / (2.0 * t_deviation(0.9)), extra))
    return Law(np.array([1.0]), np.array([middle]), np.array([scale]))


def known(time_s: float) -> Law:
    """A time that is given: a law without spread worth naming."""
    return Law(np.array([1.0]), np.array([np.log(time_s)]), np.array([1e-6]))
