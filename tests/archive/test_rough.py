"""What a library meets in a real folder: odd names, edited files, other programs at work."""

import hashlib
import os
from datetime import UTC, datetime, timedelta

import pytest

from gaitlab.batch import run as running
from gaitlab.batch.dataset import Options, Results, partition
from gaitlab.batch.diff import runs_of
from gaitlab.batch.query import ask, opened
from gaitlab.batch.questions import squad
from gaitlab.batch.tasks import plan_of_library
from gaitlab.library import Entry, open_library
from gaitlab.library.folder import slug
from gaitlab.library.index import Index
from gaitlab.model.errors import InputError, UsageError


def analyzed(root, url=None):
    plan = plan_of_library(root)
    results = Results(url or str(root / "results"))
    report = running.run(plan.tasks, results, Options(), running.alone, complete=True)
    return plan, results, report


def test_an_edited_athlete_is_noticed_and_only_their_recordings_are_done_again(make_library):
    root = make_library(3)
    analyzed(root)
    (root / "athletes").mkdir()
    anna = root / "athletes" / "anna.toml"
    anna.write_text('name = "Anna Müller"\nmass_kg = 52.0\n')
    plan, results, report = analyzed(root)
    assert (plan.changes.changed, report.done, report.kept) == (1, 1, 2)
    of_anna = next(task for task in plan.tasks if task.athlete.name == "Anna Müller")
    assert of_anna.athlete.mass_kg == 52.0
    assert "Anna Müller" in squad(opened(results)).frame["athlete"].tolist()
    anna.write_text("mass_kg = [")
    plan, _, _ = analyzed(root)
    assert ["anna.toml" in why for _, why in plan.broken] == [True]
    anna.unlink()
    assert len(plan_of_library(root).tasks) == 3


def test_an_entry_that_is_replaced_by_an_older_one_is_noticed(make_library):
    root = make_library(1)
    path = next(root.glob("*.gait.parquet"))
    with Index(open_library(root)) as index:
        index.refresh()
        open_library(root).write_entry(path, Entry("Cleo"))
        entry = next(root.glob("*.entry.toml"))
        os.utime(entry, (1e9, 1e9))
        path.with_suffix(".json").write_text("{}")
        index.refresh()
        assert index.rows()[0].athlete == "Cleo"
        entry.unlink()
        assert index.refresh().changed == 1


@pytest.mark.parametrize("name", ["../../x", "'); DROP TABLE recordings;--", "Ä" * 150, "\x1b[31m"])
def test_any_name_of_an_athlete_stays_a_name(make_library, name):
    root = make_library(1)
    path = next(root.glob("*.gait.parquet"))
    open_library(root).write_entry(path, Entry(name))
    _, results, report = analyzed(root)
    assert (report.done, report.failed) == (1, ())
    assert squad(opened(results)).frame["athlete"].tolist() == [name]
    assert all(len(part) <= 255 for part in partition(name, "2026-05-01").split("/"))
    assert len(os.fsencode(slug(name))) < 200
    assert {one.name for one in root.parent.iterdir()} == {"club"}


def test_a_name_that_is_no_text_and_a_file_that_goes_are_no_trouble(make_library, monkeypatch):
    root = make_library(2)
    odd = os.fsencode(root) + b"/bad\xff.gait.parquet"
    try:
        with open(odd, "wb") as file:  # noqa: PTH123  # bytes
            file.write(b"x")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    plan = plan_of_library(root)
    assert len(plan.tasks) == 2
    assert plan.broken == (("bad\\udcff.gait.parquet", "its name is not UTF-8: rename it"),)
    library = open_library(root)
    there = list(library.recordings())
    next(root.glob("*run0*parquet")).unlink()
    monkeypatch.setattr(type(library), "recordings", lambda *_: iter(there))
    with Index(library) as index:
        index.refresh()
        assert len(index.rows()) == 2


def test_a_folder_of_any_name_can_be_asked(make_library):
    plain = make_library(2)
    root = plain.rename(plain.with_name("a [club], *it's* {x} ü"))
    _, results, _ = analyzed(root)
    db = opened(results)
    assert ask(db, "SELECT count(DISTINCT athlete) AS n FROM contacts").frame["n"][0] == 2
    assert len(squad(db).frame) == 2


def test_a_library_that_may_only_be_read_is_read(make_library, monkeypatch, tmp_path):
    root = make_library(2)
    monkeypatch.setattr(os, "access", lambda *_: False)
    _, _, report = analyzed(root, str(tmp_path / "out"))
    assert report.done == 2
    assert not (root / ".gaitlab" / "index.sqlite").exists()


def test_a_file_replaced_between_index_and_analysis_is_counted_as_what_it_is_now(make_library):
    root = make_library(2)
    first, second = sorted(root.glob("*.gait.parquet"))
    plan = plan_of_library(root)
    other = second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(other[:-100])
    results = Results(str(root / "results"))
    report = running.run(plan.tasks, results, Options(), running.alone, complete=True)
    assert (report.done, [one.path for one in report.failed]) == (1, [second.name])
    assert runs_of(results).index.tolist() == [hashlib.sha256(other).hexdigest()]
    second.write_bytes(other)
    _, _, again = analyzed(root)
    assert (again.done, again.kept, again.failed) == (1, 1, ())


def test_a_file_that_another_process_writes_is_left_alone_and_an_old_torn_one_goes(tmp_path):
    results = Results(str(tmp_path))
    folder = tmp_path / results.set / "runs" / "athlete=A"
    folder.mkdir(parents=True)
    fresh, old = folder / ".a.parquet.1.part", folder / ".b.parquet.2.part"
    for path in (fresh, old):
        path.write_bytes(b"torn")
    before = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    os.utime(old, (before, before))
    results.forget(set())
    assert (fresh.exists(), old.exists()) == (True, False)


def test_a_question_is_a_select_and_a_result_in_memory_can_be_asked(make_library):
    root = make_library(2)
    _, results, _ = analyzed(root, "memory://review/results")
    try:
        db = opened(results)
        assert ask(db, "SELECT count(DISTINCT athlete) AS n FROM contacts").frame["n"][0] == 2
        assert len(squad(db).frame) == 2
        inside = f"{results.root}/{results.set}/x.csv"
        for sql in (f"COPY runs TO '{inside}'", f"ATTACH '{inside}'", "SELECT * FROM frame"):
            with pytest.raises(UsageError):
                ask(db, sql)
        assert ask(db, "SELECT * FROM range(300000)").cut
    finally:
        results.fs.rm("/review", recursive=True)


def test_an_address_of_no_known_kind_is_refused():
    with pytest.raises(InputError, match="no place for results"):
        Results("nonsense://x")


def test_damaged_results_are_told(make_library):
    root = make_library(1)
    _, results, _ = analyzed(root)
    for path in (root / "results").rglob("*.parquet"):
        path.write_bytes(b"PAR1 torn")
    with pytest.raises(InputError, match="cannot be read"):
        opened(results)


def test_results_of_another_library_are_not_removed(tmp_path):
    results = Results(str(tmp_path))
    results.claim("/clubs/a")
    results.claim("/clubs/a")
    with pytest.raises(UsageError, match="another library"):
        results.claim("/clubs/b")
