"""A whole session in words, a table and a timeline; its page holds every drill in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.drills.flying import flying
from gaitlab.coaching.drills.ins_outs import ins_outs
from gaitlab.coaching.drills.plyo import plyo_sets
from gaitlab.coaching.drills.session import MARK_BEFORE_S, Choice, Repetition, unheard
from gaitlab.coaching.drills.session_numbers import Numbers
from gaitlab.coaching.numbers.pace import middle_of_three
from gaitlab.coaching.numbers.select import RUNNING
from gaitlab.coaching.race.course import RACE_M, raced_part
from gaitlab.coaching.race.laps import race_of
from gaitlab.coaching.sprint.force import Body
from gaitlab.coaching.sprint.search import sprints_of
from gaitlab.coaching.sprint.timed import Setting
from gaitlab.metrics.catalog import MISSING_TEXT, metric
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import Flag
from gaitlab.model.recording import Mark
from gaitlab.model.units import Floats, PaceUnits, fast_with_unit
from gaitlab.report.figures.timeline import Span, figure_timeline
from gaitlab.report.panels import Panel, Size, drawn
from gaitlab.report.sheets.base import (
    CONTACT_HEADING,
    Grid,
    Section,
    contact_text,
    number,
    of_reps,
)
from gaitlab.report.sheets.fly import fly_section
from gaitlab.report.sheets.ins_outs import ins_outs_section
from gaitlab.report.sheets.plyo import plyo_section
from gaitlab.report.sheets.race import race_section
from gaitlab.report.sheets.sprint import sprint_section
from gaitlab.report.style import house_style
from gaitlab.report.tables import Tile
from gaitlab.report.words import duration_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Row = tuple[Repetition, Numbers]
HEADINGS: Final = (
    "kind", "sure\n[%]", "from", "to", "lasted\n[s]", "steps", "distance\n[m]",
    "top\n[m/s]", CONTACT_HEADING, "n", "why",
)  # fmt: skip
BETWEEN: Final = ("walk", "rest")
SPRINTING: Final = ("sprint", "fly", "ins-outs")
PAUSE_S: Final = 2.0  # a line over a longer pause would show what nobody ran
FLY_ZONE_M: Final = 30.0
MOST_SPRINTS: Final = 4
RESTS_ON: Final = ("speed_mps", "cadence_spm", "contact_time_s")


def session_sections(
    analysis: Analysis, rows: Sequence[Row], units: PaceUnits = "km"
) -> tuple[Section, ...]:
    """The overview, then each drill of the session that can be measured."""
    kinds = {one.kind for one, _ in rows}
    drills: tuple[tuple[set[str], Callable[[], Sequence[Section]]], ...] = (
        ({"sprint"}, lambda: _sprints(analysis)),
        ({"fly"}, lambda: (_flies(analysis, units),)),
        ({"ins-outs"}, lambda: (ins_outs_section(analysis, ins_outs(analysis), units),)),
        ({"hops", "bounds"}, lambda: (plyo_section(analysis, plyo_sets(analysis)),)),
    )
    raced = raced_part(analysis)
    if raced is not None:
        drills = (*drills, ({"run"}, lambda: (_race(raced, units),)))
    found: list[Section] = []
    failed: list[str] = []
    for wanted, make in drills:
        if kinds & wanted:
            try:
                found += make()
            except AnalysisError as error:  # one drill that fails must not cost the others
                failed.append(f"{', '.join(sorted(wanted))}: {error.what}, {error.why}.")
    return (_overview(analysis, rows, tuple(failed), units), *found)


def _sprints(analysis: Analysis) -> tuple[Section, ...]:
    """The first sprints from standing, without the table of every step."""
    athlete = analysis.recording.athlete
    setting = Setting()
    if athlete.mass_kg is not None and athlete.height_m is not None:
        setting = Setting(body=Body(athlete.mass_kg, athlete.height_m), body_known=True)
    sections = [sprint_section(analysis, one) for one in sprints_of(analysis, setting)]
    told = [replace(one, grids=one.grids[:2]) for one in sections[:MOST_SPRINTS]]
    if len(sections) > MOST_SPRINTS:
        more = f"{len(sections) - MOST_SPRINTS} more sprints are on the page of `drill sprint`."
        told[-1] = replace(told[-1], notes=(*told[-1].notes, more))
    return tuple(told)


def _race(raced: Analysis, units: PaceUnits) -> Section:
    """The fastest long run, told as a race."""
    section = race_section(raced, race_of(raced, None), units)
    start_s = float(raced.contacts.ic_time_s[0])
    why = (
        f"Taken for a race: of the runs of {RACE_M:.0f} m or more the fastest, from "
        f"{clock(start_s)} of the recording. gaitlab race --distance knows its length better."
    )
    return replace(section, sentences=(why, *section.sentences))


def _flies(analysis: Analysis, units: PaceUnits) -> Section:
    flies = flying(analysis, FLY_ZONE_M, choice=Choice(kind="fly"))
    return fly_section(analysis, flies, FLY_ZONE_M, units)


def _overview(
    analysis: Analysis, rows: Sequence[Row], failed: tuple[str, ...], units: PaceUnits
) -> Section:
    return Section(
        key="session",
        title="The session",
        answer=(counts_words(rows),),
        sentences=failed,
        tiles=session_tiles(analysis, rows, units),
        panels=(timeline_panel(analysis, rows),),
        grids=(session_grid(rows),),
        notes=session_words(rows, analysis.recording.marks)[1:],
        rests_on=tuple((name, RUNNING) for name in RESTS_ON),
    )


def session_words(
    rows: Sequence[Row], marks: tuple[Mark, ...] = (), *, everything: bool = False
) -> tuple[str, ...]:
    """What was found, how to put it right, and what is not measurable.

    marks : those that name no repetition are told
    """
    shown = [row for row in rows if everything or row[0].kind not in BETWEEN]
    if not shown:
        return ("No repetition in this recording: nothing but walking and standing.",)
    reasons = dict.fromkeys(
        f"Not measurable ({one.kind}): {line}." for one, had in shown for line in had.missing
    )
    spoiled = [
        sentence
        for line in dict.fromkeys(line for _, had in shown for line in had.cautions)
        for sentence in of_reps([line in had.cautions for _, had in rows], line)
    ]
    guessed = any(not had.counted for _, had in shown)
    return (
        counts_words(rows),
        "Distances rest on measured lengths (± 4 % in sprints, ± 6 % else). A wrong kind is put "
        "right with a mark, or with --kind, --from and --to of each drill.",
        *(
            f"The mark {mark.label!r} at {clock(mark.time_s)} names nothing: no repetition begins "
            f"within {MARK_BEFORE_S:.0f} s after it, or lasts over it."
            for mark in unheard(marks, [one for one, _ in rows])
        ),
        *reasons,
        *spoiled,
        *(("~ steps by the rhythm: not every step was seen.",) if guessed else ()),
    )


def counts_words(rows: Sequence[Row]) -> str:
    """How many of each kind; walks and rests only where there was nothing else."""
    kinds = [one.kind for one, _ in rows]
    kinds = [kind for kind in kinds if kind not in BETWEEN] or kinds
    counts = [f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)]
    return f"Found: {', '.join(counts)}." if counts else "Nothing was found."


def session_grid(rows: Sequence[Row], *, everything: bool = False) -> Grid:
    """One row a repetition; walks and rests only when ``everything`` is wanted."""
    shown = tuple(
        (name, *_cells(one, had))
        for name, (one, had) in zip(names_of(rows), rows, strict=True)
        if everything or one.kind not in BETWEEN
    )
    return Grid(
        HEADINGS, shown, "Every repetition",
        "Sure: how likely the kind is. ± after a distance is "
        "its 95 % half-width, after a contact the spread of the single ones.",
        ("kind", "why"),
    )  # fmt: skip


def numbers_of_kind(kinds: Sequence[str]) -> list[int]:
    """Which of its kind each is, from 1: what ``--rep`` of a drill counts.

    >>> numbers_of_kind(["sprint", "walk", "sprint"])
    [1, 1, 2]
    """
    return [kinds[: place + 1].count(kind) for place, kind in enumerate(kinds)]


def names_of(rows: Sequence[Row]) -> list[str]:
    """Kind and number of each repetition; the only one of its kind has no number."""
    kinds = [one.kind for one, _ in rows]
    numbers = numbers_of_kind(kinds)
    return [
        f"{kind} {place}" if kinds.count(kind) > 1 else kind
        for kind, place in zip(kinds, numbers, strict=True)
    ]


def _cells(one: Repetition, had: Numbers) -> tuple[str, ...]:
    steps = f"{'' if had.counted else '~'}{had.steps}" if one.kind != "rest" else MISSING_TEXT
    known = had.distance_m == had.distance_m
    return (
        f"{100 * one.probability:.0f}", clock(one.start_s), clock(one.stop_s),
        f"{one.duration_s:.1f}", steps,
        f"{had.distance_m:.0f} ± {had.distance_band_m:.0f}" if known else MISSING_TEXT,
        metric("speed_mps").text(had.v_max_mps),
        contact_text(had.contact_time_s, had.contact_spread_s), str(had.n), one.reason,
    )  # fmt: skip


def clock(time_s: float) -> str:
    """Minutes and seconds of the recording.

    >>> clock(75.25)
    '1:15.2'
    """
    tenths = round(10.0 * max(time_s, 0.0))
    return f"{tenths // 600}:{tenths % 600 / 10.0:04.1f}"


def session_tiles(
    analysis: Analysis, rows: Sequence[Row], units: PaceUnits = "km"
) -> tuple[Tile, ...]:
    """How long, how many repetitions, how much sprinting, top speed."""
    reps = [one for one, _ in rows if one.kind not in BETWEEN]
    fast = [had for one, had in rows if one.kind in SPRINTING]
    tops = [(had.v_max_mps, name) for name, (_, had) in zip(names_of(rows), rows, strict=True)
            if np.isfinite(had.v_max_mps)]  # fmt: skip
    top, at = max(tops, default=(np.nan, ""))
    way = float(np.nansum([had.distance_m for had in fast])) if fast else np.nan
    span = float(analysis.segments.stop_s.max()) if len(analysis.segments) else 0.0
    told = f"{fast_with_unit(top, units)} · {at}" if at else "no speed was measured"
    return (
        Tile("session", duration_text(span), "", f"{len(analysis.contacts)} ground contacts"),
        Tile("repetitions", str(len(reps)), "", "without walks and rests"),
        Tile(
            "sprinted",
            number(way),
            "m",
            f"± 4 % · {len(fast)} fast repetition{'s' * (len(fast) != 1)}",
        ),
        Tile("top speed", number(top, 1.0, 2), "m/s", told),
    )


def timeline_panel(analysis: Analysis, rows: Sequence[Row]) -> Panel:
    """The session at a glance."""
    return drawn(
        "timeline", "The session at a glance",
        "Above, speed over the whole session; below, one lane for each kind, with the number of "
        "each repetition in it.",
        f"Speed over time, and when each repetition was: {counts_words(rows)}",
        lambda size, _: timeline_figure(analysis, rows, size), wide=True, wide_in=(9.6, 4.4),
        narrow_in=(4.4, 5.0),
    )  # fmt: skip


def timeline_figure(
    analysis: Analysis, rows: Sequence[Row], size_in: Size = (5.2, 5.0)
) -> "Figure":
    """Speed and lanes of the session."""
    kinds = [one.kind for one, _ in rows]
    spans = [
        Span(one.kind, one.start_s, one.stop_s, 0 if one.kind in BETWEEN else place)
        for (one, _), place in zip(rows, numbers_of_kind(kinds), strict=True)
    ]
    with house_style():
        return figure_timeline(spans, *_speed_line(analysis), size_in)


def _speed_line(analysis: Analysis) -> tuple[Floats, Floats]:
    """Times and speeds, with a break at every pause."""
    contacts = analysis.contacts
    known = np.isfinite(contacts.speed_mps) & ((contacts.flags & Flag.IMPLAUSIBLE) == 0)
    if known.sum() < 2:
        return np.empty(0), np.empty(0)
    at_s = contacts.ic_time_s[known]
    speed = middle_of_three(contacts.speed_mps[known])
    breaks = np.flatnonzero(np.diff(at_s) > PAUSE_S) + 1
    return np.insert(at_s, breaks, np.nan), np.insert(speed, breaks, np.nan)
