"""Files that are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from gaitlab.model.errors import OutputError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file beside ``path`` that takes its place at the end of a successful ``with``.

    Whatever goes wrong, ``path`` keeps what it held and nothing half-written stays behind.
    Raises OutputError when the folder is missing, not writable, or full.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written",
            error.strerror or str(error).splitlines()[0][:200],
            "check that the folder exists, is writable and has room",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
