"""``gaitlab drill ins-outs``: sprint, float, sprint again, zone by zone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common
from gaitlab.cli.choice import choice_of, choice_options
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from gaitlab.coaching.ins_outs import InsOuts
    from gaitlab.coaching.zones import Zone

INTENTS: Final = ("build", "in", "out")
HEADINGS: Final = (
    "zone", "from\n[s]", "to\n[s]", "length\n[m]", "time\n[s]", "mean\n[m/s]", "top\n[m/s]",
    "cadence\n[steps/min]", "step\n[m]", "contact\n[ms]", "flight\n[ms]", "change\nover", "n",
)  # fmt: skip
HOW: Final = {
    "marks": "zones between the marks",
    "lengths": "zones of the lengths given, laid where the speed changes",
    "found": "zones found where the speed changes; lengths are measured (± 4 %)",
}
NOTHING: Final = "–"


@click.command(
    name="ins-outs",
    epilog="\b\nExamples:\n  gaitlab drill ins-outs tuesday.gait.parquet\n"
    "  gaitlab drill ins-outs tuesday.gait.parquet --zones 20,20,20,20\n"
    "  gaitlab drill ins-outs tuesday.gait.parquet --zones build20,in20,out20,in20",
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.option(
    "--zones", "zones", metavar="METRES,METRES,...",
    help="Lengths of the zones in the order in which they were run; build, in or out may stand "
    "before a length.",
)  # fmt: skip
@choice_options
@common.assume_units_option
@common.json_option
def ins_outs(
    recording: Path,
    zones: str | None,
    kind: str | None,
    from_s: float | None,
    to_s: float | None,
    assume_units: str | None,
    as_json: bool,
) -> None:
    """Find the ins and outs in RECORDING: each zone's speed, rhythm and contact, and the float.

    Marks with distances (cones, gates) are the best borders; then --zones; else the borders are
    where the runner changed the effort, and said so.
    """
    from gaitlab.coaching.ins_outs import ins_outs as find

    lengths, intents = parse_zones(zones) if zones else ((), ())
    analysis = common.analyze_file(recording, assume_units)
    found = find(analysis, lengths, intents, choice_of(kind, from_s, to_s))  # type: ignore[arg-type]  # checked names
    if as_json:
        common.emit_json("drill_ins_outs", payload(found))
        return
    console = common.results()
    if analysis.recording.simulated:
        console.print("SIMULATED runner.")
    for number, one in enumerate(found, start=1):
        _show(console, number, one)


def parse_zones(text: str) -> tuple[tuple[float, ...], tuple[str | None, ...]]:
    """Lengths and what is meant by each, of ``20,20`` or ``build20,in20,out20``.

    >>> parse_zones("20, in30,out20.5")
    ((20.0, 30.0, 20.5), (None, 'in', 'out'))
    """
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    try:
        pairs = [_zone(word) for word in words]
    except ValueError as error:
        raise UsageError(
            f"--zones {text} is not a row of zones",
            "it needs lengths in metres with commas between",
            "write for example --zones 20,20,20 or --zones build20,in20,out20,in20",
        ) from error
    if not all(3.0 <= length <= 200.0 for length, _ in pairs) or not 2 <= len(pairs) <= 40:
        raise UsageError(
            f"--zones {text} cannot be run like that",
            "two to forty zones of 3 to 200 m make ins and outs",
            "give the length of each zone in metres",
        )
    return tuple(length for length, _ in pairs), tuple(intent for _, intent in pairs)


def _zone(word: str) -> tuple[float, str | None]:
    intent = next((name for name in INTENTS if word.startswith(name)), None)
    return float(word.removeprefix(intent or "").strip(" :=")), intent


def payload(found: "tuple[InsOuts, ...]") -> dict[str, Any]:
    """All zones of all repetitions in one row, and the repetitions with what follows from them."""
    from dataclasses import asdict

    zones = [
        {"rep": number, **asdict(zone)}
        for number, one in enumerate(found, start=1)
        for zone in one.zones
    ]
    reps = [
        {
            "rep": number,
            "start_s": one.repetition.start_s,
            "stop_s": one.repetition.stop_s,
            "how": one.how,
            "float_retention_share": one.retention_share,
            "float_retention_band": one.retention_band,
            "reacceleration_mps": one.reacceleration_mps,
            "out_cadence_change_spm": one.out_cadence_spm,
            "out_contact_change_s": one.out_contact_s,
            "missing": one.missing,
        }
        for number, one in enumerate(found, start=1)
    ]
    return {"zones": zones, "reps": reps}


def _show(console: "Console", number: int, one: "InsOuts") -> None:
    console.print(f"Repetition {number}: {HOW[one.how]}.")
    console.print(_table(one.zones))
    if one.retention_share == one.retention_share:
        console.print(
            f"Float: {100 * one.retention_share:.0f} ± {100 * one.retention_band:.0f} % of the "
            f"speed of the sprint before it; cadence {_signed(one.out_cadence_spm, 1.0, 0)} "
            f"steps/min, contact {_signed(one.out_contact_s, 1000.0, 0)} ms."
        )
    if one.reacceleration_mps == one.reacceleration_mps:
        console.print(f"Last in against first in: {_signed(one.reacceleration_mps, 1.0, 2)} m/s.")
    for line in one.missing:
        console.print(f"not measurable: {line}")


def _signed(value: float, factor: float, decimals: int) -> str:
    if value != value:
        return NOTHING
    return f"{factor * value:+.{decimals}f}".replace("-", "−")


def _table(zones: "tuple[Zone, ...]") -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "zone" else "right", no_wrap=True)
    for zone in zones:
        table.add_row(*_cells(zone))
    return table


def _cells(zone: "Zone") -> tuple[str, ...]:
    from gaitlab.metrics.catalog import metric

    contact, speed, cadence = (
        metric(name) for name in ("contact_time_s", "speed_mps", "cadence_spm")
    )
    known = zone.contact_time_s == zone.contact_time_s
    changed = zone.transition_s == zone.transition_s
    return (
        zone.intent, f"{zone.start_s:.2f}", f"{zone.stop_s:.2f} ± {zone.stop_band_s:.2f}",
        f"{zone.length_m:.1f}", f"{zone.time_s:.2f}",
        f"{speed.text(zone.v_mean_mps)} ± {zone.v_band_mps:.2f}", speed.text(zone.v_max_mps),
        f"{cadence.text(zone.cadence_spm)} ± {cadence.spread_text(zone.cadence_spread_spm)}",
        metric("step_length_m").text(zone.step_length_m),
        f"{contact.text(zone.contact_time_s)} ± {contact.spread_text(zone.contact_spread_s)}"
        if known else NOTHING,
        metric("flight_time_s").text(zone.flight_time_s),
        f"{zone.transition_m:.0f} m" if changed else NOTHING, str(zone.n),
    )  # fmt: skip
