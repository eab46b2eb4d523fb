"""An analysis as tables and files: the fixed outputs that other programs rely on.

``contacts`` (one row per ground contact), ``segments`` (one row per stretch of one activity)
and ``summary`` (everything else, as JSON). Degrees instead of radians, words instead of codes,
NaN in tables and null in JSON for what is not known. Means are over valid contacts only.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gaitlab.metrics.catalog import CATALOG, metric
from gaitlab.model.analysis import Analysis, FootFacts, MetricSummary
from gaitlab.model.errors import OutputError
from gaitlab.model.gait import ACTIVITIES, STRIKES, UNKNOWN_STRIKE, Contacts, flag_words
from gaitlab.model.recording import FEET
from gaitlab.model.units import DEG_PER_RAD, Bools, Floats

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SCHEMA_VERSION: Final = 1

CONTACT_COLUMNS: Final[dict[str, str]] = {
    "foot": "left, right, unknown",
    "ic_time_s": "s",
    "tc_time_s": "s",
    "contact_time_s": "s",
    "flight_time_s": "s",
    "step_time_s": "s",
    "stride_time_s": "s",
    "cadence_spm": "steps/min",
    "duty_factor": "1",
    "strike": "rearfoot, midfoot, forefoot, unknown",
    "p_rearfoot": "1",
    "p_midfoot": "1",
    "p_forefoot": "1",
    "strike_angle_deg": "deg",
    "stride_length_m": "m",
    "step_length_m": "m",
    "speed_mps": "m/s",
    "activity": "run, sprint, walk, hop, bound, other",
    "valid": "bool",
    "flags": "words joined by ;",
    "swing_time_s": "s",
    "ic_sd_s": "s",
    "tc_sd_s": "s",
    "contact_time_sd_s": "s",
    "strike_angle_sd_deg": "deg",
    "stride_length_sd_m": "m",
    "segment": "row of the segments table, -1 for none",
    "flight_ratio": "1",
    "contact_length_m": "m",
    "vertical_oscillation_m": "m",
    "peak_force_bw": "body weights",
    "vertical_stiffness_n_per_m_per_kg": "N/m/kg",
    "leg_stiffness_n_per_m_per_kg": "N/m/kg",
    "peak_impact_g": "g",
    "swing_height_m": "m",
}
"""Columns of the contacts table in their order, with unit or values."""

METRICS: Final = tuple(item.column for item in CATALOG)
"""Columns of the contacts table that have a mean."""

_WORDS: Final = ("foot", "strike", "activity", "flags")


def contacts_frame(analysis: Analysis) -> "pd.DataFrame":
    """One row per ground contact, sorted by initial contact; columns as CONTACT_COLUMNS."""
    import pandas as pd

    columns = _contact_columns(analysis.contacts)
    frame = pd.DataFrame({name: columns[name] for name in CONTACT_COLUMNS})
    return frame.astype({**dict.fromkeys(_WORDS, "str"), "segment": "int64"})


def _contact_columns(contacts: Contacts) -> dict[str, np.ndarray]:
    """Every column of the table as (k,) arrays, angles in degrees."""
    plain = {name: getattr(contacts, name) for name in CONTACT_COLUMNS if hasattr(contacts, name)}
    plain |= {item.column: getattr(contacts, item.name) * item.column_factor for item in CATALOG}
    plain["flags"] = _flag_column(contacts)
    plain["foot"] = np.array(FEET, dtype=object)[contacts.foot]
    plain["strike"] = np.array(STRIKES, dtype=object)[contacts.strike]
    plain["activity"] = np.array(ACTIVITIES, dtype=object)[contacts.activity]
    plain["strike_angle_sd_deg"] = contacts.strike_angle_sd_rad * DEG_PER_RAD
    plain["contact_time_sd_s"] = np.hypot(contacts.ic_sd_s, contacts.tc_sd_s)
    return plain


def _flag_column(contacts: Contacts) -> np.ndarray:
    """(k,) words; each combination of flags is spelled once."""
    combinations, which = np.unique(contacts.flags, return_inverse=True)
    return np.array([flag_words(int(bits)) for bits in combinations], dtype=object)[which]


def segments_frame(analysis: Analysis) -> "pd.DataFrame":
    """One row per segment: start_s, stop_s, activity, contacts, and of each metric mean, sd, n.

    ``n_contacts`` counts all contacts, ``n_valid`` those that enter the means. The spread is
    the sample standard deviation, NaN below two contacts.
    """
    import pandas as pd

    segments, contacts = analysis.segments, analysis.contacts
    values = _contact_columns(contacts)
    inside = (contacts.segment >= 0) & (contacts.segment < len(segments))
    columns: dict[str, np.ndarray] = {
        "start_s": segments.start_s,
        "stop_s": segments.stop_s,
        "activity": np.array(ACTIVITIES, dtype=object)[segments.activity],
        "n_contacts": np.bincount(contacts.segment[inside], minlength=len(segments)),
        "n_valid": np.bincount(contacts.segment[inside & contacts.valid], minlength=len(segments)),
    }
    for name in METRICS:
        counted = inside & contacts.valid & np.isfinite(values[name])
        mean, sd, n = _grouped_moments(
            values[name][counted], contacts.segment[counted], len(segments)
        )
        columns |= {f"{name}_mean": mean, f"{name}_sd": sd, f"{name}_n": n}
    return pd.DataFrame(columns).astype({"activity": "str"})


def _grouped_moments(
    values: Floats, group: np.ndarray, n_groups: int
) -> tuple[Floats, Floats, np.ndarray]:
    """Mean, sample SD and count of ``values`` (k,) per group (k,); NaN where too few.

    >>> mean, sd, n = _grouped_moments(np.array([1.0, 3.0, 5.0]), np.array([0, 0, 2]), 3)
    >>> mean.tolist(), sd.round(3).tolist(), n.tolist()
    ([2.0, nan, 5.0], [1.414, nan, nan], [2, 0, 1])
    """
    n = np.bincount(group, minlength=n_groups)
    total = np.bincount(group, weights=values, minlength=n_groups)
    mean = np.divide(total, n, out=np.full(n_groups, np.nan), where=n > 0)
    square = np.bincount(group, weights=(values - mean[group]) ** 2, minlength=n_groups)
    variance = np.divide(square, n - 1, out=np.full(n_groups, np.nan), where=n > 1)
    return mean, np.sqrt(variance), n


def summary_dict(analysis: Analysis) -> dict[str, Any]:
    """Everything about a recording but its contacts, ready for JSON: no NaN, no arrays."""
    recording = analysis.recording
    summary = {
        "schema": "gaitlab.summary",
        "schema_version": SCHEMA_VERSION,
        "program_version": analysis.program_version,
        "recording": {
            "name": recording.name,
            "sha256": recording.sha256,
            "source": recording.source,
            "simulated": recording.simulated,
            "setup": asdict(recording.setup),
            "marks": [asdict(mark) for mark in recording.marks],
            "notes": recording.notes,
        },
        "athlete": asdict(recording.athlete),
        "feet": [_foot_dict(foot) for foot in analysis.feet],
        "activities": [_activity_dict(analysis, code) for code in _activities_in(analysis)],
        "warnings": analysis.warnings,
        "parameters": analysis.parameters,
    }
    return {key: plain(value) for key, value in summary.items()}


def _activities_in(analysis: Analysis) -> list[int]:
    """Codes of the activities that have a segment or a contact."""
    found = np.concatenate((analysis.segments.activity, analysis.contacts.activity))
    return [int(code) for code in np.unique(found)]


def _foot_dict(foot: FootFacts) -> dict[str, Any]:
    """Sensor, calibration and data quality of one foot; angles in degrees."""
    clock = foot.clock
    gyr_range = foot.gyr_range_radps
    return {
        "foot": foot.foot,
        "sensor": {
            "has_gyroscope": foot.has_gyroscope,
            "acc_range_mps2": foot.acc_range_mps2,
            "gyr_range_dps": None if gyr_range is None else gyr_range * DEG_PER_RAD,
            "rest_norm_mps2": foot.rest_norm_mps2,
        },
        "calibration": {
            "aligned": foot.aligned,
            "alignment": foot.alignment,
            "pitch_share": foot.pitch_share,
            "gravity_residual_deg": foot.gravity_residual_rad * DEG_PER_RAD,
            "forward_vote": foot.forward_vote,
            "zero_method": foot.zero_method,
        },
        "data_quality": {
            "n_samples": foot.n_samples,
            "duration_s": foot.duration_s,
            "acc_clipped_fraction": foot.acc_clipped_fraction,
            "gyr_clipped_fraction": foot.gyr_clipped_fraction,
            "rate_hz": clock.true_rate_hz,
            "declared_rate_hz": clock.declared_rate_hz,
            "jitter_s": clock.jitter_s,
            "duplicates": clock.duplicates,
            "backward_steps": clock.backward_steps,
            "missing_fraction": clock.missing_fraction,
            "n_gaps": len(clock.gaps_s),
            "gaps_s": clock.gaps_s,
        },
    }


def _activity_dict(analysis: Analysis, code: int) -> dict[str, Any]:
    """Duration and, per foot and for both, strikes and metrics of one activity."""
    segments = analysis.segments
    mine = segments.activity == code
    return {
        "activity": ACTIVITIES[code],
        "n_segments": int(mine.sum()),
        "duration_s": float((segments.stop_s - segments.start_s)[mine].sum()),
        "scopes": {
            scope: _scope_dict(analysis, code, scope) for scope in _scopes_in(analysis, code)
        },
    }


def _scopes_in(analysis: Analysis, code: int) -> list[str]:
    """``both`` first, then each foot that has a contact or a summary in this activity."""
    feet = {FEET[foot] for foot in np.unique(analysis.contacts.foot[analysis.during(
        code, valid_only=False
    )])}  # fmt: skip
    feet |= {item.scope for item in analysis.summaries if item.activity == ACTIVITIES[code]}
    return ["both", *(foot for foot in FEET if foot in feet)] if feet else []


def _scope_dict(analysis: Analysis, code: int, scope: str) -> dict[str, Any]:
    contacts = analysis.contacts
    mine = contacts.activity == code
    if scope != "both":
        mine = mine & (contacts.foot == FEET.index(scope))
    items = [
        item
        for item in analysis.summaries
        if item.scope == scope and item.activity == ACTIVITIES[code]
    ]
    return {
        "n_contacts": int(mine.sum()),
        "n_valid": int((mine & contacts.valid).sum()),
        "strikes": strike_shares(contacts, mine & contacts.valid),
        "metrics": dict(_metric_item(item) for item in items),
    }


def strike_shares(contacts: Contacts, mask: Bools) -> dict[str, Any]:
    """Per cent of rearfoot, midfoot and forefoot among the contacts of known strike in ``mask``.

    ``n`` is the number of those; the shares are None when there are none.
    """
    strike = contacts.strike[mask]
    known = strike[strike != UNKNOWN_STRIKE]
    n = len(known)
    shares = {
        f"{word}_percent": float(100 * np.mean(known == code)) if n else None
        for code, word in enumerate(STRIKES)
        if code != UNKNOWN_STRIKE
    }
    return {**shares, "n": n, "n_unknown": len(strike) - n}


def _metric_item(item: MetricSummary) -> tuple[str, dict[str, Any]]:
    """Name and numbers of one metric, in the unit of the tables."""
    entry = metric(item.metric)
    name, factor = entry.column, entry.column_factor
    numbers = ("median", "mean", "sd", "mad", "low", "high", "uncertainty")
    return name, {
        "n": item.n,
        **{number: factor * getattr(item, number) for number in numbers},
        "quality": item.quality,
        "reason": item.reason,
    }


def plain(value: object) -> Any:  # noqa: ANN401  # JSON is any of these
    """``value`` in JSON's own types: arrays become lists, NaN and infinity become None.

    >>> plain({"a": np.array([1.0, np.nan]), "b": (np.int64(2), True)})
    {'a': [1.0, None], 'b': [2, True]}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def write_tables(
    analysis: Analysis, folder: Path | str, *, csv: bool = False, name: str | None = None
) -> list[Path]:
    """Write NAME.contacts.parquet, NAME.segments.parquet and NAME.summary.json to ``folder``.

    csv : also the two tables as CSV;  name : NAME, the recording's own name when None.
    All files appear or none: each is written under a temporary name first.
    Raises OutputError when the folder cannot be made or written to.
    """
    folder, name = Path(folder), name or analysis.recording.name
    contacts, segments = contacts_frame(analysis), segments_frame(analysis)
    writers: dict[str, Callable[[Path], object]] = {
        "contacts.parquet": partial(_write_parquet, contacts, "contacts"),
        "segments.parquet": partial(_write_parquet, segments, "segments"),
        "summary.json": partial(_write_json, summary_dict(analysis)),
    }
    if csv:
        writers["contacts.csv"] = partial(_write_csv, contacts)
        writers["segments.csv"] = partial(_write_csv, segments)
    return write_together({folder / f"{name}.{kind}": write for kind, write in writers.items()})


def write_together(writers: dict[Path, Callable[[Path], object]]) -> list[Path]:
    """Write every file through its writer under a temporary name, then rename them all.

    Raises OutputError, with no temporary file left, when any of them cannot be written.
    """
    temporary = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in writers}
    try:
        for path, write in writers.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write(temporary[path])
        for path in writers:
            temporary[path].replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot write {next(iter(writers)).name}",
            f"{error.strerror or error} ({next(iter(writers)).parent})",
            "choose another folder with --out, or free some space in this one",
        ) from error
    finally:
        for path in temporary.values():
            _remove(path)
    return list(writers)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # its folder is a file, or is gone: then nothing was written either
        return


def _write_parquet(frame: "pd.DataFrame", table_name: str, path: Path) -> None:
    """Parquet with fixed types (an empty text column stays text) and units in the metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(column, _arrow_type(frame, column)) for column in frame.columns])
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    metadata = {
        "gaitlab.schema": f"gaitlab.{table_name}",
        "gaitlab.schema_version": str(SCHEMA_VERSION),
    }
    if table_name == "contacts":
        metadata["gaitlab.units"] = json.dumps(CONTACT_COLUMNS)
    parquet.write_table(table.replace_schema_metadata(metadata), path)


def _arrow_type(frame: "pd.DataFrame", column: str) -> "pa.DataType":
    import pyarrow as pa

    kinds = {"f": pa.float64(), "i": pa.int64(), "u": pa.int64(), "b": pa.bool_()}
    return kinds.get(frame[column].dtype.kind, pa.string())


def _write_csv(frame: "pd.DataFrame", path: Path) -> None:
    frame.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")


def _write_json(summary: dict[str, Any], path: Path) -> None:
    text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
