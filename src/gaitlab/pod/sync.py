"""How far the clocks of two feet lie apart, how sure that is, and a recording put right.

Both streams of a recording stand on the computer's clock as far as the radio allows, so what the
arrivals say about their offset is zero, with an uncertainty. Bursts that both pods feel at once
(hops on both feet, the shoes knocked together) while the feet are otherwise still say it better.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from gaitlab.model.errors import AnalysisError
from gaitlab.model.recording import Foot, FootStream, Recording
from gaitlab.model.units import MS_PER_S, STANDARD_GRAVITY_MPS2, Bools, Floats
from gaitlab.pod.assemble import StreamReport

GRID_HZ: Final = 1000.0
STILL_MPS2: Final = 4.0  # assumption: a standing foot differs less from gravity
STILL_S: Final = 0.6  # assumption: still for so long before and after
BURST_MPS2: Final = 20.0  # assumption: what counts as a stamp
LONGEST_S: Final = 5.0  # of one group of stamps; a run is longer
HOLE_S: Final = 0.25  # a longer hole ends what can be compared
MOST_APART_S: Final = 0.1  # radio moves a stream less; one step after the other is further apart
LIKENESS: Final = 0.6  # least correlation of the two feet
RIVAL: Final = 0.75  # of the best correlation: a second place as good makes it ambiguous
STAMP_S, FINE_S, PARTED_S = 0.08, 0.025, 0.12  # half a stamp, search about the group's, between two
AGREE_S: Final = 0.008  # stamps of one recording agree that well, two of three at least
LANDING_SD_S: Final = 0.005  # assumption: both feet land from a hop that close to each other
MOST_GROUPS: Final = 40


class SyncError(AnalysisError):
    """The offset between the feet cannot be told."""


@dataclass(frozen=True, slots=True)
class FeetOffset:
    """How much later one instant stands on the right foot's clock than on the left's.

    offset_s, sd_s : the offset and its standard uncertainty
    how : from the arrivals of the packets, or from stamps that both feet felt
    n_stamps : stamps it rests on;  at_s : when they were, on the left foot's clock
    """

    offset_s: float
    sd_s: float
    how: Literal["arrivals", "stamps"]
    n_stamps: int = 0
    at_s: tuple[float, ...] = ()

    def __str__(self) -> str:
        source = "the arrivals" if self.how == "arrivals" else f"{self.n_stamps} common stamps"
        offset_ms, sd_ms = self.offset_s * MS_PER_S, self.sd_s * MS_PER_S
        return f"right foot {offset_ms:+.1f} ms after the left, ± {sd_ms:.1f} ms, from {source}"


def both_feet(recording: Recording) -> tuple[FootStream, FootStream]:
    """The left and the right stream.

    Raises
    ------
    SyncError : a foot is missing
    """
    left, right = recording.foot("left"), recording.foot("right")
    if left is None or right is None:
        there = " and ".join(stream.foot for stream in recording.feet) or "none"
        raise SyncError(
            "no offset between the feet",
            f"it needs a left and a right foot, the recording has {there}",
            "nothing is needed for one foot: its times do not depend on another clock",
        )
    return left, right


def offset_by_arrivals(left: StreamReport, right: StreamReport) -> FeetOffset:
    """What arrival times alone say: no offset, as sure as both streams lie on the host's clock.

    A delay that is the same for every packet of a pod (filters, buffers) stays unseen.

    Raises
    ------
    SyncError : a foot without samples
    """
    sd_s = float(np.hypot(left.offset_sd_s, right.offset_sd_s))
    if not np.isfinite(sd_s):
        raise SyncError(
            "no offset between the feet",
            f"the left pod delivered {left.received} samples, the right one {right.received}",
            "check the pod that delivered nothing",
        )
    return FeetOffset(0.0, sd_s, "arrivals")


def offset_by_stamps(
    left: FootStream, right: FootStream, *,
    most_s: float = MOST_APART_S, apart_sd_s: float = LANDING_SD_S,
) -> FeetOffset:  # fmt: skip
    """The offset from bursts of acceleration that both feet feel while otherwise still.

    Groups of bursts with stillness before and after on both feet are laid over each other by
    cross-correlation of the acceleration norm, then each stamp on its own; the median counts.

    most_s : larger offsets are not looked for
    apart_sd_s : standard uncertainty of whether both feet felt it at once: landings of hops
        (default), 0 for shoes knocked against each other

    Raises
    ------
    SyncError : no common stamp, ambiguous, or stamps that disagree
    """
    one, other = _Felt.of(left), _Felt.of(right)
    pairs = _common_groups(one, other, most_s)
    if not len(pairs):
        raise _refused(
            f"no group of stamps with {STILL_S:g} s of stillness before and after on both feet"
        )
    found, reasons = [np.empty((0, 2))], []
    for start_s, stop_s in pairs:
        coarse_s, reason = _group_lag(one, other, start_s, stop_s, most_s)
        if reason:
            reasons.append(f"at {start_s:.1f} s {reason}")
        else:
            found.append(_stamp_lags(one, other, start_s, stop_s, coarse_s))
    at_s, lag_s = np.concatenate(found).T
    if not len(lag_s):
        raise _refused("; ".join(reasons[:3]) or "every stamp lost samples on one of the feet")
    agree = np.abs(lag_s - np.median(lag_s)) <= AGREE_S
    if agree.mean() < 2 / 3:
        span_ms = np.ptp(lag_s) * MS_PER_S
        raise _refused(f"{len(lag_s)} stamps disagree: their offsets span {span_ms:.0f} ms")
    at_s, lag_s = at_s[agree], lag_s[agree]
    spread_s = float(np.hypot(one.period_s, other.period_s) / np.sqrt(12.0))  # of the sampling
    if len(lag_s) > 1:
        spread_s = max(spread_s, float(np.std(lag_s, ddof=1)))
    sd_s = float(np.hypot(spread_s / np.sqrt(len(lag_s)), apart_sd_s))
    return FeetOffset(float(np.median(lag_s)), sd_s, "stamps", len(lag_s), tuple(at_s.tolist()))


def with_foot_shifted(recording: Recording, offset: FeetOffset, foot: Foot = "right") -> Recording:
    """A recording whose ``foot`` is moved so that the offset is gone, with a note that says so.

    Marks stay where they are; so do all durations within a foot.
    """
    both_feet(recording)
    if foot not in ("left", "right"):
        raise ValueError(f"foot is {foot!r}, expected left or right")
    shift_s = -offset.offset_s if foot == "right" else offset.offset_s
    feet = tuple(
        replace(stream, time_s=stream.time_s + shift_s) if stream.foot == foot else stream
        for stream in recording.feet
    )
    note = f"the {foot} foot was moved by {shift_s * MS_PER_S:+.1f} ms: {offset}"
    return replace(recording, feet=feet, notes=(*recording.notes, note))


def _refused(why: str) -> SyncError:
    return SyncError(
        "the offset between the feet cannot be told from stamps",
        why,
        "stand still for a second, hop three times on both feet (or knock the shoes together), "
        "at uneven intervals, and stand still again",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Felt:
    """How far the acceleration norm of a foot is from gravity.

    time_s, size_mps2 : (m,) of the samples that are there, times rising
    """

    time_s: Floats
    size_mps2: Floats
    period_s: float

    @classmethod
    def of(cls, stream: FootStream) -> "_Felt":
        norm = np.sqrt(np.einsum("ij,ij->i", stream.acc_mps2, stream.acc_mps2))
        known = np.isfinite(norm) & np.isfinite(stream.time_s)
        time_s, first = np.unique(stream.time_s[known], return_index=True)
        size = np.abs(norm[known][first] - STANDARD_GRAVITY_MPS2)
        period_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else np.inf
        return cls(time_s, size, period_s)

    def groups(self) -> Floats:
        """(k, 2) start and stop of loud times with stillness before and after."""
        if len(self.time_s) < 3:
            return np.empty((0, 2))
        hole = np.flatnonzero(np.diff(self.time_s) > HOLE_S)
        edges = np.zeros(len(self.time_s), dtype=bool)
        edges[np.concatenate(([0], hole, hole + 1, [len(edges) - 1]))] = True
        loud = np.flatnonzero((self.size_mps2 > STILL_MPS2) | edges)
        at_s = self.time_s[loud]
        parted = np.flatnonzero(np.diff(at_s) > STILL_S)
        first, last = np.concatenate(([0], parted + 1)), np.concatenate((parted, [len(at_s) - 1]))
        whole = ~np.logical_or.reduceat(edges[loud], first)
        peak = np.maximum.reduceat(self.size_mps2[loud], first)
        short = at_s[last] - at_s[first] < LONGEST_S
        chosen = whole & short & (peak > BURST_MPS2)
        return np.asarray(np.column_stack((at_s[first], at_s[last]))[chosen])

    def on(self, grid_s: Floats, smooth_s: float) -> Floats:
        """The size at even times, smoothed; linear between samples."""
        reach = int(np.ceil(3.0 * smooth_s * GRID_HZ))
        bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (smooth_s * GRID_HZ)) ** 2)
        wide = grid_s[0] + np.arange(-reach, len(grid_s) + reach) / GRID_HZ
        size = np.interp(wide, self.time_s, self.size_mps2)
        return np.asarray(np.convolve(size, bell / bell.sum(), mode="valid"))

    def lost(self, start_s: Floats, stop_s: Floats) -> Bools:
        """Whether samples are missing between each start and stop."""
        count = np.searchsorted(self.time_s, stop_s) - np.searchsorted(self.time_s, start_s)
        return np.asarray(count < np.floor((stop_s - start_s) / self.period_s) - 1)


def _common_groups(one: _Felt, other: _Felt, most_s: float) -> Floats:
    """(k, 2) groups of bursts of both feet that meet each other and nothing else."""
    left, right = one.groups(), other.groups()
    if not len(left) or not len(right):
        return np.empty((0, 2))
    low = np.searchsorted(right[:, 1], left[:, 0] - most_s)
    high = np.searchsorted(right[:, 0], left[:, 1] + most_s)
    single = high - low == 1
    left, right = left[single], right[low[single]]
    once = np.bincount(low[single], minlength=1)[low[single]] == 1
    start_s, stop_s = np.minimum(left[:, 0], right[:, 0]), np.maximum(left[:, 1], right[:, 1])
    return np.asarray(np.column_stack((start_s, stop_s))[once][:MOST_GROUPS])


def _group_lag(
    one: _Felt, other: _Felt, start_s: float, stop_s: float, most_s: float
) -> tuple[float, str]:
    """The lag of a group of stamps, or why it has none."""
    lag_s, like = _likeness(one, other, start_s - STAMP_S, stop_s + STAMP_S, 0.0, most_s)
    best = int(np.argmax(like))
    if like[best] < LIKENESS:
        return 0.0, f"the feet did not move alike (correlation {like[best]:.2f})"
    if best in (0, len(like) - 1):
        return 0.0, f"the bursts are {most_s * MS_PER_S:.0f} ms apart or more"
    top = np.flatnonzero((like[1:-1] >= like[:-2]) & (like[1:-1] > like[2:])) + 1
    rivals = top[(like[top] > RIVAL * like[best]) & (np.abs(lag_s[top] - lag_s[best]) > FINE_S)]
    if len(rivals):
        first_ms, second_ms = lag_s[best] * MS_PER_S, lag_s[rivals[0]] * MS_PER_S
        return 0.0, f"{first_ms:+.0f} ms and {second_ms:+.0f} ms fit about equally well"
    return float(lag_s[best]), ""


def _stamp_lags(one: _Felt, other: _Felt, start_s: float, stop_s: float, coarse_s: float) -> Floats:
    """(k, 2) instant and lag of each stamp of a group that lost nothing."""
    grid_s = np.arange(start_s, stop_s, 1.0 / GRID_HZ)
    size = one.on(grid_s, _smooth_s(one, other)) if len(grid_s) else np.empty(0)
    loud = np.flatnonzero(size > max(0.4 * size.max(initial=0.0), BURST_MPS2 / 2.0))
    parted = np.flatnonzero(np.diff(loud) > PARTED_S * GRID_HZ)
    parts = [part for part in np.split(loud, parted + 1) if len(part)]
    at_s = np.array([grid_s[part[np.argmax(size[part])]] for part in parts])
    reach_s = STAMP_S + FINE_S
    kept = ~one.lost(at_s - reach_s, at_s + reach_s)
    kept &= ~other.lost(at_s + coarse_s - reach_s, at_s + coarse_s + reach_s)
    lags = [_fine_lag(one, other, at, coarse_s) for at in at_s[kept]]
    found = np.column_stack((at_s[kept], lags)) if lags else np.empty((0, 2))
    return np.asarray(found[np.isfinite(found).all(axis=1)])


def _fine_lag(one: _Felt, other: _Felt, at_s: float, coarse_s: float) -> float:
    """The lag of one stamp with a parabola through the best three; NaN when none is good."""
    lag_s, like = _likeness(one, other, at_s - STAMP_S, at_s + STAMP_S, coarse_s, FINE_S)
    best = int(np.argmax(like))
    if best in (0, len(like) - 1) or like[best] < LIKENESS:
        return float("nan")
    before, top, after = like[best - 1 : best + 2]
    bend = before - 2.0 * top + after
    part = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(lag_s[best] + part / GRID_HZ)


def _smooth_s(one: _Felt, other: _Felt) -> float:
    return max(0.002, 0.5 * max(one.period_s, other.period_s))


def _likeness(
    one: _Felt, other: _Felt, start_s: float, stop_s: float, centre_s: float, reach_s: float
) -> tuple[Floats, Floats]:
    """Lags about ``centre_s`` and the correlation of ``one`` with ``other`` that much later."""
    n, reach = round((stop_s - start_s) * GRID_HZ) + 1, round(reach_s * GRID_HZ)
    smooth_s = _smooth_s(one, other)
    first = one.on(start_s + np.arange(n) / GRID_HZ, smooth_s)
    wide_s = start_s + centre_s + np.arange(-reach, n + reach) / GRID_HZ
    second = other.on(wide_s, smooth_s)
    first = first - first.mean()
    second = second - second.mean()
    total, squares = (np.cumsum(np.append(0.0, part)) for part in (second, second**2))
    energy = (squares[n:] - squares[:-n]) - (total[n:] - total[:-n]) ** 2 / n
    scale = np.sqrt(np.maximum(energy, 1e-12) * max(float(first @ first), 1e-12))
    lag_s = centre_s + np.arange(-reach, reach + 1) / GRID_HZ
    return lag_s, np.correlate(second, first, mode="valid") / scale
