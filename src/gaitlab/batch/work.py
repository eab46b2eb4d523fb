"""One recording of many: read, analyse, write its rows. Runs in whatever process it is sent to."""

import tempfile
import time
from dataclasses import asdict, dataclass, replace
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gaitlab.batch.dataset import Options, Results, Task, key_of, partition
from gaitlab.memory import keep_freed_memory
from gaitlab.model.errors import GaitlabError, InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from gaitlab.model.analysis import Analysis
    from gaitlab.model.recording import Recording

SCOPES: Final = ("both", "left", "right")


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of one recording.

    key : of its result, empty when there is none;  problem : why there is none, for people
    kept : it was there already
    fault : the problem is one of the program, not of the recording
    run : its row of the table ``runs``;  seconds : of processor time
    """

    path: str
    key: str = ""
    problem: str = ""
    kept: bool = False
    fault: bool = False
    run: "pa.Table | None" = None
    contacts: int = 0
    seconds: float = 0.0


def work(task: Task, options: Options, results_url: str, set_folder: str) -> Outcome:
    """Analyse one recording and write its rows; never raises for what is in a file."""
    if parent_process() is not None:  # a process of a crew: its memory is ours alone
        keep_freed_memory()
    begin = time.process_time()
    try:
        return _work(task, options, Results(results_url, set_folder), begin)
    except GaitlabError as error:
        why = "; ".join(part for part in (error.what, error.why) if part)
        return Outcome(task.path, problem=why)
    except MemoryError:
        return Outcome(task.path, problem="there was not enough memory for it")
    except Exception as error:  # a fault of ours in one recording must not cost the others
        return Outcome(task.path, problem=f"{type(error).__name__}: {error}"[:500], fault=True)


def _work(task: Task, options: Options, results: Results, begin: float) -> Outcome:
    from gaitlab.pipeline import analyze

    recording = _load(task, options)
    if task.athlete is not None:
        known = {name: value for name, value in asdict(task.athlete).items() if value is not None}
        recording = replace(recording, athlete=replace(recording.athlete, **known))
    key = key_of(recording.sha256, task)
    folders = partition(recording.athlete.name, task.day)
    if results.fs.exists(results.path("runs", folders, key)):
        return Outcome(task.path, key, kept=True)
    analysis = analyze(
        recording, length_scale=options.length_scale, correction=_correction(options)
    )
    tables = rows_of(analysis, task, key)
    results.write(tables, folders, key)
    return Outcome(
        task.path, key, run=tables["runs"], contacts=len(analysis.contacts),
        seconds=time.process_time() - begin,
    )  # fmt: skip


def _load(task: Task, options: Options) -> "Recording":
    """The recording with its sidecar; from a URL through a temporary copy."""
    from gaitlab.recordings import load

    units = options.assume_units or None
    if "://" not in task.url:
        return load(task.url, assume_units=units)
    import fsspec

    name = task.url.rsplit("/", 1)[-1]
    with tempfile.TemporaryDirectory(prefix="gaitlab-") as folder:
        copy = Path(folder) / name
        try:
            for url, there in ((task.url, copy), (task.sidecar_url, copy.with_suffix(".json"))):
                if url:
                    fs, path = fsspec.core.url_to_fs(url)
                    fs.get_file(path, str(there))
        except (OSError, ValueError, ImportError) as error:
            raise InputError(
                f"{task.url} cannot be fetched", str(error)[:200], "check the address"
            ) from error
        return load(copy, assume_units=units)


def _correction(options: Options) -> Any:  # noqa: ANN401  # a Correction, imported late
    if not options.correction_json:
        return None
    from gaitlab.events.correction import from_json

    return from_json(options.correction_json)


def rows_of(analysis: "Analysis", task: Task, key: str) -> "dict[str, pa.Table]":
    """The rows of one recording in every table; ``key`` and ``recording`` in each of them."""
    import pyarrow as pa

    from gaitlab.tables.files import arrow_table
    from gaitlab.tables.frames import contacts_table, segments_table

    tables = {}
    for name, columns in (
        ("contacts", contacts_table(analysis)),
        ("segments", segments_table(analysis)),
    ):
        table = arrow_table(columns, name)
        for column, value in (("recording", analysis.recording.name), ("key", key)):
            table = table.append_column(column, pa.array([value] * len(table), pa.string()))
        tables[name] = table
    row = run_row(analysis, task, key)
    tables["runs"] = pa.table(
        {name: pa.array([value], _type(value)) for name, value in row.items()}
    )
    return tables


def _type(value: object) -> Any:  # noqa: ANN401  # an Arrow type
    import pyarrow as pa

    if isinstance(value, bool):
        return pa.bool_()
    if isinstance(value, int):
        return pa.int64()
    return pa.float64() if isinstance(value, float) else pa.string()


def run_row(analysis: "Analysis", task: Task, key: str) -> dict[str, object]:
    """The recording in one row: who, when, how good, and the middle of every metric of its runs.

    For each metric, over the valid contacts of running, of both feet and of each: NAME (median),
    NAME_sd (robust spread), NAME_u (standard uncertainty of the median), NAME_n; with _left and
    _right for the feet. Units as in the contacts table.
    """
    from gaitlab.metrics.catalog import CATALOG

    about, contacts = analysis.recording, analysis.contacts
    row: dict[str, object] = {
        "key": key, "recording": about.name, "path": task.path, "athlete_name": about.athlete.name,
        "day": task.day, "sex": about.athlete.sex or "", "tags": ";".join(task.tags),
        "sha256": about.sha256, "file_mark": task.mark, "simulated": about.simulated,
        "program_version": analysis.program_version,
        "duration_s": max((foot.duration_s for foot in analysis.feet), default=0.0),
        "feet": ",".join(foot.foot for foot in analysis.feet),
        "contacts": len(contacts), "valid_contacts": int(contacts.valid.sum()),
        "warnings": " | ".join(analysis.warnings),
    }  # fmt: skip
    for item in CATALOG:
        for scope in SCOPES:
            end = "" if scope == "both" else f"_{scope}"
            found = analysis.summary(item.name, scope) or None
            factor = item.column_factor
            row[item.column + end] = found.median * factor if found else float("nan")
            row[f"{item.column}_sd{end}"] = found.mad * factor if found else float("nan")
            row[f"{item.column}_u{end}"] = found.uncertainty * factor if found else float("nan")
            row[f"{item.column}_n{end}"] = found.n if found else 0
    return row
