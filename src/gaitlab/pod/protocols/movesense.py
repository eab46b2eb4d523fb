"""Movesense, GATT SensorData Protocol: floats, all accelerations before all rotations.

Source: movesense.com/docs/esw/gatt_sensordata_protocol and the vendor's Python client.
"""

import struct
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.model.errors import DeviceError
from gaitlab.model.units import RAD_PER_DEG, Floats, Ints
from gaitlab.pod.model import Conversation, Decoded, Expect, Notification, PodSettings, Write
from gaitlab.pod.protocols.packets import Bytes, PacketKind, Parsed, by_length, doubles, merged
from gaitlab.pod.protocols.standard import sig_uuid

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
NEWER_SERVICE = sig_uuid(0xFDF3)
COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
DATA = "34800002-7185-4d5d-b431-630e7050e8f0"

HELLO, SUBSCRIBE, UNSUBSCRIBE, GET = 0, 1, 2, 4
RESULT, WHOLE, REST = 1, 2, 3  # first byte of a notification
STREAM, QUESTION = 99, 98  # our references
RATES_HZ: Final = (13, 26, 52, 104, 208, 416, 833, 1666)
BEST_RATE_HZ = 208  # the vendor's own tool warns above 104; the link carries no more than this
HEAD_BYTES = 6  # response, reference, u32 ms
CLOCK_HZ = 1000.0
OK, TOO_MANY = 200, 429
PATIENCE = 8  # refused messages in a row before the size of a message is learnt anew
KIND = PacketKind("imu", tick_hz=CLOCK_HZ, tick_bits=32)


def subscribe(path: str, reference: int = STREAM) -> bytes:
    """Ask for a stream; the path ends in a zero byte.

    >>> subscribe("/Meas/IMU6/208")
    b'\\x01c/Meas/IMU6/208\\x00'
    """
    return bytes([SUBSCRIBE, reference]) + path.encode("ascii") + b"\0"


def unsubscribe(reference: int = STREAM) -> bytes:
    """End a stream."""
    return bytes([UNSUBSCRIBE, reference])


def command_result(payload: bytes | None) -> tuple[int, int, bytes] | None:
    """(reference, status like HTTP, data) of an answer to a command; None when it is none."""
    if payload is None or len(payload) < 4 or payload[0] != RESULT:
        return None
    return payload[1], int.from_bytes(payload[2:4], "little"), payload[4:]


def start(wanted_rate_hz: float | None = None) -> Conversation:
    """Ask for the range (it cannot be set over this protocol), then subscribe to IMU6."""
    yield Write(COMMAND, bytes([GET, QUESTION]) + b"/Meas/Acc/Config\0")
    config = command_result((yield Expect(DATA, bytes([RESULT, QUESTION]), 1.5)))
    range_g = None
    if config is not None and config[1] == OK and len(config[2]) == 1 and config[2][0] <= 16:
        range_g = float(config[2][0])
    fast_enough = [rate for rate in RATES_HZ if rate >= (wanted_rate_hz or BEST_RATE_HZ)]
    rate_hz = fast_enough[0] if fast_enough else RATES_HZ[-1]
    path = f"/Meas/IMU6/{rate_hz}"
    yield Write(COMMAND, subscribe(path))
    answer = command_result((yield Expect(DATA, bytes([RESULT, STREAM]))))
    if answer is None or answer[1] != OK:
        status = None if answer is None else answer[1]
        raise DeviceError(
            f"the Movesense sensor does not stream {path}",
            "it did not answer" if status is None else f"its status is {status}",
            "take the sensor out of its holder for a minute so that it restarts, and try again"
            if status == TOO_MANY
            else "its firmware must have the GATT SensorData Protocol; update it",
        )
    return PodSettings(
        "movesense", float(rate_hz), range_g, None, details={"path": path, "axes": 6}
    )


def stop() -> tuple[Write, ...]:
    """End the stream."""
    return (Write(COMMAND, unsubscribe()),)


def read_messages(raw: Bytes, axes: int = 6) -> tuple[Ints, Floats]:
    """Times in ms (g,) and samples (g, n, 6) m/s^2, rad/s of whole messages of one length.

    raw : (g, 6 + 4 axes n) bytes; array-major: n times acceleration, n times rotation, ...
    """
    ms = np.frombuffer(raw[:, 2:HEAD_BYTES].tobytes(), "<u4").astype(np.int64)
    floats = doubles(np.frombuffer(raw[:, HEAD_BYTES:].tobytes(), "<f4"))
    blocks = floats.reshape(len(raw), axes // 3, -1, 3)  # (g, sensor, n, xyz)
    samples = np.concatenate((blocks[:, 0], blocks[:, 1] * RAD_PER_DEG), axis=-1)
    return ms, samples


class MovesenseDecoder:
    """Joins messages that came in two notifications; keeps a first part until its rest comes.

    Every message of a stream has the same size. It is learnt from the first one: only what has
    that size is a message, so a first part whose rest was lost never counts as one.
    """

    def __init__(self, settings: PodSettings) -> None:
        axes = settings.details.get("axes", 6)
        self._axes = int(axes) if axes in (6, 9) else 6
        self._size: int | None = None
        self._held: Notification | None = None  # a first part, or a first message not yet trusted
        self._refused_in_a_row = 0

    def feed(self, notifications: Sequence[Notification]) -> Decoded:
        refused: Counter[str] = Counter()
        whole: list[Notification] = []
        for notification in notifications:
            whole += self._join(notification, refused)
        payloads = [message.payload for message in whole]
        parsed = []
        for rows, raw in by_length(payloads):
            ms, samples = read_messages(raw, self._axes)
            parsed.append(Parsed(rows, samples, tick=ms))
        packets = merged(KIND, [message.host_ns for message in whole], parsed, refused)
        return Decoded(packets=packets, refused={why: n for why, n in refused.items() if n})

    def _join(self, said: Notification, refused: Counter[str]) -> list[Notification]:
        """Messages that this notification completes."""
        kind = said.payload[:1]
        if kind == bytes([RESULT]) or said.payload[1:2] == bytes([QUESTION]):
            return []
        if kind == bytes([REST]):
            return self._with_rest(said, refused)
        if kind != bytes([WHOLE]):
            self._refuse("neither data nor an answer", refused)
            return []
        before, self._held = self._held, None
        done = [] if before is None else self._alone(before, refused)
        if self._size is not None and len(said.payload) == self._size:
            self._refused_in_a_row = 0
            return [*done, said]
        self._held = said
        return done

    def _alone(self, said: Notification, refused: Counter[str]) -> list[Notification]:
        """A held notification after which no rest has come."""
        if self._size is None and self._fits(said.payload):
            self._size = len(said.payload)
            return [said]
        self._refuse("second part of a message lost", refused)
        return []

    def _with_rest(self, said: Notification, refused: Counter[str]) -> list[Notification]:
        first, self._held = self._held, None
        if first is None or first.payload[1:2] != said.payload[1:2]:
            self._refuse("second part without its first", refused)
            return []
        joined = first.payload + said.payload[2:]
        if not self._fits(joined) or self._size not in (None, len(joined)):
            self._refuse("two parts that make no message", refused)
            return []
        self._size, self._refused_in_a_row = len(joined), 0
        return [Notification(said.host_ns, said.characteristic, joined)]

    def _fits(self, payload: bytes) -> bool:
        size, left = divmod(len(payload) - HEAD_BYTES, 4 * self._axes)
        return size > 0 and not left

    def _refuse(self, why: str, refused: Counter[str]) -> None:
        refused[why] += 1
        self._refused_in_a_row += 1
        if self._refused_in_a_row >= PATIENCE:
            self._size, self._refused_in_a_row = None, 0


def pack(reference: int, ms: int, acc_mps2: Floats, gyr_dps: Floats) -> bytes:
    """A whole message, as the sensor makes it; the inverse of `read_messages` for six axes."""
    body = np.concatenate((np.ravel(acc_mps2), np.ravel(gyr_dps))).astype("<f4").tobytes()
    return struct.pack("<2BI", WHOLE, reference, ms) + body
