"""``gaitlab diff``: which numbers a new program changes in old recordings."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError
from gaitlab.model.words import some

if TYPE_CHECKING:
    import pandas as pd

    from gaitlab.batch.dataset import Results

MOST_SHOWN: Final = 60
_HEADINGS: Final = {"contacts": "n contacts", "median_change": "change", "largest_change":
                    "largest", "spread": "spread of contacts"}  # fmt: skip
_WORDS: Final = (
    "change: new minus old, middle of the recordings that changed; largest: of one recording",
    "spread of contacts: how much single contacts scatter within a recording",
)


@click.command(
    name="diff",
    epilog="\b\nExamples:\n"
    "  gaitlab diff club --against 0.1.0\n"
    "  gaitlab diff club --against /backup/results",
)
@click.argument("folder", metavar="LIBRARY", type=click.Path(path_type=Path))
@click.option("--against", required=True, metavar="VERSION_OR_DIR",
              help="Results of another program: its version, its set, or a folder.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True,
              help="Processes, for recordings that this program has not analysed yet.")  # fmt: skip
@click.option("--all", "everything", is_flag=True,
              help="Also changes too small for a report to show, and every athlete.")  # fmt: skip
@click.option("--csv", "as_csv", is_flag=True, help="Print every change as CSV.")
@common.json_option
def command(
    folder: Path, against: str, jobs: int, everything: bool, as_csv: bool, as_json: bool
) -> None:
    """Analyse LIBRARY with this program and compare with the numbers of another one.

    For every metric, and then for every athlete: in how many recordings it changed, by how much
    in the middle and at most, beside what single contacts scatter. Old results are kept beside
    the new ones, so every program that ever analysed the library can be compared with.
    """
    from gaitlab.batch.diff import differences, runs_of
    from gaitlab.cli.many import analyze_library

    results, unused = analyze_library(folder, jobs)
    old = _other(results.url, results.set, against)
    before, after = runs_of(old), runs_of(results)
    frame = differences(before, after)
    metrics = differences(before, after, by_athlete=False).drop(columns="athlete")
    both = len(before.index.intersection(after.index))
    only = {"only_old": len(before) - both, "only_new": len(after) - both, "unusable": unused}
    if as_json:
        payload = {"against": f"{old.url}/{old.set}", "recordings": both, **only}
        by_metric, changes = metrics.to_dict("records"), frame.to_dict("records")
        common.emit_json("diff", {**payload, "by_metric": by_metric, "changes": changes})
        return
    if as_csv:
        click.echo(frame.to_csv(index=False, lineterminator="\n"), nl=False)
        return
    _head(both, only, results.set, old.set)
    if frame.empty:
        click.echo("no number changed")
        return
    _print(metrics, everything)
    _print(frame, everything)
    for line in _WORDS:
        click.echo(line)


def _other(url: str, own: str, against: str) -> "Results":
    """The set to compare with: in the same results by name or version, or in another folder."""
    from gaitlab.batch.dataset import Results

    here = Results(url)
    others = [one for one in here.by_age() if one != own]
    named = [one for one in others if one == against or one.startswith(f"{against}-")]
    if named:
        return Results(url, _newest(named))
    folder = Path(against)
    if folder.is_dir():
        other = Results(str(folder))
        sets = other.by_age()
        if "runs" in sets:  # the folder of one set
            return Results(str(folder.parent), folder.name)
        sets = [one for one in sets if one != own or folder.resolve() != Path(url).resolve()]
        if sets:
            return Results(str(folder), _newest(sets))
    there = f"other results here: {', '.join(others)}"
    alone = f"{url} holds " + ("those of this program alone" if here.sets() else "none at all")
    raise UsageError(
        f"there are no results {against!r} to compare with",
        there if others else alone,
        "name one of them, or a folder that another program's analyze wrote",
    )


def _newest(sets: list[str]) -> str:
    """The last of them; the others are told, because they may have been meant."""
    if len(sets) > 1:
        others = ", ".join(sets[:-1])
        common.messages().print(
            f"{sets[-1]} is the newest of {len(sets)} that fit; the others: {others}",
            soft_wrap=True,
        )
    return sets[-1]


def _head(both: int, only: dict[str, int], new: str, old: str) -> None:
    """What was compared, and what could not be."""
    click.echo(f"{some(both, 'recording')} in both; new {new}, old {old}")
    for key, words in (
        ("only_old", "only in the old results"),
        ("only_new", "only in the new results (not analysed then, or edited since)"),
        ("unusable", "that cannot be used: `gaitlab analyze LIBRARY` names them"),
    ):
        if only[key]:
            click.echo(f"{only[key]} recording{'s' if only[key] > 1 else ''} {words}")


def _print(frame: "pd.DataFrame", everything: bool) -> None:
    """Changes that a report shows, in its units; those that are smaller are counted."""
    from rich import box
    from rich.table import Table

    from gaitlab.cli.cells import changes, visible
    from gaitlab.cli.fitted import Fitted

    shown = frame if everything else frame[visible(frame)].head(MOST_SHOWN)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    columns = changes(shown.drop(columns="largest_in"))
    for column in columns:
        side = "right" if column.numbers else "left"
        table.add_column(_HEADINGS.get(column.heading, column.heading), justify=side)  # type: ignore[arg-type]
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*row)
    if len(shown):
        common.results().print(Fitted(table))
    small = 0 if everything else int((~visible(frame)).sum())
    hidden = len(frame) - len(shown) - small
    if small:
        click.echo(f"{small} changes are smaller than a report shows: --all shows them")
    if hidden > 0:
        click.echo(f"{hidden} more: --all or --csv shows them")
