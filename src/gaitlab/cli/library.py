"""``gaitlab library``: a folder of recordings, kept, tagged, searched and checked."""

import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gaitlab.cli import common, library_people
from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.words import some

if TYPE_CHECKING:
    from gaitlab.library import Library
    from gaitlab.library.index import Index, Row

UNSORTED: Final = "unsorted"
folder_argument = click.argument("folder", metavar="LIBRARY", type=click.Path(path_type=Path))


@click.group(
    name="library",
    epilog="\b\nExample:\n"
    "  gaitlab library add club monday.gait.parquet --athlete Anna --date 2026-05-01 --tag fly\n"
    "  gaitlab library list club --tag fly\n"
    "  gaitlab analyze club --jobs 4",
)
def command() -> None:
    """A folder is the library: recordings anywhere in it, and what you write down about them.

    No server. The index in LIBRARY/.gaitlab may be deleted at any time; it is made again.
    """


command.add_command(library_people.athletes)
command.add_command(library_people.races)


@command.command("add")
@folder_argument
@click.argument("files", metavar="RECORDING...", nargs=-1, required=True,
                type=click.Path(path_type=Path))  # fmt: skip
@click.option("--athlete", help="Who ran: a name, or the name of a file in LIBRARY/athletes.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="When; by default from the file's name.")
@click.option("--tag", "tags", multiple=True, help="A word to find it by; may be repeated.")
@click.option("--note", default="", help="Free text.")
@click.option("--force", is_flag=True, help="Add it even if its samples are there already.")
def add(
    folder: Path, files: tuple[Path, ...], athlete: str | None, day: str | None,
    tags: tuple[str, ...], note: str, force: bool,
) -> None:  # fmt: skip
    """Copy RECORDING into LIBRARY, with what is known about it. Your file stays where it is.

    A recording that lies in LIBRARY already is not copied, only described.
    """
    from gaitlab.library import Entry, Library
    from gaitlab.library.folder import check_writable
    from gaitlab.library.index import look_at

    if day is not None:
        _check_day(day)
    check_writable(folder)
    library = Library(folder)
    with library.writing(), common.index_of(library) as index:
        index.refresh()
        for file in files:
            place = _placed(library, index, file, athlete, force)
            before = library.entry(place)
            entry = Entry(
                athlete or before.athlete, day or before.day,
                tuple(dict.fromkeys((*before.tags, *tags))), note or before.note,
            )  # fmt: skip
            library.write_entry(place, entry)
            index.put([look_at(library, place)])  # the next file may hold the same samples
            click.echo(str(place))
        index.refresh()


def _check_day(day: str) -> None:
    from gaitlab.library.folder import day_in

    if day_in(day) != day:
        raise UsageError(f"{day!r} is no date", "it is not like 2026-05-01", "write year-month-day")


def _placed(
    library: "Library", index: "Index", file: Path, athlete: str | None, force: bool
) -> Path:
    """Where the recording lies in the library, copied there when it did not."""
    from gaitlab.library.folder import check_writable, is_recording_name, slug
    from gaitlab.library.index import content_of
    from gaitlab.recordings import load
    from gaitlab.recordings.atomic import replacing

    recording = load(file)
    if not is_recording_name(file.name):
        raise UsageError(
            f"{file.name} would not be found again", "tables of results have such names",
            "rename it, such as monday.gait.parquet",
        )  # fmt: skip
    if file.resolve().is_relative_to(library.root.resolve()):
        return library.root / file.resolve().relative_to(library.root.resolve())
    content = content_of(recording)
    same = [row.path for row in index.rows() if row.content == content]
    if same and not force:
        raise UsageError(
            f"{file.name} is in the library already",
            f"{same[0]} holds the same samples",
            "describe that one, or add it again with --force",
        )
    target = library.root / (slug(athlete) if athlete else UNSORTED) / file.name
    if target.exists():
        raise UsageError(
            f"{target} exists already", "it holds other samples", "rename your file first"
        )
    check_writable(target.parent)
    sidecar = file.with_suffix(".json")
    if sidecar.is_file() and sidecar != file:
        with sidecar.open("rb") as source, replacing(target.with_suffix(".json")) as copy:
            shutil.copyfileobj(source, copy)
    with file.open("rb") as source, replacing(target) as copy:
        shutil.copyfileobj(source, copy)
    return target


@command.command("tag")
@folder_argument
@click.argument("files", metavar="RECORDING...", nargs=-1, required=True,
                type=click.Path(path_type=Path))  # fmt: skip
@click.option("--add", "more", multiple=True, help="A word to add; may be repeated.")
@click.option("--remove", "less", multiple=True, help="A word to remove; may be repeated.")
def tag(
    folder: Path, files: tuple[Path, ...], more: tuple[str, ...], less: tuple[str, ...]
) -> None:
    """Add words to recordings of LIBRARY, or take them away; shows what they have."""
    from gaitlab.library import open_library

    library = open_library(folder)
    with library.writing():
        for file in files:
            _retag(library, file, more, less)
    with common.index_of(library) as index:
        index.refresh()


def _retag(library: "Library", file: Path, more: tuple[str, ...], less: tuple[str, ...]) -> None:
    path = file if file.is_file() else library.root / file
    if not path.is_file():
        raise InputError(f"{file} is not in the library", "there is no such file",
                         f"see gaitlab library list {library.root}")  # fmt: skip
    entry = library.entry(path)
    words = tuple(word for word in dict.fromkeys((*entry.tags, *more)) if word not in less)
    if words != entry.tags:
        library.write_entry(path, replace(entry, tags=words))
    click.echo(f"{path}: {', '.join(words) or 'no tags'}")


@command.command("list")
@folder_argument
@click.option("--athlete", help="Only of this athlete.")
@click.option("--tag", "word", help="Only with this tag.")
@click.option("--from", "day_from", metavar="DATE", help="Not before this day.")
@click.option("--to", "day_to", metavar="DATE", help="Not after this day.")
@common.json_option
def listing(
    folder: Path, athlete: str | None, word: str | None, day_from: str | None,
    day_to: str | None, as_json: bool,
) -> None:  # fmt: skip
    """What is in LIBRARY, by athlete and day."""
    _show(_rows(folder, athlete=athlete, tag=word, day_from=day_from, day_to=day_to), as_json)


@command.command("search")
@folder_argument
@click.argument("text")
@common.json_option
def search(folder: Path, text: str, as_json: bool) -> None:
    """Recordings of LIBRARY with TEXT in their path, athlete, tags or note."""
    _show(_rows(folder, text=text), as_json)


@command.command("check")
@folder_argument
@common.json_option
def check(folder: Path, as_json: bool) -> int:
    """Read every recording of LIBRARY again, to the last byte, and say which cannot be used."""
    from gaitlab.library import open_library
    from gaitlab.library.index import facts_of

    with common.index_of(open_library(folder)) as index:
        before = {row.path: row.content for row in index.rows()}
        index.refresh(everything=True)
        rows = index.rows()
    bad = [row for row in rows if row.problem]
    other = [row for row in rows if before.get(row.path, row.content) not in {row.content, ""}]
    if as_json:
        payload = {"recordings": len(rows), "problems": [facts_of(row) for row in bad],
                   "changed": [row.path for row in other]}  # fmt: skip
        common.emit_json("library-check", payload)
    else:
        for row in bad:
            click.echo(common.printable(f"{row.path}: {row.problem}"))
        for row in other:
            click.echo(f"{row.path}: its samples are others than when it was last looked at")
        click.echo(
            f"{some(len(rows), 'recording')}, {len(bad)} cannot be used, {len(other)} changed"
        )
    return InputError.exit_status if bad else 0


@command.command("duplicates")
@folder_argument
@common.json_option
def duplicates(folder: Path, as_json: bool) -> None:
    """Recordings of LIBRARY with the same samples, whatever their names and file forms."""
    from gaitlab.library import open_library

    with common.index_of(open_library(folder)) as index:
        index.refresh()
        groups = [[row.path for row in group] for group in index.duplicates()]
    if as_json:
        common.emit_json("library-duplicates", {"groups": groups})
        return
    for group in groups:
        click.echo("the same samples: " + ", ".join(group))
    click.echo(f"{len(groups)} groups of duplicates")


@command.command("index")
@folder_argument
@click.option("--anew", is_flag=True, help="Delete it first.")
def index_(folder: Path, anew: bool) -> None:
    """Bring the index of LIBRARY up to date and say what was found."""
    from gaitlab.library import open_library
    from gaitlab.library.folder import OWN_FOLDER
    from gaitlab.library.index import NAME

    library = open_library(folder)
    if anew:
        with suppress(OSError):  # of a library that may only be read
            (folder / OWN_FOLDER / NAME).unlink()
    with common.index_of(library) as index:
        found = index.refresh()
    click.echo(
        f"{found.new} new, {found.changed} changed, {found.gone} gone, {found.unchanged} unchanged"
    )


def _rows(folder: Path, **asked: str | None) -> "list[Row]":
    from gaitlab.library import open_library

    with common.index_of(open_library(folder)) as index:
        index.refresh()
        return index.rows(**asked)


def _show(rows: "list[Row]", as_json: bool) -> None:
    from gaitlab.library.index import facts_of

    if as_json:
        common.emit_json("library", {"recordings": [facts_of(row) for row in rows]})
        return
    from rich import box
    from rich.table import Table

    from gaitlab.cli.fitted import Fitted

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("athlete", "date", "min", "feet", "Hz", "tags", "recording"):
        table.add_column(heading, justify="right" if heading in {"min", "Hz"} else "left")
    for row in rows:
        what = f"{row.path}  ! {row.problem[:60]}" if row.problem else row.path
        what = common.printable(what)
        table.add_row(
            common.printable(row.athlete) or "?", row.day or "?", f"{row.duration_s / 60:.1f}",
            row.feet.replace(",", " "), f"{row.rate_hz:.0f}", " ".join(row.tag_words), what,
        )  # fmt: skip
    common.results().print(Fitted(table))
    click.echo(some(len(rows), "recording"))
