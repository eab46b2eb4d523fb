"""A runner beside each published value, at that value's own speed."""

from dataclasses import dataclass

import numpy as np

from gaitlab.coaching.comparison.compare import Value, value_at
from gaitlab.coaching.comparison.reference import (
    DUTY_FACTOR_SOURCE,
    ReferenceValue,
    duty_factor_line,
    reference_for,
)
from gaitlab.coaching.numbers.select import Part


@dataclass(frozen=True, slots=True)
class Beside:
    """A published value, and the runner at the speed of that value.

    own : the runner's number there; ``nan`` with a reason when that speed was not run
    """

    published: ReferenceValue
    own: Value

    @property
    def difference(self) -> float:
        """Runner minus published, inside unit."""
        return self.own.value - self.published.mean


def beside_published(part: Part, name: str) -> tuple[Beside, ...]:
    """Each published value of a metric with the runner at that value's own speed."""
    return tuple(
        Beside(row, value_at(part, name, row.speed_mps))
        for row in reference_for(name)
        if row.speed_mps is not None
    )


def duty_factor_beside_line(part: Part, speed_mps: float) -> tuple[float, str]:
    """Duty factor of athletic subjects at a speed (NaN outside 3 to 9 m/s), and the source."""
    line = duty_factor_line(part.analysis.recording.athlete.sex)
    return float(line.at(np.asarray(speed_mps, dtype=np.float64))), DUTY_FACTOR_SOURCE
