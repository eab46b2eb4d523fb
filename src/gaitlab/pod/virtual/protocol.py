"""What a virtual pod needs to know of the protocol that it speaks; no Bluetooth stack in here."""

from collections.abc import Sequence
from dataclasses import dataclass

from gaitlab.model.units import Ints
from gaitlab.pod.virtual.samples import Scale


class RefusedError(Exception):
    """The pod does not take what was written."""


@dataclass(frozen=True, slots=True)
class Port:
    """A characteristic: what can be done with it, and what a read of it gives.

    can : words of bleak: read, write, write-without-response, notify, indicate
    """

    uuid: str
    can: tuple[str, ...]
    value: bytes = b""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """The samples of one packet.

    number : of the packet; counts on while nobody listens
    first : index of its first sample since the recording began
    time_s : (2,) the pod's own clock at its first and at its last sample
    counts : (n, 6) acceleration and angular rate
    """

    number: int
    first: int
    time_s: tuple[float, float]
    counts: Ints

    def tick(self, hz: float, bits: int, *, last: bool = False) -> int:
        """The pod's clock in ticks that wrap."""
        return round(self.time_s[last] * hz) % (1 << bits)


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a pod does when it is written to.

    answers : notifications to send, (characteristic, bytes)
    streaming : begin or end sending samples; None leaves it as it is
    rate_hz : sample at this rate from now on
    """

    answers: Sequence[tuple[str, bytes]] = ()
    streaming: bool | None = None
    rate_hz: float | None = None


class PodProtocol:
    """A kind of pod, as seen from inside the pod; one instance for each pod.

    per_packet, rate_hz, scale : samples in a packet, samples a second, size of a count
    advertised : the service that it advertises
    services : its own services with their characteristics
    streams_unasked : sends as soon as somebody has subscribed
    """

    name: str
    per_packet: int
    rate_hz: float
    scale: Scale = Scale()
    streams_unasked: bool = False
    advertised: str
    services: tuple[tuple[str, tuple[Port, ...]], ...]

    def local_name(self, serial: str) -> str:
        """What it calls itself; a scan knows it by this."""
        raise NotImplementedError

    def react(self, characteristic: str, payload: bytes) -> Reaction:
        """What being written to does; raises RefusedError."""
        raise NotImplementedError

    def packet(self, chunk: Chunk) -> Sequence[tuple[str, bytes]]:
        """The notifications, (characteristic, bytes), that carry ``chunk``."""
        raise NotImplementedError


def int16_bytes(counts: Ints) -> bytes:
    """Counts as little endian 16-bit integers, row by row."""
    return counts.astype("<i2").tobytes()


def sig(short: int) -> str:
    """The long form of a 16-bit UUID.

    >>> sig(0x2A19)
    '00002a19-0000-1000-8000-00805f9b34fb'
    """
    return f"0000{short:04x}-0000-1000-8000-00805f9b34fb"
