"""Which contacts of a recording speak for the runner, and stretches of it."""

from collections import Counter
from dataclasses import dataclass
from math import isfinite
from typing import Final

import numpy as np

from gaitlab.model.analysis import Analysis, Measured, record_of
from gaitlab.model.errors import UsageError
from gaitlab.model.gait import ACTIVITIES, RUN, Contacts
from gaitlab.model.recording import Athlete
from gaitlab.model.units import Bools

RUNNING: Final = ACTIVITIES[RUN]  # the rows of a summary that a report is about


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a recording, ``[start_s, stop_s)`` on its time axis, with a name to print."""

    start_s: float
    stop_s: float
    label: str = ""

    def __post_init__(self) -> None:
        if not (isfinite(self.start_s) and self.start_s < self.stop_s):
            raise UsageError(
                f"a stretch from {self.start_s:g} s to {self.stop_s:g} s",
                "a stretch ends after it starts",
                "give start and stop in seconds of the recording",
            )

    @property
    def title(self) -> str:
        """The label, or the times."""
        return self.label or f"{self.start_s:g} to {self.stop_s:g} s"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A recording, or a stretch of one, as it stands beside others.

    label : name to print;  contacts : its valid running contacts
    top_mps : the runner's top speed, when speeds are matched as shares of it; None: in m/s
    """

    label: str
    analysis: Analysis
    contacts: Contacts
    stretch: Stretch | None = None
    top_mps: float | None = None


def running_mask(analysis: Analysis) -> Bools:
    """(k,) valid contacts while running; sprinting is running."""
    contacts = analysis.contacts
    return np.asarray((contacts.activity == RUN) & contacts.valid)


def part_of(analysis: Analysis | Measured, stretch: Stretch | None = None, label: str = "") -> Part:
    """The running of a recording, or of a stretch of it."""
    analysis = record_of(analysis)
    mask = running_mask(analysis)
    if stretch is not None:
        time = analysis.contacts.ic_time_s
        mask = mask & (time >= stretch.start_s) & (time < stretch.stop_s)
    name = label or (stretch.title if stretch else runner_name(analysis))
    return Part(name, analysis, analysis.contacts.where(mask), stretch)


def parts_of(
    analyses: tuple[Analysis | Measured, ...], stretches: tuple[Stretch | None, ...] = ()
) -> tuple[Part, ...]:
    """One part per recording; or the stretches of a single one; or one stretch of each.

    Raises
    ------
    UsageError : no recording; or several recordings with another number of stretches.
    """
    if not analyses:
        raise UsageError(
            "nothing to compare", "no recording was given", "name one or more recordings"
        )
    if not stretches:
        return tuple(
            part_of(item, label=label)
            for item, label in zip(analyses, labels_of(analyses), strict=True)
        )
    if len(analyses) == 1:
        return tuple(part_of(analyses[0], item) for item in stretches)
    if len(stretches) != len(analyses):
        raise UsageError(
            f"{len(stretches)} stretches for {len(analyses)} recordings",
            "with several recordings every recording has its own stretch",
            "give one stretch per recording, or compare stretches of a single recording",
        )
    records = [record_of(item) for item in analyses]
    once = tuple({id(item): item for item in records}.values())  # parts of one run share its name
    names = {id(item): name for item, name in zip(once, labels_of(once), strict=True)}
    return tuple(
        part_of(item, stretch, f"{name}, {stretch.title}" if stretch else name)
        for item, stretch in zip(records, stretches, strict=True)
        for name in (names[id(item)],)
    )


def runner_name(analysis: Analysis | Measured) -> str:
    """The athlete's name, or that of the recording when the athlete has none."""
    recording = record_of(analysis).recording
    unnamed = recording.athlete.name == Athlete().name
    return recording.name if unnamed else recording.athlete.name


def labels_of(found: tuple[Analysis | Measured, ...]) -> tuple[str, ...]:
    """Athlete names; with the recording's name where two would read the same."""
    analyses = tuple(record_of(item) for item in found)
    names = [runner_name(item) for item in analyses]
    often = Counter(names)
    labels = [
        f"{name} ({item.recording.name})"
        if often[name] > 1 and name != item.recording.name
        else name
        for name, item in zip(names, analyses, strict=True)
    ]
    again = Counter(labels)
    return tuple(
        f"{label} #{place}" if again[label] > 1 else label
        for place, label in enumerate(labels, start=1)
    )
