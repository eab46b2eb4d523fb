"""gaitlab's own recording file: small, exact, and aware of its own damage.

``NAME.gait.parquet`` is a Parquet file (zstd) with the rows of one foot after the other and
everything else that is known about the recording as JSON in its metadata. Samples are held
as ``stored * scale``: integer counts where the pod sent integers (delta packed), else
32-bit floats where nothing is lost by it, else 64-bit floats. Times are 64-bit integers:
nanoseconds where that is exact, else the bits of the float, whose steps are as small.

Damage shows three times: Parquet's page checksums are written and verified, a checksum of all
bytes before the footer covers what lies between the pages, and a checksum of each foot's
decoded samples and one of the JSON cover what the footer says.
"""

import json
import zlib
from dataclasses import asdict
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal

import numpy as np
from numpy.typing import NDArray

from gaitlab.model.errors import InputError
from gaitlab.model.recording import Athlete, FootStream, Mark, Recording, Setup
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Floats, Ints
from gaitlab.recordings.atomic import replacing
from gaitlab.recordings.tables import check_parquet_size, parquet_errors

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 1
SUFFIX: Final = ".gait.parquet"
ABOUT_KEY: Final = b"gaitlab.recording"
CHECK_KEY: Final = b"gaitlab.recording.crc32"
BYTES_KEY: Final = b"gaitlab.bytes.crc32"
CHUNK_BYTES = 1 << 24
FOOTER_TAIL_BYTES = 8  # length of the footer, and the magic bytes
ROWS_PER_GROUP = 500_000
NS_PER_S = 1e9
#: names that the exchange form does not know: nobody takes counts for m/s^2
SAMPLE_COLUMNS: Final = ("ax", "ay", "az", "gx", "gy", "gz")
COLUMNS: Final = ("pod", "t", *SAMPLE_COLUMNS)

Kind = Literal["int32", "float32", "float64"]
_Scale = tuple[Kind, tuple[float, ...]]  # one scale per foot


def save(recording: Recording, path: str | Path) -> None:
    """Write ``recording`` to gaitlab's own file; what `load` gives back is equal to the bit.

    Raises OutputError when it cannot be written; then ``path`` is as it was before.
    """
    import pyarrow.parquet as pq

    acc = _scaling([stream.acc_mps2 for stream in recording.feet], _acc_scales(recording))
    gyr = _scaling([stream.gyr_radps for stream in recording.feet], _gyr_scales(recording))
    tables = [_table(recording, number, acc, gyr) for number in range(len(recording.feet))]
    schema = _schema(acc[0], gyr[0]).with_metadata(_metadata(recording, acc, gyr))
    packed = ["t", *(name for name in SAMPLE_COLUMNS if _kind(name, acc, gyr) == "int32")]
    split = [name for name in SAMPLE_COLUMNS if name not in packed]
    encoding = dict.fromkeys(packed, "DELTA_BINARY_PACKED")
    encoding |= dict.fromkeys(split, "BYTE_STREAM_SPLIT")
    with (
        replacing(Path(path)) as file,
        _Counted(file) as counted,
        pq.ParquetWriter(
            counted, schema, compression="zstd", compression_level=6, use_dictionary=["pod"],
            column_encoding=encoding, write_statistics=False, write_page_checksum=True,
        ) as writer,
    ):  # fmt: skip
        for table in tables:
            writer.write_table(table, row_group_size=ROWS_PER_GROUP)
        writer.add_key_value_metadata({BYTES_KEY: str(counted.crc32).encode()})


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


def is_store(path: Path) -> bool:
    """True for a Parquet file that says it is a gaitlab recording."""
    import pyarrow.parquet as pq

    with parquet_errors(path):
        return ABOUT_KEY in (pq.read_metadata(path).metadata or {})


def read_store(path: Path) -> Recording:
    """The recording in gaitlab's own file ``path``, exactly as it was saved.

    Raises InputError when any part of it is damaged, or when a newer gaitlab made it.
    """
    import pyarrow.parquet as pq

    with parquet_errors(path):
        file = pq.ParquetFile(path, page_checksum_verification=True)
    with file:
        metadata = file.metadata.metadata or {}
        about = _about(path, metadata)
        _check_bytes(path, metadata)
        with parquet_errors(path):
            if tuple(file.schema_arrow.names) != COLUMNS:
                raise ValueError(f"its columns are {', '.join(file.schema_arrow.names)[:80]}")
        check_parquet_size(path, file.metadata, empty_is_fine=True)
        with parquet_errors(path):
            table = file.read()
    try:
        return _recording(about, table)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _damaged(path, f"its parts do not fit together: {error}"[:200]) from error


# --- samples as stored * scale -----------------------------------------------------------


def _acc_scales(recording: Recording) -> list[_Scale]:
    counts = tuple(stream.acc_lsb_mps2 or 0.0 for stream in recording.feet)
    return _scales(counts, STANDARD_GRAVITY_MPS2)


def _gyr_scales(recording: Recording) -> list[_Scale]:
    counts = tuple(stream.gyr_lsb_radps or 0.0 for stream in recording.feet)
    return _scales(counts, RAD_PER_DEG)


def _scales(counts: tuple[float, ...], usual: float) -> list[_Scale]:
    """What to try, cheapest first: counts, 32 bits in SI, 32 bits in the usual unit."""
    n = len(counts)
    floats: list[_Scale] = [("float32", (1.0,) * n), ("float32", (usual,) * n)]
    return [("int32", counts), *floats] if all(counts) else floats


def _scaling(values: list[Floats], candidates: list[_Scale]) -> _Scale:
    """The first candidate that gives every value back exactly, else 64-bit floats."""
    for kind, scales in candidates:
        if all(_exact(value, kind, scale) for value, scale in zip(values, scales, strict=True)):
            return kind, scales
    return "float64", (1.0,) * len(values)


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


def _kind(name: str, acc: _Scale, gyr: _Scale) -> Kind:
    return acc[0] if name.startswith("a") else gyr[0]


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


def _table(recording: Recording, number: int, acc: _Scale, gyr: _Scale) -> "pa.Table":
    import pyarrow as pa

    stream = recording.feet[number]
    ticks, _ = _ticks(stream.time_s)
    axes = [_stored(stream.acc_mps2[:, axis], acc[0], acc[1][number]) for axis in range(3)]
    axes += [_stored(stream.gyr_radps[:, axis], gyr[0], gyr[1][number]) for axis in range(3)]
    pod = np.full(stream.n_samples, number, np.int8)
    return pa.Table.from_arrays(
        [pa.array(pod), pa.array(ticks), *axes], schema=_schema(acc[0], gyr[0])
    )


def _ticks(time_s: Floats) -> tuple[Ints, Literal["ns", "bits"]]:
    """Times as integers that pack well: nanoseconds if exact, else the bits of the floats."""
    if np.all(np.abs(time_s) < 2**62 / NS_PER_S):
        ns = np.round(time_s * NS_PER_S).astype(np.int64)
        if np.array_equal(ns / NS_PER_S, time_s):
            return ns, "ns"
    return np.ascontiguousarray(time_s, np.float64).view(np.int64), "bits"


# --- everything else, as JSON ------------------------------------------------------------


def _metadata(recording: Recording, acc: _Scale, gyr: _Scale) -> dict[bytes, bytes]:
    about = {
        "schema": SCHEMA_VERSION,
        "name": recording.name,
        "source": recording.source,
        "simulated": recording.simulated,
        "notes": list(recording.notes),
        "athlete": asdict(recording.athlete),
        "setup": asdict(recording.setup),
        "marks": [asdict(mark) for mark in recording.marks],
        "feet": [
            _about_foot(stream, acc[1][number], gyr[1][number])
            for number, stream in enumerate(recording.feet)
        ],
    }
    text = json.dumps(about, ensure_ascii=False).encode()
    return {ABOUT_KEY: text, CHECK_KEY: str(zlib.crc32(text)).encode()}


def _about_foot(stream: FootStream, acc_scale: float, gyr_scale: float) -> dict[str, Any]:
    return {
        "foot": stream.foot,
        "n": stream.n_samples,
        "time": _ticks(stream.time_s)[1],
        "acc_scale": acc_scale,
        "gyr_scale": gyr_scale,
        "acc_range_mps2": stream.acc_range_mps2,
        "gyr_range_radps": stream.gyr_range_radps,
        "declared_rate_hz": stream.declared_rate_hz,
        "acc_lsb_mps2": stream.acc_lsb_mps2,
        "gyr_lsb_radps": stream.gyr_lsb_radps,
        "crc32": _samples_crc32(stream),
    }


def _samples_crc32(stream: FootStream) -> int:
    crc = 0
    for values in (stream.time_s, stream.acc_mps2, stream.gyr_radps):
        plain = values + 0.0  # one zero, one NaN: those that come back
        plain[np.isnan(plain)] = np.nan
        crc = zlib.crc32(np.ascontiguousarray(plain).data, crc)
    return crc


def _damaged(path: Path, why: str) -> InputError:
    return InputError(f"{path.name} is damaged", why, "use a copy of the file, if there is one")


def _about(path: Path, metadata: dict[bytes, bytes]) -> dict[str, Any]:
    text = metadata.get(ABOUT_KEY, b"")
    if str(zlib.crc32(text)).encode() != metadata.get(CHECK_KEY):
        raise _damaged(path, "the description of the recording does not match its checksum")
    about = json.loads(text)  # its checksum holds: it is what some program wrote
    if not isinstance(about, dict) or not isinstance(about.get("schema"), int):
        raise _damaged(path, "the description of the recording has no version")
    if about["schema"] > SCHEMA_VERSION:
        raise InputError(
            f"{path.name} was made by a newer gaitlab",
            f"its format is version {about['schema']}, this gaitlab reads up to {SCHEMA_VERSION}",
            "update gaitlab",
        )
    return about


def _check_bytes(path: Path, metadata: dict[bytes, bytes]) -> None:
    """Compare the bytes before the footer with the checksum in the footer."""
    crc32, left = 0, path.stat().st_size - FOOTER_TAIL_BYTES
    with path.open("rb") as file:
        file.seek(left)
        left -= int.from_bytes(file.read(4), "little")
        file.seek(0)
        while left > 0 and (chunk := file.read(min(left, CHUNK_BYTES))):
            crc32, left = zlib.crc32(chunk, crc32), left - len(chunk)
    if str(crc32).encode() != metadata.get(BYTES_KEY):
        raise _damaged(path, "its bytes do not match their checksum")


def _recording(about: dict[str, Any], table: "pa.Table") -> Recording:
    sizes = [entry["n"] for entry in about["feet"]]
    if sum(sizes) != table.num_rows:
        raise ValueError(f"{table.num_rows} samples, expected {sum(sizes)}")
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(int)
    feet = tuple(
        _stream(entry, table.slice(int(starts[number]), entry["n"]))
        for number, entry in enumerate(about["feet"])
    )
    return Recording(
        name=about["name"],
        feet=feet,
        athlete=Athlete(**about["athlete"]),
        setup=Setup(**about["setup"]),
        marks=tuple(Mark(**mark) for mark in about["marks"]),
        source=about["source"],
        simulated=about["simulated"],
        notes=tuple(about["notes"]),
    )


def _stream(entry: dict[str, Any], table: "pa.Table") -> FootStream:
    ticks: NDArray[np.int64] = table["t"].to_numpy()
    time_s = ticks / NS_PER_S if entry["time"] == "ns" else ticks.copy().view(np.float64)
    axes = [np.asarray(table[name].to_numpy(), np.float64) for name in SAMPLE_COLUMNS]
    stream = FootStream(
        entry["foot"],
        time_s,
        np.column_stack(axes[:3]) * entry["acc_scale"],
        np.column_stack(axes[3:]) * entry["gyr_scale"],
        entry["acc_range_mps2"], entry["gyr_range_radps"], entry["declared_rate_hz"],
        entry["acc_lsb_mps2"], entry["gyr_lsb_radps"],
    )  # fmt: skip
    if _samples_crc32(stream) != entry["crc32"]:
        raise ValueError(f"the samples of the {entry['foot']} foot do not match their checksum")
    return stream
