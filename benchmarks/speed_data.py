"""The recording that the speed benchmark measures: simulated once, repeated in time to any length.

One unit begins and ends standing still, so repeating it leaves no seam. Two feet, 200 Hz, 16 g,
in foot axes without sensor offsets: the form that gaitmap needs as well (it does not look for the
mounting itself), so that both are given exactly the same arrays.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

RATE_HZ = 200.0
UNIT_S = {"short": 60.0, "long": 600.0}
FEET = ("left", "right")


def make_units(folder: Path) -> None:
    """Simulate both units and keep them in ``folder``."""
    from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand, walk

    long_run_s = 0.5 * (UNIT_S["long"] - 26.0)
    programmes = {
        "short": (stand(3.0), walk(5.0), run(3.2, duration_s=44.0), walk(5.0, 1.3), stand(3.0)),
        "long": (
            stand(4.0), walk(10.0), run(3.0, duration_s=long_run_s),
            run(3.6, duration_s=long_run_s), walk(8.0, 1.3), stand(4.0),
        ),
    }  # fmt: skip
    runner = replace(DISTANCE, varies=0.0)
    quiet = {"acc_bias_mps2": 0.0, "gyr_bias_radps": 0.0, "quantised": False, "rattle_mps2": 0.0}
    pods = tuple(Pod(foot, RATE_HZ, **quiet) for foot in FEET)
    for name, phases in programmes.items():
        made = simulate(runner, Programme(name, phases), pods, seed=1).recording
        n = round(UNIT_S[name] * RATE_HZ)
        arrays = {}
        for stream in made.feet:
            arrays[f"{stream.foot}_acc"] = stream.acc_mps2[:n]
            arrays[f"{stream.foot}_gyr"] = stream.gyr_radps[:n]
        np.savez(folder / f"{name}.npz", **arrays)


def tiled(folder: Path, minutes: float) -> dict[str, np.ndarray]:
    """``left_acc``, ``left_gyr``, ``right_acc``, ``right_gyr`` of (n, 3), m/s^2 and rad/s."""
    unit = "long" if minutes * 60.0 >= UNIT_S["long"] else "short"
    n = round(minutes * 60.0 * RATE_HZ)
    with np.load(folder / f"{unit}.npz") as arrays:
        return {
            name: np.concatenate([arrays[name]] * -(-n // len(arrays[name])))[:n].copy()
            for name in arrays.files
        }
