"""Services that the Bluetooth SIG defines for every device: Battery and Device Information.

Source: Bluetooth SIG Assigned Numbers, Battery Service 1.0, Device Information Service 1.1.
"""

from collections import Counter
from collections.abc import Sequence

from gaitlab.pod.model import Decoded, Notification


def sig_uuid(short: int) -> str:
    """The 128-bit form of a 16-bit UUID of the Bluetooth SIG.

    >>> sig_uuid(0x2A19)
    '00002a19-0000-1000-8000-00805f9b34fb'
    """
    return f"{short:08x}-0000-1000-8000-00805f9b34fb"


BATTERY_SERVICE = sig_uuid(0x180F)
BATTERY_LEVEL = sig_uuid(0x2A19)
DEVICE_INFORMATION_SERVICE = sig_uuid(0x180A)
IDENTITY_CHARACTERISTICS = {
    "model": sig_uuid(0x2A24),
    "serial": sig_uuid(0x2A25),
    "firmware": sig_uuid(0x2A26),
    "hardware": sig_uuid(0x2A27),
    "software": sig_uuid(0x2A28),
    "manufacturer": sig_uuid(0x2A29),
}
LONGEST_TEXT = 64  # characters of a name or serial number that are kept


def battery_percent(payload: bytes) -> int | None:
    """Charge in per cent; None when the bytes are no battery level.

    >>> battery_percent(bytes([87])), battery_percent(bytes([101])), battery_percent(b"")
    (87, None, None)
    """
    return payload[0] if len(payload) == 1 and payload[0] <= 100 else None


def identity_text(payload: bytes) -> str:
    """A name or serial number as printable text, cut to a sane length; "" when there is none.

    >>> identity_text(b"POD-0042" + bytes(3)), identity_text(bytes([255, 0, 7]))
    ('POD-0042', '')
    """
    text = payload.split(b"\0", 1)[0].decode("utf-8", errors="ignore")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST_TEXT]


def decode_battery(notifications: Sequence[Notification]) -> Decoded:
    """Battery levels in order of arrival."""
    levels: list[tuple[int, int]] = []
    refused: Counter[str] = Counter()
    for notification in notifications:
        percent = battery_percent(notification.payload)
        if percent is None:
            refused["no battery level"] += 1
        else:
            levels.append((notification.host_ns, percent))
    return Decoded(battery=tuple(levels), refused=dict(refused))
