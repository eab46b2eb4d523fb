"""Polar Measurement Data: the Verity Sense in SDK mode streams acceleration and rotation.

Source: polarofficial/polar-ble-sdk (AccData, GyrData and their tests, PolarVeritySense.md).
"""

import struct
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.model.errors import DeviceError
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Floats, Ints
from gaitlab.pod.model import (
    Conversation,
    Decoded,
    Expect,
    Notification,
    PodSettings,
    Request,
    Sensor,
    Write,
)
from gaitlab.pod.protocols.packets import PacketKind, Parsed, doubles, merged
from gaitlab.pod.protocols.standard import sig_uuid

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
ADVERTISED = sig_uuid(0xFEEE)

ASK, START, STOP, ANSWER = 1, 2, 3, 0xF0
ECG, PPG, ACC, PPI, GYR, MAG, SDK_MODE = 0, 1, 2, 3, 5, 6, 9
KINDS: Final = {ECG: "ECG", PPG: "light", ACC: "acc", PPI: "pulse", GYR: "gyr", MAG: "compass"}
SENSORS: Final[dict[int, Sensor]] = {ACC: "acc", GYR: "gyr"}
RATE, BITS, RANGE, CHANNELS, FACTOR = 0, 1, 2, 4, 5
SETTING_BYTES: Final = {RATE: 2, BITS: 2, RANGE: 2, 3: 2, CHANNELS: 1, FACTOR: 4}
DONE, ALREADY = 0, 6  # error codes of an answer
HEADER_BYTES, DELTA = 10, 0x80
MOST_SAMPLES = 512  # a frame of one notification; assumption: more than a second of data
RAW_BYTES: Final = {(ACC, 0): 1, (ACC, 1): 2, (ACC, 2): 3, (GYR, 0): 2}  # of one channel
DELTA_BITS: Final = {(ACC, 0): 16, (ACC, 1): 16, (GYR, 0): 16, (GYR, 1): 32}
BEST_RATE_HZ, BEST_ACC_G, BEST_GYR_DPS = 416, 16, 2000


# --- settings and control ---------------------------------------------------------------------


def settings_in(payload: bytes) -> dict[int, tuple[int, ...]] | None:
    """Settings (kind, count, values) one after the other; None when they do not add up.

    >>> settings_in(bytes.fromhex("000234006800 040103"))
    {0: (52, 104), 4: (3,)}
    """
    found: dict[int, tuple[int, ...]] = {}
    at = 0
    while at < len(payload):
        kind, count = payload[at], payload[at + 1] if at + 1 < len(payload) else 0
        size = SETTING_BYTES.get(kind)
        end = at + 2 + count * (size or 0)
        if size is None or count == 0 or end > len(payload):
            return None
        values = payload[at + 2 : end]
        found[kind] = tuple(
            int.from_bytes(values[i : i + size], "little") for i in range(0, len(values), size)
        )
        at = end
    return found


def start_command(kind: int, rate_hz: int, bits: int, full_scale: int, channels: int = 3) -> bytes:
    """Start a stream; the range is in g or deg/s.

    >>> start_command(ACC, 52, 16, 8).hex()
    '0202000134000101100002010800040103'
    """
    return struct.pack(
        "<2B2BH2BH2BH3B",
        *(START, kind, RATE, 1, rate_hz, BITS, 1, bits, RANGE, 1, full_scale, CHANNELS, 1),
        channels,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the control point says: to which command, the error (0 = done), and settings."""

    op: int
    kind: int
    error: int
    settings: Mapping[int, tuple[int, ...]]


def control_answer(payload: bytes | None) -> Answer | None:
    """An answer ``f0 op kind error [more settings]``; None when it is no answer."""
    if payload is None or len(payload) < 4 or payload[0] != ANSWER:
        return None
    settings = settings_in(payload[5:]) or {}
    return Answer(payload[1], payload[2], payload[3], settings)


def factor_in(answer: Answer) -> float:
    """Size of one count that a start answer names; 1 when it names none or nonsense."""
    if FACTOR not in answer.settings:
        return 1.0
    (value,) = struct.unpack("<f", struct.pack("<I", answer.settings[FACTOR][0]))
    return float(value) if np.isfinite(value) and 0 < value < 1e3 else 1.0


def start(wanted_rate_hz: float | None = None) -> Conversation:
    """SDK mode for the full range, then acceleration and rotation at one rate."""
    yield Write(CONTROL, bytes([START, SDK_MODE]))
    sdk = control_answer((yield Expect(CONTROL, bytes([ANSWER, START, SDK_MODE]))))
    offers = {}
    for kind in (ACC, GYR):
        yield Write(CONTROL, bytes([ASK, kind]))
        asked = control_answer((yield Expect(CONTROL, bytes([ANSWER, ASK, kind]))))
        if asked is None or asked.error != DONE:
            raise DeviceError(
                f"this Polar sensor offers no {KINDS[kind]} stream",
                "it did not answer" if asked is None else f"its error code is {asked.error}",
                "a Verity Sense with current firmware does; switch it off and on and try again",
            )
        offers[kind] = asked.settings
    rate_hz = _best_rate(offers, wanted_rate_hz)
    factors, ranges = {}, {}
    for kind, offer in offers.items():
        ranges[kind] = max(offer.get(RANGE, (8 if kind == ACC else 2000,)))
        command = start_command(kind, rate_hz, max(offer.get(BITS, (16,))), ranges[kind])
        factors[kind] = yield from _started(kind, command)
    details = {"acc_factor": factors[ACC], "gyr_factor": factors[GYR]}
    sdk_mode = int(sdk is not None and sdk.error in (DONE, ALREADY))
    return PodSettings(
        "polar",
        float(rate_hz),
        float(ranges[ACC]),
        float(ranges[GYR]),
        details={**details, "sdk_mode": sdk_mode},
    )


def _best_rate(offers: Mapping[int, Mapping[int, tuple[int, ...]]], wanted: float | None) -> int:
    rates = set(offers[ACC].get(RATE, (52,))) & set(offers[GYR].get(RATE, (52,)))
    usable = sorted(rate for rate in rates if 0 < rate <= BEST_RATE_HZ)
    if not usable:
        raise DeviceError(
            "this Polar sensor offers no rate for both streams",
            f"rates offered: {offers[ACC].get(RATE, ())} and {offers[GYR].get(RATE, ())}",
            "switch it off and on and try again",
        )
    enough = [rate for rate in usable if wanted is not None and rate >= wanted]
    return enough[0] if enough else usable[-1]


def _started(kind: int, command: bytes) -> Generator[Request, bytes | None, float]:
    """Start one stream, again if it still runs; returns the factor of its counts."""
    expected = Expect(CONTROL, bytes([ANSWER, START, kind]))
    yield Write(CONTROL, command)
    answer = control_answer((yield expected))
    if answer is not None and answer.error == ALREADY:
        yield Write(CONTROL, bytes([STOP, kind]))
        yield Expect(CONTROL, bytes([ANSWER, STOP, kind]))
        yield Write(CONTROL, command)
        answer = control_answer((yield expected))
    if answer is None or answer.error != DONE:
        raise DeviceError(
            f"the Polar sensor did not start its {KINDS[kind]} stream",
            "it did not answer" if answer is None else f"its error code is {answer.error}",
            "close other programs that use it, switch it off and on, and try again",
        )
    return factor_in(answer)


def stop() -> tuple[Write, ...]:
    """Stop both streams."""
    return tuple(Write(CONTROL, bytes([STOP, kind])) for kind in (ACC, GYR))


# --- frames -----------------------------------------------------------------------------------


def delta_samples(content: bytes, bits: int, channels: int = 3) -> Ints | str:
    """(n, channels) integers of a delta frame, or why there are none.

    A reference sample, then blocks ``width, count, differences``: least bit first, signed,
    cumulative, each block padded to a byte. Sums wrap at 32 bits (they may be float patterns).
    """
    size = bits // 8
    at = size * channels
    if len(content) < at:
        return "delta frame without a reference sample"
    reference = [
        int.from_bytes(content[i * size : (i + 1) * size], "little", signed=True)
        for i in range(channels)
    ]
    blocks, n = [np.array([reference], dtype=np.int64)], 1
    while at < len(content):
        if at + 2 > len(content):
            return "delta frame cut in the head of a block"
        width, count = content[at], content[at + 1]
        end = at + 2 + (width * count * channels + 7) // 8
        n += count
        if width > bits + 1 or n > MOST_SAMPLES:
            return "delta frame with an impossible block"
        if end > len(content):
            return "delta frame cut in a block"
        blocks.append(_differences(content[at + 2 : end], width, count, channels))
        at = end
    total = np.cumsum(np.concatenate(blocks), axis=0)
    if bits < 32 and np.any(total != _wrapped(total, bits)):
        return "delta frame that leaves its number of bits"
    return _wrapped(total, bits)


def _differences(packed: bytes, width: int, count: int, channels: int) -> Ints:
    """(count, channels) signed numbers of ``width`` bits, least bit first."""
    if not width or not count:
        return np.zeros((count, channels), np.int64)
    loose = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    rows = loose[: width * count * channels].reshape(-1, width).astype(np.int64)
    worth = np.left_shift(np.int64(1), np.arange(width, dtype=np.int64))
    worth[-1] = -worth[-1]
    return np.asarray((rows @ worth).reshape(count, channels))


def _wrapped(values: Ints, bits: int) -> Ints:
    half = np.int64(1) << np.int64(bits - 1)
    return np.asarray(((values + half) & (2 * half - 1)) - half)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame: which sensor, ns since 2000 of its last sample, (n, 3) g or deg/s."""

    kind: int
    time_ns: int
    samples: Floats


def read_frame(payload: bytes, factors: Mapping[int, float]) -> Frame | str:
    """A data frame ``kind, u64 ns, frame type, content``, or why it was refused."""
    if len(payload) < HEADER_BYTES:
        return "frame shorter than its head"
    kind, time_ns, frame_type = struct.unpack_from("<BQB", payload)
    content = payload[HEADER_BYTES:]
    if kind not in SENSORS:
        return f"{KINDS.get(kind, 'unknown')} frame, no motion"
    if time_ns >= 2**63:
        return "time stamp beyond the year 2292"
    counts: Ints | str
    if frame_type & DELTA:
        bits = DELTA_BITS.get((kind, frame_type & ~DELTA))
        counts = "unknown frame type" if bits is None else delta_samples(content, bits)
    else:
        counts = _raw_samples(content, RAW_BYTES.get((kind, frame_type)))
    if isinstance(counts, str):
        return counts
    return _scaled(kind, time_ns, frame_type, counts, factors[kind])


def _raw_samples(content: bytes, size: int | None) -> Ints | str:
    if size is None:
        return "unknown frame type"
    if not content or len(content) % (3 * size):
        return "frame with a broken sample"
    raw = np.frombuffer(content, np.uint8).reshape(-1, 3, size).astype(np.int64)
    return _wrapped(raw @ (1 << 8 * np.arange(size, dtype=np.int64)), 8 * size)


def _scaled(kind: int, time_ns: int, frame_type: int, counts: Ints, factor: float) -> Frame:
    """Counts as g or deg/s: what one count is depends on the frame type."""
    if kind == GYR and frame_type == (DELTA | 1):
        patterns = counts.astype(np.int32).view(np.float32)
        return Frame(kind, time_ns, doubles(patterns) * factor)
    if kind == ACC and frame_type != DELTA:
        return Frame(kind, time_ns, counts.astype(np.float64) / 1000.0)
    return Frame(kind, time_ns, counts.astype(np.float64) * factor)


def decode(settings: PodSettings, notifications: Sequence[Notification]) -> Decoded:
    """Acceleration and rotation of all frames; each frame carries the time of its last sample."""
    factors = {
        ACC: float(settings.details.get("acc_factor", 1.0)),
        GYR: float(settings.details.get("gyr_factor", 1.0)),
    }
    refused: Counter[str] = Counter()
    parsed: dict[int, list[Parsed]] = {ACC: [], GYR: []}
    units = {ACC: STANDARD_GRAVITY_MPS2, GYR: RAD_PER_DEG}
    for row, notification in enumerate(notifications):
        frame = read_frame(notification.payload, factors)
        if isinstance(frame, str):
            refused[frame] += 1
            continue
        samples = frame.samples[None] * units[frame.kind]
        parsed[frame.kind].append(
            Parsed(np.array([row]), samples, tick=np.array([frame.time_ns], dtype=np.int64))
        )
    host_ns = [notification.host_ns for notification in notifications]
    packets = tuple(
        packets
        for kind, parts in parsed.items()
        for packets in merged(
            PacketKind(SENSORS[kind], tick_hz=1e9, tick_bits=64, tick_of="last"),
            host_ns,
            parts,
            refused,
        )
    )
    return Decoded(packets=packets, refused=dict(refused))
