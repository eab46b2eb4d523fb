"""Timed sprints of simulated recordings whose gates are the truth, and what may spoil them."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.drills.cautions import TOO_SLOW
from gaitlab.coaching.drills.flying import flying
from gaitlab.coaching.drills.session import Choice
from gaitlab.coaching.sprint.evidence import Anchors
from gaitlab.coaching.sprint.search import SLOWEST_TOP_MPS, search_sprints, sprints_of
from gaitlab.coaching.sprint.start import first_movement_s, push_end_s, start_of
from gaitlab.coaching.sprint.steps import missing_numbers, stray_contacts
from gaitlab.coaching.sprint.timed import Setting
from gaitlab.model.errors import AnalysisError, UsageError
from gaitlab.model.recording import FEET, Mark
from gaitlab.pipeline import analyze
from gaitlab.report.sheets.sprint import recorded_curve
from gaitlab.simulate import SPRINTER, Pod, Programme, run, simulate, sprint, stand, walk

GATES_M = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0)
SLOWING = run(3.0, duration_s=4.0, change_mps2=2.2)
TOP_MPS, TAU_S, START_S = 9.2, 1.15, 4.0


def made(*phases, rate_hz=200.0, seed=5):
    pods = (Pod("left", rate_hz, 16.0), Pod("right", rate_hz, 16.0, clock_ppm=-11.0))
    return simulate(SPRINTER, Programme("sprint", phases), pods, seed=seed)


@pytest.fixture(scope="session")
def sixty():
    """A sprint of 60 m from standing, and when its gates were passed, from the start."""
    one = made(stand(START_S), sprint(TOP_MPS, TAU_S, 60.0, GATES_M), SLOWING, stand(2.0))
    gates_s = np.array([mark.time_s for mark in one.truth.marks if mark.distance_m is not None])
    return one, gates_s[1:] - gates_s[0]


@pytest.fixture(scope="session")
def analysed(sixty):
    return without_marks(analyze(sixty[0].recording))


def without_marks(analysis, *marks):
    return replace(analysis, recording=replace(analysis.recording, marks=marks))


def cut(recording, left_until_s, right_until_s):
    """The recording with each pod going silent at a time."""
    feet = []
    for stream, until_s in zip(recording.feet, (left_until_s, right_until_s), strict=True):
        n = int(np.searchsorted(stream.time_s, until_s))
        feet.append(
            replace(
                stream, time_s=stream.time_s[:n], acc_mps2=stream.acc_mps2[:n],
                gyr_radps=stream.gyr_radps[:n],
            )
        )  # fmt: skip
    return replace(recording, feet=tuple(foot for foot in feet if len(foot.time_s)), marks=())


def test_a_gate_at_the_end_makes_every_split_good_to_hundredths(analysed, sixty):
    true_s = sixty[1]
    (one,) = sprints_of(analysed, Setting(), Anchors(60.0, ((60.0, float(true_s[-1])),)))
    assert one.anchored
    assert one.source == "gates"
    np.testing.assert_allclose(one.sprint.splits.distance_m, GATES_M[1:])
    assert np.abs(one.sprint.splits.time_s - true_s).max() < 0.05
    assert one.sprint.fit.model.v_max_mps == pytest.approx(TOP_MPS, rel=0.02)
    assert one.sprint.fit.model.tau_s == pytest.approx(TAU_S, rel=0.12)


def test_the_last_mark_is_the_line_when_the_runner_slows_a_little_later():
    beyond = made(stand(START_S), sprint(TOP_MPS, TAU_S, 66.0, GATES_M), SLOWING, stand(2.0))
    whole = analyze(beyond.recording)
    (known,) = sprints_of(whole, Setting(), Anchors())
    assert known.sprint.splits.distance_m[-1] == GATES_M[-1]
    early_marks = [mark for mark in whole.recording.marks if (mark.distance_m or 0.0) <= 30.0]
    (early,) = sprints_of(without_marks(whole, *early_marks), Setting(), Anchors())
    assert early.sprint.splits.distance_m[-1] > 60.0


@pytest.mark.parametrize(("at_once", "late_s"), [(True, 0.04), (False, 0.09)])
def test_the_line_is_told_by_letting_go_at_once_or_gently(at_once, late_s):
    slowing = run(1.5, duration_s=4.0, change_mps2=2.2, at_once=at_once)
    errors_s = []
    for seed in range(5, 9):
        one = made(stand(START_S), sprint(TOP_MPS, TAU_S, 60.0, GATES_M), slowing, seed=seed)
        gates_s = [mark.time_s for mark in one.truth.marks if mark.distance_m is not None]
        whole = without_marks(analyze(one.recording))
        (known,) = sprints_of(whole, Setting(), Anchors(60.0))
        errors_s.append(known.sprint.splits.time_s[-1] - (gates_s[-1] - gates_s[0]))
        assert np.isfinite(known.sprint.splits.fitted_s[-1])
    assert abs(np.mean(errors_s)) < late_s
    assert np.abs(errors_s).max() < 0.16


def test_without_an_anchor_the_times_are_estimates_within_their_band(analysed, sixty):
    (one,) = sprints_of(analysed, Setting())
    off = np.abs(one.sprint.splits.time_s - sixty[1])
    assert not one.anchored
    assert (off <= one.sprint.splits.band_s).all()
    assert one.sprint.splits.band_s.max() <= 0.25
    assert "estimated" in one.sprint.notes[0]


def test_a_finish_mark_and_the_course_length_need_no_slowing_down(analysed, sixty):
    finish = Mark(START_S + float(sixty[1][-1]), "finish")
    (one,) = sprints_of(without_marks(analysed, finish), Setting(), Anchors(60.0))
    assert one.source == "marks"
    assert one.start_s + one.sprint.splits.time_s[-1] == pytest.approx(finish.time_s, abs=0.02)


def test_a_course_length_that_is_not_this_sprint_is_refused(analysed):
    with pytest.raises(UsageError, match="not 100 m long"):
        sprints_of(analysed, Setting(), Anchors(100.0))


@pytest.mark.parametrize("course_m", [20.0, 30.0, 40.0])
def test_a_course_that_ends_long_before_the_runner_slows_down_is_refused(analysed, course_m):
    with pytest.raises(UsageError, match=f"not {course_m:g} m long") as told:
        sprints_of(analysed, Setting(), Anchors(course_m))
    assert "s later than a course of that length ends" in told.value.why


def doubts(sprints):
    return [note for note in sprints[0].sprint.notes if "do not fit this sprint well" in note]


@pytest.mark.parametrize(("course_m", "words"), [(50.0, "earlier than it is seen"),
                                                 (68.0, "too short")])  # fmt: skip
def test_a_course_that_the_sprint_bends_to_is_told(analysed, course_m, words):
    (note,) = doubts(sprints_of(analysed, Setting(), Anchors(course_m)))
    assert words in note


def test_gates_that_the_sprint_bends_to_are_told_and_true_ones_are_not(analysed, sixty):
    at_30, at_60 = float(sixty[1][2]), float(sixty[1][-1])
    true = Anchors(60.0, ((30.0, at_30), (60.0, at_60)))
    assert not doubts(sprints_of(analysed, Setting(), true))
    assert not doubts(sprints_of(analysed, Setting(), Anchors(60.0)))
    assert not doubts(sprints_of(analysed, Setting()))
    (note,) = doubts(sprints_of(analysed, Setting(), Anchors(None, ((60.0, at_60 + 0.5),))))
    assert "too long" in note


def test_a_finish_mark_without_a_length_asks_for_it(analysed, sixty):
    finish = Mark(START_S + float(sixty[1][-1]), "finish")
    (one,) = sprints_of(without_marks(analysed, finish), Setting())
    assert any("with --distance 60 it would count" in note for note in one.sprint.notes)
    (known,) = sprints_of(without_marks(analysed, finish), Setting(), Anchors(60.0))
    assert not any("it would count" in note for note in known.sprint.notes)


def with_hole(recording, begin_s, end_s):
    """The recording without its samples between two times."""
    feet = []
    for foot in recording.feet:
        keep = (foot.time_s < begin_s) | (foot.time_s > end_s)
        feet.append(
            replace(foot, time_s=foot.time_s[keep], acc_mps2=foot.acc_mps2[keep],
                    gyr_radps=foot.gyr_radps[keep])
        )  # fmt: skip
    return replace(recording, feet=tuple(feet), marks=())


def test_no_step_reaches_over_a_hole_or_from_an_edge_of_it(sixty):
    one = sixty[0]
    for begin_s in START_S + np.arange(3.2, 3.6, 0.05):
        analysis = analyze(with_hole(one.recording, begin_s, begin_s + 0.8))
        (found,) = sprints_of(analysis, Setting())
        lengths, cadence = found.steps.length_m[4:], found.steps.cadence_spm[4:]
        assert np.nanmax(lengths) < 3.0, begin_s
        assert np.nanmin(lengths) > 1.3, begin_s
        assert np.nanmax(cadence) < 1.35 * np.nanmedian(cadence), begin_s
        assert np.isfinite(lengths).sum() > 15
        assert not np.isfinite(found.steps.length_sd_m[np.isnan(found.steps.length_m)]).any()


def fallen(recording, fell_s, rng):
    """The recording with a left pod that tumbles for a second and then lies on its side."""
    left = recording.feet[0]
    fell = np.maximum(left.time_s - fell_s, 0.0)
    tumbles, lies = np.exp(-fell / 0.3)[:, None], (fell > 0.0)[:, None]
    acc = np.array([9.81, 0.0, 0.0]) + tumbles * rng.normal(0.0, 15.0, left.acc_mps2.shape)
    gyr = tumbles * 9.0 * np.sin(19.0 * fell)[:, None] + 1e-3 * rng.normal(size=acc.shape)
    acc, gyr = np.where(lies, acc, left.acc_mps2), np.where(lies, gyr, left.gyr_radps)
    left = replace(left, acc_mps2=acc, gyr_radps=gyr)
    return replace(recording, feet=(left, recording.feet[1]), marks=())


def test_a_step_to_what_a_falling_pod_feels_has_no_length(sixty):
    rng = np.random.default_rng(8)
    for fell_s in START_S + np.arange(3.2, 3.8, 0.1):
        (found,) = sprints_of(analyze(fallen(sixty[0].recording, fell_s, rng)), Setting())
        lengths, cadence = found.steps.length_m[4:], found.steps.cadence_spm[4:]
        assert np.nanmin(lengths) > 1.4, fell_s
        assert np.nanmax(cadence) < 1.35 * np.nanmedian(cadence), fell_s
        assert any("the left pod shows no landing after" in note for note in found.sprint.notes)


def test_every_step_after_the_second_is_there_with_its_times(analysed, sixty):
    (one,) = sprints_of(analysed, Setting(), Anchors(60.0))
    truth = sixty[0].truth
    true = (truth.ic_time_s > START_S + 0.1) & (truth.distance_m < truth.distance_m[0] + 59.0)
    landed_s, contact_s = truth.ic_time_s[true], truth.contact_time_s[true]
    mine_s = one.start_s + one.steps.time_s
    near = np.abs(mine_s[:, None] - landed_s).argmin(axis=0)
    assert np.abs(mine_s[near] - landed_s)[2:].max() < 0.05
    assert len(np.unique(near)) == len(near)
    assert not len(missing_numbers(one.steps))
    off = one.steps.contact_s[near] - contact_s
    assert np.abs(off[2:]).mean() < 0.015
    lengths = one.steps.length_m
    assert one.steps.distance_m[0] + lengths[:-1].sum() == pytest.approx(
        one.steps.distance_m[-1], abs=0.3
    )


def test_the_start_is_the_first_movement_after_the_last_stand(analysed):
    moved_s = first_movement_s(analysed.signals, float(analysed.contacts.ic_time_s[0]))
    assert moved_s == pytest.approx(START_S, abs=0.06)


def test_the_clock_starts_with_the_body_whatever_the_feet_did_before(analysed, sixty):
    (one,) = sprints_of(analysed, Setting(), Anchors(60.0))
    assert one.start_s == pytest.approx(START_S, abs=0.03)
    truth = sixty[0].truth
    landing_s = float(truth.ic_time_s[0])
    push_s = push_end_s(analysed.signals, landing_s, FEET[truth.foot[0]])
    assert START_S + 0.25 < push_s < landing_s + 0.01


def test_a_landing_that_is_not_the_first_says_nothing_about_the_start(analysed):
    late = analysed.contacts.where(analysed.contacts.ic_time_s > START_S + 0.9)
    moved_s = first_movement_s(analysed.signals, float(analysed.contacts.ic_time_s[0]))
    start_s, sd_s = start_of(analysed.signals, late, moved_s)
    assert abs(start_s - START_S) < 0.1
    assert sd_s > 0.05


def test_a_false_start_is_not_the_sprint():
    twitch = sprint(4.0, 0.8, 2.5)
    one = made(stand(4.0), twitch, stand(6.0), sprint(9.0, 1.2, 40.0), SLOWING, stand(2.0))
    began_s = float(one.truth.ic_time_s[one.truth.distance_m < 6.0][-1])
    (found,) = sprints_of(without_marks(analyze(one.recording)), Setting())
    assert found.start_s > began_s - 2.0
    assert found.measured_m == pytest.approx(40.0, rel=0.06)


def test_a_walk_has_no_sprint_and_says_what_was_found():
    with pytest.raises(AnalysisError, match="no sprint from standing") as told:
        sprints_of(analyze(made(stand(3.0), walk(8.0), stand(2.0)).recording), Setting())
    assert "walking" in told.value.why


def test_another_kind_that_is_not_there_is_named(analysed):
    with pytest.raises(AnalysisError, match="no fly in this recording") as told:
        sprints_of(analysed, Setting(), choice=Choice("fly"))
    assert told.value.why == "found instead: 1 sprint"


def test_without_a_gyroscope_it_says_that_nothing_can_be_told(sixty):
    feet = tuple(
        replace(foot, gyr_radps=np.full_like(foot.gyr_radps, np.nan))
        for foot in sixty[0].recording.feet
    )
    analysis = analyze(replace(sixty[0].recording, feet=feet, marks=()))
    for refused in (lambda: sprints_of(analysis, Setting()), lambda: flying(analysis)):
        with pytest.raises(AnalysisError) as told:
            refused()
        assert told.value.why.startswith("without a gyroscope no speed")


def test_one_foot_gives_splits_and_every_second_step(sixty):
    one, true_s = sixty
    analysis = analyze(cut(one.recording, np.inf, 0.0))
    (found,) = sprints_of(analysis, Setting())
    off = np.abs(found.sprint.splits.time_s - true_s)
    assert (off <= found.sprint.splits.band_s).all()
    assert any("one foot only" in note for note in found.sprint.notes)
    assert (np.diff(found.steps.number) == 2).all()


def test_a_pod_that_falls_off_in_the_middle_is_named(sixty):
    one, true_s = sixty
    analysis = analyze(cut(one.recording, np.inf, START_S + float(true_s[2])))
    (found,) = sprints_of(analysis, Setting())
    off = np.abs(found.sprint.splits.time_s - true_s)
    assert (off <= found.sprint.splits.band_s).all()
    assert any("the right pod shows no landing after" in note for note in found.sprint.notes)
    apart = np.diff(found.steps.number)
    same_foot = np.diff(found.steps.foot) == 0
    assert (apart[same_foot] == 2).all()
    assert (apart[~same_foot] == 1).all()
    assert same_foot.sum() >= 5


def test_a_recording_that_ends_at_40_m_tells_what_it_saw(sixty):
    one, true_s = sixty
    end_s = START_S + float(true_s[3]) + 0.3
    (found,) = sprints_of(analyze(cut(one.recording, end_s, end_s)), Setting(), Anchors(60.0))
    assert found.sprint.splits.distance_m[-1] <= 40.0
    assert any("ends before the sprint does" in note for note in found.sprint.notes)
    assert not found.anchored


def test_sixty_samples_a_second_still_give_splits_within_their_band():
    one = made(
        stand(START_S), sprint(TOP_MPS, TAU_S, 60.0, GATES_M), SLOWING, stand(2.0), rate_hz=60.0
    )
    gates_s = np.array([mark.time_s for mark in one.truth.marks if mark.distance_m])
    (found,) = sprints_of(without_marks(analyze(one.recording)), Setting())
    assert (
        np.abs(found.sprint.splits.time_s - (gates_s - START_S)) <= found.sprint.splits.band_s
    ).all()
    assert TOO_SLOW in found.sprint.notes


def test_a_gun_mark_starts_the_clock_and_leaves_the_curve_alone(analysed, sixty):
    (plain,) = sprints_of(analysed, Setting())
    gun = Mark(START_S - 0.16, "gun")
    (one,) = sprints_of(without_marks(analysed, gun), Setting())
    assert one.start_s == pytest.approx(gun.time_s, abs=0.01)
    assert one.sprint.splits.time_s[2] == pytest.approx(sixty[1][2] + 0.16, abs=0.12)
    assert one.sprint.fit.model.tau_s == pytest.approx(plain.sprint.fit.model.tau_s, rel=0.03)


def test_marks_at_start_and_finish_need_nothing_else(analysed, sixty):
    marks = (Mark(START_S, "start"), Mark(START_S + float(sixty[1][-1]), "finish"))
    (one,) = sprints_of(without_marks(analysed, *marks), Setting(), Anchors(60.0))
    assert np.abs(one.sprint.splits.time_s - sixty[1]).max() < 0.05


def test_a_personal_length_factor_narrows_the_band(analysed):
    factor = replace(analysed, parameters=analysed.parameters | {"length_scale": 1.01})
    (plain,), (known,) = sprints_of(analysed, Setting()), sprints_of(factor, Setting())
    assert known.sprint.splits.band_s[-1] < 0.75 * plain.sprint.splits.band_s[-1]


def test_gates_of_another_sprint_are_refused(analysed):
    with pytest.raises(UsageError, match="not those of this sprint"):
        sprints_of(analysed, Setting(), Anchors(None, ((30.0, 3.0), (60.0, 8.0))))


def test_a_part_that_begins_at_speed_is_no_sprint_from_standing(analysed):
    with pytest.raises(AnalysisError, match="does not begin from standing"):
        sprints_of(analysed, Setting(), choice=Choice("sprint", START_S + 3.0, START_S + 8.0))


def test_a_part_that_the_user_named_is_no_sprint_when_it_is_as_slow_as_a_jog():
    jog = made(stand(4.0), run(3.0, distance_m=40.0, change_mps2=2.0), stand(3.0))
    analysis = without_marks(analyze(jog.recording))
    named = Choice("sprint", 3.0, 18.0)
    with pytest.raises(AnalysisError, match="this is no sprint") as told:
        search_sprints(analysis, Setting(), choice=named)
    assert "its fastest step went at" in str(told.value)
    assert np.nanmax(analysis.contacts.speed_mps) < SLOWEST_TOP_MPS


def test_a_slow_part_does_not_cost_the_sprint_beside_it(analysed, monkeypatch):
    from gaitlab.coaching.sprint import search

    fast, slow = search_sprints(analysed, Setting()).sprints[0], Choice("sprint", 3.0, 12.0)
    assert search_sprints(analysed, Setting(), choice=slow).refused == {}
    monkeypatch.setattr(search, "SLOWEST_TOP_MPS", float(np.nanmax(fast.steps.speed_mps)) + 0.1)
    with pytest.raises(AnalysisError, match="this is no sprint"):
        search_sprints(analysed, Setting(), choice=slow)


def test_a_landing_told_late_is_told_from_a_step_that_was_really_short():
    contact = np.array([190, 200, 185, 176, 154, 153, 140, 136, 132, 121, 127, 122, 120, 118, 116])
    contact_s, flight_s = 1e-3 * contact, 1e-3 * np.linspace(50, 165, len(contact))
    before = contact_s.copy()
    assert not stray_contacts(contact_s, flight_s).any(), "contacts that fall are no strays"
    for place in (3, 9, len(contact) - 1):
        late, longer, leaving = contact_s.copy(), flight_s.copy(), flight_s.copy()
        late[place] -= 0.04
        assert not stray_contacts(late, flight_s).any(), (
            "short, but the air does not make up for it"
        )
        longer[place - 1] += 0.04
        np.testing.assert_array_equal(np.flatnonzero(stray_contacts(late, longer)), place)
        leaving[place] += 0.04
        np.testing.assert_array_equal(np.flatnonzero(stray_contacts(late, leaving)), place)
    np.testing.assert_array_equal(contact_s, before)


def test_no_contact_is_stray_among_unknown_or_few_ones():
    known = np.full(9, 0.12)
    known[4] = np.nan
    assert not stray_contacts(known, np.full(9, 0.15)).any()
    assert not stray_contacts(np.full(9, np.nan), np.full(9, np.nan)).any()
    assert not stray_contacts(np.array([0.1, 0.05, 0.1]), np.array([0.19, 0.1, 0.1])).any()
    assert not len(stray_contacts(np.empty(0), np.empty(0)))


def test_the_strides_that_are_drawn_lie_beside_the_curve(analysed):
    (one,) = sprints_of(analysed, Setting(), Anchors(60.0))
    curve = recorded_curve(one)
    fit = one.sprint.fit
    at_s = fit.model.time_s(curve.strides_m)
    apart = curve.strides_mps - fit.model.speed_mps(at_s)
    assert len(apart) > 15
    assert np.sqrt(np.mean(apart**2)) < 3.0 * fit.residual_rms
    assert curve.strides_m.max() <= 60.0
