import numpy as np
import pytest

from gaitlab.model.errors import UsageError
from gaitlab.simulate.programme import (
    Phase,
    Programme,
    fly,
    lay_course,
    moving_bouts_s,
    run,
    sprint,
    stand,
    walk,
)


def course_of(*phases):
    return lay_course(Programme("test", phases))


def test_distance_is_the_integral_of_speed():
    course = course_of(stand(2.0), run(4.0, duration_s=10.0), walk(5.0), stand(2.0))
    way_m = np.trapezoid(course.speed_mps, course.time_s)
    assert course.distance_m[-1] == pytest.approx(way_m, rel=1e-9)


def test_a_distance_phase_ends_at_its_distance():
    course = course_of(run(5.0, distance_m=100.0), stand(1.0))
    at = np.interp(course.phase_start_s[1], course.time_s, course.distance_m)
    assert at == pytest.approx(100.0, abs=5.0 * 0.005)


def test_a_sprint_follows_the_exponential_law_from_standing():
    course = course_of(stand(1.0), sprint(9.6, 1.15, 60.0, (10.0, 30.0, 60.0)))
    t = course.time_s[course.phase == 1] - course.phase_start_s[1]
    v = course.speed_mps[course.phase == 1]
    np.testing.assert_allclose(v, 9.6 * (1.0 - np.exp(-t / 1.15)), atol=1e-9)
    # d(t) = V (t + tau exp(-t/tau)) - V tau at every gate
    for mark in course.marks:
        s = mark.time_s - course.phase_start_s[1]
        way_m = 9.6 * (s + 1.15 * np.exp(-s / 1.15)) - 9.6 * 1.15
        assert way_m == pytest.approx(mark.distance_m, abs=0.01)


def test_a_flying_zone_is_marked_at_both_ends():
    marks = course_of(sprint(9.0, 1.2, 40.0), fly(9.0, 30.0)).marks
    assert [mark.distance_m for mark in marks] == [0.0, 30.0]
    assert marks[1].time_s - marks[0].time_s == pytest.approx(30.0 / 9.0, abs=0.1)


def test_speed_has_no_jump_between_phases():
    course = course_of(
        stand(1.0), run(3.0, duration_s=4.0), run(6.0, duration_s=6.0), walk(6.0), stand(3.0)
    )
    assert np.abs(np.diff(course.speed_mps)).max() < 0.005 * 3.0


def test_a_change_at_once_starts_at_its_rate_and_fades():
    course = course_of(
        run(8.0, duration_s=8.0), run(2.0, duration_s=9.0, change_mps2=2.4, at_once=True)
    )
    late = course.phase == 1
    since_s = course.time_s[late] - course.phase_start_s[1]
    np.testing.assert_allclose(
        course.speed_mps[late], 2.0 + 6.0 * np.exp(-since_s * 2.4 / 6.0), atol=1e-9
    )


def test_bouts_are_the_stretches_that_move():
    bouts = moving_bouts_s(course_of(stand(2.0), walk(5.0), stand(4.0), walk(5.0), stand(3.0)))
    assert len(bouts) == 2
    assert bouts[0, 0] == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Phase("run", 3.0),
        lambda: Phase("run", 3.0, 1.0, 1.0),
        lambda: Phase("stand", 1.0, 1.0),
        lambda: run(14.0, duration_s=1.0),
        lambda: lay_course(Programme("none", ())),
        lambda: course_of(run(3.0, duration_s=1e6)),
    ],
)
def test_an_impossible_programme_says_what_to_do(broken):
    with pytest.raises(UsageError) as caught:
        broken()
    assert len(str(caught.value).splitlines()) == 3
