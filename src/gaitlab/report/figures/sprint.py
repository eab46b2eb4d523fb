"""The speed of a sprint along the track: what was timed, and the curve through it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import say_missing, sheet, shortened
from gaitlab.report.style import INK, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DASHES: Final = ("-", "--", "-.")  # sprints differ by more than their colour


@dataclass(frozen=True, slots=True, eq=False)
class SpeedCurve:
    """One sprint.

    edges_m, part_mps : (n + 1,), (n,) parts between timed distances and their mean speed
    times_s : (n,) time at the end of every part
    distance_m, speed_mps, band_mps : (m,) the fitted curve; m = 0 without one
    v_max_mps : NaN without a curve
    strides_m, strides_mps : (s,) single strides, where a recording measured them
    """

    label: str
    colour: str
    edges_m: Floats
    part_mps: Floats
    times_s: Floats
    distance_m: Floats
    speed_mps: Floats
    band_mps: Floats
    v_max_mps: float
    strides_m: Floats = field(default_factory=lambda: np.empty(0))
    strides_mps: Floats = field(default_factory=lambda: np.empty(0))


def draw_sprints(ax: "Axes", curves: Sequence[SpeedCurve]) -> "Axes":
    """Speed over distance; a single sprint also shows its times and its top speed."""
    ax.set(xlabel="distance [m]", ylabel="speed [m/s]")
    if not curves:
        return say_missing(ax, "No sprint.")
    for place, curve in enumerate(curves):
        _draw_parts(ax, curve)
        _draw_curve(ax, curve, DASHES[place % len(DASHES)])
        _draw_strides(ax, curve)
    fastest = max(_highest(curve) for curve in curves)
    end = max(float(curve.edges_m[-1]) for curve in curves)
    ax.set_ylim(0.0, 1.18 * fastest)
    ax.set_xlim(0.0, end * 1.04)
    if len(curves) == 1:
        _write_times(ax, curves[0])
        _draw_top_speed(ax, curves[0], end)
    return ax


def _highest(curve: SpeedCurve) -> float:
    every = [*curve.part_mps, *curve.speed_mps, *curve.strides_mps, curve.v_max_mps]
    return float(np.nanmax(every))


def _draw_parts(ax: "Axes", curve: SpeedCurve) -> None:
    """Mean speed of each part, as long as the part."""
    ax.hlines(
        curve.part_mps, curve.edges_m[:-1], curve.edges_m[1:], color=curve.colour, linewidth=5,
        alpha=0.35, label="mean of each part", zorder=2,
    )  # fmt: skip


def _draw_curve(ax: "Axes", curve: SpeedCurve, dash: str) -> None:
    if len(curve.distance_m) == 0:
        return
    low, high = curve.speed_mps - curve.band_mps, curve.speed_mps + curve.band_mps
    ax.fill_between(
        curve.distance_m, np.maximum(low, 0.0), high, color=curve.colour, alpha=0.15, linewidth=0,
        label="95 % of the curve", zorder=1,
    )  # fmt: skip
    ax.plot(
        curve.distance_m, curve.speed_mps, color=curve.colour, linewidth=2.0,
        linestyle=dash, label="fitted curve", zorder=3,
    )  # fmt: skip


def _draw_strides(ax: "Axes", curve: SpeedCurve) -> None:
    if len(curve.strides_m):
        ax.plot(
            curve.strides_m, curve.strides_mps, "o", color=INK, markersize=3.2, alpha=0.7,
            label="single strides", zorder=4,
        )  # fmt: skip


def _write_times(ax: "Axes", curve: SpeedCurve) -> None:
    """The time at every timed distance, at its line, along the bottom."""
    crowded = len(curve.times_s) > 8
    for place, time in zip(curve.edges_m[1:], curve.times_s, strict=True):
        ax.axvline(float(place), color=MUTED, linewidth=0.8, linestyle=":", zorder=1)
        ax.text(
            float(place), 0.02, f"{time:.2f} s", transform=ax.get_xaxis_transform(), ha="right",
            va="bottom", fontsize=8.5, color=INK, rotation=90 if crowded else 0, zorder=4,
            bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.7, "pad": 0.8},
        )  # fmt: skip


def _draw_top_speed(ax: "Axes", curve: SpeedCurve, end_m: float) -> None:
    if not np.isfinite(curve.v_max_mps):
        return
    ax.axhline(curve.v_max_mps, color=curve.colour, linewidth=1.0, linestyle="--", zorder=1)
    ax.annotate(
        f"top speed V {curve.v_max_mps:.2f} m/s", (0.02 * end_m, curve.v_max_mps), (0.0, 4.0),
        textcoords="offset points", ha="left", va="bottom", fontsize=9.0, color=INK, zorder=4,
        bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
    )  # fmt: skip


def figure_sprints(curves: Sequence[SpeedCurve], size_in: tuple[float, float]) -> "Figure":
    """All sprints in one plot, named below it."""
    from matplotlib.lines import Line2D

    figure = sheet(*size_in)
    ax = draw_sprints(figure.subplots(), curves)
    handles, names = ax.get_legend_handles_labels()
    if len(curves) > 1:
        handles = [
            Line2D([], [], color=curve.colour, linewidth=2.0, linestyle=DASHES[place % len(DASHES)])
            for place, curve in enumerate(curves)
        ]
        names = [shortened(curve.label, 24) for curve in curves]
    figure.legend(handles, names, loc="outside lower left", ncols=2 if len(handles) == 4 else 3)
    return figure
