"""A virtual WitMotion WT901BLE: frames of 20 bytes without clock or counter, cut anywhere."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.pod.virtual.protocol import (
    Chunk,
    PodProtocol,
    Port,
    Reaction,
    RefusedError,
    int16_bytes,
)
from gaitlab.pod.virtual.samples import Scale

RATES_HZ: Final = {6: 10.0, 7: 20.0, 8: 50.0, 9: 100.0, 11: 200.0}
UNLOCK, SET_RATE, SAVE, ASK = 0x69, 0x03, 0x00, 0x27
CUT_BYTES: Final = 90  # where a notification ends, in the middle of a frame


class WitMotion(PodProtocol):
    """Sends by itself once somebody listens."""

    name, per_packet, rate_hz, streams_unasked = "witmotion", 10, 200.0, True
    scale = Scale(acc_lsb_g=16.0 / 32768.0, gyr_lsb_dps=2000.0 / 32768.0)
    advertised = "0000ffe5-0000-1000-8000-00805f9a34fb"  # 9a, not the 9b of the standard
    data = "0000ffe4-0000-1000-8000-00805f9a34fb"
    command = "0000ffe9-0000-1000-8000-00805f9a34fb"
    services = (
        (
            advertised,
            (Port(data, ("notify",)), Port(command, ("write", "write-without-response"))),
        ),
    )

    def local_name(self, serial: str) -> str:
        return f"WT901BLE {serial}"

    def react(self, characteristic: str, payload: bytes) -> Reaction:
        if characteristic != self.command or len(payload) != 5 or payload[:2] != b"\xff\xaa":
            raise RefusedError
        if payload[2] == SET_RATE:
            return Reaction(rate_hz=RATES_HZ.get(payload[3]))
        if payload[2] == ASK:
            return Reaction([(self.data, b"\x55\x71" + payload[3:4] + bytes(17))])
        return Reaction()

    def packet(self, chunk: Chunk) -> Sequence[tuple[str, bytes]]:
        no_angles = np.zeros((len(chunk.counts), 3), np.int64)
        rows = np.column_stack((chunk.counts, no_angles))
        stream = b"".join(b"\x55\x61" + int16_bytes(row) for row in rows)
        return [(self.data, stream[:CUT_BYTES]), (self.data, stream[CUT_BYTES:])]
