"""Speed and distance along a stretch of running, as strides tell them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.model.gait import Contacts
from gaitlab.model.recording import read_only
from gaitlab.model.units import Floats

FEWEST_STRIDES: Final = 3
STARTING_SHARE: Final = 0.7  # assumption: of the top speed; who begins slower came from rest
FIRST_LANDING_M: Final = 0.6  # assumption: from the line to where the first foot lands


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """Speed and distance at the middle of each stride, (n,) sorted by time.

    index : (n,) the contact that begins the stride, in the contacts it was made from
    speed_mps : median of three neighbours;  distance_m : from where the runner stood
    """

    index: np.ndarray
    at_s: Floats
    speed_mps: Floats
    distance_m: Floats

    def __post_init__(self) -> None:
        for name in ("index", "at_s", "speed_mps", "distance_m"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def way_m(self, time_s: Floats | float) -> Floats:
        """Distance at a time; the ends hold beyond them."""
        return np.asarray(np.interp(time_s, self.at_s, self.distance_m))

    def when_s(self, way_m: Floats | float) -> Floats:
        """Time at a distance; NaN beyond the ends."""
        return np.asarray(np.interp(way_m, self.distance_m, self.at_s, np.nan, np.nan))

    def part(self, low: int, high: int) -> "Pace":
        """The strides ``[low, high)``; distances stay those of the whole."""
        some = slice(low, high)
        return Pace(self.index[some], self.at_s[some], self.speed_mps[some], self.distance_m[some])


def pace_of(contacts: Contacts, fewest: int = FEWEST_STRIDES) -> Pace | None:
    """The pace of one stretch without pauses; None for fewer strides with a known speed.

    contacts : of the stretch, in order, odd ones left out
    """
    known = np.flatnonzero(np.isfinite(contacts.speed_mps) & np.isfinite(contacts.stride_time_s))
    if len(known) < fewest:
        return None
    at_s = contacts.ic_time_s[known] + 0.5 * contacts.stride_time_s[known]
    order = np.argsort(at_s, kind="stable")
    index, at_s = known[order], at_s[order]
    speed = middle_of_three(contacts.speed_mps[index])
    steps_m = 0.5 * (speed[1:] + speed[:-1]) * np.diff(at_s)
    from_rest = float(speed[0]) < STARTING_SHARE * float(speed.max())
    first_m = float(speed[0] * (at_s[0] - contacts.ic_time_s[0]))
    first_m += FIRST_LANDING_M if from_rest else 0.0
    return Pace(index, at_s, speed, first_m + np.concatenate(([0.0], np.cumsum(steps_m))))


def middle_of_three(values: Floats) -> Floats:
    """(n,) median of each value and its two neighbours; the ends are repeated.

    >>> middle_of_three(np.array([1.0, 9.0, 2.0, 3.0])).tolist()
    [1.0, 2.0, 3.0, 3.0]
    """
    padded = np.pad(values, 1, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 3), axis=1))


def evened(at_s: Floats, values: Floats, width_s: float) -> Floats:
    """(n,) mean of the values within ``width_s`` around each time; NaN ones are left out.

    >>> evened(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 6.0]), 2.0).tolist()
    [1.5, 3.0, 4.0]
    """
    known = np.isfinite(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, values, 0.0))))
    count = np.concatenate(([0], np.cumsum(known)))
    low = np.searchsorted(at_s, at_s - 0.5 * width_s, side="left")
    high = np.searchsorted(at_s, at_s + 0.5 * width_s, side="right")
    number = count[high] - count[low]
    return np.where(number > 0, (total[high] - total[low]) / np.maximum(number, 1), np.nan)
