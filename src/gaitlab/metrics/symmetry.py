"""Left against right, with the band inside which a difference means nothing.

Swapped pods, unequal mounting and unequal bias mimic asymmetry, and a track has bends: so a
difference is told only beyond what the measurement can tell, and one asymmetric metric is normal
(Hanley & Tucker 2018: most runners exceed 1.2 % symmetry angle in at least one variable).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot, isfinite, nan, sqrt

from gaitlab.metrics.uncertainty import MEDIAN_TO_MEAN
from gaitlab.model.analysis import MetricSummary

SYMMETRY_METRICS = (
    "contact_time_s", "flight_time_s", "step_time_s", "duty_factor", "step_length_m",
    "strike_angle_rad", "flight_ratio", "peak_force_bw", "vertical_oscillation_m",
)  # fmt: skip
FEWEST_PER_FOOT = 10
ALIKE = 1.1  # rates of two pods that time events alike
COVERAGE = 1.645  # standard uncertainties: 90 %
# share of the uncertainties of the feet that is left in their difference: runner, shoe and kind
# of pod are the same. Measured, see docs/metrics.md; what one step is too long the other is short
BETWEEN_FEET = 0.4
OPPOSED = {"step_time_s": sqrt(2.0), "step_length_m": 1.0}


@dataclass(frozen=True, slots=True)
class Symmetry:
    """Right minus left of one metric in one activity, inside unit.

    uncertainty : standard uncertainty of the difference: measurement, and chance of the steps
    index_percent : symmetry index 2 (R - L) / (R + L) x 100; NaN for angles, which have no size
    angle_percent : symmetry angle (45 - atan(L / R)) / 90 x 100
    band_percent : half of the 90 % band of the index: smaller indices mean nothing
    resolved : the difference is larger than its 90 % band
    reason : why it is not resolved; empty when it is
    """

    metric: str
    activity: str
    left: float
    right: float
    n_left: int
    n_right: int
    uncertainty: float
    index_percent: float
    angle_percent: float
    band_percent: float
    resolved: bool
    reason: str

    @property
    def difference(self) -> float:
        """Right minus left."""
        return self.right - self.left


def symmetry_index_percent(left: float, right: float) -> float:
    """2 (R - L) / (R + L) x 100; NaN when the sides have no common size.

    >>> round(symmetry_index_percent(0.200, 0.210), 2)
    4.88
    """
    total = left + right
    return 200.0 * (right - left) / total if min(left, right) > 0.0 else nan


def symmetry_angle_percent(left: float, right: float) -> float:
    """(45 - atan(L / R)) / 90 x 100, within -100 and 100; 0.318 of a small symmetry index.

    Source: Zifchock 2008, Gait Posture 27:622, from memory: the paper could not be read; without
    a choice of the better side.

    >>> round(symmetry_angle_percent(0.200, 0.210), 2), symmetry_angle_percent(1.0, 1.0)
    (1.55, 0.0)
    """
    share = (45.0 - degrees(atan2(left, right))) / 90.0 * 100.0
    return share - 200.0 if share > 100.0 else share


def symmetries(
    summaries: Iterable[MetricSummary], activity: str, rates_hz: Sequence[float] = ()
) -> tuple[Symmetry, ...]:
    """Left against right of each metric that both feet have; empty for one foot.

    Fewer than ten contacts of a foot are in, not resolved, with the reason; so are pods that
    sample at different rates: a landing is timed some milliseconds later by the slower one.

    rates_hz : of the pods, when they may differ
    """
    unlike = len(rates_hz) > 1 and max(rates_hz) > ALIKE * min(rates_hz)
    found = {(item.metric, item.scope): item for item in summaries if item.activity == activity}
    pairs = ((found.get((name, "left")), found.get((name, "right"))) for name in SYMMETRY_METRICS)
    return tuple(
        _compared(left, right, unlike=unlike)
        for left, right in pairs
        if left is not None and right is not None and left.n and right.n
    )


def difference_uncertainty(left: MetricSummary, right: MetricSummary) -> float:
    """Standard uncertainty of right minus left: measurement, and chance of the steps."""
    share = OPPOSED.get(left.metric, BETWEEN_FEET)
    measured = share * hypot(left.uncertainty, right.uncertainty)
    return hypot(measured, _chance(left), _chance(right))


def _compared(left: MetricSummary, right: MetricSummary, *, unlike: bool) -> Symmetry:
    uncertainty = difference_uncertainty(left, right)
    angle = left.metric.endswith("_rad")
    index = nan if angle else symmetry_index_percent(left.median, right.median)
    turn = nan if angle else symmetry_angle_percent(left.median, right.median)
    band = nan if angle else COVERAGE * 200.0 * uncertainty / (left.median + right.median)
    clear = abs(right.median - left.median) > COVERAGE * uncertainty
    fewest = min(left.n, right.n)
    reason = "" if clear else "within what the measurement can tell"
    if fewest < FEWEST_PER_FOOT:
        clear, reason = False, f"only {fewest} contacts of a foot"
    if unlike:
        clear, reason = False, "the pods record at different rates"
    return Symmetry(
        left.metric, left.activity, left.median, right.median, left.n, right.n, uncertainty,
        index, turn, band, clear and isfinite(uncertainty), reason,
    )  # fmt: skip


def _chance(side: MetricSummary) -> float:
    """What the median of so few steps leaves open about the runner's own."""
    return MEDIAN_TO_MEAN * side.mad / sqrt(side.n)
