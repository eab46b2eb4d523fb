"""Repetitions of a flying sprint beside each other, and the speed of each along its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.style import BANDS, FOOT_LOOKS, INK, MUTED, PAPER, Look, athlete_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DASHES: Final = ("-", "--", "-.", ":")
SLOWEST_SHOWN: Final = 0.6  # of the top speed
MOST_TRACES: Final = 6  # one colour each
REP_LOOK: Final = Look(athlete_colour(0), "o", True, "")


@dataclass(frozen=True, slots=True, eq=False)
class RepMetric:
    """One metric of every repetition, in the unit of its axis.

    series : (look, values (n,), half-width of the bar (n,)) for each foot, or one for both
    best : index of the repetition to set apart, None for none
    """

    label: str
    series: tuple[tuple[Look, Floats, Floats], ...]
    decimals: int
    best: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RepTrace:
    """Speed of one repetition: (n,) distance from the entry of the zone, and speed."""

    label: str
    at_m: Floats
    speed_mps: Floats


def draw_reps(ax: "Axes", item: RepMetric) -> "Axes":
    """A metric of every repetition, a dot with a bar each; the numbers written beside them."""
    ax.set_title(item.label, pad=4)
    known = any(np.isfinite(values).any() for _, values, _ in item.series)
    if not known:
        return say_missing(ax, "not measured")
    several = len(item.series) > 1
    for place, (look, values, bars) in enumerate(item.series):
        across = np.arange(1, len(values) + 1) + (0.16 * (2 * place - 1) if several else 0.0)
        ax.errorbar(
            across, values, np.nan_to_num(bars), fmt=look.marker, color=look.colour, markersize=5,
            elinewidth=1.2, label=look.label, zorder=3,
        )  # fmt: skip
        if not several:
            _write_values(ax, across.tolist(), values.tolist(), item)
    ax.set_xlim(0.4, len(item.series[0][1]) + 0.75)
    ax.set_ylim(*_room(item))
    ax.set_xticks(np.arange(1, len(item.series[0][1]) + 1))
    ax.grid(visible=False, axis="x")
    return ax


def _room(item: RepMetric) -> tuple[float, float]:
    """Limits that hold every bar with some room, never closer than 4 % of the middle."""
    low = min(float(np.nanmin(v - np.nan_to_num(bar))) for _, v, bar in item.series)
    high = max(float(np.nanmax(v + np.nan_to_num(bar))) for _, v, bar in item.series)
    half = max(0.62 * (high - low), 0.02 * abs(high + low) / 2)
    legend = 0.5 * half if len(item.series) > 1 else 0.0
    return (low + high) / 2 - half, (low + high) / 2 + half + legend


def _write_values(
    ax: "Axes", across: Sequence[float], values: Sequence[float], item: RepMetric
) -> None:
    for place, (x, y) in enumerate(zip(across, values, strict=True)):
        if np.isfinite(y):
            bold = "bold" if place == item.best else "normal"
            ax.annotate(
                f"{y:.{item.decimals}f}", (x, y), (5.0, 0.0), textcoords="offset points",
                va="center", fontsize=8.5, fontweight=bold, color=INK, zorder=4,
                bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.7, "pad": 0.5},
            )  # fmt: skip


def figure_reps(items: Sequence[RepMetric], columns: int, size_in: tuple[float, float]) -> "Figure":
    """One small panel a metric, repetitions from left to right."""
    figure = sheet(*size_in)
    lines = -(-len(items) // columns)
    axes = figure.subplots(lines, columns, squeeze=False, sharex=True).ravel()
    for ax, item in zip(axes, items, strict=False):
        draw_reps(ax, item)
    for ax in axes[len(items) :]:
        ax.set_axis_off()
    for ax in axes[max(0, len(items) - columns) : len(items)]:
        ax.set_xlabel("repetition")
        ax.tick_params(labelbottom=True)
    feet = next((ax for ax, item in zip(axes, items, strict=False) if len(item.series) > 1), None)
    if feet is not None:
        feet.legend(loc="upper right", ncols=2, handletextpad=0.2, columnspacing=0.8,
                    borderaxespad=0.0)  # fmt: skip
    return figure


def draw_traces(ax: "Axes", traces: Sequence[RepTrace], zone_m: float) -> "Axes":
    """Speed of the first repetitions along their way, the timed zone shaded."""
    ax.set(xlabel="distance from the entry of the zone [m]", ylabel="speed [m/s]")
    if not traces:
        return say_missing(ax, "no speeds along the way")
    ax.axvspan(0.0, zone_m, facecolor=BANDS[2], edgecolor="none", zorder=0, label="timed zone")
    for place, one in enumerate(traces[:MOST_TRACES]):
        ax.plot(
            one.at_m, one.speed_mps, color=athlete_colour(place), linewidth=1.6, marker="o",
            markersize=2.8, linestyle=DASHES[place % len(DASHES)], label=one.label, zorder=3,
        )  # fmt: skip
    ax.set_ylim(bottom=SLOWEST_SHOWN * max(float(one.speed_mps.max()) for one in traces))
    ax.text(
        zone_m / 2, 0.01, "timed zone", transform=ax.get_xaxis_transform(), ha="center",
        va="bottom", fontsize=8.5, color=MUTED,
    )  # fmt: skip
    return ax


def figure_traces(
    traces: Sequence[RepTrace], zone_m: float, size_in: tuple[float, float]
) -> "Figure":
    """The speeds of all repetitions in one plot, named below it."""
    figure = sheet(*size_in)
    ax = draw_traces(figure.subplots(), traces, zone_m)
    handles, names = ax.get_legend_handles_labels()
    pairs = [pair for pair in zip(handles, names, strict=True) if pair[1] != "timed zone"]
    if pairs:
        figure.legend(*zip(*pairs, strict=True), loc="outside lower left", ncols=3)
    return figure


def feet_of(left: Floats, right: Floats) -> tuple[tuple[Look, Floats, Floats], ...]:
    """A series for each foot that has a value; no bars."""
    pairs = ((FOOT_LOOKS[0], left), (FOOT_LOOKS[1], right))
    return tuple(
        (look, values, np.full(len(values), np.nan))
        for look, values in pairs
        if np.isfinite(values).any()
    )
