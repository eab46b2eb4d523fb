"""The way of the pod through the air, seen from the side, with the foot as it is tilted."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.model.units import DEG_PER_RAD, Floats
from gaitlab.report.figures.base import head
from gaitlab.report.style import PAPER, Look, letters_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

SHOES = 9  # drawn along each path
CM_PER_M = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class FootPath:
    """Middle path of one foot from mid-stance to mid-stance, at m even instants.

    forward_m, height_m, height_sd_m, pitch_rad : (m,)
    toe_off, landing : shares of the stride's time
    """

    look: Look
    forward_m: Floats
    height_m: Floats
    height_sd_m: Floats
    pitch_rad: Floats
    toe_off: float
    landing: float
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class SideView:
    """One runner; the limits (m) are those of every panel beside it."""

    label: str
    colour: str
    feet: tuple[FootPath, ...]
    longest_m: float
    highest_m: float
    notes: tuple[str, ...]


def foot_path(data: SideView, ax: "Axes") -> "Axes":
    """Median height over distance with one SD; shoes show how the foot is tilted on its way."""
    for place, foot in enumerate(data.feet):
        _draw_path(ax, foot, place)
    ax.axhline(0.0, color=data.colour, linewidth=0.6, alpha=0.4, zorder=1)
    ax.set(
        xlim=(-0.06 * data.longest_m, 1.06 * data.longest_m),
        ylim=(-0.3 * CM_PER_M * data.highest_m, 1.32 * CM_PER_M * data.highest_m),
        xlabel="forward from mid-stance [m]", ylabel="pod above mid-stance [cm]",
    )  # fmt: skip
    return head(ax, data.label, data.colour, data.notes)


def _draw_path(ax: "Axes", foot: FootPath, place: int) -> None:
    from matplotlib.markers import MarkerStyle
    from matplotlib.transforms import Affine2D

    colour, height = foot.look.colour, CM_PER_M * foot.height_m
    spread = CM_PER_M * foot.height_sd_m
    ax.fill_between(foot.forward_m, height - spread, height + spread, color=colour, alpha=0.16,
                    linewidth=0, zorder=2)  # fmt: skip
    ax.plot(foot.forward_m, height, color=colour, linewidth=1.6, zorder=3,
            linestyle="-" if place == 0 else (0, (4, 2)), label=foot.look.label)  # fmt: skip
    shares = np.linspace(0.0, 1.0, 2 * SHOES + 1)[place:-1:2]
    index = np.round(shares * (len(height) - 1)).astype(np.int64)
    for at in index:
        tilt = Affine2D().rotate_deg(float(foot.pitch_rad[at] * DEG_PER_RAD))
        ax.plot(
            [foot.forward_m[at]], [height[at]], marker=MarkerStyle(_shoe(), transform=tilt),
            markersize=14, markeredgecolor=colour, markeredgewidth=0.9, zorder=4,
            markerfacecolor=colour if foot.look.filled else PAPER, alpha=0.75, linestyle="none",
        )  # fmt: skip
    for share, word in ((foot.toe_off, "toe-off"), (foot.landing, "landing")):
        at = round(share * (len(height) - 1))
        ax.plot([foot.forward_m[at]], [height[at]], marker=foot.look.marker, markersize=6.5,
                color=colour, markerfacecolor=PAPER, zorder=6, linestyle="none")  # fmt: skip
        if place == 0:
            ax.text(foot.forward_m[at], 0.02, word, transform=ax.get_xaxis_transform(),
                    ha="left" if share < 0.5 else "right", va="bottom", fontsize=7.2, zorder=7,
                    color=letters_of(colour))  # fmt: skip


def _shoe() -> "Path":
    """A shoe from the side, its toe to the right, about its middle."""
    from matplotlib.path import Path

    outline = [(-1.0, -0.28), (1.0, -0.28), (1.05, -0.1), (0.35, 0.12), (-0.2, 0.42),
               (-0.95, 0.42), (-1.0, -0.28)]  # fmt: skip
    return Path(outline, closed=True)
