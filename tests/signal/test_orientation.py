"""Strapdown integration against rotations that are known exactly."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gaitlab.signal.orientation import angle_between, strapdown, unit_vectors


def turning_body(rate_hz, seconds=1.0, seed=0):
    """A body that turns about changing axes: its rates, and its true attitude."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, seconds, 1.0 / rate_hz)
    weights = rng.normal(0.0, 4.0, (3, 3))
    waves = np.stack([np.sin(2 * np.pi * f * time_s + f) for f in (0.7, 1.9, 3.1)])
    gyr = (weights @ waves).T
    step = Rotation.from_rotvec(0.5 * (gyr[1:] + gyr[:-1]) / rate_hz)
    attitude = [Rotation.identity()]
    for turn in step:  # the plain loop is the yardstick
        attitude.append(attitude[-1] * turn)
    return gyr, Rotation.concatenate(attitude)


@pytest.mark.parametrize("rate_hz", [100.0, 400.0])
def test_agrees_with_a_plain_loop_over_scipy_rotations(rate_hz):
    gyr, truth = turning_body(rate_hz)
    acc = np.random.default_rng(2).normal(0.0, 10.0, gyr.shape)
    starts, stops = np.array([0, 10]), np.array([len(gyr), 60])
    made = strapdown(acc, gyr, rate_hz, starts, stops)
    np.testing.assert_allclose(made.force_mps2[:, :, 0].T, truth.apply(acc), atol=1e-9)
    relative = truth[10].inv() * truth[59]
    np.testing.assert_allclose(made.last_axes[:, :, 1], relative.as_matrix(), atol=1e-9)
    np.testing.assert_allclose(made.forward[:, :, 0].T, truth.apply([1.0, 0.0, 0.0]), atol=1e-9)


def test_gravity_stays_put_while_the_body_turns():
    gyr, truth = turning_body(200.0)
    up = np.array([0.1, -0.2, 0.97])
    acc = truth.inv().apply(9.81 * up)
    made = strapdown(acc, gyr, 200.0, np.array([0]), np.array([len(gyr)]))
    np.testing.assert_allclose(
        made.force_mps2[:, :, 0].T, 9.81 * up * np.ones((len(gyr), 1)), atol=1e-9
    )


def test_no_window_gives_empty_arrays():
    made = strapdown(
        np.zeros((5, 3)), np.zeros((5, 3)), 100.0, np.array([], int), np.array([], int)
    )
    assert made.force_mps2.shape == (3, 0, 0)
    assert made.last_axes.shape == (3, 3, 0)


def test_inputs_are_left_alone():
    gyr, _ = turning_body(100.0)
    before = gyr.copy()
    strapdown(gyr, gyr, 100.0, np.array([0]), np.array([50]))
    np.testing.assert_array_equal(gyr, before)


def test_angles_between_vectors_are_exact_even_when_tiny():
    a = np.array([1.0, 0.0, 0.0])
    b = np.array([np.cos(1e-7), np.sin(1e-7), 0.0])
    assert angle_between(a, b) == pytest.approx(1e-7, rel=1e-6)
    np.testing.assert_allclose(unit_vectors(np.array([[0.0, 0.0, 0.0], [0.0, 3.0, 4.0]])),
                               [[0, 0, 0], [0, 0.6, 0.8]])  # fmt: skip
