"""Reading a journal: every batch that proves itself, and a word about everything that does not."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import Ints
from gaitlab.model.words import some
from gaitlab.recordings.frames import Piece, pieces
from gaitlab.recordings.journal import ABOUT_FILE, ABOUT_KEY, SEGMENT, schema

if TYPE_CHECKING:
    import pyarrow as pa

    Rows = pa.Table

MOST_SEGMENT_BYTES: Final = 1 << 28
MOST_JOURNAL_BYTES: Final = 1 << 32
MOST_ABOUT_BYTES: Final = 1 << 20
NS_PER_S: Final = 1e9


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of a segment that are not what was written, and between which rows they lay.

    after_ns, before_ns : host clock of the last row before and the first row after, None at an
        end of the journal; what was lost lies between them
    """

    segment: str
    start_byte: int
    n_bytes: int
    after_ns: int | None = None
    before_ns: int | None = None


class Source(NamedTuple):
    """A segment, and what to add to its host_ns to stand on the clock of the first one."""

    file: Path
    shift_ns: int


class Told(NamedTuple):
    """An event: which row of its pod it is, when it came, and what it says."""

    pod: int
    row: int
    host_ns: int
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Journal:
    """What could be read of a journal, in the order in which it was written.

    The rows stay on the disk until they are asked for, all of them or a batch at a time:
    host_ns, pod, kind, characteristic, payload; host_ns on the clock of the first segment, also
    when the computer was started again in between.

    told : all events;  n_rows : of each pod, -1 for what concerns all of them
    first_ns, last_ns : of the first and the last row
    damage : what could not be read;  closed : True when the recorder came to its end
    clock : monotonic_ns and wall_unix_ns of one instant at the start
    """

    about: Mapping[str, Any]
    sources: tuple[Source, ...]
    told: tuple[Told, ...]
    n_rows: Mapping[int, int]
    first_ns: int = 0
    last_ns: int = 0
    damage: tuple[Damage, ...] = ()
    closed: bool = True
    name: str = ""
    clock: Mapping[str, Any] = field(default_factory=dict)

    @property
    def segments(self) -> int:
        """Files that it consists of."""
        return len(self.sources)

    @property
    def pods(self) -> tuple[int, ...]:
        """Numbers of the pods that sent or did anything."""
        return tuple(sorted(pod for pod in self.n_rows if pod >= 0))

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """All rows as they were written, one segment in memory at a time."""
        for source in self.sources:
            for found in _contents(source.file):
                if not isinstance(found, bytes | Piece):
                    yield _shifted(found, source.shift_ns)

    def batches_of(self, pod: int) -> "Iterator[pa.RecordBatch]":
        """The rows of one pod."""
        import pyarrow.compute as pc

        for batch in self.batches():
            own = batch.filter(pc.equal(batch.column(1), pod))
            if own.num_rows:
                yield own

    @property
    def rows(self) -> "pa.Table":
        """All rows, in memory."""
        return _table(list(self.batches()))

    def of_pod(self, pod: int) -> "pa.Table":
        """All rows of one pod, in memory."""
        return _table(list(self.batches_of(pod)))

    @property
    def host_ns(self) -> Ints:
        """(n,) arrival of every row."""
        return np.asarray(self.rows["host_ns"].to_numpy(), np.int64)

    def events(self) -> list[dict[str, Any]]:
        """All events, each with its ``pod`` and ``host_ns``; what is no JSON object is left out."""
        return [{**it.facts, "pod": it.pod, "host_ns": it.host_ns} for it in self.told if it.facts]


def parsed(payload: bytes) -> dict[str, Any]:
    """The JSON object in ``payload``, empty when it is none."""
    try:
        facts = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def read_journal(path: str | Path) -> Journal:
    """The journal in a folder, or in one segment of it.

    Every batch whose checksum holds is taken, before and after damage. Raises InputError when
    there is no journal, it cannot be read, or nothing in it is whole.
    """
    path = Path(path)
    files = _segment_files(path)
    reader = _Reader()
    for file in files:
        reader.read(file)
    if not reader.n_batches and not reader.abouts:
        raise InputError(
            f"nothing in {path.name} can be read",
            f"{some(len(files), 'segment')}, not one whole batch in it",
            "use a copy of the folder, if there is one",
        )
    damage = reader.located()
    if path.is_dir():
        damage += _lost_segments(files)
    about_file = path / ABOUT_FILE if path.is_dir() else None
    if about_file and reader.abouts and not _about_holds(about_file, reader.abouts):
        damage.append(Damage(ABOUT_FILE, 0, _size(about_file)))
    about = parsed(reader.abouts[0]) if reader.abouts else _about_of(about_file)
    return Journal(
        about, tuple(reader.sources), tuple(reader.told), dict(reader.n_rows), reader.first_ns or 0,
        reader.last_ns or 0, tuple(damage), reader.closed, path.name.split(".gait.")[0],
        about.get("clock") or {},
    )  # fmt: skip


class _Reader:
    """Goes through the segments of a journal, once each, and keeps what is small."""

    def __init__(self) -> None:
        self.sources: list[Source] = []
        self.abouts: list[bytes] = []
        self.told: list[Told] = []
        self.n_rows: Counter[int] = Counter()
        self.n_batches = 0
        self.closed = False
        self.first_ns: int | None = None
        self.last_ns: int | None = None
        self._edge_ns: int | None = None  # of the last data
        self._clock: Mapping[str, Any] = {}
        self._damage: list[tuple[str, Piece, int | None, int | None]] = []

    def read(self, file: Path) -> None:
        """The next segment."""
        about, shift_ns, self.closed = b"", None, False
        for found in _contents(file):
            message = not isinstance(found, Piece)
            end = isinstance(found, Piece) and found.kind == "end"
            self.closed = end or (self.closed and message)
            if isinstance(found, bytes):
                about = found
            elif not isinstance(found, Piece):
                shift_ns = self._shift_ns(about) if shift_ns is None else shift_ns
                self._batch(_shifted(found, shift_ns))
            elif not end:
                self._damage.append((file.name, found, self._edge_ns, None))
        self.sources.append(Source(file, shift_ns or 0))
        self.abouts += [about] if about else []
        self._clock = self._clock or _clock_of(about)

    def _shift_ns(self, about: bytes) -> int:
        """Continues what was before, also over a restart of the computer.

        Then the monotonic clock began anew, and the wall clock tells how much later it was.
        """
        clock = _clock_of(about)
        self._clock = self._clock or clock
        return _shift_ns(self._clock, clock, self._edge_ns)

    def _batch(self, batch: "pa.RecordBatch") -> None:
        self.n_batches += 1
        host_ns, pods = batch.column(0).to_pylist(), batch.column(1).to_pylist()
        kinds = batch.column(2).to_pylist()
        for row in (row for row, kind in enumerate(kinds) if kind == "event"):
            number = self.n_rows[pods[row]] + pods[:row].count(pods[row])
            facts = parsed(batch.column(4)[row].as_py())
            self.told.append(Told(pods[row], number, host_ns[row], facts))
        self.n_rows.update(pods)
        first_ns = _edge_ns(batch, 0)
        self._damage = [
            (name, piece, after, first_ns if before is None else before)
            for name, piece, after, before in self._damage
        ]
        self._edge_ns = _edge_ns(batch, -1)
        self.first_ns = host_ns[0] if self.first_ns is None else self.first_ns
        self.last_ns = host_ns[-1]

    def located(self) -> list[Damage]:
        """Every damage with the rows around it, which may be in other segments."""
        return [
            Damage(name, piece.start, piece.stop - piece.start, after, before)
            for name, piece, after, before in self._damage
        ]


# --- files -------------------------------------------------------------------------------


def _segment_files(path: Path) -> list[Path]:
    try:
        if path.is_file():
            return [path]
        if not path.exists():
            raise InputError(f"{path} does not exist", "there is no such folder", "check the name")
        files = sorted(file for file in path.iterdir() if SEGMENT.fullmatch(file.name))
    except OSError as error:
        raise _unreadable(path, error) from error
    if not files:
        raise InputError(
            f"{path} is not a journal",
            "there is no segment-0001.arrow in it",
            "name the folder NAME.gait.journal that was made while recording",
        )
    if sum(map(_size, files)) > MOST_JOURNAL_BYTES:
        raise InputError(
            f"{path} is too large", f"more than {MOST_JOURNAL_BYTES >> 30} GiB", "read it in parts"
        )
    return files


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{path} cannot be read", error.strerror or str(error), "check who may read it"
    )


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _contents(file: Path) -> "Iterator[pa.RecordBatch | bytes | Piece]":
    """What a segment holds, in order: batches, what its head tells, its end, and damage."""
    try:
        if not file.is_file() or _size(file) > MOST_SEGMENT_BYTES:
            raise InputError(
                f"{file.name} is no segment of a journal",
                f"it is not a file of at most {MOST_SEGMENT_BYTES >> 20} MiB",
                "take it out of the folder",
            )
        content = file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error
    for piece in pieces(content):
        message = _message(content[piece.start : piece.stop]) if piece.kind == "message" else None
        if piece.kind == "message" and message is None:
            piece = piece._replace(kind="damage")
        yield piece if message is None else message


def _message(message: bytes) -> "pa.RecordBatch | bytes | None":
    """The batch in a sealed message, or what the head of a segment tells; None when neither."""
    import pyarrow as pa

    try:
        found = pa.ipc.read_message(message)
        if found.type == "schema":
            return dict(pa.ipc.read_schema(found).metadata or {}).get(ABOUT_KEY)
        batch = pa.ipc.read_record_batch(found, schema())
        batch.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError):
        return None
    return batch if batch.num_rows else None


def _table(batches: "list[pa.RecordBatch]") -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_batches(batches, schema=schema())


def _about_of(file: Path | None) -> dict[str, Any]:
    try:
        if file is not None and _size(file) <= MOST_ABOUT_BYTES:
            return parsed(file.read_bytes())
    except OSError:
        pass
    return {}


def _about_holds(file: Path, abouts: list[bytes]) -> bool:
    """True when the file says what one of the segments says."""
    try:
        return _size(file) <= MOST_ABOUT_BYTES and file.read_bytes() in abouts
    except OSError:
        return False


# --- one clock, and where the damage lies --------------------------------------------------


def _clock_of(about: bytes) -> Mapping[str, Any]:
    clock = parsed(about).get("clock")
    good = isinstance(clock, dict) and all(
        isinstance(clock.get(key), int) and abs(clock[key]) < 2**62
        for key in ("monotonic_ns", "wall_unix_ns")
    )
    return clock if good and isinstance(clock, dict) else {}


def _shift_ns(first: Mapping[str, Any], clock: Mapping[str, Any], last_ns: int | None) -> int:
    """What to add to host_ns of a segment; 0 within one run of the computer."""
    if not first or not clock or first.get("boot") == clock.get("boot") != "":
        return 0
    if clock.get("boot") == "" and (last_ns is None or clock["monotonic_ns"] >= last_ns):
        return 0
    later_ns = clock["wall_unix_ns"] - first["wall_unix_ns"]
    shift = later_ns - (clock["monotonic_ns"] - first["monotonic_ns"])
    at_least = 0 if last_ns is None else last_ns + 1 - clock["monotonic_ns"]
    return int(max(shift, at_least))  # the wall clock may have been set back meanwhile


def _shifted(batch: "pa.RecordBatch", shift_ns: int) -> "pa.RecordBatch":
    if not shift_ns:
        return batch
    import pyarrow as pa

    moved = pa.array(batch.column(0).to_numpy() + shift_ns, pa.int64())
    return pa.RecordBatch.from_arrays([moved, *batch.columns[1:]], schema=schema())


def _edge_ns(batch: "pa.RecordBatch", row: int) -> int:
    """host_ns of the first (0) or last (-1) data of a batch; events may be said again later."""
    kinds = batch.column(2).to_pylist()
    data = [at for at, kind in enumerate(kinds) if kind == "data"] or range(len(kinds))
    return int(batch.column(0)[data[row]].as_py())


def _lost_segments(files: list[Path]) -> Iterator[Damage]:
    """Numbers that are missing in a folder of segments."""
    numbers = {int(found[1]) for file in files if (found := SEGMENT.fullmatch(file.name))}
    for number in range(1, max(numbers, default=0)):
        if number not in numbers:
            yield Damage(f"segment-{number:04d}.arrow", 0, 0)
