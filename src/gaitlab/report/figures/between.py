"""Where a kick lies between cruise and own sprint: one line a metric, one common axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.style import ATHLETES, BANDS, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KICK_COLOUR: Final = ATHLETES[0]
WIDEST: Final = (-0.35, 1.35)  # what lies further out is a triangle at the edge


@dataclass(frozen=True, slots=True)
class Position:
    """One metric: its values as text at the two ends, the kick between them; or a reason."""

    label: str
    cruise: str
    kick: str
    sprint: str
    position: float
    low: float
    high: float
    reason: str = ""


def draw_positions(ax: "Axes", rows: Sequence[Position], speed: float) -> "Axes":
    """Dot and bar for each metric; 0 is the cruise, 1 the own sprint; the speed as a line."""
    if not rows:
        return say_missing(ax, "nothing to compare")
    ax.axvspan(0.0, 1.0, facecolor=BANDS[0], edgecolor="none", zorder=0)
    if np.isfinite(speed):
        ax.axvline(speed, color=MUTED, linestyle=":", linewidth=1.2, zorder=1, label="speed")
    for place, row in enumerate(rows):
        _draw_row(ax, row, float(place))
    ax.set_ylim(len(rows) - 0.4, -0.75)
    ax.set_xlim(WIDEST[0] - 0.02, WIDEST[1] + 0.02)
    ax.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["cruise", "25 %", "50 %", "75 %", "sprint"])
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(visible=False, axis="y")
    return ax


def _draw_row(ax: "Axes", row: Position, place: float) -> None:
    ground = {"facecolor": BANDS[0], "edgecolor": "none", "pad": 1.0}
    ax.text(0.5, place - 0.3, row.label, ha="center", va="center", fontsize=8.5, color=INK,
            bbox=ground, zorder=2)  # fmt: skip
    ax.hlines(place, 0.0, 1.0, color=MUTED, linewidth=0.8, zorder=2)
    for x, text, side in ((-0.03, row.cruise, "right"), (1.03, row.sprint, "left")):
        ax.text(x, place - 0.3, text, ha=side, va="center", fontsize=8.5, color=INK, zorder=6)
    if row.reason:
        ax.text(0.5, place + 0.26, row.reason, ha="center", va="center", fontsize=8.4, color=MUTED,
                bbox=ground, zorder=2)  # fmt: skip
        return
    low, at, high = np.clip([row.low, row.position, row.high], *WIDEST)
    ax.hlines(place, low, high, color=KICK_COLOUR, linewidth=3.0, alpha=0.5, zorder=3)
    mark = "<" if row.position < WIDEST[0] else ">" if row.position > WIDEST[1] else "o"
    ax.plot([at], [place], mark, color=KICK_COLOUR, markersize=6, zorder=4, label="kick")
    text = f"{row.kick} · {100 * row.position:.0f} %".replace("-", "−")
    ax.annotate(text, (at, place), (0.0, -5.0), textcoords="offset points", ha="center", va="top",
                fontsize=8.5, color=INK, zorder=5)  # fmt: skip


def figure_positions(
    rows: Sequence[Position], speed: float, size_in: tuple[float, float]
) -> "Figure":
    """The positions on a sheet of their own."""
    figure = sheet(*size_in)
    draw_positions(figure.subplots(), rows, speed)
    return figure
