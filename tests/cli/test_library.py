"""``gaitlab library``, ``query`` and ``diff`` as a user meets them."""

import json
import re

import pyarrow.parquet as pq
import pytest


def test_a_recording_is_added_described_tagged_listed_and_refused_twice(gaitlab, tmp_path, bundled):
    club = tmp_path / "club"
    file = tmp_path / "2026-05-01 easy.gait.parquet"
    file.write_bytes((bundled / "sprinter_fly.gait.parquet").read_bytes())
    assert gaitlab("library", "add", club, file, "--athlete", "Anna", "--tag", "easy").status == 0
    again = gaitlab("library", "add", club, file)
    assert (again.status, "is in the library already" in again.err) == (2, True)
    copy = club / "anna" / "2026-05-01 easy.gait.parquet"
    assert copy.read_bytes() == file.read_bytes()
    assert gaitlab("library", "tag", club, copy, "--add", "rain", "--remove", "easy").status == 0
    rows = json.loads(gaitlab("library", "list", club, "--json").out)["recordings"]
    assert [(row["athlete"], row["day"], row["tags"]) for row in rows] == [
        ("Anna", "2026-05-01", ["rain"])
    ]
    assert gaitlab("library", "check", club).status == 0
    copy.write_bytes(copy.read_bytes()[:-100])
    checked = gaitlab("library", "check", club)
    assert (checked.status, "1 cannot be used" in checked.out) == (3, True)


@pytest.fixture(scope="module")
def club(tmp_path_factory, bundled):
    """A library of one recording, analysed."""
    from gaitlab.cli.app import run

    folder = tmp_path_factory.mktemp("club")
    copy = folder / "2026-05-01 fly.gait.parquet"
    copy.write_bytes((bundled / "sprinter_fly.gait.parquet").read_bytes())
    assert run(["analyze", str(folder)]) == 0
    return folder


def test_a_broken_recording_is_named_and_the_others_are_done(gaitlab, club):
    (club / "torn.csv").write_text("foot,time\n")
    result = gaitlab("analyze", club, "--json")
    (club / "torn.csv").unlink()
    facts = json.loads(result.out)
    assert (result.status, facts["kept"], facts["analysed"]) == (1, 1, 0)
    assert facts["failed"][0]["path"] == "torn.csv"


def test_a_question_is_answered_as_table_csv_or_json(gaitlab, club):
    best = gaitlab("query", "--in", club, "--best", "contact_time_s", "--at", "7.1", "--json")
    rows = json.loads(best.out)["rows"]
    assert rows[0]["n"] >= 20
    csv = gaitlab("query", "--in", club, "SELECT count(*) AS n FROM contacts", "--csv").out
    assert csv.splitlines()[0] == "n"
    assert int(csv.splitlines()[1]) > 100
    assert "recordings" in gaitlab("query", "--in", club, "--squad").out


def test_a_question_may_be_asked_as_it_is_said(gaitlab, club):
    ways = (
        ("--best", "contact_time", "at", "7.1", "m/s"),
        ("--best", "contact_time", "at", "25.56km/h"),
        ("--best", "contact", "time", "--at", "7.1 m/s"),
        ("--best", "contact time at 7.1 m/s"),
        ("--best", "contact_time_s", "--at", "7.1"),
    )
    answers = [gaitlab("query", club, *way, "--csv").out for way in ways]
    assert len(set(answers)) == 1
    assert answers[0].count("\n") == 2
    assert "at_mps" in gaitlab("query", club, "--best", "contact_time", "--csv").out
    assert " ± " in gaitlab("query", club, "--squad", "--at", "7").out


def test_an_empty_answer_says_at_which_speeds_there_is_one(gaitlab, club):
    nothing = gaitlab("query", club, "--best", "contact_time", "at", "3")
    assert (nothing.status, nothing.out) == (0, "")
    assert "running at " in nothing.err
    as_json = json.loads(gaitlab("query", club, "--squad", "--at", "3", "--json").out)
    assert as_json["rows"] == []
    assert any("running at " in note for note in as_json["notes"])


def test_questions_that_make_no_sense_are_refused(gaitlab, club, tmp_path):
    assert gaitlab("query", "--in", club).status == 2
    assert gaitlab("query", club, "--squad", "--highest").status == 2
    assert gaitlab("query", club, "nowhere", "--best", "contact_time").status == 2
    assert gaitlab("query", club, "--best", "contact_time", "at", "fast").status == 2
    assert gaitlab("query", club, "--best", "contact_time", "at", "5", "--at", "6").status == 2
    nothing = gaitlab("query", "--in", tmp_path, "--squad")
    assert (nothing.status, "gaitlab analyze" in nothing.err) == (3, True)


def test_one_program_changes_no_number_and_another_one_is_told_with_its_size(
    gaitlab, club, tmp_path
):
    other = tmp_path / "elsewhere"
    assert gaitlab("analyze", club, "--out", other).status == 0
    result = gaitlab("diff", club, "--against", other)
    assert result.status == 0, result.err
    assert "no number changed" in result.out
    (packed,) = other.glob("*/packed/runs.parquet")
    rows = pq.read_table(packed).to_pandas()
    rows["contact_time_s"] += 0.004
    rows["speed_mps"] += 1e-5
    rows.to_parquet(packed)
    told = gaitlab("diff", club, "--against", other).out
    assert re.search(r"contact time \[ms\] .* 1 +1 .* −4 ", told), told
    assert "speed [m/s]" not in told
    assert "smaller than a report shows" in told
    assert "speed [m/s]" in gaitlab("diff", club, "--against", other, "--all").out
    facts = json.loads(gaitlab("diff", club, "--against", other, "--json").out)
    change = {row["metric"]: row for row in facts["changes"]}["contact_time_s"]
    assert change["median_change"] == pytest.approx(-0.004)
    assert change["new"] - change["old"] == pytest.approx(-0.004)
    assert change["contacts"] > 20
    assert 0 < change["spread"] < 0.05
    unknown = gaitlab("diff", club, "--against", "9.9")
    assert (unknown.status, "to compare with" in unknown.err) == (2, True)


def test_the_same_samples_named_twice_in_one_command_are_added_once(gaitlab, tmp_path, bundled):
    source = bundled / "sprinter_fly.gait.parquet"
    copy = tmp_path / "copy.gait.parquet"
    copy.write_bytes(source.read_bytes())
    done = gaitlab("library", "add", tmp_path / "club", source, copy)
    assert done.status == 2
    assert "already" in done.err
    assert len(list((tmp_path / "club").rglob("*.gait.parquet"))) == 1
