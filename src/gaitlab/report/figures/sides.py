"""Left against right: each difference with the width that the measurement cannot resolve."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.coaching.numbers.sides import SideDifference
from gaitlab.metrics.symmetry import COVERAGE
from gaitlab.report.figures.base import sheet
from gaitlab.report.style import INK, LEFT_COLOUR, MUTED, RIGHT_COLOUR, letters_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_differences(ax: "Axes", rows: Sequence[SideDifference], unit: str) -> "Axes":
    """Right minus left: a dot with its 90 % interval; zero is the middle."""
    places = np.arange(len(rows))[::-1]
    values = np.array([row.difference * row.scale for row in rows])
    bars = np.array([COVERAGE * row.uncertainty * abs(row.scale) for row in rows])
    ax.axvline(0.0, color=MUTED, linewidth=1.0, zorder=1)
    ax.errorbar(
        values, places, xerr=bars, fmt="D", color=INK, markersize=5, elinewidth=1.6, capsize=3,
        zorder=3,
    )  # fmt: skip
    reach = float(np.max(np.abs(values) + bars, initial=1.0)) * 1.15
    ax.set(xlim=(-reach, reach), ylim=(-0.6, len(rows) - 0.4))
    ax.set_yticks(places, [_row_name(row) for row in rows])
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(f"right minus left [{unit}]")
    ax.grid(False, axis="y")
    return ax


def _row_name(row: SideDifference) -> str:
    left, right = row.metric.text(row.left.median), row.metric.text(row.right.median)
    unit = row.metric.unit
    return f"{row.metric.label}\nL {left} · R {right} {unit}".replace(" °", "°")


def figure_sides(rows: Sequence[SideDifference], size_in: tuple[float, float]) -> "Figure":
    """Differences in percent, and below them those of angles in degrees."""
    percent = [row for row in rows if row.metric.unit != "°"]
    degrees = [row for row in rows if row.metric.unit == "°"]
    kinds = [(kind, unit) for kind, unit in ((percent, "%"), (degrees, "°")) if kind]
    figure = sheet(*size_in)
    axes = figure.subplots(
        len(kinds),
        1,
        squeeze=False,
        gridspec_kw={"height_ratios": [len(k) + 0.6 for k, _ in kinds]},
    )[:, 0]
    for ax, (kind, unit) in zip(axes, kinds, strict=True):
        draw_differences(ax, kind, unit)
    for x, text, colour, side in (
        (0.02, "◀ more on the left", LEFT_COLOUR, "left"),
        (0.98, "more on the right ▶", RIGHT_COLOUR, "right"),
    ):
        axes[0].text(
            x, 1.02, text, transform=axes[0].transAxes, color=letters_of(colour), fontsize=8,
            ha=side,
            va="bottom",
        )  # fmt: skip
    return figure
