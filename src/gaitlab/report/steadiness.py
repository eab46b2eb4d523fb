"""Rows about one runner against himself: left and right, stride to stride, along the way."""

from dataclasses import dataclass
from math import isfinite

from gaitlab.coaching.numbers.select import RUNNING
from gaitlab.metrics.catalog import MISSING_TEXT, Metric, metric
from gaitlab.metrics.drift import Drift, drifts
from gaitlab.metrics.mechanics import circumstances_of
from gaitlab.metrics.scaled import Scaled, scaled_numbers
from gaitlab.metrics.symmetry import FEWEST_PER_FOOT, Symmetry, symmetries
from gaitlab.metrics.variability import Variability, variabilities
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import ACTIVITIES

SIZES = (
    ("peak_force_n", "peak force", 1e-3, "kN", 2),
    ("vertical_stiffness_n_per_m", "vertical stiffness", 1e-3, "kN/m", 1),
    ("leg_stiffness_n_per_m", "leg stiffness", 1e-3, "kN/m", 1),
    ("leg_stiffness_dimensionless", "leg stiffness × leg / weight", 1.0, "", 1),
    ("step_length_in_leg_lengths", "step length", 1.0, "leg lengths", 2),
    ("froude", "Froude number", 1.0, "", 2),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and under it its band, interval or the reason why there is no more."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SteadinessRow:
    """One metric: right against left, stride to stride, change per km."""

    label: str
    sides: Cell
    varies: Cell
    drift: Cell


NO_CELL = Cell(MISSING_TEXT)


def steadiness_rows(analysis: Analysis) -> tuple[tuple[SteadinessRow, ...], str]:
    """Rows of the main activity, and in words why no change along the way is shown, if none is.

    A row without any number and without any reason is left out.
    """
    activity = RUNNING
    code = ACTIVITIES.index(activity)
    sides = {
        item.metric: item for item in symmetries(analysis.summaries, activity, analysis.rates_hz)
    }
    spreads = {item.metric: item for item in variabilities(analysis.contacts, code)}
    changes = {item.metric: item for item in drifts(analysis.contacts, code)}
    told = {name: item for name, item in changes.items() if isfinite(item.per_km)}
    reason = "" if told else next((item.reason for item in changes.values()), "")
    rows = (
        SteadinessRow(
            metric(name).label,
            _side_cell(metric(name), sides.get(name)),
            _varies_cell(metric(name), spreads.get(name)),
            drift_cell(metric(name), told.get(name)),
        )
        for name in dict.fromkeys((*sides, *spreads, *changes))
    )
    return tuple(row for row in rows if {row.sides, row.varies, row.drift} != {NO_CELL}), reason


def _side_cell(item: Metric, found: Symmetry | None) -> Cell:
    if found is None:
        return NO_CELL
    has_size = isfinite(found.band_percent)
    band = f"± {found.band_percent:.1f} %" if has_size else ""
    if found.resolved:
        index = f"{found.index_percent:+.1f} %".replace("-", "−")
        change = f"{_signed(item, found.difference)} {item.unit}"
        return Cell(index if has_size else change, band)
    few = min(found.n_left, found.n_right) < FEWEST_PER_FOOT
    return Cell(MISSING_TEXT, found.reason if few or not band else f"within {band}")


def _varies_cell(item: Metric, found: Variability | None) -> Cell:
    if found is None:
        return NO_CELL
    if not found.resolvable:
        return Cell(MISSING_TEXT, found.reason)
    if isfinite(found.cv_percent):
        return Cell(f"{found.cv_percent:.1f} %", f"n {found.n}")
    return Cell(f"{item.spread_text(found.true_sd)} {item.unit}", f"n {found.n}")


def drift_cell(item: Metric, found: Drift | None) -> Cell:
    """A change per kilometre with its interval, and where it was measured."""
    if found is None:
        return NO_CELL
    between = f"{_signed(item, found.low_per_km)} to {_signed(item, found.high_per_km)}"
    where = f"{between}; {found.distance_m:.0f} m at {found.speed_mps:.1f} m/s"
    note = f"{where}; {found.reason}" if found.reason else where
    return Cell(f"{_signed(item, found.per_km)} {item.unit}", note)


def _signed(item: Metric, value: float) -> str:
    """A change in the reader's unit with its sign, one digit more than the metric has."""
    return f"{value * item.factor:+.{item.decimals + 1}f}".replace("-", "−")


def size_words(analysis: Analysis) -> str:
    """What mass and leg length make of the run, in one sentence; why not where neither is known."""
    athlete = analysis.recording.athlete
    known = circumstances_of(athlete, analysis.recording.setup)
    activity = RUNNING
    items = [
        item for item in analysis.summaries if item.scope == "both" and item.activity == activity
    ]
    numbers = {item.name: item for item in scaled_numbers(items, known)}
    told = [
        _size_text(label, numbers[name], factor, unit, decimals)
        for name, label, factor, unit, decimals in SIZES
        if isfinite(numbers[name].value)
    ]
    if not told:
        return ""
    mass = f"{known.mass_kg:.0f} kg" if known.mass_kg is not None else ""
    guessed = "" if athlete.leg_length_m is not None else ", 0.53 of the height"
    leg = f"a leg of {known.leg_length_m:.2f} m{guessed}" if known.leg_length_m else ""
    return f"With {' and '.join(word for word in (mass, leg) if word)}: {', '.join(told)}."


def _size_text(label: str, number: Scaled, factor: float, unit: str, decimals: int) -> str:
    value, sd = factor * number.value, factor * number.uncertainty
    text = f"{label} {value:.{decimals}f} ± {sd:.{decimals}f}"
    return f"{text} {unit}" if unit else text
