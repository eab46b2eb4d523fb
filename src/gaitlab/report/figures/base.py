"""What every figure shares: an empty sheet, points, class bands, a reason instead of data."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gaitlab.model.gait import FOREFOOT_BELOW_RAD, REARFOOT_ABOVE_RAD
from gaitlab.model.units import DEG_PER_RAD
from gaitlab.report.points import Series
from gaitlab.report.style import BANDS, MUTED, PAPER, letters_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Mo et al. 2021, receiver operating curves against the strike index, 43 runners
FOREFOOT_BELOW_DEG = FOREFOOT_BELOW_RAD * DEG_PER_RAD
REARFOOT_ABOVE_DEG = REARFOOT_ABOVE_RAD * DEG_PER_RAD
CLASS_NAMES: Final = ("heel", "midfoot", "forefoot")
DENSE = 400  # points from which marks get smaller and paler


def shortened(label: str, most: int) -> str:
    """A label that fits its place.

    >>> shortened("Alexandra of the Long Name", 12)
    'Alexandra o…'
    """
    return label if len(label) <= most else label[: most - 1] + "…"


def sheet(width_in: float, height_in: float) -> "Figure":
    """An empty figure without any window."""
    from matplotlib.figure import Figure

    from gaitlab.report.layout import Snug

    return Figure(figsize=(width_in, height_in), layout=Snug())


def draw_points(
    ax: "Axes", series: Iterable[Series], *, size: float = 3.6, whose: str = ""
) -> "Axes":
    """Every series as marks: left circles, right triangles; ``whose`` they are, for the script."""
    for one in series:
        dense = len(one.x) > DENSE
        ax.plot(
            one.x,
            one.y,
            linestyle="none",
            marker=one.look.marker,
            markersize=size * (0.75 if dense else 1.0),
            markerfacecolor=one.look.colour if one.look.filled else "none",
            markeredgecolor=one.look.colour,
            markeredgewidth=0.0 if one.look.filled else 0.8,
            alpha=0.45 if dense else 0.7,
            label=one.look.label,
            gid=f"{whose}, {one.look.label}" if whose else one.look.label,
            zorder=3,
        )
    return ax


def draw_bands(ax: "Axes", limit_deg: float, *, horizontal: bool = True) -> "Axes":
    """Grounds for the three strike classes of an axis from -limit to +limit degrees."""
    edges = (
        (REARFOOT_ABOVE_DEG, limit_deg),
        (FOREFOOT_BELOW_DEG, REARFOOT_ABOVE_DEG),
        (-limit_deg, FOREFOOT_BELOW_DEG),
    )
    span = ax.axhspan if horizontal else ax.axvspan
    for (low, high), colour in zip(edges, BANDS, strict=True):
        span(low, high, facecolor=colour, edgecolor="none", zorder=0)
    return ax


def name_bands(ax: "Axes", limit_deg: float) -> "Axes":
    """Class names at the left edge, inside their grounds."""
    places = (limit_deg * 0.9, (FOREFOOT_BELOW_DEG + REARFOOT_ABOVE_DEG) / 2, -limit_deg * 0.9)
    for place, name in zip(places, CLASS_NAMES, strict=True):
        ax.text(
            0.01, place, name, transform=ax.get_yaxis_transform(), va="center", fontsize=7.5,
            color=MUTED, zorder=5, bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.6,
                                         "pad": 1.0},
        )  # fmt: skip
    return ax


def say_missing(ax: "Axes", reason: str) -> "Axes":
    """A panel without data says why."""
    ax.text(
        0.5, 0.5, in_lines(reason, room_for(ax), 8), transform=ax.transAxes, ha="center",
        va="center", color=MUTED,
    )  # fmt: skip
    ax.set_yticks([])
    ax.grid(False)
    ax.set_facecolor(BANDS[0])
    for edge in ax.spines.values():
        edge.set_visible(False)
    return ax


def foot_legend(ax: "Axes", series: Iterable[Series]) -> "Axes":
    """Left and right named above the plot, at its right end."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], linestyle="none", marker=one.look.marker, color=one.look.colour,
               markersize=5, label=f"{one.look.label} (n {one.total})")
        for one in series
    ]  # fmt: skip
    if handles:
        ax.legend(
            handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(handles),
            borderaxespad=0.1, handletextpad=0.1, columnspacing=1.0,
        )  # fmt: skip
    return ax


def head(ax: "Axes", label: str, colour: str, notes: Iterable[str] = ()) -> "Axes":
    """Who is shown, in the colour of that runner, and under it n and spread in small letters."""
    lines = tuple(notes)
    ax.set_title(
        in_lines(label, room_for(ax), 2), color=letters_of(colour), pad=5.0 + 9.5 * len(lines)
    )
    if lines:
        ax.text(
            0.0, 1.0, "\n".join(lines), transform=ax.transAxes, fontsize=7.2, color=MUTED,
            ha="left", va="bottom", linespacing=1.25,
        )  # fmt: skip
    return ax


def room_for(ax: "Axes") -> int:
    """Letters of a title that fit above one of the panels of a sheet."""
    place = ax.get_subplotspec()
    columns = place.get_gridspec().ncols if place is not None else 1
    figure = ax.get_figure(root=True)
    width_in = figure.get_figwidth() / columns if figure is not None else 4.4
    if ax.get_aspect() == 1.0:  # a ring does not fill its place
        width_in *= 0.75
    return max(12, int(9.0 * (width_in - 0.5)))


def in_lines(text: str, most: int, lines: int) -> str:
    """``text`` broken between words, and cut with an ellipsis after so many lines.

    >>> in_lines("Ada Long (tuesday on the track)", 12, 2)
    'Ada Long\\n(tuesday on…'
    """
    from textwrap import wrap

    return "\n".join(wrap(text, most, max_lines=lines, placeholder="…"))
