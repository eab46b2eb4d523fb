"""Clock repair: from a pod's own clock to an even one, without inventing samples.

A pod samples evenly; what is uneven is nearly always the *stamp* (radio jitter, rounding,
one stamp per packet). So samples are counted, not resampled: each one keeps its values and
gets the slot of an even grid that its order and its stamp agree on. Only where no even grid
fits the stamps at all are samples interpolated, and only between close neighbours.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.model.analysis import ClockFacts
from gaitlab.model.errors import InputError
from gaitlab.model.gait import EvenSignal
from gaitlab.model.recording import FootStream
from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.signal.clipping import clipped_samples
from gaitlab.signal.filters import missing_rows, planar
from gaitlab.signal.stamps import ClockRepairs, packets_vary, sorted_stamps, spread_packets

EVEN_WITHIN = 0.05  # steps this close to the median step need no grid at all
HOLE_FROM_PERIODS = 1.5  # a longer step may hide lost samples
RELIABLE_RUN_SAMPLES = 4  # so many samples settle how many were lost before them
RELIABLE_RUN_PER_JITTER = 16.0  # and more of them, squared, with jitter (SD in periods)
BLOCK_SAMPLES = 64  # samples that share one estimate of the clock's phase
LONG_BLOCK_SAMPLES = 256
COHERENT_FROM = 0.25  # below it no even grid fits (stamp jitter of 0.27 periods)
WANDERS_FROM = 2.0  # deviation from a line, in SDs of the step: more is uneven sampling
LONGEST_S = 24 * 3600.0
MOST_EMPTY_SLOTS = 4_000_000  # five hours at 200 Hz, beyond ten slots per sample
GAP_FROM_S = 0.05
LONGEST_BRIDGE_PERIODS = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """An even grid, the slot of each sample on it and how far its stamp is from the slot."""

    start_s: float
    period_s: float
    slot: Ints
    deviation_s: Floats


def to_even(
    stream: FootStream, *, near_rate_hz: float | None = None
) -> tuple[EvenSignal, ClockFacts]:
    """The stream on an even clock, and what its clock looked like.

    Samples are put into the slots of an even grid whose rate is measured on the stamps
    (the declared rate is only reported). Lost samples are NaN rows and ``missing``. A clock
    that is even already costs nothing but a copy in which each axis lies together in
    memory. Stamps that fit no even grid mean uneven sampling: then values are interpolated
    linearly, only between neighbours at most 1.5 periods apart.

    near_rate_hz : a rate measured before on the same clock; it saves the search for one

    A stream with fewer than two usable stamps, or one that spans more than a day, raises
    :class:`~gaitlab.model.errors.InputError`.

    Source: assumption; the thresholds above are checked by tests on made-up clocks.
    """
    stamped, repairs = sorted_stamps(stream)
    ordered = spread_packets(stamped, repairs)
    time_s = ordered.time_s
    if len(time_s) < 2 or not time_s[-1] > time_s[0]:
        raise InputError(
            f"the {stream.foot} foot has no usable clock",
            f"{len(time_s)} samples with a time stamp, not two different ones among them",
            "record again, or check the column `time`",
        )
    if time_s[-1] - time_s[0] > LONGEST_S:
        raise InputError(
            f"the {stream.foot} foot spans {(time_s[-1] - time_s[0]) / 3600:.4g} hours",
            "no run lasts longer than 24 hours: the column `time` is probably not in seconds",
            "convert the time to seconds",
        )
    grid = _even_already(time_s)
    if grid is None and repairs.packet_stamps and packets_vary(stamped.time_s):
        grid = _counted_grid(stamped.time_s)
    near_s = None if near_rate_hz is None else 1.0 / near_rate_hz
    grid = grid or _fit_grid(time_s, near_s) or _counted_grid(stamped.time_s)
    ordered = replace(
        ordered, acc_mps2=planar(ordered.acc_mps2), gyr_radps=planar(ordered.gyr_radps)
    )
    clipped = clipped_samples(ordered)
    if grid is None:
        return _interpolated(ordered, clipped, repairs)
    signal = _placed(ordered, clipped, grid)
    return signal, _facts(stream, signal, repairs, float(np.std(grid.deviation_s)))


def _even_already(time_s: Floats) -> _Grid | None:
    """The grid of a clock that is even and complete, else None."""
    n = len(time_s)
    period_s = (time_s[-1] - time_s[0]) / (n - 1)
    step_s = np.diff(time_s)
    if np.max(np.abs(step_s - period_s)) > EVEN_WITHIN * period_s:
        return None
    slot = np.arange(n)
    deviation_s = time_s - (time_s[0] + slot * period_s)
    offset_s = float(np.mean(deviation_s))
    return _Grid(float(time_s[0]) + offset_s, float(period_s), slot, deviation_s - offset_s)


def _fit_grid(time_s: Floats, near_s: float | None) -> _Grid | None:
    """The even grid that the stamps follow best; None when they follow none."""
    period_s, phase = _phase(time_s, near_s or _rough_period(time_s))
    position = time_s / period_s - phase
    slot = _slots(position)
    line_s, step_s = _line(slot, time_s)
    if not 0.8 < step_s / period_s < 1.25:
        return None
    away = position - slot
    few = away[:: max(1, len(away) // 5000)]
    if float(np.median(np.abs(few - np.median(few)))) > 0.5:
        return None  # more samples than slots: not the clock that took them
    if np.abs(np.exp(2j * np.pi * away).mean()) < COHERENT_FROM:
        return None
    return _Grid(line_s, step_s, slot, time_s - (line_s + slot * step_s))


def _line(slot: Ints, time_s: Floats) -> tuple[float, float]:
    """Least squares: time of slot 0 and time per slot."""
    from_middle = slot - slot.mean()
    spread = float(from_middle @ from_middle)
    step_s = float(from_middle @ (time_s - time_s.mean())) / spread if spread else 0.0
    return float(time_s.mean() - slot.mean() * step_s), step_s


def _rough_period(time_s: Floats) -> float:
    """Period to about 0.3 %: the one near the median step that the stamps agree on most.

    Agreement is the mean resultant length of the stamps' phases within short blocks, so
    that holes and slow drift between blocks do not matter.
    """
    step_s = np.diff(time_s)
    middle_s = float(np.median(step_s[step_s > 0]))
    blocks = _blocks(len(time_s), most=32)
    local_s = time_s[blocks] - time_s[blocks[:, :1]]
    finest = 0.2 / blocks.shape[1]
    candidates_s = middle_s * np.exp(np.arange(-0.15, 0.15, finest))
    turns = local_s[None] / candidates_s[:, None, None]
    agreement = np.abs(np.exp(2j * np.pi * turns).mean(axis=2)).mean(axis=1)
    return float(candidates_s[np.argmax(agreement)])


def _blocks(n: int, size: int = BLOCK_SAMPLES, most: int | None = None) -> Ints:
    """(b, s) indices of consecutive blocks of samples, at most ``most`` of them."""
    size = min(size, n)
    starts = np.arange(0, n - size + 1, size)
    if most is not None and len(starts) > most:
        starts = starts[np.linspace(0, len(starts) - 1, most).astype(int)]
    return np.asarray(starts[:, None] + np.arange(size))


def _phase(time_s: Floats, rough_s: float) -> tuple[float, Floats]:
    """Refined period, and the phase of the clock at each sample in periods, unwrapped.

    Short blocks bear the error of the rough period; with the refined one, longer blocks
    tell the phase from the jitter.
    """
    blocks = _blocks(len(time_s))
    at_s, phase = _block_phase(time_s, rough_s, blocks)
    distance_s = np.diff(at_s)
    near = distance_s > 0
    near &= distance_s < 1.5 * np.median(distance_s[near]) if near.any() else False
    if not near.any():
        return rough_s, np.interp(time_s, at_s, phase)
    turn = np.diff(phase)[near]
    drift = np.median((turn - np.round(turn)) / distance_s[near])  # turns per second
    period_s = 1.0 / (1.0 / rough_s - float(drift))
    long_blocks = _blocks(len(time_s), LONG_BLOCK_SAMPLES)
    at_s, phase = _block_phase(time_s, period_s, long_blocks)
    return period_s, np.interp(time_s, at_s, np.unwrap(phase, period=1.0))


def _block_phase(time_s: Floats, period_s: float, blocks: Ints) -> tuple[Floats, Floats]:
    """Mean time of each block, and its phase in periods, wrapped."""
    turns = np.exp(2j * np.pi * (time_s / period_s % 1.0))
    phase = np.angle(turns[blocks].mean(axis=1)) / (2 * np.pi)
    return time_s[blocks].mean(axis=1), np.asarray(phase)


def _slots(position: Floats) -> Ints:
    """Slot of each sample from its position in periods: one per sample, holes counted.

    Between two holes samples are consecutive, whatever their stamps say; how many were
    lost in a hole follows from the median position of the samples behind it. A few samples
    between two holes join a neighbouring stretch unless jitter cannot explain the distance.
    """
    n = len(position)
    excess = position - np.arange(n)  # rises by one with each lost sample
    start = np.flatnonzero(np.diff(position, prepend=-np.inf) > HOLE_FROM_PERIODS)
    length = np.diff(np.append(start, n))
    middle = _medians(excess, start, length)
    level = np.round(middle)
    jitter = float(np.std(excess - np.repeat(level, length)))
    sure = length >= max(RELIABLE_RUN_SAMPLES, (RELIABLE_RUN_PER_JITTER * jitter) ** 2)
    if sure.any():
        reach = 0.5 + 3 * jitter / np.sqrt(length)
        low = np.maximum.accumulate(np.where(sure, level, -np.inf))
        high = np.where(sure, low, np.inf)
        high = np.minimum.accumulate(high[::-1])[::-1]
        level = np.where(high - middle < reach, high, level)
        level = np.where(middle - low < reach, low, level)
        level = np.clip(level, low, high)
    level = np.maximum.accumulate(level)
    slot = np.arange(n) + np.repeat(level, length).astype(np.int64)
    return np.asarray(slot - slot[0])


_Clipped = tuple[Bools, Bools]
_NAN: Final = float("nan")


def _medians(values: Floats, start: Ints, length: Ints) -> Floats:
    """Median of each stretch of ``values`` that begins at ``start``."""
    stretch = np.repeat(np.arange(len(start)), length)
    ordered = values[np.lexsort((values, stretch))]
    return np.asarray((ordered[start + (length - 1) // 2] + ordered[start + length // 2]) / 2)


def _counted_grid(time_s: Floats) -> _Grid | None:
    """The grid of stamps that jump about by more than a period, yet keep up with a clock.

    So it is when samples are stamped as they arrive, a few at a time: the order is right,
    each stamp is off by up to the interval of the radio. Samples are counted; only a step of
    1.5 times the usual largest one is a hole. None when the stamps wander off from any line, as
    those of uneven sampling do.
    """
    n = len(time_s)
    if n < 2 * BLOCK_SAMPLES:
        return None
    step_s = np.diff(time_s)
    hole_from_s = HOLE_FROM_PERIODS * float(np.percentile(step_s, 95))
    start = np.flatnonzero(np.diff(time_s, prepend=-np.inf) > hole_from_s)
    length = np.diff(np.append(start, n))
    stretch = np.repeat(np.arange(len(start)), length)
    from_middle = np.arange(n) - (start + (length - 1) / 2)[stretch]
    period_s = float(from_middle @ time_s) / float(from_middle @ from_middle)
    if not period_s > 0:
        return None
    middle = _medians(time_s / period_s - np.arange(n), start, length)
    level = np.round(middle - middle[np.argmax(length)])
    slot = np.arange(n) + (np.maximum.accumulate(level) - level[0]).astype(np.int64)[stretch]
    line_s, period_s = _line(slot, time_s)
    deviation_s = time_s - (line_s + slot * period_s)
    if np.std(deviation_s) > WANDERS_FROM * np.std(step_s[step_s <= hole_from_s]):
        return None
    return _Grid(line_s, period_s, slot, deviation_s)


def _placed(stream: FootStream, clipped: _Clipped, grid: _Grid) -> EvenSignal:
    slot = grid.slot
    n = int(slot[-1]) + 1
    _check_size(stream, n)
    acc, gyr, acc_clipped, gyr_clipped = stream.acc_mps2, stream.gyr_radps, *clipped
    if n != len(slot):
        acc, gyr = _scattered(acc, slot, n), _scattered(gyr, slot, n)
        acc_clipped, gyr_clipped = np.zeros(n, bool), np.zeros(n, bool)
        acc_clipped[slot], gyr_clipped[slot] = clipped
    missing = _incomplete(acc)
    return EvenSignal(
        stream.foot, grid.start_s, 1.0 / grid.period_s, _blanked(acc, missing),
        _blanked(gyr, missing), missing, acc_clipped & ~missing, gyr_clipped & ~missing,
    )  # fmt: skip


def _check_size(stream: FootStream, slots: int) -> None:
    """Refuse a grid that is nearly all holes before it fills the memory."""
    if slots > 10 * stream.n_samples + MOST_EMPTY_SLOTS:
        raise InputError(
            f"the {stream.foot} foot is nearly all holes",
            f"{stream.n_samples:,} samples where its clock has room for {slots:,}",
            "cut the recording at its longest hole",
        )


def _scattered(values: Floats, slot: Ints, n: int) -> Floats:
    out = np.full((3, n), _NAN).T
    out[slot] = values
    return out


def _incomplete(values: Floats) -> Bools:
    return missing_rows(values)


def _blanked(values: Floats, missing: Bools) -> Floats:
    return np.where(missing[:, None], _NAN, values) if missing.any() else values


def _interpolated(
    stream: FootStream, clipped: _Clipped, repairs: ClockRepairs
) -> tuple[EvenSignal, ClockFacts]:
    """Linear between neighbours at most 1.5 median steps apart, NaN elsewhere."""
    time_s = stream.time_s
    step_s = np.diff(time_s)
    period_s, start_s = float(np.median(step_s[step_s > 0])), float(time_s[0])
    n = int(np.floor((time_s[-1] - start_s) / period_s)) + 1
    _check_size(stream, n)
    grid_s = start_s + np.arange(n) * period_s
    after = np.clip(np.searchsorted(time_s, grid_s, side="left"), 1, len(time_s) - 1)
    before = after - 1
    step_s = time_s[after] - time_s[before]
    share = (grid_s - time_s[before]) / np.where(step_s > 0, step_s, 1.0)
    hole = (step_s > LONGEST_BRIDGE_PERIODS * period_s) | (share < 0) | (share > 1)

    def between(values: Floats) -> Floats:
        out = values[before] + share[:, None] * (values[after] - values[before])
        return np.where(hole[:, None], _NAN, out)

    acc = between(stream.acc_mps2)
    missing = _incomplete(acc)
    either = [(mask[before] | mask[after]) & ~missing for mask in clipped]
    signal = EvenSignal(
        stream.foot, start_s, 1.0 / period_s, _blanked(acc, missing),
        _blanked(between(stream.gyr_radps), missing), missing, *either,
    )  # fmt: skip
    close_s = np.diff(time_s)[np.diff(time_s) <= LONGEST_BRIDGE_PERIODS * period_s]
    return signal, _facts(stream, signal, repairs, float(np.std(close_s)))


def _facts(
    stream: FootStream, signal: EvenSignal, repairs: ClockRepairs, jitter_s: float
) -> ClockFacts:
    edge = np.flatnonzero(np.diff(signal.missing, prepend=False, append=False)).reshape(-1, 2)
    gaps_s = signal.start_s + edge / signal.rate_hz
    long = (edge[:, 1] - edge[:, 0]) > GAP_FROM_S * signal.rate_hz
    return ClockFacts(
        stream.declared_rate_hz, signal.rate_hz, repairs.duplicates, repairs.backward_steps,
        jitter_s, float(np.mean(signal.missing)), gaps_s[long], repairs.restarted_s,
    )  # fmt: skip
