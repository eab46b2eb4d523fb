"""The short table of a terminal: one line per recording and activity."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.metrics.catalog import metric
from gaitlab.model.analysis import Analysis, MetricSummary
from gaitlab.model.gait import ACTIVITIES, REST
from gaitlab.tables import strike_shares

if TYPE_CHECKING:
    from rich.table import Table

NOTHING = "–"


def overview_table(analyses: Sequence[tuple[str, Analysis]]) -> "Table":
    """Contacts, cadence, contact time, strike and speed of each (name, analysis)."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, justify in (
        ("recording", "left"),
        ("activity", "left"),
        ("contacts", "right"),
        ("cadence [steps/min]", "right"),
        ("contact [ms]", "right"),
        ("rear/mid/forefoot [%]", "right"),
        ("speed [m/s]", "right"),
        ("contact time is", "left"),
    ):
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for name, analysis in analyses:
        for row in overview_rows(name, analysis):
            table.add_row(*row)
    return table


def overview_rows(name: str, analysis: Analysis) -> list[tuple[str, ...]]:
    """Cells of one recording, one row per activity with contacts (or a single row without)."""
    contacts = analysis.contacts
    codes = [int(code) for code in np.unique(contacts.activity) if code != REST]
    if not codes:
        reason = analysis.warnings[0] if analysis.warnings else "no running in it"
        return [(name, "none", "0", *[NOTHING] * 4, reason)]
    rows: list[tuple[str, ...]] = []
    for code in codes:
        activity, valid = ACTIVITIES[code], analysis.during(code)
        contact = analysis.summary("contact_time_s", "both", activity)
        rows.append(
            (
                name,
                activity,
                f"{int(analysis.during(code, valid_only=False).sum())} ({int(valid.sum())} used)",
                _spread(analysis.summary("cadence_spm", "both", activity)),
                _spread(contact),
                _shares(strike_shares(contacts, valid)),
                _spread(analysis.summary("speed_mps", "both", activity)),
                _trust(contact),
            )
        )
    return rows


def _spread(item: MetricSummary | None) -> str:
    """Median, spread and number of values: ``172 ± 3 (n 240)``."""
    if item is None or not item.n or not np.isfinite(item.median):
        return NOTHING
    shown = metric(item.metric)
    return f"{shown.text(item.median)} ± {shown.spread_text(item.mad)} (n {item.n})"


def _shares(shares: dict[str, float | int | None]) -> str:
    words = ("rearfoot_percent", "midfoot_percent", "forefoot_percent")
    percents = [shares[word] for word in words]
    if not shares["n"]:
        return NOTHING
    return " / ".join(f"{percent:.0f}" for percent in percents) + f" (n {shares['n']})"


def _trust(item: MetricSummary | None) -> str:
    if item is None:
        return NOTHING
    return f"{item.quality}: {item.reason}" if item.reason else item.quality
