"""How sure a toe-off is follows from the shape of the push-off, stride after stride."""

import numpy as np
import pytest

from gaitlab.events.agreement import OPEN_SHARE, OPEN_WITHIN_S, push_off_leaves_open


def ahead(fall_s: float, half_s: float, strides: int = 12) -> np.ndarray:
    return np.tile([[-0.005], [fall_s], [half_s]], strides)


def test_a_force_that_falls_with_the_turn_and_a_slow_turn_leave_nothing_open():
    assert push_off_leaves_open(ahead(0.0, 0.060)) == pytest.approx(0.0)


def test_a_force_that_falls_late_leaves_half_of_the_distance_open_up_to_a_limit():
    assert push_off_leaves_open(ahead(0.010, 0.060)) == pytest.approx(0.5 * 0.010)
    assert push_off_leaves_open(ahead(0.030, 0.060)) == pytest.approx(OPEN_SHARE * OPEN_WITHIN_S)


def test_an_abrupt_end_of_the_turn_is_open_whatever_the_force_does():
    assert (push_off_leaves_open(ahead(0.0, 0.025)) > 0.008).all()


def test_witnesses_that_saw_nothing_and_no_strides_at_all_add_nothing():
    assert push_off_leaves_open(np.full((3, 4), np.nan)).tolist() == [0.0] * 4
    assert push_off_leaves_open(np.empty((3, 0))).shape == (0,)
