"""Hops and bounds are timed where the ball of the foot lands and leaves, whatever the habit."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.drills.plyo import plyo_sets
from gaitlab.events.forefoot import at_the_ball, ball_times
from gaitlab.model.gait import BOUND, HOP
from gaitlab.pipeline import analyze
from gaitlab.simulate import (
    DISTANCE,
    HEEL_STRIKER,
    SPRINTER,
    Pod,
    Programme,
    bound,
    hop,
    run,
    simulate,
    stand,
)

ARM_M = np.array([-0.08, 0.0, 0.07])
EARLIEST, LATEST = 20, 17  # seeds of an early and a late turn of the foot at toe-off


def hopping(runner, seed, on="both", hop_m=0.0, **pod):
    phases = (stand(4.0), hop(8.0, 0.19, 0.30, on=on, hop_m=hop_m), stand(4.0))
    pods = tuple(Pod(foot, **pod) for foot in ("left", "right"))
    return simulate(runner, Programme("hops", phases), pods, seed=seed)


def bounding(runner, seed, **pod):
    phases = (stand(4.0), run(4.0, distance_m=10.0), bound(4.8, 40.0, 0.18, 0.30), stand(4.0))
    pods = tuple(Pod(foot, **pod) for foot in ("left", "right"))
    return simulate(runner, Programme("bounds", phases), pods, seed=seed)


def errors_s(found, truth, kinds):
    """Errors of landing, toe-off and contact time of the contacts of these kinds."""
    wanted = np.isin(truth.activity, kinds) & np.isfinite(truth.tc_time_s)
    away = np.abs(truth.ic_time_s[wanted][:, None] - found.ic_time_s)
    away += 9.0 * (truth.foot[wanted][:, None] != found.foot)
    near, seen = away.argmin(axis=1), away.min(axis=1) < 0.08
    assert seen.mean() > 0.8
    landing = (found.ic_time_s[near] - truth.ic_time_s[wanted])[seen]
    leaving = (found.tc_time_s[near] - truth.tc_time_s[wanted])[seen]
    return landing, leaving, leaving - landing


@pytest.mark.parametrize(("runner", "seed"), [(SPRINTER, EARLIEST), (DISTANCE, LATEST)])
@pytest.mark.parametrize(("on", "hop_m"), [("both", 0.0), ("left", 0.0)])
def test_the_habit_of_the_push_off_does_not_move_the_toe_off_of_a_hop(runner, seed, on, hop_m):
    """Their fastest turn is 18 ms early and 6 ms late: so were half of their contacts."""
    simulated = hopping(runner, seed, on, hop_m)
    _, leaving, contact = errors_s(analyze(simulated.recording).contacts, simulated.truth, [HOP])
    assert abs(np.nanmedian(leaving)) < 0.004
    assert np.nanmean(np.abs(contact)) < 0.008


@pytest.mark.parametrize(("runner", "seed"), [(SPRINTER, EARLIEST), (DISTANCE, LATEST)])
def test_nor_that_of_a_bound(runner, seed):
    simulated = bounding(runner, seed)
    _, leaving, _ = errors_s(analyze(simulated.recording).contacts, simulated.truth, [BOUND])
    assert abs(np.nanmedian(leaving)) < 0.008


@pytest.mark.parametrize("placement", ["heel", "lateral"])
def test_a_slow_pod_on_the_heel_sees_the_ball_land_and_not_the_heel(placement):
    """At 100 Hz the heel, which drops 30 ms later, was taken for the landing."""
    simulated = hopping(HEEL_STRIKER, 14, rate_hz=100.0, placement=placement)
    landing, _, _ = errors_s(analyze(simulated.recording).contacts, simulated.truth, [HOP])
    assert abs(np.nanmedian(landing)) < 0.006


@pytest.mark.parametrize(
    ("runner", "seed"), [(SPRINTER, 0), (DISTANCE, LATEST), (HEEL_STRIKER, 30)]
)
def test_hops_forward_are_timed_so_too_though_their_contacts_look_like_a_run(runner, seed):
    simulated = hopping(runner, seed, "right", 1.5)
    (one,) = plyo_sets(analyze(simulated.recording))
    truth = simulated.truth
    hops = truth.activity == HOP
    away = np.abs(one.ic_time_s[:, None] - truth.ic_time_s[hops])
    true_s = truth.contact_time_s[hops][away.argmin(axis=1)]
    assert np.nanmean(np.abs(one.contact_time_s - true_s)) < 0.008


def test_contacts_stay_sorted_and_contact_plus_flight_is_the_time_to_the_next():
    contacts = analyze(hopping(SPRINTER, EARLIEST).recording).contacts
    assert (np.diff(contacts.ic_time_s) >= 0.0).all()
    total = contacts.contact_time_s + contacts.flight_time_s
    known = np.isfinite(total) & (contacts.activity == HOP)
    assert known.sum() > 20
    assert total[known] == pytest.approx(contacts.step_time_s[known])


@pytest.mark.parametrize(("runner", "seed"), [(HEEL_STRIKER, 4), (SPRINTER, 21)])
def test_a_foot_that_is_carried_more_than_it_hops_still_knows_its_toes(runner, seed):
    """The swing of the carried foot turned the frame round: no toe-off was found at all."""
    right, left = hop(4.0, 0.18, 0.38, on="right"), hop(7.0, 0.18, 0.38, on="left")
    sets = (right, left, hop(7.0, 0.18, 0.3, on="left"))
    phases = [part for one in sets for part in (stand(4.0), one)]
    pods = (Pod("left"), Pod("right"))
    simulated = simulate(runner, Programme("hops", (*phases, stand(4.0))), pods, seed=seed)
    contacts, truth = analyze(simulated.recording).contacts, simulated.truth
    hops = (truth.foot == 1) & (truth.activity == HOP) & np.isfinite(truth.tc_time_s)
    mine = contacts.tc_time_s[(contacts.foot == 1) & np.isfinite(contacts.tc_time_s)]
    away = np.abs(truth.tc_time_s[hops][:, None] - mine).min(axis=1)
    assert np.median(away) < 0.006


@pytest.fixture(scope="module")
def one_foot():
    """The signal of a hopping left foot and its true contacts, s from the first sample."""
    simulated = hopping(SPRINTER, 4)
    signal = analyze(simulated.recording).signals[0]
    truth = simulated.truth
    mine = (truth.foot == 0) & (truth.activity == HOP) & np.isfinite(truth.tc_time_s)
    return signal, truth.ic_time_s[mine] - signal.start_s, truth.tc_time_s[mine] - signal.start_s


def test_the_ball_is_found_from_contacts_that_are_off(one_foot):
    signal, ic_s, tc_s = one_foot
    for off_s in (-0.008, 0.0, 0.012):
        ball = ball_times(signal, ic_s + max(off_s, 0.0), tc_s + off_s, ARM_M)
        assert np.abs(np.nanmedian(ball.ic_s - ic_s)) < 0.005
        assert np.abs(np.nanmedian(ball.tc_s - tc_s)) < 0.004


def test_nothing_is_told_beside_a_hole_or_without_a_gyroscope(one_foot):
    signal, ic_s, tc_s = one_foot
    missing = signal.missing.copy()
    at = round(tc_s[3] * signal.rate_hz)
    missing[at - 1 : at + 2] = True
    holed = ball_times(replace(signal, missing=missing), ic_s, tc_s, ARM_M)
    assert np.isnan(holed.tc_s[3])
    assert np.isfinite(holed.ic_s[3])
    assert np.isfinite(holed.tc_s[[2, 4]]).all()
    still = replace(signal, gyr_radps=np.full_like(signal.gyr_radps, np.nan))
    blind = ball_times(still, ic_s, tc_s, ARM_M)
    assert np.isnan(blind.ic_s).all()
    assert np.isnan(blind.tc_s).all()


def test_a_contact_without_an_end_keeps_its_landing_and_no_contacts_give_nothing(one_foot):
    signal, ic_s, tc_s = one_foot
    ball = ball_times(signal, ic_s, np.where(np.arange(len(tc_s)) == 5, np.nan, tc_s), ARM_M)
    assert np.isnan(ball.tc_s[5])
    assert np.isfinite(ball.ic_s[5])
    assert len(ball_times(signal, ic_s[:0], tc_s[:0], ARM_M).ic_s) == 0


def test_only_what_leaps_is_timed_anew(one_foot):
    signal, ic_s, tc_s = one_foot
    leaps = np.arange(len(ic_s)) % 2 == 0
    ic_s, tc_s = ic_s + signal.start_s, tc_s + signal.start_s
    ball = at_the_ball(np.zeros(len(ic_s), np.int8), ic_s, tc_s, leaps, [signal], ARM_M)
    assert np.isfinite(ball.ic_sd_s[leaps]).all()
    assert np.isfinite(ball.tc_sd_s[leaps]).all()
    assert np.isnan(ball.ic_sd_s[~leaps]).all()
    assert (ball.ic_s[~leaps] == ic_s[~leaps]).all()
    assert (ball.tc_s[~leaps] == tc_s[~leaps]).all()
    nobody = at_the_ball(np.ones(len(ic_s), np.int8), ic_s, tc_s, leaps, [signal], ARM_M)
    assert np.isnan(nobody.tc_sd_s).all()
    assert (nobody.tc_s == tc_s).all()
