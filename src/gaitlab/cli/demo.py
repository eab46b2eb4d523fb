"""``gaitlab demo``: the whole way from recording to report, without a pod."""

from functools import partial
from pathlib import Path
from shlex import quote
from shutil import copyfile
from typing import TYPE_CHECKING, Final

import click

from gaitlab.cli import common
from gaitlab.cli.examples import EXAMPLES, example_path

if TYPE_CHECKING:
    from gaitlab.model.analysis import Analysis

COMPARED: Final = ("distance_race_kick", "sprinter_fly")
REPLAY_SPEED: Final = 20.0  # times as fast as it was run
LONGEST_REPLAY_S: Final = 3.0  # each; the pages are written meanwhile


@click.command(name="demo", epilog="\b\nExample:\n  gaitlab demo --out my-first-reports")
@click.option(
    "--out", "-o", "folder", type=click.Path(path_type=Path), default=Path("gaitlab-demo"),
    show_default=True, help="Folder for the pages and tables.",
)  # fmt: skip
def command(folder: Path) -> None:
    """Replay bundled recordings, write their reports and a comparison, say what to try next.

    The recordings are SIMULATED: a distance runner and a sprinter that no human ever was.
    They show what gaitlab does, not how people run.
    """
    from gaitlab.tables import write_tables, write_together

    paths = [example_path(name) for name in EXAMPLES]
    analyses: dict[str, Analysis] = {}
    for path in common.with_progress(paths, "analysing"):
        name = common.output_name(path)
        analyses[name] = common.analyze_file(path)
        write_tables(analyses[name], folder, csv=True, name=name)
    copies = write_together({folder / path.name: partial(copyfile, path) for path in paths})
    pages = _write_pages({name: analyses[name] for name in COMPARED}, folder)
    _say_what_is_there(analyses, pages, copies)


def _write_pages(analyses: "dict[str, Analysis]", folder: Path) -> list[Path]:
    """Write the comparison and the reports while a person watches the replay."""
    from concurrent.futures import ThreadPoolExecutor

    from gaitlab.report import write_comparison, write_report

    with ThreadPoolExecutor(max_workers=1) as worker:
        items = list(analyses.values())
        pages = [worker.submit(write_comparison, items, folder / "comparison.html")]
        pages += [
            worker.submit(write_report, item, folder / f"{name}.html")
            for name, item in analyses.items()
        ]
        try:
            _replay(items)
            return [page.result() for page in pages]
        finally:
            worker.shutdown(cancel_futures=True)


def _replay(analyses: "list[Analysis]") -> None:
    """A live table of one recording after the other, fast-forward, on a terminal only."""
    console = common.messages()
    if not console.is_terminal:
        return
    from gaitlab.cli.live import show

    for analysis in analyses:
        show(analysis, console, REPLAY_SPEED, LONGEST_REPLAY_S)


def _say_what_is_there(
    analyses: "dict[str, Analysis]", pages: list[Path], copies: list[Path]
) -> None:
    from gaitlab.cli.overview import overview_table

    console = common.results()
    console.print("SIMULATED runners: they show what gaitlab does, not how people run.")
    console.print(overview_table(list(analyses.items())))
    console.print("Open these in a browser:")
    for page in pages:
        console.print(f"  {page}", soft_wrap=True)
    named = {common.output_name(copy): quote(str(copy)) for copy in copies}
    distance, sprinter = (named[name] for name in COMPARED)
    console.print("\nTry next:")
    for line in (
        f"gaitlab analyze {distance} --out results --csv",
        f"gaitlab report {sprinter} -o sprinter.html",
        f"gaitlab compare {distance} {sprinter} -o comparison.html",
    ):
        console.print(f"  {line}", soft_wrap=True)
