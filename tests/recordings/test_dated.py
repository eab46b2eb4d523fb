"""The day of a recording, and what in a folder is a recording."""

from datetime import date

import pytest

from gaitlab.model.errors import InputError
from gaitlab.recordings.dated import dated_folder, day_in


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-05-12-fly.gait.parquet", date(2026, 5, 12)), ("20260512_easy", date(2026, 5, 12)),
     ("lauf 12.5.2026", date(2026, 5, 12)), ("2026-13-40", None), ("run7", None)],
)  # fmt: skip
def test_the_date_in_a_name_is_found(text, day):
    assert day_in(text) == day


def test_the_folder_is_sorted_by_day_and_tables_are_no_recordings(tmp_path):
    for name in ("2026-02-01-a.parquet", "2026-01-05-b.csv", "times.csv", "c.parquet",
                 "2026-01-05-b.truth.parquet", "notes.txt"):  # fmt: skip
        (tmp_path / name).write_text("x")
    (tmp_path / "c.json").write_text('{"date": "2026-03-01"}')
    found = dated_folder(tmp_path)
    assert [path.name for _, path in found.recordings] == [
        "2026-01-05-b.csv", "2026-02-01-a.parquet", "c.parquet"
    ]  # fmt: skip
    assert [path.name for path in found.tables] == ["times.csv"]
    assert found.undated == ()


@pytest.mark.parametrize("broken", ["{", "[]", '{"date": 7}'])
def test_a_sidecar_that_says_no_day_leaves_the_recording_undated(tmp_path, broken):
    (tmp_path / "c.parquet").write_text("x")
    (tmp_path / "c.json").write_text(broken)
    assert [path.name for path in dated_folder(tmp_path).undated] == ["c.parquet"]


def test_no_folder_and_an_empty_one_are_refused(tmp_path):
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(InputError):
            dated_folder(folder)
