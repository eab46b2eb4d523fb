"""``gaitlab race``: laps, drift and the kick of a distance race."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.coaching.comparison.between import Between, State
    from gaitlab.coaching.race.kick import Kick
    from gaitlab.coaching.race.laps import Race, Stretch
    from gaitlab.metrics.catalog import Metric
    from gaitlab.model.analysis import Analysis
    from gaitlab.model.units import PaceUnits


@click.command(
    name="race",
    epilog="\b\nExample:\n  gaitlab race final.gait.parquet --distance 1500 "
    "--compare fly.parquet -o race.html",
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.option(
    "--distance", "distance_m", type=common.Number(100.0, 250_000.0),
    help="Length of the course, m; without it distances are estimated from the strides.",
)  # fmt: skip
@click.option(
    "--lap", "lap_m", type=common.Number(50.0, 50_000.0), default=400.0, show_default=True,
    help="Length of a lap, m (1000 for kilometres).",
)  # fmt: skip
@click.option(
    "--track", "track_m", metavar="M", type=common.Number(0.0, 1000.0), default=400.0,
    show_default=True,
    help="Lap of the track, whose bends are told from its straights; 0 off a track.",
)  # fmt: skip
@click.option(
    "--compare", "compared", metavar="FILE", multiple=True, type=click.Path(path_type=Path),
    help="A recording with the runner's own flying sprint (repeat it: the fastest counts): where "
    "does the kick lie between cruise and sprint?",
)  # fmt: skip
@click.option(
    "--zone", "zone_m", type=common.Number(5.0, 200.0), default=30.0, show_default=True,
    help="Length of that flying sprint, m.",
)  # fmt: skip
@common.assume_units_option
@common.pace_option
@common.drill_out_option
@common.json_option
def command(
    recording: Path,
    distance_m: float | None,
    lap_m: float,
    track_m: float,
    compared: tuple[Path, ...],
    zone_m: float,
    assume_units: str | None,
    units: "PaceUnits",
    page: Path | None,
    as_json: bool,
) -> None:
    """Laps, the last 400, 200 and 100 m, and whether RECORDING ends with a kick.

    The longest continuous run counts. It starts at a mark called "start" or at the first running
    contact, and ends at a mark called "finish" or where the runner slows down for good.
    """
    from gaitlab.coaching.race.laps import race_of

    target = common.wanted_page(page, recording, *compared)
    files = common.with_progress([recording, *compared], "analysing")
    analysis, *others = [common.analyze_file(path, assume_units) for path in files]
    race = race_of(analysis, distance_m, lap_m, track_m)
    found = _between(analysis, race, others, zone_m)
    if target is not None:
        _write(analysis, race, found, target, units)
    if as_json:
        payload = _payload(race) | {"compare": None if found is None else _compared(found)}
        head = common.page_key(target) | common.warnings_key(analysis)
        common.emit_json("race", {**head, **payload})
        return
    _show(analysis, race, found, target, units)


def _between(
    analysis: "Analysis", race: "Race", others: "list[Analysis]", zone_m: float
) -> "Between | None":
    from gaitlab.coaching.comparison.between import between, own_sprint

    return between(analysis, race, own_sprint(others, zone_m)) if others else None


def _write(
    analysis: "Analysis", race: "Race", found: "Between | None", target: Path, units: "PaceUnits"
) -> None:
    from gaitlab.report.pages.drill import write_drill
    from gaitlab.report.sheets.between import between_section
    from gaitlab.report.sheets.race import race_figure, race_section

    sections = [race_section(analysis, race, units)]
    if found is not None:
        sections.append(between_section(found))
    write_drill(analysis, sections, lambda: race_figure(analysis, race), target)


def _show(
    analysis: "Analysis",
    race: "Race",
    found: "Between | None",
    target: Path | None,
    units: "PaceUnits",
) -> None:
    from gaitlab.report.sheets.between import between_grid, between_words
    from gaitlab.report.sheets.race import race_grids, race_words

    grids, words = [*race_grids(race, units)], [*race_words(race)]
    if found is not None:
        grids.append(between_grid(found))
        words += [*between_words(found), *found.notes]
    common.print_sheet(analysis, grids, words, target)


def _compared(found: "Between") -> dict[str, Any]:
    """Cruise, kick and own sprint as plain numbers; units are those of the tables."""
    fly = found.sprint.fly
    rows = [
        {
            "metric": row.metric.column,
            "unit": row.metric.column_unit,
            **{
                name: _state(row.metric, getattr(row, name))
                for name in ("cruise", "kick", "sprint")
            },
            "position": row.position,
            "position_low": row.low,
            "position_high": row.high,
            "reason": row.reason,
        }
        for row in found.rows
    ]
    return {
        "recording": found.sprint.analysis.recording.name,
        "fly": {"how": fly.how, "entry_s": fly.entry_s, "exit_s": fly.exit_s,
                "v_mean_mps": fly.v_mean_mps, "n": fly.n},
        "rows": rows,
        "position_median": found.middle,
        "position_lowest": found.lowest,
        "position_highest": found.highest,
        "comparable": found.comparable,
        "notes": found.notes,
    }  # fmt: skip


def _state(item: "Metric", state: "State") -> dict[str, Any]:
    factor = item.column_factor
    return {
        "value": factor * state.value, "spread": factor * state.spread,
        "uncertainty": factor * state.uncertainty, "n": state.n,
    }  # fmt: skip


def _payload(race: "Race") -> dict[str, Any]:
    from gaitlab.report.sheets.race import race_cautions

    course = race.course
    return {
        "distance_m": course.length_m,
        "anchored": course.anchored,
        "length_scale": course.scale,
        "start_s": course.start_s,
        "finish_s": course.finish_s,
        "finish_from": course.finish_from,
        "cautions": race_cautions(race),
        "laps": [_part(part) for part in race.laps],
        "last": [_part(part) for part in race.lasts],
        "drift": [asdict(item) for item in race.drift],
        "bends": {
            "track_told": not race.bends.reason,
            "reason": race.bends.reason,
            "spans_m": race.bends.spans_m,
            "radius_m": race.bends.radius_m,
            "share": race.bends.share,
            "parts": [asdict(part) for part in race.curved],
        },
        "kick": _kick(race.kick)
        | {
            "before": _part(race.before) if race.before else None,
            "during": _part(race.during) if race.during else None,
            "strike": None if race.strike is None else asdict(race.strike),
        },
    }


def _part(part: "Stretch") -> dict[str, Any]:
    row = asdict(part)
    names = ("rearfoot_share", "midfoot_share", "forefoot_share")
    return row | dict(zip(names, row.pop("strike_shares"), strict=True))


def _kick(kick: "Kick") -> dict[str, Any]:
    names = {"to_go_m": "distance_to_go_m", "to_go_s": "time_to_go_s"}
    return {names.get(name, name): value for name, value in asdict(kick).items()}
