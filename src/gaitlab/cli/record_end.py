"""The end of a recording: the journal becomes a file, and goes once that file is verified."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gaitlab.cli import common
from gaitlab.model.errors import AnalysisError, GaitlabError, OutputError

if TYPE_CHECKING:
    from gaitlab.capture.finish import CaptureReport
    from gaitlab.capture.live_view import LiveView
    from gaitlab.model.recording import Recording

LOOKED_AT_S: Final = 180.0  # of the run, to see whether the pods sit on the other feet
OTHER_FEET: Final = "other feet"


@dataclass(slots=True)
class Outcome:
    """What has become of a recording; ``view`` is None until the pods were found.

    begun : whether this program has written to the journal
    trouble : what went wrong while it recorded
    unfit : by foot, why a pod as it was set up should not measure running
    """

    view: "LiveView | None" = None
    interrupted: bool = False
    begun: bool = False
    trouble: GaitlabError | None = None
    unfit: dict[str, str] = field(default_factory=dict)


def left_behind(folder: Path) -> list[str]:
    """What the user should know of journals that a crash left where this one will be."""
    from gaitlab.recordings.journal import SUFFIX
    from gaitlab.recordings.lock import in_use

    lines = []
    for other in sorted(folder.parent.glob(f"*{SUFFIX}")):
        name = other.name.removesuffix(SUFFIX)
        if in_use(other) or other.with_name(name + ".gait.parquet").exists():
            continue
        lines.append(
            f"{other} is there from before: this recording goes on in it "
            f"(alone: gaitlab recover {other})"
            if other == folder
            else f"{other} was not finished: gaitlab recover {other}"
        )
    return lines


def make_file(out: Path, folder: Path, outcome: Outcome, *, keep: bool, as_json: bool) -> None:
    """Make ``out`` of the journal in ``folder`` and say where it is.

    Whatever goes wrong or is interrupted, the journal stays: ``gaitlab recover`` makes the file.
    """
    messages = common.messages()
    try:
        recording, report = _verified(out, folder)
    except KeyboardInterrupt:
        outcome.interrupted = True
        messages.print(f"interrupted; all is kept: gaitlab recover {folder}", soft_wrap=True)
        return
    except GaitlabError:
        if not folder.is_dir() or _holds_data(folder):
            if folder.is_dir():
                messages.print(f"what came is kept in {folder}", soft_wrap=True)
            raise
        _remove(folder)
        full = isinstance(outcome.trouble, OutputError)
        why = "there was no room for it" if full else "no pod sent anything"
        messages.print(f"nothing was recorded: {why}")
        return
    if not keep and not report.damage:
        _remove(folder)
    _say(out, recording, report, outcome, as_json=as_json)


def _verified(out: Path, folder: Path) -> "tuple[Recording, CaptureReport]":
    """Write the file, read it back (which checks its checksums); its first minutes."""
    from gaitlab.capture.finish import finalise
    from gaitlab.recordings.store import read_start

    recording, report = finalise(folder, out)
    start, sizes = read_start(out, LOOKED_AT_S)
    if len(sizes) != len(recording.feet) or not all(sizes):
        raise AnalysisError(
            f"{out} does not hold what was recorded",
            "it was read back with another number of samples",
            f"gaitlab recover {folder}",
        )
    return start, report


def _holds_data(folder: Path) -> bool:
    """Whether any pod sent anything; a journal that cannot be read counts as full."""
    from gaitlab.recordings.journal_reading import read_journal

    try:
        kept = read_journal(folder)
        return sum(kept.n_rows.values()) > len(kept.told)
    except GaitlabError:
        return True


def _remove(folder: Path) -> None:
    from shutil import rmtree

    rmtree(folder, ignore_errors=True)


def _say(
    out: Path, recording: "Recording", report: "CaptureReport", outcome: Outcome, *, as_json: bool
) -> None:
    """One line where the file is, one for each pod, one when the feet may be swapped."""
    from gaitlab.capture.finish import notes_of
    from gaitlab.cli.recover import series_facts

    notes = [*notes_of(report), *outcome.unfit.values()]
    try:
        notes += _about_sides(recording)
    except KeyboardInterrupt:  # the file is there: say where
        outcome.interrupted = True
    n_contacts = outcome.view.n_contacts if outcome.view else 0
    if as_json:
        facts = {"file": str(out), "duration_s": report.duration_s, "contacts": n_contacts}
        more = {"interrupted": outcome.interrupted, "simulated": recording.simulated}
        losses = [
            {
                "foot": pod.foot,
                "connections": pod.connections,
                "received": pod.stream.received if pod.stream else 0,
                "lost": pod.stream.lost if pod.stream else None,
                "repeated": pod.stream.repeated if pod.stream else None,
            }
            for pod in report.pods
            if pod.stream is not None or pod.speed is None
        ]
        told = {"pods": losses, "series": series_facts(report), "notes": notes}
        common.emit_json("record", {"type": "summary", **facts, **more, **told})
        return
    simulated = "SIMULATED: " if recording.simulated else ""
    console = common.results()
    for note in notes:
        console.print(note, soft_wrap=True)
    for file in report.series_files:
        console.print(f"speed and cadence of the foot pod in {file}", soft_wrap=True)
    console.print(
        f"{simulated}{report.duration_s:.0f} s, {n_contacts} contacts, saved in {out}",
        soft_wrap=True,
    )


def _about_sides(start: "Recording") -> list[str]:
    """What the analysis of the first minutes says about pods on the other feet."""
    from gaitlab.capture.recorder import FAULTS
    from gaitlab.pipeline import analyze

    if len(start.feet) < 2:
        return []
    try:
        warnings = analyze(start).warnings
    except FAULTS:  # the file is there; gaitlab analyze will say what is wrong
        return []
    return [warning for warning in warnings if OTHER_FEET in warning]
