import numpy as np
import pytest

from gaitlab.simulate.sole import Sole

PITCH = np.linspace(-2.2, 0.9, 20001)


def derivative(values):
    return np.gradient(values, PITCH)[1:-1]


@pytest.mark.parametrize("rocker_m", [0.003, 0.008, 0.05])
def test_slope_curvature_and_rolled_way_are_derivatives_and_integral_of_the_height(rocker_m):
    sole = Sole(rocker_m=rocker_m)
    np.testing.assert_allclose(derivative(sole.height(PITCH)), sole.slope(PITCH)[1:-1], atol=1e-5)
    np.testing.assert_allclose(
        derivative(sole.slope(PITCH)), sole.curvature(PITCH)[1:-1], atol=3e-3
    )
    np.testing.assert_allclose(derivative(sole.rolled(PITCH)), sole.height(PITCH)[1:-1], atol=1e-7)


def test_the_sole_is_convex_everywhere():
    sole = Sole()
    radius_m = sole.height(PITCH) + sole.curvature(PITCH)
    # the base cancels in h + h'' but for the offset of the origin above the ground
    assert radius_m.min() > 0.0


def test_no_point_of_the_sole_is_below_the_touching_one():
    sole = Sole()
    x, z = sole.touching_point(PITCH)  # the envelope: the whole outline of the sole
    for pitch in (-1.0, -0.3, -0.02, 0.0, 0.1, 0.4):
        heights = x * np.sin(pitch) + z * np.cos(pitch)
        assert heights.min() == pytest.approx(-sole.height(np.array(pitch)), abs=2e-4)


def test_standing_flat_is_height_zero_and_the_heel_touches_when_toes_are_up():
    sole = Sole()
    assert sole.height(np.array(0.0)) == pytest.approx(0.0, abs=1e-12)
    heel_x, _ = sole.touching_point(np.array(0.3))
    ball_x, _ = sole.touching_point(np.array(-0.3))
    assert heel_x < -0.1
    assert ball_x > 0.07


def test_a_rounder_hull_on_the_same_centre_encloses_the_sole():
    assert (Sole(rocker_m=0.05).height(PITCH) >= Sole().height(PITCH) - 1e-12).all()


def test_a_wheel_rolls_its_circumference():
    wheel = Sole(centre_m=0.0, half_length_m=0.1, rocker_m=0.1, edge_m=0.2, base_m=0.1)
    turn = np.array(-2.0 * np.pi)
    forward_m = -wheel.rolled(turn)
    # h = radius - (radius - h(0)) cos: the origin circles about the wheel's middle
    assert forward_m == pytest.approx(2.0 * np.pi * 0.3, rel=1e-12)
