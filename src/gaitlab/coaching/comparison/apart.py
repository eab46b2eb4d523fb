"""Whether runners differ in a metric: beyond the uncertainties, and beyond what speed makes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot, isfinite
from typing import Final

from gaitlab.coaching.comparison.compare import Row, Value
from gaitlab.coaching.comparison.speed_gap import gap_effect
from gaitlab.metrics.catalog import Metric

COVERAGE: Final = 2.0  # standard uncertainties from which a difference is called one
GAP_TOLD_MPS: Final = 0.1  # between two runners; a smaller one is in the uncertainty and not told


@dataclass(frozen=True, slots=True)
class Apart:
    """The lowest and the highest runner of a metric, and whether any two differ."""

    metric: Metric
    low: Value
    high: Value
    n: int
    resolved: bool

    @property
    def gap_mps(self) -> float:
        """How far the speeds of the two values lie apart."""
        return abs(self.high.gap_mps - self.low.gap_mps)

    @property
    def made_by_gap(self) -> float:
        """What that alone may make of the difference, inside unit."""
        return made_by_gap(self.metric.name, self.low, self.high)

    @property
    def error(self) -> float:
        """Standard uncertainty of the difference."""
        return difference_error(self.metric.name, self.low, self.high)

    @property
    def blurred(self) -> bool:
        """No comparison: the speeds alone may make more than could be told at one speed."""
        measured = hypot(self.low.measured_error, self.high.measured_error)
        wide = self.gap_mps >= GAP_TOLD_MPS and self.made_by_gap > COVERAGE * measured
        return wide and not self.resolved


def apart(row: Row) -> Apart | None:
    """How far the runners of a row lie apart; None for fewer than two values."""
    values = [value for value in row.values if isfinite(value.value)]
    if len(values) < 2:
        return None
    low = min(values, key=lambda value: value.value)
    high = max(values, key=lambda value: value.value)
    return Apart(row.metric, low, high, len(values), _any_differ(row.metric.name, values))


def _any_differ(name: str, values: Sequence[Value]) -> bool:
    return any(
        abs(one.value - two.value) > COVERAGE * difference_error(name, one, two)
        for one, two in combinations(values, 2)
    )


def made_by_gap(name: str, one: Value, two: Value) -> float:
    """What the gap between the speeds of two values may make of a metric, inside unit."""
    gap, speed = one.gap_mps - two.gap_mps, (one.speed_mps + two.speed_mps) / 2
    return gap_effect(name, (one.value + two.value) / 2, gap, speed) if gap else 0.0


def difference_error(name: str, one: Value, two: Value) -> float:
    """Standard uncertainty of a difference: what was measured, and the gap between the two.

    Not the gap of each to the speed of the comparison: two runners at one speed share that.
    """
    return hypot(one.measured_error, two.measured_error, made_by_gap(name, one, two))
