"""One program at a time: a lock that the system gives back when a program dies."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from gaitlab.model.errors import OutputError

LOCK_FILE: Final = "in-use"
PROBE_FILE: Final = "locks"
LOOK_EVERY_S: Final = 0.02


class JournalInUseError(OutputError):
    """Another program is recording into this journal."""


def locked(folder: Path) -> int:
    """A descriptor that holds the lock of ``folder`` until it is closed; OSError when unwritable.

    Raises JournalInUseError when another program holds it. File systems without locks lock nothing.
    """
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(descriptor)
    except BlockingIOError as error:
        os.close(descriptor)
        raise JournalInUseError(
            f"{folder} is being recorded into by another gaitlab",
            "two recorders on one journal would mix two runs",
            "end the other one first, or choose another --out",
        ) from error
    return descriptor


def in_use(folder: Path) -> bool:
    """Whether another program is recording into ``folder``; nothing is made or changed there."""
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        _lock(descriptor)
    except BlockingIOError:
        return True
    finally:
        unlocked(descriptor)
    return False


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:
        _lock_on_windows(descriptor)
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # no locks on this file system
        return


def _lock_on_windows(descriptor: int) -> None:
    """The first byte of the file; what Windows answers when another one holds it is EACCES."""
    locks: Any = import_module("msvcrt")
    try:
        locks.locking(descriptor, locks.LK_NBLCK, 1)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EDEADLK):
            return  # no locks on this file system
        raise BlockingIOError(error.errno, error.strerror) from error


def unlocked(descriptor: int) -> None:
    """Give it back."""
    with suppress(OSError):
        os.close(descriptor)


@contextmanager
def alone(folder: Path, wait_s: float) -> Iterator[None]:
    """One program at a time inside the ``with``; the others wait.

    Raises OutputError when it takes longer than ``wait_s``, or ``folder`` cannot be written.
    On file systems without locks nobody waits.
    """
    end = time.monotonic() + wait_s
    while True:
        try:
            descriptor = locked(folder)
            break
        except JournalInUseError as error:
            if time.monotonic() > end:
                raise OutputError(
                    f"another program is writing to {folder.parent}",
                    f"it did not end within {wait_s:.0f} s",
                    "try again when it is done",
                ) from error
            time.sleep(LOOK_EVERY_S)
        except OSError as error:
            raise OutputError(
                f"{folder} cannot be written", error.strerror or str(error), "make it writable"
            ) from error
    try:
        yield
    finally:
        unlocked(descriptor)


def has_locks(folder: Path) -> bool:
    """Whether the file system of ``folder`` lets programs wait for each other.

    True where that cannot be asked (Windows; a folder that may only be read).
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        with (folder / PROBE_FILE).open("ab") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # held by another one, or not writable: no answer
        return error.errno in {errno.EAGAIN, errno.EACCES, errno.EROFS, errno.EPERM}
    return True
