"""``gaitlab analyze``: files, table, JSON, and what happens when some of it goes wrong."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("faked")


def test_the_tables_of_every_recording_are_written(gaitlab, tmp_path):
    result = gaitlab("analyze", "mon.parquet", "tue.gait.parquet", "--out", tmp_path, "--csv")
    assert result.status == 0
    names = {path.name for path in tmp_path.iterdir()}
    for name in ("mon", "tue"):
        assert {
            f"{name}.contacts.parquet",
            f"{name}.contacts.csv",
            f"{name}.segments.parquet",
            f"{name}.segments.csv",
            f"{name}.summary.json",
        } <= names
    assert len(names) == 10


def test_the_table_says_contacts_cadence_and_strike_with_their_number(gaitlab):
    out = gaitlab("analyze", "mon.parquet").out
    assert "11 (10 used)" in out
    assert "171.5" in out
    assert "202 ± 20 (n 9)" in out
    assert "60 / 20 / 20  " in out  # of all 10 that are used
    assert "[ms]" in out
    assert "left pod: 1 gap" in out
    assert "in brackets the standard uncertainty of the median" in " ".join(out.split())


def test_a_correction_is_said_with_what_it_was_applied_to(gaitlab, tmp_path):
    from gaitlab.events.correction import Correction, to_json

    none = ((0.0, 0.0, 0.0),) * 3
    mine = Correction(0.004, 0.001, 0.0, none, 0.001, 6, (4.5, 6.0), float("nan"), "video")
    (tmp_path / "mine.json").write_text(to_json(mine))
    out = gaitlab("analyze", "mon.parquet", "--correction", tmp_path / "mine.json").out
    assert "note on mon: contact times corrected to video: +4.0 ms +1.00 ms per m/s" in out
    assert "; 11 running contacts are corrected" in out
    assert "beyond those speeds" in out  # the run is slower than 4.5 m/s
    assert "corrected to" not in gaitlab("analyze", "mon.parquet").out


def test_one_bad_recording_does_not_stop_the_others(gaitlab, tmp_path):
    result = gaitlab("analyze", "mon.parquet", "bad.parquet", "tue.csv", "--out", tmp_path)
    assert result.status == 3
    assert (tmp_path / "tue.contacts.parquet").exists()
    assert not (tmp_path / "bad.contacts.parquet").exists()
    assert "cannot read bad.parquet" in result.err
    assert "1 of 3 recordings could not be used" in result.err


def test_the_first_failure_decides_the_exit_status(gaitlab):
    assert gaitlab("analyze", "dull.parquet", "bad.parquet").status == 1
    assert gaitlab("analyze", "bad.parquet", "dull.parquet").status == 3


def test_a_fault_of_ours_does_not_stop_the_others_and_names_the_file(gaitlab, tmp_path):
    result = gaitlab("analyze", "buggy.parquet", "mon.parquet", "--out", tmp_path)
    assert result.status == 1
    assert (tmp_path / "mon.summary.json").exists()
    assert "buggy.parquet" in result.err
    assert "Traceback" not in result.err


def test_json_is_one_versioned_object_on_standard_output(gaitlab, tmp_path):
    result = gaitlab("analyze", "mon.parquet", "bad.parquet", "-o", tmp_path, "--json")
    answer = json.loads(result.out)
    assert (answer["schema"], answer["schema_version"]) == ("gaitlab.analyze", 1)
    assert [item["path"] for item in answer["recordings"]] == ["mon.parquet"]
    assert len(answer["recordings"][0]["files"]) == 3
    assert answer["recordings"][0]["summary"]["recording"]["sha256"]
    assert answer["failed"][0]["exit_status"] == 3
    assert answer["failed"][0]["todo"] == "record it again"


def test_one_file_named_twice_is_done_once(gaitlab, tmp_path):
    result = gaitlab("analyze", "mon.parquet", "./mon.parquet", "-o", tmp_path, "--json")
    assert len(json.loads(result.out)["recordings"]) == 1


@pytest.mark.parametrize("other", ["b/mon.parquet", "mon.csv", "b/MON.gait.parquet"])
def test_two_files_of_the_same_name_are_refused_before_anything_is_written(
    gaitlab, tmp_path, other
):
    result = gaitlab("analyze", "a/mon.parquet", other, "--out", tmp_path / "out")
    assert result.status == 2
    assert "overwrite" in result.err
    assert not (tmp_path / "out").exists()


def test_two_files_of_the_same_name_may_be_looked_at(gaitlab):
    assert gaitlab("analyze", "a/mon.parquet", "b/mon.parquet").status == 0


def test_a_folder_that_cannot_be_written_is_named(gaitlab, tmp_path):
    (tmp_path / "taken").write_text("mine")
    result = gaitlab("analyze", "mon.parquet", "--out", tmp_path / "taken")
    assert result.status == 1
    assert "cannot write" in result.err
    assert len(result.err.strip().splitlines()) == 3
    assert (tmp_path / "taken").read_text() == "mine"


def test_brackets_in_a_name_are_printed_as_they_are(gaitlab):
    assert "[red]mon" in gaitlab("analyze", "[red]mon.parquet").out


def test_a_recording_without_running_says_so(gaitlab, monkeypatch, make_analysis):
    monkeypatch.setattr("gaitlab.cli.common.analyze_file", lambda *_: make_analysis(0))
    result = gaitlab("analyze", "mon.parquet")
    assert result.status == 0
    assert "none" in result.out
