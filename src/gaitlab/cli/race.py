"""``gaitlab race``: laps, drift and the kick of a distance race."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from rich.table import Table

    from gaitlab.coaching.kick import Kick
    from gaitlab.coaching.race import Race, Stretch

HEADINGS: Final = (
    "part", "time\n[s]", "speed\n[m/s]", "cadence\n[steps/min]", "step\n[m]", "contact\n[ms]",
    "rear/mid/\nforefoot [%]", "n",
)  # fmt: skip
EVIDENCE: Final = (
    "A kick is not always a shorter contact: in the women's 800 m final of 2017 cadence rose and "
    "contacts shortened (n 8, PMC9047885); in the men's 1500 m final step length stayed, frequency "
    "rose, and better-placed men had longer contacts (n 8, doi 10.1111/sms.14331)."
)


@click.command(
    name="race", epilog="\b\nExample:\n  gaitlab race final.gait.parquet --distance 1500"
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.option(
    "--distance", "distance_m", type=click.FloatRange(100.0, 250_000.0),
    help="Length of the course, m; without it distances are estimated from the strides.",
)  # fmt: skip
@click.option(
    "--lap", "lap_m", type=click.FloatRange(50.0, 50_000.0), default=400.0, show_default=True,
    help="Length of a lap, m (1000 for kilometres).",
)  # fmt: skip
@common.assume_units_option
@common.json_option
def command(
    recording: Path,
    distance_m: float | None,
    lap_m: float,
    assume_units: str | None,
    as_json: bool,
) -> None:
    """Laps, the last 400, 200 and 100 m, and whether RECORDING ends with a kick.

    The longest continuous run counts. It starts at a mark called "start" or at the first running
    contact, and ends at a mark called "finish" or where the runner slows down for good.
    """
    from gaitlab.coaching.race import race_of

    analysis = common.analyze_file(recording, assume_units)
    race = race_of(analysis, distance_m, lap_m)
    if as_json:
        common.emit_json("race", _payload(race))
        return
    console = common.results()
    course = race.course
    simulated = "SIMULATED runner. " if analysis.recording.simulated else ""
    known = (
        f"{course.length_m:.0f} m, measured lengths times {course.scale:.3f}"
        if course.anchored
        else f"about {course.length_m:.0f} m, estimated from the strides: times ± 3 %; "
        "give --distance for better ones"
    )
    console.print(f"{simulated}{known}; the finish: {course.finish_from}.")
    console.print(_table(race))
    for line in _kick_words(race):
        console.print(line)


def _table(race: "Race") -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "part" else "right")
    groups = (race.laps, race.lasts, tuple(part for part in (race.before, race.during) if part))
    for group in groups:
        for part in group:
            table.add_row(*_cells(part))
        table.add_section()
    return table


def _cells(part: "Stretch") -> tuple[str, ...]:
    from gaitlab.metrics.catalog import metric

    contact = metric("contact_time_s")
    known = part.strike_shares[0] == part.strike_shares[0]
    shares = " / ".join(f"{100 * share:.0f}" for share in part.strike_shares) if known else "–"
    band = f" ± {part.time_sd_s:.1f}" if part.time_sd_s >= 0.05 else ""
    return (
        part.label, f"{part.time_s:.1f}{band}", metric("speed_mps").text(part.speed_mps),
        metric("cadence_spm").text(part.cadence_spm),
        metric("step_length_m").text(part.step_length_m),
        f"{contact.text(part.contact_time_s)} ± {contact.spread_text(part.contact_time_spread_s)}",
        shares, str(part.n),
    )  # fmt: skip


def _kick_words(race: "Race") -> list[str]:
    kick = race.kick
    if not kick.found:
        return [f"No kick: {kick.reason}."]
    clear = [item for item in race.drift if item.clear]
    words = [
        f"Kick: from {kick.to_go_m:.0f} ± {kick.start_sd_m:.0f} m to go "
        f"({kick.to_go_s:.0f} s to go), {kick.v_before_mps:.2f} to {kick.v_kick_mps:.2f} m/s "
        f"({100 * kick.gain_share:+.0f} %), peak {kick.v_peak_mps:.2f} m/s.",
        f"{100 * kick.cadence_share:.0f} % of the gain came from cadence, "
        f"{100 * (1 - kick.cadence_share):.0f} % from step length; the last 50 m were "
        f"{100 * kick.fade_share:.0f} % below the peak.",
        EVIDENCE,
    ]
    if clear:
        from gaitlab.metrics.catalog import metric

        names = ", ".join(metric(item.metric).label.lower() for item in clear)
        words.append(f"Changed with distance at matched speed: {names} (see the report page).")
    return words


def _payload(race: "Race") -> dict[str, Any]:
    course = race.course
    return {
        "distance_m": course.length_m,
        "anchored": course.anchored,
        "length_scale": course.scale,
        "start_s": course.start_s,
        "finish_s": course.finish_s,
        "finish_from": course.finish_from,
        "laps": [_part(part) for part in race.laps],
        "last": [_part(part) for part in race.lasts],
        "drift": [asdict(item) for item in race.drift],
        "kick": _kick(race.kick)
        | {
            "before": _part(race.before) if race.before else None,
            "during": _part(race.during) if race.during else None,
        },
    }


def _part(part: "Stretch") -> dict[str, Any]:
    row = asdict(part)
    names = ("rearfoot_share", "midfoot_share", "forefoot_share")
    return row | dict(zip(names, row.pop("strike_shares"), strict=True))


def _kick(kick: "Kick") -> dict[str, Any]:
    names = {"to_go_m": "distance_to_go_m", "to_go_s": "time_to_go_s"}
    return {names.get(name, name): value for name, value in asdict(kick).items()}
