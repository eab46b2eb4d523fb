"""A band: what a group of athletes, recorded with gaitlab, does at each speed.

Published contact and flight times of sprinters at 5 to 8 m/s do not exist; a squad's own
sprinters, recorded at the runner's speeds, are the best reference there is. A band keeps one
curve per athlete and metric, so that a runner is never compared with themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.comparison.compare import Value, value_at
from gaitlab.coaching.comparison.matching import speeds_held
from gaitlab.coaching.numbers.select import Part
from gaitlab.metrics.catalog import CATALOG
from gaitlab.model.errors import AnalysisError
from gaitlab.model.units import Bools, Floats

BandGroup = Literal["sprint", "distance", "other"]
BAND_GROUPS: Final[tuple[BandGroup, ...]] = ("sprint", "distance", "other")
BAND_WORDS: Final[dict[BandGroup, str]] = {
    "sprint": "sprinters",
    "distance": "distance runners",
    "other": "athletes",
}
STEP_MPS: Final = 0.2
GRID_MPS: Final = np.round(np.arange(2.0, 12.01, STEP_MPS), 1)  # (g,)
FEWEST_FOR_A_SPREAD: Final = 3  # athletes: two have a difference, not a spread


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One athlete of a band.

    who : a mark made of the name, not the name;  recordings : their checksums
    sex : m, f or empty
    values : per metric (g,), inside unit, NaN where the athlete has too few contacts
    """

    who: str
    recordings: tuple[str, ...]
    sex: str
    values: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class BandPoint:
    """A band at one speed: mean, SD between athletes (NaN below three), n and its range."""

    mean: float
    sd: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A named group of athletes, each with their own curves over :data:`GRID_MPS`."""

    name: str
    group: BandGroup
    members: tuple[Member, ...]

    @property
    def title(self) -> str:
        """Name, kind and number, as they are printed."""
        n = len(self.members)
        return f"{self.name} ({n} {BAND_WORDS[self.group] if n != 1 else 'athlete'})"

    def without(self, part: Part) -> "Band":
        """The band without the runner of ``part``: nobody is their own reference."""
        mark, checksum = mark_of(part), part.analysis.recording.sha256
        others = tuple(
            member
            for member in self.members
            if member.who != mark and checksum not in member.recordings
        )
        return Band(self.name, self.group, others)

    def at(self, metric: str, speed_mps: float) -> BandPoint | None:
        """The band at a speed; None where no athlete has a value."""
        each = np.array([_read(member, metric, speed_mps) for member in self.members])
        known = each[np.isfinite(each)]
        if not len(known):
            return None
        sd = float(np.std(known, ddof=1)) if len(known) >= FEWEST_FOR_A_SPREAD else float("nan")
        low, high = float(known.min()), float(known.max())
        return BandPoint(float(known.mean()), sd, len(known), low, high)

    def speeds(self, metric: str) -> tuple[float, float] | None:
        """Slowest and fastest speed at which any athlete has a value; None when none has."""
        curves = [member.values[metric] for member in self.members if metric in member.values]
        held = np.array([np.isfinite(curve) for curve in curves])
        if not held.any():
            return None
        found = GRID_MPS[held.any(axis=0)]
        return float(found[0]), float(found[-1])


def held_by_bands(bands: Sequence[Band], speeds_mps: Floats) -> Bools:
    """(g,) whether a contact time of any band exists at each speed."""
    held = np.zeros(len(speeds_mps), bool)
    for band in bands:
        points = [band.at("contact_time_s", float(speed)) for speed in speeds_mps]
        held |= np.array([point is not None for point in points], bool)
    return held


def mark_of(part: Part) -> str:
    """A short mark of the athlete: the same for the same name, and not the name itself."""
    recording = part.analysis.recording
    named = recording.athlete.name.strip().casefold()
    text = recording.sha256 if named in ("", "unnamed athlete") else named
    return sha256(text.encode("utf-8")).hexdigest()[:16]


def band_of(name: str, group: BandGroup, parts: Sequence[Part]) -> Band:
    """A band from recordings; those of one athlete (same name) make one member.

    Raises
    ------
    AnalysisError : no recording has enough contacts at any speed.
    """
    athletes: dict[str, list[Part]] = {}
    for part in parts:
        athletes.setdefault(mark_of(part), []).append(part)
    members = tuple(_member(mark, own) for mark, own in athletes.items())
    band = Band(name, group, tuple(m for m in members if m.values))
    if not band.members:
        raise AnalysisError(
            f"no band {name!r}",
            f"none of the {len(parts)} recordings has enough contacts at a known speed",
            "record each athlete with two pods for ten strides or more at each speed",
        )
    return band


def _member(mark: str, parts: Sequence[Part]) -> Member:
    values = {item.name: _curve(parts, item.name) for item in CATALOG if item.name != "speed_mps"}
    known = {name: curve for name, curve in values.items() if np.isfinite(curve).any()}
    recording = parts[0].analysis.recording
    checksums = tuple(part.analysis.recording.sha256 for part in parts)
    return Member(mark, checksums, recording.athlete.sex or "", known)


def _curve(parts: Sequence[Part], name: str) -> Floats:
    """(g,) the athlete's value at each speed, from the recording that knows it best.

    Contacts farther off than one step of the grid say nothing there: they would put their own
    speed into the band.
    """
    curve = np.full(len(GRID_MPS), np.nan)
    ran = np.any([speeds_held(part, GRID_MPS) for part in parts], axis=0)
    for place in np.flatnonzero(ran):
        found = [value_at(part, name, float(GRID_MPS[place])) for part in parts]
        best = max(found, key=_trust)
        if abs(best.gap_mps) <= STEP_MPS:
            curve[place] = best.value
    return curve


def _trust(value: Value) -> tuple[bool, float, int]:
    return bool(np.isfinite(value.value)), -round(abs(value.gap_mps), 1), value.n


def _read(member: Member, metric: str, speed_mps: float) -> float:
    """A member's value between two grid speeds; NaN unless both (or the one) are known."""
    curve = member.values.get(metric)
    if curve is None or not GRID_MPS[0] <= speed_mps <= GRID_MPS[-1]:
        return float("nan")
    at = (speed_mps - GRID_MPS[0]) / STEP_MPS
    low = int(np.floor(at + 1e-6))
    share = at - low
    if share < 1e-6 or low + 1 >= len(GRID_MPS):
        return float(curve[low])
    return float((1.0 - share) * curve[low] + share * curve[low + 1])
