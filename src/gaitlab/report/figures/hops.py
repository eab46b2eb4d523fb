"""Hop by hop: strength index, contact and flight of every landing, set after set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.style import BANDS, INK, MUTED, PAPER, STRIKE_FILLS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP: Final = 1.5  # landings of room between two sets
FLIGHT_COLOUR, CONTACT_COLOUR = STRIKE_FILLS[1], STRIKE_FILLS[2]  # no foot has them
EDGE: Final = 0.7
MOST_TICKS: Final = 12
MOST_NAMED: Final = 6  # sets with more than their number above them


@dataclass(frozen=True, slots=True, eq=False)
class HopSet:
    """One set: (n,) index of every landing in m/s, its contact and its flight in ms.

    best : (n,) landings that count for the 10/5 score
    """

    label: str
    rsi_mps: Floats
    contact_ms: Floats
    flight_ms: Floats
    best: Floats


def places(sets: Sequence[HopSet]) -> list[Floats]:
    """Where each landing of each set stands: 1, 2, 3, ... with room between the sets."""
    sizes = np.array([len(one.rsi_mps) for one in sets])
    begins = np.concatenate(([0.0], np.cumsum(sizes[:-1] + GAP))) if len(sizes) else np.empty(0)
    return [begin + np.arange(1, n + 1) for begin, n in zip(begins, sizes, strict=True)]


def draw_rsi(ax: "Axes", sets: Sequence[HopSet]) -> "Axes":
    """Height over contact time of every landing; full marks are the five best of the first ten."""
    ax.set_ylabel("RSI, height\nover contact [m/s]")
    if not any(np.isfinite(one.rsi_mps).any() for one in sets):
        return say_missing(ax, "no landing with a flight and a contact time")
    for at, one in zip(places(sets), sets, strict=True):
        middle = float(np.nanmedian(one.rsi_mps)) if np.isfinite(one.rsi_mps).any() else np.nan
        ax.hlines(middle, at[0] - EDGE, at[-1] + EDGE, color=MUTED, linewidth=1.0, linestyle="--")
        ax.plot(at, one.rsi_mps, color=INK, linewidth=0.8, zorder=2)
        ax.plot(at, one.rsi_mps, "o", markersize=5, markerfacecolor=PAPER, zorder=3,
                markeredgecolor=INK, label="landing")  # fmt: skip
        counted = one.best > 0
        ax.plot(at[counted], one.rsi_mps[counted], "o", markersize=5.5, color=INK, zorder=4,
                label="five best of the first ten")  # fmt: skip
    top = max(float(np.nanmax(one.rsi_mps, initial=0.0)) for one in sets)
    ax.set_ylim(0.0, 1.15 * top)
    return ax


def draw_times(ax: "Axes", sets: Sequence[HopSet]) -> "Axes":
    """Contact below, flight on top of it: one column a landing."""
    ax.set_ylabel("contact and\nflight [ms]")
    for at, one in zip(places(sets), sets, strict=True):
        contact = np.nan_to_num(one.contact_ms)
        ax.bar(at, contact, 0.72, color=CONTACT_COLOUR, label="contact", zorder=3)
        ax.bar(
            at, np.nan_to_num(one.flight_ms), 0.72, bottom=contact, color=FLIGHT_COLOUR,
            label="flight", zorder=2,
        )  # fmt: skip
    return ax


def _ground(ax: "Axes", sets: Sequence[HopSet]) -> None:
    for at in places(sets):
        ax.axvspan(at[0] - EDGE, at[-1] + EDGE, facecolor=BANDS[0], edgecolor="none", zorder=0)


def figure_hops(sets: Sequence[HopSet], size_in: tuple[float, float]) -> "Figure":
    """Index above, times below, one common axis of landings."""
    figure = sheet(*size_in)
    axes = figure.subplots(2, 1, sharex=True)
    draw_rsi(axes[0], sets)
    draw_times(axes[1], sets)
    for ax in axes:
        _ground(ax, sets)
        ax.grid(visible=False, axis="x")
    _name_sets(axes[0], sets)
    axes[1].set_xlabel("landing of the set")
    found = {}
    for ax in axes:
        found.update(dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True)))
    figure.legend(found.values(), found.keys(), loc="outside lower left", ncols=2)
    return figure


def _name_sets(ax: "Axes", sets: Sequence[HopSet]) -> None:
    ticks, names = [], []
    room = min(4, max(1, MOST_TICKS // max(1, len(sets))))  # figures beside each other in one set
    for at, one in zip(places(sets), sets, strict=True):
        label = one.label if len(sets) <= MOST_NAMED else one.label.removeprefix("set ")
        ax.text(float(at.mean()), 0.98, label, transform=ax.get_xaxis_transform(),
                ha="center", va="top", fontsize=8.5, color=INK)  # fmt: skip
        step = max(1, -(-len(at) // room))
        ticks += at[step - 1 :: step].tolist()
        names += [str(number) for number in range(step, len(at) + 1, step)]
    ax.set_xticks(ticks, names)
