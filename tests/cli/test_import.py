"""``gaitlab import`` as a user meets it."""

import json

import pytest

from gaitlab.recordings import load, save_plain


@pytest.fixture
def arduino(tmp_path, bundled):
    """The left foot of a bundled run as an Arduino sketch would have written it: ms, g, deg/s."""
    stream = load(bundled / "distance_easy.gait.parquet").feet[0]
    rows = ["time,ax,ay,az,gx,gy,gz"]
    for t, a, g in zip(stream.time_s[:2000], stream.acc_mps2, stream.gyr_radps, strict=False):
        values = [t * 1e3, *(a / 9.80665), *(g * 57.29577951)]
        rows.append(",".join(f"{x:.6g}" for x in values))
    path = tmp_path / "pod.csv"
    path.write_text("\n".join(rows))
    return path


def test_an_imported_file_is_a_recording_like_any_other(gaitlab, arduino, tmp_path):
    out = tmp_path / "run.gait.parquet"
    result = gaitlab("import", arduino, "--foot", "left", "-o", out, "--json")
    assert result.status == 0, result.err
    facts = json.loads(result.out)
    assert facts["pods"][0]["format"] == "Arduino-style CSV"
    assert facts["feet"][0]["samples"] == 2000
    assert load(out).feet[0].foot == "left"


def test_nothing_is_overwritten_unasked(gaitlab, arduino, tmp_path):
    out = tmp_path / "run.gait.parquet"
    assert gaitlab("import", arduino, "-o", out).status == 0
    again = gaitlab("import", arduino, "-o", out)
    assert (again.status, "never overwritten" in again.err) == (2, True)
    assert gaitlab("import", arduino, "-o", out, "--force").status == 0


def test_the_evidence_and_what_to_do_next_are_printed(gaitlab, arduino, tmp_path):
    result = gaitlab("import", arduino, "-o", tmp_path / "run.gait.parquet")
    assert "the columns time, ax, ay, az" in result.err
    assert "acceleration in g" in result.err
    assert "gaitlab report" in result.err


def test_formats_are_listed(gaitlab):
    assert "movesense" in gaitlab("import", "--list").out


def test_a_file_of_no_known_format_says_what_it_begins_with(gaitlab, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    result = gaitlab("import", path)
    assert result.status == 3
    assert "'hello'" in result.err


def test_what_has_no_meaning_for_a_series_is_refused(gaitlab, arduino, tmp_path):
    path = tmp_path / "seconds.csv"
    path.write_text("timestamp,speed,cadence\n2024-05-01 10:00:00,3,85\n")
    for words in (
        ("--foot", "left"), (arduino,), ("--rate", 100), ("-o", tmp_path / "x.gait.parquet"),
        ("--from", "arduino"), ("-o", path, "--force"),
    ):  # fmt: skip
        done = gaitlab("import", path, *words)
        assert done.status in {2, 3}, words
    assert gaitlab("import", path, "--from", "fit").status == 3
    assert gaitlab("import", path, "--from", "seconds-csv", "-o", tmp_path / "x.csv").status == 0
    assert gaitlab("import", arduino, "--from", "seconds-csv").status == 3
    assert gaitlab("import", arduino, "--left", "a", "--right", "a").status == 2
    assert gaitlab("import", arduino, "-o", arduino, "--force").status == 2


def test_the_plain_form_needs_no_import(gaitlab, tmp_path, bundled):
    path = tmp_path / "plain.csv"
    save_plain(load(bundled / "sprinter_fly.gait.parquet"), path)
    result = gaitlab("import", path, "-o", tmp_path / "x.gait.parquet")
    assert result.status == 3
    assert "needs no import" in result.err
