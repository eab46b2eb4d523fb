"""The steps of a sprint one after another: ground and air of each, where it was on the track."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.model.units import Bools, Codes, Floats
from gaitlab.report.figures.base import say_missing, sheet
from gaitlab.report.style import FOOT_LOOKS, INK, LINE, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR: Final = 0.78  # of the step that a bar fills
EVERY_M: Final = 10.0
FIRST_WRITTEN: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class TrackSteps:
    """Steps of one sprint, k of them.

    at_m : (k,) where the body is at each landing;  length_m : (k,) of the step
    contact_ms, flight_ms : (k,) NaN where not known;  foot : (k,) code
    sure : (k,) False where an event was probably seen at a wrong instant
    """

    at_m: Floats
    length_m: Floats
    contact_ms: Floats
    flight_ms: Floats
    foot: Codes
    sure: Bools


def draw_track_steps(ax: "Axes", steps: TrackSteps) -> "Axes":
    """A bar a step, at its place along the track: contact upwards, flight downwards."""
    if not len(steps.at_m):
        return say_missing(ax, "No steps.")
    usual_m = float(np.nanmedian([*steps.length_m, 0.0]))
    widths = BAR * np.where(np.isfinite(steps.length_m), steps.length_m, usual_m)
    for code in np.unique(steps.foot):
        mine, look = steps.foot == code, FOOT_LOOKS[code]
        left, width = steps.at_m[mine], widths[mine]
        ax.bar(
            left, steps.contact_ms[mine], width, align="edge", color=look.colour, zorder=3,
            label=f"{look.label}: on the ground",
        )  # fmt: skip
        ax.bar(
            left, -steps.flight_ms[mine], width, align="edge", color=look.colour, alpha=0.32,
            zorder=3, label=f"{look.label}: in the air after it",
        )  # fmt: skip
    ax.axhline(0.0, color=INK, linewidth=1.0, zorder=4)
    _write_times(ax, steps)
    high = float(np.nanmax([*steps.contact_ms, 150.0]))
    low = float(np.nanmax([*steps.flight_ms, 150.0]))
    ax.set_ylim(-1.18 * low, 1.18 * high)
    ax.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    ax.set(xlabel="distance [m]", ylabel="← flight [ms]    contact [ms] →")
    ax.set_xticks(np.arange(0.0, steps.at_m[-1] + EVERY_M, EVERY_M))
    ax.set_xlim(0.0, float(steps.at_m[-1] + np.nan_to_num(steps.length_m[-1])) + 0.5)
    ax.grid(visible=True, axis="x", color=LINE)
    return ax


def _write_times(ax: "Axes", steps: TrackSteps) -> None:
    """Contact and flight in figures, for every other step of each foot, a ? where one is unsure."""
    wanted = np.arange(len(steps.at_m)) % 4 == FIRST_WRITTEN % 4
    wanted[:FIRST_WRITTEN] = False  # the first bars are narrower than their figures
    beside = np.convolve(~steps.sure, np.ones(3), mode="same") > 0.0  # room for the ?
    wanted &= ~beside | ~steps.sure
    middle = steps.at_m + 0.5 * BAR * steps.length_m
    for k in np.flatnonzero(wanted | ~steps.sure).tolist():  # a dozen labels
        for values, sign, side in ((steps.contact_ms, 1, "bottom"), (steps.flight_ms, -1, "top")):
            value, around = values[k], np.nan_to_num(values[max(k - 1, 0) : k + 2])
            unsure = not steps.sure[k]
            if np.isfinite(value) and np.isfinite(middle[k]) and (wanted[k] or sign > 0):
                ax.annotate(
                    "?" if unsure else f"{value:.0f}",
                    (middle[k], sign * around.max()), (0.0, sign * 1.5),
                    textcoords="offset points", ha="center", va=side, color=INK, zorder=5,
                    fontsize=11.0 if unsure else 8.5, fontweight="bold" if unsure else "normal",
                    bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.75, "pad": 0.4},
                )  # fmt: skip


def figure_track_steps(steps: TrackSteps, size_in: tuple[float, float]) -> "Figure":
    """The ladder above, the length of each step below, on the same track."""
    figure = sheet(*size_in)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2.4, 1.0))
    draw_track_steps(upper, steps)
    upper.set_xlabel("")
    _draw_lengths(lower, steps)
    handles, names = upper.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower left", ncols=2)
    return figure


def _draw_lengths(ax: "Axes", steps: TrackSteps) -> None:
    for code in np.unique(steps.foot):
        mine, look = steps.foot == code, FOOT_LOOKS[code]
        ax.plot(
            (steps.at_m + 0.5 * steps.length_m)[mine], steps.length_m[mine], look.marker,
            color=look.colour, markersize=4.5, markeredgecolor=PAPER, markeredgewidth=0.4, zorder=3,
        )  # fmt: skip
    ax.set(xlabel="distance [m]", ylabel="step [m]")
    ax.set_ylim(0.0, 1.15 * float(np.nanmax([*steps.length_m, 1.0])))
    ax.tick_params(colors=MUTED)
