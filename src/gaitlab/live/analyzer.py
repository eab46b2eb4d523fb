"""Contacts while the runner runs: the stages of the batch analysis over a moving window."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from gaitlab.events.correction import Correction, with_correction
from gaitlab.events.forefoot import BURST_S
from gaitlab.live.arrivals import as_rows
from gaitlab.live.foot import LiveFoot, LivePod, chain
from gaitlab.metrics.mechanics import circumstances_of, with_mechanics
from gaitlab.model.errors import UsageError
from gaitlab.model.gait import (
    ACTIVITIES,
    BOUND,
    HOP,
    STRIKES,
    UNKNOWN_STRIKE,
    Contacts,
    FootSignal,
)
from gaitlab.model.recording import FEET, Athlete, Foot, Recording, Setup
from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.pipeline import contacts_of_feet
from gaitlab.strides.calibration import with_length_scale
from gaitlab.strides.foot import FootContacts, pick
from gaitlab.strides.trajectory import pivot_to_sensor_m

PATIENCE_S = 3.0  # a foot this far behind the other is no longer waited for
BEFORE, AFTER = 2, 1  # contacts on either side that must be of the same activity
NEIGHBOURS_AT_A_CHANGE = 6
UNDECIDED_S = 5.0  # longest wait for those neighbours
KEPT_CONTACTS = 24  # of each foot, for the neighbours of the next ones
SHOWN_STRIDES = 5


@dataclass(frozen=True, slots=True)
class LiveState:
    """What a display shows: medians of the last strides, NaN when there is nothing to tell.

    feet_known : feet whose mounting is known;  n_contacts : given so far
    contact_time_s, flight_time_s, cadence_spm, speed_mps : of the last five strides of both feet
    strikes : name of the most frequent strike of each foot, in the order of the pods
    behind_s : from the last contact given to the newest sample
    """

    n_contacts: int
    feet_known: tuple[Foot, ...]
    activity: str
    cadence_spm: float
    contact_time_s: float
    flight_time_s: float
    speed_mps: float
    strikes: tuple[str, ...]
    behind_s: float


class LiveAnalyzer:
    """Feed batches of samples, get the contacts that have become final.

    A contact is given once, about one stride after it ended, and never changes. Work and memory
    for a batch do not depend on how long the recording has been.

    pods : one for each foot that will be fed
    athlete, setup : what is known about runner, placement and surface
    length_scale, correction : the user's own, as for the batch analysis
    patience_s : a foot that is further behind is not waited for; its contacts come later
    """

    def __init__(
        self,
        pods: Sequence[LivePod],
        *,
        athlete: Athlete | None = None,
        setup: Setup | None = None,
        length_scale: float = 1.0,
        correction: Correction | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        names = [pod.foot for pod in pods]
        if not names or len(set(names)) < len(names) or not set(names) <= set(FEET):
            raise UsageError(
                "a live analysis needs one pod for each foot",
                f"it was given {len(names)}: {', '.join(names) or 'none'}",
                "name each of left, right, unknown at most once",
            )
        setup = setup or Setup()
        self._arm_m = pivot_to_sensor_m(setup.placement)
        self._feet = {pod.foot: LiveFoot(pod, self._arm_m) for pod in pods}
        self._known = circumstances_of(athlete or Athlete(), setup)
        self._length_scale, self._correction = length_scale, correction
        self._patience_s = patience_s
        self._begun_s = np.nan
        self._batch_s = 0.0  # time that the last batch of the foremost foot took
        self._given: dict[Foot, int] = dict.fromkeys(self._feet, 0)
        self._n_given = 0
        self._recent: deque[Contacts] = deque()

    @classmethod
    def for_recording(
        cls,
        recording: Recording,
        *,
        length_scale: float = 1.0,
        correction: Correction | None = None,
    ) -> "LiveAnalyzer":
        """An analyzer that knows what the recording says about its pods, to replay it."""
        pods = [
            LivePod(one.foot, one.acc_range_mps2, one.gyr_range_radps, one.declared_rate_hz)
            for one in recording.feet
        ]
        return cls(
            pods,
            athlete=recording.athlete,
            setup=recording.setup,
            length_scale=length_scale,
            correction=correction,
        )

    @property
    def samples_held(self) -> int:
        """Samples kept of all feet: bounded, however long the stream."""
        return sum(foot.samples_held for foot in self._feet.values())

    def feed(
        self, foot: Foot, time_s: Floats, acc_mps2: Floats, gyr_radps: Floats | None = None
    ) -> Contacts:
        """Take a batch of one foot; the contacts that became final with it, sorted.

        time_s : (n,) the pod's own clock, any n;  acc_mps2, gyr_radps : (n, 3) sensor axes;
        lost samples are NaN or left out
        """
        return self._fed(foot, as_rows(time_s, acc_mps2, gyr_radps))

    def finish(self) -> Contacts:
        """Nothing follows: all contacts that are left, with what is known about them."""
        nothing = np.empty((0, 7))
        for foot in self._feet.values():
            foot.feed(nothing, last=True)
        return self._give(last=True)

    def _fed(self, name: Foot, rows: Floats) -> Contacts:
        foot = self._feet.get(name)
        if foot is None:
            raise UsageError(
                f"no pod was announced for the foot {name!r}",
                f"announced: {', '.join(self._feet)}",
                "name every pod when the live analysis begins",
            )
        looked, before_s = foot.looked, foot.heard_s
        foot.feed(rows)
        if np.isnan(self._begun_s) and len(rows):
            self._begun_s = float(rows[0, 0])
        if foot.heard_s == self._newest_s() > before_s:
            self._batch_s = foot.heard_s - max(before_s, self._begun_s)
        return self._give(last=False) if foot.looked > looked else no_contacts()

    def _newest_s(self) -> float:
        return max(foot.heard_s for foot in self._feet.values())

    def _awaited(self) -> list[LiveFoot]:
        """The feet that keep up; the others are not waited for.

        A batch may hold minutes: as much later the other foot may come.
        """
        oldest_s = self._newest_s() - self._patience_s - self._batch_s
        return [
            foot
            for foot in self._feet.values()
            if (self._begun_s if np.isinf(foot.heard_s) else foot.heard_s) >= oldest_s
        ]

    def _give(self, *, last: bool) -> Contacts:
        """Join the feet and give what is final on both."""
        feet = [foot for foot in self._feet.values() if foot.tail is not None]
        if not self._first_s(feet) < (np.inf if last else self._horizon_s()):
            return no_contacts()
        known = [chain(foot.settled, foot.tail) for foot in feet if foot.tail is not None]
        ic_s = np.concatenate([one.ic_time_s for one in known])
        newest_s = max(foot.newest_s for foot in feet)
        apart_s = min(foot.restarted_s for foot in self._feet.values())
        contacts, _ = contacts_of_feet(
            known, float(ic_s.min()), newest_s, apart_s, self._signals(feet), self._arm_m
        )
        state = np.empty(len(contacts), np.int64)  # -1 given, 0 final, 1 blocks, 2 is passed over
        for foot, one in zip(feet, known, strict=True):  # the order of one foot is kept
            state[contacts.foot == FEET.index(foot.pod.foot)] = self._places(foot, one)
        open_ = (state == 0) & _decided(contacts, newest_s, last=last)
        waits = (state == 1) | ((state == 0) & ~open_)
        latest_s = contacts.ic_time_s + np.where(
            np.isin(contacts.activity, (HOP, BOUND)), BURST_S[0], 0.0
        )  # another landing may come down so much earlier at the ball
        waits |= latest_s >= (np.inf if last else self._horizon_s())
        give = open_ & (np.cumsum(waits) == 0)
        if not give.any():
            return no_contacts()
        self._note(feet, contacts, give)
        return self._measured(feet, contacts, give)

    def _measured(self, feet: list[LiveFoot], contacts: Contacts, give: Bools) -> Contacts:
        """The contacts to give, with what the batch analysis derives from them."""
        contacts = with_length_scale(contacts, self._length_scale)
        contacts = with_correction(contacts, self._correction)
        given = with_mechanics(contacts, self._known, self._signals(feet)).where(give)
        given = replace(given, segment=np.full(len(given), -1, dtype=np.int32))
        self._n_given += len(given)
        self._recent.append(given)
        while sum(len(part) for part in self._recent) - len(self._recent[0]) >= 2 * SHOWN_STRIDES:
            self._recent.popleft()
        return given

    @staticmethod
    def _signals(feet: list[LiveFoot]) -> list[FootSignal]:
        return [foot.signal for foot in feet if foot.signal is not None]

    def _first_s(self, feet: list[LiveFoot]) -> float:
        """The earliest contact that is final on its foot and not given yet; inf without one."""
        open_s = [
            float(foot.settled.ic_time_s[self._given[foot.pod.foot]])
            for foot in feet
            if foot.settled is not None and len(foot.settled) > self._given[foot.pod.foot]
        ]
        return min(open_s, default=np.inf)

    def _places(self, foot: LiveFoot, known: FootContacts) -> Ints:
        """(k,) what may be done with each known contact of a foot."""
        n_settled = 0 if foot.settled is None else len(foot.settled)
        place = np.where(np.arange(len(known)) < n_settled, 0, 1)
        if foot not in self._awaited():
            place[place == 1] = 2
        place[: self._given[foot.pod.foot]] = -1
        return place

    def _horizon_s(self) -> float:
        """No contact of an awaited foot before this time can still turn up or change."""
        awaited = self._awaited()
        tails = [foot.tail for foot in awaited if foot.tail is not None and len(foot.tail)]
        changing_s = [float(tail.ic_time_s[0]) for tail in tails]
        return min([*changing_s, *(foot.horizon_s for foot in awaited)], default=np.inf)

    def _note(self, feet: list[LiveFoot], contacts: Contacts, give: Bools) -> None:
        """Remember what was given, and forget all but the last contacts of each foot."""
        for foot in feet:
            name = foot.pod.foot
            mine = contacts.foot[give] == FEET.index(name)
            given = self._given[name] + int(np.count_nonzero(mine))
            drop = max(given - KEPT_CONTACTS, 0)
            if drop and foot.settled is not None:
                foot.settled = pick(foot.settled, np.arange(len(foot.settled)) >= drop)
            self._given[name] = given - drop

    @property
    def state(self) -> LiveState:
        """What a display shows now."""
        recent = _together(self._recent)
        recent = recent.where(np.arange(max(len(recent) - 2 * SHOWN_STRIDES, 0), len(recent)))
        last_s = float(recent.ic_time_s[-1]) if len(recent) else np.nan
        return LiveState(
            self._n_given,
            tuple(n for n, f in self._feet.items() if f.alignment and f.alignment.found),
            ACTIVITIES[recent.activity[-1]] if len(recent) else "rest",
            _median(recent.cadence_spm),
            _median(recent.contact_time_s),
            _median(recent.flight_time_s),
            _median(recent.speed_mps),
            tuple(_strike(recent, FEET.index(name)) for name in self._feet),
            self._newest_s() - last_s,
        )


def _decided(contacts: Contacts, newest_s: float, *, last: bool) -> Bools:
    """(k,) whether the activity of a contact stands: it is that of its neighbours.

    Where it changes, or at either end of a bout, more contacts must be seen first.
    """
    if last:
        return np.ones(len(contacts), dtype=bool)
    k = np.arange(len(contacts))
    steps = np.arange(-BEFORE, AFTER + 1)
    place = np.clip(k[:, None] + steps, 0, len(k) - 1)
    whole = (k >= BEFORE) & (k < len(k) - AFTER)
    same = (contacts.activity[place] == contacts.activity[:, None]).all(axis=1)
    seen = k < len(k) - NEIGHBOURS_AT_A_CHANGE
    old = contacts.ic_time_s + UNDECIDED_S < newest_s
    return np.asarray((whole & same) | seen | old)


def _together(parts: Iterable[Contacts]) -> Contacts:
    """The contacts of all parts, one behind the other."""
    pieces = [no_contacts(), *parts]
    names = Contacts.__dataclass_fields__
    return Contacts(**{name: np.concatenate([getattr(p, name) for p in pieces]) for name in names})


@cache
def no_contacts() -> Contacts:
    """What most batches bring."""
    nothing = np.empty(0)
    empty = dict.fromkeys(Contacts.__dataclass_fields__, nothing)
    for name in ("foot", "strike", "activity"):
        empty[name] = nothing.astype(np.int8)
    for name in ("segment", "flags"):
        empty[name] = nothing.astype(np.int32)
    return Contacts(**{**empty, "valid": nothing.astype(bool)})


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _strike(contacts: Contacts, code: int) -> str:
    named = contacts.strike[(contacts.foot == code) & (contacts.strike != UNKNOWN_STRIKE)]
    counts = np.bincount(named, minlength=len(STRIKES))
    return STRIKES[int(np.argmax(counts))] if len(named) else STRIKES[UNKNOWN_STRIKE]
