"""LORD (HBK) MicroStrain: CSV of SensorConnect.

Source: MicroStrain data communications protocol: scaledAccel in g, scaledGyro in rad/s.
"""

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Floats
from gaitlab.recordings.vendors.columns import numbers
from gaitlab.recordings.vendors.model import Asked, Format, PodData
from gaitlab.recordings.vendors.source import Source, columns_of, first_line, read_table

if TYPE_CHECKING:
    import pandas as pd

CHANNEL: Final = re.compile(r"^(?P<node>[^:]+):(?P<what>scaledAccel|scaledGyro)(?P<axis>[XYZ])$")


def evidence(source: Source) -> str | None:
    """Channels called node:scaledAccelX."""
    found = first_line(source.head(), ("time,",))
    if not found or not _nodes(columns_of(found[1])):
        return None
    return "channels called " + columns_of(found[1])[1]


def read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    """One pod for each node in the file; all nodes share the clock of the collecting program."""
    line, header = first_line(source.head(), ("time,",)) or (0, "")
    table = read_table(source, skip_lines=line)
    time_s, clock = _times(source, table.frame)
    pods = []
    for node, channels in _nodes(columns_of(header)).items():
        acc = numbers(source, table.frame, [f"{node}:scaledAccel{axis}" for axis in "XYZ"])
        turn = [f"{node}:scaledGyro{axis}" for axis in "XYZ"]
        has_turn = set(turn) <= channels
        gyr = numbers(source, table.frame, turn) if has_turn else np.full(acc.shape, np.nan)
        sent = np.isfinite(acc).any(axis=1)  # nodes with other rates leave empty cells
        pods.append(
            PodData(
                label=node,
                time_s=time_s[sent],
                acc_mps2=acc[sent] * STANDARD_GRAVITY_MPS2,
                gyr_radps=gyr[sent],
                clock=clock,
                device="MicroStrain (SensorConnect)",
                notes=table.notes,
            )
        )
    return tuple(pods)


def _nodes(names: list[str]) -> dict[str, set[str]]:
    """Every node with all three accelerations, and its channels."""
    nodes: dict[str, set[str]] = {}
    for name in names:
        if found := CHANNEL.match(name):
            nodes.setdefault(found["node"], set()).add(name)
    return {
        node: channels
        for node, channels in nodes.items()
        if {f"{node}:scaledAccel{axis}" for axis in "XYZ"} <= channels
    }


def _times(source: Source, frame: "pd.DataFrame") -> tuple[Floats, str]:
    """Seconds, from a column of seconds or of dates, and the name of that clock."""
    import pandas as pd

    column = frame[frame.columns[0]]
    if column.dtype.kind in "fiu":
        return numbers(source, frame, [frame.columns[0]])[:, 0], f"the time column of {source.name}"
    instant = pd.to_datetime(column, errors="coerce", format="mixed")
    lost = instant.isna().to_numpy()
    seconds = (instant - instant.dropna().iloc[0]).dt.total_seconds() if not lost.all() else column
    if lost.any():
        return numbers(source, frame, [frame.columns[0]])[:, 0], ""  # raises, naming the cell
    return np.asarray(seconds, np.float64), f"the time column of {source.name}"


FORMAT: Final = Format(
    "sensorconnect", "MicroStrain SensorConnect, CSV", evidence, read, "g and rad/s"
)
