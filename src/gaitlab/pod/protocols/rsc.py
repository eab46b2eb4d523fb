"""Running Speed and Cadence (0x1814): what ordinary foot pods send, about once a second.

Source: Bluetooth SIG Running Speed and Cadence Service 1.0 (measurement 2A53, feature 2A54,
control point 2A55, sensor location 2A5D).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gaitlab.model.units import SECONDS_PER_MINUTE, Bools, Floats
from gaitlab.pod.model import Conversation, Decoded, Notification, PodSettings, Read, SpeedSeries
from gaitlab.pod.protocols.packets import Bytes, by_length
from gaitlab.pod.protocols.standard import sig_uuid

SERVICE, MEASUREMENT, FEATURE, CONTROL, LOCATION = map(
    sig_uuid, (0x1814, 0x2A53, 0x2A54, 0x2A55, 0x2A5D)
)
HAS_STRIDE, HAS_DISTANCE, IS_RUNNING = 1, 2, 4
FEATURES = (
    "stride_length",
    "total_distance",
    "walk_run_status",
    "calibration",
    "multiple_locations",
)
LOCATIONS = (
    "other", "top_of_shoe", "in_shoe", "hip", "front_wheel", "left_crank", "right_crank",
    "left_pedal", "right_pedal", "front_hub", "rear_dropout", "chainstay", "rear_wheel",
    "rear_hub", "chest", "spider", "chain_ring",
)  # fmt: skip
RESULTS = {1: "success", 2: "op_not_supported", 3: "invalid_parameter", 4: "failed"}
STRIDES_BELOW_PER_MIN = 120.0  # assumption: nobody runs with fewer steps or more strides

Convention = Literal["steps", "strides", "unknown"]


def _length_of(flags: Bytes) -> np.ndarray:
    """(g,) bytes that a measurement with these flags has."""
    return np.asarray(4 + 2 * ((flags & HAS_STRIDE) > 0) + 4 * ((flags & HAS_DISTANCE) > 0))


def _unsigned(raw: Bytes, start: int, size: int) -> Floats:
    """(g,) little-endian unsigned numbers in columns start .. start + size."""
    return np.asarray(raw[:, start : start + size] @ 256.0 ** np.arange(size))


def decode_measurements(notifications: Sequence[Notification]) -> Decoded:
    """Speed, cadence as sent, stride length and distance, one row a notification."""
    n = len(notifications)
    columns = {
        name: np.full(n, np.nan) for name in ("speed", "cadence", "stride", "distance", "running")
    }
    good = np.zeros(n, bool)
    for rows, raw in by_length([notification.payload for notification in notifications]):
        if raw.shape[1] < 4:
            continue
        fits = (_length_of(raw[:, 0]) == raw.shape[1]) & (raw[:, 0] < 8)
        rows, raw = rows[fits], raw[fits]
        good[rows] = True
        columns["speed"][rows] = _unsigned(raw, 1, 2) / 256.0
        columns["cadence"][rows] = raw[:, 3]
        columns["running"][rows] = raw[:, 0] & IS_RUNNING
        stride, total = (raw[:, 0] & HAS_STRIDE) > 0, (raw[:, 0] & HAS_DISTANCE) > 0
        if raw.shape[1] in (6, 10):
            columns["stride"][rows[stride]] = _unsigned(raw[stride], 4, 2) / 100.0
        if raw.shape[1] in (8, 10):
            columns["distance"][rows[total]] = _unsigned(raw[total], raw.shape[1] - 4, 4) / 10.0
    bad = n - int(np.count_nonzero(good))
    refused = {"length and flags of a speed message disagree": bad} if bad else {}
    if not good.any():
        return Decoded(refused=refused)
    host_ns = np.array([notification.host_ns for notification in notifications], dtype=np.int64)
    speed = SpeedSeries(
        host_ns[good],
        columns["speed"][good],
        columns["cadence"][good],
        columns["running"][good] > 0,
        columns["stride"][good],
        columns["distance"][good],
    )
    return Decoded(speed=speed, refused=refused)


@dataclass(frozen=True, slots=True)
class CadenceConvention:
    """Whether the cadence byte counts steps (both feet) or strides (one foot), and why."""

    convention: Convention
    evidence: str

    def steps_per_min(self, cadence_per_min: Floats) -> Floats:
        """Steps a minute of both feet; NaN while the convention is unknown."""
        factor = {"steps": 1.0, "strides": 2.0, "unknown": np.nan}[self.convention]
        return cadence_per_min * factor


def cadence_convention(
    speed: SpeedSeries, override: Literal["steps", "strides"] | None = None
) -> CadenceConvention:
    """What the cadence of this pod counts; the raw number is never changed.

    Speed = stride length x strides a second: where the pod sends a stride length, that equation
    decides. Otherwise the number itself does: runners take 140 to 220 steps a minute.
    Source of the trap: pods send strides (CSC_BLE_Bridge PR 17, GPXSee 596), treadmills send
    steps (TrackMyIndoorWorkout 465).
    """
    if override is not None:
        return CadenceConvention(override, "set by the user")
    moving = speed.running & (speed.cadence_per_min > 0)
    if np.count_nonzero(moving) < 3:
        return CadenceConvention("unknown", "fewer than 3 messages while running")
    return _from_stride_length(speed, moving) or _from_cadence(speed, moving)


def _from_stride_length(speed: SpeedSeries, moving: Bools) -> CadenceConvention | None:
    usable = moving & (speed.stride_length_m > 0) & (speed.speed_mps > 0)
    if np.count_nonzero(usable) < 3:
        return None
    strides_per_min = SECONDS_PER_MINUTE * speed.speed_mps[usable] / speed.stride_length_m[usable]
    ratio = float(np.median(speed.cadence_per_min[usable] / strides_per_min))
    text = f"cadence is {ratio:.2f} times speed / stride length"
    # A pod that calls a step a stride has ratio 1 although it counts steps: ask the number too.
    median = float(np.median(speed.cadence_per_min[usable]))
    if 0.8 < ratio < 1.25 and median < STRIDES_BELOW_PER_MIN:
        return CadenceConvention("strides", text)
    if 1.6 < ratio < 2.5 and median >= STRIDES_BELOW_PER_MIN:
        return CadenceConvention("steps", text)
    return None


def _from_cadence(speed: SpeedSeries, moving: Bools) -> CadenceConvention:
    median = float(np.median(speed.cadence_per_min[moving]))
    if median < STRIDES_BELOW_PER_MIN:
        return CadenceConvention("strides", f"median {median:.0f} a minute while running, < 120")
    return CadenceConvention("steps", f"median {median:.0f} a minute while running, >= 120")


# --- feature, location, control point ---------------------------------------------------------


def features(payload: bytes) -> dict[str, bool] | None:
    """What the pod says that it can do; None when the bytes are no feature field."""
    if len(payload) != 2:
        return None
    bits = int.from_bytes(payload, "little")
    return {name: bool(bits >> bit & 1) for bit, name in enumerate(FEATURES)}


def location(payload: bytes) -> str | None:
    """Where the pod says that it is worn."""
    known = len(payload) == 1 and payload[0] < len(LOCATIONS)
    return LOCATIONS[payload[0]] if known else None


def set_distance(distance_m: float) -> bytes:
    """Control point: set the total distance.

    >>> set_distance(0.0).hex()
    '0100000000'
    """
    return struct.pack("<BI", 1, min(max(round(distance_m * 10.0), 0), 2**32 - 1))


CALIBRATE, LIST_LOCATIONS = bytes([2]), bytes([4])


def set_location(name: str) -> bytes:
    """Control point: tell the pod where it is worn.

    >>> set_location("in_shoe").hex()
    '0302'
    """
    return bytes([3, LOCATIONS.index(name)])


def control_answer(payload: bytes) -> tuple[int, str, bytes] | None:
    """(asked operation, result, data) of an indication; None when it is no answer."""
    if len(payload) < 3 or payload[0] != 0x10:
        return None
    return payload[1], RESULTS.get(payload[2], f"unknown result {payload[2]}"), payload[3:]


def start(wanted_rate_hz: float | None = None) -> Conversation:
    """A foot pod sends by itself; ask only what it can do and where it is worn."""
    able = features((yield Read(FEATURE)) or b"")
    where = location((yield Read(LOCATION)) or b"") if able else None
    details: dict[str, float | int | str] = {"location": where or "unknown"}
    details |= {name: int(value) for name, value in (able or {}).items()}
    return PodSettings("rsc", 1.0, details=details)
