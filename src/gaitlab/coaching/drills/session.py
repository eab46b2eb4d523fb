"""A whole session in one recording: which repetitions are in it, and of what kind each is.

Contacts are grouped into bouts (no pause, one family of movement), and runs into repetitions by
their speed: fast ones are told apart by how they begin and by whether the speed alternates. All
limits are design decisions, checked on simulated sessions (``benchmarks/session.py``).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal, get_args

import numpy as np

from gaitlab.coaching.drills.families import (
    FEWEST_CONTACTS,
    PAUSE_S,
    carried,
    edges_of,
    families_of,
)
from gaitlab.coaching.drills.fast import Fast, fast_parts, top_speed_mps
from gaitlab.coaching.numbers.pace import Pace, pace_of
from gaitlab.events.forefoot import at_the_ball
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import UsageError
from gaitlab.model.gait import BOUND, HOP, RUN, WALK, Contacts, Flag
from gaitlab.model.recording import Mark
from gaitlab.model.units import Bools, Codes, Floats
from gaitlab.signal.filters import known
from gaitlab.strides.trajectory import pivot_to_sensor_m

Kind = Literal["sprint", "fly", "ins-outs", "hops", "bounds", "run", "walk", "rest", "false start"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
REST_S: Final = 3.0  # shorter standing is not worth a row
SHORTEST_RUN_S: Final = 6.0  # shorter slow running leads to something or away from it
SHORTEST_WALK_S: Final = 3.0
FEWEST_LANDINGS: Final = 3
LEAST_HOLE_S: Final = 0.1
END_S: Final = 1.5  # a repetition that lasts until this close to the end may be cut by it
MARK_BEFORE_S: Final = 5.0  # a mark set before a repetition speaks for it
MARK_WORDS: Final[dict[str, Kind]] = {
    "sprint": "sprint", "fly": "fly", "flying": "fly", "ins": "ins-outs", "hop": "hops",
    "pogo": "hops", "bound": "bounds", "run": "run", "tempo": "run", "warm": "run",
}  # fmt: skip
NOT_KINDS: Final = ("in", "out", "up")  # run-in and run-out are places
NAMES: Final[dict[int, Kind]] = {HOP: "hops", BOUND: "bounds", WALK: "walk"}


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition, or the walk or rest between two.

    start_s, stop_s : first landing to the last one that belongs to it, on the recording's axis;
        of a rest, from the last landing before it to the first after it
    contacts : where its contacts are among those of the analysis (empty for a rest)
    reason : why it is taken for that kind;  probability : of the kind, 0 to 1
    cut : the recording begins or ends within it, or data are missing in it
    slowing : contacts after it in which the runner slows down, of a fast repetition
    """

    kind: Kind
    start_s: float
    stop_s: float
    contacts: slice
    reason: str
    probability: float = 1.0
    cut: bool = False
    slowing: int = 0

    @property
    def duration_s(self) -> float:
        """From start to stop."""
        return self.stop_s - self.start_s


def find_repetitions(analysis: Analysis, kinds: Collection[str] = ()) -> tuple[Repetition, ...]:
    """The repetitions of a recording in order; only those of ``kinds``, when given.

    Empty when there is none; never raises.
    """
    found = _all(analysis)
    return tuple(one for one in found if not kinds or one.kind in kinds)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user says about the repetitions; nothing at all by default.

    kind : take what was found as this kind; or, with times, what the part is
    from_s, to_s : this part of the recording is one repetition
    """

    kind: Kind | None = None
    from_s: float | None = None
    to_s: float | None = None

    def __post_init__(self) -> None:
        low, high = self.from_s or 0.0, np.inf if self.to_s is None else self.to_s
        if not low < high:
            raise UsageError(
                f"a repetition from {low:g} s to {high:g} s",
                "it ends before it begins",
                "give --from and --to in seconds of the recording, the smaller one first",
            )


NO_CHOICE: Final = Choice()


def chosen_repetitions(
    analysis: Analysis, kinds: Sequence[Kind], choice: Choice
) -> tuple[Repetition, ...]:
    """The repetitions of ``kinds``, unless the user chose others.

    A part that the user named is one repetition: of the kind that was found there, if that is one
    of ``kinds`` and no other was said. With all kinds, what lies in the part is listed instead.

    Raises
    ------
    UsageError : the part that the user named has no contacts
    """
    if choice.from_s is None and choice.to_s is None:
        return find_repetitions(analysis, kinds if choice.kind is None else (choice.kind,))
    ic_s = analysis.contacts.ic_time_s
    low_s = -np.inf if choice.from_s is None else choice.from_s
    high_s = np.inf if choice.to_s is None else choice.to_s
    low, high = (int(at) for at in np.searchsorted(ic_s, (low_s, high_s)))
    if high - low < FEWEST_CONTACTS:
        ends = "the end" if choice.to_s is None else f"{choice.to_s:g} s"
        lie = f"{high - low} contacts lie" if high - low != 1 else "only one contact lies"
        raise UsageError(
            f"no repetition from {choice.from_s or 0.0:g} s to {ends}",
            f"{lie} there",
            "`gaitlab session` shows when the runner moved",
        )
    there = [one for one in find_repetitions(analysis, kinds) if _shared_s(one, low_s, high_s) > 0]
    if choice.kind is None and len(kinds) == len(KINDS):
        return tuple(there)
    most = max(there, key=lambda one: _shared_s(one, low_s, high_s), default=None)
    kind = choice.kind or (kinds[0] if most is None else most.kind)
    first_s, last_s = float(ic_s[low]), float(ic_s[high - 1])
    one = Repetition(kind, first_s, last_s, slice(low, high), "the part that you named")
    return (_holed(_cut(one, _limits_s(analysis), ic_s), holes_between(analysis)),)


def found_instead(analysis: Analysis) -> str:
    """What there is in place of a kind of repetition that was not found, or why none can be."""
    contacts = analysis.contacts
    if len(contacts) and not np.isfinite(contacts.speed_mps).any():
        lacking = (
            "" if any(foot.has_gyroscope for foot in analysis.feet) else "without a gyroscope "
        )
        return f"{lacking}no speed or length is known, and kinds are told by speed"
    others = [one.kind for one in find_repetitions(analysis) if one.kind not in ("rest", "walk")]
    words = ", ".join(f"{others.count(kind)} {kind}" for kind in dict.fromkeys(others))
    return f"found instead: {words or 'nothing but walking and standing'}"


def _shared_s(one: Repetition, low_s: float, high_s: float) -> float:
    """How long a repetition lies between two times."""
    return min(one.stop_s, high_s) - max(one.start_s, low_s)


def landings_of(analysis: Analysis, one: Repetition) -> Contacts:
    """The contacts of a repetition, without what a carried foot feels in hops."""
    places = np.arange(one.contacts.start, one.contacts.stop + one.slowing)
    if one.kind == "hops":
        places = places[~carried(analysis)[places]]
    part = analysis.contacts.where(places)
    return _leaps(part, analysis) if one.kind in ("hops", "bounds") else part


def _leaps(part: Contacts, analysis: Analysis) -> Contacts:
    """The contacts (k,), all of them timed by the ball of the foot as hops and bounds are."""
    unlike = ~np.isin(part.activity, (HOP, BOUND))
    arm_m = pivot_to_sensor_m(analysis.recording.setup.placement)
    ball = at_the_ball(part.foot, part.ic_time_s, part.tc_time_s, unlike, analysis.signals, arm_m)
    timed = replace(
        part,
        ic_time_s=ball.ic_s,
        tc_time_s=ball.tc_s,
        contact_time_s=np.where(unlike, ball.tc_s - ball.ic_s, part.contact_time_s),
        ic_sd_s=known(ball.ic_sd_s, part.ic_sd_s),
        tc_sd_s=known(ball.tc_sd_s, part.tc_sd_s),
    )
    return timed.where(np.argsort(ball.ic_s, kind="stable"))


def contacts_of(analysis: Analysis, one: Repetition) -> Contacts:
    """The contacts of a repetition and of the slowing down after it, odd ones left out."""
    part = landings_of(analysis, one)
    return part.where((part.flags & Flag.IMPLAUSIBLE) == 0)


def _all(analysis: Analysis) -> list[Repetition]:
    contacts = analysis.contacts
    limits = _limits_s(analysis)
    if not len(contacts):
        return _with_rests([], contacts, limits)
    family = families_of(analysis)
    landed = ~carried(analysis)
    holes_s = holes_between(analysis)
    bouts = list(pairwise(edges_of(contacts.ic_time_s, family, holes_s).tolist()))
    paces = [pace_of(_sound(contacts, low, high)) for low, high in bouts]
    runs = _running(contacts.ic_time_s, family, bouts)
    top = top_speed_mps([pace for pace, run in zip(paces, runs, strict=True) if run])
    found: list[Repetition] = []
    for (low, high), pace, run in zip(bouts, paces, runs, strict=True):
        if run:
            found += _runs(contacts, low, high, pace, top)
        elif family[low] != RUN:
            found += _whole(contacts, landed, low, high, int(family[low]))
    ends_s = contacts.ic_time_s
    found = [_cut(named(one, analysis.recording.marks), limits, ends_s) for one in found]
    found = [_holed(one, holes_s) for one in found]
    return _with_rests(found, contacts, limits)


def holes_between(analysis: Analysis) -> Floats:
    """(k,) how long no pod sent anything between a contact and the one before it, s.

    Long holes count as a pause all the same: nobody knows what was done in them.
    """
    ic_s = analysis.contacts.ic_time_s
    gaps = [foot.clock.gaps_s for foot in analysis.feet]
    if not gaps or not all(len(one) for one in gaps):
        return np.zeros(len(ic_s))
    start, stop = (np.concatenate([one[:, side] for one in gaps]) for side in (0, 1))
    edges = np.concatenate((start, stop))
    silent = np.repeat([1, -1], len(start))  # one pod more, one pod less
    order = np.argsort(edges, kind="stable")
    edges, silent = edges[order], np.cumsum(silent[order])
    lost_s = np.concatenate(([0.0], np.cumsum(np.diff(edges) * (silent[:-1] >= len(gaps)))))
    total = np.interp(ic_s, edges, lost_s)
    return np.diff(total, prepend=total[:1])


def _holed(one: Repetition, holes_s: Floats) -> Repetition:
    lost_s = float(holes_s[one.contacts.start + 1 : one.contacts.stop].sum())
    if lost_s < LEAST_HOLE_S:
        return one
    return replace(one, cut=True, reason=f"{one.reason}; {lost_s:.1f} s of data are missing in it")


def _limits_s(analysis: Analysis) -> tuple[float, float]:
    segments = analysis.segments
    if not len(segments):
        return 0.0, 0.0
    return float(segments.start_s[0]), float(segments.stop_s.max())


def _running(ic_s: Floats, family: Codes, bouts: list[tuple[int, int]]) -> list[bool]:
    """Which bouts are running for its own sake: not the few steps into or out of a set."""
    sets = [family[low] in (HOP, BOUND) for low, _ in bouts]
    first, last = (np.array([ic_s[at] for at in ends]) for ends in _ends(bouts))
    beside = np.zeros(len(bouts), dtype=bool)
    close = first[1:] - last[:-1] <= PAUSE_S
    beside[1:] |= close & np.array(sets[:-1], dtype=bool)
    beside[:-1] |= close & np.array(sets[1:], dtype=bool)
    lead = beside & (last - first < SHORTEST_RUN_S)
    return [family[low] == RUN and not led for (low, _), led in zip(bouts, lead, strict=True)]


def _ends(bouts: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [low for low, _ in bouts], [high - 1 for _, high in bouts]


def _sound(contacts: Contacts, low: int, high: int) -> Contacts:
    """The contacts of a bout, odd ones with their numbers blanked, so that places stay."""
    part = contacts.where(np.arange(low, high))
    odd = (part.flags & Flag.IMPLAUSIBLE) != 0
    return replace(part, speed_mps=np.where(odd, np.nan, part.speed_mps)) if odd.any() else part


def _whole(contacts: Contacts, landed: Bools, low: int, high: int, family: int) -> list[Repetition]:
    """A bout that is one set or one walk; nothing for a few shuffling steps."""
    here = low + np.flatnonzero(landed[low:high])
    low, high = (int(here[0]), int(here[-1]) + 1) if len(here) else (low, low)
    if high - low < FEWEST_LANDINGS:
        return []
    start_s, stop_s = float(contacts.ic_time_s[low]), float(contacts.ic_time_s[high - 1])
    if family == WALK:
        reason = "both feet on the ground at once"
        keep = stop_s - start_s >= SHORTEST_WALK_S
    else:
        feet = "both feet land together" if family == HOP else "long leaps from foot to foot"
        alone = family == HOP and np.ptp(contacts.foot[here]) == 0
        reason = "one foot lands again and again" if alone else feet
        keep = len(here) >= FEWEST_LANDINGS
    one = Repetition(NAMES[family], start_s, stop_s, slice(low, high), reason)
    return [one] if keep else []


def _runs(
    contacts: Contacts, low: int, high: int, pace: Pace | None, top_mps: float
) -> list[Repetition]:
    """The repetitions of one bout of running: fast ones, and the steady running between."""
    if pace is None:
        return _steady(contacts, low, high, "running, speed unknown")
    standing_s = contacts.ic_time_s[low] - contacts.ic_time_s[low - 1] if low else np.inf
    part = contacts.where(np.arange(low, high))
    found: list[Repetition] = []
    at = low
    for fast in fast_parts(part, pace, top_mps, float(standing_s)):
        found += _steady(contacts, at, low + fast.contacts.start, "running before it")
        found.append(_repetition(fast, contacts, low))
        at = low + fast.contacts.stop + fast.slowing
    words = "even running" if not found else "running after it"
    return found + _steady(contacts, at, high, words)


def _repetition(fast: Fast, contacts: Contacts, low: int) -> Repetition:
    part = slice(low + fast.contacts.start, low + fast.contacts.stop)
    start_s, stop_s = (float(contacts.ic_time_s[at]) for at in (part.start, part.stop - 1))
    return Repetition(
        fast.kind, start_s, stop_s, part, fast.reason, fast.probability, slowing=fast.slowing
    )


def _steady(contacts: Contacts, low: int, high: int, reason: str) -> list[Repetition]:
    if high - low < FEWEST_CONTACTS:
        return []
    start_s, stop_s = float(contacts.ic_time_s[low]), float(contacts.ic_time_s[high - 1])
    if stop_s - start_s < SHORTEST_RUN_S:
        return []
    return [Repetition("run", start_s, stop_s, slice(low, high), reason)]


def named(one: Repetition, marks: tuple[Mark, ...]) -> Repetition:
    """The repetition, of the kind that a mark in it, or just before it, says.

    A mark speaks when its first word names a kind: ``fly``, ``sprint 2``, ``pogo hops``.
    """
    said = [
        kind
        for mark in marks
        if one.start_s - MARK_BEFORE_S <= mark.time_s <= one.stop_s
        for kind in [_kind_of(mark.label)]
        if kind is not None
    ]
    if not said or one.kind in ("walk", "rest"):
        return one
    return replace(one, kind=said[-1], reason="a mark says so", probability=1.0)


def unheard(marks: tuple[Mark, ...], found: Sequence[Repetition]) -> tuple[Mark, ...]:
    """Marks that name a kind, but lie in no repetition and just before none."""
    reps = [one for one in found if one.kind not in ("walk", "rest")]
    return tuple(
        mark
        for mark in marks
        if _kind_of(mark.label) is not None
        and not any(one.start_s - MARK_BEFORE_S <= mark.time_s <= one.stop_s for one in reps)
    )


def _kind_of(label: str) -> Kind | None:
    words = label.lower().replace("-", " ").split()
    first = words[0] if words else ""
    if first in ("run", "sprint") and len(words) > 1 and words[1] in NOT_KINDS:
        return None
    return MARK_WORDS.get(first, MARK_WORDS.get(first.removesuffix("s")))


def _cut(one: Repetition, limits: tuple[float, float], ic_s: Floats) -> Repetition:
    last_s = float(ic_s[one.contacts.stop + one.slowing - 1])
    late, early = last_s > limits[1] - END_S, one.start_s < limits[0] + 0.5 * END_S
    if not (late or early) or one.kind in ("walk", "rest"):
        return one
    words = "the recording ends within it" if late else "the recording begins within it"
    return replace(one, cut=True, reason=f"{one.reason}; {words}")


def _with_rests(
    found: list[Repetition], contacts: Contacts, limits: tuple[float, float]
) -> list[Repetition]:
    """The repetitions with the rests between contacts, in order of time."""
    times = np.concatenate((limits[:1], contacts.ic_time_s, limits[1:]))
    begin = np.flatnonzero(np.diff(times) > REST_S)
    rests = [
        Repetition("rest", float(times[at]), float(times[at + 1]), slice(at, at), "no steps")
        for at in begin.tolist()
    ]
    return sorted([*found, *rests], key=lambda one: one.start_s)
