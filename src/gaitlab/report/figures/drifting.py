"""A metric over the distance, with speed taken out: what is left may be fatigue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import head
from gaitlab.report.style import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, eq=False)
class Drifting:
    """Change of a metric at one speed, in the unit of the axes.

    distance_km, change : (s,) stretches of some ten contacts each
    line_km, line, low, high : the slope and the edges of its 90 % interval, (3,) each:
        at the first stretch, in the middle, at the last
    limits_km, limits : of both axes, shared by every panel
    """

    label: str
    colour: str
    distance_km: Floats
    change: Floats
    line_km: Floats
    line: Floats
    low: Floats
    high: Floats
    axis_label: str
    limits_km: tuple[float, float]
    limits: tuple[float, float]
    notes: tuple[str, ...]


def drift(data: Drifting, ax: "Axes") -> "Axes":
    """Each mark is a stretch of contacts; the line is the drift, the field its 90 % interval."""
    ax.axhline(0.0, color=MUTED, linewidth=0.9, zorder=1)
    ax.fill_between(data.line_km, data.low, data.high, color=data.colour, alpha=0.16, linewidth=0,
                    zorder=2, label="90 % interval")  # fmt: skip
    ax.plot(data.distance_km, data.change, linestyle="none", marker="o", markersize=3.6,
            color=data.colour, alpha=0.7, markeredgewidth=0, zorder=3, label="stretch")  # fmt: skip
    ax.plot(data.line_km, data.line, color=INK, linewidth=1.4, zorder=4, label="drift")
    ax.set(xlim=data.limits_km, ylim=data.limits, xlabel="distance run [km]",
           ylabel=data.axis_label)  # fmt: skip
    return head(ax, data.label, data.colour, data.notes)
