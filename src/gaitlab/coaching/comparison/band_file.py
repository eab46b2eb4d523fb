"""A band as a small file: JSON, no names in it, readable without gaitlab."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.coaching.comparison.band import BAND_GROUPS, GRID_MPS, Band, Member
from gaitlab.metrics.catalog import METRIC_NAMES, metric
from gaitlab.model.errors import InputError

KIND: Final = "gaitlab.band"
VERSION: Final = 1
DIGITS: Final = 6
Json = dict[str, Any]


def band_dict(band: Band, program_version: str) -> Json:
    """The band as plain numbers, in the units of the tables; unknown values are None."""
    return {
        "schema": KIND,
        "schema_version": VERSION,
        "program_version": program_version,
        "name": band.name,
        "group": band.group,
        "speed_mps": [float(speed) for speed in GRID_MPS],
        "members": [
            {
                "who": member.who,
                "sex": member.sex,
                "recordings": list(member.recordings),
                "values": {
                    metric(name).column: [
                        round(float(v) * metric(name).column_factor, DIGITS)
                        if np.isfinite(v)
                        else None
                        for v in curve
                    ]
                    for name, curve in member.values.items()
                },
            }
            for member in band.members
        ],
    }


def band_text(band: Band, program_version: str) -> str:
    """The content of a band file."""
    return json.dumps(band_dict(band, program_version), ensure_ascii=False) + "\n"


def read_band(path: Path) -> Band:
    """The band in a file.

    Raises
    ------
    InputError : the file cannot be read or is no band of this version.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _unreadable(path, str(error)) from error
    if not isinstance(data, dict) or data.get("schema") != KIND:
        raise _unreadable(path, f"it has no schema {KIND!r}")
    if data.get("schema_version") != VERSION:
        raise _unreadable(path, f"its version is {data.get('schema_version')!r}, not {VERSION}")
    try:
        return _band_from(data)
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(path, f"{type(error).__name__}: {error}") from error


def _band_from(data: Json) -> Band:
    group = next((name for name in BAND_GROUPS if name == data["group"]), None)
    if group is None:
        raise ValueError(f"its group is {data['group']!r}")
    grid = np.asarray(data["speed_mps"], dtype=np.float64)
    if grid.shape != GRID_MPS.shape or not np.allclose(grid, GRID_MPS):
        raise ValueError("its speeds are not those of this program")
    members = tuple(_member_from(item) for item in data["members"])
    if not members:
        raise ValueError("it has no athlete")
    return Band(str(data["name"])[:60], group, members)


def _member_from(item: Json) -> Member:
    columns = {metric(name).column: metric(name) for name in METRIC_NAMES}
    values = {}
    for column, numbers in item["values"].items():
        if column not in columns:
            continue
        known = columns[column]
        curve = np.array([np.nan if v is None else float(v) for v in numbers])
        if curve.shape != GRID_MPS.shape:
            raise ValueError(f"{column} has {len(curve)} values for {len(GRID_MPS)} speeds")
        values[known.name] = curve / known.column_factor
    return Member(str(item["who"]), tuple(map(str, item["recordings"])), str(item["sex"]), values)


def _unreadable(path: Path, why: str) -> InputError:
    return InputError(
        f"{path.name} is not a band of gaitlab",
        why,
        "make one with `gaitlab band build NAME RECORDING... -o FILE.band.json`",
    )
