"""A race in words, tables and pictures: for the screen and for its page."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.drills.cautions import feet_caution, rate_caution
from gaitlab.coaching.numbers.select import RUNNING
from gaitlab.coaching.race.laps import Race, Stretch
from gaitlab.metrics.catalog import MISSING_TEXT, metric
from gaitlab.metrics.drift import Drift
from gaitlab.model.analysis import Analysis
from gaitlab.model.units import PaceUnits, pace_with_unit
from gaitlab.report.figures.over_time import Track
from gaitlab.report.figures.race import RaceMarks, figure_race
from gaitlab.report.panels import Panel, Size, drawn, why_missing
from gaitlab.report.points import (
    NARROW_POINTS,
    by_foot,
    close_limits,
    feet_together,
    shown,
    smoothed,
)
from gaitlab.report.sheets.base import (
    CONTACT_HEADING,
    STRIKE_HEADING,
    Grid,
    Section,
    beside_speed,
    contact_text,
    number,
    shares_text,
)
from gaitlab.report.sheets.race_strike import strike_panel, strike_words
from gaitlab.report.steadiness import drift_cell
from gaitlab.report.style import house_style
from gaitlab.report.tables import Tile, spark_points
from gaitlab.report.words import duration_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SPEED_HEADING: Final = "speed\n[m/s]"
PART_HEADINGS: Final = (
    "part", "time\n[s]", SPEED_HEADING, "cadence\n[steps/min]", "step\n[m]", CONTACT_HEADING,
    STRIKE_HEADING, "n",
)  # fmt: skip
CURVED_HEADINGS: Final = (
    "part", SPEED_HEADING, "cadence\n[steps/min]", "step\n[m]", "left contact\n[ms]",
    "right contact\n[ms]", "n",
)  # fmt: skip
DRIFT_HEADINGS: Final = ("metric", "change per km", "90 % interval, or why not", "n")
TRACES: Final = {"speed_mps": 1.0, "cadence_spm": 20.0, "contact_time_s": 40.0}
RESTS_ON: Final = ("speed_mps", "cadence_spm", "contact_time_s", "strike_angle_rad")
PICTURE_IN: Final = (5.2, 6.2)
KICK_SPEED: Final = (
    " Speed of the kick: all of it, the rise as well; the sentence on the kick gives that after "
    "the rise."
)
EVIDENCE: Final = (
    "A kick is not always a shorter contact: in the women's 800 m final of 2017 cadence rose and "
    "contacts shortened (n 8, PMC9047885); in the men's 1500 m final step length stayed, frequency "
    "rose, and better-placed men had longer contacts (n 8, doi 10.1111/sms.14331)."
)


def race_section(analysis: Analysis, race: Race, units: PaceUnits = "km") -> Section:
    """Everything about the race, the kick first."""
    return Section(
        key="race",
        rests_on=tuple((name, RUNNING) for name in RESTS_ON),
        title="The race",
        answer=race_answer(race),
        sentences=tuple(line for line in race_sentences(race) if line != kick_words(race)[0]),
        tiles=race_tiles(race, units),
        panels=(race_panel(analysis, race), strike_panel(analysis, race, race_marks(race))),
        grids=race_grids(race, units),
    )


def race_answer(race: Race) -> tuple[str, ...]:
    """Length and time, and where the kick began."""
    course = race.course
    about = "" if course.anchored else "About "
    took = duration_text(course.finish_s - course.start_s)
    return (f"{about}{course.length_m:.0f} m in {took}. {kick_words(race)[0]}",)


def race_words(race: Race) -> tuple[str, ...]:
    """The course, the kick or why there is none, and what was published about kicks."""
    return (*race_sentences(race), *((EVIDENCE,) if race.kick.found else ()))


def race_sentences(race: Race) -> tuple[str, ...]:
    """The course, the kick, the bends, and what spoils them."""
    spoiled = tuple(f"{line[0].upper()}{line[1:]}." for line in race_cautions(race))
    return (course_words(race), *kick_words(race), bend_words(race), *spoiled)


def race_cautions(race: Race) -> tuple[str, ...]:
    """What spoils the numbers: a finish beyond the end, one foot only, a silent pod, slow pods."""
    contacts, course = race.course.contacts, race.course
    cut = (
        f"the recording ends within the run: {course.length_m:.0f} m were taken for what is in "
        "it; if the race went on, all distances, speeds and the kick are wrong by as much",
    )
    return (*(cut if course.cut and course.anchored else ()), *feet_caution(contacts),
            *rate_caution(contacts))  # fmt: skip


def race_grids(race: Race, units: PaceUnits = "km") -> tuple[Grid, ...]:
    """Laps and stretches, bends and straights where they were told, then the drift."""
    curved = (curved_grid(race),) if race.curved else ()
    return (parts_grid(race, units), *curved, drift_grid(race))


def course_words(race: Race) -> str:
    """How long it was, how that is known, and where it ended."""
    course = race.course
    known = (
        f"{course.length_m:.0f} m, measured lengths times {course.scale:.3f}"
        if course.anchored
        else f"About {course.length_m:.0f} m, estimated from the strides: times ± 3 %; "
        "give --distance for better ones"
    )
    return f"{known}; the finish: {course.finish_from}."


def kick_words(race: Race) -> tuple[str, ...]:
    """Where the kick began and what it was made of; or why there is none."""
    kick = race.kick
    if not kick.found:
        return (f"No kick: {kick.reason}.",)
    return (
        f"Kick: from {kick.to_go_m:.0f} ± {kick.start_sd_m:.0f} m to go "
        f"(standard uncertainty; {kick.to_go_s:.0f} s to go), {kick.v_before_mps:.2f} to "
        f"{kick.v_kick_mps:.2f} m/s ({100 * kick.gain_share:+.0f} %), peak "
        f"{kick.v_peak_mps:.2f} m/s.",
        f"{100 * kick.cadence_share:.0f} % of the gain came from cadence, "
        f"{100 * (1 - kick.cadence_share):.0f} % from step length; the last 50 m were "
        f"{100 * kick.fade_share:.0f} % below the peak.",
        *_changes(race),
    )


def _changes(race: Race) -> tuple[str, ...]:
    """Contact and strike before and in the kick."""
    before, during = race.before, race.during
    if before is None or during is None:
        return ()
    contact = metric("contact_time_s")
    return (
        f"Contact {contact.text(before.contact_time_s)} ms before "
        f"(n {before.n}), {contact.text(during.contact_time_s)} ms in the kick (n {during.n}).",
        *strike_words(race.strike),
    )


def bend_words(race: Race) -> str:
    """How many bends were told, or why none."""
    bends = race.bends
    if bends.reason:
        return f"Bends are not told from straights: {bends.reason}."
    return (
        f"{len(bends.spans_m)} bends told from the turning of the feet, middle radius "
        f"{bends.radius_m:.0f} m, {100 * bends.share:.0f} % of the way."
    )


def curved_grid(race: Race) -> Grid:
    """Bends beside straights, each foot for itself."""
    rows = tuple(
        (
            one.label, metric("speed_mps").text(one.speed_mps),
            metric("cadence_spm").text(one.cadence_spm),
            metric("step_length_m").text(one.step_length_m),
            contact_text(one.left_contact_s, one.left_spread_s),
            contact_text(one.right_contact_s, one.right_spread_s), str(one.n),
        )
        for one in race.curved
    )  # fmt: skip
    return Grid(
        CURVED_HEADINGS, rows, "Bends and straights before the kick",
        "A bend makes the feet differ in everybody: the left one is the inner one. Compare left "
        "and right on the straights.",
        ("part",),
    )  # fmt: skip


def parts_grid(race: Race, units: PaceUnits = "km") -> Grid:
    """Laps, last stretches, before and in the kick."""
    groups = (race.laps, race.lasts, tuple(part for part in (race.before, race.during) if part))
    parts = [part for group in groups for part in group]
    starts = np.cumsum([len(group) for group in groups])[:-1].tolist()
    rows = [_cells(part, _span(part)) for part in race.laps]
    rows += [_cells(part, part.label) for part in parts[len(rows) :]]
    grid = Grid(
        PART_HEADINGS, tuple(rows), "Laps, last stretches, kick",
        "Cadence, step and contact are medians; ± behind a time is what the uncertain ends of the "
        "part add, behind a contact the spread of the single ones."
        + (KICK_SPEED if race.kick.found else ""),
        ("part",), tuple(starts),
    )  # fmt: skip
    paces = [pace_with_unit(part.speed_mps, units) for part in parts]
    return beside_speed(grid, SPEED_HEADING, paces)


def _span(part: Stretch) -> str:
    """Where a lap lies: one that is named by its end alone looks like the time until then."""
    return f"{part.start_m:.0f}–{part.stop_m:.0f} m"


def _cells(part: Stretch, label: str) -> tuple[str, ...]:
    band = f" ± {part.time_sd_s:.1f}" if part.time_sd_s >= 0.05 else ""
    return (
        label, f"{part.time_s:.1f}{band}", metric("speed_mps").text(part.speed_mps),
        metric("cadence_spm").text(part.cadence_spm),
        metric("step_length_m").text(part.step_length_m),
        contact_text(part.contact_time_s, part.contact_time_spread_s),
        shares_text(part.strike_shares), str(part.n),
    )  # fmt: skip


def drift_grid(race: Race) -> Grid:
    """Change of each metric for each kilometre at one and the same speed."""
    rows = tuple(_drift_row(item) for item in race.drift)
    return Grid(
        DRIFT_HEADINGS, rows,
        "Along the way, at one and the same speed",
        "Speed is taken out first, because every metric changes with it; what is left may be "
        "fatigue, wind, ground or shoe.",
        ("metric", "90 % interval, or why not"),
    )  # fmt: skip


def _drift_row(item: Drift) -> tuple[str, ...]:
    label = metric(item.metric).label
    if not isfinite(item.per_km):
        return label, MISSING_TEXT, item.reason, str(item.n)
    cell = drift_cell(metric(item.metric), item)
    return label, cell.text, cell.note, str(item.n)


def race_tiles(race: Race, units: PaceUnits = "km") -> tuple[Tile, ...]:
    """Time and pace, the kick, the last 200 m, contact."""
    course, kick = race.course, race.kick
    took = course.finish_s - course.start_s
    mean = course.length_m / took
    spark = spark_points(course.contacts.ic_time_s, course.speed_mps)
    tiles = [
        Tile(
            "race",
            duration_text(took),
            "",
            f"{mean:.2f} m/s · {pace_with_unit(mean, units)}",
            spark,
        )
    ]
    if kick.found:
        detail = f"{kick.v_before_mps:.2f} to {kick.v_kick_mps:.2f} m/s ± {kick.gain_se_mps:.2f}"
        tiles.append(Tile("kick began", f"{kick.to_go_m:.0f}", "m to go",
                          f"± {kick.start_sd_m:.0f} m · {detail}"))  # fmt: skip
        tiles.append(Tile("gain from cadence", number(kick.cadence_share, 100), "%",
                          "of the gain in speed; the rest is step length"))  # fmt: skip
    else:
        tiles.append(Tile("kick", "none", "", kick.reason))
    tiles += [_last_tile(part) for part in race.lasts if part.stop_m - part.start_m < 201.0][:1]
    return tuple(tiles)


def _last_tile(part: Stretch) -> Tile:
    band = f"± {part.time_sd_s:.1f} s · " if part.time_sd_s >= 0.05 else ""
    contact = metric("contact_time_s").text(part.contact_time_s, with_unit=True)
    return Tile(part.label, f"{part.time_s:.1f}", "s", f"{band}contact {contact} · n {part.n}")


def race_panel(analysis: Analysis, race: Race) -> Panel:
    """Speed, cadence and contact along the race, the kick shaded."""
    kick = race.kick
    words = f"kick: {kick.to_go_m:.0f} m to go" if kick.found else "no kick"
    caption = (
        "Every mark is one ground contact (left circle, right triangle), the line is the running "
        "median, thin upright lines are laps. "
        + ("The grey strip marks the bends. " if len(race.bends.spans_m) else "")
        + ("The shaded part is the kick. " if kick.found else "")
        + "Look for what changes with the speed: cadence, contact, or neither. The scales do not "
        "start at zero."
    )
    return drawn(
        "race", "Along the race", caption,
        f"Speed, cadence and contact time over {race.course.length_m:.0f} m; {words}",
        lambda size, most: race_figure(analysis, race, size, most), wide=True,
    )  # fmt: skip


def race_figure(
    analysis: Analysis, race: Race, size_in: Size = PICTURE_IN, most: int = NARROW_POINTS
) -> "Figure":
    """The race trace."""
    with house_style():
        return figure_race(_tracks(analysis, race, most), race_marks(race), size_in)


def race_marks(race: Race) -> RaceMarks:
    """Laps, kick and bends, as they are drawn."""
    course, kick = race.course, race.kick
    return RaceMarks(
        course.length_m, np.array([lap.stop_m for lap in race.laps[:-1]]),
        kick.start_m if kick.found else None, f"kick: {kick.to_go_m:.0f} m to go",
        race.bends.spans_m,
    )  # fmt: skip


def _tracks(analysis: Analysis, race: Race, most: int) -> Sequence[Track]:
    course = race.course
    tracks = []
    for name, closest in TRACES.items():
        values = shown(course.contacts, name) * (course.scale if name == "speed_mps" else 1.0)
        series = by_foot(course.contacts, course.distance_m, values, most)
        missing = "" if series else why_missing(analysis, name)
        line = smoothed(course.distance_m, feet_together(course.contacts.foot, values))
        limits = close_limits(values, closest)
        tracks.append(Track(metric(name), series, line, limits, missing))
    return tracks
