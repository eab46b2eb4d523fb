"""``gaitlab diff``: which numbers a new program changes in old recordings."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from gaitlab.batch.dataset import Results


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
@common.json_option
def command(folder: Path, against: str, jobs: int, as_json: bool) -> None:
    """Analyse LIBRARY with this program and compare with the numbers of another one.

    For every metric and athlete: in how many recordings it changed, by how much in the middle
    and at most. Old results are kept beside the new ones, so every program that ever analysed
    the library can be compared with.
    """
    from gaitlab.batch.diff import differences, runs_of
    from gaitlab.cli.many import analyze_library

    results = analyze_library(folder, jobs)
    old = _other(results.url, results.set, against)
    before, after = runs_of(old), runs_of(results)
    frame = differences(before, after)
    both = len(before.index.intersection(after.index))
    if as_json:
        rows = frame.to_dict("records")
        payload = {"against": f"{old.url}/{old.set}", "recordings": both, "changes": rows}
        common.emit_json("diff", payload)
        return
    console = common.results()
    console.print(f"{both} recordings in both; new {results.set}, old {old.set}", soft_wrap=True)
    if frame.empty:
        console.print("no number changed")
        return
    _print(frame, console)


def _other(url: str, own: str, against: str) -> "Results":
    """The set to compare with: in the same results by name or version, or in another folder."""
    from gaitlab.batch.dataset import Results

    here = Results(url)
    named = [one for one in here.sets() if one == against or one.startswith(f"{against}-")]
    named = [one for one in named if one != own]
    if named:
        return Results(url, named[-1])
    folder = Path(against)
    if folder.is_dir():
        other = Results(str(folder))
        sets = other.sets()
        if "runs" in sets:  # the folder of one set
            return Results(str(folder.parent), folder.name)
        sets = [one for one in sets if one != own or folder.resolve() != Path(url).resolve()]
        if sets:
            return Results(str(folder), sets[-1])
    raise UsageError(
        f"there are no results {against!r} to compare with",
        "there are: " + (", ".join(one for one in here.sets() if one != own) or "none of others"),
        "name one of them, or a folder that another program's analyze wrote",
    )


def _print(frame: "pd.DataFrame", console: "Console") -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in frame.columns:
        text = name in {"metric", "athlete"}
        table.add_column(name.replace("_", " "), justify="left" if text else "right")
    for row in frame.itertuples(index=False):
        table.add_row(*(f"{v:+.4g}" if isinstance(v, float) else str(v) for v in row))
    console.print(table)
