"""Movella (Xsens) DOT: CSV of the app and of the data exporter.

Source: Movella DOT user manual, data export; checked on files of both measurement modes.
Accelerations are in m/s^2, rotations in deg/s, SampleTimeFine in microseconds (32 bit).
High-fidelity files hold the turn (quaternion) and the change of velocity (m/s) of each
output interval instead of rates.
"""

import re
from typing import Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import RAD_PER_DEG, Floats
from gaitlab.recordings.vendors.columns import numbers, unwrapped
from gaitlab.recordings.vendors.model import Asked, Format, PodData
from gaitlab.recordings.vendors.source import Source, columns_of, first_line, read_table

TICK_S = 1e-6
TICK_MODULUS = 2.0**32
RATES: Final = ("Acc_X", "Acc_Y", "Acc_Z", "Gyr_X", "Gyr_Y", "Gyr_Z")
TURNS: Final = (("dq_W", "dq_X", "dq_Y", "dq_Z"), ("dq[0]", "dq[1]", "dq[2]", "dq[3]"))
CHANGES: Final = ("dv[1]", "dv[2]", "dv[3]")


def evidence(source: Source) -> str | None:
    """The words of the metadata block, and the counter with its time stamp."""
    head = source.head()
    found = first_line(head, ("packetcounter,sampletimefine",))
    if found is None:
        return None
    tagged = "a block that begins with DeviceTag, " if "DeviceTag" in head else ""
    return f"{tagged}the columns PacketCounter and SampleTimeFine"


def read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    """The one pod of the file; InputError for a mode without raw motion."""
    head = source.head()
    line, header = first_line(head, ("packetcounter,sampletimefine",)) or (0, "")
    names = columns_of(header)
    table = read_table(source, skip_lines=line)
    tick = numbers(source, table.frame, ["SampleTimeFine"])[:, 0]
    time_s = unwrapped(tick, TICK_MODULUS) * TICK_S
    rate_hz = _number(_fact(head, "OutputRate"))
    turn = next((some for some in TURNS if set(some) <= set(names)), None)
    if set(RATES) <= set(names):
        values = numbers(source, table.frame, RATES)
        acc, gyr = values[:, :3], values[:, 3:] * RAD_PER_DEG
        note = "rates as sent: m/s^2 and deg/s"
    elif turn and set(CHANGES) <= set(names):
        period_s = 1 / (rate_hz or 1 / float(np.median(np.diff(time_s))))
        acc = numbers(source, table.frame, CHANGES) / period_s
        gyr = turn_rates(numbers(source, table.frame, turn), period_s)
        note = f"rates from the turn and the change of velocity over each {period_s * 1e3:.1f} ms"
    else:
        raise _no_motion(source, head, names)
    tag = _fact(head, "DeviceTag") or source.path.stem
    synced = _fact(head, "SyncStatus").casefold() == "synced"
    return (
        PodData(
            label=tag,
            time_s=time_s,
            acc_mps2=acc,
            gyr_radps=gyr,
            clock="the shared clock of synced DOTs" if synced else None,
            declared_rate_hz=rate_hz,
            device=f"Movella DOT, {_fact(head, 'Measurement Mode') or 'mode not stated'}",
            notes=(note, *table.notes),
        ),
    )


def turn_rates(turn: Floats, period_s: float) -> Floats:
    """(n, 3) rad/s from (n, 4) unit quaternions (w first) that each turn ``period_s``."""
    sign = np.where(turn[:, :1] < 0, -1.0, 1.0)
    vector = turn[:, 1:] * sign
    sine = np.linalg.norm(vector, axis=1, keepdims=True)
    angle = 2 * np.arctan2(sine, np.abs(turn[:, :1]))
    per_sine = np.divide(angle, sine, out=np.full_like(sine, 2.0), where=sine > 1e-12)
    rates: Floats = vector * per_sine / period_s
    return rates


def _no_motion(source: Source, head: str, names: list[str]) -> InputError:
    mode = _fact(head, "Measurement Mode") or "its columns are " + ", ".join(names[2:8])
    return InputError(
        f"{source.name} holds no raw motion",
        f"{mode}: neither accelerations with gravity and rotations, nor their increments",
        'record in the mode "Rate quantities", "High Fidelity" or a custom mode with both',
    )


def _fact(head: str, name: str) -> str:
    found = re.search(rf"^{re.escape(name)}:,([^,\r\n]*)", head, re.MULTILINE)
    return found[1].strip() if found else ""


def _number(text: str) -> float | None:
    found = re.match(r"[\d.]+", text)
    return float(found[0]) if found and float(found[0]) > 0 else None


FORMAT: Final = Format("xsens-dot", "Movella (Xsens) DOT, CSV", evidence, read)
