"""Races made of numbers alone: what was put in comes out."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.race.course import course_of
from gaitlab.coaching.race.kick import find_kick
from gaitlab.coaching.race.laps import race_of
from gaitlab.model.errors import AnalysisError, UsageError
from gaitlab.model.recording import Mark
from gaitlab.report.sheets.race import race_words


@pytest.fixture
def run_with(made_up):
    """An analysis of a runner whose speed is ``speed_of(distance)``, with known shaking."""

    def make(speed_of, length_m, *, cadence_of=lambda v: 150.0 + 8.0 * v, noise=0.02, seed=0):
        time_s, at_m = [0.0], [0.0]
        while at_m[-1] < length_m:
            speed = speed_of(at_m[-1])
            time_s.append(time_s[-1] + 60.0 / cadence_of(speed))
            at_m.append(at_m[-1] + speed * (time_s[-1] - time_s[-2]))
        speed = np.array([speed_of(at) for at in at_m])
        shake = noise * np.random.default_rng(seed).standard_normal((2, len(speed)))
        contacts = made_up.made_up_contacts(speed, -4.0, seed=seed)
        return made_up.analysis_of(
            replace(
                contacts, ic_time_s=np.array(time_s), tc_time_s=np.array(time_s) + 0.15,
                speed_mps=speed * (1.0 + shake[0]),
                cadence_spm=cadence_of(speed) * (1.0 + 0.3 * shake[1]),
            )
        )  # fmt: skip

    return make


def with_marks(analysis, *marks):
    return replace(analysis, recording=replace(analysis.recording, marks=marks))


def kicking(at_m, gain=1.0, rise_m=80.0, base=6.0):
    return lambda x: base + gain * np.clip((x - at_m) / rise_m, 0.0, 1.0)


@pytest.mark.parametrize(
    ("length_m", "to_go_m"), [(800.0, 200.0), (1500.0, 300.0), (5000.0, 400.0)]
)
def test_the_kick_begins_where_it_was_put(run_with, length_m, to_go_m):
    analysis = run_with(kicking(length_m - to_go_m), length_m)
    kick = find_kick(course_of(analysis, length_m))
    assert kick.found
    assert kick.to_go_m == pytest.approx(to_go_m, abs=15.0)
    assert kick.v_before_mps == pytest.approx(6.0, abs=0.05)
    assert kick.v_kick_mps == pytest.approx(7.0, abs=0.08)


@pytest.mark.parametrize(
    ("rise", "within_m"),
    [
        (lambda way: 0.4 * -np.expm1(-way / 10.0) + 0.8 * np.clip(way / 220.0, 0.0, 1.0), 15.0),
        (lambda way: 1.0 * (3.0 - 2.0 * min(way / 220.0, 1.0)) * min(way / 220.0, 1.0) ** 2, 15.0),
        (
            lambda way: 1.0 * np.clip(way / 220.0, 0.0, 1.0),
            40.0,
        ),  # like a soft one that began before
    ],
    ids=["a jump and a drive", "a soft start", "even"],
)
@pytest.mark.parametrize("seed", range(3))
def test_the_start_does_not_hang_on_how_the_pace_rises(run_with, rise, within_m, seed):
    pace = lambda x: 6.6 + 0.05 * np.sin(x / 90.0 + seed) + rise(max(x - 1100.0, 0.0))  # noqa: E731
    kick = find_kick(course_of(run_with(pace, 1500.0, noise=0.01, seed=seed), 1500.0))
    assert kick.to_go_m == pytest.approx(400.0, abs=within_m)
    assert abs(kick.to_go_m - 400.0) < 2.0 * kick.start_sd_m


@pytest.mark.parametrize(
    "pace",
    [
        lambda x: 6.0,
        lambda x: 6.3 - 0.0004 * x,
        lambda x: 5.8 + 0.0004 * x,
        lambda x: 6.0 + 0.5 * (500.0 < x < 800.0),
        lambda x: 6.0 + 0.15 * (x > 1200.0),
    ],
    ids=["level", "fading", "ever faster", "a surge in the middle", "too small"],
)
@pytest.mark.parametrize("seed", range(4))
def test_there_is_no_kick_where_none_was_put(run_with, pace, seed):
    kick = find_kick(course_of((run_with(pace, 1500.0, seed=seed)), 1500.0))
    assert not kick.found
    assert kick.reason
    assert np.isnan(kick.start_m)


def test_the_gain_is_shared_between_cadence_and_length_as_it_was_made(run_with):
    kick = kicking(1200.0)
    by_cadence = run_with(kick, 1500.0, cadence_of=lambda v: 190.0 * v / 6.0, noise=0.005)
    by_length = run_with(kick, 1500.0, cadence_of=lambda v: 190.0 + 0.0 * v, noise=0.005)
    assert find_kick(course_of(by_cadence, 1500.0)).cadence_share == pytest.approx(1.0, abs=0.05)
    assert find_kick(course_of(by_length, 1500.0)).cadence_share == pytest.approx(0.0, abs=0.05)


def test_a_known_distance_scales_the_way_and_another_one_is_refused(run_with):
    analysis = run_with(lambda x: 5.0, 1000.0)
    course = course_of(analysis, 1030.0)
    assert course.anchored
    assert course.scale == pytest.approx(1.03, abs=0.01)
    assert float(course.time_at_s(515.0)) == pytest.approx(100.0, abs=0.7)
    with pytest.raises(UsageError, match="not 1500 m"):
        course_of(analysis, 1500.0)


def test_laps_add_up_to_the_race_and_the_last_stretch_is_its_own(run_with):
    race = race_of((run_with(lambda x: 5.0, 1000.0)), 1000.0, 400.0)
    assert [round(lap.stop_m) for lap in race.laps] == [400, 800, 1000]
    total = race.course.finish_s - race.course.start_s
    assert sum(lap.time_s for lap in race.laps) == pytest.approx(total, abs=1e-6)
    assert [part.label for part in race.lasts] == ["last 400 m", "last 200 m", "last 100 m"]
    assert race.lasts[2].time_s == pytest.approx(20.0, abs=0.3)


def test_the_finish_is_where_the_runner_slows_down_or_where_it_was_marked(run_with):
    slowing = run_with(lambda x: 6.0 if x < 800.0 else max(2.0, 6.0 - (x - 800.0) / 5.0), 830.0)
    assert course_of(slowing).length_m == pytest.approx(800.0, abs=8.0)
    marked = with_marks(run_with(lambda x: 6.0, 900.0), Mark(0.5, "Start"), Mark(100.5, "finish"))
    course = course_of(marked)
    assert course.finish_from == "a mark"
    assert course.length_m == pytest.approx(600.0, abs=4.0)


def test_a_recording_that_ends_in_the_run_and_a_single_foot_are_told(run_with):
    whole = run_with(lambda x: 6.0, 900.0)
    stop_s = whole.contacts.ic_time_s[-1] + np.array([0.5, 9.0])
    segments = [replace(whole.segments, stop_s=stop_s[place : place + 1]) for place in (0, 1)]
    cut, ended = (course_of(replace(whole, segments=one)).finish_from for one in segments)
    assert "recording ends" in cut
    assert ended == "the run ends there"
    left = replace(whole, contacts=whole.contacts.where(whole.contacts.foot == 0))
    told = [race_words(race_of(one, None)) for one in (whole, left)]
    assert not any("foot only" in line for line in told[0])
    assert "Left foot only: every second landing is seen." in told[1]


def test_the_cut_last_strides_of_a_recording_are_no_slowing_down(run_with):
    """The stride at the end of the data is measured too short: nobody slowed down."""
    whole = run_with(lambda x: 6.0, 900.0)
    later = replace(whole.segments, stop_s=whole.contacts.ic_time_s[-1:] + 9.0)
    whole = replace(whole, segments=later)
    speed = np.array(whole.contacts.speed_mps)
    speed[-4:] *= 0.7
    cut = replace(
        whole, contacts=replace(whole.contacts, speed_mps=speed),
        segments=replace(whole.segments, stop_s=whole.contacts.ic_time_s[-1:] + 0.4),
    )  # fmt: skip
    assert course_of(cut).finish_from.startswith("the recording ends there")
    told = race_words(race_of(cut, 920.0))
    assert any("920 m were taken for what is in it" in line for line in told)
    assert not any("were taken for" in line for line in race_words(race_of(whole, 920.0)))
    assert not any("were taken for" in line for line in race_words(race_of(cut, None)))
    with pytest.raises(UsageError, match="the recording ends within the run"):
        course_of(cut, 1500.0)


@pytest.mark.parametrize(("change", "word"), [(0.08, "faster than the"), (-0.2, "slower than the")])
def test_what_is_no_kick_is_said_in_words(run_with, change, word):
    kick = find_kick(course_of(run_with(kicking(1200.0, gain=change), 1500.0), 1500.0))
    assert not kick.found
    assert word in kick.reason
    assert "-" not in kick.reason


def test_without_a_leg_length_the_drift_of_its_stiffness_says_so(run_with):
    whole = run_with(lambda x: 6.0, 900.0)
    n = len(whole.contacts)
    contacts = replace(
        whole.contacts, vertical_oscillation_m=np.full(n, 0.06),
        leg_stiffness_n_per_m_per_kg=np.full(n, np.nan),
    )  # fmt: skip
    drift = race_of(replace(whole, contacts=contacts), None).drift
    (leg,) = [one for one in drift if one.metric.startswith("leg_")]
    assert leg.reason == "neither leg length nor height of the runner is known"


def test_what_lies_before_the_mark_of_the_start_is_no_race_and_a_finish_before_it_is_refused(
    run_with,
):
    whole = run_with(lambda x: 6.0, 900.0)
    begin_s = float(whole.contacts.ic_time_s[0]) + 20.0
    course = course_of(with_marks(whole, Mark(begin_s, "start")))
    assert course.length_m == pytest.approx(780.0, abs=4.0)
    assert course.distance_m[0] >= 0.0
    assert course.contacts.ic_time_s[0] >= begin_s
    with pytest.raises(UsageError, match="before that of the start"):
        course_of(with_marks(whole, Mark(begin_s, "start"), Mark(begin_s - 9.0, "finish")))
    with pytest.raises(UsageError, match="hardly any running"):
        course_of(with_marks(whole, Mark(float(whole.contacts.ic_time_s[-3]), "start")))


def test_a_pause_parts_two_runs_and_the_longer_one_counts(run_with):
    whole = run_with(lambda x: 5.0, 800.0)
    times = whole.contacts.ic_time_s
    parted = replace(whole.contacts, ic_time_s=times + 30.0 * (times > 40.0))
    assert course_of(replace(whole, contacts=parted)).length_m == pytest.approx(600.0, abs=10.0)


def test_missing_lengths_are_bridged_and_too_few_are_refused(run_with):
    whole = run_with(lambda x: 5.0, 400.0)
    speed = np.array(whole.contacts.speed_mps)
    speed[::3] = np.nan
    bridged = replace(whole, contacts=replace(whole.contacts, speed_mps=speed))
    assert course_of(bridged).length_m == pytest.approx(400.0, abs=8.0)
    nothing = replace(
        whole, contacts=replace(whole.contacts, speed_mps=np.full(len(speed), np.nan))
    )
    with pytest.raises(AnalysisError, match="no race"):
        course_of(nothing)
    with pytest.raises(AnalysisError, match="no race"):
        course_of(run_with(lambda x: 5.0, 5.0))
    with pytest.raises(AnalysisError, match="no race"):
        course_of(replace(whole, contacts=whole.contacts.where(np.zeros(len(speed), bool))))
