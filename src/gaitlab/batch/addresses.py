"""A library behind an address such as ``s3://club/2026``: what is in it, and what it says.

The notes beside the recordings (entries, athletes, sidecars) are small: they are fetched first. A
recording is fetched by the worker that needs it, and only when the store says that it changed.
"""

import hashlib
import json
import posixpath
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gaitlab.batch.dataset import UNKNOWN_DAY, Seen, Task
from gaitlab.library.folder import (
    ATHLETES,
    MOST_TOML_BYTES,
    OWN_FOLDER,
    RESULTS,
    Library,
    entry_path,
    is_recording_name,
)
from gaitlab.model.errors import InputError
from gaitlab.model.recording import Athlete
from gaitlab.recordings.dated import ENTRY_SUFFIX

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

#: what a store says of a file that changes with its content
CHANGES: Final = ("mtime", "created", "LastModified", "last_modified", "updated", "ETag", "etag",
                  "generation", "version_id", "md5", "checksum")  # fmt: skip
NOTES_AT_ONCE: Final = 1000  # fetched side by side, and held in memory together


@dataclass(frozen=True, slots=True)
class _Place:
    """Files below an address: their names from there, and what the store says of each."""

    fs: "AbstractFileSystem"
    files: Mapping[str, Mapping[str, Any]]

    def mark(self, names: tuple[str, ...]) -> str:
        """A digest that changes with the files of these names; "" where the store cannot tell."""
        told = [self.files[name] for name in names if name in self.files]
        facts = [[str(one.get(key, "")) for key in ("size", *CHANGES)] for one in told]
        if not all(any(fact[1:]) for fact in facts):
            return ""
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def tasks_behind(
    url: str, seen: Mapping[str, Seen]
) -> tuple[tuple[Task, ...], tuple[tuple[str, str], ...]]:
    """Every recording below an fsspec URL as a task, and (path, reason) of those with bad notes.

    seen : what the results know of each path; an unchanged file is not fetched again
    Raises InputError when the place cannot be listed.
    """
    place = _listed(url)
    tasks: list[Task] = []
    broken: list[tuple[str, str]] = []
    with _notes(place) as library:
        for name in sorted(place.files):
            if is_recording_name(posixpath.basename(name)):
                try:
                    tasks.append(_task(place, library, name, seen.get(name)))
                except InputError as error:
                    broken.append((name, f"{error.what}: {error.why}"[:500]))
    return tuple(tasks), tuple(broken)


def _listed(url: str) -> _Place:
    import fsspec

    try:
        fs, root = fsspec.core.url_to_fs(url)
        found = fs.find(root, detail=True)
    except (OSError, ValueError, ImportError) as error:
        raise InputError(
            f"{url} cannot be listed", str(error)[:200], "check the address"
        ) from error
    below = {posixpath.relpath(name, root): info for name, info in found.items()}
    skipped = {RESULTS, OWN_FOLDER}
    return _Place(fs, {
        name: info for name, info in below.items()
        if name.split("/")[0] not in skipped and not any(p[:1] == "." for p in name.split("/"))
    })  # fmt: skip


@contextmanager
def _notes(place: _Place) -> Iterator[Library]:
    """The entries, athletes and sidecars in a folder of this machine, as a library without runs."""
    wanted = [
        (name, info["name"])
        for name, info in place.files.items()
        if _is_note(name) and (info.get("size") or 0) <= MOST_TOML_BYTES
    ]
    with tempfile.TemporaryDirectory(prefix="gaitlab-notes-") as folder:
        root = Path(folder).resolve()
        for at in range(0, len(wanted), NOTES_AT_ONCE):
            some = wanted[at : at + NOTES_AT_ONCE]
            held = place.fs.cat([there for _, there in some], on_error="omit")
            for name, there in some:
                copy = root / name
                if there in held and copy.resolve().is_relative_to(root):
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    copy.write_bytes(held[there])
        yield Library(root)


def _is_note(name: str) -> bool:
    athlete = name.startswith(f"{ATHLETES}/") and name.endswith(".toml")
    return athlete or name.endswith((ENTRY_SUFFIX, ".json"))


def _task(place: _Place, library: Library, name: str, seen: Seen | None) -> Task:
    sidecar = _sidecar(place, library, name)
    entry = library.entry(library.root / name)
    note = entry_path(Path(name)).as_posix()
    if note in place.files and not (library.root / note).is_file():
        raise InputError(f"{note} cannot be read", "it could not be fetched", "try again")
    mark = place.mark((name, sidecar))
    info = place.files[name]
    full: Callable[[str], str] = place.fs.unstrip_protocol
    return Task(
        path=name,
        url=full(info["name"]),
        day=entry.day or UNKNOWN_DAY,
        sha256=seen.sha256 if seen and mark and seen.mark == mark else "",
        athlete=library.athlete(entry.athlete, Athlete()) if entry.athlete else None,
        tags=entry.tags,
        beside=_digest(library.root / sidecar),
        sidecar_url=full(place.files[sidecar]["name"]) if sidecar else "",
        mark=mark,
    )


def _sidecar(place: _Place, library: Library, name: str) -> str:
    """Name of the JSON beside a recording, "" without one; InputError when it was not fetched."""
    sidecar = Path(name).with_suffix(".json").as_posix()
    if sidecar not in place.files:
        return ""
    if not (library.root / sidecar).is_file():
        size = place.files[sidecar].get("size") or 0
        why = "it could not be fetched"
        if size > MOST_TOML_BYTES:
            why = f"it has {size:,} bytes, at most {MOST_TOML_BYTES:,} make sense"
        raise InputError(f"{sidecar} cannot be read", why, "correct it")
    return sidecar


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
