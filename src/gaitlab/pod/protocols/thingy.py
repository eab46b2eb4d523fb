"""Nordic Thingy:52: readable, but its accelerometer ends at 2 g.

Source: NordicSemiconductor/Nordic-Thingy52-FW, ble_tms.h, m_motion.c, drv_motion.c.
"""

import struct
from collections.abc import Sequence

from gaitlab.pod.model import Conversation, Decoded, Notification, PodSettings, Write
from gaitlab.pod.protocols import generic


def uuid(short: int) -> str:
    """A UUID of the Thingy family."""
    return f"ef68{short:04x}-9b35-4933-9b10-52ffa9740042"


ADVERTISED, SERVICE, CONFIG, RAW = uuid(0x0100), uuid(0x0400), uuid(0x0401), uuid(0x0406)
RATES_HZ = (5.0, 200.0)  # slowest, fastest

DESCRIPTION = generic.PodDescription(
    name="thingy52",
    title="Nordic Thingy:52",
    service=SERVICE,
    data=RAW,
    control=CONFIG,
    start="",
    stop="",
    rate_hz=RATES_HZ[1],
    acc_range_g=2.0,
    gyr_range_dps=1024.0,
    header=(),
    sample=(
        *("ax i16", "ay i16", "az i16", "gx i16", "gy i16", "gz i16"),
        *("mx i16", "my i16", "mz i16"),
    ),
    samples=1,
    version=None,
    acc_g=1.0 / 1024.0,
    gyr_dps=1.0 / 32.0,
)
LAYOUT = generic.Layout(DESCRIPTION)


def config(motion_hz: int, compass_ms: int = 100) -> bytes:
    """Motion service configuration: rates, and no wake on motion.

    >>> config(200).hex()
    '6400e8036400c80000'
    """
    return struct.pack("<4HB", 100, 1000, compass_ms, motion_hz, 0)


def start(wanted_rate_hz: float | None = None) -> Conversation:
    """The wanted rate; the range stays at 2 g whatever anybody writes."""
    rate_hz = round(min(max(wanted_rate_hz or RATES_HZ[1], RATES_HZ[0]), RATES_HZ[1]))
    yield Write(CONFIG, config(rate_hz))
    return PodSettings("thingy52", float(rate_hz), 2.0, 1024.0)


def decode(notifications: Sequence[Notification]) -> Decoded:
    """One sample a notification; no clock, no counter."""
    return generic.decode(LAYOUT, notifications)
