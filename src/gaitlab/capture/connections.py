"""The rows of a pod in a journal, cut into connections with the settings of each."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from gaitlab.pod.model import Notification, PodSettings

if TYPE_CHECKING:
    from gaitlab.recordings.journal_reading import Journal, Told

NS_PER_S: Final = 1e9
MOST_RATE_HZ: Final = 10_000.0
AT_ONCE: Final = 4096  # notifications decoded together: bounds what is held beside the samples


class Span(NamedTuple):
    """What a pod sent from connecting to losing it: rows ``start`` to ``stop`` of that pod."""

    start: int
    stop: int
    settings: PodSettings


def spans_of(told: Sequence["Told"], n_rows: int) -> list[Span]:
    """Connections among the ``n_rows`` rows of one pod, from its events.

    One begins with every ``connected`` event, and with the first data after a ``disconnected``
    one. Where the event that told the settings is lost, what was said again later holds, else
    those of the connection before or the next: damage to one batch must not cost a connection.
    Some may hold no data.
    """
    edges = [
        (it.row, settings_in(it.facts))
        for it in told
        if it.facts.get("event") in {"connected", "disconnected"}
    ]
    again = [settings_in(it.facts["of"]) for it in told if isinstance(it.facts.get("of"), dict)]
    first = next((settings for settings in again if settings is not None), None)
    every = [(0, first), *edges, (n_rows, None)]
    known = next((settings for _, settings in every if settings is not None), None)
    spans = []
    for (start, settings), (stop, _) in pairwise(every):
        known = settings or known
        if known is not None and stop > start:
            spans.append(Span(start, stop, known))
    return spans


def heard(
    journal: "Journal", pod: int, spans: Sequence[Span]
) -> Iterator[tuple[int, list[Notification]]]:
    """(number of the span, notifications), some thousand of them at a time, in order."""
    waiting: list[Notification] = []
    span, row = 0, 0
    for batch in journal.batches_of(pod):
        columns = (batch.column(name).to_pylist() for name in ("host_ns", "characteristic"))
        kinds, payloads = batch.column("kind").to_pylist(), batch.column("payload").to_pylist()
        for kind, host_ns, characteristic, payload in zip(kinds, *columns, payloads, strict=True):
            if span < len(spans) - 1 and row >= spans[span + 1].start:
                yield span, waiting
                waiting, span = [], _span_at(spans, row)
            if kind == "data" and spans and spans[span].start <= row < spans[span].stop:
                waiting.append(Notification(host_ns, characteristic, payload))
            row += 1
        if len(waiting) >= AT_ONCE:
            yield span, waiting
            waiting = []
    yield span, waiting


def _span_at(spans: Sequence[Span], row: int) -> int:
    return max(number for number, it in enumerate(spans) if it.start <= row)


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
