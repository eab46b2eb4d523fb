"""Contacts and segments as data frames."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gaitlab.metrics.catalog import CATALOG
from gaitlab.model.analysis import Analysis, Measured, record_of
from gaitlab.model.gait import ACTIVITIES, STRIKES, Contacts, flag_words
from gaitlab.model.recording import FEET
from gaitlab.model.units import DEG_PER_RAD, Floats

if TYPE_CHECKING:
    import pandas as pd

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
    "ic_confidence": "1",
    "tc_confidence": "1",
    "contact_time_raw_s": "s",
}
"""Columns of the contacts table in their order, with unit or values."""

METRICS: Final = tuple(item.column for item in CATALOG)
"""Columns of the contacts table that have a mean."""


def contacts_frame(analysis: Analysis | Measured) -> "pd.DataFrame":
    """One row per ground contact, sorted by initial contact; columns as CONTACT_COLUMNS."""
    return _as_frame(contacts_table(analysis))


def contacts_table(analysis: Analysis | Measured) -> dict[str, np.ndarray]:
    """The columns (k,) of the contacts table in their order; words are objects."""
    contacts = record_of(analysis).contacts
    columns = contact_columns(contacts) | {"segment": contacts.segment.astype(np.int64)}
    return {name: columns[name] for name in CONTACT_COLUMNS}


def _as_frame(columns: dict[str, np.ndarray]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(
        {
            name: pd.array(values, dtype="str") if values.dtype == object else values
            for name, values in columns.items()
        }
    )


def contact_columns(contacts: Contacts) -> dict[str, Any]:
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


def contact_rows(contacts: Contacts) -> list[dict[str, object]]:
    """The rows of the contacts table as plain values, for lines of JSON."""
    columns = contact_columns(contacts)
    values = [columns[name].tolist() for name in CONTACT_COLUMNS]
    return [dict(zip(CONTACT_COLUMNS, row, strict=True)) for row in zip(*values, strict=True)]


def segments_frame(analysis: Analysis | Measured) -> "pd.DataFrame":
    """One row per segment: start_s, stop_s, activity, contacts, and of each metric mean, sd, n.

    ``n_contacts`` counts all contacts, ``n_valid`` those that enter the means. The spread is
    the sample standard deviation, NaN below two contacts.
    """
    return _as_frame(segments_table(analysis))


def segments_table(analysis: Analysis | Measured) -> dict[str, np.ndarray]:
    """The columns of the segments table in their order; words are objects."""
    analysis = record_of(analysis)
    segments, contacts = analysis.segments, analysis.contacts
    values = contact_columns(contacts)
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
    return columns


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
