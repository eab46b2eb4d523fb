"""Rapid-fire plyometrics: sets of hops and bounds, and what each contact gives back.

Height from flight, g t_f^2 / 8, holds for equal posture at take-off and landing; legs that are
tucked make it too high. Both reactive strength indices are kept apart by name: height over contact
time [m/s], and flight over contact time. RSI_mod is not offered: a pod on the shoe cannot see when
the counter-movement begins.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.drills.cautions import feet_caution
from gaitlab.coaching.drills.session import (
    NO_CHOICE,
    Choice,
    Repetition,
    chosen_repetitions,
    contacts_of,
)
from gaitlab.coaching.drills.session import Kind as RepetitionKind
from gaitlab.coaching.numbers.middle import middle_of
from gaitlab.events.activity import BOUND_FLIGHT_S
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import LEFT, RIGHT, Contacts
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats, Ints

Kind = Literal["hops", "hops, two feet", "hops, one foot", "hops forward, one foot", "bounds"]
SAME_LANDING_S: Final = 0.10  # assumption: two feet further apart are two landings
SET_PAUSE_S: Final = 1.2  # assumption: flight of a hop is at most 0.8 s
FEWEST: Final = 3
FORWARD_M: Final = 0.5  # assumption: a hop that travels further is a horizontal one
SET_KINDS: Final[tuple[RepetitionKind, ...]] = ("hops", "bounds")
TEN: Final = 10  # Comyns 2017: ten hops,
BEST: Final = 5  # the mean of the best five
CUT_SET: Final = (
    "the recording begins or ends within the set, or data are missing in it: landings may be lost"
)
ONE_POD: Final = "hops on two feet and on one look alike"
CONTACT_RANGE_S: Final = (0.08, 0.40)
FLIGHT_RANGE_S: Final = (0.10, 0.85)


@dataclass(frozen=True, slots=True, eq=False)
class PlyoSet:
    """One set. Arrays are (n,), one element a landing; NaN where not defined.

    contact_time_s : two feet: from the first foot down to the last foot up
    flight_time_s : to the next landing of the set;  height_m : of the flight
    rsi_mps : height / contact time;  flight_ratio : flight / contact time
    hop_length_m : of bounds and hops forward;  lag_s : right foot after left, two-foot landings
    contact_sd_s : standard uncertainty of one contact time
    wait_s : to the next landing of the set, of either foot also where one pod sees every second
    cautions : what spoils the set
    """

    kind: Kind
    ic_time_s: Floats
    contact_time_s: Floats
    flight_time_s: Floats
    height_m: Floats
    rsi_mps: Floats
    flight_ratio: Floats
    hop_length_m: Floats
    lag_s: Floats
    contact_sd_s: float
    wait_s: Floats
    cautions: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Landings of the set."""
        return len(self.ic_time_s)

    @property
    def score_10_5_mps(self) -> float:
        """Mean of the five best RSI of the first ten hops; NaN for fewer than ten."""
        known = self.rsi_mps[:TEN]
        known = known[np.isfinite(known)]
        return float(np.sort(known)[-BEST:].mean()) if len(known) >= TEN - 1 else float("nan")

    @property
    def rhythm_cv(self) -> float:
        """Coefficient of variation of the time from landing to landing."""
        steps = self.wait_s[np.isfinite(self.wait_s)]
        return float(np.std(steps, ddof=1) / np.mean(steps)) if len(steps) > 1 else float("nan")

    @property
    def decay_share(self) -> float:
        """How much of the RSI of the first three is lost by the last three; NaN for under six."""
        known = self.rsi_mps[np.isfinite(self.rsi_mps)]
        if len(known) < 2 * FEWEST:
            return float("nan")
        return float(1.0 - known[-FEWEST:].mean() / known[:FEWEST].mean())

    @property
    def decay_per_contact(self) -> float:
        """Slope of the RSI over the contacts, of its mean."""
        known = np.flatnonzero(np.isfinite(self.rsi_mps))
        if len(known) < 2 * FEWEST:
            return float("nan")
        values = self.rsi_mps[known]
        return float(np.polyfit(known, values, 1)[0] / values.mean())

    def middle(self, name: str) -> tuple[float, float]:
        """Median and robust SD of one of the arrays."""
        return middle_of(getattr(self, name))


@dataclass(frozen=True, slots=True, eq=False)
class _Landings:
    """Landings, one or two feet each, (n,) arrays; ``feet`` bits: 1 left, 2 right."""

    ic_s: Floats
    tc_s: Floats
    feet: Ints
    lag_s: Floats
    length_m: Floats
    bound: Bools


def plyo_sets(analysis: Analysis, choice: Choice = NO_CHOICE) -> tuple[PlyoSet, ...]:
    """The sets of hops and bounds of a recording, in order.

    Raises
    ------
    AnalysisError : fewer than three hops or bounds in a row
    """
    repetitions = chosen_repetitions(analysis, SET_KINDS, choice)
    sets = [found for one in repetitions for found in _sets(analysis, one)]
    if not sets:
        raise AnalysisError(
            "no hops or bounds in this recording",
            "nowhere three landings in a row of both feet together, or of long leaps",
            "stand still for two seconds before each set; `gaitlab session` shows what was found",
        )
    return tuple(sets)


def _sets(analysis: Analysis, one: Repetition) -> list[PlyoSet]:
    """The sets of one repetition: a pause parts them."""
    contacts = contacts_of(analysis, one)  # the last landing has no toe-off, but ends a flight
    landings = _landings(contacts, bounding=False)
    if one.kind == "bounds" and np.mean(landings.feet == 3) <= 0.5:
        landings = _landings(contacts, bounding=True)
    elif _in_turn(landings):
        landings = _landings(contacts, bounding=True)
        if not _flies_far(landings):
            return []
    pods = pods_at(analysis, one.start_s, one.stop_s)
    sd_s = middle_of(np.hypot(contacts.ic_sd_s, contacts.tc_sd_s))[0]
    cautions = _cautions(one, contacts, pods, len(analysis.feet))
    return [
        replace(_set(landings, low, high, sd_s, pods), cautions=cautions)
        for low, high in _set_edges(landings)
        if high - low >= FEWEST
    ]


def _in_turn(landings: _Landings) -> bool:
    """The feet land in turn, as in bounds and in running, and never in hops."""
    return bool(np.mean((np.diff(landings.feet) != 0) & (landings.feet[1:] != 3)) > 0.5)


def _flies_far(landings: _Landings) -> bool:
    """The middle flight is that of a bound and not of a running step."""
    flight_s = np.diff(landings.ic_s) - (landings.tc_s - landings.ic_s)[:-1]
    return bool(np.nanmedian(flight_s) > BOUND_FLIGHT_S)


def _cautions(one: Repetition, contacts: Contacts, pods: int, feet: int) -> tuple[str, ...]:
    """What spoils the sets of a repetition."""
    words: tuple[str, ...] = (CUT_SET,) if one.cut else ()
    if one.kind == "bounds":
        return (*words, *feet_caution(contacts))
    if pods < feet:
        return (*words, f"{pods} of {feet} pods sent data: {ONE_POD}")
    return words if feet > 1 else (*words, f"one pod: {ONE_POD}")


def pods_at(analysis: Analysis, start_s: float, stop_s: float) -> int:
    """How many pods sent data for at least half of a stretch; one may have fallen off."""
    if not analysis.signals:
        return len(analysis.feet)
    sent = []
    for signal in analysis.signals:
        low, high = (round((at - signal.start_s) * signal.rate_hz) for at in (start_s, stop_s))
        there = ~signal.missing[max(low, 0) : max(high, 0)]
        sent.append(2 * np.count_nonzero(there) >= high - low)
    return int(np.sum(sent))


def landing_times_s(contacts: Contacts, bounding: bool = False) -> Floats:
    """When one foot, or both together, landed."""
    return _landings(contacts, bounding).ic_s


def _landings(contacts: Contacts, bounding: bool) -> _Landings:
    """Contacts of two feet that land together become one."""
    ic_s, bound = contacts.ic_time_s, np.full(len(contacts), bounding)
    other = np.diff(contacts.foot, prepend=-1) != 0
    together = (np.diff(ic_s, prepend=-np.inf) < SAME_LANDING_S) & other & ~bound
    first = np.flatnonzero(~together)
    if not len(first):
        nothing = np.empty(0)
        return _Landings(nothing, nothing, nothing.astype(np.int64), nothing, nothing, nothing > 0)
    bits = np.where(contacts.foot == LEFT, 1, np.where(contacts.foot == RIGHT, 2, 0))
    left = np.fmin.reduceat(np.where(bits == 1, ic_s, np.nan), first)
    right = np.fmin.reduceat(np.where(bits == 2, ic_s, np.nan), first)
    way = np.where(bound, contacts.step_length_m, contacts.stride_length_m)
    return _Landings(
        ic_s[first], np.fmax.reduceat(contacts.tc_time_s, first),
        np.bitwise_or.reduceat(bits, first), right - left, way[first], bound[first],
    )  # fmt: skip


def _set_edges(landings: _Landings) -> list[tuple[int, int]]:
    down_s = np.nan_to_num(landings.tc_s - landings.ic_s)
    pause = np.diff(landings.ic_s, prepend=-np.inf) - np.append(0.0, down_s[:-1])
    edges = [*np.flatnonzero(pause > SET_PAUSE_S).tolist(), len(landings.ic_s)]
    return list(pairwise(edges))


def _set(landings: _Landings, low: int, high: int, sd_s: float, pods: int) -> PlyoSet:
    part = slice(low, high)
    ic_s, tc_s = landings.ic_s[part], landings.tc_s[part]
    contact = _within(tc_s - ic_s, CONTACT_RANGE_S)
    feet = landings.feet[part]
    unseen = landings.bound[part] & np.append(np.diff(feet) == 0, False)  # the other foot's
    wait_s = np.append(np.diff(ic_s), np.nan) * np.where(unseen, 0.5, 1.0)
    flight = _within(wait_s - (tc_s - ic_s), FLIGHT_RANGE_S)
    kind = _kind(landings, part, pods)
    height = STANDARD_GRAVITY_MPS2 * flight**2 / 8.0
    forward = kind in ("bounds", "hops forward, one foot")
    length = landings.length_m[part] if forward else np.full(high - low, np.nan)
    both = feet == 3
    return PlyoSet(
        kind, ic_s, contact, flight, height, height / contact, flight / contact,
        np.where(np.isfinite(flight), length, np.nan),
        np.where(both, landings.lag_s[part], np.nan), sd_s, wait_s,
    )  # fmt: skip


def _kind(landings: _Landings, part: slice, pods: int) -> Kind:
    if landings.bound[part].all():
        return "bounds"
    if pods < 2:
        return "hops"
    if np.mean(landings.feet[part] == 3) > 0.5:
        return "hops, two feet"
    far = float(np.nanmedian(landings.length_m[part])) if part.stop > part.start else 0.0
    return "hops forward, one foot" if far > FORWARD_M else "hops, one foot"


def _within(values: Floats, limits: tuple[float, float]) -> Floats:
    """``values`` with what cannot be a hop as NaN."""
    low, high = limits
    return np.where((values >= low) & (values <= high), values, np.nan)
