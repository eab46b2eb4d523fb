"""One measured run of gaitmap's chain on the same arrays; prints one JSON line.

Needs its own environment, never gaitlab's: ``python -m venv OTHER`` and there
``pip install gaitmap==2.6.0 gaitmap-mad==2.6.0``. Started by ``speed.py --gaitmap-python``.
The chain: gravity alignment, body frame, stride segmentation (BarthDtw), events (Rampp),
trajectory (Madgwick, forward-backward integration), temporal and spatial parameters.
"""

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from gaitmap.event_detection import RamppEventDetection
from gaitmap.parameters import SpatialParameterCalculation, TemporalParameterCalculation
from gaitmap.preprocessing import sensor_alignment
from gaitmap.stride_segmentation import BarthDtw
from gaitmap.trajectory_reconstruction import (
    ForwardBackwardIntegration,
    MadgwickAHRS,
    StrideLevelTrajectory,
)
from gaitmap.utils.coordinate_conversion import convert_to_fbf

from speed_data import FEET, RATE_HZ, tiled
from speed_process import peak_above_now

MAX_COST = 6.0  # its default of 4 misses most running strides of this recording
COLUMNS = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]


def data_of(arrays: dict[str, np.ndarray]) -> dict[str, pd.DataFrame]:
    """The raw arrays in gaitmap's own form: m/s^2 and deg/s."""
    return {
        f"{foot}_sensor": pd.DataFrame(
            np.hstack((arrays[f"{foot}_acc"], np.degrees(arrays[f"{foot}_gyr"]))), columns=COLUMNS
        )
        for foot in FEET
    }


def chain(data: dict[str, pd.DataFrame]) -> int:
    """From raw samples to parameters; the number of strides that came out."""
    rate = {"sampling_rate_hz": RATE_HZ}
    aligned = sensor_alignment.align_dataset_to_gravity(data, RATE_HZ)
    body = convert_to_fbf(aligned, left_like="left_", right_like="right_")
    strides = BarthDtw(max_cost=MAX_COST).segment(data=body, **rate).stride_list_
    events = RamppEventDetection().detect(data=body, stride_list=strides, **rate)
    listed = events.min_vel_event_list_
    moved = StrideLevelTrajectory(
        ori_method=MadgwickAHRS(), pos_method=ForwardBackwardIntegration()
    ).estimate(data=aligned, stride_event_list=listed, **rate)
    TemporalParameterCalculation().calculate(stride_event_list=listed, **rate)
    SpatialParameterCalculation().calculate(
        stride_event_list=listed, positions=moved.position_, orientations=moved.orientation_, **rate
    )
    return sum(len(one) for one in listed.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--what", choices=["time", "memory"], default="time")
    parser.add_argument("--repeats", type=int, default=1)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    chain(data_of(tiled(args.folder, 1.0)))  # warm: compiled code and caches
    data = data_of(tiled(args.folder, args.minutes))
    result: dict[str, object] = {"samples": sum(len(one) for one in data.values())}
    if args.what == "memory":
        result["peak_bytes"] = peak_above_now(lambda: chain(data))
    else:
        spent = []
        for _ in range(args.repeats):
            began = time.process_time()
            result["strides"] = chain(data)
            spent.append(time.process_time() - began)
        result["cpu_s"] = spent
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
