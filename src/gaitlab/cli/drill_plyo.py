"""``gaitlab drill plyo``: hops and bounds of a recording, set by set."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from rich.table import Table

    from gaitlab.coaching.plyo import PlyoSet

HEADINGS: Final = (
    "set", "kind", "n", "contact\n[ms]", "flight\n[ms]", "height\n[cm]", "RSI [m/s]\nheight/tc",
    "RSI\ntf/tc", "10/5\n[m/s]", "rhythm\nCV [%]", "loss\n[%]", "length\n[m]", "R after\nL [ms]",
)  # fmt: skip
NOTHING: Final = "–"


@click.command(name="plyo", epilog="\b\nExample:\n  gaitlab drill plyo pogos.gait.parquet")
@click.argument("recording", type=click.Path(path_type=Path))
@common.assume_units_option
@common.json_option
def plyo(recording: Path, assume_units: str | None, as_json: bool) -> None:
    """Find the sets of hops and bounds in RECORDING: contact, flight, height, both RSI.

    Height is that of the flight and needs the same posture at take-off and landing. Sets are
    parted by more than 1.2 s without a landing.
    """
    from gaitlab.coaching.plyo import plyo_sets

    analysis = common.analyze_file(recording, assume_units)
    sets = plyo_sets(analysis)
    if as_json:
        common.emit_json("drill_plyo", {"sets": [_payload(one) for one in sets]})
        return
    console = common.results()
    if analysis.recording.simulated:
        console.print("SIMULATED athlete.")
    console.print(_table(sets))
    console.print(
        f"Middle ± spread of the landings of a set; a single contact time is known to "
        f"± {1000 * sets[0].contact_sd_s:.0f} ms. One foot alone cannot tell two-foot hops from "
        "one-foot hops."
        if len(analysis.feet) < 2
        else f"Middle ± spread of the landings of a set; a single contact time is known to "
        f"± {1000 * sets[0].contact_sd_s:.0f} ms."
    )


def _table(sets: "tuple[PlyoSet, ...]") -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(
            heading, justify="left" if heading == "kind" else "right", no_wrap=heading == "kind"
        )
    for number, one in enumerate(sets, start=1):
        table.add_row(str(number), one.kind, str(one.n), *_cells(one))
    return table


def _cells(one: "PlyoSet") -> tuple[str, ...]:
    return (
        _pair(one, "contact_time_s", 1000.0, 0), _pair(one, "flight_time_s", 1000.0, 0),
        _pair(one, "height_m", 100.0, 1), _pair(one, "rsi_mps", 1.0, 2),
        _pair(one, "flight_ratio", 1.0, 2), _number(one.score_10_5_mps, 1.0, 2),
        _number(one.rhythm_cv, 100.0, 1), _number(one.decay_share, 100.0, 0),
        _pair(one, "hop_length_m", 1.0, 2), _pair(one, "lag_s", 1000.0, 0),
    )  # fmt: skip


def _pair(one: "PlyoSet", name: str, factor: float, decimals: int) -> str:
    middle, spread = one.middle(name)
    if middle != middle:
        return NOTHING
    return f"{_number(middle, factor, decimals)} ± {_number(spread, factor, decimals)}"


def _number(value: float, factor: float, decimals: int) -> str:
    if value != value:
        return NOTHING
    return f"{factor * value:.{decimals}f}".replace("-", "−")


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
        "landings": {name: getattr(one, name) for name in ("ic_time_s", *names)},
    }
