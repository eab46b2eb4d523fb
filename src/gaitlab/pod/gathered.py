"""The packets of all connections of a pod, one after the other; their samples lie elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Protocol

import numpy as np

from gaitlab.model.units import Floats, Ints
from gaitlab.pod.model import SensorPackets

ODD: Final = np.uint64(0x9E3779B97F4A7C15)


class Samples(Protocol):
    """The samples of a sensor in order of arrival, wherever they are kept."""

    def add(self, samples: Floats) -> None:
        """(n, channels) more."""
        ...

    def rows(self, start: int, stop: int) -> Floats:
        """(stop - start, channels)."""
        ...


class InMemory:
    """Samples in memory."""

    def __init__(self) -> None:
        self._parts: list[Floats] = []

    def add(self, samples: Floats) -> None:
        self._parts.append(samples)

    def rows(self, start: int, stop: int) -> Floats:
        if len(self._parts) > 1:
            self._parts = [np.concatenate(self._parts)]
        return self._parts[0][start:stop]


@dataclass(frozen=True, slots=True, eq=False)
class Packets:
    """Packets of all connections in order of arrival, each array (k,).

    row : where the samples of each begin among all that arrived
    digest : equal for packets that say the same
    like : what all have in common, without samples
    """

    host_ns: Ints
    n: Ints
    connection: Ints
    row: Ints
    digest: Ints
    tick: Ints | None
    counter: Ints | None
    like: SensorPackets

    def runs(self, life: Ints) -> "list[Packets]":
        """Parts of the same life (k,), which never falls; views, not copies."""
        edge = np.flatnonzero(np.diff(life, prepend=life[0] - 1, append=life[-1] + 1))
        return [self._at(slice(a, b)) for a, b in pairwise(edge)]

    def some(self, chosen: Ints) -> "Packets":
        """Those with these numbers, in this order."""
        if len(chosen) == len(self.n) and np.all(np.diff(chosen) == 1):
            return self
        return self._at(chosen)

    def _at(self, where: "Ints | slice") -> "Packets":
        return Packets(
            self.host_ns[where], self.n[where], self.connection[where], self.row[where],
            self.digest[where], None if self.tick is None else self.tick[where],
            None if self.counter is None else self.counter[where], self.like,
        )  # fmt: skip


class Gathering:
    """Collects the packets of one kind of sensor as they are decoded; gives them as `Packets`."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self._parts: list[tuple[int, SensorPackets, Ints]] = []

    def add(self, connection: int, packets: SensorPackets) -> None:
        """What came next, on this connection."""
        if len(packets.host_ns):
            self.samples.add(packets.samples)
            bare = replace(
                packets, n_samples=np.zeros_like(packets.n_samples),
                samples=np.empty((0, packets.samples.shape[1])),
            )  # fmt: skip
            sizes = np.asarray(packets.n_samples, dtype=np.int64)
            self._parts.append((connection, bare, np.stack((sizes, digests(packets)))))

    def packets(self) -> Packets | None:
        """All of them; None without any."""
        if not self._parts:
            return None
        every = [packets for _, packets, _ in self._parts]
        ticked = all(packets.tick is not None for packets in every)
        counted = all(packets.counter is not None for packets in every)
        sizes, digest = np.concatenate([told for _, _, told in self._parts], axis=1)
        return Packets(
            np.concatenate([packets.host_ns for packets in every]),
            sizes,
            np.repeat([number for number, *_ in self._parts], [len(it.host_ns) for it in every]),
            np.cumsum(sizes) - sizes,
            digest,
            np.concatenate([ints(packets.tick) for packets in every]) if ticked else None,
            np.concatenate([ints(packets.counter) for packets in every]) if counted else None,
            every[0],
        )


def digests(packets: SensorPackets) -> Ints:
    """(k,) numbers that are equal when two packets hold the same samples in the same order."""
    if not len(packets.samples):
        return np.zeros(len(packets.host_ns), dtype=np.int64)
    n = np.asarray(packets.n_samples, dtype=np.int64)
    first = np.cumsum(n) - n
    place = np.arange(len(packets.samples)) - np.repeat(first, n)
    bits = np.ascontiguousarray(packets.samples + 0.0).view(np.uint64)
    spread = np.arange(1, bits.shape[1] + 1, dtype=np.uint64) * ODD
    mixed = (bits ^ (bits >> np.uint64(29))) * (spread + (place[:, None] * 2 + 1).astype(np.uint64))
    each = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mixed.sum(axis=1, dtype=np.uint64))))
    return np.asarray((each[first + n] - each[first]).view(np.int64), dtype=np.int64)


def gathered(connections: Sequence[Sequence[SensorPackets]], sensor: str) -> Gathering:
    """Packets of one kind of sensor of all connections, their samples in memory."""
    found = Gathering(InMemory())
    for number, connection in enumerate(connections):
        for packets in connection:
            if packets.sensor == sensor:
                found.add(number, packets)
    return found


def ints(values: Ints | None) -> Ints:
    """Whole numbers, none for None."""
    return np.empty(0, np.int64) if values is None else values.astype(np.int64)


def rows_of(first: Ints, n: Ints) -> Ints:
    """``first[i], first[i] + 1 .. first[i] + n[i] - 1`` of every packet, one after the other.

    >>> rows_of(np.array([5, 20]), np.array([3, 2])).tolist()
    [5, 6, 7, 20, 21]
    """
    start = np.cumsum(n) - n
    return np.asarray(np.repeat(first - start, n) + np.arange(int(n.sum())), dtype=np.int64)
