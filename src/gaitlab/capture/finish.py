"""From a journal to a recording: bytes decoded, packets put on one clock, losses told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import numpy as np

from gaitlab.capture.connections import NS_PER_S, Span, heard, spans_of
from gaitlab.capture.foot_pod import joined, save_beside, sentence, series_of
from gaitlab.capture.spool import Spool
from gaitlab.model.errors import GaitlabError, InputError, OutputError
from gaitlab.model.recording import FEET, Athlete, Foot, FootStream, Mark, Recording, Setup
from gaitlab.model.series import ReferenceSeries
from gaitlab.pod.assemble import Plan, StreamReport, planned
from gaitlab.pod.gathered import Gathering, Samples
from gaitlab.pod.model import CHANNELS, PodSettings, Sensor, SpeedSeries
from gaitlab.pod.profiles import decoder_for
from gaitlab.recordings.journal_reading import Damage, Journal, read_journal
from gaitlab.recordings.store_writing import FootInBlocks, save_in_blocks

Facts = Mapping[str, Any]
ROWS_AT_ONCE: Final = 1 << 17  # 11 minutes at 200 Hz
NO_SAMPLES: Final = "it sent no motion samples"


@dataclass(frozen=True, slots=True, eq=False)
class PodReport:
    """What became of one pod.

    stream : clock and loss; None when it gave no samples, for the reason in ``problem``
    identity : name, serial, firmware ... as the pod said on its first connection
    reasons : why its connections ended;  battery : per cent, in order of time
    refused : notifications that were not understood, by reason
    speed : what it computed itself, of pods that send speed and cadence; else None
    """

    pod: int
    foot: Foot
    profile: str
    connections: int
    stream: StreamReport | None
    identity: Facts = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    battery: tuple[int, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    speed: SpeedSeries | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CaptureReport:
    """What became of a recording between the pods and the file.

    lost_s : (start, stop) of stretches of the journal that are damaged; inf at its open end
    closed : False when the recorder did not come to its end
    series : what foot pods computed themselves, on the time axis of the recording
    series_files : where that was written
    """

    duration_s: float
    pods: tuple[PodReport, ...]
    damage: tuple[Damage, ...] = ()
    lost_s: tuple[tuple[float, float], ...] = ()
    closed: bool = True
    segments: int = 1
    series: tuple[ReferenceSeries, ...] = ()
    series_files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """A journal understood: everything about the recording but its samples, and where those are.

    recording : its feet are without samples;  feet : the same with samples, in blocks
    """

    recording: Recording
    feet: tuple[FootInBlocks, ...]
    report: CaptureReport


def recording_from_journal(journal: Journal) -> tuple[Recording, CaptureReport]:
    """Decode a journal with the present decoders; time 0 is its first row.

    All of it in memory: `finalise` makes a file in much less. Raises InputError when no pod gave
    any sample.
    """
    with ExitStack() as open_files:
        made = _understood(journal, Path(gettempdir()), open_files)
        feet = tuple(_whole(foot) for foot in made.feet)
        return replace(made.recording, feet=feet), made.report


def finalise(folder: str | Path, path: str | Path) -> tuple[Recording, CaptureReport]:
    """Make the recording file ``path`` of a journal, which stays as it is.

    What foot pods computed goes beside it, as NAME.series.parquet.
    In blocks, whatever its length: the feet of the recording that comes back are without samples.
    """
    with ExitStack() as open_files:
        made = _understood(read_journal(folder), Path(path).absolute().parent, open_files)
        files = save_beside(made.report.series, Path(path))
        save_in_blocks(made.recording, made.feet, path)
        return made.recording, replace(made.report, series_files=files)


def _whole(foot: FootInBlocks) -> FootStream:
    blocks = list(foot.blocks())
    return replace(
        foot.like,
        time_s=np.concatenate([it.time_s for it in blocks]),
        acc_mps2=np.concatenate([it.acc_mps2 for it in blocks]),
        gyr_radps=np.concatenate([it.gyr_radps for it in blocks]),
    )


def _understood(journal: Journal, scratch: Path, open_files: ExitStack) -> Finished:
    """Bytes decoded, packets put on one clock; the samples lie in files of ``scratch``."""
    sides = _sides(journal, journal.events())
    made = [
        _one_pod(journal, pod, sides.get(pod, "unknown"), scratch, open_files)
        for pod in journal.pods
    ]
    report = CaptureReport(
        (journal.last_ns - journal.first_ns) / NS_PER_S,
        tuple(pod for _, pod in made),
        journal.damage,
        tuple(_lost_s(damage, journal.first_ns) for damage in journal.damage if damage.n_bytes),
        journal.closed,
        journal.segments,
        tuple(_series(journal, pod, pod.speed) for _, pod in made if pod.speed is not None),
    )
    feet = _one_a_foot([laid for laid, _ in made if laid is not None])
    if not feet:
        why = "; ".join(f"pod {pod.pod}: {pod.problem}" for pod in report.pods)
        raise InputError(
            f"no samples in the journal {journal.name}",
            why or "no pod ever sent anything",
            "record again, and watch the live table",
        )
    likes = tuple(foot.like for foot in feet)
    return Finished(_recording(journal, likes, report), feet, report)


def _series(journal: Journal, pod: PodReport, speed: SpeedSeries) -> ReferenceSeries:
    """What a foot pod computed; the instant of its zero by the clock on this computer's wall."""
    at_ns, wall_ns = journal.clock.get("monotonic_ns"), journal.clock.get("wall_unix_ns")
    begun_s = None
    if isinstance(at_ns, int) and isinstance(wall_ns, int):
        begun_s = (wall_ns - at_ns + journal.first_ns) / NS_PER_S
    device = str(pod.identity.get("name") or pod.profile or "a foot pod")
    return series_of(speed, journal.first_ns, device, _name(journal), begun_s)


# --- one pod -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """A planned stream and its samples."""

    plan: Plan
    samples: Mapping[Sensor, Samples]

    def blocks(self) -> Iterator[FootStream]:
        """All of it, times to the nanosecond: far below any clock error, and small in the file."""
        for first in range(0, self.plan.n_rows, ROWS_AT_ONCE):
            stop = min(first + ROWS_AT_ONCE, self.plan.n_rows)
            block = self.plan.block(first, stop, self.samples)
            yield replace(block, time_s=np.round(block.time_s * NS_PER_S) / NS_PER_S)


def _one_pod(
    journal: Journal, pod: int, foot: Foot, scratch: Path, open_files: ExitStack
) -> tuple[_Laid | None, PodReport]:
    own = [it for it in journal.told if it.pod == pod]
    facts = [it.facts for it in own]
    spans = spans_of(own, journal.n_rows[pod])
    report = PodReport(
        pod, foot, spans[0].settings.profile if spans else "", 0, None,
        next((it["identity"] for it in facts if isinstance(it.get("identity"), dict)), {}),
        tuple(str(it.get("reason")) for it in facts if it.get("event") == "disconnected"),
        tuple(int(it["percent"]) for it in facts if isinstance(it.get("percent"), int)),
    )  # fmt: skip
    try:
        ear = _Ear(scratch, open_files)
        ear.hear(journal, pod, spans)
        report = replace(
            report, connections=len(ear.connections), refused=dict(ear.refused),
            battery=(*report.battery, *ear.battery),
            speed=joined(ear.speed) if ear.speed else None,
        )  # fmt: skip
        if not ear.connections:
            why = "it never connected, or nothing says how to read it"
            return None, replace(report, problem=why)
        plan = planned(foot, ear.found, ear.connections[0], origin_ns=journal.first_ns)
    except OutputError:
        raise
    except GaitlabError as error:
        return None, replace(report, problem=f"{error.what}: {error.why}")
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        return None, replace(report, problem=f"its settings make no sense: {error}"[:200])
    report = replace(report, stream=plan.report)
    laid = _Laid(plan, {name: it.samples for name, it in ear.found.items()})
    if not any(np.isfinite(block.acc_mps2).any() for block in laid.blocks()):
        return None, replace(report, stream=None, problem=NO_SAMPLES)
    return laid, report


class _Ear:
    """Decodes what a pod said; samples go to the disk, the rest is small.

    connections : settings of those that brought data
    """

    def __init__(self, scratch: Path, open_files: ExitStack) -> None:
        self.connections: list[PodSettings] = []
        self.refused: Counter[str] = Counter()
        self.battery: list[int] = []
        self.speed: list[SpeedSeries] = []
        self.found: dict[Sensor, Gathering] = {
            name: Gathering(open_files.enter_context(Spool(scratch, channels)))
            for name, channels in CHANNELS.items()
        }

    def hear(self, journal: Journal, pod: int, spans: Sequence[Span]) -> None:
        """All notifications of the pod, each connection with a fresh decoder."""
        at, decoder = -1, None
        for span, said in heard(journal, pod, spans):
            if not said:
                continue
            if span != at or decoder is None:
                at, decoder = span, decoder_for(spans[span].settings)
                self.connections.append(spans[span].settings)
            decoded = decoder.feed(said)
            self.refused.update(decoded.refused)
            self.battery += [percent for _, percent in decoded.battery]
            self.speed += [] if decoded.speed is None else [decoded.speed]
            for packets in decoded.packets:
                self.found[packets.sensor].add(len(self.connections) - 1, packets)


# --- the recording -------------------------------------------------------------------------


def _sides(journal: Journal, events: Sequence[Facts]) -> dict[int, Foot]:
    """Foot of each pod: what the last event says, else what the journal was begun with."""
    begun = journal.about.get("pods")
    said = [
        (pod, facts.get("foot"))
        for pod, facts in enumerate(begun if isinstance(begun, list) else [])
        if isinstance(facts, dict)
    ]
    for event in events:
        facts = event["of"] if isinstance(event.get("of"), dict) else event
        if facts.get("event") == "side":
            said.append((event["pod"], facts.get("foot")))
    return {pod: foot for pod, foot in said if foot in FEET}


def _one_a_foot(streams: list[_Laid]) -> tuple[FootInBlocks, ...]:
    """At most one stream a foot, left first: the longest; a second one is called unknown."""
    feet: dict[Foot, FootInBlocks] = {}
    for laid in sorted(streams, key=lambda it: -it.plan.n_rows):
        like = laid.plan.like
        foot: Foot = like.foot if like.foot not in feet else "unknown"
        feet.setdefault(foot, FootInBlocks(replace(like, foot=foot), laid.blocks))
    return tuple(feet[foot] for foot in FEET if foot in feet)


def _lost_s(damage: Damage, origin_ns: int) -> tuple[float, float]:
    start = 0.0 if damage.after_ns is None else (damage.after_ns - origin_ns) / NS_PER_S
    stop = np.inf if damage.before_ns is None else (damage.before_ns - origin_ns) / NS_PER_S
    return start, stop


def _recording(journal: Journal, feet: tuple[FootStream, ...], report: CaptureReport) -> Recording:
    about, events = journal.about, journal.events()
    marks = [event for event in events if event.get("event") == "mark"]
    devices = [str(pod.identity.get("name") or pod.profile) for pod in report.pods]
    setup = Setup(**_known(Setup, about.get("setup")))
    return Recording(
        _name(journal),
        feet,
        Athlete(**_known(Athlete, about.get("athlete"))),
        setup if setup.device else replace(setup, device=", ".join(devices) or None),
        tuple(_mark(event, journal.first_ns) for event in marks),
        source=str(about.get("source") or "recorded over Bluetooth"),
        simulated=about.get("simulated") is True,
        notes=notes_of(report),
    )


def _name(journal: Journal) -> str:
    return str(journal.about.get("name") or journal.name or "recording")


def _mark(event: Facts, origin_ns: int) -> Mark:
    at, label = event.get("distance_m"), str(event.get("label") or "mark")
    known = isinstance(at, int | float) and np.isfinite(at)
    return Mark((event["host_ns"] - origin_ns) / NS_PER_S, label, float(at or 0) if known else None)


def _known(kind: type[Athlete | Setup], facts: object) -> dict[str, Any]:
    """The fields of ``kind`` that ``facts`` has of the right type; nothing else is taken."""
    given = facts if isinstance(facts, dict) else {}
    right: dict[str, type] = {
        it.name: str if "str" in str(it.type) else float for it in fields(kind)
    }
    found = {
        name: given[name]
        for name, wanted in right.items()
        if isinstance(given.get(name), (int, float) if wanted is float else str)
    }
    return {name: value for name, value in found.items() if name != "sex"} | (
        {"sex": given["sex"]} if "sex" in right and given.get("sex") in ("m", "f") else {}
    )


def notes_of(report: CaptureReport) -> tuple[str, ...]:
    """One sentence for each thing that a reader of the recording should know."""
    said = pod_notes(report)
    said += [f"the journal is damaged {span(start, stop)}" for start, stop in report.lost_s]
    if not report.closed:
        said.append("the recorder did not come to its end; made from its journal")
    return tuple(said)


def pod_notes(report: CaptureReport) -> list[str]:
    """One sentence for each pod; for a foot pod, what it computed."""
    moving = [pod for pod in report.pods if pod.stream is not None or pod.speed is None]
    return [*map(pod_note, moving), *map(sentence, report.series)]


def span(start_s: float, stop_s: float) -> str:
    """A stretch of time in words.

    >>> span(2.0, 2.51), span(7.25, float("inf"))
    ('between 2.0 s and 2.5 s', 'after 7.2 s')
    """
    if np.isinf(stop_s):
        return f"after {start_s:.1f} s"
    return f"between {start_s:.1f} s and {stop_s:.1f} s"


def pod_note(pod: PodReport) -> str:
    """Clock and loss of a pod in one sentence."""
    stream = pod.stream
    if stream is None:
        return f"{pod.foot} pod: {pod.problem}"
    lost = f"{stream.lost} lost" if stream.loss_known else "loss not visible"
    clock = (
        "no clock of its own"
        if np.isnan(stream.clock_ppm)
        else f"clock {stream.clock_ppm:+.0f} ppm (SD {stream.clock_ppm_sd:.1f})"
    )
    again = f", {pod.connections} connections" if pod.connections > 1 else ""
    odd = f", {sum(pod.refused.values())} notifications not understood" if pod.refused else ""
    return (
        f"{pod.foot} pod: {stream.received} samples, {lost}, {stream.repeated} repeated, "
        f"{stream.rate_hz:.2f} Hz, {clock}{again}{odd}"
    )
