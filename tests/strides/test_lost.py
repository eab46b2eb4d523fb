"""Velocity that clipped samples hide is put back on the axis and at the time it was lost."""

import numpy as np
import pytest

from gaitlab.signal.orientation import carried
from gaitlab.strides.lost import level_ground, lost_in, usual_rise_m
from gaitlab.strides.peaks import Cuts
from gaitlab.strides.steps import Stretches

RATE = 200.0
N = 401
STRIDES = Stretches(np.array([0, 200]), np.array([200, 400]), N - 1)
G = 9.80665


def cuts(sample, along, axes=None):
    return Cuts(np.array(sample), np.array(along, float), np.eye(3) if axes is None else axes)


def moved(turning_radps=(0.0, 0.0, 0.0)):
    return carried(np.zeros((N, 3)), np.tile(np.array(turning_radps), (N, 1)), RATE)


def test_what_one_axis_lost_at_one_time_makes_its_way_from_then_on():
    lost = lost_in(cuts([50, 51], [[40.0, 0, 0], [40.0, 0, 0]]), moved(), STRIDES, RATE)
    way = lost.way_m(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    np.testing.assert_allclose(way[0], [149.5 / RATE, 0.0, 0.0], rtol=1e-9)
    np.testing.assert_allclose(way[1], 0.0)  # no cut in the second stride


def test_two_axes_that_were_cut_at_two_times_keep_their_losses_apart():
    """Forward lost in the swing, upward at the landing: not both in the middle of both."""
    both = cuts([240, 241, 380], [[60.0, 0, 0], [60.0, 0, 0], [0, 0, 90.0]])
    way = lost_in(both, moved(), STRIDES, RATE).way_m(np.array([[0, 0, 0], [1.0, 0.0, 2.0]]))
    assert way[1, 0] == pytest.approx(159.5 / RATE, rel=0.01)
    assert way[1, 2] == pytest.approx(2.0 * 20.0 / RATE, rel=0.2)


def test_an_axis_points_where_the_foot_had_turned_it_by_then():
    spinning = moved((0.0, 0.0, np.pi / 2))  # a quarter turn about up in the first stride
    lost = lost_in(cuts([200], [[50.0, 0, 0]]), spinning, STRIDES, RATE)
    np.testing.assert_allclose(lost.axes[0, 0], [0.0, 1.0, 0.0], atol=1e-9)


def test_the_trace_of_the_climb_ends_where_the_way_does():
    both = cuts([20, 120, 121], [[0, 0, 30.0], [10.0, 0, 70.0], [0, 0, 70.0]])
    lost = lost_in(both, moved((0.0, 1.5, 0.0)), STRIDES, RATE)
    up = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    gone = np.array([[0.4, -0.1, 0.7], [0.0, 0.0, 0.0]])
    regained = np.cumsum(lost.along(up, gone, STRIDES.n))[:200]
    assert regained[-1] == pytest.approx(0.7)
    assert regained.sum() / RATE == pytest.approx(lost.way_m(gone)[0, 2])


def test_level_ground_is_found_again_from_a_tilted_guess():
    """A flight that lost a known velocity at a landing, seen by a foot that guesses 4 deg off."""
    lost = lost_in(cuts([190, 390], [[0, 0, 80.0], [0, 0, 80.0]]), moved(), STRIDES, RATE)
    time_s = np.array([1.0, 1.0])
    true_up = np.array([[0.0, 0.0, 1.0]] * 2)
    hidden = np.array([[0.0, 0.0, 0.5]] * 2)
    mean = G * true_up - hidden
    way = np.array([[4.0, 0.1, 0.0]] * 2)
    unsupported = way + 0.5 * G * true_up - lost.way_m(hidden)
    guess = np.array([[np.sin(np.radians(4.0)), 0.0, np.cos(np.radians(4.0))]] * 2)
    found = level_ground(guess, lost, unsupported, mean, time_s, 0.0)
    assert np.degrees(np.arccos(found[:, 2])).max() < 0.3
    raised = level_ground(guess, lost, unsupported, mean, time_s, 0.2)
    assert np.degrees(np.arcsin(raised[0, 0])) == pytest.approx(np.degrees(0.2 / 4.0), abs=0.4)


def test_strides_that_level_themselves_tell_how_much_a_runner_seems_to_rise():
    k = 12
    up = np.tile([0.0, 0.0, 1.0], (k, 1))
    way = np.tile([4.0, 0.0, 0.15], (k, 1))
    way[8:, 0] = 1.0  # walking says nothing of running
    time_s = np.full(k, 0.6)
    mean = G * up
    clipped = np.arange(k) < 4
    rise_m = usual_rise_m(way + 0.5 * mean * 0.36, mean, time_s, up, clipped)
    assert rise_m == pytest.approx(0.15 * 4 / 8)
    assert usual_rise_m(way, mean, time_s, up, np.ones(k, bool)) == 0.0
