"""Paths for pictures agree with the lengths and heights that are measured another way."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.pipeline import analyze
from gaitlab.recordings import load
from gaitlab.strides.around import around, moments
from gaitlab.strides.paths import foot_paths
from gaitlab.strides.trajectory import pivot_to_sensor_m


@pytest.fixture(scope="module")
def left(bundled):
    """Signal, arm and contacts of the left foot."""
    analysis = analyze(load(bundled / "sprinter_fly.gait.parquet"))
    contacts = analysis.contacts.where(analysis.contacts.foot == 0)
    arm_m = pivot_to_sensor_m(analysis.recording.setup.placement)
    return analysis.signals[0], arm_m, contacts


def paths_of(signal, arm_m, contacts, wanted=None):
    known = np.isfinite(contacts.stride_length_m) if wanted is None else wanted
    ic_s, tc_s = contacts.ic_time_s - signal.start_s, contacts.tc_time_s - signal.start_s
    return foot_paths(signal, ic_s, tc_s, known, arm_m)


def test_a_path_is_as_long_and_as_high_as_the_stride_that_was_measured(left):
    paths = paths_of(*left)
    contacts = left[2]
    assert len(paths.stride) > 40
    length, height = contacts.stride_length_m, contacts.swing_height_m
    np.testing.assert_allclose(paths.forward_m[:, -1], length[paths.stride], rtol=1e-6)
    np.testing.assert_allclose(paths.height_m.max(axis=1), height[paths.stride], atol=0.002)


def test_a_path_begins_and_ends_on_the_ground_and_the_foot_leaves_before_it_lands(left):
    paths = paths_of(*left)
    assert np.abs(paths.height_m[:, [0, -1]]).max() < 1e-9
    assert (paths.toe_off > 0).all()
    assert (paths.toe_off < paths.landing).all()
    assert (paths.landing < 1).all()
    assert np.median(np.degrees(paths.pitch_rad.min(axis=1))) < -50  # heel up behind the body


def test_clipped_and_holed_strides_are_left_out_and_counted(left):
    signal, arm_m, contacts = left
    missing, acc, clip = signal.missing.copy(), signal.acc_mps2.copy(), signal.acc_clipped.copy()
    usual = paths_of(*left)
    first, second = usual.stride[10], usual.stride[20]
    at = [round((contacts.tc_time_s[k] - signal.start_s) * signal.rate_hz) for k in (first, second)]
    acc[at[0] : at[0] + 60], missing[at[0] : at[0] + 60] = np.nan, True
    clip[at[1]] = True
    spoiled = replace(signal, acc_mps2=acc, missing=missing, acc_clipped=clip)
    paths = paths_of(spoiled, arm_m, contacts)
    assert (paths.holed, paths.clipped) == (usual.holed + 1, usual.clipped + 1)
    assert set(usual.stride) - set(paths.stride) == {first, second}


def test_no_contact_and_no_gyroscope_give_no_path(left):
    signal, arm_m, contacts = left
    nothing = np.empty(0)
    assert len(foot_paths(signal, nothing, nothing, np.empty(0, bool), arm_m).stride) == 0
    blind = replace(signal, gyr_radps=np.full_like(signal.gyr_radps, np.nan))
    assert len(paths_of(blind, arm_m, contacts).stride) == 0


@pytest.mark.parametrize("rate_hz", [100.0, 416.0, 1125.0])
def test_a_signal_is_read_at_its_events_to_a_part_of_a_sample(rate_hz):
    slope = 3.0 * np.arange(round(4 * rate_hz)) / rate_hz  # 3 units a second
    event_s, offset_s = np.array([1.2345, 2.0001]), np.array([-0.1, 0.0, 0.05])
    found = around(slope, rate_hz, event_s, offset_s)
    np.testing.assert_allclose(found, 3.0 * (event_s[:, None] + offset_s))


def test_rows_with_holes_do_not_count():
    mean, sd, n = moments(np.array([[1.0, 2.0], [3.0, 4.0], [np.nan, 9.0]]))
    assert (mean.tolist(), sd.tolist(), n) == ([2.0, 3.0], [2**0.5, 2**0.5], 2)
    assert moments(np.empty((0, 3)))[2] == 0
