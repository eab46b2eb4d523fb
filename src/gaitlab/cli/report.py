"""``gaitlab report``: one recording as one page."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.model.units import PaceUnits


@click.command(name="report", epilog="\b\nExample:\n  gaitlab report monday.parquet -o monday.html")
@click.argument("recording", type=click.Path(path_type=Path))
@click.option(
    "--out", "-o", "page", type=click.Path(path_type=Path),
    help="The page to write; NAME.html in this folder by default. A name that ends in "
    ".pdf is printed on A4 (needs Chromium, Chrome or Edge).",
)  # fmt: skip
@common.correction_option
@common.assume_units_option
@common.pace_option
@common.json_option
def command(
    recording: Path,
    page: Path | None,
    correction_file: Path | None,
    assume_units: str | None,
    units: "PaceUnits",
    as_json: bool,
) -> None:
    """Write one self-contained page about RECORDING: open it in a browser, print it, send it."""
    page = common.html_path(page, Path(f"{common.output_name(recording)}.html"), [recording])
    from gaitlab.report import write_report

    correction = common.read_correction(correction_file)
    analyses = [
        common.analyze_file(path, assume_units, 1.0, correction)
        for path in common.with_progress([recording], "analysing")
    ]
    written = write_report(analyses[0], page, units=units)
    if as_json:
        from gaitlab.tables import summary_dict

        common.emit_json("report", {"page": str(written), "summary": summary_dict(analyses[0])})
    else:
        click.echo(written)
