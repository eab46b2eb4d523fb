"""``gaitlab import``: other makers' files as a recording, or as a series to compare with."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitlab.cli import common
from gaitlab.cli.recover import STORE_SUFFIX
from gaitlab.model.errors import InputError, UsageError

if TYPE_CHECKING:
    from gaitlab.model.recording import Foot
    from gaitlab.model.series import ReferenceSeries
    from gaitlab.recordings.vendors import Imported

PLAIN_SUFFIXES = (".csv", ".parquet")


@click.command(
    name="import",
    epilog="\b\nExamples:\n"
    "  gaitlab import left_foot.csv right_foot.csv --out monday.gait.parquet\n"
    "  gaitlab import CalInertialAndMag.csv --rate 256 --foot right\n"
    "  gaitlab import watch.fit --out watch.series.parquet\n"
    "  gaitlab import --list",
)
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--from", "kind", metavar="KIND", help="The format, when it should not be guessed.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path),
    help="The recording to write (.gait.parquet, .parquet or .csv); for a watch's file a series.",
)  # fmt: skip
@click.option("--left", metavar="POD", help="The pod or file of the left foot.")
@click.option("--right", metavar="POD", help="The pod or file of the right foot.")
@click.option("--foot", type=click.Choice(["left", "right"]), help="The foot of a single pod.")
@click.option("--rate", "rate_hz", type=common.Number(10.0, 5000.0), help="Samples a second, "
              "for files without a time.")  # fmt: skip
@click.option("--offset", "offset_s", type=common.AnyNumber(), help="How many seconds after the "
              "first file the second begins, for files without a common clock.")  # fmt: skip
@click.option("--list", "only_list", is_flag=True, help="List the formats that are known.")
@click.option("--force", is_flag=True, help="Overwrite what exists already.")
@common.assume_units_option
@common.json_option
def command(
    files: tuple[Path, ...],
    kind: str | None,
    out: Path | None,
    left: str | None,
    right: str | None,
    foot: str | None,
    rate_hz: float | None,
    offset_s: float | None,
    only_list: bool,
    force: bool,
    assume_units: str | None,
    as_json: bool,
) -> None:
    """Turn FILE of another maker into a recording; two files are the two feet of one run.

    The format is found out from what is in the file, and the evidence is printed. Units and
    axes are those of the format. A FIT or foot-pod file holds a value a second and no raw
    motion: it becomes a series, to be laid beside a recording with `gaitlab reference`.
    """
    if only_list:
        _print_formats(as_json)
        return
    if not files:
        raise UsageError("no file to import", "FILE is missing", "name one or two files")
    from gaitlab.recordings.series_reading import SERIES_FORMATS, is_series, read_series

    of_series = kind in dict(SERIES_FORMATS)
    if of_series or is_series(files[0]):
        _check_series(
            files, kind, of_series, any((left, right, foot, rate_hz, offset_s, assume_units))
        )
        target = _target(out, files, ".series.parquet", force)
        _write_series(read_series(files[0]), target, as_json)
        return
    from gaitlab.recordings.vendors import Asked, import_recording

    imported = import_recording(
        files,
        kind=kind,
        asked=Asked(rate_hz, assume_units),
        told=_told(files, left, right, foot),
        offset_s=offset_s,
        name=common.output_name(out) if out else None,
    )
    _write(imported, _target(out, files, STORE_SUFFIX, force), as_json)


def _told(
    files: tuple[Path, ...], left: str | None, right: str | None, foot: str | None
) -> "dict[str, Foot]":
    """Feet by pod; a file's name stands for its pod, with or without its suffix."""
    if foot is not None and (len(files) != 1 or left or right):
        raise UsageError(
            "--foot is for a single pod",
            "there are two files, or --left and --right",
            "use --left and --right",
        )
    if left is not None and left == right:
        raise UsageError(f"{left!r} cannot be both feet", "it is named twice", "name two pods")
    left = str(files[0]) if foot == "left" else left
    right = str(files[0]) if foot == "right" else right
    told: dict[str, Foot] = {} if left is None else {left: "left"}
    return told if right is None else {**told, right: "right"}


def _check_series(files: tuple[Path, ...], kind: str | None, of_series: bool, more: bool) -> None:
    """UsageError for what has no meaning for a value a second; InputError for another file."""
    from gaitlab.recordings.series_reading import kind_of_series

    if of_series and kind_of_series(files[0]) != kind:
        raise InputError(
            f"{files[0].name} does not look like {kind}",
            "what marks that format is not in it" if files[0].exists() else "there is no such file",
            "leave --from out, and it is found out",
        )
    if kind is not None and not of_series:
        raise InputError(
            f"{files[0].name} is not of the format {kind}",
            "it holds a value a second and no raw motion",
            "leave --from out: it becomes a series",
        )
    if len(files) > 1 or more:
        raise UsageError(
            f"{files[0].name} is a series of its own",
            "it holds a value a second and no raw motion, so it has no second file, foot or rate",
            "import it alone, without these options",
        )


def _target(out: Path | None, files: tuple[Path, ...], suffix: str, force: bool) -> Path:
    path = out or Path(common.output_name(files[0]) + suffix)
    common.page_path(out, Path(common.output_name(files[0]) + suffix), files)
    if suffix != STORE_SUFFIX and path.name.lower().endswith(STORE_SUFFIX):
        raise UsageError(
            f"{path.name} is the name of a recording", "a series holds no raw motion",
            f"for example -o {common.output_name(path)}{suffix}",
        )  # fmt: skip
    if path.suffix.lower() not in PLAIN_SUFFIXES:
        raise UsageError(
            f"{path.name} has no known suffix",
            "a recording is written as .gait.parquet, .parquet or .csv",
            f"for example -o {path.stem}{suffix}",
        )
    from gaitlab.recordings.exchange import plain_files

    plain = suffix == STORE_SUFFIX and not path.name.lower().endswith(STORE_SUFFIX)
    common.refuse_existing(plain_files(path) if plain else (path,), force)
    return path


def _write(imported: "Imported", path: Path, as_json: bool) -> None:
    from gaitlab.recordings import save, save_plain

    recording = imported.recording
    (save if path.name.lower().endswith(STORE_SUFFIX) else save_plain)(recording, path)
    pods = [
        {"pod": label, "format": title, "evidence": why, "foot": foot, "foot_because": because}
        for label, title, why, foot, because in imported.pods
    ]
    feet = [
        {
            "foot": stream.foot,
            "samples": stream.n_samples,
            "duration_s": float(stream.time_s[-1] - stream.time_s[0]),
            "gyroscope": stream.has_gyroscope,
        }
        for stream in recording.feet
    ]
    if as_json:
        payload = {"file": str(path), "pods": pods, "feet": feet, "notes": imported.remarks}
        common.emit_json("import", payload)
        return
    console = common.messages()
    for pod in pods:
        console.print(f"{pod['pod']}: {pod['format']}, by {pod['evidence']}", soft_wrap=True)
        console.print(f"  foot: {pod['foot']} ({pod['foot_because']})")
    for one in feet:
        missing = "" if one["gyroscope"] else ", no gyroscope"
        extent = f"{one['samples']:,} samples, {one['duration_s']:.1f} s"
        console.print(f"  {one['foot']}: {extent}{missing}")
    for note in imported.remarks:
        console.print(f"  {note}", soft_wrap=True)
    console.print(f"{path}: go on with `gaitlab report {path}`", soft_wrap=True)


def _write_series(series: "ReferenceSeries", path: Path, as_json: bool) -> None:
    from gaitlab.recordings.series_reading import save_series

    save_series(series, path)
    held = {name: sum(value == value for value in values) for name, values in series.columns()}
    if as_json:
        common.emit_json("import", {"file": str(path), "series": held, "source": series.source})
        return
    console = common.messages()
    console.print(f"{series.source}: one value a second, no raw motion", soft_wrap=True)
    for name, n in held.items():
        if n:
            console.print(f"  {name}: {n} values, {series.origin(name)}", soft_wrap=True)
    console.print(f"{path}: lay it beside a recording with `gaitlab reference REC {path}`",
                  soft_wrap=True)  # fmt: skip


def _print_formats(as_json: bool) -> None:
    from gaitlab.recordings.series_reading import SERIES_FORMATS
    from gaitlab.recordings.vendors import FORMATS

    rows = [(one.kind, one.title) for one in FORMATS] + list(SERIES_FORMATS)
    if as_json:
        common.emit_json("import-formats", {"formats": [{"kind": k, "title": t} for k, t in rows]})
        return
    for kind, title in rows:
        click.echo(f"{kind:<15} {title}")
