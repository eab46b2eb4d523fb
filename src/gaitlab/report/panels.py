"""What stands on the page of one recording: each picture with its caption, or why it is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.comparison.band import GRID_MPS, Band
from gaitlab.coaching.comparison.reference import (
    ReferenceValue,
    duty_factor_line,
    reference_for,
)
from gaitlab.coaching.numbers.select import RUNNING, runner_name
from gaitlab.coaching.numbers.sides import side_differences
from gaitlab.metrics.catalog import metric
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import STRIKES, UNKNOWN_STRIKE, Contacts
from gaitlab.model.units import Floats
from gaitlab.report.figures.over_time import Track, figure_over_time
from gaitlab.report.figures.sides import figure_sides
from gaitlab.report.figures.speed import AgainstSpeed, BandCurve, Cloud, figure_against_speed
from gaitlab.report.figures.strike import (
    FootAngles,
    Shares,
    figure_shares,
    figure_strike_over_time,
)
from gaitlab.report.points import (
    MOST_POINTS,
    NARROW_POINTS,
    by_foot,
    close_limits,
    distribution,
    medians_along,
    shown,
    smoothed,
    speed_limits,
    symmetric_limit,
    time_axis,
    value_top,
)
from gaitlab.report.style import FOOT_LOOKS, house_style
from gaitlab.report.svg import svg_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Size = tuple[float, float]
WIDE, NARROW, HALF = (9.6, 5.0), (4.0, 5.6), (4.4, 3.7)
SPEED_BIN_MPS = 0.2
CLOSEST: Final = {"speed_mps": 1.0, "cadence_spm": 20.0, "contact_time_s": 40.0}
LINE_SPEEDS: Final = np.linspace(3.0, 9.0, 25)
PUBLISHED_CAPTION = (
    "Grey: published groups, each at its own speed (bar: 1 SD where published; number: n)."
)


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture of the page.

    svg : for wide screens and paper;  narrow_svg : for phones, empty when the same serves
    missing : why there is no picture; then svg is empty
    """

    key: str
    title: str
    caption: str = ""
    svg: str = ""
    narrow_svg: str = ""
    missing: str = ""
    wide: bool = False


def why_missing(analysis: Analysis, name: str) -> str:
    """One sentence why a metric has no value in this recording."""
    overall = analysis.summary(name, "both", RUNNING)
    label = metric(name).label
    reason = overall.reason if overall is not None and overall.n == 0 else ""
    return f"No {label}: {reason or 'it could not be measured in this recording'}."


def panel_over_time(analysis: Analysis, contacts: Contacts) -> Panel:
    """Speed, cadence and contact time over the recording."""
    names = ("speed_mps", "cadence_spm", "contact_time_s")
    title = "The run over time"
    if not len(contacts):
        return Panel("time", title, missing="No valid running contact was found.", wide=True)
    axis = time_axis(contacts)
    time = contacts.ic_time_s * axis.factor

    def draw(size: Size, most: int) -> "Figure":
        tracks = [_track(analysis, contacts, time, name, most) for name in names]
        return figure_over_time(tracks, axis.label, size)

    caption = (
        "Every mark is one ground contact (left circle, right triangle); the line is the running "
        "median. Look for where speed changes, and whether cadence or contact time follows. The "
        "scales do not start at zero and leave out the most extreme 3 % of contacts."
        + thinning_note(contacts)
    )
    alternative = f"{title}: speed, cadence and contact time of {len(contacts)} contacts"
    return drawn("time", title, caption, alternative, draw, wide=True)


def _track(analysis: Analysis, contacts: Contacts, time: Floats, name: str, most: int) -> Track:
    values = shown(contacts, name)
    series = by_foot(contacts, time, values, most)
    limits = close_limits(values, CLOSEST[name])
    missing = "" if series else why_missing(analysis, name)
    return Track(metric(name), series, smoothed(time, values), limits, missing)


def panel_strike_over_time(analysis: Analysis, contacts: Contacts) -> Panel:
    """Strike angle of every contact, per foot, with its distribution."""
    title = "How each foot lands, contact by contact"
    angle = shown(contacts, "strike_angle_rad")
    if not np.isfinite(angle).any():
        return Panel("strike", title, missing=why_missing(analysis, "strike_angle_rad"), wide=True)
    axis = time_axis(contacts)
    limit = symmetric_limit(angle)

    def draw(size: Size, most: int) -> "Figure":
        feet = []
        for one in by_foot(contacts, contacts.ic_time_s * axis.factor, angle, most):
            percent, edges = distribution(angle[_of(contacts, one.look.label)], limit)
            feet.append(FootAngles(one, percent, edges))
        return figure_strike_over_time(feet, axis.label, limit, size)

    caption = (
        "Above zero the toes are up: the heel lands first. The grounds are the classes of Mo 2021: "
        "forefoot below −0.8°, midfoot to 7.4°, heel above. A cloud that lies across a border is "
        "a runner between two classes, not one who changes." + thinning_note(contacts)
    )
    alternative = f"Strike angle over time per foot; {strike_words(contacts)}"
    return drawn("strike", title, caption, alternative, draw, wide=True)


def _of(contacts: Contacts, foot_label: str) -> Floats:
    codes = [code for code, look in enumerate(FOOT_LOOKS) if look.label == foot_label]
    return np.flatnonzero(contacts.foot == codes[0])  # type: ignore[return-value]


def strike_percent(contacts: Contacts) -> tuple[tuple[float, float, float], int]:
    """Percent of rearfoot, midfoot, forefoot among the classified contacts, and their number."""
    known = contacts.strike[contacts.strike != UNKNOWN_STRIKE]
    counts = np.bincount(known, minlength=3)[:3]
    heel, middle, front = (100.0 * counts / max(1, len(known))).tolist()
    return (heel, middle, front), len(known)


def strike_words(contacts: Contacts) -> str:
    """The shares per foot as text, for those who do not see the picture."""
    parts = []
    for code, look in enumerate(FOOT_LOOKS):
        percent, n = strike_percent(contacts.where(contacts.foot == code))
        if n:
            named = ", ".join(f"{p:.0f} % {s}" for p, s in zip(percent, STRIKES, strict=False))
            parts.append(f"{look.label}: {named} of {n}")
    return "; ".join(parts)


def panel_shares(analysis: Analysis, contacts: Contacts) -> Panel:
    """Strike classes per foot, beside published fields of runners."""
    title = "Strike pattern per foot"
    rows = []
    for code, look in enumerate(FOOT_LOOKS):
        percent, n = strike_percent(contacts.where(contacts.foot == code))
        if n:
            rows.append(Shares(look.label, percent, n))
    if not rows:
        return Panel("shares", title, missing=why_missing(analysis, "strike_angle_rad"))
    rows += published_shares()

    caption = (
        "Share of contacts in each class; below, fields of runners that were filmed in races "
        "(half marathon: Hasegawa 2007; marathon: Kasmer 2013; shares of runners, a small rest "
        "was split or unclear). Most distance runners land on the heel, elite ones included."
    )
    return drawn(
        "shares", title, caption, f"Strike shares; {strike_words(contacts)}",
        lambda size, _: figure_shares(rows, size),
    )  # fmt: skip


def published_shares() -> list[Shares]:
    """Two fields of runners with all three classes published."""
    found = []
    for label, level in (
        ("elite half marathon", "half marathon, elite"),
        ("city marathon", "marathon, whole field"),
    ):
        rows = {name: _share_row(name, level) for name in STRIKES[:3]}
        first = rows[STRIKES[0]]
        if first is not None:
            heel, middle, front = (100.0 * row.mean if row else 0.0 for row in rows.values())
            found.append(Shares(label, (heel, middle, front), first.n, published=True))
    return found


def _share_row(strike: str, level: str) -> ReferenceValue | None:
    rows = reference_for(f"strike_share_{strike}")
    return next((row for row in rows if row.level == level), None)


def panel_against_speed(analysis: Analysis, contacts: Contacts, name: str, caption: str) -> Panel:
    """One metric against speed, with what was published about it."""
    item = metric(name)
    title = f"{item.label.capitalize()} against speed"
    values = shown(contacts, name)
    if not np.isfinite(values).any():
        return Panel(name, title, missing=why_missing(analysis, name))
    speeds = contacts.speed_mps
    if not (np.isfinite(speeds) & np.isfinite(values)).any():
        return Panel(name, title, missing=why_missing(analysis, "speed_mps"))

    def draw(size: Size, most: int) -> "Figure":
        series = by_foot(contacts, speeds, values, most)
        medians = medians_along(speeds, values, SPEED_BIN_MPS)
        cloud = Cloud(runner_name(analysis), FOOT_LOOKS[0].colour, series, medians)
        what = against_speed(name, (cloud,), speeds, values, analysis.recording.athlete.sex)
        return figure_against_speed(what, size)

    both = int((np.isfinite(speeds) & np.isfinite(values)).sum())
    alternative = f"{title}: {both} contacts of this runner beside published values"
    return drawn(name, title, caption, alternative, draw)


def against_speed(
    name: str, clouds: tuple[Cloud, ...], speeds: Floats, values: Floats, sex: str | None
) -> AgainstSpeed:
    """The panel of one metric: axes that hold runners and published values alike.

    Parameters
    ----------
    speeds, values : (k,) everything that is drawn, for the limits, in units of the axes
    """
    item = metric(name)
    published = reference_for(name)
    if name == "strike_angle_rad":
        known = speeds[np.isfinite(values)]
        return AgainstSpeed(
            item, clouds, limit_deg=symmetric_limit(values), speed_limits=speed_limits(known, ())
        )
    limits = (0.0, value_top(values, published, item.factor))
    if name == "cadence_spm":
        limits = (min(140.0, float(np.nanpercentile(values, 0.5)) - 5.0), limits[1])
    line = None
    if name == "duty_factor":
        line = (LINE_SPEEDS, duty_factor_line(sex).at(LINE_SPEEDS) * item.factor)
    return AgainstSpeed(
        item, clouds, published, line, "athletic subjects (n 9)" if line else "",
        speed_limits=speed_limits(speeds, published), value_limits=limits,
    )  # fmt: skip


def band_curve(band: Band, name: str) -> BandCurve | None:
    """A recorded band along the speed, in the units of the axes; None without a value."""
    found = [band.at(name, float(speed)) for speed in GRID_MPS]
    half = len(band.members) / 2  # fewer: the line would jump as single athletes come and go
    points = [point if point is not None and point.n >= half else None for point in found]
    if not any(points):
        return None
    factor = metric(name).factor
    table = np.array([(p.mean, p.sd) if p else (np.nan, np.nan) for p in points]) * factor
    mean, sd = table[:, 0], table[:, 1]
    return BandCurve(band.title, GRID_MPS, mean, mean - sd, mean + sd)


def panel_sides(analysis: Analysis) -> Panel:
    """Right minus left with its uncertainty."""
    title = "Left against right"
    rows = side_differences(analysis)
    if not rows:
        feet = [facts.foot for facts in analysis.feet]
        why = "one pod only" if len(feet) < 2 else "too few contacts of one foot"
        return Panel("sides", title, missing=f"No comparison of the feet: {why}.")
    caption = (
        "Right minus left; the bar is its 90 % interval. A bar that crosses the middle line shows "
        "no difference. Bends, a tilted road or a pod that sits differently also make one; one "
        "such difference is common."
    )
    words = ", ".join(
        f"{row.metric.label} left {row.metric.text(row.left.median, with_unit=True)} right "
        f"{row.metric.text(row.right.median, with_unit=True)}"
        for row in rows
    )
    return drawn(
        "sides", title, caption, f"{title}: {words}", lambda size, _: figure_sides(rows, size)
    )


SPEED_CAPTIONS: Final = {
    "strike_angle_rad": "Does the foot land flatter, or further forward, as the runner speeds up? "
    "In many runners it does (Forrester & Townend 2015: a third of 102 changed).",
    "contact_time_s": f"Contact time falls with speed in everybody, so read up and down at one "
    f"speed, not along the cloud. {PUBLISHED_CAPTION}",
    "flight_time_s": f"Time in the air changes less with speed than contact does. "
    f"{PUBLISHED_CAPTION}",
    "cadence_spm": f"A steep cloud speeds up by quicker steps, a flat one by longer steps. "
    f"{PUBLISHED_CAPTION}",
    "step_length_m": f"Speed is cadence times step length; long legs take longer steps. "
    f"{PUBLISHED_CAPTION}",
    "duty_factor": "The share of a stride on the ground. The dashed line is the fairest bridge "
    f"between kinds of runners: athletic subjects, Weyand & Davis 2005. {PUBLISHED_CAPTION}",
}


def recording_panels(analysis: Analysis, contacts: Contacts) -> tuple[Panel, ...]:
    """Every picture of the page, in order; ``contacts`` are the valid ones of running."""
    return (
        panel_over_time(analysis, contacts),
        panel_strike_over_time(analysis, contacts),
        panel_shares(analysis, contacts),
        *_panels_against_speed(analysis, contacts),
        panel_sides(analysis),
    )


def _panels_against_speed(analysis: Analysis, contacts: Contacts) -> tuple[Panel, ...]:
    if len(contacts) and not np.isfinite(contacts.speed_mps).any():
        why = f"{why_missing(analysis, 'speed_mps')} Without it nothing can be compared."
        return (Panel("speeds", "Everything against speed", missing=why),)
    return tuple(
        panel_against_speed(analysis, contacts, name, caption)
        for name, caption in SPEED_CAPTIONS.items()
    )


def thinning_note(contacts: Contacts) -> str:
    """Says when not every contact is drawn."""
    per_foot = max(np.bincount(contacts.foot, minlength=3).tolist(), default=0)
    if per_foot <= MOST_POINTS:
        return ""
    return (
        f" At most {MOST_POINTS} contacts per foot are drawn, evenly spread; lines, shares and "
        "tables use all of them."
    )


def drawn(
    key: str,
    title: str,
    caption: str,
    alternative: str,
    draw: Callable[[Size, int], "Figure"],
    *,
    wide: bool = False,
    wide_in: Size = WIDE,
    narrow_in: Size = NARROW,
) -> Panel:
    """A panel from ``draw(size, most points per foot)``; a wide one is also drawn for phones."""
    with house_style():
        svg = svg_of(draw(wide_in if wide else HALF, MOST_POINTS), key, alternative)
        narrow = svg_of(draw(narrow_in, NARROW_POINTS), f"{key}n", alternative) if wide else ""
    return Panel(key, title, caption, svg, narrow, wide=wide)
