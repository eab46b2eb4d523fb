"""``gaitlab reference``: a watch or foot pod beside a recording."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.coaching.comparison.against import Against
    from gaitlab.model.series import ReferenceSeries


@click.command(
    name="reference",
    epilog="\b\nExample:\n  gaitlab reference race.gait.parquet watch.fit -o beside.png",
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.argument("series", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="A picture: .png, .svg or .pdf.")
@click.option("--offset", "offset_s", type=common.AnyNumber(),
              help="Second of the recording where the other begins; else found.")  # fmt: skip
@click.option(
    "--cadence", type=click.Choice(["steps", "strides"]),
    help="What the cadence of a recorded foot pod counts; else it is inferred.",
)  # fmt: skip
@common.assume_units_option
@common.json_option
def command(
    recording: Path, series: Path, out: Path | None, offset_s: float | None,
    cadence: Literal["steps", "strides"] | None, assume_units: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Lay SERIES (FIT, a CSV of seconds, an imported or recorded one) beside RECORDING.

    Speed, cadence, contact time, step length and oscillation, second by second: theirs minus
    ours, with n and spread. Neither is the truth.
    """
    from gaitlab.coaching.comparison.against import against
    from gaitlab.metrics.by_second import by_second
    from gaitlab.recordings.series_reading import read_series

    other = _taken_as(read_series(series), cadence)
    analysis = common.analyze_file(recording, assume_units)
    known_how = "as you said"
    if offset_s is None and other.recorded_with == analysis.recording.name:
        offset_s, known_how = 0.0, "recorded together"
    data = against(by_second(analysis), other, offset_s)
    if out is not None:
        from gaitlab.report.figures.against import figure_against
        from gaitlab.report.picture import write_picture

        write_picture(out, lambda: figure_against(data, other.source), "a comparison")
    if as_json:
        payload = {"offset_s": data.offset_s, "likeness": data.likeness, "doubt": data.doubt,
                   "differences": [asdict(one) for one in data.differences]}  # fmt: skip
        common.emit_json("reference", payload)
    else:
        _print(data, other.source, out, known_how)


def _taken_as(
    series: "ReferenceSeries", cadence: Literal["steps", "strides"] | None
) -> "ReferenceSeries":
    """The series with its cadence as the user says; UsageError when it has none as sent."""
    if cadence is None:
        return series
    if "cadence_as_sent_per_min" not in series.values:
        raise UsageError(
            "--cadence is for recorded foot pods",
            f"{series.source} holds no cadence as it was sent",
            "leave it out",
        )
    from gaitlab.capture.foot_pod import with_cadence

    return with_cadence(series, cadence)


def _print(data: "Against", source: str, out: Path | None, known_how: str) -> None:
    from rich import box
    from rich.table import Table

    from gaitlab.cli.fitted import Fitted
    from gaitlab.metrics.catalog import metric

    console = common.results()
    how = known_how if data.likeness != data.likeness else f"likeness {data.likeness:.2f}"
    console.print(f"{source} begins at second {data.offset_s:.0f} ({how})", soft_wrap=True)
    if data.doubt:
        console.print(f"doubt: {data.doubt}; --offset settles it", soft_wrap=True)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("", "ours", "theirs", "theirs − ours", "spread", "n s", "their field"):
        text = heading in {"", "their field"}
        table.add_column(heading, justify="left" if text else "right")
    for one in data.differences:
        item = metric(one.quantity)
        if one.reason:
            table.add_row(item.axis_label, "–", "–", "–", "–", str(one.n), one.reason)
            continue
        table.add_row(
            item.axis_label, item.text(one.ours), item.text(one.theirs),
            item.change_text(one.bias), item.spread_text(one.spread), str(one.n), one.origin,
        )  # fmt: skip
    console.print(Fitted(table))
    if out is not None:
        console.print(str(out), soft_wrap=True)
