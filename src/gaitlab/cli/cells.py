"""Tables for people: values in the units they think in, spread and n beside them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitlab.metrics.catalog import MISSING_TEXT, Metric

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Column:
    """One column as it is printed."""

    heading: str
    cells: tuple[str, ...]
    numbers: bool


def shown(frame: "pd.DataFrame", metric: str | None) -> list[Column]:
    """The columns of an answer.

    metric : what is asked for; spread and change are in its unit. NAME_spread and NAME_n are
    put into the cell of NAME; what is no metric is printed as it is.
    """
    from gaitlab.batch.questions import BY_NAME, metric_of

    asked = metric_of(metric) if metric else None
    columns = []
    for name in frame.columns:
        base = next((name.removesuffix(end) for end in ("_spread", "_n") if name.endswith(end)), "")
        if base in BY_NAME and base in frame:
            continue
        item = BY_NAME.get("speed_mps" if name == "at_mps" else name)
        label = "at" if name == "at_mps" else item.label if item else name
        if item and f"{name}_n" in frame:
            columns.append(Column(f"{item.label} [{item.unit}]", _together(frame, item), True))
        elif item:
            columns.append(Column(f"{label} [{item.unit}]", _texts(frame[name], item), True))
        elif asked and name in {"spread", "spread_within", "change"}:
            columns.append(Column(name.replace("_", " "), _texts(frame[name], asked, name), True))
        else:
            numbers = frame[name].dtype.kind in "fiu"
            columns.append(Column(name, tuple(map(_cell, frame[name])), numbers))
    return columns


def _texts(values: "pd.Series[float]", item: Metric, kind: str = "") -> tuple[str, ...]:
    way = item.change_text if kind == "change" else item.spread_text if kind else item.text
    return tuple(way(value / item.column_factor) for value in values)


def _together(frame: "pd.DataFrame", item: Metric) -> tuple[str, ...]:
    values, spreads = (
        _texts(frame[item.column], item),
        _texts(frame[f"{item.column}_spread"], item, "spread"),
    )
    return tuple(
        f"{value} ± {spread}\nn {n}"
        for value, spread, n in zip(values, spreads, frame[f"{item.column}_n"], strict=True)
    )


def _cell(value: object) -> str:
    if value is None or value != value:
        return MISSING_TEXT
    if isinstance(value, float | int):
        return (f"{value:.4g}" if isinstance(value, float) else str(value)).replace("-", "−")
    return str(value)


def visible(frame: "pd.DataFrame") -> "pd.Series[bool]":
    """Which changes of a metric a report shows: a number came or went, or another is printed."""
    from gaitlab.batch.questions import BY_NAME

    least = [
        0.5 * item.resolution / item.factor * item.column_factor if item else 0.0
        for item in map(BY_NAME.get, frame["metric"])
    ]
    there = (frame["gained"] > 0) | (frame["lost"] > 0)
    return there | (frame["largest_change"].abs() >= least)


def changes(frame: "pd.DataFrame") -> list[Column]:
    """The columns of changed numbers, each row in its metric's unit; all-zero counts left out."""
    from gaitlab.batch.questions import BY_NAME

    items = [BY_NAME.get(name) for name in frame["metric"]]
    names = [f"{item.label} [{item.unit}]" if item else name.replace("_", " ")
             for item, name in zip(items, frame["metric"], strict=True)]  # fmt: skip
    columns = [Column("metric", tuple(names), False)]
    for name in frame.columns.drop("metric"):
        if name in {"gained", "lost"} and not frame[name].any():
            continue
        kind = "change" if name.endswith("change") else name
        if kind in {"old", "new", "spread", "change"}:
            cells = tuple(_in_unit(value, item, kind)
                          for value, item in zip(frame[name], items, strict=True))  # fmt: skip
        else:
            cells = tuple(map(_cell, frame[name]))
        columns.append(Column(name, cells, name != "athlete"))
    return columns


def _in_unit(value: float, item: Metric | None, kind: str) -> str:
    if item is None:
        return f"{value:+g}".replace("-", "−") if kind == "change" else _cell(value)
    value /= item.column_factor
    if kind == "change":
        return item.change_text(value)
    return item.spread_text(value) if kind == "spread" else item.text(value)
