"""The way of a sprinter from stride lengths, gates and the model of a sprint, all at once.

Speed is V (1 - exp(-t / tau)) from the start, plus slow departures from it that the strides may
ask for, minus a slowing down at the end. Everything that is known (the length of every stride
with its uncertainty, the first movement, gates, the length of the course, how far off measured
lengths usually are) is one line of one least-squares problem; the bands come from it too.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.coaching.sprint.curve import SprintModel
from gaitlab.model.units import Bools, Floats

GRID_S: Final = 0.005
KNOTS_S: Final = 1.5  # departures from the curve are no quicker than this
DEPARTURE_SD_MPS: Final = 0.10  # assumption; de Ruiter 2019: real sprints follow it, R2 >= 0.96
FADE_SD_MPS: Final = 1.0  # after the speed was lost for good the curve binds no longer
AFTER_END_S: Final = 1.5  # of the slowing down is looked at
ONSET_S: Final = (0.25, 0.35)  # assumption: how gradually it sets in, mean and spread
LINE_ONSET_S: Final = (0.02, 0.40)  # with a line to be found: at once, or anything up to a second
FADING_S: Final = 2.6  # and how soon it fades; assumption
SLOWING_MPS2: Final = (2.5, 1.2)  # assumption: mean and spread
TYPICAL_TAU_S: Final = 1.2
DRIFT_POWER: Final = 3.0  # assumption: it sets in late, as clipping and pivoting do
SLOWEST_TOP_MPS: Final = 3.0
STRAY: Final = 3.0  # a stride further off than this many spreads counts less
ROUNDS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known about one sprint; times on the recording's axis.

    from_s, to_s, length_m, length_sd_m : (k,) strides between two instants of the body's way
    side : (k,) +1 strides of the left foot, -1 of the right one
    scale_sd : standard uncertainty that all lengths at top speed share, as a share
    drift_mean, drift_sd : how much more is measured at top speed than at the start, as a share
    feet_sd : by how much each foot departs from the mean of both; 0 with one foot
    start_s, start_sd_s : when the body sets off, as far as the feet tell
    anchor_s, anchor_m, anchor_sd_s : (a,) where the runner was at known times
    clock_s, clock_m, clock_sd_s : (c,) the same on a clock that started with the runner
    clock_start_sd_s : how well that clock was started
    zero_s, zero_sd_s : a mark at which all times begin; NaN without
    course_m : known length, reached where the runner begins to slow down; NaN without
    course_sd_s : how well slowing down marks the line
    slow_s : about when that is; NaN when it is not seen
    valid_s : the first lasting loss of speed, or the end
    """

    from_s: Floats
    to_s: Floats
    length_m: Floats
    length_sd_m: Floats
    side: Floats
    scale_sd: float
    drift_mean: float
    drift_sd: float
    feet_sd: float
    start_s: float
    start_sd_s: float
    anchor_s: Floats
    anchor_m: Floats
    anchor_sd_s: Floats
    clock_s: Floats
    clock_m: Floats
    clock_sd_s: Floats
    clock_start_sd_s: float
    zero_s: float
    zero_sd_s: float
    course_m: float
    course_sd_s: float
    slow_s: float
    valid_s: float

    @property
    def clocked(self) -> bool:
        """True when times begin elsewhere than where the curve does."""
        return len(self.clock_s) > 0 or bool(np.isfinite(self.zero_s))

    @property
    def slows(self) -> bool:
        """True when the slowing down is part of the model."""
        return bool(np.isfinite(self.slow_s))


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The fitted way: parameters, their covariance, and how to read it.

    values, covariance : start, V, tau, length scale, its drift, left against right, clock start,
        onset, slowing, its onset time, then the departures at ``knots_s``; (p,), (p, p)
    grid_s : (n,) instants at which distance is kept
    residual_m : (k,) measured minus fitted stride lengths;  weight : (k,) of each, 0 to 1
    """

    evidence: Evidence
    values: Floats
    covariance: Floats
    knots_s: Floats
    grid_s: Floats
    residual_m: Floats
    weight: Floats

    @property
    def model(self) -> SprintModel:
        return SprintModel(float(self.values[V]), float(self.values[TAU]))

    @property
    def start_s(self) -> float:
        """When the body sets off."""
        return float(self.values[START])

    @property
    def clock_start_s(self) -> float:
        """Zero of the printed times: the gates' clock, or the start itself."""
        return float(self.values[START] + self.values[CLOCK])

    @property
    def measured_share(self) -> Floats:
        """(k,) measured over true length of each stride."""
        evidence = self.evidence
        strides = self.distance_m(evidence.to_s) - self.distance_m(evidence.from_s)
        return _measured_share(self.values, strides, evidence)

    def speed_mps(self, time_s: Floats) -> Floats:
        return _speed(self.values, time_s, self.knots_s, self.evidence.slows)

    def distance_m(self, time_s: Floats) -> Floats:
        return np.asarray(np.interp(time_s, self.grid_s, self._way(self.values)))

    def time_at(self, distance_m: Floats) -> tuple[Floats, Floats]:
        """Time on the clock at distances (n,) and its standard uncertainty, s."""
        at_s = np.interp(distance_m, self._way(self.values), self.grid_s)
        speed = np.maximum(self.speed_mps(at_s), 0.5)
        moved = -self.distance_gradient(at_s) / speed[:, None]
        moved[:, [START, CLOCK]] -= 1.0
        return at_s - self.clock_start_s, self._sd(moved)

    def parts(self, distance_m: Floats) -> tuple[Floats, Floats]:
        """Mean speed from each distance (n,) to the next, (n - 1,), and its uncertainty."""
        at_s = np.interp(distance_m, self._way(self.values), self.grid_s)
        speed = np.maximum(self.speed_mps(at_s), 0.5)
        moved = np.diff(-self.distance_gradient(at_s) / speed[:, None], axis=0)
        took_s, way_m = np.diff(at_s), np.diff(distance_m)
        return way_m / took_s, way_m / took_s**2 * self._sd(moved)

    def distance_gradient(self, time_s: Floats) -> Floats:
        """(n, p) change of the distance at times (n,) with every parameter."""
        steps = STEP * np.maximum(np.abs(self.values), 0.1)
        columns = []
        for place, step in enumerate(steps):  # a dozen parameters
            nudge = np.zeros(len(steps))
            nudge[place] = step
            both = (self._way(self.values + nudge), self._way(self.values - nudge))
            ways = [np.interp(time_s, self.grid_s, way) for way in both]
            columns.append((ways[0] - ways[1]) / (2.0 * step))
        return np.stack(columns, axis=-1)

    def _way(self, values: Floats) -> Floats:
        return _distance(values, self.grid_s, self.knots_s, self.evidence.slows)

    def _sd(self, gradient: Floats) -> Floats:
        variance = np.einsum("ni,ij,nj->n", gradient, self.covariance, gradient)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


START, V, TAU, SCALE, DRIFT, FEET, CLOCK, SLOW, SLOWING, ONSET = range(10)
FIXED: Final = 10  # parameters before the departures
STEP: Final = 1e-5


def fit_path(evidence: Evidence) -> Path:
    """The way that agrees best with everything that is known; stray strides count less."""
    end_s = float(np.max(np.concatenate((evidence.to_s, evidence.anchor_s)))) + 0.5
    if len(evidence.clock_s):
        end_s = max(end_s, evidence.start_s + float(evidence.clock_s.max()) + 0.5)
    grid_s = np.arange(evidence.start_s - 0.6, end_s, GRID_S)
    knots_s = np.arange(evidence.start_s + 0.8, end_s - 0.3, KNOTS_S)
    loosened = evidence
    path = _solve(loosened, grid_s, knots_s)
    for _ in range(ROUNDS):
        far = np.abs(path.residual_m) / evidence.length_sd_m
        loosened = replace(evidence, length_sd_m=evidence.length_sd_m * np.maximum(far / STRAY, 1))
        path = _solve(loosened, grid_s, knots_s)
    weight = (evidence.length_sd_m / loosened.length_sd_m) ** 2
    return replace(path, weight=weight)


def _solve(evidence: Evidence, grid_s: Floats, knots_s: Floats) -> Path:
    from scipy.optimize import least_squares

    centre, spread, low, high = _priors(evidence, knots_s)

    def residual(values: Floats) -> Floats:
        return _residual(values, evidence, grid_s, knots_s, centre, spread)

    found = least_squares(
        residual, np.clip(centre, low, high), bounds=(low, high), x_scale=np.minimum(spread, 1.0),
    )  # fmt: skip
    k = len(evidence.from_s)
    misfit = float(np.sum(found.fun[:k] ** 2)) / max(k - 4, 1)
    covariance = np.linalg.pinv(found.jac.T @ found.jac) * max(misfit, 1.0)
    return Path(
        evidence, found.x, covariance, knots_s, grid_s,
        -found.fun[:k] * evidence.length_sd_m, np.ones(k),
    )  # fmt: skip


def _priors(evidence: Evidence, knots_s: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Centre, spread and limits of every parameter; parameters without a use are pinned."""
    speeds = evidence.length_m / (evidence.to_s - evidence.from_s)
    top = float(np.percentile(speeds, 80.0))
    used = evidence.slows
    onset_s = LINE_ONSET_S if np.isfinite(evidence.course_m) else ONSET_S
    pinned = 1e-6
    loose = np.where(knots_s > evidence.valid_s, FADE_SD_MPS, DEPARTURE_SD_MPS)
    if used:  # what comes later belongs to the slowing down
        loose = np.where(knots_s > evidence.slow_s, 1e-3, loose)
    head = np.array([
        (evidence.start_s, evidence.start_sd_s, -np.inf, np.inf),
        (top, 3.0, 2.0, 16.0),
        (TYPICAL_TAU_S, 0.6, 0.15, 6.0),
        (0.0, evidence.scale_sd, -0.3, 0.3),
        (evidence.drift_mean, evidence.drift_sd, -0.3, 0.3),
        (0.0, max(evidence.feet_sd, pinned), -0.3, 0.3),
        (0.0, evidence.clock_start_sd_s if evidence.clocked else pinned, -1.0, 1.0),
        (evidence.slow_s if used else 0.0, 0.6 if used else pinned, -np.inf, np.inf),
        (SLOWING_MPS2[0], SLOWING_MPS2[1] if used else pinned, 0.3, 8.0),
        (onset_s[0], onset_s[1] if used else pinned, 0.02, 2.0),
    ])  # fmt: skip
    tail = np.column_stack((
        np.zeros(len(knots_s)), loose, np.full(len(knots_s), -4.0), np.full(len(knots_s), 4.0)
    ))  # fmt: skip
    centre, spread, low, high = np.concatenate((head, tail)).T
    return centre, spread, low, high


def _residual(
    values: Floats,
    evidence: Evidence,
    grid_s: Floats,
    knots_s: Floats,
    centre: Floats,
    spread: Floats,
) -> Floats:
    way = _distance(values, grid_s, knots_s, evidence.slows)

    def at(time_s: Floats) -> Floats:
        return np.asarray(np.interp(time_s, grid_s, way))

    strides = at(evidence.to_s) - at(evidence.from_s)
    strides = strides * _measured_share(values, strides, evidence)
    parts = [(strides - evidence.length_m) / evidence.length_sd_m]
    speed = max(float(values[V]), SLOWEST_TOP_MPS)
    parts.append((at(evidence.anchor_s) - evidence.anchor_m) / (evidence.anchor_sd_s * speed))
    gates_s = values[START] + values[CLOCK] + evidence.clock_s
    parts.append((at(gates_s) - evidence.clock_m) / (evidence.clock_sd_s * speed))
    if np.isfinite(evidence.zero_s):
        zero = values[[START]] + values[CLOCK] - evidence.zero_s
        parts.append(zero / evidence.zero_sd_s)
    if evidence.slows and np.isfinite(evidence.course_m):
        line = at(values[[SLOW]]) - evidence.course_m
        parts.append(line / (evidence.course_sd_s * speed))
    parts.append((values - centre) / spread)
    return np.concatenate(parts)


def _measured_share(values: Floats, strides_m: Floats, evidence: Evidence) -> Floats:
    """(k,) what the pods measure of strides (k,) of this true length, as a share of it."""
    took_s = evidence.to_s - evidence.from_s
    relative = np.maximum(strides_m, 0.0) / (took_s * max(float(values[V]), SLOWEST_TOP_MPS))
    drifted = values[SCALE] + values[DRIFT] * (relative**DRIFT_POWER - 1.0)
    return np.asarray(1.0 + drifted + values[FEET] * evidence.side)


def _speed(values: Floats, time_s: Floats, knots_s: Floats, slows: bool) -> Floats:
    since = np.maximum(time_s - values[START], 0.0)
    speed = values[V] * -np.expm1(-since / values[TAU])
    if len(knots_s):
        places = np.concatenate(([values[START]], knots_s))
        speed = speed + np.interp(time_s, places, np.concatenate(([0.0], values[FIXED:])))
    if slows:
        late = np.maximum(time_s - values[SLOW], 0.0)
        onset = values[ONSET]
        fading = FADING_S * -np.expm1(-np.maximum(late - onset, 0.0) / FADING_S)
        eased = np.minimum(late, onset) ** 3 / (3.0 * onset**2) + fading
        speed = speed - values[SLOWING] * eased
    return np.asarray(np.where(since > 0.0, np.maximum(speed, 0.0), 0.0))


def _distance(values: Floats, grid_s: Floats, knots_s: Floats, slows: bool) -> Floats:
    speed = _speed(values, grid_s, knots_s, slows)
    steps = 0.5 * (speed[1:] + speed[:-1]) * np.diff(grid_s)
    return np.concatenate(([0.0], np.cumsum(steps)))


def kept(path: Path, least: float = 0.25) -> Bools:
    """(k,) strides that the fit believed."""
    return np.asarray(path.weight >= least)
