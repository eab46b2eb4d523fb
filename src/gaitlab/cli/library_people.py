"""``gaitlab library athletes`` and ``races``: who is in a library, and what they ran."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common
from gaitlab.model.errors import GaitlabError, InputError
from gaitlab.model.words import some

if TYPE_CHECKING:
    from gaitlab.cli.trend import DatedTime
    from gaitlab.library import Library
    from gaitlab.library.index import Row

folder_argument = click.argument("folder", metavar="LIBRARY", type=click.Path(path_type=Path))


@dataclass(frozen=True, slots=True)
class Race:
    """One line of a table of races; the athlete is a name, or the name of the table's folder."""

    athlete: str
    timed: "DatedTime"
    table: str


@click.command("athletes")
@folder_argument
@common.json_option
def athletes(folder: Path, as_json: bool) -> None:
    """Who is in LIBRARY: recordings, minutes, first and last day, races."""
    from gaitlab.library import open_library
    from gaitlab.library.folder import slug

    library = open_library(folder)
    with common.index_of(library) as index:
        index.refresh()
        rows = [row for row in index.rows() if not row.problem]
    races, wrong = races_of(library)
    each: dict[str, list[Row]] = {}
    for row in rows:
        each.setdefault(row.athlete, []).append(row)
    keys = {name: {slug(name), *(slug(row.who) for row in own)} for name, own in each.items()}
    known = set().union(*keys.values())
    alone = {slug(key): key for key in (*library.athlete_stamps(), *(one.athlete for one in races))}
    for key, name in alone.items():
        if key not in known:
            each[name], keys[name] = [], {key}
    people = [
        _person(name, each[name], sum(slug(one.athlete) in keys[name] for one in races))
        for name in sorted(each, key=str.casefold)
    ]
    if as_json:
        common.emit_json("library-athletes", {"athletes": people, "problems": wrong})
        return
    common.results().print(_table(people))
    counts = ((people, "athlete"), (rows, "recording"), (races, "race"))
    click.echo(", ".join(some(len(there), what) for there, what in counts))
    _say(wrong)


@click.command("races")
@folder_argument
@click.option("--athlete", help="Only of this athlete.")
@common.json_option
def races(folder: Path, athlete: str | None, as_json: bool) -> int:
    """The races written down in LIBRARY: CSV files called races or times, anywhere in it.

    Columns are date, event, time, and perhaps athlete: without it, a table is of the athlete whose
    folder it lies in. `gaitlab trend LIBRARY/anna` reads the same file.
    """
    from gaitlab.coaching.potential.race_events import time_text
    from gaitlab.library import open_library
    from gaitlab.library.folder import slug

    found, wrong = races_of(open_library(folder))
    found = [one for one in found if athlete is None or slug(one.athlete) == slug(athlete)]
    found.sort(key=lambda one: (one.athlete.casefold(), one.timed))
    if as_json:
        rows = [
            {"athlete": one.athlete, "date": one.timed[0].isoformat(), "event": one.timed[1],
             "time_s": one.timed[2], "table": one.table}
            for one in found
        ]  # fmt: skip
        common.emit_json("library-races", {"races": rows, "problems": wrong})
    else:
        lines = [
            {"athlete": one.athlete, "date": one.timed[0].isoformat(), "event": one.timed[1],
             "time": time_text(one.timed[2]), "table": one.table}
            for one in found
        ]  # fmt: skip
        common.results().print(_table(lines))
        click.echo(f"{len(found)} races")
        _say(wrong)
    return InputError.exit_status if wrong else 0


def races_of(library: "Library") -> tuple[list[Race], list[str]]:
    """Every race of the library, and what is wrong with tables that cannot be read."""
    from gaitlab.cli.trend import timed_of
    from gaitlab.recordings.results import read_results

    found: list[Race] = []
    wrong: list[str] = []
    for path in library.race_tables():
        inside = path.relative_to(library.root)
        try:
            lines = read_results(path, needs=("date",))
        except GaitlabError as error:
            wrong.append(f"{inside.as_posix()}: {error.what}; {error.why}")
            continue
        for one in lines:
            try:
                race = Race(one.athlete or inside.parent.name, timed_of(one, path), str(inside))
            except GaitlabError as error:
                wrong.append(f"{inside.as_posix()}: {error.what}; {error.why}")
                continue
            if race.athlete:
                found.append(race)
            else:
                wrong.append(f"{inside.as_posix()}: line {one.line} names no athlete")
    return found, wrong


def _person(name: str, rows: "list[Row]", n_races: int) -> dict[str, Any]:
    days = sorted(row.day for row in rows if row.day)
    return {
        "athlete": name, "sex": next((row.sex for row in rows if row.sex), ""),
        "recordings": len(rows), "minutes": round(sum(row.duration_s for row in rows) / 60, 1),
        "first": days[0] if days else "", "last": days[-1] if days else "", "races": n_races,
    }  # fmt: skip


def _table(rows: "list[dict[str, Any]]") -> Any:  # noqa: ANN401  # a rich table
    from rich import box
    from rich.table import Table

    from gaitlab.cli.fitted import Fitted

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    first: Mapping[str, Any] = rows[0] if rows else {}
    for name, value in first.items():
        table.add_column(name, justify="left" if isinstance(value, str) else "right")
    for row in rows:
        table.add_row(*(common.printable(str(value)) or "?" for value in row.values()))
    return Fitted(table)


def _say(wrong: list[str]) -> None:
    for line in wrong:
        click.echo(f"  {common.printable(line)}", err=True)
