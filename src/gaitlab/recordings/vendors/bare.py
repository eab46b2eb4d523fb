"""Tables whose headers name no units, as Arduino sketches write them.

Their units are those of the convention, tested on the data: gravity at rest says what one
unit of acceleration is, the step of the time column what one unit of time is.
"""

import re
from typing import Final

import numpy as np

from gaitlab.model.errors import UnitsError
from gaitlab.model.recording import FootStream
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Floats
from gaitlab.recordings.checks import rest_norm
from gaitlab.recordings.exchange import ACC_UNITS, GYR_UNITS, parse_units
from gaitlab.recordings.vendors.columns import numbers
from gaitlab.recordings.vendors.model import Asked, Format, PodData, no_gyroscope
from gaitlab.recordings.vendors.source import Source, columns_of, first_line, read_table

_TIME: Final = re.compile(r"^(time|timestamp|t|millis|ms)(_?(ms|us|s|micros|millis))?$")
#: ax, aX, acc_x, accX, accel_x, a_x ...; gx, gyr_x, gyro_x ...
_ACC: Final = re.compile(r"^(a|acc|accel|acceleration)[_ ]?([xyz])$")
_GYR: Final = re.compile(r"^(g|gyr|gyro|gyroscope)[_ ]?([xyz])$")
_STEPS_S: Final = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
RATES_HZ: Final = (20.0, 2000.0)
GRAVITY_NEAR = 0.3
MOVING_MPS2: Final = (9.6, 71.0)


def evidence(source: Source) -> str | None:
    """A time and three accelerations, without words about units."""
    names = _names(source)
    if "foot" in names or "(" in "".join(names):
        return None
    time, acc = _one(names, _TIME), _three(names, _ACC)
    if time is None or acc is None:
        return None
    return f"the columns {time}, {', '.join(acc)}; units are tested on the data"


def read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    """The one pod of the file."""
    table = read_table(source)
    names = list(table.frame.columns)
    acc_names, gyr_names = _three(names, _ACC) or [], _three(names, _GYR)
    time = _one(names, _TIME) or names[0]
    clock = numbers(source, table.frame, [time])[:, 0]
    acc = numbers(source, table.frame, acc_names)
    gyr = numbers(source, table.frame, gyr_names) if gyr_names else no_gyroscope(acc)
    per_s, time_note = time_unit(source, clock)
    acc_one, gyr_one, unit_note = _units(source, clock * per_s, acc, asked)
    return (
        PodData(
            label=source.path.stem,
            time_s=clock * per_s,
            acc_mps2=acc * acc_one,
            gyr_radps=gyr * gyr_one,
            device="Arduino-style CSV",
            notes=(*table.notes, time_note, unit_note),
        ),
    )


def _units(source: Source, time_s: Floats, acc: Floats, asked: Asked) -> tuple[float, float, str]:
    """m/s^2 and rad/s in one unit of the file, and what speaks for that."""
    if asked.assume_units:
        units = parse_units(asked.assume_units)
        return ACC_UNITS[units.acc], GYR_UNITS[units.gyr], units.note or ""
    one, why = acc_unit(source, time_s, acc)
    return one, RAD_PER_DEG, f"{why}; rotation taken as deg/s, as such sketches write it"


def time_unit(source: Source, clock: Floats) -> tuple[float, str]:
    """Seconds in one unit of ``clock``, from the step between samples.

    Raises UnitsError when neither seconds, milli- nor microseconds give a sensible rate.
    """
    step = np.diff(clock)
    step = step[step > 0]
    usual = float(np.median(step)) if len(step) else 0.0
    for unit, per_s in _STEPS_S.items():
        if usual and RATES_HZ[0] <= 1 / (usual * per_s) <= RATES_HZ[1]:
            rate_hz = 1 / (usual * per_s)
            return per_s, f"time in {unit}: its step of {usual:g} makes {rate_hz:.4g} Hz"
    raise UnitsError(
        f"the time of {source.name} is in no known unit",
        f"a step of {usual:g} is no sensible rate in s, ms or us",
        "convert the column to seconds",
    )


def acc_unit(source: Source, time_s: Floats, acc: Floats) -> tuple[float, str]:
    """m/s^2 in one unit of ``acc`` (n, 3), and the evidence.

    The norm at rest is gravity. In a run without any rest, the norm in the middle lies between
    9.6 and 71 m/s^2 (walking to sprinting), which no other unit shares.

    Raises UnitsError when that fits no unit.
    """
    norm = np.linalg.norm(acc, axis=1)
    rest = rest_norm(FootStream("unknown", time_s, acc, no_gyroscope(acc)), norm)
    middle = float(np.nanmedian(norm)) if np.isfinite(norm).any() else np.nan
    for unit, one in ACC_UNITS.items():
        if rest is not None and abs(rest * one / STANDARD_GRAVITY_MPS2 - 1) < GRAVITY_NEAR:
            return one, f"acceleration in {unit}: its norm at rest is {rest:.4g}"
        if rest is None and MOVING_MPS2[0] <= middle * one <= MOVING_MPS2[1]:
            return one, f"acceleration in {unit}: its norm in the middle of the run is {middle:.4g}"
    found = f"at rest its norm is {rest:.4g}" if rest else f"its norm is {middle:.4g} in the middle"
    raise UnitsError(
        f"the acceleration of {source.name} is in no known unit",
        f"{found}; gravity is 9.81 m/s^2, 1 g or 1000 mg",
        "name the units with --assume-units, such as g,deg/s; raw counts must be scaled first",
    )


def _names(source: Source) -> list[str]:
    found = first_line(source.head())
    return columns_of(found[1]) if found else []


def _one(names: list[str], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in names if pattern.match(name.lower())), None)


def _three(names: list[str], pattern: re.Pattern[str]) -> list[str] | None:
    """The columns of the three axes, in order."""
    found = {match[2]: name for name in names if (match := pattern.match(name.lower()))}
    return [found[axis] for axis in "xyz"] if set(found) == set("xyz") else None


FORMAT: Final = Format("arduino", "Arduino-style CSV", evidence, read)
