"""Split times from a table, as a coach keeps them in a spreadsheet."""

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import Floats
from gaitlab.recordings.vendors.source import decoded

METRES: Final = ("m", "metres", "meters", "meter", "metern")
SECONDS: Final = ("s", "sec", "seconds", "sekunden")
DISTANCE_WORDS: Final = ("distance", "distance_m", *METRES, "distanz", "strecke")
TIME_WORDS: Final = ("time", "time_s", "split", *SECONDS, "zeit", "zwischenzeit")
ATHLETE_WORDS: Final = ("athlete", "name", "athlet", "athletin", "läufer", "läuferin")
REP_WORDS: Final = ("rep", "run", "lauf", "versuch")
UNIT: Final = re.compile(r"(.+?)\s*(?:[(\[]\s*(\S+?)\s*[)\]]|\sin\s+(\S+))")  # time (s), Zeit in s
WHAT_HELPS: Final = "the first line names the columns: distance,time and, for several sprints, rep"


@dataclass(frozen=True, slots=True, eq=False)
class SplitTimes:
    """One sprint of a table: (n,) distances and times from the start, in the order given."""

    name: str
    distance_m: Floats
    time_s: Floats


def number(text: str) -> float:
    """A number with a point or a comma; ValueError for all else, nan and inf too.

    >>> number(" 1,90 "), number("1.90")
    (1.9, 1.9)
    """
    value = float(text.strip().replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(f"could not convert string to a number: {text!r}")
    return value


def read_splits(path: Path) -> tuple[SplitTimes, ...]:
    """Every sprint of a CSV file with the columns distance and time, and perhaps athlete and rep.

    Comma, semicolon or tab between columns; with the last two, decimal commas too. English and
    German headings; a unit may stand behind them. A cell left empty is a gate without a time.

    Raises
    ------
    InputError : not readable, a column is missing or in another unit, or a cell is not a number.
    """
    names, numbered = read_text_table(path, "splits", WHAT_HELPS)
    distance = _column(names, DISTANCE_WORDS, METRES, path)
    time = _column(names, TIME_WORDS, SECONDS, path)
    who = [
        next(names.index(word) for word in words if word in names)
        for words in (ATHLETE_WORDS, REP_WORDS)
        if any(word in names for word in words)
    ]
    rows = [row for _, row in numbered if len(row) <= time or row[time]]
    if not rows:
        raise InputError(f"no splits in {path.name}", "no line has a time", WHAT_HELPS)
    table = np.array([(_cell(row, distance, path), _cell(row, time, path)) for row in rows])
    owner = [" ".join(row[at] for at in who if row[at:] and row[at]) or path.stem for row in rows]
    return tuple(
        SplitTimes(name, *table[[one == name for one in owner]].T) for name in dict.fromkeys(owner)
    )


def read_text_table(
    path: Path, what: str, what_helps: str
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Names of the columns in lower case, and the lines with their numbers; empty ones left out.

    Raises
    ------
    InputError : not readable, not text, without a line of values, or a line has more cells than
        there are columns.
    """
    lines = _lines(path, what, what_helps)
    first = 2 if lines and lines[0].lower().startswith("sep=") else 1  # a spreadsheet's own line
    lines = lines[first - 1 :]
    if not lines:
        raise InputError(f"no {what} in {path.name}", "the file is empty", what_helps)
    between = next((mark for mark in "\t;" if mark in lines[0]), ",")
    header, *rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=between)]
    kept = [(line, row) for line, row in enumerate(rows, start=first + 1) if any(row)]
    if not kept:
        raise InputError(f"no {what} in {path.name}", "only the names of columns", what_helps)
    _refuse_more_cells(path, header, kept)
    return [cell.lower() for cell in header], kept


def _lines(path: Path, what: str, what_helps: str) -> list[str]:
    """The lines of a text of whatever encoding spreadsheets write."""
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        raise InputError(f"cannot read the {what} {path.name}", why, what_helps) from error
    text = decoded(data)
    if "\0" in text:
        raise InputError(f"cannot read the {what} {path.name}", "it is not text", what_helps)
    return text.splitlines()


def _refuse_more_cells(path: Path, header: list[str], rows: list[tuple[int, list[str]]]) -> None:
    """A decimal comma between commas makes two cells of one number; neither would be it."""
    for line, row in rows:
        if any(row[len(header) :]):
            raise InputError(
                f"line {line} of {path.name} has more columns than the first line",
                f"it has {len(row)}, the first line names {len(header)}: {', '.join(row)}",
                "a number with a decimal comma needs quotes, or semicolons between the columns",
            )


def _column(names: list[str], words: tuple[str, ...], units: tuple[str, ...], path: Path) -> int:
    """Place of the column that is called one of these words, alone or with one of these units."""
    for place, name in enumerate(names):
        parts = UNIT.fullmatch(name)
        word, unit = (parts[1], parts[2] or parts[3]) if parts else (name, None)
        if word not in words:
            continue
        if unit is not None and unit not in units:
            raise InputError(
                f"the column {name!r} of {path.name} is in {unit}",
                f"gaitlab takes {units[0]} there",
                f"convert it to {units[0]}, and name it {words[0]}",
            )
        return place
    raise InputError(
        f"no column {words[0]!r} in {path.name}", f"its columns are {', '.join(names)}", WHAT_HELPS
    )


def _cell(row: list[str], place: int, path: Path) -> float:
    try:
        return number(row[place])
    except (ValueError, IndexError) as error:
        raise InputError(
            f"a split in {path.name} is not a number", f"the line is {'; '.join(row)}", WHAT_HELPS
        ) from error
