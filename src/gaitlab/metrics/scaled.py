"""Numbers of a summary brought to the size of the runner: newtons, leg lengths, Froude.

They follow from the medians of a summary, so they are not repeated for every contact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from gaitlab.metrics.mechanics import Circumstances
from gaitlab.metrics.spring_mass import dimensionless_stiffness, froude, step_rate_for_leg
from gaitlab.model.analysis import MetricSummary
from gaitlab.model.units import STANDARD_GRAVITY_MPS2

NO_MASS = "the mass of the runner is not known"
NO_LEG = "neither leg length nor height of the runner is known"


@dataclass(frozen=True, slots=True)
class Scaled:
    """One number of one activity and scope.

    name : with its unit, or without for a pure number
    uncertainty : standard, from that of the median and of the leg length
    reason : why there is no number; empty when there is one
    """

    name: str
    value: float
    uncertainty: float
    reason: str


def scaled_numbers(summaries: Iterable[MetricSummary], known: Circumstances) -> tuple[Scaled, ...]:
    """What mass and leg length make of the medians of one activity and scope.

    Peak force in N and stiffness in N/m need the mass; dimensionless stiffness k L / (m g),
    step length over leg length, steps in the time sqrt(L / g) and the Froude number need the
    leg. The vertical ratio is oscillation over step length.
    """
    found = {item.metric: item for item in summaries}
    mass, leg_m = known.mass_kg or nan, known.leg_length_m or nan
    leg_sd = known.leg_length_share_sd
    by_leg = float(dimensionless_stiffness(np.ones(1), leg_m)[0])
    rate = float(step_rate_for_leg(np.ones(1), leg_m)[0])
    return (
        _times(found, "peak_force_n", "peak_force_bw", mass * STANDARD_GRAVITY_MPS2, NO_MASS),
        _times(found, "vertical_stiffness_n_per_m", "vertical_stiffness_n_per_m_per_kg", mass,
               NO_MASS),
        _times(found, "leg_stiffness_n_per_m", "leg_stiffness_n_per_m_per_kg", mass, NO_MASS),
        _times(found, "vertical_stiffness_dimensionless", "vertical_stiffness_n_per_m_per_kg",
               by_leg, NO_LEG, leg_sd),
        _times(found, "leg_stiffness_dimensionless", "leg_stiffness_n_per_m_per_kg", by_leg,
               NO_LEG, leg_sd),
        _times(found, "step_length_in_leg_lengths", "step_length_m", 1.0 / leg_m, NO_LEG, leg_sd),
        _times(found, "cadence_for_leg_length", "cadence_spm", rate, NO_LEG, 0.5 * leg_sd),
        _froude(found.get("speed_mps"), leg_m, leg_sd),
        _vertical_ratio(found.get("vertical_oscillation_m"), found.get("step_length_m")),
    )  # fmt: skip


def _times(
    found: dict[str, MetricSummary], name: str, metric: str, factor: float, missing: str,
    factor_sd: float = 0.0,
) -> Scaled:  # fmt: skip
    """A median times a factor; ``factor_sd`` is the uncertainty of the factor as a share."""
    item = found.get(metric)
    if item is None or not item.n:
        return _none(name, item)
    if not np.isfinite(factor):
        return Scaled(name, nan, nan, missing)
    share_sd = sqrt((item.uncertainty / item.median) ** 2 + factor_sd**2) if item.median else 0.0
    value = factor * item.median
    return Scaled(name, value, abs(value) * share_sd, "")


def _froude(speed: MetricSummary | None, leg_m: float, leg_sd: float) -> Scaled:
    name = "froude"
    if speed is None or not speed.n:
        return _none(name, speed)
    if not np.isfinite(leg_m):
        return Scaled(name, nan, nan, NO_LEG)
    value = float(froude(np.array([speed.median]), leg_m)[0])
    share_sd = sqrt((2.0 * speed.uncertainty / speed.median) ** 2 + leg_sd**2)
    return Scaled(name, value, value * share_sd, "")


def _vertical_ratio(rise: MetricSummary | None, step: MetricSummary | None) -> Scaled:
    name = "vertical_ratio"
    if rise is None or not rise.n:
        return _none(name, rise)
    if step is None or not step.n:
        return _none(name, step)
    value = rise.median / step.median
    shares = (rise.uncertainty / rise.median, step.uncertainty / step.median)
    return Scaled(name, value, value * float(np.hypot(*shares)), "")


def _none(name: str, item: MetricSummary | None) -> Scaled:
    return Scaled(name, nan, nan, (item.reason if item else "") or "not measured")
