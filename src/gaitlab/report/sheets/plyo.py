"""Hops and bounds in words, tables and pictures: for the screen and for their page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.drills.plyo import BEST, TEN, PlyoSet
from gaitlab.metrics.catalog import MISSING_TEXT
from gaitlab.model.analysis import Analysis
from gaitlab.model.units import MS_PER_S
from gaitlab.report.figures.hops import HopSet, figure_hops
from gaitlab.report.panels import Panel, Size, drawn
from gaitlab.report.sheets.base import Grid, Section, number, of_reps, with_spread
from gaitlab.report.style import house_style
from gaitlab.report.tables import Tile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEADINGS: Final = (
    "set", "kind", "n", "contact\n[ms]", "flight\n[ms]", "height\n[cm]", "RSI [m/s]\nheight/tc",
    "RSI\ntf/tc", "10/5\n[m/s]", "rhythm\nCV [%]", "loss\n[%]", "length\n[m]", "R after\nL [ms]",
)  # fmt: skip
RESTS_ON: Final = tuple(
    (name, activity)
    for activity in ("hop", "bound")
    for name in ("contact_time_s", "flight_time_s")
)
WELL_SAMPLED_HZ: Final = 150.0  # benchmarks/hops.py
PICTURE_IN: Final = (5.2, 5.0)


def plyo_section(analysis: Analysis, sets: Sequence[PlyoSet]) -> Section:
    """Every set and every landing."""
    return Section(
        key="plyo",
        rests_on=RESTS_ON,
        title="Hops and bounds",
        answer=plyo_answer(sets),
        sentences=plyo_words(analysis, sets),
        tiles=plyo_tiles(sets),
        panels=(hops_panel(sets),),
        grids=(plyo_grid(sets),),
        notes=(
            "RSI is named twice because two definitions are in use: height over contact time, and "
            "flight over contact time. They rank athletes alike only at equal contact times.",
            "Height is that of the flight, g·t²/8; legs that are tucked make it too high.",
        ),
    )


def plyo_answer(sets: Sequence[PlyoSet]) -> tuple[str, ...]:
    """The set with the highest strength index: what it was made of; nothing without one."""
    place = _best_set(sets)
    best = sets[place]
    rsi, contact_s, height_m = (
        best.middle(name)[0] for name in ("rsi_mps", "contact_time_s", "height_m")
    )
    if not np.isfinite(rsi):
        return ()
    kind = f"{best.kind.capitalize()}, RSI"
    if len(sets) > 1:
        kind = f"Highest RSI of {len(sets)} sets in set {place + 1} ({best.kind})"
    score = best.score_10_5_mps
    ten = f"; 10/5 score {score:.2f}" if np.isfinite(score) else ""
    return (
        f"{kind}: {rsi:.2f} m/s, {100.0 * height_m:.1f} cm out of "
        f"{MS_PER_S * contact_s:.0f} ms on the ground{ten}.",
    )


def _best_set(sets: Sequence[PlyoSet]) -> int:
    """The set with the highest middle index, the first where none has one."""
    rsi = [one.middle("rsi_mps")[0] for one in sets]
    return int(np.nanargmax(rsi)) if np.isfinite(rsi).any() else 0


def plyo_words(analysis: Analysis, sets: Sequence[PlyoSet]) -> tuple[str, ...]:
    """What the numbers are, and what one pod cannot tell."""
    sd_s = sets[0].contact_sd_s
    known = f"a single contact time is known to ± {MS_PER_S * sd_s:.0f} ms"
    words = [
        f"Middle ± spread of the landings of a set; {known}."
        if np.isfinite(sd_s)
        else "Landings were counted; how long they lasted was not measurable (see data quality)."
    ]
    for caution in dict.fromkeys(line for one in sets for line in one.cautions):
        words += of_reps([caution in one.cautions for one in sets], caution, "Set")
    return (*words, *plyo_cautions(analysis))


def plyo_cautions(analysis: Analysis) -> tuple[str, ...]:
    """What pods that sample slowly do to the numbers; nothing for the others."""
    slowest = min((signal.rate_hz for signal in analysis.signals), default=np.inf)
    if slowest >= WELL_SAMPLED_HZ:
        return ()
    return (
        f"With {slowest:.0f} samples a second contacts of hops come out short, by up to 40 ms in "
        "simulated athletes, and flights too long by as much: compare only what the same pods "
        "recorded.",
    )


def plyo_tiles(sets: Sequence[PlyoSet]) -> tuple[Tile, ...]:
    """Sets, and contact, height and strength index of the set with the highest index."""
    place = _best_set(sets)
    best = sets[place]
    of = f"set {place + 1} · n {best.n}"
    landings = sum(one.n for one in sets)

    def tile(label: str, name: str, factor: float, decimals: int, unit: str) -> Tile:
        middle, spread = best.middle(name)
        if not np.isfinite(middle):
            return Tile(label, MISSING_TEXT, "", "not measurable: see data quality")
        return Tile(label, number(middle, factor, decimals), unit,
                    f"± {number(spread, factor, decimals)} spread · {of}")  # fmt: skip

    return (
        Tile("sets", str(len(sets)), "", f"{landings} landings"),
        tile("contact", "contact_time_s", MS_PER_S, 0, "ms"),
        tile("height", "height_m", 100.0, 1, "cm"),
        tile("RSI, height/contact", "rsi_mps", 1.0, 2, "m/s"),
    )


def plyo_grid(sets: Sequence[PlyoSet]) -> Grid:
    """One row a set."""
    rows = tuple((str(place), one.kind, str(one.n), *_cells(one)) for place, one in
                 enumerate(sets, start=1))  # fmt: skip
    return Grid(
        HEADINGS, rows, "Every set",
        "tc: contact time, tf: flight time; ±: spread of the landings. 10/5: mean of the five best "
        "of the first ten. Loss: of height/tc, from the first three landings to the last three.",
        ("kind",),
    )  # fmt: skip


def _cells(one: PlyoSet) -> tuple[str, ...]:
    def pair(name: str, factor: float, decimals: int) -> str:
        return with_spread(*one.middle(name), factor, decimals)

    return (
        pair("contact_time_s", MS_PER_S, 0), pair("flight_time_s", MS_PER_S, 0),
        pair("height_m", 100.0, 1), pair("rsi_mps", 1.0, 2), pair("flight_ratio", 1.0, 2),
        number(one.score_10_5_mps, 1.0, 2), number(one.rhythm_cv, 100.0, 1),
        number(one.decay_share, 100.0, 0), pair("hop_length_m", 1.0, 2),
        pair("lag_s", MS_PER_S, 0),
    )  # fmt: skip


def hops_panel(sets: Sequence[PlyoSet]) -> Panel:
    """Landing by landing."""
    caption = (
        "Above, height over contact time of every landing; full dots are the five best of the "
        "first ten, the broken line is the middle of the set. Below, the time on the ground and, "
        "on top of it, in the air until the next landing. Does the index hold to the end of a "
        "set, and is it contact or flight that changes?"
    )
    counts = "; ".join(f"{one.kind}, {one.n} landings" for one in sets)
    if not any(np.isfinite(one.contact_time_s).any() for one in sets):
        why = f"No contact time of any landing ({counts}): see data quality."
        return Panel("hops", "Landing by landing", missing=why, wide=True)
    return drawn(
        "hops", "Landing by landing", caption, f"Strength index of every landing: {counts}",
        lambda size, _: hops_figure(sets, size), wide=True,
    )  # fmt: skip


def hops_figure(sets: Sequence[PlyoSet], size_in: Size = PICTURE_IN) -> "Figure":
    """Strength index, contact and flight of every landing."""
    with house_style():
        return figure_hops([_drawn_set(one, k) for k, one in enumerate(sets, start=1)], size_in)


def _drawn_set(one: PlyoSet, place: int) -> HopSet:
    best = np.zeros(one.n)
    if np.isfinite(one.score_10_5_mps):
        first = np.where(np.isfinite(one.rsi_mps[:TEN]), one.rsi_mps[:TEN], -np.inf)
        best[np.argsort(first)[-BEST:]] = 1.0
    return HopSet(f"set {place}", one.rsi_mps, MS_PER_S * one.contact_time_s,
                  MS_PER_S * one.flight_time_s, best)  # fmt: skip
