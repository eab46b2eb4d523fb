"""One foot of a live analysis: a window of the last seconds, and the contacts that are final."""

from dataclasses import dataclass, fields

import numpy as np

from gaitlab.events.alignment import Alignment, in_foot_frame
from gaitlab.live.arrivals import Arrivals
from gaitlab.live.evidence import Evidence, joined, nothing
from gaitlab.live.ranges import Range
from gaitlab.model.gait import EvenSignal, FootSignal
from gaitlab.model.recording import Foot, FootStream
from gaitlab.model.units import Bools, Floats
from gaitlab.pipeline import contacts_of_foot
from gaitlab.signal.timebase import to_even
from gaitlab.strides.foot import FootContacts, pick

FIRST_LOOK_S = 1.5
LOOKS_S = (0.5, 1.0)  # at least and at most between two looks at the window
LOOK_WHEN_STANDING_S = 1.0
CYCLE_SEEN_SHARE, CYCLE_SEEN_S = 1.7, 0.15  # strides after a landing the next cycle is whole
WINDOW_S = 8.0
HELD_BACK_S = 24.0  # longest wait for the mounting to be known
BEFORE_S = 4.0  # kept before the first contact that is not final
HABIT_STRIDES = 16  # kept as well: ten say what is usual, the others how usual that is
READY_MOVING_S = 4.0  # so much turning of the foot shows how the pod sits
STANDS_S = 4.0  # without a next contact in this time the foot stands
LONGEST_CYCLE_S = 2.2  # a landing longer ago belongs to a cycle that is over
HOLE_S = 4.0  # a longer one parts the stream: what is before it is finished
BEYOND_HOLE_S = 2.5  # so much of a long hole is shown to the analysis
SAME_CONTACT_S = 0.15  # two contacts of one foot are never this close
MOST_ROWS = 60_000  # in the window: 24 s at 2.5 kHz
FEWEST_ROWS = 16
MOST_WAITING_ROWS = 4096


@dataclass(frozen=True, slots=True)
class LivePod:
    """What is known about a pod before its first sample; None when unknown."""

    foot: Foot
    acc_range_mps2: float | None = None
    gyr_range_radps: float | None = None
    declared_rate_hz: float | None = None


class LiveFoot:
    """The stream of one pod.

    settled : contacts that never change again, those not yet given away last
    tail : contacts that were seen and may still change
    newest_s : time of the newest sample looked at, on a clock that never restarts; -inf at first
    heard_s : time of the newest sample that arrived
    signal : the window that was looked at last, in the foot frame
    """

    def __init__(self, pod: LivePod, arm_m: Floats) -> None:
        self.pod = pod
        self.settled: FootContacts | None = None
        self.tail: FootContacts | None = None
        self.newest_s = -np.inf
        self.looked = 0
        self.alignment: Alignment | None = None
        self.signal: FootSignal | None = None
        self._arm_m = arm_m
        self._arrivals = Arrivals()
        self._evidence = Evidence()
        self.heard_s = -np.inf
        self._inbox: list[Floats] = []
        self._inbox_rows = 0
        self._rows: list[Floats] = []
        self._look_at_s = np.nan
        self._last_ic_s = -np.inf
        self._after_hole = False
        self._ready = False
        self._rate_hz: float | None = None
        self._ranges = (Range(pod.acc_range_mps2), Range(pod.gyr_range_radps))

    @property
    def samples_held(self) -> int:
        """Samples kept of this foot, for the window and for the mounting."""
        window = sum(len(rows) for rows in self._rows)
        waiting = self._inbox_rows + len(self._arrivals)
        return window + waiting + self._evidence.samples_held

    @property
    def restarted_s(self) -> float:
        """Where the first restart of the pod's clock was put; inf without one."""
        return self._arrivals.restarted_s

    @property
    def horizon_s(self) -> float:
        """No contact before this time can still turn up."""
        if not self._ready and self._evidence.has_gyroscope:
            return self.newest_s - (HELD_BACK_S - BEFORE_S)
        seen = self.tail if self.tail is not None and len(self.tail) else self.settled
        last_s = float(seen.ic_time_s[-1]) if seen is not None and len(seen) else -np.inf
        return max(last_s + SAME_CONTACT_S, self.newest_s - LONGEST_CYCLE_S)

    def feed(self, rows: Floats, *, last: bool = False) -> None:
        """Take rows (n, 7); look at the window when it is time, wherever batches end."""
        if len(rows):
            self._inbox.append(rows)
            self._inbox_rows += len(rows)
        if not last and self._may_wait(rows):
            return
        self._inbox.append(rows[:0])
        rows = self._arrivals.accept(np.concatenate(self._inbox), last=last)
        self._inbox, self._inbox_rows = [], 0
        while len(rows):  # once per look, not per sample
            if np.isinf(self.newest_s):
                self._begin(float(rows[0, 0]))
            reach_s = np.maximum.accumulate(np.concatenate(([self.newest_s], rows[:, 0])))
            hole = _first(np.diff(reach_s) > HOLE_S)
            due = _first(reach_s[1:] >= self._look_at_s) + 1
            self._take(rows[: min(due, hole)])
            if hole < due and hole < len(rows):
                self._end_stretch(float(rows[hole, 0]))
            elif due <= len(rows):
                self._look()
            rows = rows[min(due, hole) :]
        self.heard_s = max(self.heard_s, self.newest_s)
        if last:
            self._look(ends=True)

    def _may_wait(self, rows: Floats) -> bool:
        """Whether nothing is due yet: work is done once per look, not once per batch."""
        if not len(rows):
            return True
        newest_s = float(rows[-1, 0]) + self._arrivals.shift_s
        if not self.newest_s <= newest_s < self._look_at_s:
            return False
        self.heard_s = max(self.heard_s, newest_s)
        return self._inbox_rows < MOST_WAITING_ROWS

    def _begin(self, start_s: float) -> None:
        self.newest_s = start_s
        self._look_at_s = start_s + FIRST_LOOK_S

    def _take(self, rows: Floats) -> None:
        if not len(rows):
            return
        self._rows.append(rows)
        self.newest_s = max(self.newest_s, float(rows[:, 0].max()))
        if sum(len(part) for part in self._rows) > MOST_ROWS:  # a clock that hangs
            self._rows = [np.concatenate(self._rows)[-MOST_ROWS // 2 :]]

    def _end_stretch(self, resumes_s: float) -> None:
        """Finish what lies before a long hole, and begin again behind it."""
        self._look(ends=True, hole=True)
        self._evidence.end_stretch()
        self._rows = []
        self._after_hole = True
        self._begin(resumes_s)

    def _look(self, *, ends: bool = False, hole: bool = False) -> None:
        """Analyse the window; keep what is final, drop what is no longer needed."""
        self.looked += 1
        rows = np.concatenate(self._rows) if self._rows else np.empty((0, 7))
        self._rows = [rows]
        span_s = self.newest_s - float(rows[0, 0]) if len(rows) else 0.0
        self._look_at_s = self.newest_s + LOOK_WHEN_STANDING_S
        if len(rows) < FEWEST_ROWS or span_s < FIRST_LOOK_S:
            return
        self._ranges[0].see(rows[:, 1:4])
        self._ranges[1].see(rows[:, 4:7])
        even = to_even(self._stream(rows), near_rate_hz=self._rate_hz)[0]
        self._ranges[0].learn(even.acc_mps2[even.acc_clipped])
        self._ranges[1].learn(even.gyr_radps[even.gyr_clipped])
        self._rate_hz = even.rate_hz if span_s > BEFORE_S else None
        self._evidence.add(even)
        forced_s = self.newest_s - (HELD_BACK_S - BEFORE_S)
        if self._is_ready(ends=ends) or span_s > HELD_BACK_S - BEFORE_S:
            seen = self._contacts(even, ends=ends, hole=hole)
            self._settle(seen, ends=ends, forced_s=forced_s)
            self._look_at_s = self._next_look_s()
        self._trim(rows)

    def _is_ready(self, *, ends: bool) -> bool:
        """Whether the mounting is known well enough to name contacts."""
        if not self._evidence.has_gyroscope:
            self._ready = True  # nothing to wait for
            return True
        moving_s = self._evidence.seen_s[0]
        if moving_s >= READY_MOVING_S or ends:
            self.alignment = self._evidence.alignment()
            self._ready = self._ready or (self.alignment is not None and self.alignment.found)
        return self._ready or ends

    def _stream(self, rows: Floats) -> FootStream:
        """The window as a recording, with the ranges that are known or were learned."""
        pod = self.pod
        acc_range, gyr_range = (one.full_scale for one in self._ranges)
        return FootStream(
            pod.foot, rows[:, 0], rows[:, 1:4], rows[:, 4:7], acc_range, gyr_range,
            pod.declared_rate_hz,
        )  # fmt: skip

    def _contacts(self, even: EvenSignal, *, ends: bool, hole: bool) -> FootContacts:
        """All contacts in the window that are not final yet."""
        alignment = self.alignment or self._evidence.alignment()
        if alignment is None:
            alignment = _UNKNOWN
        n = round(BEYOND_HOLE_S * even.rate_hz)
        lost = [nothing(even, n)]
        parts = [*(lost if self._after_hole else []), even, *(lost if hole else [])]
        if len(parts) > 1:
            start_s = even.start_s - (n / even.rate_hz if self._after_hole else 0.0)
            even = joined(parts, start_s, even.rate_hz)
        signal = in_foot_frame(even, alignment)
        self.signal, found = contacts_of_foot(signal, alignment, self._arm_m, ends=ends)
        new = found.ic_time_s > self._last_ic_s + SAME_CONTACT_S
        return pick(found, new & (even.has_gyroscope or not self._evidence.has_gyroscope))

    def _settle(self, seen: FootContacts, *, ends: bool, forced_s: float) -> None:
        """Move the contacts that are final from the tail to the settled ones."""
        final = np.ones(len(seen), bool) if ends else self._final(seen)
        final |= seen.ic_time_s < forced_s
        n = int(np.flatnonzero(final)[-1]) + 1 if final.any() else 0
        order = np.arange(len(seen))
        if n:
            new = pick(seen, order < n)
            self.settled = chain(self.settled, new)
            self._last_ic_s = float(new.ic_time_s[-1])
        self.tail = pick(seen, order >= n)

    def _final(self, seen: FootContacts) -> Bools:
        """(k,) whether the next contact is over too, or none will follow."""
        over = seen.follows & (np.arange(len(seen)) < len(seen) - 1)
        return np.asarray(over | (seen.ic_time_s + STANDS_S < self.newest_s))

    def _next_look_s(self) -> float:
        """When the next cycle will be whole, if the foot goes on as it did."""
        tail = self.tail
        soonest_s, latest_s = (self.newest_s + wait_s for wait_s in LOOKS_S)
        if tail is None or not len(tail) or not np.isfinite(self._last_ic_s):
            return self.newest_s + LOOK_WHEN_STANDING_S
        last_s = float(tail.ic_time_s[-1])
        before_s = float(tail.ic_time_s[-2]) if len(tail) > 1 else self._last_ic_s
        seen_s = last_s + CYCLE_SEEN_SHARE * (last_s - before_s) + CYCLE_SEEN_S
        return float(np.clip(seen_s, soonest_s, latest_s))

    def _trim(self, rows: Floats) -> None:
        """Keep the window, and more only while contacts are held back."""
        keep_s = self.newest_s - (WINDOW_S if self._ready else HELD_BACK_S)
        if self.settled is not None:
            keep_s = min(keep_s, float(self.settled.ic_time_s[-HABIT_STRIDES:][0]) - 1.0)
        if self.tail is not None and len(self.tail):
            keep_s = min(keep_s, float(self.tail.ic_time_s[0]) - BEFORE_S)
        keep_s = max(keep_s, self.newest_s - HELD_BACK_S)
        old = rows[:, 0] < keep_s
        if old[0]:
            self._rows = [rows[int(np.argmin(old)) :].copy()]
            self._after_hole = False


def _first(mask: Bools) -> int:
    """Index of the first True, or the length when there is none."""
    return int(np.argmax(mask)) if mask.any() else len(mask)


_UNKNOWN = Alignment(
    np.eye(3), np.zeros(3), np.empty((0, 2), dtype=np.int64), "none", *[float("nan")] * 4
)


def chain(first: FootContacts | None, then: FootContacts) -> FootContacts:
    """The contacts of ``then`` behind those of ``first``, if there are any."""
    if first is None:
        return then
    pairs = ((getattr(first, item.name), getattr(then, item.name)) for item in fields(FootContacts))
    return FootContacts(*(np.concatenate(pair) for pair in pairs))
