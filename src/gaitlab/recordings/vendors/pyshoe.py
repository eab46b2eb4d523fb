"""MATLAB files of the open foot-mounted navigation sets (OpenShoe, PyShoe).

Source: the data description of PyShoe: ``imu`` is (n, 6), accelerations in m/s^2 and then
rotations in rad/s; ``ts`` is (1, n) in seconds.
"""

import io
from typing import Any, Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.recordings.vendors.model import Asked, Format, PodData
from gaitlab.recordings.vendors.source import DAMAGED, Source

MAGIC: Final = "MATLAB 5.0 MAT-file"


def evidence(source: Source) -> str | None:
    """The first words of a MATLAB file; what is in it is looked at when it is read."""
    return "a MATLAB 5 file" if source.head().startswith(MAGIC) else None


def read(source: Source, asked: Asked) -> tuple[PodData, ...]:
    """The one pod; InputError for a workspace with other variables."""
    from scipy.io import loadmat, whosmat
    from scipy.io.matlab import MatReadError

    data = source.whole()
    try:
        there = {name: shape for name, shape, _ in whosmat(io.BytesIO(data))}
        wanted = [name for name in ("imu", "ts") if name in there]
        found: dict[str, Any] = loadmat(io.BytesIO(data), variable_names=wanted)
    except (MatReadError, ValueError, TypeError, OSError, KeyError, NotImplementedError) as error:
        raise InputError(f"{source.name} is a damaged MATLAB file", str(error), DAMAGED) from error
    imu, stamp = found.get("imu"), found.get("ts")
    if imu is None or stamp is None or imu.ndim != 2 or imu.shape != (stamp.size, 6):
        raise InputError(
            f"{source.name} is not a recording that is known",
            "a MATLAB file may hold anything; known are imu (n, 6) with ts (n), this one has "
            + (", ".join(sorted(there))[:120] or "nothing"),
            "export it as CSV or Parquet in the plain exchange form (docs/recordings.md)",
        )
    values = np.asarray(imu, np.float64)
    return (
        PodData(
            label=source.path.stem,
            time_s=np.asarray(stamp, np.float64).ravel(),
            acc_mps2=values[:, :3],
            gyr_radps=values[:, 3:],
            device="foot-mounted unit of an OpenShoe or PyShoe set",
        ),
    )


FORMAT: Final = Format("pyshoe", "OpenShoe and PyShoe, MATLAB", evidence, read, "m/s² and rad/s")
