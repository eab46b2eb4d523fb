"""Phone apps: Sensor Logger and phyphox, as a zip or a folder.

Sensor Logger (its documents UNITS.md and COORDINATES.md): TotalAcceleration, or
Accelerometer plus Gravity, in m/s^2; Gyroscope in rad/s; ``time`` in nanoseconds since 1970.
On iOS all accelerations have the opposite sign unless "Standardise Units & Frames" is on.
phyphox: Acceleration in m/s^2 with gravity, Gyroscope in rad/s, both on one clock.
"""

from pathlib import Path
from typing import Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import Floats
from gaitlab.recordings.vendors.columns import at_times, numbers
from gaitlab.recordings.vendors.model import Asked, Format, PodData, no_gyroscope
from gaitlab.recordings.vendors.source import Source, columns_of, first_line, read_table

LONGEST_S = 0.05  # between two samples of the other sensor; a longer pause is a hole
XYZ: Final = ("x", "y", "z")
Series = tuple[Floats, Floats, tuple[str, ...]]

SENSORS: Final = ("totalacceleration.csv", "accelerometer.csv", "gravity.csv", "gyroscope.csv")
HEADS: Final = ("time,seconds_elapsed", "time (s)")


def whole_of(path: Path) -> Path:
    """The folder of an app's record where ``path`` is one sensor of it; else ``path`` itself.

    Somebody who names the accelerations alone would lose the rotations that lie beside them. A
    folder with folders in it is not one record, and is left alone.
    """
    if path.name.casefold() not in SENSORS or not path.is_file():
        return path
    found = first_line(Source(path).head(), HEADS)
    beside = list(path.parent.iterdir())
    others = {one.name.casefold() for one in beside} & set(SENSORS) - {path.name.casefold()}
    if found is None or found[0] or not others or any(one.is_dir() for one in beside):
        return path
    return path.parent


# --- Sensor Logger ---------------------------------------------------------------------


def _logger_evidence(source: Source) -> str | None:
    for name in ("TotalAcceleration.csv", "Accelerometer.csv"):
        member = source.member(name)
        found = first_line(source.head(member)) if member else None
        if found and {"time", "seconds_elapsed", *XYZ} <= set(columns_of(found[1])):
            return f"{name} with the columns time, seconds_elapsed and x, y, z"
    return None


def _logger(source: Source, asked: Asked) -> tuple[PodData, ...]:
    time_s, acc, notes = _total_acceleration(source)
    platform, standardised, device = _metadata(source)
    if platform == "ios" and not standardised:
        acc = -acc
        notes = (*notes, "recorded on iOS, whose accelerations have the opposite sign: turned")
    elif platform not in {"ios", "android"}:
        notes = (*notes, "no Metadata.csv: taken as Android's signs")
    gyr = no_gyroscope(acc)
    member = source.member("Gyroscope.csv")
    if member:
        turn_s, turn, more = _logged(source, member)
        gyr, notes = at_times(time_s, turn_s, turn, LONGEST_S), (*notes, *more)
    return (
        PodData(
            label=source.path.stem,
            time_s=time_s,
            acc_mps2=acc,
            gyr_radps=gyr,
            clock="world time of the phone",
            device=f"Sensor Logger on {device or 'a phone'}",
            notes=notes,
        ),
    )


def _total_acceleration(source: Source) -> Series:
    """Specific force: logged as such, or motion and gravity added again."""
    member = source.member("TotalAcceleration.csv")
    if member:
        return _logged(source, member)
    motion, gravity = source.member("Accelerometer.csv"), source.member("Gravity.csv")
    if gravity is None:
        raise InputError(
            f"{source.name} has accelerations without gravity",
            "Accelerometer.csv holds motion only, and there is no Gravity.csv",
            "record again with Gravity or Total Acceleration switched on",
        )
    time_s, acc, notes = _logged(source, motion)
    other_s, down, more = _logged(source, gravity)
    total = acc + at_times(time_s, other_s, down, LONGEST_S)
    return time_s, total, (*notes, *more, "Accelerometer and Gravity added")


def _logged(source: Source, member: str | None) -> Series:
    table = read_table(source, member)
    stamp = numbers(source, table.frame, ["time", "seconds_elapsed"])
    start_s = stamp[0, 0] * 1e-9 - stamp[0, 1]  # nanoseconds since 1970 leave 0.2 us in a float
    values = numbers(source, table.frame, XYZ)
    return start_s + stamp[:, 1], values, table.notes


def _metadata(source: Source) -> tuple[str, bool, str]:
    """Platform, whether units and frames are standardised, and the name of the device."""
    member = source.member("Metadata.csv")
    if member is None:
        return "", False, ""
    row = read_table(source, member).frame.iloc[0]
    facts = {str(name).strip().casefold(): str(value).strip() for name, value in row.items()}
    standard = facts.get("standardisation", "").casefold() in {"true", "1", "yes"}
    return facts.get("platform", "").casefold(), standard, facts.get("device name", "")


# --- phyphox ---------------------------------------------------------------------------

_ACC: Final = (
    tuple(f"Acceleration {axis} (m/s^2)" for axis in XYZ),
    tuple(f"{axis.upper()} (m/s^2)" for axis in XYZ),
)
_GYR: Final = (
    tuple(f"Gyroscope {axis} (rad/s)" for axis in XYZ),
    tuple(f"{axis.upper()} (rad/s)" for axis in XYZ),
)
_TIME: Final = "Time (s)"


def _phyphox_evidence(source: Source) -> str | None:
    found = _phyphox_member(source, _ACC)
    return f'{found[0]} with the columns "{_TIME}" and "{found[1][0]}"' if found else None


def _phyphox(source: Source, asked: Asked) -> tuple[PodData, ...]:
    member, axes = _phyphox_member(source, _ACC) or ("", _ACC[0])
    table = read_table(source, member)
    values = numbers(source, table.frame, [_TIME, *axes])
    time_s, acc = values[:, 0], values[:, 1:]
    gyr, notes = no_gyroscope(acc), table.notes
    turn = _phyphox_member(source, _GYR)
    if turn:
        rates = read_table(source, turn[0])
        columns = numbers(source, rates.frame, [_TIME, *turn[1]])
        columns = columns[np.isfinite(columns[:, 0])]
        gyr = at_times(time_s, columns[:, 0], columns[:, 1:], LONGEST_S)
        notes = (*notes, *rates.notes)
    return (PodData(source.path.stem, time_s, acc, gyr, device="phyphox on a phone", notes=notes),)


def _phyphox_member(
    source: Source, families: tuple[tuple[str, ...], ...]
) -> tuple[str, tuple[str, ...]] | None:
    """The member and the axes in it; linear accelerations have other names or file names."""
    for member in source.members:
        if not member.lower().endswith((".csv", ".txt", ".tsv")) or "linear" in member.lower():
            continue
        found = first_line(source.head(member))
        names = columns_of(found[1]) if found else []
        axes = next((some for some in families if {_TIME, *some} <= set(names)), None)
        if axes:
            return member, axes
    return None


SENSOR_LOGGER: Final = Format(
    "sensor-logger", "Sensor Logger, zip or folder", _logger_evidence, _logger, "m/s² and rad/s"
)
PHYPHOX: Final = Format(
    "phyphox", "phyphox, zip, folder or CSV", _phyphox_evidence, _phyphox, "m/s² and rad/s"
)
