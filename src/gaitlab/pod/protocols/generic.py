"""The configurable pod: own firmware, described by a small JSON or TOML file.

The default description is gaitlab's own packet, the one that the virtual pods send::

    u8 version = 1 | u8 n | u16 packet counter | u32 tick of the first sample, 32768 Hz
    n x (3 x i16 acceleration, 2048 a g | 3 x i16 rotation, 16.4 a deg/s), little endian
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools, Ints
from gaitlab.pod.model import Conversation, Decoded, Notification, PodSettings, Write
from gaitlab.pod.protocols.description import (
    AXES,
    CONTROL,
    DATA,
    DEFAULT,
    SERVICE,
    TYPES,
    PodDescription,
    description_text,
    read_description,
    sensor_of,
)
from gaitlab.pod.protocols.packets import (
    WRONG_LENGTH,
    Bytes,
    PacketKind,
    Parsed,
    by_length,
    doubles,
    merged,
    si,
)

__all__ = ["CONTROL", "DATA", "DEFAULT", "SERVICE", "Layout", "PodDescription"]

WRONG_VERSION = "version number of another packet"
WRONG_COUNT = "sample count and length disagree"


def _fields(texts: Sequence[str], order: str) -> list[tuple[str, str]]:
    mark = "<" if order == "little" else ">"
    pairs = [text.split() for text in texts]
    return [(name, mark + TYPES[kind]) for name, kind in pairs]


@dataclass(frozen=True, slots=True)
class Layout:
    """A description made ready: numpy types of the header and of one sample."""

    about: PodDescription
    header: np.dtype = field(init=False)
    sample: np.dtype = field(init=False)
    kind: PacketKind = field(init=False)

    def __post_init__(self) -> None:
        about = self.about
        header = np.dtype(_fields(about.header, about.byte_order))
        sample = np.dtype(_fields(about.sample, about.byte_order))
        names, acc, gyr = sample.names or (), about.acc_g * STANDARD_GRAVITY_MPS2, about.gyr_dps
        has_tick, has_counter = ("tick" in (header.names or ()), "counter" in (header.names or ()))
        width = {name: 8 * header[name].itemsize for name in header.names or ()}
        whole = all(sample[name].kind == "i" for name in names)
        kind = PacketKind(
            sensor_of(names) or "imu",
            tick_hz=about.tick_hz if has_tick else 0.0,
            tick_bits=(about.tick_bits or width["tick"]) if has_tick else 0,
            tick_of=about.tick_of,
            counter_bits=(about.counter_bits or width["counter"]) if has_counter else 0,
            counter_counts=about.counter_counts,
            acc_lsb_mps2=acc if whole else None,
            gyr_lsb_radps=gyr * RAD_PER_DEG if whole else None,
        )
        object.__setattr__(self, "header", header)
        object.__setattr__(self, "sample", sample)
        object.__setattr__(self, "kind", kind)

    def parse(self, rows: Ints, raw: Bytes, refused: Counter[str]) -> Parsed | None:
        """Packets of one length; None when none of them fits."""
        rest = raw.shape[1] - self.header.itemsize
        size, left = divmod(max(rest, 0), self.sample.itemsize)
        if rest <= 0 or left or not size or (self.about.samples not in (0, size)):
            refused[WRONG_LENGTH] += len(rows)
            return None
        good, header = self._read_header(raw, size, refused)
        if not good.any():
            return None
        body = raw[good][:, self.header.itemsize :].tobytes()
        fields = np.frombuffer(body, self.sample).reshape(-1, size)
        axes = AXES[self.kind.sensor]
        counts = np.stack([doubles(fields[axis]) for axis in axes], axis=-1)
        return Parsed(
            rows[good],
            self._in_si(counts),
            header.get("tick"),
            header.get("counter"),
        )

    def _in_si(self, counts: np.ndarray) -> np.ndarray:
        acc = self.about.acc_g * STANDARD_GRAVITY_MPS2
        gyr = self.about.gyr_dps * RAD_PER_DEG
        if self.kind.sensor == "imu":
            return si(counts, acc, gyr)
        return np.asarray(counts * (acc if self.kind.sensor == "acc" else gyr))

    def _read_header(
        self, raw: Bytes, size: int, refused: Counter[str]
    ) -> tuple[Bools, dict[str, Ints]]:
        good = np.ones(len(raw), bool)
        if not self.header.itemsize:
            return good, {}
        fields = np.frombuffer(raw[:, : self.header.itemsize].tobytes(), self.header)
        names = self.header.names or ()
        if "version" in names and self.about.version is not None:
            good &= fields["version"] == self.about.version
            refused[WRONG_VERSION] += int(np.count_nonzero(~good))
        if "count" in names:
            wrong = good & (fields["count"] != size)
            refused[WRONG_COUNT] += int(np.count_nonzero(wrong))
            good &= ~wrong
        masks = {"tick": self.kind.tick_bits, "counter": self.kind.counter_bits}
        values = {
            name: fields[name][good].astype(np.int64) & (2**bits - 1)
            for name, bits in masks.items()
            if name in names
        }
        return good, values


def decode(layout: Layout, notifications: Sequence[Notification]) -> Decoded:
    """Samples of all notifications; those that do not fit the description are refused."""
    refused: Counter[str] = Counter()
    groups = by_length([notification.payload for notification in notifications])
    parsed = [layout.parse(rows, raw, refused) for rows, raw in groups]
    host_ns = [notification.host_ns for notification in notifications]
    packets = merged(layout.kind, host_ns, [part for part in parsed if part is not None], refused)
    return Decoded(packets=packets, refused={why: n for why, n in refused.items() if n})


def settings_of(about: PodDescription) -> PodSettings:
    """The settings of a described pod; the description itself travels with the recording."""
    return PodSettings(
        about.name,
        about.rate_hz,
        about.acc_range_g,
        about.gyr_range_dps,
        details={"description": description_text(about)},
    )


def description_in(settings: PodSettings) -> PodDescription:
    """The description that travelled with a recording; the default when there is none."""
    text = settings.details.get("description")
    return read_description(text) if isinstance(text, str) else DEFAULT


def start(about: PodDescription) -> Conversation:
    """Tell the pod to send."""
    if about.control and about.start:
        yield Write(about.control, bytes.fromhex(about.start))
    return settings_of(about)


def stop(about: PodDescription) -> tuple[Write, ...]:
    """Tell the pod to be silent."""
    if not (about.control and about.stop):
        return ()
    return (Write(about.control, bytes.fromhex(about.stop)),)
