"""``gaitlab query``: one question over the results of many recordings."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.batch.dataset import Results
    from gaitlab.batch.query import Answer

MOST_SHOWN = 200


@click.command(
    name="query",
    epilog="\b\nExamples:\n"
    "  gaitlab query --in club --best contact_time_s --at 5\n"
    "  gaitlab query --in club --squad\n"
    "  gaitlab query --in club --season contact_time_s --athlete Anna\n"
    "  gaitlab query --in club 'SELECT athlete, count(*) FROM contacts GROUP BY athlete'",
)
@click.argument("sql", required=False)
@click.option("--in", "place", default=".", show_default=True,
              help="The library, or a folder or address of results.")  # fmt: skip
@click.option("--best", metavar="METRIC", help="Every athlete's middle of METRIC at one speed.")
@click.option("--at", "speed", type=click.FloatRange(0.5, 13.0), help="That speed, m/s.")
@click.option("--band", type=click.FloatRange(0.05, 2.0), default=0.25, show_default=True,
              help="How far from that speed, m/s.")  # fmt: skip
@click.option("--squad", is_flag=True, help="One row per athlete.")
@click.option("--season", metavar="METRIC", help="METRIC by month.")
@click.option("--athlete", help="With --season: only this one.")
@click.option("--set", "set_folder", help="Results of another program version, by name.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@common.json_option
def command(
    sql: str | None, place: str, best: str | None, speed: float | None, band: float, squad: bool,
    season: str | None, athlete: str | None, set_folder: str | None, as_csv: bool, as_json: bool,
) -> None:  # fmt: skip
    """Ask SQL (a SELECT over contacts, segments, runs) or one of the ready-made questions.

    The results are made by `gaitlab analyze LIBRARY`. Nothing is changed and nothing outside
    them is read.
    """
    from gaitlab.batch import query

    asked = [sql, best, squad or None, season]
    if sum(one is not None for one in asked) != 1:
        raise UsageError(
            "one question at a time",
            "give SQL, or one of --best, --squad, --season",
            "see the examples in gaitlab query --help",
        )
    if (best is None) != (speed is None):
        raise UsageError("--best and --at belong together", "one is missing", "such as --at 5")
    db = query.opened(_results(place, set_folder))
    if best is not None and speed is not None:
        answer = query.best(db, best, speed, band)
    elif season is not None:
        answer = query.season(db, season, athlete)
    else:
        answer = query.squad(db) if squad else query.ask(db, sql or "")
    _show(answer, as_csv, as_json)


def _results(place: str, set_folder: str | None) -> "Results":
    """The results in a library's folder, or the folder or address itself."""
    from gaitlab.batch.dataset import Results
    from gaitlab.library.folder import RESULTS

    inside = Path(place) / RESULTS
    results = Results(str(inside) if inside.is_dir() else place, set_folder)
    there = results.sets()
    if set_folder is None and results.set not in there and there:
        results = Results(results.url, there[-1])
        common.messages().print(
            f"results of this program are not there: those of {there[-1]} are shown",
            soft_wrap=True,
        )
    return results


def _show(answer: "Answer", as_csv: bool, as_json: bool) -> None:
    frame = answer.frame
    if as_json:
        rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.to_numpy(object)]
        common.emit_json("query", {"columns": list(frame.columns), "rows": rows, "cut": answer.cut})
        return
    if as_csv:
        click.echo(frame.to_csv(index=False, lineterminator="\n"), nl=False)
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in frame.columns:
        table.add_column(str(name), justify="right" if frame[name].dtype.kind in "fiu" else "left")
    for row in frame.head(MOST_SHOWN).itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    common.results().print(table)
    if frame.empty:
        click.echo("no row answers it", err=True)
    hidden = len(frame) - MOST_SHOWN
    if hidden > 0 or answer.cut:
        click.echo(f"{hidden} more rows: --csv shows them", err=True)


def _cell(value: object) -> str:
    if value is None or value != value:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
