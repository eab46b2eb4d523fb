"""``gaitlab export``: a run in the files of other programs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.model.analysis import Analysis

SUFFIXES: Final = {"fit": ".fit", "csv": ".csv", "parquet": ".parquet", "plain": ".parquet"}
SERVICES: Final = ("garmin", "strava", "intervals", "runalyze", "goldencheetah")


@click.command(
    name="export",
    epilog="\b\nExamples:\n"
    "  gaitlab export fit race.parquet --for intervals --start '2026-05-01 18:30'\n"
    "  gaitlab export csv race.parquet --out contacts.csv\n"
    "  gaitlab export plain race.gait.parquet --out race.csv",
)
@click.argument("kind", type=click.Choice(list(SUFFIXES)))
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The file to write.")
@click.option("--for", "service", type=click.Choice(SERVICES),
              help="For FIT: the service; says what it keeps and what it drops.")  # fmt: skip
@click.option("--start", metavar="TIME", help="For FIT: when the recording began, local time; by "
              "default from the date of the file.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite what exists (plain: the .json too).")
@common.assume_units_option
@common.correction_option
@common.json_option
def command(
    kind: str,
    recording: Path,
    out: Path | None,
    service: str | None,
    start: str | None,
    force: bool,
    assume_units: str | None,
    correction_file: Path | None,
    as_json: bool,
) -> None:
    """Write RECORDING as KIND: fit, csv or parquet (one row per contact), or plain (samples).

    A FIT file holds one record a second: running dynamics in native fields, and flight time,
    strike and impact in fields of their own. It cannot hold single contacts or raw motion: csv,
    parquet and plain do.
    """
    path = out or Path(common.output_name(recording) + ".export" + SUFFIXES[kind])
    _check(kind, recording, path, service, start, force)
    if kind == "plain":
        from gaitlab.recordings import load, save_plain

        plain = load(recording, assume_units=assume_units)
        save_plain(plain, path)
        rows = sum(stream.n_samples for stream in plain.feet)
        facts: dict[str, Any] = {"rows": rows, "notes": [f"{rows:,} samples, units SI and deg/s"]}
    else:
        correction = common.read_correction(correction_file)
        analysis = common.analyze_file(recording, assume_units, correction=correction)
        write = _fit if kind == "fit" else _contacts
        facts = write(analysis, path, recording, service, start)
        if analysis.recording.simulated:
            facts["notes"] = ["SIMULATED: nobody ran this", *facts["notes"]]
    if as_json:
        common.emit_json("export", {"kind": kind, "file": str(path), **facts})
        return
    console = common.messages()
    for note in facts["notes"]:
        console.print(note, soft_wrap=True)
    console.print(str(path), soft_wrap=True)


def _check(
    kind: str, recording: Path, path: Path, service: str | None, start: str | None, force: bool
) -> None:
    if kind != "fit" and (service or start):
        raise UsageError(
            "--for and --start are for FIT files", f"the kind is {kind}", "leave them out"
        )
    allowed = {".csv", ".parquet"} if kind == "plain" else {SUFFIXES[kind]}
    if path.suffix.lower() not in allowed:
        raise UsageError(
            f"{path.name} does not end in {' or '.join(sorted(allowed))}",
            f"the kind is {kind}",
            "choose another name",
        )
    common.page_path(path, path, [recording])
    from gaitlab.recordings.exchange import plain_files

    common.refuse_existing(plain_files(path) if kind == "plain" else (path,), force)


def _contacts(analysis: "Analysis", path: Path, *_: object) -> dict[str, Any]:
    from gaitlab.tables import contacts_frame
    from gaitlab.tables.files import write_contacts

    write_contacts(analysis, path)
    frame = contacts_frame(analysis)
    return {"rows": len(frame), "notes": [f"{len(frame):,} contacts, {len(frame.columns)} columns"]}


def _fit(
    analysis: "Analysis", path: Path, recording: Path, service: str | None, start: str | None
) -> dict[str, Any]:
    from gaitlab.metrics.by_second import by_second
    from gaitlab.tables.fit import DEVELOPER, TARGETS, values_in, write_fit

    seconds = by_second(analysis)
    target = TARGETS[service] if service else None
    developer = target is None or target.developer
    began, how = _began(start, recording, seconds.start_s + len(seconds))
    write_fit(seconds, path, start_unix_s=began, developer=developer)
    notes = [
        f"{len(seconds):,} records, one a second, {seconds.distance_m[-1]:.0f} m; "
        f"began {datetime.fromtimestamp(began).astimezone():%Y-%m-%d %H:%M:%S} ({how})"
    ]
    held = values_in(seconds, developer)
    notes.append("seconds with a value: " + ", ".join(f"{k} {n}" for k, n in held.items() if n))
    empty = [name for name, n in held.items() if not n]
    if empty:
        notes.append("no value in this run: " + ", ".join(empty))
    if developer:
        notes.append("fields of their own: " + ", ".join(DEVELOPER))
    if target:
        notes += [f"{target.title} keeps: {target.keeps}", f"{target.title} drops: {target.drops}"]
    notes.append("single contacts do not fit into FIT: gaitlab export csv keeps them")
    return {
        "rows": len(seconds),
        "start": datetime.fromtimestamp(began, UTC).isoformat(),
        "values": held,
        "developer_fields": list(DEVELOPER) if developer else [],
        "keeps": target.keeps if target else None,
        "drops": target.drops if target else None,
        "notes": notes,
    }


def _began(start: str | None, recording: Path, length_s: float) -> tuple[float, str]:
    """The instant of the recording's time 0, and where it comes from."""
    if start is None:
        return recording.stat().st_mtime - length_s, "from the date of the file; --start sets it"
    try:
        instant = datetime.fromisoformat(start)
    except ValueError as error:
        raise UsageError(
            f"the start {start!r} is not a time",
            "it cannot be read as year-month-day hours:minutes",
            "for example --start '2026-05-01 18:30'",
        ) from error
    return instant.timestamp(), "as you said"
