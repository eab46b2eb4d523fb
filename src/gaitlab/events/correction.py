"""A personal correction of contact time, fitted by the user against video or a light barrier.

Every detector is early or late by an amount that changes with speed and with the foot strike
(Falbriard 2018, 10.3389/fphys.2018.00610). No published numbers fit every pod, shoe and
definition of contact, so none are built in: who has a reference at three speeds or more can
fit contact time + b0 + b1 speed + b2 strike angle, and have it applied. Off by default.
"""

import json
from dataclasses import asdict, dataclass, replace

import numpy as np

from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.gait import RUN, Contacts
from gaitlab.model.units import DEG_PER_RAD, MS_PER_S, Bools, Floats

SCHEMA, SCHEMA_VERSION = "gaitlab.correction", 1
FEWEST_SPEEDS, SAME_SPEED_MPS = 3, 0.25  # slower and faster than this apart: another speed
FEWEST_FOR_ANGLE, ANGLE_SD_RAD = 6, 0.02  # rows, and spread of the angle, that carry its slope
LARGEST_S = 0.060  # a correction beyond this is a mistake in the table

Covariance = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to a contact time: b0 + b1 speed + b2 strike angle, in s.

    b0_s, b1_s_per_mps, b2_s_per_rad : coefficients; b2 is 0 where the table could not carry it
    covariance : (3, 3) of the three, in their units; standard errors are the roots of its diagonal
    residual_sd_s : what single rows of the table stray from the line
    n, speeds_mps : rows, and the lowest and highest speed; no further is it carried
    strike_angle_rad : mean of the table, stands in where an angle is unknown
    reference : what measured the true contact time, in the user's words
    """

    b0_s: float
    b1_s_per_mps: float
    b2_s_per_rad: float
    covariance: Covariance
    residual_sd_s: float
    n: int
    speeds_mps: tuple[float, float]
    strike_angle_rad: float
    reference: str = "reference"

    @property
    def standard_errors(self) -> tuple[float, float, float]:
        """Of b0, b1 and b2, in their units."""
        a, b, c = np.sqrt(np.maximum(np.diag(np.array(self.covariance)), 0.0)).tolist()
        return a, b, c

    def words(self) -> str:
        """One plain sentence for tables and pages."""
        low, high = self.speeds_mps
        angle = ""
        if self.b2_s_per_rad:
            angle = f" {MS_PER_S * self.b2_s_per_rad / DEG_PER_RAD:+.2f} ms per degree of strike"
        return (
            f"contact times corrected to {self.reference}: {MS_PER_S * self.b0_s:+.1f} ms "
            f"{MS_PER_S * self.b1_s_per_mps:+.2f} ms per m/s{angle}, from {self.n} rows "
            f"between {low:.1f} and {high:.1f} m/s"
        )


def fit_correction(
    contact_time_s: Floats,
    reference_contact_time_s: Floats,
    speed_mps: Floats,
    strike_angle_rad: Floats | None = None,
    *,
    reference: str = "reference",
) -> Correction:
    """Least squares of what the reference adds to the measured contact times.

    contact_time_s, reference_contact_time_s, speed_mps, strike_angle_rad : (n,), a step or the
    mean of a run each; rows with a NaN are left out (of the angle: only when it is not used)

    Raises
    ------
    UsageError : fewer than three speeds, or differences that no detector has
    """
    rows = np.stack((contact_time_s, reference_contact_time_s, speed_mps))
    known = np.asarray(np.isfinite(rows).all(axis=0))
    angle = np.full(rows.shape[1], np.nan) if strike_angle_rad is None else strike_angle_rad
    with_angle = _carries_angle(angle[known])
    measured, true, speed = rows[:, known]
    _refuse(measured, true, speed)
    middle = float(np.mean(angle[known])) if np.isfinite(angle[known]).all() else float("nan")
    design = np.stack((np.ones(len(speed)), speed, angle[known] if with_angle else 0 * speed), 1)
    used = design[:, : 3 if with_angle else 2]
    solution, _, _, _ = np.linalg.lstsq(used, true - measured, rcond=None)
    stray = true - measured - used @ solution
    residual = float(np.sqrt(stray @ stray / (len(speed) - used.shape[1])))
    covariance = np.zeros((3, 3))
    covariance[: used.shape[1], : used.shape[1]] = residual**2 * np.linalg.inv(used.T @ used)
    b0, b1, b2 = (*solution.tolist(), 0.0)[:3]
    return Correction(
        b0, b1, b2, _as_tuples(covariance), residual, len(speed),
        (float(speed.min()), float(speed.max())), middle, reference,
    )  # fmt: skip


def _as_tuples(covariance: Floats) -> Covariance:
    return tuple((row[0], row[1], row[2]) for row in covariance.tolist())


def _carries_angle(angle_rad: Floats) -> bool:
    """Whether the angles of a table can tell the slope of the correction in them."""
    enough = len(angle_rad) >= FEWEST_FOR_ANGLE and bool(np.isfinite(angle_rad).all())
    return enough and float(np.std(angle_rad)) > ANGLE_SD_RAD


def _refuse(measured_s: Floats, true_s: Floats, speed_mps: Floats) -> None:
    speeds = 0
    if len(speed_mps):
        speeds = 1 + int((np.diff(np.sort(speed_mps)) > SAME_SPEED_MPS).sum())
    if speeds < FEWEST_SPEEDS:
        raise UsageError(
            f"{speeds} speeds are too few for a correction",
            f"{len(speed_mps)} complete rows; speeds count as different from "
            f"{SAME_SPEED_MPS} m/s apart",
            f"measure at {FEWEST_SPEEDS} speeds or more: the error changes with speed",
        )
    largest = float(np.abs(true_s - measured_s).max())
    if largest > LARGEST_S:
        raise UsageError(
            f"a row differs from its reference by {MS_PER_S * largest:.0f} ms",
            f"no detector is off by more than {MS_PER_S * LARGEST_S:.0f} ms",
            "check that both columns are in seconds and that each row is the same step",
        )


def with_correction(contacts: Contacts, correction: Correction | None) -> Contacts:
    """The contacts with their running contact times corrected, (k,); None changes nothing.

    Terminal contact moves, and flight, swing and duty factor with it, so that contact + flight
    is still the step. The time as detected stays in ``contact_time_raw_s``. Where the speed of
    a stride is unknown that of the strides around it on the same foot stands in; beyond the
    table's speeds the correction stays what it is at its end. The uncertainty of the
    correction is added to that of the event.
    """
    if correction is None or not len(contacts):
        return contacts
    speed = np.clip(_known_speeds(contacts), *correction.speeds_mps)
    angle = np.where(
        np.isfinite(contacts.strike_angle_rad),
        contacts.strike_angle_rad,
        np.nan_to_num(correction.strike_angle_rad),
    )
    design = np.stack((np.ones(len(contacts)), speed, angle), axis=1)
    b = np.array((correction.b0_s, correction.b1_s_per_mps, correction.b2_s_per_rad))
    longer = (design * b).sum(axis=1)
    variance = np.einsum("ki,ij,kj->k", design, np.array(correction.covariance), design)
    applies = _runs(contacts) & np.isfinite(longer)
    longer, variance = np.where(applies, longer, 0.0), np.where(applies, variance, 0.0)
    contact_s = contacts.contact_time_s + longer
    return replace(
        contacts,
        tc_time_s=contacts.tc_time_s + longer,
        contact_time_s=contact_s,
        flight_time_s=contacts.flight_time_s - longer,
        swing_time_s=contacts.swing_time_s - longer,
        duty_factor=contact_s / contacts.stride_time_s,
        tc_sd_s=np.sqrt(contacts.tc_sd_s**2 + variance),
    )


def _runs(contacts: Contacts) -> Bools:
    return np.asarray(contacts.activity == RUN)


def _known_speeds(contacts: Contacts) -> Floats:
    """(k,) speed of each contact, from the contacts around it where its own is unknown."""
    speed = contacts.speed_mps.copy()
    for code in np.unique(contacts.foot):  # two feet at most
        mine = (contacts.foot == code) & _runs(contacts)
        known = mine & np.isfinite(speed)
        lacks = mine & ~known
        if known.any() and lacks.any():
            time_s = contacts.ic_time_s
            speed[lacks] = np.interp(time_s[lacks], time_s[known], speed[known])
    return speed


def to_json(correction: Correction) -> str:
    """The correction as text; ``from_json`` reads it."""
    head = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION}
    body = {**head, **asdict(correction), "standard_errors": correction.standard_errors}
    angle = correction.strike_angle_rad
    body["strike_angle_rad"] = angle if np.isfinite(angle) else None
    return json.dumps(body, indent=2, allow_nan=False) + "\n"


def from_json(text: str) -> Correction:
    """Read what ``to_json`` wrote; InputError with the reason when it is something else."""
    try:
        told = json.loads(text)
        if told["schema"] != SCHEMA or told["schema_version"] > SCHEMA_VERSION:
            raise ValueError(f"{told['schema']} version {told['schema_version']}")
        angle = told["strike_angle_rad"]
        low, high = map(float, told["speeds_mps"])
        made = Correction(
            float(told["b0_s"]), float(told["b1_s_per_mps"]), float(told["b2_s_per_rad"]),
            tuple((float(a), float(b), float(c)) for a, b, c in told["covariance"]),
            float(told["residual_sd_s"]), int(told["n"]), (low, high),
            float("nan") if angle is None else float(angle), str(told["reference"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            "this is not a correction file",
            f"it lacks {error}" if isinstance(error, KeyError) else str(error),
            "make one with `gaitlab correction TABLE.csv -o FILE.json`",
        ) from error
    if len(made.covariance) != len(made.covariance[0]):
        raise InputError("this is not a correction file", "its covariance is not 3 by 3")
    return made
