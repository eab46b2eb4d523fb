"""Other makers' files: recognised by what is in them, read in their own units."""

from collections.abc import Mapping, Sequence
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
from gaitlab.recordings.vendors.source import Source, columns_of

__all__ = ["FORMATS", "Asked", "Imported", "import_recording", "labels_of", "recognised"]

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
    told : foot of a pod, by its label or by its file
    offset_s : where two files have no common clock

    Raises
    ------
    UsageError, InputError : each with the reason and what to do
    """
    pods: list[PodData] = []
    facts: list[tuple[str, str]] = []
    for path in paths:
        source = Source(_existing(path))
        chosen, evidence = recognised(source, kind)
        found = chosen.read(source, asked or Asked())
        pods += found
        facts += [(chosen.title, evidence)] * len(found)
    if len(pods) > MOST_FILES:
        labels = ", ".join(pod.label for pod in pods)
        raise UsageError(
            f"{len(pods)} pods are too many for one runner",
            f"they are {labels}",
            "a recording holds a left and a right foot: import the others apart",
        )
    feet = sides(pods, told or {})
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


def labels_of(path: Path) -> tuple[str, ...]:
    """What the pods in a file are called, for a user who names files instead of pods."""
    source = Source(_existing(path))
    chosen, _ = recognised(source)
    return tuple(pod.label for pod in chosen.read(source, Asked(rate_hz=100.0)))


def _existing(path: Path) -> Path:
    if path.exists():
        return path
    raise InputError(f"{path} does not exist", "there is no such file", "check the spelling")


def _unknown(source: Source) -> InputError:
    if source.head().startswith("PAR1") or "foot" in columns_of(source.head().split("\n")[0]):
        return InputError(
            f"{source.name} needs no import",
            "it is a recording of gaitlab's own or in its plain form",
            f"go on: gaitlab report {source.path}",
        )
    head = source.head()[:60].encode("unicode_escape").decode()
    suffix = source.path.suffix.lower()
    if suffix in {".xls", ".xlsx"}:
        why = "a spreadsheet; export CSV instead"
    elif suffix in {".pkl", ".pickle"}:
        why = "a pickle can run any program when it is opened, so it is never opened"
    else:
        why = f"it begins with {head!r}"
    return InputError(
        f"{source.name} is of no known format",
        why,
        "known formats: gaitlab import --list; or write the plain form (docs/recordings.md)",
    )
