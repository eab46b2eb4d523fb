"""A timed sprint as plain values for other programs: the promised keys and a few more."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import numpy as np

from gaitlab.coaching.sprint.force import ForceProfile
from gaitlab.coaching.sprint.recorded import RecordedSprint
from gaitlab.coaching.sprint.timed import Sprint
from gaitlab.model.gait import STRIKES
from gaitlab.model.recording import FEET
from gaitlab.model.units import DEG_PER_RAD, Floats

FORCE_KEYS: Final = ("f0_n_per_kg", "v0_mps", "pmax_w_per_kg", "rf_max", "drf_per_mps")
FIT_KEYS: Final = (
    "v_max_mps", "v_max_band_mps", "tau_s", "tau_band_s", "a0_mps2", "a0_band_mps2",
    "time_correction_s",
    "time_to_95_percent_s", "r2", "residual_rms_s",
)  # fmt: skip


def sprint_dict(sprint: Sprint) -> dict[str, object]:
    """One of ``reps[]`` of ``drill sprint --json``; None for what cannot be told."""
    return {
        "name": sprint.name,
        "start_s": 0.0,
        "anchored": True,
        "source": "split times",
        "start_mode": sprint.setting.start,
        "air": asdict(sprint.setting.air),
        "body": {**asdict(sprint.setting.body), "known": sprint.setting.body_known},
        "splits": _splits(sprint),
        **_fitted(sprint),
        **_force(sprint.profile, ""),
        **_force(sprint.profile_bands, "_band"),
        "valid_until_m": sprint.valid_until_m,
        "notes": list(sprint.notes),
        "missing": list(sprint.missing),
    }


def _splits(sprint: Sprint) -> list[Mapping[str, object]]:
    table = sprint.splits
    columns = {
        "distance_m": table.distance_m,
        "time_s": table.time_s,
        "band_s": table.band_s,
        "measured": table.measured,
        "fitted_s": table.fitted_s,
        "speed_mps": table.speed_mps,
        "speed_band_mps": table.speed_band_mps,
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _fitted(sprint: Sprint) -> dict[str, float | None]:
    fit = sprint.fit
    if fit is None:
        return dict.fromkeys(FIT_KEYS)
    model = fit.model
    values = (
        model.v_max_mps, fit.interval_of(0), model.tau_s, fit.interval_of(1), model.a0_mps2,
        fit.interval_of_a0, fit.time_correction_s, model.time_to_share_s(0.95), fit.r2,
        fit.residual_rms,
    )  # fmt: skip
    return dict(zip(FIT_KEYS, values, strict=True))


def _force(profile: ForceProfile | None, suffix: str) -> dict[str, float | None]:
    return {
        f"{key}{suffix}": None if profile is None else float(getattr(profile, key))
        for key in FORCE_KEYS
    }


def recorded_dict(one: RecordedSprint) -> dict[str, object]:
    """One of ``reps[]`` of ``drill sprint RECORDING --json``; times count from ``start_s``."""
    return {
        **sprint_dict(one.sprint),
        "start_s": one.start_s,
        "anchored": one.anchored,
        "source": one.source,
        "first_movement_s": known(one.moved_s),
        "finish_s": known(one.finish_s),
        "measured_length_m": one.measured_m,
        "residual_rms_s": None,
        "residual_rms_mps": None if one.sprint.fit is None else one.sprint.fit.residual_rms,
        "steps": _steps(one),
    }


def known(value: float) -> float | None:
    """A number, or None for NaN."""
    return float(value) if np.isfinite(value) else None


def _steps(one: RecordedSprint) -> list[dict[str, object]]:
    steps = one.steps
    numbers: dict[str, Floats] = {
        "time_s": steps.time_s,
        "distance_m": steps.distance_m,
        "contact_time_s": steps.contact_s,
        "flight_time_s": steps.flight_s,
        "step_length_m": steps.length_m,
        "step_length_sd_m": steps.length_sd_m,
        "speed_mps": steps.speed_mps,
        "cadence_spm": steps.cadence_spm,
        "strike_angle_deg": steps.strike_angle_rad * DEG_PER_RAD,
    }
    return [
        {
            "step": int(steps.number[k]),
            "foot": FEET[steps.foot[k]],
            **{name: known(column[k]) for name, column in numbers.items()},
            "strike": STRIKES[steps.strike[k]],
            "clipped": bool(steps.clipped[k]),
            "sure": bool(steps.sure[k]),
        }
        for k in range(len(steps))
    ]
