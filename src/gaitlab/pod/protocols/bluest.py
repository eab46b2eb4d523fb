"""STMicroelectronics BlueST: acceleration, rotation and compass of the function packs.

Source: STMicroelectronics/BlueSTSDK_Python, node.py and features; tick = HAL_GetTick() >> 3.
"""

from collections.abc import Sequence

from gaitlab.pod.model import Conversation, Decoded, Notification, PodSettings
from gaitlab.pod.protocols import generic

SERVICE = "00000000-0001-11e1-9ab4-0002a5d5c51b"
MOTION = "00e00000-0001-11e1-ac36-0002a5d5c51b"
UNKNOWN_RATE_HZ = 100.0  # the firmware decides; the measured rate counts

DESCRIPTION = generic.PodDescription(
    name="bluest",
    title="STMicroelectronics BlueST",
    service=SERVICE,
    data=MOTION,
    control="",
    rate_hz=UNKNOWN_RATE_HZ,
    acc_range_g=None,
    gyr_range_dps=None,
    header=("tick u16",),
    sample=(
        *("ax i16", "ay i16", "az i16", "gx i16", "gy i16", "gz i16"),
        *("mx i16", "my i16", "mz i16"),
    ),
    samples=1,
    version=None,
    acc_g=0.001,
    gyr_dps=0.1,
    tick_hz=125.0,
)
LAYOUT = generic.Layout(DESCRIPTION)


def start(wanted_rate_hz: float | None = None) -> Conversation:
    """It sends by itself, at the rate and range of its firmware."""
    yield from ()
    return PodSettings("bluest", wanted_rate_hz or UNKNOWN_RATE_HZ)


def decode(notifications: Sequence[Notification]) -> Decoded:
    """One sample a notification, with a tick of 8 ms."""
    return generic.decode(LAYOUT, notifications)
