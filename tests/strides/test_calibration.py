"""Known distances: what was put in is found again, and wrong ones are refused."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.model.errors import AnalysisError
from gaitlab.model.recording import Mark
from gaitlab.pipeline import analyze
from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand
from gaitlab.strides.calibration import (
    distance_between,
    distances_between_marks,
    length_scale,
)

STEADY = Programme("steady", (stand(3.0), run(4.0, duration_s=30.0), stand(3.0)))


@pytest.fixture(scope="module")
def made():
    feet = (Pod("left", acc_range_g=32.0), Pod("right", acc_range_g=32.0))
    return simulate(DISTANCE, STEADY, feet, seed=2)


@pytest.fixture(scope="module")
def found(made):
    return analyze(made.recording).contacts


def test_the_factor_that_was_put_in_is_found():
    measured = np.array([98.0, 196.0, 49.5])
    scale = length_scale(measured, 1.02 * measured)
    assert scale.factor == pytest.approx(1.02)
    assert scale.sd == pytest.approx(0.0, abs=1e-9)
    assert scale.n == 3


def test_distances_that_disagree_widen_the_uncertainty():
    scale = length_scale(np.array([100.0, 100.0, 100.0]), np.array([99.0, 101.0, 103.0]))
    assert scale.factor == pytest.approx(1.01)
    assert scale.sd == pytest.approx(0.02 / np.sqrt(3), rel=1e-6)
    assert length_scale(np.array([100.0]), np.array([101.0])).sd > 0.0


def test_a_wrong_distance_is_refused_and_so_is_none():
    with pytest.raises(AnalysisError, match="does not fit"):
        length_scale(np.array([100.0]), np.array([400.0]))
    with pytest.raises(AnalysisError, match="nothing to calibrate"):
        length_scale(np.array([np.nan]), np.array([100.0]))


def test_the_measured_way_is_the_true_way(made, found):
    truth = made.truth
    inside = (truth.ic_time_s > 8.0) & (truth.ic_time_s < 25.0)
    times, places = truth.ic_time_s[inside], truth.distance_m[inside]
    measured = distance_between(found, times[0], times[-1])
    assert measured == pytest.approx(places[-1] - places[0], rel=0.02)


def test_marks_with_distances_calibrate(made, found):
    truth = made.truth
    picks = np.searchsorted(truth.ic_time_s, [8.0, 15.0, 22.0])
    marks = [Mark(truth.ic_time_s[i], "gate", 1.03 * truth.distance_m[i]) for i in picks]
    measured, known = distances_between_marks(found, [*marks, Mark(10.0, "no distance")])
    scale = length_scale(measured, known)
    assert scale.n == 2
    assert scale.factor == pytest.approx(1.03, rel=0.02)


def test_outside_the_run_there_is_no_distance(found):
    assert np.isnan(distance_between(found, 0.0, 10.0))
    none = found.where(np.zeros(len(found), dtype=bool))
    assert np.isnan(distance_between(none, 8.0, 10.0))


def test_a_stride_without_a_length_is_filled_a_long_hole_is_not(found):
    speed = found.speed_mps.copy()
    speed[30] = np.nan
    whole = distance_between(found, 8.0, 25.0)
    assert distance_between(replace(found, speed_mps=speed), 8.0, 25.0) == pytest.approx(
        whole, rel=0.01
    )
    speed[(found.ic_time_s > 12.0) & (found.ic_time_s < 17.0)] = np.nan
    assert np.isnan(distance_between(replace(found, speed_mps=speed), 8.0, 25.0))
