"""Ins-and-outs: speed over time, zone by zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.style import ATHLETES, BANDS, INK, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GROUNDS: Final = {"in": BANDS[2], "out": BANDS[1], "build": PAPER}


@dataclass(frozen=True, slots=True, eq=False)
class ZoneTrace:
    """One repetition, times in s of the recording, as in the table.

    at_s, speed_mps : (n,) of single strides;  curve_s, curve_mps : (g,) the fitted speed
    edges_s : (k + 1,) borders;  mean_mps : (k,) mean of each zone;  intents : what was meant
    """

    title: str
    at_s: Floats
    speed_mps: Floats
    curve_s: Floats
    curve_mps: Floats
    edges_s: Floats
    mean_mps: Floats
    intents: tuple[str, ...]


def draw_zones(ax: "Axes", trace: ZoneTrace) -> "Axes":
    """Strides as dots, the fitted speed as a line, each zone with its name and mean speed."""
    ax.set(ylabel="speed [m/s]")
    ax.set_title(trace.title, pad=4)
    if not len(trace.intents):
        return say_missing(ax, "no zones")
    for intent, start, stop in zip(
        trace.intents, trace.edges_s[:-1], trace.edges_s[1:], strict=True
    ):
        ax.axvspan(start, stop, facecolor=GROUNDS[intent], edgecolor="none", zorder=0, label=intent)
    for edge in trace.edges_s:
        ax.axvline(float(edge), color=MUTED, linewidth=0.9, linestyle="--", zorder=1)
    ax.plot(trace.at_s, trace.speed_mps, "o", color=ATHLETES[0], markersize=3.2, alpha=0.7,
            zorder=3, label="one stride")  # fmt: skip
    ax.plot(trace.curve_s, trace.curve_mps, color=INK, linewidth=1.4, zorder=4, label="fitted")
    _limits(ax, trace)
    _name_zones(ax, trace)
    return ax


def _limits(ax: "Axes", trace: ZoneTrace) -> None:
    """The zones and a little beside them; the way up from standing may start below."""
    span = float(np.ptp(trace.edges_s))
    ax.set_xlim(trace.edges_s[0] - 0.04 * span, trace.edges_s[-1] + 0.08 * span)
    meant = np.array([intent != "build" for intent in trace.intents])
    low = float(np.min(trace.mean_mps[meant])) if meant.any() else float(trace.mean_mps.min())
    shown = trace.speed_mps[np.isfinite(trace.speed_mps)]
    top = max(float(shown.max(initial=0.0)), float(trace.mean_mps.max()))
    room = max(0.35 * (top - low), 0.4)
    zone = np.searchsorted(trace.edges_s, trace.curve_s, side="right") - 1
    dips = trace.curve_mps[np.isin(zone, np.flatnonzero(meant)) & np.isfinite(trace.curve_mps)]
    floor = float(dips.min(initial=low)) - 0.3 * room
    ax.set_ylim(min(low - 1.6 * room, floor), top + 1.5 * room)


def _name_zones(ax: "Axes", trace: ZoneTrace) -> None:
    for intent, start, stop, mean in zip(
        trace.intents, trace.edges_s[:-1], trace.edges_s[1:], trace.mean_mps, strict=True
    ):
        ax.text(
            float(start + stop) / 2, 0.97, f"{intent}\n{mean:.2f}", ha="center", va="top",
            transform=ax.get_xaxis_transform(), fontsize=8.5, color=INK, zorder=5, linespacing=1.25,
        )  # fmt: skip


def figure_zones(traces: Sequence[ZoneTrace], size_in: tuple[float, float]) -> "Figure":
    """One panel a repetition under each other."""
    figure = sheet(*size_in)
    axes = figure.subplots(len(traces), 1, squeeze=False)[:, 0]
    for ax, trace in zip(axes, traces, strict=True):
        draw_zones(ax, trace)
        ax.grid(visible=False, axis="x")
    axes[-1].set_xlabel("time in the recording [s]")
    return figure
