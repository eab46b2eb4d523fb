"""Runners beside each other: equal axes, one colour each, the numbers at the same speed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.coaching.comparison.band import BandPoint
from gaitlab.coaching.comparison.compare import Row
from gaitlab.coaching.comparison.reference import ReferenceValue
from gaitlab.model.units import Floats
from gaitlab.report.figures.base import draw_bands, sheet
from gaitlab.report.figures.speed import (
    SECOND_HAND_ALPHA,
    AgainstSpeed,
    draw_against_speed,
    legend_handles,
)
from gaitlab.report.runners import RunnerLook
from gaitlab.report.style import GROUP_LOOKS, INK, MUTED, REFERENCE_DARK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class BandMark:
    """A recorded band at the speed of the comparison, with the name that fits its place."""

    label: str
    point: BandPoint


@dataclass(frozen=True, slots=True, eq=False)
class Angles:
    """Distribution of the strike angles of one runner.

    percent, edges_deg : (m,), (m + 1,) share of contacts in each bin
    """

    look: RunnerLook
    percent: Floats
    edges_deg: Floats
    n: int


def draw_row(
    ax: "Axes", row: Row, looks: Sequence[RunnerLook], bands: Sequence[BandMark] = ()
) -> "Axes":
    """One metric: every runner's value, thick the spread of contacts, thin the uncertainty."""
    factor = row.metric.factor
    for place, (value, look) in enumerate(zip(row.values, looks, strict=True)):
        if not np.isfinite(value.value):
            ax.text(0.02, -place, "no value at this speed", transform=ax.get_yaxis_transform(),
                    va="center", fontsize=7.5, color=MUTED)  # fmt: skip
            continue
        centre = value.value * factor
        ax.errorbar(
            centre, -place, xerr=value.spread * factor, fmt="none", ecolor=look.colour, alpha=0.35,
            elinewidth=7, zorder=2,
        )  # fmt: skip
        ax.errorbar(
            centre, -place, xerr=2 * value.uncertainty * factor, fmt="o", color=look.colour,
            markersize=6, elinewidth=1.4, capsize=3, zorder=3, label=value.label,
        )  # fmt: skip
    names = [look.short for look in looks]
    colours = [look.letters for look in looks]
    for mark in bands:
        _draw_band_mark(ax, mark, -len(names), factor)
        names.append(mark.label)
        colours.append(INK)
    here = row.reference_at_this_speed()
    for item in here:
        _draw_published_mark(ax, item, -len(names), factor)
    if here:
        names.append("published")
        colours.append(MUTED)
    ax.set_ylim(-len(names) + 0.4, 0.6)
    ax.set_yticks(-np.arange(len(names)), names)
    for letter, colour in zip(ax.get_yticklabels(), colours, strict=True):
        letter.set_color(colour)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(row.metric.axis_label)
    ax.margins(x=0.15)
    ax.grid(False, axis="y")
    return ax


def _draw_band_mark(ax: "Axes", mark: BandMark, at: float, factor: float) -> None:
    """Mean and SD between athletes of a recorded band, its whole range as a thin line."""
    point = mark.point
    ax.plot(np.array([point.low, point.high]) * factor, [at, at], color=REFERENCE_DARK,
            linewidth=1.2, zorder=2)  # fmt: skip
    if np.isfinite(point.sd):
        ax.errorbar(point.mean * factor, at, xerr=point.sd * factor, fmt="none",
                    ecolor=REFERENCE_DARK, alpha=0.35, elinewidth=7, zorder=2)  # fmt: skip
    ax.plot(point.mean * factor, at, marker="D", color=REFERENCE_DARK, markersize=5, zorder=3)


def _draw_published_mark(ax: "Axes", item: ReferenceValue, at: float, factor: float) -> None:
    look = GROUP_LOOKS[item.group]
    drawn = ax.errorbar(
        item.mean * factor, at, xerr=None if item.sd is None else item.sd * factor,
        fmt=look.marker, color=look.colour, markersize=5,
        markerfacecolor=look.colour if look.filled else "none", elinewidth=1.2, capsize=2.5,
        alpha=SECOND_HAND_ALPHA if item.second_hand else 1.0,
    )  # fmt: skip
    drawn.lines[0].set_gid(f"{item.who}, n {item.n} {item.counts}")


def figure_rows(
    rows: Sequence[Row],
    looks: Sequence[RunnerLook],
    bands: Sequence[Sequence[BandMark]],
    columns: int,
    size_in: tuple[float, float],
) -> "Figure":
    """One small axis per metric; ``bands`` has the recorded bands of each row."""
    figure = sheet(*size_in)
    lines = -(-len(rows) // columns)
    axes = figure.subplots(lines, columns, squeeze=False, sharey=False).ravel()
    for ax, row, marks in zip(axes, rows, bands, strict=False):
        draw_row(ax, row, looks, marks)
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
        look = panel.clouds[0].look
        if look is not None:
            ax.set_title(look.full, color=look.letters)
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
    ax.stairs(one.percent, one.edges_deg, fill=True, color=one.look.colour, alpha=0.8, zorder=3)
    ax.set(xlim=(-limit_deg, limit_deg))
    ax.set_title(f"{one.look.full}  (n {one.n})", color=one.look.letters)
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
