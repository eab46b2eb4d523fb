"""Medians, how sure they are, and in words why not surer."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.metrics.catalog import METRIC_NAMES
from gaitlab.metrics.mechanics import Circumstances, not_level, with_mechanics
from gaitlab.metrics.summary import summarize
from gaitlab.metrics.uncertainty import (
    contact_noise,
    median_uncertainty,
    moved_by_noise,
    shared_uncertainty,
    typical,
)
from gaitlab.model.gait import WALK, Contacts, Flag

KNOWN = Circumstances(mass_kg=66.0, leg_length_m=0.95)


@pytest.fixture
def steady(made_up):
    return with_mechanics(made_up.made_up_contacts(made_up.steady(4.0, 200), 5.0), KNOWN)


def row(contacts, name, scope="both", known=KNOWN):
    rows = summarize(contacts, 200.0, known)
    return next(item for item in rows if (item.metric, item.scope) == (name, scope))


def changed(contacts: Contacts, **values):
    n = len(contacts)
    return replace(contacts, **{name: np.full(n, value) for name, value in values.items()})


def test_every_metric_is_there_for_both_feet_and_each(steady):
    rows = summarize(steady, 200.0, KNOWN)
    assert {(item.metric, item.scope) for item in rows} == {
        (name, scope) for name in METRIC_NAMES for scope in ("both", "left", "right")
    }


def test_medians_are_over_valid_contacts(steady):
    contact = steady.contact_time_s.copy()
    contact[:50] = 9.0
    valid = np.arange(200) >= 50
    found = row(replace(steady, contact_time_s=contact, valid=valid), "contact_time_s")
    assert found.n == 150
    assert found.median == pytest.approx(np.median(contact[50:]))


def test_no_median_is_certain(steady):
    for item in summarize(steady, 200.0, KNOWN):
        assert item.n == 0 or item.uncertainty > 0


def test_less_certain_events_make_every_time_less_certain(steady):
    worse = changed(steady, ic_sd_s=0.012, tc_sd_s=0.018)
    for name in ("contact_time_s", "flight_time_s", "duty_factor", "peak_force_bw"):
        assert row(worse, name).uncertainty > 2 * row(steady, name).uncertainty
    surer = changed(steady, ic_sd_s=0.0002)
    assert row(worse, "cadence_spm").uncertainty > row(surer, "cadence_spm").uncertainty


def test_less_certain_angles_and_lengths_make_their_medians_less_certain(steady):
    worse = changed(steady, strike_angle_sd_rad=0.2, stride_length_sd_m=0.4)
    for name in (
        "strike_angle_rad",
        "stride_length_m",
        "speed_mps",
        "leg_stiffness_n_per_m_per_kg",
    ):
        assert row(worse, name).uncertainty > 1.3 * row(steady, name).uncertainty
    assert row(worse, "contact_time_s").uncertainty == row(steady, "contact_time_s").uncertainty


def test_cadence_is_nearly_exact_but_not_exact(steady):
    found = row(steady, "cadence_spm")
    assert 0.0 < found.uncertainty < 0.005 * found.median


def test_ten_times_the_contacts_do_not_help_against_what_they_share(made_up):
    few, many = (
        row(made_up.made_up_contacts(made_up.steady(4.0, n), 5.0), "contact_time_s").uncertainty
        for n in (200, 2000)
    )
    assert many < few
    assert many > 0.8 * few


def test_contacts_that_are_missing_let_the_runners_own_spread_in(steady):
    usual = typical(steady)
    whole = median_uncertainty("cadence_spm", usual, KNOWN, 50, 50, 180.0, 6.0)
    half = median_uncertainty("cadence_spm", usual, KNOWN, 50, 100, 180.0, 6.0)
    assert half > 1.3 * whole


@pytest.mark.parametrize(("noise", "spread"), [(0.3, 4.0), (1.0, 4.0), (2.0, 2.0)])
def test_noise_moves_a_median_as_far_as_said(noise, spread):
    """Simulated: medians of the same values with and without noise; spread is what is seen."""
    rng = np.random.default_rng(1)
    true = rng.normal(0.0, np.sqrt(max(spread**2 - noise**2, 0.0)), (4000, 61))
    seen = true + rng.normal(0.0, noise, true.shape)
    moved = np.std(np.median(seen, axis=1) - np.median(true, axis=1)) * np.sqrt(61)
    assert moved_by_noise(noise, spread) == pytest.approx(moved, rel=0.25)


def test_peak_force_inherits_the_uncertainty_of_contact_time(steady):
    """By hand: F = pi/2 T / t_c with the step T fixed, so dF / F = dt_c / t_c."""
    usual = typical(steady)
    by_s = shared_uncertainty("contact_time_s", usual, KNOWN, usual.contact_time_s)
    force = np.median(steady.peak_force_bw)
    inherited = shared_uncertainty("peak_force_bw", usual, KNOWN, force)
    assert inherited / force == pytest.approx(by_s / usual.contact_time_s, rel=0.02)


def test_a_guessed_leg_makes_leg_stiffness_less_certain(steady):
    guessed = replace(KNOWN, leg_length_share_sd=0.10)
    name = "leg_stiffness_n_per_m_per_kg"
    assert row(steady, name, known=guessed).uncertainty > row(steady, name).uncertainty


def test_walking_events_are_less_certain(steady):
    running, walking = typical(steady), typical(changed(steady, activity=np.int8(WALK)))
    assert shared_uncertainty("contact_time_s", walking, KNOWN, 0.7) > shared_uncertainty(
        "contact_time_s", running, KNOWN, 0.2
    )
    assert contact_noise("cadence_spm", walking, 110.0) > 0.0


def test_one_contact_is_poor_and_none_is_not_measurable(made_up):
    one = row(made_up.made_up_contacts(made_up.steady(4.0, 1), 5.0), "contact_time_s")
    assert (one.n, one.quality) == (1, "poor")
    assert np.isfinite(one.uncertainty)
    assert summarize(made_up.made_up_contacts(made_up.steady(4.0, 0), 5.0), 200.0) == ()


def test_a_metric_without_a_value_says_why(steady):
    blind = replace(
        changed(steady, strike_angle_rad=np.nan),
        flags=np.full(200, int(Flag.UNCALIBRATED), np.int32),
    )
    found = row(blind, "strike_angle_rad")
    assert (found.n, found.quality) == (0, "not measurable")
    assert "zero" in found.reason
    assert np.isnan(found.uncertainty)


def test_an_activity_on_one_foot_only_keeps_its_name_for_the_other(steady):
    activity = np.where((np.arange(200) < 20) & (steady.foot == 0), WALK, 0).astype(np.int8)
    rows = summarize(replace(steady, activity=activity), 200.0, KNOWN)
    right = [item for item in rows if (item.activity, item.scope) == ("walk", "right")]
    assert {item.n for item in right} == {0}
    assert {item.reason for item in right} == {"no contacts"}


@pytest.mark.parametrize(
    ("flag", "name", "word"),
    [
        (Flag.LOW_RATE, "peak_force_bw", "rate"),
        (Flag.CLIPPED, "speed_mps", "clipped in 100 %"),
        (Flag.ONE_SIDED, "flight_ratio", "one foot"),
        (Flag.DISAGREE, "contact_time_s", "disagree"),
        (Flag.GAP, "cadence_spm", "missing samples"),
        (Flag.LOW_RATE, "step_time_s", "rate"),
        (Flag.NO_GYROSCOPE, "cadence_spm", "without a gyroscope"),
        (Flag.NO_GYROSCOPE | Flag.LOW_RATE, "stride_time_s", "without a gyroscope"),
    ],
)
def test_flags_take_the_quality_down_with_their_reason(steady, flag, name, word):
    found = row(replace(steady, flags=np.full(200, int(flag), np.int32)), name)
    assert found.quality != "good"
    assert word in found.reason


def test_without_a_gyroscope_a_slow_pod_counts_poorly_and_a_quick_one_fairly(steady):
    words = {}
    for flags in (Flag.NO_GYROSCOPE, Flag.NO_GYROSCOPE | Flag.LOW_RATE):
        marked = replace(steady, flags=np.full(200, int(flags), np.int32))
        words[flags] = row(marked, "cadence_spm").quality
    assert list(words.values()) == ["fair", "poor"]


@pytest.mark.parametrize(
    ("column", "metric", "share", "word"),
    [
        ("stride_length_sd_m", "stride_length_m", 0.01, "good"),
        ("stride_length_sd_m", "stride_length_m", 0.08, "fair"),
        ("stride_length_sd_m", "speed_mps", 0.30, "poor"),
        ("ic_sd_s", "contact_time_s", 0.02, "good"),
        ("ic_sd_s", "contact_time_s", 0.15, "fair"),
        ("ic_sd_s", "contact_time_s", 0.35, "poor"),
    ],
)
def test_a_number_too_unsure_to_tell_runners_apart_is_not_good(steady, column, metric, share, word):
    value = "stride_length_m" if "length" in column else "contact_time_s"
    unsure = replace(steady, **{column: share * getattr(steady, value)})
    found = row(unsure, metric)
    assert found.quality == word
    assert word == "good" or f"known to ± {100 * found.uncertainty / found.median:.0f} %" in (
        found.reason
    )


def test_an_angle_that_is_unsure_by_three_degrees_is_fair_and_by_five_poor(steady):
    words = [
        row(replace(steady, strike_angle_sd_rad=np.full(200, np.radians(sd))), "strike_angle_rad")
        for sd in (2.0, 5.0, 10.0)
    ]
    assert [found.quality for found in words] == ["good", "fair", "poor"]
    assert "degrees" in words[1].reason


@pytest.mark.parametrize(("lost", "word"), [(0.1, "good"), (0.3, "fair"), (0.6, "poor")])
def test_a_speed_without_its_fast_strides_is_not_good(steady, lost, word):
    speed = steady.speed_mps.copy()
    speed[np.argsort(speed)[-round(lost * len(speed)) :]] = np.nan
    sure = changed(steady, stride_length_sd_m=0.03)
    found = row(replace(sure, speed_mps=speed), "speed_mps")
    assert found.quality == word
    assert (f"{round(100 * lost)} % of the strides have none" in found.reason) is (word != "good")


def test_a_slope_that_was_named_makes_the_angle_fair(steady):
    hilly = replace(KNOWN, not_level=not_level("hill, 6 %"))
    sure = changed(steady, strike_angle_sd_rad=np.radians(2.0))
    level, found = (row(sure, "strike_angle_rad", known=known) for known in (KNOWN, hilly))
    assert (level.quality, found.quality) == ("good", "fair")
    assert "not level" in found.reason
    assert row(steady, "contact_time_s", known=hilly).quality == "good"
