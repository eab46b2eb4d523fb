"""Runners beside each other: equal axes, one colour each, the numbers at the same speed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.coaching.compare import Row
from gaitlab.model.units import Floats
from gaitlab.report.figures.base import draw_bands, sheet, shortened
from gaitlab.report.figures.speed import AgainstSpeed, draw_against_speed, legend_handles
from gaitlab.report.style import GROUP_LOOKS, MUTED, athlete_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, eq=False)
class Angles:
    """Distribution of the strike angles of one runner.

    percent, edges_deg : (m,), (m + 1,) share of contacts in each bin
    """

    label: str
    colour: str
    percent: Floats
    edges_deg: Floats
    n: int


def draw_row(ax: "Axes", row: Row) -> "Axes":
    """One metric: every runner's value, thick the spread of contacts, thin the uncertainty."""
    factor = row.metric.factor
    for place, value in enumerate(row.values):
        colour = athlete_colour(place)
        if not np.isfinite(value.value):
            ax.text(0.02, -place, "no value at this speed", transform=ax.get_yaxis_transform(),
                    va="center", fontsize=7.5, color=MUTED)  # fmt: skip
            continue
        centre = value.value * factor
        ax.errorbar(
            centre, -place, xerr=value.spread * factor, fmt="none", ecolor=colour, alpha=0.35,
            elinewidth=7, zorder=2,
        )  # fmt: skip
        ax.errorbar(
            centre, -place, xerr=2 * value.uncertainty * factor, fmt="o", color=colour,
            markersize=6, elinewidth=1.4, capsize=3, zorder=3, label=value.label,
        )  # fmt: skip
    below = -len(row.values)
    for item in row.reference_at_this_speed():
        look = GROUP_LOOKS[item.group]
        sd = None if item.sd is None else item.sd * factor
        ax.errorbar(
            item.mean * factor, below, xerr=sd, fmt=look.marker, color=look.colour, markersize=5,
            markerfacecolor=look.colour if look.filled else "none", elinewidth=1.2, capsize=2.5,
        )  # fmt: skip
    room = 0.6 if row.reference_at_this_speed() else -0.4
    ax.set_ylim(below - room, 0.6)
    names = [shortened(value.label, 18) for value in row.values]
    colours = [athlete_colour(place) for place in range(len(names))]
    if row.reference_at_this_speed():
        names, colours = [*names, "published"], [*colours, MUTED]
    ax.set_yticks(-np.arange(len(names)), names)
    for letter, colour in zip(ax.get_yticklabels(), colours, strict=True):
        letter.set_color(colour)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(row.metric.axis_label)
    ax.margins(x=0.15)
    ax.grid(False, axis="y")
    return ax


def figure_rows(rows: Sequence[Row], columns: int, size_in: tuple[float, float]) -> "Figure":
    """One small axis per metric."""
    figure = sheet(*size_in)
    lines = -(-len(rows) // columns)
    axes = figure.subplots(lines, columns, squeeze=False, sharey=False).ravel()
    for ax, row in zip(axes, rows, strict=False):
        draw_row(ax, row)
    for ax in axes[len(rows) :]:
        ax.set_axis_off()
    return figure


def figure_multiples(
    panels: Sequence[AgainstSpeed], columns: int, size_in: tuple[float, float]
) -> "Figure":
    """One panel per runner, all with the same axes; runners are named in their colour."""
    figure = sheet(*size_in)
    lines = -(-len(panels) // columns)
    axes = figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True).ravel()
    for ax, panel in zip(axes, panels, strict=False):
        draw_against_speed(ax, panel)
        ax.label_outer()
        cloud = panel.clouds[0]
        ax.set_title(shortened(cloud.label, 28), color=cloud.colour)
    for ax in axes[len(panels) :]:
        ax.set_axis_off()
    groups = legend_handles(replace(panels[0], clouds=()))
    if groups:
        figure.legend(
            handles=groups, loc="outside lower left", ncols=2 if columns == 1 else 4,
            handletextpad=0.3, columnspacing=1.2, borderaxespad=0.2,
        )  # fmt: skip
    return figure


def draw_angles(ax: "Axes", one: Angles, limit_deg: float) -> "Axes":
    """How often one runner lands at each angle, the class bands behind."""
    draw_bands(ax, limit_deg, horizontal=False)
    ax.stairs(one.percent, one.edges_deg, fill=True, color=one.colour, alpha=0.8, zorder=3)
    ax.set(xlim=(-limit_deg, limit_deg))
    ax.set_title(f"{shortened(one.label, 34)}  (n {one.n})", color=one.colour)
    ax.grid(False)
    return ax


def figure_angles(
    runners: Sequence[Angles], limit_deg: float, size_in: tuple[float, float]
) -> "Figure":
    """One row per runner, the same axes for all."""
    figure = sheet(*size_in)
    axes = figure.subplots(len(runners), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    for ax, one in zip(axes, runners, strict=True):
        draw_angles(ax, one, limit_deg)
        ax.set_ylabel("% of\ncontacts")
    axes[-1].set_xlabel("strike angle [°]:   forefoot  ◀      ▶  heel")
    return figure
