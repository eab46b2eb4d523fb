"""Where a runner changed the effort: bends of a speed that always relaxes towards a new level.

Between two borders the speed approaches a level exponentially, and so do contact time and stride
time; at a border the level changes and the curve does not jump. Borders are where all three
series, stride by stride, are fitted best; each border must pay for itself (penalised least
squares). What is the same for all strides of a foot (a pod's scale, a stiffer leg) is fitted too.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.recording import read_only
from gaitlab.model.units import Bools, Floats, Ints

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

GRID_S: Final = 0.02
SHORTEST_S: Final = 0.8  # between two borders: assumption
TAU_S: Final = (1.2, 0.8, 0.8, 2.0)  # first guesses: way up, faster, slower, way down
TAU_RANGE_S: Final = (0.15, 4.0)
ONSET: Final = 1.3  # first guess; a change of effort begins at once (1) or gently (2)
ONSET_RANGE: Final = (1.0, 2.0)
ONSET_AFTER: Final = 2.0  # whoever is through coasts at first
ONSET_SD: Final = 0.3  # assumption: how far a runner's onset strays from the guess
SHAPE: Final = 5  # numbers that are no borders: four time constants and the onset of slowing
LENGTH_SHARE: Final = 0.012  # assumption: SD of a zone's measured length, once scaled
SCALE_SHARE: Final = 0.04  # assumption: SD of the scale of all lengths
SERIES: Final = 3  # speed, contact time, stride time
NEIGHBOURS: Final = 2.0  # strides of the two feet overlap: half of them are independent
RHYTHM_SD: Final = 0.03  # assumption: how far a runner's rhythm strays from such a course
OUTLIER: Final = 3.0
UNLIKELY_SCALE: Final = 0.1  # of measured over given lengths: the row lies elsewhere
PLACES_M: Final = 1.0  # apart, where a row of zones is tried
MOST_PLACES: Final = 3
MOST_EVALUATIONS: Final = 40


@dataclass(frozen=True, slots=True, eq=False)
class Strides:
    """Strides ``[begin_s, end_s)`` with speed and log contact time, (n,) each.

    side : -0.5 strides of the left foot, 0.5 of the right one
    weight : 0 for strides that only carry distance, 1 for those that are fitted
    """

    begin_s: Floats
    end_s: Floats
    speed_mps: Floats
    log_contact: Floats
    side: Floats
    weight: Floats

    def __post_init__(self) -> None:
        for name in ("begin_s", "end_s", "speed_mps", "log_contact", "side", "weight"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """A fitted course of effort.

    border_s, border_sd_s : (b,) where the level changes, and its standard uncertainty
    lasted_sd_s : (b - 1,) of the time between two borders, what is common to both left out
    level_mps : (b + 1,) what the speed relaxes to between borders;  rising : (b + 1,) from below
    tau_s : (4,) on the way up, in every second zone, in the others, on the way down
    cost : misfit in squared standard deviations, plus the price of the borders
    time_s, speed_mps : the fitted curve, every 20 ms
    """

    border_s: Floats
    border_sd_s: Floats
    lasted_sd_s: Floats
    level_mps: Floats
    rising: Bools
    tau_s: Floats
    onset: float
    cost: float
    time_s: Floats
    speed_mps: Floats

    def __post_init__(self) -> None:
        for name in ("border_s", "border_sd_s", "lasted_sd_s", "level_mps", "rising", "tau_s"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def fit_effort(strides: Strides, border_s: Floats, zones_m: Floats | None = None) -> Effort:
    """Borders moved to where the strides want them, from a first guess (b,), b at least 1.

    zones_m : (b - 1,) known lengths between the borders, NaN where unknown
    """
    problem = _Problem.of(strides, zones_m)
    guess = np.concatenate((border_s, np.log(TAU_S), [ONSET]))
    found = _searched(problem, guess)
    return _effort(problem, found.x, found.jac, 2.0 * found.cost)


def _searched(problem: "_Problem", guess: Floats) -> "OptimizeResult":
    """The best fit near a guess: borders (b,), log time constants (4,), onset."""
    from scipy.optimize import least_squares

    border_s = guess[:-SHAPE]
    low, high = (
        np.concatenate((border_s + side, np.full(4, np.log(tau)), [onset]))
        for side, tau, onset in zip((-2.0, 2.0), TAU_RANGE_S, ONSET_RANGE, strict=True)
    )
    return least_squares(
        problem.residuals, np.clip(guess, low + 1e-6, high - 1e-6), bounds=(low, high),
        x_scale=np.append(np.full(len(border_s), 0.1), np.full(SHAPE, 0.3)),
        diff_step=1e-4, max_nfev=MOST_EVALUATIONS,
    )  # fmt: skip


def _effort(problem: "_Problem", x: Floats, jacobian: Floats, misfit: float) -> Effort:
    count = len(x) - SHAPE
    level, speed = problem.curve(x)
    rising = np.append(True, np.diff(level) > 0.0)
    fitted = int(np.count_nonzero(problem.strides.weight))
    freedom = max(fitted * SERIES - 2 * count - 8, 1)
    spread = max(misfit / freedom, 1.0) * NEIGHBOURS
    covariance = np.linalg.pinv(jacobian.T @ jacobian) * spread
    apart = np.diff(np.eye(count), axis=0)
    among = covariance[:count, :count]
    sd, lasted_sd = (
        np.sqrt(np.maximum(np.diag(kind), (0.5 * GRID_S) ** 2))
        for kind in (among, apart @ among @ apart.T)
    )
    price = 2.0 * SERIES * np.log(max(fitted, 2))
    return Effort(
        x[:count], sd, lasted_sd, level, rising, np.exp(x[count:-1]), float(x[-1]),
        misfit + price * count, problem.time_s, speed,
    )  # fmt: skip


def more_borders(strides: Strides, effort: Effort, low_s: float, high_s: float) -> Effort:
    """The fit with one more border in ``[low_s, high_s)``, if that is worth its price."""
    tried = np.arange(low_s + SHORTEST_S, high_s - SHORTEST_S, 0.5 * SHORTEST_S)
    if not len(tried):
        return effort
    problem = _Problem.of(strides, None)
    shape = np.append(np.log(effort.tau_s), effort.onset)
    borders = [np.sort(np.append(effort.border_s, one)) for one in tried.tolist()]
    cost = [float(np.sum(problem.residuals(np.append(some, shape)) ** 2)) for some in borders]
    better = fit_effort(strides, borders[int(np.argmin(cost))])
    return better if better.cost < effort.cost else effort


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """The strides with their noise, and the grid that the curves are laid on."""

    strides: Strides
    time_s: Floats
    log_stride: Floats
    noise: tuple[float, float, float]
    weight: Floats
    zones_m: Floats | None

    @classmethod
    def of(cls, strides: Strides, zones_m: Floats | None) -> "_Problem":
        time_s = np.arange(strides.begin_s[0], strides.end_s.max() + GRID_S, GRID_S)
        fitted = strides.weight > 0.0
        log_stride = np.log(strides.end_s - strides.begin_s)
        side = strides.side[fitted]
        speed, contact, lasted = (
            _noise(series[fitted], side)
            for series in (strides.speed_mps, strides.log_contact, log_stride)
        )
        odd = _away(strides.speed_mps) > OUTLIER * speed
        lasted = float(np.hypot(lasted, RHYTHM_SD))
        weight = np.where(odd, 0.2, 1.0) * strides.weight
        return cls(strides, time_s, log_stride, (speed, contact, lasted), weight, zones_m)

    def residuals(self, x: Floats) -> Floats:
        """Misfit of the three series in standard deviations; of the lengths too when known."""
        borders = x[:-SHAPE]
        tight = np.maximum(SHORTEST_S - np.diff(borders), 0.0) * 20.0
        onset = (x[-1:] - ONSET) / ONSET_SD
        return np.concatenate((*self.misfits(x), tight, onset, self._lengths(borders)))

    def misfits(self, x: Floats) -> list[Floats]:
        """(n,) of speed, contact time and stride time."""
        borders = x[:-SHAPE]
        basis = _basis(self.time_s, borders, x[-SHAPE:])
        mean = self._with_side(self._stride_means(basis))
        early = self._with_side(_at(self.time_s, basis, self.strides.begin_s + 0.05))
        rhythm = np.column_stack((mean, self._shares(borders)))
        series = (self.strides.speed_mps, self.strides.log_contact, self.log_stride)
        return [
            _misfit(design, values, self.weight / noise)
            for design, values, noise in zip((mean, early, rhythm), series, self.noise, strict=True)
        ]

    def curve(self, x: Floats) -> tuple[Floats, Floats]:
        """Levels (b + 1,) and the fitted speed on the grid."""
        basis = _basis(self.time_s, x[:-SHAPE], x[-SHAPE:])
        design = self._with_side(self._stride_means(basis)) * self.weight[:, None]
        levels = np.linalg.lstsq(design, self.strides.speed_mps * self.weight, rcond=None)[0][:-1]
        return np.asarray(levels[1:], dtype=np.float64), np.asarray(basis @ levels)

    def _shares(self, borders: Floats) -> Floats:
        """(n, b) share of each stride that lies behind each border: a rhythm that steps."""
        begin, end = self.strides.begin_s[:, None], self.strides.end_s[:, None]
        return np.asarray(np.clip((end - borders) / (end - begin), 0.0, 1.0))

    def _with_side(self, design: Floats) -> Floats:
        return np.column_stack((design, self.strides.side))

    def _stride_means(self, basis: Floats) -> Floats:
        way = np.concatenate((np.zeros((1, basis.shape[1])), np.cumsum(basis, axis=0)[:-1]))
        begin, end = (
            _at(self.time_s, way, at) for at in (self.strides.begin_s, self.strides.end_s)
        )
        return (end - begin) * GRID_S / (self.strides.end_s - self.strides.begin_s)[:, None]

    def _lengths(self, borders: Floats) -> Floats:
        """How far measured lengths are from the known ones, but for a common scale."""
        if self.zones_m is None:
            return np.empty(0)
        measured = np.diff(travelled_m(self.strides, borders))
        known = np.isfinite(self.zones_m)
        ratio = np.log(measured[known] / self.zones_m[known])
        middle = float(ratio.mean()) if known.any() else 0.0
        return np.append((ratio - middle) / LENGTH_SHARE, middle / SCALE_SHARE)


def travelled_m(strides: Strides, time_s: Floats) -> Floats:
    """Measured distance from the middle of the first stride to each time."""
    middle_s = 0.5 * (strides.begin_s + strides.end_s)
    steps = 0.5 * (strides.speed_mps[1:] + strides.speed_mps[:-1]) * np.diff(middle_s)
    way = np.concatenate(([0.0], np.cumsum(steps)))
    early = np.minimum(time_s - middle_s[0], 0.0) * strides.speed_mps[0]
    late = np.maximum(time_s - middle_s[-1], 0.0) * strides.speed_mps[-1]
    return np.asarray(np.interp(time_s, middle_s, way) + early + late)


def fit_row(strides: Strides, zones_m: Floats) -> Effort:
    """The fit of a row of zones with known lengths: the best of the places where it may lie."""
    fits = [fit_effort(strides, border_s, zones_m) for border_s in _places(strides, zones_m)]

    def fitness(effort: Effort) -> tuple[bool, float]:
        measured = float(np.diff(travelled_m(strides, effort.border_s)).sum())
        return abs(np.log(measured / zones_m.sum())) > UNLIKELY_SCALE, effort.cost

    return min(fits, key=fitness)


def _places(strides: Strides, zones_m: Floats) -> list[Floats]:
    """First guesses of the borders: where the row fits better than a little way off, best first."""
    time_s = np.arange(strides.begin_s[0] - 1.0, strides.end_s[-1] + 0.5, GRID_S)
    way = travelled_m(strides, time_s)
    ends = np.concatenate(([0.0], np.cumsum(zones_m)))
    latest = max(way[-1] - ends[-1], 0.0)
    places = np.arange(min(way[0] + 0.5, latest), latest + PLACES_M, PLACES_M)
    problem = _Problem.of(strides, None)
    shape = np.append(np.log(TAU_S), ONSET)
    borders = [np.interp(place + ends, way, time_s) for place in places.tolist()]
    tried = [float(np.sum(problem.residuals(np.append(some, shape)) ** 2)) for some in borders]
    cost = np.pad(tried, 1, constant_values=np.inf)
    lowest = np.flatnonzero((cost[1:-1] <= cost[:-2]) & (cost[1:-1] <= cost[2:]))
    best = lowest[np.argsort(cost[1:-1][lowest])][:MOST_PLACES]
    return [borders[at] for at in best.tolist()]


def _basis(time_s: Floats, borders: Floats, shape: Floats) -> Floats:
    """(g, b + 2) speed as a sum of its first value and the b + 1 levels it relaxes to."""
    tau_s = np.exp(shape[:-1])
    edges = np.concatenate((time_s[:1], borders, [np.inf]))
    basis = np.zeros((len(time_s), len(borders) + 2))
    value = np.zeros(len(borders) + 2)
    value[0] = 1.0
    for zone in range(len(borders) + 1):
        inside = (time_s >= edges[zone]) & (time_s < edges[zone + 1])
        group = _group(zone, len(borders))
        onset = (1.0, 1.0, shape[-1], ONSET_AFTER)[group]
        share = np.exp(-(((time_s[inside] - edges[zone]) / tau_s[group]) ** onset))
        level = np.zeros(len(borders) + 2)
        level[zone + 1] = 1.0
        basis[inside] = level + share[:, None] * (value - level)
        if np.isfinite(edges[zone + 1]):
            lasted = max(edges[zone + 1] - edges[zone], 0.0) / tau_s[group]
            value = level + np.exp(-(lasted**onset)) * (value - level)
    return basis


def _group(zone: int, last: int) -> int:
    return 0 if zone == 0 else 3 if zone == last else 2 - zone % 2


def _at(time_s: Floats, curves: Floats, wanted_s: Floats) -> Floats:
    """(n, c) the curves (g, c) at other times, linear between grid points."""
    place = np.clip((wanted_s - time_s[0]) / GRID_S, 0.0, len(time_s) - 1.001)
    low: Ints = place.astype(np.int64)
    part = (place - low)[:, None]
    return np.asarray(curves[low] * (1.0 - part) + curves[low + 1] * part)


def _misfit(design: Floats, values: Floats, weight: Floats) -> Floats:
    weighted, wanted = design * weight[:, None], values * weight
    found = np.linalg.lstsq(weighted, wanted, rcond=None)[0]
    return np.asarray(wanted - weighted @ found)


def _away(values: Floats) -> Floats:
    """Distance of each value from the median of five around it."""
    padded = np.pad(values, 2, mode="edge")
    return np.abs(values - np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1))


def _noise(values: Floats, side: Floats) -> float:
    """Robust SD from second differences, which a trend and a foot's own offset do not widen."""
    bend = values[2:] - 2.0 * values[1:-1] + values[:-2]
    turn = side[2:] - 2.0 * side[1:-1] + side[:-2]
    turned = turn != 0.0
    offset = float(np.median(bend[turned] / turn[turned])) if turned.any() else 0.0
    spread = 1.4826 * float(np.median(np.abs(bend - offset * turn)) / np.sqrt(6.0))
    return max(spread, 1e-3 * max(float(np.abs(values).max()), 1.0))
