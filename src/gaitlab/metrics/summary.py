"""Median, spread, n, uncertainty and quality of every metric, per activity and foot."""

from dataclasses import dataclass

import numpy as np

from gaitlab.metrics.catalog import CATALOG
from gaitlab.model.analysis import MetricSummary, Quality, Scope
from gaitlab.model.gait import ACTIVITIES, REST, Contacts, Flag
from gaitlab.model.recording import FEET
from gaitlab.model.units import Bools, Floats

ENOUGH, FEW = 10, 4  # contacts per foot for a steady mean; for any number worth a look
SD_PER_MAD = 1.4826
CLIPPED_SHARE = 0.05  # more clipped strides than this spoil lengths and angles
LOW_RATE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Systematic:
    """Uncertainty that averaging does not remove: absolute, relative to the value.

    event : how much the sampling interval adds (1 for a time between two events)
    """

    absolute: float
    relative: float = 0.0
    event: float = 0.0


# assumptions from the detectors' bias between athletes on recordings with known truth;
# the accuracy benchmark checks that the intervals hold
SYSTEMATIC = {
    "contact_time_s": Systematic(0.005, event=0.4),
    "flight_time_s": Systematic(0.005, event=0.4),
    "swing_time_s": Systematic(0.005, event=0.4),
    "step_time_s": Systematic(0.001),
    "stride_time_s": Systematic(0.0, 0.001),
    "cadence_spm": Systematic(0.0, 0.001),
    "duty_factor": Systematic(0.007, event=0.5),
    "strike_angle_rad": Systematic(np.radians(2.0)),
    "stride_length_m": Systematic(0.0, 0.015),
    "step_length_m": Systematic(0.0, 0.015),
    "speed_mps": Systematic(0.0, 0.015),
}
# a walker's heel lands softly and the toes leave slowly: the same detectors, less sharp events
WALKING = {
    "contact_time_s": Systematic(0.015, event=0.4),
    "flight_time_s": Systematic(0.015, event=0.4),
    "swing_time_s": Systematic(0.015, event=0.4),
    "duty_factor": Systematic(0.015, event=0.5),
}
SPATIAL = ("stride_length_m", "step_length_m", "speed_mps", "strike_angle_rad")
EVENT_TIMES = ("contact_time_s", "flight_time_s", "swing_time_s", "duty_factor")


def summarize(contacts: Contacts, lowest_rate_hz: float) -> tuple[MetricSummary, ...]:
    """Summaries of every metric of the catalogue over the valid contacts.

    One per metric, activity that occurs, and scope (both feet, and each foot that was
    recorded). A metric without a single value is there too, with the reason.
    """
    rows: list[MetricSummary] = []
    scopes: list[tuple[Scope, Bools]] = [("both", np.ones(len(contacts), dtype=bool))]
    scopes += [(FEET[code], contacts.foot == code) for code in np.unique(contacts.foot).tolist()]
    for activity in np.unique(contacts.activity).tolist():
        if activity == REST:
            continue
        for scope, mask in scopes:
            chosen = mask & (contacts.activity == activity)
            rows += [
                _summary(contacts, metric.name, chosen, scope, ACTIVITIES[activity], lowest_rate_hz)
                for metric in CATALOG
            ]
    return tuple(rows)


def _summary(
    contacts: Contacts, column: str, chosen: Bools, scope: Scope, activity: str, rate_hz: float
) -> MetricSummary:
    values: Floats = getattr(contacts, column)[chosen & contacts.valid]
    values = values[np.isfinite(values)]
    flags = contacts.flags[chosen]
    if not len(values):
        reason = _why_nothing(column, flags, len(flags))
        nan = float("nan")
        return MetricSummary(
            column, scope, activity, 0, nan, nan, nan, nan, nan, nan, nan, "not measurable", reason
        )
    median = float(np.median(values))
    mad = SD_PER_MAD * float(np.median(np.abs(values - median)))
    sd = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    low, high = (float(q) for q in np.percentile(values, (5, 95)))
    rule = SYSTEMATIC.get(column, Systematic(0.0))
    if activity == "walk" and column in EVENT_TIMES:
        rule = WALKING.get(column, rule)
    fixed = np.hypot(
        rule.absolute + rule.event * _sampling(column, rate_hz), rule.relative * median
    )
    uncertainty = float(np.hypot(fixed, 1.2533 * max(mad, 1e-12) / np.sqrt(len(values))))
    quality, reason = _quality(column, len(values), flags, scope)
    return MetricSummary(
        column, scope, activity, len(values), median, float(values.mean()), sd, mad, low, high,
        uncertainty, quality, reason,
    )  # fmt: skip


def _sampling(column: str, rate_hz: float) -> float:
    """What one sampling interval adds to a metric: in s for times, as it is for the duty factor."""
    return 1.0 / rate_hz if column in EVENT_TIMES else 0.0


def _share(flags: np.ndarray, flag: Flag) -> float:
    return float(np.mean((flags & flag) > 0)) if len(flags) else 0.0


def _quality(column: str, n: int, flags: np.ndarray, scope: Scope) -> tuple[Quality, str]:
    """How far a number is to be trusted, and why not further."""
    poor: list[str] = []
    fair: list[str] = []
    if n < FEW:
        poor.append(f"only {n} contacts")
    elif n < ENOUGH * (2 if scope == "both" else 1):
        fair.append(f"only {n} contacts")
    if column in EVENT_TIMES and _share(flags, Flag.LOW_RATE) > LOW_RATE_SHARE:
        poor.append("sampling rate too low for the length of a contact")
    if column in EVENT_TIMES and _share(flags, Flag.DISAGREE) > LOW_RATE_SHARE:
        fair.append("the detectors disagree")
    if column in SPATIAL and _share(flags, Flag.CLIPPED) > CLIPPED_SHARE:
        share = round(100 * _share(flags, Flag.CLIPPED))
        fair.append(f"the sensor clipped in {share} % of the strides")
    if column == "strike_angle_rad" and _share(flags, Flag.UNCALIBRATED) > LOW_RATE_SHARE:
        poor.append("the zero of the angle is not known")
    if column in ("flight_time_s", "step_time_s", "step_length_m") and (
        _share(flags, Flag.ONE_SIDED) > LOW_RATE_SHARE
    ):
        fair.append("from one foot, assuming both do the same")
    if _share(flags, Flag.GAP) > 0.2:
        fair.append(f"{round(100 * _share(flags, Flag.GAP))} % of the strides have missing samples")
    if poor:
        return "poor", "; ".join(poor + fair)
    return ("fair", "; ".join(fair)) if fair else ("good", "")


def _why_nothing(column: str, flags: np.ndarray, n: int) -> str:
    if n == 0:
        return "no contacts"
    if _share(flags, Flag.NO_GYROSCOPE) > LOW_RATE_SHARE and column not in (
        "stride_time_s", "cadence_spm",
    ):  # fmt: skip
        return "no gyroscope: only counts and cadence can be measured"
    if column in SPATIAL and _share(flags, Flag.UNCALIBRATED) > LOW_RATE_SHARE:
        return "the foot frame or the zero of the angle could not be found"
    if _share(flags, Flag.GAP) > LOW_RATE_SHARE:
        return "missing samples in every stride"
    return "no contact had all the events that this needs"
