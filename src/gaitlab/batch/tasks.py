"""From a library's folder, or any place of files, to the list of what is to be done."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gaitlab.batch.dataset import UNKNOWN_DAY, Task
from gaitlab.library.folder import day_in, is_recording_name, open_library
from gaitlab.library.index import Changes, Index, Row
from gaitlab.model.errors import InputError
from gaitlab.model.recording import Athlete


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch will do.

    tasks : recordings that can be opened;  broken : (path, reason) of those that cannot
    """

    tasks: tuple[Task, ...]
    broken: tuple[tuple[str, str], ...]
    changes: Changes | None = None


def plan_of_library(folder: Path) -> Plan:
    """Every recording of a library, its index brought up to date first."""
    library = open_library(folder)
    with Index(library) as index:
        changes = index.refresh()
        rows = index.rows()
    known: dict[str, Athlete] = {}
    tasks = []
    for row in rows:
        if not row.problem:
            if row.who not in known:
                known[row.who] = library.athlete(row.who, Athlete(name=row.athlete))
            tasks.append(_task(folder, row, known[row.who]))
    broken = tuple((row.path, row.problem) for row in rows if row.problem)
    return Plan(tuple(tasks), broken, changes)


def _task(folder: Path, row: Row, athlete: Athlete) -> Task:
    return Task(
        path=row.path,
        url=str((folder / row.path).resolve()),
        day=row.day or UNKNOWN_DAY,
        sha256=row.sha256,
        athlete=athlete,
        tags=row.tag_words,
    )


def plan_of_url(url: str) -> Plan:
    """Every recording below an fsspec URL such as ``s3://club/2026``; days from their names.

    Raises InputError when the place cannot be listed.
    """
    import fsspec

    try:
        fs, root = fsspec.core.url_to_fs(url)
        found = fs.find(root)
    except (OSError, ValueError, ImportError) as error:
        raise InputError(
            f"{url} cannot be listed", str(error)[:200], "check the address"
        ) from error
    return Plan(tuple(_at_url(fs.unstrip_protocol, root, sorted(found))), ())


def _at_url(full: object, root: str, names: list[str]) -> Iterator[Task]:
    for name in names:
        base = posixpath.basename(name)
        if is_recording_name(base) and not base.startswith("."):
            below = posixpath.relpath(name, root)
            if below.split("/")[0] != "results":
                yield Task(below, full(name), day_in(base) or UNKNOWN_DAY)  # type: ignore[operator]
