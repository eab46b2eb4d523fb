"""A table of answers for people: values in the units they think in, spread and n beside them."""

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
    return f"{value:.4g}" if isinstance(value, float) else str(value)
