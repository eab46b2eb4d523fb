"""Flying sprints in words, tables and pictures: for the screen and for their page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.drills.flying import Fly, behind_best, best_of, drop_share
from gaitlab.coaching.numbers.pace import middle_of_three
from gaitlab.coaching.numbers.select import RUNNING, running_mask
from gaitlab.metrics.catalog import metric
from gaitlab.model.analysis import Analysis
from gaitlab.model.units import PaceUnits, fast_with_unit
from gaitlab.report.figures.reps import (
    REP_LOOK,
    RepMetric,
    RepTrace,
    feet_of,
    figure_reps,
    figure_traces,
)
from gaitlab.report.panels import Panel, Size, drawn
from gaitlab.report.sheets.base import (
    CONTACT_HEADING,
    STRIKE_HEADING,
    Grid,
    Section,
    beside_speed,
    contact_text,
    most_common,
    number,
    of_reps,
    shares_text,
)
from gaitlab.report.style import house_style
from gaitlab.report.tables import Tile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MEAN_HEADING: Final = "mean\n[m/s]"
TIME_HEADINGS: Final = (
    "rep", "kind", "zone from", "time\n[s]", "behind\nbest [%]", MEAN_HEADING, "top\n[m/s]",
    "in the zone",
)  # fmt: skip
STEP_HEADINGS: Final = (
    "rep", "cadence\n[steps/min]", "steps", "step\n[m]", CONTACT_HEADING, "flight\n[ms]",
    "left / right\ncontact [ms]", STRIKE_HEADING, "n",
)  # fmt: skip
WITHOUT_MARKS: Final = (
    "Times without marks rest on measured lengths (± 4 %); two marks with their distances "
    "(gates, cones) make them good to some hundredths."
)
RUN_IN_SHOWN_M: Final = 30.0
RUN_OUT_SHOWN_M: Final = 20.0
STATE_CELL: Final = {"still accelerating": "speeding up"}  # a narrow column
RESTS_ON: Final = ("speed_mps", "cadence_spm", "contact_time_s")
PICTURE_IN: Final = (5.2, 5.6)


def fly_section(
    analysis: Analysis, flies: Sequence[Fly], zone_m: float, units: PaceUnits = "km"
) -> Section:
    """Every repetition and the best of them."""
    return Section(
        key="flying",
        rests_on=tuple((name, RUNNING) for name in RESTS_ON),
        title=f"Flying {zone_m:g} m",
        answer=(fly_answer(flies, zone_m),),
        sentences=fly_words(flies),
        tiles=fly_tiles(flies, units),
        panels=(reps_panel(flies), traces_panel(analysis, flies, zone_m)),
        grids=fly_grids(flies, units),
    )


def fly_answer(flies: Sequence[Fly], zone_m: float) -> str:
    """The best time with its top speed, and which repetition it was."""
    place = best_of(flies)
    best = flies[place]
    of = f"Best of {len(flies)}, repetition {place + 1}: " if len(flies) > 1 else ""
    return (
        f"{of}{zone_m:g} m in {best.time_s:.2f} ± {best.band_s:.2f} s (95 %), top speed "
        f"{metric('speed_mps').text(best.v_max_mps, with_unit=True)}."
    )


def fly_words(flies: Sequence[Fly]) -> tuple[str, ...]:
    """Best, drop, and how the times were taken."""
    words = []
    if len(flies) > 1:
        drop, best = drop_share(flies), best_of(flies)
        last = f" The last one was {100 * drop:.1f} % slower than the best." if drop > 0.0 else ""
        words.append(f"Best: repetition {best + 1}.{last}")
        if any(fly.time_s < flies[best].time_s for fly in flies):
            words.append("The best is one with a run-up; sprints from standing do not count there.")
        if len({fly.how for fly in flies}) > 1:
            words.append(
                "The zones come from different sources: a best window is never slower than a zone "
                "between marks or after a run-in."
            )
    for state in ("still accelerating", "fading"):
        words += of_reps([fly.state == state for fly in flies], f"{state} inside the zone")
    for caution in dict.fromkeys(one for fly in flies for one in fly.cautions):
        words += of_reps([caution in fly.cautions for fly in flies], caution)
    if any(fly.how != "marks" for fly in flies):
        words.append(WITHOUT_MARKS)
    return tuple(words)


def fly_tiles(flies: Sequence[Fly], units: PaceUnits = "km") -> tuple[Tile, ...]:
    """Time, top speed, cadence with step length, contact: of the best repetition."""
    best = flies[best_of(flies)]
    contact, cadence = metric("contact_time_s"), metric("cadence_spm")
    spread = contact.spread_text(best.contact_spread_s)
    return (
        Tile("best time", f"{best.time_s:.2f}", "s", f"± {best.band_s:.2f} s (95 %) · {best.how}"),
        Tile("top speed", metric("speed_mps").text(best.v_max_mps), "m/s",
             f"{fast_with_unit(best.v_max_mps, units)} · {best.state}"),
        Tile("cadence", cadence.text(best.cadence_spm), cadence.unit,
             f"step {best.step_length_m:.2f} m · n {best.n}"),
        Tile("contact", contact.text(best.contact_time_s), contact.unit,
             f"spread {spread} ms · {most_common(best.strike_shares)} · n {best.n}"),
    )  # fmt: skip


def fly_grids(flies: Sequence[Fly], units: PaceUnits = "km") -> tuple[Grid, ...]:
    """Time and speed, then the steps: one row a repetition in each, narrow enough to read."""
    numbered = tuple(enumerate(flies, start=1))
    behind = behind_best(flies)
    times = Grid(
        TIME_HEADINGS,
        tuple((str(place), *_time_cells(fly, behind[place - 1])) for place, fly in numbered),
        "Every repetition", "± behind the time is its 95 % half-width.",
        ("kind", "zone from", "in the zone"),
    )  # fmt: skip
    steps = Grid(
        STEP_HEADINGS, tuple((str(place), *_step_cells(fly)) for place, fly in numbered),
        "The steps in the zone",
        "Medians of the n contacts in the zone; ± behind the contact is the spread of single "
        "contacts.",
    )  # fmt: skip
    if units != "km":  # km/h stands on the tile
        paces = [fast_with_unit(fly.v_mean_mps, units) for fly in flies]
        times = beside_speed(times, MEAN_HEADING, paces)
    return times, steps


def _time_cells(fly: Fly, behind: float) -> tuple[str, ...]:
    speed = metric("speed_mps")
    return (
        fly.kind, fly.how, f"{fly.time_s:.2f} ± {fly.band_s:.2f}", number(behind, 100.0, 1),
        speed.text(fly.v_mean_mps), speed.text(fly.v_max_mps), STATE_CELL.get(fly.state, fly.state),
    )  # fmt: skip


def _step_cells(fly: Fly) -> tuple[str, ...]:
    contact = metric("contact_time_s")
    return (
        metric("cadence_spm").text(fly.cadence_spm), f"{fly.steps:.1f}",
        metric("step_length_m").text(fly.step_length_m),
        contact_text(fly.contact_time_s, fly.contact_spread_s),
        metric("flight_time_s").text(fly.flight_time_s),
        f"{contact.text(fly.left_contact_s)} / {contact.text(fly.right_contact_s)}",
        shares_text(fly.strike_shares), str(fly.n),
    )  # fmt: skip


def reps_panel(flies: Sequence[Fly]) -> Panel:
    """Repetitions beside each other."""
    times = ", ".join(f"{fly.time_s:.2f} s" for fly in flies)
    return drawn(
        "reps", "The repetitions beside each other",
        "Bars: the time with its 95 % range, most of it one share for all repetitions unless they "
        "were marked; the contact with the spread of single ones. The best is in bold. "
        "Look at what goes with a slower repetition: fewer, or shorter steps, or longer contacts? "
        "The scales do not start at zero.",
        f"Time, top speed, cadence, step length and contact of {len(flies)} repetitions: {times}",
        lambda size, _: reps_figure(flies, size), wide=True, narrow_in=(4.4, 5.8),
    )  # fmt: skip


def reps_figure(flies: Sequence[Fly], size_in: Size = PICTURE_IN) -> "Figure":
    """The repetitions beside each other: two columns, three on a wide screen."""
    columns = 3 if size_in[0] > 7.0 else 2
    with house_style():
        return figure_reps(rep_metrics(flies), columns, size_in)


def rep_metrics(flies: Sequence[Fly]) -> tuple[RepMetric, ...]:
    """What is drawn of every repetition."""
    best = best_of(flies)

    def one(label: str, name: str, decimals: int, factor: float = 1.0, bar: str = "") -> RepMetric:
        values = factor * np.array([getattr(fly, name) for fly in flies])
        bars = factor * np.array([getattr(fly, bar) if bar else np.nan for fly in flies])
        return RepMetric(label, ((REP_LOOK, values, bars),), decimals, best)

    left, right = (
        1e3 * np.array([getattr(fly, f"{side}_contact_s") for fly in flies])
        for side in ("left", "right")
    )
    return (
        one("time [s]", "time_s", 2, bar="band_s"), one("top speed [m/s]", "v_max_mps", 2),
        one("cadence [steps/min]", "cadence_spm", 0), one("step length [m]", "step_length_m", 2),
        one("contact [ms]", "contact_time_s", 0, 1e3, "contact_spread_s"),
        RepMetric("contact of each foot [ms]", feet_of(left, right), 0),
    )  # fmt: skip


def traces_panel(analysis: Analysis, flies: Sequence[Fly], zone_m: float) -> Panel:
    """Speed along the way of every repetition."""
    traces = tuple(
        trace
        for place, fly in enumerate(flies, start=1)
        for trace in [_trace(analysis, fly, f"rep {place}")]
        if trace is not None
    )

    def draw(size: Size, _: int) -> "Figure":
        return figure_traces(traces, zone_m, size)

    return drawn(
        "traces", "Speed along the way",
        "One line a repetition, laid so that the zone begins at 0 m. Where a line still rises in "
        "the zone, top speed was not reached before it.",
        f"Speed over distance of {len(traces)} repetitions", draw, wide=True,
        wide_in=(9.6, 3.6), narrow_in=(4.4, 4.0),
    )  # fmt: skip


def _trace(analysis: Analysis, fly: Fly, label: str) -> RepTrace | None:
    """Distance from the entry by the speeds of the strides, at their middles."""
    contacts = analysis.contacts
    at_s = contacts.ic_time_s + 0.5 * contacts.stride_time_s
    known = running_mask(analysis) & np.isfinite(at_s) & np.isfinite(contacts.speed_mps)
    order = np.flatnonzero(known)[np.argsort(at_s[known], kind="stable")]
    if len(order) < 3:
        return None
    at_s, speed = at_s[order], middle_of_three(contacts.speed_mps[order])
    step_m = 0.5 * (speed[1:] + speed[:-1]) * np.diff(at_s)
    way = np.concatenate(([0.0], np.cumsum(step_m)))
    entry_m, exit_m = np.interp([fly.entry_s, fly.exit_s], at_s, way)
    scale = fly.v_mean_mps * fly.time_s / (exit_m - entry_m) if exit_m > entry_m else 1.0
    way = scale * (way - entry_m)
    near = (at_s > fly.entry_s - 12.0) & (at_s < fly.exit_s + 8.0)
    near &= (way > -RUN_IN_SHOWN_M) & (way < fly.v_mean_mps * fly.time_s + RUN_OUT_SHOWN_M)
    return RepTrace(label, way[near], scale * speed[near])
