"""Derived numbers: right where they hold, absent with a reason where they do not."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.metrics.mechanics import (
    Circumstances,
    circumstances_of,
    is_accelerating,
    not_level,
    peak_impact_mps2,
    speed_change_mps2,
    why_not,
    with_mechanics,
)
from gaitlab.metrics.summary import summarize
from gaitlab.model.gait import BOUND, HOP, MECHANICS, OTHER, WALK, Flag, FootSignal
from gaitlab.model.recording import Athlete, Setup

KNOWN = Circumstances(mass_kg=66.0, leg_length_m=0.95)
SPRING = (
    "vertical_oscillation_m",
    "peak_force_bw",
    "vertical_stiffness_n_per_m_per_kg",
    "leg_stiffness_n_per_m_per_kg",
)


@pytest.fixture
def steady(made_up):
    return made_up.made_up_contacts(made_up.steady(4.0, 60), 5.0)


def as_activity(contacts, code):
    return replace(contacts, activity=np.full(len(contacts), code, np.int8))


def test_a_steady_run_has_every_number_but_the_impact(steady):
    made = with_mechanics(steady, KNOWN)
    for name in MECHANICS:
        assert np.isfinite(getattr(made, name)).all() == (name != "peak_impact_mps2")
    np.testing.assert_allclose(
        made.peak_force_bw, 0.5 * np.pi * (made.step_time_s / made.contact_time_s)
    )
    np.testing.assert_allclose(made.contact_length_m, made.speed_mps * made.contact_time_s)


def test_nothing_else_is_changed(steady):
    before = steady.contact_time_s.copy()
    made = with_mechanics(steady, KNOWN)
    assert np.isnan(steady.peak_force_bw).all()
    np.testing.assert_array_equal(made.contact_time_s, before)


@pytest.mark.parametrize(("code", "word"), [(WALK, "walking"), (BOUND, "bound"), (OTHER, "only")])
def test_what_is_no_spring_has_no_spring_numbers_and_says_why(steady, code, word):
    other = as_activity(steady, code)
    made = with_mechanics(other, KNOWN)
    for name in SPRING:
        assert np.isnan(getattr(made, name)).all()
        assert word in why_not(name, made, KNOWN, 200.0)


def test_walking_has_no_flight_ratio(steady):
    made = with_mechanics(as_activity(steady, WALK), KNOWN)
    assert np.isnan(made.flight_ratio).all()
    assert why_not("flight_ratio", made, KNOWN, 200.0) == "walking has no flight"


def test_hops_have_a_spring_but_no_leg_that_sweeps(steady):
    made = with_mechanics(as_activity(steady, HOP), KNOWN)
    assert np.isfinite(made.vertical_stiffness_n_per_m_per_kg).all()
    assert np.isnan(made.leg_stiffness_n_per_m_per_kg).all()
    assert "arc" in why_not("leg_stiffness_n_per_m_per_kg", made, KNOWN, 200.0)


@pytest.mark.parametrize(
    ("surface", "steep"),
    [
        ("hilly forest road", True),
        ("uphill", True),
        ("treadmill 4%", True),
        ("treadmill, incline 1.5 %", False),
        ("treadmill 2,5 %", True),
        ("track", False),
        ("", False),
        (None, False),
    ],
)
def test_only_level_ground_has_stiffness(steady, surface, steep):
    assert bool(not_level(surface)) == steep
    known = circumstances_of(Athlete(mass_kg=60.0, leg_length_m=0.9), Setup(surface=surface))
    made = with_mechanics(steady, known)
    assert np.isnan(made.peak_force_bw).all() == steep
    if steep:
        assert surface in why_not("peak_force_bw", made, known, 200.0)


def test_a_leg_that_was_not_measured_is_taken_from_the_height_with_more_doubt():
    measured = circumstances_of(Athlete(height_m=1.8, leg_length_m=0.93), Setup())
    guessed = circumstances_of(Athlete(height_m=1.8), Setup())
    assert (measured.leg_length_m, guessed.leg_length_m) == (0.93, pytest.approx(0.954))
    assert guessed.leg_length_share_sd > measured.leg_length_share_sd
    assert circumstances_of(Athlete(), Setup()).leg_length_m is None


def test_without_a_leg_length_only_leg_stiffness_is_missing(steady):
    known = Circumstances()
    made = with_mechanics(steady, known)
    assert np.isfinite(made.vertical_stiffness_n_per_m_per_kg).all()
    assert np.isnan(made.leg_stiffness_n_per_m_per_kg).all()
    assert "leg length" in why_not("leg_stiffness_n_per_m_per_kg", made, known, 200.0)


def test_an_acceleration_is_found_as_put_in_from_uneven_steps_with_holes():
    rng = np.random.default_rng(2)
    time_s = np.cumsum(rng.uniform(0.2, 0.4, 80))
    speed = 3.0 + 0.6 * time_s
    speed[rng.random(80) < 0.2] = np.nan
    change = speed_change_mps2(time_s, speed)
    np.testing.assert_allclose(change[np.isfinite(change)], 0.6, atol=1e-9)
    assert np.isfinite(change).mean() > 0.9


def test_the_spring_is_left_out_while_speed_changes(made_up):
    speed = np.concatenate((np.linspace(3.0, 9.0, 24), np.full(40, 9.0)))  # 0.8 m/s each second
    contacts = made_up.made_up_contacts(speed, 0.0)
    contacts = replace(contacts, speed_mps=speed)
    made = with_mechanics(contacts, KNOWN)
    assert is_accelerating(contacts)[2:20].all()
    assert not is_accelerating(contacts)[34:].any()
    assert np.isnan(made.peak_force_bw[2:20]).all()
    assert np.isfinite(made.peak_force_bw[34:]).all()
    assert np.isfinite(made.flight_ratio).all()


def test_a_run_that_only_accelerates_says_so(made_up):
    speed = np.linspace(3.0, 9.0, 24)
    contacts = replace(made_up.made_up_contacts(speed, 0.0), speed_mps=speed)
    rows = summarize(with_mechanics(contacts, KNOWN), 200.0, KNOWN)
    force = next(row for row in rows if row.metric == "peak_force_bw" and row.scope == "both")
    assert force.n == 0
    assert "steady" in force.reason


def test_a_speed_that_nobody_knows_is_taken_as_steady(steady):
    blind = replace(steady, speed_mps=np.full(len(steady), np.nan))
    made = with_mechanics(blind, KNOWN)
    assert np.isfinite(made.peak_force_bw).all()
    assert np.isnan(made.leg_stiffness_n_per_m_per_kg).all()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_contacts_are_no_trouble(made_up, n):
    contacts = made_up.made_up_contacts(made_up.steady(4.0, n), 5.0)
    made = with_mechanics(contacts, KNOWN)
    assert len(made.peak_force_bw) == n


def foot_with_impacts(rate_hz, ic_s, peak, *, width_s=0.008):
    n = round(4.0 * rate_hz)
    time_s = np.arange(n) / rate_hz
    acc = np.zeros((n, 3))
    acc[:, 2] = 9.81
    after = time_s[:, None] - ic_s
    bump = np.where((after > 0) & (after < width_s), np.sin(np.pi * after / width_s), 0.0)
    acc[:, 2] += (peak - 9.81) * bump.sum(axis=1)
    acc[np.abs(time_s - ic_s[0] - 0.1) < 0.002] = 900.0  # the push-off: not an impact
    no = np.zeros(n, bool)
    return FootSignal("left", 0.0, rate_hz, acc, np.zeros((n, 3)), no, no, no)


@pytest.mark.parametrize("rate_hz", [500.0, 1000.0, 1125.0])
def test_the_impact_that_was_put_in_is_found(rate_hz):
    ic_s = np.array([0.5, 1.2, 1.9])
    found = peak_impact_mps2(foot_with_impacts(rate_hz, ic_s, 120.0), ic_s)
    np.testing.assert_allclose(found, 120.0, rtol=0.06)


def test_no_impact_below_500_samples_a_second():
    ic_s = np.array([0.5, 1.2])
    assert np.isnan(peak_impact_mps2(foot_with_impacts(400.0, ic_s, 120.0), ic_s)).all()


@pytest.mark.parametrize("field", ["missing", "acc_clipped"])
def test_a_clipped_or_missing_sample_hides_its_impact_alone(field):
    ic_s = np.array([0.5, 1.2])
    signal = foot_with_impacts(1000.0, ic_s, 120.0)
    spoilt = np.zeros(4000, bool)
    spoilt[505] = True
    found = peak_impact_mps2(replace(signal, **{field: spoilt}), ic_s)
    assert np.isnan(found[0])
    assert np.isfinite(found[1])


def test_an_impact_beyond_the_end_is_unknown():
    signal = foot_with_impacts(1000.0, np.array([0.5]), 120.0)
    assert np.isnan(peak_impact_mps2(signal, np.array([3.99, -0.5]))).all()


def test_a_foot_that_clips_too_often_has_no_impacts(made_up):
    contacts = made_up.made_up_contacts(made_up.steady(4.0, 8), 5.0, foot_codes=(0,))
    contacts = replace(contacts, ic_time_s=np.linspace(0.4, 3.4, 8))
    signal = foot_with_impacts(1000.0, contacts.ic_time_s, 120.0)
    assert np.isfinite(with_mechanics(contacts, KNOWN, [signal]).peak_impact_mps2).all()
    flags = contacts.flags.copy()
    flags[3] |= Flag.CLIPPED
    often = replace(contacts, flags=flags)
    made = with_mechanics(often, KNOWN, [signal])
    assert np.isnan(made.peak_impact_mps2).all()
    assert "12 %" in why_not("peak_impact_mps2", made, KNOWN, 1000.0)
    assert "500" in why_not("peak_impact_mps2", made, KNOWN, 200.0)
