"""Two pods that are not alike: clocks apart, other rates, half a gyroscope, holes in one sensor."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.metrics.symmetry import symmetries
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import HOP, RUN, Flag
from gaitlab.model.recording import FootStream, Recording
from gaitlab.pipeline import analyze
from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand


@pytest.fixture(scope="module")
def even() -> Recording:
    """Half a minute of running between two standings, pods on one clock."""
    programme = Programme("even", (stand(4.0), run(3.5, duration_s=25.0), stand(3.0)))
    return simulate(DISTANCE, programme, (Pod("left", 200.0), Pod("right", 200.0)), 1).recording


def with_right(recording: Recording, right: FootStream) -> Analysis:
    return analyze(replace(recording, feet=(recording.feet[0], right)))


@pytest.mark.parametrize("apart_s", [0.15, 0.34, 0.37, 0.40, 0.55])
def test_pods_whose_clocks_are_apart_do_not_turn_a_run_into_hops(even, apart_s):
    right = even.feet[1]
    found = with_right(even, replace(right, time_s=right.time_s + apart_s))
    kinds = found.contacts.activity
    assert (kinds != HOP).all()
    assert np.mean(kinds == RUN) > 0.95
    assert any("clocks of the pods" in sentence for sentence in found.warnings)


def test_pods_on_one_clock_are_not_suspected(even):
    assert not any("clocks of the pods" in sentence for sentence in analyze(even).warnings)


@pytest.mark.parametrize("hole_s", [0.25, 1.0])
def test_a_contact_across_lost_rotation_is_not_timed(even, hole_s):
    right = even.feet[1]
    clean = analyze(even).contacts
    for start_s in np.arange(12.0, 20.0, 2.3):
        gyr = right.gyr_radps.copy()
        gyr[(right.time_s > start_s) & (right.time_s < start_s + hole_s)] = np.nan
        found = with_right(even, replace(right, gyr_radps=gyr)).contacts
        mine = (found.foot == 1) & found.valid & (found.activity == RUN)
        true = clean.contact_time_s[(clean.foot == 1) & clean.valid & (clean.activity == RUN)]
        assert found.contact_time_s[mine].max() < true.max() + 0.015
        assert found.contact_time_s[mine].min() > true.min() - 0.015
        assert ((found.flags & Flag.GAP) > 0)[found.foot == 1].any()


def test_a_rate_of_a_hundred_is_one_hundred_on_any_clock(even):
    words = set()
    for ppm in (-300.0, 0.0, 300.0):
        feet = tuple(
            replace(foot, time_s=foot.time_s[::2] * (1 + ppm * 1e-6), acc_mps2=foot.acc_mps2[::2],
                    gyr_radps=foot.gyr_radps[::2], declared_rate_hz=100.0)
            for foot in even.feet
        )  # fmt: skip
        found = analyze(replace(even, feet=feet)).summary("contact_time_s")
        words.add(found.quality)
        assert "rate" not in found.reason
    assert len(words) == 1


def test_steps_to_a_foot_without_gyroscope_are_half_strides(even):
    right = even.feet[1]
    blind = with_right(even, replace(right, gyr_radps=np.full_like(right.gyr_radps, np.nan)))
    left = blind.summary("step_time_s", "left")
    assert left.quality == "fair"
    assert "one foot" in left.reason
    assert left.median == pytest.approx(0.5 * blind.summary("stride_time_s", "left").median, 0.01)


def test_both_feet_are_no_better_than_the_worse_one(even):
    right = even.feet[1]
    slow = replace(
        right, time_s=right.time_s[::4], acc_mps2=right.acc_mps2[::4],
        gyr_radps=right.gyr_radps[::4], declared_rate_hz=50.0,
    )  # fmt: skip
    found = with_right(even, slow)
    words = [found.summary("contact_time_s", scope).quality for scope in ("left", "right", "both")]
    assert words == ["good", "poor", "poor"]
    sides = symmetries(found.summaries, "run", found.rates_hz)
    assert sides
    assert not any(side.resolved for side in sides)
    assert {side.reason for side in sides} == {"the pods record at different rates"}


def test_a_run_does_not_end_in_a_bound(even):
    assert set(analyze(even).contacts.activity.tolist()) == {RUN}


@pytest.mark.parametrize("fallen", [True, False])
@pytest.mark.parametrize("lean_deg", [20.0, 30.0])
def test_how_a_pod_lies_that_is_not_worn_does_not_turn_the_angles(even, lean_deg, fallen):
    """It lies still for longer than the runner stood, leaning as no tied pod slips: after it fell
    off, or before it was tied on (or the runner waits on the toes)."""
    right, lean = even.feet[1], np.radians(lean_deg)
    rng = np.random.default_rng(9)
    stood = right.acc_mps2[right.time_s < 3.0].mean(axis=0)
    turn = np.array([[np.cos(lean), 0, np.sin(lean)], [0, 1, 0], [-np.sin(lean), 0, np.cos(lean)]])
    lies = (right.time_s > 18.0 if fallen else right.time_s < 3.2)[:, None]
    acc = np.where(lies, turn @ stood + rng.normal(0.0, 0.03, right.acc_mps2.shape), right.acc_mps2)
    gyr = np.where(lies, 1e-3 * rng.normal(size=right.gyr_radps.shape), right.gyr_radps)
    found = with_right(even, replace(right, acc_mps2=acc, gyr_radps=gyr))
    truth = analyze(even).contacts

    def angle_deg(contacts):
        mine = (contacts.foot == 1) & contacts.valid & (contacts.ic_time_s < 15.0)
        mine &= contacts.ic_time_s > 5.0
        return np.degrees(np.nanmedian(contacts.strike_angle_rad[mine]))

    assert angle_deg(found.contacts) == pytest.approx(angle_deg(truth), abs=3.0)
    assert any("slipped or came off" in sentence for sentence in found.warnings)


def test_a_pause_of_the_recording_is_not_a_loss(even):
    feet = tuple(
        replace(foot, time_s=np.where(foot.time_s > 15.0, foot.time_s + 600.0, foot.time_s))
        for foot in even.feet
    )
    assert not any(" lost " in sentence for sentence in analyze(replace(even, feet=feet)).warnings)


def test_a_pod_that_slipped_says_by_how_much(even):
    right, angle = even.feet[1], np.radians(12.0)
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    after = (right.time_s > 17.0)[:, None]
    acc = np.where(after, right.acc_mps2 @ turn.T, right.acc_mps2)
    gyr = np.where(after, right.gyr_radps @ turn.T, right.gyr_radps)
    found = with_right(even, replace(right, acc_mps2=acc, gyr_radps=gyr))
    assert any("right pod sat" in sentence for sentence in found.warnings)
    assert not any("pod sat" in sentence for sentence in analyze(even).warnings)


@pytest.mark.parametrize("silent_s", [0.0, 0.13, 0.37, 0.71, 1.0, 2.4])
@pytest.mark.parametrize("begins_s", [0.0, 0.35])
def test_after_a_restart_of_one_clock_no_step_counts_to_the_other_foot(even, silent_s, begins_s):
    """What the pod lost before its counter began again is not known, so the feet are apart."""
    right = even.feet[1]
    kept = (right.time_s < 15.0) | (right.time_s >= 15.0 + silent_s)
    time_s = right.time_s[kept]
    time_s = np.where(time_s < 15.0, time_s, time_s - 15.0 - silent_s + begins_s)
    again = replace(
        right, time_s=time_s, acc_mps2=right.acc_mps2[kept], gyr_radps=right.gyr_radps[kept]
    )
    truth, found = analyze(even).contacts, with_right(even, again)
    contacts = found.contacts
    across = (contacts.flags & Flag.ONE_SIDED) == 0
    before = contacts.ic_time_s < 13.5
    assert across[before & contacts.valid].mean() > 0.9
    later = (contacts.ic_time_s > 15.0) & np.isfinite(contacts.step_time_s)
    assert later.sum() > 30
    assert not across[later].any()
    true = truth.valid & (truth.activity == RUN)
    mine = later & contacts.valid & (contacts.activity == RUN)
    for name in ("flight_time_s", "step_time_s", "contact_time_s", "cadence_spm"):
        expected = np.nanmedian(getattr(truth, name)[true])
        assert np.nanmedian(getattr(contacts, name)[mine]) == pytest.approx(expected, rel=0.05)
    assert sum("began again" in sentence for sentence in found.warnings) == 1
    assert not any("clocks of the pods" in sentence for sentence in found.warnings)
    assert not any("land together" in sentence for sentence in found.warnings)


def test_a_pod_that_falls_off_is_no_clock_that_is_apart(even):
    """Most steps were seen by one pod; while there were two, they agreed."""
    right = even.feet[1]
    kept = right.time_s < 9.0
    gone = replace(
        right, time_s=right.time_s[kept], acc_mps2=right.acc_mps2[kept],
        gyr_radps=right.gyr_radps[kept],
    )  # fmt: skip
    found = with_right(even, gone)
    alone = (found.contacts.flags & Flag.ONE_SIDED) != 0
    assert alone[found.contacts.activity == RUN].mean() > 0.5
    assert not any("clocks of the pods" in sentence for sentence in found.warnings)
