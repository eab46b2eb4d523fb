"""``gaitlab sync``: how far the clocks of two feet lie apart, by stamps that both felt."""

from dataclasses import asdict
from pathlib import Path

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError

SUFFIX = ".gait.parquet"


@click.command(
    name="sync",
    epilog="\b\nExamples:\n  gaitlab sync monday.gait.parquet\n"
    "  gaitlab sync monday.gait.parquet -o synced.gait.parquet",
)
@click.argument("recording", type=click.Path(path_type=Path))
@click.option(
    "--out", "-o", type=click.Path(path_type=Path),
    help="Write a copy whose right foot is moved by the offset; the recording stays as it is.",
)  # fmt: skip
@click.option(
    "--knocked", is_flag=True, help="The shoes were knocked together; without it: hops on both."
)
@common.json_option
def command(recording: Path, out: Path | None, knocked: bool, as_json: bool) -> None:
    """Say how far the two feet lie apart in time, from three hops or knocks at uneven intervals.

    Stand still for a second before and after them. Times within one foot do not depend on it;
    flight and step times of two feet do. Nothing is shifted unless --out asks for a copy.
    """
    from gaitlab.pod.sync import LANDING_SD_S, both_feet, offset_by_stamps, with_foot_shifted
    from gaitlab.recordings import load, save

    path = _free(out) if out else None
    made = load(recording)
    left, right = both_feet(made)
    offset = offset_by_stamps(left, right, apart_sd_s=0.0 if knocked else LANDING_SD_S)
    if path:
        save(with_foot_shifted(made, offset), path)
    if as_json:
        common.emit_json("sync", {**asdict(offset), "file": str(path) if path else None})
        return
    console = common.results()
    console.print(str(offset), soft_wrap=True)
    if path:
        console.print(f"a copy with the right foot moved: {path}", soft_wrap=True)
    else:
        console.print("nothing was changed; -o FILE writes a copy with the right foot moved")


def _free(wanted: Path) -> Path:
    """Where the copy goes, NAME.gait.parquet; never over another recording."""
    name = wanted.name.removesuffix(SUFFIX).removesuffix(".parquet")
    path = wanted.with_name(name + SUFFIX)
    if path.exists():
        raise UsageError(
            f"{path} is there already", "a recording is never overwritten", "choose another --out"
        )
    return path
