"""``gaitlab drill flying``: the flying sprints of a recording."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common
from gaitlab.cli.choice import choice_of, choice_options

if TYPE_CHECKING:
    from gaitlab.coaching.drills.flying import Fly
    from gaitlab.model.units import PaceUnits


@click.command(
    name="flying", epilog="\b\nExample:\n  gaitlab drill flying tuesday.parquet --run-in 25"
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.option(
    "--zone", "zone_m", type=common.Number(5.0, 200.0), default=30.0, show_default=True,
    help="Length of the timed zone, m.",
)  # fmt: skip
@click.option(
    "--run-in", "run_in_m", type=common.Number(1.0, 200.0),
    help="The zone begins this far from the standing start, m.",
)  # fmt: skip
@choice_options
@common.assume_units_option
@common.pace_option
@common.drill_out_option
@common.json_option
def flying(
    recording: Path,
    zone_m: float,
    run_in_m: float | None,
    kind: str | None,
    from_s: float | None,
    to_s: float | None,
    assume_units: str | None,
    units: "PaceUnits",
    page: Path | None,
    as_json: bool,
) -> None:
    """Find the flying sprints in RECORDING and time each.

    Sprints from standing count too, and are named so; --kind fly leaves them out. Two marks with
    distances one zone apart (gates, cones) are the best entry and exit; then a known run-in; else
    the fastest zone of each sprint is taken, and said so.
    """
    from gaitlab.coaching.drills.flying import behind_best, best_of, drop_share
    from gaitlab.coaching.drills.flying import flying as find
    from gaitlab.report.sheets.fly import fly_grids, fly_section, fly_words, reps_figure

    target = common.wanted_page(page, recording)
    analysis = common.analyze_file(recording, assume_units)
    flies = find(analysis, zone_m, run_in_m, choice_of(kind, from_s, to_s))
    if target is not None:
        from gaitlab.report.pages.drill import write_drill

        section = fly_section(analysis, flies, zone_m, units)
        write_drill(analysis, (section,), lambda: reps_figure(flies), target)
    if as_json:
        behind = behind_best(flies)
        reps = [_row(fly) | {"behind_best_share": behind[at]} for at, fly in enumerate(flies)]
        best = {"best_rep": best_of(flies) + 1, "drop_share": drop_share(flies)}
        head = common.page_key(target) | common.warnings_key(analysis)
        common.emit_json("drill_flying", {**head, "zone_m": zone_m, "reps": reps, **best})
        return
    common.print_sheet(analysis, fly_grids(flies, units), fly_words(flies), target)


def _row(fly: "Fly") -> dict[str, Any]:
    row = asdict(fly)
    names = ("rearfoot_share", "midfoot_share", "forefoot_share")
    return row | dict(zip(names, row.pop("strike_shares"), strict=True))
