"""Newtons and leg lengths from medians, or the reason why not."""

import numpy as np
import pytest

from gaitlab.metrics.mechanics import Circumstances
from gaitlab.metrics.scaled import NO_LEG, NO_MASS, scaled_numbers
from gaitlab.model.analysis import MetricSummary
from gaitlab.model.units import STANDARD_GRAVITY_MPS2 as G

MEDIANS = {
    "peak_force_bw": 3.0,
    "vertical_stiffness_n_per_m_per_kg": 400.0,
    "leg_stiffness_n_per_m_per_kg": 150.0,
    "step_length_m": 1.5,
    "cadence_spm": 180.0,
    "speed_mps": 4.5,
    "vertical_oscillation_m": 0.075,
}


def summary(name, value, n=50):
    numbers = [value] * 2 + [0.1, 0.1] + [value] * 2 + [0.02 * abs(value)]
    return MetricSummary(name, "both", "run", n, *numbers, "good", "" if n else "no flight")


def numbers(known, **changes):
    rows = [summary(name, value, **changes) for name, value in MEDIANS.items()]
    return {item.name: item for item in scaled_numbers(rows, known)}


def test_mass_and_leg_make_the_numbers_by_hand():
    found = numbers(Circumstances(mass_kg=70.0, leg_length_m=0.9))
    assert found["peak_force_n"].value == pytest.approx(3.0 * 70.0 * G)
    assert found["leg_stiffness_n_per_m"].value == pytest.approx(10500.0)
    assert found["leg_stiffness_dimensionless"].value == pytest.approx(150.0 * 0.9 / G)
    assert found["step_length_in_leg_lengths"].value == pytest.approx(1.5 / 0.9)
    assert found["cadence_for_leg_length"].value == pytest.approx(3.0 * np.sqrt(0.9 / G))
    assert found["froude"].value == pytest.approx(4.5**2 / (G * 0.9))
    assert found["vertical_ratio"].value == pytest.approx(0.05)


def test_uncertainty_is_that_of_the_median_and_of_the_leg():
    found = numbers(Circumstances(mass_kg=70.0, leg_length_m=0.9, leg_length_share_sd=0.03))
    force, step, froude = (
        found[name] for name in ("peak_force_n", "step_length_in_leg_lengths", "froude")
    )
    assert force.uncertainty / force.value == pytest.approx(0.02)
    assert step.uncertainty / step.value == pytest.approx(np.hypot(0.02, 0.03))
    assert froude.uncertainty / froude.value == pytest.approx(np.hypot(0.04, 0.03))


def test_without_mass_or_leg_the_reason_stands_in():
    found = numbers(Circumstances())
    assert found["peak_force_n"].reason == NO_MASS
    assert found["froude"].reason == NO_LEG
    assert np.isnan(found["froude"].value)
    assert found["vertical_ratio"].reason == ""


def test_without_a_median_the_reason_of_the_median_stands_in():
    found = numbers(Circumstances(mass_kg=70.0, leg_length_m=0.9), n=0)
    assert {item.reason for item in found.values()} == {"no flight"}
    nothing = scaled_numbers((), Circumstances(mass_kg=70.0, leg_length_m=0.9))
    assert {item.reason for item in nothing} == {"not measured"}
