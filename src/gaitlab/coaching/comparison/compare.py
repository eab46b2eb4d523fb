"""Runners beside each other, and beside published ones: at the same speed, or not at all.

Contact time, cadence and strike angle all move with speed in every runner; two numbers taken
at different speeds compare the speeds. So a comparison is made within 0.3 m/s of one speed,
or on a short line through the runner's own slower and faster contacts, and otherwise there is
none and a reason instead. No score, no better and no worse.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import hypot, sqrt

import numpy as np

from gaitlab.coaching.comparison.reference import (
    DUTY_FACTOR_SOURCE,
    ReferenceValue,
    duty_factor_line,
    nearest_in_speed,
    reference_for,
)
from gaitlab.coaching.numbers.regress import MAD_TO_SD, robust_line
from gaitlab.coaching.numbers.select import Part, main_activity
from gaitlab.metrics.catalog import CATALOG, Metric, metric
from gaitlab.model.analysis import Quality
from gaitlab.model.gait import Contacts
from gaitlab.model.units import Bools, Floats

MATCH_WITHIN_MPS = 0.3  # assumption: contact time moves by about 10 ms over this at 4 m/s
FEWEST_PER_FOOT = 10  # contacts of one foot for a steady mean
MEDIAN_TO_MEAN_ERROR = 1.2533  # standard error of a median over that of a mean, normal data
GRID_MPS = 0.1
LINE_WITHIN = 0.15  # of the speed: see held_by_line


@dataclass(frozen=True, slots=True)
class Value:
    """One metric of one runner at the speed of the comparison, in the inside unit.

    spread : robust SD of the single contacts;  uncertainty : standard uncertainty of value
    how : ``at this speed``, ``on own line`` or ``all speeds``; empty when there is no value
    """

    label: str
    value: float
    spread: float
    n: int
    uncertainty: float
    quality: Quality
    how: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric of every runner, and what was published about it.

    matched_speed_mps : None when the runners have no speed in common (or no speed at all);
        the values are then each runner's own, at that runner's own speed
    reference : every published value of the metric, each at its own speed
    remark : what a reader must know before comparing; empty when nothing
    """

    metric: Metric
    values: tuple[Value, ...]
    reference: tuple[ReferenceValue, ...]
    matched_speed_mps: float | None
    remark: str = ""

    def reference_at_this_speed(self) -> tuple[ReferenceValue, ...]:
        """The published values within 0.3 m/s of the matched speed."""
        speed = self.matched_speed_mps
        if speed is None:
            return ()
        return tuple(row for row in self.reference if near(row.speed_mps, speed))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runners side by side.

    matched_speed_mps : None when there is no speed in common; ``reason`` says why
    """

    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    matched_speed_mps: float | None
    reason: str = ""


def near(speed_mps: float | None, target_mps: float) -> bool:
    """True within 0.3 m/s (rounding of the last digit forgiven); never for an unknown speed."""
    return speed_mps is not None and abs(speed_mps - target_mps) <= MATCH_WITHIN_MPS + 1e-9


Preference = Callable[[Floats], Bools]


def compare(
    parts: Sequence[Part], speed_mps: float | None = None, preferred: Preference | None = None
) -> Comparison:
    """Every metric of every part at one speed.

    Parameters
    ----------
    speed_mps : the speed to compare at; None picks the one with the most contacts in the part
        that has the fewest there
    preferred : which of many speeds (g,) are better than others, for example those at which
        there is a reference; they are taken when the parts have any of them
    """
    labels = tuple(part.label for part in parts)
    chosen, reason = (speed_mps, "") if speed_mps is not None else common_speed(parts, preferred)
    rows = tuple(_row(item, parts, chosen, reason) for item in CATALOG)
    return Comparison(labels, rows, chosen, reason)


def common_speed(
    parts: Sequence[Part], preferred: Preference | None = None
) -> tuple[float | None, str]:
    """The speed at which the parts are compared, m/s; or None and the reason.

    Of all speeds the one at which most parts, and at least two, have a value; of those the one
    with the most contacts rather than a line through slower and faster ones. A part without
    speeds is left out of the choice.
    """
    known = [part for part in parts if _has_speeds(part)]
    alone = 1 if preferred is not None else min(2, len(parts))
    if len(known) < alone:
        lacking = next(part for part in parts if not _has_speeds(part))
        few = counted(len(_known(lacking.contacts.speed_mps)))
        return None, f"no comparison: {few} of {lacking.label} with a speed"

    speeds = [_known(part.contacts.speed_mps) for part in known]
    needed = np.array([fewest_contacts(part.contacts) for part in known])
    low = min(float(own.min()) for own in speeds)
    high = max(float(own.max()) for own in speeds)
    grid = np.arange(np.floor(low / GRID_MPS), np.ceil(high / GRID_MPS) + 1) * GRID_MPS
    plenty = np.stack([_near_counts(own, grid) for own in speeds]) / needed[:, None]
    enough = plenty >= 1.0  # (parts, speeds)
    held = np.stack([held_by_line(own, grid) for own in speeds])
    together = (enough | held).sum(axis=0)
    if preferred is not None:  # a reference stands in for one more runner, and decides a tie
        liked = preferred(grid) & (together > 0)
        together = 2 * together + 3 * liked
        alone = 4
    if together.max() < alone:
        why = f"no speed at which two runners have enough contacts, {FEWEST_PER_FOOT} per foot"
        return None, f"no comparison: {why} ({_what_each_ran(known, speeds)})"

    most = np.where(together == together.max(), enough.sum(axis=0), -1)
    least = np.where(enough, plenty, np.inf).min(axis=0, initial=1e9)
    least = np.where(most == most.max(), least, -1.0)
    best = np.flatnonzero(least >= 0.999 * least.max())
    return round(float(grid[best[len(best) // 2]]), 1), ""


def _has_speeds(part: Part) -> bool:
    return len(_known(part.contacts.speed_mps)) >= fewest_contacts(part.contacts)


def _what_each_ran(parts: Sequence[Part], speeds: Sequence[Floats]) -> str:
    told = []
    for part, own in zip(parts, speeds, strict=True):
        slowest, fastest = np.percentile(own, [5, 95])
        told.append(f"{part.label} ran {slowest:.1f} to {fastest:.1f} m/s")
    return "; ".join(told)


def fewest_contacts(contacts: Contacts) -> int:
    """Contacts that a value needs: ten of every foot that was recorded."""
    return FEWEST_PER_FOOT * max(1, len(np.unique(contacts.foot)))


def _between(ordered_mps: Floats, low_mps: Floats, high_mps: Floats) -> Floats:
    """How many sorted speeds lie from ``low_mps`` to ``high_mps``, both included."""
    right = np.searchsorted(ordered_mps, high_mps, "right")
    return (right - np.searchsorted(ordered_mps, low_mps, "left")).astype(np.float64)


def _near_counts(speeds_mps: Floats, grid_mps: Floats) -> Floats:
    return _between(np.sort(speeds_mps), grid_mps - MATCH_WITHIN_MPS, grid_mps + MATCH_WITHIN_MPS)


def held_by_line(speeds_mps: Floats, grid_mps: Floats) -> Bools:
    """Whether a short line can be drawn at each speed: ten contacts slower, ten faster.

    Only contacts within 15 % of the speed count: over that stretch contact time bends away
    from a line by about 1 ms (second derivative of 0.58 v^-0.74 s), over more by ten times that.
    """
    ordered = np.sort(speeds_mps)
    slower = _between(ordered, (1 - LINE_WITHIN) * grid_mps, grid_mps)
    faster = _between(ordered, grid_mps, (1 + LINE_WITHIN) * grid_mps)
    return np.asarray(np.minimum(slower, faster) >= FEWEST_PER_FOOT)


def speeds_held(part: Part, grid_mps: Floats) -> Bools:
    """(g,) whether the part has enough contacts at each speed, or a line through it."""
    own = _known(part.contacts.speed_mps)
    if not len(own):
        return np.zeros(len(grid_mps), bool)
    enough = _near_counts(own, grid_mps) >= fewest_contacts(part.contacts)
    return np.asarray(enough | held_by_line(own, grid_mps))


def counted(n: int) -> str:
    """A number of contacts in words.

    >>> counted(1), counted(12)
    ('1 contact', '12 contacts')
    """
    return f"{n} contact" if n == 1 else f"{n} contacts"


def _row(item: Metric, parts: Sequence[Part], speed_mps: float | None, reason: str) -> Row:
    if speed_mps is None:
        values = tuple(own_value(part, item.name) for part in parts)
    else:
        values = tuple(value_at(part, item.name, speed_mps) for part in parts)
    published = reference_for(item.name)
    remark = reason if speed_mps is None else sprint_remark(item.name, speed_mps)
    return Row(item, values, published, speed_mps, remark)


def value_at(part: Part, name: str, speed_mps: float) -> Value:
    """One metric of a part at a speed: from the contacts there, else on its own line.

    The value is ``nan`` with a reason where neither is possible.
    """
    contacts = part.contacts
    data = getattr(contacts, name)
    here = np.abs(contacts.speed_mps - speed_mps) <= MATCH_WITHIN_MPS
    chosen = data[here & np.isfinite(data)]
    if len(chosen) >= fewest_contacts(contacts):
        return _from_sample(part, name, chosen, "at this speed")
    if not np.isfinite(data).any():
        return _nothing(part, name, _why_missing(part, name))
    return _from_line(part, name, speed_mps, len(chosen))


def own_value(part: Part, name: str) -> Value:
    """One metric of a part over all its running, whatever the speed."""
    data = _known(getattr(part.contacts, name))
    if not len(data):
        return _nothing(part, name, _why_missing(part, name))
    value = _from_sample(part, name, data, "all speeds")
    if len(data) >= fewest_contacts(part.contacts):
        return value
    return replace(value, quality="poor", reason=f"only {counted(len(data))}")


def _from_sample(part: Part, name: str, data: Floats, how: str) -> Value:
    median = float(np.median(data))
    spread = MAD_TO_SD * float(np.median(np.abs(data - median)))
    error = MEDIAN_TO_MEAN_ERROR * spread / sqrt(len(data))
    return _value(part, name, (median, spread, len(data), error), how)


def _from_line(part: Part, name: str, speed_mps: float, n_here: int) -> Value:
    speeds, data = part.contacts.speed_mps, getattr(part.contacts, name)
    close = np.abs(speeds - speed_mps) <= LINE_WITHIN * speed_mps
    both = close & np.isfinite(data)
    few = f"{counted(n_here)} within {MATCH_WITHIN_MPS} m/s of {speed_mps:.1f} m/s"
    held = held_by_line(speeds[both], np.array([speed_mps]))[0]
    line = robust_line(speeds[both], data[both]) if held else None
    if line is None:
        return _nothing(part, name, f"no comparison: {few}")
    numbers = (line.at(speed_mps), line.residual_sd, line.n, line.standard_error_at(speed_mps))
    return replace(_value(part, name, numbers, "on own line"), reason=few)


def _value(part: Part, name: str, numbers: tuple[float, float, int, float], how: str) -> Value:
    """A value with what the whole recording says about the metric's quality and systematics."""
    centre, spread, n, error = numbers
    overall = part.analysis.summary(name, "both", main_activity(part.analysis))
    quality: Quality = overall.quality if overall else "fair"
    reason = overall.reason if overall else "no quality known"
    uncertainty = hypot(error, systematic(part, name))
    return Value(part.label, centre, spread, n, uncertainty, quality, how, reason)


def systematic(part: Part, name: str) -> float:
    """Measurement uncertainty of a metric (inside unit), 0 if unknown: not the runner's chance."""
    overall = part.analysis.summary(name, "both", main_activity(part.analysis))
    if overall is None or overall.n < 1 or not np.isfinite(overall.uncertainty):
        return 0.0
    return overall.uncertainty


def _nothing(part: Part, name: str, reason: str) -> Value:
    nan = float("nan")
    return Value(part.label, nan, nan, 0, nan, "not measurable", "", reason)


def _why_missing(part: Part, name: str) -> str:
    overall = part.analysis.summary(name, "both", main_activity(part.analysis))
    if overall is not None and overall.reason:
        return overall.reason
    if not len(part.contacts):
        return "no running here"
    return f"no {metric(name).label} in this recording"


def sprint_remark(name: str, speed_mps: float) -> str:
    """Whether published sprinters exist at a speed, in words; empty where nothing is published.

    Without them a runner has no place between distance runners and sprinters.
    """
    if name == "speed_mps":
        return ""
    nearest = nearest_in_speed(name, "sprint", speed_mps)
    label = metric(name).label
    if nearest is None or nearest.speed_mps is None:
        return f"no published {label} of sprinters at a stated speed"
    if near(nearest.speed_mps, speed_mps):
        return ""
    return (
        f"no published {label} of sprinters at {speed_mps:.1f} m/s "
        f"(the nearest is at {nearest.speed_mps:.1f} m/s): no position between the groups"
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """A published value, and the runner at the speed of that value.

    own : the runner's number there; ``nan`` with a reason when that speed was not run
    """

    published: ReferenceValue
    own: Value

    @property
    def difference(self) -> float:
        """Runner minus published, inside unit."""
        return self.own.value - self.published.mean


def beside_published(part: Part, name: str) -> tuple[Beside, ...]:
    """Each published value of a metric with the runner at that value's own speed."""
    return tuple(
        Beside(row, value_at(part, name, row.speed_mps))
        for row in reference_for(name)
        if row.speed_mps is not None
    )


def duty_factor_beside_line(part: Part, speed_mps: float) -> tuple[float, str]:
    """Duty factor of athletic subjects at a speed (NaN outside 3 to 9 m/s), and the source."""
    line = duty_factor_line(part.analysis.recording.athlete.sex)
    return float(line.at(np.asarray(speed_mps, dtype=np.float64))), DUTY_FACTOR_SOURCE


def _known(values: Floats) -> Floats:
    return np.asarray(values[np.isfinite(values)], dtype=np.float64)
