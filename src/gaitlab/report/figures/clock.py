"""One gait cycle as a ring: when each foot is on the ground, and when nobody is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import head
from gaitlab.report.style import BANDS, INK, LINE, MUTED, PAPER, Look, letters_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OUTER, INNER, THICK, AIR = 1.0, 0.76, 0.19, 1.12


@dataclass(frozen=True, slots=True)
class OnGround:
    """Contact of one foot within the cycle, shares of the stride; SD of either end."""

    look: Look
    start: float
    stop: float
    start_sd: float
    stop_sd: float
    contact_ms: float
    strike: str
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The usual stride of one runner.

    flights : (f, 2) shares of the stride in which no foot is on the ground;
    flight_ms : (f,) and how long they last. Both empty when only one foot was recorded.
    """

    label: str
    colour: str
    feet: tuple[OnGround, ...]
    flights: Floats
    flight_ms: Floats
    middle: str
    notes: tuple[str, ...]


def strike_clock(data: Clock, ax: "Axes") -> "Axes":
    """Clockwise from the top: outer ring the first foot, inner ring the other, air outside."""
    from matplotlib.patches import Wedge

    ax.set_axis_off()
    ax.set_aspect("equal")
    ax.set(xlim=(-1.85, 1.85), ylim=(-1.45, 1.5))
    for radius in (OUTER, INNER):
        ax.add_patch(Wedge((0, 0), radius, 0, 360, width=THICK, color=BANDS[0], zorder=1))
    for place, foot in enumerate(data.feet):
        _draw_contact(ax, foot, INNER if place else OUTER)
    for (start, stop), duration in zip(data.flights, data.flight_ms, strict=True):
        _draw_flight(ax, start, stop, duration)
    for share in (0.0, 0.25, 0.5, 0.75):
        x, y = _at(share)
        ax.plot([0.515 * x, 0.56 * x], [0.515 * y, 0.56 * y], color=MUTED, linewidth=0.8)
        if share in (0.0, 0.5):
            ax.text(0.44 * x, 0.44 * y, f"{100 * share:.0f} %", ha="center", va="center",
                    fontsize=8.4, color=MUTED)  # fmt: skip
    ax.text(0, 0, data.middle, ha="center", va="center", fontsize=8.5, color=INK, linespacing=1.25)
    head(ax, data.label, data.colour, data.notes)
    return ax


def _at(share: float) -> tuple[float, float]:
    """Unit vector of a share of the stride: clockwise, zero at the top."""
    turn = 2 * np.pi * share
    return float(np.sin(turn)), float(np.cos(turn))


def _draw_contact(ax: "Axes", foot: OnGround, radius: float) -> None:
    from matplotlib.patches import Wedge

    look = foot.look
    ax.add_patch(
        Wedge(
            (0, 0), radius, 90 - 360 * foot.stop, 90 - 360 * foot.start, width=THICK, zorder=3,
            facecolor=look.colour if look.filled else PAPER, edgecolor=look.colour,
            hatch=None if look.filled else "////", linewidth=1.0,
        )
    )  # fmt: skip
    middle = radius - THICK / 2
    for end, sd in ((foot.start, foot.start_sd), (foot.stop, foot.stop_sd)):
        if sd > 0:
            arc = np.array([_at(share) for share in end + sd * np.linspace(-1, 1, 9)])
            ax.plot(*(middle * arc).T, color=INK, linewidth=1.6, zorder=4, solid_capstyle="butt")
    x, y = _at(foot.start)
    ax.plot([middle * x], [middle * y], marker=look.marker, markersize=6, color=look.colour,
            markerfacecolor=PAPER, zorder=5, label=look.label)  # fmt: skip
    x, y = _at((foot.start + foot.stop) / 2)
    words = f"{look.label}\n{foot.contact_ms:.0f} ms\n{foot.strike}".rstrip()
    ax.text(1.07 * x, 1.07 * y, words, ha=_side(x), va=_height(y), fontsize=8.4,
            color=letters_of(look.colour), linespacing=1.15, zorder=5)  # fmt: skip


def _side(x: float) -> str:
    """Letters stand on the far side of their ring."""
    if abs(x) < 0.15:
        return "center"
    return "left" if x > 0 else "right"


def _height(y: float) -> str:
    """And above or below it."""
    if abs(y) < 0.3:
        return "center"
    return "bottom" if y > 0 else "top"


def _draw_flight(ax: "Axes", start: float, stop: float, duration_ms: float) -> None:
    arc = np.array([_at(share) for share in np.linspace(start, stop, 40)])
    ax.plot(*(AIR * arc).T, color=LINE, linewidth=5, zorder=1, solid_capstyle="butt")
    x, y = _at((start + stop) / 2)
    ax.text(1.18 * x, 1.18 * y, f"air\n{duration_ms:.0f} ms", ha=_side(x), va=_height(y),
            fontsize=8.4, color=MUTED, linespacing=1.1)  # fmt: skip
