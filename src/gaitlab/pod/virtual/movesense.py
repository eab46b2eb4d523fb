"""A virtual Movesense: GATT sensor data protocol, IMU6, floats, packets in two parts."""

import re
import struct
from collections.abc import Sequence
from typing import Final

from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.pod.virtual.protocol import Chunk, PodProtocol, Port, Reaction, RefusedError

HELLO, SUBSCRIBE, UNSUBSCRIBE, GET = 0, 1, 2, 4
RESULT, DATA, DATA_PART2 = 1, 2, 3
FIRST_PART_BYTES: Final = 150
PATH: Final = re.compile(rb"/Meas/IMU6/(13|26|52|104|208|416|833|1666)\0?")
OK, NOT_FOUND = 200, 404


class Movesense(PodProtocol):
    """Eight samples in a packet: all accelerations, then all angular rates."""

    name, per_packet, rate_hz = "movesense", 8, 208.0
    advertised = "34802252-7185-4d5d-b431-630e7050e8f0"
    command = "34800001-7185-4d5d-b431-630e7050e8f0"
    data = "34800002-7185-4d5d-b431-630e7050e8f0"
    services = ((advertised, (Port(command, ("write",)), Port(data, ("notify",)))),)

    def __init__(self) -> None:
        self._reference = 0

    def local_name(self, serial: str) -> str:
        return f"Movesense {serial}"

    def react(self, characteristic: str, payload: bytes) -> Reaction:
        if characteristic != self.command or len(payload) < 2:
            raise RefusedError
        op, reference, rest = payload[0], payload[1], payload[2:]
        if op == SUBSCRIBE and (path := PATH.fullmatch(rest)):
            self._reference = reference
            return Reaction([self._result(reference, OK)], True, float(path[1]))
        if op == UNSUBSCRIBE:
            return Reaction([self._result(reference, OK)], False)
        if op == GET and rest.startswith(b"/Meas/Acc/Config"):
            return Reaction([self._result(reference, OK, b"\x10")])  # 16 g
        return Reaction([self._result(reference, OK if op == HELLO else NOT_FOUND)])

    def _result(self, reference: int, status: int, more: bytes = b"") -> tuple[str, bytes]:
        return self.data, struct.pack("<BBH", RESULT, reference, status) + more

    def packet(self, chunk: Chunk) -> Sequence[tuple[str, bytes]]:
        acc = chunk.counts[:, :3] * (STANDARD_GRAVITY_MPS2 * self.scale.acc_lsb_g)
        gyr = chunk.counts[:, 3:] * self.scale.gyr_lsb_dps
        body = struct.pack("<I", chunk.tick(1000.0, 32))
        body += acc.astype("<f4").tobytes() + gyr.astype("<f4").tobytes()
        head, tail = body[:FIRST_PART_BYTES], body[FIRST_PART_BYTES:]
        return [
            (self.data, bytes((DATA, self._reference)) + head),
            (self.data, bytes((DATA_PART2, self._reference)) + tail),
        ]
