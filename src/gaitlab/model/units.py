"""Every conversion factor of the project. SI inside; other units at the edges only."""

from math import pi
from typing import TypeVar

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
