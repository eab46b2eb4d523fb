"""How often each foot lands at each angle: left above the line, right below, classes behind."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import (
    CLASS_NAMES,
    FOREFOOT_BELOW_DEG,
    REARFOOT_ABOVE_DEG,
    draw_bands,
    head,
)
from gaitlab.report.style import INK, MUTED, PAPER, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHORT = {"left": "L", "right": "R"}


NAMES = 0.15  # strip for the names of the classes below the bars, in parts of the highest


@dataclass(frozen=True, slots=True, eq=False)
class FootStrikes:
    """Strike angles of one foot.

    percent, edges_deg : (m,), (m + 1,) share of its contacts in each bin
    median_deg, most_deg : of the contacts; between which two angles nine of ten lie
    probability : of heel, midfoot, forefoot: mean over its contacts
    """

    look: Look
    percent: Floats
    edges_deg: Floats
    n: int
    median_deg: float
    most_deg: tuple[float, float]
    probability: tuple[float, float, float]

    @property
    def note(self) -> str:
        """n, median, where nine of ten lie, and class probabilities, in one line."""
        heel, middle, front = (f"{100 * share:.0f}" for share in self.probability)
        low, high = (f"{edge + 0.0:.0f}" for edge in np.round(self.most_deg))
        foot = SHORT.get(self.look.label, self.look.label)
        return (
            f"{foot} n {self.n} · {self.median_deg:.1f}° ({low} to {high}) · "
            f"heel {heel} mid {middle} fore {front} %"
        ).replace("-", "−")


@dataclass(frozen=True, slots=True, eq=False)
class StrikeAngles:
    """One runner; ``limit_deg`` and ``top_percent`` are those of every panel beside it."""

    label: str
    colour: str
    feet: tuple[FootStrikes, ...]
    limit_deg: float
    top_percent: float


def strike_angle(data: StrikeAngles, ax: "Axes") -> "Axes":
    """Distribution of the strike angle per foot, class bands behind, medians as marks."""
    draw_bands(ax, data.limit_deg, horizontal=False)
    for place, foot in enumerate(data.feet):
        sign = -1.0 if place else 1.0
        colour = foot.look.colour
        ax.stairs(
            sign * foot.percent, foot.edges_deg, baseline=0.0, fill=True, zorder=3,
            facecolor=colour if foot.look.filled else "none", edgecolor=colour, linewidth=0.9,
            alpha=0.8 if foot.look.filled else 1.0, hatch=None if foot.look.filled else "////",
        )  # fmt: skip
        ax.plot(
            [foot.median_deg], [sign * 0.93 * data.top_percent], marker=foot.look.marker,
            markersize=6.5, color=colour, zorder=5, linestyle="none",
            markerfacecolor=colour if foot.look.filled else PAPER, label=foot.look.label,
        )  # fmt: skip
        ax.plot(
            [foot.median_deg] * 2, [0.0, sign * 0.86 * data.top_percent], color=INK, linewidth=0.9,
            linestyle=(0, (2, 2)), zorder=4,
        )  # fmt: skip
    _frame(ax, data)
    return head(ax, data.label, data.colour, [foot.note for foot in data.feet])


def _frame(ax: "Axes", data: StrikeAngles) -> None:
    """Axes that are the same for every runner: percent counted away from the middle line."""
    two = len(data.feet) > 1
    ax.axhline(0.0, color=MUTED, linewidth=0.8, zorder=4)
    low = -data.top_percent if two else 0.0
    step = next(s for s in (2.0, 5.0, 10.0, 20.0, 50.0) if data.top_percent / s <= 3.5 or s == 50.0)
    up = np.arange(0.0, data.top_percent + 0.01, step)
    ticks = np.concatenate((-up[:0:-1], up)) if two else up
    ax.set_yticks(ticks, [f"{abs(tick):.0f}" for tick in ticks])
    ax.set(
        xlim=(-data.limit_deg, data.limit_deg),
        ylim=(low - NAMES * data.top_percent, data.top_percent),
    )
    names = [foot.look.label for foot in data.feet]
    sides = f"\n{names[1]} ▼   ▲ {names[0]}" if two else ""
    ax.set_ylabel(f"% of contacts{sides}")
    ax.set_xlabel("strike angle [°], toes up positive")
    ax.grid(False)
    middles = (
        (REARFOOT_ABOVE_DEG + data.limit_deg) / 2,
        (FOREFOOT_BELOW_DEG + REARFOOT_ABOVE_DEG) / 2,
        (FOREFOOT_BELOW_DEG - data.limit_deg) / 2,
    )
    for middle, name in zip(middles, CLASS_NAMES, strict=True):
        ax.text(middle, 0.01, name, transform=ax.get_xaxis_transform(), ha="center", va="bottom",
                fontsize=7.0, color=MUTED, zorder=5)  # fmt: skip
