"""What lies in a library's folder, and what people wrote down about it.

    LIBRARY/                      any folder, any depth
        anna/2026-05-01 fly.gait.parquet
        anna/2026-05-01 fly.entry.toml    athlete, date, tags, note: beside the recording
        anna/races.csv                    date, event, time: what `gaitlab trend` reads too
        athletes/anna.toml                name, sex, mass_kg, height_m, leg_length_m, ...
        results/                          what `gaitlab analyze LIBRARY` writes
        .gaitlab/                         the index; may be deleted at any time

The files are the library. Everything else is made from them again.
"""

import hashlib
import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from gaitlab.model.errors import InputError, OutputError
from gaitlab.model.recording import Athlete
from gaitlab.recordings.atomic import replacing
from gaitlab.recordings.dated import ENTRY_SUFFIX, NOT_RECORDINGS, is_table_name
from gaitlab.recordings.lock import alone
from gaitlab.recordings.sidecar import facts_from

OWN_FOLDER: Final = ".gaitlab"
RESULTS: Final = "results"
ATHLETES: Final = "athletes"
RECORDING_SUFFIXES: Final = (".gait.parquet", ".parquet", ".csv")
WAIT_S: Final = 60.0  # for another program that adds recordings
MOST_TOML_BYTES = 1024**2
MOST_SLUG_BYTES = 120  # names of files end at 255
_DATE: Final = re.compile(r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down about one recording; all of it may be missing.

    athlete : key of the athlete's file, or a name;  day : ISO date
    """

    athlete: str | None = None
    day: str | None = None
    tags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """A library's folder; nothing is read until it is asked for."""

    root: Path
    skipped: frozenset[str] = field(default=frozenset({RESULTS, OWN_FOLDER, ATHLETES}))

    def recordings(
        self, unreadable: list[tuple[Path, OSError]] | None = None
    ) -> Iterator[os.DirEntry[str]]:
        """Every file that may be a recording, folder by folder.

        unreadable : gets the folders that cannot be listed; without it they are passed over
        """
        for one in self._files(unreadable):
            if is_recording_name(one.name):
                yield one

    def race_tables(self) -> list[Path]:
        """Every table of races; one in a folder of its own is of the athlete of that name."""
        return [Path(one.path) for one in self._files() if is_table_name(one.name)]

    def _files(
        self, unreadable: list[tuple[Path, OSError]] | None = None
    ) -> Iterator[os.DirEntry[str]]:
        waiting = [self.root]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    inside = sorted(found, key=lambda one: one.name)
            except OSError as error:
                if unreadable is not None:
                    unreadable.append((folder, error))
                continue
            for one in inside:
                if one.name.startswith("."):
                    continue
                if one.is_dir(follow_symlinks=False):
                    if not (folder == self.root and one.name in self.skipped):
                        waiting.append(Path(one.path))
                elif one.is_file():
                    yield one

    def entry(self, recording: Path) -> Entry:
        """What ``NAME.entry.toml`` says, the date from the name where it says none."""
        path = entry_path(recording)
        written = _read_toml(path) if path.is_file() else {}
        return Entry(
            athlete=_text(written, "athlete", path),
            day=_day(written.get("date"), path) or day_in(recording.name),
            tags=_tags(written, path),
            note=_text(written, "note", path) or "",
        )

    def writing(self) -> AbstractContextManager[None]:
        """One program at a time that reads what is written down and writes it anew.

        Raises OutputError when the library cannot be written, or another program takes too long.
        """
        check_writable(self.root / OWN_FOLDER)
        return alone(self.root / OWN_FOLDER, WAIT_S)

    def write_entry(self, recording: Path, entry: Entry) -> None:
        """Write ``NAME.entry.toml``; lines of a user's own are kept."""
        import tomli_w

        path = entry_path(recording)
        lines = _read_toml(path) if path.is_file() else {}
        facts = {
            "athlete": entry.athlete,
            "date": date.fromisoformat(entry.day) if entry.day else None,
            "tags": list(entry.tags) or None,
            "note": entry.note or None,
        }
        lines = {name: value for name, value in lines.items() if name not in facts}
        lines |= {name: value for name, value in facts.items() if value is not None}
        with replacing(path) as file:
            file.write(tomli_w.dumps(lines).encode())

    def athlete(self, key: str | None, recorded: Athlete) -> Athlete:
        """The athlete's file laid over what the recording says; a bare name without a file."""
        if key is None:
            return recorded
        path = self.root / ATHLETES / f"{slug(key)}.toml"
        if not path.is_file():
            return replace(recorded, name=key)
        found = facts_from({"athlete": {"name": key, **_read_toml(path)}}, path).athlete
        known = {
            name: value
            for name in ("sex", "mass_kg", "height_m", "leg_length_m")
            if (value := getattr(found, name)) is not None
        }
        return replace(recorded, name=found.name, **known)

    def athlete_stamps(self) -> dict[str, tuple[int, int]]:
        """Size and time of every athlete's file, by its key."""
        stamps = {}
        for path in sorted((self.root / ATHLETES).glob("*.toml")):
            with suppress(OSError):
                facts = path.stat()
                stamps[path.stem] = (facts.st_size, facts.st_mtime_ns)
        return stamps


def open_library(folder: Path) -> Library:
    """The library in ``folder``; InputError when there is no such folder."""
    if not folder.is_dir():
        raise InputError(
            f"{folder} is no library",
            "there is no such folder" if not folder.exists() else "it is a file",
            "name a folder with recordings in it",
        )
    return Library(folder)


def is_recording_name(name: str) -> bool:
    """True for a name that a recording may have; tables of results have other ones."""
    plain = name.lower()
    if is_table_name(plain) or plain.endswith(NOT_RECORDINGS):
        return False
    return plain.endswith(RECORDING_SUFFIXES)


def entry_path(recording: Path) -> Path:
    """Where what is written down about a recording lies."""
    name = recording.name
    for suffix in RECORDING_SUFFIXES:
        if name.lower().endswith(suffix):
            return recording.with_name(name[: -len(suffix)] + ENTRY_SUFFIX)
    return recording.with_suffix(ENTRY_SUFFIX)


def slug(text: str) -> str:
    """A name as a file name.

    >>> slug("Anna Müller-Lüdenscheidt"), slug("../x")
    ('anna-müller-lüdenscheidt', 'x')
    """
    plain = re.sub(r"[^\w]+", "-", text.casefold()).strip("-") or "unnamed"
    if len(plain.encode()) <= MOST_SLUG_BYTES:
        return plain
    digest = hashlib.sha256(plain.encode()).hexdigest()[:8]
    return f"{plain.encode()[:MOST_SLUG_BYTES].decode(errors='ignore')}-{digest}"


def day_in(name: str) -> str | None:
    """An ISO date that stands in a file name.

    >>> day_in("anna_20260501_fly.csv"), day_in("2026-13-01.csv"), day_in("run7.csv")
    ('2026-05-01', None, None)
    """
    found = _DATE.search(name)
    if not found:
        return None
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_TOML_BYTES:
            raise _bad(path, "it is larger than any such file")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _bad(path, str(error)[:200]) from error


def _bad(path: Path, why: str) -> InputError:
    return InputError(f"{path.name} cannot be read", why, "correct it; it is TOML, key = value")


def _text(written: dict[str, Any], key: str, path: Path) -> str | None:
    value = written.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise _bad(path, f"{key} is not text")


def _tags(written: dict[str, Any], path: Path) -> tuple[str, ...]:
    tags = written.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(one, str) for one in tags):
        raise _bad(path, "tags is not a list of words")
    return tuple(dict.fromkeys(tags))


def _day(value: object, path: Path) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError as error:
        raise _bad(path, f"date {value!r} is not like 2026-05-01") from error


def check_writable(folder: Path) -> None:
    """Make ``folder``; OutputError when that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot write to {folder}", error.strerror or str(error), "choose another folder"
        ) from error
