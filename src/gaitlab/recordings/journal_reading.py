"""Reading a journal: every batch that proves itself, and a word about everything that does not."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import Ints
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


@dataclass(frozen=True, slots=True, eq=False)
class Journal:
    """What could be read of a journal, in the order in which it was written.

    rows : table of host_ns, pod, kind, characteristic, payload; host_ns on the clock of the
        first segment, also when the computer was started again in between
    damage : what could not be read;  closed : True when the recorder came to its end
    clock : monotonic_ns and wall_unix_ns of one instant at the start
    """

    about: Mapping[str, Any]
    rows: "pa.Table"
    damage: tuple[Damage, ...] = ()
    segments: int = 1
    closed: bool = True
    name: str = ""
    clock: Mapping[str, Any] = field(default_factory=dict)

    @property
    def host_ns(self) -> Ints:
        """(n,) arrival of every row."""
        return np.asarray(self.rows["host_ns"].to_numpy(), np.int64)

    @property
    def pods(self) -> tuple[int, ...]:
        """Numbers of the pods that sent or did anything."""
        numbers = np.unique(self.rows["pod"].to_numpy())
        return tuple(int(number) for number in numbers if number >= 0)

    def of_pod(self, pod: int) -> "pa.Table":
        """The rows of one pod."""
        import pyarrow.compute as pc

        return self.rows.filter(pc.equal(self.rows["pod"], pod))

    def events(self) -> list[dict[str, Any]]:
        """All events, each with its ``pod`` and ``host_ns``; what is no JSON object is left out."""
        import pyarrow.compute as pc

        rows = self.rows.filter(pc.equal(self.rows["kind"], "event"))
        found = [(row, parsed(row["payload"])) for row in rows.to_pylist()]
        return [
            {**facts, "pod": row["pod"], "host_ns": row["host_ns"]} for row, facts in found if facts
        ]


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
    read = [_read_segment(file) for file in files]
    abouts = [segment.about for segment in read if segment.about]
    batches = sum(len(segment.batches) for segment in read)
    if not batches and not abouts:
        raise InputError(
            f"nothing in {path.name} can be read",
            f"{len(files)} segments, not one whole batch in them",
            "use a copy of the folder, if there is one",
        )
    parts = _on_one_clock(read)
    damage = [*_located(parts)]
    if path.is_dir():
        damage += _lost_segments(files)
    about_file = path / ABOUT_FILE if path.is_dir() else None
    if about_file and abouts and not _about_holds(about_file, abouts):
        damage.append(Damage(ABOUT_FILE, 0, _size(about_file)))
    about = parsed(abouts[0]) if abouts else _about_of(about_file)
    return Journal(
        about, _table([batch for part in parts for batch in part.batches]), tuple(damage),
        len(files), bool(read) and read[-1].closed, path.name.split(".gait.")[0],
        about.get("clock") or {},
    )  # fmt: skip


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


class _Segment(NamedTuple):
    """One file: batches in order; damage with the number of batches before it."""

    name: str
    about: bytes
    batches: "list[pa.RecordBatch]"
    damage: list[tuple[int, Piece]]
    closed: bool


def _read_segment(file: Path) -> _Segment:
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
    about, batches, damage, closed = b"", [], [], False
    for piece in pieces(content):
        message = _message(content[piece.start : piece.stop]) if piece.kind == "message" else None
        closed = piece.kind == "end" or (closed and piece.kind == "message")
        if isinstance(message, bytes):
            about = message
        elif message is not None:
            batches.append(message)
        elif piece.kind != "end":
            damage.append((len(batches), piece))
    return _Segment(file.name, about, batches, damage, closed)


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


def _on_one_clock(segments: list[_Segment]) -> list[_Segment]:
    """Segments whose host_ns continue each other, also over a restart of the computer.

    Then the monotonic clock began anew, and the wall clock tells how much later it was.
    """
    first: Mapping[str, Any] = {}
    last_ns: int | None = None
    parts = []
    for segment in segments:
        clock = _clock_of(segment)
        first = first or clock
        shift = _shift_ns(first, clock, last_ns)
        part = segment._replace(batches=[_shifted(batch, shift) for batch in segment.batches])
        if part.batches:
            last_ns = _edge_ns(part.batches[-1], -1)
        parts.append(part)
    return parts


def _clock_of(segment: _Segment) -> Mapping[str, Any]:
    clock = parsed(segment.about).get("clock")
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


def _located(parts: list[_Segment]) -> Iterator[Damage]:
    """Every damage with the rows around it, which may be in other segments."""
    batches = [batch for part in parts for batch in part.batches]
    offset = 0
    for part in parts:
        for before, piece in part.damage:
            at = offset + before
            yield Damage(
                part.name, piece.start, piece.stop - piece.start,
                _edge_ns(batches[at - 1], -1) if at else None,
                _edge_ns(batches[at], 0) if at < len(batches) else None,
            )  # fmt: skip
        offset += len(part.batches)


def _lost_segments(files: list[Path]) -> Iterator[Damage]:
    """Numbers that are missing in a folder of segments."""
    numbers = {int(found[1]) for file in files if (found := SEGMENT.fullmatch(file.name))}
    for number in range(1, max(numbers, default=0)):
        if number not in numbers:
            yield Damage(f"segment-{number:04d}.arrow", 0, 0)
