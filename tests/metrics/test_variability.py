"""What was put in as the runner's own variation comes out again, without the noise."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.metrics.variability import (
    session_uncertainty,
    smallest_real_change,
    variabilities,
    without_noise,
)
from gaitlab.model.gait import RUN, WALK
from gaitlab.signal.middle import running_median


def varied(made_up, true_sd, noise_sd, *, n=400, drift=0.0, seed=3):
    """Contact times with a known spread, a known noise, and a slow change."""
    rng = np.random.default_rng(seed)
    contacts = made_up.made_up_contacts(made_up.steady(4.0, n), 5.0)
    time = 0.2 + drift * np.linspace(0, 1, n) + rng.normal(0, np.hypot(true_sd, noise_sd), n)
    sd = np.full(n, noise_sd / 0.6 / np.sqrt(2))  # events are trusted to 0.6 of what they state
    return replace(contacts, contact_time_s=time, ic_sd_s=sd, tc_sd_s=sd)


def of(contacts, name="contact_time_s", activity=RUN):
    return next(item for item in variabilities(contacts, activity) if item.metric == name)


def test_the_variation_that_was_put_in_is_found_beneath_the_noise(made_up):
    found = of(varied(made_up, 0.006, 0.004))
    assert found.noise_sd == pytest.approx(0.004, rel=1e-6)
    assert found.true_sd == pytest.approx(0.006, rel=0.15)
    assert found.cv_percent == pytest.approx(3.0, rel=0.15)


def test_slow_changes_are_no_variability(made_up):
    even, drifting = (of(varied(made_up, 0.006, 0.002, drift=by)) for by in (0.0, 0.06))
    assert drifting.sd == pytest.approx(even.sd, rel=0.1)


def test_a_runner_as_quiet_as_the_noise_is_not_resolvable(made_up):
    found = of(varied(made_up, 0.001, 0.005))
    assert not found.resolvable
    assert np.isnan(found.true_sd)
    assert np.isnan(found.cv_percent)
    assert "not resolvable" in found.reason


def test_feet_that_differ_do_not_make_a_runner_vary(made_up):
    contacts = varied(made_up, 0.004, 0.002)
    apart = replace(contacts, contact_time_s=contacts.contact_time_s + 0.05 * contacts.foot)
    assert of(apart).sd == pytest.approx(of(contacts).sd, rel=1e-6)


def test_thirty_contacts_of_each_foot_are_needed(made_up):
    found = of(varied(made_up, 0.006, 0.002, n=58))
    assert not found.resolvable
    assert found.reason == "29 contacts of a foot, 30 are needed"
    assert of(varied(made_up, 0.006, 0.002, n=60)).resolvable


def test_an_angle_has_a_spread_and_no_coefficient(made_up):
    contacts = varied(made_up, 0.006, 0.002)
    contacts = replace(contacts, strike_angle_sd_rad=np.full(len(contacts), 0.002))
    found = of(contacts, "strike_angle_rad")
    assert found.resolvable
    assert np.isnan(found.cv_percent)


def test_nothing_varies_in_nothing(made_up):
    assert variabilities(varied(made_up, 0.006, 0.002), WALK) == ()
    assert variabilities(made_up.made_up_contacts(made_up.steady(4.0, 0), 0.0), RUN) == ()


@pytest.mark.parametrize("n", [1, 2])
def test_single_contacts_have_no_variability(made_up, n):
    for item in variabilities(made_up.made_up_contacts(made_up.steady(4.0, n), 5.0), RUN):
        assert not item.resolvable
        assert item.reason


def test_a_metric_that_was_never_measured_says_how_few(made_up):
    contacts = varied(made_up, 0.006, 0.002)
    blind = replace(contacts, stride_length_m=np.full(len(contacts), np.nan))
    found = of(blind, "stride_length_m")
    assert (found.n, found.resolvable) == (0, False)
    assert found.reason.startswith("0 contacts")


def test_noise_is_taken_off_as_squares():
    assert without_noise(5.0, 3.0) == pytest.approx(4.0)
    assert without_noise(1.0, 3.0) == 0.0


def test_the_smallest_real_change_of_four_milliseconds_is_eleven():
    assert 1000 * smallest_real_change(0.004) == pytest.approx(11.1, abs=0.05)


def test_a_session_is_less_certain_than_its_measurement():
    assert session_uncertainty(0.003, 0.032, 100) == pytest.approx(
        np.hypot(0.003, 0.00401), rel=0.01
    )
    assert np.isnan(session_uncertainty(0.003, 0.032, 0))


def test_the_running_median_follows_a_step_and_ignores_a_wild_value():
    values = np.array([1.0, 1.0, 50.0, 1.0, 2.0, 2.0, 2.0])
    assert running_median(values, 3).tolist() == [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]
    assert running_median(np.empty(0), 3).shape == (0,)
