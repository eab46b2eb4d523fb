"""From a library's folder, or any place of files, to the list of what is to be done."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gaitlab.batch.addresses import tasks_behind
from gaitlab.batch.dataset import UNKNOWN_DAY, Seen, Task
from gaitlab.library.folder import open_library
from gaitlab.library.index import Changes, Index, Row
from gaitlab.model.recording import Athlete


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch will do.

    tasks : recordings that can be opened;  broken : (path, reason) of those that cannot
    no_index : why every recording was opened, because no index is kept; "" otherwise
    """

    tasks: tuple[Task, ...]
    broken: tuple[tuple[str, str], ...]
    changes: Changes | None = None
    no_index: str = ""


def plan_of_library(folder: Path) -> Plan:
    """Every recording of a library, its index brought up to date first."""
    library = open_library(folder)
    with Index(library) as index:
        changes = index.refresh()
        rows = index.rows()
        no_index = index.why_in_memory
    known: dict[str, Athlete] = {}
    tasks = []
    for row in rows:
        if not row.problem:
            if row.who not in known:
                known[row.who] = library.athlete(row.who, Athlete(name=row.athlete))
            tasks.append(_task(folder, row, known[row.who]))
    broken = tuple((row.path, row.problem) for row in rows if row.problem)
    return Plan(tuple(tasks), broken, changes, no_index)


def _task(folder: Path, row: Row, athlete: Athlete) -> Task:
    return Task(
        path=row.path,
        url=str((folder / row.path).resolve()),
        day=row.day or UNKNOWN_DAY,
        sha256=row.sha256,
        athlete=athlete,
        tags=row.tag_words,
        beside=_digest((folder / row.path).with_suffix(".json")),
    )


def _digest(sidecar: Path) -> str:
    """SHA-256 of a recording's sidecar, "" without one: what it says decides about numbers."""
    try:
        return hashlib.sha256(sidecar.read_bytes()).hexdigest()
    except OSError:
        return ""


def plan_of_url(url: str, seen: Mapping[str, Seen] | None = None) -> Plan:
    """Every recording below an fsspec URL such as ``s3://club/2026``.

    seen : what the results know of each path; an unchanged file is not fetched again
    Raises InputError when the place cannot be listed.
    """
    return Plan(*tasks_behind(url, seen or {}))
