"""3000 m: on the line from the 1500 to the 5000, as a goal and as an input.

As a goal it is interpolated between the two forecasts. As an input it is turned round: which 1500
or 5000 goes with it in the group, and how surely (assumption: only UK club runners, who have both).
"""

from dataclasses import dataclass
from math import hypot, log
from typing import Final

import numpy as np

from gaitlab.coaching.potential.cells import cells
from gaitlab.coaching.potential.race_events import Event, Sex

WAY_TO_3000: Final = log(3000.0 / 1500.0) / log(5000.0 / 1500.0)
INTERPOLATION_SPREAD: Final = 0.012  # median error 0.8 % in 665 elite athletes, as a normal spread
GROUP: Final = "uk_club"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """The 1500 or 5000 (``key``) that goes with a 3000; ``spread`` of its logarithm."""

    key: str
    time_s: float
    spread: float


def equivalent(time_s: float, target: Event, sex: Sex, group: str | None) -> Equivalent | None:
    """The 1500 for a shorter goal and for the 5000, else the 5000; None for other groups.

    With ln t3000 = (1 - w) ln t1500 + w ln t5000, and the other end from its regression on this
    one, the line is solved for this one.
    """
    if group not in (None, GROUP):
        return None
    key = "1500" if target.distance_m < 1500.0 or target.key == "5000" else "5000"
    other = "5000" if key == "1500" else "1500"
    own_share = WAY_TO_3000 if key == "5000" else 1.0 - WAY_TO_3000
    cell = cells()[GROUP][(key,), other]
    slope, centre = float(cell.slope[0]), float(cell.centre[0])
    level = cell.intercept[sex == "f"]
    rise = own_share + (1.0 - own_share) * slope
    log_time = (log(time_s) - (1.0 - own_share) * (level - slope * centre)) / rise
    spread = hypot((1.0 - own_share) * cell.spread, INTERPOLATION_SPREAD) / rise
    return Equivalent(key, float(np.exp(log_time)), spread)
