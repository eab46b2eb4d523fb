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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.model.errors import InputError
from gaitlab.model.recording import Athlete, FootStream, Mark, Recording, Setup
from gaitlab.model.units import Bools
from gaitlab.recordings.buffers import values_of
from gaitlab.recordings.tables import check_parquet_size, parquet_errors

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

SCHEMA_VERSION = 1
SUFFIX: Final = ".gait.parquet"
ABOUT_KEY: Final = b"gaitlab.recording"
CHECK_KEY: Final = b"gaitlab.recording.crc32"
BYTES_KEY: Final = b"gaitlab.bytes.crc32"
CHUNK_BYTES = 1 << 24
FOOTER_TAIL_BYTES = 8  # length of the footer, and the magic bytes
NS_PER_S = 1e9
#: names that the exchange form does not know: nobody takes counts for m/s^2
SAMPLE_COLUMNS: Final = ("ax", "ay", "az", "gx", "gy", "gz")
COLUMNS: Final = ("pod", "t", *SAMPLE_COLUMNS)

ZEROS: Final = bytes(1 << 20)


def is_store(path: Path) -> bool:
    """True for a Parquet file that says it is a gaitlab recording."""
    import pyarrow.parquet as pq

    with parquet_errors(path):
        return ABOUT_KEY in (pq.read_metadata(path).metadata or {})


def read_store(path: Path) -> Recording:
    """The recording in gaitlab's own file ``path``, exactly as it was saved.

    Raises InputError when any part of it is damaged, or when a newer gaitlab made it.
    """
    with _opened(path) as (about, file):
        with parquet_errors(path):
            table = file.read()
        with _fitting(path):
            feet = tuple(_feet(about["feet"], table))
            for entry, foot in zip(about["feet"], feet, strict=True):
                _check_sums(SampleSums().add(foot), entry)
            return _recording(about, feet)


def read_start(path: Path, seconds: float) -> tuple[Recording, tuple[int, ...]]:
    """The first ``seconds`` of each foot, and how many samples each has in all.

    The whole file is checked as by `read_store`, but a block at a time: memory does not grow.
    """
    with _opened(path) as (about, file), _fitting(path):
        sums = [SampleSums() for _ in about["feet"]]
        kept: list[list[FootStream]] = [[] for _ in sums]
        for group in range(file.num_row_groups):
            with parquet_errors(path):
                table = file.read_row_group(group)
            if not table.num_rows:
                continue
            number = int(table["pod"][0].as_py())
            block = _stream(about["feet"][number], table)
            sums[number].add(block)
            first_s = kept[number][0].time_s[0] if kept[number] else block.time_s[0]
            if block.time_s[0] < first_s + seconds:
                kept[number].append(_part(block, block.time_s < first_s + seconds))
        for one, entry in zip(sums, about["feet"], strict=True):
            _check_sums(one, entry)
        feet = [_together(*it) for it in zip(about["feet"], kept, strict=True)]
        return _recording(about, tuple(feet)), tuple(one.n for one in sums)


@contextmanager
def _opened(path: Path) -> "Iterator[tuple[dict[str, Any], ParquetFile]]":
    """What the file says of the recording, and the file; both checked as far as that is cheap."""
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
        yield about, file


@contextmanager
def _fitting(path: Path) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _damaged(path, f"its parts do not fit together: {error}"[:200]) from error


@dataclass(slots=True)
class SampleSums:
    """Checksum of the samples of a foot that come in blocks: times, acceleration, angular rate."""

    parts: tuple[int, int, int] = (0, 0, 0)
    n: int = 0

    def add(self, block: FootStream) -> "SampleSums":
        """The next samples; itself."""
        time, acc, gyr = self.parts
        self.parts = (
            _crc32(block.time_s, time), _crc32(block.acc_mps2, acc), _crc32(block.gyr_radps, gyr),
        )  # fmt: skip
        self.n += block.n_samples
        return self

    @property
    def crc32(self) -> int:
        """Of all times, then all accelerations, then all angular rates."""
        time, acc, gyr = self.parts
        return _joined(_joined(time, acc, 24 * self.n), gyr, 24 * self.n)


def _crc32(values: "NDArray[np.float64]", before: int) -> int:
    plain = values + 0.0  # one zero, one NaN: those that come back
    plain[np.isnan(plain)] = np.nan
    return zlib.crc32(np.ascontiguousarray(plain).data, before)


def _joined(first: int, second: int, n_bytes: int) -> int:
    """CRC-32 of one string behind another, from those of both; ``n_bytes`` of the second.

    It is linear: what a string adds to it is what it adds alone, less what zeros would.

    >>> _joined(zlib.crc32(b"left"), zlib.crc32(b"right"), 5) == zlib.crc32(b"leftright")
    True
    """
    alone = 0
    for left in range(n_bytes, 0, -len(ZEROS)):
        zeros = memoryview(ZEROS)[: min(left, len(ZEROS))]
        first, alone = zlib.crc32(zeros, first), zlib.crc32(zeros, alone)
    return first ^ alone ^ second


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


def _feet(entries: list[dict[str, Any]], table: "pa.Table") -> Iterator[FootStream]:
    sizes = [entry["n"] for entry in entries]
    if sum(sizes) != table.num_rows:
        raise ValueError(f"{table.num_rows} samples, expected {sum(sizes)}")
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(int)
    for start, entry in zip(starts, entries, strict=False):
        yield _stream(entry, table.slice(int(start), entry["n"]))


def _part(stream: FootStream, rows: Bools) -> FootStream:
    return replace(
        stream, time_s=stream.time_s[rows], acc_mps2=stream.acc_mps2[rows],
        gyr_radps=stream.gyr_radps[rows],
    )  # fmt: skip


def _together(entry: dict[str, Any], parts: list[FootStream]) -> FootStream:
    """One stream of its parts; an empty one of none."""
    if not parts:
        return FootStream(entry["foot"], np.empty(0), np.empty((0, 3)), np.empty((0, 3)))
    return replace(
        parts[0],
        time_s=np.concatenate([it.time_s for it in parts]),
        acc_mps2=np.concatenate([it.acc_mps2 for it in parts]),
        gyr_radps=np.concatenate([it.gyr_radps for it in parts]),
    )


def _recording(about: dict[str, Any], feet: tuple[FootStream, ...]) -> Recording:
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
    ticks: NDArray[np.int64] = values_of(table["t"])
    time_s = ticks / NS_PER_S if entry["time"] == "ns" else ticks.copy().view(np.float64)
    axes = [np.asarray(values_of(table[name]), np.float64) for name in SAMPLE_COLUMNS]
    return FootStream(
        entry["foot"],
        time_s,
        np.column_stack(axes[:3]) * entry["acc_scale"],
        np.column_stack(axes[3:]) * entry["gyr_scale"],
        entry["acc_range_mps2"], entry["gyr_range_radps"], entry["declared_rate_hz"],
        entry["acc_lsb_mps2"], entry["gyr_lsb_radps"],
    )  # fmt: skip


def _check_sums(sums: SampleSums, entry: dict[str, Any]) -> None:
    if (sums.n, sums.crc32) != (entry["n"], entry["crc32"]):
        raise ValueError(f"the samples of the {entry['foot']} foot do not match their checksum")
