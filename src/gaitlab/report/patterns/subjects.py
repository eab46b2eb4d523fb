"""Whose pattern is drawn, in which colour and with which marks; and why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitlab.coaching.comparison.band import Band
from gaitlab.coaching.numbers.select import RUNNING, Part
from gaitlab.metrics.catalog import metric
from gaitlab.model.gait import ACTIVITIES, FOREFOOT, MIDFOOT, REARFOOT, Contacts
from gaitlab.model.units import Bools, Floats
from gaitlab.report.runners import runner_looks
from gaitlab.report.style import FOOT_LOOKS, INK, Look

MAD_TO_SD = 1.4826
CLASS_WORDS = {REARFOOT: "heel", MIDFOOT: "midfoot", FOREFOOT: "forefoot"}


@dataclass(frozen=True, slots=True)
class Missing:
    """No picture of this runner, and why; printed where the picture would be."""

    label: str
    colour: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A recording or a stretch of it, with its colour and the looks of left, right, unnamed.

    bands : groups of your own athletes, drawn where a metric stands against speed
    """

    part: Part
    colour: str
    looks: tuple[Look, ...]
    bands: tuple[Band, ...] = ()

    @property
    def label(self) -> str:
        """The name to print."""
        return self.part.label

    @property
    def contacts(self) -> Contacts:
        """The valid running contacts."""
        return self.part.contacts

    def missing(self, reason: str) -> Missing:
        """No picture, because of ``reason``."""
        return Missing(self.label, self.colour, reason)

    @property
    def no_running(self) -> str:
        """What there is instead of running."""
        contacts = self.part.analysis.contacts
        found = [ACTIVITIES[code] for code in np.unique(contacts.activity).tolist()]
        if self.part.stretch is None and found and "run" not in found:
            return f"No running in this recording; what was found: {', '.join(found)}."
        return "No valid running contact here."

    def without(self, name: str) -> Missing:
        """No picture, because a metric has no value; with the reason that the analysis gives."""
        if not len(self.contacts):
            return self.missing(self.no_running)
        overall = self.part.analysis.summary(name, "both", RUNNING)
        reason = overall.reason if overall is not None and overall.n == 0 else ""
        label = metric(name).label
        return self.missing(f"No {label}: {reason or 'it could not be measured here'}.")

    def of_foot(self, code: int) -> Bools:
        """(k,) mask of the contacts of one foot."""
        return np.asarray(self.contacts.foot == code)


def subjects_of(parts: Sequence[Part], bands: Sequence[Band] = ()) -> tuple[Subject, ...]:
    """One colour for each athlete; alone, left and right have colours of their own.

    An athlete who is named keeps one colour in all of their recordings, as on the pages.
    """
    if len(parts) == 1:
        return (Subject(parts[0], INK, FOOT_LOOKS, tuple(bands)),)
    return tuple(
        Subject(part, look.colour, _looks(look.colour), tuple(bands))
        for part, look in zip(parts, runner_looks(parts), strict=True)
    )


def _looks(colour: str) -> tuple[Look, ...]:
    """Left filled, right open: told apart without colour."""
    return tuple(
        replace(look, colour=colour, filled=code != 1) for code, look in enumerate(FOOT_LOOKS)
    )


def middle_and_spread(values: Floats) -> tuple[float, float]:
    """Median of the known values and their robust SD; NaN without any.

    >>> middle_and_spread(np.array([1.0, 2.0, 3.0, np.nan]))
    (2.0, 1.4826)
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), float("nan")
    middle = float(np.median(known))
    return middle, MAD_TO_SD * float(np.median(np.abs(known - middle)))


def speed_note(contacts: Contacts) -> str:
    """The speed at which a pattern was seen: it changes with it."""
    speed, spread = middle_and_spread(contacts.speed_mps)
    if not np.isfinite(speed):
        return "speed not known"
    return f"{speed:.1f} ± {spread:.1f} m/s"
