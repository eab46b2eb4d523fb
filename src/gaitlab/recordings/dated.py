"""A folder of one athlete's recordings and results, and the day of each."""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from gaitlab.model.errors import InputError

SUFFIXES: Final = (".parquet", ".csv")
TABLE_NAMES: Final = ("times", "results", "races")
ENTRY_SUFFIX: Final = ".entry.toml"  # what a library keeps about a recording
#: tables that lie beside recordings and are none
NOT_RECORDINGS: Final = (
    ".truth.parquet", ".series.parquet", ".contacts.parquet", ".segments.parquet",
    ".contacts.csv", ".segments.csv", ".truth.csv", ".export.csv", ".export.parquet",
)  # fmt: skip
_TABLE: Final = re.compile(rf"(?<![a-z])({'|'.join(TABLE_NAMES)})(?![a-z]).*\.csv$")
_ISO = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_GERMAN = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class DatedFolder:
    """What is in the folder of an athlete.

    recordings : (day, file), oldest first;  tables : results, as CSV
    undated : recordings whose day nobody knows
    """

    recordings: tuple[tuple[date, Path], ...]
    tables: tuple[Path, ...]
    undated: tuple[Path, ...]


def day_in(text: str) -> date | None:
    """The first date in a text; None without one.

    >>> day_in("2026-05-12 fly"), day_in("easy_20260512"), day_in("12.5.2026"), day_in("run 7")
    (datetime.date(2026, 5, 12), datetime.date(2026, 5, 12), datetime.date(2026, 5, 12), None)
    """
    for pattern, order in ((_ISO, (1, 2, 3)), (_GERMAN, (3, 2, 1))):
        for match in pattern.finditer(text):
            try:
                return date(*(int(match.group(place)) for place in order))
            except ValueError:
                continue
    return None


def day_of(path: Path) -> date | None:
    """The day of a recording: ``date`` in its sidecar or entry, else the date in its name."""
    sidecar = path.with_suffix(".json")
    if sidecar.is_file():
        try:
            entries = json.loads(sidecar.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            entries = {}
        said = entries.get("date") if isinstance(entries, dict) else None
        found = day_in(said) if isinstance(said, str) else None
        if found is not None:
            return found
    return _day_of_entry(path) or day_in(path.name)


def _day_of_entry(path: Path) -> date | None:
    """``date`` in the entry of a library; None when it has none or cannot be read."""
    for suffix in (".gait.parquet", *SUFFIXES):
        if path.name.lower().endswith(suffix):
            entry = path.with_name(path.name[: -len(suffix)] + ENTRY_SUFFIX)
            try:
                return day_in(str(tomllib.loads(entry.read_text("utf-8-sig")).get("date", "")))
            except (OSError, ValueError, RecursionError):
                return None
    return None


def dated_folder(folder: Path) -> DatedFolder:
    """The recordings and tables in ``folder``, not in folders below it.

    Raises
    ------
    InputError : no folder, or nothing in it.
    """
    if not folder.is_dir():
        raise InputError(
            f"no folder {folder}",
            "it does not exist, or it is a file" if folder.exists() else "it does not exist",
            "give the folder that holds one athlete's recordings",
        )
    files = [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name.lower().endswith(SUFFIXES)
        and not path.name.lower().endswith(NOT_RECORDINGS)
    ]  # fmt: skip
    tables = tuple(path for path in files if is_table_name(path.name))
    days = [(day_of(path), path) for path in files if path not in tables]
    if not files:
        raise InputError(
            f"nothing to compare in {folder}",
            "it holds no recording (.parquet, .csv) and no table of times",
            "put the recordings of one athlete there, with dates: 2026-05-12-fly.gait.parquet",
        )
    dated = sorted((day, path) for day, path in days if day is not None)
    return DatedFolder(tuple(dated), tables, tuple(path for day, path in days if day is None))


def is_table_name(name: str) -> bool:
    """True for a table of results: CSV with times, results or races as a word of its name.

    >>> is_table_name("races 2026.csv"), is_table_name("Times.csv"), is_table_name("bestraces.csv")
    (True, True, False)
    """
    return _TABLE.search(name.lower()) is not None
