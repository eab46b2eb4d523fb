"""``gaitlab query``: one question over the results of many recordings."""

from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.cli.asked import asked_of, results_in, speed_of

if TYPE_CHECKING:
    from gaitlab.batch.query import Answer
    from gaitlab.cli.asked import Asked

MOST_SHOWN = 200


def _speed(_context: click.Context, _option: click.Parameter, value: str | None) -> float | None:
    return None if value is None else speed_of(value)


@click.command(
    name="query",
    epilog="\b\nExamples:\n"
    "  gaitlab query club --best contact_time\n"
    "  gaitlab query club --best contact_time at 5 m/s\n"
    "  gaitlab query club --squad --at 5\n"
    "  gaitlab query club --season contact_time --at 5 --athlete Anna\n"
    "  gaitlab query club 'SELECT athlete, count(*) FROM contacts GROUP BY athlete'",
)
@click.argument("words", nargs=-1, metavar="[DATASET] [SQL]")
@click.option("--in", "place", metavar="DATASET",
              help="The same as DATASET; the folder you are in when there is neither.")  # fmt: skip
@click.option("--best", metavar="METRIC", help="Every athlete's middle of METRIC, lowest first.")
@click.option("--at", "speed", callback=_speed, metavar="M/S",
              help="At that speed: 5, '5 m/s' or '18 km/h'.")  # fmt: skip
@click.option("--band", type=common.Number(0.05, 2.0), default=0.25, show_default=True,
              help="How far from that speed, m/s.")  # fmt: skip
@click.option("--highest", is_flag=True, help="With --best: highest first.")
@click.option("--squad", is_flag=True, help="One row per athlete.")
@click.option("--season", metavar="METRIC", help="METRIC by month, and how it changed.")
@click.option("--athlete", help="With --best and --season: only this one.")
@click.option("--set", "set_folder", help="Results of another program version, by name.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@common.json_option
def command(
    words: tuple[str, ...], place: str | None, set_folder: str | None, as_csv: bool, as_json: bool,
    **options: object,
) -> None:  # fmt: skip
    """Ask DATASET one of the ready-made questions, or SQL.

    DATASET is a library that `gaitlab analyze LIBRARY` analysed, or a folder or address of its
    results. SQL is a SELECT over contacts, segments, runs. Names of metrics are those of the
    contacts table, their unit may be left out. Nothing is changed and nothing outside the
    results is read.
    """
    asked = asked_of(words, place, **options)  # type: ignore[arg-type]  # as declared above
    answer = _answer(asked, set_folder)
    if as_json:
        _emit(answer)
        return
    if as_csv:
        click.echo(answer.frame.to_csv(index=False, lineterminator="\n"), nl=False)
    elif not answer.frame.empty:
        _print(answer, asked.metric)
    for note in answer.notes:
        click.echo(common.printable(note), err=True)
    if answer.cut:
        click.echo(f"only the first {len(answer.frame):,} rows are given", err=True)


def _answer(asked: "Asked", set_folder: str | None) -> "Answer":
    from dataclasses import replace

    from gaitlab.batch import query, questions

    metric = questions.metric_of(asked.metric) if asked.metric else None
    near = questions.Near(asked.speed_mps, asked.band_mps)
    db = query.opened(results_in(asked.place, set_folder))
    if asked.question == "sql":
        answer = query.ask(db, asked.sql)
        nothing = ("no row answers it", *questions.there_is(db)) if answer.frame.empty else ()
        return replace(answer, notes=nothing)
    if metric is None:
        return questions.squad(db, near)
    if asked.question == "best":
        return questions.best(db, metric, near, athlete=asked.athlete, highest=asked.highest)
    return questions.season(db, metric, asked.athlete, near)


def _emit(answer: "Answer") -> None:
    columns = list(answer.frame.columns)
    rows = [dict(zip(columns, row, strict=True)) for row in answer.frame.to_numpy(object)]
    common.emit_json(
        "query", {"columns": columns, "rows": rows, "cut": answer.cut, "notes": answer.notes}
    )


def _print(answer: "Answer", metric: str | None) -> None:
    """At most a screen of the table."""
    from rich import box
    from rich.table import Table

    from gaitlab.cli.cells import shown
    from gaitlab.cli.fitted import Fitted

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    columns = shown(answer.frame.head(MOST_SHOWN), metric)
    for column in columns:
        table.add_column(column.heading, justify="right" if column.numbers else "left")
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*row)
    common.results().print(Fitted(table))
    hidden = len(answer.frame) - MOST_SHOWN
    if hidden > 0:
        click.echo(f"{hidden} more rows: --csv shows them", err=True)
