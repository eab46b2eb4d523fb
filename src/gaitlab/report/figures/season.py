"""Numbers over a season: a dot per session, a line where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.style import MUTED, athlete_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, eq=False)
class SeasonTrack:
    """One number: (n,) days and values with their uncertainty, and the line's two ends.

    clear : the change is clear;  reason : why there is no line
    """

    label: str
    day: Floats
    value: Floats
    sd: Floats
    first: float
    last: float
    clear: bool
    decimals: int
    reason: str = ""


def draw_track(ax: "Axes", track: SeasonTrack, first: date) -> "Axes":
    """Dots with bars, the line, and dates below."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.set_title(track.label, pad=4)
    if not len(track.day):
        return say_missing(ax, "no session gives it")
    colour = athlete_colour(0)
    ax.errorbar(
        track.day, track.value, np.nan_to_num(track.sd), fmt="o", color=colour, markersize=5,
        elinewidth=1.1, zorder=3,
    )  # fmt: skip
    if not track.reason:
        ends = [float(track.day.min()), float(track.day.max())]
        ax.plot(ends, [track.first, track.last], color=MUTED,
                linestyle="-" if track.clear else "--", linewidth=1.6)  # fmt: skip
    else:
        ax.text(0.02, 0.03, "too few for a line", transform=ax.transAxes, fontsize=8.0, color=MUTED)
    low = float((track.value - np.nan_to_num(track.sd)).min())
    high = float((track.value + np.nan_to_num(track.sd)).max())
    room = max(0.15 * (high - low), 0.01 * abs(high))
    ax.set_ylim(low - room, high + room)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda day, _: _date_text(first, day)))
    return ax


def _date_text(first: date, day: float) -> str:
    one = first + timedelta(days=round(day))
    return f"{one.day} {one:%b}"


def figure_season(
    tracks: Sequence[SeasonTrack], first: date, size_in: tuple[float, float]
) -> "Figure":
    """The numbers in a grid, two columns where there is room; all over the same days."""
    figure = sheet(*size_in)
    columns = 2 if size_in[0] > 6.0 else 1
    lines = -(-len(tracks) // columns)
    axes = figure.subplots(lines, columns, squeeze=False, sharex=True).ravel()
    days = [float(day) for track in tracks for day in track.day] or [0.0]
    for ax, track in zip(axes, tracks, strict=False):
        draw_track(ax, track, first)
        room = 0.04 * max(7.0, max(days) - min(days))
        ax.set_xlim(min(days) - room, max(days) + room)
    return figure
