"""``gaitlab band``: a named band of your own athletes, as a small file."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from gaitlab.cli import common, references

if TYPE_CHECKING:
    from gaitlab.coaching.comparison.band import Band, BandGroup

SHOWN: Final = ("contact_time_s", "flight_time_s", "cadence_spm", "step_length_m")


@click.group(
    name="band",
    epilog="\b\nExample:\n  gaitlab band build sprinters squad/*.parquet -o sprinters.band.json",
)
def command() -> None:
    """A band: what your own athletes do at each speed, to set a runner beside."""


@command.command(
    name="build",
    epilog="\b\nExample:\n"
    "  gaitlab band build sprinters squad/*.parquet -o sprinters.band.json\n"
    "  gaitlab compare race.parquet --reference sprinters.band.json",
)
@click.argument("name")
@common.recordings_argument
@click.option(
    "--group", type=click.Choice(["sprint", "distance", "other"]), default="sprint",
    show_default=True, help="What these athletes are.",
)  # fmt: skip
@click.option(
    "--out", "-o", "out", type=click.Path(path_type=Path),
    help="The file to write; NAME.band.json in this folder by default.",
)  # fmt: skip
@common.assume_units_option
@common.json_option
def build(
    name: str,
    recordings: tuple[Path, ...],
    group: str,
    out: Path | None,
    assume_units: str | None,
    as_json: bool,
) -> None:
    """Make a band NAME from recordings of your athletes and save it.

    Recordings of one athlete (the same name in them) count as one. The file holds numbers and
    checksums, no names of athletes.
    """
    from gaitlab import __version__
    from gaitlab.coaching.comparison.band_file import band_dict, band_text
    from gaitlab.report.pages.output import write_whole

    paths = common.once_each(recordings)
    default = Path(f"{file_name(name)}.band.json")
    target = common.page_path(out, default, paths)
    band = references.build(name, cast("BandGroup", group), paths, assume_units)
    written = write_whole(band_text(band, __version__), target)
    if as_json:
        common.emit_json("band", {"file": str(written), "band": band_dict(band, __version__)})
        return
    click.echo(written)
    for line in band_lines(band):
        common.messages().print(line)


def file_name(name: str) -> str:
    """A band's name as a file name.

    >>> file_name("Squad 2026 / women")
    'Squad-2026-women'
    """
    kept = "".join(letter if letter.isalnum() or letter in "-_" else " " for letter in name)
    return "-".join(kept.split()) or "band"


def band_lines(band: "Band") -> list[str]:
    """What is in a band: athletes, and the speeds that they ran."""
    from gaitlab.metrics.catalog import metric

    lines = [f"{band.title}; a spread is given from 3 athletes on"]
    for name in SHOWN:
        speeds = band.speeds(name)
        if speeds is None:
            lines.append(f"{metric(name).label}: none")
            continue
        middle = band.at(name, round(sum(speeds) / 2, 1))
        at = (
            f", {metric(name).text(middle.mean, with_unit=True)} at {sum(speeds) / 2:.1f} m/s "
            f"(n {middle.n})"
            if middle is not None
            else ""
        )
        lines.append(f"{metric(name).label}: {speeds[0]:.1f} to {speeds[1]:.1f} m/s{at}")
    return lines
