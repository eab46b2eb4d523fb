"""The journal of a recording: what pods sent, on disk before anything is made of it.

``NAME.gait.journal/`` is a folder of segments, ``segment-0001.arrow`` and so on, and an
``about.json``. A segment is an Arrow IPC stream of the rows in `schema`; see `frames` for the
checksums in it. A batch is written at most `BATCH_S` after its first row, straight to the
operating system, so the death of the program costs no more than that; `SYNC_S` bounds what a
power cut may cost. A recorder that starts again on the same folder goes on in a new segment,
because a stream cannot be continued after a torn message. Each segment repeats what is
known about the recording, and at which wall clock time it began: a lost ``about.json`` or
first segment costs no more than its own rows.

``host_ns`` is the monotonic clock of this computer: a wall clock that is set back changes nothing.
"""

import io
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from gaitlab.model.errors import OutputError
from gaitlab.recordings.frames import BLANK, END, sealed
from gaitlab.recordings.lock import locked, unlocked

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX: Final = ".gait.journal"
SEGMENT: Final = re.compile(r"segment-(\d{4})\.arrow")
ABOUT_FILE: Final = "about.json"
ABOUT_KEY: Final = b"gaitlab.about"
TOKEN_KEY: Final = b"gaitlab.journal"
KINDS: Final = ("data", "event")
STANDING: Final = ("connected", "side")
EVERY_POD: Final = -1  # an event of the whole recording: a mark

BATCH_S, SYNC_S, RETRY_S = 0.5, 1.0, 1.0
BATCH_BYTES = 1 << 18  # a fast source writes sooner
SEGMENT_BYTES = 1 << 25
PENDING_BYTES = 1 << 25  # kept in memory while nothing can be written: some 30 minutes
MOST_PAYLOAD_BYTES = 1 << 16
ROW_BYTES = 64  # of a row without its payload, about

Kind = Literal["data", "event"]
Row = tuple[int, int, str, str, bytes]


def schema(facts: dict[bytes, bytes] | None = None) -> "pa.Schema":
    """Columns of a segment; ``pod`` is -1 for what concerns all of them."""
    import pyarrow as pa

    columns = [("host_ns", pa.int64()), ("pod", pa.int8()), ("kind", pa.string())]
    columns += [("characteristic", pa.string()), ("payload", pa.binary())]
    return pa.schema([pa.field(name, kind, False) for name, kind in columns], facts)


def boot_id() -> str:
    """Which start of this computer its monotonic clock belongs to; empty where nobody says."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def _program_version() -> str:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version("gaitlab")
    return ""


def _json(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(facts), ensure_ascii=False, default=str).encode()


class _Messages:
    """Arrow's stream writer, giving its messages one by one, each sealed."""

    def __init__(self, about: bytes) -> None:
        import pyarrow as pa

        self._sink = io.BytesIO()
        self._schema = schema({ABOUT_KEY: about, TOKEN_KEY: BLANK})
        self._stream = pa.ipc.new_stream(self._sink, self._schema)
        plain = self._schema.serialize().to_pybytes()
        self._written_already = len(plain)  # Arrow itself writes the head with the first batch
        self.head = sealed(plain)

    def batch(self, rows: list[Row]) -> bytes:
        import pyarrow as pa

        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*rows, strict=True), self._schema, strict=True)
        ]
        batch = pa.RecordBatch.from_arrays(columns, schema=self._schema)
        self._stream.write_batch(batch, custom_metadata={TOKEN_KEY: BLANK})
        return self._taken()

    def _taken(self) -> bytes:
        message = self._sink.getvalue()[self._written_already :]
        self._written_already = 0
        self._sink.seek(0)
        self._sink.truncate()
        return sealed(message)


def _synced(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class JournalWriter:
    """Writes one journal; made to be fed from the radio's callbacks, never blocks for long.

    ``trouble`` is the OutputError of the moment, None while all is well. When the disk is full or
    the folder gone, that error is raised once; rows wait in memory (`PENDING_BYTES` of them,
    then the oldest are lost, counted in ``lost_rows``) and a new segment is tried every
    `RETRY_S`. `close` raises when something could not be written in the end.

    background : ask the disk to be done in a thread of its own, for recorders on an event loop
    Raises JournalInUseError when another program is writing to the folder.
    """

    def __init__(
        self,
        folder: str | Path,
        about: Mapping[str, Any],
        *,
        clock: Callable[[], float] = time.monotonic,
        segment_bytes: int = SEGMENT_BYTES,
        background: bool = False,
    ) -> None:
        self.folder = Path(folder)
        self.trouble: OutputError | None = None
        self.lost_rows = 0
        self._about = dict(about)
        self._clock, self._segment_bytes = clock, segment_bytes
        self._rows: list[Row] = []
        self._standing: dict[tuple[int, str], Row] = {}
        self._again: dict[tuple[int, str], Row] = {}
        self._pending_bytes = 0
        self._fd: int | None = None
        self._size = 0
        self._unsynced = False
        self._rescued = b""  # of a segment that was deleted and is not written again yet
        self._syncing: Future[None] | None = None
        self._disk = ThreadPoolExecutor(1) if background else None
        self._lock: int | None = None
        try:
            self.folder.mkdir(exist_ok=True)
            self._lock = locked(self.folder)
            self._open_segment()
            _Messages(b"").batch([(0, 0, "data", "", b"")])  # Arrow's first batch takes a second
        except OSError as error:
            self._abandon()
            self._give_back()
            raise self._error(error) from error
        self._batch_at = self._sync_at = self._retry_at = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
            return
        with suppress(OutputError):  # what went wrong first is what counts
            self.close()

    def add(self, pod: int, kind: Kind, host_ns: int, characteristic: str, payload: bytes) -> None:
        """One row; it is on its way to the disk within `BATCH_S`, if `tick` is called by then."""
        if kind not in KINDS or len(payload) > MOST_PAYLOAD_BYTES:
            raise ValueError(f"a row of kind {kind!r} with {len(payload)} bytes")
        if not self._rows:
            self._batch_at = self._clock()
        self._rows.append((host_ns, pod, kind, characteristic, bytes(payload)))
        self._pending_bytes += len(payload) + ROW_BYTES
        self.tick()

    def event(self, pod: int, host_ns: int, facts: Mapping[str, Any]) -> None:
        """One event as JSON, such as ``{"event": "mark", "label": "200 m"}``.

        What the reading of everything else depends on (settings, side) is written again, as an
        event ``again``, in the next batch and in every new segment: no damage costs it alone.
        """
        self.add(pod, "event", host_ns, "", _json(facts))
        if (name := str(facts.get("event"))) in STANDING:
            again = _json({"event": "again", "of": dict(facts)})
            self._standing[pod, name] = (host_ns, pod, "event", "", again)
            self._again[pod, name] = self._standing[pod, name]

    def tick(self) -> None:
        """Write and sync what is due; call it a few times a second even when nothing comes in.

        Raises OutputError at the moment at which writing becomes impossible, once.
        """
        now = self._clock()
        if self.trouble is not None and now - self._retry_at < RETRY_S:
            self._forget_oldest()
            return
        due = now - self._batch_at >= BATCH_S or self._pending_bytes >= BATCH_BYTES
        try:
            if self._rows and (due or self.trouble is not None):
                self._write_rows()
            if self._unsynced and now - self._sync_at >= SYNC_S:
                self._sync_soon()
                self._sync_at = now
        except OSError as error:
            self._failed(error)

    def close(self) -> None:
        """Write what is left and mark the end; calling it again does nothing."""
        try:
            while self._rows:  # twice when something is to be said again
                self._write_rows()
            if self._fd is not None:
                self._write(END)
                self._sync()
        except OSError as error:
            self.trouble = self._error(error)
        self._abandon()
        self._give_back()
        trouble, self.trouble = self.trouble, None
        if trouble is not None:
            self.lost_rows += len(self._rows)
            self._rows = []
            raise trouble

    # --- writing -----------------------------------------------------------------------------

    def _write_rows(self) -> None:
        """All waiting rows as one batch, in a new segment where there is none or it is full."""
        if self._fd is None or self._size >= self._segment_bytes:
            self._end_segment()
            self._open_segment()
            self._again = dict(self._standing)
        self._write(self._messages.batch(self._rows))
        self._rows, self._again = list(self._again.values()), {}
        self._pending_bytes = sum(len(row[-1]) + ROW_BYTES for row in self._rows)
        self._batch_at = self._clock()
        self.trouble = None

    def _write(self, content: bytes) -> None:
        """Straight to the operating system: whole, or not at all as far as that is possible."""
        if self._fd is None:
            return
        left = memoryview(content)
        try:
            while left:
                left = left[os.write(self._fd, left) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._fd, self._size)
            raise
        self._size += len(content)
        self._unsynced = True

    def _sync_soon(self) -> None:
        """As `_sync`, in a thread where there is one: a slow disk must not delay the radio."""
        if self._disk is None or self._fd is None or os.fstat(self._fd).st_nlink == 0:
            self._sync()
            return
        if self._syncing is not None:
            if not self._syncing.done():
                return  # still at it: this disk is slow
            syncing, self._syncing = self._syncing, None
            syncing.result()  # raises what went wrong
        self._syncing = self._disk.submit(_synced, os.dup(self._fd))
        self._unsynced = False

    def _give_back(self) -> None:
        if self._disk is not None:
            self._disk.shutdown(wait=True)
        if self._lock is not None:
            unlocked(self._lock)
            self._lock = None

    def _sync(self) -> None:
        """Onto the disk itself; and back into a new folder when ours was deleted meanwhile."""
        if self._fd is None:
            return
        os.fsync(self._fd)
        self._unsynced = False
        if os.fstat(self._fd).st_nlink == 0:
            deleted, self._fd = self._fd, None
            try:
                self._rescued = os.pread(deleted, self._size, 0) if hasattr(os, "pread") else b""
            finally:
                os.close(deleted)
            self._open_segment()

    def _open_segment(self) -> None:
        """A new one; it begins with what a deleted one held, and goes on from there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        names = [file.name for file in self.folder.iterdir()]
        numbers = [int(found[1]) for name in names if (found := SEGMENT.fullmatch(name))]
        path = self.folder / f"segment-{max(numbers, default=0) + 1:04d}.arrow"
        about = json.dumps(self._about_now(), ensure_ascii=False, default=str).encode()
        if not (self.folder / ABOUT_FILE).exists():
            (self.folder / ABOUT_FILE).write_bytes(about)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._fd = os.open(path, flags, 0o644)
        self._size = 0
        if self._rescued:
            self._write(self._rescued)
            self._rescued = b""
            return
        self._messages = _Messages(about)
        self._write(self._messages.head)

    def _about_now(self) -> dict[str, Any]:
        clock = {
            "monotonic_ns": time.monotonic_ns(),
            "wall_unix_ns": time.time_ns(),
            "boot": boot_id(),
        }
        return {"program_version": _program_version(), **self._about, "clock": clock}

    def _end_segment(self) -> None:
        if self._fd is not None:
            self._write(END)
            os.fsync(self._fd)
            self._abandon()

    # --- trouble -----------------------------------------------------------------------------

    def _failed(self, error: OSError) -> None:
        first = self.trouble is None
        self.trouble = self._error(error)
        self._retry_at = self._clock()
        self._abandon()
        self._forget_oldest()
        if first:
            raise self.trouble from error

    def _abandon(self) -> None:
        self._unsynced = False
        if self._fd is not None:
            with suppress(OSError):
                os.close(self._fd)
            self._fd = None

    def _forget_oldest(self) -> None:
        if self._pending_bytes > PENDING_BYTES:
            half = len(self._rows) // 2
            self.lost_rows += half
            self._rows = self._rows[half:]
            self._pending_bytes = sum(len(row[-1]) + ROW_BYTES for row in self._rows)

    def _error(self, error: OSError) -> OutputError:
        return OutputError(
            f"{self.folder} cannot be written",
            error.strerror or type(error).__name__,
            "make room or bring the folder back; everything written so far is safe",
        )
