"""Sessions whose programme is known: every repetition is found, and of the right kind."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.drills.families import families
from gaitlab.coaching.drills.session import (
    KINDS,
    Choice,
    chosen_repetitions,
    find_repetitions,
    holes_between,
    named,
    unheard,
)
from gaitlab.coaching.drills.session_numbers import numbers_of
from gaitlab.coaching.numbers.pace import evened, pace_of
from gaitlab.model.errors import UsageError
from gaitlab.model.gait import BOUND, WALK
from gaitlab.model.recording import Mark
from gaitlab.report.sheets.session import session_words


def test_every_repetition_of_a_session_is_found_with_its_kind_and_its_begin(mixed):
    analysis, meant, _ = mixed
    found = [one for one in find_repetitions(analysis) if one.kind not in ("walk", "rest")]
    assert [one.kind for one in found] == [kind for kind, _ in meant]
    for one, (kind, begin_s) in zip(found, meant, strict=True):
        assert one.start_s == pytest.approx(begin_s, abs=1.0), kind
        assert one.probability > 0.8


def test_what_is_between_the_repetitions_is_walk_and_rest_in_order(mixed):
    found = find_repetitions(mixed[0])
    assert sum(one.kind == "walk" for one in found) == 6
    assert sum(one.kind == "rest" for one in found) >= 6
    starts = [one.start_s for one in found]
    assert starts == sorted(starts)
    assert all(one.stop_s > one.start_s for one in found)


def test_only_the_kinds_that_are_wanted_are_given(mixed):
    (one,) = find_repetitions(mixed[0], ("hops",))
    assert one.kind == "hops"
    part = mixed[0].contacts.where(np.arange(*one.contacts.indices(10**6)))
    assert part.ic_time_s[0] == one.start_s
    assert part.ic_time_s[-1] == one.stop_s


def test_a_session_without_contacts_is_one_rest(made_up):
    analysis = made_up.runner()
    none = analysis.contacts.where(np.zeros(len(analysis.contacts), bool))
    (rest,) = find_repetitions(replace(analysis, contacts=none))
    assert rest.kind == "rest"


def test_a_session_of_walking_has_no_repetition(made_up):
    analysis = made_up.runner()
    walked = np.full(len(analysis.contacts), WALK, np.int8)
    analysis = replace(analysis, contacts=replace(analysis.contacts, activity=walked))
    assert {one.kind for one in find_repetitions(analysis)} <= {"walk", "rest"}


def test_even_running_at_any_speed_is_a_steady_run(made_up):
    for speed in (2.5, 4.4, 6.0):
        analysis = made_up.runner(speed_mps=np.full(400, speed))
        kinds = [one.kind for one in find_repetitions(analysis) if one.kind != "rest"]
        assert kinds == ["run"]


def test_the_mean_over_a_width_leaves_out_what_is_unknown():
    at_s = np.array([0.0, 0.3, 0.6, 0.9])
    even = evened(at_s, np.array([1.0, np.nan, 3.0, 5.0]), 0.7)
    assert even.tolist() == [1.0, 2.0, 4.0, 4.0]


def test_a_pace_needs_strides(made_up):
    contacts = made_up.runner().contacts
    assert pace_of(contacts.where(np.arange(2))) is None
    pace = pace_of(contacts)
    assert np.all(np.diff(pace.distance_m) > 0.0)


def test_a_mark_has_the_last_word_on_the_kind(mixed):
    analysis, _, _ = mixed
    (sprint,) = find_repetitions(analysis, ("sprint",))
    marks = (Mark(sprint.start_s - 2.0, "Fly 1"), Mark(sprint.start_s + 1.0, "30 m", 30.0))
    marked = replace(analysis, recording=replace(analysis.recording, marks=marks))
    first = find_repetitions(marked, ("fly",))[0]
    assert (first.start_s, first.reason) == (sprint.start_s, "a mark says so")
    assert not find_repetitions(marked, ("sprint",))


def test_the_user_can_name_a_part_and_take_one_kind_for_another(mixed):
    analysis, _, _ = mixed
    (run,) = find_repetitions(analysis, ("run",))
    (part,) = chosen_repetitions(analysis, ("fly",), Choice("fly", run.start_s, run.start_s + 9.0))
    assert (part.kind, part.start_s) == ("fly", run.start_s)
    assert part.stop_s <= run.start_s + 9.0
    assert chosen_repetitions(analysis, ("fly",), Choice("run")) == (run,)
    with pytest.raises(UsageError, match="no repetition from"):
        chosen_repetitions(analysis, ("fly",), Choice("fly", 1.0, 2.0))
    with pytest.raises(UsageError, match="ends before it begins"):
        Choice("fly", 9.0, 8.0)


def test_a_named_part_is_of_the_kind_that_was_found_there_unless_said_otherwise(mixed):
    analysis, _, _ = mixed
    bounds, fly = (find_repetitions(analysis, (kind,))[0] for kind in ("bounds", "fly"))
    part = Choice(None, bounds.start_s - 0.5, bounds.stop_s + 0.2)
    assert [one.kind for one in chosen_repetitions(analysis, ("hops", "bounds"), part)] == [
        "bounds"
    ]
    assert chosen_repetitions(analysis, ("sprint",), part)[0].kind == "sprint"
    listed = chosen_repetitions(analysis, KINDS, Choice(None, fly.start_s, fly.stop_s))
    assert [one.kind for one in listed] == ["fly"]  # of all kinds: what lies there


def test_a_mark_that_names_no_repetition_is_told(mixed):
    found = find_repetitions(mixed[0])
    (fly,) = (one for one in found if one.kind == "fly")
    late = Mark(found[-1].stop_s + 60.0, "sprint 2")
    marks = (Mark(fly.start_s - 3.0, "fly"), Mark(2.0, "gate", 30.0), late)
    assert unheard(marks, found) == (late,)
    rows = [(one, numbers_of(mixed[0], one)) for one in found]
    assert any("'sprint 2'" in line for line in session_words(rows, marks))


def test_the_numbers_of_a_repetition_are_those_that_were_put_in(mixed):
    analysis, _, _ = mixed
    (sprint,) = find_repetitions(analysis, ("sprint",))
    numbers = numbers_of(analysis, sprint)
    assert numbers.distance_m == pytest.approx(65.0, abs=4.0)  # 60 m, then 92 % of the speed held
    assert numbers.v_max_mps == pytest.approx(9.5, rel=0.03)
    assert numbers.counted
    (hops,) = find_repetitions(analysis, ("hops",))
    numbers = numbers_of(analysis, hops)
    assert numbers.steps == pytest.approx(5.4 / 0.48, abs=1.5)  # 6 s less the crouch; 0.48 s a hop
    assert np.isnan(numbers.distance_m)
    (rest, *_) = find_repetitions(analysis, ("rest",))
    assert numbers_of(analysis, rest).n == 0


def test_one_pod_says_that_it_saw_every_second_step_only(mixed):
    analysis, _, _ = mixed
    left = analysis.contacts.where(analysis.contacts.foot == 0)
    alone = replace(analysis, contacts=left, feet=analysis.feet[:1])
    both, one = (find_repetitions(some, ("run",))[0] for some in (analysis, alone))
    seen, guessed = numbers_of(analysis, both), numbers_of(alone, one)
    assert not guessed.counted
    assert guessed.steps == pytest.approx(seen.steps, abs=2)


def test_only_what_no_pod_sent_is_a_hole(made_up):
    """Left is silent from 12 to 14 and 20 to 21 s, right from 13 to 16 s: both from 13 to 14 s."""
    analysis = made_up.runner(speed_mps=np.full(60, 3.5))
    gaps = np.array([[12.0, 14.0], [20.0, 21.0]]), np.array([[13.0, 16.0]])
    feet = tuple(
        replace(foot, clock=replace(foot.clock, gaps_s=some))
        for foot, some in zip(analysis.feet, gaps, strict=True)
    )
    holes_s = holes_between(replace(analysis, feet=feet))
    assert holes_s.sum() == pytest.approx(1.0)
    ends = analysis.contacts.ic_time_s[np.flatnonzero(holes_s)]
    assert 13.0 < ends.min() < ends.max() < 14.6


def test_the_last_leap_of_a_set_belongs_to_it(made_up):
    """Its stride is half a running stride, but its own flight is that of a leap."""
    analysis = made_up.runner(speed_mps=np.full(60, 3.5))
    activity = analysis.contacts.activity.copy()
    activity[20:28] = BOUND
    step_s, contact_s = (
        getattr(analysis.contacts, name).copy() for name in ("step_time_s", "contact_time_s")
    )
    step_s[20:29], contact_s[20:29] = 0.48, 0.18
    contacts = replace(
        analysis.contacts, activity=activity, step_time_s=step_s, contact_time_s=contact_s
    )
    assert np.flatnonzero(families(contacts, 2) == BOUND).tolist() == list(range(20, 29))


def test_few_leaps_are_the_end_of_a_run_and_no_set(made_up):
    analysis = made_up.runner(speed_mps=np.full(60, 3.5))
    activity = analysis.contacts.activity.copy()
    activity[-3:] = BOUND
    analysis = replace(analysis, contacts=replace(analysis.contacts, activity=activity))
    (one,) = find_repetitions(analysis, ("run", "bounds"))
    assert one.kind == "run"


@pytest.mark.parametrize("label", ["run-in", "run out", "in", "30 m", "start", ""])
def test_marks_of_places_name_no_kind(mixed, label):
    (sprint,) = find_repetitions(mixed[0], ("sprint",))
    assert named(sprint, (Mark(sprint.start_s + 1.0, label),)) == sprint
