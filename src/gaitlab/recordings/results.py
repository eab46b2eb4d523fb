"""Race results of a club as a spreadsheet keeps them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gaitlab.model.errors import InputError
from gaitlab.recordings.splits import read_text_table

ATHLETE_WORDS: Final = ("athlete", "name", "runner")
SEX_WORDS: Final = ("sex", "gender")
EVENT_WORDS: Final = ("event", "distance", "race")
TIME_WORDS: Final = ("time", "result", "best", "mark", "performance")
DATE_WORDS: Final = ("date", "day", "when")
WHAT_HELPS: Final = "the first line names the columns: athlete,sex,event,time"


@dataclass(frozen=True, slots=True)
class Result:
    """One line: texts as they stand there; ``line`` counts from 1, the header's."""

    line: int
    athlete: str
    sex: str
    event: str
    time: str
    date: str = ""


def read_results(path: Path, *, needs: tuple[str, ...] = ("athlete", "sex")) -> tuple[Result, ...]:
    """Every line of a CSV file with the columns athlete, sex, event, time and perhaps date.

    Comma, semicolon or tab between columns; a decimal comma where the comma does not part them.

    Raises
    ------
    InputError : not readable, a column is missing, or a line is short.
    """
    header, rows = read_text_table(path, "results", WHAT_HELPS)
    places = {
        "athlete": _place(header, ATHLETE_WORDS, path, "athlete" in needs),
        "sex": _place(header, SEX_WORDS, path, "sex" in needs),
        "event": _place(header, EVENT_WORDS, path, True),
        "time": _place(header, TIME_WORDS, path, True),
        "date": _place(header, DATE_WORDS, path, "date" in needs),
    }
    wanted = max(place for place in places.values() if place is not None)
    found = []
    for line, row in rows:
        if len(row) <= wanted:
            raise InputError(
                f"line {line} of {path.name} is short",
                f"it has {len(row)} columns, the first line names {len(header)}",
                "a decimal comma needs semicolons or tabs between the columns",
            )
        cells = {key: "" if place is None else row[place] for key, place in places.items()}
        found.append(Result(line, **cells))
    return tuple(found)


def _place(header: list[str], words: tuple[str, ...], path: Path, needed: bool) -> int | None:
    place = next((header.index(word) for word in words if word in header), None)
    if place is None and needed:
        raise InputError(
            f"no column {words[0]!r} in {path.name}",
            f"its columns are {', '.join(header)}",
            WHAT_HELPS,
        )
    return place
