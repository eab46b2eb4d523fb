"""``gaitlab doctor``: how a recording fared, question by question."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.model.errors import AnalysisError, GaitlabError, InputError

if TYPE_CHECKING:
    from gaitlab.capture.finish import CaptureReport
    from gaitlab.capture.health import Finding
    from gaitlab.model.analysis import Analysis
    from gaitlab.model.recording import Recording

COLOURS = {"good": "green", "fair": "yellow", "poor": "red", "unknown": "dim"}
ORDER = ("poor", "fair", "unknown", "good")


@click.command(
    name="doctor",
    epilog="\b\nExamples:\n"
    "  gaitlab doctor monday.gait.parquet\n"
    "  gaitlab doctor monday.gait.journal --json",
)
@click.argument("recording", metavar="RECORDING_OR_JOURNAL", type=click.Path(path_type=Path))
@common.json_option
def command(recording: Path, as_json: bool) -> None:
    """Say how a recording fared: clock, loss, clipping, battery, mounting, sides.

    Each question gets a word (good, fair, poor, unknown), its numbers, and what to do. A journal
    tells more than a recording: the pods' clocks, lost connections, batteries.
    """
    from gaitlab.capture.foot_pod import series_beside
    from gaitlab.capture.health import findings

    made, report = _read(recording)
    analysis, why_not = _analysed(made)
    series = report.series if report else series_beside(recording, made.name)
    found = findings(made, report, analysis, why_not, series)
    if as_json:
        common.emit_json(
            "doctor",
            {
                "recording": made.name,
                "verdict": min((it.verdict for it in found), key=ORDER.index),
                "findings": [asdict(it) for it in found],
            },
        )
        return
    _print(made, found)


def _read(path: Path) -> "tuple[Recording, CaptureReport | None]":
    if path.is_dir() or path.suffix == ".arrow":
        from gaitlab.capture.finish import recording_from_journal
        from gaitlab.recordings.journal_reading import read_journal

        return recording_from_journal(read_journal(path))
    from gaitlab.recordings import load

    return load(path), None


def _analysed(recording: "Recording") -> "tuple[Analysis | None, str]":
    """The analysis, or why there is none: a doctor looks at poor recordings too."""
    from gaitlab.pipeline import analyze
    from gaitlab.recordings.checks import checked

    try:
        return analyze(checked(recording)), ""
    except (AnalysisError, InputError) as error:
        return None, _in_a_line(error)


def _in_a_line(error: GaitlabError) -> str:
    return f"cannot be analysed: {error.what}" + (f" ({error.why})" if error.why else "")


def _print(recording: "Recording", found: "list[Finding]") -> None:
    from rich.table import Table
    from rich.text import Text

    from gaitlab.cli.fitted import Fitted

    table = Table(title=recording.name, title_justify="left", box=None, pad_edge=False)
    for name in ("foot", "about", "verdict", "what was found", "what to do"):
        table.add_column(name)
    for it in found:
        verdict = Text(it.verdict, style=COLOURS[it.verdict])
        table.add_row(it.foot, it.topic, verdict, Text(it.says), Text(it.todo))
    common.results().print(Fitted(table))
