"""Series of watches and foot pods: FIT files, second-by-second CSV, and their own small file.

Source of the FIT fields: FIT profile 21. Cadence of a run counts the cycles of one leg, so
steps a minute are twice cadence plus fractional cadence. A zero in stance time, step length
or oscillation means "no value" (walking, standing, no sensor).
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.series import QUANTITIES, ReferenceSeries
from gaitlab.model.units import Floats
from gaitlab.recordings.atomic import replacing
from gaitlab.recordings.tables import is_parquet, parquet_errors
from gaitlab.recordings.vendors.columns import numbers
from gaitlab.recordings.vendors.source import (
    DAMAGED,
    HEAD_BYTES,
    Source,
    columns_of,
    first_line,
    read_table,
)

FIT_MAGIC: Final = b".FIT"
MOST_FIT_BYTES = 64 * 1024**2
LONGEST_S = 7 * 86_400.0
ABSURD = 1e7  # in SI units; a week of running is 1e6 m
ABOUT_KEY: Final = b"gaitlab.series"
SERIES_FORMATS: Final = (
    ("fit", "FIT of a watch or foot pod: running dynamics, a series to compare with"),
    ("seconds-csv", "CSV with timestamp, speed, cadence ..: a series to compare with"),
)
#: field of a FIT record, or of a CSV named after it: quantity, factor, zero means nothing
FIELDS: Final[Mapping[str, tuple[str, float, bool]]] = {
    "enhanced_speed": ("speed_mps", 1.0, False),
    "speed": ("speed_mps", 1.0, False),
    "cadence": ("cadence_spm", 2.0, False),
    "stance_time": ("contact_time_s", 1e-3, True),
    "step_length": ("step_length_m", 1e-3, True),
    "vertical_oscillation": ("vertical_oscillation_m", 1e-3, True),
    "stance_time_balance": ("contact_balance_percent", 1.0, True),
    "distance": ("distance_m", 1.0, False),
}


def is_series(path: Path) -> bool:
    """True for a file with a value a second instead of raw motion."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(HEAD_BYTES)
    if start[8:12] == FIT_MAGIC:
        return True
    if start[:4] == b"PAR1":
        return _own_about(path) is not None
    found = first_line(Source(path).head())
    names = set(columns_of(found[1])) if found else set()
    return _is_own_csv(names) or ("timestamp" in names and {"speed", "cadence"} <= names)


def _is_own_csv(names: Collection[str]) -> bool:
    """True for the columns that :func:`save_series` writes."""
    return "time_s" in names and set(names) <= {"time_s", *QUANTITIES}


def kind_of_series(path: Path) -> str:
    """Its word in SERIES_FORMATS, empty for a file that is no series."""
    if not is_series(path):
        return ""
    with path.open("rb") as file:
        return "fit" if file.read(12)[8:] == FIT_MAGIC else "seconds-csv"


def read_series(path: Path) -> ReferenceSeries:
    """The series in ``path``; InputError when it is damaged or holds none."""
    if not is_series(path):
        there = path.is_file()
        raise InputError(
            f"{path.name} is no series" if there else f"{path} does not exist",
            "it is neither FIT nor a table with timestamp, speed, cadence" if there
            else "there is no such file",
            "name the watch's file after the recording" if there else "check the spelling",
        )  # fmt: skip
    with path.open("rb") as file:
        start = file.read(HEAD_BYTES)
    if start[8:12] == FIT_MAGIC:
        return _read_fit(path)
    return _read_own(path) if is_parquet(path) else _read_seconds(Source(path))


# --- FIT ---------------------------------------------------------------------------------


def _read_fit(path: Path) -> ReferenceSeries:
    try:
        import fitdecode
    except ImportError as error:
        raise InputError(
            f"{path.name} is a FIT file, and the FIT reader is not installed",
            "it is an extra, because few need it",
            'pip install "gaitlab-running[fit]"',
        ) from error
    if path.stat().st_size > MOST_FIT_BYTES:
        raise InputError(f"{path.name} is too large for a FIT file", "over 64 MB", DAMAGED)
    records: list[dict[str, Any]] = []
    device = ""
    try:
        with fitdecode.FitReader(path, check_crc=fitdecode.CrcCheck.RAISE) as reader:
            for frame in reader:
                if not isinstance(frame, fitdecode.FitDataMessage):
                    continue
                if frame.name == "record":
                    records.append(_fit_record(frame))
                elif frame.name == "file_id":
                    device = str(frame.get_value("manufacturer", fallback="unknown maker"))
    except (fitdecode.FitError, OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise InputError(f"{path.name} is a damaged FIT file", str(error)[:200], DAMAGED) from error
    records = [one for one in records if isinstance(one.get("timestamp"), datetime)]
    if not records:
        raise InputError(
            f"{path.name} holds no series", "no record has a time", "export an activity, not a plan"
        )
    stamp = np.array([one["timestamp"].timestamp() for one in records])
    table = {
        name: np.array([_float(one.get(name)) for one in records])
        for name in (*FIELDS, "fractional_cadence")
    }
    return _series(stamp, table, f"FIT of {device}, {path.name}", f"FIT field of {device}: ")


def _fit_record(frame: Any) -> dict[str, Any]:  # noqa: ANN401  # fitdecode is untyped
    """Native fields by name; a developer field never stands in for a native one."""
    native = {
        one.name: one.value
        for one in frame.fields
        if type(one.field_def).__name__ != "DevFieldDefinition"
    }
    return {name: native.get(name) for name in ("timestamp", "fractional_cadence", *FIELDS)}


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


# --- seconds in CSV -------------------------------------------------------------------------


def _read_seconds(source: Source) -> ReferenceSeries:
    """CSV with the names and units of FIT records, as decoders of FIT files write it."""
    import pandas as pd

    frame = read_table(source).frame
    if _is_own_csv(frame.columns):
        names = [name for name in frame.columns if name != "time_s"]
        time_s, values = numbers(source, frame, ["time_s"])[:, 0], numbers(source, frame, names)
        origins = {name: f"column {name}" for name in names}
        return ReferenceSeries(
            time_s, dict(zip(names, values.T, strict=True)), origins, source.name, None
        )
    instant = pd.to_datetime(frame["timestamp"], errors="coerce", format="mixed", utc=True)
    if instant.isna().any():
        raise InputError(
            f"{source.name} has times that cannot be read",
            f"such as {str(frame['timestamp'][instant.isna()].iloc[0])[:40]!r}",
            DAMAGED,
        )
    stamp = np.array([one.timestamp() for one in instant])
    names = [name for name in (*FIELDS, "fractional_cadence") if name in frame.columns]
    table = {name: numbers(source, frame, [name])[:, 0] for name in names}
    return _series(stamp, table, source.name, "column ")


def _series(
    stamp: Floats, table: Mapping[str, Floats], source: str, before: str
) -> ReferenceSeries:
    order = np.argsort(stamp, kind="stable")
    stamp = stamp[order]
    if stamp[-1] - stamp[0] > LONGEST_S:
        raise InputError(
            f"{source} is no single run",
            f"its times span {(stamp[-1] - stamp[0]) / 86400:,.0f} days",
            "export one activity; a clock that was set in the middle spoils a file",
        )
    values: dict[str, Floats] = {}
    origins: dict[str, str] = {}
    for name, (quantity, factor, zero_is_none) in FIELDS.items():
        column = table.get(name)
        if column is None or quantity in values or not np.isfinite(column).any():
            continue
        if name == "cadence":
            fraction = table.get("fractional_cadence")
            column = column + (0.0 if fraction is None else np.nan_to_num(fraction))
        scaled = column[order] * factor
        if np.nanmax(np.abs(scaled)) > ABSURD:
            raise InputError(
                f"{source} holds absurd numbers in {name}", "no device measures that", DAMAGED
            )
        values[quantity] = np.where(zero_is_none & (scaled == 0), np.nan, scaled)
        origins[quantity] = before + name
    if not set(values) & {"speed_mps", "cadence_spm", "contact_time_s"}:
        raise InputError(
            f"{source} says nothing that can be compared",
            "neither speed nor cadence nor contact time is in it",
            "export a run, not another sport",
        )
    return ReferenceSeries(stamp - stamp[0], values, origins, source, float(stamp[0]))


# --- the own small file ------------------------------------------------------------------


def save_series(series: ReferenceSeries, path: Path) -> None:
    """Parquet or CSV by the suffix: ``time_s`` and a column for each quantity."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    about = {
        "source": series.source,
        "origins": dict(series.origins),
        "start_unix_s": series.start_unix_s,
        "recorded_with": series.recorded_with,
    }
    columns = {"time_s": series.time_s, **dict(series.columns())}
    table = pa.table(
        {name: pa.array(values, mask=np.isnan(values)) for name, values in columns.items()},
        metadata={ABOUT_KEY: json.dumps(about).encode()},
    )
    with replacing(path) as file:
        if path.suffix.lower() == ".csv":
            pyarrow.csv.write_csv(table, file)
        else:
            pyarrow.parquet.write_table(table, file, compression="zstd")


def _own_about(path: Path) -> dict[str, Any] | None:
    import pyarrow.parquet as pq

    with parquet_errors(path):
        metadata = pq.read_schema(path).metadata or {}
        return json.loads(metadata[ABOUT_KEY]) if ABOUT_KEY in metadata else None


def _read_own(path: Path) -> ReferenceSeries:
    import pyarrow.parquet as pq

    about = _own_about(path) or {}
    with parquet_errors(path):
        table = pq.read_table(path)
        columns = {
            name: np.asarray(table[name].to_numpy(), np.float64) for name in table.column_names
        }
    return ReferenceSeries(
        columns.pop("time_s"),
        {name: values for name, values in columns.items() if name in QUANTITIES},
        about.get("origins", {}),
        str(about.get("source", path.name)),
        about.get("start_unix_s"),
        str(about.get("recorded_with") or ""),
    )
