"""``gaitlab calibrate``: a personal factor for lengths from a distance that is known."""

from pathlib import Path

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError


@click.command(
    name="calibrate",
    epilog="\b\nExample:\n"
    "  gaitlab calibrate lap.parquet --distance 400 --from 12.5 --to 92.1\n"
    "  gaitlab analyze monday.parquet --out results --length-scale 1.013",
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("--distance", "distance_m", type=common.Number(10.0), help="Known distance, m.")
@click.option(
    "--from", "start_s", type=common.AnyNumber(), help="When it began, s on the recording's clock."
)
@click.option("--to", "stop_s", type=common.AnyNumber(), help="When it ended, s.")
@common.assume_units_option
@common.json_option
def command(
    recording: Path,
    distance_m: float | None,
    start_s: float | None,
    stop_s: float | None,
    assume_units: str | None,
    as_json: bool,
) -> None:
    """Compare the distance measured in RECORDING with one that is known.

    Give the distance with its start and stop, or nothing: then the marks with a distance in the
    recording's sidecar are used. The factor belongs to one runner with one way of mounting.
    """
    import numpy as np

    from gaitlab.strides.calibration import (
        distance_between,
        distances_between_marks,
        length_scale,
    )

    given = (distance_m, start_s, stop_s)
    if any(part is None for part in given) and any(part is not None for part in given):
        raise UsageError(
            "a known distance needs its start and its stop",
            "--distance, --from and --to belong together",
            "give all three, or none to use the marks of the sidecar",
        )
    analysis = common.analyze_file(recording, assume_units)
    if distance_m is not None and start_s is not None and stop_s is not None:
        measured = np.array([distance_between(analysis.contacts, start_s, stop_s)])
        known = np.array([distance_m])
    else:
        measured, known = distances_between_marks(analysis.contacts, analysis.recording.marks)
    scale = length_scale(measured, known)
    if as_json:
        common.emit_json(
            "calibrate",
            {
                "factor": scale.factor,
                "sd": scale.sd,
                "n": scale.n,
                "measured_m": measured,
                "known_m": known,
            },
        )
        return
    console = common.results()
    console.print(f"measured {measured.sum():.1f} m of {known.sum():.1f} m known, n {scale.n}")
    console.print(f"length scale {scale.factor:.4f} ± {scale.sd:.4f}")
    console.print(f"use it with: gaitlab analyze REC --length-scale {scale.factor:.4f}")
