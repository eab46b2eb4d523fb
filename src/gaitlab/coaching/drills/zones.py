"""Zones of a run with known or found borders, and what was measured in each."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.drills.effort import Effort, Strides, travelled_m
from gaitlab.coaching.drills.session import Repetition
from gaitlab.coaching.numbers.middle import middle_of
from gaitlab.coaching.numbers.pace import middle_of_three
from gaitlab.model.gait import Contacts
from gaitlab.model.units import Floats

Intent = Literal["build", "in", "out"]
How = Literal["marks", "lengths", "found"]
LENGTH_SHARE: Final = 0.02  # assumption: SD of an unanchored length in a sprint
FEWEST_CONTACTS: Final = 4  # of a zone, for its medians
STANDING_SHARE: Final = 0.5  # of the top speed: a zone that begins slower is a build-up
CHANGE_SHARE: Final = 0.02  # of the speed: a smaller change has no length
MEDIAN_FACTOR: Final = 1.2533  # standard error of a median over that of a mean


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone; medians over its n contacts with robust spreads; NaN where not measurable.

    start_band_s, stop_band_s : 95 % half-widths of the two borders
    length_m : as laid out, or measured;  v_band_mps : 95 % half-width of the mean speed
    v_entry_mps, v_exit_mps : fitted speed at the borders;  v_max_mps : highest of the zone
    contact_sd_s : standard uncertainty of the median contact time
    transition_s, transition_m : 10 to 90 % of the change of speed within the zone
    missing : what could not be measured here, and why
    """

    intent: Intent
    start_s: float
    stop_s: float
    start_band_s: float
    stop_band_s: float
    time_s: float
    length_m: float
    v_mean_mps: float
    v_band_mps: float
    v_max_mps: float
    v_entry_mps: float
    v_exit_mps: float
    n: int
    cadence_spm: float
    cadence_spread_spm: float
    step_length_m: float
    contact_time_s: float
    contact_spread_s: float
    contact_sd_s: float
    flight_time_s: float
    transition_s: float
    transition_m: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A repetition with zones laid on it: how, the fitted effort, and the lengths if known."""

    repetition: Repetition
    contacts: Contacts
    strides: Strides
    effort: Effort
    how: How
    zones_m: Floats | None

    @property
    def scale(self) -> float:
        """What measured lengths and speeds are multiplied by; 1 without known lengths."""
        if self.zones_m is None:
            return 1.0
        return float(self.zones_m.sum() / np.diff(self._ways(self.effort.border_s)).sum())

    def _ways(self, time_s: Floats) -> Floats:
        return travelled_m(self.strides, time_s)


def zones_of(laid: Laid, intents: tuple[Intent | None, ...]) -> tuple[Zone, ...]:
    """The zones between the borders, and the way up to the first one where they were found."""
    borders, sd = laid.effort.border_s, laid.effort.border_sd_s
    if laid.how == "found":
        borders = np.append(laid.repetition.start_s, borders)
        sd = np.append(0.0, sd)
    named = intent_of(laid, borders)
    wanted = (*intents, *(None for _ in named))
    return tuple(
        _zone(laid, wanted[place] or named[place], (low, high), place, sd)
        for place, (low, high) in enumerate(pairwise(borders.tolist()))
    )


def intent_of(laid: Laid, borders: Floats) -> list[Intent]:
    """What the runner meant in each zone, from how the fitted speed changes in it."""
    speed = np.interp(borders, laid.effort.time_s, laid.effort.speed_mps)
    means = np.diff(travelled_m(laid.strides, borders)) / np.diff(borders)
    around = np.convolve(np.pad(means, 1, mode="reflect"), [0.5, 0.0, 0.5], "valid")
    change = np.diff(speed) / speed[1:]
    rises = np.where(np.abs(change) > CHANGE_SHARE, change > 0.0, means > around)
    slow = speed[0] < STANDING_SHARE * laid.strides.speed_mps.max()
    names: list[Intent] = ["in" if rise else "out" for rise in rises.tolist()]
    return ["build", *names[1:]] if slow or laid.how == "found" else names


def _zone(laid: Laid, intent: Intent, edges: tuple[float, float], place: int, sd: Floats) -> Zone:
    """One zone measured; ``sd`` of all borders."""
    start_s, stop_s = edges
    time_s = stop_s - start_s
    measured = float(np.diff(travelled_m(laid.strides, np.array(edges)))[0])
    length = measured if laid.zones_m is None else float(laid.zones_m[place])
    mean = length / time_s
    known = laid.zones_m is not None
    share = float(laid.effort.lasted_sd_s[place]) / time_s if known else LENGTH_SHARE
    middle_s = 0.5 * (laid.strides.begin_s + laid.strides.end_s)
    inside = (middle_s >= start_s) & (middle_s < stop_s)
    smooth = middle_of_three(laid.strides.speed_mps)[inside]
    top = float(smooth.max()) * laid.scale if len(smooth) else np.nan
    entry, leave = laid.scale * np.interp(edges, laid.effort.time_s, laid.effort.speed_mps)
    medians, missing = _medians(laid.contacts, start_s, stop_s, mean)
    change_s, change_m = _transition(laid, start_s, stop_s)
    if np.isnan(change_s):
        missing += ("transition: the speed changes too little within the zone",)
    return Zone(
        intent, start_s, stop_s, 1.96 * float(sd[place]), 1.96 * float(sd[place + 1]), time_s,
        length, mean, 1.96 * share * mean, max(top, mean), float(entry), float(leave), *medians,
        change_s, change_m, missing,
    )  # fmt: skip


def _medians(
    contacts: Contacts, start_s: float, stop_s: float, mean_mps: float
) -> tuple[tuple[int, float, float, float, float, float, float, float], tuple[str, ...]]:
    inside = (contacts.ic_time_s >= start_s) & (contacts.ic_time_s < stop_s) & contacts.valid
    part = contacts.where(inside)
    n = len(part)
    if n < FEWEST_CONTACTS:
        nothing = (n, *(np.nan,) * 7)
        return nothing, (f"contact, cadence and step: only {n} contacts in the zone",)
    cadence, cadence_spread = middle_of(part.cadence_spm)
    contact, spread = middle_of(part.contact_time_s)
    one_sd = middle_of(np.hypot(part.ic_sd_s, part.tc_sd_s))[0]
    sd = float(np.hypot(MEDIAN_FACTOR * spread, one_sd)) / np.sqrt(n)
    flight = middle_of(part.flight_time_s)[0]
    step = mean_mps * 60.0 / cadence
    return (n, cadence, cadence_spread, step, contact, spread, float(sd), flight), ()


def _transition(laid: Laid, start_s: float, stop_s: float) -> tuple[float, float]:
    """Time and way from 10 to 90 % of the change of the fitted speed within a zone."""
    time_s, speed = laid.effort.time_s, laid.effort.speed_mps
    inside = np.flatnonzero((time_s >= start_s) & (time_s < stop_s))
    if len(inside) < 3:
        return np.nan, np.nan
    part = speed[inside]
    far = int(np.argmax(np.abs(part - part[0])))
    change = part[far] - part[0]
    if abs(change) < CHANGE_SHARE * part[0]:
        return np.nan, np.nan
    share = (part[: far + 1] - part[0]) / change
    early, late = int(np.argmax(share >= 0.1)), int(np.argmax(share >= 0.9))
    way = laid.scale * float(np.diff(travelled_m(laid.strides, time_s[inside[[early, late]]]))[0])
    return float(time_s[inside[late]] - time_s[inside[early]]), way
