"""The run from start to end: speed, cadence, contact time under each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitlab.metrics.catalog import Metric
from gaitlab.model.units import Floats
from gaitlab.report.figures.base import draw_points, foot_legend, say_missing, sheet
from gaitlab.report.points import Series
from gaitlab.report.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One metric over time: points per foot, the line through them, limits; or a reason.

    trend : (k,) pairs in the units of the axes
    """

    metric: Metric
    series: tuple[Series, ...]
    trend: tuple[Floats, Floats]
    limits: tuple[float, float] | None
    missing: str = ""


def draw_track(ax: "Axes", track: Track) -> "Axes":
    """One metric over time; a sentence instead when there is nothing to draw."""
    ax.set_ylabel(track.metric.axis_label.replace(" [", "\n["))
    if not track.series:
        return say_missing(ax, track.missing)
    draw_points(ax, track.series, size=3.0)
    ax.plot(*track.trend, color=INK, linewidth=1.4, zorder=4, label="median")
    if track.limits is not None:
        ax.set_ylim(*track.limits)
    return ax


def figure_over_time(
    tracks: Sequence[Track], time_label: str, size_in: tuple[float, float]
) -> "Figure":
    """All tracks with one time axis."""
    figure = sheet(*size_in)
    axes = figure.subplots(len(tracks), 1, sharex=True, squeeze=False)[:, 0]
    for ax, track in zip(axes, tracks, strict=True):
        draw_track(ax, track)
    axes[-1].set_xlabel(time_label)
    axes[-1].margins(x=0.01)
    figure.align_ylabels(list(axes))
    first = next((track.series for track in tracks if track.series), ())
    foot_legend(axes[0], first)
    return figure
