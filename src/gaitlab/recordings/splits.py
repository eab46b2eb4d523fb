"""Split times from a table, as a coach keeps them in a spreadsheet."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import Floats

DISTANCE_WORDS: Final = ("distance", "distance_m", "metres", "meters", "m")
TIME_WORDS: Final = ("time", "time_s", "split", "seconds", "s")
NAME_WORDS: Final = ("rep", "athlete", "name", "run")
WHAT_HELPS: Final = "the first line names the columns: distance,time and, for several sprints, rep"


@dataclass(frozen=True, slots=True, eq=False)
class SplitTimes:
    """One sprint of a table: (n,) distances and times from the start, in the order given."""

    name: str
    distance_m: Floats
    time_s: Floats


def number(text: str) -> float:
    """A number with a point or a comma.

    >>> number(" 1,90 "), number("1.90")
    (1.9, 1.9)
    """
    return float(text.strip().replace(",", "."))


def read_splits(path: Path) -> tuple[SplitTimes, ...]:
    """Every sprint of a CSV file with the columns distance, time and perhaps rep or athlete.

    Comma, semicolon or tab between columns; with the last two, decimal commas too.

    Raises
    ------
    InputError : not readable, a column is missing, or a cell is not a number.
    """
    names, numbered = read_text_table(path, "splits", WHAT_HELPS)
    rows = [row for _, row in numbered]
    distance, time = _column(names, DISTANCE_WORDS, path), _column(names, TIME_WORDS, path)
    who = next((names.index(word) for word in NAME_WORDS if word in names), None)
    values = [(_cell(row, distance, path), _cell(row, time, path)) for row in rows]
    owner = [row[who] if who is not None else path.stem for row in rows]
    table = np.array(values)
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
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is not text"
        raise InputError(f"cannot read the {what} {path.name}", why, what_helps) from error
    if not lines:
        raise InputError(f"no {what} in {path.name}", "the file is empty", what_helps)
    between = next((mark for mark in "\t;" if mark in lines[0]), ",")
    header, *rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=between)]
    kept = [(line, row) for line, row in enumerate(rows, start=2) if any(row)]
    if not kept:
        raise InputError(f"no {what} in {path.name}", "only the names of columns", what_helps)
    _refuse_more_cells(path, header, kept)
    return [cell.lower() for cell in header], kept


def _refuse_more_cells(path: Path, header: list[str], rows: list[tuple[int, list[str]]]) -> None:
    """A decimal comma between commas makes two cells of one number; neither would be it."""
    for line, row in rows:
        if any(row[len(header) :]):
            raise InputError(
                f"line {line} of {path.name} has more columns than the first line",
                f"it has {len(row)}, the first line names {len(header)}: {', '.join(row)}",
                "a number with a decimal comma needs quotes, or semicolons between the columns",
            )


def _column(names: list[str], words: tuple[str, ...], path: Path) -> int:
    for word in words:
        if word in names:
            return names.index(word)
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
