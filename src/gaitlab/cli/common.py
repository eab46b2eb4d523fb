"""What the commands share: where to print, how to load, how to name outputs."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import click

from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from gaitlab.cli.fitted import Fitted
    from gaitlab.events.correction import Correction
    from gaitlab.library import Library
    from gaitlab.library.index import Index
    from gaitlab.model.analysis import Analysis
    from gaitlab.report.sheets.base import Grid

_Item = TypeVar("_Item", str, Path)

JSON_VERSION: Final = 1
RECORDING_SUFFIXES: Final = (".gait.parquet", ".parquet", ".csv")
PLAIN_WIDTH: Final = 150  # columns when the output is a file or a pipe


class AnyNumber(click.types.FloatParamType):
    """A number; nan and inf are none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None  # noqa: ANN401
    ) -> float:  # fmt: skip
        return _finite(super().convert(value, param, ctx))


class Number(click.FloatRange):
    """A number between limits; nan, which lies beyond none, is no number either."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None  # noqa: ANN401
    ) -> float:  # fmt: skip
        return _finite(super().convert(value, param, ctx))


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter(f"'{value}' is not a number.")
    return value


recordings_argument = click.argument(
    "recordings",
    metavar="RECORDING...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
assume_units_option = click.option(
    "--assume-units",
    metavar="UNITS",
    help="Read the file in these units when it is not in m/s^2 and deg/s: g, mg, rad/s, or "
    "two of them with a comma (g,rad/s).",
)
correction_option = click.option(
    "--correction", "correction_file", metavar="FILE", type=click.Path(path_type=Path),
    help="Correct contact times with your own fit, made by `gaitlab correction`.",
)  # fmt: skip
pace_option = click.option(
    "--units", type=click.Choice(["km", "mi", "track"]), default="km", show_default=True,
    help="Paces as min/km, min/mile or s/100 m (sprints: km/h, mph, s/100 m) beside the m/s.",
)  # fmt: skip
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON on standard output."
)


drill_out_option = click.option(
    "--out", "-o", "page", metavar="FILE", type=click.Path(path_type=Path),
    help="Also write a page (.html), or its main picture alone (.png, .svg, .pdf).",
)  # fmt: skip


def messages() -> "Console":
    """Where people read: standard error, so that standard output stays data."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False)


def results() -> "Console":
    """Where tables go: standard output, wide enough when it is not a terminal."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    return console


def index_of(library: "Library") -> "Index":
    """The index of a library; where none can be kept, that is told: every recording is opened."""
    from gaitlab.library.index import Index

    index = Index(library)
    say_no_index(index.why_in_memory)
    return index


def say_no_index(why: str) -> None:
    """Why a command opens every recording."""
    if why:
        messages().print(
            f"no index is kept of this library ({why}): every recording is opened each time",
            soft_wrap=True,
        )


def printable(text: str) -> str:
    """A name as it can be printed: what would steer the terminal becomes an escape."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def with_progress(items: Sequence[_Item], doing: str) -> Iterator[_Item]:
    """The items, with a bar on standard error while a person watches a terminal."""
    console = messages()
    if not console.is_terminal or len(items) == 0:
        yield from items
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(doing, total=len(items))
        for item in items:
            progress.update(task, description=f"{doing} {Path(item).name}")
            yield item
            progress.advance(task)


def table_of(grid: "Grid") -> "Fitted":
    """A table for the terminal, lines between its groups; below it what its ± is."""
    from rich import box
    from rich.table import Table

    from gaitlab.cli.fitted import Fitted

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in grid.headings:
        words = heading in grid.wordy
        side: Literal["left", "right"] = "left" if words else "right"
        table.add_column(heading, justify=side)
    for place, row in enumerate(grid.rows):
        if place in grid.groups:
            table.add_section()
        table.add_row(*row)
    explained = any("±" in cell for row in grid.rows for cell in row)
    return Fitted(table, grid.note if explained else "")


def emit_json(kind: str, payload: dict[str, Any]) -> None:
    """Print ``payload`` on standard output with its schema and version in front."""
    from gaitlab.tables import plain

    head = {"schema": f"gaitlab.{kind}", "schema_version": JSON_VERSION}
    click.echo(json.dumps(plain({**head, **payload}), ensure_ascii=False, allow_nan=False))


def output_name(path: Path) -> str:
    """The name of a recording's outputs: its file name without the suffix.

    >>> output_name(Path("a/monday.gait.parquet")), output_name(Path("b/tue.v2.csv"))
    ('monday', 'tue.v2')
    """
    for suffix in RECORDING_SUFFIXES:
        if path.name.lower().endswith(suffix) and len(path.name) > len(suffix):
            return path.name[: -len(suffix)]
    return path.stem


def once_each(paths: Iterable[Path]) -> list[Path]:
    """The paths in their order, one that is named twice only once."""
    return list({path.resolve(): path for path in reversed(list(paths))}.values())[::-1]


def refuse_same_names(paths: Sequence[Path]) -> None:
    """Raise UsageError when two recordings would write to the same output files."""
    first: dict[str, Path] = {}
    for path in paths:
        name = output_name(path).casefold()
        if name in first:
            raise UsageError(
                f"two recordings are both called {output_name(path)!r}",
                f"{first[name]} and {path} would overwrite each other's results",
                "analyse them one at a time with different --out folders, or rename one",
            )
        first[name] = path


def refuse_existing(paths: Iterable[Path], force: bool) -> None:
    """Raise UsageError when one of the files to be written is there, unless it was asked for."""
    there = [path for path in paths if path.exists()]
    if there and not force:
        one = there[0]
        beside = " (it belongs to a recording of that name)" if one.suffix == ".json" else ""
        raise UsageError(
            f"{one} exists already{beside}",
            "it is never overwritten unasked",
            "name another, or --force",
        )


def page_path(wanted: Path | None, default: Path, inputs: Sequence[Path]) -> Path:
    """Where a page goes; an older page there is replaced.

    Raises
    ------
    UsageError : it would overwrite one of the recordings, or is a folder.
    OutputError : its folder is missing.
    """
    from gaitlab.report.pages.output import refuse_place

    page = refuse_place(wanted or default, default.name)
    if page.resolve() in {path.resolve() for path in inputs}:
        raise UsageError(
            f"that would overwrite {page}",
            "--out names one of the inputs",
            f"choose another name, for example -o {default}",
        )
    return page


def html_path(wanted: Path | None, default: Path, inputs: Sequence[Path]) -> Path:
    """As :func:`page_path`, for what is a page only; UsageError for an ending that is none."""
    from gaitlab.report.pages.output import page_ending

    page = page_path(wanted, default, inputs)
    page_ending(page)
    return page


def wanted_page(page: Path | None, *inputs: Path) -> Path | None:
    """Where a page or picture goes if one is wanted, refused before any work is done.

    Raises
    ------
    UsageError : it would overwrite an input, or its ending is neither page nor picture.
    """
    if page is None:
        return None
    from gaitlab.report.picture import refuse_other_endings

    page = page_path(page, Path("page.html"), inputs)
    refuse_other_endings(page, "a page")
    return page


def page_key(page: Path | None) -> dict[str, Any]:
    """The page as the first key of JSON; nothing without one."""
    return {} if page is None else {"page": str(page)}


def print_sheet(
    analysis: "Analysis", grids: "Iterable[Grid]", words: Iterable[str], page: Path | None
) -> None:
    """Tables and sentences of a test, what spoils the recording, and where its page is."""
    say_simulated(analysis)
    print_grids(grids, words)
    say_warnings(analysis)
    say_page(page)


def say_simulated(analysis: "Analysis") -> None:
    """What nobody ran is said first."""
    if analysis.recording.simulated:
        results().print("SIMULATED: nobody ran this.")


def say_warnings(analysis: "Analysis") -> None:
    """What is wrong with the recording as a whole, for every test alike."""
    from gaitlab.metrics.cautions import NO_RUNNING, NOBODY_RAN

    for line in analysis.warnings:
        if line not in (NOBODY_RAN, NO_RUNNING):  # that was said first; and hops are no running
            results().print(f"Recording: {line}")


def warnings_key(analysis: "Analysis") -> dict[str, Any]:
    """The same for JSON."""
    return {"warnings": list(analysis.warnings)}


def print_grids(grids: "Iterable[Grid]", words: Iterable[str]) -> None:
    """Tables, then sentences."""
    console = results()
    for grid in grids:
        console.print(table_of(grid))
    for line in words:
        console.print(line)


def say_page(page: Path | None) -> None:
    """Where the page is, when one was written."""
    if page is not None:
        results().print(str(page))


def read_correction(path: Path | None) -> "Correction | None":
    """The user's correction of contact times; None without a file."""
    if path is None:
        return None
    from gaitlab.events.correction import from_json
    from gaitlab.model.errors import InputError

    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot read the correction {path.name}",
            str(error),
            "make one with `gaitlab correction TABLE.csv -o FILE.json`",
        ) from error


def analyze_file(
    path: Path,
    assume_units: str | None = None,
    length_scale: float = 1.0,
    correction: "Correction | None" = None,
) -> "Analysis":
    """Load and analyse one file, lengths times a personal factor, contact times corrected."""
    from gaitlab.memory import keep_freed_memory
    from gaitlab.recordings import load

    keep_freed_memory()
    recording = load(path, assume_units=assume_units)
    from gaitlab.pipeline import analyze

    return analyze(recording, length_scale=length_scale, correction=correction)
