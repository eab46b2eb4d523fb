"""Ins-and-outs in words, tables and pictures: for the screen and for their page."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.drills.ins_outs import InsOuts
from gaitlab.coaching.drills.zones import Zone
from gaitlab.coaching.numbers.select import RUNNING
from gaitlab.metrics.catalog import MISSING_TEXT, metric
from gaitlab.model.analysis import Analysis
from gaitlab.model.units import PaceUnits, fast_with_unit
from gaitlab.report.figures.zones import ZoneTrace, figure_zones
from gaitlab.report.panels import Panel, Size, drawn
from gaitlab.report.sheets.base import (
    CONTACT_HEADING,
    Grid,
    Section,
    beside_speed,
    contact_text,
    number,
)
from gaitlab.report.style import house_style
from gaitlab.report.tables import Tile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MEAN_HEADING: Final = "mean\n[m/s]"
HEADINGS: Final = (
    "zone", "from\n[s]", "to\n[s]", "length\n[m]", "time\n[s]", MEAN_HEADING, "top\n[m/s]",
    "cadence\n[steps/min]", "step\n[m]", CONTACT_HEADING, "flight\n[ms]", "change\nover", "n",
)  # fmt: skip
HOW: Final = {
    "marks": "zones between the marks",
    "lengths": "zones of the lengths given, laid where the speed changes",
    "found": "zones found where the speed changes; lengths are measured (± 4 %)",
}
RESTS_ON: Final = ("speed_mps", "cadence_spm", "contact_time_s")
UNSURE_S: Final = 2.0  # a border known no better than that lies anywhere
MOST_TRACES: Final = 4


def ins_outs_section(
    analysis: Analysis, found: Sequence[InsOuts], units: PaceUnits = "km"
) -> Section:
    """Every repetition zone by zone."""
    return Section(
        key="ins-outs",
        rests_on=tuple((name, RUNNING) for name in RESTS_ON),
        title="Ins and outs",
        answer=ins_outs_answer(found),
        sentences=tuple(
            line for place, one in enumerate(found, start=1) for line in _words(place, one, found)
        ),
        tiles=ins_outs_tiles(found),
        panels=(zones_panel(found),),
        grids=tuple(zone_grid(place, one, units) for place, one in enumerate(found, start=1)),
    )


def ins_outs_answer(found: Sequence[InsOuts]) -> tuple[str, ...]:
    """The float and the last sprint of the repetition with the fastest in."""
    place = _fastest(found)
    one = found[place]
    of = f"Repetition {place + 1}, the fastest of {len(found)}: " if len(found) > 1 else ""
    said = []
    if isfinite(one.retention_share):
        said.append(
            f"the float kept {100 * one.retention_share:.0f} ± {100 * one.retention_band:.0f} % "
            "of the speed of the sprint before it"
        )
    if isfinite(one.reacceleration_mps):
        than = "faster" if one.reacceleration_mps >= 0.0 else "slower"
        said.append(f"the last in was {abs(one.reacceleration_mps):.2f} m/s {than} than the first")
    words = f"{of}{'; '.join(said)}."
    return (f"{words[0].upper()}{words[1:]}",) if said else ()


def ins_outs_words(one: InsOuts) -> tuple[str, ...]:
    """What the float kept, whether the last sprint reached the first, what is missing."""
    words = []
    if isfinite(one.retention_share):
        words.append(
            f"Float: {100 * one.retention_share:.0f} ± {100 * one.retention_band:.0f} % of the "
            f"speed of the sprint before it{_rhythm(one)}."
        )
    if isfinite(one.reacceleration_mps):
        words.append(f"Last in against first in: {signed(one.reacceleration_mps, 1.0, 2)} m/s.")
    cautions = (f"{line[0].upper()}{line[1:]}." for line in one.cautions)
    return (*words, *(f"Not measurable: {line}." for line in one.missing), *cautions)


def _rhythm(one: InsOuts) -> str:
    """How cadence and contact changed from sprint to float; nothing where not known."""
    if not isfinite(one.out_cadence_spm + one.out_contact_s):
        return ""
    return (
        f"; cadence {signed(one.out_cadence_spm, 1.0, 0)} steps/min, contact "
        f"{signed(one.out_contact_s, 1000.0, 0)} ms"
    )


def _words(place: int, one: InsOuts, found: Sequence[InsOuts]) -> tuple[str, ...]:
    lines = (f"{HOW[one.how].capitalize()}.", *ins_outs_words(one))
    if len(found) == 1:
        return lines
    return (f"Repetition {place}: {HOW[one.how]}. {' '.join(lines[1:])}",)


def signed(value: float, factor: float, decimals: int) -> str:
    """A change with its sign; an en dash when there is none.

    >>> signed(-0.012, 1000.0, 0), signed(float("nan"), 1.0, 0)
    ('−12', '–')
    """
    return f"{factor * value:+.{decimals}f}".replace("-", "−") if isfinite(value) else MISSING_TEXT


def _fastest_in(one: InsOuts) -> float:
    """Mean speed of the fastest in, 0 without one."""
    return max((zone.v_mean_mps for zone in one.zones if zone.intent == "in"), default=0.0)


def _fastest(found: Sequence[InsOuts]) -> int:
    return int(np.argmax([_fastest_in(one) for one in found]))


def ins_outs_tiles(found: Sequence[InsOuts]) -> tuple[Tile, ...]:
    """Fastest in, float, re-acceleration: of the repetition with the fastest in."""
    place = _fastest(found)
    one = found[place]
    top = _fastest_in(one)
    of = f"repetition {place + 1}" if len(found) > 1 else f"{len(one.zones)} zones"
    band = next((z.v_band_mps for z in one.zones if z.v_mean_mps == top), np.nan)
    return (
        Tile("fastest in, mean", number(top or np.nan, 1.0, 2), "m/s",
             f"± {number(band, 1.0, 2)} (95 %) · {of}"),
        Tile("float kept", number(one.retention_share, 100.0), "%",
             f"± {number(one.retention_band, 100.0)} % of the sprint before · {of}"),
        Tile("last in − first in", signed(one.reacceleration_mps, 1.0, 2), "m/s", of),
        Tile("contact, in to out", signed(one.out_contact_s, 1000.0, 0), "ms",
             f"cadence {signed(one.out_cadence_spm, 1.0, 0)} steps/min · {of}"),
    )  # fmt: skip


def zone_grid(place: int, one: InsOuts, units: PaceUnits = "km") -> Grid:
    """One row a zone."""
    grid = Grid(
        HEADINGS, tuple(_cells(zone) for zone in one.zones), f"Repetition {place}, zone by zone",
        "Medians of the n contacts in the zone; ± is the 95 % half-width of a border or a mean "
        "speed, behind cadence and contact the spread of the single ones. Change over: the way in "
        "which 10 to 90 % of the change of speed happens.",
        ("zone",),
    )  # fmt: skip
    if units == "km":  # km/h stands on the tile; the table is wide enough
        return grid
    paces = [fast_with_unit(zone.v_mean_mps, units) for zone in one.zones]
    return beside_speed(grid, MEAN_HEADING, paces)


def _cells(zone: Zone) -> tuple[str, ...]:
    speed = metric("speed_mps")
    return (
        zone.intent, f"{zone.start_s:.2f}", _border(zone.stop_s, zone.stop_band_s),
        f"{zone.length_m:.1f}", f"{zone.time_s:.2f}",
        f"{speed.text(zone.v_mean_mps)} ± {zone.v_band_mps:.2f}", speed.text(zone.v_max_mps),
        _cadence(zone),
        metric("step_length_m").text(zone.step_length_m),
        contact_text(zone.contact_time_s, zone.contact_spread_s),
        metric("flight_time_s").text(zone.flight_time_s),
        number(zone.transition_m, 1.0, 0, "m"), str(zone.n),
    )  # fmt: skip


def _border(at_s: float, band_s: float) -> str:
    """A border with its 95 % half-width, or that it is hardly seen."""
    return f"{at_s:.2f} ± {band_s:.2f}" if band_s < UNSURE_S else f"{at_s:.2f} unsure"


def _cadence(zone: Zone) -> str:
    item = metric("cadence_spm")
    if not isfinite(zone.cadence_spm):
        return MISSING_TEXT
    return f"{item.text(zone.cadence_spm)} ± {item.spread_text(zone.cadence_spread_spm)}"


def zones_panel(found: Sequence[InsOuts]) -> Panel:
    """Speed over time with the zones."""
    shown = found[:MOST_TRACES]
    left_out = f" The first {MOST_TRACES} of {len(found)}." if len(found) > MOST_TRACES else ""
    zones = "; ".join(
        ", ".join(f"{zone.intent} {zone.v_mean_mps:.2f} m/s" for zone in one.zones) for one in shown
    )
    lines = len(shown)
    return drawn(
        "zones", "Speed, zone by zone",
        "Dots: single strides; line: the fitted speed; under each name the mean of the zone. "
        "Coaches look at whether the last in reaches the first, and at what the float keeps."
        + left_out,
        f"Speed over time in zones: {zones}", lambda size, _: zones_figure(shown, size), wide=True,
        wide_in=(9.6, 0.6 + 2.9 * lines), narrow_in=(4.4, 0.6 + 3.0 * lines),
    )  # fmt: skip


def zones_figure(found: Sequence[InsOuts], size_in: Size | None = None) -> "Figure":
    """Speed over time, one panel a repetition."""
    shown = found[:MOST_TRACES]
    with house_style():
        return figure_zones(
            [_trace(place, one, len(found)) for place, one in enumerate(shown, start=1)],
            size_in or (5.2, 0.6 + 3.2 * len(shown)),
        )


def _trace(place: int, one: InsOuts, count: int) -> ZoneTrace:
    edges = np.array([*(zone.start_s for zone in one.zones), one.zones[-1].stop_s])
    return ZoneTrace(
        f"repetition {place}" if count > 1 else "", one.at_s, one.speed_mps,
        one.curve_s, one.curve_mps, edges,
        np.array([zone.v_mean_mps for zone in one.zones]), tuple(zone.intent for zone in one.zones),
    )  # fmt: skip
