"""Median, spread, n, uncertainty and quality of every metric, per activity and foot."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

import numpy as np

from gaitlab.metrics.catalog import CATALOG
from gaitlab.metrics.mechanics import SPRING, Circumstances, why_not
from gaitlab.metrics.uncertainty import EVENT_TIMES, Typical, median_uncertainty, typical
from gaitlab.model.analysis import MetricSummary, Quality, Scope
from gaitlab.model.gait import ACTIVITIES, REST, Contacts, Flag
from gaitlab.model.recording import FEET, Foot
from gaitlab.model.units import RAD_PER_DEG, Bools, Floats, Ints

ENOUGH, FEW = 10, 4  # contacts per foot for a steady mean; for any number worth a look
SD_PER_MAD = 1.4826
CLIPPED_SHARE = 0.05  # more clipped strides than this spoil lengths and angles
FAIR_ABOVE, POOR_ABOVE = 0.03, 0.10  # uncertainty as a share of a length or speed
FAIR_ANGLE_RAD, POOR_ANGLE_RAD = 2.0 * RAD_PER_DEG, 4.0 * RAD_PER_DEG
FAIR_TIME, POOR_TIME = 0.10, 0.20  # uncertainty as a share of a contact time
FAIR_MISSING, POOR_MISSING = 0.20, 0.50  # share of the strides that count without a length
LOW_RATE_SHARE = 0.5


COUNTED = ("stride_time_s", "cadence_spm")  # all that a pod without a gyroscope gives
TIMED = (*EVENT_TIMES, *SPRING, "flight_ratio", "contact_length_m")
LENGTHS = ("stride_length_m", "step_length_m", "speed_mps")
SPATIAL = (
    *LENGTHS, "strike_angle_rad", "contact_length_m",
    "leg_stiffness_n_per_m_per_kg", "swing_height_m",
)  # fmt: skip


def summarize(
    contacts: Contacts,
    rates_hz: Mapping[Foot, float] | float,
    known: Circumstances | None = None,
) -> tuple[MetricSummary, ...]:
    """Summaries of every metric of the catalogue over the valid contacts.

    One per metric, activity that occurs, and scope (both feet, and each foot that was
    recorded). A metric without a single value is there too, with the reason. What spoils one
    foot spoils the number of both.

    rates_hz : of each foot, or of all
    """
    known = known or Circumstances()
    rows: list[MetricSummary] = []
    scopes: list[tuple[Scope, Bools]] = [("both", np.ones(len(contacts), dtype=bool))]
    scopes += [(FEET[code], contacts.foot == code) for code in np.unique(contacts.foot).tolist()]
    rates = {scope: _rate(rates_hz, scope) for scope, _ in scopes}
    for activity in np.unique(contacts.activity).tolist():
        if activity == REST:
            continue
        here = contacts.activity == activity
        worst = _worst([_shares(contacts.flags[here & side]) for _, side in scopes[1:]])
        for scope, mask in scopes:
            chosen = contacts.where(mask & here)
            counted = chosen.where(chosen.valid)
            usual = typical(counted)
            group = _Group(
                chosen, counted, scope, ACTIVITIES[activity], usual, known, rates[scope],
                worst if scope == "both" else _shares(chosen.flags),
            )  # fmt: skip
            spreads = _spreads(counted)
            rows += [
                _summary(group, metric.name, spreads, row) for row, metric in enumerate(CATALOG)
            ]
    return tuple(rows)


def _rate(rates_hz: Mapping[Foot, float] | float, scope: Scope) -> float:
    """Sampling rate of a foot, the lowest for both."""
    if not isinstance(rates_hz, Mapping):
        return rates_hz
    return min(rates_hz.values()) if scope == "both" else rates_hz[scope]


def _worst(shares: list[dict[Flag, float]]) -> dict[Flag, float]:
    """The larger share of each flag over the feet; empty without contacts."""
    return {flag: max(one.get(flag, 0.0) for one in shares) for flag in Flag if any(shares)}


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """The contacts of one activity and scope, those that do not count included."""

    contacts: Contacts
    counted: Contacts
    scope: Scope
    activity: str
    usual: Typical
    known: Circumstances
    rate_hz: float
    shares: dict[Flag, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Spreads:
    """n, median, mean, SD, robust SD, 5th and 95th percentile of every metric, each (m,)."""

    n: Ints
    median: Floats
    mean: Floats
    sd: Floats
    mad: Floats
    low: Floats
    high: Floats


def _spreads(counted: Contacts) -> _Spreads:
    """Of all metrics at once: one pass over a table costs less than twenty over its columns."""
    values = np.stack([getattr(counted, metric.name) for metric in CATALOG])
    known = np.isfinite(values)
    n = known.sum(axis=1)
    some = np.maximum(n, 1)
    ordered = np.sort(np.where(known, values, np.nan), axis=1)  # what is missing comes last
    median = _quantiles(ordered, n, 0.5)
    off = np.sort(np.abs(ordered - median[:, None]), axis=1)
    mean = np.where(known, values, 0.0).sum(axis=1) / some
    away = np.where(known, values - mean[:, None], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt(np.einsum("mk,mk->m", away, away) / np.where(n > 1, n - 1, np.nan))
    return _Spreads(
        n, median, np.where(n > 0, mean, np.nan), sd, SD_PER_MAD * _quantiles(off, n, 0.5),
        _quantiles(ordered, n, 0.05), _quantiles(ordered, n, 0.95),
    )  # fmt: skip


def _quantiles(ordered: Floats, n: Ints, share: float) -> Floats:
    """(m,) quantile of the first ``n`` (m,) sorted values of each row, between neighbours."""
    if not ordered.shape[1]:
        return np.full(len(ordered), np.nan)
    rows, place = np.arange(len(ordered)), share * np.maximum(n - 1, 0)
    below = place.astype(np.int64)
    above = np.minimum(below + 1, np.maximum(n - 1, 0))
    low, high = ordered[rows, below], ordered[rows, above]
    return np.asarray(low + (place - below) * (high - low))


def _summary(group: _Group, name: str, spreads: _Spreads, row: int) -> MetricSummary:
    """One metric over the valid contacts of a group."""
    chosen, known = group.contacts, group.known
    scope, activity = group.scope, group.activity
    n = int(spreads.n[row])
    if not n:
        reason = why_not(name, chosen, known, group.rate_hz) or _why_nothing(name, group.shares)
        return MetricSummary(
            name, scope, activity, 0, nan, nan, nan, nan, nan, nan, nan, "not measurable", reason
        )
    median, mean, sd, mad, low, high = (
        float(column[row])
        for column in (
            spreads.median, spreads.mean, spreads.sd, spreads.mad, spreads.low, spreads.high,
        )
    )  # fmt: skip
    uncertainty = median_uncertainty(name, group.usual, known, n, len(chosen), median, mad)
    poor, fair = _unsure(name, uncertainty, median)
    _lost(name, n, len(group.counted), poor, fair)
    if name == "strike_angle_rad" and known.not_level:
        fair.append("the ground is not level: the zero lies between its slope and gravity")
    quality, reason = _quality(name, n, group.shares, scope, (poor, fair))
    return MetricSummary(
        name, scope, activity, n, median, mean, sd, mad, low, high,
        uncertainty, quality, reason,
    )  # fmt: skip


def _shares(flags: np.ndarray) -> dict[Flag, float]:
    """Share of the contacts that carry each flag; empty without contacts."""
    if not len(flags):
        return {}
    return {flag: float(np.count_nonzero(flags & flag)) / len(flags) for flag in Flag}


def _unsure(column: str, uncertainty: float, median: float) -> tuple[list[str], list[str]]:
    """Reasons for poor and for fair that lie in the size of the uncertainty itself.

    The limits are our choice: a length to 3 %, an angle to 2 degrees and a contact to 10 % still
    tell two runners apart.
    """
    if column == "strike_angle_rad":
        size, limits = uncertainty, (FAIR_ANGLE_RAD, POOR_ANGLE_RAD)
        reason = f"known to ± {uncertainty / RAD_PER_DEG:.1f} degrees"
    elif column in LENGTHS or column == "contact_time_s":
        size = uncertainty / abs(median) if median else 0.0
        limits = (FAIR_TIME, POOR_TIME) if column == "contact_time_s" else (FAIR_ABOVE, POOR_ABOVE)
        reason = f"known to ± {100.0 * size:.0f} %"
    else:
        return [], []
    return ([reason], []) if size > limits[1] else ([], [reason] if size > limits[0] else [])


def _lost(column: str, n: int, n_counted: int, poor: list[str], fair: list[str]) -> None:
    """A reason where strides that count have no length, added to one of the two lists.

    A sensor at its range loses the fast strides, not any: then the median is that of the slow
    ones, which no uncertainty of the measurement covers.
    """
    lost = 1.0 - n / max(n_counted, 1)
    if column in LENGTHS and n_counted - n >= FEW and lost > FAIR_MISSING:
        reason = f"{round(100 * lost)} % of the strides have none: the median is that of the others"
        (poor if lost > POOR_MISSING else fair).append(reason)


def _quality(
    column: str,
    n: int,
    shares: dict[Flag, float],
    scope: Scope,
    unsure: tuple[list[str], list[str]],
) -> tuple[Quality, str]:
    """How far a number is to be trusted, and why not further."""
    poor, fair = unsure
    if n < FEW:
        poor.append(f"only {n} contacts")
    elif n < ENOUGH * (2 if scope == "both" else 1):
        fair.append(f"only {n} contacts")
    _timing(column, shares, poor, fair)
    if column in SPATIAL and shares[Flag.CLIPPED] > CLIPPED_SHARE:
        share = round(100 * shares[Flag.CLIPPED])
        fair.append(f"the sensor clipped in {share} % of the strides")
    if column == "strike_angle_rad" and shares[Flag.UNCALIBRATED] > LOW_RATE_SHARE:
        poor.append("the zero of the angle is not known")
    if column in ("flight_time_s", "step_time_s", "step_length_m", "flight_ratio", *SPRING) and (
        shares[Flag.ONE_SIDED] > LOW_RATE_SHARE
    ):
        fair.append("from one foot, assuming both do the same")
    if shares[Flag.GAP] > 0.2:
        fair.append(f"{round(100 * shares[Flag.GAP])} % of the strides have missing samples")
    if poor:
        return "poor", "; ".join(poor + fair)
    return ("fair", "; ".join(fair)) if fair else ("good", "")


def _timing(column: str, shares: dict[Flag, float], poor: list[str], fair: list[str]) -> None:
    """Reasons that lie in the timing or the counting of contacts, added to the two lists."""
    slow = shares[Flag.LOW_RATE] > LOW_RATE_SHARE
    if column in {*TIMED, "step_time_s"} and slow:
        poor.append("sampling rate too low for the length of a contact")
    if column in TIMED and shares[Flag.DISAGREE] > LOW_RATE_SHARE:
        fair.append("the detectors disagree")
    if column in COUNTED and shares[Flag.NO_GYROSCOPE] > LOW_RATE_SHARE:
        (poor if slow else fair).append("without a gyroscope landings may be missed or doubled")


def _why_nothing(column: str, shares: dict[Flag, float]) -> str:
    if not shares:
        return "no contacts"
    if shares[Flag.NO_GYROSCOPE] > LOW_RATE_SHARE and column not in (
        "stride_time_s", "cadence_spm",
    ):  # fmt: skip
        return "no gyroscope: only counts and cadence can be measured"
    if column in SPATIAL and shares[Flag.UNCALIBRATED] > LOW_RATE_SHARE:
        return "the foot frame or the zero of the angle could not be found"
    if shares[Flag.GAP] > LOW_RATE_SHARE:
        return "missing samples in every stride"
    return "no contact had all the events that this needs"
