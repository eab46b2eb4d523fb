"""A whole session at a glance: speed over time, and below it what was done when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import SECONDS_PER_MINUTE, Floats
from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.style import ATHLETES, INK, LINE, MUTED, STRIKE_FILLS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LANES: Final = {
    "sprint": ATHLETES[1], "fly": ATHLETES[0], "ins-outs": ATHLETES[3], "hops": ATHLETES[2],
    "bounds": ATHLETES[4], "run": ATHLETES[8], "false start": INK, "walk": STRIKE_FILLS[1],
    "rest": STRIKE_FILLS[0],
}  # fmt: skip
THINNEST: Final = 0.006  # of the whole width: a sprint of 7 s in 20 minutes is still seen
LABEL_ROOM: Final = 0.02  # numbers closer than this are left out


@dataclass(frozen=True, slots=True)
class Span:
    """One repetition: its kind, when it was, and its number (0: none is written)."""

    kind: str
    start_s: float
    stop_s: float
    number: int


def draw_lanes(ax: "Axes", spans: Sequence[Span]) -> "Axes":
    """One lane a kind, every repetition a bar with its number."""
    kinds = [kind for kind in LANES if any(span.kind == kind for span in spans)]
    if not kinds:
        return say_missing(ax, "no repetition")
    begin = min(span.start_s for span in spans) / SECONDS_PER_MINUTE
    whole = max(span.stop_s for span in spans) / SECONDS_PER_MINUTE - begin
    for lane, kind in enumerate(kinds):
        mine = [span for span in spans if span.kind == kind]
        starts = np.array([span.start_s for span in mine]) / SECONDS_PER_MINUTE
        wide = np.array([span.stop_s - span.start_s for span in mine]) / SECONDS_PER_MINUTE
        wide = np.maximum(wide, THINNEST * whole)
        ax.broken_barh(
            list(zip(starts.tolist(), wide.tolist(), strict=True)), (lane - 0.36, 0.72),
            facecolor=LANES[kind], edgecolor="none", label=kind, zorder=3,
        )  # fmt: skip
        _number_bars(ax, mine, starts + wide, float(lane), LABEL_ROOM * whole)
    ax.set_yticks(range(len(kinds)), [_counted(kind, spans) for kind in kinds])
    ax.set_ylim(len(kinds) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
    return ax


def _counted(kind: str, spans: Sequence[Span]) -> str:
    return f"{kind} × {sum(span.kind == kind for span in spans)}"


def _number_bars(ax: "Axes", spans: Sequence[Span], ends: Floats, lane: float, room: float) -> None:
    """The number of each repetition just behind its bar, where there is room for it."""
    begins = np.append([span.start_s / SECONDS_PER_MINUTE for span in spans[1:]], np.inf)
    for span, end, after in zip(spans, ends.tolist(), begins.tolist(), strict=True):
        if span.number and after - end >= room:
            ax.annotate(
                str(span.number), (end, lane), (1.5, 0.0), textcoords="offset points",
                va="center", ha="left", fontsize=8.4, color=INK, zorder=4,
            )  # fmt: skip


def draw_session_speed(ax: "Axes", at_s: Floats, speed_mps: Floats) -> "Axes":
    """Speed over the session; gaps where nobody moved."""
    ax.set_ylabel("speed\n[m/s]")
    if not np.isfinite(speed_mps).any():
        return say_missing(ax, "no speed: see the data quality")
    ax.plot(at_s / SECONDS_PER_MINUTE, speed_mps, color=INK, linewidth=1.1, zorder=3)
    ax.set_ylim(0.0, 1.1 * float(np.nanmax(speed_mps)))
    return ax


def figure_timeline(
    spans: Sequence[Span], at_s: Floats, speed_mps: Floats, size_in: tuple[float, float]
) -> "Figure":
    """Speed above, lanes below, one time axis in minutes."""
    figure = sheet(*size_in)
    kinds = len({span.kind for span in spans})
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 0.6 + 0.55 * kinds))
    draw_session_speed(upper, at_s, speed_mps)
    draw_lanes(lower, spans)
    lower.set_xlabel("time in the recording [min]")
    for start in {span.start_s for span in spans if span.number}:
        upper.axvline(start / SECONDS_PER_MINUTE, color=LINE, linewidth=0.8, zorder=1)
    lower.spines["left"].set_color(MUTED)
    lower.margins(x=0.03)
    return figure
