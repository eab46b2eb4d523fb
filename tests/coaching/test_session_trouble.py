"""Sessions in which something went wrong: each drill still answers, or says why it cannot."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.drills.flying import flying
from gaitlab.coaching.drills.ins_outs import ins_outs
from gaitlab.coaching.drills.plyo import plyo_sets
from gaitlab.coaching.drills.session import find_repetitions
from gaitlab.coaching.drills.session_numbers import numbers_of
from gaitlab.model.errors import AnalysisError
from gaitlab.pipeline import analyze
from gaitlab.simulate import Pod, run, sprint, stand, walk


def lost(recording, feet, start_s, stop_s=np.inf):
    """The recording as if these pods had sent nothing for a while, or from then on."""

    def kept(stream):
        there = (stream.time_s < start_s) | (stream.time_s >= stop_s)
        if stream.foot not in feet or there.all():
            return stream
        return replace(
            stream, time_s=stream.time_s[there], acc_mps2=stream.acc_mps2[there],
            gyr_radps=stream.gyr_radps[there],
        )  # fmt: skip

    return replace(recording, feet=tuple(kept(stream) for stream in recording.feet))


def bare(recording):
    """The analysis without the marks, which would name the repetitions."""
    return analyze(replace(recording, marks=()))


def kinds(analysis):
    return [one.kind for one in find_repetitions(analysis) if one.kind not in ("walk", "rest")]


MEANT = ["run", "sprint", "fly", "ins-outs", "hops", "bounds"]


@pytest.fixture(scope="module")
def begins(mixed):
    return dict(mixed[1])


@pytest.fixture(scope="module")
def one_foot(whole):
    return bare(replace(whole, feet=whole.feet[:1]))


def test_one_foot_alone_finds_every_repetition(one_foot):
    assert kinds(one_foot) == MEANT
    assert [fly.kind for fly in flying(one_foot)] == ["sprint", "fly"]
    (rep,) = ins_outs(one_foot, (20.0, 20.0, 20.0))
    assert [zone.intent for zone in rep.zones] == ["in", "out", "in"]


def test_one_foot_does_not_take_the_time_to_its_next_landing_for_a_flight(one_foot, mixed):
    both, one = (plyo_sets(some) for some in (mixed[0], one_foot))
    assert [some.kind for some in one] == ["hops", "bounds"]
    assert [some.kind for some in both] == ["hops, two feet", "bounds"]
    for seen, guessed in zip(both, one, strict=True):
        assert guessed.middle("height_m")[0] == pytest.approx(seen.middle("height_m")[0], abs=0.02)


def test_a_pod_that_falls_off_in_the_middle_leaves_the_other_to_tell(whole, begins):
    analysis = bare(lost(whole, ("right",), begins["fly"] + 3.0))
    assert kinds(analysis) == MEANT
    hops = next(one for one in plyo_sets(analysis) if one.kind.startswith("hops"))
    assert hops.kind == "hops"  # one pod cannot tell two feet from one
    assert "look alike" in hops.cautions[0]
    bounds = plyo_sets(analysis)[-1]  # the other foot lands in between, unseen
    assert bounds.middle("flight_time_s")[0] == pytest.approx(0.3, abs=0.03)
    (row,) = ins_outs(analysis, (20.0, 20.0, 20.0))
    assert row.cautions == ("left foot only: every second landing is seen",)
    (rep,) = find_repetitions(analysis, ("fly",))
    assert not numbers_of(analysis, rep).counted


def test_a_hole_in_all_data_is_no_pause_and_is_named(whole, begins):
    start_s = begins["sprint"] + 3.0
    analysis = bare(lost(whole, ("left", "right"), start_s, start_s + 2.0))
    assert kinds(analysis) == MEANT
    (rep,) = find_repetitions(analysis, ("sprint",))
    assert rep.cut
    assert "2.0 s of data are missing" in rep.reason


def test_sixty_samples_a_second_are_enough_to_split_a_session(recorded):
    analysis = bare(recorded(pods=(Pod("left", 60.0, 16.0), Pod("right", 60.0, 16.0))))
    assert kinds(analysis) == MEANT
    assert len(flying(analysis)) == 2
    (rep,) = ins_outs(analysis, (20.0, 20.0, 20.0))
    assert rep.retention_share == pytest.approx(0.92, abs=0.06)
    assert len(plyo_sets(analysis)) == 2


@pytest.mark.parametrize(("kind", "after_s"), [("sprint", 4.0), ("fly", 6.0), ("hops", 4.0)])
def test_a_repetition_cut_by_the_end_of_the_file_is_named_so(whole, begins, kind, after_s):
    analysis = bare(lost(whole, ("left", "right"), begins[kind] + after_s))
    last = find_repetitions(analysis, MEANT)[-1]
    assert last.kind == kind
    assert last.cut
    assert "the recording ends within it" in last.reason


def test_ins_and_outs_cut_by_the_end_of_the_file_are_still_a_fast_repetition(whole, begins):
    analysis = bare(lost(whole, ("left", "right"), begins["ins-outs"] + 9.0))
    assert find_repetitions(analysis, MEANT)[-1].cut
    with pytest.raises(AnalysisError, match="no ins-and-outs"):
        ins_outs(analysis)


@pytest.fixture(scope="module")
def false_start(recorded):
    phases = (
        stand(4.0), walk(8.0), stand(4.0), sprint(9.6, 1.15, 5.0), stand(7.0),
        sprint(9.6, 1.15, 50.0), run(3.0, duration_s=4.0, change_mps2=2.2), walk(6.0), stand(3.0),
    )  # fmt: skip
    return bare(recorded(phases, seed=4))


def test_a_false_start_is_no_sprint(false_start):
    assert kinds(false_start) == ["false start", "sprint"]
    (rep,) = find_repetitions(false_start, ("false start",))
    assert "given up after" in rep.reason
    (fly,) = flying(false_start)
    assert fly.entry_s > rep.stop_s


def test_a_sprint_of_ten_metres_is_a_sprint(recorded):
    phases = (
        stand(4.0), sprint(9.5, 1.2, 10.0), run(3.0, duration_s=2.0, change_mps2=2.2), walk(8.0),
        stand(4.0), sprint(9.5, 1.2, 50.0), run(3.0, duration_s=4.0, change_mps2=2.2), walk(6.0),
        stand(3.0),
    )  # fmt: skip
    assert kinds(bare(recorded(phases, seed=2))) == ["sprint", "sprint"]


def test_what_is_not_there_is_said(false_start):
    with pytest.raises(AnalysisError, match="no ins-and-outs"):
        ins_outs(false_start)
    with pytest.raises(AnalysisError, match="no hops or bounds"):
        plyo_sets(false_start)
