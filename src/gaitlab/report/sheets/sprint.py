"""Sprints of a recording in words, tables and pictures: for the screen and for their page."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.numbers.middle import middle_of
from gaitlab.coaching.numbers.select import RUNNING
from gaitlab.coaching.sprint.recorded import RecordedSprint
from gaitlab.metrics.catalog import MISSING_TEXT, metric
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import STRIKES, UNKNOWN_STRIKE
from gaitlab.model.recording import FEET
from gaitlab.model.units import DEG_PER_RAD, KMH_PER_MPS
from gaitlab.report.figures.sprint import SpeedCurve, figure_sprints
from gaitlab.report.figures.track_steps import TrackSteps, figure_track_steps
from gaitlab.report.pages.sprint import curve_of
from gaitlab.report.panels import Panel, drawn
from gaitlab.report.sheets.base import Grid, Section, number
from gaitlab.report.sheets.sprint_words import fastest_part, number_lines, wind_text
from gaitlab.report.tables import Tile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RESTS_ON: Final = ("speed_mps", "cadence_spm", "contact_time_s")
SPLIT_HEADINGS: Final = (
    "to", "time\n[s]", "95 %", "from", "speed since\n[m/s]", "on the curve\n[s]", "n"
)  # fmt: skip
STEP_HEADINGS: Final = (
    "step", "foot", "at\n[s]", "at\n[m]", "contact\n[ms]", "flight\n[ms]", "length\n[m]",
    "cadence\n[steps/min]", "speed\n[m/s]", "strike", "angle\n[°]", "clipped",
)  # fmt: skip
NUMBER_HEADINGS: Final = ("number", "value", "95 %", "what it says")
TOP_SHARE: Final = 0.95
MOST_NAMED: Final = 5
PHONE: Final = (4.4, 5.2)
WIDE_IN: Final = (9.6, 4.8)


def sprint_section(analysis: Analysis, one: RecordedSprint) -> Section:
    """One sprint: tiles, curve, ladder, splits, numbers and every step."""
    return Section(
        key=one.sprint.name.replace(" ", "-"),
        title=f"Timed sprint, {one.sprint.name}",
        rests_on=tuple((name, RUNNING) for name in RESTS_ON),
        answer=(sprint_answer(one),),
        sentences=sprint_words(one),
        tiles=sprint_tiles(one),
        panels=(curve_panel(one), ladder_panel(one)),
        grids=sprint_grids(one),
    )


def sprint_grids(one: RecordedSprint) -> tuple[Grid, ...]:
    """Splits, numbers of the curve, steps."""
    numbers = (numbers_grid(one),) if one.sprint.fit is not None else ()
    return (splits_grid(one), *numbers, steps_grid(one))


def sprint_answer(one: RecordedSprint) -> str:
    """Time, top speed, and where it was nearly reached."""
    table, fit = one.sprint.splits, one.sprint.fit
    told = "" if one.anchored else ", estimated"
    words = (
        f"{table.distance_m[-1]:g} m in {table.time_s[-1]:.2f} ± {table.band_s[-1]:.2f} s "
        f"(95 %{told})."
    )
    if fit is None:
        return words
    where_m = float(fit.model.distance_m(np.array(fit.model.time_to_share_s(TOP_SHARE))))
    v = fit.model.v_max_mps
    return (
        f"{words} Top speed {v:.2f} m/s ({v * KMH_PER_MPS:.1f} km/h), 95 % of it after "
        f"{where_m:.0f} m."
    )


def sprint_words(one: RecordedSprint) -> tuple[str, ...]:
    """Where the times come from, then everything to know before using a number."""
    words = [f"{one.sprint.name}: {source_words(one)}. Fastest: {fastest_part(one.sprint)}."]
    words += [start_words(one), setting_words(one), *_unsure_words(one)]
    words += [f"Cannot tell: {line}." for line in one.sprint.missing]
    words += [line[0].upper() + line[1:] + "." for line in one.sprint.notes]
    return tuple(words)


def _unsure_words(one: RecordedSprint) -> tuple[str, ...]:
    """Which steps were probably measured wrongly; nothing when none was."""
    numbers = [str(number) for number in one.steps.number[~one.steps.sure]]
    if not numbers:
        return ()
    named = f"Step{'s' * (len(numbers) > 1)} {', '.join(numbers)}"
    if len(numbers) > MOST_NAMED:
        named = f"{len(numbers)} of {len(one.steps)} steps"
    return (
        f"{named}, marked ?: the landing or the take-off was probably seen at a wrong instant; "
        "contact, flight, strike and angle there are no change of the runner.",
    )


def source_words(one: RecordedSprint) -> str:
    """What the distances rest on."""
    words = {
        "gates": "distances from the gates, between them from the strides",
        "marks": "distances from the marks, between them from the strides",
        "course length": "the length of the course is known",
        "sensor alone": "estimated, from the pods alone",
    }
    return words[one.source]


def start_words(one: RecordedSprint) -> str:
    """The definition of the start, with the first movement of a foot beside it."""
    marked = np.isfinite(one.path.evidence.zero_s)
    what = "the mark at the start" if marked else "the body sets off"
    words = f"Time 0 is {one.start_s:.2f} s in the recording: {what}"
    if np.isfinite(one.moved_s):
        apart = one.start_s - one.moved_s
        side = "after" if apart >= 0 else "before"
        words += f", {abs(apart):.2f} s {side} the first movement of a foot"
    return words + ("." if marked else ". A gun goes off 0.1 to 0.2 s earlier (the reaction).")


def setting_words(one: RecordedSprint) -> str:
    """Start, air and body that the force profile takes for granted."""
    setting = one.sprint.setting
    air, body = setting.air, setting.body
    wind = wind_text(air.wind_mps)
    who = f", {body.mass_kg:g} kg, {body.height_m:g} m" if setting.body_known else ""
    words = f"wind {wind}, {air.temperature_c:g} °C{who}."
    if setting.start == "not stated":  # a remark of its own says what that means
        return words[0].upper() + words[1:]
    return f"Start {setting.start}, {words}"


def sprint_tiles(one: RecordedSprint) -> tuple[Tile, ...]:
    """Time, top speed, steps, contact at top speed."""
    table, steps = one.sprint.splits, one.steps
    last = len(table.distance_m) - 1
    fast = steps.speed_mps >= TOP_SHARE * np.nanmax(steps.speed_mps)
    contact, spread = middle_of(steps.contact_s[fast])
    cadence, length = middle_of(steps.cadence_spm[fast])[0], middle_of(steps.length_m[fast])[0]
    fit, item = one.sprint.fit, metric("contact_time_s")
    told = "anchored" if one.anchored else "estimated"
    top = fit.model.v_max_mps if fit is not None else float(np.nanmax(steps.speed_mps))
    note = f"± {fit.interval_of(0):.2f} (95 %) · " if fit is not None else ""
    return (
        Tile(f"{table.distance_m[last]:g} m", f"{table.time_s[last]:.2f}", "s",
             f"± {table.band_s[last]:.2f} s (95 %) · {told}"),
        Tile("top speed", f"{top:.2f}", "m/s", f"{note}{top * KMH_PER_MPS:.1f} km/h"),
        Tile("steps", f"{steps.number[-1]}", "",
             f"at top speed {cadence:.0f} a minute, {length:.2f} m"),
        Tile("contact at top speed", item.text(contact), item.unit,
             f"spread {item.spread_text(spread)} ms · n {int(fast.sum())}"),
    )  # fmt: skip


def splits_grid(one: RecordedSprint) -> Grid:
    """Every 10 m, every gate and the end."""
    table = one.sprint.splits
    told = "strides" if one.anchored else "estimated"
    before = np.concatenate(([0.0], table.distance_m[:-1]))
    counts = [
        int(((one.steps.distance_m >= a) & (one.steps.distance_m < b)).sum())
        for a, b in zip(before, table.distance_m, strict=True)
    ]
    rows = tuple(
        (
            f"{table.distance_m[k]:g} m", f"{table.time_s[k]:.2f}", f"± {table.band_s[k]:.2f}",
            "timed" if table.measured[k] else told,
            f"{table.speed_mps[k]:.2f} ± {table.speed_band_mps[k]:.2f}",
            number(table.fitted_s[k], 1.0, 2), str(counts[k]),
        )
        for k in range(len(table.distance_m))
    )  # fmt: skip
    return Grid(SPLIT_HEADINGS, rows, f"Splits of {one.sprint.name}",
                "95 %: half-width. n: landings seen in that part.", ("to", "from"))  # fmt: skip


def numbers_grid(one: RecordedSprint) -> Grid:
    """V, tau and the force profile; how far the strides lie from the curve."""
    fit = one.sprint.fit
    rows = [tuple(line) for line in number_lines(one.sprint) if line.name != "fit"]
    if fit is not None and len(fit.residual):
        rows.append((
            "fit", f"R² {fit.r2:.3f}, {fit.residual_rms:.2f} m/s",
            f"worst {np.abs(fit.residual).max():.2f} m/s",
            f"distance of {len(fit.residual)} stride speeds from the curve (root mean square)",
        ))  # fmt: skip
    return Grid(
        NUMBER_HEADINGS, tuple(rows), f"Curve and force profile of {one.sprint.name}",
        "Force and power are modelled from the speed, not measured.", ("number", "what it says"),
    )  # fmt: skip


def steps_grid(one: RecordedSprint) -> Grid:
    """One row a landing."""
    steps = one.steps
    contact, flight = metric("contact_time_s"), metric("flight_time_s")
    rows = tuple(
        (
            str(steps.number[k]), FEET[steps.foot[k]], f"{steps.time_s[k]:.2f}",
            f"{steps.distance_m[k]:.1f}",
            contact.text(steps.contact_s[k]) + ("" if steps.sure[k] else " ?"),
            flight.text(steps.flight_s[k]),
            _length_text(steps.length_m[k], steps.length_sd_m[k]),
            number(steps.cadence_spm[k]), number(steps.speed_mps[k], 1.0, 2),
            MISSING_TEXT if steps.strike[k] == UNKNOWN_STRIKE else STRIKES[steps.strike[k]],
            number(steps.strike_angle_rad[k], DEG_PER_RAD, 1),
            "yes" if steps.clipped[k] else "",
        )
        for k in range(len(steps))
    )  # fmt: skip
    return Grid(
        STEP_HEADINGS, rows, f"Steps of {one.sprint.name}",
        "Length: to the next landing, of the other foot, ± 95 %. The first two landings of a "
        "sprint are the least certain. ?: an event was probably seen at a wrong instant.",
        ("foot", "strike", "clipped"),
    )  # fmt: skip


def _length_text(length_m: float, sd_m: float) -> str:
    known = f" ± {number(1.96 * sd_m, 1.0, 2)}" if np.isfinite(length_m) else ""
    return number(length_m, 1.0, 2) + known


def curve_panel(one: RecordedSprint) -> Panel:
    """Speed along the track."""
    return drawn(
        _key("speed", one), "Speed along the track",
        "Bars: mean speed of each 10 m. Dots: single strides as measured, with the lengths that "
        "fit the whole sprint. Line: the fitted curve, shaded where it lies with 95 % confidence.",
        f"Speed over distance of {one.sprint.name}",
        lambda size, _: figure_sprints([recorded_curve(one)], size), wide=True,
        wide_in=(9.6, 3.8), narrow_in=(4.4, 4.2),
    )  # fmt: skip


def recorded_curve(one: RecordedSprint) -> SpeedCurve:
    """The curve with the strides it was laid through, up to where it ends."""
    path = one.path
    from_s, to_s = path.evidence.from_s, path.evidence.to_s
    at_m = path.distance_m(0.5 * (from_s + to_s))
    speed = path.evidence.length_m / path.measured_share / (to_s - from_s)
    shown = (at_m >= 0.0) & (at_m <= one.sprint.splits.distance_m[-1]) & np.isfinite(speed)
    return replace(curve_of(one.sprint, 0), strides_m=at_m[shown], strides_mps=speed[shown])


def _key(name: str, one: RecordedSprint) -> str:
    """A name of its own for each sprint of a page."""
    return name + "".join(letter for letter in one.sprint.name if letter.isalnum())


def ladder_panel(one: RecordedSprint) -> Panel:
    """Contact and flight of every step along the track."""
    return drawn(
        _key("ladder", one), "Step by step",
        "Each bar is a step, as wide as it is long. Above the line the time on the ground, below "
        "it the time in the air after it; every fourth step with its milliseconds. Contacts get "
        "shorter and flights longer until top speed."
        + ("" if one.steps.sure.all() else " A step marked ? was probably measured wrongly."),
        f"Contact and flight of the {len(one.steps)} steps of {one.sprint.name}",
        lambda size, _: figure_track_steps(ladder_of(one), size), wide=True,
        wide_in=WIDE_IN, narrow_in=PHONE,
    )  # fmt: skip


def ladder_of(one: RecordedSprint) -> TrackSteps:
    """What is drawn of the steps."""
    steps = one.steps
    return TrackSteps(
        steps.distance_m,
        steps.length_m,
        1e3 * steps.contact_s,
        1e3 * steps.flight_s,
        steps.foot,
        steps.sure,
    )


def picture(sprints: Sequence[RecordedSprint]) -> "Figure":
    """The main picture: the ladder of the first sprint."""
    return figure_track_steps(ladder_of(sprints[0]), (5.2, 5.6))
