"""Is there a kick at the end of a race, where does it begin, and what is it made of?

The speed (and cadence) over distance is level or slowly changing, rises from the start of the kick
to its peak, and goes on from there: one line with two bends. The bends are found by least squares
over all pairs of places; the limits below decide whether there is a kick. Where it begins is then
asked again, with rises of several shapes (``onset``): a bend lies too early on a jump and too late
on a soft start.

Source: penalised change points on speed and cadence, SCIENCE of sprint finishes as in the docs; a
step of speed would put the start half-way up the rise, so bends replace steps here.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.coaching.race.course import Course
from gaitlab.coaching.race.onset import rise_start
from gaitlab.model.units import Floats

GRID_M: Final = 10.0
LAST_SHARE: Final = 0.35  # of the race is searched: assumption
SHORTEST_SEARCH_M: Final = 450.0  # ... or this much, up to 60 % of a short race
LARGEST_SHARE: Final = 0.6
NEAR_M: Final = 120.0  # the start is looked for this far to both sides of the first bend
BEFORE_M: Final = 600.0  # what the kick is measured against: assumption, 400 to 800 m
SHORTEST_KICK_M: Final = 60.0
LEAST_GAIN_MPS: Final = 0.25
LEAST_GAIN_SHARE: Final = 0.04
STANDARD_ERRORS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Kick:
    """A kick, or the reason why there is none (``found`` False, numbers NaN).

    start_m, start_s, to_go_m, to_go_s : where it begins
    start_sd_m : standard uncertainty of the start
    v_before_mps, v_kick_mps, v_peak_mps : mean before, mean from the end of the rise on, highest
    gain_share : of the speed;  gain_se_mps : standard error of the gain
    cadence_share : part of the gain (of log speed) that came from cadence, the rest from length
    fade_share : lost from the peak to the last 50 m
    """

    found: bool
    reason: str
    start_m: float = np.nan
    start_s: float = np.nan
    start_sd_m: float = np.nan
    to_go_m: float = np.nan
    to_go_s: float = np.nan
    v_before_mps: float = np.nan
    v_kick_mps: float = np.nan
    v_peak_mps: float = np.nan
    gain_share: float = np.nan
    gain_se_mps: float = np.nan
    cadence_share: float = np.nan
    fade_share: float = np.nan


@dataclass(frozen=True, slots=True, eq=False)
class _Series:
    """Speed and cadence every 10 m, (n,), with their noise."""

    at_m: Floats
    speed: Floats
    cadence: Floats


def find_kick(course: Course) -> Kick:
    """The kick of a race, or why there is none; never raises."""
    series = _series(course)
    search_m = _search_m(course.length_m)
    if course.length_m - search_m < 2 * SHORTEST_KICK_M or len(series.at_m) < 20:
        return Kick(False, f"a run of {course.length_m:.0f} m is too short to tell a kick from it")
    from_m = course.length_m - search_m
    first_m, second_m = _bends(series, from_m)
    kick = _judge(course, series, first_m, second_m)
    if not kick.found:
        return kick
    start_m, sd_m = _start(series, from_m, first_m)
    again = _judge(course, series, start_m, max(second_m, start_m + 2 * GRID_M))
    return replace(again if again.found else kick, start_sd_m=sd_m)


def _search_m(length_m: float) -> float:
    return min(max(LAST_SHARE * length_m, SHORTEST_SEARCH_M), LARGEST_SHARE * length_m)


def _series(course: Course) -> _Series:
    """Means over 10 m of the last part of the race and the 600 m before the search begins."""
    begin_m = max(GRID_M, course.length_m - _search_m(course.length_m) - BEFORE_M)
    edges = np.arange(begin_m, course.length_m + 0.01, GRID_M)
    at_m = (edges[1:] + edges[:-1]) / 2
    return _Series(
        at_m,
        np.interp(at_m, course.distance_m, course.speed_mps),
        np.interp(at_m, course.distance_m, course.cadence_spm),
    )


def _noise(values: Floats) -> float:
    """Robust SD from first differences."""
    spread = float(np.median(np.abs(np.diff(values)))) / 0.954
    return max(spread, 1e-6 * float(np.abs(values).max()))


def _basis(at_m: Floats, bends_m: Floats) -> Floats:
    """(b, n, 2 + bends) level, trend, and what is added after each bend; scaled to 100 m."""
    x = (at_m - at_m[0]) / 100.0
    hinges = np.maximum(at_m[None, :, None] - bends_m[:, None, :], 0.0) / 100.0
    line = np.stack((np.ones_like(x), x), axis=1)
    return np.concatenate((np.broadcast_to(line, (len(bends_m), *line.shape)), hinges), axis=2)


def _misfit(basis: Floats, values: Floats) -> Floats:
    """(b,) residual sum of squares of ``values`` (n,) on each basis."""
    q, _ = np.linalg.qr(basis)
    along = np.einsum("bnk,n->bk", q, values)
    return np.asarray(values @ values - np.einsum("bk,bk->b", along, along))


def _places(series: _Series, from_m: float) -> tuple[Floats, Floats]:
    """Where a rise may begin, and where it may be over."""
    last_m = series.at_m[-1]
    begins = np.arange(from_m, last_m - SHORTEST_KICK_M, GRID_M / 2)
    return begins, np.arange(from_m + 2 * GRID_M, last_m + 1, GRID_M)


def _bends(series: _Series, from_m: float) -> tuple[float, float]:
    """The two bends with the least misfit."""
    first, second = np.meshgrid(*_places(series, from_m), indexing="ij")
    keep = second >= first + 2 * GRID_M
    pairs = np.stack((first[keep], second[keep]), axis=1)
    basis = _basis(series.at_m, pairs)
    speed, cadence = (
        _misfit(basis, (values - values.mean()) / _noise(values))
        for values in (series.speed, series.cadence)
    )
    best = int(np.argmin(speed + cadence))
    return float(pairs[best, 0]), float(pairs[best, 1])


def _start(series: _Series, from_m: float, bend_m: float) -> tuple[float, float]:
    """Where the rise around a bend begins, whatever its shape, with its standard uncertainty."""
    begins, ends = _places(series, from_m)
    known = tuple((values, _noise(values)) for values in (series.speed, series.cadence))
    near = begins[np.abs(begins - bend_m) <= NEAR_M]
    quiet = int(np.searchsorted(series.at_m, from_m))
    start_m, sd_m = rise_start(series.at_m, known, near, ends, quiet)
    return start_m, float(np.hypot(sd_m, GRID_M / 2))


def _judge(course: Course, series: _Series, first_m: float, second_m: float) -> Kick:
    before = series.at_m < first_m
    after = series.at_m >= min(second_m, series.at_m[-1] - SHORTEST_KICK_M / 2)
    if before.sum() < 5 or after.sum() < 2:
        return Kick(False, "too little of the race lies before or after the change of pace")
    v_before, v_kick = float(series.speed[before].mean()), float(series.speed[after].mean())
    se = _noise(series.speed) * float(np.sqrt(1 / before.sum() + 1 / after.sum()))
    trend = np.polyfit(series.at_m[before], series.speed[before], 1)
    expected = float(np.polyval(trend, series.at_m[after]).mean())
    gain = min(v_kick - v_before, v_kick - expected)
    needed = max(LEAST_GAIN_MPS, STANDARD_ERRORS * se, LEAST_GAIN_SHARE * v_before)
    if gain < needed:
        faster = "faster" if v_kick >= v_before else "slower"
        return Kick(
            False,
            f"the last part is {abs(v_kick - v_before):.2f} m/s {faster} than the "
            f"{before.sum() * GRID_M:.0f} m before it; a kick needs {needed:.2f} m/s more than "
            "the pace was heading for",
        )
    cadence_gain = np.log(series.cadence[after].mean() / series.cadence[before].mean())
    start_s = float(course.time_at_s(first_m))
    peak = float(series.speed[series.at_m >= first_m].max())
    last = float(series.speed[series.at_m >= course.length_m - 50.0].mean())
    return Kick(
        True, "", first_m, start_s, np.nan, course.length_m - first_m, course.finish_s - start_s,
        v_before, v_kick, peak, v_kick / v_before - 1.0, se,
        float(cadence_gain / np.log(v_kick / v_before)), max(0.0, 1.0 - last / peak),
    )  # fmt: skip
