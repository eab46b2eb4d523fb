"""The page of a forecast and of a speed reserve, or their main picture alone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.potential.answer import Forecast, group_text
from gaitlab.coaching.potential.gain import Gain
from gaitlab.coaching.potential.ladder import every_event
from gaitlab.coaching.potential.race_events import BY_NAME, PEOPLE, RaceTime, Sex, time_text
from gaitlab.coaching.potential.speed_reserve import (
    Ratio,
    Reserve,
    Speed,
    aerobic_line,
    two_speed_curve,
)
from gaitlab.report.figures.potential import (
    ChanceCurve,
    Durations,
    LadderRow,
    figure_chance,
    figure_durations,
    figure_ladder,
)
from gaitlab.report.pages.recording import render
from gaitlab.report.panels import Panel, drawn
from gaitlab.report.picture import write_page_or_picture
from gaitlab.report.sheets.base import Section
from gaitlab.report.sheets.potential import (
    forecast_lines,
    forecast_notes,
    gain_grid,
    gain_notes,
    input_grid,
)
from gaitlab.report.sheets.potential_words import chance_text
from gaitlab.report.sheets.reserve import ratio_grid, reserve_lines, reserve_notes
from gaitlab.report.style import house_style
from gaitlab.report.tables import Tile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURE_IN: Final = (5.2, 4.2)
WIDE_IN, NARROW_IN = (9.6, 4.6), (4.4, 4.8)
GRID: Final = 160
EMPTY: Final = np.empty(0)


def write_forecast(
    one: Forecast, faster: Sequence[Gain], path: Path, program_version: str
) -> Path:  # fmt: skip
    """Write the page of a forecast (.html), or its chance curve alone (.png, .svg, .pdf).

    Raises
    ------
    UsageError : another ending.
    OutputError : the place cannot be written.
    """
    return write_page_or_picture(
        path,
        lambda: times_page(
            (forecast_section(one, faster),), _title(one), _facts(one), program_version
        ),
        lambda: chance_figure(one),
        "a forecast",
    )


def write_reserve(
    found: Reserve | None,
    ratios: tuple[Ratio, ...],
    easy: Speed | None,
    times: tuple[RaceTime, ...],
    sex: Sex,
    path: Path,
    program_version: str,
) -> Path:
    """Write the page of a speed reserve (.html), or speed over duration (.png, .svg, .pdf).

    Raises
    ------
    UsageError : another ending.
    OutputError : the place cannot be written.
    """
    item = durations_of(times, (), sex, found)
    panel = _duration_panel(item)
    section = Section(
        "reserve", "Speed reserve",
        sentences=() if found is None else reserve_lines(found, easy),
        panels=(panel,), grids=(ratio_grid(ratios),) if ratios else (),
        notes=reserve_notes(found),
    )  # fmt: skip
    facts = (PEOPLE[sex], *(f"{one.event.name} {time_text(one.time_s)}" for one in times))
    return write_page_or_picture(
        path,
        lambda: times_page((section,), "Speed reserve", facts, program_version),
        lambda: _styled(lambda: figure_durations(item, PICTURE_IN)),
        "a speed reserve",
    )


def times_page(
    sections: tuple[Section, ...], title: str, facts: tuple[str, ...], program_version: str
) -> str:
    """A page about times, or about a season, without the data quality of one recording."""
    return render(
        "times.html.j2",
        {"title": title, "heading": title, "facts": facts, "sections": sections, "warnings": (),
         "program_version": program_version},
    )  # fmt: skip


def _styled(draw: "Callable[[], Figure]") -> "Figure":
    with house_style():
        return draw()


def _title(one: Forecast) -> str:
    goal_s = one.question.goal_s
    goal = f" in {time_text(goal_s)}" if goal_s is not None else ""
    return f"Potential over {one.question.target.name}{goal}"


def _facts(one: Forecast) -> tuple[str, ...]:
    times = (f"{time.event.name} {time_text(time.time_s)}" for time in one.question.times)
    return (PEOPLE[one.question.sex], *times, f"group: {group_text(one.shares)}")


def forecast_section(one: Forecast, faster: Sequence[Gain]) -> Section:
    """Everything that is known about one goal."""
    rungs = ladder_of(one)
    panels = (
        _chance_panel(one),
        _ladder_panel(rungs),
        _duration_panel(_forecast_durations(one)),
    )
    grids = (input_grid(one), *((gain_grid(faster),) if faster else ()))
    return Section(
        "potential", _title(one), sentences=forecast_lines(one), tiles=_tiles(one), panels=panels,
        grids=grids, notes=(*forecast_notes(one), *gain_notes(faster)[1:]),
    )  # fmt: skip


def _tiles(one: Forecast) -> tuple[Tile, ...]:
    interval = one.interval_s(0.8)
    if one.median_s is None or interval is None:
        return ()
    who = f"{one.n} {PEOPLE[one.question.sex]}, {group_text(one.shares)}"
    median = Tile(
        "median" if one.law is not None else "median of the group", time_text(one.median_s), "",
        f"80 %: {time_text(interval[0])} to {time_text(interval[1])}",
    )  # fmt: skip
    if one.question.goal_s is None:
        return (median, Tile("athletes behind it", str(one.n), "", who))
    rate = chance_text(one.base_rate)
    said = "no forecast" if one.law is None else chance_text(one.probability)
    return (
        Tile(f"chance of {time_text(one.question.goal_s)}", said, "", f"base rate {rate} of {who}"),
        Tile("base rate", rate, "", f"of {who}"), median,
        Tile("athletes behind it", str(one.n), "", group_text(one.shares)),
    )  # fmt: skip


def curve_of(one: Forecast) -> ChanceCurve | None:
    """Chance and base rate over goal times; None without a group."""
    if one.base is None:
        return None
    goal_s = one.question.goal_s
    ends = [one.base.time_s(0.03), one.base.time_s(0.97)]
    if one.law is not None:
        ends += [one.law.time_s(0.02), one.law.time_s(0.98)]
    if goal_s is not None:
        ends += [0.99 * goal_s, 1.01 * goal_s]
    grid = np.linspace(min(ends), max(ends), GRID)
    grid = grid if goal_s is None else np.union1d(grid, [goal_s])
    chance = EMPTY if one.law is None else one.law.chance(grid)
    who = f"{one.n} {PEOPLE[one.question.sex]}, {group_text(one.shares)}"
    mark = float("nan") if goal_s is None else goal_s
    return ChanceCurve(grid, chance, one.base.share(grid), mark, who)


def chance_figure(one: Forecast) -> "Figure":
    """The chance curve, or why there is none."""
    from gaitlab.report.figures.base import say_missing, sheet

    curve = curve_of(one)
    with house_style():
        if curve is not None:
            return figure_chance(curve, PICTURE_IN)
        figure = sheet(*PICTURE_IN)
        say_missing(figure.subplots(), one.notes[0])
        return figure


def _chance_panel(one: Forecast) -> Panel:
    title = "Chance over goal times"
    curve = curve_of(one)
    if curve is None:
        return Panel("chance", title, missing=one.notes[0], wide=True)
    caption = (
        "How many reach a goal time: with these times (line) and in the whole reference group "
        "(dashed). Where the lines are far apart, the times tell something."
        if one.law is not None
        else "How many of the reference group reach a goal time. There is no second line: these "
        "times do not change it, or nobody comparable is known."
    )
    return drawn(
        "chance", title, caption, f"{title}; base rate of {curve.group}",
        lambda size, _: figure_chance(curve, size), wide=True, wide_in=WIDE_IN, narrow_in=NARROW_IN,
    )  # fmt: skip


def ladder_of(one: Forecast) -> tuple[LadderRow, ...]:
    """A rung for every event from 800 m that can be answered."""
    own = {time.event.key: time.speed_mps for time in one.question.times}
    rungs = (
        _rung(answer, own.get(answer.question.target.key, float("nan")))
        for answer in every_event(one.question)
    )
    return tuple(rung for rung in rungs if rung is not None)


def _rung(answer: Forecast, own_mps: float) -> LadderRow | None:
    most, half, base = answer.interval_s(0.8), answer.interval_s(0.5), answer.base
    if most is None or half is None or base is None or answer.median_s is None:
        return None
    event = answer.question.target

    def speeds(times_s: tuple[float, float]) -> tuple[float, float]:
        return event.distance_m / times_s[1], event.distance_m / times_s[0]

    n = f"n {answer.n}"
    ends = f"{time_text(most[0])} to {time_text(most[1])}"
    text = f"{time_text(answer.median_s)}  ({ends}; {n})"
    told = answer.law is not None
    return LadderRow(
        event.name, speeds(most), speeds(half), event.distance_m / answer.median_s, own_mps,
        speeds(base.interval_s(0.8)), told, text if told else f"group only: {text}",
    )  # fmt: skip


def _ladder_panel(rows: tuple[LadderRow, ...]) -> Panel:
    title = "What the same times say about every event"
    caption = (
        "Median, 50 and 80 % interval from the other events; in brackets 80 % and the athletes "
        "behind it. Diamonds: own best times, which are left out of their own rung. Grey: the "
        "middle 80 % of the group. Wide rungs are not known well."
    )
    return drawn(
        "ladder", title, caption, f"{title}: {', '.join(row.event for row in rows)}",
        lambda size, _: figure_ladder(rows, size), wide=True, wide_in=(9.6, 5.2),
        narrow_in=(4.4, 6.4),
    )  # fmt: skip


def _forecast_durations(one: Forecast) -> Durations:
    given = {time.event.key for time in one.question.times}
    points = []
    for row in ladder_of(one):
        event = BY_NAME[row.event]
        if row.forecast and event.key not in given:
            duration = event.distance_m / row.median_mps
            points.append((duration, row.median_mps, row.event, *row.most_mps))
    return durations_of(one.question.times, tuple(points), one.question.sex, None)


def durations_of(
    times: tuple[RaceTime, ...],
    forecasts: tuple[tuple[float, float, str, float, float], ...],
    sex: Sex,
    found: Reserve | None,
) -> Durations:
    """Points and lines of speed over duration."""
    races = tuple((one.time_s, one.speed_mps, one.event.name) for one in times)
    longest_s = max(1500.0, *(r[0] for r in races), *(f[0] for f in forecasts))
    line_s = np.geomspace(100.0, longest_s, 60)
    line = aerobic_line(times, sex, line_s)
    curve_s = EMPTY if found is None else np.geomspace(4.0, 240.0, 60)
    return Durations(
        races, forecasts, float("nan") if found is None else found.mss.mps,
        EMPTY if line is None else line_s, EMPTY if line is None else line[1],
        np.empty((2, 0)) if line is None else line[[0, 2]],
        curve_s, EMPTY if found is None else two_speed_curve(found, curve_s),
    )  # fmt: skip


def _duration_panel(item: Durations) -> Panel:
    title = "Speed over duration"
    caption = (
        "Race averages (diamonds) and, where a sprint test gave a top speed, the curve that falls "
        "from it to the aerobic speed; the shaded line is how most runners lose speed with "
        "duration. A 200 or 400 above the curve's trend marks a speed type."
    )
    return drawn(
        "durations", title, caption, title, lambda size, _: figure_durations(item, size),
        wide=True, wide_in=WIDE_IN, narrow_in=NARROW_IN,
    )  # fmt: skip
