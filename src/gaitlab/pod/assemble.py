"""From the packets of one pod to one stream: every sample once, lost ones NaN."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.model.recording import Foot, FootStream
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools, Floats, Ints
from gaitlab.pod.clock import (
    COARSE_SAMPLES,
    NS_PER_S,
    Line,
    fit_line,
    restarts,
    sample_places,
    serial,
    ticks_a_sample,
    twins,
    unwrapped,
)
from gaitlab.pod.gathered import Packets, ints, rows_of, together
from gaitlab.pod.model import PodSettings, Sensor, SensorPackets

FILLED_GAP_S: Final = 10.0  # longer holes are left without rows; the clock goes on all the same
STALL_S: Final = 2.0  # a pod without any clock that is silent so long has lost samples
MOST_LIVES: Final = 1000  # a clock or counter that begins again so often is none
MOST_REPEATED: Final = 0.6  # of the packets: more, and it is the clock or counter that stands still
GAP_FROM_S: Final = 0.05
MOST_ROWS: Final = 40_000_000
PAIR_WITHIN: Final = 1.5  # sample intervals between which angular rate is interpolated


@dataclass(frozen=True, slots=True, eq=False)
class StreamReport:
    """What the clock of a pod was like and what got lost on the way.

    declared_rate_hz, rate_hz : promised and measured samples a second of host time
    clock_ppm, clock_ppm_sd : how much slower than the host the pod counts; NaN without a clock
    offset_sd_s : standard uncertainty of the stream's place on the host's clock
    received : samples of the acceleration
    lost, repeated : samples, of acceleration and angular rate where these come apart; ``lost``
        while connected, as far as it can be seen
    loss_known : False when the pod sends neither time nor counter
    gaps_s : (g, 2) start and stop of every hole of 50 ms or more
    restarts : how often the pod began again (battery, reset)
    """

    declared_rate_hz: float
    rate_hz: float
    clock_ppm: float
    clock_ppm_sd: float
    offset_sd_s: float
    received: int
    lost: int
    repeated: int
    loss_known: bool
    gaps_s: Floats
    restarts: int


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """Samples of one life of a pod (or one unbroken stretch) on an even grid.

    place : (n,) slot of each sample;  start_s, period_s : of the slots on the host's clock
    lost : samples missing inside a connection;  device : whether a real clock counted them
    ticked_from : device time, s, of the line's zero where the pod's own clock placed the samples
    """

    place: Ints
    samples: Floats
    start_s: float
    period_s: float
    lost: int
    repeated: int
    line: Line
    device: bool
    ticked_from: float | None = None


def assemble(
    foot: Foot,
    connections: Sequence[Sequence[SensorPackets]],
    settings: Sequence[PodSettings],
    *,
    origin_ns: int,
) -> tuple[FootStream, StreamReport]:
    """One stream on one clock whose zero is ``origin_ns`` on this computer's monotonic clock.

    Samples are placed by the pod's own clock (or counter): only where that lies on the host's time
    is taken from the arrivals, so the contact time of a foot never depends on the radio. Exact
    repeats are dropped, missing samples are rows of NaN (none within holes of more than 10 s).
    Acceleration and angular rate that come as two streams are put together at the instants of the
    acceleration.

    connections : the packets of each connection, one or more entries a kind of sensor
    settings : of each connection; the first one names the rate and the ranges

    Raises
    ------
    ValueError : no connection
    """
    if not connections or len(connections) != len(settings):
        raise ValueError(f"{len(connections)} connections, {len(settings)} settings")
    rate_hz = settings[0].rate_hz
    by_sensor = {name: together(connections, name) for name in ("imu", "acc", "gyr")}
    main: Sensor = "imu" if by_sensor["imu"] is not None else "acc"
    packets = by_sensor[main]
    if packets is None or not len(packets.samples):
        return _stream(foot, settings[0], np.empty(0), np.empty((0, 6)), None, 0.0), _nothing(
            rate_hz
        )
    stretches = _stretches(packets, rate_hz, origin_ns)
    every = list(stretches)
    time_s, values = _laid_out(stretches)
    gyr_packets = by_sensor["gyr"] if main == "acc" else None
    if main == "acc":
        values = np.column_stack((values, np.full_like(values, np.nan)))
        if gyr_packets is not None and len(gyr_packets.samples):
            others = _on_one_clock(_stretches(gyr_packets, rate_hz, origin_ns), stretches)
            values[:, 3:] = paired(time_s, *_laid_out(others))
            every += others
    stream = _stream(foot, settings[0], time_s, values, packets.like, stretches[0].period_s)
    report = _report(stretches, rate_hz, packets)
    lost, repeated = (sum(getattr(one, name) for one in every) for name in ("lost", "repeated"))
    return stream, replace(report, lost=lost, repeated=repeated)


def _on_one_clock(others: list[_Stretch], stretches: list[_Stretch]) -> list[_Stretch]:
    """The stretches of a second sensor, on the line that the first one's arrivals gave.

    Both carry times of the same clock, so the radio has no say in how they lie to each other.
    """
    same = len(others) == len(stretches) and all(
        one.ticked_from is not None and main.ticked_from is not None
        for one, main in zip(others, stretches, strict=True)
    )
    if not same:
        return others
    moved = []
    for one, main in zip(others, stretches, strict=True):
        apart_s = (one.ticked_from or 0.0) - (main.ticked_from or 0.0)
        in_device_s = (one.start_s - one.line.offset_s) / one.line.rate
        start_s = float(main.line.host_s(np.array([in_device_s + apart_s]))[0])
        period_s = one.period_s / one.line.rate * main.line.rate
        moved.append(replace(one, start_s=start_s, period_s=period_s, line=main.line))
    return moved


def paired(time_s: Floats, other_s: Floats, other: Floats) -> Floats:
    """``other`` (m, 3) at the instants ``time_s`` (n,): linear between neighbours, else NaN."""
    known = np.isfinite(other).all(axis=1)
    at, values = other_s[known], other[known]
    if len(at) < 2:
        return np.full((len(time_s), 3), np.nan)
    period_s = float(np.median(np.diff(at)))
    right = np.clip(np.searchsorted(at, time_s), 1, len(at) - 1)
    left = right - 1
    width = np.maximum(at[right] - at[left], 1e-9)
    share = (time_s - at[left]) / width
    found = values[left] + share[:, None] * (values[right] - values[left])
    near = (width <= PAIR_WITHIN * period_s) & (share >= -0.5) & (share <= 1.5)
    return np.where(near[:, None], found, np.nan)


def _stretches(packets: Packets, rate_hz: float, origin_ns: int) -> list[_Stretch]:
    like = packets.like
    if packets.tick is not None and like.tick_hz / rate_hz >= 1.0 / COARSE_SAMPLES:
        host_ns = packets.host_ns - origin_ns
        tick = unwrapped(packets.tick, like.tick_bits, like.tick_hz, host_ns)
        life = restarts(tick / like.tick_hz, host_ns)
        if _goes_on(life):
            whole = replace(packets, tick=tick)
            return _in_order([_by_tick(part, rate_hz, origin_ns) for part in whole.runs(life)])
    return _in_order([_by_count(part, rate_hz, origin_ns) for part in _counted(packets, rate_hz)])


def _in_order(stretches: list[_Stretch]) -> list[_Stretch]:
    """Each behind the one before: where their lines overlap, the later one arrived too soon."""
    ordered: list[_Stretch] = []
    free_s = -np.inf
    for one in stretches:
        start_s = one.start_s + one.period_s * int(one.place[0])
        late_s = max(free_s - start_s, 0.0)
        line = replace(one.line, offset_s=one.line.offset_s + late_s)
        ordered.append(replace(one, start_s=one.start_s + late_s, line=line))
        free_s = one.start_s + late_s + one.period_s * (int(one.place[-1]) + 1)
    return ordered


def _counted(packets: Packets, rate_hz: float) -> list[Packets]:
    """Parts within which the counter goes on; without a counter where it makes no sense."""
    apart = np.diff(packets.connection, prepend=packets.connection[:1]) != 0
    if packets.counter is not None:  # it tells what a silence cost
        count = serial(packets.counter, packets.like.counter_bits)
        life = restarts(count * _counts(packets) / rate_hz, packets.host_ns)
        if _goes_on(life):
            return packets.runs(np.cumsum(apart | (np.diff(life, prepend=life[:1]) != 0)))
        packets = replace(packets, counter=None)
    silent = np.diff(packets.host_ns, prepend=packets.host_ns[:1]) > STALL_S * NS_PER_S
    return packets.runs(np.cumsum(apart | silent))


def _goes_on(life: Ints) -> bool:
    return bool(life[-1] < min(MOST_LIVES, 10 + len(life) // 20))


def _counts(packets: Packets) -> int:
    """Samples for each step of the counter."""
    return int(np.median(packets.n)) if packets.like.counter_counts == "packets" else 1


def _by_tick(packets: Packets, rate_hz: float, origin_ns: int) -> _Stretch:
    """Samples placed by the ticks, unwrapped, of the pod's own clock."""
    like, arrived = packets.like, packets
    nominal = like.tick_hz / rate_hz
    packets = packets.some(np.argsort(ints(packets.tick), kind="stable"))
    tick = ints(packets.tick)
    zero = int(tick[0])
    at = (tick - zero).astype(np.float64)
    first = at if like.tick_of == "first" else at - (packets.n - 1) * nominal
    per_sample = ticks_a_sample(first, packets.n, nominal)
    if like.tick_of == "last":
        first = at - (packets.n - 1) * per_sample
    place, repeated = sample_places(first, packets.n, per_sample)
    if _stands_still(repeated):
        return _by_count(replace(arrived, tick=None, counter=None), rate_hz, origin_ns)
    device_s = first / like.tick_hz
    last_s = device_s + (packets.n - 1) * per_sample / like.tick_hz
    line = fit_line(last_s, (packets.host_ns - origin_ns) / NS_PER_S)
    # the grid: the ticks' own fit over places, so that rounded ticks do not shift it
    phase = float(np.median(first - place * per_sample)) / like.tick_hz
    start_s = float(line.host_s(np.array([phase]))[0])
    period_s = per_sample / like.tick_hz * line.rate
    kept = _kept(packets, place, repeated, start_s, period_s, line, device=True)
    return replace(kept, ticked_from=zero / like.tick_hz)


def _by_count(packets: Packets, rate_hz: float, origin_ns: int) -> _Stretch:
    """Samples placed by a counter of packets or samples, or one after the other."""
    like, arrived = packets.like, packets
    if packets.counter is None:
        repeated = twins(packets.samples, packets.n, packets.host_ns)
        fresh = np.where(repeated, 0, packets.n)
        place = np.cumsum(fresh) - packets.n
    else:
        count = serial(packets.counter, like.counter_bits)
        order = np.argsort(count, kind="stable")
        packets, count = packets.some(order), count[order] - count[order[0]]
        place = count * _counts(packets)
        repeated = np.diff(count, prepend=-1) == 0
        if _stands_still(repeated):
            return _by_count(replace(arrived, counter=None), rate_hz, origin_ns)
    host_s = (packets.host_ns - origin_ns) / NS_PER_S
    last_s = (place + packets.n - 1) / rate_hz
    line = fit_line(last_s.astype(np.float64), host_s, crystal=False)
    return _kept(
        packets, place, repeated, line.offset_s, line.rate / rate_hz, line,
        device=packets.counter is not None,
    )  # fmt: skip


def _stands_still(repeated: Bools) -> bool:
    return len(repeated) >= 10 and bool(repeated.mean() > MOST_REPEATED)


def _kept(
    packets: Packets, place: Ints, repeated: Bools, start_s: float, period_s: float,
    line: Line, *, device: bool,
) -> _Stretch:  # fmt: skip
    again = int(packets.n[repeated].sum())
    chosen = np.flatnonzero(~repeated)
    kept, place = packets.some(chosen), place[chosen]
    hole = np.diff(place) - kept.n[:-1]
    inside = np.diff(kept.connection) == 0
    rows = rows_of(place, kept.n)
    samples = kept.samples
    if np.any(np.diff(rows) <= 0):
        rows, unique = np.unique(rows, return_index=True)
        samples = samples[unique]
    return _Stretch(
        rows, samples, start_s, period_s,
        int(np.maximum(hole, 0)[inside].sum()) if device else 0, again, line, device,
    )  # fmt: skip


def _laid_out(stretches: list[_Stretch]) -> tuple[Floats, Floats]:
    """Times and values of all stretches, lost samples as NaN rows."""
    times: list[Floats] = []
    values: list[Floats] = []
    for stretch in stretches:
        longest = int(FILLED_GAP_S / stretch.period_s)
        step = np.diff(stretch.place, prepend=stretch.place[0] - 1)
        extra = np.where(step - 1 <= longest, step - 1, 0)
        if int(extra.sum()) > MOST_ROWS:  # hostile clocks: holes stay without rows
            extra = np.zeros_like(extra)
        row = np.arange(len(step)) + np.cumsum(extra)
        size = int(row[-1]) + 1
        slot = np.full(size, -1, dtype=np.int64)
        slot[row] = stretch.place
        empty = np.flatnonzero(slot < 0)
        filled = np.flatnonzero(slot >= 0)
        before = filled[np.searchsorted(filled, empty) - 1]
        slot[empty] = slot[before] + empty - before
        block = np.full((size, stretch.samples.shape[1]), np.nan)
        block[row] = stretch.samples
        times.append(np.asarray(stretch.start_s + stretch.period_s * slot, dtype=np.float64))
        values.append(block)
    if len(times) == 1:
        return times[0], values[0]
    return np.concatenate(times), np.concatenate(values)


def _stream(
    foot: Foot, settings: PodSettings, time_s: Floats, values: Floats,
    like: SensorPackets | None, period_s: float,
) -> FootStream:  # fmt: skip
    acc_g, gyr_dps = settings.acc_range_g, settings.gyr_range_dps
    apart = like is not None and like.sensor == "acc"
    return FootStream(
        foot, time_s, values[:, :3].copy(), values[:, 3:].copy(),
        None if acc_g is None else acc_g * STANDARD_GRAVITY_MPS2,
        None if gyr_dps is None else gyr_dps * RAD_PER_DEG,
        settings.rate_hz,
        None if like is None else like.acc_lsb_mps2,
        None if like is None or apart else like.gyr_lsb_radps,
    )  # fmt: skip


def _nothing(rate_hz: float) -> StreamReport:
    nan = float("nan")
    return StreamReport(rate_hz, nan, nan, nan, nan, 0, 0, 0, True, np.empty((0, 2)), 0)


def _report(stretches: list[_Stretch], rate_hz: float, packets: Packets) -> StreamReport:
    longest = max(stretches, key=lambda one: len(one.place))
    ticked = longest.device and packets.tick is not None
    gaps = np.concatenate([_gaps_s(one) for one in stretches])
    edges = [
        (one.start_s + one.period_s * int(one.place[-1]), after.start_s)
        for one, after in pairwise(stretches)
    ]
    between = np.array(edges).reshape(-1, 2)
    gaps = np.concatenate((gaps, between[between[:, 1] - between[:, 0] >= GAP_FROM_S]))
    return StreamReport(
        rate_hz, 1.0 / longest.period_s, longest.line.ppm if ticked else float("nan"),
        longest.line.rate_sd * 1e6 if ticked else float("nan"), longest.line.offset_sd_s,
        sum(len(one.place) for one in stretches), sum(one.lost for one in stretches),
        sum(one.repeated for one in stretches), all(one.device for one in stretches),
        gaps[np.argsort(gaps[:, 0], kind="stable")],
        len(stretches) - 1 if ticked else 0,
    )  # fmt: skip


def _gaps_s(stretch: _Stretch) -> Floats:
    step = np.diff(stretch.place)
    wide = np.flatnonzero((step - 1) * stretch.period_s >= GAP_FROM_S)
    ends = stretch.place[np.column_stack((wide, wide + 1))]
    return np.asarray(stretch.start_s + stretch.period_s * ends).reshape(-1, 2)
