"""Files of a made-up runner: rest, then steps, in the exchange form."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

G = 9.80665


def pod_table(foot="left", rate_hz=200.0, seconds=12.0, rest_s=4.0, seed=0):
    """Samples of one foot in the exchange form: rest at 1 g, then 1.4 strides a second."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(rate_hz * seconds)) / rate_hz
    moving = time_s >= rest_s
    phase = 2 * np.pi * 1.4 * (time_s - rest_s)
    burst = np.where(moving, np.maximum(np.sin(phase), 0) ** 6, 0.0)
    swing = np.where(moving, np.sin(phase + 1.0), 0.0)
    acc = np.column_stack((60 * burst + 12 * swing, 8 * swing, G + 70 * burst + 9 * swing))
    gyr = np.column_stack((30 * swing, 420 * swing - 300 * burst, 20 * swing))
    acc += rng.normal(0, 0.03, acc.shape)
    gyr += rng.normal(0, 0.3, gyr.shape)
    numbers = np.column_stack((time_s, acc, gyr))
    names = ["time", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
    frame = pd.DataFrame(numbers, columns=names)
    frame.insert(0, "foot", foot)
    return frame


@pytest.fixture
def table() -> pd.DataFrame:
    """Both feet, one after the other, each with its own clock."""
    right = pod_table("right", seed=1).assign(time=lambda t: t["time"] * 1.00002 + 0.0013)
    return pd.concat([pod_table("left"), right], ignore_index=True)


@pytest.fixture
def write(tmp_path) -> Callable[..., Path]:
    """Write a table (or bytes) as ``run.csv``, ``run.parquet`` or any other name."""

    def to_file(content, name="run.parquet", **options):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif path.suffix == ".parquet":
            content.to_parquet(path, index=False, **options)
        else:
            content.to_csv(path, index=False, **options)
        return path

    return to_file
