"""Movesense: JSON of the logbook and of the phone apps.

Source: Movesense API (Meas/IMU6, Meas/IMU9): ArrayAcc in m/s^2, ArrayGyro in deg/s,
Timestamp in milliseconds for the first sample of the packet.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import RAD_PER_DEG, Floats
from gaitlab.recordings.vendors.model import Asked, Format, PodData, no_gyroscope
from gaitlab.recordings.vendors.source import DAMAGED, Source

PATHS: Final = ("IMU9", "IMU6", "IMU6m", "imu", "Imu9", "Imu6", "imu9", "imu6")
STEADY = 0.5  # a packet that comes later than this share of its length is behind a hole


def evidence(source: Source) -> str | None:
    """The names of the measurement near the beginning."""
    head = source.head()
    if not head.lstrip().startswith(("{", "[")) or "ArrayAcc" not in head:
        return None
    return "JSON with packets of ArrayAcc" + (" and ArrayGyro" if "ArrayGyro" in head else "")


def read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    """The one pod of the file."""
    try:
        packets = list(_packets(json.loads(source.whole())))
        stamp_ms = np.array([float(one["Timestamp"]) for one in packets])
        acc = [_triples(one["ArrayAcc"]) for one in packets]
        gyr = [_triples(one.get("ArrayGyro") or ()) for one in packets]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{source.name} is damaged JSON",
            (f"it lacks {error}" if isinstance(error, KeyError) else str(error))[:200],
            DAMAGED,
        ) from error
    count = np.array([len(one) for one in acc])
    if not count.sum():
        raise InputError(f"{source.name} is empty", "no packet holds a sample", DAMAGED)
    if any(len(turn) not in {0, n} for turn, n in zip(gyr, count, strict=True)):
        raise InputError(
            f"{source.name} is damaged", "a packet has fewer rotations than accelerations", DAMAGED
        )
    acc_mps2 = np.concatenate(acc)
    filled = [turn if len(turn) else no_gyroscope(one) for turn, one in zip(gyr, acc, strict=True)]
    return (
        PodData(
            label=source.path.stem,
            time_s=sample_times(stamp_ms / 1e3, count),
            acc_mps2=acc_mps2,
            gyr_radps=np.concatenate(filled) * RAD_PER_DEG,
            device="Movesense",
            notes=(f"{len(count)} packets; one stamp each, spread over its samples",),
        ),
    )


def sample_times(stamp_s: Floats, count: np.ndarray) -> Floats:
    """(sum(count),) times of samples in packets that are stamped at their first sample."""
    step_s = np.diff(stamp_s)
    each_s = step_s / np.maximum(count[:-1], 1)
    forward = each_s[each_s > 0]
    usual_s = (
        float(np.quantile(forward, 0.25, method="lower")) if len(forward) else 0.01
    )  # holes are longer
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    own_s = np.append(each_s, usual_s)
    steady = np.abs(own_s - usual_s) < STEADY * usual_s
    period_s = np.where(steady, own_s, usual_s)
    times: Floats = np.repeat(stamp_s, count) + offset * np.repeat(period_s, count)
    return times


def _packets(tree: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # JSON may hold anything
    """Every packet in the layouts of logbook, showcase app and data logger."""
    if isinstance(tree, dict):
        if "ArrayAcc" in tree:
            yield tree
            return
        inside = [tree[name] for name in ("Meas", "meas", "data", *PATHS) if name in tree]
        for branch in inside:
            yield from _packets(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _packets(branch)


def _triples(entries: Any) -> Floats:  # noqa: ANN401  # JSON may hold anything
    values = [(one["x"], one["y"], one["z"]) for one in entries]
    return np.array(values, np.float64).reshape(-1, 3)


FORMAT: Final = Format("movesense", "Movesense, JSON", evidence, read, "m/s² and deg/s")
