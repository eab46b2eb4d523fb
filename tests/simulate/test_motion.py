"""Laws of physics that every simulated foot has to obey."""

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid
from scipy.spatial.transform import Rotation

from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.simulate import Programme, move, run, stand
from gaitlab.simulate.sensing import (
    body_rates,
    ideal_path,
    ideal_readings,
    into_foot,
    out_of_foot,
)

LEVER_M = np.array([0.035, 0.02, 0.075])
DOWN = np.array([0.0, 0.0, -STANDARD_GRAVITY_MPS2])


def number_of(contacts, time_s):
    return np.clip(np.searchsorted(contacts.ic_s, time_s, side="right") - 1, 0, None)


def loaded(motion, time_s):
    return time_s <= motion.contacts.tc_s[number_of(motion.contacts, time_s)]


def slope_under(motion, time_s):
    """Inclination of the ground that the foot stands on."""
    if motion.holds is None:
        return np.zeros_like(time_s)
    return motion.holds.slope_rad[number_of(motion.contacts, time_s)]


def orientation(pose):
    """The same rotation written by someone else: yaw, then toes up, then roll."""
    angles = np.column_stack((pose.yaw[0], -pose.pitch[0], pose.roll[0]))
    return Rotation.from_euler("ZYX", angles)


def test_the_frame_is_that_of_the_contract(moved):
    world, time_s = moved
    pose = world.feet["left"].at(time_s[::50])
    turned = orientation(pose).apply(LEVER_M)
    np.testing.assert_allclose(out_of_foot(pose, LEVER_M), turned, atol=1e-12)
    np.testing.assert_allclose(
        into_foot(pose, turned), np.tile(LEVER_M, (len(turned), 1)), atol=1e-12
    )


def test_angular_rates_turn_the_foot_as_it_turns(moved):
    world, time_s = moved
    motion = world.feet["right"]
    turns = orientation(motion.at(time_s))
    between = (turns[:-1].inv() * turns[1:]).as_rotvec() / np.diff(time_s)[:, None]
    middle = motion.at(0.5 * (time_s[1:] + time_s[:-1]))
    rate, growth = body_rates(middle)
    np.testing.assert_allclose(between, rate, atol=0.02)
    rates = body_rates(motion.at(time_s))[0]
    off = np.abs(np.diff(rates, axis=0) / np.diff(time_s)[:, None] - growth)
    assert np.percentile(off, 99.9) < 5.0  # of up to 3000 rad/s^2
    assert off.max() < 150.0  # where the jerk jumps, at a knot


def test_integrating_the_readings_twice_returns_the_path(moved):
    """Strapdown with the true orientation; no formula of the simulator but gravity."""
    world, time_s = moved
    motion = world.feet["left"]
    force, _ = ideal_readings(motion, LEVER_M, time_s)
    acceleration = orientation(motion.at(time_s)).apply(force) + DOWN
    path_m, velocity_mps = ideal_path(motion, LEVER_M, time_s)
    velocity = velocity_mps[0] + cumulative_trapezoid(acceleration, time_s, axis=0, initial=0)
    np.testing.assert_allclose(velocity, velocity_mps, atol=0.15)
    path = path_m[0] + cumulative_trapezoid(velocity_mps, time_s, axis=0, initial=0)
    np.testing.assert_allclose(path, path_m, atol=2e-3)


def test_the_mean_vertical_force_over_a_stride_is_gravity(moved):
    """The impulse of impact and push-off carries the foot back to where it was."""
    world, time_s = moved
    motion = world.feet["left"]
    force, _ = ideal_readings(motion, LEVER_M, time_s)
    up = orientation(motion.at(time_s)).apply(force)[:, 2]
    still = np.abs(ideal_path(motion, LEVER_M, time_s)[1]).max(axis=1) < 0.01
    rests = np.flatnonzero(still)
    mean = np.trapezoid(up[rests[0] : rests[-1]], time_s[rests[0] : rests[-1]])
    duration_s = time_s[rests[-1]] - time_s[rests[0]]
    assert mean / duration_s == pytest.approx(STANDARD_GRAVITY_MPS2, abs=0.01)


def test_the_touching_point_does_not_slip(planar_runner):
    """All that moves at the ground is the midsole giving way; it is still once that is over."""
    world = move(
        planar_runner, Programme("run", (stand(1.0), run(4.0, duration_s=8.0), stand(1.0)))
    )
    motion = world.feet["left"]
    contacts = motion.contacts
    share = np.linspace(0.0, 1.0, 60)
    time_s = (contacts.ic_s[1:-1, None] + 0.07 + share * (
        contacts.tc_s[1:-1] - contacts.ic_s[1:-1] - 0.0701)[:, None]).ravel()  # fmt: skip
    pose = motion.at(time_s)
    x, z = motion.sole.touching_point(pose.pitch[0])
    touching = np.column_stack((x, np.zeros_like(x), z))
    rate, _ = body_rates(pose)
    velocity = pose.moved(1) + out_of_foot(pose, np.cross(rate, touching))
    assert np.abs(velocity[:, 0]).max() < 0.02
    assert np.abs(pose.pitch[1]).max() > 5.0  # while the foot rolls fast


def test_a_turned_foot_slips_little_for_most_of_the_contact(moved):
    world, time_s = moved
    motion = world.feet["left"]
    on_ground = time_s[loaded(motion, time_s)]
    pose = motion.at(on_ground)
    x, z = motion.sole.touching_point(pose.pitch[0] - slope_under(motion, on_ground))
    rate, _ = body_rates(pose)
    velocity = pose.moved(1) + out_of_foot(
        pose, np.cross(rate, np.column_stack((x, np.zeros_like(x), z)))
    )
    assert np.percentile(np.abs(velocity[:, :2]), 75) < 0.05


@pytest.mark.parametrize("foot", ["left", "right"])
def test_the_sole_never_goes_below_the_ground(moved, foot):
    world, time_s = moved
    motion = world.feet[foot]
    gap_m = motion.at(time_s).gap_m
    on_ground = loaded(motion, time_s)
    assert gap_m[~on_ground].min() > -1e-6
    assert gap_m[on_ground].min() > -0.025  # the midsole is pressed in
    assert gap_m[on_ground].max() < 0.003
    assert gap_m[~on_ground].max() > 0.1


def test_path_and_angles_have_no_jump(moved):
    world, time_s = moved
    motion = world.feet["right"]
    velocity = ideal_path(motion, LEVER_M, time_s)[1]
    assert np.abs(np.diff(velocity, axis=0)).max() < 1500.0 * (time_s[1] - time_s[0])
    assert np.abs(np.diff(motion.at(time_s).pitch[1])).max() < 5000.0 * (time_s[1] - time_s[0])


def test_the_foot_stays_within_reach_of_the_body(moved):
    world, time_s = moved
    body_m = np.interp(time_s, world.course.time_s, world.course.distance_m)
    for motion in world.feet.values():
        ahead_m = motion.at(time_s).moved(0)[:, 0] - body_m
        assert np.abs(ahead_m).max() < 1.0


def test_feet_are_mirrored(moved):
    world, time_s = moved
    left, right = (world.feet[name].at(time_s).moved(0)[:, 1].mean() for name in ("left", "right"))
    assert left > 0.0 > right
    # standing toes point outwards: to the left on the left foot
    assert world.feet["left"].at(np.array([1.0])).yaw[0] > 0.0
    assert world.feet["right"].at(np.array([1.0])).yaw[0] < 0.0


def test_standing_is_level_and_still(moved):
    world, _ = moved
    pose = world.feet["left"].at(np.linspace(0.5, 2.5, 200))
    assert np.abs(pose.pitch[0]).max() < np.deg2rad(0.4)
    assert np.abs(pose.roll[0]).max() < np.deg2rad(0.4)
