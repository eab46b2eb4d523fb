"""Personal calibration of lengths and speeds from distances that are known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import Contacts
from gaitlab.model.recording import Mark
from gaitlab.model.units import Floats

MOST_OFF = 0.15  # a factor further from 1 than this is a wrong distance, not a calibration
ONE_DISTANCE_SD = 0.01  # standard uncertainty of a factor from a single distance; assumption
LONGEST_FILL_S = 3.0  # strides without a length are filled from their neighbours up to this long


@dataclass(frozen=True, slots=True)
class LengthScale:
    """True length over measured length: multiply lengths and speeds by ``factor``.

    sd : standard uncertainty of the factor;  n : distances that it rests on
    """

    factor: float
    sd: float
    n: int


def length_scale(measured_m: Floats, known_m: Floats) -> LengthScale:
    """The factor that makes measured distances (k,) agree with known ones (k,), least squares.

    Published gain of such a personal model: bias between runners from 0.11 to 0.01 m/s SD
    (Falbriard 2021, PMC8014039). Raises AnalysisError without a distance, and when the factor
    is so far from one that the distance must be wrong.
    """
    use = np.isfinite(measured_m) & np.isfinite(known_m) & (measured_m > 0.0) & (known_m > 0.0)
    measured, known = measured_m[use], known_m[use]
    if not len(measured):
        raise AnalysisError(
            "nothing to calibrate lengths with",
            "no known distance lies within the measured strides",
            "give a distance with its start and stop, or marks with distance_m in the sidecar",
        )
    factor = float(np.sum(measured * known) / np.sum(measured**2))
    if abs(factor - 1.0) > MOST_OFF:
        raise AnalysisError(
            "the known distance does not fit the run",
            f"{known.sum():.1f} m are known, {measured.sum():.1f} m were measured",
            "check the distance and its start and stop times",
        )
    if len(measured) == 1:
        return LengthScale(factor, ONE_DISTANCE_SD, 1)
    left_over = known - factor * measured
    variance = float(np.sum(left_over**2) / (len(measured) - 1) / np.sum(measured**2))
    return LengthScale(factor, float(np.sqrt(variance)), len(measured))


def distance_between(contacts: Contacts, start_s: float, stop_s: float) -> float:
    """Distance run between two instants by the measured strides, m; NaN when not covered.

    Each foot's strides are laid end to end; the feet are averaged. A stride without a length
    takes the speed of those beside it, a longer hole makes the foot's distance NaN.
    """
    ways = [_way(contacts, code, start_s, stop_s) for code in np.unique(contacts.foot)]
    known = [way for way in ways if np.isfinite(way)]
    return float(np.mean(known)) if known else float("nan")


def distances_between_marks(contacts: Contacts, marks: Sequence[Mark]) -> tuple[Floats, Floats]:
    """Measured and known distances (k,), m, between neighbouring marks that have a distance."""
    placed = sorted(
        (mark for mark in marks if mark.distance_m is not None), key=lambda mark: mark.time_s
    )
    pairs = list(pairwise(placed))
    known = np.array([(b.distance_m or 0.0) - (a.distance_m or 0.0) for a, b in pairs])
    measured = np.array([distance_between(contacts, a.time_s, b.time_s) for a, b in pairs])
    return measured, known


def _way(contacts: Contacts, code: int, start_s: float, stop_s: float) -> float:
    mine = contacts.foot == code
    time_s, speed = contacts.ic_time_s[mine], contacts.speed_mps[mine]
    seen = np.flatnonzero(np.isfinite(speed))
    if len(seen) < 2 or start_s < time_s[0] or stop_s > time_s[-1] + 1.0:
        return float("nan")
    asked = (time_s[seen][1:] > start_s) & (time_s[seen][:-1] < stop_s)
    if not asked.any() or np.diff(time_s[seen])[asked].max() > LONGEST_FILL_S:
        return float("nan")
    filled = np.interp(time_s, time_s[seen], speed[seen])
    place = np.concatenate(([0.0], np.cumsum(filled[:-1] * np.diff(time_s))))
    end = place[-1] + filled[-1] * max(stop_s - time_s[-1], 0.0)
    to = np.interp(stop_s, time_s, place) if stop_s <= time_s[-1] else end
    return float(to - np.interp(start_s, time_s, place))


def with_length_scale(contacts: Contacts, factor: float) -> Contacts:
    """The contacts with every length and speed along the ground times ``factor``.

    The height of the swing stays: a known distance says what the way forward lacks, mostly what
    the foot still moves at mid-stance, and nothing of the way up and down. Only a wrong scale of
    the accelerometer would change both, and standing shows that one as a norm that is not 1 g.
    """
    return replace(
        contacts,
        stride_length_m=contacts.stride_length_m * factor,
        step_length_m=contacts.step_length_m * factor,
        speed_mps=contacts.speed_mps * factor,
        stride_length_sd_m=contacts.stride_length_sd_m * factor,
    )
