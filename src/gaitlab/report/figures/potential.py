"""Chances over goal times, intervals over events, and speed over duration."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.potential.race_events import time_text
from gaitlab.model.units import Floats, pace_text
from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.sheets.potential_words import chance_text
from gaitlab.report.style import (
    INK,
    MUTED,
    PAPER,
    REFERENCE_MID,
    REFERENCE_PALE,
    athlete_colour,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OWN: Final = athlete_colour(0)
SECOND: Final = athlete_colour(1)
DURATIONS_S: Final = (10, 20, 60, 120, 240, 480, 900, 1800, 3600, 7200, 14400)
LEGEND_LETTERS: Final = 50
BOX: Final = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.8}


@dataclass(frozen=True, slots=True, eq=False)
class ChanceCurve:
    """Chance against goal time, beside the base rate of the group.

    goal_s, base : (k,);  chance : (k,), empty when there is no forecast
    mark_s : the goal that was asked for, NaN for none;  group : name and n of the group
    """

    goal_s: Floats
    chance: Floats
    base: Floats
    mark_s: float
    group: str


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One event: speeds at the ends of the intervals, m/s, the fast end last.

    own_mps : the athlete's own best, NaN for none;  group_mps : 80 % of the group
    forecast : False when only the group is shown;  text : times in words
    """

    event: str
    most_mps: tuple[float, float]
    half_mps: tuple[float, float]
    median_mps: float
    own_mps: float
    group_mps: tuple[float, float]
    forecast: bool
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Durations:
    """Speed over duration: the athlete's points and the lines through them.

    races, forecasts : (duration s, speed m/s, name); a forecast also has its 80 % range of speed
    top_mps : top speed of a sprint test, NaN for none
    line_s, line_mps, band_mps : the usual loss with duration, and its quartiles (2, k)
    curve_s, curve_mps : the two-speed curve, empty without a top speed
    """

    races: tuple[tuple[float, float, str], ...]
    forecasts: tuple[tuple[float, float, str, float, float], ...]
    top_mps: float
    line_s: Floats
    line_mps: Floats
    band_mps: Floats
    curve_s: Floats
    curve_mps: Floats


def draw_chance(ax: "Axes", curve: ChanceCurve) -> "Axes":
    """Both curves over the goal time; the goal marked with both rates."""
    ax.set(ylabel="share that reaches it [%]", ylim=(0.0, 100.0), xlabel="goal time")
    ax.plot(
        curve.goal_s, 100.0 * curve.base, color=REFERENCE_MID, linestyle="--", linewidth=1.8,
        label=fill(f"base rate: {curve.group}", LEGEND_LETTERS),
    )  # fmt: skip
    if len(curve.chance):
        ax.plot(
            curve.goal_s, 100.0 * curve.chance, color=OWN, linewidth=2.4, label="with these times"
        )
    _time_axis(ax, curve.goal_s)
    if np.isfinite(curve.mark_s):
        _mark_goal(ax, curve)
    return ax


def _mark_goal(ax: "Axes", curve: ChanceCurve) -> None:
    """The goal as a line, and above it both shares in words: a chance beside its base rate."""
    ax.axvline(curve.mark_s, color=MUTED, linewidth=1.0, linestyle=":")
    shares = []
    for values, colour in ((curve.chance, OWN), (curve.base, REFERENCE_MID)):
        if len(values):
            share = float(np.interp(curve.mark_s, curve.goal_s, values))
            ax.plot([curve.mark_s], [100.0 * share], "o", color=colour, markersize=6, zorder=4)
            shares.append(chance_text(share))
    chance = f"{shares[0]}, " if len(shares) > 1 else ""
    place = (curve.mark_s - curve.goal_s[0]) / (curve.goal_s[-1] - curve.goal_s[0])
    side = "left" if place < 0.35 else "right" if place > 0.65 else "center"
    ax.annotate(
        f"goal {time_text(curve.mark_s)}: {chance}base rate {shares[-1]}",
        (curve.mark_s, 1.0), (0.0, 4.0), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha=side, va="bottom", color=INK, fontweight="bold",
    )  # fmt: skip


def _time_axis(ax: "Axes", goal_s: Floats) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    short = goal_s[-1] < 150.0
    steps = [1, 2, 5, 10] if goal_s[-1] - goal_s[0] < 30.0 else [1, 1.5, 3, 6, 10]
    ax.set_xlim(goal_s[0], goal_s[-1])
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=steps))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: time_text(value, 1 if short and value % 1 else 0))
    )


def figure_chance(curve: ChanceCurve, size_in: tuple[float, float]) -> "Figure":
    """The chance curve with its legend below."""
    figure = sheet(*size_in)
    ax = draw_chance(figure.subplots(), curve)
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower left", ncols=1)
    return figure


def draw_ladder(ax: "Axes", rows: Sequence[LadderRow]) -> "Axes":
    """One rung per event: 50 and 80 % interval, median, the athlete's own best, the group."""
    if not rows:
        return say_missing(ax, "no event can be forecast from these times")
    for place, row in enumerate(rows):
        _draw_rung(ax, float(place), row)
    ax.set_yticks(range(len(rows)), [row.event for row in rows])
    ax.tick_params(axis="y", labelcolor=INK)
    ax.set_ylim(len(rows) - 0.5, -0.75)
    ax.set_xlabel("mean pace of the race [min/km], faster to the right")
    ends = [speed for row in rows for speed in (*row.most_mps, *row.group_mps)]
    _pace_axis(ax, min(ends), max(ends))
    ax.grid(visible=False, axis="y")
    return ax


def _pace_axis(ax: "Axes", slowest_mps: float, fastest_mps: float) -> None:
    """Ticks at whole quarter, half or full minutes per kilometre, about five of them."""
    from matplotlib.ticker import FixedLocator, FuncFormatter

    low, high = 1000.0 / fastest_mps, 1000.0 / slowest_mps
    step = next(one for one in (10.0, 15.0, 30.0, 60.0, 120.0) if (high - low) / one <= 6.0)
    paces = np.arange(np.ceil(low / step), high / step + 1e-9) * step
    ax.xaxis.set_major_locator(FixedLocator((1000.0 / paces).tolist()))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: pace_text(value)))


def _draw_rung(ax: "Axes", place: float, row: LadderRow) -> None:
    ax.plot(row.group_mps, [place + 0.2] * 2, color=REFERENCE_PALE, linewidth=3.0, alpha=0.6,
            solid_capstyle="butt")  # fmt: skip
    if row.forecast:
        ax.plot(row.most_mps, [place] * 2, color=OWN, linewidth=2.0, solid_capstyle="butt")
        ax.plot(row.half_mps, [place] * 2, color=OWN, linewidth=6.5, solid_capstyle="butt")
        ax.plot([row.median_mps], [place], "|", color=PAPER, markersize=9, markeredgewidth=1.8)
    if np.isfinite(row.own_mps):
        ax.plot([row.own_mps], [place], "D", color=SECOND, markersize=6, zorder=5)
    ax.annotate(
        row.text, (0.005, place - 0.28), xycoords=("axes fraction", "data"), fontsize=8.0,
        va="center", color=INK if row.forecast else MUTED, bbox=BOX, zorder=4,
    )  # fmt: skip


def figure_ladder(rows: Sequence[LadderRow], size_in: tuple[float, float]) -> "Figure":
    """The ladder with what its marks mean."""
    from matplotlib.lines import Line2D

    figure = sheet(*size_in)
    draw_ladder(figure.subplots(), rows)
    handles = [
        Line2D([], [], color=OWN, linewidth=6.5, label="50 %"),
        Line2D([], [], color=OWN, linewidth=2.0, label="80 % of such athletes"),
        Line2D([], [], color=REFERENCE_PALE, linewidth=3.0, alpha=0.6, label="80 % of the group"),
    ]
    if any(np.isfinite(row.own_mps) for row in rows):
        handles.append(Line2D([], [], color=SECOND, marker="D", linestyle="none", label="own best"))
    figure.legend(handles=handles, loc="outside lower left", ncols=2)
    return figure


def draw_durations(ax: "Axes", item: Durations) -> "Axes":
    """Speed over duration on a logarithmic axis: races, forecasts, top speed, the two curves."""
    ax.set_xscale("log")
    ax.set(xlabel="duration", ylabel="speed [m/s]")
    if len(item.line_s):
        ax.fill_between(item.line_s, *item.band_mps, color=REFERENCE_PALE, alpha=0.3, linewidth=0.0)
        ax.plot(item.line_s, item.line_mps, color=REFERENCE_MID, linewidth=1.4,
                label="usual loss with duration (half of runners shaded)")  # fmt: skip
    if len(item.curve_s):
        ax.plot(item.curve_s, item.curve_mps, color=OWN, linestyle="--", linewidth=1.6,
                label="two-speed curve from top and aerobic speed")  # fmt: skip
    if np.isfinite(item.top_mps):
        ax.axhline(item.top_mps, color=SECOND, linewidth=1.2, linestyle=":",
                   label=f"top speed {item.top_mps:.2f} m/s (sprint test)")  # fmt: skip
    for duration, _, _, low, high in item.forecasts:
        ax.plot([duration] * 2, [low, high], color=OWN, linewidth=1.6, zorder=3)
    _points(ax, [one[:3] for one in item.forecasts], filled=False, label="forecast, 80 %")
    _points(ax, item.races, filled=True, label="own best times (race averages)")
    _duration_axis(ax)
    return ax


def _points(
    ax: "Axes", points: Sequence[tuple[float, float, str]], *, filled: bool, label: str
) -> None:
    if not points:
        return
    ax.plot(
        [p[0] for p in points], [p[1] for p in points], linestyle="none",
        marker="D" if filled else "o", color=SECOND if filled else OWN,
        markerfacecolor=SECOND if filled else PAPER, markersize=6, label=label, zorder=4,
    )  # fmt: skip
    for duration, speed, name in points:
        ax.annotate(
            name, (duration, speed), (7.0, 5.0), textcoords="offset points", fontsize=8.0,
            color=INK, zorder=5,
        )  # fmt: skip


def _duration_axis(ax: "Axes") -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    low, high = ax.get_xlim()
    narrow = ax.figure.get_window_extent().width < 6.0 * ax.figure.dpi
    places = (10, 60, 240, 900, 3600, 14400) if narrow else DURATIONS_S
    ax.xaxis.set_major_locator(FixedLocator([t for t in places if low <= t <= high]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _duration_text(value)))
    ax.set_xlim(low, high * 1.25)


def _duration_text(seconds: float) -> str:
    if seconds < 60.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 3600.0 else f"{seconds / 3600.0:.0f} h"


def figure_durations(item: Durations, size_in: tuple[float, float]) -> "Figure":
    """The curve with its legend below."""
    figure = sheet(*size_in)
    ax = draw_durations(figure.subplots(), item)
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower left", ncols=1)
    return figure
