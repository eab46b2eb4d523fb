"""One door for every file: find out what it is, read it, check it."""

import hashlib
from dataclasses import replace
from pathlib import Path

from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.recording import Recording
from gaitlab.recordings.checks import checked
from gaitlab.recordings.exchange import Units, parse_units, read_exchange
from gaitlab.recordings.store import is_store, read_store
from gaitlab.recordings.tables import is_parquet


def load(
    path: str | Path, *, assume_units: str | None = None, name: str | None = None
) -> Recording:
    """The recording in ``path``, in SI units, checked, no sample changed.

    Parameters
    ----------
    path : the plain exchange form as Parquet or CSV, with NAME.json beside it if there is
        one; or gaitlab's own file
    assume_units : the file's units where they are not those of the exchange form, such as
        ``"g"`` or ``"g,rad/s"``; noted in the recording
    name : short name of the recording; by default that of the sidecar or of the file

    Raises
    ------
    InputError : the file is missing, unreadable, damaged, or not a recording
    UnitsError : it is evidently in other units;  RateError : it is too slow
    """
    units = parse_units(assume_units)
    path = Path(path)
    _check_readable(path)
    if is_parquet(path) and is_store(path):
        _check_no_units(units)
        recording = read_store(path)
    else:
        recording = read_exchange(path, units)
    recording = checked(recording)
    return replace(recording, name=name or recording.name, sha256=file_sha256(path))


def _check_no_units(units: Units) -> None:
    if units != Units():
        raise UsageError(
            "no units can be assumed for gaitlab's own recordings",
            "they are always in the units they were saved in",
            "leave the units out",
        )


def file_sha256(path: Path) -> str:
    """SHA-256 of the bytes of a file, as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_name(path: Path) -> None:
    """Refuse a name that is no text: libraries cannot open it, and it cannot be printed."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        shown = str(path).encode("utf-8", "replace").decode()
        raise InputError(
            f"the name {shown} cannot be read",
            "it holds bytes that are no UTF-8 text",
            "rename the file",
        ) from error


def _check_readable(path: Path) -> None:
    _check_name(path)
    try:
        if path.is_dir():
            raise InputError(
                f"{path} is a folder", "a recording is one file", "name a file in that folder"
            )
        if path.exists() and not path.is_file():
            raise InputError(
                f"{path} is not a file", "it is a device or a pipe", "save it as a file first"
            )
        with path.open("rb") as file:
            first = file.read(1)
    except FileNotFoundError as error:
        raise InputError(
            f"{path} does not exist", "there is no such file", "check the spelling and the folder"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{str(path)[:200]!r} cannot be read", f"{reason}", "check the name and who may read it"
        ) from error
    if not first:
        raise InputError(
            f"{path.name} is empty", "the file has 0 bytes", "copy or export the file again"
        )
