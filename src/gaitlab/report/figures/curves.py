"""A signal around initial contact: mean of many contacts and the band of their spread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import head
from gaitlab.report.style import BANDS, INK, MUTED, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes


LOW_LEVEL = 0.15  # of the height of the axes


@dataclass(frozen=True, slots=True, eq=False)
class FootCurve:
    """One foot: mean and SD (m,) over n contacts; its contact time, ms."""

    look: Look
    mean: Floats
    sd: Floats
    n: int
    contact_ms: float
    contact_sd_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """One runner around initial contact.

    time_ms : (m,) from initial contact;  limits : of the values, shared by every panel
    level : a value to mark with a thin line, with its name
    """

    label: str
    colour: str
    time_ms: Floats
    feet: tuple[FootCurve, ...]
    axis_label: str
    limits: tuple[float, float]
    level: tuple[float, str]
    notes: tuple[str, ...]


def contact_curve(data: Curves, ax: "Axes") -> "Axes":
    """Mean and one SD of each foot; the ground contact is the pale field in the middle."""
    stop = max((foot.contact_ms for foot in data.feet), default=0.0)
    ax.axvspan(0.0, stop, facecolor=BANDS[0], edgecolor="none", zorder=0)
    ax.axhline(data.level[0], color=MUTED, linewidth=0.8, zorder=1)
    ax.axvline(0.0, color=INK, linewidth=0.9, zorder=2)
    for place, foot in enumerate(data.feet):
        colour = foot.look.colour
        ax.fill_between(data.time_ms, foot.mean - foot.sd, foot.mean + foot.sd, color=colour,
                        alpha=0.18, linewidth=0, zorder=2)  # fmt: skip
        every = max(1, len(data.time_ms) // 9)
        ax.plot(
            data.time_ms, foot.mean, color=colour, linewidth=1.7, zorder=3, label=foot.look.label,
            linestyle="-" if place == 0 else (0, (4, 2)), marker=foot.look.marker, markersize=4.5,
            markevery=(place * every // 2, every),
            markerfacecolor=colour if foot.look.filled else "none",
        )  # fmt: skip
        _mark_toe_off(ax, foot, place)
    ax.set(xlim=(data.time_ms[0], data.time_ms[-1]), ylim=data.limits)
    ax.set(xlabel="time from initial contact [ms]", ylabel=data.axis_label)
    ax.text(stop / 2, 0.985, "on the ground", transform=ax.get_xaxis_transform(), ha="center",
            va="top", fontsize=7.2, color=MUTED)  # fmt: skip
    _name_level(ax, data)
    return head(ax, data.label, data.colour, data.notes)


def _name_level(ax: "Axes", data: Curves) -> None:
    """At the line; in the corner when the line lies at the lower edge, among marks and curves."""
    value, name = data.level
    low, high = data.limits
    if value - low > LOW_LEVEL * (high - low):
        ax.text(0.995, value, name, transform=ax.get_yaxis_transform(), ha="right", va="bottom",
                fontsize=7.0, color=MUTED)  # fmt: skip
        return
    ax.text(0.995, 0.985, f"line: {name}", transform=ax.transAxes, ha="right", va="top",
            fontsize=7.0, color=MUTED)  # fmt: skip


def _mark_toe_off(ax: "Axes", foot: FootCurve, place: int) -> None:
    """Toe-off with its spread, at the bottom edge."""
    ax.errorbar(
        [foot.contact_ms], [0.035 + 0.045 * place], xerr=[foot.contact_sd_ms],
        transform=ax.get_xaxis_transform(), fmt=foot.look.marker, markersize=4.5, capsize=2.5,
        color=foot.look.colour, elinewidth=1.2, zorder=5,
        markerfacecolor=foot.look.colour if foot.look.filled else "none",
    )  # fmt: skip
