"""``gaitlab race``: laps, drift and the kick of a distance race."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.coaching.kick import Kick
    from gaitlab.coaching.race import Race, Stretch


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
@common.drill_out_option
@common.json_option
def command(
    recording: Path,
    distance_m: float | None,
    lap_m: float,
    assume_units: str | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """Laps, the last 400, 200 and 100 m, and whether RECORDING ends with a kick.

    The longest continuous run counts. It starts at a mark called "start" or at the first running
    contact, and ends at a mark called "finish" or where the runner slows down for good.
    """
    from gaitlab.coaching.race import race_of
    from gaitlab.report.race_sheet import race_figure, race_grids, race_section, race_words

    target = common.wanted_page(page, recording)
    analysis = common.analyze_file(recording, assume_units)
    race = race_of(analysis, distance_m, lap_m)
    if target is not None:
        from gaitlab.report.drill_page import write_drill

        section = race_section(analysis, race)
        write_drill(analysis, (section,), lambda: race_figure(analysis, race), target)
    if as_json:
        common.emit_json("race", {**common.page_key(target), **_payload(race)})
        return
    common.print_sheet(analysis, race_grids(race), race_words(race), target)


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
