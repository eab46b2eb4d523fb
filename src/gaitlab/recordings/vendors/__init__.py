"""Other makers' files: recognised by what is in them, read in their own units."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.recording import Foot, Recording
from gaitlab.recordings.checks import checked
from gaitlab.recordings.vendors import (
    bare,
    gaitmap,
    metabase,
    movesense,
    phone,
    pyshoe,
    sensorconnect,
    witmotion,
    ximu,
    xsens,
)
from gaitlab.recordings.vendors.join import joined, sides
from gaitlab.recordings.vendors.model import Asked, Format, PodData
from gaitlab.recordings.vendors.source import Source, columns_of, parquet_names

__all__ = ["FORMATS", "Asked", "Imported", "import_recording", "recognised"]

#: in the order they are tried: those with unmistakable words first
FORMATS: Final[tuple[Format, ...]] = (
    xsens.FORMAT,
    movesense.FORMAT,
    ximu.FORMAT,
    sensorconnect.FORMAT,
    metabase.FORMAT,
    witmotion.FORMAT,
    phone.SENSOR_LOGGER,
    phone.PHYPHOX,
    pyshoe.FORMAT,
    gaitmap.FORMAT,
    bare.FORMAT,
)
MOST_FILES = 2


class Imported(NamedTuple):
    """A recording, and for each of its pods what was read and why it was taken for that.

    remarks : what was understood while reading, and what the checks have to say
    pods : (label, title of the format, evidence, foot, reason for the foot)
    """

    recording: Recording
    remarks: tuple[str, ...]
    pods: tuple[tuple[str, str, str, Foot, str], ...]


def recognised(source: Source, kind: str | None = None) -> tuple[Format, str]:
    """The format of a file and the evidence for it; ``kind`` is the user's word for it.

    Raises UsageError for an unknown ``kind``, InputError when the file is of no known format
    or not of the one that was named.
    """
    known = {one.kind: one for one in FORMATS}
    if kind is not None and kind not in known:
        raise UsageError(
            f"the format {kind!r} is not known", "known are " + ", ".join(known), "pick one of them"
        )
    for one in FORMATS if kind is None else (known[kind],):
        found = one.evidence(source)
        if found:
            return one, found
    if kind is not None:
        raise InputError(
            f"{source.name} does not look like {known[kind].title}",
            "what marks that format is not in it",
            "leave --from out, and it is found out",
        )
    raise _unknown(source)


def import_recording(
    paths: Sequence[Path],
    *,
    kind: str | None = None,
    asked: Asked | None = None,
    told: Mapping[str, Foot] | None = None,
    offset_s: float | None = None,
    name: str | None = None,
) -> Imported:
    """One recording from one file, or from two files of the two feet.

    Parameters
    ----------
    paths : files, folders or zips as the vendor's program left them
    kind : name of the format; by default it is recognised by content
    asked : what the files do not say (rate, units)
    told : foot of a pod, by its label or by its file (path, name or stem)
    offset_s : where two files have no common clock

    Raises
    ------
    UsageError, InputError : each with the reason and what to do
    """
    if len({path.resolve() for path in paths}) < len(paths):
        raise UsageError("one file is named twice", str(paths[0]), "name the file of each foot")
    paths = list(dict.fromkeys(phone.whole_of(path) for path in paths))
    pods: list[PodData] = []
    facts: list[tuple[str, str]] = []
    owners: list[Path] = []
    for path in paths:
        source = Source(_existing(path))
        chosen, evidence = recognised(source, kind)
        found = chosen.read(source, asked or Asked())
        pods += found
        units = f"; in {chosen.units}, as that format is" if chosen.units else ""
        facts += [(chosen.title, evidence + units)] * len(found)
        owners += [path] * len(found)
    if len(pods) > MOST_FILES:
        labels = ", ".join(pod.label for pod in pods)
        raise UsageError(
            f"{len(pods)} pods are too many for one runner",
            f"they are {labels}",
            "a recording holds a left and a right foot: import the others apart",
        )
    pods = _told_apart(pods, owners)
    feet = sides(pods, _by_label(told or {}, pods, owners))
    recording = joined(
        pods, [foot for foot, _ in feet], name=name or paths[0].stem,
        source="imported: " + "; ".join(f"{p.name} ({f[0]})" for p, f in zip(paths, facts)),  # noqa: B905  # a file may hold two pods
        offset_s=offset_s,
    )  # fmt: skip
    looked_at = checked(recording)
    whole = recording if len(looked_at.feet) == len(recording.feet) else looked_at
    rows = zip(pods, facts, feet, strict=True)
    return Imported(
        whole, looked_at.notes, tuple((pod.label, *fact, *foot) for pod, fact, foot in rows)
    )


def _told_apart(pods: list[PodData], owners: list[Path]) -> list[PodData]:
    """Pods of two files that have one label, as pods have it before someone names them."""
    if len({pod.label for pod in pods}) == len(pods):
        return pods
    return [
        replace(pod, label=f"{pod.label} of {path.name}")
        for pod, path in zip(pods, owners, strict=True)
    ]


def _by_label(told: Mapping[str, Foot], pods: list[PodData], owners: list[Path]) -> dict[str, Foot]:
    """What was said of files or labels, by label."""
    by_label: dict[str, Foot] = {}
    for word, foot in told.items():
        named = [
            pod.label
            for pod, path in zip(pods, owners, strict=True)
            if word in {str(path), path.name, path.stem}
        ]
        by_label |= dict.fromkeys(
            [word] if word in {p.label for p in pods} else named or [word], foot
        )
    return by_label


def _existing(path: Path) -> Path:
    if path.exists():
        return path
    raise InputError(f"{path} does not exist", "there is no such file", "check the spelling")


def _unknown(source: Source) -> InputError:
    head = source.head()
    own = "foot" in columns_of(head.split("\n")[0])
    if head.startswith("PAR1"):
        names = parquet_names(source.path)
        own = "foot" in names or not names
        if not own:
            return _no_motion(source, names)
    if own:
        return InputError(
            f"{source.name} needs no import",
            "it is a recording of gaitlab's own or in its plain form",
            f"go on: gaitlab report {source.path}",
        )
    return InputError(
        f"{source.name} is of no known format",
        _looks_like(source, head),
        "known formats: gaitlab import --list; or write the plain form (docs/recordings.md)",
    )


def _no_motion(source: Source, names: Sequence[str]) -> InputError:
    return InputError(
        f"{source.name} holds no raw motion",
        "no accelerations of a foot among its columns: " + ", ".join(names)[:200],
        "if it holds what one watch or pod computed each second, write it as CSV with the columns "
        "timestamp, speed, cadence, stance_time (m/s, strides/min, ms): it becomes a series",
    )


def _looks_like(source: Source, head: str) -> str:
    suffix = source.path.suffix.lower()
    if source.path.is_dir() or source.is_zip:
        inside = ", ".join(source.members[:6])
        return f"it holds {inside or 'no file'}{', ..' if len(source.members) > 6 else ''}"
    if not head:
        return "it is empty"
    if suffix in {".xls", ".xlsx"}:
        return "a spreadsheet; export CSV instead"
    if suffix in {".pkl", ".pickle"}:
        return "a pickle can run any program when it is opened, so it is never opened"
    if head.startswith("time,seconds_elapsed,"):
        return (
            "it is one sensor of Sensor Logger, and its name does not say which: name the zip or "
            "the folder, with TotalAcceleration.csv and Gyroscope.csv in it"
        )
    if head[8:12] == ".FIT":
        return "it is FIT, a value a second without raw motion: import it alone, as a series"
    if head.startswith("PK\x03\x04"):
        return "it is a damaged zip"
    start = head[:60]
    if sum(one.isprintable() or one in "\r\n\t" for one in start) < 0.8 * len(start):
        return "it is not text, or damaged"
    return f"it begins with {start.encode('unicode_escape').decode()!r}"
