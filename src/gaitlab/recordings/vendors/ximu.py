"""x-IMU and x-IMU3 of x-io Technologies: CSV whose headers name the units."""

import re
from typing import Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Floats
from gaitlab.recordings.vendors.columns import numbers
from gaitlab.recordings.vendors.model import Asked, Format, PodData
from gaitlab.recordings.vendors.source import Source, columns_of, first_line, read_table

ACC: Final = tuple(f"Accelerometer {axis} (g)" for axis in "XYZ")
GYR: Final = tuple(f"Gyroscope {axis} (deg/s)" for axis in "XYZ")
#: the time columns of the x-IMU3 software over the years, and what one is in seconds
TIMES: Final = {"Time (s)": 1.0, "Timestamp (s)": 1.0, "Timestamp (us)": 1e-6}
COUNTER: Final = "Packet number"


def evidence(source: Source) -> str | None:
    """Headers with the units of both sensors."""
    found = first_line(source.head())
    names = columns_of(found[1]) if found else []
    if not {*ACC, *GYR} <= set(names):
        return None
    clock = next((name for name in (*TIMES, COUNTER) if name in names), None)
    return f'the columns "{clock}", "{GYR[0]}" and "{ACC[0]}"' if clock else None


def read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    """The one pod of the file; an x-IMU file has no time, its rate must be told."""
    table = read_table(source)
    clock = next((name for name in TIMES if name in table.frame.columns), None)
    notes: tuple[str, ...] = ()
    if clock:
        time_s = numbers(source, table.frame, [clock])[:, 0] * TIMES[clock]
    else:
        time_s, notes = _counted(source, len(table.frame), asked)
    return (
        PodData(
            label=re.sub(r"_?(CalInertialAndMag|Inertial)$", "", source.path.stem),
            time_s=time_s,
            acc_mps2=numbers(source, table.frame, ACC) * STANDARD_GRAVITY_MPS2,
            gyr_radps=numbers(source, table.frame, GYR) * RAD_PER_DEG,
            declared_rate_hz=None if clock else asked.rate_hz,
            device="x-IMU3" if clock else "x-IMU",
            notes=(*table.notes, *notes),
        ),
    )


def _counted(source: Source, rows: int, asked: Asked) -> tuple[Floats, tuple[str, ...]]:
    if asked.rate_hz is None:
        raise InputError(
            f"{source.name} has no time",
            "an x-IMU writes packet numbers, and other packets are counted in between",
            "say how often the sensor was set to send, such as --rate 256",
        )
    note = f"time from the rate you gave, {asked.rate_hz:g} Hz; lost packets would not show"
    return np.arange(rows) / asked.rate_hz, (note,)


FORMAT: Final = Format("ximu", "x-IMU and x-IMU3, CSV", evidence, read, "g and deg/s")
