"""Every step of a sprint: when, which foot, how long on the ground and in the air, how far."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.coaching.sprint.path import Path, kept
from gaitlab.model.gait import LEFT, RIGHT, Contacts, Flag
from gaitlab.model.recording import read_only
from gaitlab.model.units import Bools, Codes, Floats, Ints

STEP_SD_M: Final = 0.06  # assumption: one step of a sprinter differs that much from its neighbours
AROUND: Final = 3  # steps on each side that a contact is held against
OFF_S: Final = 0.025  # assumption: no sprinter's contact leaves its neighbours so far, see below
LOST_STEP: Final = 1.6  # times the middle step time: a landing is missing in between


@dataclass(frozen=True, slots=True, eq=False)
class SprintSteps:
    """The steps from the first landing on, k of them; NaN where a number is not known.

    number : 1 for the first landing, a landing that was not seen keeps its number
    length, cadence, speed : NaN where it is not known when the next landing was
    time_s : landing, on the clock of the sprint;  distance_m : of the body then
    length_m, length_sd_m : to the next landing, of the other foot
    speed_mps : of the body over the step;  cadence_spm : from the step time
    strike : code;  strike_angle_rad, strike_angle_sd_rad : toes up positive
    clipped : the sensor hit its range in it
    sure : the events are of ordinary quality, and the contact fits those around it
    """

    number: Ints
    foot: Codes
    time_s: Floats
    distance_m: Floats
    contact_s: Floats
    flight_s: Floats
    length_m: Floats
    length_sd_m: Floats
    speed_mps: Floats
    cadence_spm: Floats
    strike: Codes
    strike_angle_rad: Floats
    strike_angle_sd_rad: Floats
    clipped: Bools
    sure: Bools

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.time_s)


def steps_of(path: Path, contacts: Contacts, stride: Ints, until_s: float) -> SprintSteps:
    """The steps whose landing lies before ``until_s``.

    stride : (k,) contact at which each stride of the path's evidence begins

    Step lengths are those of the smooth way, moved so that every two of them make up the measured
    stride; a stride that the fit did not believe moves nothing.
    """
    n = len(contacts)
    landing_s = contacts.ic_time_s
    two_feet = len(np.intersect1d(contacts.foot, (LEFT, RIGHT))) == 2
    number = _numbers(contacts, two_feet)
    step_s = _step_times(contacts, number)
    at_m = path.distance_m(landing_s)
    smooth_m = path.distance_m(landing_s + step_s) - at_m
    length_m, sd_m = smooth_m, np.full(n, STEP_SD_M)
    if two_feet:
        length_m, sd_m = _stepped(path, contacts, stride, smooth_m)
    place = np.flatnonzero(landing_s < until_s)
    sd_m = np.where(np.isfinite(length_m), sd_m, np.nan)
    spoiled = (contacts.flags & (Flag.GAP | Flag.LOW_RATE | Flag.IMPLAUSIBLE)) != 0
    return SprintSteps(
        number[place], contacts.foot[place],
        (landing_s - path.clock_start_s)[place], at_m[place], contacts.contact_time_s[place],
        np.where(np.isfinite(step_s), contacts.flight_time_s, np.nan)[place],
        length_m[place], sd_m[place],
        (smooth_m / step_s)[place], (60.0 / step_s)[place], contacts.strike[place],
        contacts.strike_angle_rad[place], contacts.strike_angle_sd_rad[place],
        ((contacts.flags & Flag.CLIPPED) != 0)[place],
        ~spoiled[place]
        & ~stray_contacts(contacts.contact_time_s[place], contacts.flight_time_s[place]),
    )  # fmt: skip


def stray_contacts(contact_s: Floats, flight_s: Floats) -> Bools:
    """Steps (n,) one of whose two events was probably seen at a wrong instant.

    A landing that is told d too late makes its contact d shorter and the flight before it d
    longer; a take-off does the same to the flight after it. So a contact is stray when it is
    more than 25 ms off the median of the three steps on each side, and one of the two flights
    beside it is off its own neighbours by at least half as much the other way. Single contacts of
    one sprint differ by some 5 ms (assumption: five times that is no step). The first three steps
    are never stray, their contacts fall too fast; nor is anything in a row of fewer than seven.
    NaN is never stray.
    """
    n = len(contact_s)
    if n < 2 * AROUND + 1:
        return np.zeros(n, dtype=bool)
    off_s, flight_off_s = _beside(contact_s), _beside(flight_s)
    before_s = np.concatenate(([np.nan], flight_off_s[:-1]))
    against = np.minimum(
        np.nan_to_num(np.sign(off_s) * before_s), np.nan_to_num(np.sign(off_s) * flight_off_s)
    )
    stray = (np.abs(off_s) > OFF_S) & (against < -0.5 * np.abs(off_s))
    stray[:AROUND] = False
    return np.asarray(stray)


def _beside(values: Floats) -> Floats:
    """Each value (n,) less the median of those within three of it, itself left out; or NaN."""
    padded = np.pad(np.asarray(values, dtype=np.float64), AROUND, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
    others = np.sort(np.delete(windows, AROUND, axis=1), axis=1)  # NaN goes to the end
    known = np.isfinite(others).sum(axis=1)
    rows, high = np.arange(len(values)), np.maximum(known - 1, 0)
    middle = 0.5 * (others[rows, high // 2] + others[rows, (high + 1) // 2])
    return np.asarray(values - middle, dtype=np.float64)


def _numbers(contacts: Contacts, two_feet: bool) -> Ints:
    """Which landing each is, from 1; one foot has every second, a long pause hides some."""
    apart = np.diff(contacts.ic_time_s)
    if not two_feet or len(apart) < 2:
        return 1 + 2 * np.arange(len(contacts))
    same = np.diff(contacts.foot) == 0
    step_s = apart / np.where(same, 2.0, 1.0)
    beside = np.array([np.median(step_s[max(k - 3, 0) : k + 4]) for k in range(len(apart))])
    ratio = apart / beside
    jumps = np.where(
        same,
        np.where(ratio > LOST_STEP, 2.0 * np.maximum(np.round(ratio / 2.0), 1.0), 1.0),
        np.where(ratio > LOST_STEP, 1.0 + 2.0 * np.round((ratio - 1.0) / 2.0), 1.0),
    )
    return np.asarray(1 + np.concatenate(([0], np.cumsum(jumps))), dtype=np.int64)


def _step_times(contacts: Contacts, number: Ints) -> Floats:
    """To the next landing (n,): as measured, else where the next number was surely seen."""
    doubted = (contacts.flags & (Flag.GAP | Flag.DISAGREE | Flag.LOOSE)) != 0
    hidden = doubted & ~np.isfinite(contacts.contact_time_s)  # no hole or tumbling pod tells when
    follows = np.append((np.diff(number) == 1) & ~hidden[1:], False) & ~hidden
    apart_s = np.append(np.diff(contacts.ic_time_s), np.nan)
    alone = (contacts.flags & Flag.ONE_SIDED) != 0
    known_s = np.where(np.isfinite(contacts.step_time_s), contacts.step_time_s, apart_s)
    return np.where(follows | (alone & np.isfinite(contacts.step_time_s)), known_s, np.nan)


def _stepped(
    path: Path, contacts: Contacts, stride: Ints, smooth_m: Floats
) -> tuple[Floats, Floats]:
    """Length of every step (n,) and its standard uncertainty: two steps make one stride."""
    n = len(contacts)
    evidence = path.evidence
    use = kept(path) & (stride + 2 < n)
    use[use] &= contacts.foot[np.minimum(stride[use] + 2, n - 1)] == contacts.foot[stride[use]]
    first = stride[use]
    rows = np.zeros((len(first), n))
    rows[np.arange(len(first)), first] = 1.0
    rows[np.arange(len(first)), first + 1] = 1.0
    sd = evidence.length_sd_m[use]
    information = np.eye(n) / STEP_SD_M**2 + rows.T @ (rows / sd[:, None] ** 2)
    covariance = np.linalg.inv(information)
    off = path.residual_m[use] / path.measured_share[use] / sd**2
    return smooth_m + covariance @ (rows.T @ off), np.sqrt(np.diag(covariance))


def missing_numbers(steps: SprintSteps) -> Ints:
    """Numbers of the landings that were not seen between the first and the last."""
    if not len(steps):
        return np.empty(0, dtype=np.int64)
    return np.setdiff1d(np.arange(steps.number[0], steps.number[-1] + 1), steps.number)
