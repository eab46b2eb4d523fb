"""One runner's contacts against speed, with n and spread written above."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitlab.report.figures.base import head
from gaitlab.report.figures.speed import AgainstSpeed, draw_against_speed

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, eq=False)
class SpeedCloud:
    """One runner; ``what`` has the same limits in every panel beside it."""

    label: str
    colour: str
    what: AgainstSpeed
    notes: tuple[str, ...]


def contact_speed(data: SpeedCloud, ax: "Axes") -> "Axes":
    """Every contact and the median at each speed, beside published groups at their own speeds."""
    draw_against_speed(ax, data.what)
    return head(ax, data.label, data.colour, data.notes)
