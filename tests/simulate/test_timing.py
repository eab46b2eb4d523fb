import numpy as np
import pytest

from gaitlab.model.gait import RUN, SPRINT, WALK
from gaitlab.simulate.programme import Programme, lay_course, run, sprint, stand, walk
from gaitlab.simulate.runner import DISTANCE, RUNNERS, SPRINTER
from gaitlab.simulate.timing import contact_law_s, step_law_hz, take_steps


def steps_of(runner, *phases, seed=0):
    programme = Programme("test", phases)
    return take_steps(runner, programme, lay_course(programme), np.random.default_rng(seed))


# speed, contact, step frequency: means of mixed runners (n = 55, 62, 53 trials) and one sprinter
@pytest.mark.parametrize(
    ("speed_mps", "contact_s", "sd_s", "step_hz"),
    [(4.17, 0.202, 0.019, 2.82), (5.56, 0.171, 0.020, 3.10), (6.94, 0.143, 0.016, 3.60),
     (12.14, 0.086, 0.01, 4.36)],
)  # fmt: skip
def test_the_laws_agree_with_published_means_within_their_spread(
    speed_mps, contact_s, sd_s, step_hz
):
    speed, gait = np.array([speed_mps]), np.array([RUN], dtype=np.int8)
    assert contact_law_s(speed, gait)[0] == pytest.approx(contact_s, abs=sd_s)
    assert step_law_hz(speed, gait)[0] == pytest.approx(step_hz, rel=0.1)


def test_walkers_always_have_a_foot_on_the_ground_and_runners_fly():
    speed = np.linspace(0.8, 2.0, 20)
    walking = np.full(20, WALK, dtype=np.int8)
    assert (contact_law_s(speed, walking) * step_law_hz(speed, walking) > 1.0).all()
    for gait in (RUN, SPRINT):
        fast = np.linspace(2.5, 12.5, 30)
        code = np.full(30, gait, dtype=np.int8)
        assert (contact_law_s(fast, code) * step_law_hz(fast, code) < 0.9).all()


def test_feet_alternate_and_no_foot_lands_before_it_left():
    for runner in RUNNERS.values():
        steps = steps_of(
            runner, stand(2), walk(6), run(3.5, duration_s=20), walk(6), stand(3),
            sprint(8.5, 1.3, 60), walk(8), stand(2),
        )  # fmt: skip
        for bout in (0, 1):
            assert (np.diff(steps.foot[steps.bout == bout]) != 0).all()
        for foot in (0, 1):
            mine = steps.foot == foot
            moving = np.isfinite(steps.tc_s[mine][:-1])
            swing_s = (steps.ic_s[mine][1:] - steps.tc_s[mine][:-1])[moving]
            assert swing_s.min() > 0.2
        assert steps.stays.sum() == 4


def test_asymmetry_and_fatigue_are_found_again():
    from dataclasses import replace

    timing = replace(
        DISTANCE.timing, contact_asymmetry=0.06, step_asymmetry=0.0, fatigue_contact_per_km=0.05
    )
    steps = steps_of(
        replace(DISTANCE, timing=timing), run(4.0, duration_s=500.0), walk(5), stand(1)
    )
    steady = (steps.ic_s > 10.0) & (steps.ic_s < 490.0)
    contact_s = (steps.tc_s - steps.ic_s)[steady]
    left = steps.foot[steady] == 0
    ratio = contact_s[left].mean() / contact_s[~left].mean()
    assert ratio == pytest.approx(1.06, abs=0.01)
    slope, start = np.polyfit(steps.distance_m[steady] / 1000.0, contact_s, 1)
    assert slope / start == pytest.approx(0.05, abs=0.012)


def test_stride_to_stride_spread_is_as_asked():
    steps = steps_of(SPRINTER, run(4.0, duration_s=600.0), walk(5), stand(1))
    steady = (steps.ic_s > 10.0) & (steps.ic_s < 590.0) & (steps.foot == 0)
    contact_s = (steps.tc_s - steps.ic_s)[steady]
    assert contact_s.std() / contact_s.mean() == pytest.approx(SPRINTER.timing.contact_cv, rel=0.2)


def test_who_only_stands_takes_no_step():
    assert len(steps_of(DISTANCE, stand(5.0))) == 0


def test_a_shuffle_too_short_for_two_steps_of_each_foot_is_no_step():
    assert len(steps_of(DISTANCE, stand(2.0), walk(0.5), stand(3.0))) == 0
