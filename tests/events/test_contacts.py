"""An event is as sure as its detectors agree, and what it is sure of holds."""

from dataclasses import replace

import numpy as np
import pytest
from made_feet import bell, made_foot, with_hole

from gaitlab.events.agreement import (
    against_others,
    agreement,
    confidence,
    landing_witnesses,
    leaving_witnesses,
)
from gaitlab.events.contacts import find_events, find_events_without_gyroscope
from gaitlab.events.cycles import Cycles
from gaitlab.pipeline import analyze
from gaitlab.simulate import DISTANCE, Pod, Programme, simulate, stand, walk

RATES_HZ = (104.0, 208.0, 416.0, 1125.0)
HABITS_S = np.array([0.0, 0.010, -0.020, 0.004])


def witnessed(k=30, moved_s=0.0, at=20):
    """Four detectors with habits of their own; the chosen one is off by ``moved_s`` once."""
    times_s = 0.7 * np.arange(k) + HABITS_S[:, None]
    times_s[0, at] += moved_s
    return times_s


def test_detectors_that_always_differ_by_the_same_agree():
    found = agreement(witnessed())
    np.testing.assert_allclose(found[4:], 1.0)
    assert np.isnan(found[:4]).all()  # no habit is known yet


@pytest.mark.parametrize("moved_s", [-0.020, 0.005, 0.045])
def test_the_one_stride_in_which_the_chosen_detector_errs_stands_out(moved_s):
    times_s = witnessed(moved_s=moved_s)
    np.testing.assert_allclose(against_others(times_s)[20], -moved_s, atol=1e-12)
    found = agreement(times_s)
    assert found[20] == pytest.approx(1.0 / (1.0 + (moved_s / 0.005) ** 2))
    assert np.nanmin(np.delete(found, 20)) > 0.999


def test_one_witness_that_errs_alone_changes_nothing():
    times_s = witnessed()
    times_s[2, 20] += 0.2
    np.testing.assert_allclose(agreement(times_s)[20], 1.0)


def test_a_habit_that_changes_with_speed_is_not_disagreement():
    times_s = witnessed(k=60)
    times_s[2] -= 0.0005 * np.arange(60)  # half a millisecond more with each stride
    assert np.nanmin(agreement(times_s)) > 0.95


def test_a_witness_that_finds_nothing_is_not_asked():
    times_s = witnessed(moved_s=0.02)
    times_s[3] = np.nan
    np.testing.assert_allclose(against_others(times_s)[20], -0.02, atol=1e-12)
    assert np.isnan(agreement(np.where(np.arange(4)[:, None] > 0, np.nan, times_s))).all()


def test_nobody_to_ask_is_no_confidence():
    assert np.isnan(agreement(witnessed()[:1])).all()
    assert agreement(np.empty((3, 0))).shape == (0,)
    assert np.isnan(agreement(witnessed()[:, :4])).all()


def test_confidence_falls_from_one_to_nothing():
    found = confidence(np.array([0.0, 0.002, 0.005, 0.02, 1.0]))
    assert (np.diff(found) < 0.0).all()
    assert found[0] == 1.0
    assert found[-1] < 1e-4


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_steady_contacts_are_sure_and_near_the_truth(rate_hz):
    signal, cycles, ic_s, tc_s = made_foot(rate_hz)
    found = find_events(signal, cycles)
    n = len(ic_s)
    assert (found.ic_confidence[:n] > 0.5).all()
    assert (found.tc_confidence[:n] > 0.5).all()
    assert (abs(found.ic_s[:n] - ic_s) < 3.0 * found.ic_sd_s[:n]).all()
    assert (abs(found.tc_s[:n] - tc_s) < 3.0 * found.tc_sd_s[:n]).all()


@pytest.mark.parametrize("rate_hz", [208.0, 416.0])
def test_a_second_burst_where_none_was_before_lowers_the_confidence(rate_hz):
    signal, cycles, ic_s, _ = made_foot(rate_hz)
    usual = find_events(signal, cycles)
    time_s = np.arange(len(signal.missing)) / rate_hz
    acc = signal.acc_mps2.copy()
    acc[:, 2] += 45.0 * np.exp(-0.5 * ((time_s - ic_s[9] + 0.030) / 0.004) ** 2)
    found = find_events(replace(signal, acc_mps2=acc), cycles)
    assert abs(found.ic_s[9] - ic_s[9]) > 0.015  # it is taken in by the earlier burst
    assert found.ic_confidence[9] < 0.3 < usual.ic_confidence[9]
    assert found.ic_sd_s[9] > 2.0 * usual.ic_sd_s[9]
    np.testing.assert_allclose(found.ic_confidence[:9], usual.ic_confidence[:9])


def test_an_event_in_a_hole_is_nothing_and_its_partner_stays():
    signal, cycles, ic_s, tc_s = made_foot(208.0)
    found = find_events(with_hole(signal, tc_s[6] - 0.03, tc_s[6] + 0.03), cycles)
    assert np.isnan(found.tc_s[6])
    assert np.isnan(found.tc_confidence[6])
    assert abs(found.ic_s[6] - ic_s[6]) < 0.005


def test_slow_sensors_are_less_sure():
    sd = [find_events(*made_foot(rate)[:2]).ic_sd_s[8] for rate in (52.0, 104.0, 416.0)]
    assert sd[0] > sd[1] > sd[2]


def test_confidence_looks_back_only():
    signal, cycles, _, _ = made_foot(208.0)
    whole = find_events(signal, cycles)
    head = Cycles(*(part[:9] for part in (
        cycles.swing_sample, cycles.push_sample, cycles.next_swing_sample, cycles.period_s
    )))  # fmt: skip
    part = find_events(signal, head)
    np.testing.assert_allclose(part.ic_confidence, whole.ic_confidence[:9])
    np.testing.assert_allclose(part.tc_confidence, whole.tc_confidence[:9])


def test_no_cycles_and_no_gyroscope_are_no_trouble():
    signal, cycles, _, _ = made_foot(208.0)
    nothing = np.empty(0, dtype=np.int64)
    none = Cycles(nothing, nothing, nothing, np.empty(0))
    assert find_events(signal, none).ic_confidence.shape == (0,)
    assert landing_witnesses(signal, np.empty(0)).shape == (3, 0)
    assert leaving_witnesses(signal, np.empty(0)).shape == (3, 0)
    alone = find_events_without_gyroscope(signal, cycles)
    assert np.isnan(alone.ic_confidence).all()
    assert (alone.ic_sd_s >= 0.02).all()


def forefoot(rate_hz, rises_over_s):
    """A forefoot of 15 m/s2 whose heel comes down 40 ms later with six times that burst."""
    signal, cycles, ic_s, _ = made_foot(rate_hz, impact_mps2=15.0)
    t = np.arange(len(signal.missing)) / rate_hz
    acc, gyr = signal.acc_mps2.copy(), signal.gyr_radps.copy()
    acc[:, 2] += 90.0 * bell(t, ic_s + 0.052, 0.005) + 8.0 * bell(t, ic_s - 0.020, 0.008)
    acc[:, 2] += 15.0 * bell(t, ic_s + 0.012, rises_over_s) - 15.0 * bell(t, ic_s + 0.012, 0.005)
    gyr[:, 1] -= 3.0 * bell(t, ic_s + 0.022, 0.008) + 4.0 * bell(t, ic_s + 0.030, 0.012)
    return replace(signal, acc_mps2=acc, gyr_radps=gyr), cycles, ic_s


@pytest.mark.parametrize("rate_hz", RATES_HZ[1:])
def test_a_forefoot_lands_with_its_first_burst_though_the_heel_comes_down_harder(rate_hz):
    signal, cycles, ic_s = forefoot(rate_hz, rises_over_s=0.0035)
    found = find_events(signal, cycles).ic_s
    assert np.abs(found[: len(ic_s)] - ic_s).max() < 0.012


def test_but_what_rises_slowly_before_a_landing_is_the_braking_of_the_swing():
    signal, cycles, ic_s = forefoot(208.0, rises_over_s=0.016)
    found = find_events(signal, cycles).ic_s
    assert (found[: len(ic_s)] - ic_s > 0.025).all()


def test_a_walkers_heel_counts_though_only_the_forefoot_makes_the_force_rise():
    pods = (Pod("left", rate_hz=104.0), Pod("right", rate_hz=104.0))
    programme = Programme("a walk", (stand(4.0), walk(20.0), stand(3.0)))
    world = simulate(DISTANCE, programme, pods, 40)
    found = analyze(world.recording).contacts
    true_s = np.sort(np.asarray(world.truth.columns()["ic_time_s"], dtype=float))
    late_s = found.ic_time_s - true_s[np.abs(true_s - found.ic_time_s[:, None]).argmin(axis=1)]
    assert len(found) > 30
    assert np.median(late_s) < 0.020  # the forefoot comes down 50 ms after the heel
    assert np.median(found.ic_sd_s) > 0.010


def test_a_turn_beyond_the_gyroscopes_range_has_its_middle_and_a_wider_toe_off():
    signal, cycles, _, tc_s = made_foot(208.0)
    free = find_events(signal, cycles)
    gyr = np.minimum(signal.gyr_radps, 4.0)  # of 9 rad/s
    cut = signal.gyr_radps[:, 1] >= 4.0
    found = find_events(replace(signal, gyr_radps=gyr, gyr_clipped=cut), cycles)
    n = len(tc_s)
    assert np.abs(found.tc_s[:n] - free.tc_s[:n]).max() < 0.002
    hidden_s = 2 * 0.030 * np.sqrt(2.0 * np.log(9.0 / 4.0))
    grown_s = np.sqrt(found.tc_sd_s[:n] ** 2 - free.tc_sd_s[:n] ** 2)
    np.testing.assert_allclose(grown_s, 0.5 * hidden_s / np.sqrt(12.0), rtol=0.2)
