"""A straight line that a few wild contacts cannot bend."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.units import Floats

HUBER_TUNING = 1.345  # 95 % efficient for normal errors; Huber 1981, Robust Statistics
ITERATIONS = 12  # weights settle to 1e-6 in fewer on anything linear
MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Line:
    """``value = centre_value + slope x (x - centre)``.

    residual_sd : robust spread about the line;  n : points used
    """

    centre: float
    centre_value: float
    slope: float
    residual_sd: float
    x_variance_sum: float
    n: int

    def at(self, x: float) -> float:
        """Value on the line."""
        return self.centre_value + self.slope * (x - self.centre)

    def standard_error_at(self, x: float) -> float:
        """Standard error of the line itself at ``x`` (not the spread of the points)."""
        leverage = 1.0 / self.n + (x - self.centre) ** 2 / self.x_variance_sum
        return self.residual_sd * float(np.sqrt(leverage))


def robust_line(x: Floats, y: Floats) -> Line | None:
    """Line through (n,) points by iteratively re-weighted least squares, Huber weights.

    NaN pairs are left out. None for fewer than three points, or when ``x`` does not vary.

    Source: Huber 1981; scale from the median absolute deviation of the residuals.
    """
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if len(x) < 3 or not np.ptp(x) > 0:
        return None

    weights = np.ones(len(x))
    for _ in range(ITERATIONS):
        total = weights.sum()  # sums, not products of vectors: those wake every processor
        centre, level = (weights * x).sum() / total, (weights * y).sum() / total
        away = weights * (x - centre)
        slope = (away * (y - level)).sum() / (away * (x - centre)).sum()
        residual = y - level - slope * (x - centre)
        scale = MAD_TO_SD * float(np.median(np.abs(residual)))
        if not scale > 0:
            break
        weights = np.minimum(1.0, HUBER_TUNING * scale / np.maximum(np.abs(residual), 1e-300))
    spread = float((weights * (x - centre) ** 2).sum())
    return Line(float(centre), float(level), float(slope), scale, spread, len(x))
