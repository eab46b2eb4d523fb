"""The plain exchange form: one row per sample, both feet in one Parquet or CSV file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.recording import FEET, Foot, FootStream, Recording
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools
from gaitlab.recordings.atomic import replacing
from gaitlab.recordings.sidecar import Facts, read_sidecar, write_sidecar
from gaitlab.recordings.tables import ACC_COLUMNS, GYR_COLUMNS, Columns, read_columns

if TYPE_CHECKING:
    import pyarrow as pa

#: what one unit is in the units inside (m/s^2, rad/s, s)
ACC_UNITS: Final = {"m/s^2": 1.0, "g": STANDARD_GRAVITY_MPS2, "mg": STANDARD_GRAVITY_MPS2 / 1000}
GYR_UNITS: Final = {"deg/s": RAD_PER_DEG, "rad/s": 1.0, "mdeg/s": RAD_PER_DEG / 1000}
TIME_UNITS: Final = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a file; by default those of the exchange form."""

    acc: str = "m/s^2"
    gyr: str = "deg/s"
    time: str = "s"

    @property
    def note(self) -> str | None:
        """A sentence about units that the user asked for, None for the usual ones."""
        if self == Units():
            return None
        return (
            f"units assumed as asked: acceleration {self.acc}, rotation {self.gyr}, "
            f"time {self.time}"
        )


def parse_units(text: str | None) -> Units:
    """Units from words such as ``"g"`` or ``"g,rad/s"``; UsageError for an unknown word.

    >>> parse_units("g, rad/s")
    Units(acc='g', gyr='rad/s', time='s')
    """
    acc, gyr, time = Units().acc, Units().gyr, Units().time
    for word in (part.strip().lower() for part in (text or "").split(",")):
        if word in ACC_UNITS:
            acc = word
        elif word in GYR_UNITS:
            gyr = word
        elif word in TIME_UNITS:
            time = word
        elif word:
            raise UsageError(
                f"the unit {word!r} is not known",
                "known are " + ", ".join((*ACC_UNITS, *GYR_UNITS, *TIME_UNITS)),
                'several are joined by commas, such as "g,rad/s"',
            )
    return Units(acc, gyr, time)


def read_exchange(path: Path, units: Units) -> Recording:
    """The recording in a plain Parquet or CSV file, with what its sidecar says."""
    facts = read_sidecar(path)
    columns = read_columns(path)
    notes = (*facts.notes, *columns.notes, *((units.note,) if units.note else ()))
    return Recording(
        name=facts.name or path.stem,
        feet=_streams(path, columns, units, facts),
        athlete=facts.athlete,
        setup=facts.setup,
        marks=facts.marks,
        source=facts.source or f"plain exchange form, {path.name}",
        simulated=facts.simulated,
        notes=notes,
    )


def _streams(path: Path, columns: Columns, units: Units, facts: Facts) -> tuple[FootStream, ...]:
    known = {name: name.strip().lower() for name in columns.foot_names}
    strange = sorted(name for name, plain in known.items() if plain not in FEET)
    if strange or (columns.foot < 0).any():
        raise InputError(
            f"{path.name} names a foot that is not known",
            f"the column foot holds {strange[0][:30]!r}" if strange else "the column foot has gaps",
            "it must hold left, right or unknown in every row",
        )
    plain = np.array([FEET.index(known[name]) for name in columns.foot_names])
    code = plain[columns.foot]
    feet = [foot for number, foot in enumerate(FEET) if (code == number).any()]
    return tuple(
        _stream(path, columns, units, facts, foot, code == FEET.index(foot)) for foot in feet
    )


def _stream(
    path: Path, columns: Columns, units: Units, facts: Facts, foot: Foot, mine: Bools
) -> FootStream:
    _check_one_run(path, columns, foot, mine)
    rows = _rows(mine)
    return FootStream(
        foot=foot,
        time_s=columns.time[rows] * TIME_UNITS[units.time],
        acc_mps2=columns.acc[rows] * ACC_UNITS[units.acc],
        gyr_radps=columns.gyr[rows] * GYR_UNITS[units.gyr],
        acc_range_mps2=_scaled(facts.acc_range_g, STANDARD_GRAVITY_MPS2),
        gyr_range_radps=_scaled(facts.gyr_range_dps, RAD_PER_DEG),
        declared_rate_hz=facts.sampling_rate_hz,
    )


def _check_one_run(path: Path, columns: Columns, foot: Foot, mine: Bools) -> None:
    """Refuse a file in which a foot's rows come in a few blocks that go back in time.

    Rows that alternate between the feet are fine; a clock that restarts within a block is a
    matter of clock repair. Two blocks over the same time are two runs, or two pods.
    """
    row = np.flatnonzero(mine)
    new_block = np.diff(row) > 1
    if np.count_nonzero(new_block) > len(row) // 100:
        return
    again = np.count_nonzero(new_block & (np.diff(columns.time[row]) < 0))
    if again:
        raise InputError(
            f"{path.name} holds {again + 1} runs of the {foot} foot",
            "its rows come in blocks whose time starts again",
            "save each run, and each pod, in its own file",
        )


def _rows(mine: Bools) -> slice | Bools:
    """A slice when the rows of a foot lie together (no copy), else the mask."""
    first, count = int(np.argmax(mine)), int(np.count_nonzero(mine))
    together = bool(mine[first : first + count].all())
    return slice(first, first + count) if together else mine


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def plain_files(path: Path) -> tuple[Path, Path]:
    """The two files of the exchange form: the samples, and what is known about the run.

    >>> [file.name for file in plain_files(Path("ride.parquet"))]
    ['ride.parquet', 'ride.json']
    """
    return path, path.with_suffix(".json")


def save_plain(recording: Recording, path: str | Path) -> None:
    """Write the exchange form, Parquet or CSV by the suffix of ``path``, and NAME.json beside it.

    Both are replaced where they exist: :func:`plain_files` names them. Raises OutputError when they
    cannot be written, UsageError for another suffix.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    path = Path(path)
    if path.suffix.lower() not in {".parquet", ".csv"}:
        raise UsageError(
            f"{path.name} has no known suffix",
            f"the exchange form is Parquet or CSV, not {path.suffix or 'without suffix'!r}",
            "end the name in .parquet or .csv",
        )
    table = pa.concat_tables([_plain_table(stream) for stream in recording.feet])
    with replacing(path) as file:
        if path.suffix.lower() == ".csv":
            pyarrow.csv.write_csv(table, file)
        else:
            pyarrow.parquet.write_table(table, file, compression="zstd", write_page_checksum=True)
    write_sidecar(recording, path)


def _plain_table(stream: FootStream) -> "pa.Table":
    """The samples of one foot in the units of the exchange form; lost ones are empty."""
    import pyarrow as pa

    numbers = {"time": stream.time_s}
    numbers |= dict(zip(ACC_COLUMNS, stream.acc_mps2.T, strict=True))
    numbers |= dict(zip(GYR_COLUMNS, (stream.gyr_radps / RAD_PER_DEG).T, strict=True))
    columns = {name: pa.array(values, mask=np.isnan(values)) for name, values in numbers.items()}
    return pa.table({"foot": pa.array([stream.foot] * stream.n_samples, pa.string()), **columns})
