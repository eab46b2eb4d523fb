"""``gaitlab recover``: a recording from what a crash left behind."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common
from gaitlab.model.errors import InputError, UsageError

if TYPE_CHECKING:
    from gaitlab.capture.finish import CaptureReport
    from gaitlab.model.recording import Recording

JOURNAL_SUFFIX = ".gait.journal"
STORE_SUFFIX = ".gait.parquet"

out_option = click.option(
    "-o", "--out", type=click.Path(path_type=Path),
    help="The recording to write; by default NAME.gait.parquet beside the journal.",
)  # fmt: skip


@click.command(
    name="recover",
    epilog="\b\nExamples:\n"
    "  gaitlab recover monday.gait.journal\n"
    "  gaitlab recover monday.gait.parquet -o saved.gait.parquet",
)
@click.argument("torn", metavar="JOURNAL_OR_FILE", type=click.Path(path_type=Path))
@out_option
@common.json_option
def command(torn: Path, out: Path | None, as_json: bool) -> None:
    """Make a recording of a journal that a crash, a full disk or a damaged card left behind.

    Everything whose checksum holds is taken, and what is lost is said, in seconds. For a torn
    recording file, the journal beside it is used. The journal itself stays as it is.
    """
    journal = journal_for(torn)
    make(journal, out or new_file(journal), as_json, "recover")


def journal_for(torn: Path) -> Path:
    """The journal that holds what ``torn`` should: itself, or the one beside a torn recording."""
    if torn.is_dir() or torn.suffix == ".arrow" or not torn.exists():
        return torn
    beside = torn.with_name(common.output_name(torn) + JOURNAL_SUFFIX)
    if beside.is_dir():
        return beside
    from gaitlab.recordings import load

    try:
        load(torn)
    except InputError as error:
        raise InputError(
            f"nothing can be recovered from {torn.name}",
            f"{error.what}: {error.why}; and there is no journal {beside.name} beside it",
            "look for a folder that ends in .gait.journal, or for a copy of the file",
        ) from error
    raise UsageError(
        f"{torn.name} needs no recovery", "it is whole", f"go on: gaitlab analyze {torn}"
    )


def new_file(journal: Path) -> Path:
    """NAME.gait.parquet beside the journal; UsageError when there is one already."""
    name = journal.absolute().name
    folder = journal.parent
    if journal.suffix == ".arrow":  # one segment
        name, folder = journal.absolute().parent.name, journal.absolute().parents[1]
    path = folder / (name.removesuffix(JOURNAL_SUFFIX) + STORE_SUFFIX)
    if path.exists():
        raise UsageError(
            f"{path} exists already",
            "a recording is never overwritten unasked",
            f"name another file: gaitlab recover {journal} -o OTHER{STORE_SUFFIX}",
        )
    return path


def make(journal: Path, out: Path, as_json: bool, kind: str) -> None:
    """Decode the journal into ``out`` and say what is in it and what is not."""
    from gaitlab.capture.finish import finalise

    recording, report = finalise(journal, out)
    if as_json:
        common.emit_json(kind, facts_of(recording, report, out))
        return
    console = common.messages()
    for line in lines_of(recording, report, out):
        console.print(line, soft_wrap=True)


def lines_of(recording: "Recording", report: "CaptureReport", out: Path) -> list[str]:
    """For people: where it is, what each pod gave, which seconds are gone."""
    from gaitlab.capture.finish import pod_notes, span

    lines = [f"{out}: {len(recording.feet)} feet, {report.duration_s:.1f} s"]
    lines += [f"  {note}" for note in pod_notes(report)]
    lines += [f"  {file}: speed and cadence of the foot pod" for file in report.series_files]
    lines += [f"  lost to damage: {span(start, stop)}" for start, stop in report.lost_s]
    if not report.lost_s:
        lines.append("  no damage: every batch that was written is there")
    if not report.closed:
        lines.append("  the recorder did not come to its end: its last second may be missing")
    return lines


def facts_of(recording: "Recording", report: "CaptureReport", out: Path) -> dict[str, Any]:
    """For machines; an open end of a lost stretch is null."""
    return {
        "file": str(out),
        "name": recording.name,
        "duration_s": report.duration_s,
        "closed": report.closed,
        "segments": report.segments,
        "lost_s": [
            [start, None if stop == float("inf") else stop] for start, stop in report.lost_s
        ],
        "damage": [f"{it.segment}: {it.n_bytes} bytes at {it.start_byte}" for it in report.damage],
        "pods": [_pod_facts(pod) for pod in report.pods],
        "series": series_facts(report),
    }


def series_facts(report: "CaptureReport") -> list[dict[str, Any]]:
    """What foot pods computed, kept beside the recording."""
    return [
        {
            "file": str(file),
            "messages": len(series.time_s),
            "cadence": series.origin("cadence_spm"),
            "source": series.source,
        }
        for series, file in zip(report.series, report.series_files, strict=True)
    ]


def _pod_facts(pod: Any) -> dict[str, Any]:  # noqa: ANN401  # a PodReport, imported late
    stream = pod.stream
    facts = {
        "pod": pod.pod, "foot": pod.foot, "profile": pod.profile, "problem": pod.problem,
        "connections": pod.connections, "not_understood": sum(pod.refused.values()),
    }  # fmt: skip
    if stream is None:
        return facts
    return facts | {
        "samples": stream.received, "lost": stream.lost if stream.loss_known else None,
        "repeated": stream.repeated, "rate_hz": stream.rate_hz, "clock_ppm": stream.clock_ppm,
        "gaps_s": stream.gaps_s.tolist(),
    }  # fmt: skip
