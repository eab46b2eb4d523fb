"""The index of a library: what is in each file, so that asking does not mean opening them all.

One SQLite file. It holds nothing that is not in the recordings and their entries: it can be
deleted, and is made again. Writers wait for each other; a reader never waits long, because
every change is one short transaction. The journal is SQLite's rollback journal, which works
on network drives (its write-ahead log does not).
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.library.folder import OWN_FOLDER, Library, check_writable, entry_path
from gaitlab.model.errors import GaitlabError, OutputError
from gaitlab.model.recording import Recording

VERSION: Final = 1
NAME: Final = "index.sqlite"
WAIT_S = 30.0
BATCH = 200  # files looked at between two writes to the index
ROUND_MPS2 = 1e-3  # samples that differ by less are the same samples in another form
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS recordings (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, entry_ns INTEGER,
    sha256 TEXT, content TEXT, athlete TEXT, sex TEXT, day TEXT, tags TEXT, note TEXT,
    duration_s REAL, feet TEXT, rate_hz REAL, simulated INTEGER, problem TEXT);
CREATE INDEX IF NOT EXISTS by_athlete ON recordings (athlete, day);
CREATE INDEX IF NOT EXISTS by_content ON recordings (content);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One recording as the index knows it.

    path : within the library, with forward slashes
    mtime_ns, entry_ns : when file and entry were last changed, as they were indexed
    sha256 : of the bytes;  content : of the samples, the same in every file form
    problem : why it cannot be used, empty when it can
    """

    path: str
    size: int
    mtime_ns: int
    entry_ns: int
    sha256: str = ""
    content: str = ""
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
    """The index of one library; use as a context manager."""

    def __init__(self, library: Library) -> None:
        self.library = library
        folder = library.root / OWN_FOLDER
        check_writable(folder)
        self.path = folder / NAME
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
            path: (size, mtime, entry)
            for path, size, mtime, entry in self._db.execute(
                "SELECT path, size, mtime_ns, entry_ns FROM recordings"
            )
        }
        waiting: list[Row] = []
        counts = {"new": 0, "changed": 0, "unchanged": 0}
        seen: set[str] = set()
        for one in self.library.recordings():
            path = Path(one.path).relative_to(self.library.root).as_posix()
            seen.add(path)
            stamp = _stamp(Path(one.path))
            before = known.get(path)
            if before == stamp and not everything:
                counts["unchanged"] += 1
                continue
            counts["new" if before is None else "changed"] += 1
            waiting.append(look_at(self.library, path, stamp))
            if len(waiting) >= BATCH:
                self.put(waiting)
                waiting = []
        self.put(waiting)
        gone = [(path,) for path in known.keys() - seen]
        with self._writing() as db:
            db.executemany("DELETE FROM recordings WHERE path = ?", gone)
        return Changes(gone=len(gone), **counts)

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
        return [Row(*row) for row in self._db.execute(sql, values)]

    def duplicates(self) -> list[list[Row]]:
        """Groups of recordings with the same samples, whatever their names and forms."""
        sql = """SELECT * FROM recordings WHERE content <> '' AND content IN (
            SELECT content FROM recordings GROUP BY content HAVING count(*) > 1)
            ORDER BY content, path"""
        groups: dict[str, list[Row]] = {}
        for values in self._db.execute(sql):
            row = Row(*values)
            groups.setdefault(row.content, []).append(row)
        return list(groups.values())


def look_at(library: Library, path: str, stamp: tuple[int, int, int]) -> Row:
    """Open one recording and say what is in it; what is wrong with it becomes ``problem``."""
    from gaitlab.recordings import load

    file = library.root / path
    try:
        recording = load(file)
        entry = library.entry(file)
        athlete = library.athlete(entry.athlete, recording.athlete)
    except GaitlabError as error:
        return Row(path, *stamp, problem=f"{error.what}: {error.why}"[:500])
    except (OSError, MemoryError) as error:
        return Row(path, *stamp, problem=str(error)[:500])
    longest = max(recording.feet, key=lambda stream: stream.n_samples)
    time_s = longest.time_s[np.isfinite(longest.time_s)]
    duration_s = float(np.ptp(time_s))
    return Row(
        path, *stamp,
        sha256=recording.sha256, content=content_of(recording), athlete=athlete.name,
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


def _stamp(path: Path) -> tuple[int, int, int]:
    """Size and time of the file, and the later time of its entry and its sidecar."""
    facts = path.stat()
    later = 0
    for beside in (entry_path(path), path.with_suffix(".json")):
        with suppress(OSError):
            later = max(later, beside.stat().st_mtime_ns)
    return facts.st_size, facts.st_mtime_ns, later


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
