"""Where every row of a stream comes from: packets on even grids, rows of NaN for what is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from gaitlab.model.units import Floats, Ints
from gaitlab.pod.clock import Line
from gaitlab.pod.gathered import Samples, rows_of

FILLED_GAP_S: Final = 10.0  # longer holes are left without rows; the clock goes on all the same
MOST_ROWS: Final = 40_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Packets of one life of a pod (or one unbroken stretch) on an even grid.

    place, n, row : (k,) slot of each packet's first sample, how many, and which one it is among
        all that arrived; slots of one packet end before those of the next begin
    start_s, period_s : of the slots on the host's clock
    lost : samples missing inside a connection;  device : whether a real clock counted them
    ticked_from : device time, s, of the line's zero where the pod's own clock placed the samples
    """

    place: Ints
    n: Ints
    row: Ints
    start_s: float
    period_s: float
    lost: int
    repeated: int
    line: Line
    device: bool
    ticked_from: float | None = None

    @property
    def received(self) -> int:
        """Samples of it."""
        return int(self.n.sum())

    @property
    def span_s(self) -> tuple[float, float]:
        """Times of its first and its last sample."""
        last = int(self.place[-1] + self.n[-1] - 1)
        return (
            self.start_s + self.period_s * int(self.place[0]),
            self.start_s + self.period_s * last,
        )

    def moved(self, later_s: float) -> Self:
        """The same so much later."""
        line = replace(self.line, offset_s=self.line.offset_s + later_s)
        return replace(self, start_s=self.start_s + later_s, line=line)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Rows of a stream: those of each packet, then rows without numbers up to the next one.

    row : (k,) the first row of each packet;  n : (k,) its samples
    source : (k,) which ones they are among all that arrived
    start_s, period_s : (k,) time of the first row and between rows, up to the next packet
    n_rows : of the whole stream
    """

    row: Ints
    n: Ints
    source: Ints
    start_s: Floats
    period_s: Floats
    n_rows: int

    @classmethod
    def of(cls, stretches: Sequence[Stretch]) -> "Layout":
        """All stretches, one behind the other; none of them is empty."""
        free, rows = 0, []
        for one in stretches:
            hole = np.diff(one.place) - one.n[:-1]
            filled = np.where(hole <= int(FILLED_GAP_S / one.period_s), hole, 0)
            if int(filled.sum()) > MOST_ROWS:  # hostile clocks: holes stay without rows
                filled = np.zeros_like(filled)
            rows.append(free + np.concatenate(([0], np.cumsum(one.n[:-1] + filled))))
            free = int(rows[-1][-1] + one.n[-1])
        first_s = [one.start_s + one.period_s * one.place for one in stretches]
        return cls(
            np.concatenate(rows), np.concatenate([one.n for one in stretches]),
            np.concatenate([one.row for one in stretches]), np.concatenate(first_s),
            np.repeat([one.period_s for one in stretches], [len(one.n) for one in stretches]),
            free,
        )  # fmt: skip

    def time_s(self, first: int, stop: int) -> Floats:
        """Times of rows ``first`` to ``stop``."""
        row = np.arange(first, stop)
        packet = np.searchsorted(self.row, row, "right") - 1
        inner = row - self.row[packet]
        return np.asarray(self.start_s[packet] + self.period_s[packet] * inner, dtype=np.float64)

    def values(self, first: int, stop: int, samples: Samples) -> Floats:
        """Samples of rows ``first`` to ``stop``, NaN where there is none."""
        low = max(int(np.searchsorted(self.row, first, "right")) - 1, 0)
        high = int(np.searchsorted(self.row, stop, "left"))
        source, n, row = self.source[low:high], self.n[low:high], self.row[low:high]
        begin = int(source.min(initial=0 if not len(source) else int(source[0])))
        end = int((source + n).max(initial=begin))
        known = samples.rows(begin, end)
        to = rows_of(row, n) - first
        inside = (to >= 0) & (to < stop - first)
        block = np.full((stop - first, known.shape[1]), np.nan)
        block[to[inside]] = known[rows_of(source, n)[inside] - begin]
        return block

    def rows_between(self, begin_s: float, end_s: float) -> tuple[int, int]:
        """First and last but one of rows that hold all times in between, and some more."""
        low = max(int(np.searchsorted(self.start_s, begin_s)) - 1, 0)
        high = int(np.searchsorted(self.start_s, end_s, "right"))
        stop = int(self.row[high]) if high < len(self.row) else self.n_rows
        return int(self.row[low]), stop
