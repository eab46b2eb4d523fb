"""``gaitlab reference``: a watch or foot pod beside a recording."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.coaching.comparison.against import Against


@click.command(
    name="reference",
    epilog="\b\nExample:\n  gaitlab reference race.gait.parquet watch.fit -o beside.png",
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.argument("series", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="A picture: .png, .svg or .pdf.")
@click.option("--offset", "offset_s", type=float,
              help="Second of the recording where the other begins; else found.")  # fmt: skip
@common.assume_units_option
@common.json_option
def command(
    recording: Path, series: Path, out: Path | None, offset_s: float | None,
    assume_units: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Lay SERIES (FIT, a CSV of seconds, or an imported one) beside RECORDING.

    Speed, cadence, contact time, step length and oscillation, second by second: theirs minus
    ours, with n and spread. Neither is the truth.
    """
    from gaitlab.coaching.comparison.against import against
    from gaitlab.metrics.by_second import by_second
    from gaitlab.recordings.series_reading import read_series

    other = read_series(series)
    data = against(by_second(common.analyze_file(recording, assume_units)), other, offset_s)
    if out is not None:
        from gaitlab.report.figures.against import figure_against
        from gaitlab.report.picture import write_picture

        write_picture(out, lambda: figure_against(data, other.source), "a comparison")
    if as_json:
        payload = {"offset_s": data.offset_s, "likeness": data.likeness, "doubt": data.doubt,
                   "differences": [asdict(one) for one in data.differences]}  # fmt: skip
        common.emit_json("reference", payload)
    else:
        _print(data, other.source, out)


def _print(data: "Against", source: str, out: Path | None) -> None:
    from rich import box
    from rich.table import Table

    from gaitlab.metrics.catalog import metric

    console = common.results()
    how = "as you said" if data.likeness != data.likeness else f"likeness {data.likeness:.2f}"
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
    console.print(table)
    if out is not None:
        console.print(str(out), soft_wrap=True)
