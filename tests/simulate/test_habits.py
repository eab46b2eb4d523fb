from dataclasses import replace

import numpy as np
import pytest

from gaitlab.simulate import DISTANCE, HEEL_STRIKER, SPRINTER, Programme, move, run, stand, striking
from gaitlab.simulate.habits import both_feet
from gaitlab.simulate.sensing import ideal_readings

EASY = Programme("easy", (stand(1.0), run(3.4, duration_s=12.0), stand(1.0)))
LACES_M = np.array([0.035, 0.0, 0.075])


def drawn(runner, count=400):
    return [both_feet(runner, seed) for seed in range(count)]


def test_who_does_not_vary_is_exactly_as_written():
    exact = replace(DISTANCE, varies=0.0)
    assert drawn(exact, 3) == [(exact, exact)] * 3


def test_the_fastest_rotation_lies_4_ms_before_toe_off_give_or_take_6():
    offset_s = np.array([feet[0].swing.peak_offset_s for feet in drawn(DISTANCE)])
    assert offset_s.mean() == pytest.approx(-0.004, abs=0.001)
    assert offset_s.std() == pytest.approx(0.006, abs=0.001)
    apart_s = [left.swing.peak_offset_s - right.swing.peak_offset_s
               for left, right in drawn(DISTANCE)]  # fmt: skip
    assert 0.001 < np.std(apart_s) < 0.003


def test_habits_belong_to_an_athlete_however_the_foot_lands():
    first, other = both_feet(DISTANCE, 5)[0].swing, both_feet(SPRINTER, 5)[0].swing
    assert first == both_feet(striking(DISTANCE, "forefoot"), 5)[0].swing
    assert first.peak_offset_s != other.peak_offset_s


def test_some_let_go_sharply_and_some_softly():
    release = np.array([feet[0].swing.release for feet in drawn(DISTANCE)])
    assert release.min() == 0.0
    assert release.max() > 0.9
    assert both_feet(SPRINTER, 0)[0].swing.release <= 1.0


def test_the_fastest_rotation_is_where_it_was_drawn():
    for offset_s in (-0.010, 0.0, 0.008):
        swing = replace(DISTANCE.swing, peak_offset_s=offset_s, burst_radps=0.0)
        motion = move(replace(DISTANCE, swing=swing, varies=0.0), EASY, 2).feet["left"]
        contacts = motion.contacts
        around_s = np.arange(-0.04, 0.04, 0.0005)
        time_s = contacts.tc_s[3:-3, None] + around_s
        rate = motion.at(time_s.ravel()).pitch[1].reshape(time_s.shape)
        np.testing.assert_allclose(around_s[rate.argmin(axis=1)], offset_s, atol=0.004)


def test_a_sharp_release_is_a_step_in_the_forward_force_and_a_soft_one_is_not():
    steps = {}
    for release in (0.0, 1.0):
        swing = replace(DISTANCE.swing, release=release, burst_radps=0.0)
        motion = move(replace(DISTANCE, swing=swing, varies=0.0), EASY, 2).feet["left"]
        tc_s = motion.contacts.tc_s[3:-3]
        before, after = (ideal_readings(motion, LACES_M, tc_s + d)[0] for d in (-1e-6, 1e-6))
        steps[release] = np.median(np.linalg.norm(after - before, axis=1))
    assert steps[0.0] < 1.0
    assert steps[1.0] > 15.0


def test_a_soft_heel_brushes_the_ground_and_then_slaps():
    bursts = {}
    for touch in (1.0, 0.25):
        impact = replace(HEEL_STRIKER.impact, heel_touch=touch, cv=0.0)
        motion = move(replace(HEEL_STRIKER, impact=impact, varies=0.0), EASY, 2).feet["left"]
        ic_s = motion.contacts.ic_s[4:-3]
        since_s = np.arange(0.0, 0.075, 0.0005)
        force, rate = ideal_readings(motion, LACES_M, (ic_s[:, None] + since_s).ravel())
        size = np.linalg.norm(force, axis=1).reshape(len(ic_s), -1)
        first, slap = size[:, since_s < 0.02].max(axis=1), size[:, since_s > 0.025].max(axis=1)
        down = rate[:, 1].reshape(len(ic_s), -1).max(axis=1)
        bursts[touch] = np.median(first), np.median(slap), np.median(down)
    assert bursts[1.0][0] > 2.0 * bursts[0.25][0]
    assert bursts[1.0][0] > bursts[1.0][1]
    assert bursts[0.25][1] > 2.2 * bursts[0.25][0]
    assert bursts[0.25][1] > 1.2 * bursts[1.0][1]
    assert bursts[0.25][2] > 6.0


def test_some_heel_strikers_land_softly_and_no_forefoot_runner_does():
    soft = [feet[0].impact.heel_touch < 1.0 for feet in drawn(HEEL_STRIKER)]
    assert np.mean(soft) == pytest.approx(HEEL_STRIKER.impact.soft_share, abs=0.08)
    assert not any(feet[0].impact.heel_touch < 1.0 for feet in drawn(SPRINTER, 50))


def test_turning_out_of_the_plane_differs_between_athletes_as_on_real_pods():
    """Share of the first principal axis of turning; 0.57 to 0.85 on real shoe pods."""
    shares = []
    for seed in range(6):
        motion = move(DISTANCE, EASY, seed).feet["left"]
        rate = ideal_readings(motion, LACES_M, np.arange(3.0, 12.0, 0.005))[1]
        power = np.linalg.eigvalsh(rate.T @ rate)
        shares.append(power[-1] / power.sum())
    assert 0.6 < min(shares) < max(shares) < 0.93
    assert np.ptp(shares) > 0.03
