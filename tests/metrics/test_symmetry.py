"""Left against right: told only where the measurement can tell."""

import numpy as np
import pytest

from gaitlab.metrics.symmetry import (
    symmetries,
    symmetry_angle_percent,
    symmetry_index_percent,
)
from gaitlab.model.analysis import MetricSummary


def side(scope, median, *, n=60, uncertainty=0.002, mad=0.004, metric="contact_time_s"):
    return MetricSummary(
        metric, scope, "run", n, median, median, mad, mad, median, median, uncertainty, "good"
    )


def compared(left, right, **options):
    (found,) = symmetries((side("left", left, **options), side("right", right, **options)), "run")
    return found


def test_the_index_of_200_and_210_by_hand():
    assert symmetry_index_percent(0.200, 0.210) == pytest.approx(100 * 0.010 / 0.205)


def test_a_small_symmetry_angle_is_0_318_of_the_index():
    index, angle = symmetry_index_percent(1.0, 1.01), symmetry_angle_percent(1.0, 1.01)
    assert angle / index == pytest.approx(1 / np.pi, rel=1e-3)
    # 1.2 % of angle is 3.8 % of index, 7.5 ms of 200 ms
    assert symmetry_index_percent(0.200, 0.2075) == pytest.approx(3.7, abs=0.1)


def test_both_change_sign_when_the_feet_are_swapped():
    assert symmetry_index_percent(0.2, 0.22) == pytest.approx(-symmetry_index_percent(0.22, 0.2))
    assert symmetry_angle_percent(0.2, 0.22) == pytest.approx(-symmetry_angle_percent(0.22, 0.2))


def test_sides_without_a_common_size_have_no_index():
    assert np.isnan(symmetry_index_percent(-0.01, 0.02))
    assert abs(symmetry_angle_percent(-1.0, 1.0)) <= 100.0


def test_a_large_difference_is_resolved_and_a_small_one_is_not():
    large, small = compared(0.200, 0.220), compared(0.200, 0.201)
    assert large.resolved
    assert large.index_percent == pytest.approx(100 * 0.02 / 0.21)
    assert not small.resolved
    assert small.reason
    assert abs(small.index_percent) < small.band_percent


def test_the_band_is_the_smallest_index_that_would_be_told():
    band = compared(0.200, 0.200).band_percent / 100
    assert compared(0.200, 0.200 * (1 + 1.02 * band)).resolved
    assert not compared(0.200, 0.200 * (1 + 0.96 * band)).resolved


def test_more_doubt_and_fewer_steps_widen_the_band():
    usual = compared(0.2, 0.2).band_percent
    assert compared(0.2, 0.2, uncertainty=0.01).band_percent > 1.5 * usual
    assert compared(0.2, 0.2, n=12, mad=0.02).band_percent > 1.5 * usual


def test_what_one_step_gains_the_other_loses():
    """The two step times err against each other: their difference is the less certain."""
    steps = compared(0.35, 0.35, metric="step_time_s", mad=0.0)
    contacts = compared(0.35, 0.35, mad=0.0)
    assert steps.uncertainty == pytest.approx(np.sqrt(2) * np.hypot(0.002, 0.002))
    assert contacts.uncertainty < steps.uncertainty


def test_an_angle_is_compared_in_degrees_alone():
    options = {"metric": "strike_angle_rad", "uncertainty": 0.01, "mad": 0.01}
    found = compared(0.01, 0.20, **options)
    assert found.resolved
    assert found.difference == pytest.approx(0.19)
    assert np.isnan(found.index_percent)
    assert np.isnan(found.band_percent)


def test_few_contacts_of_a_foot_are_never_resolved():
    found = compared(0.2, 0.3, n=9)
    assert not found.resolved
    assert "9 contacts" in found.reason


def test_one_foot_or_none_or_another_activity_compares_nothing():
    assert symmetries((side("left", 0.2),), "run") == ()
    assert symmetries((), "run") == ()
    assert symmetries((side("left", 0.2), side("right", 0.2)), "walk") == ()
    assert symmetries((side("left", 0.2), side("right", np.nan, n=0)), "run") == ()
