"""Where a runner stands beside groups at the same speed: z-values, and a position between two.

For each metric, with x the runner's value, u its standard uncertainty (scatter of the contacts
and measurement), mu and sigma mean and SD of a group at the same speed:
z = (x - mu) / sqrt(sigma^2 + u^2); position = (x - mu_distance) / (mu_sprint - mu_distance), only
where both groups exist at that speed and lie at least one pooled SD apart. Positions below 0 and
above 1 exist and are shown. Nothing is added up to a score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, isfinite, sqrt
from typing import Final

from gaitlab.coaching.comparison.band import BAND_WORDS, Band, BandGroup, BandPoint
from gaitlab.coaching.comparison.compare import Comparison, Row, Value, value_at
from gaitlab.coaching.comparison.matching import near
from gaitlab.coaching.comparison.reference import (
    GROUP_WORDS,
    ReferenceValue,
    nearest_in_speed,
    reference_for,
)
from gaitlab.coaching.numbers.select import Part
from gaitlab.metrics.catalog import Metric

NAN: Final = float("nan")
LEAST_APART_SD: Final = 1.0


@dataclass(frozen=True, slots=True)
class Standing:
    """One runner's value beside one group at one speed.

    who : name of the group;  own : True for a band recorded with gaitlab
    speed_mps : of the group; the runner's value is taken at the same speed
    z : NaN with a reason when the group has no spread or no value there
    """

    who: str
    group: str
    own: bool
    speed_mps: float
    mean: float
    sd: float
    n: int
    value: float
    z: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """Place between distance runners (0) and sprinters (1); NaN with the reason for none."""

    value: float
    uncertainty: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that is said about one runner and one metric beside groups."""

    standings: tuple[Standing, ...]
    position: Position


def places(
    comparison: Comparison, parts: Sequence[Part], bands: Sequence[Band] = ()
) -> tuple[tuple[Place, ...], ...]:
    """Per row of the comparison, per runner: groups at the same speed and the position."""
    own = [tuple(band.without(part) for band in bands) for part in parts]
    return tuple(
        tuple(
            place(row, part, value, others)
            for part, value, others in zip(parts, row.values, own, strict=True)
        )
        for row in comparison.rows
    )


def place(row: Row, part: Part, value: Value, bands: Sequence[Band]) -> Place:
    """One runner's metric beside each band and each published group at this speed."""
    speed = row.matched_speed_mps
    if speed is None or row.metric.name == "speed_mps" or not isfinite(value.value):
        return Place((), Position(NAN, NAN, "no value at this speed" if speed else "no comparison"))
    recorded = [(band, band.at(row.metric.name, speed)) for band in bands]
    standings = [
        _beside_band(band, point, speed, value) for band, point in recorded if point is not None
    ]
    standings += [
        _beside_published(part, row.metric.name, item)
        for item in row.reference_at_this_speed()
        if not item.second_hand
    ]
    return Place(tuple(standings), position(row.metric, speed, value, bands))


def z_value(value: Value, mean: float, sd: float) -> float:
    """Distance from a group's mean in its SD, widened by the runner's own uncertainty."""
    if not (isfinite(sd) and isfinite(value.uncertainty) and isfinite(value.value)):
        return NAN
    width = hypot(sd, value.uncertainty)
    return (value.value - mean) / width if width > 0 else NAN


def _beside_band(band: Band, point: BandPoint, speed_mps: float, value: Value) -> Standing:
    z = z_value(value, point.mean, point.sd)
    why = "" if isfinite(z) else f"n {point.n}: no spread between athletes"
    return Standing(
        band.name, band.group, True, speed_mps, point.mean, point.sd, point.n, value.value, z, why
    )


def _beside_published(part: Part, name: str, item: ReferenceValue) -> Standing:
    """The runner at the published value's own speed: within 0.3 m/s contact time moves 10 ms."""
    speed = item.speed_mps if item.speed_mps is not None else NAN
    there = value_at(part, name, speed)
    sd = NAN if item.sd is None else item.sd
    z = z_value(there, item.mean, sd)
    if isfinite(z):
        why = ""
    elif item.sd is None:
        why = "no spread published"
    else:
        why = there.reason
    return Standing(
        item.who, item.group, False, speed, item.mean, sd, item.n, there.value, z, why
    )  # fmt: skip


def position(item: Metric, speed_mps: float, value: Value, bands: Sequence[Band]) -> Position:
    """Where the value lies between the distance and the sprint band at this speed."""
    slow = _group_at("distance", item.name, speed_mps, bands)
    fast = _group_at("sprint", item.name, speed_mps, bands)
    if slow is None or fast is None:
        pairs = (("distance", slow), ("sprint", fast))
        missing = [group for group, point in pairs if point is None]
        return Position(NAN, NAN, _absent(item, speed_mps, missing))
    apart = fast.mean - slow.mean
    pooled = _pooled_sd(slow, fast)
    if not isfinite(pooled):
        return Position(NAN, NAN, "no position: a group of fewer than 3 has no spread")
    if abs(apart) < LEAST_APART_SD * pooled:
        gap, sd = item.spread_text(abs(apart)), item.spread_text(pooled)
        return Position(NAN, NAN, f"no position: the groups differ by {gap}, less than 1 SD ({sd})")
    where = (value.value - slow.mean) / apart
    ends = hypot((1 - where) * slow.sd / sqrt(slow.n), where * fast.sd / sqrt(fast.n))
    return Position(where, hypot(value.uncertainty, ends) / abs(apart))


def _group_at(
    group: BandGroup, name: str, speed_mps: float, bands: Sequence[Band]
) -> BandPoint | None:
    """A group at a speed: the recorded band, else a published value with a spread."""
    for band in bands:
        point = band.at(name, speed_mps) if band.group == group else None
        if point is not None:
            return point
    if group == "other":
        return None
    rows = [
        row
        for row in reference_for(name, group)
        if near(row.speed_mps, speed_mps) and row.sd is not None and not row.second_hand
    ]
    if not rows:
        return None
    best = min(rows, key=lambda row: abs((row.speed_mps or 0.0) - speed_mps))
    sd = best.sd if best.sd is not None else NAN
    return BandPoint(best.mean, sd, best.n, best.mean - sd, best.mean + sd)


def _pooled_sd(one: BandPoint, two: BandPoint) -> float:
    if not (isfinite(one.sd) and isfinite(two.sd)) or one.n + two.n < 3:
        return NAN
    squares = (one.n - 1) * one.sd**2 + (two.n - 1) * two.sd**2
    return sqrt(squares / (one.n + two.n - 2))


def _absent(item: Metric, speed_mps: float, missing: Sequence[str]) -> str:
    words = " and ".join(
        GROUP_WORDS["sprint"] if group == "sprint" else BAND_WORDS["distance"] for group in missing
    )
    nearest = nearest_in_speed(item.name, "sprint", speed_mps) if "sprint" in missing else None
    tail = (
        f" (published sprinters: nearest {nearest.speed_mps:.1f} m/s)"
        if nearest is not None and nearest.speed_mps is not None
        else ""
    )
    return f"no position: no band of {words} at {speed_mps:.1f} m/s{tail}"
