"""Numbers for the figures: points per foot, thinned, and medians along an axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from gaitlab.coaching.comparison.reference import ReferenceValue
from gaitlab.metrics.catalog import metric
from gaitlab.model.gait import Contacts
from gaitlab.model.units import SECONDS_PER_MINUTE, Codes, Floats, Ints
from gaitlab.report.style import FOOT_LOOKS, Look

MOST_POINTS: Final = 1200  # drawn per foot and panel; more only makes the page heavy
NARROW_POINTS: Final = 500
LONG_RUN_S = 180.0  # from here the time axis is in minutes
FEWEST_IN_BIN = 5
FEWEST_IN_WINDOW = 9
PAUSE = 8.0  # usual steps without a contact: the runner stood, or data are missing
MOST_BINS_BRIDGED = 2  # a line over a wider hole would show what nobody measured


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Points of one kind, in the units of the axes.

    total : contacts they stand for (more than drawn when thinned)
    """

    look: Look
    x: Floats
    y: Floats
    total: int


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Seconds for a sprint, minutes for a run."""

    factor: float
    label: str


def time_axis(contacts: Contacts) -> TimeAxis:
    """The unit in which the time of these contacts is shown."""
    return axis_of(float(np.ptp(contacts.ic_time_s)) if len(contacts) else 0.0)


def axis_of(span_s: float) -> TimeAxis:
    """The unit in which a time of that length is shown."""
    if span_s > LONG_RUN_S:
        return TimeAxis(1 / SECONDS_PER_MINUTE, "time in the recording [min]")
    return TimeAxis(1.0, "time in the recording [s]")


def thinned(n: int, most: int) -> Ints:
    """Indices of at most ``most`` of ``n`` points, evenly spread, first and last kept.

    >>> thinned(5, 3).tolist()
    [0, 2, 4]
    """
    if n <= most:
        return np.arange(n)
    return np.unique(np.linspace(0, n - 1, most).round().astype(np.int64))


def shown(contacts: Contacts, name: str) -> Floats:
    """(k,) one metric in the unit of its axis."""
    item = metric(name)
    return np.asarray(getattr(contacts, name) * item.factor, dtype=np.float64)


def by_foot(
    contacts: Contacts, x: Floats, y: Floats, most: int = MOST_POINTS
) -> tuple[Series, ...]:
    """One series per foot that has points; pairs with NaN are left out.

    Parameters
    ----------
    x, y : (k,) in the units of the axes
    most : points drawn per foot at most
    """
    known = np.isfinite(x) & np.isfinite(y)
    series = []
    for code, look in enumerate(FOOT_LOOKS):
        index = np.flatnonzero(known & (contacts.foot == code))
        if len(index):
            pick = index[thinned(len(index), most)]
            series.append(Series(look, x[pick], y[pick], len(index)))
    return tuple(series)


def medians_along(x: Floats, y: Floats, width: float) -> tuple[Floats, Floats]:
    """Medians of ``y`` in bins of ``x`` that hold at least five points, as (bins,) pairs."""
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if not len(x):
        return np.empty(0), np.empty(0)
    bins = np.floor(x / width).astype(np.int64)
    order = np.argsort(bins, kind="stable")
    names, starts = np.unique(bins[order], return_index=True)
    groups = np.split(y[order], starts[1:])
    enough = np.array([len(group) >= FEWEST_IN_BIN for group in groups])
    middles = np.array([np.median(group) for group in groups])
    return _broken_at_holes(names[enough], middles[enough], width)


def _broken_at_holes(bins: Ints, middles: Floats, width: float) -> tuple[Floats, Floats]:
    """Centres and medians, with NaN between bins that are not neighbours."""
    holes = np.flatnonzero(np.diff(bins) > MOST_BINS_BRIDGED) + 1
    centres = np.insert((bins + 0.5) * width, holes, np.nan)
    return centres, np.insert(middles, holes, np.nan)


def smoothed(x: Floats, y: Floats, most: int = 120) -> tuple[Floats, Floats]:
    """The line through a cloud: medians of neighbouring points, as pairs; empty for too few.

    At least nine points a median, more for a long recording so that about ``most`` of them
    do not overlap. Over a pause (eight times the usual step in ``x``) there is NaN, no line.
    """
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    width = max(FEWEST_IN_WINDOW, len(x) // most) | 1
    if len(x) < width:
        return np.empty(0), np.empty(0)
    step = max(1, width // 3)
    across = sliding_window_view(x, width)[::step]
    middles = np.median(sliding_window_view(y, width)[::step], axis=1)
    paused = np.diff(across, axis=1).max(axis=1) > PAUSE * float(np.median(np.diff(x)))
    return np.where(paused, np.nan, across[:, width // 2]), np.where(paused, np.nan, middles)


def feet_together(foot: Codes, values: Floats) -> Floats:
    """(k,) values with the difference between the feet taken out, about their common median.

    A running median over both feet would jump from one foot's level to the other's.

    >>> feet_together(np.array([0, 1, 0, 1]), np.array([1.0, 5.0, 2.0, 6.0])).tolist()
    [3.0, 3.0, 4.0, 4.0]
    """
    known = np.isfinite(values)
    if not known.any():
        return values
    together = np.array(values)
    for code in np.unique(foot[known]):  # two feet at most
        mine = known & (foot == code)
        together[mine] -= np.median(values[mine])
    return together + float(np.median(values[known]))


def symmetric_limit(values: Floats, *, at_least: float = 15.0, step: float = 5.0) -> float:
    """Half-width of an axis about zero that holds nearly all ``values`` (0.2 % may lie outside).

    >>> symmetric_limit(np.array([-3.0, 17.0]))
    20.0
    """
    known = np.abs(values[np.isfinite(values)])
    largest = float(np.percentile(known, 99.8)) if len(known) else 0.0
    return float(max(at_least, step * np.ceil(largest / step)))


def speed_limits(speeds_mps: Floats, published: Sequence[ReferenceValue]) -> tuple[float, float]:
    """Limits of a speed axis that holds the runners and every published value."""
    known = speeds_mps[np.isfinite(speeds_mps)]
    own = np.percentile(known, [0.2, 99.8]) if len(known) else np.empty(0)
    others = np.array([row.speed_mps for row in published if row.speed_mps is not None])
    both = np.concatenate((own, others))
    if not len(both):
        return 2.0, 13.0
    return max(0.0, float(np.floor(both.min() - 0.3))), float(np.ceil(both.max() + 0.3))


def value_top(values: Floats, published: Sequence[ReferenceValue], factor: float) -> float:
    """Top of an axis that starts at zero and holds nearly all values and the published ones."""
    known = values[np.isfinite(values)]
    tops = [float(np.percentile(known, 99.8))] if len(known) else []
    tops += [(row.mean + (row.sd or 0.0)) * factor for row in published]
    return 1.08 * max(tops, default=1.0)


def close_limits(values: Floats, at_least: float) -> tuple[float, float] | None:
    """Limits about nearly all values, never closer than ``at_least`` so that noise stays small."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, high = (float(edge) for edge in np.percentile(known, [1.5, 98.5]))
    half = max(0.6 * (high - low), 0.5 * at_least)
    return (low + high) / 2 - half, (low + high) / 2 + half


def distribution(values: Floats, limit: float, width: float = 1.0) -> tuple[Floats, Floats]:
    """Percent of ``values`` in bins of ``width`` from -limit to +limit; the edges."""
    edges = np.arange(-limit, limit + width / 2, width)
    known = values[np.isfinite(values)]
    counts, edges = np.histogram(np.clip(known, -limit, limit), edges)
    return 100.0 * counts / max(1, len(known)), edges.astype(np.float64)
