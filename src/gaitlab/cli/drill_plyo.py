"""``gaitlab drill plyo``: hops and bounds of a recording, set by set."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common
from gaitlab.cli.choice import choice_of, choice_options

if TYPE_CHECKING:
    from gaitlab.coaching.drills.plyo import PlyoSet


@click.command(name="plyo", epilog="\b\nExample:\n  gaitlab drill plyo pogos.gait.parquet")
@click.argument("recording", type=click.Path(path_type=Path))
@choice_options
@common.assume_units_option
@common.drill_out_option
@common.json_option
def plyo(
    recording: Path,
    kind: str | None,
    from_s: float | None,
    to_s: float | None,
    assume_units: str | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """Find the sets of hops and bounds in RECORDING: contact, flight, height, both RSI.

    Height is that of the flight and needs the same posture at take-off and landing. Sets are
    parted by more than 1.2 s without a landing.
    """
    from gaitlab.coaching.drills.plyo import plyo_sets
    from gaitlab.report.sheets.plyo import (
        hops_figure,
        plyo_cautions,
        plyo_grid,
        plyo_section,
        plyo_words,
    )

    target = common.wanted_page(page, recording)
    analysis = common.analyze_file(recording, assume_units)
    sets = plyo_sets(analysis, choice_of(kind, from_s, to_s))
    if target is not None:
        from gaitlab.report.pages.drill import write_drill

        section = plyo_section(analysis, sets)
        write_drill(analysis, (section,), lambda: hops_figure(sets), target)
    if as_json:
        cautions = list(plyo_cautions(analysis))
        payload = {"sets": [_payload(one) for one in sets], "cautions": cautions}
        head = common.page_key(target) | common.warnings_key(analysis)
        common.emit_json("drill_plyo", {**head, **payload})
        return
    common.print_sheet(analysis, (plyo_grid(sets),), plyo_words(analysis, sets), target)


def _payload(one: "PlyoSet") -> dict[str, Any]:
    names = (
        "contact_time_s", "flight_time_s", "height_m", "rsi_mps", "flight_ratio", "hop_length_m",
        "lag_s",
    )  # fmt: skip
    middles = {name: one.middle(name) for name in names}
    return {
        "kind": one.kind,
        "n": one.n,
        "start_s": one.ic_time_s[0],
        "stop_s": one.ic_time_s[-1],
        **{name: middle for name, (middle, _) in middles.items()},
        **{f"{name}_spread": spread for name, (_, spread) in middles.items()},
        "rsi": middles["rsi_mps"][0],
        "score_10_5_mps": one.score_10_5_mps,
        "rhythm_cv": one.rhythm_cv,
        "decay_share": one.decay_share,
        "decay_per_contact": one.decay_per_contact,
        "contact_sd_s": one.contact_sd_s,
        "cautions": one.cautions,
        "landings": {name: getattr(one, name) for name in ("ic_time_s", *names)},
    }
