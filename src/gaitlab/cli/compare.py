"""``gaitlab compare``: runners, or parts of one run, side by side, and beside a squad."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gaitlab.cli import common, references
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.coaching.numbers.select import Stretch
    from gaitlab.model.units import PaceUnits

MOST_RUNNERS: Final = 12


@click.command(
    name="compare",
    cls=references.ManyReferences,
    epilog="\b\nExamples:\n"
    "  gaitlab compare ada.parquet sprinter.parquet -o comparison.html\n"
    "  gaitlab compare race.parquet fly.parquet --reference squad/*.parquet\n"
    "  gaitlab compare race.parquet --reference sprinters.band.json\n"
    "  gaitlab compare race.parquet fly.parquet sprinter.parquet --relative --top-speed Ida=10.1\n"
    "  gaitlab compare race.parquet --segment 0:30-3:00=race --segment 3:00-4:05=kick",
)
@common.recordings_argument
@click.option(
    "--out", "-o", "page", type=click.Path(path_type=Path),
    help="The page to write; comparison.html in this folder by default. A name that ends in "
    ".pdf is printed on A4 (needs Chromium, Chrome or Edge).",
)  # fmt: skip
@click.option(
    "--segment", "segments", multiple=True, metavar="START-STOP[=NAME]",
    help="A part of a recording, in seconds or minutes:seconds. Parts of one recording are "
    "compared with each other; with several recordings give one part for each.",
)  # fmt: skip
@click.option(
    "--speed", "speed_mps", type=common.Number(0.5, 13.0), metavar="M/S",
    help="Compare at this speed; by default at the one that all ran most.",
)  # fmt: skip
@click.option(
    "--relative", is_flag=True,
    help="Compare at the same share of each one's own top speed instead of at one speed.",
)  # fmt: skip
@click.option(
    "--top-speed", "tops", multiple=True, metavar="[NAME=]M/S",
    help="With --relative: a runner's top speed; by default that of the fastest flying 30 m of the "
    "same athlete among the recordings.",
)  # fmt: skip
@click.option(
    "--share", "share_percent", type=common.Number(10.0, 110.0), metavar="%",
    help="With --relative: compare at this share; by default at the one that all ran most.",
)  # fmt: skip
@references.option
@common.assume_units_option
@common.pace_option
@common.json_option
def command(
    recordings: tuple[Path, ...],
    page: Path | None,
    segments: tuple[str, ...],
    speed_mps: float | None,
    relative: bool,
    tops: tuple[str, ...],
    share_percent: float | None,
    reference: tuple[Path, ...],
    assume_units: str | None,
    units: "PaceUnits",
    as_json: bool,
) -> None:
    """Put runners side by side, at the same speed, and beside published values.

    Each RECORDING is one runner. Contact time and cadence change with speed in everybody, so
    numbers are compared at a speed that all of them ran; where there is none, the page says so.
    """
    paths = common.once_each(recordings)
    page = common.html_path(page, Path("comparison.html"), paths)
    stretches = tuple(parse_stretch(text) for text in segments)
    refuse_lonely(len(paths), len(stretches), bool(reference))
    refuse_mixture(relative, speed_mps is not None or bool(reference), bool(tops or share_percent))
    given = dict(parse_top(text) for text in tops)
    from gaitlab.coaching.comparison.study import study_at_share, study_of
    from gaitlab.coaching.numbers.select import parts_of
    from gaitlab.report.pages.comparison import write_study

    bands = references.bands(reference, assume_units)
    analyses = [
        common.analyze_file(path, assume_units) for path in common.with_progress(paths, "analysing")
    ]
    parts = parts_of(tuple(analyses), stretches)
    if relative:
        study = study_at_share(parts, given, share_percent and share_percent / 100)
    else:
        study = study_of(parts, speed_mps, bands)
    written = write_study(study, page, units)
    if as_json:
        from gaitlab.coaching.comparison.exchange import study_dict

        common.emit_json("compare", {"page": str(written), **study_dict(study)})
    else:
        click.echo(written)


def refuse_mixture(relative: bool, at_speeds: bool, has_shares: bool) -> None:
    """Raise UsageError for options of both kinds of matching."""
    if relative and at_speeds:
        raise UsageError(
            "--relative with --speed or --reference",
            "a reference and a speed in m/s belong to one speed, --relative to many",
            "leave one of them out; --share sets where to compare",
        )
    if has_shares and not relative:
        raise UsageError(
            "--top-speed or --share without --relative",
            "they say where to compare at a share of the own top speed",
            "add --relative, or take --speed M/S",
        )


def parse_top(text: str) -> tuple[str, float]:
    """``Ada=8.9`` or ``8.9`` as name and m/s.

    >>> parse_top("Ada = 8.9"), parse_top("9")
    (('Ada', 8.9), ('', 9.0))
    """
    name, _, number = text.rpartition("=")
    try:
        return name.strip(), float(number)
    except ValueError as error:
        raise UsageError(
            f"--top-speed {text} is no speed",
            "it needs a number in m/s, with a dot",
            "write for example --top-speed Ada=8.9",
        ) from error


def refuse_lonely(n_recordings: int, n_stretches: int, has_reference: bool = False) -> None:
    """Raise UsageError when there is nothing to compare, or parts that do not pair up."""
    if max(n_recordings, n_stretches) > MOST_RUNNERS:
        raise UsageError(
            f"{max(n_recordings, n_stretches)} runners on one page",
            f"more than {MOST_RUNNERS} cannot be told apart",
            "compare fewer at a time, or make a band of them: gaitlab band build NAME RECORDING...",
        )
    if n_recordings == 1 and n_stretches < 2 and not has_reference:
        raise UsageError(
            "nothing to compare with",
            f"one recording and {n_stretches} parts of it were given",
            "name a second recording, two parts (--segment 0:30-2:00 --segment 2:00-3:30) or a "
            "--reference",
        )
    if n_recordings > 1 and n_stretches not in (0, n_recordings):
        raise UsageError(
            f"{n_stretches} parts for {n_recordings} recordings",
            "with several recordings every recording has its own part",
            "give --segment once per recording, in the same order, or not at all",
        )


def parse_stretch(text: str) -> "Stretch":
    """``0:30-2:00=easy`` as a stretch of a recording.

    >>> parse_stretch("0:30-2:00=easy")
    Stretch(start_s=30.0, stop_s=120.0, label='easy')
    >>> parse_stretch("12.5-20").title
    '12.5 to 20 s'
    """
    from gaitlab.coaching.numbers.select import Stretch

    times, _, label = text.partition("=")
    start, _, stop = times.partition("-")
    try:
        start_s, stop_s = seconds_of(start), seconds_of(stop)
    except ValueError as error:
        raise UsageError(
            f"--segment {text} is not a part of a recording",
            "it needs a start and a stop, in seconds or minutes:seconds",
            "write for example --segment 0:30-2:00=easy",
        ) from error
    return Stretch(start_s, stop_s, label.strip())


def seconds_of(text: str) -> float:
    """Seconds of ``90``, ``1:30`` or ``0:01:30``."""
    total = 0.0
    for number in text.strip().split(":"):
        total = 60 * total + float(number)
    return total
