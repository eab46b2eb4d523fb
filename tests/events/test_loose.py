"""A pod that comes off its shoe: its last contacts are never told as sound."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.model.gait import Flag
from gaitlab.pipeline import analyze
from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, sprint, stand

PODS = (Pod("left"), Pod("right"))


def fallen(recording, at_s, rng):
    """The left pod comes off at ``at_s``, flies, bounces, and lies on its side."""
    left, right = recording.feet
    acc, gyr = left.acc_mps2.copy(), left.gyr_radps.copy()
    after = np.flatnonzero(left.time_s >= at_s)
    since_s = left.time_s[after] - at_s
    tumble_acc = rng.normal(size=(len(after), 3)) * 0.3
    tumble_gyr = np.zeros_like(tumble_acc)
    opens, length = 0.0, 0.35
    while length > 0.05:
        tumble_gyr[(since_s >= opens) & (since_s < opens + length)] = rng.normal(size=3) * 8.0
        opens, length = opens + length, 0.6 * length
        tumble_acc[np.abs(since_s - opens) < 0.008] += rng.normal(size=3) * 60.0
    tumble_acc[since_s >= opens] = (0.3, 9.8, 0.2)
    tumble_gyr[since_s >= opens] = 0.0
    acc[after], gyr[after] = np.clip(tumble_acc, -156.0, 156.0), tumble_gyr
    return replace(recording, feet=(replace(left, acc_mps2=acc, gyr_radps=gyr), right))


@pytest.mark.parametrize("seed", range(3))
def test_the_last_contacts_of_a_pod_that_fell_off_do_not_count(seed):
    phases = (stand(3.0), sprint(8.0, 1.2, 60.0), run(4.0, duration_s=2.0), stand(3.0))
    made = simulate(DISTANCE, Programme("sprint", phases), PODS, seed)
    at_s = 8.0 + 0.13 * seed
    contacts = analyze(fallen(made.recording, at_s, np.random.default_rng(seed))).contacts
    left = contacts.where(contacts.foot == 0)
    late = left.ic_time_s > at_s - 0.3
    assert not left.valid[late].any()
    assert (left.flags[late] & Flag.LOOSE).all()
    assert left.valid[left.ic_time_s < at_s - 1.0].any()  # what was run before stays


@pytest.mark.parametrize("seed", range(6))
def test_no_step_of_the_other_foot_ends_at_a_bounce(seed):
    """What the falling pod feels is no landing: flight and step assume half a stride there."""
    phases = (stand(3.0), sprint(8.0, 1.2, 60.0), run(4.0, duration_s=2.0), stand(3.0))
    made = simulate(DISTANCE, Programme("sprint", phases), PODS, seed)
    at_s = 6.5 + 0.07 * seed
    contacts = analyze(fallen(made.recording, at_s, np.random.default_rng(seed))).contacts
    right = contacts.where((contacts.foot == 1) & contacts.valid)
    near = (right.ic_time_s > at_s - 2.5) & (right.ic_time_s < at_s + 1.0)
    step_s, flight_s = right.step_time_s[near], right.flight_time_s[near]
    np.testing.assert_allclose(step_s, 0.5 * right.stride_time_s[near], rtol=0.12)
    assert (flight_s > 0.08).all()


def test_a_runner_who_stops_and_stands_keeps_the_last_contacts():
    programme = Programme("stop", (stand(3.0), run(3.5, duration_s=8.0), stand(4.0)))
    contacts = analyze(simulate(DISTANCE, programme, PODS, 5).recording).contacts
    assert not (contacts.flags & Flag.LOOSE).any()
