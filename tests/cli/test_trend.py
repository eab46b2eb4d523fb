"""``gaitlab trend`` as it is typed."""

import json

import pytest


@pytest.fixture
def folder(tmp_path, faked):
    for day in ("2026-01-05", "2026-02-02", "2026-03-02"):
        (tmp_path / f"{day}-easy.parquet").write_text("x")
    (tmp_path / "times.csv").write_text(
        "date;event;time\n2026-01-05;1500;4:05,2\n2026-02-02;1500;4:03,1\n2026-03-02;1500;4:01,0\n"
    )
    return tmp_path


def test_a_season_prints_its_answer_trends_and_times(gaitlab, folder):
    (folder / "bad-2026-04-01.parquet").write_text("x")
    (folder / "old.parquet").write_text("x")
    done = gaitlab("trend", folder)
    assert done.status == 0
    assert done.out.startswith("Is the usual pace getting easier")
    for words in ("least change", "1500 [s]", "best 4:01.0", "old.parquet: no date", "SIMULATED"):
        assert words in done.out


def test_json_and_page(gaitlab, folder):
    page = folder / "season.html"
    made = json.loads(gaitlab("trend", folder, "-o", page, "--json").out)
    race = next(one for one in made["series"] if one["name"] == "time_1500")
    assert race["n"] == 3
    assert race["points"][0] == {"day": "2026-01-05", "value": 245.2, "sd": 0.0}
    assert "Over the season" in page.read_text(encoding="utf-8")


def test_a_wrong_line_of_times_is_named(gaitlab, folder):
    (folder / "times.csv").write_text("date,event,time\n2026-01-05,1500,fast\n")
    done = gaitlab("trend", folder)
    assert done.status == 3
    assert "line 2 of times.csv" in done.err


def test_when_nothing_can_be_used_every_reason_is_told(gaitlab, tmp_path, faked):
    (tmp_path / "bad-2026-04-01.parquet").write_text("x")
    (tmp_path / "old.parquet").write_text("x")
    done = gaitlab("trend", tmp_path)
    assert done.status == 3
    assert "old.parquet: no date" in done.err
    assert "bad-2026-04-01.parquet: cannot read" in done.err


def test_no_folder_is_refused(gaitlab, tmp_path):
    assert gaitlab("trend", tmp_path / "none").status == 3
