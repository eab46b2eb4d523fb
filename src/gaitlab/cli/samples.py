"""``gaitlab samples``: published open recordings, listed and fetched."""

from dataclasses import asdict
from pathlib import Path

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError


@click.command(
    name="samples",
    epilog="\b\nExamples:\n"
    "  gaitlab samples\n"
    "  gaitlab samples shoe-pod-race\n"
    "  gaitlab samples --all --mirror /media/stick/samples",
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Fetch all of them.")
@click.option(
    "--mirror", type=click.Path(path_type=Path),
    help="Take the files from this folder instead of the network.",
)  # fmt: skip
@common.json_option
def command(names: tuple[str, ...], everything: bool, mirror: Path | None, as_json: bool) -> None:
    """List published open recordings, or fetch those called NAME.

    They are original files of other people's pods, under the licence that is shown, checked
    against their published checksum. They are not in the form that `gaitlab analyze` reads.
    """
    from gaitlab.recordings.samples import list_samples

    if everything:
        names = tuple(sample.name for sample in list_samples())
    if mirror is not None and not names:
        raise UsageError(
            "--mirror without a sample to fetch",
            "a list needs no files",
            "name a sample, or take them all with --all",
        )
    if names:
        _fetch(names, mirror, as_json)
    elif as_json:
        items = [asdict(sample) | {"url": sample.url} for sample in list_samples()]
        common.emit_json("samples", {"samples": items})
    else:
        _print_list()


def _fetch(names: tuple[str, ...], mirror: Path | None, as_json: bool) -> None:
    """Fetch one after the other; the first that fails stops the rest."""
    from gaitlab.recordings.samples import fetch_sample

    wanted = list(dict.fromkeys(names))
    fetched = {
        name: str(fetch_sample(name, mirror)) for name in common.with_progress(wanted, "fetching")
    }
    if as_json:
        common.emit_json("samples", {"fetched": fetched})
        return
    for path in fetched.values():
        click.echo(path)


def _print_list() -> None:
    from rich import box
    from rich.table import Table

    from gaitlab.cli.fitted import Fitted
    from gaitlab.recordings.samples import list_samples

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("name", "what it is", "kB", "licence", "from"):
        table.add_column(heading, justify="right" if heading == "kB" else "left")
    for sample in list_samples():
        size = f"{sample.bytes / 1000:.0f}"
        table.add_row(sample.name, sample.about, size, sample.licence, sample.repository)
    common.results().print(Fitted(table))
