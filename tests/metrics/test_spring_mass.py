"""The spring model against published numbers, Newton's laws and its own identities."""

import numpy as np
import pytest

from gaitlab.metrics.spring_mass import (
    contact_length_m,
    dimensionless_stiffness,
    drop_m,
    flight_ratio,
    flight_rise_m,
    froude,
    leg_compression_m,
    leg_stiffness_n_per_m_per_kg,
    mean_force_bw,
    peak_force_bw,
    step_rate_for_leg,
    vertical_oscillation_m,
    vertical_stiffness_n_per_m_per_kg,
)
from gaitlab.model.units import STANDARD_GRAVITY_MPS2 as G

BOLT_CONTACT_S, BOLT_FLIGHT_S = np.array([0.086]), np.array([0.145])  # Coh 2018, 70-90 m
CONTACT_S = np.array([0.10, 0.20, 0.26])
FLIGHT_S = np.array([0.13, 0.10, 0.05])
SPEED_MPS = np.array([9.5, 4.0, 2.6])
LEG_M = 0.94


def test_bolt_pushes_with_four_point_two_body_weights_and_rises_five_centimetres():
    assert peak_force_bw(BOLT_CONTACT_S, BOLT_FLIGHT_S)[0] == pytest.approx(4.22, abs=0.005)
    rise_m = vertical_oscillation_m(BOLT_CONTACT_S, BOLT_FLIGHT_S)[0]
    assert 100 * rise_m == pytest.approx(4.8, abs=0.05)


def test_half_sine_impulse_carries_body_weight_over_the_step():
    """Independent of the formula: impulse over the contact is weight times step time."""
    phase = np.linspace(0.0, np.pi, 4001)
    force_bw = peak_force_bw(CONTACT_S, FLIGHT_S)[:, None] * np.sin(phase)
    impulse = np.trapezoid(force_bw, phase / np.pi * CONTACT_S[:, None], axis=1)
    np.testing.assert_allclose(impulse, CONTACT_S + FLIGHT_S, rtol=1e-6)


def test_the_body_sinks_as_far_as_newton_makes_it_sink():
    """The path of a body under half a sine of force, integrated twice in small steps."""
    share = np.linspace(0.0, 1.0, 20001)
    for contact_s, flight_s in zip(CONTACT_S, FLIGHT_S, strict=True):
        time_s = share * contact_s
        peak = peak_force_bw(np.array([contact_s]), np.array([flight_s]))[0]
        pull = G * (peak * np.sin(np.pi * share) - 1.0)
        step_s = time_s[1]
        speed = -0.5 * G * flight_s + np.concatenate(([0.0], np.cumsum(pull[:-1]))) * step_s
        height = np.cumsum(speed) * step_s
        assert -height.min() == pytest.approx(
            drop_m(np.array([contact_s]), np.array([flight_s]))[0], rel=1e-3
        )


def test_weyands_relation_is_an_identity():
    steps_per_s = 1.0 / (CONTACT_S + FLIGHT_S)
    force_bw, length_m = mean_force_bw(CONTACT_S, FLIGHT_S), contact_length_m(CONTACT_S, SPEED_MPS)
    np.testing.assert_allclose(steps_per_s * force_bw * length_m, SPEED_MPS, rtol=1e-12)


def test_vertical_stiffness_is_dalleaus():
    step_s = CONTACT_S + FLIGHT_S
    dalleau = np.pi * step_s / (CONTACT_S**2 * (step_s / np.pi - CONTACT_S / 4.0))
    np.testing.assert_allclose(
        vertical_stiffness_n_per_m_per_kg(CONTACT_S, FLIGHT_S), dalleau, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("speed_mps", "contact_s", "less_s_kn_m", "more_s_kn_m"),
    [(9.5, 0.105, 1.14, 0.86), (4.0, 0.220, 1.05, 0.95)],
)
def test_five_milliseconds_move_leg_stiffness_as_known(
    speed_mps, contact_s, less_s_kn_m, more_s_kn_m
):
    """Step time fixed: 14 % in a sprint (15.3 to 17.7 and 13.4 kN/m), 5 % in a run."""
    step_s = 0.22 if speed_mps > 6 else 0.36
    contact = contact_s + np.array([-0.005, 0.0, 0.005])
    speed = np.full(3, speed_mps)
    stiff = leg_stiffness_n_per_m_per_kg(contact, step_s - contact, speed, 0.53 * 1.8)
    assert stiff[0] / stiff[1] == pytest.approx(less_s_kn_m, abs=0.03)
    assert stiff[2] / stiff[1] == pytest.approx(more_s_kn_m, abs=0.03)


@pytest.mark.parametrize(
    ("speed_mps", "contact_s", "step_s", "known_kn_m"),
    [(9.5, 0.105, 0.243, (17.7, 15.3, 13.4)), (4.0, 0.220, 0.304, (10.5, 10.0, 9.5))],
)
def test_the_known_leg_stiffnesses_come_out_to_the_digits_given(
    speed_mps, contact_s, step_s, known_kn_m
):
    """Runner and step time are not given with them: 70 kg, 1.85 m and these step times are one
    choice with which all six agree."""
    contact = contact_s + np.array([-0.005, 0.0, 0.005])
    stiff = leg_stiffness_n_per_m_per_kg(
        contact, step_s - contact, np.full(3, speed_mps), 0.53 * 1.85
    )
    np.testing.assert_allclose(70.0 * stiff / 1000.0, known_kn_m, atol=0.051)


def test_a_leg_that_travels_nowhere_shortens_by_the_drop_alone():
    still = np.zeros(3)
    np.testing.assert_allclose(
        leg_compression_m(CONTACT_S, FLIGHT_S, still, LEG_M), drop_m(CONTACT_S, FLIGHT_S)
    )
    np.testing.assert_allclose(
        leg_stiffness_n_per_m_per_kg(CONTACT_S, FLIGHT_S, still, LEG_M),
        vertical_stiffness_n_per_m_per_kg(CONTACT_S, FLIGHT_S),
    )


def test_the_arc_of_a_leg_is_pythagoras():
    """Half a contact length of 3, a leg of 5: it reaches 4 down, so the arc takes 1."""
    one = np.array([1.0])
    shorter_m = leg_compression_m(one, one, np.array([6.0]), 5.0) - drop_m(one, one)
    np.testing.assert_allclose(shorter_m, 1.0)


def test_a_contact_longer_than_two_legs_has_no_stiffness():
    far = np.array([0.5])
    assert np.isnan(leg_compression_m(far, far, np.array([4.0]), LEG_M)).all()
    assert np.isnan(leg_stiffness_n_per_m_per_kg(far, far, np.array([4.0]), LEG_M)).all()


def test_a_body_thrown_up_for_half_a_second_rises_thirty_centimetres():
    assert flight_rise_m(np.array([0.5]))[0] == pytest.approx(0.5 * G * 0.25**2)


def test_size_alone_changes_nothing_that_is_free_of_size():
    """Twice as large in every length, times longer by the root of two: the same runner."""
    twice, root = 2.0, np.sqrt(2.0)
    one = leg_stiffness_n_per_m_per_kg(CONTACT_S, FLIGHT_S, SPEED_MPS, LEG_M)
    two = leg_stiffness_n_per_m_per_kg(
        root * CONTACT_S, root * FLIGHT_S, root * SPEED_MPS, twice * LEG_M
    )
    np.testing.assert_allclose(
        dimensionless_stiffness(one, LEG_M), dimensionless_stiffness(two, twice * LEG_M)
    )
    np.testing.assert_allclose(froude(SPEED_MPS, LEG_M), froude(root * SPEED_MPS, twice * LEG_M))
    cadence = np.array([180.0])
    np.testing.assert_allclose(
        step_rate_for_leg(cadence, LEG_M), step_rate_for_leg(cadence / root, twice * LEG_M)
    )


@pytest.mark.parametrize("flight_s", [0.0, -0.05, np.nan])
def test_without_flight_there_is_no_spring(flight_s):
    contact, flight = np.array([0.3]), np.array([flight_s])
    for number in (mean_force_bw, peak_force_bw, drop_m, vertical_oscillation_m):
        assert np.isnan(number(contact, flight)).all()
    assert np.isnan(vertical_stiffness_n_per_m_per_kg(contact, flight)).all()


def test_no_contacts_give_no_numbers():
    nothing = np.empty(0)
    for number in (flight_ratio, peak_force_bw, vertical_oscillation_m):
        assert number(nothing, nothing).shape == (0,)
    assert leg_stiffness_n_per_m_per_kg(nothing, nothing, nothing, LEG_M).shape == (0,)


def test_an_unknown_leg_gives_no_leg_stiffness():
    assert np.isnan(leg_stiffness_n_per_m_per_kg(CONTACT_S, FLIGHT_S, SPEED_MPS, np.nan)).all()
