"""The packets of all connections of a pod, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gaitlab.model.units import Floats, Ints
from gaitlab.pod.model import SensorPackets


@dataclass(frozen=True, slots=True, eq=False)
class Packets:
    """Packets of all connections in order of arrival, each array (k,) but samples."""

    host_ns: Ints
    n: Ints
    connection: Ints
    samples: Floats
    tick: Ints | None
    counter: Ints | None
    like: SensorPackets

    def first_row(self) -> Ints:
        """Where each packet's samples begin."""
        return np.concatenate(([0], np.cumsum(self.n)[:-1])).astype(np.int64)

    def runs(self, life: Ints) -> "list[Packets]":
        """Parts of the same life (k,), which never falls; views, not copies."""
        edge = np.flatnonzero(np.diff(life, prepend=life[0] - 1, append=life[-1] + 1))
        row = np.concatenate(([0], np.cumsum(self.n)))[edge]
        return [
            Packets(
                self.host_ns[a:b], self.n[a:b], self.connection[a:b], self.samples[low:high],
                None if self.tick is None else self.tick[a:b],
                None if self.counter is None else self.counter[a:b], self.like,
            )
            for (a, b), (low, high) in zip(pairwise(edge), pairwise(row), strict=True)
        ]  # fmt: skip

    def some(self, chosen: Ints) -> "Packets":
        if len(chosen) == len(self.n) and np.all(np.diff(chosen) == 1):
            return self
        rows = rows_of(self.first_row()[chosen], self.n[chosen])
        return Packets(
            self.host_ns[chosen], self.n[chosen], self.connection[chosen], self.samples[rows],
            None if self.tick is None else self.tick[chosen],
            None if self.counter is None else self.counter[chosen], self.like,
        )  # fmt: skip


def together(connections: Sequence[Sequence[SensorPackets]], sensor: str) -> Packets | None:
    """Packets of one kind of sensor of all connections; None without any."""
    parts = [
        (number, packets)
        for number, connection in enumerate(connections)
        for packets in connection
        if packets.sensor == sensor and len(packets.host_ns)
    ]
    if not parts:
        return None
    every = [packets for _, packets in parts]
    ticked = all(packets.tick is not None for packets in every)
    counted = all(packets.counter is not None for packets in every)
    return Packets(
        np.concatenate([packets.host_ns for packets in every]),
        np.concatenate([packets.n_samples for packets in every]),
        np.repeat([number for number, _ in parts], [len(item.host_ns) for item in every]),
        np.concatenate([packets.samples for packets in every]),
        np.concatenate([ints(packets.tick) for packets in every]) if ticked else None,
        np.concatenate([ints(packets.counter) for packets in every]) if counted else None,
        every[0],
    )


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
