"""A library behind an address gives what the same folder gives, and is not fetched twice."""

import json

import fsspec
import pandas as pd
import pytest

from gaitlab.batch import run as batch
from gaitlab.batch.dataset import Options, Results, set_name
from gaitlab.batch.tasks import plan_of_library, plan_of_url
from gaitlab.cli.app import run as main
from gaitlab.library import Entry, Library

PLACE = "memory://club2026"


@pytest.fixture
def store(make_library):
    """Two recordings with entries, an athlete's file and a sidecar, in memory."""
    root = make_library(2)
    (root / "athletes").mkdir()
    (root / "athletes" / "anna.toml").write_text('name = "Anna K."\nsex = "f"\nmass_kg = 55.0\n')
    (root / "2026-03-01 run0.gait.json").write_text('{"placement": "heel"}')
    fs = fsspec.filesystem("memory")
    fs.put(str(root), "/club2026", recursive=True)
    yield root, fs
    fs.rm("/club2026", recursive=True)


def analyzed():
    results = Results(f"{PLACE}/results", set_name())
    plan = plan_of_url(PLACE, results.seen())
    return results, plan, batch.run(plan.tasks, results, Options(), batch.alone, complete=True)


def fetched(monkeypatch):
    """Names of the recordings that are fetched from now on."""
    from fsspec.implementations.memory import MemoryFileSystem

    names = []
    fetch = MemoryFileSystem.get_file

    def counted(self, rpath, lpath, **options):
        names.append(str(rpath))
        return fetch(self, rpath, lpath, **options)

    monkeypatch.setattr(MemoryFileSystem, "get_file", counted)
    return names


def rows(results):
    with results.fs.open(f"{results.root}/{results.set}/packed/runs.parquet") as file:
        return pd.read_parquet(file).set_index("path").sort_index()


def test_an_address_gives_the_rows_of_the_folder(store):
    root, _ = store
    results, _, report = analyzed()
    assert (report.done, len(report.failed)) == (2, 0)
    local = Results(str(root / "results"))
    batch.run(plan_of_library(root).tasks, local, Options(), batch.alone, complete=True)
    there, here = rows(results), rows(local)
    pd.testing.assert_frame_equal(
        there.drop(columns=["key", "file_mark"]), here.drop(columns=["key", "file_mark"])
    )
    assert there["athlete_name"].tolist() == ["Bea", "Anna K."]
    assert there["sex"].tolist() == ["m", "f"]
    assert there["tags"].tolist() == ["easy", "easy"]


def test_what_did_not_change_is_not_fetched_again(store, monkeypatch):
    analyzed()
    names = fetched(monkeypatch)
    _, _, again = analyzed()
    assert (again.done, again.kept, names) == (0, 2, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2026-03-01 run0.entry.toml", b'athlete = "Cleo"\n'),
        ("2026-03-01 run0.gait.json", b'{"placement": "laces"}'),
    ],
)
def test_a_note_that_changes_makes_its_recording_new_and_the_old_rows_go(store, name, content):
    _, fs = store
    analyzed()
    fs.pipe_file(f"/club2026/{name}", content)
    results, _, report = analyzed()
    assert (report.done, report.kept, len(rows(results)), len(results.done_keys())) == (1, 1, 2, 2)


def test_a_recording_that_left_is_forgotten_and_one_that_cannot_be_read_now_is_not(
    store, monkeypatch
):
    _, fs = store
    analyzed()
    fs.pipe_file("/club2026/2026-04-01 run1.gait.parquet", b"PAR1 torn")
    results, _, report = analyzed()
    assert (report.kept, len(report.failed), len(results.done_keys())) == (1, 1, 2)
    fs.rm("/club2026/2026-04-01 run1.gait.parquet")
    results, _, report = analyzed()
    assert (report.kept, report.failed, len(rows(results))) == (1, (), 1)


def test_a_bad_note_is_named_and_stops_nothing(store):
    _, fs = store
    fs.pipe_file("/club2026/2026-03-01 run0.entry.toml", b"athlete = [")
    fs.pipe_file("/club2026/2026-04-01 run1.gait.json", b"x" * 1_100_000)
    _, plan, report = analyzed()
    assert report.done == 0
    reasons = dict(plan.broken)
    assert "run0.entry.toml cannot be read" in reasons["2026-03-01 run0.gait.parquet"]
    assert "1,100,000 bytes" in reasons["2026-04-01 run1.gait.parquet"]


def test_a_sidecar_that_changes_in_a_folder_makes_its_recording_new(make_library):
    root = make_library(1)
    library = Library(root)
    path = next(root.glob("*.gait.parquet"))
    library.write_entry(path, Entry("Anna"))
    results = Results(str(root / "results"))

    def run():
        return batch.run(
            plan_of_library(root).tasks, results, Options(), batch.alone, complete=True
        )

    assert run().done == 1
    path.with_suffix(".json").write_text('{"placement": "heel"}')
    assert run().done == 1
    assert (run().kept, len(results.done_keys())) == (1, 1)


def test_the_command_takes_an_address_and_refuses_results_of_another_one(store, capsys, tmp_path):
    assert main(["analyze", PLACE, "--json", "--out", str(tmp_path / "out")]) == 0
    assert json.loads(capsys.readouterr().out)["analysed"] == 2
    _, fs = store
    fs.copy("/club2026", "/other2026", recursive=True)
    try:
        assert main(["analyze", "memory://other2026", "--out", str(tmp_path / "out")]) == 2
    finally:
        fs.rm("/other2026", recursive=True)
    assert "another library" in capsys.readouterr().err
