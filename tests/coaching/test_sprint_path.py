"""The way of a sprint from strides whose true lengths are a sprint model's, then measured badly."""

import numpy as np
import pytest

from gaitlab.coaching.sprint.curve import SprintModel
from gaitlab.coaching.sprint.path import DRIFT, FEET, Evidence, fit_path

MODEL = SprintModel(9.4, 1.15)
GATES_M = np.arange(10.0, 61.0, 10.0)


def evidence(top=0.0, drift=0.0, feet=0.0, noise_m=0.02, one_foot=False, **known):
    """Strides of 0.5 s, one begun every 0.25 s; measured at top speed, at the start and by foot."""
    from_s = np.arange(0.4, 7.6, 0.25)
    to_s = from_s + 0.5
    true_m = MODEL.distance_m(to_s) - MODEL.distance_m(from_s)
    side = np.where(np.arange(len(from_s)) % 2, 1.0, -1.0)
    relative = true_m / 0.5 / MODEL.v_max_mps
    share = 1.0 + top + drift * (relative**3 - 1.0) + feet * side
    noise = np.random.default_rng(3).normal(0.0, noise_m, len(from_s))
    kept = side > 0 if one_foot else np.ones(len(side), bool)
    usual = {
        "from_s": from_s[kept], "to_s": to_s[kept],
        "length_m": (true_m * share + noise)[kept], "length_sd_m": np.full(kept.sum(), 0.05),
        "side": side[kept], "scale_sd": 0.013, "drift_mean": -0.015, "drift_sd": 0.012,
        "feet_sd": 0.0 if one_foot else 0.006, "start_s": 0.0, "start_sd_s": 0.025,
        "anchor_s": np.empty(0), "anchor_m": np.empty(0), "anchor_sd_s": np.empty(0),
        "clock_s": np.empty(0), "clock_m": np.empty(0), "clock_sd_s": np.empty(0),
        "clock_start_sd_s": 0.05, "zero_s": np.nan, "zero_sd_s": 0.02, "course_m": np.nan,
        "course_sd_s": 0.04, "slow_s": np.nan, "valid_s": 8.1,
    }  # fmt: skip
    return Evidence(**(usual | known))


def line_at_60():
    at_s = MODEL.time_s(np.array([60.0]))
    return {"anchor_s": at_s, "anchor_m": np.array([60.0]), "anchor_sd_s": np.array([0.02])}


@pytest.mark.parametrize("drift", [0.0, -0.015, -0.03])
def test_lengths_that_shrink_as_the_runner_gets_faster_cost_no_split_when_the_line_is_known(drift):
    path = fit_path(evidence(top=-0.02, drift=drift, **line_at_60()))
    times_s, sd_s = path.time_at(GATES_M)
    off_s = times_s - MODEL.time_s(GATES_M)
    assert np.abs(off_s).max() < 0.03
    assert (np.abs(off_s) < 2.5 * sd_s).all()
    assert path.model.v_max_mps == pytest.approx(MODEL.v_max_mps, rel=0.012)


def test_the_usual_drift_of_lengths_is_not_taken_for_a_quick_start_and_a_low_top():
    path = fit_path(evidence(drift=-0.015, noise_m=0.0, **line_at_60()))
    assert path.model.v_max_mps == pytest.approx(MODEL.v_max_mps, rel=0.001)
    assert path.model.tau_s == pytest.approx(MODEL.tau_s, abs=0.006)


def test_a_foot_that_measures_long_is_told_from_the_other():
    path = fit_path(evidence(feet=0.012, drift=-0.015))
    assert path.values[FEET] == pytest.approx(0.012, abs=0.004)
    assert np.abs(path.residual_m).max() < 0.08


def test_one_foot_has_no_other_to_differ_from():
    path = fit_path(evidence(one_foot=True, drift=-0.015))
    assert path.values[FEET] == pytest.approx(0.0, abs=1e-4)
    assert path.values[DRIFT] == pytest.approx(-0.015, abs=0.012)
    assert np.abs(path.time_at(GATES_M)[0] - MODEL.time_s(GATES_M)).max() < 0.06


def test_the_measured_share_is_what_was_put_in():
    path = fit_path(evidence(top=-0.02, drift=-0.015, feet=0.008, **line_at_60()))
    steady = path.measured_share[-6:]
    assert steady.mean() == pytest.approx(0.98, abs=0.008)
    assert abs(steady[1::2].mean() - steady[::2].mean()) == pytest.approx(0.016, abs=0.006)
