"""Each left contact against the right one that follows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.metrics.catalog import Metric
from gaitlab.model.units import Floats
from gaitlab.report.figures.base import DENSE, head
from gaitlab.report.style import BANDS, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """One metric of neighbouring left and right contacts, in the unit of the axes.

    left, right : (k,);  middle : medians of both;  blind : what the measurement cannot resolve
    limits : of both axes, shared by every panel
    """

    label: str
    colour: str
    metric: Metric
    left: Floats
    right: Floats
    middle: tuple[float, float]
    blind: float
    limits: tuple[float, float]
    notes: tuple[str, ...]


def left_right(data: Pairs, ax: "Axes") -> "Axes":
    """Right over left; on the line both are the same, in the pale field nobody can tell."""
    low, high = data.limits
    line = np.array([low, high])
    if np.isfinite(data.blind):
        ax.fill_between(line, line - data.blind, line + data.blind, color=BANDS[2], linewidth=0,
                        zorder=1)  # fmt: skip
    ax.plot(line, line, color=MUTED, linewidth=0.9, zorder=2)
    dense = len(data.left) > DENSE
    ax.plot(
        data.left, data.right, linestyle="none", marker="o", markersize=2.6 if dense else 3.6,
        color=data.colour, alpha=0.35 if dense else 0.6, markeredgewidth=0, zorder=3,
        label="pair of steps",
    )  # fmt: skip
    ax.plot(*([value] for value in data.middle), marker="D", markersize=7, color=data.colour,
            markeredgecolor=INK, zorder=4, linestyle="none", label="median")  # fmt: skip
    for x, y, words, ha, va in (
        (0.03, 0.97, "more on the right ▲", "left", "top"),
        (0.97, 0.03, "more on the left ▼", "right", "bottom"),
    ):
        ax.text(x, y, words, transform=ax.transAxes, ha=ha, va=va, fontsize=7.2, color=MUTED)
    label = f"{data.metric.label} [{data.metric.unit}]"
    ax.set(xlim=data.limits, ylim=data.limits, xlabel=f"left {label}", ylabel=f"right {label}")
    ax.set_aspect("equal")
    return head(ax, data.label, data.colour, data.notes)
