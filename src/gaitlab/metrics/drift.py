"""How a metric changes with distance at one and the same speed: fatigue, if it is that.

Every metric moves with speed, so speed is taken out first: only contacts within 10 % of the
median speed count, and what is left of the speed is regressed out of the metric and of the
distance. The slope is the median of all pairwise slopes (Theil 1950, Sen 1968), its interval
Sen's, widened when neighbouring stretches resemble each other.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite, nan

import numpy as np

from gaitlab.metrics.scaled import NO_LEG
from gaitlab.model.gait import ACTIVITIES, Contacts
from gaitlab.model.units import METRES_PER_KM, Floats, Ints
from gaitlab.signal.middle import middle_of, middles

DRIFT_METRICS = (
    "contact_time_s", "flight_time_s", "cadence_spm", "duty_factor", "step_length_m",
    "strike_angle_rad", "vertical_oscillation_m", "leg_stiffness_n_per_m_per_kg",
)  # fmt: skip
SAME_SPEED = 0.10  # of the median speed
PER_STRETCH, MOST_STRETCHES, FEWEST_STRETCHES = 10, 120, 12  # contacts; stretches
SHORTEST_M = 400.0
PAUSE_S = 3.0  # no distance is run between contacts further apart
COVERAGE = 1.645  # 90 %
ROUNDING = 1e-9  # of the largest distance: closer is the same place
SEPARABLE = 0.25  # share of the spread of distance that speed must leave


@dataclass(frozen=True, slots=True)
class Drift:
    """Change of one metric for each kilometre at matched speed, inside unit.

    low_per_km, high_per_km : 90 % interval;  n : contacts used
    distance_m : from the first to the last of them;  speed_mps : the speed they were run at
    clear : the interval does not hold zero;  reason : why there is no slope, or it is not clear
    """

    metric: str
    activity: str
    per_km: float
    low_per_km: float
    high_per_km: float
    n: int
    distance_m: float
    speed_mps: float
    clear: bool
    reason: str


def distance_run_m(contacts: Contacts) -> Floats:
    """(k,) distance at each contact from the first, m: speed over time, pauses left out.

    A speed that is not known is taken from its neighbours; all NaN when none is.
    """
    speed, time_s = contacts.speed_mps, contacts.ic_time_s
    known = np.isfinite(speed)
    if not known.any():
        return np.full(len(speed), np.nan)
    filled = np.interp(time_s, time_s[known], speed[known])
    step_s = np.diff(time_s)
    step_s = np.where(step_s > PAUSE_S, 0.0, step_s)
    return np.concatenate(([0.0], np.cumsum(0.5 * (filled[1:] + filled[:-1]) * step_s)))


def drifts(contacts: Contacts, activity: int) -> tuple[Drift, ...]:
    """The drift of each metric over the valid contacts of one activity; empty without any."""
    same, distance_m, middle = at_one_speed(contacts, activity)
    if not len(same):
        return ()
    return tuple(
        _drift(same, distance_m, name, ACTIVITIES[activity], middle) for name in DRIFT_METRICS
    )


def at_one_speed(contacts: Contacts, activity: int) -> tuple[Contacts, Floats, float]:
    """The valid contacts within 10 % of their median speed, distance of each, and that speed.

    Distances count from the first contact of the recording, m; NaN speed without any contact.
    """
    distance_m = distance_run_m(contacts)
    mine = contacts.valid & (contacts.activity == activity) & np.isfinite(contacts.speed_mps)
    if not mine.any():
        return contacts.where(mine), np.empty(0), nan
    middle = middle_of(contacts.speed_mps[mine])
    mine &= np.abs(contacts.speed_mps - middle) <= SAME_SPEED * middle
    return contacts.where(mine), distance_m[mine], middle


def drift_points(
    same: Contacts, distance_m: Floats, name: str, per_km: float
) -> tuple[Floats, Floats]:
    """What a drift rests on: distance (m) and change of each stretch, (s,), speed taken out.

    same, distance_m : from :func:`at_one_speed`;  per_km : the drift that was found (its line
    goes through the middle of both). Partial residuals: what speed does not explain.
    """
    values = _feet_together(same, name)
    known = np.isfinite(values)
    parts = stretches(np.column_stack((distance_m, same.speed_mps, values))[known])
    x, speed, y = parts.T
    faster = _differences(speed)
    left_x, left_y = (_without(speed, faster, column) for column in (x, y))
    return x, left_y + per_km / METRES_PER_KM * (x - np.median(x) - left_x)


def _drift(same: Contacts, distance_m: Floats, name: str, activity: str, speed_mps: float) -> Drift:
    values = _feet_together(same, name)
    known = np.isfinite(values)
    n = int(known.sum())
    far_m = float(np.ptp(distance_m[known])) if n else 0.0
    nothing = Drift(name, activity, nan, nan, nan, n, far_m, speed_mps, False, "")
    why = _why_no_slope(n, far_m)
    if name.startswith("leg_") and not n and np.isfinite(same.vertical_oscillation_m).any():
        why = NO_LEG
    if why:
        return replace(nothing, reason=why)
    parts = stretches(np.column_stack((distance_m, same.speed_mps, values))[known])
    slope, low, high = partial_slope(parts[:, 0], parts[:, 1], parts[:, 2])
    if not isfinite(slope):
        why = "speed and distance changed together: they cannot be told apart"
        return replace(nothing, reason=why)
    clear = low > 0.0 or high < 0.0
    per_km = (METRES_PER_KM * slope, METRES_PER_KM * low, METRES_PER_KM * high)
    reason = "" if clear else "no clear change"
    return Drift(name, activity, *per_km, n, far_m, speed_mps, clear, reason)


def _why_no_slope(n: int, far_m: float) -> str:
    if n < PER_STRETCH * FEWEST_STRETCHES:
        return f"only {n} contacts at one speed, {PER_STRETCH * FEWEST_STRETCHES} are needed"
    if far_m < SHORTEST_M:
        return f"only {far_m:.0f} m at one speed, {SHORTEST_M:.0f} m are needed"
    return ""


def _feet_together(same: Contacts, name: str) -> Floats:
    """(k,) a metric with the difference between the feet taken out."""
    values = np.array(getattr(same, name))
    known = np.isfinite(values)
    for code in np.unique(same.foot):  # two feet at most
        mine = known & (same.foot == code)
        values[mine] -= middle_of(values[mine]) if mine.any() else 0.0
    return values


def stretches(rows: Floats) -> Floats:
    """Medians of neighbouring rows, (stretches, columns): ten rows or more each, 120 at most.

    Rows that fill no stretch of their own at the end are left out.
    """
    size = max(PER_STRETCH, -(-len(rows) // MOST_STRETCHES))
    count = len(rows) // size
    groups = rows[: count * size].reshape(count, size, rows.shape[1])
    return middles(groups)


def theil_sen(x: Floats, y: Floats) -> tuple[float, Floats]:
    """Median of all pairwise slopes, and the slopes in order; NaN when ``x`` never differs.

    >>> theil_sen(np.arange(5.0), np.array([1.0, 3.0, 5.0, 7.0, 90.0]))[0]
    2.0
    """
    slopes = np.sort(_slopes(_differences(x), _differences(y)))
    return middle_of(slopes), slopes


def _slopes(across: Floats, up: Floats) -> Floats:
    """Slopes of the pairs whose ends are apart, by more than rounding.

    The pair that a median slope goes through is not, once that slope is taken out of it.
    """
    far = np.abs(across)
    apart = far > ROUNDING * far.max(initial=0.0)
    return np.asarray(up / across if apart.all() else up[apart] / across[apart])


def _differences(values: Floats) -> Floats:
    """The later less the earlier of every pair."""
    first, second = _pairs(len(values))
    return np.asarray(values.take(second) - values.take(first))


@lru_cache(maxsize=4)
def _pairs(n: int) -> tuple[Ints, Ints]:
    """Every pair of ``n``, as two arrays of indices; MOST_STRETCHES keeps them few."""
    first, second = np.triu_indices(n, 1)
    return first, second


def partial_slope(x: Floats, speed: Floats, y: Floats) -> tuple[float, float, float]:
    """Slope of ``y`` on ``x`` with speed taken out of both, and its 90 % interval.

    x, speed, y : (n,). NaN when speed explains nearly all of ``x``.
    """
    faster = _differences(speed)
    left_x, left_y = (_without(speed, faster, values) for values in (x, y))
    if not np.std(left_x) > SEPARABLE * np.std(x):
        return nan, nan, nan
    slope, slopes = theil_sen(left_x, left_y)
    low, high = _sen_interval(slopes, left_y - slope * left_x)
    return slope, low, high


def _without(speed: Floats, faster: Floats, values: Floats) -> Floats:
    """``values`` less their line through ``speed``, whose pairs differ by ``faster``."""
    slope = middle_of(_slopes(faster, _differences(values)))
    line = slope * speed if isfinite(slope) else 0.0
    left = values - line
    return np.asarray(left - middle_of(left))


def _sen_interval(slopes: Floats, residual: Floats) -> tuple[float, float]:
    """Sen's interval from the order of the slopes; wider for residuals that follow each other."""
    n = len(residual)
    spread = float(residual @ residual)
    alike = float(residual[1:] @ residual[:-1]) / spread if spread > 0.0 else 0.0
    alike = min(max(alike, 0.0), 0.8)
    fewer = (1.0 + alike) / (1.0 - alike)
    reach = COVERAGE * np.sqrt(fewer * n * (n - 1) * (2 * n + 5) / 18.0)
    last = len(slopes) - 1
    low = int(np.clip(round((len(slopes) - reach) / 2.0), 0, last))
    high = int(np.clip(round((len(slopes) + reach) / 2.0), 0, last))
    return float(slopes[low]), float(slopes[high])
