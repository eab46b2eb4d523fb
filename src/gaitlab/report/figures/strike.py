"""How the foot lands: angle over time with its distribution, shares of the classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import (
    CLASS_NAMES,
    draw_bands,
    draw_points,
    foot_legend,
    name_bands,
    sheet,
)
from gaitlab.report.points import Series
from gaitlab.report.style import INK, MUTED, PAPER, STRIKE_FILLS, STRIKE_LETTERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ANGLE_LABEL = "strike angle [°]"


@dataclass(frozen=True, slots=True, eq=False)
class FootAngles:
    """Strike angles of one foot.

    series : angle in degrees over the time axis
    counts, edges_deg : (m,), (m + 1,) distribution of all its contacts, in percent
    """

    series: Series
    counts: Floats
    edges_deg: Floats


@dataclass(frozen=True, slots=True)
class Shares:
    """Percent of rearfoot, midfoot, forefoot; they may leave a rest that nobody classified."""

    label: str
    percent: tuple[float, float, float]
    n: int
    published: bool = False


def draw_angle_over_time(ax: "Axes", series: Sequence[Series], limit_deg: float) -> "Axes":
    """Strike angle of every contact over time, class bands behind, symmetric about zero."""
    draw_bands(ax, limit_deg)
    draw_points(ax, series, size=3.0)
    name_bands(ax, limit_deg)
    ax.set(ylabel=ANGLE_LABEL, ylim=(-limit_deg, limit_deg))
    return ax


def draw_distribution(ax: "Axes", foot: FootAngles, limit_deg: float) -> "Axes":
    """Share of contacts at each angle, lying on its side beside the plot over time."""
    draw_bands(ax, limit_deg)
    ax.stairs(
        foot.counts, foot.edges_deg, orientation="horizontal", fill=True,
        color=foot.series.look.colour, alpha=0.75, zorder=3,
    )  # fmt: skip
    ax.set(ylim=(-limit_deg, limit_deg), xlim=(0, None))
    ax.tick_params(labelleft=False, length=0)
    ax.grid(False)
    return ax


def figure_strike_over_time(
    feet: Sequence[FootAngles], time_label: str, limit_deg: float, size_in: tuple[float, float]
) -> "Figure":
    """One row per foot: every contact over time, and the distribution at the right edge."""
    figure = sheet(*size_in)
    grid = figure.subplots(
        len(feet), 2, sharex="col", sharey=True, squeeze=False,
        gridspec_kw={"width_ratios": (6, 1)},
    )  # fmt: skip
    for (ax, edge), foot in zip(grid, feet, strict=True):
        draw_angle_over_time(ax, (foot.series,), limit_deg)
        foot_legend(ax, (foot.series,))
        draw_distribution(edge, foot, limit_deg)
    grid[-1, 0].set_xlabel(time_label)
    grid[-1, 0].margins(x=0.01)
    grid[-1, 1].set_xlabel("% of\ncontacts")
    return figure


def draw_shares(ax: "Axes", rows: Sequence[Shares]) -> "Axes":
    """Stacked bars: forefoot, midfoot, heel; every part with its percentage."""
    places = np.arange(len(rows))[::-1]
    left = np.zeros(len(rows))
    for code in (2, 1, 0):
        part = np.array([row.percent[code] for row in rows])
        bars = ax.barh(
            places, part, left=left, height=0.68, color=STRIKE_FILLS[code], edgecolor=PAPER,
            linewidth=0.8, label=CLASS_NAMES[code],
        )  # fmt: skip
        letters = [f"{value:.0f} %" if value >= 9 else "" for value in part]
        ax.bar_label(bars, letters, label_type="center", color=STRIKE_LETTERS[code], fontsize=8.5)
        left += part
    ax.set(xlim=(0, 100), xlabel="share of contacts [%]")
    ax.set_yticks(places, [f"{row.label}\nn {row.n}" for row in rows])
    for label, row in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_color(MUTED if row.published else INK)
    ax.tick_params(axis="y", length=0)
    ax.grid(False)
    ax.legend(
        loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, handlelength=1.0,
        columnspacing=1.2, borderaxespad=0.1,
    )  # fmt: skip
    return ax


def figure_shares(rows: Sequence[Shares], size_in: tuple[float, float]) -> "Figure":
    """The stacked bars on their own sheet."""
    figure = sheet(*size_in)
    draw_shares(figure.subplots(), rows)
    return figure
