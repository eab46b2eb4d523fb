"""Ticks and counters without their wraps, and the line that the earliest arrivals follow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.pod.clock import (
    CRYSTAL_MOST,
    fit_line,
    restarts,
    sample_places,
    serial,
    ticks_a_sample,
    twins,
    unwrapped,
)
from gaitlab.pod.gathered import digests
from gaitlab.pod.model import SensorPackets


def arrivals(seconds, *, ppm=0.0, interval_s=0.015, seed=0, packet_s=0.05):
    """Device time of each packet, its true host time, and when it arrived: never earlier."""
    rng = np.random.default_rng(seed)
    device_s = np.arange(packet_s, seconds, packet_s)
    true_s = 100.0 + device_s * (1.0 + ppm * 1e-6)
    phase_s = rng.uniform(0.0, interval_s)
    event_s = np.ceil((true_s - phase_s) / interval_s) * interval_s + phase_s
    again_s = (rng.geometric(0.9, len(true_s)) - 1) * interval_s
    arrived_s = event_s + again_s + rng.exponential(0.0008, len(true_s))
    for begin_s in rng.uniform(100.0, 100.0 + seconds, max(1, int(seconds / 20))):
        end_s = begin_s + rng.uniform(0.05, 0.4)
        arrived_s = np.where((arrived_s > begin_s) & (arrived_s < end_s), end_s, arrived_s)
    return device_s, true_s, np.maximum.accumulate(arrived_s)


@pytest.mark.parametrize("ppm", [-50.0, 0.0, 50.0])
@pytest.mark.parametrize(("seconds", "within_ppm"), [(600.0, 5.0), (3600.0, 1.0)])
def test_finds_the_skew_that_was_put_in(seconds, within_ppm, ppm):
    errors = [
        fit_line(device_s, arrived_s).ppm - ppm
        for device_s, _, arrived_s in (arrivals(seconds, ppm=ppm, seed=one) for one in range(10))
    ]
    assert np.median(np.abs(errors)) < within_ppm


def test_the_line_is_late_by_less_than_half_a_connection_interval_and_says_how_sure_it_is():
    late_s, sd_s = [], []
    for seed in range(20):
        device_s, true_s, arrived_s = arrivals(120.0, ppm=20.0, interval_s=0.03, seed=seed)
        line = fit_line(device_s, arrived_s)
        late_s.append(np.median(line.host_s(device_s) - true_s))
        sd_s.append(line.offset_sd_s)
    assert 0.0 < np.mean(late_s) < 0.015
    assert np.mean(np.array(late_s) < 2.0 * np.array(sd_s)) > 0.9


@pytest.mark.parametrize("seconds", [10.0, 60.0, 300.0, 1200.0])
@pytest.mark.parametrize("ppm", [-50.0, 30.0])
def test_the_stated_uncertainty_of_the_rate_covers_its_error(ppm, seconds):
    pull = []
    for seed in range(30):
        device_s, _, arrived_s = arrivals(seconds, ppm=ppm, seed=seed)
        line = fit_line(device_s, arrived_s)
        pull.append(abs(line.ppm - ppm) / (line.rate_sd * 1e6))
    assert np.mean(np.array(pull) < 2.5) > 0.9


def test_a_rate_no_quartz_has_is_taken_as_measured_and_not_believed():
    device_s, _, arrived_s = arrivals(120.0, ppm=10_000.0)
    line = fit_line(device_s, arrived_s)
    assert not line.believed
    assert line.ppm == pytest.approx(10_000.0, abs=60.0)


@pytest.mark.parametrize("seconds", [0.1, 0.2, 1.0, 5.0])
def test_few_arrivals_never_bend_the_rate_beyond_a_quartz(seconds):
    for seed in range(20):
        device_s, _, arrived_s = arrivals(seconds, seed=seed)
        line = fit_line(device_s, arrived_s)
        assert abs(line.rate - 1.0) <= CRYSTAL_MOST
        assert 0.0 < line.rate_sd <= 51e-6
        assert line.offset_sd_s > 0.0


@pytest.mark.parametrize("bits", [8, 16, 24, 32, 64])
def test_ticks_that_wrap_go_on_through_silences(bits):
    true = np.cumsum(np.r_[0, np.full(50, 7), 3000, np.full(50, 7)]) + 2**62 % 2**bits
    host_ns = (true * 1e7).astype(np.int64) if bits < 64 else np.arange(len(true))
    host_ns = host_ns - host_ns[0]
    late_ns = np.random.default_rng(0).integers(0, 20_000_000, len(true))
    found = unwrapped(true % 2**bits if bits < 63 else true, bits, 100.0, host_ns + late_ns)
    np.testing.assert_array_equal(np.diff(found), np.diff(true))


@given(
    st.sampled_from([8, 16, 32]),
    st.integers(0, 2**32),
    st.lists(st.integers(-100, 120), max_size=60),
)
def test_a_counter_that_wraps_goes_on_and_late_ones_step_back(bits, begin, steps):
    true = begin + np.cumsum(np.array([0, *steps], dtype=np.int64))
    found = serial(true % 2**bits, bits)
    np.testing.assert_array_equal(np.diff(found), steps)


def test_a_clock_that_jumps_begins_a_new_life():
    host_ns = (np.arange(10) * 1e8).astype(np.int64)
    device_s = np.arange(10) * 0.1
    device_s[6:] -= 400.0
    assert restarts(device_s, host_ns).tolist() == [0] * 6 + [1] * 4
    assert restarts(np.arange(10) * 0.1, host_ns).tolist() == [0] * 10


def test_a_stall_of_the_computer_is_no_new_life():
    host_ns = np.maximum(np.arange(100) * 1e8, 4e9).astype(np.int64)
    assert restarts(np.arange(100) * 0.1, host_ns).max() == 0


def test_places_count_the_lost_and_mark_the_repeated():
    first = np.array([0.0, 50.0, 50.0, 151.0, 200.0])
    place, repeated = sample_places(first, np.full(5, 5), 10.0)
    assert place.tolist() == [0, 5, 5, 15, 20]
    assert repeated.tolist() == [False, False, True, False, False]


def test_lost_packets_do_not_change_the_measured_rate():
    number = np.arange(2000)
    kept = number % 7 != 3
    first = np.floor(number * 10 * 164.65)[kept]
    assert ticks_a_sample(first, np.full(kept.sum(), 10), 163.84) == pytest.approx(164.65, rel=1e-5)


def test_twins_are_packets_with_the_same_samples_at_once():
    samples = np.array([[1.0], [2.0], [1.0], [2.0], [1.0], [2.0], [1.0], [3.0], [3.0], [1.0]])
    n = np.array([2, 2, 2, 2, 1, 1])
    host_ns = np.array([0, 1_000, 50_000_000, 50_001_000, 50_002_000, 50_002_100])
    digest = digests(SensorPackets("acc", host_ns, n, np.repeat(samples, 3, axis=1)))
    assert twins(digest, n, host_ns).tolist() == [False, True, False, False, False, False]
    assert twins(digest[:0], n[:0], host_ns[:0]).tolist() == []


def test_packets_with_the_same_samples_in_another_order_are_no_twins():
    samples = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    swapped = (samples[::-1], samples[:, [1, 0, 2]], -samples, samples * (1 + 1e-15))
    every = np.concatenate((samples, *swapped))
    digest = digests(SensorPackets("acc", np.zeros(5, int), np.full(5, 2), every))
    assert len(set(digest.tolist())) == 5


def test_nothing_in_nothing_out():
    nothing = np.empty(0, dtype=np.int64)
    assert len(unwrapped(nothing, 16, 100.0, nothing)) == 0
    assert len(serial(nothing, 16)) == 0
    assert len(restarts(np.empty(0), nothing)) == 0
    assert len(sample_places(np.empty(0), nothing, 10.0)[0]) == 0
