"""From a journal to a recording: bytes decoded, packets put on one clock, losses told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gaitlab.capture.connections import NS_PER_S, Connection, connections_of
from gaitlab.model.errors import GaitlabError, InputError
from gaitlab.model.recording import FEET, Athlete, Foot, FootStream, Mark, Recording, Setup
from gaitlab.pod.assemble import StreamReport, assemble
from gaitlab.pod.model import Decoded, Notification, SensorPackets
from gaitlab.pod.profiles import decoder_for
from gaitlab.recordings.journal_reading import Damage, Journal, read_journal
from gaitlab.recordings.store import save

if TYPE_CHECKING:
    from gaitlab.recordings.journal_reading import Rows

Facts = Mapping[str, Any]
AT_ONCE: Final = 4096  # notifications decoded together: bounds what is held beside the samples
NO_SAMPLES: Final = "it sent no motion samples"


@dataclass(frozen=True, slots=True, eq=False)
class PodReport:
    """What became of one pod.

    stream : clock and loss; None when it gave no samples, for the reason in ``problem``
    identity : name, serial, firmware ... as the pod said on its first connection
    reasons : why its connections ended;  battery : per cent, in order of time
    refused : notifications that were not understood, by reason
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


@dataclass(frozen=True, slots=True, eq=False)
class CaptureReport:
    """What became of a recording between the pods and the file.

    lost_s : (start, stop) of stretches of the journal that are damaged; inf at its open end
    closed : False when the recorder did not come to its end
    """

    duration_s: float
    pods: tuple[PodReport, ...]
    damage: tuple[Damage, ...] = ()
    lost_s: tuple[tuple[float, float], ...] = ()
    closed: bool = True
    segments: int = 1


def recording_from_journal(journal: Journal) -> tuple[Recording, CaptureReport]:
    """Decode a journal with the present decoders; time 0 is its first row.

    Raises InputError when no pod gave any sample.
    """
    host_ns = journal.host_ns
    origin_ns = int(host_ns[0]) if len(host_ns) else 0
    events = journal.events()
    sides = _sides(journal, events)
    made = [
        _one_pod(journal, pod, sides.get(pod, "unknown"), events, origin_ns) for pod in journal.pods
    ]
    report = CaptureReport(
        float(host_ns[-1] - origin_ns) / NS_PER_S if len(host_ns) else 0.0,
        tuple(pod for _, pod in made),
        journal.damage,
        tuple(_lost_s(damage, origin_ns) for damage in journal.damage if damage.n_bytes),
        journal.closed,
        journal.segments,
    )
    feet = _one_a_foot([stream for stream, _ in made if stream is not None])
    if not feet:
        why = "; ".join(f"pod {pod.pod}: {pod.problem}" for pod in report.pods)
        raise InputError(
            f"no samples in the journal {journal.name}",
            why or "no pod ever sent anything",
            "record again, and watch the live table",
        )
    return _recording(journal, feet, report, events, origin_ns), report


def finalise(folder: str | Path, path: str | Path) -> tuple[Recording, CaptureReport]:
    """Make the recording file ``path`` of a journal, which stays as it is."""
    recording, report = recording_from_journal(read_journal(folder))
    save(recording, path)
    return recording, report


# --- one pod -----------------------------------------------------------------------------


def _one_pod(
    journal: Journal, pod: int, foot: Foot, events: Sequence[Facts], origin_ns: int
) -> tuple[FootStream | None, PodReport]:
    own = [event for event in events if event["pod"] == pod]
    connections = connections_of(journal.of_pod(pod))
    report = PodReport(
        pod, foot, connections[0].settings.profile if connections else "", len(connections), None,
        next((it["identity"] for it in own if isinstance(it.get("identity"), dict)), {}),
        tuple(str(it.get("reason")) for it in own if it.get("event") == "disconnected"),
        tuple(int(it["percent"]) for it in own if isinstance(it.get("percent"), int)),
    )  # fmt: skip
    if not connections:
        return None, replace(report, problem="it never connected, or nothing says how to read it")
    refused: Counter[str] = Counter()
    battery: list[int] = []
    try:
        packets = [_decoded(connection, refused, battery) for connection in connections]
        stream, loss = assemble(
            foot, packets, [it.settings for it in connections], origin_ns=origin_ns
        )
    except GaitlabError as error:
        return None, replace(report, problem=f"{error.what}: {error.why}")
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        return None, replace(report, problem=f"its settings make no sense: {error}"[:200])
    battery = [*report.battery, *battery]
    report = replace(report, stream=loss, refused=dict(refused), battery=tuple(battery))
    if not np.isfinite(stream.acc_mps2).any():
        return None, replace(report, stream=None, problem=NO_SAMPLES)
    return _in_ns(stream), report


def _in_ns(stream: FootStream) -> FootStream:
    """Times to the nanosecond: far below any clock error, and small in the file."""
    return replace(stream, time_s=np.round(stream.time_s * NS_PER_S) / NS_PER_S)


def _decoded(
    connection: Connection, refused: Counter[str], battery: list[int]
) -> list[SensorPackets]:
    """All packets of a connection, one entry for each sensor."""
    decoder = decoder_for(connection.settings)
    parts: dict[str, list[SensorPackets]] = {}
    for start in range(0, connection.rows.num_rows, AT_ONCE):
        said = decoder.feed(_notifications(connection.rows.slice(start, AT_ONCE)))
        _count(said, refused, battery)
        for packets in said.packets:
            parts.setdefault(packets.sensor, []).append(packets)
    return [packets for of_sensor in parts.values() for packets in of_sensor]


def _count(said: Decoded, refused: Counter[str], battery: list[int]) -> None:
    refused.update(said.refused)
    battery += [percent for _, percent in said.battery]


def _notifications(rows: "Rows") -> list[Notification]:
    columns = (rows[name].to_pylist() for name in ("host_ns", "characteristic", "payload"))
    return [Notification(*values) for values in zip(*columns, strict=True)]


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


def _one_a_foot(streams: list[FootStream]) -> tuple[FootStream, ...]:
    """At most one stream a foot, left first: the longest; a second one is called unknown."""
    feet: dict[Foot, FootStream] = {}
    for stream in sorted(streams, key=lambda it: -it.n_samples):
        foot: Foot = stream.foot if stream.foot not in feet else "unknown"
        feet.setdefault(foot, replace(stream, foot=foot))
    return tuple(feet[foot] for foot in FEET if foot in feet)


def _lost_s(damage: Damage, origin_ns: int) -> tuple[float, float]:
    start = 0.0 if damage.after_ns is None else (damage.after_ns - origin_ns) / NS_PER_S
    stop = np.inf if damage.before_ns is None else (damage.before_ns - origin_ns) / NS_PER_S
    return start, stop


def _recording(
    journal: Journal, feet: tuple[FootStream, ...], report: CaptureReport,
    events: Sequence[Facts], origin_ns: int,
) -> Recording:  # fmt: skip
    about = journal.about
    marks = [event for event in events if event.get("event") == "mark"]
    devices = [str(pod.identity.get("name") or pod.profile) for pod in report.pods]
    setup = Setup(**_known(Setup, about.get("setup")))
    return Recording(
        str(about.get("name") or journal.name or "recording"),
        feet,
        Athlete(**_known(Athlete, about.get("athlete"))),
        setup if setup.device else replace(setup, device=", ".join(devices) or None),
        tuple(_mark(event, origin_ns) for event in marks),
        source=str(about.get("source") or "recorded over Bluetooth"),
        simulated=about.get("simulated") is True,
        notes=notes_of(report),
    )


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
    said = [pod_note(pod) for pod in report.pods]
    said += [f"the journal is damaged {span(start, stop)}" for start, stop in report.lost_s]
    if not report.closed:
        said.append("the recorder did not come to its end; made from its journal")
    return tuple(said)


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
