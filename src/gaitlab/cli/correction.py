"""``gaitlab correction``: fit contact times to a reference of the user's own."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.model.errors import InputError, OutputError
from gaitlab.model.units import MS_PER_S, RAD_PER_DEG

if TYPE_CHECKING:
    from gaitlab.events.correction import Correction
    from gaitlab.model.gait import Contacts
    from gaitlab.model.units import Floats

NEEDED = ("speed_mps", "contact_time_s", "reference_contact_time_s")
ANGLE = "strike_angle_deg"
WHAT_HELPS = f"name the columns {', '.join(NEEDED)}"


@click.command(
    name="correction",
    epilog="\b\nExample:\n"
    "  gaitlab correction mine.csv --reference OptoJump -o mine.json\n"
    "  gaitlab analyze monday.parquet --out results --correction mine.json",
)
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--out", "-o", "file", type=click.Path(path_type=Path), help="Where to keep it.")
@click.option("--reference", default="reference", help="What measured the true contact time.")
@common.json_option
def command(table: Path, file: Path | None, reference: str, as_json: bool) -> None:
    """Fit what video or a light barrier adds to gaitlab's contact times, from TABLE (CSV).

    One row per step, or the mean of one run, with the columns speed_mps, contact_time_s (from
    gaitlab), reference_contact_time_s and, if you like, strike_angle_deg. Three speeds or more.
    """
    from gaitlab.events.correction import fit_correction, to_json

    columns = _columns(table)
    angle = columns[ANGLE] * RAD_PER_DEG if ANGLE in columns else None
    speed, measured, true = (columns[name] for name in NEEDED)
    correction = fit_correction(measured, true, speed, angle, reference=reference)
    if file is not None:
        try:
            file.write_text(to_json(correction), encoding="utf-8")
        except OSError as error:
            raise OutputError(f"cannot write {file}", str(error), "choose another -o") from error
    if as_json:
        common.emit_json("correction", _as_dict(correction))
        return
    console = common.results()
    console.print(correction.words(), soft_wrap=True)
    console.print(f"single rows stray by {MS_PER_S * correction.residual_sd_s:.1f} ms (SD)")
    if file is not None:
        console.print(f"use it with: gaitlab analyze REC --correction {file}")


def applied(correction: "Correction", contacts: "Contacts") -> str:
    """What a correction did to the contacts of a recording, and to which it was not applied."""
    import numpy as np

    from gaitlab.model.gait import RUN

    low, high = correction.speeds_mps
    timed = np.isfinite(contacts.contact_time_s)
    runs = timed & (contacts.activity == RUN)
    beyond = int((runs & ((contacts.speed_mps < low) | (contacts.speed_mps > high))).sum())
    n, others = int(runs.sum()), int((timed & ~runs).sum())
    text = f"{correction.words()}; {n} running contacts are corrected, their flight with them"
    text += f"; {others} that are not running are as measured" if others else ""
    if not beyond:
        return text
    return text + f"; {beyond} beyond those speeds got the correction of the nearest one"


def _columns(table: Path) -> "dict[str, Floats]":
    """The numeric columns of the user's table; InputError when one that is needed is absent."""
    import numpy as np

    from gaitlab.recordings.splits import number, read_text_table

    names, lines = read_text_table(table, "contact times", WHAT_HELPS)
    lacking = [name for name in NEEDED if name not in names]
    if lacking:
        raise InputError(
            f"{table.name} lacks {', '.join(lacking)}", f"it has {', '.join(names)}", WHAT_HELPS
        )
    wanted = [(name, names.index(name)) for name in (*NEEDED, ANGLE) if name in names]
    try:
        return {
            name: np.array(
                [number(row[at]) if row[at:] and row[at] else np.nan for _, row in lines]
            )
            for name, at in wanted
        }
    except ValueError as error:
        raise InputError(
            f"cannot read the table {table.name}", str(error), "save it as CSV with numbers only"
        ) from error


def _as_dict(correction: "Correction") -> dict[str, object]:
    b0, b1, b2 = correction.standard_errors
    return {
        "b0_s": correction.b0_s, "b1_s_per_mps": correction.b1_s_per_mps,
        "b2_s_per_rad": correction.b2_s_per_rad, "b0_se_s": b0, "b1_se_s_per_mps": b1,
        "b2_se_s_per_rad": b2, "residual_sd_s": correction.residual_sd_s, "n": correction.n,
        "speeds_mps": correction.speeds_mps, "reference": correction.reference,
    }  # fmt: skip
