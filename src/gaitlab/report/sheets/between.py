"""Cruise, kick and own sprint side by side: in words, as a table and as a picture."""

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.comparison.between import Between, Placed, State
from gaitlab.coaching.numbers.select import Part
from gaitlab.metrics.catalog import MISSING_TEXT, Metric, metric
from gaitlab.model.gait import Contacts
from gaitlab.report.evidence import IDEA, KICK_EVIDENCE
from gaitlab.report.figures.between import Position, figure_positions
from gaitlab.report.figures.speed import Cloud, figure_against_speed
from gaitlab.report.panels import (
    PUBLISHED_CAPTION,
    SPEED_BIN_MPS,
    Panel,
    Size,
    against_speed,
    drawn,
)
from gaitlab.report.pattern_panels import pattern_panel
from gaitlab.report.points import by_foot, medians_along, shown
from gaitlab.report.sheets.base import Card, Grid, Section
from gaitlab.report.style import ALONE_COLOUR, ATHLETES, house_style
from gaitlab.report.tables import Tile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEADINGS: Final = ("metric", "cruise", "kick", "own sprint", "kick lies at", "95 %, or why not")
TILES: Final = ("speed_mps", "cadence_spm", "step_length_m", "contact_time_s")
CLOUDS: Final = ("contact_time_s", "cadence_spm", "flight_time_s", "strike_angle_rad")
COLOURS: Final = (ALONE_COLOUR, ATHLETES[0], ATHLETES[1])
MOST_POINTS: Final = 300  # of each foot and state
NARROW_IN: Final = (4.4, 6.4)
WIDE_IN: Final = (9.6, 5.6)


def between_section(found: Between) -> Section:
    """Where the kick lies, beside the idea and the evidence."""
    sprint, where, *others = between_words(found)
    return Section(
        key="between",
        title="Kick, cruise and own top speed",
        answer=(where,),
        sentences=(sprint, *others),
        tiles=between_tiles(found),
        panels=(
            between_panel(found),
            clock_panel(found),
            *(cloud_panel(found, name) for name in CLOUDS),
        ),
        grids=(between_grid(found),),
        notes=found.notes,
        cards=(Card("What many coaches say", IDEA), Card("What has been measured", KICK_EVIDENCE)),
    )


def clock_panel(found: Between) -> Panel:
    """When the feet are down in cruise, kick and own sprint."""
    analysis = found.sprint.analysis
    parts = [Part(label, analysis, contacts) for label, contacts in found.states]
    return pattern_panel("strike-clock", parts, "own-clock")


def between_tiles(found: Between) -> tuple[Tile, ...]:
    """Where speed, cadence, step length and contact lie."""
    rows = {row.metric.name: row for row in found.rows}
    return tuple(_tile(rows[name]) for name in TILES)


def _tile(row: Placed) -> Tile:
    if row.reason:
        return Tile(f"{row.metric.label}: kick lies at", MISSING_TEXT, "", row.reason)
    cruise, kick, sprint = (row.metric.text(s.value) for s in (row.cruise, row.kick, row.sprint))
    detail = f"{_percent(row.low)} to {_percent(row.high)} · {cruise} → {kick} → {sprint}"
    return Tile(f"{row.metric.label}: kick lies at", _percent(row.position), "",
                f"{detail} {row.metric.unit}")  # fmt: skip


def cloud_panel(found: Between, name: str) -> Panel:
    """One metric against speed: cruise, kick and own sprint beside published groups."""
    item = metric(name)
    title = f"{item.label.capitalize()} against speed"
    speeds = [contacts.speed_mps for _, contacts in found.states]
    values = [shown(contacts, name) for _, contacts in found.states]
    known = [
        bool((np.isfinite(v) & np.isfinite(s)).any()) for v, s in zip(values, speeds, strict=True)
    ]
    if not any(known):
        return Panel(f"own-{name}", title, missing=f"No {item.label} with a speed.")
    clouds = tuple(
        _cloud(label, contacts, colour, name)
        for (label, contacts), colour, drawn_here in zip(found.states, COLOURS, known, strict=True)
        if drawn_here
    )
    what = against_speed(name, clouds, np.concatenate(speeds), np.concatenate(values),
                         found.sprint.analysis.recording.athlete.sex)  # fmt: skip
    grounds = "The grounds are the classes of Mo 2021." if what.limit_deg else PUBLISHED_CAPTION
    caption = f"The same runner in three states (left circle, right triangle). {grounds}"
    return drawn(
        f"own{name.split('_')[0]}", title, caption,
        f"{title} in {', '.join(cloud.label for cloud in clouds)}",
        lambda size, _: figure_against_speed(what, size),
    )  # fmt: skip


def _cloud(label: str, contacts: Contacts, colour: str, name: str) -> Cloud:
    speeds, values = contacts.speed_mps, shown(contacts, name)
    series = tuple(
        replace(one, look=replace(one.look, colour=colour))
        for one in by_foot(contacts, speeds, values, MOST_POINTS)
    )
    return Cloud(label, colour, series, medians_along(speeds, values, SPEED_BIN_MPS))


def between_words(found: Between) -> tuple[str, ...]:
    """The own sprint, where the speed lies, where the rest lies."""
    fly = found.sprint.fly
    rep = (
        f"Own sprint: {fly.v_mean_mps:.2f} m/s over the zone ({fly.how}; n {fly.n}), from "
        f"{found.sprint.analysis.recording.name}."
    )
    if not found.comparable:
        why = next((row.reason for row in found.rows if row.reason), "nothing was measured")
        return (rep, f"No position of the kick between cruise and sprint: {why}.")
    speed = next(row for row in found.rows if row.metric.name == "speed_mps")
    at = (
        f"The speed of the kick lies {_percent(speed.position)} of the way from cruise to own "
        f"sprint ({_percent(speed.low)} to {_percent(speed.high)}). "
        if isfinite(speed.position)
        else ""
    )
    many = f"The other {found.comparable} metrics that differ between the two lie at "
    many += f"{_percent(found.lowest)} to {_percent(found.highest)}, in the middle at "
    one = "The only other metric that differs between the two lies at "
    return (
        rep,
        f"{at}{many if found.comparable > 1 else one}{_percent(found.middle)}.",
        "Every metric moves with speed in everybody: hold each position against that of the speed. "
        "Further towards the sprint is not better.",
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %".replace("-", "−")


def between_grid(found: Between) -> Grid:
    """One row a metric: value ± standard uncertainty (n) in each state, and the position."""
    return Grid(
        HEADINGS, tuple(_row(row) for row in found.rows), "Cruise, kick and own sprint",
        "Medians ± standard uncertainty, n contacts. Cruise: the 600 m before the kick. 0 % is the "
        "cruise, 100 % the own flying sprint; no position where the two do not differ. What foot, "
        "shoe and pod do to a time in all three alike counts in the ±, not in the position.",
        ("metric", "95 %, or why not"),
    )  # fmt: skip


def _row(row: Placed) -> tuple[str, ...]:
    states = (_state_text(row.metric, state) for state in (row.cruise, row.kick, row.sprint))
    unit = f" [{row.metric.unit}]" if row.metric.unit else ""
    at, band = MISSING_TEXT, row.reason
    if not row.reason:
        at, band = _percent(row.position), f"{_percent(row.low)} to {_percent(row.high)}"
    return (f"{row.metric.label}{unit}", *states, at, band)


def _state_text(item: Metric, state: State) -> str:
    if not isfinite(state.value):
        return MISSING_TEXT
    return f"{item.text(state.value)} ± {item.spread_text(state.uncertainty)} ({state.n})"


def between_panel(found: Between) -> Panel:
    """The positions of all metrics on one axis."""
    words = "; ".join(
        f"{row.metric.label} {_percent(row.position)}" for row in found.rows if not row.reason
    )
    return drawn(
        "between", "Where the kick lies between cruise and own sprint",
        "Dot: the kick; bar: 95 %; a triangle at the edge lies further out. Left end: the runner's "
        "own cruise, right end: the runner's own "
        "flying sprint. Dotted: where the speed lies. A dot to the right of it has gone further "
        "than the speed has, one to the left less far; neither is better.",
        f"Position of the kick between cruise and own sprint: {words or 'none could be told'}",
        lambda size, _: between_figure(found, size), wide=True, wide_in=WIDE_IN,
        narrow_in=NARROW_IN,
    )  # fmt: skip


def between_figure(found: Between, size_in: Size = NARROW_IN) -> "Figure":
    """The picture alone."""
    rows = tuple(_position(row) for row in found.rows)
    speed = next((row.position for row in found.rows if row.metric.name == "speed_mps"), 0.0)
    with house_style():
        return figure_positions(rows, speed, size_in)


def _position(row: Placed) -> Position:
    cruise, kick, sprint = (
        row.metric.text(one.value) for one in (row.cruise, row.kick, row.sprint)
    )
    reason = "" if not row.reason else row.reason.split(":")[0]
    unit = f" [{row.metric.unit}]" if row.metric.unit else ""
    return Position(
        f"{row.metric.label}{unit}", cruise, kick, sprint, row.position, row.low, row.high, reason
    )
