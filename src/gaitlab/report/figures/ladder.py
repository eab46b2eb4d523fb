"""Step by step: how long each contact and each flight lasted, one rung per step."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.model.units import Bools, Codes, Floats, Ints
from gaitlab.report.figures.base import head
from gaitlab.report.style import INK, MUTED, PAPER, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """Consecutive steps of one runner, k of them.

    foot : (k,) index into ``looks``;  contact_ms, flight_ms : (k,) NaN when not known
    words : what stands at the right of each rung;  trusted : (k,) False for flagged contacts
    rungs, longest_ms : of every panel beside it
    """

    label: str
    colour: str
    looks: tuple[Look, ...]
    foot: Codes
    contact_ms: Floats
    flight_ms: Floats
    words: tuple[str, ...]
    trusted: Bools
    rungs: int
    longest_ms: float
    words_head: str
    notes: tuple[str, ...]


def step_ladder(data: Ladder, ax: "Axes") -> "Axes":
    """One rung per step from the top: bar the contact, open bar the flight, then speed."""
    places = np.arange(1, len(data.foot) + 1)
    for code, look in enumerate(data.looks):
        mine = data.foot == code
        if not mine.any():
            continue
        ax.barh(
            places[mine], data.contact_ms[mine], height=0.66, zorder=3, linewidth=0.8,
            facecolor=look.colour if look.filled else PAPER, edgecolor=look.colour,
            hatch=None if look.filled else "/////", label=f"{look.label} on the ground",
        )  # fmt: skip
        ax.plot(
            np.full(mine.sum(), -0.025 * data.longest_ms), places[mine], linestyle="none",
            marker=look.marker, markersize=4.5, color=look.colour, clip_on=False, zorder=4,
            markerfacecolor=look.colour if look.filled else PAPER,
        )  # fmt: skip
    flight = np.nan_to_num(data.flight_ms)
    ax.barh(places, flight, left=np.nan_to_num(data.contact_ms), height=0.14, color=MUTED,
            alpha=0.55, zorder=2, label="in the air")  # fmt: skip
    _write_rungs(ax, data, places)
    ax.set(xlim=(-0.05 * data.longest_ms, 1.16 * data.longest_ms), ylim=(data.rungs + 0.7, 0.0))
    ax.set(xlabel="time from landing [ms]", ylabel="step")
    ax.set_yticks([1, *range(5, data.rungs + 1, 5)])
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")
    return head(ax, data.label, data.colour, data.notes)


def _write_rungs(ax: "Axes", data: Ladder, places: Ints) -> None:
    """Milliseconds in each bar, and what stands at the right."""
    small = 6.5
    for place, contact, word, sure in zip(
        places, data.contact_ms, data.words, data.trusted, strict=True
    ):
        number = f"{contact:.0f}{'' if sure else '?'}" if np.isfinite(contact) else "not known"
        ax.text(0.012 * data.longest_ms, place, number, va="center", fontsize=small, color=INK,
                zorder=5, bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.75,
                                "pad": 0.4})  # fmt: skip
        ax.text(1.15 * data.longest_ms, place, word, va="center", ha="right", fontsize=small,
                color=MUTED)  # fmt: skip
    ax.text(1.15 * data.longest_ms, 0.32, data.words_head, va="center", ha="right",
            fontsize=small, color=MUTED)  # fmt: skip
