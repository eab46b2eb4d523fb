"""A metric against speed: the runner's cloud and line, published values at their own speeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.coaching.comparison.reference import GROUPS, ReferenceValue
from gaitlab.metrics.catalog import Metric
from gaitlab.model.units import Floats
from gaitlab.report.figures.base import draw_bands, draw_points, name_bands, sheet, shortened
from gaitlab.report.figures.beside import write_beside
from gaitlab.report.points import Series
from gaitlab.report.runners import SOLID, RunnerLook
from gaitlab.report.style import GROUP_LOOKS, INK, REFERENCE_DARK, REFERENCE_MID, REFERENCE_PALE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

SPEED_LABEL = "speed [m/s]"
LEGEND_LETTERS = 24  # in one of two columns: names of two lines would leave no room for the plot
SECOND_HAND_ALPHA = 0.45  # values that were not read at their source are drawn fainter


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """One runner: points per foot, and medians along the speed.

    medians : (k,) speeds and values in the units of the axes
    look : how the runner is drawn beside others; None for a page of one
    """

    label: str
    colour: str
    series: tuple[Series, ...]
    medians: tuple[Floats, Floats]
    look: RunnerLook | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BandCurve:
    """A recorded band along the speed, (g,) arrays in the units of the axes.

    low, high : mean -+ 1 SD between athletes; NaN below three athletes
    """

    label: str
    speed_mps: Floats
    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class AgainstSpeed:
    """What one panel shows.

    line : speeds and values of a published line, with its name; limit_deg : for angles only
    """

    metric: Metric
    clouds: tuple[Cloud, ...]
    published: tuple[ReferenceValue, ...] = ()
    line: tuple[Floats, Floats] | None = None
    line_label: str = ""
    limit_deg: float | None = None
    speed_limits: tuple[float, float] | None = None
    value_limits: tuple[float, float] | None = None
    bands: tuple[BandCurve, ...] = ()


def draw_published(ax: "Axes", item: Metric, rows: Sequence[ReferenceValue]) -> "Axes":
    """Each published value at its own speed, with its spread (1 SD) and n where known."""
    for row in rows:
        if row.speed_mps is None:
            continue
        look = GROUP_LOOKS[row.group]
        drawn = ax.errorbar(
            row.speed_mps,
            row.mean * item.factor,
            yerr=None if row.sd is None else row.sd * item.factor,
            fmt=look.marker,
            color=look.colour,
            markerfacecolor=look.colour if look.filled else "none",
            markersize=5.5,
            elinewidth=1.2,
            capsize=2.5,
            zorder=2,
            alpha=SECOND_HAND_ALPHA if row.second_hand else 1.0,
            label="_published",
        )
        drawn.lines[0].set_gid(f"{row.who}, n {row.n} {row.counts}")
    return ax


def write_counts(ax: "Axes", item: Metric, rows: Sequence[ReferenceValue]) -> "Axes":
    """The n of each published value beside its mark; the limits of the axes must be set."""
    known = [row for row in rows if row.speed_mps is not None]
    at = np.array([(row.speed_mps, row.mean * item.factor) for row in known], dtype=np.float64)
    first = [GROUP_LOOKS[row.group].number_at for row in known]
    return write_beside(ax, at, [f"{row.n}" for row in known], first)


def draw_band_curve(ax: "Axes", band: BandCurve) -> "Axes":
    """Mean of a recorded band as a line, one SD between athletes as a ground."""
    ax.fill_between(
        band.speed_mps, band.low, band.high, facecolor=REFERENCE_PALE, edgecolor="none", alpha=0.3,
        zorder=1,
    )  # fmt: skip
    ax.plot(
        band.speed_mps, band.mean, gid=band.label, color=REFERENCE_DARK, linewidth=1.3, zorder=2
    )
    return ax


def draw_against_speed(ax: "Axes", what: AgainstSpeed) -> "Axes":
    """Clouds, their medians and the published values; axes as the caller set them."""
    if what.limit_deg is not None:
        draw_bands(ax, what.limit_deg)
    if what.line is not None:
        ax.plot(
            *what.line,
            gid=what.line_label,
            color=REFERENCE_MID,
            linewidth=1.4,
            linestyle=(0, (4, 2)),
            zorder=2,
        )
    for band in what.bands:
        draw_band_curve(ax, band)
    draw_published(ax, what.metric, what.published)
    alone = len(what.clouds) == 1
    for cloud in what.clouds:
        draw_points(ax, cloud.series, size=3.0, whose="" if alone else cloud.label)
        colour = INK if alone else cloud.colour
        dash = SOLID if alone or cloud.look is None else cloud.look.dash
        ax.plot(*cloud.medians, color=colour, linewidth=1.8, linestyle=dash, zorder=4,
                label=cloud.label, gid="median" if alone else f"{cloud.label}, median")  # fmt: skip
    if what.limit_deg is not None:
        name_bands(ax, what.limit_deg)
        ax.set_ylim(-what.limit_deg, what.limit_deg)
    elif what.value_limits is not None:
        ax.set_ylim(*what.value_limits)
    if what.speed_limits is not None:
        ax.set_xlim(*what.speed_limits)
    ax.set(xlabel=SPEED_LABEL, ylabel=what.metric.axis_label)
    return write_counts(ax, what.metric, what.published)


def legend_handles(what: AgainstSpeed) -> list["Line2D"]:
    """One entry per foot or runner, then one per published group that is drawn."""
    from matplotlib.lines import Line2D

    def mark(marker: str, colour: str, label: str, *, filled: bool = True) -> "Line2D":
        face = colour if filled else "none"
        return Line2D([], [], linestyle="none", marker=marker, color=colour, markersize=5,
                      markerfacecolor=face, label=label)  # fmt: skip

    if len(what.clouds) == 1:
        handles = [
            mark(one.look.marker, one.look.colour, one.look.label) for one in what.clouds[0].series
        ]
    else:
        handles = [
            Line2D([], [], color=cloud.colour, linewidth=2.0,
                   linestyle=cloud.look.dash if cloud.look else SOLID,
                   label=shortened(cloud.look.full if cloud.look else cloud.label, LEGEND_LETTERS))
            for cloud in what.clouds
        ]  # fmt: skip
    handles += [
        Line2D([], [], color=REFERENCE_DARK, linewidth=1.3, marker="D", markersize=4,
               label=shortened(band.label, 28))
        for band in what.bands
    ]  # fmt: skip
    drawn = {row.group for row in what.published if row.speed_mps is not None}
    for group in GROUPS:
        if group in drawn:
            look = GROUP_LOOKS[group]
            handles.append(mark(look.marker, look.colour, look.label, filled=look.filled))
    if what.line is not None:
        handles.append(Line2D([], [], color=REFERENCE_MID, linestyle=(0, (4, 2)),
                              label=what.line_label))  # fmt: skip
    return handles


def figure_against_speed(what: AgainstSpeed, size_in: tuple[float, float]) -> "Figure":
    """One panel with its legend below."""
    figure = sheet(*size_in)
    ax = figure.subplots()
    draw_against_speed(ax, what)
    handles = legend_handles(what)
    figure.legend(
        handles=handles, loc="outside lower left", ncols=2, handletextpad=0.5, columnspacing=1.2,
        borderaxespad=0.2, labelspacing=0.35,
    )  # fmt: skip
    return figure
