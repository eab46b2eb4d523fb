"""How the pod sits on the foot, learned from a bounded store of what was seen so far.

The alignment of the batch analysis wants standing and strides. A stream cannot keep everything:
stretches of four seconds are kept, standing and moving ones apart, spread evenly over the time so
far, and the same function is asked again whenever there is a quarter more evidence.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gaitlab.events.alignment import MOVING_RADPS, Alignment, alignment_of
from gaitlab.events.standing import quiet_windows
from gaitlab.model.gait import EvenSignal
from gaitlab.model.units import Floats

CHUNK_S = 4.0
MOST_MOVING, MOST_STANDING = 12, 6  # chunks
APART_S = 0.3  # of nothing between two chunks: longer than any hole that is bridged
GROWS_BY = 1.25
SHORTEST_CHUNK_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    signal: EvenSignal
    standing_s: float
    moving_s: float


class _Spread:
    """At most ``most`` chunks, evenly spread over all that were offered."""

    def __init__(self, most: int) -> None:
        self.kept: list[_Chunk] = []
        self._most = most
        self._every = 1
        self._offered = 0

    def offer(self, chunk: _Chunk) -> None:
        """Keep the chunk when it is its turn; thin out when there are too many."""
        if self._offered % self._every == 0:
            self.kept.append(chunk)
        self._offered += 1
        if len(self.kept) > self._most:
            self.kept = self.kept[::2]
            self._every *= 2


class Evidence:
    """What is known about the mounting of one pod, growing with the stream.

    moving_s, standing_s : how much of each was seen
    """

    def __init__(self) -> None:
        self.moving_s = 0.0
        self.standing_s = 0.0
        self.has_gyroscope = False
        self._moving = _Spread(MOST_MOVING)
        self._standing = _Spread(MOST_STANDING)
        self._open: _Chunk | None = None
        self._from_s = np.nan
        self._asked_at = (0.0, 0.0)
        self._asked: Alignment | None = None

    @property
    def samples_held(self) -> int:
        """Samples in the store."""
        return sum(len(chunk.signal.missing) for chunk in self._chunks())

    def add(self, even: EvenSignal) -> None:
        """Take what is new in the latest window; older parts of it are known already."""
        stop_s = even.start_s + len(even.missing) / even.rate_hz
        if not self._from_s >= even.start_s:  # the first window, or one after a long hole
            self._from_s = even.start_s
        self.has_gyroscope = self.has_gyroscope or even.has_gyroscope
        while self._from_s + CHUNK_S <= stop_s:
            self._close(_chunk(even, self._from_s, self._from_s + CHUNK_S))
            self._from_s += CHUNK_S
        rest = _chunk(even, self._from_s, stop_s)
        self._open = rest if stop_s - self._from_s >= SHORTEST_CHUNK_S else None

    def end_stretch(self) -> None:
        """What follows comes after a long hole."""
        if self._open is not None:
            self._close(self._open)
        self._open, self._from_s = None, np.nan

    def _close(self, chunk: _Chunk) -> None:
        self.moving_s += chunk.moving_s
        self.standing_s += chunk.standing_s
        if chunk.standing_s > 0.0:
            self._standing.offer(chunk)
        elif chunk.moving_s > 0.0:
            self._moving.offer(chunk)

    @property
    def seen_s(self) -> tuple[float, float]:
        """How much moving and standing was seen, the open stretch included."""
        more = self._open
        if more is None:
            return self.moving_s, self.standing_s
        return self.moving_s + more.moving_s, self.standing_s + more.standing_s

    def alignment(self) -> Alignment | None:
        """How the pod sits, asked anew when there is a quarter more to go by; None at first."""
        moving_s, standing_s = self.seen_s
        asked_moving_s, asked_standing_s = self._asked_at
        grown = moving_s > GROWS_BY * asked_moving_s or standing_s > GROWS_BY * asked_standing_s
        if not grown and self._asked is not None:
            return self._asked
        chunks = self._chunks()
        if chunks:
            self._asked = alignment_of(_strung([chunk.signal for chunk in chunks]))
            self._asked_at = (moving_s, standing_s)
        return self._asked

    def _chunks(self) -> list[_Chunk]:
        last = [] if self._open is None else [self._open]
        return sorted(
            [*self._standing.kept, *self._moving.kept, *last], key=lambda one: one.signal.start_s
        )


def _chunk(even: EvenSignal, start_s: float, stop_s: float) -> _Chunk:
    first, last = (round((at_s - even.start_s) * even.rate_hz) for at_s in (start_s, stop_s))
    part = slice(max(first, 0), last)
    signal = EvenSignal(
        even.foot, even.start_s + part.start / even.rate_hz, even.rate_hz,
        even.acc_mps2[part].copy(), even.gyr_radps[part].copy(), even.missing[part].copy(),
        even.acc_clipped[part].copy(), even.gyr_clipped[part].copy(),
    )  # fmt: skip
    quiet = quiet_windows(signal.acc_mps2, signal.gyr_radps, signal.rate_hz)
    turning = np.einsum("ij,ij->i", signal.gyr_radps, signal.gyr_radps)
    moving = np.count_nonzero(turning > MOVING_RADPS**2)  # NaN is not moving
    return _Chunk(signal, float(np.diff(quiet).sum()) / even.rate_hz, moving / even.rate_hz)


def _strung(signals: list[EvenSignal]) -> EvenSignal:
    """One signal of several stretches; what lies between two that do not touch is missing."""
    last = signals[-1]
    parts: list[EvenSignal] = signals[:1]
    for one, following in pairwise(signals):
        stop_s = one.start_s + len(one.missing) / one.rate_hz
        if abs(following.start_s - stop_s) > 0.75 / one.rate_hz:
            parts.append(nothing(one, round(APART_S * one.rate_hz)))
        parts.append(following)
    return joined(parts, signals[0].start_s, last.rate_hz)


def nothing(like: EvenSignal, n: int) -> EvenSignal:
    """``n`` missing samples."""
    lost: Floats = np.full((n, 3), np.nan)
    no = np.zeros(n, dtype=bool)
    return EvenSignal(like.foot, like.start_s, like.rate_hz, lost, lost, ~no, no, no)


def joined(parts: list[EvenSignal], start_s: float, rate_hz: float) -> EvenSignal:
    """The parts one behind the other, as one signal that begins at ``start_s``."""
    return EvenSignal(
        parts[0].foot,
        start_s,
        rate_hz,
        np.concatenate([part.acc_mps2 for part in parts]),
        np.concatenate([part.gyr_radps for part in parts]),
        np.concatenate([part.missing for part in parts]),
        np.concatenate([part.acc_clipped for part in parts]),
        np.concatenate([part.gyr_clipped for part in parts]),
    )
