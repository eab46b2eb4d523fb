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
    found_instead,
    holes_between,
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
HOLE_S: Final = 0.1  # of all pods between two landings: a third one may lie in it
BLOCK_S, NEARLY_ALL = 0.5, 0.8
LYING_MPS2: Final = 0.5  # assumption: spread of the force at a pod that no body shakes
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
            found_instead(analysis)
            if not np.isfinite(analysis.contacts.speed_mps).any()
            else "nowhere three landings in a row of both feet together, or of long leaps",
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
    landings = _leaps_alone(landings, len(np.unique(contacts.foot)))
    lost_s = _lost_between(analysis, landings.ic_s)
    pods = pods_at(analysis, one.start_s, one.stop_s)
    sd_s = middle_of(np.hypot(contacts.ic_sd_s, contacts.tc_sd_s))[0]
    sets = [
        _set(landings, low, high, sd_s, pods, lost_s)
        for low, high in _set_edges(landings)
        if high - low >= FEWEST
    ]
    feet = len(analysis.feet)
    return [replace(s, cautions=_cautions(one, s.kind, contacts, pods, feet)) for s in sets]


def _leaps_alone(landings: _Landings, feet: int) -> _Landings:
    """Bounds of one foot without the running steps after the last leap, which it cannot tell."""
    if feet > 1 or not landings.bound.all() or len(landings.ic_s) <= FEWEST:
        return landings
    flight_s = 0.5 * np.diff(landings.ic_s) - (landings.tc_s - landings.ic_s)[:-1]
    leaps = np.flatnonzero(flight_s > BOUND_FLIGHT_S)
    kept = slice(0, leaps[-1] + (2 if leaps[-1] == len(flight_s) - 1 else 1) if len(leaps) else 0)
    return _Landings(
        landings.ic_s[kept], landings.tc_s[kept], landings.feet[kept], landings.lag_s[kept],
        landings.length_m[kept], landings.bound[kept],
    )  # fmt: skip


def _lost_between(analysis: Analysis, ic_s: Floats) -> Floats:
    """(n,) how long no pod sent anything between a landing and the next, s."""
    total_s = np.cumsum(holes_between(analysis))
    at_s = np.interp(ic_s, analysis.contacts.ic_time_s, total_s)
    return np.diff(at_s, append=at_s[-1:])


def _in_turn(landings: _Landings) -> bool:
    """The feet land in turn, as in bounds and in running, and never in hops."""
    return bool(np.mean((np.diff(landings.feet) != 0) & (landings.feet[1:] != 3)) > 0.5)


def _flies_far(landings: _Landings) -> bool:
    """The middle flight is that of a bound and not of a running step."""
    flight_s = np.diff(landings.ic_s) - (landings.tc_s - landings.ic_s)[:-1]
    return bool(np.nanmedian(flight_s) > BOUND_FLIGHT_S)


def _cautions(
    one: Repetition, kind: Kind, contacts: Contacts, pods: int, feet: int
) -> tuple[str, ...]:
    """What spoils the sets of a repetition."""
    words: tuple[str, ...] = (CUT_SET,) if one.cut else ()
    if (one.kind == "bounds") != (kind == "bounds"):
        words = (*words, f"named {one.kind}, but the landings are those of {kind}: told as such")
    if one.kind == "bounds":
        return (*words, *feet_caution(contacts))
    if feet < 2:
        return (*words, f"one pod: {ONE_POD}")
    if pods < feet:
        alike = f": {ONE_POD}" if kind == "hops" else ""
        words = (*words, f"only {pods} of {feet} pods sent data and moved all the time{alike}")
    return words


def pods_at(analysis: Analysis, start_s: float, stop_s: float) -> int:
    """How many pods sent data and moved for nearly all of a stretch; one may have fallen off.

    A foot that is held up is shaken by every landing of the other; a pod on the ground is not.
    """
    if not analysis.signals:
        return len(analysis.feet)
    sent = []
    for signal in analysis.signals:
        low, high = (round((at - signal.start_s) * signal.rate_hz) for at in (start_s, stop_s))
        part = slice(max(low, 0), max(high, 0))
        force = np.where(
            signal.missing[part], np.nan, np.linalg.norm(signal.acc_mps2[part], axis=1)
        )
        size = max(1, round(BLOCK_S * signal.rate_hz))
        blocks = force[: len(force) // size * size].reshape(-1, size)
        known = np.isfinite(blocks).mean(axis=1) > 0.5
        moved = known & (np.nan_to_num(np.nanstd(blocks, axis=1)) > LYING_MPS2)
        sent.append(size * np.count_nonzero(moved) >= NEARLY_ALL * (high - low) - size)
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


def _set(
    landings: _Landings, low: int, high: int, sd_s: float, pods: int, lost_s: Floats
) -> PlyoSet:
    part = slice(low, high)
    ic_s, tc_s = landings.ic_s[part], landings.tc_s[part]
    contact = _within(tc_s - ic_s, CONTACT_RANGE_S)
    feet = landings.feet[part]
    unseen = landings.bound[part] & np.append(np.diff(feet) == 0, False)  # the other foot's
    wait_s = np.append(np.diff(ic_s), np.nan) * np.where(unseen, 0.5, 1.0)
    wait_s = np.where(lost_s[part] < HOLE_S, wait_s, np.nan)
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
    if np.mean(landings.feet[part] == 3) > 0.5:
        return "hops, two feet"
    if pods < 2:
        return "hops"
    far = float(np.nanmedian(landings.length_m[part])) if part.stop > part.start else 0.0
    return "hops forward, one foot" if far > FORWARD_M else "hops, one foot"


def _within(values: Floats, limits: tuple[float, float]) -> Floats:
    """``values`` with what cannot be a hop as NaN."""
    low, high = limits
    return np.where((values >= low) & (values <= high), values, np.nan)
