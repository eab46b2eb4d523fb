"""Lengths of strides of which the truth is known, and what may touch them."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.model.gait import Flag
from gaitlab.pipeline import analyze
from gaitlab.simulate import (
    DISTANCE,
    SPRINTER,
    Pod,
    Programme,
    run,
    simulate,
    sprint,
    stand,
    walk,
)
from gaitlab.strides.trajectory import mid_stances, pivot_to_sensor_m, trajectories

PHASES = (stand(3.0), walk(4.0), run(3.8, duration_s=8.0), stand(3.0))
USUAL = replace(DISTANCE, varies=0.0)


@pytest.fixture(scope="module")
def foot():
    """Aligned signal, landings and toe-offs (s from the first sample) of a foot."""
    made = simulate(USUAL, Programme("a", PHASES), (Pod("left", acc_range_g=32.0),), seed=5)
    found = analyze(made.recording)
    signal = found.signals[0]
    landed, left = found.contacts.ic_time_s, found.contacts.tc_time_s
    return signal, landed - signal.start_s, left - signal.start_s


def lengths(signal, landed_s, left_s):
    follows = np.append(np.diff(landed_s) < 1.6, False)
    arm_m = pivot_to_sensor_m("instep")
    return trajectories(signal, landed_s, left_s, follows, arm_m).stride_length_m


def test_a_stride_that_is_over_before_a_hole_keeps_its_length(foot):
    signal, landed_s, left_s = foot
    before = lengths(signal, landed_s, left_s)
    k = len(landed_s) - 6  # amid the run
    hole_from = mid_stances(signal.gyr_radps, signal.rate_hz, landed_s, left_s)[k + 1] + 2
    acc, gyr = signal.acc_mps2.copy(), signal.gyr_radps.copy()
    missing = signal.missing.copy()
    hole = slice(hole_from, hole_from + round(0.5 * signal.rate_hz))
    acc[hole], gyr[hole], missing[hole] = np.nan, np.nan, True
    holed = replace(signal, acc_mps2=acc, gyr_radps=gyr, missing=missing)
    after = lengths(holed, landed_s, left_s)
    np.testing.assert_allclose(after[: k + 1], before[: k + 1], rtol=1e-3)
    assert np.isnan(after[k + 1])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_sprint_that_clips_at_every_landing_keeps_its_stride_lengths(seed):
    hard = replace(SPRINTER, impact=replace(SPRINTER.impact, down_mps=1.0, down_per_mps=0.2))
    phases = (stand(4.0), sprint(9.0, 1.15, 50.0), run(3.0, duration_s=4.0, change_mps2=2.2))
    pods = (Pod("left", 250.0, acc_range_g=16.0),)
    made = simulate(hard, Programme("a", phases), pods, seed=seed)
    found, truth = analyze(made.recording).contacts, made.truth
    fast = truth.speed_mps > 7.0
    nearest = np.argmin(np.abs(found.ic_time_s[:, None] - truth.ic_time_s[fast]), axis=0)
    assert (found.flags[nearest] & Flag.CLIPPED).all()
    off = found.stride_length_m[nearest] / truth.stride_length_m[fast] - 1.0
    assert abs(np.median(off)) < 0.02
    assert np.percentile(np.abs(off), 80) < 0.04


def test_lengths_of_short_contacts_are_less_sure_and_as_far_off_as_they_say():
    share, off_in_sd = {}, {}
    for speed_mps in (3.0, 6.6):
        off_in_sd[speed_mps] = []
        for seed in (61, 62, 63):
            phases = (stand(4.0), run(speed_mps, duration_s=14.0), stand(3.0))
            pods = (Pod("left", 208.0, acc_range_g=32.0),)
            made = simulate(DISTANCE, Programme("a", phases), pods, seed=seed)
            found, truth = analyze(made.recording).contacts, made.truth
            near = np.argmin(np.abs(truth.ic_time_s[:, None] - found.ic_time_s), axis=0)
            off_m = found.stride_length_m - truth.stride_length_m[near]
            counted = found.valid & np.isfinite(off_m)
            off_in_sd[speed_mps] += (off_m / found.stride_length_sd_m)[counted].tolist()
            share[speed_mps] = np.median(
                (found.stride_length_sd_m / found.stride_length_m)[counted]
            )
    assert share[3.0] < 0.008 < 0.010 < share[6.6]
    for off in off_in_sd.values():
        assert np.mean(np.abs(off) < 2.0) > 0.85
