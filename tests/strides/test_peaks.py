"""Peaks that are cut off at the range, and how much of them comes back."""

import numpy as np
import pytest

from gaitlab.pipeline import analyze
from gaitlab.simulate import SPRINTER, Pod, Programme, run, simulate, sprint, stand
from gaitlab.strides.peaks import hidden_peaks, peaks_put_back

RANGE = 157.0
TILT = np.array([[0.8, 0.0, 0.6], [0.0, 1.0, 0.0], [-0.6, 0.0, 0.8]])  # sensor to foot axes


def pulse(height, width_s, rate_hz, shift=0.0):
    """A half sine on the sensor's second axis, as it is and as a pod of 16 g shows it."""
    time = (np.arange(80) - 40.0 - shift) / rate_hz
    inside = np.abs(time) < width_s / 2
    whole = np.zeros((80, 3))
    whole[:, 1] = np.where(inside, height * np.cos(np.pi * time / width_s), 0.0)
    whole[:, 0] = 40.0 * np.sin(np.arange(80.0))  # another axis, never cut
    return whole, np.clip(whole, -RANGE, RANGE)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("rate_hz", [200.0, 400.0])
@pytest.mark.parametrize("width_s", [0.015, 0.02, 0.03])
def test_a_cut_pulse_comes_back_on_its_own_axis_by_about_what_it_lost(sign, rate_hz, width_s):
    shares = []
    for shift in (0.0, 0.25, 0.5, 0.75):
        whole, cut = pulse(sign * 210.0, width_s, rate_hz, shift)
        at_range = np.abs(cut[:, 1]) >= 0.98 * RANGE
        found = hidden_peaks(cut @ TILT.T, at_range, rate_hz, TILT) @ TILT
        assert (found[~at_range] == 0.0).all()
        np.testing.assert_allclose(found[:, [0, 2]], 0.0, atol=1e-9)
        shares.append(found[:, 1].sum() / (whole - cut)[:, 1].sum())
    assert 0.4 < np.mean(shares) < 1.5


def test_a_long_cut_with_one_steep_edge_is_not_taken_for_a_mountain():
    values = np.concatenate((np.linspace(0.0, 150.0, 20), np.full(14, RANGE), [60.0, -20.0, 0.0]))
    cut = np.zeros((len(values), 3))
    cut[:, 2] = values
    found = hidden_peaks(cut, values >= RANGE, 200.0, np.eye(3))[:, 2]
    assert 0.0 < found.max() <= RANGE / 3


def test_nothing_is_put_back_where_nothing_was_cut_or_no_edge_is_seen():
    _, cut = pulse(100.0, 0.02, 200.0)
    none = np.zeros(len(cut), bool)
    same, cuts = peaks_put_back(cut, none, none, 200.0, None)
    assert same is cut
    assert not len(cuts.sample)
    full = np.full((6, 3), RANGE)
    assert not hidden_peaks(full, np.ones(6, bool), 200.0, np.eye(3)).any()


@pytest.mark.parametrize("seed", [4, 6])
def test_a_pod_of_16_g_measures_the_strides_of_a_sprint_nearly_as_one_of_100_g(seed):
    programme = Programme("a", (stand(3.0), sprint(10.2, 1.1, 55.0), run(3.0, duration_s=3.0)))

    def lengths(range_g):
        pods = (Pod("left", 208.0, range_g), Pod("right", 208.0, range_g))
        found = analyze(simulate(SPRINTER, programme, pods, seed=seed).recording).contacts
        fast = (found.ic_time_s > 5.5) & (found.ic_time_s < 9.0)
        return np.nanmean(found.stride_length_m[fast])

    assert lengths(16.0) == pytest.approx(lengths(100.0), rel=0.0125)
