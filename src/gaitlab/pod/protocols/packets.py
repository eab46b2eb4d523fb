"""What all protocols share: many notifications at once as arrays, and who decodes what.

Bytes from the air are hostile until their length and content fit the layout. What does not fit is
refused with a reason; nothing raises, and nothing is made up to fill a hole.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools, Floats, Ints
from gaitlab.pod.model import CHANNELS, Decoded, Notification, Sensor, SensorPackets

Bytes = NDArray[np.uint8]
LONGEST_BYTES = 512  # longest value of a characteristic (Bluetooth Core, Vol 3 Part F 3.2.9)
TOO_LONG = "longer than any notification can be"
WRONG_LENGTH = "wrong length for this kind of pod"
IMPOSSIBLE = "numbers that no such sensor can measure"
FASTEST_MPS2 = 400.0 * STANDARD_GRAVITY_MPS2  # assumption: twice the widest shock sensors
FASTEST_RADPS = 8000.0 * RAD_PER_DEG  # assumption: twice the widest gyroscopes in use


@dataclass(frozen=True, slots=True)
class PacketKind:
    """What all packets of one sensor have in common; see `SensorPackets`."""

    sensor: Sensor = "imu"
    tick_hz: float = 0.0
    tick_bits: int = 0
    tick_of: Literal["first", "last"] = "first"
    counter_bits: int = 0
    counter_counts: Literal["packets", "samples"] = "packets"
    acc_lsb_mps2: float | None = None
    gyr_lsb_radps: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """Packets of one length: rows (g,) among the notifications, samples (g, n, channels)."""

    rows: Ints
    samples: Floats
    tick: Ints | None = None
    counter: Ints | None = None

    def keep(self, good: Bools) -> "Parsed":
        return Parsed(
            self.rows[good],
            self.samples[good],
            None if self.tick is None else self.tick[good],
            None if self.counter is None else self.counter[good],
        )


def by_length(payloads: Sequence[bytes]) -> Iterator[tuple[Ints, Bytes]]:
    """Payloads of equal length together: their rows (g,) and bytes (g, length).

    >>> [(rows.tolist(), raw.tolist()) for rows, raw in by_length([b"a", b"bc", b"d"])]
    [([0, 2], [[97], [100]]), ([1], [[98, 99]])]
    """
    lengths = np.array([len(payload) for payload in payloads], dtype=np.int64)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        joined = bytearray().join([payloads[row] for row in rows.tolist()])
        yield rows, np.array(joined, dtype=np.uint8).reshape(len(rows), length)


def plausible(samples: Floats, sensor: Sensor) -> Bools:
    """(g,) packets in which every number is finite and within what sensors can measure."""
    bounds = {
        "acc": [FASTEST_MPS2] * 3,
        "gyr": [FASTEST_RADPS] * 3,
        "imu": [FASTEST_MPS2] * 3 + [FASTEST_RADPS] * 3,
    }[sensor]
    return np.asarray(np.all(np.abs(samples) <= np.array(bounds), axis=(1, 2)))


def merged(
    kind: PacketKind, host_ns: Sequence[int], parsed: Sequence[Parsed], refused: Counter[str]
) -> tuple[SensorPackets, ...]:
    """Packets of several lengths back in order of arrival; implausible ones are refused."""
    good = []
    for part in parsed:
        fine = plausible(part.samples, kind.sensor)
        if not fine.all():
            refused[IMPOSSIBLE] += int(np.count_nonzero(~fine))
        if fine.any():
            good.append(part.keep(fine))
    if not good:
        return ()
    rows = np.concatenate([part.rows for part in good])
    order = np.argsort(rows, kind="stable")
    counts = np.concatenate([np.full(len(part.rows), part.samples.shape[1]) for part in good])
    starts = np.empty(len(rows), np.int64)
    starts[order] = np.cumsum(counts[order]) - counts[order]
    samples = np.empty((int(counts.sum()), CHANNELS[kind.sensor]))
    done = 0
    for part in good:
        size = part.samples.shape[1]
        samples[starts[done : done + len(part.rows), None] + np.arange(size)] = part.samples
        done += len(part.rows)
    return (
        SensorPackets(
            kind.sensor,
            np.array(host_ns, dtype=np.int64)[rows[order]],
            counts[order],
            samples,
            tick=_joined([part.tick for part in good], order),
            counter=_joined([part.counter for part in good], order),
            tick_hz=kind.tick_hz,
            tick_bits=kind.tick_bits,
            tick_of=kind.tick_of,
            counter_bits=kind.counter_bits,
            counter_counts=kind.counter_counts,
            acc_lsb_mps2=kind.acc_lsb_mps2,
            gyr_lsb_radps=kind.gyr_lsb_radps,
        ),
    )


def _joined(columns: Sequence[Ints | None], order: Ints) -> Ints | None:
    there = [column for column in columns if column is not None]
    return np.concatenate(there)[order] if there else None


def doubles(values: NDArray[np.generic]) -> Floats:
    """Numbers as doubles, without a warning about those that are none (refused later)."""
    with np.errstate(invalid="ignore"):
        return values.astype(np.float64)


def si(samples: NDArray[np.generic], acc_mps2: float, gyr_radps: float) -> Floats:
    """Counts (..., 6) of acceleration and rotation as m/s^2 and rad/s."""
    scale = np.array([acc_mps2] * 3 + [gyr_radps] * 3)
    return np.asarray(doubles(samples) * scale)


Part = Callable[[Sequence[Notification]], Decoded]


class RoutingDecoder:
    """A decoder made of parts, each for one characteristic.

    parts : UUID to the function that decodes its notifications, in order of arrival
    silent : characteristics whose notifications are answers of the pod, not data
    """

    def __init__(self, parts: Mapping[str, Part], silent: Sequence[str] = ()) -> None:
        self._parts = dict(parts)
        self._silent = frozenset(silent)

    def feed(self, notifications: Sequence[Notification]) -> Decoded:
        refused: Counter[str] = Counter()
        routed: dict[str, list[Notification]] = {}
        for notification in notifications:
            if notification.characteristic in self._silent:
                continue
            if notification.characteristic not in self._parts:
                refused["a characteristic that this kind of pod does not have"] += 1
            elif len(notification.payload) > LONGEST_BYTES:
                refused[TOO_LONG] += 1
            else:
                routed.setdefault(notification.characteristic, []).append(notification)
        decoded = [self._parts[uuid](few) for uuid, few in routed.items()]
        for part in decoded:
            refused.update(part.refused)
        speeds = [part.speed for part in decoded if part.speed is not None]
        return Decoded(
            packets=tuple(packets for part in decoded for packets in part.packets),
            speed=speeds[0] if speeds else None,
            battery=tuple(level for part in decoded for level in part.battery),
            refused=dict(refused),
        )
