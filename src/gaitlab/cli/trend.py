"""``gaitlab trend``: one athlete's sessions and races over a season."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.model.errors import GaitlabError, InputError, UsageError

if TYPE_CHECKING:
    from gaitlab.coaching.season import Season, Session
    from gaitlab.recordings.dated import DatedFolder
    from gaitlab.recordings.results import Result
    from gaitlab.report.sheets.season import TimeTrends

DatedTime = tuple[date, str, float]


@click.command(
    name="trend",
    short_help="Top speed, easy pace and contact over a season.",
    epilog="\b\nExamples:\n"
    "  gaitlab trend athletes/ada\n"
    "  gaitlab trend athletes/ada -o season.html",
)
@click.argument("folder", metavar="ATHLETE_FOLDER", type=click.Path(path_type=Path))
@common.drill_out_option
@common.json_option
def command(folder: Path, page: Path | None, as_json: bool) -> None:
    """Is the usual pace of one athlete getting easier as top speed rises?

    ATHLETE_FOLDER holds recordings of one athlete with a date in the name (2026-05-12-fly) or in
    the sidecar, and perhaps races.csv or times.csv with the columns date, event, time. Flying
    sprints give the top speed, runs the easy pace, and contact times are compared at one speed.
    """
    from gaitlab.coaching.season import season_of, times_series
    from gaitlab.recordings.dated import dated_folder

    target = common.wanted_page(page)
    found = dated_folder(folder)
    sessions, left_out = measure(found)
    rows = read_times(found)
    if left_out and not sessions:
        raise InputError(
            f"no recording in {folder} could be used",
            "; ".join(left_out[:3]),
            "a recording needs a date in its name (2026-05-12-fly.gait.parquet) or sidecar",
        )
    season = season_of(sessions)
    times = times_series(rows, season.sessions[0].day)
    if target is not None:
        from gaitlab import __version__
        from gaitlab.report.sheets.season import write_season

        write_season(season, times, folder.resolve().name, target, __version__)
    if as_json:
        from gaitlab.report.sheets.season import season_dict

        head = {**common.page_key(target), "left_out": left_out}
        common.emit_json("trend", {**head, **season_dict(season, times)})
        return
    show(season, times, rows, left_out)
    if target is not None:
        common.results().print(str(target))


def measure(found: "DatedFolder") -> "tuple[list[Session], list[str]]":
    """The sessions of the folder, and which recordings were left out and why."""
    from gaitlab.coaching.season import session_of

    left_out = [f"{path.name}: no date in its name or sidecar" for path in found.undated]
    sessions: list[Session] = []
    days = {path: day for day, path in found.recordings}
    owners: dict[str, str] = {}
    for path in common.with_progress(list(days), "analysing"):
        try:
            analysis = common.analyze_file(path)
        except GaitlabError as error:  # one bad file must not cost the season
            left_out.append(f"{path.name}: {error.what}")
            continue
        owners[analysis.recording.athlete.name] = path.name
        sessions.append(session_of(analysis, days[path]))
    owners.pop("unnamed athlete", None)
    if len(owners) > 1:
        raise UsageError(
            f"the folder holds recordings of {len(owners)} athletes",
            ", ".join(f"{who} ({name})" for who, name in owners.items()),
            "put the recordings of one athlete into a folder of their own",
        )
    return sessions, left_out


def read_times(found: "DatedFolder") -> list[DatedTime]:
    """The dated race times of the folder's tables."""
    from gaitlab.recordings.results import read_results

    return [
        timed_of(one, table)
        for table in found.tables
        for one in read_results(table, needs=("date",))
    ]


def timed_of(one: "Result", table: Path) -> DatedTime:
    """Day, event and seconds of one line of a table; InputError when it is none."""
    from gaitlab.coaching.potential.race_events import event_of, seconds_of
    from gaitlab.recordings.dated import day_in

    day = day_in(one.date)
    try:
        if day is None:
            raise ValueError(one.date)
        return day, event_of(one.event).name, seconds_of(one.time)
    except (ValueError, UsageError) as error:
        raise InputError(
            f"line {one.line} of {table.name} is no dated time",
            f"it says {one.date}, {one.event}, {one.time}",
            "write for example 2026-05-12,1500,3:58.2",
        ) from error


def show(
    season: "Season", times: "TimeTrends", rows: list[DatedTime], left_out: list[str]
) -> None:  # fmt: skip
    """Print a season for a coach."""
    from gaitlab.report.sheets import season as sheet

    console = common.results()
    console.print(season.answer)
    console.print(common.table_of(sheet.trend_grid(season, times)))
    console.print(sheet.MEANING)
    console.print(common.table_of(sheet.session_grid(season)))
    lines = (*sheet.time_lines(rows), *(f"note: {note}" for note in season.notes))
    for line in (*lines, *(f"left out: {one}" for one in left_out)):
        console.print(line)
