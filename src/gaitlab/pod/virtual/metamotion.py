"""A virtual MetaMotionS (BMI270): packed samples by threes, no clock, no counter."""

from collections.abc import Sequence
from typing import Final

from gaitlab.pod.virtual.protocol import (
    Chunk,
    PodProtocol,
    Port,
    Reaction,
    RefusedError,
    int16_bytes,
)

ACC, GYR = 0x03, 0x13
START, ENABLE, CONFIG, ASK, PACKED = 1, 2, 3, 0x80, 5
CHIP: Final = {ACC: b"\x04\x00", GYR: b"\x01\x00"}  # implementation and revision of a BMI270
FULL_RANGE: Final = {ACC: 3, GYR: 0}  # 16 g and 2000 deg/s


class MetaMotion(PodProtocol):
    """Acceleration and rotation in turn, three samples each."""

    name, per_packet, rate_hz = "metamotion", 3, 200.0
    advertised = "326a9000-85cb-9195-d9dd-464cfbbae75a"
    command = "326a9001-85cb-9195-d9dd-464cfbbae75a"
    data = "326a9006-85cb-9195-d9dd-464cfbbae75a"
    services = (
        (
            advertised,
            (Port(command, ("write", "write-without-response")), Port(data, ("notify",))),
        ),
    )

    def __init__(self) -> None:
        self._on: set[int] = set()

    def local_name(self, serial: str) -> str:
        return "MetaWear"

    def react(self, characteristic: str, payload: bytes) -> Reaction:
        if characteristic != self.command or len(payload) < 2:
            raise RefusedError
        module, register, rest = payload[0], payload[1], payload[2:]
        if register == ASK:
            return Reaction([(self.data, bytes((module, ASK)) + CHIP.get(module, b""))])
        if module not in CHIP:
            return Reaction()
        if register == CONFIG:
            if len(rest) != 2 or rest[1] & 7 != FULL_RANGE[module]:
                raise RefusedError
            return Reaction(rate_hz=25.0 * 2.0 ** ((rest[0] & 15) - 6))
        if register == START:
            (self._on.add if rest == b"\x01" else self._on.discard)(module)
            return Reaction(streaming=self._on == {ACC, GYR})
        return Reaction()

    def packet(self, chunk: Chunk) -> Sequence[tuple[str, bytes]]:
        acc, gyr = int16_bytes(chunk.counts[:, :3]), int16_bytes(chunk.counts[:, 3:])
        return [
            (self.data, bytes((ACC, PACKED)) + acc),
            (self.data, bytes((GYR, PACKED)) + gyr),
        ]
