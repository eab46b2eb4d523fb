"""Sessions whose programme is known: every repetition is found, and of the right kind."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.pace import evened, pace_of
from gaitlab.coaching.session import KINDS, find_repetitions
from gaitlab.model.gait import WALK
from gaitlab.pipeline import analyze
from gaitlab.simulate import (
    SPRINTER,
    Pod,
    Programme,
    bound,
    fly,
    hop,
    run,
    simulate,
    sprint,
    stand,
    walk,
)

BREAK = (walk(9.0), stand(4.0))
SLOWING = run(3.0, duration_s=4.0, change_mps2=2.2)
PHASES = (
    stand(4.0), walk(8.0), run(3.2, duration_s=40.0, label="run"), *BREAK,
    sprint(9.6, 1.15, 60.0, label="sprint"), SLOWING, *BREAK,
    run(9.0, distance_m=30.0, change_mps2=2.4, label="fly"), fly(9.6, 30.0), SLOWING, *BREAK,
    run(7.5, distance_m=20.0, change_mps2=2.5, label="ins-outs"), sprint(9.4, 0.9, 20.0),
    run(7.9, distance_m=20.0, change_mps2=1.6), sprint(9.4, 0.9, 20.0), SLOWING, *BREAK,
    hop(6.0, label="hops"), stand(5.0),
    run(4.0, distance_m=10.0, change_mps2=2.5), bound(5.0, 30.0, label="bounds"), *BREAK,
)  # fmt: skip
PODS = (Pod("left", 200.0, 32.0), Pod("right", 200.0, 32.0))


def analysed(phases, seed=3, pods=PODS):
    return analyze(simulate(SPRINTER, Programme("session", phases), pods, seed=seed).recording)


@pytest.fixture(scope="module")
def session():
    """One repetition of each kind, and what was meant: kind and begin of each."""
    analysis = analysed(PHASES)
    meant = [(m.label, m.time_s) for m in analysis.recording.marks if m.label in KINDS]
    bare = replace(analysis, recording=replace(analysis.recording, marks=()))
    return bare, meant


def test_every_repetition_of_a_session_is_found_with_its_kind_and_its_begin(session):
    analysis, meant = session
    found = [one for one in find_repetitions(analysis) if one.kind not in ("walk", "rest")]
    assert [one.kind for one in found] == [kind for kind, _ in meant]
    for one, (kind, begin_s) in zip(found, meant, strict=True):
        assert one.start_s == pytest.approx(begin_s, abs=1.0), kind
        assert one.probability > 0.8


def test_what_is_between_the_repetitions_is_walk_and_rest_in_order(session):
    found = find_repetitions(session[0])
    assert sum(one.kind == "walk" for one in found) == 6
    assert sum(one.kind == "rest" for one in found) >= 6
    starts = [one.start_s for one in found]
    assert starts == sorted(starts)
    assert all(one.stop_s > one.start_s for one in found)


def test_only_the_kinds_that_are_wanted_are_given(session):
    (one,) = find_repetitions(session[0], ("hops",))
    assert one.kind == "hops"
    part = session[0].contacts.where(np.arange(*one.contacts.indices(10**6)))
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
