"""Strapdown integration against rotations that are known exactly."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gaitlab.signal.orientation import (
    BLOCK_SAMPLES,
    angle_between,
    carried,
    inverse,
    rotated,
    unit_vectors,
)


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


@pytest.mark.parametrize("rate_hz", [20.0, 100.0, 400.0])
def test_agrees_with_a_plain_loop_over_scipy_rotations(rate_hz):
    gyr, truth = turning_body(rate_hz)
    acc = np.random.default_rng(2).normal(0.0, 10.0, gyr.shape)
    made = carried(acc, gyr, rate_hz)
    np.testing.assert_allclose(made.force_mps2.T, truth.apply(acc), atol=1e-12)
    everywhere = np.arange(len(gyr))
    toes = np.tile([1.0, 0.0, 0.0], (len(gyr), 1))
    ahead = rotated(made.attitude(everywhere), toes)
    np.testing.assert_allclose(ahead, truth.apply([1.0, 0.0, 0.0]), atol=1e-12)
    there_and_back = rotated(inverse(made.attitude(everywhere)), ahead)
    np.testing.assert_allclose(there_and_back, toes, atol=1e-12)


def test_gravity_stays_put_over_many_blocks_while_the_body_turns():
    gyr, truth = turning_body(200.0, seconds=0.05 + 2 * BLOCK_SAMPLES / 200.0)
    up = np.array([0.1, -0.2, 0.97])
    acc = truth.inv().apply(9.81 * up)
    made = carried(acc, gyr, 200.0)
    np.testing.assert_allclose(made.force_mps2.T, np.tile(9.81 * up, (len(gyr), 1)), atol=1e-9)


def test_a_turn_of_a_full_circle_ends_where_it_began():
    gyr = np.zeros((65, 3))
    gyr[:, 2] = 2.0 * np.pi
    made = carried(gyr, gyr, 64.0)
    point = np.array([[1.0, 2.0, 3.0]])
    np.testing.assert_allclose(rotated(made.attitude(np.array([64])), point), point, atol=1e-12)
    quarter = rotated(made.attitude(np.array([16])), point)
    np.testing.assert_allclose(quarter, [[-2.0, 1.0, 3.0]], atol=1e-12)


@pytest.mark.parametrize("n", [0, 1, 2, 31, 32, 33])
def test_any_number_of_samples_comes_back_as_many(n):
    acc = np.random.default_rng(n).normal(0.0, 10.0, (n, 3))
    made = carried(acc, np.zeros((n, 3)), 100.0)
    np.testing.assert_array_equal(made.force_mps2, acc.T)


def test_inputs_are_left_alone():
    gyr, _ = turning_body(100.0)
    before = gyr.copy()
    carried(gyr, gyr, 100.0)
    np.testing.assert_array_equal(gyr, before)


def test_angles_between_vectors_are_exact_even_when_tiny():
    a = np.array([1.0, 0.0, 0.0])
    b = np.array([np.cos(1e-7), np.sin(1e-7), 0.0])
    assert angle_between(a, b) == pytest.approx(1e-7, rel=1e-6)
    np.testing.assert_allclose(unit_vectors(np.array([[0.0, 0.0, 0.0], [0.0, 3.0, 4.0]])),
                               [[0, 0, 0], [0, 0.6, 0.8]])  # fmt: skip
