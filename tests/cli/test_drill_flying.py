"""``gaitlab drill flying`` on the bundled sprinter, whose zone is marked."""

import json

import pytest


@pytest.fixture
def sprinter(bundled):
    return bundled / "sprinter_fly.gait.parquet"


def test_json_has_the_promised_keys(gaitlab, sprinter):
    result = gaitlab("drill", "flying", sprinter, "--json")
    assert result.status == 0
    (rep,) = json.loads(result.out)["reps"]
    for key in ("entry_s", "exit_s", "time_s", "v_mean_mps", "v_max_mps", "cadence_spm"):
        assert isinstance(rep[key], float)
    assert rep["how"] == "marks"
    assert rep["time_s"] == pytest.approx(rep["exit_s"] - rep["entry_s"])
    assert 0.08 < rep["contact_time_s"] < 0.12


def test_the_table_is_for_a_coach(gaitlab, sprinter):
    result = gaitlab("drill", "flying", sprinter, "--zone", "20")
    assert {"best", "window"} <= set(result.out.split())  # a narrow column may part them
    assert "SIMULATED" in result.out
    assert "measured lengths" in result.out


def test_a_race_pace_without_a_fast_zone_is_refused(gaitlab, bundled):
    result = gaitlab("drill", "flying", bundled / "distance_easy.gait.parquet")
    assert result.status == 1
    assert "no flying 30 m" in result.err


@pytest.mark.parametrize("drill", ["drill flying", "drill sprint", "session"])
def test_what_is_wrong_with_the_recording_is_told_with_its_numbers(
    gaitlab, sprinter, tmp_path, drill
):
    copy = tmp_path / sprinter.name
    copy.write_bytes(sprinter.read_bytes())
    part = () if drill == "session" else ("--from", "0")
    told = gaitlab("drill", "flying", copy, "--json")
    assert "warnings" in json.loads(told.out)
    plain = tmp_path / "plain.parquet"
    assert gaitlab("export", "plain", sprinter, "--out", plain).status == 0
    (tmp_path / "plain.json").write_text(
        '{"marks": [{"time_s": 500.0, "label": "gate", "distance_m": 60}]}'
    )
    result = gaitlab(*drill.split(), plain, *part)
    assert "Recording: The mark 'gate' at 500.0 s lies outside" in " ".join(result.out.split())
