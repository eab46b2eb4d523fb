"""``gaitlab plot``: one kind of picture of one or several runners, as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common, references
from gaitlab.cli.compare import parse_stretch, seconds_of
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.coaching.numbers.select import Part, Stretch
    from gaitlab.model.analysis import Analysis

EVER_S = 1e9  # longer than any recording


def show_kinds(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print every kind with what it shows, and leave."""
    if not wanted or ctx.resilient_parsing:
        return
    from gaitlab.report.plots import KINDS

    width = max(len(kind.name) for kind in KINDS)
    for kind in KINDS:
        click.echo(f"{kind.name:<{width}}  {kind.shows}")
    ctx.exit()


@click.command(
    name="plot",
    cls=references.ManyReferences,
    epilog="\b\nExamples:\n"
    "  gaitlab plot strike-clock ada.parquet sprinter.parquet -o clocks.png\n"
    "  gaitlab plot foot-path race.parquet --segment 0:30-3:00=race --segment 3:00-4:05=kick\n"
    "  gaitlab plot contact-speed race.parquet --reference squad/*.parquet\n"
    "  gaitlab plot left-right ada.parquet --metric step_length_m -o sides.pdf",
)
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=show_kinds,
    help="Show the kinds of plot and leave.",
)  # fmt: skip
@click.argument("kind")
@common.recordings_argument
@click.option(
    "--out", "-o", "file", type=click.Path(path_type=Path),
    help="The file to write, .png, .svg or .pdf; KIND.png in this folder by default.",
)  # fmt: skip
@click.option("--metric", metavar="NAME", default="", help="Another metric, where a kind has some.")
@click.option(
    "--from", "start", metavar="TIME", help="Only from here, in seconds or minutes:seconds."
)
@click.option("--to", "stop", metavar="TIME", help="Only up to here.")
@click.option(
    "--segment", "segments", multiple=True, metavar="START-STOP[=NAME]",
    help="A part of a recording. Parts of one recording stand side by side; with several "
    "recordings give one part for each.",
)  # fmt: skip
@click.option(
    "--columns", type=click.IntRange(1, 4), help="Panels in a row; 1 is best for a phone."
)
@references.option
@common.assume_units_option
@common.json_option
def command(
    kind: str,
    recordings: tuple[Path, ...],
    file: Path | None,
    metric: str,
    start: str | None,
    stop: str | None,
    segments: tuple[str, ...],
    columns: int | None,
    reference: tuple[Path, ...],
    assume_units: str | None,
    as_json: bool,
) -> None:
    """Draw one KIND of picture: strike patterns, the gait cycle, the path of the foot and more.

    Several RECORDINGs stand side by side with the same axes. `gaitlab plot --list` tells the
    kinds.
    """
    from gaitlab.report.plots import figure_of, kind_of, metric_for, refuse_form, write_figure

    name = kind_of(kind).name
    chosen = metric_for(kind_of(kind), metric)
    paths = common.once_each(recordings)
    file = refuse_form(common.page_path(file, Path(f"{name}.png"), paths))
    stretches = stretches_of(segments, start, stop, len(paths))
    analyses = [
        common.analyze_file(path, assume_units) for path in common.with_progress(paths, "analysing")
    ]
    parts = _parts(analyses, stretches, named=bool(segments))
    bands = references.bands(reference, assume_units)
    figure = figure_of(name, parts, metric=chosen, columns=columns, bands=bands)
    written = write_figure(figure, file)
    if as_json:
        common.emit_json("plot", plot_dict(name, chosen, written, parts))
    else:
        click.echo(written)


def _parts(
    analyses: "list[Analysis]", stretches: "tuple[Stretch | None, ...]", *, named: bool
) -> "tuple[Part, ...]":
    """The runners; a part of a single recording keeps the runner's name unless it has its own."""
    from dataclasses import replace

    from gaitlab.coaching.numbers.select import parts_of, runner_name

    parts = parts_of(tuple(analyses), stretches)
    if named or len(analyses) != 1 or not stretches:
        return parts
    return tuple(replace(part, label=f"{runner_name(analyses[0])}, {part.label}") for part in parts)


def plot_dict(kind: str, metric: str, file: Path, parts: "tuple[Part, ...]") -> dict[str, object]:
    """What was drawn, for machines."""
    runners = [{"label": part.label, "n": len(part.contacts)} for part in parts]
    return {"kind": kind, "metric": metric or None, "file": str(file), "runners": runners}


def stretches_of(
    segments: tuple[str, ...], start: str | None, stop: str | None, n_recordings: int
) -> "tuple[Stretch | None, ...]":
    """The parts that were asked for; none for whole recordings.

    Raises
    ------
    UsageError : segments together with --from or --to, or a time that is none.
    """
    if start is None and stop is None:
        return tuple(parse_stretch(text) for text in segments)
    if segments:
        raise UsageError(
            "--segment together with --from or --to",
            "both name a part of the recording",
            "use --from and --to for one part of every recording, --segment for several parts",
        )
    from gaitlab.coaching.numbers.select import Stretch

    words = (
        f"from {start} to {stop}" if start and stop else f"from {start}" if start else f"to {stop}"
    )
    first, last = _time(start, -EVER_S, "--from"), _time(stop, EVER_S, "--to")
    return (Stretch(first, last, words),) * n_recordings


def _time(text: str | None, otherwise_s: float, option: str) -> float:
    """Seconds of an option, or what holds without it."""
    if text is None:
        return otherwise_s
    try:
        return seconds_of(text)
    except ValueError as error:
        raise UsageError(
            f"{option} {text} is not a time",
            "a time is written in seconds or minutes:seconds",
            f"write for example {option} 1:30",
        ) from error
