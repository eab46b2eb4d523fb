"""A race along its distance: speed, cadence and contact under each other, the kick shaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gaitlab.model.units import Floats
from gaitlab.report.figures.base import foot_legend, sheet
from gaitlab.report.figures.over_time import Track, draw_track
from gaitlab.report.figures.strike import Shares, draw_angle_over_time, draw_shares
from gaitlab.report.style import BANDS, INK, LINE, PAPER, STRIKE_FILLS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEND_HEIGHT: Final = 0.035  # of the panel: a strip along its bottom
SHADE: Final = BANDS[2]


@dataclass(frozen=True, slots=True, eq=False)
class RaceMarks:
    """What is drawn behind the tracks of a race.

    length_m : of the whole;  lap_m : where laps end
    kick_m : where the kick begins, None without one;  kick_words : named there
    bends_m : (k, 2) begin and end of every bend;  k = 0 when none were told
    """

    length_m: float
    lap_m: Floats
    kick_m: float | None
    kick_words: str
    bends_m: Floats


def draw_race_track(ax: "Axes", track: Track, marks: RaceMarks) -> "Axes":
    """One metric over the distance, laps as thin lines, the kick shaded, bends as a strip."""
    draw_track(ax, track)
    if marks.kick_m is not None:
        ax.axvspan(
            marks.kick_m, marks.length_m, facecolor=SHADE, edgecolor="none", zorder=0.5,
            label="kick",
        )  # fmt: skip
    _draw_places(ax, marks)
    for start, stop in marks.bends_m:
        ax.axvspan(
            float(start), float(stop), 0.0, BEND_HEIGHT, facecolor=STRIKE_FILLS[1],
            edgecolor="none", zorder=3, label="bend",
        )  # fmt: skip
    return ax


def _draw_places(ax: "Axes", marks: RaceMarks) -> None:
    """Laps as thin upright lines, the start of the kick as a broken one."""
    for lap in marks.lap_m:
        ax.axvline(float(lap), color=LINE, linewidth=1.0, zorder=0.6)
    if marks.kick_m is not None:
        ax.axvline(marks.kick_m, color=INK, linewidth=1.1, linestyle="--", zorder=2)


def draw_race_strike(ax: "Axes", track: Track, marks: RaceMarks, limit_deg: float) -> "Axes":
    """Strike angle over the distance, classes behind; the kick is what lies right of its line."""
    draw_angle_over_time(ax, track.series, limit_deg)
    ax.plot(*track.trend, color=INK, linewidth=1.4, zorder=4, label="median")
    _draw_places(ax, marks)
    ax.grid(visible=False, axis="x")
    ax.set(xlabel="distance [m]", xlim=(0.0, marks.length_m))
    if marks.kick_m is not None:
        _name_kick(ax, marks)
    foot_legend(ax, track.series)
    return ax


def figure_race_strike(
    track: Track, marks: RaceMarks, rows: Sequence[Shares], limit_deg: float,
    size_in: tuple[float, float],
) -> "Figure":  # fmt: skip
    """The angle along the race and the shares of the classes part by part; above each other
    where there is no width.
    """
    figure = sheet(*size_in)
    if size_in[0] > size_in[1]:
        angle, shares = figure.subplots(1, 2, gridspec_kw={"width_ratios": (5, 3)})
    else:
        angle, shares = figure.subplots(2, 1, gridspec_kw={"height_ratios": (3, 2)})
    draw_race_strike(angle, track, marks, limit_deg)
    draw_shares(shares, rows)
    return figure


def figure_race(
    tracks: Sequence[Track], marks: RaceMarks, size_in: tuple[float, float]
) -> "Figure":
    """All tracks of a race over one distance axis."""
    figure = sheet(*size_in)
    axes = figure.subplots(len(tracks), 1, sharex=True, squeeze=False)[:, 0]
    for ax, track in zip(axes, tracks, strict=True):
        draw_race_track(ax, track, marks)
        ax.grid(visible=False, axis="x")
    bends = ", grey strip: bends" if len(marks.bends_m) else ""
    axes[-1].set_xlabel(f"distance [m]{bends}")
    axes[-1].set_xlim(0.0, marks.length_m)
    if marks.kick_m is not None:
        _name_kick(axes[0], marks)
    figure.align_ylabels(list(axes))
    foot_legend(axes[0], next((track.series for track in tracks if track.series), ()))
    return figure


def _name_kick(ax: "Axes", marks: RaceMarks) -> None:
    ax.annotate(
        marks.kick_words, (marks.kick_m or 0.0, 1.0), (-4.0, -3.0), ha="right", va="top",
        xycoords=ax.get_xaxis_transform(), textcoords="offset points", fontsize=8.5, color=INK,
        zorder=6, bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.75, "pad": 1.0},
    )  # fmt: skip
