"""Where the results of many recordings lie, and what is in them.

    RESULTS/SET/contacts/athlete=Anna/date=2026-05-01/KEY.parquet   one row per contact
    RESULTS/SET/segments/athlete=Anna/date=2026-05-01/KEY.parquet   one row per stretch
    RESULTS/SET/runs/athlete=Anna/date=2026-05-01/KEY.parquet       one row: the recording
    RESULTS/SET/packed/runs.parquet                                 all of those rows, to ask fast

SET names the program that made them: its version, a digest of its code and tuning numbers, and
one of the options where there are any. KEY is a digest of the recording's bytes and of what is
written down about it. A result is there
when its row in ``runs`` is there: it is written last. Names of athletes are percent-encoded in
folder names, as Hive, Spark, DuckDB and Arrow do; all partition values are text.
"""

import hashlib
import json
import posixpath
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from gaitlab.model.errors import InputError, OutputError, UsageError
from gaitlab.model.recording import Athlete
from gaitlab.provenance import parameters, program_version

if TYPE_CHECKING:
    import pyarrow as pa
    from fsspec import AbstractFileSystem

TABLES: Final = ("contacts", "segments", "runs")
OWNER: Final = "library.txt"
PACKED: Final = "packed/runs.parquet"
UNKNOWN_DAY: Final = "unknown"
MOST_NAME: Final = 200  # letters of a folder; one character takes up to 12
ROWS_TOGETHER: Final = 100
TORN_AFTER_S: Final = 3600.0  # a file not whole by then belongs to a process that died
#: parts of the program that decide about numbers
CODE: Final = ("signal", "events", "strides", "metrics", "model", "tables")


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for beside the recordings; part of the name of the set."""

    length_scale: float = 1.0
    correction_json: str = ""
    assume_units: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One recording to analyse: everything a worker needs, small enough to be sent around.

    path : as the user and the results name it;  url : where it is read, a path or an fsspec URL
    sha256 : of the file's bytes when known, so that a finished one need not be opened
    athlete : who ran; what it leaves open is taken from the recording
    beside : SHA-256 of the sidecar, "" without one;  sidecar_url : where to fetch it from
    mark : changes with the file, as its store tells without opening it; "" when it cannot
    """

    path: str
    url: str
    day: str = UNKNOWN_DAY
    sha256: str = ""
    athlete: Athlete | None = None
    tags: tuple[str, ...] = ()
    beside: str = ""
    sidecar_url: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the results know of a path: its key, and the file's mark and SHA-256 at that time."""

    key: str
    mark: str
    sha256: str


def set_name(options: Options | None = None) -> str:
    """Name of the result set that this program writes with these options."""
    name = f"{program_version()}-{_code_digest()}"
    if options in {None, Options()}:
        return name
    asked = json.dumps(asdict(options or Options()), sort_keys=True)
    return f"{name}-{hashlib.sha256(asked.encode()).hexdigest()[:6]}"


@cache
def _code_digest() -> str:
    digest = hashlib.sha256(json.dumps(parameters(), sort_keys=True).encode())
    root = Path(__file__).resolve().parents[1]
    for part in CODE:
        for file in sorted((root / part).glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


def key_of(sha256: str, task: Task) -> str:
    """Name of a result's files: the same bytes, sidecar, runner, day and tags give the same."""
    athlete = asdict(task.athlete) if task.athlete else None
    beside = [task.beside] if task.beside else []
    about = json.dumps([sha256, athlete, task.day, task.tags, *beside])
    return hashlib.sha256(about.encode()).hexdigest()[:24]


def partition(athlete: str, day: str) -> str:
    """The folders of one athlete's day.

    >>> partition("Anna Ö/Z", "2026-05-01")
    'athlete=Anna%20%C3%96%2FZ/date=2026-05-01'
    """
    return f"athlete={_as_folder(athlete)}/date={_as_folder(day)}"


def _as_folder(text: str) -> str:
    """Percent-encoded; what is longer than file systems take is cut, with a digest at its end."""
    name = quote(text, safe="")
    if len(name) <= MOST_NAME:
        return name
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{quote(text[: MOST_NAME // 12], safe='')}~{digest}"


def together(rows: "list[pa.Table]") -> "pa.Table":
    """One table of many one-row tables: each of those takes as much memory as a hundred rows."""
    import pyarrow as pa

    return pa.concat_tables(rows, promote_options="default").combine_chunks()


class Results:
    """A set of results under a folder or an fsspec URL; files appear whole or not at all."""

    def __init__(self, url: str, set_folder: str | None = None) -> None:
        import fsspec

        self.url = url
        self.fs: AbstractFileSystem
        try:
            self.fs, self.root = fsspec.core.url_to_fs(url)
        except (OSError, ValueError, ImportError) as error:
            raise InputError(
                f"{url} is no place for results", str(error)[:200], "check the address"
            ) from error
        self.set = set_folder or set_name()

    def path(self, table: str, folders: str, key: str) -> str:
        """Where one recording's rows of a table lie."""
        return posixpath.join(self.root, self.set, table, folders, f"{key}.parquet")

    def done_keys(self) -> set[str]:
        """Keys of all finished recordings of this set, from the names of files alone."""
        folder = posixpath.join(self.root, self.set, "runs")
        if not self.fs.exists(folder):
            return set()
        return {posixpath.basename(name).removesuffix(".parquet")
                for name in self.fs.find(folder) if name.endswith(".parquet")}  # fmt: skip

    def seen(self) -> dict[str, Seen]:
        """What is known of every path with a result of this set."""
        import pyarrow.parquet as pq

        if not self.pack():
            return {}
        columns = ("path", "key", "file_mark", "sha256")
        with self.fs.open(posixpath.join(self.root, self.set, PACKED), "rb") as file:
            packed = pq.ParquetFile(file)
            if not set(columns) <= set(packed.schema_arrow.names):
                return {}  # of a program that did not write them down
            rows = packed.read(columns=list(columns))
        each = zip(*(rows[name].to_pylist() for name in columns), strict=True)
        return {path: Seen(key, mark or "", sha) for path, key, mark, sha in each}

    def claim(self, owner: str) -> None:
        """Write down whose results these are; UsageError when they are of another library.

        What is not in the library any more is removed from its results: those of another one
        would go.
        """
        path = posixpath.join(self.root, self.set, OWNER)
        if self.fs.exists(path):
            there = self.fs.cat_file(path).decode(errors="replace").strip()
            if there != owner:
                raise UsageError(
                    f"{self.url} holds the results of another library",
                    f"they are of {there}",
                    f"choose another --out; or, if it is the same one, moved, delete {path}",
                )
            return
        try:
            self.fs.makedirs(posixpath.dirname(path), exist_ok=True)
            self.fs.pipe_file(path, owner.encode())
        except OSError as error:
            raise OutputError(
                f"cannot write to {self.url}", error.strerror or str(error), "choose another --out"
            ) from error

    def write(self, tables: Mapping[str, "pa.Table"], folders: str, key: str) -> None:
        """Write the rows of one recording, its row in ``runs`` last."""
        for table in TABLES:
            self.put(tables[table], self.path(table, folders, key))

    def put(self, table: "pa.Table", path: str) -> None:
        """One file, under a name of its own until it is whole."""
        import secrets

        import pyarrow.parquet as pq

        self.fs.makedirs(posixpath.dirname(path), exist_ok=True)
        part = posixpath.join(
            posixpath.dirname(path), f".{posixpath.basename(path)}.{secrets.token_hex(4)}.part"
        )
        with self.fs.open(part, "wb") as file:
            pq.write_table(table, file, compression="zstd")
        self.fs.mv(part, path)

    def forget(self, keys: set[str]) -> None:
        """Remove the rows of recordings that are not in the library any more, and torn files.

        A file that is being written by another process, here or elsewhere, is left alone.
        """
        for table in TABLES:
            folder = posixpath.join(self.root, self.set, table)
            if not self.fs.exists(folder):
                continue
            for name in self.fs.find(folder):
                base = posixpath.basename(name)
                torn = base.endswith(".part") and self._old(name)
                if torn or base.removesuffix(".parquet") in keys:
                    with suppress(FileNotFoundError):  # another process was faster
                        self.fs.rm_file(name)

    def _old(self, name: str) -> bool:
        try:
            age = datetime.now(UTC) - self.fs.modified(name)
        except (OSError, NotImplementedError, TypeError):
            return False
        return bool(age.total_seconds() > TORN_AFTER_S)

    def sets(self) -> list[str]:
        """Every set in the folder, by name."""
        if not self.fs.exists(self.root):
            return []
        found = self.fs.ls(self.root, detail=True)
        names = (posixpath.basename(one["name"].rstrip("/")) for one in found
                 if one["type"] == "directory")  # fmt: skip
        return sorted(name for name in names if not name.startswith("."))

    def by_age(self) -> list[str]:
        """Every set in the folder, the one that was last added to at the end."""
        return sorted(self.sets(), key=lambda name: (self._changed(name), name))

    def _changed(self, name: str) -> float:
        try:
            changed: datetime = self.fs.modified(posixpath.join(self.root, name, PACKED))
            return changed.timestamp()
        except (OSError, NotImplementedError, TypeError):
            return 0.0

    def pack(self, fresh: Iterable["pa.Table"] = ()) -> int:
        """Gather the one-row files of ``runs`` into one; the number of rows in it.

        fresh : rows that are at hand already, so that their files need not be opened
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        keys = self.done_keys()
        rows = list(fresh)
        packed = posixpath.join(self.root, self.set, PACKED)
        if self.fs.exists(packed):
            with self.fs.open(packed, "rb") as file:
                rows.insert(0, pq.read_table(file))
        known = {key for table in rows for key in table["key"].to_pylist()}
        missing = self._missing(keys - known)
        with ThreadPoolExecutor() as readers:  # waiting for a drive, or for Arrow, not for Python
            for at in range(0, len(missing), ROWS_TOGETHER):
                block = list(readers.map(self._run, missing[at : at + ROWS_TOGETHER]))
                rows.append(together(block))
        if not rows:
            return 0
        whole = pa.concat_tables(rows, promote_options="default")
        last = {key: place for place, key in enumerate(whole["key"].to_pylist()) if key in keys}
        whole = whole.take(sorted(last.values()))
        self.put(whole, packed)
        return len(whole)

    def _missing(self, keys: set[str]) -> list[str]:
        if not keys:
            return []
        folder = posixpath.join(self.root, self.set, "runs")
        return [name for name in self.fs.find(folder)
                if posixpath.basename(name).removesuffix(".parquet") in keys]  # fmt: skip

    def _run(self, path: str) -> "pa.Table":
        import pyarrow.parquet as pq

        with self.fs.open(path, "rb") as file:
            return pq.ParquetFile(file).read(use_threads=False)
