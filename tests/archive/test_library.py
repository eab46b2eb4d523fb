"""A folder as a library: what is written down, found again, and safe with others at work."""

import errno
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from gaitlab.cli.common import index_of
from gaitlab.library import Entry, Library, open_library
from gaitlab.library.folder import day_in, is_recording_name, slug
from gaitlab.library.index import NAME, Index
from gaitlab.model.errors import InputError, OutputError
from gaitlab.model.recording import Athlete
from gaitlab.recordings.lock import alone


def paths(rows):
    return [row.path for row in rows]


def test_what_is_written_down_is_found_by_athlete_day_tag_and_text(make_library):
    root = make_library(3)
    with Index(open_library(root)) as index:
        found = index.refresh()
        assert (found.new, found.unchanged) == (3, 0)
        assert [row.athlete for row in index.rows()] == ["Anna", "Bea", "Bea"]
        assert len(index.rows(athlete="anna")) == 1
        assert len(index.rows(tag="EASY")) == 3
        assert paths(index.rows(text="run2")) == ["2026-05-01 run2.gait.parquet"]
        assert len(index.rows(day_from="2026-04-01", day_to="2026-04-30")) == 1
        assert index.rows(text="%") == []
        assert index.refresh().unchanged == 3


def test_a_file_replaced_underneath_is_looked_at_again_and_one_that_is_gone_is_forgotten(
    make_library,
):
    root = make_library(3)
    first, second, third = sorted(root.glob("*.gait.parquet"))
    with Index(open_library(root)) as index:
        index.refresh()
        before = index.rows(text="run0")[0].content
        first.write_bytes(second.read_bytes())
        third.unlink()
        found = index.refresh()
        assert (found.changed, found.gone) == (1, 1)
        assert index.rows(text="run0")[0].content != before


def test_the_same_samples_are_found_whatever_their_name_and_form(make_library, plain_copy):
    root = make_library(2)
    (root / "elsewhere").mkdir()
    plain_copy(root / "elsewhere" / "copy.csv")
    with Index(open_library(root)) as index:
        index.refresh()
        assert [paths(group) for group in index.duplicates()] == [
            ["2026-03-01 run0.gait.parquet", "elsewhere/copy.csv"]
        ]


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_an_index_that_is_deleted_or_damaged_is_made_again(make_library, damage):
    root = make_library(2)
    with Index(open_library(root)) as index:
        index.refresh()
        path = index.path
    if damage:
        path.write_bytes(damage)
    else:
        path.unlink()
    with Index(open_library(root)) as index:
        assert index.refresh().new == 2


def test_an_index_of_another_version_is_made_again(make_library):
    root = make_library(1)
    (root / ".gaitlab").mkdir()
    db = sqlite3.connect(root / ".gaitlab" / NAME)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with Index(open_library(root)) as index:
        assert index.refresh().new == 1


def test_a_broken_recording_is_listed_with_its_reason(make_library):
    root = make_library(1)
    (root / "torn.gait.parquet").write_bytes(b"PAR1 and no more")
    (root / "empty.csv").touch()
    with Index(open_library(root)) as index:
        index.refresh()
        problems = {row.path: row.problem for row in index.rows() if row.problem}
    assert set(problems) == {"torn.gait.parquet", "empty.csv"}
    assert "damaged" in problems["torn.gait.parquet"]


def test_two_programs_that_index_at_once_both_end_well(make_library):
    root = make_library(3)
    code = (
        "import sys; from pathlib import Path\n"
        "from gaitlab.library import open_library; from gaitlab.library.index import Index\n"
        "with Index(open_library(Path(sys.argv[1]))) as index:\n"
        "    for _ in range(5): index.refresh(everything=True)\n"
        "    print(len(index.rows()))\n"
    )
    command = [sys.executable, "-c", code, str(root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)]  # fmt: skip
    for one in both:
        out, err = one.communicate(timeout=120)
        assert (one.returncode, out.strip()) == (0, b"3"), err


def test_words_that_several_programs_write_at_once_are_all_kept(make_library):
    library = open_library(make_library(1))
    recording = next(library.root.glob("*.gait.parquet"))

    def write(word):
        with library.writing():
            entry = library.entry(recording)
            time.sleep(0.01)
            library.write_entry(recording, replace(entry, tags=(*entry.tags, word)))

    words = [f"w{i}" for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, words))
    assert set(library.entry(recording).tags) == {"easy", *words}


def test_who_waits_too_long_for_another_program_is_told(tmp_path):
    told = pytest.raises(OutputError, match="another program")
    with alone(tmp_path, 1.0), told, alone(tmp_path, 0.05):
        pass
    with alone(tmp_path, 0.0):
        pass


def test_without_locks_the_index_is_made_in_memory_at_once_and_that_is_told(
    make_library, monkeypatch, capsys
):
    fcntl = pytest.importorskip("fcntl")

    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    root = make_library(2)
    monkeypatch.setattr(fcntl, "lockf", none)
    monkeypatch.setattr(fcntl, "flock", none)
    with index_of(open_library(root)) as index:
        assert index.refresh().new == 2
    assert "its file system has no locks" in capsys.readouterr().err
    assert not (root / ".gaitlab" / NAME).exists()
    with open_library(root).writing():
        pass
    monkeypatch.undo()
    with Index(open_library(root)) as index:
        assert (index.why_in_memory, index.path.exists()) == ("", True)


def test_the_athlete_s_file_is_laid_over_what_the_recording_says(make_library):
    library = open_library(make_library(1))
    (library.root / "athletes").mkdir()
    (library.root / "athletes" / "anna.toml").write_text('sex = "f"\nmass_kg = 55\n')
    found = library.athlete("Anna", Athlete("x", "m", 70.0, 1.8))
    assert found == Athlete("Anna", "f", 55.0, 1.8)
    assert library.athlete(None, Athlete("x")) == Athlete("x")
    (library.root / "athletes" / "anna.toml").write_text("mass_kg = 5500\n")
    with pytest.raises(InputError, match="mass_kg"):
        library.athlete("Anna", Athlete())


def test_lines_of_the_user_s_own_survive_in_an_entry(tmp_path):
    library = Library(tmp_path)
    recording = tmp_path / "run.gait.parquet"
    (tmp_path / "run.entry.toml").write_text('weather = "rain"\nathlete = "A"\n')
    library.write_entry(recording, Entry("B", "2026-05-01", ("fly",), 'he said "go"\n'))
    text = (tmp_path / "run.entry.toml").read_text()
    assert 'weather = "rain"' in text
    assert library.entry(recording) == Entry("B", "2026-05-01", ("fly",), 'he said "go"\n')


@pytest.mark.parametrize("text", ["athlete = 5", "tags = 'fly'", "date = 'May'", "= x", "\xff"])
def test_an_entry_that_cannot_be_read_is_named(tmp_path, text):
    (tmp_path / "run.entry.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=r"run\.entry\.toml"):
        Library(tmp_path).entry(tmp_path / "run.csv")


def test_names_and_days():
    assert day_in("anna 2026.05.01.csv") == "2026-05-01"
    assert day_in("20261301.csv") is None
    assert slug("../../etc/passwd") == "etc-passwd"
    assert is_recording_name("a.gait.parquet")
    assert not is_recording_name("a.contacts.parquet")
