"""``gaitlab drill flying``: the flying sprints of a recording."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from rich.table import Table

    from gaitlab.coaching.flying import Fly

HEADINGS: Final = (
    "rep", "zone from", "time\n[s]", "mean\n[m/s]", "top\n[m/s]", "cadence\n[steps/min]",
    "step\n[m]", "contact\n[ms]", "flight\n[ms]", "left / right\ncontact [ms]",
    "rear/mid/\nforefoot [%]", "n", "in the zone",
)  # fmt: skip


@click.command(
    name="flying", epilog="\b\nExample:\n  gaitlab drill flying tuesday.parquet --run-in 25"
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.option(
    "--zone", "zone_m", type=click.FloatRange(5.0, 200.0), default=30.0, show_default=True,
    help="Length of the timed zone, m.",
)  # fmt: skip
@click.option(
    "--run-in", "run_in_m", type=click.FloatRange(1.0, 200.0),
    help="The zone begins this far from the standing start, m.",
)  # fmt: skip
@common.assume_units_option
@common.json_option
def flying(
    recording: Path,
    zone_m: float,
    run_in_m: float | None,
    assume_units: str | None,
    as_json: bool,
) -> None:
    """Find the flying sprints in RECORDING and time each.

    Two marks with distances one zone apart (gates, cones) are the best entry and exit; then a
    known run-in; else the fastest zone of each sprint is taken, and said so.
    """
    from gaitlab.coaching.flying import best_of, drop_share
    from gaitlab.coaching.flying import flying as find

    analysis = common.analyze_file(recording, assume_units)
    flies = find(analysis, zone_m, run_in_m)
    if as_json:
        reps = [_row(fly) for fly in flies]
        best = {"best_rep": best_of(flies) + 1, "drop_share": drop_share(flies)}
        common.emit_json("drill_flying", {"zone_m": zone_m, "reps": reps, **best})
        return
    console = common.results()
    if analysis.recording.simulated:
        console.print("SIMULATED runner.")
    console.print(_table(flies))
    if len(flies) > 1:
        console.print(
            f"Best: repetition {best_of(flies) + 1}. The last one was "
            f"{100 * drop_share(flies):.1f} % slower than the best."
        )
    if any(fly.how != "marks" for fly in flies):
        console.print(
            "Times without marks rest on measured lengths (± 4 %); two marks with their "
            "distances (gates, cones) make them good to some hundredths."
        )


def _table(flies: "tuple[Fly, ...]") -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "zone from" else "right")
    for number, fly in enumerate(flies, start=1):
        table.add_row(str(number), *_cells(fly))
    return table


def _cells(fly: "Fly") -> tuple[str, ...]:
    from gaitlab.metrics.catalog import metric

    contact, speed = metric("contact_time_s"), metric("speed_mps")
    known = fly.strike_shares[0] == fly.strike_shares[0]
    shares = " / ".join(f"{100 * share:.0f}" for share in fly.strike_shares) if known else "–"
    return (
        fly.how, f"{fly.time_s:.2f} ± {fly.band_s:.2f}", speed.text(fly.v_mean_mps),
        speed.text(fly.v_max_mps), metric("cadence_spm").text(fly.cadence_spm),
        metric("step_length_m").text(fly.step_length_m),
        f"{contact.text(fly.contact_time_s)} ± {contact.spread_text(fly.contact_spread_s)}",
        metric("flight_time_s").text(fly.flight_time_s),
        f"{contact.text(fly.left_contact_s)} / {contact.text(fly.right_contact_s)}",
        shares, str(fly.n), fly.state,
    )  # fmt: skip


def _row(fly: "Fly") -> dict[str, Any]:
    row = asdict(fly)
    names = ("rearfoot_share", "midfoot_share", "forefoot_share")
    return row | dict(zip(names, row.pop("strike_shares"), strict=True))
