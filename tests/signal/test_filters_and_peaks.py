"""Smoothing, holes, peaks and periods: laws of signals, put in and found again."""

import numpy as np
import pytest

from gaitlab.signal.chance import normal_below
from gaitlab.signal.filters import bridge_short, derivative, lowpass, moving_max, moving_mean
from gaitlab.signal.intervals import any_within, count_within, fill_mask, keep_longer, true_runs
from gaitlab.signal.peaks import keep_highest, local_maxima, refine
from gaitlab.signal.period import local_period


@pytest.mark.parametrize("rate_hz", [100.0, 208.0, 1000.0])
def test_low_pass_halves_the_power_at_its_cutoff_and_shifts_nothing(rate_hz):
    time_s = np.arange(0.0, 20.0, 1.0 / rate_hz)
    wave = np.sin(2 * np.pi * 5.0 * time_s)
    smooth = lowpass(wave, rate_hz, 5.0)
    inner = slice(len(wave) // 4, -len(wave) // 4)
    assert np.std(smooth[inner]) / np.std(wave[inner]) == pytest.approx(np.sqrt(0.5), rel=0.02)
    assert np.corrcoef(smooth[inner], wave[inner])[0, 1] > 0.9999


def test_low_pass_leaves_holes_and_does_not_spread_them():
    values = np.ones(200)
    values[90:95] = np.nan
    smooth = lowpass(values, 100.0, 5.0)
    assert np.isnan(smooth[90:95]).all()
    np.testing.assert_allclose(smooth[:90], 1.0)
    np.testing.assert_allclose(smooth[95:], 1.0)


def test_empty_input_stays_empty():
    nothing = np.empty(0)
    assert len(lowpass(nothing, 100.0, 5.0)) == 0
    assert len(moving_mean(nothing, 5)) == 0
    assert len(derivative(nothing, 100.0)) == 0
    assert len(local_maxima(nothing)) == 0
    assert all(len(part) == 0 for part in local_period(nothing, 100.0))


def test_a_window_that_touches_a_hole_is_never_quiet():
    values = np.zeros(50)
    values[20] = np.nan
    smooth = moving_mean(values, 5)
    assert np.isinf(smooth[18:23]).all()
    assert smooth[10] == 0.0


def test_only_short_holes_are_bridged_and_in_a_straight_line():
    values = np.column_stack((np.arange(30.0), 2.0 * np.arange(30.0)))
    holed = values.copy()
    holed[5:7] = np.nan
    holed[12:20] = np.nan
    holed[28:] = np.nan
    filled = bridge_short(holed, 3)
    np.testing.assert_allclose(filled[:12], values[:12])
    assert np.isnan(filled[12:20]).all()
    assert np.isnan(filled[28:]).all()
    assert np.isnan(holed[5:7]).all(), "the input was changed"


def test_derivative_of_a_parabola_is_a_line():
    time_s = np.arange(0.0, 1.0, 0.01)
    np.testing.assert_allclose(derivative(time_s**2, 100.0)[1:-1], 2 * time_s[1:-1], atol=1e-12)


def test_the_vertex_of_a_parabola_is_found_between_samples():
    place = np.arange(40.0)
    values = -((place - 17.3) ** 2)
    assert refine(values, np.array([17]))[0] == pytest.approx(17.3)


def test_the_highest_of_close_peaks_stays_whatever_the_order():
    rng = np.random.default_rng(3)
    position = np.sort(rng.choice(5000, 400, replace=False))
    height = rng.random(400)
    distance = np.full(400, 40.0)
    keep = keep_highest(position, height, distance)
    expected = np.zeros(400, dtype=bool)
    for i in np.argsort(-height):  # the plain way: highest first
        expected[i] = not np.any(expected & (np.abs(position - position[i]) < 40.0))
    assert (np.diff(position[keep]) >= 40).all()
    np.testing.assert_array_equal(keep, expected)
    assert keep[np.argmax(height)]


def test_unequal_distances_end_and_leave_no_pair_too_close():
    rng = np.random.default_rng(4)
    position = np.sort(rng.choice(5000, 400, replace=False))
    height, distance = rng.random(400), rng.uniform(5.0, 80.0, 400)
    left = np.flatnonzero(keep_highest(position, height, distance))
    gap = np.abs(position[left][:, None] - position[left]) + 1e9 * np.eye(len(left))
    assert (gap.min(axis=1) >= distance[left]).all()
    assert keep_highest(np.array([0, 9]), np.array([2.0, 1.0]), np.array([5.0, 20.0])).tolist() == [
        True, False,
    ]  # fmt: skip


def test_intervals_agree_with_a_plain_loop():
    mask = np.random.default_rng(1).random(500) < 0.4
    runs = true_runs(mask)
    np.testing.assert_array_equal(fill_mask(runs, 500), mask)
    assert (np.diff(keep_longer(runs, 3), axis=1) >= 3).all()
    starts, stops = np.array([-5, 10, 490, 600]), np.array([5, 10, 505, 610])
    expected = [mask[max(a, 0) : max(b, 0)].sum() for a, b in zip(starts, stops, strict=True)]
    assert count_within(mask, starts, stops).tolist() == expected
    assert any_within(mask, starts, stops).tolist() == [n > 0 for n in expected]


@pytest.mark.parametrize("period_s", [0.45, 0.7, 1.15])
@pytest.mark.parametrize("rate_hz", [60.0, 200.0, 1000.0])
def test_the_period_that_was_put_in_is_found(period_s, rate_hz):
    time_s = np.arange(0.0, 12.0, 1.0 / rate_hz)
    phase = 2 * np.pi * time_s / period_s
    signal = np.sin(phase) + 0.8 * np.sin(2 * phase + 1.0) + 0.4 * np.sin(3 * phase)
    _, found_s, strength = local_period(signal, rate_hz)
    np.testing.assert_allclose(found_s, period_s, rtol=0.03)
    assert (strength > 0.8).all()


def test_a_changing_period_is_followed():
    rate_hz = 200.0
    time_s = np.arange(0.0, 30.0, 1.0 / rate_hz)
    frequency_hz = np.interp(time_s, [0.0, 30.0], [1.3, 2.2])
    signal = np.sin(2 * np.pi * np.cumsum(frequency_hz) / rate_hz)
    centre_s, found_s, _ = local_period(signal, rate_hz)
    np.testing.assert_allclose(found_s, 1.0 / np.interp(centre_s, time_s, frequency_hz), rtol=0.05)


@pytest.mark.parametrize("cutoff_hz", [5.0, 8.0, 15.0, 30.0])
@pytest.mark.parametrize("n", [1, 5, 40, 2048, 5000])
def test_the_low_pass_is_that_of_scipy(cutoff_hz, n):
    from scipy.ndimage import gaussian_filter1d

    values = np.random.default_rng(n).normal(size=n)
    sigma = np.sqrt(np.log(2.0)) / (2.0 * np.pi * cutoff_hz) * 200.0
    wanted = gaussian_filter1d(values, sigma, mode="nearest", truncate=3.5)
    assert np.allclose(lowpass(values, 200.0, cutoff_hz), wanted, rtol=0, atol=1e-14)


@pytest.mark.parametrize("window", [1, 2, 3, 7, 15, 16])
@pytest.mark.parametrize("n", [1, 4, 40])
def test_moving_extremes_and_means_are_those_of_scipy(window, n):
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    values = np.random.default_rng(window).normal(size=(3, n))
    for shift in range(-((window - 1) // 2), window // 2 + 1):
        wanted = maximum_filter1d(values, window, origin=-shift)
        assert np.array_equal(moving_max(values, window, shift), wanted)
    mean = uniform_filter1d(values[0], window, mode="nearest")
    assert np.allclose(moving_mean(values[0], window), mean, rtol=0, atol=1e-13)


def test_normal_probabilities_are_those_of_scipy():
    from scipy.special import ndtr

    at = np.append(np.linspace(-9.0, 9.0, 101), np.nan).reshape(2, 51)
    assert np.allclose(normal_below(at), ndtr(at), rtol=1e-12, atol=0, equal_nan=True)
