"""The rows of a pod in a journal, cut into connections with the settings of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gaitlab.pod.model import PodSettings
from gaitlab.recordings.journal_reading import parsed

if TYPE_CHECKING:
    from gaitlab.recordings.journal_reading import Rows

NS_PER_S: Final = 1e9
MOST_RATE_HZ: Final = 10_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """What a pod sent from connecting to losing it: data rows only, in order of arrival."""

    settings: PodSettings
    rows: "Rows"


def connections_of(rows: "Rows") -> list[Connection]:
    """Connections among the rows of one pod.

    One begins with every ``connected`` event, and with the first data after a ``disconnected``
    one. Where the event that told the settings is lost, what was said again later holds, else
    those of the connection before or the next: damage to one batch must not cost a connection.
    """
    is_event = np.asarray(rows["kind"].to_numpy() == "event")
    at = np.flatnonzero(is_event)
    facts = [parsed(payload) for payload in rows["payload"].take(at).to_pylist()]
    edges = [
        (int(row), settings_in(fact))
        for row, fact in zip(at, facts, strict=True)
        if fact.get("event") in {"connected", "disconnected"}
    ]
    again = [settings_in(fact["of"]) for fact in facts if isinstance(fact.get("of"), dict)]
    first = next((settings for settings in again if settings is not None), None)
    return list(_cut(rows, is_event, [(0, first), *edges, (len(is_event), None)]))


def _cut(
    rows: "Rows", is_event: np.ndarray, edges: list[tuple[int, PodSettings | None]]
) -> Iterator[Connection]:
    known = next((settings for _, settings in edges if settings is not None), None)
    for (start, settings), (stop, _) in pairwise(edges):
        known = settings or known
        data = np.flatnonzero(~is_event[start:stop]) + start
        if len(data) and known is not None:
            yield Connection(known, rows.take(data))


def settings_in(fact: dict[str, Any]) -> PodSettings | None:
    """The settings that a ``connected`` event tells; None when they make no sense."""
    told = fact.get("settings")
    if not isinstance(told, dict) or not isinstance(told.get("profile"), str):
        return None
    rate_hz, ranges = told.get("rate_hz"), (told.get("acc_range_g"), told.get("gyr_range_dps"))
    if not _number(rate_hz) or not 0 < float(rate_hz or 0) <= MOST_RATE_HZ:
        return None
    if not all(value is None or _number(value) for value in ranges):
        return None
    details = told.get("details")
    return PodSettings(
        told["profile"], float(rate_hz or 0), *ranges, details if isinstance(details, dict) else {}
    )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and bool(np.isfinite(value))
