"""A virtual foot pod of the running speed and cadence service: no raw motion, once a second."""

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.pod.virtual.protocol import Chunk, PodProtocol, Port, Reaction, RefusedError, sig

SPEED_MPS, STRIDES_PER_MIN = 3.5, 85  # what it always says of a runner; assumption
RUNNING_ABOVE_COUNTS: Final = 1000  # of the angular rate: 61 deg/s in the mean
HAS_STRIDE, HAS_DISTANCE, IS_RUNNING = 1, 2, 4
IN_SHOE = b"\x02"


class Rsc(PodProtocol):
    """Speed, cadence, stride length and distance; the distance grows while the foot moves."""

    name, per_packet, rate_hz, streams_unasked = "rsc", 200, 200.0, True
    advertised = sig(0x1814)
    measurement, feature, location = sig(0x2A53), sig(0x2A54), sig(0x2A5D)
    services = (
        (
            advertised,
            (
                Port(measurement, ("notify",)),
                Port(feature, ("read",), struct.pack("<H", HAS_STRIDE | HAS_DISTANCE | IS_RUNNING)),
                Port(location, ("read",), IN_SHOE),
            ),
        ),
    )

    def __init__(self) -> None:
        self._distance_m = 0.0

    def local_name(self, serial: str) -> str:
        return f"Foot pod {serial}"

    def react(self, characteristic: str, payload: bytes) -> Reaction:
        raise RefusedError

    def packet(self, chunk: Chunk) -> Sequence[tuple[str, bytes]]:
        runs = bool(np.abs(chunk.counts[:, 3:]).mean() > RUNNING_ABOVE_COUNTS)
        self._distance_m += SPEED_MPS * runs * len(chunk.counts) / self.rate_hz
        flags = HAS_STRIDE | HAS_DISTANCE | IS_RUNNING * runs
        stride_cm = round(100 * SPEED_MPS * 60 / STRIDES_PER_MIN)
        says = struct.pack(
            "<BHBHI", flags, round(256 * SPEED_MPS) * runs, STRIDES_PER_MIN * runs,
            stride_cm * runs, round(10 * self._distance_m),
        )  # fmt: skip
        return [(self.measurement, says)]
