"""What pods say, in the words that all parts of ``pod`` share: numpy only, no radio.

A pod sends **notifications** (bytes, stamped on arrival). A decoder turns those of one connection
into **packets** of samples in SI units and sensor axes. What a decoder must know beforehand (range,
factors, layout) are the **settings** agreed with the pod by a **conversation** after connecting.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from gaitlab.model.recording import read_only
from gaitlab.model.units import Floats, Ints

Sensor = Literal["imu", "acc", "gyr"]
CHANNELS: dict[Sensor, int] = {"imu": 6, "acc": 3, "gyr": 3}


@dataclass(frozen=True, slots=True)
class Notification:
    """Bytes as they came.

    host_ns : monotonic clock of this computer on arrival
    characteristic : its 128-bit UUID, lower case
    payload : the bytes, untouched
    """

    host_ns: int
    characteristic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What a scan shows of one pod; ``address`` is only good on this computer."""

    address: str
    name: str = ""
    services: tuple[str, ...] = ()
    manufacturers: tuple[int, ...] = ()
    rssi_dbm: int | None = None


@dataclass(frozen=True, slots=True)
class PodSettings:
    """How a pod streams during one connection; kept with the bytes, needed to decode them.

    profile : name of the profile that decodes
    rate_hz : declared samples a second
    acc_range_g, gyr_range_dps : full scale, None when unknown
    details : what only this kind of pod needs (chip, factors, layout); plain JSON values
    """

    profile: str
    rate_hz: float
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None
    details: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class SensorPackets:
    """The packets of one kind of sensor of one pod, in order of arrival.

    sensor : ``imu`` is acceleration and angular rate together
    host_ns : (k,) when the packet was complete, on this computer's monotonic clock
    n_samples : (k,) samples in each packet
    samples : (sum(n_samples), 6 or 3) m/s^2, then rad/s; sensor axes
    tick : (k,) the pod's own clock, not unwrapped, of each packet's ``tick_of`` sample; or None
    tick_hz, tick_bits : ticks a second and where they wrap; 0 and 0 without ticks
    counter : (k,) the pod's own count, not unwrapped; or None
    counter_bits, counter_counts : where it wraps, and whether it counts packets or samples
    acc_lsb_mps2, gyr_lsb_radps : size of one count where the pod sends integers, else None
    """

    sensor: Sensor
    host_ns: Ints
    n_samples: Ints
    samples: Floats
    tick: Ints | None = None
    tick_hz: float = 0.0
    tick_bits: int = 0
    tick_of: Literal["first", "last"] = "first"
    counter: Ints | None = None
    counter_bits: int = 0
    counter_counts: Literal["packets", "samples"] = "packets"
    acc_lsb_mps2: float | None = None
    gyr_lsb_radps: float | None = None

    def __post_init__(self) -> None:
        k, n = len(self.host_ns), int(np.sum(self.n_samples))
        per_packet = {"n_samples": self.n_samples, "tick": self.tick, "counter": self.counter}
        for name, values in per_packet.items():
            if values is not None and values.shape != (k,):
                raise ValueError(f"{name} has shape {values.shape}, expected ({k},)")
        if self.samples.shape != (n, CHANNELS[self.sensor]):
            raise ValueError(
                f"samples has shape {self.samples.shape}, expected ({n}, {CHANNELS[self.sensor]})"
            )
        for name in ("host_ns", "n_samples", "samples", "tick", "counter"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, read_only(getattr(self, name)))


@dataclass(frozen=True, slots=True, eq=False)
class SpeedSeries:
    """What a foot pod of the running speed and cadence service says; raw, one row a message.

    host_ns : (k,);  running : (k,) bool
    speed_mps, cadence_per_min : (k,); the cadence as sent, steps or strides nobody says
    stride_length_m, distance_m : (k,) NaN where not sent; the distance restarts at power-up
    """

    host_ns: Ints
    speed_mps: Floats
    cadence_per_min: Floats
    running: np.ndarray
    stride_length_m: Floats
    distance_m: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """What a batch of notifications said.

    packets : at most one entry for each kind of sensor; empty when nothing was complete
    speed : of the running speed and cadence service
    battery : (host_ns, per cent), newest last
    refused : how many notifications (or stretches of a byte stream) were not understood, by reason
    """

    packets: tuple[SensorPackets, ...] = ()
    speed: SpeedSeries | None = None
    battery: tuple[tuple[int, int], ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)


class Decoder(Protocol):
    """Bytes to samples for one connection; keeps what is still incomplete (split packets)."""

    def feed(self, notifications: Sequence[Notification]) -> Decoded:
        """Decode what has become complete; never raises on hostile bytes, counts them instead."""
        ...


# --- the conversation after connecting, without any radio in it --------------------------------


@dataclass(frozen=True, slots=True)
class Write:
    """Write bytes to a characteristic; answered with None."""

    characteristic: str
    payload: bytes
    response: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """Read a characteristic; answered with its bytes."""

    characteristic: str


@dataclass(frozen=True, slots=True)
class Expect:
    """Wait for a notification that begins with ``prefix``; answered with its bytes.

    Notifications count from the last `Write` on; None comes back after ``timeout_s`` without one.
    """

    characteristic: str
    prefix: bytes
    timeout_s: float = 3.0


Request = Write | Read | Expect
Conversation = Generator[Request, bytes | None, PodSettings]
