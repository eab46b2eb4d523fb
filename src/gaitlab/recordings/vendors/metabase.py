"""MbientLab MetaBase: one CSV for the accelerometer, one for the gyroscope.

The headers name the units: epoc (ms), timestamp (zone), elapsed (s), x-axis (g) or
x-axis (deg/s). Which pod it was stands in the file name.
"""

import re
from typing import Final

from gaitlab.model.errors import InputError
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Floats
from gaitlab.recordings.vendors.columns import at_times, numbers
from gaitlab.recordings.vendors.model import Asked, Format, PodData, no_gyroscope
from gaitlab.recordings.vendors.source import Source, columns_of, first_line, read_table

ACC: Final = ("x-axis (g)", "y-axis (g)", "z-axis (g)")
GYR: Final = ("x-axis (deg/s)", "y-axis (deg/s)", "z-axis (deg/s)")
WORD: Final = re.compile(r"(accelerometer|gyroscope)", re.IGNORECASE)
LONGEST_S = 0.05  # between two rotations; a longer pause is a hole


def evidence(source: Source) -> str | None:
    """The epoch, the elapsed time and three axes with their unit."""
    names = _names(source)
    if not names or not names[0].startswith(("epoc (ms)", "epoch (ms)")):
        return None
    unit = next((u for u, axes in (("g", ACC), ("deg/s", GYR)) if set(axes) <= set(names)), None)
    return f'the columns "{names[0]}" and "x-axis ({unit})"' if unit else None


def read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    """The pod of an accelerometer file, with the gyroscope file beside it if there is one."""
    if set(ACC) <= set(_names(source)):
        acc_source, gyr_source = source, _partner(source, "Gyroscope")
    else:
        partner = _partner(source, "Accelerometer")
        if partner is None:
            raise InputError(
                f"{source.name} holds only rotations",
                "MetaBase writes accelerations to a second file, and it is not beside this one",
                "put both files of the pod into one folder",
            )
        acc_source, gyr_source = partner, source
    time_s, acc, notes = _series(acc_source, ACC)
    gyr = no_gyroscope(acc)
    if gyr_source is not None:
        turn_s, turn, more = _series(gyr_source, GYR)
        gyr = at_times(time_s, turn_s, turn, LONGEST_S) * RAD_PER_DEG
        notes = (*notes, *more, f"rotations from {gyr_source.name}, put on its clock")
    return (
        PodData(
            label=WORD.split(acc_source.path.stem)[0].strip("_- "),
            time_s=time_s,
            acc_mps2=acc * STANDARD_GRAVITY_MPS2,
            gyr_radps=gyr,
            clock="the epoch of the MetaBase app",
            device="MetaWear (MetaBase)",
            notes=notes,
        ),
    )


def _series(source: Source, axes: tuple[str, ...]) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Time since 1970 with the resolution of ``elapsed``, and the values."""
    table = read_table(source)
    names = list(table.frame.columns)
    epoch_s = numbers(source, table.frame, names[:1])[:, 0] / 1e3
    elapsed = next((name for name in names if name.startswith("elapsed (s)")), None)
    if elapsed:
        fine_s = numbers(source, table.frame, [elapsed])[:, 0]
        epoch_s = epoch_s[0] - fine_s[0] + fine_s
    return epoch_s, numbers(source, table.frame, axes), table.notes


def _names(source: Source) -> list[str]:
    found = first_line(source.head())
    return columns_of(found[1]) if found else []


def _partner(source: Source, word: str) -> Source | None:
    """The file of the other sensor: it begins alike, up to the sensor's name."""
    found = WORD.search(source.name)
    if found is None or not source.path.is_file():
        return None
    start = (source.name[: found.start()] + word).casefold()
    beside = sorted(p for p in source.path.parent.iterdir() if p.name.casefold().startswith(start))
    return Source(beside[0]) if beside else None


FORMAT: Final = Format("metabase", "MbientLab MetaBase, CSV", evidence, read, "g and deg/s")
