"""Left against right: how far apart, and whether that is more than the measurement can tell."""

from dataclasses import dataclass
from math import isfinite
from typing import Final

from gaitlab.coaching.numbers.select import RUNNING
from gaitlab.metrics.catalog import Metric, metric
from gaitlab.metrics.symmetry import COVERAGE, difference_uncertainty
from gaitlab.model.analysis import Analysis, MetricSummary

SIDE_METRICS: Final = (
    "contact_time_s", "flight_time_s", "step_time_s", "duty_factor", "step_length_m",
    "strike_angle_rad",
)  # fmt: skip
FEWEST_PER_FOOT = 10  # contacts of one foot for a steady mean


@dataclass(frozen=True, slots=True)
class SideDifference:
    """Right minus left of one metric, inside unit.

    uncertainty : standard uncertainty of the difference
    """

    metric: Metric
    left: MetricSummary
    right: MetricSummary

    @property
    def difference(self) -> float:
        return self.right.median - self.left.median

    @property
    def uncertainty(self) -> float:
        return difference_uncertainty(self.left, self.right)

    @property
    def resolved(self) -> bool:
        """True when the difference is larger than its expanded uncertainty."""
        return abs(self.difference) > COVERAGE * self.uncertainty

    @property
    def scale(self) -> float:
        """Percent of the mean of both sides per unit; for angles, which have no size, degrees.

        Symmetry index 2 (R - L) / (R + L) x 100 %, Robinson 1987 as used in gait studies.
        """
        if self.metric.unit == "°":
            return self.metric.factor
        return 200.0 / (self.left.median + self.right.median)


def side_differences(analysis: Analysis) -> tuple[SideDifference, ...]:
    """The metrics that both feet have ten times or more; empty for a recording of one foot."""
    activity = RUNNING
    found = []
    for name in SIDE_METRICS:
        left = analysis.summary(name, "left", activity)
        right = analysis.summary(name, "right", activity)
        if left is None or right is None or min(left.n, right.n) < FEWEST_PER_FOOT:
            continue
        if isfinite(left.median) and isfinite(right.median):
            found.append(SideDifference(metric(name), left, right))
    return tuple(found)
