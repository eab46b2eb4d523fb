"""A drift that was put in is found at matched speed; what speed does is not called drift."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.metrics.drift import distance_run_m, drifts, partial_slope, stretches, theil_sen
from gaitlab.model.gait import RUN, WALK


def long_run(made_up, *, per_km=0.0, speed=None, n=2400, seed=4):
    """Contact time of a run with a drift, s per km, and the law of speed."""
    speed = np.full(n, 4.0) if speed is None else speed
    contacts = made_up.made_up_contacts(speed, 5.0, seed=seed)
    km = distance_run_m(contacts) / 1000
    return replace(contacts, contact_time_s=contacts.contact_time_s + per_km * km)


def of(contacts, name="contact_time_s"):
    return next(item for item in drifts(contacts, RUN) if item.metric == name)


def test_the_drift_that_was_put_in_is_found(made_up):
    found = of(long_run(made_up, per_km=0.005))
    assert found.per_km == pytest.approx(0.005, abs=0.0004)
    assert found.low_per_km < 0.005 < found.high_per_km
    assert found.clear
    assert found.speed_mps == pytest.approx(4.0, abs=0.02)


def test_a_run_without_drift_has_none(made_up):
    found = of(long_run(made_up))
    assert not found.clear
    assert found.low_per_km < 0 < found.high_per_km
    assert found.reason == "no clear change"


def test_nine_of_ten_intervals_hold_the_truth(made_up):
    held = [
        (item := of(long_run(made_up, per_km=0.003, n=600, seed=seed))).low_per_km
        < 0.003
        < item.high_per_km
        for seed in range(40)
    ]
    assert 0.78 <= np.mean(held) <= 1.0


@pytest.mark.parametrize("seed", range(6))
def test_the_last_digit_of_the_speeds_does_not_change_a_drift(made_up, seed):
    one = long_run(made_up, per_km=0.005, n=590, seed=seed)  # an odd number of pairs
    rounding = 1.0 + 1e-13 * np.random.default_rng(seed).normal(size=len(one))
    found, again = of(one), of(replace(one, speed_mps=one.speed_mps * rounding))
    assert found.per_km == pytest.approx(again.per_km, rel=1e-9)
    assert found.low_per_km == pytest.approx(again.low_per_km, rel=1e-9)


def test_slowing_down_is_not_called_a_longer_contact(made_up):
    """Contact time follows speed exactly; speed wanders and falls by 5 % on the way."""
    k = np.arange(2400)
    speed = 4.0 + 0.15 * np.sin(k / 90) - 0.2 * k / 2400
    raw = long_run(made_up, speed=speed)
    plain, _ = theil_sen(distance_run_m(raw)[::20] / 1000, raw.contact_time_s[::20])
    assert plain > 0.002  # a slope against distance alone would say fatigue
    assert abs(of(raw).per_km) < 0.001


def test_a_drift_is_found_while_speed_wanders(made_up):
    speed = 4.0 + 0.15 * np.sin(np.arange(2400) / 90)
    assert of(long_run(made_up, speed=speed, per_km=0.005)).per_km == pytest.approx(
        0.005, abs=0.001
    )


def test_speed_that_changes_with_distance_alone_cannot_be_told_from_it(made_up):
    speed = np.linspace(4.2, 3.8, 2400)
    contacts = replace(long_run(made_up, speed=speed), speed_mps=speed)
    found = of(contacts)
    assert np.isnan(found.per_km)
    assert "together" in found.reason


def test_a_kick_at_the_end_does_not_count(made_up):
    speed = np.concatenate((np.full(2000, 4.0), np.full(400, 5.5)))
    found = of(long_run(made_up, speed=speed))
    assert abs(found.per_km) < 0.001
    assert found.speed_mps == pytest.approx(4.0, abs=0.02)


def test_a_few_wild_contacts_do_not_bend_it(made_up):
    contacts = long_run(made_up, per_km=0.005)
    wild = contacts.contact_time_s.copy()
    wild[-60::3] = 0.9
    found = of(replace(contacts, contact_time_s=wild))
    assert found.per_km == pytest.approx(0.005, abs=0.001)


def test_feet_that_differ_do_not_drift(made_up):
    contacts = long_run(made_up)
    apart = replace(contacts, contact_time_s=contacts.contact_time_s + 0.05 * contacts.foot)
    assert of(apart).per_km == pytest.approx(of(contacts).per_km, abs=2e-4)


def test_a_short_run_says_what_it_lacks(made_up):
    few = of(long_run(made_up, n=100))
    assert np.isnan(few.per_km)
    assert few.reason == "only 100 contacts at one speed, 120 are needed"
    short = of(long_run(made_up, n=200))
    assert "m at one speed, 400 m are needed" in short.reason


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_contacts_have_no_drift(made_up, n):
    contacts = made_up.made_up_contacts(made_up.steady(4.0, n), 5.0)
    assert all(np.isnan(item.per_km) for item in drifts(contacts, RUN))
    assert drifts(contacts, WALK) == ()


def test_without_any_speed_there_is_no_matched_speed(made_up):
    contacts = long_run(made_up)
    blind = replace(contacts, speed_mps=np.full(len(contacts), np.nan))
    assert drifts(blind, RUN) == ()
    assert np.isnan(distance_run_m(blind)).all()


def test_distance_is_speed_times_time_without_the_pauses(made_up):
    contacts = made_up.made_up_contacts(made_up.steady(4.0, 200), 5.0)
    later = contacts.ic_time_s + 100.0 * (np.arange(200) >= 100)
    contacts = replace(contacts, ic_time_s=later, speed_mps=np.full(200, 4.0))
    moving_s = np.ptp(later) - np.diff(later).max()
    assert distance_run_m(contacts)[-1] == pytest.approx(4.0 * moving_s)


def test_stretches_are_medians_of_neighbours():
    rows = np.column_stack((np.arange(40.0), np.ones(40)))
    assert stretches(rows)[:, 0].tolist() == [4.5, 14.5, 24.5, 34.5]


def test_x_that_never_differs_has_no_slope():
    assert np.isnan(theil_sen(np.ones(5), np.arange(5.0))[0])


def test_the_partial_slope_by_hand():
    rng = np.random.default_rng(0)
    x, speed = rng.normal(size=100), rng.normal(size=100)
    slope, low, high = partial_slope(x, speed, 2.0 * x - 7.0 * speed)
    assert slope == pytest.approx(2.0, abs=0.4)
    assert low <= slope <= high
