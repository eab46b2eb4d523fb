"""One measured run of gaitlab, from raw arrays to tables, in this process; prints one JSON line.

Started by ``speed.py``. CPU time is this process's; memory is what comes on top of the interpreter
with everything imported and of the raw arrays.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from types import FunctionType

import numpy as np

from gaitlab import pipeline, tables
from gaitlab.memory import keep_freed_memory
from gaitlab.model.recording import FootStream, Recording
from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from speed_data import FEET, RATE_HZ, tiled
from speed_process import peak_above_now, traced_peak

REPORTED_MPS2 = 16.0 * STANDARD_GRAVITY_MPS2


def recording_of(arrays: dict[str, np.ndarray]) -> Recording:
    """The raw arrays as a recording; nothing is copied."""
    n = len(arrays["left_acc"])
    time_s = np.arange(n) / RATE_HZ
    feet = tuple(
        FootStream(
            foot, time_s, arrays[f"{foot}_acc"], arrays[f"{foot}_gyr"],
            REPORTED_MPS2, np.radians(2000.0), RATE_HZ,
        )
        for foot in FEET
    )  # fmt: skip
    return Recording("speed", feet, simulated=True)


def to_tables(recording: Recording) -> int:
    """The whole chain; the number of contacts."""
    analysis = pipeline.analyze(recording)
    contacts = tables.contacts_frame(analysis)
    tables.segments_frame(analysis)
    tables.summary_dict(analysis)
    return len(contacts)


class Stages:
    """CPU seconds of every function that the pipeline and the tables call, callees left out."""

    def __init__(self) -> None:
        self.cpu_s: dict[str, float] = defaultdict(float)
        self._open: list[float] = []

    def wrap(self, name: str, function):
        """The function, with its own CPU time added to ``name``."""

        def timed(*args, **kwargs):
            began = time.process_time()
            self._open.append(0.0)
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.process_time() - began
                self.cpu_s[name] += spent - self._open.pop()
                if self._open:
                    self._open[-1] += spent

        return timed

    def watch(self, module) -> None:
        """Wrap what ``module`` calls of gaitlab by name."""
        for name, item in list(vars(module).items()):
            if isinstance(item, FunctionType) and item.__module__.startswith("gaitlab."):
                home = item.__module__.removeprefix("gaitlab.")
                setattr(module, name, self.wrap(f"{home}.{name}", item))


def stage_costs(recording: Recording, repeats: int) -> dict[str, float]:
    """CPU seconds per stage, the least of the repeats; what is below 0.2 % is added up."""
    runs = []
    stages = Stages()
    for module in (pipeline, tables):
        stages.watch(module)
    for _ in range(repeats):
        stages.cpu_s = defaultdict(float)
        to_tables(recording)
        runs.append(dict(stages.cpu_s))
    least = {name: min(run.get(name, 0.0) for run in runs) for name in runs[0]}
    small = 0.002 * sum(least.values())
    costs = {name: cost for name, cost in least.items() if cost >= small}
    costs["the rest"] = sum(cost for cost in least.values() if cost < small)
    return dict(sorted(costs.items(), key=lambda item: -item[1]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("minutes", type=float)
    parser.add_argument("--what", choices=["time", "memory", "traced", "stages"], default="time")
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    keep_freed_memory()  # as the command line does
    to_tables(recording_of(tiled(args.folder, 1.0)))  # warm: imports and caches
    recording = recording_of(tiled(args.folder, args.minutes))
    result: dict[str, object] = {"samples": sum(foot.n_samples for foot in recording.feet)}
    if args.what == "memory":
        result["peak_bytes"] = peak_above_now(lambda: to_tables(recording))
    elif args.what == "traced":
        result["peak_bytes"] = traced_peak(lambda: to_tables(recording))
    elif args.what == "stages":
        result["stages"] = stage_costs(recording, args.repeats)
    else:
        spent = []
        for _ in range(args.repeats):
            began = time.process_time()
            result["contacts"] = to_tables(recording)
            spent.append(time.process_time() - began)
        result["cpu_s"] = spent
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
