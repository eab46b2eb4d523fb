"""Clipping is known by the declared range, or by plateaus at an extreme."""

import numpy as np
import pytest

from gaitlab.model.recording import FootStream
from gaitlab.signal.clipping import clipped, clipped_samples

G = 9.80665


def bounce(rate_hz=200.0, peak_g=20.0):
    """Ten landings of a smooth shape, a fifth of a second each."""
    time_s = np.arange(round(10 * rate_hz)) / rate_hz
    wave = np.maximum(np.sin(2 * np.pi * time_s), 0) ** 8
    return np.column_stack((0.3 * wave, -0.5 * wave, wave)) * peak_g * G


@pytest.mark.parametrize("rate_hz", [100.0, 200.0, 1125.0])
def test_a_smooth_peak_is_not_clipping(rate_hz):
    assert not clipped(bounce(rate_hz), None, 3 * G).any()


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("sign", [1, -1])
def test_samples_at_the_stop_are_found_and_only_those(known, sign):
    whole = sign * bounce()
    cut = np.clip(whole, -16 * G, 16 * G)
    expected = (np.abs(whole) >= 16 * G).any(axis=1)
    assert expected.sum() > 20
    found = clipped(cut, 16 * G if known else None, 3 * G)
    if known:
        assert (found | ~expected).all()
        assert (np.abs(cut[found]) >= 0.98 * 16 * G).any(axis=1).all()
    else:
        np.testing.assert_array_equal(found, expected)


def test_a_stop_just_below_the_range_is_found():
    cut = np.clip(bounce(), -7.97 * G, 7.97 * G)
    np.testing.assert_array_equal(clipped(cut, 8 * G, 3 * G), (np.abs(cut) >= 7.84 * G).any(axis=1))


def test_a_declared_range_that_readings_exceed_is_not_believed():
    assert not clipped(bounce(peak_g=14.0), 8 * G, 3 * G).any()


def test_lost_samples_are_never_clipped():
    values = np.clip(bounce(), None, 16 * G)
    values[::2] = np.nan
    assert not clipped(values, 16 * G, 3 * G)[::2].any()
    assert not clipped(np.full((5, 3), np.nan), 16 * G, 3 * G).any()
    assert not clipped(np.full((5, 3), np.nan), None, 3 * G).any()


def test_rest_is_not_a_plateau():
    rest = np.tile([0.0, 0.0, 9.81], (500, 1))
    assert not clipped(rest, None, 3 * G).any()


def test_accelerometer_and_gyroscope_have_their_own_masks():
    gyr = np.zeros((2000, 3))
    gyr[50:54, 1] = -8.7
    stream = FootStream("left", np.arange(2000) / 200.0, bounce(), gyr, 40 * G, 8.7)
    acc_mask, gyr_mask = clipped_samples(stream)
    assert not acc_mask.any()
    assert np.flatnonzero(gyr_mask).tolist() == [50, 51, 52, 53]


def test_an_empty_stream_has_empty_masks():
    assert clipped(np.zeros((0, 3)), 16 * G, 3 * G).shape == (0,)
