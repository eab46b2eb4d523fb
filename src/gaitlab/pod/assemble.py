"""From the packets of one pod to one stream: every sample once, lost ones NaN."""

from collections.abc import Mapping, Sequence
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
from gaitlab.pod.gathered import Gathering, Packets, Samples, gathered, ints
from gaitlab.pod.layout import Layout, Stretch
from gaitlab.pod.model import CHANNELS, PodSettings, Sensor, SensorPackets

STALL_S: Final = 2.0  # a pod without any clock that is silent so long has lost samples
MOST_LIVES: Final = 1000  # a clock or counter that begins again so often is none
MOST_REPEATED: Final = 0.6  # of the packets: more, and it is the clock or counter that stands still
GAP_FROM_S: Final = 0.05
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
class Plan:
    """One stream, its clock known and its samples placed, but not yet put together.

    like : what is known about the stream, without samples
    rows : where they come from; None of a pod that sent nothing
    gyr_rows : of the angular rate where that came as a stream of its own
    """

    like: FootStream
    report: StreamReport
    main: Sensor = "imu"
    rows: Layout | None = None
    gyr_rows: Layout | None = None

    @property
    def n_rows(self) -> int:
        """Of the whole stream, lost samples included."""
        return self.rows.n_rows if self.rows else 0

    def block(self, first: int, stop: int, samples: Mapping[Sensor, Samples]) -> FootStream:
        """Rows ``first`` to ``stop`` of the stream; ``samples`` of each kind of sensor."""
        if self.rows is None or stop <= first:
            return self.like
        time_s = self.rows.time_s(first, stop)
        values = self.rows.values(first, stop, samples[self.main])
        if self.main == "acc":
            gyr = np.full_like(values, np.nan)
            if self.gyr_rows is not None:
                around = self.gyr_rows.rows_between(time_s[0] - 1.0, time_s[-1] + 1.0)
                other = self.gyr_rows.values(*around, samples["gyr"])
                gyr = paired(time_s, self.gyr_rows.time_s(*around), other)
            values = np.column_stack((values, gyr))
        return replace(
            self.like, time_s=time_s, acc_mps2=values[:, :3].copy(), gyr_radps=values[:, 3:].copy()
        )


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
    found = {name: gathered(connections, name) for name in CHANNELS}
    plan = planned(foot, found, settings[0], origin_ns=origin_ns)
    samples = {name: it.samples for name, it in found.items()}
    return plan.block(0, plan.n_rows, samples), plan.report


def planned(
    foot: Foot, found: Mapping[Sensor, Gathering], settings: PodSettings, *, origin_ns: int
) -> Plan:
    """As `assemble`, without touching the samples: a long recording is made in blocks of these."""
    by_sensor = {name: it.packets() for name, it in found.items()}
    main: Sensor = "imu" if by_sensor["imu"] is not None else "acc"
    packets = by_sensor[main]
    if packets is None or not int(packets.n.sum()):
        return Plan(_like(foot, settings, None), _nothing(settings.rate_hz), main)
    stretches = _stretches(packets, settings.rate_hz, origin_ns)
    every, gyr_rows = list(stretches), None
    gyr_packets = by_sensor["gyr"] if main == "acc" else None
    if gyr_packets is not None and int(gyr_packets.n.sum()):
        others = _stretches(gyr_packets, settings.rate_hz, origin_ns)
        others = _on_one_clock(others, stretches)
        gyr_rows = Layout.of(others)
        every += others
    lost, repeated = (sum(getattr(one, name) for one in every) for name in ("lost", "repeated"))
    report = replace(_report(stretches, settings.rate_hz, packets), lost=lost, repeated=repeated)
    like = _like(foot, settings, packets.like)
    return Plan(like, report, main, Layout.of(stretches), gyr_rows)


def _on_one_clock(others: list[Stretch], stretches: list[Stretch]) -> list[Stretch]:
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


def _stretches(packets: Packets, rate_hz: float, origin_ns: int) -> list[Stretch]:
    like = packets.like
    if packets.tick is not None and like.tick_hz / rate_hz >= 1.0 / COARSE_SAMPLES:
        host_ns = packets.host_ns - origin_ns
        tick = unwrapped(packets.tick, like.tick_bits, like.tick_hz, host_ns)
        life = restarts(tick / like.tick_hz, host_ns)
        if _goes_on(life):
            whole = replace(packets, tick=tick)
            return _in_order([_by_tick(part, rate_hz, origin_ns) for part in whole.runs(life)])
    return _in_order([_by_count(part, rate_hz, origin_ns) for part in _counted(packets, rate_hz)])


def _in_order(stretches: list[Stretch]) -> list[Stretch]:
    """Each behind the one before: where their lines overlap, the later one arrived too soon."""
    ordered: list[Stretch] = []
    free_s = -np.inf
    for one in stretches:
        moved = one.moved(max(free_s - one.span_s[0], 0.0))
        ordered.append(moved)
        free_s = moved.span_s[1] + moved.period_s
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


def _by_tick(packets: Packets, rate_hz: float, origin_ns: int) -> Stretch:
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


def _by_count(packets: Packets, rate_hz: float, origin_ns: int) -> Stretch:
    """Samples placed by a counter of packets or samples, or one after the other."""
    like, arrived = packets.like, packets
    if packets.counter is None:
        repeated = twins(packets.digest, packets.n, packets.host_ns)
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
) -> Stretch:  # fmt: skip
    again = int(packets.n[repeated].sum())
    chosen = np.flatnonzero(~repeated)
    kept, place = packets.some(chosen), place[chosen]
    hole = np.diff(place) - kept.n[:-1]
    inside = np.diff(kept.connection) == 0
    ends = np.maximum.accumulate(place + kept.n)
    double = np.clip(np.concatenate((place[:1], ends[:-1])) - place, 0, kept.n)
    some = kept.n > double
    return Stretch(
        (place + double)[some], (kept.n - double)[some], (kept.row + double)[some],
        start_s, period_s, int(np.maximum(hole, 0)[inside].sum()) if device else 0, again,
        line, device,
    )  # fmt: skip


def _like(foot: Foot, settings: PodSettings, like: SensorPackets | None) -> FootStream:
    """The stream without samples."""
    acc_g, gyr_dps = settings.acc_range_g, settings.gyr_range_dps
    apart = like is not None and like.sensor == "acc"
    return FootStream(
        foot, np.empty(0), np.empty((0, 3)), np.empty((0, 3)),
        None if acc_g is None else acc_g * STANDARD_GRAVITY_MPS2,
        None if gyr_dps is None else gyr_dps * RAD_PER_DEG,
        settings.rate_hz,
        None if like is None else like.acc_lsb_mps2,
        None if like is None or apart else like.gyr_lsb_radps,
    )  # fmt: skip


def _nothing(rate_hz: float) -> StreamReport:
    nan = float("nan")
    return StreamReport(rate_hz, nan, nan, nan, nan, 0, 0, 0, True, np.empty((0, 2)), 0)


def _report(stretches: list[Stretch], rate_hz: float, packets: Packets) -> StreamReport:
    longest = max(stretches, key=lambda one: one.received)
    ticked = longest.device and packets.tick is not None
    gaps = np.concatenate([_gaps_s(one) for one in stretches])
    edges = [(one.span_s[1], after.span_s[0]) for one, after in pairwise(stretches)]
    between = np.array(edges).reshape(-1, 2)
    gaps = np.concatenate((gaps, between[between[:, 1] - between[:, 0] >= GAP_FROM_S]))
    return StreamReport(
        rate_hz, 1.0 / longest.period_s, longest.line.ppm if ticked else float("nan"),
        longest.line.rate_sd * 1e6 if ticked else float("nan"), longest.line.offset_sd_s,
        sum(one.received for one in stretches), sum(one.lost for one in stretches),
        sum(one.repeated for one in stretches), all(one.device for one in stretches),
        gaps[np.argsort(gaps[:, 0], kind="stable")],
        len(stretches) - 1 if ticked else 0,
    )  # fmt: skip


def _gaps_s(stretch: Stretch) -> Floats:
    last = stretch.place[:-1] + stretch.n[:-1] - 1
    following = stretch.place[1:]
    wide = (following - last - 1) * stretch.period_s >= GAP_FROM_S
    ends = np.column_stack((last, following))[wide]
    return np.asarray(stretch.start_s + stretch.period_s * ends, dtype=np.float64).reshape(-1, 2)
