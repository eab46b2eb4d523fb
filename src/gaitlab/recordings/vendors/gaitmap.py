"""gaitmap-style frames: acc_x .. gyr_z in m/s^2 and deg/s, one row per sample, no time.

One sensor, or several side by side (a second level above the columns, as gaitmap's data sets
have it), from CSV or Parquet as pandas writes them, or from memory.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.recording import Foot, Recording
from gaitlab.model.units import RAD_PER_DEG
from gaitlab.recordings.checks import checked
from gaitlab.recordings.tables import check_parquet_size, parquet_errors
from gaitlab.recordings.vendors.columns import numbers
from gaitlab.recordings.vendors.join import joined, sides
from gaitlab.recordings.vendors.model import Asked, Format, PodData
from gaitlab.recordings.vendors.source import Source, columns_of, first_line, read_table

if TYPE_CHECKING:
    import pandas as pd

AXES: Final = ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")
TIMES: Final = ("time", "timestamp", "t")
_PAIR: Final = re.compile(r"^\('(.*)', '(.*)'\)$")  # how pandas writes a column of two levels
MOST_PODS = 2


def _evidence(source: Source) -> str | None:
    levels = _levels(source)
    if levels is None:
        return None
    sensors = ", ".join(dict.fromkeys(sensor for sensor, _ in levels if sensor))
    over = f"sensors ({sensors[:60]}) over " if sensors else ""
    return f"{over}the columns acc_x .. gyr_z without a time"


def _read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    levels = _levels(source) or []
    wide = _frame(source, levels)
    frames = {}
    for sensor in dict.fromkeys(sensor for sensor, axis in levels if axis in AXES):
        places = [levels.index((sensor, axis)) for axis in AXES]
        frames[sensor or source.path.stem] = wide.iloc[:, places].set_axis(list(AXES), axis=1)
    return pods_of(frames, asked.rate_hz, source)


def _frame(source: Source, levels: list[tuple[str, str]]) -> "pd.DataFrame":
    if not source.head().startswith("PAR1"):
        two = any(sensor for sensor, _ in levels)
        names = [f"{sensor} {axis}" for sensor, axis in levels]
        return read_table(source, skip_lines=int(two), names=names).frame
    import pyarrow.parquet as pq

    with parquet_errors(source.path):
        check_parquet_size(source.path, pq.read_metadata(source.path))
        table = pq.read_table(source.path)
        frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return frame


def _levels(source: Source) -> list[tuple[str, str]] | None:
    """(sensor, axis) of every column, the sensor empty without a second level; None if it is none.

    Every sensor must be complete, and there must be no column of time.
    """
    names = _names(source)
    axes = set(names)
    sensors = {sensor for sensor, axis in names if axis in AXES}
    if not sensors or any((sensor, axis) not in axes for sensor in sensors for axis in AXES):
        return None
    others = {axis.lower() for _, axis in names} | {sensor.lower() for sensor, _ in names}
    return None if others & {*TIMES, "foot"} else names


def _names(source: Source) -> list[tuple[str, str]]:
    head = source.head()
    if head.startswith("PAR1"):
        import pyarrow.parquet as pq

        with parquet_errors(source.path):
            names = pq.read_schema(source.path).names
        pairs = [_PAIR.match(name) for name in names]
        return [
            (pair[1], pair[2]) if pair else ("", name)
            for pair, name in zip(pairs, names, strict=True)
        ]
    lines = head.splitlines()[:2]
    if len(lines) == 2 and set(columns_of(lines[1])) >= set(AXES):
        return list(zip(columns_of(lines[0]), columns_of(lines[1]), strict=False))
    found = first_line(head)
    return [("", name) for name in columns_of(found[1])] if found else []


def pods_of(
    frames: "Mapping[str, pd.DataFrame]", rate_hz: float | None, source: Source
) -> tuple[PodData, ...]:
    """Pods from frames by sensor; InputError without a rate."""
    if rate_hz is None:
        raise InputError(
            f"{source.name} has no time",
            "gaitmap keeps the sampling rate apart from the samples",
            "say it, such as --rate 204.8",
        )
    return tuple(_pod(label, frame, rate_hz, source) for label, frame in frames.items())


def _pod(label: str, frame: "pd.DataFrame", rate_hz: float, source: Source) -> PodData:
    values = numbers(source, frame, AXES)
    return PodData(
        label=label,
        time_s=np.arange(len(values)) / rate_hz,
        acc_mps2=values[:, :3],
        gyr_radps=values[:, 3:] * RAD_PER_DEG,
        clock=f"the rows of {source.name}",
        declared_rate_hz=rate_hz,
        device="gaitmap-style frame",
        notes=(f"time from the rate you gave, {rate_hz:g} Hz",),
    )


def from_gaitmap(
    dataset: "pd.DataFrame | Mapping[str, pd.DataFrame]",
    sampling_rate_hz: float,
    *,
    feet: "Mapping[str, Foot] | None" = None,
    name: str = "gaitmap",
) -> Recording:
    """A recording from gaitmap's sensor data: one frame, several by name, or two column levels.

    dataset : acc_x .. gyr_z in m/s^2 and deg/s, one row per sample
    feet : foot of a sensor whose name does not say it (``left_sensor`` does)

    Raises
    ------
    UsageError : a column is missing, or there are more than two sensors
    InputError : the feet cannot be told apart, or the samples are no recording
    """
    frames = _by_sensor(dataset, name)
    for label, frame in frames.items():
        missing = [axis for axis in AXES if axis not in frame.columns]
        if missing:
            raise UsageError(
                f"{label} lacks {', '.join(missing)}",
                "it has " + ", ".join(map(str, frame.columns))[:120],
                "give the frames in the sensor frame, as gaitmap loads them",
            )
    if len(frames) > MOST_PODS:
        raise UsageError(
            f"{len(frames)} sensors are too many", ", ".join(frames), "choose a left and a right"
        )
    pods = pods_of(frames, sampling_rate_hz, Source(Path(name)))
    found = sides(pods, feet or {})
    return checked(joined(pods, [foot for foot, _ in found], name=name, source="gaitmap frames"))


def _by_sensor(
    dataset: "pd.DataFrame | Mapping[str, pd.DataFrame]", name: str
) -> "dict[str, pd.DataFrame]":
    if isinstance(dataset, Mapping):
        return {str(label): frame for label, frame in dataset.items()}
    if dataset.columns.nlevels == 1:
        return {name: dataset}
    labels = dict.fromkeys(dataset.columns.get_level_values(0))
    frames = {str(label): dataset.xs(label, axis=1, level=0) for label in labels}
    return cast("dict[str, pd.DataFrame]", frames)


FORMAT: Final = Format("gaitmap", "gaitmap-style table", _evidence, _read, "m/s² and deg/s")
