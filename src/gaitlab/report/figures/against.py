"""Our seconds and those of another device, under each other."""

from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.comparison.against import Against
from gaitlab.metrics.catalog import metric
from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.style import INK, MUTED, RIGHT_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN: Final = ("speed_mps", "cadence_spm", "contact_time_s")


def draw_against(ax: "Axes", data: Against, quantity: str) -> "Axes":
    """One quantity over time: ours as a line, theirs as dots, the difference in the title."""
    item = metric(quantity)
    ax.set_ylabel(item.axis_label.replace(" [", "\n["))
    found = next(one for one in data.differences if one.quantity == quantity)
    if found.reason:
        return say_missing(ax, found.reason)
    ours, theirs = data.ours[quantity] * item.factor, data.theirs[quantity] * item.factor
    ax.plot(data.time_s / 60, ours, color=INK, linewidth=1.3, zorder=4)
    ax.plot(data.time_s / 60, theirs, linestyle="none", marker=".", markersize=4,
            color=RIGHT_COLOUR, alpha=0.7, zorder=3)  # fmt: skip
    text = (
        f"theirs minus ours: {item.change_text(found.bias)} ± "
        f"{item.spread_text(found.spread)} {item.unit} (n {found.n} s)"
    )
    ax.set_title(text, loc="left", fontsize=8, color=MUTED)
    both = np.concatenate([ours, theirs])
    low, high = np.nanpercentile(both, [1, 99])
    room = 0.25 * max(high - low, 1e-6)
    ax.set_ylim(low - room, high + room)
    return ax


def figure_against(
    data: Against, theirs: str, size_in: tuple[float, float] = (6.5, 6.2)
) -> "Figure":
    """Speed, cadence and contact time with one time axis."""
    from matplotlib.lines import Line2D

    figure = sheet(*size_in)
    axes = figure.subplots(len(SHOWN), 1, sharex=True)
    for ax, quantity in zip(axes, SHOWN, strict=True):
        draw_against(ax, data, quantity)
    axes[-1].set_xlabel("time in the recording [min]")
    handles = [
        Line2D([], [], color=INK, linewidth=1.3, label="gaitlab, mean of each second"),
        Line2D([], [], color=RIGHT_COLOUR, marker=".", linestyle="none", label=theirs),
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=2, frameon=False)
    figure.align_ylabels(list(axes))
    return figure
