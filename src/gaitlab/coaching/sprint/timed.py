"""One timed sprint from its split times: what a coach writes down, and what cannot be told."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.sprint import checks
from gaitlab.coaching.sprint.fit import SprintFit, fit_splits, fit_two_times
from gaitlab.coaching.sprint.force import (
    Air,
    Body,
    ForceProfile,
    force_profile,
    profile_bands,
)
from gaitlab.model.errors import AnalysisError
from gaitlab.model.units import Bools, Floats

Start = Literal["block", "three-point", "standing", "not stated"]
EVERY_M: Final = 10.0
FEWEST_FOR_FORCE: Final = 4
TOLD_SHARE: Final = 0.90  # of V reached at the last split; below it V is a guess ahead
NO_START_TAU_S, NO_TOP_TAU_S, NO_TOP_MPS = 0.2, 3.0, 14.0  # the curve is straight, or endless
STANDARD_AIR, TYPICAL_BODY = Air(), Body()
FREE_START: Final = (
    "a free time correction takes up a late or early clock; F0 and the time constant follow it: "
    "compare them only between sprints that were treated alike"
)
FIXED_START: Final = (
    "F0 and the time constant depend on when the clock started: compare them only between "
    "sprints with the same start and the same timing"
)
START_UNKNOWN: Final = "start mode not stated: do not compare F0 with a sprint from blocks"
BODY_UNKNOWN: Final = (
    "mass or height not given: 70 kg or 1.75 m stand in for the air drag, which moves F0 by less "
    "than 1 %"
)
FORCE_MISSING: Final = (
    "force, velocity and power cannot be told from fewer than four splits: one slip of the clock "
    "would change F0 more than training does"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """How the sprint was done: start, body (None where unknown) and air."""

    start: Start = "not stated"
    body: Body = TYPICAL_BODY
    body_known: bool = False
    air: Air = STANDARD_AIR
    free_start: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SplitTable:
    """Distances with their time on the clock, every 10 m and wherever was timed; (n,) each.

    band_s : half of the 95 % interval;  measured : timed there, otherwise read off the curve
    fitted_s : time on the curve, NaN beyond its end
    speed_mps, speed_band_mps : mean since the distance before
    """

    distance_m: Floats
    time_s: Floats
    band_s: Floats
    measured: Bools
    fitted_s: Floats
    speed_mps: Floats
    speed_band_mps: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sprint:
    """One sprint; ``fit`` and ``profile`` are None where too little was timed.

    valid_until_m : the curve was fitted up to here, the first lasting loss of speed
    notes : what to know before using a number;  missing : what cannot be told, and why
    """

    name: str
    setting: Setting
    splits: SplitTable
    timed_m: Floats
    timed_s: Floats
    reading_step_s: float
    valid_until_m: float
    fit: SprintFit | None
    profile: ForceProfile | None
    profile_bands: ForceProfile | None
    notes: tuple[str, ...]
    missing: tuple[str, ...]


def sprint_from_splits(
    distance_m: Floats, time_s: Floats, setting: Setting | None = None, name: str = "sprint"
) -> Sprint:
    """A sprint from times (n,) at distances (n,), both counted from the start.

    Raises
    ------
    AnalysisError : not the splits of a sprint; says which number and why.
    """
    setting = setting or Setting()
    distance_m, time_s = checks.checked_splits(distance_m, time_s)
    step_s = checks.reading_step_s(time_s)
    kept = checks.before_loss(distance_m, time_s, step_s)
    valid_m = float(distance_m[kept][-1])
    fit, missing = _fit(distance_m[kept], time_s[kept], step_s, setting)
    profile = bands = None
    if fit is not None and fit.dof + len(fit.covariance) >= FEWEST_FOR_FORCE:
        profile = force_profile(fit.model, setting.body, setting.air)
        bands = profile_bands(fit, setting.body, setting.air)
    elif fit is not None:
        missing = (*missing, FORCE_MISSING)
    return Sprint(
        name=name,
        setting=setting,
        splits=_table(distance_m, time_s, step_s, valid_m, fit),
        timed_m=distance_m,
        timed_s=time_s,
        reading_step_s=step_s,
        valid_until_m=valid_m,
        fit=fit,
        profile=profile,
        profile_bands=bands,
        notes=_notes(distance_m, step_s, valid_m, setting, fit, profile),
        missing=missing,
    )


def _fit(
    distance_m: Floats, time_s: Floats, step_s: float, setting: Setting
) -> tuple[SprintFit | None, tuple[str, ...]]:
    """The curve, or why there is none."""
    n, needed = len(distance_m), 4 if setting.free_start else 2
    if n < needed:
        return None, (
            f"top speed, time constant and force cannot be told from {n} usable "
            f"split{'s' * (n != 1)}: {needed} are the least, four or more are good",
        )
    sd = checks.reading_sd_s(step_s)
    if n == 2:
        pairs = (float(distance_m[0]), float(distance_m[1])), (float(time_s[0]), float(time_s[1]))
        fit = fit_two_times(*pairs, time_sd_s=sd)
    else:
        fit = fit_splits(distance_m, time_s, time_sd_s=sd, free_start=setting.free_start)
    if fit.model.tau_s < NO_START_TAU_S:
        raise AnalysisError(
            f"{checks.NOT_A_SPLIT}: the runner is at full speed from the first metre",
            f"the times fit a steady {fit.model.v_max_mps:.1f} m/s with no acceleration",
            "give splits from a standstill; a flying sprint has no start to model",
        )
    if fit.model.tau_s > NO_TOP_TAU_S or fit.model.v_max_mps > NO_TOP_MPS:
        return None, (
            "top speed, time constant and force cannot be told: the speed does not level off "
            "within the splits, or one of them is wrong",
        )
    unchecked = ("whether the curve fits cannot be told: two times always fit",) if n == 2 else ()
    return fit, unchecked


def _table(
    timed_m: Floats, timed_s: Floats, step_s: float, valid_m: float, fit: SprintFit | None
) -> SplitTable:
    """Every timed distance, and every 10 m that the curve covers."""
    marks = np.arange(EVERY_M, (valid_m if fit else 0.0) + 1e-9, EVERY_M)
    distance = np.unique(np.concatenate((timed_m, marks)))
    measured = np.isin(distance, timed_m)
    time, band, fitted = (np.full(len(distance), np.nan) for _ in range(3))
    inside = distance <= valid_m
    if fit is not None:
        fitted[inside] = fit.clock_time_s(distance[inside])
        time[inside], band[inside] = fitted[inside], fit.time_band_s(distance[inside])
    time[measured] = timed_s
    band[measured] = 1.96 * checks.reading_sd_s(step_s)
    both = measured & np.concatenate(([True], measured[:-1]))
    use = np.where(np.isnan(fitted), time, fitted)
    before = np.where(both, np.roll(time, 1), np.roll(use, 1))
    before[0] = 0.0
    part_s, part_m = np.where(both, time, use) - before, np.diff(distance, prepend=0.0)
    apart = np.hypot(band, np.concatenate(([0.0], band[:-1])))
    speed = part_m / part_s
    return SplitTable(distance, time, band, measured, fitted, speed, speed * apart / part_s)


def _notes(
    timed_m: Floats,
    step_s: float,
    valid_m: float,
    setting: Setting,
    fit: SprintFit | None,
    profile: ForceProfile | None,
) -> tuple[str, ...]:
    notes = []
    if step_s >= checks.HAND_STEP_S:
        notes.append("all times are whole tenths: taken as hand times, the bands are wider")
    if valid_m < timed_m[-1]:
        notes.append(
            f"speed drops for good after {valid_m:g} m: the curve uses the splits up to there"
        )
    if fit is None:
        return tuple(notes)
    reached = _share_reached(fit, valid_m)
    if reached < TOLD_SHARE:
        notes.append(
            f"the last split is at {100 * reached:.0f} % of the top speed: V lies ahead of what "
            "was timed"
        )
    notes.append(FREE_START if setting.free_start else FIXED_START)
    if setting.start == "not stated":
        notes.append(START_UNKNOWN)
    if profile is not None and not setting.body_known:
        notes.append(BODY_UNKNOWN)
    return (*notes, *checks.doubts(fit, profile))


def _share_reached(fit: SprintFit, distance_m: float) -> float:
    time = fit.model.time_s(np.array([distance_m]))
    return float(fit.model.speed_mps(time)[0]) / fit.model.v_max_mps


def speed_curve(fit: SprintFit, until_m: float, n: int = 121) -> tuple[Floats, Floats, Floats]:
    """Distance, speed and half of its 95 % interval along the sprint, (n,) each."""
    time = np.linspace(0.0, float(fit.model.time_s(np.array([until_m]))[0]), n)
    distance, speed = fit.model.distance_m(time), fit.model.speed_mps(time)
    late = distance > 0
    # v at a place: dv/dp = a dt/dp + dv/dp at fixed time
    gradient = np.zeros((n, len(fit.covariance)))
    fade = np.exp(-time / fit.model.tau_s)
    by_model = np.column_stack((1.0 - fade, -fit.model.a0_mps2 * fade * time / fit.model.tau_s))
    moved = fit.model.time_gradient(distance[late])
    gradient[late, :2] = by_model[late] + fit.model.acceleration_mps2(time[late])[:, None] * moved
    return distance, speed, fit.half_width(gradient)
