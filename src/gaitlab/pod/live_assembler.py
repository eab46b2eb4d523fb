"""Packets to samples with times while a pod streams, for the live view; bounded in memory."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.model.recording import Foot
from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.pod.assemble import STALL_S, paired
from gaitlab.pod.clock import (
    COARSE_SAMPLES,
    JUMP_S,
    NS_PER_S,
    counted_period,
    serial,
    ticks_a_sample,
    twins,
    unwrapped,
)
from gaitlab.pod.gathered import digests
from gaitlab.pod.model import PodSettings, SensorPackets

REMEMBERED: Final = 256  # packets whose ticks tell the true rate
SETTLING_S: Final = 2.0  # the place on host time follows at once so long, then slowly
SLEW: Final = 2e-4  # at most that much of the time that has passed
COUNTED_SLEW: Final = 2e-2  # of pods without a clock, whose rate is only known after a while
RATE_BLOCKS: Final = 24  # of 5 s that tell that rate
BLOCK_S: Final = 5.0  # the least lateness of that long is trusted
LEAST_BLOCKS: Final = 12  # late in all of them: the clock is another one
WAITING_S: Final = 2.0  # acceleration that has no angular rate yet waits no longer

Batch = tuple[Floats, Floats, Floats]


class LiveAssembler:
    """Feed packets as they are decoded, get ``time_s, acc_mps2, gyr_radps`` of what is new.

    Times are those of the pod's own clock, laid on the host's as the earliest arrivals so far
    allow, and moved by at most 200 millionths afterwards; `assemble` does the same with all
    arrivals known. Repeats are dropped, lost samples are holes in the times.

    foot : of the pod;  settings : of the connection;  origin_ns : zero of the times
    """

    def __init__(self, foot: Foot, settings: PodSettings, *, origin_ns: int = 0) -> None:
        self.foot = foot
        self.settings = settings
        self.lost = self.repeated = 0
        self._origin_ns = origin_ns
        self._clocks = {name: _LiveClock(settings.rate_hz) for name in ("imu", "acc", "gyr")}
        self._acc = (np.empty(0), np.empty((0, 3)))
        self._gyr = (np.empty(0), np.empty((0, 3)))

    def feed(self, packets: Sequence[SensorPackets]) -> Batch:
        """The samples that these packets add, in order of time; often none."""
        done: list[Batch] = []
        for one in packets:
            clock = self._clocks[one.sensor]
            time_s, rows = clock.place(one, self._origin_ns)
            if one.sensor == "imu":
                done.append((time_s, rows[:, :3], rows[:, 3:]))
            elif one.sensor == "acc":
                self._acc = _joined(self._acc, (time_s, rows))
            else:
                self._gyr = _joined(self._gyr, (time_s, rows))
        if len(self._acc[0]):
            done.append(self._pair())
        self.lost = sum(clock.lost for clock in self._clocks.values())
        self.repeated = sum(clock.repeated for clock in self._clocks.values())
        if not done:
            return np.empty(0), np.empty((0, 3)), np.empty((0, 3))
        time_s, acc, gyr = (np.concatenate(column) for column in zip(*done, strict=True))
        return time_s, acc, gyr

    def reconnected(self) -> None:
        """Call it when a new connection begins: what the pod measured in between is not lost."""
        for clock in self._clocks.values():
            clock.apart = True

    def _pair(self) -> Batch:
        """What of the acceleration has its angular rate, or has waited long enough for one."""
        time_s, acc = self._acc
        newest_s = self._gyr[0][-1] if len(self._gyr[0]) else -np.inf
        ready = (time_s <= newest_s) | (time_s < time_s[-1] - WAITING_S)
        gyr = paired(time_s[ready], *self._gyr)
        self._acc = time_s[~ready], acc[~ready]
        kept = self._gyr[0] > newest_s - WAITING_S
        self._gyr = self._gyr[0][kept], self._gyr[1][kept]
        return time_s[ready], acc[ready], gyr


def _joined(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return np.concatenate((first[0], second[0])), np.concatenate((first[1], second[1]))


class _LiveClock:
    """Device time of one stream of packets, and its place on host time so far."""

    def __init__(self, rate_hz: float) -> None:
        self.lost = self.repeated = 0
        self.apart = False  # the next packet is the first of another connection
        self._rate_hz = rate_hz
        self._tick: tuple[int, int] | None = None  # of the newest packet, unwrapped; its host_ns
        self._newest: tuple[int, int, int] | None = None  # digest, samples, host_ns of the newest
        self._number = 0  # of the next sample, where no clock counts
        self._period_s = 1.0 / rate_hz
        self._early: list[tuple[int, float]] = []  # sample number and arrival, one a block
        self._most = SLEW
        self._count: int | None = None
        self._size = 1  # samples of the newest packet
        self._block_s = 0.0  # when the newest early arrival's block began
        self._next = 0.0  # device time after the newest sample, s
        self._seen: tuple[Floats, Ints] = (np.empty(0), np.empty(0, np.int64))
        self._offset_s = self._late_s = self._at_s = np.nan
        self._least: list[tuple[float, float]] = []  # device time, least lateness of a block
        self._begun_s = self._moved_s = np.nan

    def place(self, packets: SensorPackets, origin_ns: int) -> tuple[Floats, Floats]:
        """Times (n,) and samples of the packets that are new."""
        host_s = (packets.host_ns - origin_ns) / NS_PER_S
        first_s, period_s, fresh = self._device_times(packets, host_s)
        row = np.repeat(np.arange(len(fresh)), packets.n_samples)
        inner = np.arange(len(row)) - np.repeat(
            np.cumsum(packets.n_samples) - packets.n_samples, packets.n_samples
        )
        last_s = first_s + (packets.n_samples - 1) * period_s
        if fresh.any():
            self._follow(last_s[fresh], host_s[fresh])
        keep = fresh[row]
        time_s = first_s[row] + inner * period_s + self._offset_s
        return time_s[keep], packets.samples[keep]

    def _device_times(self, packets: SensorPackets, host_s: Floats) -> tuple[Floats, float, Bools]:
        n, nominal_s = packets.n_samples, 1.0 / self._rate_hz
        fine = packets.tick_hz and packets.tick_hz * nominal_s >= 1.0 / COARSE_SAMPLES
        if packets.tick is None or not fine:
            return self._counted(packets, host_s)
        tick = self._unwrap(packets)
        at_s = tick / packets.tick_hz
        self._remember(at_s, n)
        period_s = ticks_a_sample(self._seen[0], self._seen[1], nominal_s)
        first_s = at_s if packets.tick_of == "first" else at_s - (n - 1) * period_s
        before = np.concatenate(([self._next], first_s[:-1] + n[:-1] * period_s))
        restarted = self._jumps(at_s, host_s)
        # each life of the pod lies behind the one before, whatever its clock says
        life_s = np.cumsum(restarted) * (np.abs(before).max(initial=0.0) + JUMP_S) * 2.0
        earlier_s = np.concatenate(([0.0], life_s[:-1]))[: len(n)]
        behind = first_s + life_s - np.maximum.accumulate(before + earlier_s)
        begun = not np.isnan(self._begun_s)
        fresh = (behind > -0.5 * period_s * n) | restarted
        fresh[:1] |= not begun
        counts = fresh & ~restarted
        counts[:1] &= begun and not self.apart
        self.apart = self.apart and not len(n)
        self.lost += int(np.maximum(np.round(behind / period_s)[counts], 0).sum())
        self.repeated += int(n[~fresh].sum())
        if restarted.any():
            self._offset_s, self._least = np.nan, []
        self._next = float(first_s[-1] + n[-1] * period_s) if len(n) else self._next
        return first_s, period_s, np.asarray(fresh)

    def _jumps(self, at_s: Floats, host_s: Floats) -> Bools:
        """Where the clock leapt against the host's so that no delay explains it: begun again.

        Packets that are late were held back, until all of them have been for minutes (`_follow`).
        """
        if not len(at_s):
            return np.empty(0, dtype=bool)
        late_s = host_s - at_s
        before_s, before_at = (late_s[0], at_s[0]) if np.isnan(self._late_s) else (
            self._late_s, self._at_s)  # fmt: skip
        self._late_s, self._at_s = float(late_s[-1]), float(at_s[-1])
        step_s = np.diff(late_s, prepend=before_s)
        back = np.diff(at_s, prepend=before_at) < 0.0
        return (np.abs(step_s) > JUMP_S) & (back | (late_s < self._offset_s - JUMP_S))

    def _counted(self, packets: SensorPackets, host_s: Floats) -> tuple[Floats, float, Bools]:
        n, period_s, self._most = packets.n_samples, self._period_s, COUNTED_SLEW
        if packets.counter is not None:
            step = self._steps(packets.counter, packets.counter_bits)
            size = int(np.median(n)) if packets.counter_counts == "packets" and len(n) else 1
            own = 1 if packets.counter_counts == "packets" else self._before(n)
            fresh, skipped = step > 0, np.maximum(step - own, 0) * size
            self.lost += int(skipped[int(self.apart) :].sum())
            self.apart = self.apart and not len(n)
        else:
            again, silent_s = self._twins_and_silence(packets)
            fresh, skipped = ~again, np.round(silent_s / period_s).astype(np.int64)
        kept = np.where(fresh, n, 0)
        self.repeated += int(n[~fresh].sum())
        place = np.cumsum(kept + skipped) - kept
        first_s = np.asarray(self._next + place * period_s, dtype=np.float64)
        self._next = float(self._next + (kept + skipped).sum() * period_s)
        if fresh.any():
            self._learn(self._number + place[fresh] + n[fresh] - 1, host_s[fresh])
        self._number += int((kept + skipped).sum())
        return first_s, period_s, np.asarray(fresh)

    def _before(self, n: Ints) -> Ints:
        """Samples of the packet before each one, kept for the next call."""
        before = np.concatenate(([self._size], n[:-1])).astype(np.int64)[: len(n)]
        self._size = int(n[-1]) if len(n) else self._size
        return before

    def _steps(self, counter: Ints, bits: int) -> Ints:
        """How far the counter went from the newest packet so far; 0 or less for repeats."""
        if not len(counter):
            return np.empty(0, dtype=np.int64)
        first = int(counter[0])
        before = first - max(self._size, 1) if self._count is None else self._count
        going = serial(np.concatenate(([before], counter.astype(np.int64))), bits)
        newest = np.maximum.accumulate(going)
        self._count = int(newest[-1])
        return np.asarray(going[1:] - newest[:-1])

    def _twins_and_silence(self, packets: SensorPackets) -> tuple[Bools, Floats]:
        """Which packets say the same again at once, and seconds of silence before each."""
        host_ns, n = packets.host_ns, packets.n_samples
        if not len(n):
            return np.empty(0, dtype=bool), np.empty(0)
        digest = digests(packets)
        before = self._newest or (int(digest[0]) - 1, int(n[0]), int(host_ns[0]))
        old_ns = before[2]
        again = twins(
            *(np.append(old, new) for old, new in zip(before, (digest, n, host_ns), strict=True))
        )[1:]
        passed_s = np.diff(host_ns, prepend=np.int64(old_ns)) / NS_PER_S
        silent_s = np.where(passed_s > STALL_S, passed_s - n * self._period_s, 0.0)
        self._newest = int(digest[-1]), int(n[-1]), int(host_ns[-1])
        return again, np.maximum(silent_s, 0.0)

    def _learn(self, number: Ints, host_s: Floats) -> None:
        """The true period of a sensor without a clock, from one early arrival of every 5 s."""
        least = int(np.argmin(host_s - number * self._period_s))
        now = (int(number[least]), float(host_s[least]))
        if not self._early or host_s[-1] - self._block_s >= BLOCK_S:
            self._early = [*self._early[1 - RATE_BLOCKS :], now]
            self._block_s = float(host_s[-1])
            at, arrived_s = (np.array(column) for column in zip(*self._early, strict=True))
            self._period_s = counted_period(at, arrived_s, 1.0 / self._rate_hz)
        elif now[1] - now[0] * self._period_s < self._early[-1][1] - (
            self._early[-1][0] * self._period_s
        ):
            self._early[-1] = now

    def _unwrap(self, packets: SensorPackets) -> Ints:
        tick = np.asarray(packets.tick, dtype=np.int64)
        if not len(tick):
            return tick
        last, last_ns = self._tick or (int(tick[0]), int(packets.host_ns[0]))
        made = unwrapped(
            np.concatenate(([last], tick)), packets.tick_bits, packets.tick_hz,
            np.concatenate(([last_ns], packets.host_ns)),
        )[1:]  # fmt: skip
        self._tick = int(made[-1]), int(packets.host_ns[-1])
        return made

    def _remember(self, at_s: Floats, n: Ints) -> None:
        first = np.concatenate((self._seen[0], at_s))[-REMEMBERED:]
        self._seen = first, np.concatenate((self._seen[1], n))[-REMEMBERED:]

    def _follow(self, last_s: Floats, host_s: Floats) -> None:
        """Move the offset towards the least lateness of the last blocks, slowly once settled."""
        late, now_s = float((host_s - last_s).min()), float(last_s[-1])
        if not np.isfinite(self._offset_s):
            self._offset_s, self._begun_s, self._moved_s = late, now_s, now_s
        block = np.floor(now_s / BLOCK_S)
        if self._least and self._least[-1][0] == block:
            self._least[-1] = (block, min(self._least[-1][1], late))
        else:
            self._least = [*self._least[1 - LEAST_BLOCKS :], (block, late)]
        target = min(value for _, value in self._least[-2:])
        always = len(self._least) == LEAST_BLOCKS and min(value for _, value in self._least)
        if now_s - self._begun_s < SETTLING_S or (always or 0.0) > self._offset_s + JUMP_S:
            self._offset_s = target
        else:
            most = self._most * max(now_s - self._moved_s, 0.0)
            self._offset_s += float(np.clip(target - self._offset_s, -most, most))
        self._moved_s = now_s
