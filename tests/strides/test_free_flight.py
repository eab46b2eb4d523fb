"""Hops on one foot are told from steps on the spot by how the foot flies."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.model.gait import HOP, RUN
from gaitlab.pipeline import analyze
from gaitlab.simulate import (
    HEEL_STRIKER,
    RECREATIONAL,
    SPRINTER,
    Pod,
    Programme,
    hop,
    run,
    simulate,
    stand,
)

PODS = (Pod("left", clock_ppm=8.0), Pod("right", clock_ppm=-11.0))


def hops(seed, contact_s=0.2, flight_s=0.3):
    phases = (stand(4.0), hop(8.0, contact_s, flight_s), stand(4.0))
    return simulate(SPRINTER, Programme("hops", phases), PODS, seed)


def held_still(stream, seed):
    """The pod of a foot that is held up: what it says while its runner stands."""
    calm = np.flatnonzero((stream.time_s > 0.5) & (stream.time_s < 3.0))
    pick = np.random.default_rng(seed).choice(calm, stream.n_samples)
    return replace(stream, acc_mps2=stream.acc_mps2[pick], gyr_radps=stream.gyr_radps[pick])


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("times_s", [(0.2, 0.3), (0.26, 0.22)])
def test_one_foot_that_hops_beside_a_still_pod_hops_with_a_hop_s_cadence(seed, times_s):
    made = hops(seed, *times_s)
    left, right = made.recording.feet
    for feet in ((left, held_still(right, seed)), (left,)):
        contacts = analyze(replace(made.recording, feet=feet)).contacts
        mine = made.truth.foot == 0
        assert len(contacts) == mine.sum()
        assert (contacts.activity == HOP).all()
        truth_spm = np.nanmedian(60.0 / np.diff(made.truth.ic_time_s[mine]))
        assert np.nanmedian(contacts.cadence_spm) == pytest.approx(truth_spm, rel=0.01)
        flight_s = np.nanmedian(made.truth.flight_time_s[mine])
        assert np.nanmedian(contacts.flight_time_s) == pytest.approx(flight_s, abs=0.02)


@pytest.mark.parametrize("runner", [SPRINTER, RECREATIONAL, HEEL_STRIKER])
@pytest.mark.parametrize("speed_mps", [0.3, 0.6, 3.0])
def test_running_with_one_pod_is_no_hopping_however_slow(runner, speed_mps):
    phases = (stand(4.0), run(speed_mps, duration_s=9.0), stand(3.0))
    made = simulate(runner, Programme("run", phases), PODS[:1], seed=14)
    contacts = analyze(made.recording).contacts
    assert (contacts.activity == RUN).sum() >= 8
    assert not (contacts.activity == HOP).any()


def test_what_a_foot_feels_that_is_held_up_counts_for_nothing():
    """Rotating a little with each landing of the other foot, it never rises."""
    made = hops(15)
    left, right = made.recording.feet
    still = held_still(right, 15)
    beat = np.median(np.diff(made.truth.ic_time_s[made.truth.foot == 0]))
    swings = still.gyr_radps + 0.0
    moving = (still.time_s > 5.0) & (still.time_s < 12.0)
    swings[:, 1] += np.where(moving, 3.0 * np.sin(2.0 * np.pi * still.time_s / beat), 0.0)
    shaken = replace(still, gyr_radps=swings)
    contacts = analyze(replace(made.recording, feet=(left, shaken))).contacts
    assert (contacts.activity[contacts.foot == 0] == HOP).all()
    assert not contacts.valid[(contacts.foot == 1) & (contacts.activity == HOP)].any()
