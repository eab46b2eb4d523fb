import numpy as np
import pytest

from gaitlab.model.errors import UsageError
from gaitlab.model.gait import BOUND, FOREFOOT, HOP, REST
from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.simulate import (
    SPRINTER,
    Pod,
    Programme,
    bound,
    hop,
    move,
    run,
    simulate,
    stand,
    walk,
)
from gaitlab.simulate.presets import preset

PODS = (Pod("left"), Pod("right"))


def hops(contact_s=0.18, flight_s=0.30, seed=1, duration_s=8.0):
    programme = Programme("hops", (stand(3.0), hop(duration_s, contact_s, flight_s), stand(3.0)))
    return simulate(SPRINTER, programme, PODS, seed), move(SPRINTER, programme, seed)


@pytest.mark.parametrize(("contact_s", "flight_s"), [(0.15, 0.35), (0.18, 0.30), (0.25, 0.20)])
def test_hops_have_the_contact_and_flight_that_were_asked_for(contact_s, flight_s):
    truth = hops(contact_s, flight_s)[0].truth
    assert set(truth.activity) == {HOP}
    assert np.nanmean(truth.contact_time_s) == pytest.approx(contact_s, rel=0.03)
    assert np.nanmean(truth.flight_time_s) == pytest.approx(flight_s, rel=0.03)
    known = np.isfinite(truth.flight_time_s)
    np.testing.assert_allclose(
        (truth.contact_time_s + truth.flight_time_s)[known], truth.stride_time_s[known], atol=1e-9
    )
    np.testing.assert_allclose(truth.cadence_spm * truth.stride_time_s, np.where(known, 60, np.nan))


def test_both_feet_land_together_on_the_forefoot_and_on_the_spot():
    truth = hops()[0].truth
    left, right = (truth.ic_time_s[truth.foot == foot] for foot in (0, 1))
    assert len(left) == len(right) >= 14
    apart_s = left - right
    assert 0.001 < np.abs(apart_s).max() < 0.03
    assert (truth.strike == FOREFOOT).all()
    assert np.nanmax(np.abs(truth.stride_length_m)) < 0.1
    assert np.isnan(truth.tc_time_s).sum() == 2  # the last landing of each foot stays


def test_a_hopping_foot_rises_nearly_as_far_as_a_body_that_flies_that_long():
    made, world = hops(0.18, 0.34)
    motion, tc_s = world.feet["left"], world.feet["left"].contacts.tc_s[2:-2]
    flight_s = np.nanmean(made.truth.flight_time_s)
    rise_m = STANDARD_GRAVITY_MPS2 * flight_s**2 / 8.0
    height_m = motion.at((tc_s[:, None] + np.linspace(0.1, 0.25, 30)).ravel()).gap_m
    top_m = height_m.reshape(len(tc_s), -1).max(axis=1)
    assert 0.8 * rise_m < top_m.mean() < 1.1 * rise_m
    assert motion.at(motion.contacts.tc_s[2:-2] - 0.05).gap_m.max() < 1e-3


def test_the_heel_of_a_hopper_never_comes_down():
    _, world = hops()
    contacts = world.feet["right"].contacts
    share = np.linspace(0.0, 1.0, 40)
    time_s = contacts.ic_s[2:-1, None] + share * (contacts.tc_s - contacts.ic_s)[2:-1, None]
    assert world.feet["right"].at(time_s.ravel()).pitch[0].max() < np.deg2rad(-2.0)


def test_bounds_fly_longer_than_running_and_travel(plyometric):
    truth = simulate(SPRINTER, plyometric, PODS, 2).truth
    bounds = truth.activity == BOUND
    assert bounds.sum() >= 8
    assert np.nanmean(truth.contact_time_s[bounds]) == pytest.approx(0.19, rel=0.05)
    assert np.nanmedian(truth.flight_time_s[bounds]) == pytest.approx(0.30, rel=0.05)
    steady = bounds & (truth.speed_mps > 4.8)
    assert np.nanmedian(truth.stride_length_m[steady]) == pytest.approx(2 * 0.49 * 5.0, rel=0.06)
    assert (np.diff(truth.foot[bounds]) != 0).all()


def test_hops_are_a_stretch_of_their_own_between_rests():
    made = hops()[0]
    assert list(made.truth.segments.activity) == [REST, HOP, REST]
    assert len(move(SPRINTER, preset("pogo").programme("pogo"), 1).steps.release_s) == 3


def test_hops_may_be_followed_by_walking_at_once():
    programme = Programme("on", (stand(2.0), hop(4.0), walk(6.0), stand(3.0)))
    world = move(SPRINTER, programme, 1)
    assert set(world.steps.bout) == {0, 1}
    steps = world.steps
    assert steps.release_s[1].min() > np.max(steps.ic_s[steps.bout == 0])
    assert world.feet["left"].at(np.arange(0.0, world.end_s, 0.001)).gap_m.min() > -0.03


def test_one_hop_is_no_set():
    assert len(hops(duration_s=1.0)[0].truth) == 0


@pytest.mark.parametrize(
    "broken",
    [
        lambda: move(SPRINTER, Programme("x", (run(3.0, duration_s=5.0), hop(4.0)))),
        lambda: hop(5.0, contact_s=0.9),
        lambda: hop(5.0, hop_m=1.0),
        lambda: hop(5.0, on="left", hop_m=9.0),
        lambda: bound(5.0, 20.0, flight_s=2.0),
        lambda: preset("pogo").programme("pogo", 4.0),
    ],
    ids=["no stand before", "contact", "two feet forward", "far", "flight", "speed of pogo"],
)
def test_impossible_jumps_say_what_to_do(broken):
    with pytest.raises(UsageError) as caught:
        broken()
    assert len(str(caught.value).splitlines()) == 3


def on_one_foot(hop_m, on="left", seed=2):
    programme = Programme(
        "one", (stand(3.0), hop(6.0, 0.2, 0.32, on=on, hop_m=hop_m), stand(3.0), walk(4.0))
    )
    return simulate(SPRINTER, programme, PODS, seed), move(SPRINTER, programme, seed)


@pytest.mark.parametrize("hop_m", [0.0, 1.5])
def test_one_foot_hops_as_far_as_was_asked_and_the_other_is_in_the_air_until_it_is_put_down(hop_m):
    made, world = on_one_foot(hop_m)
    truth, hops_ = made.truth, made.truth.activity == HOP
    assert set(truth.foot[hops_]) == {0}
    assert np.nanmean(truth.contact_time_s[hops_]) == pytest.approx(0.2, rel=0.03)
    assert np.nanmean(truth.flight_time_s[hops_]) == pytest.approx(0.32, rel=0.03)
    assert np.nanmean(truth.stride_length_m[hops_]) == pytest.approx(hop_m, rel=0.15, abs=0.02)
    carried = world.feet["right"]
    lifted_s = float(carried.carried[0].lift_s)
    down_s = float(carried.carried[0].down_s)
    assert lifted_s < truth.ic_time_s[hops_][0]
    assert down_s > truth.ic_time_s[hops_][-1]
    assert world.feet["left"].carried == ()
    inside_s = np.linspace(lifted_s + 0.1, down_s - 0.1, 500)
    assert carried.at(inside_s).gap_m.min() > 0.02


def test_the_carried_foot_feels_the_body_fall_and_be_pushed_and_moves_without_a_jump():
    world = on_one_foot(0.0)[1]
    one = world.feet["right"].carried[0]
    left = world.feet["left"].contacts
    hops_ = np.flatnonzero(left.activity == HOP)[1:-1]  # without the stand before, the last
    ic_s, tc_s = left.ic_s[hops_], left.tc_s[hops_]
    flying = 0.5 * (tc_s[:-1] + ic_s[1:])
    pushed = 0.5 * (ic_s[:-1] + tc_s[:-1])
    bounce = one.bounce
    assert bounce.at(flying)[2] == pytest.approx(-STANDARD_GRAVITY_MPS2, rel=0.02)
    assert bounce.at(pushed)[2].min() > STANDARD_GRAVITY_MPS2
    time_s = np.arange(one.lift_s - 0.2, one.down_s + 0.2, 1e-4)
    pose = world.feet["right"].at(time_s)
    for value, rate in ((pose.moved(0), pose.moved(1)), (pose.moved(1), pose.moved(2))):
        step = np.diff(value, axis=0) - 0.5e-4 * (rate[1:] + rate[:-1])
        assert np.abs(step).max() < 2e-3 * max(1.0, np.abs(value).max())
