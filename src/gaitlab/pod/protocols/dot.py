"""Movella (Xsens) DOT: one sample a notification, float, with a clock in microseconds.

Source: xsens/xsens_dot_server bleHandler.js; Xinyu-Yi/PIP articulate/utils/xsens/xdc.py.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.model.units import RAD_PER_DEG
from gaitlab.pod.model import Conversation, Decoded, Notification, PodSettings, Sensor, Write
from gaitlab.pod.protocols.packets import (
    WRONG_LENGTH,
    PacketKind,
    Parsed,
    by_length,
    doubles,
    merged,
)


def uuid(short: int) -> str:
    """A UUID of the vendor's family."""
    return f"1517{short:04x}-4947-11e9-8646-d663bd873d93"


SERVICE, CONTROL, MEDIUM = uuid(0x2000), uuid(0x2001), uuid(0x2003)
ADVERTISED = uuid(0x1000)
RATE_WITH_COMPASS, CUSTOM_1 = 20, 22
TOP_LIVE_RATE_HZ = 60.0

TIME, ACC, GYR = ("us", "<u4"), ("acc", "<f4", 3), ("gyr", "<f4", 3)
LAYOUTS: Final[dict[tuple[int, int], tuple[Sensor, np.dtype]]] = {
    (RATE_WITH_COMPASS, 28): ("imu", np.dtype([TIME, ACC, GYR])),
    (RATE_WITH_COMPASS, 34): ("imu", np.dtype([TIME, ACC, GYR, ("mag", "<i2", 3)])),
    # gravity is taken out of this acceleration, so only the rotation can be used
    (CUSTOM_1, 40): ("gyr", np.dtype([TIME, ("euler", "<f4", 3), ("free_acc", "<f4", 3), GYR])),
}


def measure(on: bool, mode: int = RATE_WITH_COMPASS) -> bytes:
    """Start or stop measuring.

    >>> measure(True).hex(), measure(False).hex()
    ('010114', '010014')
    """
    return bytes([1, int(on), mode])


def decode(mode: int, notifications: Sequence[Notification]) -> Decoded:
    """Acceleration and rotation of the medium payload in the mode that was started."""
    refused: Counter[str] = Counter()
    parsed = []
    sensor: Sensor = "gyr" if mode == CUSTOM_1 else "imu"
    for rows, raw in by_length([notification.payload for notification in notifications]):
        _, layout = LAYOUTS.get((mode, raw.shape[1]), (sensor, None))
        if layout is None:
            refused[WRONG_LENGTH] += len(rows)
            continue
        fields = np.frombuffer(raw.tobytes(), layout)
        samples = doubles(fields["gyr"]) * RAD_PER_DEG
        if sensor == "imu":
            samples = np.concatenate((doubles(fields["acc"]), samples), axis=1)
        parsed.append(Parsed(rows, samples[:, None], tick=fields["us"].astype(np.int64)))
    kind = PacketKind(sensor, tick_hz=1e6, tick_bits=32)
    host_ns = [notification.host_ns for notification in notifications]
    return Decoded(packets=merged(kind, host_ns, parsed, refused), refused=dict(refused))


def start(_wanted_rate_hz: float | None = None) -> Conversation:
    """Start the rate quantities; the output rate stays as the vendor's program has set it."""
    yield Write(CONTROL, measure(True))
    return PodSettings("dot", TOP_LIVE_RATE_HZ, None, 2000.0, details={"mode": RATE_WITH_COMPASS})


def stop() -> tuple[Write, ...]:
    """Stop measuring."""
    return (Write(CONTROL, measure(False)),)


def mode_in(settings: PodSettings) -> int:
    """The payload mode that was started."""
    mode = settings.details.get("mode")
    return mode if mode in (RATE_WITH_COMPASS, CUSTOM_1) else RATE_WITH_COMPASS  # type: ignore[return-value]
