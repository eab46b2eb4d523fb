"""``gaitlab session`` and ``gaitlab drill ins-outs`` as they are typed."""

import json

import pytest

from gaitlab.cli.drill_ins_outs import parse_zones
from gaitlab.model.errors import UsageError


def test_the_repetitions_of_a_recording_are_listed_with_their_kind(gaitlab, bundled):
    result = gaitlab("session", bundled / "sprinter_fly.gait.parquet", "--json")
    assert result.status == 0
    reps = json.loads(result.out)["reps"]
    assert [rep["rep"] for rep in reps] == list(range(1, len(reps) + 1))
    assert {"walk", "rest"} < {rep["kind"] for rep in reps}
    assert all(rep["start_s"] < rep["stop_s"] for rep in reps)
    for key in ("steps", "distance_m", "distance_band_m", "v_max_mps", "contact_time_s", "reason"):
        assert key in reps[0]


def test_the_table_is_for_a_coach(gaitlab, bundled):
    result = gaitlab("session", bundled / "distance_easy.gait.parquet")
    assert "SIMULATED" in result.out
    assert "Found: " in result.out
    assert " run " in result.out
    assert "rest  " not in result.out
    assert "rest  " in gaitlab("session", bundled / "distance_easy.gait.parquet", "--all").out


def test_repetitions_are_counted_within_their_kind_as_rep_counts_them(gaitlab, bundled):
    path = bundled / "sprinter_fly.gait.parquet"
    reps = json.loads(gaitlab("session", path, "--json").out)["reps"]
    walks = [rep["number_of_kind"] for rep in reps if rep["kind"] == "walk"]
    assert walks == list(range(1, len(walks) + 1))
    assert len(walks) > 1
    everything = gaitlab("session", path, "--all").out
    assert all(f"walk {number} " in everything for number in walks)


def test_a_part_can_be_named(gaitlab, bundled):
    path = bundled / "distance_easy.gait.parquet"
    result = gaitlab("session", path, "--from", "20", "--to", "30", "--kind", "fly", "--json")
    (rep,) = json.loads(result.out)["reps"]
    assert rep["kind"] == "fly"
    assert 20.0 <= rep["start_s"] < rep["stop_s"] <= 30.0


def test_ins_and_outs_of_a_race_are_refused_with_a_next_step(gaitlab, bundled):
    result = gaitlab("drill", "ins-outs", bundled / "distance_easy.gait.parquet")
    assert result.status == 1
    assert "no ins-and-outs" in result.err
    assert "gaitlab session" in result.err


@pytest.mark.parametrize("text", ["twenty", "20", "20,0.5", "20,,x", "20,-20"])
def test_zones_that_make_no_sense_are_refused(text):
    with pytest.raises(UsageError, match="--zones"):
        parse_zones(text)
