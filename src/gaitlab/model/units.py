"""Every conversion factor of the project. SI inside; other units at the edges only."""

from math import pi
from typing import Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]

STANDARD_GRAVITY_MPS2 = 9.80665
RAD_PER_DEG = pi / 180.0
DEG_PER_RAD = 180.0 / pi
MS_PER_S = 1000.0
SECONDS_PER_MINUTE = 60.0
KMH_PER_MPS = 3.6
METRES_PER_KM = 1000.0
METRES_PER_MILE = 1609.344
MPH_PER_MPS = 3600.0 / METRES_PER_MILE

PaceUnits = Literal["km", "mi", "track"]
PACE_UNITS: Final[dict[PaceUnits, tuple[str, float]]] = {
    "km": ("min/km", METRES_PER_KM),
    "mi": ("min/mile", METRES_PER_MILE),
    "track": ("s/100 m", 100.0),
}

_Number = TypeVar("_Number", float, NDArray[np.float64])


def cadence_from_stride_time(stride_time_s: _Number) -> _Number:
    """Steps per minute of both feet from the time of one stride (two steps) in s.

    >>> cadence_from_stride_time(0.75)
    160.0
    """
    return 2.0 * SECONDS_PER_MINUTE / stride_time_s


def pace_text(speed_mps: float, metres: float = METRES_PER_KM) -> str:
    """Pace as min:s over ``metres`` (a kilometre by default); an en dash when standing.

    >>> pace_text(4.0)
    '4:10'
    >>> pace_text(0.0)
    '–'
    """
    if not speed_mps > 0.1:
        return "–"
    seconds = round(metres / speed_mps)
    return f"{seconds // 60}:{seconds % 60:02d}"


def pace_with_unit(speed_mps: float, units: PaceUnits = "km") -> str:
    """Pace as a reader of that country or place knows it: min/km, min/mile or s/100 m.

    >>> pace_with_unit(4.0), pace_with_unit(4.0, "mi"), pace_with_unit(8.0, "track")
    ('4:10 min/km', '6:42 min/mile', '12.5 s/100 m')
    """
    name, metres = PACE_UNITS[units]
    if units == "track":
        return f"{metres / speed_mps:.1f} {name}" if speed_mps > 0.1 else f"– {name}"
    return f"{pace_text(speed_mps, metres)} {name}"


def fast_with_unit(speed_mps: float, units: PaceUnits = "km") -> str:
    """The speed of a sprint as people name it: km/h, mph, or s/100 m on a track.

    >>> fast_with_unit(10.0), fast_with_unit(10.0, "mi"), fast_with_unit(8.0, "track")
    ('36.0 km/h', '22.4 mph', '12.5 s/100 m')
    """
    if units == "track":
        return pace_with_unit(speed_mps, units)
    factor, name = (KMH_PER_MPS, "km/h") if units == "km" else (MPH_PER_MPS, "mph")
    return f"{factor * speed_mps:.1f} {name}" if speed_mps > 0.1 else f"– {name}"
