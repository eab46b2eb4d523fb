"""Runners beside each other, and beside published ones: at the same speed, or not at all.

Contact time, cadence and strike angle all move with speed in every runner; two numbers taken
at different speeds compare the speeds. So a value is read at one speed off a short line through
the runner's own slower and faster contacts. Who ran one speed only has no line: the value is
that of the contacts within 0.3 m/s, and what the rest of the gap may make widens its uncertainty.
Otherwise there is no comparison and a reason instead. No score, no better and no worse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, sqrt

import numpy as np

from gaitlab.coaching.comparison.matching import (
    FEWEST_PER_FOOT,
    LINE_WITHIN,
    MATCH_WITHIN_MPS,
    SHARE_WITHIN,
    WIDE_WITHIN,
    Preference,
    along,
    common_speed,
    counted,
    fewest_contacts,
    finite,
    near,
    reach,
    share_words,
)
from gaitlab.coaching.comparison.reference import ReferenceValue, nearest_in_speed, reference_for
from gaitlab.coaching.comparison.speed_gap import (
    LEAST_RELIABILITY,
    bend_error,
    gap_effect,
    reliability,
)
from gaitlab.coaching.numbers.regress import MAD_TO_SD, robust_line
from gaitlab.coaching.numbers.select import RUNNING, Part
from gaitlab.metrics.catalog import CATALOG, Metric, metric
from gaitlab.model.analysis import Quality
from gaitlab.model.units import Bools, Floats

GAP_SHOWN_MPS = 0.05  # from here on the speed is told, and not called this speed
MEDIAN_TO_MEAN_ERROR = 1.2533  # standard error of a median over that of a mean, normal data


@dataclass(frozen=True, slots=True)
class Value:
    """One metric of one runner at the speed of the comparison, in the inside unit.

    spread : robust SD of the single contacts;  uncertainty : standard uncertainty of value as
        one at the speed of the comparison
    how : ``at this speed``, ``near this speed``, ``on own line`` or ``all speeds``; empty when
        there is no value
    speed_mps : at which the value stands: median of its contacts, or the one read off the line
    gap_mps : how far that is, or the contacts of the line are, from the speed of the comparison
    gap_error : what the gap may make, part of ``uncertainty``
    """

    label: str
    value: float
    spread: float
    n: int
    uncertainty: float
    quality: Quality
    how: str
    reason: str = ""
    speed_mps: float = float("nan")
    gap_mps: float = 0.0
    gap_error: float = 0.0

    @property
    def measured_error(self) -> float:
        """The uncertainty without what the gap may make: that of the value at its own speed."""
        return sqrt(max(0.0, self.uncertainty**2 - self.gap_error**2))


@dataclass(frozen=True, slots=True)
class Row:
    """One metric of every runner, and what was published about it.

    matched_speed_mps : None when the runners have no speed in common (or no speed at all);
        the values are then each runner's own, at that runner's own speed
    reference : every published value of the metric, each at its own speed
    remark : what a reader must know before comparing; empty when nothing
    matched_share : of each one's own top speed, when speeds were matched so
    """

    metric: Metric
    values: tuple[Value, ...]
    reference: tuple[ReferenceValue, ...]
    matched_speed_mps: float | None
    remark: str = ""
    matched_share: float | None = None

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
    matched_share : of each one's own top speed, when speeds were matched so
    """

    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    matched_speed_mps: float | None
    reason: str = ""
    matched_share: float | None = None

    @property
    def at(self) -> str:
        """Where the runners are compared, in words; empty without a comparison."""
        if self.matched_share is not None:
            return share_words(self.matched_share)
        return "" if self.matched_speed_mps is None else f"{self.matched_speed_mps:.1f} m/s"


def compare(
    parts: Sequence[Part],
    speed: float | None = None,
    preferred: Preference | None = None,
    reason: str = "",
) -> Comparison:
    """Every metric of every part at one speed, or at one share of each one's own top speed.

    Parameters
    ----------
    speed : m/s to compare at, or the share when the parts have a top speed; None picks the one
        with the most contacts in the part that has the fewest there
    preferred : which of many speeds (g,) are better than others, for example those at which
        there is a reference; they are taken when the parts have any of them
    reason : why there is no comparison at all; then the values are each runner's own
    """
    labels = tuple(part.label for part in parts)
    chosen: float | None = None
    if not reason:
        chosen, reason = (speed, "") if speed is not None else common_speed(parts, preferred)
    rows = tuple(_row(item, parts, chosen, reason) for item in CATALOG)
    if any(part.top_mps is not None for part in parts):
        return Comparison(labels, rows, None, reason, chosen)
    return Comparison(labels, rows, chosen, reason)


def _row(item: Metric, parts: Sequence[Part], speed_mps: float | None, reason: str) -> Row:
    if speed_mps is None:
        values = tuple(own_value(part, item.name) for part in parts)
    else:
        values = tuple(value_at(part, item.name, speed_mps) for part in parts)
    published = reference_for(item.name)
    if any(part.top_mps is not None for part in parts):
        return Row(item, values, published, None, reason, speed_mps)
    remark = reason if speed_mps is None else sprint_remark(item.name, speed_mps)
    return Row(item, values, published, speed_mps, remark)


def value_at(part: Part, name: str, speed_mps: float) -> Value:
    """One metric of a part at a speed (or share): on its own line, else from the contacts near it.

    A line needs speeds that vary by more than their noise. Without it nothing is corrected; what
    the gap between the contacts' speed and the wanted one may make is in the uncertainty. The
    value is ``nan`` with a reason where neither is possible.
    """
    contacts = part.contacts
    data = getattr(contacts, name)
    chosen = (np.abs(along(part) - speed_mps) <= reach(part)) & np.isfinite(data)
    enough = int(chosen.sum()) >= fewest_contacts(contacts)
    if not np.isfinite(data).any():
        return _nothing(part, name, _why_missing(part, name))
    if enough and name == "speed_mps":
        return _from_sample(part, name, data[chosen], "at this speed")
    few = "" if enough else f"{counted(int(chosen.sum()))} within {_around(part, speed_mps)}"
    on_line = _from_line(part, name, speed_mps, few)
    if on_line is not None:
        return on_line
    if not enough:
        return _nothing(part, name, f"no comparison: {few}")
    stands = _stands_at(part, chosen, np.isfinite(data), speed_mps)
    value = _from_sample(part, name, data[chosen], "at this speed")
    return _off_by(part, name, value, stands, stands - speed_mps)


def _stands_at(part: Part, chosen: Bools, finite_here: Bools, speed_mps: float) -> float:
    """The speed of the chosen contacts, without what the choice took from their noise.

    Contacts chosen for their speed are nearer to the wanted one by luck: their median goes back
    towards that of all within 15 % by the share of noise (Kelley 1927, regression to the mean).
    """
    speeds = along(part)
    around = ((np.abs(speeds - speed_mps) <= LINE_WITHIN * speed_mps) & finite_here) | chosen
    trust = reliability(speeds[around], part.contacts.foot[around])
    own, all_near = np.median(speeds[chosen]), np.median(speeds[around])
    return float(trust * own + (1.0 - trust) * all_near)


def _off_by(part: Part, name: str, value: Value, stands: float, gap: float) -> Value:
    """The value with the speed at which it stands, and what the gap may make in its uncertainty."""
    scale = 1.0 if part.top_mps is None else part.top_mps
    speed, gap_mps = stands * scale, gap * scale
    error = gap_effect(name, value.value, gap_mps, speed)
    near_by = value.how == "at this speed" and abs(gap_mps) >= GAP_SHOWN_MPS
    return replace(
        value, uncertainty=hypot(value.uncertainty, error), speed_mps=speed, gap_mps=gap_mps,
        gap_error=error, how="near this speed" if near_by else value.how,
    )  # fmt: skip


def own_value(part: Part, name: str) -> Value:
    """One metric of a part over all its running, whatever the speed."""
    data = finite(getattr(part.contacts, name))
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


def _from_line(part: Part, name: str, speed_mps: float, few: str) -> Value | None:
    """The value read off a robust line through the own contacts; None without one.

    Through those within 15 % of the speed, else within 30 % when slower and faster ones are there.

    few : why the contacts at this speed do not do; empty when they would: then the line may
        reach beyond the speeds that were run, and the distance is in the uncertainty
    """
    found = _line_within(part, name, speed_mps, (LINE_WITHIN, bool(few)))
    if found is None:
        found = _line_within(part, name, speed_mps, (WIDE_WITHIN, True))
    if found is None:
        return None
    value, beyond = found
    return _off_by(part, name, replace(value, reason=few or value.reason), speed_mps, beyond)


def _line_within(
    part: Part, name: str, speed_mps: float, where: tuple[float, bool]
) -> tuple[Value, float] | None:
    """Value of a line in log speed, and how far it reaches beyond ten contacts on either side.

    where : share of the speed from which contacts are taken; whether it may not reach beyond
    """
    within, bridging = where
    speeds, data = along(part), getattr(part.contacts, name)
    both = (np.abs(speeds - speed_mps) <= within * speed_mps) & np.isfinite(data)
    ordered = np.sort(speeds[both])
    if len(ordered) < 2 * FEWEST_PER_FOOT:
        return None
    slow, fast = float(ordered[FEWEST_PER_FOOT - 1]), float(ordered[-FEWEST_PER_FOOT])
    beyond = min(fast - speed_mps, 0.0) + max(slow - speed_mps, 0.0)
    trust = reliability(speeds[both], part.contacts.foot[both])
    if (bridging and beyond) or trust < LEAST_RELIABILITY:
        return None
    line = robust_line(np.log(speeds[both]), data[both])
    if line is None:
        return None
    at = float(np.log(speed_mps))
    flat = (1.0 - trust) * line.slope * (at - line.centre)  # what noise hides of the slope
    bent = bend_error(name, line.at(at), line.x_variance_sum / line.n)
    error = hypot(line.standard_error_at(at), flat, bent)
    numbers = (line.at(at), line.residual_sd, line.n, error)
    return _value(part, name, numbers, "on own line"), beyond


def _around(part: Part, speed: float) -> str:
    if part.top_mps is None:
        return f"{MATCH_WITHIN_MPS} m/s of {speed:.1f} m/s"
    return f"{100 * SHARE_WITHIN:.0f} points of {share_words(speed)}"


def _value(part: Part, name: str, numbers: tuple[float, float, int, float], how: str) -> Value:
    """A value with what the whole recording says about the metric's quality and systematics."""
    centre, spread, n, error = numbers
    overall = part.analysis.summary(name, "both", RUNNING)
    quality: Quality = overall.quality if overall else "fair"
    reason = overall.reason if overall else "no quality known"
    uncertainty = hypot(error, systematic(part, name))
    return Value(part.label, centre, spread, n, uncertainty, quality, how, reason)


def systematic(part: Part, name: str) -> float:
    """Measurement uncertainty of a metric (inside unit), 0 if unknown: not the runner's chance."""
    overall = part.analysis.summary(name, "both", RUNNING)
    if overall is None or overall.n < 1 or not np.isfinite(overall.uncertainty):
        return 0.0
    return overall.uncertainty


def _nothing(part: Part, name: str, reason: str) -> Value:
    nan = float("nan")
    return Value(part.label, nan, nan, 0, nan, "not measurable", "", reason)


def _why_missing(part: Part, name: str) -> str:
    overall = part.analysis.summary(name, "both", RUNNING)
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
