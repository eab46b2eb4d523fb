"""``gaitlab drill ins-outs``: sprint, float, sprint again, zone by zone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common
from gaitlab.cli.choice import choice_of, choice_options
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.coaching.drills.ins_outs import InsOuts
    from gaitlab.model.analysis import Analysis
    from gaitlab.model.units import PaceUnits

INTENTS: Final = ("build", "in", "out")


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
@common.pace_option
@common.drill_out_option
@common.json_option
def ins_outs(
    recording: Path,
    zones: str | None,
    kind: str | None,
    from_s: float | None,
    to_s: float | None,
    assume_units: str | None,
    units: "PaceUnits",
    page: Path | None,
    as_json: bool,
) -> None:
    """Find the ins and outs in RECORDING: each zone's speed, rhythm and contact, and the float.

    Marks with distances (cones, gates) are the best borders; then --zones; else the borders are
    where the runner changed the effort, and said so.
    """
    from gaitlab.coaching.drills.ins_outs import ins_outs as find
    from gaitlab.report.sheets.ins_outs import HOW, ins_outs_words, zone_grid

    lengths, intents = parse_zones(zones) if zones else ((), ())
    target = common.wanted_page(page, recording)
    analysis = common.analyze_file(recording, assume_units)
    found = find(analysis, lengths, intents, choice_of(kind, from_s, to_s))  # type: ignore[arg-type]  # checked names
    if target is not None:
        _write(analysis, found, target, units)
    if as_json:
        head = common.page_key(target) | common.warnings_key(analysis)
        common.emit_json("drill_ins_outs", {**head, **payload(found)})
        return
    common.say_simulated(analysis)
    for number, one in enumerate(found, start=1):
        words = (f"Repetition {number}: {HOW[one.how]}.", *ins_outs_words(one))
        common.print_grids((zone_grid(number, one, units),), words)
    common.say_warnings(analysis)
    common.say_page(target)


def _write(
    analysis: "Analysis", found: "tuple[InsOuts, ...]", target: Path, units: "PaceUnits"
) -> None:
    from gaitlab.report.pages.drill import write_drill
    from gaitlab.report.sheets.ins_outs import ins_outs_section, zones_figure

    write_drill(
        analysis, (ins_outs_section(analysis, found, units),), lambda: zones_figure(found), target
    )


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
            "cautions": one.cautions,
        }
        for number, one in enumerate(found, start=1)
    ]
    return {"zones": zones, "reps": reps}
