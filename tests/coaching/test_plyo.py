"""Hops and bounds: physics by hand, then put in and found again."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.drills.plyo import plyo_sets
from gaitlab.coaching.drills.session import Choice
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import BOUND, HOP, RUN, WALK, Flag
from gaitlab.pipeline import analyze
from gaitlab.simulate import SPRINTER, Pod, Programme, hop, simulate, stand, walk


def hopped(made_up, contact_s, flight_s, *, lag_s=0.004, activity=HOP, begin_s=5.0, feet=(0, 1)):
    """An analysis of one set of landings with these contact and flight times."""
    contact_s, flight_s = np.asarray(contact_s, float), np.asarray(flight_s, float)
    ic = begin_s + np.concatenate(([0.0], np.cumsum(contact_s[:-1] + flight_s[:-1])))
    n = len(ic) * len(feet)
    order = np.argsort(np.concatenate([ic + lag_s * (foot == 1) for foot in feet]), kind="stable")
    contacts = made_up.made_up_contacts(np.full(n, 0.1), -5.0, foot_codes=feet)
    start = np.concatenate([ic + lag_s * (foot == 1) for foot in feet])[order]
    stop = np.concatenate([ic + contact_s for _ in feet])[order]
    return made_up.analysis_of(
        replace(
            contacts, foot=np.concatenate([np.full(len(ic), foot) for foot in feet])[order],
            ic_time_s=start, tc_time_s=stop, activity=np.full(n, activity, np.int8),
            step_length_m=np.full(n, 2.5), stride_length_m=np.full(n, 0.05),
        )
    )  # fmt: skip


def test_height_and_both_strength_indices_are_those_of_hand_arithmetic(made_up):
    """0.4 s of flight is 9.81 * 0.16 / 8 = 19.6 cm; over 0.2 s of contact 0.98 m/s."""
    (one,) = plyo_sets(hopped(made_up, np.full(10, 0.2), np.full(10, 0.4)))
    assert (one.kind, one.n) == ("hops, two feet", 10)
    assert one.middle("height_m")[0] == pytest.approx(9.80665 * 0.16 / 8)
    assert one.middle("rsi_mps")[0] == pytest.approx(9.80665 * 0.16 / 8 / 0.2)
    assert one.middle("flight_ratio")[0] == pytest.approx(2.0)
    assert one.middle("lag_s")[0] == pytest.approx(0.004)
    assert one.rhythm_cv == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(one.middle("hop_length_m")[0])


def test_the_score_is_the_mean_of_the_best_five_of_the_first_ten(made_up):
    contact_s = np.full(14, 0.2)
    flight_s = np.array([0.30, 0.31, 0.32, 0.33, 0.34, 0.35, 0.36, 0.37, 0.38, 0.39] + 4 * [0.6])
    (one,) = plyo_sets(hopped(made_up, contact_s, flight_s))
    best = 9.80665 * np.array([0.35, 0.36, 0.37, 0.38, 0.39]) ** 2 / 8 / 0.2
    assert one.score_10_5_mps == pytest.approx(best.mean())
    short = plyo_sets(hopped(made_up, contact_s[:6], flight_s[:6]))[0]
    assert np.isnan(short.score_10_5_mps)


def test_a_tiring_athlete_loses_what_was_put_in(made_up):
    flight_s = 0.4 * np.sqrt(np.linspace(1.0, 0.8, 12))
    (one,) = plyo_sets(hopped(made_up, np.full(12, 0.2), flight_s))
    rsi = flight_s[:-1] ** 2
    assert one.decay_share == pytest.approx(1 - rsi[-3:].mean() / rsi[:3].mean())
    assert one.decay_per_contact == pytest.approx(np.polyfit(np.arange(11), rsi, 1)[0] / rsi.mean())


def bounded(made_up, feet):
    """Bounds of 0.19 s and 0.3 s in the air from foot to foot, as seen by some of the feet."""
    analysis = hopped(
        made_up, np.full(12, 0.19), np.full(12, 0.3), activity=BOUND, lag_s=0.0, feet=(0,)
    )
    contacts = replace(analysis.contacts, foot=np.arange(12, dtype=np.int8) % 2)
    return made_up.analysis_of(contacts.where(np.isin(contacts.foot, feet)))


@pytest.mark.parametrize("feet", [(0, 1), (0,), (1,)])
def test_bounds_have_lengths_and_flights_and_no_lag_seen_by_one_foot_or_two(made_up, feet):
    (one,) = plyo_sets(bounded(made_up, feet))
    assert (one.kind, one.n) == ("bounds", 6 * len(feet))
    assert one.middle("flight_time_s")[0] == pytest.approx(0.3)
    assert one.middle("hop_length_m")[0] == pytest.approx(2.5)
    assert np.isnan(one.middle("lag_s")[0])


def test_a_pause_parts_sets_and_fewer_than_three_are_none(made_up):
    flight_s = np.full(10, 0.35)
    flight_s[4] = 3.0
    sets = plyo_sets(hopped(made_up, np.full(10, 0.2), flight_s))
    assert [one.n for one in sets] == [5, 5]
    assert np.isnan(sets[0].flight_time_s[-1])
    with pytest.raises(AnalysisError, match="no hops or bounds"):
        plyo_sets(hopped(made_up, [0.2, 0.2], [0.3, 0.3]))
    with pytest.raises(AnalysisError, match="no hops or bounds"):
        plyo_sets(made_up.runner())


@pytest.mark.parametrize("seed", [0, 4])
def test_simulated_hops_are_found_within_the_promised_errors(seed):
    programme = Programme(
        "pogos", (stand(3.0), hop(8.0, 0.17, 0.32), stand(4.0), hop(8.0, 0.2, 0.36), stand(3.0))
    )
    made = simulate(SPRINTER, programme, (Pod("left"), Pod("right")), seed=seed)
    sets = plyo_sets(analyze(made.recording))
    truth = made.truth
    for one, begin_s, stop_s in zip(sets, (0.0, 13.0), (13.0, 99.0), strict=True):
        mine = (truth.activity == HOP) & (truth.ic_time_s > begin_s) & (truth.ic_time_s < stop_s)
        assert 2 * one.n == mine.sum()
        flight_s = float(np.nanmedian(truth.flight_time_s[mine]))
        contact_s = float(np.nanmedian(truth.contact_time_s[mine]))
        assert one.middle("contact_time_s")[0] == pytest.approx(contact_s, abs=0.012)
        assert one.middle("flight_time_s")[0] == pytest.approx(flight_s, abs=0.015)
        assert one.middle("height_m")[0] == pytest.approx(9.80665 * flight_s**2 / 8, abs=0.015)


def one_foot_hops(made_up, contact_s, flight_s, felt):
    """Hops of the left foot on the spot; the right one is carried and feels something there."""
    analysis = hopped(made_up, contact_s, flight_s, feet=(0,))
    contacts = analysis.contacts
    gait = RUN if contact_s[0] < flight_s[0] else WALK  # by duty, as the stages before say
    wait_s = np.append(np.diff(contacts.ic_time_s), np.nan)
    contacts = replace(
        contacts, activity=np.full(len(contacts), gait, np.int8), stride_time_s=wait_s,
        contact_time_s=np.asarray(contact_s), speed_mps=0.05 / wait_s,
    )  # fmt: skip
    order = np.argsort(np.concatenate((np.arange(len(contacts)), np.array(felt) + 0.5)))
    place = np.concatenate((np.arange(len(contacts)), np.array(felt, dtype=int)))[order]
    shock = order >= len(contacts)
    both = contacts.where(place)
    return made_up.analysis_of(
        replace(
            both, foot=shock.astype(np.int8), ic_time_s=both.ic_time_s + 0.02 * shock,
            contact_time_s=np.where(shock, 0.07, both.contact_time_s),
            flags=np.where(shock, Flag.UNCALIBRATED, 0).astype(both.flags.dtype),
        )
    )  # fmt: skip


def test_feet_that_land_in_turn_never_hop(made_up):
    """A part that the user names may be a run, which is refused, or bounds, which are told so."""
    part = Choice(None, 0.0, 99.0)
    with pytest.raises(AnalysisError, match="no hops or bounds"):
        plyo_sets(made_up.runner(speed_mps=np.full(60, 3.5)), part)
    assert plyo_sets(bounded(made_up, (0, 1)), Choice("hops", 0.0, 99.0))[0].kind == "bounds"
    hops = hopped(made_up, np.full(9, 0.2), np.full(9, 0.3))
    (told,) = plyo_sets(hops, Choice("bounds", 0.0, 99.0))
    assert told.kind == "hops, two feet"
    assert told.cautions[-1].startswith("named bounds, but the landings are those of hops")


@pytest.mark.parametrize("contact_s", [0.18, 0.25])
def test_hops_on_one_foot_are_found_whatever_the_share_of_the_contact(made_up, contact_s):
    (one,) = plyo_sets(one_foot_hops(made_up, np.full(9, contact_s), np.full(9, 0.22), felt=(8,)))
    assert (one.kind, one.n) == ("hops, one foot", 9)
    assert one.middle("flight_time_s")[0] == pytest.approx(0.22)


def test_what_a_carried_foot_feels_is_no_landing(made_up):
    """Each landing shakes the other foot too, and at the end it is put down."""
    felt = (1, 2, 4, 5, 6, 8)
    times = (np.full(9, 0.2), np.full(9, 0.3))
    (one,) = plyo_sets(one_foot_hops(made_up, *times, felt))
    assert (one.kind, one.n) == ("hops, one foot", 9)
    assert np.isnan(one.middle("lag_s")[0])
    (both,) = plyo_sets(hopped(made_up, *times))
    assert both.kind == "hops, two feet"


@pytest.mark.parametrize(("seed", "hop_m"), [(1, 0.0), (2, 0.0), (1, 1.4), (2, 1.4), (4, 1.4)])
def test_hops_on_one_foot_are_found_while_the_other_is_held_or_swung(seed, hop_m):
    phases = (
        stand(4.0), hop(7.0, 0.19, 0.33, on="left", hop_m=hop_m), stand(5.0), walk(4.0), stand(2.0),
    )  # fmt: skip
    programme = Programme("one foot", phases)
    made = simulate(SPRINTER, programme, (Pod("left"), Pod("right")), seed=seed)
    (one,) = plyo_sets(analyze(made.recording))
    mine = made.truth.activity == HOP
    assert one.kind == ("hops forward, one foot" if hop_m else "hops, one foot")
    assert one.n == mine.sum()
    assert np.abs(one.ic_time_s - made.truth.ic_time_s[mine]).max() < 0.05
    flight_s = float(np.nanmedian(made.truth.flight_time_s[mine]))
    assert one.middle("flight_time_s")[0] == pytest.approx(flight_s, abs=0.02)
    if hop_m:
        length_m = float(np.nanmedian(made.truth.stride_length_m[mine]))
        assert one.middle("hop_length_m")[0] == pytest.approx(length_m, rel=0.04)


@pytest.fixture(scope="module")
def pogos():
    """A set of two-foot hops, then the landing times and the end of the set."""
    phases = (stand(4.0), hop(8.0, 0.17, 0.30), stand(4.0))
    made = simulate(SPRINTER, Programme("pogos", phases), (Pod("left"), Pod("right")), seed=6)
    return made.recording


def changed(recording, place, **arrays):
    feet = list(recording.feet)
    feet[place] = replace(feet[place], **arrays)
    return replace(recording, feet=tuple(feet))


@pytest.mark.parametrize("fell_s", [4.5, 8.0])
def test_a_pod_that_lies_on_the_ground_makes_no_hops_on_one_foot(pogos, fell_s):
    """It lies as still as nothing that is tied to a hopping body."""
    left, rng = pogos.feet[0], np.random.default_rng(3)
    lies = (left.time_s > fell_s)[:, None]
    still = np.array([0.0, 0.0, 9.81]) + rng.normal(0.0, 0.03, left.acc_mps2.shape)
    fallen = changed(
        pogos, 0, acc_mps2=np.where(lies, still, left.acc_mps2),
        gyr_radps=np.where(lies, 1e-3 * rng.normal(size=left.gyr_radps.shape), left.gyr_radps),
    )  # fmt: skip
    (one,) = plyo_sets(analyze(fallen))
    assert one.kind == "hops"
    assert any("only 1 of 2 pods" in line for line in one.cautions)
    (both,) = plyo_sets(analyze(pogos))
    assert (both.kind, both.cautions) == ("hops, two feet", ())


def test_a_hole_in_the_data_makes_no_high_hop_and_no_uneven_rhythm(pogos):
    whole = plyo_sets(analyze(pogos))[0]
    for begin_s in whole.ic_time_s[5] + np.array([0.05, 0.15, 0.25, 0.35]):
        holed = pogos
        for place, foot in enumerate(pogos.feet):
            keep = (foot.time_s < begin_s) | (foot.time_s > begin_s + 0.45)
            holed = changed(
                holed, place, time_s=foot.time_s[keep], acc_mps2=foot.acc_mps2[keep],
                gyr_radps=foot.gyr_radps[keep],
            )  # fmt: skip
        (one,) = plyo_sets(analyze(holed))
        assert one.rhythm_cv < 0.05, begin_s
        assert np.nanmax(one.flight_time_s) < 1.1 * np.nanmax(whole.flight_time_s), begin_s


def test_the_running_steps_after_the_bounds_of_one_foot_are_no_bounds(made_up):
    """One foot sees every second landing: 0.85 s apart while it bounds, 0.75 s in a run."""
    contact_s = np.concatenate((np.full(12, 0.19), np.full(4, 0.27)))
    flight_s = np.concatenate((np.full(12, 0.30), np.full(4, 0.10)))
    both = hopped(made_up, contact_s, flight_s, activity=BOUND, lag_s=0.0, feet=(0,))
    contacts = replace(both.contacts, foot=np.arange(16, dtype=np.int8) % 2)
    left = made_up.analysis_of(contacts.where(contacts.foot == 0))
    (one,) = plyo_sets(left)
    assert one.n in (6, 7)
    assert one.middle("contact_time_s")[0] == pytest.approx(0.19)
    assert one.contact_time_s[-1] < 0.25
