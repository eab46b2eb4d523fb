"""The short table of a terminal: one line per recording and activity."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.metrics.catalog import metric
from gaitlab.model.analysis import Analysis, MetricSummary
from gaitlab.model.gait import ACTIVITIES, REST
from gaitlab.tables import strike_shares

if TYPE_CHECKING:
    from gaitlab.cli.fitted import Fitted

NOTHING = "–"
LEGEND = (
    "Medians of the contacts used; ± is the spread of single contacts (robust SD), in brackets "
    "the standard uncertainty of the median."
)


def overview_table(analyses: Sequence[tuple[str, Analysis]]) -> "Fitted":
    """Contacts, cadence, contact time, strike and speed of each (name, analysis)."""
    from rich import box
    from rich.table import Table

    from gaitlab.cli.fitted import Fitted

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, justify in (
        ("recording", "left"),
        ("activity", "left"),
        ("contacts", "right"),
        ("cadence\n[steps/min]", "right"),
        ("contact\n[ms]", "right"),
        ("rear/mid/\nforefoot [%]", "right"),
        ("speed\n[m/s]", "right"),
        ("quality of\ncontact time", "left"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for name, analysis in analyses:
        for row in overview_rows(name, analysis):
            table.add_row(*row)
    return Fitted(table, LEGEND)


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
        used = int(valid.sum())
        contact = analysis.summary("contact_time_s", "both", activity)
        rows.append(
            (
                name,
                activity,
                f"{int(analysis.during(code, valid_only=False).sum())} ({used} used)",
                _spread(analysis.summary("cadence_spm", "both", activity), used),
                _spread(contact, used),
                _shares(strike_shares(contacts, valid), used),
                _spread(analysis.summary("speed_mps", "both", activity), used),
                _trust(contact),
            )
        )
    return rows


def _spread(item: MetricSummary | None, used: int) -> str:
    """``172 ± 3`` and ``(0.4)``: median, spread, uncertainty; n where it is not that of all."""
    if item is None or not item.n or not np.isfinite(item.median):
        return NOTHING
    shown = metric(item.metric)
    text = f"{shown.text(item.median)} ± {shown.spread_text(item.mad)}"
    text = text if item.n == used else f"{text} (n {item.n})"
    known = np.isfinite(item.uncertainty)
    return f"{text}\n({shown.spread_text(item.uncertainty)})" if known else text


def _shares(shares: dict[str, float | int | None], used: int) -> str:
    words = ("rearfoot_percent", "midfoot_percent", "forefoot_percent")
    percents = [shares[word] for word in words]
    if not shares["n"]:
        return NOTHING
    text = " / ".join(f"{percent:.0f}" for percent in percents)
    return text if shares["n"] == used else f"{text} (n {shares['n']})"


def _trust(item: MetricSummary | None) -> str:
    if item is None:
        return NOTHING
    return f"{item.quality}: {item.reason}" if item.reason else item.quality
