"""Packets to samples with times while a pod streams, for the live view; bounded in memory."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.model.recording import Foot
from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.pod.assemble import paired
from gaitlab.pod.clock import COARSE_SAMPLES, JUMP_S, NS_PER_S, ticks_a_sample
from gaitlab.pod.model import PodSettings, SensorPackets

REMEMBERED: Final = 256  # packets whose ticks tell the true rate
SETTLING_S: Final = 2.0  # the place on host time follows at once so long, then slowly
SLEW: Final = 2e-4  # at most that much of the time that has passed
BLOCK_S: Final = 5.0  # the least lateness of that long is trusted
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
        self._rate_hz = rate_hz
        self._tick: int | None = None  # of the newest packet, unwrapped
        self._count: int | None = None
        self._next = 0.0  # device time after the newest sample, s
        self._seen: tuple[Floats, Ints] = (np.empty(0), np.empty(0, np.int64))
        self._offset_s = np.nan
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
            return self._counted(packets, nominal_s)
        tick = self._unwrap(packets.tick, packets.tick_bits)
        at_s = tick / packets.tick_hz
        self._remember(at_s, n)
        period_s = ticks_a_sample(self._seen[0], self._seen[1], nominal_s)
        first_s = at_s if packets.tick_of == "first" else at_s - (n - 1) * period_s
        before = np.concatenate(([self._next], first_s[:-1] + n[:-1] * period_s))
        behind = first_s - np.maximum.accumulate(before)
        restarted = np.abs(behind) > JUMP_S
        fresh = (behind > -0.5 * period_s * n) | restarted | (self._next == 0.0)
        hole = np.round(behind / period_s)[fresh & ~restarted & (before > 0.0)]
        self.lost += int(np.maximum(hole, 0).sum())
        self.repeated += int(n[~fresh].sum())
        if restarted.any() and self._next != 0.0:
            self._offset_s, self._least = np.nan, []
        self._next = float(first_s[-1] + n[-1] * period_s) if len(n) else self._next
        return first_s, period_s, np.asarray(fresh)

    def _counted(self, packets: SensorPackets, period_s: float) -> tuple[Floats, float, Bools]:
        n = packets.n_samples
        fresh = np.ones(len(n), dtype=bool)
        skipped = np.zeros(len(n), dtype=np.int64)
        if packets.counter is not None and len(n):
            span = np.int64(1 << min(packets.counter_bits, 62))
            last = int(packets.counter[0]) - 1 if self._count is None else self._count
            count = packets.counter.astype(np.int64)
            step = np.asarray(np.diff(count, prepend=np.int64(last)), dtype=np.int64)
            step = (step + span // 2) % span - span // 2
            fresh, skipped = step > 0, np.maximum(step - 1, 0)
            size = int(np.median(n)) if packets.counter_counts == "packets" else 1
            skipped = skipped * size
            self._count = int(packets.counter[-1])
        self.lost += int(skipped.sum())
        self.repeated += int(n[~fresh].sum())
        place = np.cumsum(np.where(fresh, n, 0) + skipped) - np.where(fresh, n, 0)
        first_s = np.asarray(self._next + place * period_s, dtype=np.float64)
        self._next = float(self._next + (np.where(fresh, n, 0) + skipped).sum() * period_s)
        return first_s, period_s, np.asarray(fresh)

    def _unwrap(self, tick: Ints, bits: int) -> Ints:
        values = tick.astype(np.int64)
        if not len(values) or bits >= 63:
            return values
        span = np.int64(1 << bits)
        last = int(values[0]) if self._tick is None else self._tick
        step = np.asarray(np.diff(values, prepend=np.int64(last % int(span))), dtype=np.int64)
        step = (step + span // 2) % span - span // 2
        made = last + np.cumsum(step)
        self._tick = int(made[-1])
        return np.asarray(made)

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
            self._least = [*self._least[-1:], (block, late)]
        target = min(value for _, value in self._least)
        if now_s - self._begun_s < SETTLING_S:
            self._offset_s = target
        else:
            most = SLEW * max(now_s - self._moved_s, 0.0)
            self._offset_s += float(np.clip(target - self._offset_s, -most, most))
        self._moved_s = now_s
