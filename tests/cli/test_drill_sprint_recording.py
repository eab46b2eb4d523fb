"""``gaitlab drill sprint RECORDING``: what is printed, written and refused."""

import json
from dataclasses import replace

import pytest

from gaitlab.cli import common
from gaitlab.model.recording import Mark
from gaitlab.pipeline import analyze
from gaitlab.simulate import SPRINTER, Pod, Programme, run, simulate, sprint, stand


@pytest.fixture(scope="session")
def two_sprints():
    """An analysis of two sprints of 30 m from standing, without marks."""
    slowing = run(2.5, duration_s=3.0, change_mps2=2.5)
    rep = (stand(4.0), sprint(9.0, 1.1, 30.0), slowing)
    pods = (Pod("left", 200.0, 32.0), Pod("right", 200.0, 32.0))
    return analyze(simulate(SPRINTER, Programme("two", (*rep, *rep)), pods, seed=8).recording)


@pytest.fixture
def drill(gaitlab, monkeypatch, two_sprints):
    monkeypatch.setattr(common, "analyze_file", lambda *_: two_sprints)
    return lambda *arguments: gaitlab("drill", "sprint", "two.parquet", *arguments)


def test_json_has_the_promised_keys_for_every_sprint(drill):
    reps = json.loads(drill("--json", "--distance", "30").out)["reps"]
    assert len(reps) == 2
    promised = {"start_s", "anchored", "v_max_mps", "tau_s", "f0_n_per_kg", "v0_mps"}
    assert (promised | {"splits", "steps", "pmax_w_per_kg"}) <= set(reps[0])
    assert reps[0]["splits"][0].keys() >= {"distance_m", "time_s", "band_s"}
    assert [split["distance_m"] for split in reps[0]["splits"]] == [10.0, 20.0, 30.0]
    assert reps[1]["start_s"] > reps[0]["start_s"] + 5.0


def test_the_coach_reads_source_start_splits_and_steps(drill):
    out = drill("--rep", "1").out
    for words in ("estimated, from the pods alone", "Time 0 is", "10 m", "forefoot", "F0"):
        assert words in out
    assert "sprint 2" not in out


def test_start_wind_and_body_of_the_force_profile_are_said(drill):
    setting = ("--start", "three-point", "--wind", "-3", "--mass-kg", "70", "--height-m", "1.8")
    assert "Start three-point, wind −3.0 m/s, 25 °C, 70 kg, 1.8 m." in drill(*setting).out
    (rep, _) = json.loads(drill(*setting, "--json").out)["reps"]
    assert (rep["air"]["wind_mps"], rep["body"]["height_m"]) == (-3.0, 1.8)
    words = drill("--rep", "1").out
    assert "Wind +0.0 m/s, 25 °C" in words
    assert words.lower().count("not stated") == 1


def test_gates_are_of_one_sprint(drill):
    assert drill("--gate", "30=4.4").status == 2
    assert "timed" in drill("--gate", "30=4.4", "--rep", "2").out


def test_a_window_makes_any_running_in_it_the_sprint(drill):
    out = json.loads(drill("--from", "3", "--to", "9", "--json").out)
    assert len(out["reps"]) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--rep", "9"), "there is no sprint 9"), (("--distance", "100"), "not 100 m long")],
)
def test_what_is_not_there_is_refused_in_three_lines(drill, arguments, words):
    result = drill(*arguments)
    assert result.status == 2
    assert words in result.err


def test_the_page_stands_alone_with_curve_ladder_and_steps(drill, tmp_path):
    page = tmp_path / "sprint.html"
    assert drill("--rep", "2", "-o", str(page)).status == 0
    text = page.read_text(encoding="utf-8")
    for words in ("Speed along the track", "Step by step", "Steps of sprint 2", "<svg"):
        assert words in text
    assert "nan" not in text


def test_a_sprint_that_is_refused_does_not_cost_the_other(drill, two_sprints, monkeypatch):
    begin_s = json.loads(drill("--json").out)["reps"][1]["start_s"]
    wrong = (Mark(begin_s + 1.5, "cone", 30.0),)
    marked = replace(two_sprints, recording=replace(two_sprints.recording, marks=wrong))
    monkeypatch.setattr(common, "analyze_file", lambda *_: marked)
    result = drill("--json")
    told = json.loads(result.out)
    assert [rep["name"] for rep in told["reps"]] == ["sprint 1"]
    assert told["failed"][0]["name"] == "sprint 2"
    assert "sprint 2 could not be timed" in result.err
