"""``gaitlab analyze``: recordings in, the fixed tables out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.events.correction import Correction
    from gaitlab.model.analysis import Analysis


@dataclass(slots=True)
class Outcome:
    """What became of one input file."""

    path: Path
    analysis: "Analysis | None" = None
    error: Exception | None = None
    written: list[Path] = field(default_factory=list)


@click.command(
    name="analyze",
    epilog="\b\nExample:\n  gaitlab analyze monday.parquet tuesday.csv --out results --csv",
)
@common.recordings_argument
@click.option(
    "--out", "-o", "folder", type=click.Path(path_type=Path),
    help="Folder for the tables; it is made when it does not exist.",
)  # fmt: skip
@click.option("--csv", is_flag=True, help="Write the tables as CSV too.")
@click.option(
    "--length-scale", type=common.Number(0.8, 1.25), default=1.0, show_default=True,
    help="Personal factor for lengths and speeds, from `gaitlab calibrate`.",
)  # fmt: skip
@common.correction_option
@common.assume_units_option
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True,
              help="For a library: so many processes.")  # fmt: skip
@click.option("--cluster", metavar="ADDRESS", help="For a library: the workers of a Dask "
              "scheduler, such as tcp://10.0.0.5:8786.")  # fmt: skip
@click.option("--local-cluster", type=click.IntRange(1, 256), metavar="N",
              help="For a library: a Dask cluster of N workers on this machine.")  # fmt: skip
@common.json_option
def command(
    recordings: tuple[Path, ...],
    folder: Path | None,
    csv: bool,
    length_scale: float,
    correction_file: Path | None,
    assume_units: str | None,
    jobs: int,
    cluster: str | None,
    local_cluster: int | None,
    as_json: bool,
) -> int:
    """Find every ground contact of RECORDING... and what it was like.

    Writes NAME.contacts.parquet (one row per contact), NAME.segments.parquet and
    NAME.summary.json to the --out folder, and prints a short table. Without --out it
    only prints. A recording that cannot be used is named at the end; the others are done.

    A folder instead of files is a library (`gaitlab library --help`): every recording in it is
    analysed, what is done already is not done again, and the tables of all of them lie in
    LIBRARY/results, to be asked with `gaitlab query`.
    """
    from gaitlab.cli import many

    if many.is_many(recordings):
        from gaitlab.batch.dataset import Options

        text = correction_file.read_text(encoding="utf-8") if correction_file else ""
        common.read_correction(correction_file)
        return many.analyze_many(
            recordings, folder, Options(length_scale, text, assume_units or ""),
            jobs=jobs, cluster=cluster, local_cluster=local_cluster, as_json=as_json,
        )  # fmt: skip
    paths = common.once_each(recordings)
    if folder is not None:
        common.refuse_same_names(paths)
    correction = common.read_correction(correction_file)

    def analyze(path: Path) -> "Analysis":
        return common.analyze_file(path, assume_units, length_scale, correction)

    outcomes = [
        _one(path, folder, csv, analyze) for path in common.with_progress(paths, "analysing")
    ]
    if as_json:
        common.emit_json("analyze", _as_dict(outcomes))
    else:
        _print_table(outcomes, correction)
    return _report_errors(outcomes)


def _one(
    path: Path, folder: Path | None, csv: bool, analyze: "Callable[[Path], Analysis]"
) -> Outcome:
    """Analyse one file; whatever goes wrong with it stays its own affair."""
    outcome = Outcome(path)
    try:
        outcome.analysis = analyze(path)
        if folder is not None:
            from gaitlab.tables import write_tables

            name = common.output_name(path)
            outcome.written = write_tables(outcome.analysis, folder, csv=csv, name=name)
    except Exception as error:  # a fault of ours too must not cost the other recordings
        if click.get_current_context().obj.debug:
            raise
        outcome.error = error
    return outcome


def _print_table(outcomes: list[Outcome], correction: "Correction | None") -> None:
    from gaitlab.cli.correction import applied
    from gaitlab.cli.overview import overview_table

    done = [
        (common.output_name(outcome.path), outcome.analysis)
        for outcome in outcomes
        if outcome.analysis is not None
    ]
    if not done:
        return
    console = common.results()
    console.print(overview_table(done))
    for name, analysis in done:
        for warning in analysis.warnings:
            console.print(f"note on {name}: {warning}", soft_wrap=True)
        if correction is not None:
            words = applied(correction, analysis.contacts)
            console.print(f"note on {name}: {words}", soft_wrap=True)
    written = [path for outcome in outcomes for path in outcome.written]
    if written:
        console.print(f"{len(written)} files in {written[0].parent}", soft_wrap=True)


def _report_errors(outcomes: list[Outcome]) -> int:
    """Print what failed on standard error; exit status of the first failure, 0 without."""
    from gaitlab.cli.app import error_text, exit_status

    failed = [(outcome.path, outcome.error) for outcome in outcomes if outcome.error is not None]
    errors = [error for _, error in failed]
    for path, error in failed:
        text = error_text(error)
        click.echo(text if path.name in text else f"{path}: {text}", err=True)
    if errors and len(outcomes) > 1:
        click.echo(f"{len(errors)} of {len(outcomes)} recordings could not be used", err=True)
    return exit_status(errors[0]) if errors else 0


def _as_dict(outcomes: list[Outcome]) -> dict[str, Any]:
    from gaitlab.cli.app import error_lines, exit_status
    from gaitlab.tables import summary_dict

    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for outcome in outcomes:
        if outcome.error is not None:
            what, why, todo = error_lines(outcome.error)
            status = exit_status(outcome.error)
            failed.append({"path": str(outcome.path), "exit_status": status, "what": what,
                           "why": why, "todo": todo})  # fmt: skip
        elif outcome.analysis is not None:
            done.append({"path": str(outcome.path), "files": [str(p) for p in outcome.written],
                         "summary": summary_dict(outcome.analysis)})  # fmt: skip
    return {"recordings": done, "failed": failed}
