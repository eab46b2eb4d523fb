"""The index of a library: what is in each file, so that asking does not mean opening them all.

One SQLite file. It holds nothing that is not in the recordings and their entries: it can be
deleted, and is made again. Writers wait for each other; a reader never waits long, because
every change is one short transaction. The journal is SQLite's rollback journal, which works
on network drives (its write-ahead log does not).
"""

import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.library.folder import OWN_FOLDER, Library, check_writable, entry_path, slug
from gaitlab.model.errors import GaitlabError, OutputError
from gaitlab.model.recording import Recording
from gaitlab.recordings.lock import has_locks

VERSION: Final = 2
NAME: Final = "index.sqlite"
WAIT_S = 30.0
BATCH = 200  # files looked at between two writes to the index
ROUND_MPS2 = 1e-3  # samples that differ by less are the same samples in another form
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS recordings (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, beside INTEGER,
    sha256 TEXT, content TEXT, who TEXT, athlete TEXT, sex TEXT, day TEXT, tags TEXT, note TEXT,
    duration_s REAL, feet TEXT, rate_hz REAL, simulated INTEGER, problem TEXT);
CREATE INDEX IF NOT EXISTS by_athlete ON recordings (athlete, day);
CREATE INDEX IF NOT EXISTS by_content ON recordings (content);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One recording as the index knows it.

    path : within the library, with forward slashes
    mtime_ns : when the file was last changed, as it was indexed
    beside : a digest of size and time of what is written down: entry, sidecar, athlete's file
    sha256 : of the bytes;  content : of the samples, the same in every file form
    who : key of the athlete's file, or the name;  athlete : the name
    problem : why it cannot be used, empty when it can
    """

    path: str
    size: int
    mtime_ns: int
    beside: int
    sha256: str = ""
    content: str = ""
    who: str = ""
    athlete: str = ""
    sex: str = ""
    day: str = ""
    tags: str = "[]"
    note: str = ""
    duration_s: float = 0.0
    feet: str = ""
    rate_hz: float = 0.0
    simulated: int = 0
    problem: str = ""

    @property
    def tag_words(self) -> tuple[str, ...]:
        """The tags as words."""
        return tuple(json.loads(self.tags))


_cells: Final = attrgetter(*(item.name for item in fields(Row)))


@dataclass(frozen=True, slots=True)
class Changes:
    """What bringing the index up to date found."""

    new: int
    changed: int
    gone: int
    unchanged: int


class Index:
    """The index of one library; use as a context manager.

    why_in_memory : why it cannot be kept and is made anew each time, "" when it is kept
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        folder = library.root / OWN_FOLDER
        self.path = folder / NAME
        self.why_in_memory = _why_in_memory(folder)
        if self.why_in_memory:  # made anew each time
            self.path = Path(":memory:")
        self._db = self._connect()

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def _connect(self) -> sqlite3.Connection:
        """The database; a damaged one, or one of another version, is made anew."""
        for attempt in (1, 2):
            db = sqlite3.connect(self.path, timeout=WAIT_S, isolation_level=None)
            try:
                version = db.execute("PRAGMA user_version").fetchone()[0]
                if version not in {0, VERSION}:
                    raise sqlite3.DatabaseError("another version")
                if not version:
                    db.executescript(_SCHEMA)
                    db.execute(f"PRAGMA user_version = {VERSION}")
                db.execute("SELECT count(*) FROM recordings")
            except sqlite3.OperationalError as error:
                db.close()
                raise _busy(self.path, error) from error
            except sqlite3.DatabaseError as error:
                db.close()
                if attempt == 2:
                    raise _busy(self.path, error) from error
                with suppress(OSError):
                    self.path.unlink()
            else:
                return db
        raise AssertionError  # pragma: no cover  # the loop ends by return or raise

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise _busy(self.path, error) from error

    def refresh(self, *, everything: bool = False) -> Changes:
        """Look at every file that is new or has another size or time than in the index.

        everything : also at those that seem unchanged, by their bytes
        """
        known = {
            path: (stamp, who)
            for path, *stamp, who in self._read(
                "SELECT path, size, mtime_ns, beside, who FROM recordings"
            )
        }
        athletes = self.library.athlete_stamps()
        waiting: list[Row] = []
        counts = {"new": 0, "changed": 0, "unchanged": 0}
        seen: set[str] = set()
        unreadable: list[tuple[Path, OSError]] = []
        for one in self.library.recordings(unreadable):
            near = _near(Path(one.path))
            if near is None:  # gone while the folder was read
                continue
            path = _named(self.library, Path(one.path))
            seen.add(path)
            before, who = known.get(path, (None, ""))
            if before == _stamp(near, who, athletes) and not everything:
                counts["unchanged"] += 1
                continue
            counts["new" if before is None else "changed"] += 1
            row = look_at(self.library, Path(one.path))
            size, mtime_ns, beside = _stamp(near, row.who, athletes)
            waiting.append(replace(row, size=size, mtime_ns=mtime_ns, beside=beside))
            if len(waiting) >= BATCH:
                self.put(waiting)
                waiting = []
        waiting += [_unreadable(self.library, *what) for what in unreadable]
        self.put(waiting)
        gone = [(path,) for path in known.keys() - seen - {row.path for row in waiting}]
        with self._writing() as db:
            db.executemany("DELETE FROM recordings WHERE path = ?", gone)
        return Changes(gone=len(gone), **counts)

    def _read(self, sql: str, values: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise _busy(self.path, error) from error

    def put(self, rows: Iterable[Row]) -> None:
        """Write rows, replacing those of the same path, in one transaction."""
        values = [_cells(row) for row in rows]
        if not values:
            return
        marks = ", ".join("?" * len(values[0]))
        with self._writing() as db:
            db.executemany(
                f"INSERT OR REPLACE INTO recordings VALUES ({marks})", values
            )  # only question marks

    def rows(
        self,
        *,
        athlete: str | None = None,
        tag: str | None = None,
        text: str | None = None,
        day_from: str | None = None,
        day_to: str | None = None,
    ) -> list[Row]:
        """Recordings that fit everything that is asked, by athlete and day."""
        where, values = ["1"], []
        for clause, value in (
            ("athlete = ? COLLATE NOCASE", athlete),
            ("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ? COLLATE NOCASE)", tag),
            ("(path || ' ' || athlete || ' ' || note || ' ' || tags) LIKE ? ESCAPE '\\'",
             None if text is None else f"%{_escaped(text)}%"),
            ("day >= ?", day_from),
            ("(day <> '' AND day <= ?)", day_to),
        ):  # fmt: skip
            if value is not None:
                where.append(clause)
                values.append(value)
        clauses = " AND ".join(where)  # fixed ones; every value is bound
        sql = f"SELECT * FROM recordings WHERE {clauses} ORDER BY athlete, day, path"
        return [Row(*row) for row in self._read(sql, values)]

    def duplicates(self) -> list[list[Row]]:
        """Groups of recordings with the same samples, whatever their names and forms."""
        sql = """SELECT * FROM recordings WHERE content <> '' AND content IN (
            SELECT content FROM recordings GROUP BY content HAVING count(*) > 1)
            ORDER BY content, path"""
        groups: dict[str, list[Row]] = {}
        for values in self._read(sql):
            row = Row(*values)
            groups.setdefault(row.content, []).append(row)
        return list(groups.values())


def _why_in_memory(folder: Path) -> str:
    try:
        check_writable(folder)
    except OutputError as error:
        return error.why
    if not os.access(folder, os.W_OK):
        return "it may only be read"
    return "" if has_locks(folder) else "its file system has no locks"


def look_at(library: Library, file: Path) -> Row:
    """Open one recording and say what is in it; what is wrong with it becomes ``problem``."""
    from gaitlab.recordings import load

    path, who = _named(library, file), ""
    if path != file.relative_to(library.root).as_posix():
        return Row(path, 0, 0, 0, problem="its name is not UTF-8: rename it")
    try:
        recording = load(file)
        entry = library.entry(file)
        who = entry.athlete or recording.athlete.name
        athlete = library.athlete(who, recording.athlete)
    except GaitlabError as error:
        return Row(path, 0, 0, 0, who=who, problem=f"{error.what}: {error.why}"[:500])
    except (OSError, MemoryError) as error:
        return Row(path, 0, 0, 0, who=who, problem=str(error)[:500])
    longest = max(recording.feet, key=lambda stream: stream.n_samples)
    time_s = longest.time_s[np.isfinite(longest.time_s)]
    duration_s = float(np.ptp(time_s))
    return Row(
        path, 0, 0, 0,
        sha256=recording.sha256, content=content_of(recording), who=who, athlete=athlete.name,
        sex=athlete.sex or "", day=entry.day or "", tags=json.dumps(entry.tags), note=entry.note,
        duration_s=duration_s, feet=",".join(one.foot for one in recording.feet),
        rate_hz=(longest.n_samples - 1) / duration_s if duration_s else 0.0,
        simulated=int(recording.simulated),
    )  # fmt: skip


def content_of(recording: Recording) -> str:
    """A hash of the samples of every foot, the same in CSV, Parquet and gaitlab's own file."""
    digest = hashlib.sha256()
    for stream in sorted(recording.feet, key=lambda one: one.foot):
        counts = np.nan_to_num(np.round(stream.acc_mps2 / ROUND_MPS2), nan=-(2**30))
        digest.update(stream.foot.encode())
        digest.update(counts.astype("<i4").tobytes())
    return digest.hexdigest()


def _named(library: Library, file: Path) -> str:
    """The name within the library; bytes that are no UTF-8 as escapes, to be printed and kept."""
    inside = file.relative_to(library.root).as_posix()
    return inside.encode("utf-8", "backslashreplace").decode()


def _near(file: Path) -> tuple[int, ...] | None:
    """Size and time of the file, its entry and its sidecar; None when there is no such file."""
    facts: list[int] = []
    for path in (file, entry_path(file), file.with_suffix(".json")):
        try:
            found = path.stat()
        except OSError:
            facts += (0, 0)
        else:
            facts += (found.st_size, found.st_mtime_ns)
    return tuple(facts) if any(facts[:2]) else None


def _stamp(near: tuple[int, ...], who: str, athletes: Mapping[str, tuple[int, int]]) -> list[int]:
    """Size, time, and a digest of all that is written down beside."""
    about = athletes.get(slug(who)) if athletes else None
    return [*near[:2], zlib.crc32(repr((near[2:], about)).encode())]


def _unreadable(library: Library, folder: Path, error: OSError) -> Row:
    why = f"the folder cannot be read: {error.strerror or error}"
    return Row(_named(library, folder), 0, 0, 0, problem=why)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _busy(path: Path, error: Exception) -> OutputError:
    return OutputError(
        f"the index {path} cannot be used", str(error),
        "another program may hold it: try again; or delete it, it is made anew",
    )  # fmt: skip


def facts_of(row: Row) -> dict[str, Any]:
    """For machines."""
    return {**asdict(row), "tags": list(row.tag_words), "simulated": bool(row.simulated)}
