"""Flying sprints made of numbers alone, and simulated ones whose marks are the truth."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.drills.cautions import CUT, TOO_SLOW
from gaitlab.coaching.drills.flying import behind_best, best_of, drop_share, flying
from gaitlab.coaching.drills.session import find_repetitions
from gaitlab.coaching.drills.session_numbers import numbers_of
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import LEFT, RUN, Flag
from gaitlab.model.recording import Mark
from gaitlab.pipeline import analyze
from gaitlab.report.sheets.fly import fly_words
from gaitlab.simulate import SPRINTER, Pod, Programme, fly, run, simulate, stand, walk


def sprinted(made_up, speeds, begin_s=5.0, cadence_spm=250.0):
    """An analysis of one bout with these stride speeds, one contact a step."""
    speed = np.asarray(speeds, float)
    step_s = 60.0 / cadence_spm
    time_s = begin_s + step_s * np.arange(len(speed))
    contacts = replace(
        made_up.made_up_contacts(speed, -6.0), ic_time_s=time_s, tc_time_s=time_s + 0.1,
        stride_time_s=np.full(len(speed), 2 * step_s), speed_mps=speed,
        cadence_spm=np.full(len(speed), cadence_spm),
        activity=np.full(len(speed), RUN, np.int8),
    )  # fmt: skip
    return made_up.analysis_of(contacts)


def up_and_hold(top, n_up=16, n_hold=16):
    return np.concatenate((np.linspace(0.5, 1.0, n_up) * top, np.full(n_hold, top)))


def test_at_an_even_speed_the_time_is_distance_over_speed(made_up):
    (rep,) = flying(sprinted(made_up, up_and_hold(10.0)), 30.0)
    assert rep.how == "best window"
    assert rep.time_s == pytest.approx(3.0, abs=0.02)
    assert rep.v_max_mps == pytest.approx(10.0)
    assert rep.state == "steady"
    assert rep.step_length_m == pytest.approx(10.0 * 60.0 / 250.0, rel=0.01)


def test_two_marks_one_zone_apart_are_the_time_whatever_the_lengths_say(made_up):
    analysis = sprinted(made_up, 1.03 * up_and_hold(10.0))
    marks = (Mark(9.0, "gate", 20.0), Mark(12.0, "gate", 50.0), Mark(10.0, "cone", 30.0))
    analysis = replace(analysis, recording=replace(analysis.recording, marks=marks))
    (rep,) = flying(analysis, 30.0)
    assert (rep.how, rep.entry_s, rep.exit_s) == ("marks", 9.0, 12.0)
    assert rep.v_mean_mps == pytest.approx(10.0)
    assert rep.v_max_mps == pytest.approx(10.0, rel=0.01)  # scaled by the gates
    assert rep.band_s < 0.1


@pytest.mark.parametrize(
    ("exit_s", "far_m", "how", "words"),
    [
        (12.4, 50.0, "marks", "a mark may be wrong"),
        (11.0, 50.0, "best window", "a mark may be wrong, not used"),
        (12.0, 60.0, "best window", "no two 30 m apart"),
    ],
)
def test_marks_that_do_not_fit_the_strides_are_told(made_up, exit_s, far_m, how, words):
    analysis = sprinted(made_up, up_and_hold(10.0))
    marks = (Mark(9.0, "gate", 20.0), Mark(exit_s, "gate", far_m))
    (rep,) = flying(replace(analysis, recording=replace(analysis.recording, marks=marks)), 30.0)
    assert rep.how == how
    assert words in rep.cautions[0]


@pytest.mark.parametrize(("slope", "state"), [(0.5, "still accelerating"), (-0.5, "fading")])
def test_a_slope_in_the_zone_is_named(made_up, slope, state):
    held = 9.0 + slope * 0.24 * np.arange(20)
    (rep,) = flying(sprinted(made_up, np.concatenate((np.linspace(4.0, 9.0, 8), held))), 25.0)
    assert rep.state == state
    assert 0.5 < rep.slope_mps2 / slope < 1.3  # the best window may hold the end of the rise


def with_contacts(analysis, keep=None, flag=0):
    contacts = analysis.contacts
    if keep is not None:
        contacts = contacts.where(keep(contacts))
    return replace(analysis, contacts=replace(contacts, flags=contacts.flags | flag))


def test_what_spoils_a_repetition_is_named(made_up):
    whole = sprinted(made_up, up_and_hold(10.0))
    (rep,) = flying(whole, 30.0)
    assert rep.cautions == (CUT,)  # these data are nothing but the repetition
    (rep,) = flying(with_contacts(whole, flag=Flag.LOW_RATE), 30.0)
    assert rep.cautions == (CUT, TOO_SLOW)
    (rep,) = flying(with_contacts(whole, lambda c: c.foot == LEFT), 30.0)
    assert "left foot only" in rep.cautions[-1]
    silent = lambda c: (c.foot == LEFT) | (c.ic_time_s < 9.8)  # noqa: E731
    (rep,) = flying(with_contacts(whole, silent), 30.0)
    assert "a pod fell silent" in rep.cautions[-1]


def test_nothing_fast_is_an_answer(made_up):
    with pytest.raises(AnalysisError, match="no flying 30 m"):
        flying(sprinted(made_up, np.full(60, 3.0)), 30.0)
    with pytest.raises(AnalysisError, match="no flying 30 m"):
        flying(sprinted(made_up, up_and_hold(10.0, 4, 4)), 30.0)
    unknown = sprinted(made_up, np.full(60, np.nan))
    with pytest.raises(AnalysisError, match="no speed or length is known"):
        flying(unknown, 30.0)


@pytest.fixture(scope="module")
def session():
    """Two flying 30s out of standing, walks between, gates marked."""
    phases = [stand(4.0)]
    for top in (9.4, 9.0):
        phases += [
            run(top, distance_m=30.0, change_mps2=2.6), fly(top, 30.0),
            run(5.0, distance_m=20.0), walk(10.0), stand(4.0),
        ]  # fmt: skip
    pods = (Pod("left", 400.0, 32.0), Pod("right", 400.0, 32.0))
    made = simulate(SPRINTER, Programme("flies", tuple(phases)), pods, seed=4)
    return analyze(made.recording)


def test_simulated_repetitions_are_found_and_timed_with_and_without_gates(session):
    gated = flying(session, 30.0)
    assert [rep.how for rep in gated] == ["marks", "marks"]
    bare = replace(session, recording=replace(session.recording, marks=()))
    best, run_in = flying(bare, 30.0), flying(bare, 30.0, 30.0)
    assert len(best) == len(run_in) == 2
    for marked, window, started in zip(gated, best, run_in, strict=True):
        assert window.time_s == pytest.approx(marked.time_s, abs=0.08)
        assert started.time_s == pytest.approx(marked.time_s, abs=0.08)
        assert started.entry_s == pytest.approx(marked.entry_s, abs=0.25)
        assert window.v_max_mps == pytest.approx(marked.v_max_mps, rel=0.02)


def test_no_zone_is_faster_than_the_repetition_that_it_lies_in(session):
    bare = replace(session, recording=replace(session.recording, marks=()))
    listed = find_repetitions(bare, ("fly",))
    for found, one in zip(flying(bare, 30.0), listed, strict=True):
        top_mps = numbers_of(bare, one).v_max_mps
        assert 0.99 * top_mps < found.v_max_mps < top_mps + 1e-9


def test_the_best_repetition_and_the_drop_are_named(session):
    flies = flying(session, 30.0)
    assert best_of(flies) == 0
    assert drop_share(flies) == pytest.approx(flies[1].time_s / flies[0].time_s - 1)
    assert behind_best(flies)[best_of(flies)] == 0.0
    assert behind_best(flies)[-1] == pytest.approx(drop_share(flies))
    assert np.isnan(behind_best(flies[:1]))
    assert np.isnan(behind_best((*flies, replace(flies[0], kind="sprint")))[-1])
    assert np.isnan(drop_share(flies[:1]))
    assert "The last one was" in fly_words(flies)[0]
    assert fly_words(flies[::-1])[0] == "Best: repetition 2."  # nothing was lost at the end
    assert np.isnan(drop_share((flies[0], replace(flies[1], cautions=(CUT,)))))


def test_a_sprint_from_standing_is_no_measure_for_a_flying_one(session):
    first, second = flying(session, 30.0)
    sprint = replace(first, kind="sprint", time_s=1.0)
    assert best_of((sprint, first, second)) == 1
    assert drop_share((first, second, sprint)) == pytest.approx(drop_share((first, second)))
    assert best_of((sprint,)) == 0
