"""Every kind of pattern by its name: one runner on given Axes, or runners side by side.

>>> [kind.name for kind in KINDS][:3]
['strike-angle', 'strike-along-run', 'strike-by-speed']
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gaitlab.coaching.comparison.band import Band
from gaitlab.coaching.numbers.select import Part
from gaitlab.metrics.catalog import CATALOG
from gaitlab.metrics.drift import DRIFT_METRICS
from gaitlab.model.errors import UsageError
from gaitlab.report.figures.base import head, say_missing, sheet
from gaitlab.report.figures.classes import class_key, class_share
from gaitlab.report.figures.clock import strike_clock
from gaitlab.report.figures.cloud import SpeedCloud, contact_speed
from gaitlab.report.figures.curves import contact_curve
from gaitlab.report.figures.distribution import strike_angle
from gaitlab.report.figures.drifting import drift
from gaitlab.report.figures.ladder import step_ladder
from gaitlab.report.figures.pairs import left_right
from gaitlab.report.figures.path import foot_path
from gaitlab.report.figures.speed import legend_handles
from gaitlab.report.hover import forget_names
from gaitlab.report.pages.output import write_bytes
from gaitlab.report.patterns.cycle import clocks, side_views
from gaitlab.report.patterns.feet import ladders, step_pairs
from gaitlab.report.patterns.signals import acceleration_curves, pitch_curves
from gaitlab.report.patterns.speeds import drifting, speed_clouds
from gaitlab.report.patterns.strikes import shares_along_run, shares_by_speed, strike_angles
from gaitlab.report.patterns.subjects import Missing, Subject, subjects_of
from gaitlab.report.style import PAPER, house_style

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure as Figure

MOST_RUNNERS: Final = 12
FORMATS: Final = ("png", "svg", "pdf")
SPEED_METRICS: Final = tuple(item.name for item in CATALOG if item.name != "speed_mps")
PAIR_METRICS: Final = (
    "contact_time_s", "flight_time_s", "step_time_s", "duty_factor", "step_length_m",
    "strike_angle_rad",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of picture.

    prepare : from runners and a metric to what is drawn of each, on axes alike
    draw : one of those on Axes;  key : the entries of a legend, from one of those
    height_in : of a panel that is 4.4 inches wide;  metrics : that may be chosen, first the usual
    """

    name: str
    shows: str
    prepare: Callable[[Sequence[Subject], str], Sequence[Any]]
    draw: "Callable[[Any, Axes], Axes]"
    height_in: float
    metrics: tuple[str, ...] = ()
    key: "Callable[[Any], Sequence[Artist]] | None" = None
    equal: bool = False


def _speed_key(data: SpeedCloud) -> "Sequence[Artist]":
    return legend_handles(data.what)


KINDS: Final = (
    Kind("strike-angle", "how often each foot lands at each angle, with class bands and "
         "probabilities", strike_angles, strike_angle, 2.7),
    Kind("strike-along-run", "share of heel, midfoot and forefoot along the run",
         shares_along_run, class_share, 2.5, key=class_key),
    Kind("strike-by-speed", "share of heel, midfoot and forefoot against speed",
         shares_by_speed, class_share, 2.5, key=class_key),
    Kind("strike-clock", "one gait cycle as a ring: contact and flight of both feet",
         clocks, strike_clock, 4.3),
    Kind("foot-path", "the way of the pod seen from the side, with the tilt of the foot",
         side_views, foot_path, 2.9),
    Kind("pitch-curve", "foot pitch around initial contact, mean and band",
         pitch_curves, contact_curve, 2.8),
    Kind("acceleration-curve", "acceleration of the pod around initial contact, mean and band",
         acceleration_curves, contact_curve, 2.8),
    Kind("contact-speed", "contact time (or another metric) against speed, beside published values",
         speed_clouds, contact_speed, 3.1, ("contact_time_s", *SPEED_METRICS), key=_speed_key),
    Kind("left-right", "each left contact against the right one that follows",
         step_pairs, left_right, 4.0, PAIR_METRICS, equal=True),
    Kind("step-ladder", "the fastest steps in a row: contact and flight of each",
         ladders, step_ladder, 4.6),
    Kind("drift", "change along the distance at one speed: fatigue, if it is that",
         drifting, drift, 2.6, DRIFT_METRICS),
)  # fmt: skip


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises
    ------
    UsageError : there is none; with the nearest name.
    """
    found = next((kind for kind in KINDS if kind.name == name), None)
    if found is not None:
        return found
    names = [kind.name for kind in KINDS]
    near = get_close_matches(name, names, n=1)
    raise UsageError(
        f"no kind of plot is called {name!r}",
        f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}",
        "gaitlab plot --list tells what each shows",
    )


def metric_for(kind: Kind, wanted: str) -> str:
    """The metric to draw: ``wanted`` (in the words of the tables), or the usual one of the kind.

    Raises
    ------
    UsageError : this kind has no such metric.
    """
    if not wanted:
        return kind.metrics[0] if kind.metrics else ""
    columns = {item.column: item.name for item in CATALOG if item.name in kind.metrics}
    name = columns.get(wanted, wanted)
    if name in kind.metrics:
        return name
    why = f"it can show {', '.join(columns)}" if columns else "it has no choice of metric"
    raise UsageError(
        f"{kind.name} cannot show {wanted!r}", why, "leave the metric out, or name one of those"
    )


def draw_one(
    name: str,
    part: Part,
    ax: "Axes | None" = None,
    metric: str = "",
    bands: Sequence[Band] = (),
) -> "Axes":
    """One runner's picture on ``ax``, or on a sheet of its own.

    bands : groups of your own athletes, drawn where a metric stands against speed

    Raises
    ------
    UsageError : no such kind, or no such metric of it.
    """
    kind = kind_of(name)
    (data,) = kind.prepare(subjects_of((part,), bands), metric_for(kind, metric))
    with house_style():
        if ax is None:
            figure = sheet(4.4, kind.height_in + (0.5 if kind.key else 0.0))
            figure.set_facecolor(PAPER)
            ax = figure.subplots()
        _draw(kind, data, ax)
        if kind.key is not None and not isinstance(data, Missing):
            ax.legend(
                handles=list(kind.key(data)), loc="upper left", bbox_to_anchor=(0.0, -0.2),
                ncols=2, borderaxespad=0.0, handletextpad=0.5, columnspacing=1.2,
            )  # fmt: skip
    return ax


def figure_of(
    name: str,
    parts: Sequence[Part],
    *,
    metric: str = "",
    columns: int | None = None,
    bands: Sequence[Band] = (),
) -> "Figure":
    """Runners side by side: one panel each, the same axes for all.

    bands : groups of your own athletes, drawn where a metric stands against speed
    columns : of panels; one for up to three runners, two for more, unless given

    Raises
    ------
    UsageError : no such kind or metric; no runner, or more than twelve.
    """
    kind = kind_of(name)
    if not 1 <= len(parts) <= MOST_RUNNERS:
        raise UsageError(
            f"{len(parts)} runners on one sheet",
            f"a sheet holds 1 to {MOST_RUNNERS}, or nobody could read it",
            "make several plots, or name fewer recordings",
        )
    found = kind.prepare(subjects_of(parts, bands), metric_for(kind, metric))
    return panels_of(kind, found, columns or (1 if len(parts) <= 3 else 2))


def panels_of(kind: Kind, found: Sequence[object], columns: int) -> "Figure":
    """What ``kind.prepare`` made, one panel each."""
    across = min(columns, len(found))
    down = -(-len(found) // across)
    width = 4.4 if across == 1 else 3.7 * across
    with house_style():
        height = kind.height_in * (down if across == 1 else 0.85 * down + 0.1)
        figure = sheet(width, height + (0.5 if kind.key else 0.0))
        figure.set_facecolor(PAPER)
        axes = figure.subplots(down, across, squeeze=False).ravel()
        for ax, data in zip(axes, found, strict=False):
            _draw(kind, data, ax)
        for ax in axes[len(found) :]:
            ax.set_axis_off()
        _legend(figure, kind, found)
    return figure


def _draw(kind: Kind, data: object, ax: "Axes") -> None:
    if isinstance(data, Missing):
        head(ax, data.label, data.colour)
        say_missing(ax, data.reason)
        ax.set_xticks([])
    else:
        kind.draw(data, ax)


def _legend(figure: "Figure", kind: Kind, found: Sequence[object]) -> None:
    shown = next((data for data in found if not isinstance(data, Missing)), None)
    if kind.key is None or shown is None:
        return
    figure.legend(
        handles=list(kind.key(shown)), loc="outside lower left", ncols=2, handletextpad=0.5,
        columnspacing=1.2, borderaxespad=0.3, labelspacing=0.35,
    )  # fmt: skip


def write_figure(figure: "Figure", path: Path, *, dots_per_inch: int = 200) -> Path:
    """Write a figure as PNG, SVG or PDF, by the ending of ``path``; whole or not at all.

    Raises
    ------
    UsageError : another ending.
    OutputError : the place cannot be written; nothing half-written is left.
    """
    import warnings
    from io import BytesIO

    forget_names(figure)
    form = refuse_form(path).suffix.lower().removeprefix(".")
    content = BytesIO()
    dateless: dict[str, dict[str, None]] = {
        "png": {},
        "svg": {"Date": None},
        "pdf": {"CreationDate": None},
    }
    with house_style(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name in another script
        figure.savefig(content, format=form, dpi=dots_per_inch, facecolor=PAPER,
                       metadata=dateless[form])  # fmt: skip
    return write_bytes(content.getvalue(), path)


def refuse_form(path: Path) -> Path:
    """``path`` when a figure can be written there by its ending, else UsageError."""
    if path.suffix.lower().removeprefix(".") in FORMATS:
        return path
    raise UsageError(
        f"cannot write {path.name} as a plot",
        f"it is written as {', '.join(FORMATS)}, told by the ending of the file",
        f"for example -o {path.stem or 'plot'}.png",
    )
