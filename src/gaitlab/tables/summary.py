"""Everything about a recording but its contacts, as JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from math import isfinite
from typing import Any, Final

import numpy as np

from gaitlab.metrics.catalog import metric
from gaitlab.metrics.drift import Drift, drifts
from gaitlab.metrics.mechanics import circumstances_of
from gaitlab.metrics.scaled import scaled_numbers
from gaitlab.metrics.symmetry import Symmetry, symmetries
from gaitlab.metrics.variability import (
    Variability,
    session_uncertainty,
    smallest_real_change,
    variabilities,
)
from gaitlab.model.analysis import Analysis, FootFacts, Measured, MetricSummary, record_of
from gaitlab.model.gait import ACTIVITIES, STRIKES, UNKNOWN_STRIKE, Contacts
from gaitlab.model.recording import FEET
from gaitlab.model.units import DEG_PER_RAD, Bools

SCHEMA_VERSION: Final = 1


def summary_dict(analysis: Analysis | Measured) -> dict[str, Any]:
    """Everything about a recording but its contacts, ready for JSON: no NaN, no arrays."""
    analysis = record_of(analysis)
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
        "adjustments": analysis.adjustments,
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
        **_style_dict(analysis, code),
    }


def _style_dict(analysis: Analysis, code: int) -> dict[str, Any]:
    """Left against right, stride-to-stride variability and drift of one activity, by metric."""
    sides = symmetries(analysis.summaries, ACTIVITIES[code], analysis.rates_hz)
    spreads = variabilities(analysis.contacts, code)
    changes = drifts(analysis.contacts, code)
    return {
        "symmetry": {metric(item.metric).column: _symmetry_item(item) for item in sides},
        "variability": {metric(item.metric).column: _variability_item(item) for item in spreads},
        "drift": {metric(item.metric).column: _drift_item(item) for item in changes},
    }


def _symmetry_item(item: Symmetry) -> dict[str, Any]:
    """Right minus left; the percentages are there only where they mean something."""
    return {
        "n_left": item.n_left,
        "n_right": item.n_right,
        **_in_column_unit(item.metric, item, ("left", "right", "difference", "uncertainty")),
        "index_percent": item.index_percent if item.resolved else None,
        "angle_percent": item.angle_percent if item.resolved else None,
        "band_percent": item.band_percent,
        "resolved": item.resolved,
        "reason": item.reason,
    }


def _variability_item(item: Variability) -> dict[str, Any]:
    return {
        "n": item.n,
        **_in_column_unit(item.metric, item, ("sd", "noise_sd", "true_sd")),
        "cv_percent": item.cv_percent,
        "resolvable": item.resolvable,
        "reason": item.reason,
    }


def _drift_item(item: Drift) -> dict[str, Any]:
    return {
        "n": item.n,
        "distance_m": item.distance_m,
        "speed_mps": item.speed_mps,
        **_in_column_unit(item.metric, item, ("per_km", "low_per_km", "high_per_km")),
        "clear": item.clear,
        "reason": item.reason,
    }


def _in_column_unit(
    name: str, record: MetricSummary | Symmetry | Variability | Drift, numbers: Iterable[str]
) -> dict[str, float]:
    """Fields of a record in the unit of the metric's column: degrees instead of radians."""
    factor = metric(name).column_factor
    return {number: factor * getattr(record, number) for number in numbers}


def _scopes_in(analysis: Analysis, code: int) -> list[str]:
    """``both`` first, then each foot that has a contact or a summary in this activity."""
    feet = {FEET[foot] for foot in np.unique(analysis.contacts.foot[analysis.during(
        code, valid_only=False
    )])}  # fmt: skip
    feet |= {item.scope for item in analysis.summaries if item.activity == ACTIVITIES[code]}
    return ["both", *(foot for foot in FEET if foot in feet)] if feet else []


def _scope_dict(analysis: Analysis, code: int, scope: str) -> dict[str, Any]:
    contacts = analysis.contacts
    known = circumstances_of(analysis.recording.athlete, analysis.recording.setup)
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
        "metrics": {metric(item.metric).column: _metric_item(item) for item in items},
        "scaled": {
            number.name: {
                "value": number.value,
                "uncertainty": number.uncertainty,
                "reason": number.reason,
            }
            for number in scaled_numbers(items, known)
        },
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


def _metric_item(item: MetricSummary) -> dict[str, Any]:
    """Numbers of one metric in the unit of the tables."""
    numbers = ("median", "mean", "sd", "mad", "low", "high", "uncertainty")
    session = session_uncertainty(item.uncertainty, item.mad, item.n)
    change = metric(item.metric).column_factor * smallest_real_change(session)
    return {
        "n": item.n,
        **_in_column_unit(item.metric, item, numbers),
        "smallest_real_change": change,
        "quality": item.quality,
        "reason": item.reason,
    }


def plain(value: object) -> Any:  # noqa: ANN401  # JSON is any of these
    """``value`` in JSON's own types: arrays become lists, NaN and infinity become None.

    >>> plain({"a": np.array([1.0, np.nan]), "b": (np.int64(2), True)})
    {'a': [1.0, None], 'b': [2, True]}
    """
    kind = type(value)
    if kind is float:
        return value if isfinite(value) else None  # type: ignore[arg-type]  # a float it is
    if kind in _JSON:
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


_JSON = frozenset((str, int, bool, type(None)))  # most values are; asked for first
