"""Writing gaitlab's own recording file, in blocks: a long recording needs no more memory.

The format is that of `gaitlab.recordings.store`.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal

import numpy as np

from gaitlab.model.recording import FootStream, Recording
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Floats, Ints
from gaitlab.recordings.atomic import replacing
from gaitlab.recordings.store import (
    ABOUT_KEY,
    BYTES_KEY,
    CHECK_KEY,
    NS_PER_S,
    SAMPLE_COLUMNS,
    SCHEMA_VERSION,
    SampleSums,
)

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_GROUP: Final = 500_000

Kind = Literal["int32", "float32", "float64"]
TimeKind = Literal["ns", "bits"]
_Scale = tuple[Kind, tuple[float, ...]]  # one scale per foot


@dataclass(frozen=True, slots=True, eq=False)
class FootInBlocks:
    """A foot whose samples come in parts, as often as they are asked for.

    like : what is known about the stream, without samples
    blocks : gives its samples from the first to the last, the same ones each time
    """

    like: FootStream
    blocks: Callable[[], Iterator[FootStream]]


def save(recording: Recording, path: str | Path) -> None:
    """Write ``recording`` to gaitlab's own file; what `load` gives back is equal to the bit.

    Raises OutputError when it cannot be written; then ``path`` is as it was before.
    """
    save_in_blocks(recording, [_whole(stream) for stream in recording.feet], path)


def _whole(stream: FootStream) -> FootInBlocks:
    def blocks() -> Iterator[FootStream]:
        for first in range(0, stream.n_samples, ROWS_PER_GROUP):
            part = slice(first, first + ROWS_PER_GROUP)
            yield replace(
                stream, time_s=stream.time_s[part], acc_mps2=stream.acc_mps2[part],
                gyr_radps=stream.gyr_radps[part],
            )  # fmt: skip

    return FootInBlocks(stream, blocks)


def save_in_blocks(recording: Recording, feet: Sequence[FootInBlocks], path: str | Path) -> None:
    """As `save`, with the samples of ``feet`` in place of those of ``recording``.

    Each foot is asked for its blocks twice: how small they can be stored is seen from all.
    """
    import pyarrow.parquet as pq

    acc = _Candidates([it.like.acc_lsb_mps2 for it in feet], STANDARD_GRAVITY_MPS2)
    gyr = _Candidates([it.like.gyr_lsb_radps for it in feet], RAD_PER_DEG)
    seen = [_Seen() for _ in feet]
    for number, foot in enumerate(feet):
        for block in foot.blocks():
            seen[number].look_at(block)
            acc.look_at(number, block.acc_mps2)
            gyr.look_at(number, block.gyr_radps)
    schema = _schema(acc.best[0], gyr.best[0])
    with (
        replacing(Path(path)) as file,
        _Counted(file) as counted,
        pq.ParquetWriter(
            counted, schema, compression="zstd", compression_level=6, use_dictionary=["pod"],
            column_encoding=_encoding(schema), write_statistics=False, write_page_checksum=True,
        ) as writer,
    ):  # fmt: skip
        for number, foot in enumerate(feet):
            for block in foot.blocks():
                ticks = _ticks(block.time_s, seen[number].time)
                table = _table(number, ticks, block, acc.best, gyr.best, schema)
                writer.write_table(table, row_group_size=ROWS_PER_GROUP)
        entries = [
            _about_foot(foot.like, one, acc.best[1][number], gyr.best[1][number])
            for number, (foot, one) in enumerate(zip(feet, seen, strict=True))
        ]
        about = _about(recording, entries)
        writer.add_key_value_metadata({**about, BYTES_KEY: str(counted.crc32).encode()})


class _Counted(RawIOBase):
    """A file that keeps the checksum of what was written to it; closing it leaves it open."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.crc32 = 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:  # noqa: ANN401  # whatever has a buffer
        self.crc32 = zlib.crc32(content, self.crc32)
        return self._file.write(content)

    def tell(self) -> int:
        return self._file.tell()


# --- samples as stored * scale -----------------------------------------------------------


@dataclass(slots=True)
class _Seen:
    """What all blocks of a foot have in common."""

    n: int = 0
    time: TimeKind = "ns"
    sums: SampleSums = field(default_factory=SampleSums)

    def look_at(self, block: FootStream) -> None:
        self.n += block.n_samples
        self.time = "ns" if self.time == "ns" and _in_whole_ns(block.time_s) else "bits"
        self.sums.add(block)


class _Candidates:
    """Ways to store an axis, cheapest first: counts, 32 bits in SI, 32 bits in the usual unit."""

    def __init__(self, counts: Sequence[float | None], usual: float) -> None:
        n, sizes = len(counts), tuple(size or 0.0 for size in counts)
        floats: list[_Scale] = [("float32", (1.0,) * n), ("float32", (usual,) * n)]
        self._left = [("int32", sizes), *floats] if all(sizes) else floats
        self._exactly: _Scale = ("float64", (1.0,) * n)

    def look_at(self, number: int, values: Floats) -> None:
        """Keep what gives every value of this foot back exactly."""
        self._left = [it for it in self._left if _exact(values, it[0], it[1][number])]

    @property
    def best(self) -> _Scale:
        """The cheapest of those that are left, else 64-bit floats."""
        return self._left[0] if self._left else self._exactly


def _exact(values: Floats, kind: Kind, scale: float) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        ratio = values / scale
        if kind == "int32":
            stored = np.round(ratio)
            if np.any(np.abs(stored) > np.iinfo(np.int32).max):
                return False
        else:
            stored = ratio.astype(np.float32).astype(np.float64)
        return bool(np.array_equal(stored * scale, values, equal_nan=True))


def _stored(values: Floats, kind: Kind, scale: float) -> "pa.Array":
    """One axis as an Arrow array; lost samples are null."""
    import pyarrow as pa

    lost = np.isnan(values)
    ratio = np.where(lost, 0.0, values / scale)
    numbers = np.round(ratio).astype(np.int32) if kind == "int32" else ratio.astype(kind)
    return pa.array(numbers, mask=lost)


def _schema(acc: Kind, gyr: Kind) -> "pa.Schema":
    import pyarrow as pa

    axes = [(name, acc if name.startswith("a") else gyr) for name in SAMPLE_COLUMNS]
    return pa.schema(
        [pa.field("pod", pa.int8(), False), pa.field("t", pa.int64(), False)]
        + [pa.field(name, getattr(pa, kind)()) for name, kind in axes]
    )


def _encoding(schema: "pa.Schema") -> dict[str, str]:
    """Whole numbers as differences, floats with their bytes apart; both pack well."""
    kinds = {name: str(schema.field(name).type) for name in ("t", *SAMPLE_COLUMNS)}
    packed = ("BYTE_STREAM_SPLIT", "DELTA_BINARY_PACKED")
    return {name: packed[kind.startswith("int")] for name, kind in kinds.items()}


def _table(
    number: int, ticks: Ints, block: FootStream, acc: _Scale, gyr: _Scale, schema: "pa.Schema"
) -> "pa.Table":
    import pyarrow as pa

    axes = [_stored(block.acc_mps2[:, axis], acc[0], acc[1][number]) for axis in range(3)]
    axes += [_stored(block.gyr_radps[:, axis], gyr[0], gyr[1][number]) for axis in range(3)]
    pod = np.full(block.n_samples, number, np.int8)
    return pa.Table.from_arrays([pa.array(pod), pa.array(ticks), *axes], schema=schema)


def _in_whole_ns(time_s: Floats) -> bool:
    if not np.all(np.abs(time_s) < 2**62 / NS_PER_S):
        return False
    return bool(np.array_equal(np.round(time_s * NS_PER_S).astype(np.int64) / NS_PER_S, time_s))


def _ticks(time_s: Floats, kind: TimeKind) -> Ints:
    """Times as integers that pack well: nanoseconds if exact, else the bits of the floats."""
    if kind == "ns":
        return np.asarray(np.round(time_s * NS_PER_S), dtype=np.int64)
    return np.ascontiguousarray(time_s, np.float64).view(np.int64)


# --- everything else, as JSON ------------------------------------------------------------


def _about(recording: Recording, feet: list[dict[str, Any]]) -> dict[bytes, bytes]:
    about = {
        "schema": SCHEMA_VERSION,
        "name": recording.name,
        "source": recording.source,
        "simulated": recording.simulated,
        "notes": list(recording.notes),
        "athlete": asdict(recording.athlete),
        "setup": asdict(recording.setup),
        "marks": [asdict(mark) for mark in recording.marks],
        "feet": feet,
    }
    text = json.dumps(about, ensure_ascii=False).encode()
    return {ABOUT_KEY: text, CHECK_KEY: str(zlib.crc32(text)).encode()}


def _about_foot(
    stream: FootStream, seen: _Seen, acc_scale: float, gyr_scale: float
) -> dict[str, Any]:
    return {
        "foot": stream.foot,
        "n": seen.n,
        "time": seen.time,
        "acc_scale": acc_scale,
        "gyr_scale": gyr_scale,
        "acc_range_mps2": stream.acc_range_mps2,
        "gyr_range_radps": stream.gyr_range_radps,
        "declared_rate_hz": stream.declared_rate_hz,
        "acc_lsb_mps2": stream.acc_lsb_mps2,
        "gyr_lsb_radps": stream.gyr_lsb_radps,
        "crc32": seen.sums.crc32,
    }
