"""What stands on the page of a comparison: each picture with its caption, or why it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.coaching.comparison.apart import GAP_TOLD_MPS
from gaitlab.coaching.comparison.band import Band
from gaitlab.coaching.comparison.compare import Comparison, Row
from gaitlab.coaching.comparison.study import Study
from gaitlab.coaching.numbers.select import Part
from gaitlab.metrics.catalog import metric
from gaitlab.model.units import Floats
from gaitlab.report.comparison.words import speeds_words, widest_gap
from gaitlab.report.figures.base import shortened
from gaitlab.report.figures.side_by_side import (
    Angles,
    BandMark,
    figure_angles,
    figure_multiples,
    figure_rows,
)
from gaitlab.report.figures.speed import AgainstSpeed, Cloud, figure_against_speed
from gaitlab.report.figures.strike import Shares, figure_shares
from gaitlab.report.panels import (
    HALF,
    PUBLISHED_CAPTION,
    SPEED_BIN_MPS,
    Panel,
    against_speed,
    band_curve,
    published_shares,
    strike_percent,
)
from gaitlab.report.points import by_foot, distribution, medians_along, shown, symmetric_limit
from gaitlab.report.runners import MANY, SOLID, RunnerLook
from gaitlab.report.style import house_style
from gaitlab.report.svg import svg_of

IN_ROWS: Final = (
    "contact_time_s", "flight_time_s", "cadence_spm", "step_length_m", "duty_factor",
    "strike_angle_rad",
)  # fmt: skip
POINTS_EACH, POINTS_OF_MANY = 500, 150
TOGETHER: Final = ("cadence_spm", "step_length_m", "duty_factor", "strike_angle_rad")


def comparison_panels(study: Study, looks: Sequence[RunnerLook]) -> tuple[Panel, ...]:
    """Every picture of the page, in order."""
    view = View(study.parts, tuple(looks), study.bands)
    return (
        panel_rows(study, looks),
        panel_multiples(view, "contact_time_s"),
        panel_angles(view),
        panel_shares_of(view),
        *(panel_together(view, name) for name in TOGETHER),
    )


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Who is drawn, how, and beside which recorded bands."""

    parts: tuple[Part, ...]
    looks: tuple[RunnerLook, ...]
    bands: tuple[Band, ...] = ()


def panel_rows(study: Study, looks: Sequence[RunnerLook]) -> Panel:
    """The numbers at the matched speed, one small axis per metric; without one, at own speeds."""
    comparison = study.comparison
    here = comparison.matched_speed_mps is not None
    names = IN_ROWS if here else ("speed_mps", *IN_ROWS[:-1])
    found = {
        row.metric.name: row
        for row in comparison.rows
        if any(np.isfinite(value.value) for value in row.values)
    }
    rows = [found[name] for name in names if name in found]
    title, caption = _rows_title(comparison), _rows_caption(comparison)
    if not rows:
        return Panel("rows", title, missing="No metric has a value.", wide=True)
    marks = [_band_marks(study, row) for row in rows]
    lines = len(comparison.labels) + max(len(each) for each in marks) + 1
    alternative = f"{title}: " + "; ".join(
        f"{row.metric.label} "
        + ", ".join(f"{v.label} {row.metric.text(v.value, with_unit=True)}" for v in row.values)
        for row in rows
    )
    with house_style():
        each = 0.75 + (0.36 if any("\n" in look.short for look in looks) else 0.28) * lines
        wide = figure_rows(rows, looks, marks, 3, (9.6, 2 * each))
        narrow = figure_rows(rows, looks, marks, 1, (4.4, len(rows) * each))
        svg, narrow_svg = svg_of(wide, "rows", alternative), svg_of(narrow, "rowsn", alternative)
    return Panel("rows", title, caption, svg, narrow_svg, wide=True)


def _band_marks(study: Study, row: Row) -> list[BandMark]:
    speed = row.matched_speed_mps
    if speed is None:
        return []
    found = [(band, band.at(row.metric.name, speed)) for band in study.bands]
    return [
        BandMark(f"{shortened(band.name, 14)} n {point.n}", point)
        for band, point in found
        if point is not None
    ]


def _rows_title(comparison: Comparison) -> str:
    if not comparison.at:
        return "Each runner at their own speed: not a comparison"
    if comparison.matched_share is not None:
        return f"The numbers at {comparison.at}"
    if widest_gap(comparison) >= GAP_TOLD_MPS:
        return f"The numbers at {speeds_words(comparison)}"
    return f"The numbers at the same speed: {comparison.at}"


def _rows_caption(comparison: Comparison) -> str:
    speed = comparison.matched_speed_mps
    bars = (
        "Dot and thin bar: median and two standard uncertainties; pale bar: the spread of single "
        "contacts."
    )
    if comparison.matched_share is not None:
        return (
            f"All within 5 points of {comparison.at} or on the runner's own line. {bars} The "
            "speeds differ (first picture): the same share of each one's best, not one speed."
        )
    if speed is None:
        return (
            f"{bars} The runners went at different speeds (first picture), and every metric here "
            "changes with speed in everybody: what differs may be the speed, not the runner."
        )
    gap = widest_gap(comparison)
    rest = (
        f" No own line bridges the gap of {gap:.1f} m/s; the thin bars hold what it may make."
        if gap >= GAP_TOLD_MPS
        else ""
    )
    return (
        f"All on the runner's own line at {speed:.1f} m/s, or within 0.3 m/s.{rest} {bars} "
        "Where thin bars overlap, no difference is shown. Dark diamond: a band of your own "
        "athletes (1 SD pale, range thin); grey: published values at this speed, n in the table."
    )


def _cloud(part: Part, look: RunnerLook, name: str, most: int) -> tuple[Cloud, Floats, Floats]:
    speeds, values = part.contacts.speed_mps, shown(part.contacts, name)
    series = by_foot(part.contacts, speeds, values, most)
    filled = look.dash == SOLID  # a second recording of one athlete: open marks, another line
    own = tuple(
        replace(one, look=replace(one.look, colour=look.colour, filled=filled)) for one in series
    )
    medians = medians_along(speeds, values, SPEED_BIN_MPS)
    return Cloud(part.label, look.colour, own, medians, look), speeds, values


def _panels_of(view: View, name: str, most: int = POINTS_EACH) -> tuple[AgainstSpeed, ...]:
    """One panel per runner with common axes; empty when nobody has the metric and a speed."""
    found = [
        _cloud(part, look, name, most) for part, look in zip(view.parts, view.looks, strict=True)
    ]
    speeds = np.concatenate([speed for _, speed, _ in found])
    values = np.concatenate([value for _, _, value in found])
    if not (np.isfinite(speeds) & np.isfinite(values)).any():
        return ()
    sex = view.parts[0].analysis.recording.athlete.sex
    whole = against_speed(name, tuple(cloud for cloud, _, _ in found), speeds, values, sex)
    curves = tuple(c for band in view.bands if (c := band_curve(band, name)) is not None)
    return tuple(replace(whole, clouds=(cloud,), bands=curves) for cloud, _, _ in found)


def panel_multiples(view: View, name: str) -> Panel:
    """One panel per runner, equal axes, feet by marker."""
    item = metric(name)
    title = f"{item.label.capitalize()} against speed, one panel each"
    panels = _panels_of(view, name, POINTS_EACH if len(view.parts) <= MANY else POINTS_OF_MANY)
    if not panels:
        return Panel("multiples", title, missing=f"No {item.label} with a speed.", wide=True)
    columns = min(len(panels), 3)
    lines = -(-len(panels) // columns)
    caption = (
        "Equal axes, so panels may be held against each other: left circle, right triangle. "
        f"Compare at one speed, straight up. {PUBLISHED_CAPTION}"
    )
    alternative = f"{title}: " + ", ".join(panel.clouds[0].label for panel in panels)
    with house_style():
        wide = figure_multiples(panels, columns, (9.6, 0.4 + 3.0 * lines))
        narrow = figure_multiples(panels, 1, (4.4, 0.4 + 2.5 * len(panels)))
        svg, narrow_svg = svg_of(wide, "mult", alternative), svg_of(narrow, "multn", alternative)
    return Panel("multiples", title, caption, svg, narrow_svg, wide=True)


def panel_together(view: View, name: str) -> Panel:
    """All runners in one panel: small points, medians as lines, published values."""
    item = metric(name)
    title = f"{item.label.capitalize()} against speed"
    panels = _panels_of(view, name)
    if not panels:
        return Panel(name, title, missing=f"No {item.label} with a speed.")
    clouds = tuple(panel.clouds[0] for panel in panels)
    if len(clouds) > MANY:  # a dozen clouds hide each other: lines only
        clouds = tuple(replace(cloud, series=()) for cloud in clouds)
    whole = replace(panels[0], clouds=clouds)
    caption = f"The line is the median at each speed. {PUBLISHED_CAPTION}"
    if name == "strike_angle_rad":
        caption = "The line is the median at each speed; the grounds are the classes of Mo 2021."
    alternative = f"{title} of " + ", ".join(part.label for part in view.parts)
    width, height = HALF
    tall = height + 0.2 * max(0, (len(clouds) - MANY + 1) // 2)
    with house_style():
        svg = svg_of(figure_against_speed(whole, (width, tall)), name, alternative)
    return Panel(name, title, caption, svg)


def panel_angles(view: View) -> Panel:
    """Distribution of the strike angle of each runner."""
    title = "Strike angle of each runner"
    angles = [shown(part.contacts, "strike_angle_rad") for part in view.parts]
    if not any(np.isfinite(one).any() for one in angles):
        return Panel("angles", title, missing="No strike angle in these recordings.")
    limit = symmetric_limit(np.concatenate(angles))
    runners = []
    for look, one in zip(view.looks, angles, strict=True):
        percent, edges = distribution(one, limit)
        runners.append(Angles(look, percent, edges, int(np.isfinite(one).sum())))
    caption = (
        "Share of contacts at each angle, over all speeds: left of the middle ground the forefoot "
        "lands first, right of it the heel (Mo 2021). Equal axes."
    )
    alternative = f"{title}: " + "; ".join(
        f"{part.label} median {metric('strike_angle_rad').text(_median(part))} degrees"
        for part in view.parts
    )
    each = 1.45 if len(runners) <= MANY else 0.95
    with house_style():
        figure = figure_angles(runners, limit, (4.4, 0.9 + each * len(runners)))
        svg = svg_of(figure, "angles", alternative)
    return Panel("angles", title, caption, svg)


def _median(part: Part) -> float:
    known = part.contacts.strike_angle_rad
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else float("nan")


def panel_shares_of(view: View) -> Panel:
    """Strike classes of each runner beside two published fields."""
    title = "Strike pattern of each runner"
    rows = []
    for part, look in zip(view.parts, view.looks, strict=True):
        percent, n = strike_percent(part.contacts)
        if n:
            rows.append(Shares(look.short, percent, n))
    if not rows:
        return Panel("shares", title, missing="No strike pattern in these recordings.")
    rows += published_shares()
    caption = (
        "Share of contacts in each class, both feet, all speeds; below, fields of runners that "
        "were filmed in races (half marathon: Hasegawa 2007; marathon: Kasmer 2013)."
    )
    alternative = f"{title}: " + "; ".join(
        f"{row.label} heel {row.percent[0]:.0f}, midfoot {row.percent[1]:.0f}, forefoot "
        f"{row.percent[2]:.0f} percent of {row.n}"
        for row in rows
    )
    with house_style():
        svg = svg_of(figure_shares(rows, (4.4, 1.1 + 0.55 * len(rows))), "shares", alternative)
    return Panel("shares", title, caption, svg)
