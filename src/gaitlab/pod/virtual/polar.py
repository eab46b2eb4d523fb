"""A virtual Polar Verity Sense in SDK mode: delta frames, time of the last sample."""

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.model.units import Ints
from gaitlab.pod.virtual.protocol import Chunk, PodProtocol, Port, Reaction, RefusedError, sig
from gaitlab.pod.virtual.samples import Scale

ACC, GYR, SDK_MODE = 2, 5, 9
ASK, START, STOP = 1, 2, 3
RATES: Final = (26, 52, 104, 208, 416)
RANGES: Final = {ACC: (2, 4, 8, 16), GYR: (250, 500, 1000, 2000)}
COLUMNS: Final = {ACC: slice(0, 3), GYR: slice(3, 6)}


class Polar(PodProtocol):
    """Acceleration and rotation, each in frames of its own."""

    name, per_packet, rate_hz = "polar", 20, 416.0
    scale = Scale(acc_lsb_g=16.0 / 32768.0, gyr_lsb_dps=2000.0 / 32768.0)
    advertised = sig(0xFEEE)
    control = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
    data = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
    services = (
        (
            "fb005c80-02e7-f387-1cad-8acd2d8df0c8",
            (
                Port(control, ("read", "write", "indicate"), b"\x0f\x24\x02" + bytes(14)),
                Port(data, ("notify",)),
            ),
        ),
    )

    def __init__(self) -> None:
        self._on: set[int] = set()

    def local_name(self, serial: str) -> str:
        return f"Polar Sense {serial}"

    def react(self, characteristic: str, payload: bytes) -> Reaction:
        if characteristic != self.control or len(payload) < 2:
            raise RefusedError
        op, kind, more, rate_hz = payload[0], payload[1], b"", None
        if op == ASK and kind in RANGES:
            more = _setting(0, RATES) + _setting(1, (16,)) + _setting(2, RANGES[kind])
            more += bytes((4, 1, 3))
        elif op == START and kind in RANGES:
            rate_hz = _wanted_rate_hz(payload)
            factor = self.scale.acc_lsb_g if kind == ACC else self.scale.gyr_lsb_dps
            more = bytes((5, 1)) + struct.pack("<f", factor)
            self._on.add(kind)
        elif op == STOP:
            self._on.discard(kind)
        elif kind != SDK_MODE:
            raise RefusedError
        answer = bytes((0xF0, op, kind, 0, 0)) + more
        both = self._on == {ACC, GYR}
        return Reaction([(self.control, answer)], both if kind in RANGES else None, rate_hz)

    def packet(self, chunk: Chunk) -> Sequence[tuple[str, bytes]]:
        ns = chunk.tick(1e9, 64, last=True)
        return [
            (self.data, struct.pack("<BQB", kind, ns, 0x80) + deltas(chunk.counts[:, columns]))
            for kind, columns in COLUMNS.items()
        ]


def deltas(counts: Ints) -> bytes:
    """(n, 3) counts as a reference sample of 16 bits and one block of packed differences."""
    steps = np.diff(counts, axis=0).ravel()
    width = int(np.abs(np.where(steps < 0, ~steps, steps)).max(initial=0)).bit_length() + 1
    bits = (steps[:, None] >> np.arange(width)) & 1
    packed = np.packbits(bits.astype(np.uint8).ravel(), bitorder="little").tobytes()
    return struct.pack("<3h2B", *counts[0].tolist(), width, len(counts) - 1) + packed


def _wanted_rate_hz(payload: bytes) -> float:
    at = payload.find(b"\0\1", 2)  # setting 0, one value
    value = int.from_bytes(payload[at + 2 : at + 4], "little") if at > 0 else 0
    if value not in RATES:
        raise RefusedError
    return float(value)


def _setting(kind: int, values: Sequence[int]) -> bytes:
    return bytes((kind, len(values))) + struct.pack(f"<{len(values)}H", *values)
