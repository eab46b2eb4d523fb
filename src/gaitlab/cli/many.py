"""``gaitlab analyze LIBRARY``: a whole folder, in several processes or on a cluster."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common
from gaitlab.memory import keep_freed_memory
from gaitlab.model.errors import AnalysisError, InputError, UsageError

if TYPE_CHECKING:
    from gaitlab.batch.dataset import Options, Results
    from gaitlab.batch.run import Report
    from gaitlab.batch.tasks import Plan
    from gaitlab.batch.work import Outcome

MOST_LISTED: Final = 50


def is_many(recordings: tuple[Path, ...]) -> bool:
    """True when what was named is a folder or an address instead of files."""
    return any(path.is_dir() or "://" in _url(path) for path in recordings)


def _url(path: Path) -> str:
    """An address as it was typed; a path loses one slash of two."""
    text = str(path)
    scheme, colon, rest = text.partition(":/")
    if not colon or len(scheme) < 2:
        return text
    return f"{scheme}:///{rest}" if scheme == "file" else f"{scheme}://{rest.lstrip('/')}"


def analyze_many(
    recordings: tuple[Path, ...], out: Path | None, options: "Options", *,
    jobs: int, cluster: str | None, local_cluster: int | None, as_json: bool,
) -> int:  # fmt: skip
    """Do the batch, print what became of it, and return the exit status."""
    if len(recordings) > 1:
        raise UsageError(
            "one library at a time",
            f"{len(recordings)} places are named, and one is a folder",
            "name a folder, or only files",
        )
    place = _url(recordings[0])
    plan, results = _plan(place, out, options)
    if not plan.tasks and not plan.broken:
        raise InputError(
            f"no recording in {place}",
            "the folder holds no file that gaitlab reads (.parquet, .csv)",
            "name the folder that holds the recordings",
        )
    library = place.rstrip("/") if "://" in place else str(Path(place).resolve())
    inside = _lies_in(results, library)
    results.claim("the library they lie in" if inside else library)
    report = _run(plan, results, options, jobs, cluster, local_cluster)
    failed = [*plan.broken, *((one.path, one.problem) for one in report.failed)]
    if as_json:
        payload: dict[str, Any] = {
            "results": f"{results.url}/{results.set}", "analysed": report.done,
            "kept": report.kept, "contacts": report.contacts, "cpu_s": report.seconds,
            "failed": [{"path": path, "why": why} for path, why in failed],
        }  # fmt: skip
        common.emit_json("analyze-library", payload)
    else:
        _print(report, results, failed)
    return AnalysisError.exit_status if failed else 0


def _lies_in(results: "Results", library: str) -> bool:
    if "://" in library:
        return results.url.startswith(f"{library}/")
    return Path(results.root).is_relative_to(library)


def analyze_library(folder: Path, jobs: int) -> "tuple[Results, int]":
    """The results of a library, brought up to date, and how many recordings cannot be used."""
    from gaitlab.batch.dataset import Options

    plan, results = _plan(str(folder), None, Options())
    report = _run(plan, results, Options(), jobs, None, None)
    return results, len(plan.broken) + len(report.failed)


def _plan(place: str, out: Path | None, options: "Options") -> "tuple[Plan, Results]":
    from gaitlab.batch.dataset import Results, set_name
    from gaitlab.batch.tasks import plan_of_library, plan_of_url
    from gaitlab.library.folder import RESULTS

    name = set_name(options)
    if "://" in place:
        url = _url(out) if out else f"{place.rstrip('/')}/{RESULTS}"
        results = Results(url, name)
        return plan_of_url(place, results.seen()), results
    folder = Path(place)
    plan = plan_of_library(folder)
    common.say_no_index(plan.no_index)
    return plan, Results(_url(out) if out else str(folder / RESULTS), name)


def _run(
    plan: "Plan", results: "Results", options: "Options", jobs: int, cluster: str | None,
    local_cluster: int | None,
) -> "Report":  # fmt: skip
    from gaitlab.batch import run as batch
    from gaitlab.batch.cluster import cluster as dask_crew

    keep_freed_memory()
    with _progress(len(plan.tasks)) as heard:
        if cluster is not None or local_cluster is not None:
            with dask_crew(cluster, local_cluster) as crew:
                return batch.run(plan.tasks, results, options, crew, heard=heard, complete=True)
        crew = batch.pool(jobs) if jobs > 1 else batch.alone
        return batch.run(plan.tasks, results, options, crew, heard=heard, complete=True)


class _progress:  # noqa: N801  # used as a function
    """A bar on standard error while a person watches; what failed is named as it fails."""

    def __init__(self, total: int) -> None:
        self._console = common.messages()
        self._total = total
        self._bar: Any = None

    def __enter__(self) -> "Callable[[Outcome], None]":
        if self._console.is_terminal and self._total:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

            self._bar = Progress(
                "analysing", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                console=self._console, transient=True,
            )  # fmt: skip
            self._bar.start()
            self._task = self._bar.add_task("analysing", total=self._total)
        return self._heard

    def _heard(self, outcome: "Outcome") -> None:
        if self._bar is not None:
            self._bar.advance(self._task)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _print(report: "Report", results: "Results", failed: list[tuple[str, str]]) -> None:
    console = common.results()
    each = f", {report.seconds / report.done:.2f} s each" if report.done else ""
    console.print(
        f"{report.done} analysed ({report.contacts:,} contacts{each}), {report.kept} were done "
        f"before, {len(failed)} could not be used",
        soft_wrap=True,
    )
    console.print(f"results: {results.url}/{results.set}", soft_wrap=True)
    for path, why in failed[:MOST_LISTED]:
        click.echo(f"  {common.printable(path)}: {common.printable(why)}", err=True)
    if len(failed) > MOST_LISTED:
        click.echo(f"  and {len(failed) - MOST_LISTED} more: --json names them all", err=True)
