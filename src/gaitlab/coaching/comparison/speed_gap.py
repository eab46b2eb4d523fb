"""What a gap between two speeds alone may make of a metric, and when the own data bridge it.

The sizes are those of the speed dependence across published groups (log-log slopes over the
speeds of the reference table, refitted by a test). They widen an uncertainty; they never move a
value: how one runner changes with speed is only known from that runner.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from gaitlab.coaching.numbers.regress import MAD_TO_SD
from gaitlab.model.units import RAD_PER_DEG, Codes, Floats

EXPONENT: Final[Mapping[str, float]] = {
    "speed_mps": 0.0,  # is what it is
    "contact_time_s": 0.74,  # 0.58 v^-0.74 s: Kong 2008, Karamanidis 2005, Lubrano 2026, Coh 2018
    "cadence_spm": 0.34,  # Moore 2019, Karamanidis 2005, Lubrano 2026, Hanon 2009, Coh 2018
    "step_time_s": 0.34,
    "stride_time_s": 0.34,
    "swing_time_s": 0.34,  # assumption: as the stride
    "duty_factor": 0.40,  # Karamanidis 2005, Lubrano 2026, Clark & Weyand 2014, Coh 2018
    "flight_time_s": 0.65,  # 2.6 to 4.2 m/s, the steepest part: Karamanidis 2005, Lubrano 2026
    "step_length_m": 0.68,  # Karamanidis 2005, Lubrano 2026, Hanon 2009, Coh 2018
    "stride_length_m": 0.68,
}
UNKNOWN_EXPONENT: Final = 1.0  # assumption: nothing published, taken as proportional to speed
ANGLE_RAD_PER_MPS: Final = 3.0 * RAD_PER_DEG
"""Assumption: a third of runners go from large to small angles between 4 and 5 m/s, two thirds
do not change (Forrester & Townend 2015, 10.1016/j.gaitpost.2014.08.004)."""

LEAST_RELIABILITY: Final = 0.75  # assumption: below it noise in the speeds flattens a slope


def gap_effect(name: str, value: float, gap_mps: float, speed_mps: float) -> float:
    """How much a gap in speed alone may change a metric (inside unit), >= 0.

    >>> round(gap_effect("contact_time_s", 0.217, 0.5, 3.55), 3)
    0.023
    """
    if name == "strike_angle_rad":
        return ANGLE_RAD_PER_MPS * abs(gap_mps)
    return abs(EXPONENT.get(name, UNKNOWN_EXPONENT) * value * gap_mps / speed_mps)


def bend_error(name: str, value: float, log_speed_variance: float) -> float:
    """How far a power of speed lies from a line in log speed, inside unit: half its bend."""
    exponent = EXPONENT.get(name, UNKNOWN_EXPONENT)
    return abs(0.5 * exponent**2 * value * log_speed_variance)


def reliability(speeds_mps: Floats, foot: Codes) -> float:
    """Share of the variance of (n,) speeds, in order of time, that is not noise of single strides.

    The noise is what one stride of a foot differs from its next one, the trend taken out
    (von Neumann 1941); a slope on speeds of reliability r comes out r times too flat. A few
    contacts of a start do not count (median absolute deviations). 0 for fewer than four.
    """
    steps = [np.diff(speeds_mps[foot == code]) for code in np.unique(foot)]
    noise = np.concatenate(steps) if steps else np.empty(0)
    if len(noise) < 2:
        return 0.0
    total = _spread(speeds_mps)
    if not total > 0:
        return 0.0
    return max(0.0, 1.0 - 0.5 * (_spread(noise) / total) ** 2)


def _spread(values: Floats) -> float:
    return MAD_TO_SD * float(np.median(np.abs(values - np.median(values))))
