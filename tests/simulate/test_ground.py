import numpy as np
import pytest

from gaitlab.model.errors import UsageError
from gaitlab.simulate import DISTANCE, Pod, Programme, move, run, simulate, sloped, stand
from gaitlab.simulate.ground import lay_ground, onto_ground
from gaitlab.simulate.programme import lay_course

LEVEL = Programme("level", (stand(2.0), run(3.6, duration_s=20.0), stand(3.0)))


def middles_s(contacts):
    return contacts.ic_s[2:-1] + 0.45 * (contacts.tc_s - contacts.ic_s)[2:-1]


@pytest.mark.parametrize("grade", [0.06, -0.06, 0.12])
def test_the_foot_climbs_with_the_ground_and_lies_along_it(grade):
    world = move(DISTANCE, sloped(LEVEL, grade), seed=4)
    level = move(DISTANCE, LEVEL, seed=4)
    for name in ("left", "right"):
        contacts = world.feet[name].contacts
        time_s = middles_s(contacts)
        pose, flat = world.feet[name].at(time_s), level.feet[name].at(time_s)
        along_m, _, height_m = pose.moved(0).T
        np.testing.assert_allclose(np.diff(height_m), grade * np.diff(along_m), atol=0.006)
        np.testing.assert_allclose(pose.pitch[0] - flat.pitch[0], np.arctan(grade), atol=1e-9)


def test_the_true_stride_is_measured_along_the_ground():
    grade = 0.1
    pods = (Pod("left"), Pod("right"))
    truth = simulate(DISTANCE, sloped(LEVEL, grade), pods, 4).truth
    motion = move(DISTANCE, sloped(LEVEL, grade), 4).feet["left"]
    pose = motion.at(middles_s(motion.contacts))
    way_m = np.hypot(np.diff(pose.moved(0)[:, 0]), np.diff(pose.moved(0)[:, 2]))
    mine = truth.stride_length_m[truth.foot == 0]
    np.testing.assert_allclose(way_m, mine[1 : len(way_m) + 1], atol=0.012)
    level = simulate(DISTANCE, LEVEL, pods, 4).truth
    np.testing.assert_allclose(truth.stride_length_m, level.stride_length_m, atol=1e-9)
    np.testing.assert_array_equal(truth.strike_angle_rad, level.strike_angle_rad)


def test_on_one_slope_the_motion_is_the_level_one_turned():
    """Physics knows no level: only gravity sees that the ground is inclined."""
    angle = np.arctan(0.08)
    time_s = np.arange(0.0, 20.0, 0.003)
    up, flat = (
        move(DISTANCE, programme, 4).feet["right"].at(time_s)
        for programme in (sloped(LEVEL, 0.08), LEVEL)
    )
    turn = np.array(
        [[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]]
    )
    np.testing.assert_allclose(up.moved(0), flat.moved(0) @ turn.T, atol=1e-4)
    np.testing.assert_allclose(up.moved(2), flat.moved(2) @ turn.T, atol=1e-6)


def test_level_ground_is_no_ground_at_all():
    assert lay_ground(lay_course(LEVEL)) is None
    assert move(DISTANCE, LEVEL).feet["left"].holds is None


def test_the_ground_rises_by_the_way_that_was_run_on_each_grade(hill):
    course = lay_course(hill)
    ground = lay_ground(course)
    up = course.grade > 0
    way_m = np.ptp(course.distance_m[up])
    assert ground.height_m.max() == pytest.approx(way_m * np.sin(np.arctan(0.06)), rel=2e-3)
    assert ground.level_m[-1] < ground.distance_m[-1]


def test_who_never_lands_again_stays_on_the_last_foothold(hill):
    holds = lay_ground(lay_course(hill)).under(np.array([0.0, 20.0]))
    still = (np.array([20.0]), np.zeros(1), np.zeros(1))
    none = (np.zeros(1),) * 3
    level, height, _ = onto_ground(holds, np.array([1]), none, still, none)
    assert level[0] == pytest.approx(holds.level_m[1])
    assert height[0] == pytest.approx(holds.height_m[1])


def test_a_recording_says_on_what_ground_it_was_made(hill):
    pod = (Pod("left", 100.0),)
    words = [
        simulate(DISTANCE, programme, pod).recording.setup.surface
        for programme in (LEVEL, sloped(LEVEL, -0.04), hill)
    ]
    assert words == [
        "level ground",
        "ground that falls by 4 %",
        "ground with grades from -6 to 6 %",
    ]


def test_a_wall_is_no_ground():
    with pytest.raises(UsageError, match="grade"):
        sloped(LEVEL, 1.0)
