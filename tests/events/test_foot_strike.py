"""Class probabilities: what follows from the angle alone, and from what the foot does next."""

import numpy as np
import pytest

from gaitlab.events.foot_strike import classify, foot_strike_angle, lies_flat
from gaitlab.model.gait import FOREFOOT, MIDFOOT, REARFOOT, UNKNOWN_STRIKE


def degrees(*values):
    return np.radians(np.array(values, dtype=float))


def test_clear_angles_are_clear_classes_and_probabilities_sum_to_one():
    found = classify(degrees(20, 3, -12), degrees(2, 2, 2), degrees(-15, -1, 8))
    assert found.strike.tolist() == [REARFOOT, MIDFOOT, FOREFOOT]
    np.testing.assert_allclose(found.probability.sum(axis=1), 1.0)
    assert (found.probability.max(axis=1) > 0.7).all()


def test_an_angle_on_the_limit_is_undecided():
    found = classify(degrees(7.4), degrees(2), np.array([np.nan]))
    assert found.probability[0, 0] == pytest.approx(found.probability[0, 1], abs=0.01)


def test_more_uncertain_angles_give_flatter_probabilities():
    sharp = classify(degrees(10), degrees(1.5), np.array([np.nan])).probability[0, 0]
    blunt = classify(degrees(10), degrees(6), np.array([np.nan])).probability[0, 0]
    assert sharp > blunt > 1 / 3


def test_without_an_angle_the_turn_after_contact_still_votes():
    found = classify(np.array([np.nan] * 2), np.array([np.nan] * 2), degrees(-20, 12))
    assert found.strike.tolist() == [REARFOOT, FOREFOOT]
    assert np.isnan(found.angle_rad).all()


def test_without_any_evidence_the_class_is_unknown_and_not_a_third_each():
    found = classify(np.array([np.nan]), np.array([np.nan]), np.array([np.nan]))
    assert found.strike.tolist() == [UNKNOWN_STRIKE]
    assert np.isnan(found.probability).all()


def test_no_contacts_give_no_classes():
    nothing = np.empty(0)
    assert len(classify(nothing, nothing, nothing).strike) == 0


def test_both_zeros_are_used_where_the_foot_lies_flat():
    level, to_stance = degrees(12.0), degrees(-10.0)
    flat, no = np.array([True]), np.array([False])
    both, sd_both = foot_strike_angle(level, to_stance, degrees(0.8), flat, standing_zero=True)
    one, sd_one = foot_strike_angle(level, to_stance, degrees(0.8), no, standing_zero=True)
    assert degrees(10.0) < both < degrees(12.0)
    assert one == pytest.approx(level)
    assert np.isfinite(sd_both).all()
    assert np.isfinite(sd_one).all()


def test_a_foot_that_never_lies_flat_and_never_stood_has_no_angle():
    angle, sd = foot_strike_angle(
        degrees(5.0), degrees(-4.0), degrees(0.8), np.array([False]), standing_zero=False
    )
    assert np.isnan(angle).all()
    assert np.isnan(sd).all()


def test_zeros_that_disagree_widen_the_uncertainty():
    flat = np.array([True])
    _, close = foot_strike_angle(degrees(10), degrees(-10), degrees(0.8), flat, standing_zero=True)
    _, apart = foot_strike_angle(degrees(18), degrees(-10), degrees(0.8), flat, standing_zero=True)
    assert apart > 1.5 * close


def test_a_short_or_turning_contact_is_not_flat():
    assert lies_flat(np.array([0.2, 2.0, 0.2]), np.array([0.25, 0.25, 0.1])).tolist() == [
        True, False, False,
    ]  # fmt: skip
