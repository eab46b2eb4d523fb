"""Plain sentences about a recording. Every number comes with its n; nothing is judged."""

from collections.abc import Sequence
from math import isfinite
from typing import Final

import numpy as np

from gaitlab.coaching.comparison.compare import Value, sprint_remark
from gaitlab.coaching.comparison.matching import counted
from gaitlab.coaching.comparison.published import beside_published
from gaitlab.coaching.numbers.select import RUNNING, Part
from gaitlab.coaching.numbers.sides import side_differences
from gaitlab.metrics.catalog import metric
from gaitlab.model.analysis import Analysis, MetricSummary, Quality
from gaitlab.model.gait import Contacts
from gaitlab.model.units import SECONDS_PER_MINUTE, PaceUnits, pace_with_unit
from gaitlab.report.panels import strike_percent
from gaitlab.report.style import FOOT_LOOKS

MAIN_METRICS: Final = ("speed_mps", "cadence_spm", "contact_time_s", "strike_angle_rad")
QUALITY_ORDER: Final[tuple[Quality, ...]] = ("good", "fair", "poor", "not measurable")
STRIKE_WORDS: Final = ("heel", "midfoot", "forefoot")
SLOWEST_PACE_MPS = 0.5  # a slower "run" has no pace worth reading
STEADY_WITHIN_MPS = 2.0  # beyond it the range of speeds says more than a pace
CLEAR_SHARE = 80.0  # percent from which one class is called the pattern
FEWEST_TO_TELL = 10  # contacts below which nothing is said about the runner
FASTER_BY_MPS = 0.5  # less than this between slow and fast contacts is one speed


def summary_sentences(part: Part, units: PaceUnits = "km") -> tuple[str, ...]:
    """What a coach wants to know first, in order."""
    if not len(part.contacts):
        return ("No valid running contact was found in this recording.",)
    if len(part.contacts) < FEWEST_TO_TELL:
        return (f"Only {counted(len(part.contacts))} of running: too few to describe a runner.",)
    sentences = (
        _what_was_run(part, units),
        strike_sentence(part.contacts),
        _with_speed(part),
        _left_right(part.analysis),
        _beside(part),
    )
    return tuple(sentence for sentence in sentences if sentence)


def _summary(analysis: Analysis, name: str) -> MetricSummary | None:
    found = analysis.summary(name, "both", RUNNING)
    return found if found is not None and found.n and isfinite(found.median) else None


def number_text(analysis: Analysis, name: str, *, with_unit: bool = True) -> str:
    """Median of a metric as text; an en dash when there is none."""
    found = _summary(analysis, name)
    return metric(name).text(found.median if found else float("nan"), with_unit=with_unit)


def duration_text(seconds: float) -> str:
    """A duration for reading.

    >>> duration_text(42.4), duration_text(245.0)
    ('42 s', '4:05 min')
    """
    if seconds < 2 * SECONDS_PER_MINUTE:
        return f"{seconds:.0f} s"
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d} min"


def _what_was_run(part: Part, units: PaceUnits) -> str:
    contacts, analysis = part.contacts, part.analysis
    n = len(contacts)
    span = float(contacts.tc_time_s[-1] - contacts.ic_time_s[0])
    lasted = f"{n} valid ground contacts in {duration_text(span)}" if isfinite(span) else f"{n}"
    speed = _summary(analysis, "speed_mps")
    at_speed = ""
    if speed is not None:
        at_speed = (
            f" at {metric('speed_mps').text(speed.median, with_unit=True)} "
            f"({pace_with_unit(speed.median, units)})"
        )
    numbers = [
        f"{label} {number_text(analysis, name)}"
        for label, name in (("cadence", "cadence_spm"), ("contact time", "contact_time_s"))
        if _summary(analysis, name) is not None
    ]
    told = f": {', '.join(numbers)} (medians)" if numbers else ""
    return f"{lasted}{at_speed}{told}."


def strike_sentence(contacts: Contacts) -> str:
    """How each foot lands, with the shares and n."""
    told = []
    for code, look in enumerate(FOOT_LOOKS):
        percent, n = strike_percent(contacts.where(contacts.foot == code))
        if n:
            told.append(f"{look.label} {_pattern(percent)} of {n}")
    if not told:
        return "The strike pattern could not be classified."
    return f"Landing: {'; '.join(told)} contacts."


def _pattern(percent: tuple[float, float, float]) -> str:
    best = int(np.argmax(percent))
    if percent[best] >= CLEAR_SHARE:
        return f"{STRIKE_WORDS[best]} in {percent[best]:.0f} %"
    order = np.argsort(percent)[::-1][:2]
    mixed = " and ".join(f"{STRIKE_WORDS[code]} {percent[code]:.0f} %" for code in order)
    return f"mixed, {mixed}"


def _with_speed(part: Part) -> str:
    """Slowest against fastest fifth of the contacts, where the speeds differ enough."""
    speeds = part.contacts.speed_mps
    known = np.flatnonzero(np.isfinite(speeds))
    if len(known) < 50:
        return ""
    order = known[np.argsort(speeds[known], kind="stable")]
    fifth = len(order) // 5
    slow, fast = order[:fifth], order[-fifth:]
    low, high = float(np.median(speeds[slow])), float(np.median(speeds[fast]))
    if high - low < FASTER_BY_MPS:
        return ""
    changes = []
    for name in ("contact_time_s", "cadence_spm", "strike_angle_rad"):
        values = getattr(part.contacts, name)
        pair = [values[group][np.isfinite(values[group])] for group in (slow, fast)]
        if min(len(half) for half in pair) >= 10:
            before, after = (metric(name).text(float(np.median(half))) for half in pair)
            unit = metric(name).unit
            space = "" if unit == "°" else " "
            changes.append(f"{metric(name).label} {before} to {after}{space}{unit}")
    if not changes:
        return ""
    return (
        f"From the slowest to the fastest fifth ({low:.1f} to {high:.1f} m/s, {fifth} contacts "
        f"each): {', '.join(changes)}."
    )


def _left_right(analysis: Analysis) -> str:
    rows = side_differences(analysis)
    if not rows:
        return ""
    clear = [row for row in rows if row.resolved]
    fewest = min(min(row.left.n, row.right.n) for row in rows)
    if not clear:
        return (
            f"Left and right: no difference larger than the measurement can tell "
            f"({fewest} or more contacts per foot)."
        )
    told = [
        f"{row.metric.label} {row.metric.text(row.left.median)} left, "
        f"{row.metric.text(row.right.median, with_unit=True)} right"
        for row in clear
    ]
    return f"Left and right differ in {'; '.join(told)} ({fewest} or more contacts per foot)."


def _beside(part: Part) -> str:
    """Contact time beside the published group nearest to what was run; and the sprinters."""
    item = metric("contact_time_s")
    found = [one for one in beside_published(part, item.name) if isfinite(one.own.value)]
    speed = _summary(part.analysis, "speed_mps")
    if speed is None:
        return "Without a speed nothing can be compared with published runners."
    remark = sprint_remark(item.name, speed.median)
    tail = f" There is {remark}." if remark else ""
    if not found:
        return f"No published contact time at a speed of which this recording has enough.{tail}"
    best = max(found, key=lambda one: (-round(abs(one.own.gap_mps), 1), one.own.n))
    sd = "" if best.published.sd is None else f" ± {item.text(best.published.sd)}"
    own = f"n {best.own.n}{told_speed(best.own)}"
    return (
        f"Contact time at {best.published.speed_mps:.1f} m/s: this runner "
        f"{item.text(best.own.value)} ± {item.spread_text(best.own.uncertainty)} ms ({own}), "
        f"published {best.published.who} "
        f"{item.text(best.published.mean)}{sd} ms (n {best.published.n} {best.published.counts})."
        f"{tail}"
    )


def told_speed(value: Value) -> str:
    """Where a value was taken that is not from contacts at its speed; begins with a comma."""
    if value.how == "on own line":
        return ", on the own line against speed"
    return f", run at {value.speed_mps:.1f} m/s" if value.how == "near this speed" else ""


def overall_quality(analysis: Analysis, names: Sequence[str]) -> tuple[Quality, str]:
    """The worst quality among the metrics that have a value, and what is not good, in words."""
    activity = RUNNING
    return quality_of(analysis, [(name, activity) for name in names])


def quality_of_part(part: Part) -> tuple[Quality, str]:
    """How good the main numbers of a recording are, and why not better."""
    return overall_quality(part.analysis, MAIN_METRICS)


def quality_of(analysis: Analysis, wanted: Sequence[tuple[str, str]]) -> tuple[Quality, str]:
    """As :func:`overall_quality`, for pairs of metric and activity; poor when most have none."""
    found = [analysis.summary(name, "both", activity) for name, activity in wanted]
    known = [item for item in found if item is not None]
    measured = [item.quality for item in known if item.n]
    if not measured:
        return "not measurable", "nothing of it was measured"
    several = len({activity for _, activity in wanted}) > 1
    reasons = [
        f"{metric(item.metric).label}{f' ({item.activity})' if several else ''}: "
        f"{item.reason or item.quality}"
        for item in known
        if item.quality != "good"
    ]
    worst = max(measured, key=QUALITY_ORDER.index)
    if 2 * len(measured) < len(known):  # a count alone is not a good measurement
        worst = max(worst, "poor", key=QUALITY_ORDER.index)
    return worst, "; ".join(dict.fromkeys(reasons)) or "every metric on the tiles is good"


def pace_words(speed_mps: float, low_mps: float, high_mps: float, units: PaceUnits) -> str:
    """The pace of a steady run, the range of speeds of another; empty when nobody ran.

    >>> pace_words(4.0, 3.8, 4.2, "km"), pace_words(7.0, 4.0, 9.0, "km")
    ('4:10 min/km', '5 to 95 %: 4.0 to 9.0')
    """
    if not speed_mps > SLOWEST_PACE_MPS:
        return ""
    if high_mps - low_mps > STEADY_WITHIN_MPS:
        return f"5 to 95 %: {low_mps:.1f} to {high_mps:.1f}"
    return pace_with_unit(speed_mps, units)


def strike_of_part(part: Part) -> str:
    """One runner's landing, both feet together."""
    percent, n = strike_percent(part.contacts)
    if not n:
        return f"{part.label}: strike pattern not classified."
    return f"{part.label} lands {_pattern(percent)} of {n} contacts (all speeds)."
