"""``gaitlab race`` on the bundled race, whose kick is known."""

import json

import pytest


@pytest.fixture
def race_file(bundled):
    return bundled / "distance_race_kick.gait.parquet"


def test_json_has_the_promised_keys_and_finds_the_kick(gaitlab, race_file):
    result = gaitlab("race", race_file, "--json")
    assert result.status == 0
    found = json.loads(result.out)
    kick = found["kick"]
    assert kick["found"] is True
    assert kick["start_s"] == pytest.approx(103.2, abs=2.2)  # marked at 103.2 s, 15 m are 2.4 s
    for key in ("distance_to_go_m", "v_before_mps", "v_kick_mps", "cadence_share"):
        assert isinstance(kick[key], float)
    assert found["anchored"] is False
    assert [round(lap["stop_m"] - lap["start_m"]) for lap in found["laps"][:2]] == [400, 400]


def test_no_kick_is_an_answer_with_nulls(gaitlab, bundled):
    result = gaitlab("race", bundled / "distance_easy.gait.parquet", "--json")
    kick = json.loads(result.out)["kick"]
    assert kick["found"] is False
    assert kick["reason"]
    assert kick["start_s"] is None
    assert kick["v_kick_mps"] is None


def test_the_table_says_that_distances_are_estimated_and_that_nobody_ran_it(gaitlab, race_file):
    result = gaitlab("race", race_file)
    assert "estimated from the strides" in result.out
    assert "SIMULATED" in result.out
    assert "Kick: from" in result.out
    assert "10.1111/sms.14331" in result.out


def test_a_course_of_another_length_is_refused(gaitlab, race_file):
    result = gaitlab("race", race_file, "--distance", "1500")
    assert result.status == 2
    assert "not 1500 m long" in result.err


def test_a_page_is_written_and_named(gaitlab, race_file, tmp_path):
    page = tmp_path / "race.html"
    result = gaitlab("race", race_file, "-o", page)
    assert result.out.rstrip().endswith("race.html")
    assert "m to go" in page.read_text(encoding="utf-8")


def test_an_ending_that_is_no_page_is_refused_before_any_work(gaitlab, tmp_path):
    result = gaitlab("race", tmp_path / "nowhere.parquet", "-o", "race.docx")
    assert result.status == 2
    assert ".html, .png, .svg, .pdf" in result.err


def test_a_fly_beside_the_race_gives_positions_and_reasons(gaitlab, race_file, bundled):
    fly = bundled / "sprinter_fly.gait.parquet"
    result = gaitlab("race", race_file, "--compare", fly, "--json")
    assert result.status == 0
    found = json.loads(result.out)["compare"]
    assert found["fly"]["how"] == "marks"
    rows = {row["metric"]: row for row in found["rows"]}
    assert 0.0 < rows["speed_mps"]["position"] < 1.0
    assert rows["speed_mps"]["cruise"]["value"] < rows["speed_mps"]["kick"]["value"]
    assert all((row["position"] is None) == bool(row["reason"]) for row in rows.values())
    assert any("the same person" in note for note in found["notes"])
