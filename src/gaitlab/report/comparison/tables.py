"""Rows of the tables of a comparison, every cell already text."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from gaitlab.coaching.comparison.band import BAND_WORDS, Band
from gaitlab.coaching.comparison.compare import Row, Value, own_value
from gaitlab.coaching.comparison.position import Place, Standing
from gaitlab.coaching.comparison.study import Study
from gaitlab.coaching.numbers.select import Part
from gaitlab.metrics.catalog import MISSING_TEXT, Metric, metric
from gaitlab.model.units import PaceUnits
from gaitlab.report.comparison.words import signed_text
from gaitlab.report.panels import strike_percent
from gaitlab.report.tables import Tile, reference_text
from gaitlab.report.words import STRIKE_WORDS, pace_words


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a comparison.

    detail : uncertainty, spread and n;  brief : the same without the spread
    places : z-values and position, one line each
    note : how it was found, why it is not good or why there is none
    """

    value: str
    detail: str
    brief: str
    places: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A group at the speed of the row; ``faint`` for what was not read at its source."""

    who: str
    numbers: str
    faint: bool


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One metric across the runners, and the groups at that speed."""

    label: str
    unit: str
    meaning: str
    cells: tuple[Cell, ...]
    groups: tuple[Beside, ...]


def comparison_rows(study: Study) -> tuple[ComparisonRow, ...]:
    """All metrics of a comparison, cells in the order of its labels."""
    return tuple(
        _comparison_row(study, row, found)
        for row, found in zip(study.comparison.rows, study.places, strict=True)
    )


def _comparison_row(study: Study, row: Row, found: Sequence[Place]) -> ComparisonRow:
    cells = tuple(
        _cell(row.metric, value, place) for value, place in zip(row.values, found, strict=True)
    )
    published = tuple(
        Beside(item.who, reference_text(row.metric, item), item.second_hand)
        for item in row.reference_at_this_speed()
    )
    item = row.metric
    groups = (*_recorded(study.bands, row), *published)
    return ComparisonRow(item.label, item.unit, item.meaning, cells, groups)


def _recorded(bands: Sequence[Band], row: Row) -> tuple[Beside, ...]:
    speed = row.matched_speed_mps
    if speed is None:
        return ()
    told = []
    for band in bands:
        point = band.at(row.metric.name, speed)
        if point is None:
            continue
        sd = f" ± {row.metric.spread_text(point.sd)}" if isfinite(point.sd) else ""
        text = f"{row.metric.text(point.mean)}{sd} (n {point.n})"
        told.append(Beside(f"{band.name}, {BAND_WORDS[band.group]} recorded here", text, False))
    return tuple(told)


def _cell(item: Metric, value: Value, place: Place) -> Cell:
    if not isfinite(value.value):
        return Cell(MISSING_TEXT, "", "", (), value.reason)
    error, n = f"± {item.spread_text(value.uncertainty)}", f"n {value.n}"
    detail = f"{error} · spread {item.spread_text(value.spread)} · {n}"
    how = {
        "on own line": "on own line; ",
        "near this speed": f"at {value.speed_mps:.1f} m/s, the ± holds what the gap may make; ",
    }.get(value.how, "")
    quality = value.quality if value.quality != "good" else ""
    note = "; ".join(part for part in (quality, value.reason) if part)
    return Cell(
        item.text(value.value), detail, f"{error} · {n}", place_lines(place),
        f"{how}{note}".strip("; "),
    )  # fmt: skip


def notes_of(rows: Sequence[ComparisonRow]) -> dict[str, int]:
    """Every note of a table once, numbered: cells say the same thing again and again."""
    told = (cell.note for row in rows for cell in row.cells if cell.note)
    return {note: number for number, note in enumerate(dict.fromkeys(told), start=1)}


def own_tiles(part: Part, units: PaceUnits) -> tuple[Tile, ...]:
    """Speed, cadence, contact time and landing of a runner, or of this stretch, at all speeds."""
    speed, cadence, contact = (
        own_value(part, name) for name in ("speed_mps", "cadence_spm", "contact_time_s")
    )
    percent, n = strike_percent(part.contacts)
    best = max(range(3), key=percent.__getitem__)
    landing = (
        Tile("landing", f"{percent[best]:.0f} %", STRIKE_WORDS[best], f"n {n}")
        if n
        else Tile("landing", MISSING_TEXT, "", "not classified")
    )
    return (
        _own_tile("speed_mps", speed, _pace(part, speed, units)),
        _own_tile("cadence_spm", cadence),
        _own_tile("contact_time_s", contact),
        landing,
    )


def _own_tile(name: str, value: Value, extra: str = "") -> Tile:
    item = metric(name)
    if not isfinite(value.value):
        return Tile(item.label, MISSING_TEXT, "", value.reason)
    detail = f"{extra}± {item.spread_text(value.uncertainty)} · n {value.n}"
    return Tile(item.label, item.text(value.value), item.unit, detail)


def _pace(part: Part, speed: Value, units: PaceUnits) -> str:
    known = part.contacts.speed_mps
    known = known[np.isfinite(known)]
    if not len(known):
        return ""
    low, high = np.percentile(known, [5, 95])
    told = pace_words(speed.value, float(low), float(high), units)
    return f"{told} · " if told else ""


def place_lines(place: Place) -> tuple[str, ...]:
    """z-value beside each group, and the position where there is one."""
    lines = [_standing_line(one) for one in place.standings if isfinite(one.z)]
    where = place.position
    if isfinite(where.value):
        value = signed_text(where.value, 2).lstrip("+")
        lines.append(f"position {value} ± {where.uncertainty:.2f}")
    return tuple(lines)


def _standing_line(one: Standing) -> str:
    at = "" if one.own else f" at {one.speed_mps:.1f} m/s"
    return f"z {signed_text(one.z)} {one.who}{at}"


def absent_positions(study: Study) -> tuple[str, ...]:
    """Each reason for no position once, with the metrics it holds for."""
    reasons: dict[str, list[str]] = {}
    for row, found in zip(study.comparison.rows, study.places, strict=True):
        for place in found[:1] if found else ():
            reason = place.position.reason
            if reason.startswith("no position"):
                reasons.setdefault(reason, []).append(row.metric.label)
    return tuple(f"{reason}: {', '.join(labels)}." for reason, labels in reasons.items())
