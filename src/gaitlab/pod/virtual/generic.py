"""The virtual pod of the generic profile's own layout."""

import struct
from collections.abc import Sequence

from gaitlab.pod.virtual.protocol import (
    Chunk,
    PodProtocol,
    Port,
    Reaction,
    RefusedError,
    int16_bytes,
)


class Generic(PodProtocol):
    """The generic pod of gaitlab's own: a counter, a tick of 1/32768 s, whole counts."""

    name, per_packet, rate_hz = "generic", 10, 200.0
    advertised = "6a170001-5b1e-4c39-9e1c-9a1d70f00d01"
    data = "6a170002-5b1e-4c39-9e1c-9a1d70f00d01"
    control = "6a170003-5b1e-4c39-9e1c-9a1d70f00d01"
    services = ((advertised, (Port(data, ("notify",)), Port(control, ("read", "write"), b"\x00"))),)

    def local_name(self, serial: str) -> str:
        return f"gait {serial[-3:]}"

    def react(self, characteristic: str, payload: bytes) -> Reaction:
        if characteristic != self.control or payload not in (b"\x00", b"\x01"):
            raise RefusedError
        return Reaction(streaming=payload == b"\x01")

    def packet(self, chunk: Chunk) -> Sequence[tuple[str, bytes]]:
        header = struct.pack(
            "<BBHI", 1, len(chunk.counts), chunk.number % 65536, chunk.tick(32768.0, 32)
        )
        return [(self.data, header + int16_bytes(chunk.counts))]
