"""WitMotion WT901BLE, WT9011DCL: a stream of 20-byte frames, cut anywhere into notifications.

Neither check sum, counter nor clock: a frame counts when its whole neighbourhood agrees.
Source: WITMOTION/WitBluetooth_BWT901BLE5_0 (Python SDK), WT901BLECL 5.0 manual section 6.1.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools, Ints
from gaitlab.pod.model import Conversation, Decoded, Notification, PodSettings, Write
from gaitlab.pod.protocols.packets import Bytes, PacketKind, Parsed, merged, si

# The vendor's own base: ...5f9a34fb, not the ...5f9b34fb of the Bluetooth SIG.
SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
DATA = "0000ffe4-0000-1000-8000-00805f9a34fb"
COMMAND = "0000ffe9-0000-1000-8000-00805f9a34fb"

FRAME_BYTES, MARK, MOTION, REGISTER = 20, 0x55, 0x61, 0x71
RATE_CODES: Final = {10.0: 0x06, 20.0: 0x07, 50.0: 0x08, 100.0: 0x09, 200.0: 0x0B}
ACC_RANGE_G, GYR_RANGE_DPS = 16.0, 2000.0
UNLOCK, SAVE = bytes.fromhex("ffaa6988b5"), bytes.fromhex("ffaa000000")
ACC_LSB = ACC_RANGE_G / 32768.0 * STANDARD_GRAVITY_MPS2
GYR_LSB = GYR_RANGE_DPS / 32768.0 * RAD_PER_DEG
KIND = PacketKind("imu", acc_lsb_mps2=ACC_LSB, gyr_lsb_radps=GYR_LSB)
NO_FRAME = "bytes between the frames"


def set_rate(rate_hz: float) -> bytes:
    """Command for one of the rates that it knows.

    >>> set_rate(200.0).hex()
    'ffaa030b00'
    """
    return bytes([0xFF, 0xAA, 0x03, RATE_CODES[rate_hz], 0])


def read_register(register: int) -> bytes:
    """Ask for a register; the answer comes as a frame ``55 71``.

    >>> read_register(0x3A).hex()
    'ffaa273a00'
    """
    return bytes([0xFF, 0xAA, 0x27, register, 0])


def start(wanted_rate_hz: float | None = None) -> Conversation:
    """Unlock and set the rate; nothing is saved, so the next program finds it as it was."""
    enough = [rate for rate in RATE_CODES if rate >= (wanted_rate_hz or max(RATE_CODES))]
    rate_hz = enough[0] if enough else max(RATE_CODES)
    yield Write(COMMAND, UNLOCK)
    yield Write(COMMAND, set_rate(rate_hz))
    return PodSettings("witmotion", rate_hz, ACC_RANGE_G, GYR_RANGE_DPS)


class WitMotionDecoder:
    """Frames out of a byte stream; keeps the bytes of a frame that is not complete.

    A frame counts when the next frame follows it directly; or when it lies whole in one
    notification, next to a good frame or at the notification's end; or when it ends a
    notification, follows a good frame, and no frame seems to begin inside it.
    """

    def __init__(self) -> None:
        self._left = b""
        self._left_starts: list[tuple[int, int]] = []  # (position, host_ns) of notifications
        self._in_step = True  # the bytes so far ended with a good frame

    def feed(self, notifications: Sequence[Notification]) -> Decoded:
        if not notifications:
            return Decoded()
        starts, host_ns, length = self._bounds(notifications)
        raw = self._left + b"".join(notification.payload for notification in notifications)
        stretch = _Stretch(raw, starts, np.append(starts[1:], length))
        refused: Counter[str] = Counter()
        begins, used = self._frames(stretch, refused)
        self._keep(raw, used, starts, host_ns)
        if not len(begins):
            return Decoded(refused=_counted(refused))
        content = stretch.bytes[begins[:, None] + np.arange(2, FRAME_BYTES)]
        counts = np.frombuffer(content.tobytes(), "<i2").reshape(-1, 1, 9)[..., :6]
        last = np.searchsorted(starts, begins + FRAME_BYTES - 1, side="right") - 1
        parsed = Parsed(np.arange(len(begins)), si(counts, ACC_LSB, GYR_LSB))
        packets = merged(KIND, host_ns[last].tolist(), [parsed], refused)
        return Decoded(packets=packets, refused=_counted(refused))

    def _bounds(self, notifications: Sequence[Notification]) -> tuple[np.ndarray, np.ndarray, int]:
        """Where notifications begin in the stretch (what was kept first), when they came."""
        lengths = [len(notification.payload) for notification in notifications]
        ends = len(self._left) + np.cumsum([0, *lengths])
        kept, new = self._left_starts, [notification.host_ns for notification in notifications]
        starts = np.array([at for at, _ in kept] + ends[:-1].tolist(), dtype=np.int64)
        host_ns = np.array([ns for _, ns in kept] + new, dtype=np.int64)
        return starts, host_ns, int(ends[-1])

    def _keep(self, raw: bytes, used: int, starts: np.ndarray, host_ns: np.ndarray) -> None:
        self._left = raw[used:]
        inside = np.append(starts[1:], len(raw)) > used
        self._left_starts = [
            (int(at) - used, int(ns))
            for at, ns in zip(starts[inside], host_ns[inside], strict=True)
        ]

    def _frames(self, stretch: "_Stretch", refused: Counter[str]) -> tuple[Ints, int]:
        """Where the good motion frames begin, and how many bytes are done with."""
        runs: list[Ints] = []
        at, end = 0, len(stretch.bytes)
        while (begin := stretch.next_head(at)) + FRAME_BYTES <= end:
            self._skip(at, begin, refused)
            run = stretch.run_from(begin)
            at = begin + FRAME_BYTES * len(run)
            verdict = True if len(run) else stretch.last_of_run(at, self._in_step)
            if verdict is None:
                break
            if not len(run):
                run = np.arange(at, at + verdict, dtype=np.int64)
                at += FRAME_BYTES if verdict else 1
            refused[NO_FRAME] += not verdict
            self._in_step = verdict
            runs.append(run)
        else:
            self._skip(at, begin, refused)
            at = begin
        every = np.concatenate([np.zeros(0, np.int64), *runs])
        return every[stretch.is_motion[every]], at

    def _skip(self, at: int, begin: int, refused: Counter[str]) -> None:
        if begin > at:
            refused[NO_FRAME] += self._in_step
            self._in_step = False


class _Stretch:
    """Bytes of several notifications in a row, and where frames may begin in them."""

    def __init__(self, raw: bytes, starts: np.ndarray, stops: np.ndarray) -> None:
        self.bytes: Bytes = np.frombuffer(raw, np.uint8) if raw else np.zeros(0, np.uint8)
        self._starts, self._stops = starts, stops
        second = np.append(self.bytes[1:], np.uint8(0))[: len(self.bytes)]
        marked = self.bytes == MARK
        self.is_motion: Bools = marked & (second == MOTION)
        self._is_head: Bools = self.is_motion | (marked & (second == REGISTER))
        self._heads = np.flatnonzero(self._is_head)
        self._run_stop = _run_stops(self._is_head)

    def next_head(self, at: int) -> int:
        """The first place from ``at`` on where a frame may begin; the end when there is none."""
        index = int(np.searchsorted(self._heads, at))
        if index < len(self._heads):
            return int(self._heads[index])
        ends_in_mark = len(self.bytes) > at and self.bytes[-1] == MARK
        return len(self.bytes) - int(ends_in_mark)

    def run_from(self, at: int) -> Ints:
        """Frames one after the other from ``at``, each followed by the head of another."""
        return np.arange(at, int(self._run_stop[at]) - FRAME_BYTES, FRAME_BYTES, dtype=np.int64)

    def last_of_run(self, at: int, in_step: bool) -> bool | None:
        """Whether a frame that no head follows is one; None when more bytes must tell."""
        stop = at + FRAME_BYTES
        first = int(np.searchsorted(self._starts, at, side="right")) - 1
        whole = bool(self._stops[first] >= stop)
        ends = bool(self._stops[np.searchsorted(self._stops, stop)] == stop)
        inside = self._starts[first + 1 : int(np.searchsorted(self._starts, stop - 1))]
        begins_inside = bool(np.any(self._is_head[inside]))
        if (whole and (in_step or ends)) or (in_step and ends and not begins_inside):
            return True
        rest = self.bytes[stop : stop + 2]
        undecided = len(rest) == 0 or (len(rest) == 1 and rest[0] == MARK)
        return None if undecided else False


def _run_stops(is_head: Bools) -> Ints:
    """(n,) for each byte the first one 20, 40, ... bytes on that is no head; itself when none."""
    rows = -(-len(is_head) // FRAME_BYTES) + 1
    grid = np.zeros((rows, FRAME_BYTES), bool)
    grid.ravel()[: len(is_head)] = is_head
    at = np.arange(grid.size, dtype=np.int64).reshape(grid.shape)
    blocked = np.where(grid, grid.size + FRAME_BYTES, at)
    stops = np.minimum.accumulate(blocked[::-1], axis=0)[::-1]
    return np.asarray(stops.ravel()[: len(is_head)])


def _counted(refused: Counter[str]) -> dict[str, int]:
    return {why: n for why, n in refused.items() if n}
