"""Shares of the strike classes along the run, or against speed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.model.units import Floats, Ints
from gaitlab.report.figures.base import CLASS_NAMES, head
from gaitlab.report.style import INK, MUTED, PAPER, STRIKE_FILLS, Look

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, eq=False)
class FootShare:
    """Share of contacts of one foot on the heel in each bin, percent; NaN for too few."""

    look: Look
    heel_percent: Floats
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class ClassShares:
    """Strike classes in bins of time or speed.

    edges : (b + 1,) of the bins;  percent : (3, b) heel, midfoot, forefoot, NaN for too few
    n : (b,) classified contacts in each bin;  limits : of the axis, shared by every panel
    """

    label: str
    colour: str
    axis_label: str
    edges: Floats
    percent: Floats
    n: Ints
    feet: tuple[FootShare, ...]
    limits: tuple[float, float]
    notes: tuple[str, ...]


def class_share(data: ClassShares, ax: "Axes") -> "Axes":
    """Stacked shares, heel below; marks: the heel's share of each foot alone; n above the bars."""
    width = np.diff(data.edges)
    middle = data.edges[:-1] + width / 2
    floor = np.zeros(len(width))
    for code, fill in enumerate(STRIKE_FILLS):
        part = np.nan_to_num(data.percent[code])
        ax.bar(middle, part, width=0.96 * width, bottom=floor, color=fill, zorder=2)
        floor = floor + part
    shift = 0.16 * width
    for place, foot in enumerate(data.feet):
        ax.plot(
            middle + (shift if place else -shift), foot.heel_percent, linestyle="none",
            marker=foot.look.marker, markersize=5.0, color=foot.look.colour, zorder=4,
            markerfacecolor=foot.look.colour if foot.look.filled else PAPER, clip_on=False,
            label=foot.look.label,
        )  # fmt: skip
    small = 6.5 if len(width) <= 12 else 5.5
    for x, n, total in zip(middle, data.n, floor, strict=True):
        if n:
            ax.text(x, total + 2.0, f"{n}", ha="center", va="bottom", fontsize=small,
                    color=INK if total else MUTED)  # fmt: skip
    ax.set(xlim=data.limits, ylim=(0.0, 112.0), xlabel=data.axis_label, ylabel="% of contacts")
    ax.set_yticks([0, 25, 50, 75, 100])
    ax.grid(False, axis="x")
    return head(ax, data.label, data.colour, data.notes)


def class_key(data: ClassShares) -> "list[Artist]":
    """What the fills and the marks are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    fills = [Patch(color=STRIKE_FILLS[code], label=CLASS_NAMES[code]) for code in (0, 1, 2)]
    marks = [
        Line2D([], [], linestyle="none", marker=foot.look.marker, color=foot.look.colour,
               markerfacecolor=foot.look.colour if foot.look.filled else PAPER, markersize=5,
               label=f"heel, {foot.look.label} foot")
        for foot in data.feet
    ]  # fmt: skip
    return [*fills, *marks]
