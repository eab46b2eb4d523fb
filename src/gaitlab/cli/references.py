"""``--reference``: a squad's recordings, or a band that was made of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.coaching.comparison.band import Band, BandGroup

BAND_SUFFIX: Final = ".json"
REFERENCE: Final = "--reference"

option = click.option(
    REFERENCE, "reference", multiple=True, type=click.Path(path_type=Path),
    metavar="REC...|BAND",
    help="Recordings of your own sprinters (all names up to the next option), or a band made "
    "by `gaitlab band build`. May be given again for a second band.",
)  # fmt: skip


class ManyReferences(click.Command):
    """A command whose ``--reference`` takes every name up to the next option.

    The shell makes many words of ``squad/*.parquet``; an option of click takes one.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread(args))


def spread(words: Sequence[str]) -> list[str]:
    """``--reference a b -o c`` as ``--reference a --reference b -o c``.

    >>> spread(["x", "--reference", "a", "b", "-o", "c"])
    ['x', '--reference', 'a', '--reference', 'b', '-o', 'c']
    """
    done: list[str] = []
    taking = False
    for word in words:
        if word == REFERENCE:
            taking = True
            continue
        taking = taking and not word.startswith("-")
        done += [REFERENCE, word] if taking else [word]
    return done


def bands(paths: Sequence[Path], assume_units: str | None) -> "tuple[Band, ...]":
    """The bands in band files, and one of all the recordings among ``paths``."""
    from gaitlab.coaching.comparison.band_file import read_band

    files = [path for path in paths if path.name.lower().endswith(BAND_SUFFIX)]
    recordings = [path for path in common.once_each(paths) if path not in files]
    found = tuple(read_band(path) for path in files)
    if not recordings:
        return found
    name = recordings[0].parent.name if len(recordings) > 1 else ""
    return (*found, build(name or "your squad", "sprint", recordings, assume_units))


def build(name: str, group: "BandGroup", paths: Sequence[Path], assume_units: str | None) -> "Band":
    """A band from recordings, with a bar while they are analysed."""
    from gaitlab.coaching.comparison.band import band_of
    from gaitlab.coaching.numbers.select import part_of

    parts = [
        part_of(common.analyze_file(path, assume_units))
        for path in common.with_progress(list(paths), "analysing")
    ]
    return band_of(name, group, parts)
