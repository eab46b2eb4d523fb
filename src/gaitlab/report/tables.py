"""Rows of the page's tables, every cell already text."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from gaitlab.coaching.comparison.published import Beside, beside_published
from gaitlab.coaching.comparison.reference import (
    EVIDENCE_WORDS,
    ReferenceValue,
    reference_values,
)
from gaitlab.coaching.numbers.select import RUNNING, Part
from gaitlab.metrics.catalog import CATALOG, MISSING_TEXT, Metric, metric
from gaitlab.model.analysis import Analysis, FootFacts, MetricSummary
from gaitlab.model.units import DEG_PER_RAD, MS_PER_S, STANDARD_GRAVITY_MPS2
from gaitlab.report.points import smoothed
from gaitlab.report.words import told_speed

COMPARED = ("contact_time_s", "flight_time_s", "cadence_spm", "step_length_m", "duty_factor")
SPARK_WIDTH, SPARK_HEIGHT = 100.0, 24.0


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric: median with uncertainty, range of the contacts, n, both feet, quality."""

    label: str
    unit: str
    meaning: str
    median: str
    uncertainty: str
    spread: str
    between: str
    n: int
    left: str
    right: str
    quality: str
    reason: str


def metric_rows(analysis: Analysis) -> tuple[MetricRow, ...]:
    """Every metric of the catalogue, those without a value as well, with the reason."""
    activity = RUNNING
    rows = []
    for item in CATALOG:
        both = analysis.summary(item.name, "both", activity)
        sides = [analysis.summary(item.name, side, activity) for side in ("left", "right")]
        left, right = (item.text(side.median) if side else MISSING_TEXT for side in sides)
        rows.append(_metric_row(item, both, left, right))
    return tuple(rows)


def _metric_row(item: Metric, both: MetricSummary | None, left: str, right: str) -> MetricRow:
    if both is None or not both.n:
        reason = (both.reason if both else "") or "not measured in this recording"
        return MetricRow(
            item.label, item.unit, item.meaning, MISSING_TEXT, MISSING_TEXT, MISSING_TEXT,
            MISSING_TEXT, 0, left, right, "not measurable", reason,
        )  # fmt: skip
    between = f"{item.text(both.low)} to {item.text(both.high)}"
    return MetricRow(
        item.label, item.unit, item.meaning, item.text(both.median),
        item.spread_text(both.uncertainty), item.spread_text(both.mad), between, both.n,
        left, right, both.quality, both.reason,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """One number on top of the page; ``spark`` holds the points of a small line."""

    label: str
    value: str
    unit: str
    detail: str
    spark: str = ""


def number_tile(part: Part, name: str, extra: str = "") -> Tile:
    """Median, uncertainty, n, and the course of the metric over the recording."""
    item = metric(name)
    found = part.analysis.summary(name, "both", RUNNING)
    if found is None or not found.n:
        reason = (found.reason if found else "") or "not measured in this recording"
        return Tile(item.label, MISSING_TEXT, "", reason)
    detail = f"± {item.spread_text(found.uncertainty)} · n {found.n}"
    if extra:
        detail = f"{extra} · {detail}"
    spark = spark_points(part.contacts.ic_time_s, getattr(part.contacts, name))
    return Tile(item.label, item.text(found.median), item.unit, detail, spark)


def spark_points(time_s: np.ndarray, values: np.ndarray) -> str:
    """Points of a small line in a box of 100 x 24; empty when there is too little."""
    x, y = smoothed(time_s, values, most=40)
    x, y = x[np.isfinite(x)], y[np.isfinite(x)]
    if len(x) < 3:
        return ""
    y = np.clip(y, *np.percentile(y, [4, 96]))  # a standing start would flatten the rest
    height = float(np.ptp(y)) or 1.0
    across = np.linspace(0.0, SPARK_WIDTH, len(y))  # pauses take no room
    down = SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 4) * (y - y.min()) / height
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, down, strict=True))


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A published value beside the runner at the same speed."""

    label: str
    who: str
    speed: str
    published: str
    own: str
    difference: str
    source: str


def published_rows(part: Part) -> tuple[tuple[PublishedRow, ...], tuple[str, ...]]:
    """Published values at speeds that were run; and in words those that were not."""
    rows, absent = [], []
    for name in COMPARED:
        for one in beside_published(part, name):
            if isfinite(one.own.value):
                rows.append(_published_row(metric(name), one))
            else:
                absent.append((one.published.speed_mps or 0.0, one.published.who, name))
    return tuple(rows), _absent_words(absent)


def _published_row(item: Metric, one: Beside) -> PublishedRow:
    published = one.published
    return PublishedRow(
        item.axis_label,
        published.who,
        f"{published.speed_mps:.1f}",
        reference_text(item, published),
        f"{item.text(one.own.value)} ± {item.spread_text(one.own.uncertainty)} (n {one.own.n}"
        f"{told_speed(one.own)})",
        signed(item, one.difference),
        f"{published.source}; {published.method}",
    )


def _absent_words(absent: list[tuple[float, str, str]]) -> tuple[str, ...]:
    groups: dict[tuple[float, str], list[str]] = {}
    for speed, who, name in sorted(absent):
        groups.setdefault((speed, who), []).append(metric(name).label)
    return tuple(
        f"{who} at {speed:.1f} m/s ({', '.join(labels)})" for (speed, who), labels in groups.items()
    )


def reference_text(item: Metric, published: ReferenceValue) -> str:
    """Mean, spread and n of a published value."""
    sd = "" if published.sd is None else f" ± {item.text(published.sd)}"
    return f"{item.text(published.mean)}{sd} (n {published.n} {published.counts})"


def signed(item: Metric, value: float) -> str:
    """A difference with its sign."""
    text = item.text(value)
    return text if text.startswith(("−", MISSING_TEXT)) or not item.shown(value) else f"+{text}"


def foot_rows(facts: FootFacts) -> tuple[tuple[str, str], ...]:
    """Sensor, clock, gaps, clipping and calibration of one pod, as pairs of words."""
    clock = facts.clock
    claimed = f" (source says {clock.declared_rate_hz:g} Hz)" if clock.declared_rate_hz else ""
    gap_s = float(np.sum(clock.gaps_s[:, 1] - clock.gaps_s[:, 0])) if len(clock.gaps_s) else 0.0
    rows = [
        ("samples", f"{facts.n_samples} in {facts.duration_s:.1f} s"),
        ("rate", f"{clock.true_rate_hz:.1f} Hz{claimed}"),
        ("clock", f"jitter {clock.jitter_s * MS_PER_S:.2f} ms, {clock.duplicates} repeated and "
                  f"{clock.backward_steps} backward time stamps"),
        ("missing samples", f"{100 * clock.missing_fraction:.2f} %"),
        ("gaps over 50 ms", f"{len(clock.gaps_s)}, {gap_s:.2f} s in all"),
        ("accelerometer range", _range(facts.acc_range_mps2, 1 / STANDARD_GRAVITY_MPS2, "g")),
        ("accelerometer clipped", f"{100 * facts.acc_clipped_fraction:.2f} % of samples"),
    ]  # fmt: skip
    if facts.has_gyroscope:
        rows += [
            ("gyroscope range", _range(facts.gyr_range_radps, DEG_PER_RAD, "°/s")),
            ("gyroscope clipped", f"{100 * facts.gyr_clipped_fraction:.2f} % of samples"),
        ]
    else:
        rows.append(("gyroscope", "none recorded: no angle, no length, no speed"))
    return (*rows, *_alignment_rows(facts))


def pod_rows(feet: Sequence[FootFacts]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The same of every pod, one row a fact; what one pod lacks is an en dash."""
    each = [dict(foot_rows(facts)) for facts in feet]
    names = dict.fromkeys(name for one in each for name in one)
    return tuple((name, tuple(one.get(name, MISSING_TEXT) for one in each)) for name in names)


def _alignment_rows(facts: FootFacts) -> tuple[tuple[str, str], ...]:
    state = facts.alignment if facts.aligned else f"not found: {facts.alignment}"
    rows = [
        ("reads at rest", _plain(facts.rest_norm_mps2, "m/s², 9.81 is right")),
        ("foot axes", state),
        ("turning about one axis", _percent(facts.pitch_share)),
        ("strides that agree on forward", _percent(facts.forward_vote)),
        ("gravity direction varies by", _plain(facts.gravity_residual_rad * DEG_PER_RAD, "°")),
        ("zero of the foot angle", facts.zero_method or "not known"),
    ]
    return tuple(rows)


def _range(value: float | None, factor: float, unit: str) -> str:
    return f"±{value * factor:.0f} {unit}" if value else "not known"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if isfinite(share) else "not known"


def _plain(value: float, unit: str) -> str:
    return f"{value:.2f} {unit}" if isfinite(value) else "not known"


@dataclass(frozen=True, slots=True)
class Source:
    """A published source that the page uses."""

    text: str
    doi: str
    evidence: str


def sources() -> tuple[Source, ...]:
    """Every source of the reference values, once."""
    found = {
        row.source: Source(row.source, row.doi, EVIDENCE_WORDS[row.evidence])
        for row in reference_values()
    }
    return tuple(found[name] for name in sorted(found))
