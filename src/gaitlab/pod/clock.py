"""The clock of a pod: ticks and counters without their wraps, and where they lie on host time.

Notifications arrive late, never early: half a connection interval on the average, some when a
packet is sent again, much when the computer is busy. So the line from device time to host time is
not the one through the middle of the arrivals but the one below which a tenth of them lies.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.model.units import Bools, Floats, Ints

NS_PER_S: Final = 1e9
JUMP_S: Final = 5.0  # a clock that leaps so far against the host's is looked at
CATCHES_UP_S: Final = 60.0  # assumption: what was held back has come by then
QUANTILE: Final = 0.1  # of the arrivals lies below the line: simulated study, see docs/clocks.md
BLOCK_S: Final = 2.0
TWIN_S: Final = 0.002  # two notifications so close with the same bytes are one
MOST_BLOCKS: Final = 300  # Theil-Sen looks at all pairs
CRYSTAL_SD: Final = 50e-6  # assumption: what quartz clocks of pods are off
CRYSTAL_MOST: Final = 200e-6  # beyond it the nominal rate of the clock is wrong
ODR_WITHIN: Final = 0.2  # a sensor's rate may be that far from its nominal one
PARTS: Final = 4  # of a run, whose slopes must agree
PART_OF: Final = 4  # early arrivals that tell a slope of their own
FEW_ARRIVALS: Final = 10  # fewer do not show how late they are
UNSEEN_S: Final = 0.015  # assumption: half of a usual connection interval of 30 ms
RATE_SPAN: Final = (0.1, 10.0)  # what a measured rate may be of the promised one
FEW_NEAR: Final = 0.05  # of the packets: then the promised rate is not theirs
COARSE_SAMPLES: Final = 0.3  # a tick longer than that cannot count samples


def unwrapped(tick: Ints, bits: int, tick_hz: float, host_ns: Ints) -> Ints:
    """Ticks (k,) that wrap at ``2**bits`` as ticks that go on; the host says how often.

    >>> ticks = np.array([65530, 10, 70])
    >>> unwrapped(ticks, 16, 100.0, np.array([0, 160_000_000, 760_000_000])).tolist()
    [65530, 65546, 65606]
    """
    if bits >= 63 or not len(tick):
        return tick.astype(np.int64)
    span = np.int64(1 << bits)
    step = np.asarray(np.diff(tick.astype(np.int64)), dtype=np.int64) % span
    expected = np.diff(host_ns) / NS_PER_S * tick_hz
    step += span * np.round((expected - step) / span).astype(np.int64)
    return np.concatenate(([int(tick[0])], int(tick[0]) + np.cumsum(step))).astype(np.int64)


def serial(counter: Ints, bits: int) -> Ints:
    """A counter (k,) that wraps at ``2**bits`` as one that goes on; late ones step back.

    Serial number arithmetic: a step of half the range or more is one backwards (RFC 1982).

    >>> serial(np.array([254, 255, 1, 0, 2]), 8).tolist()
    [254, 255, 257, 256, 258]
    """
    if not len(counter):
        return counter.astype(np.int64)
    span = np.int64(1 << min(bits, 62))
    step = np.asarray(np.diff(counter.astype(np.int64)), dtype=np.int64)
    step = (step + span // 2) % span - span // 2
    return np.concatenate(([int(counter[0])], int(counter[0]) + np.cumsum(step))).astype(np.int64)


def restarts(device_s: Floats, host_ns: Ints) -> Ints:
    """(k,) which life of the pod each packet belongs to: a clock that jumps has begun again.

    Arrivals may be late by any time, but never early. So a clock that leaps against the host's has
    begun again when it leapt back, when packets come sooner than any of the minutes before did, or
    when they stay late; late ones that catch up were held back by the radio or the computer.
    """
    late_s = host_ns / NS_PER_S - device_s
    step_s = np.diff(late_s)
    leaps = np.flatnonzero(np.abs(step_s) > JUMP_S) + 1
    back = leaps[np.diff(device_s)[leaps - 1] < 0.0]
    if not len(leaps):
        return np.zeros(len(host_ns), dtype=np.int64)
    lives = np.concatenate(([0], back, [len(host_ns)]))  # so far; leaps ahead part them further
    life = np.searchsorted(lives, leaps, "right")
    window_ns = np.int64(CATCHES_UP_S * NS_PER_S)
    since = np.maximum(lives[life - 1], np.searchsorted(host_ns, host_ns[leaps] - window_ns))
    until = np.minimum(lives[life], np.searchsorted(host_ns, host_ns[leaps] + window_ns, "right"))
    before_s = _least_between(late_s, np.minimum(since, leaps - 1), leaps)
    after_s = _least_between(late_s, leaps, np.maximum(until, leaps + 1))
    early = (step_s[leaps - 1] < 0.0) & (late_s[leaps] < before_s - JUMP_S)
    stays = (step_s[leaps - 1] > 0.0) & (after_s > late_s[leaps - 1] + JUMP_S)
    last = np.maximum(until, leaps + 1) - 1  # a backlog comes faster than it was measured
    passed_s = (host_ns[last] - host_ns[leaps]) / NS_PER_S
    stays &= (last > leaps) & (passed_s > 0.5 * (device_s[last] - device_s[leaps]))
    begun = np.zeros(len(host_ns), dtype=np.int64)
    begun[leaps[early | stays]] = begun[back] = 1
    return np.asarray(np.cumsum(begun), dtype=np.int64)


def _least_between(values: Floats, start: Ints, stop: Ints) -> Floats:
    """(j,) least of ``values[start[i] : stop[i]]``, none of them empty."""
    edges = np.column_stack((start, stop)).ravel()
    return np.asarray(np.minimum.reduceat(np.append(values, np.inf), edges)[::2])


@dataclass(frozen=True, slots=True)
class Line:
    """Host time = ``offset_s + rate * device time``, both in s.

    rate_sd, offset_sd_s : standard uncertainties; the offset's is that of the middle of the run
    believed : False when the clock runs more than 200 ppm off and its rate was taken as measured
    """

    offset_s: float
    rate: float
    rate_sd: float
    offset_sd_s: float
    believed: bool = True

    @property
    def ppm(self) -> float:
        """How much slower than host time the device counts, millionths."""
        return (self.rate - 1.0) * 1e6

    def host_s(self, device_s: Floats) -> Floats:
        """Device times on the host's clock."""
        return self.offset_s + self.rate * device_s


def fit_line(device_s: Floats, host_s: Floats, *, crystal: bool = True) -> Line:
    """The line that the earliest arrivals follow.

    The least lateness of every two seconds, and the median of the slopes between those (Theil-Sen),
    then the 0.1-quantile of all arrivals for the offset.

    device_s, host_s : (k,) of each packet's last sample and its arrival, k >= 1
    crystal : the device counts with a quartz: its rate is drawn towards 1 as far as the arrivals
        do not tell; otherwise the rate is what they tell
    """
    middle = float(np.mean(device_s))
    x, late = device_s - middle, host_s - device_s
    base = float(late[0])
    block = np.floor((x - x.min()) / max(BLOCK_S, np.ptp(x) / MOST_BLOCKS)).astype(np.int64)
    least = _least_of(block, late - base)
    slope, slope_sd, spread_s = _slope(x[least], late[least] - base)
    rest = late - base - slope * x
    jitter_s = float(np.quantile(rest, 0.5) - np.quantile(rest, QUANTILE))
    # packets in step with the radio's intervals hide so much drift from everyone
    hidden = jitter_s / max(float(np.ptp(x)), 1e-9) / np.sqrt(3.0)
    if len(least) < FEW_ARRIVALS:
        slope_sd = float(np.hypot(slope_sd, hidden))
    slope_sd = max(slope_sd, _disagreement(x[least], late[least] - base))
    slope, slope_sd, believed = _judged(slope, slope_sd, crystal=crystal)
    slope = float(np.clip(slope, RATE_SPAN[0] - 1.0, RATE_SPAN[1] - 1.0))
    rest = late - base - slope * x
    level = float(np.quantile(rest, QUANTILE))
    jitter_s = float(np.quantile(rest, 0.5)) - level
    slope_sd = float(np.hypot(slope_sd, hidden))
    if crystal and believed:
        slope_sd = min(slope_sd, CRYSTAL_SD)
    offset_sd_s = float(np.hypot(spread_s, jitter_s) / np.sqrt(max(len(least), 1)))
    offset_sd_s = float(np.hypot(offset_sd_s, jitter_s / 2.0))  # how late are the earliest?
    if len(x) < FEW_ARRIVALS:
        offset_sd_s = float(np.hypot(offset_sd_s, UNSEEN_S))
    return Line(base + level - slope * middle, 1.0 + slope, slope_sd, offset_sd_s, believed)


def _judged(slope: float, slope_sd: float, *, crystal: bool) -> tuple[float, float, bool]:
    """The slope as far as it can be true, its uncertainty, and whether a quartz may have it."""
    if not abs(slope) <= ODR_WITHIN:  # a backlog sent in one go tells no rate
        return 0.0, CRYSTAL_SD if crystal else ODR_WITHIN, False
    if not crystal:
        return slope, min(slope_sd, ODR_WITHIN), True
    if abs(slope) > CRYSTAL_MOST + 4.0 * slope_sd:
        return slope, slope_sd, False
    share = CRYSTAL_SD**2 / (CRYSTAL_SD**2 + slope_sd**2)
    slope = float(np.clip(slope * share, -CRYSTAL_MOST, CRYSTAL_MOST))
    return slope, CRYSTAL_SD * float(np.sqrt(1.0 - share)), True


def _least_of(block: Ints, late_s: Floats) -> Ints:
    """Indices of the least lateness of each block."""
    order = np.lexsort((late_s, block))
    first = np.diff(block[order], prepend=-1) != 0
    return np.asarray(order[first], dtype=np.int64)


def _slope(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Median of the pairwise slopes, its standard error, and the spread about the line."""
    if len(x) < 3:
        return 0.0, np.inf, 0.0
    first, second = np.triu_indices(len(x), 1)
    slope = float(np.median((y[second] - y[first]) / (x[second] - x[first])))
    rest = y - slope * x
    spread = 1.4826 * float(np.median(np.abs(rest - np.median(rest))))
    return slope, 1.1 * spread / float(np.sqrt(np.sum((x - x.mean()) ** 2))), spread


def _disagreement(x: Floats, y: Floats) -> float:
    """How far slopes of parts of (n,) lie apart: a clock's not at all, a growing delay's much.

    A clock is as fast in one part as in another; delays come and go. 0 with too few of them.
    """
    if len(x) < PARTS * PART_OF:
        return 0.0
    edges = np.linspace(0, len(x), PARTS + 1).astype(int)
    parts = [slice(*edge) for edge in pairwise(edges)]
    slope, slope_sd, _ = np.array([_slope(x[part], y[part]) for part in parts]).T
    apart = float(np.ptp(slope))
    return apart / 2.0 if apart > 4.0 * float(np.median(slope_sd)) * np.sqrt(2.0) else 0.0


def counted_period(at: Ints, host_s: Floats, nominal_s: float) -> float:
    """Seconds a sample from a few (b,) early arrivals of samples number ``at``; else nominal.

    >>> round(counted_period(np.array([0, 990, 1980]), np.array([0.0, 5.0, 10.0]), 0.005), 5)
    0.00505
    """
    slope, _, _ = _slope(np.asarray(at * nominal_s), np.asarray(host_s - at * nominal_s))
    return nominal_s * (1.0 + slope) if abs(slope) < ODR_WITHIN else nominal_s


def twins(digest: Ints, n_samples: Ints, host_ns: Ints) -> Bools:
    """(k,) packets that say exactly what the one before said, at the same instant.

    Only for pods without time and counter: some radios deliver a notification twice at once, while
    a sensor never reads the same in all axes for a whole packet unless it lies still.

    digest : (k,) equal for packets with the same samples
    """
    again = np.zeros(len(n_samples), dtype=bool)
    near = (np.diff(host_ns) < TWIN_S * NS_PER_S) & (np.diff(n_samples) == 0)
    again[1:] = near & (np.diff(digest) == 0) & (n_samples[1:] > 0)
    return again


def sample_places(
    first_tick: Floats, n_samples: Ints, ticks_per_sample: float
) -> tuple[Ints, Bools]:
    """The place of each packet's first sample on an even grid, and which packets repeat others.

    Lost samples are counted between neighbours, so an error of the rate does not add up.

    first_tick : (k,) unwrapped, rising or equal;  n_samples : (k,)
    """
    step = np.round(np.diff(first_tick) / ticks_per_sample).astype(np.int64)
    repeated = np.concatenate(([False], step < 0.5 * n_samples[:-1]))[: len(first_tick)]
    place = np.concatenate(([0], np.cumsum(step))).astype(np.int64)[: len(first_tick)]
    return place, np.asarray(repeated)


def ticks_a_sample(first_tick: Floats, n_samples: Ints, nominal: float) -> float:
    """True ticks between two samples, from packets that follow each other without loss.

    Where hardly any packet comes at the nominal rate, the usual step tells (promised rate wrong).

    >>> float(ticks_a_sample(np.arange(0.0, 1000.0, 101.0), np.full(10, 10), 10.0))
    10.1
    """
    step, whole = np.diff(first_tick), n_samples[:-1]
    each = step / np.maximum(whole, 1)
    some = (step > 0) & (whole > 0)
    near = some & (np.abs(each / nominal - 1.0) < ODR_WITHIN)
    if some.sum() > 3 and near.sum() < FEW_NEAR * some.sum():
        usual = float(np.median(each[some]))
        near = some & (np.abs(each / usual - 1.0) < ODR_WITHIN)
    if near.sum() < 3:
        return nominal
    return float(step[near].sum() / whole[near].sum())
