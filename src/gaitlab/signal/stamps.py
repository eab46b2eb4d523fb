"""Time stamps in order: repeats dropped, late ones sorted in, restarts and packets undone."""

from dataclasses import dataclass, replace

import numpy as np

from gaitlab.model.recording import FootStream
from gaitlab.model.units import Bools, Floats, Ints

SAME_SIZE_FROM = 0.8  # share of packets of the usual size; the others were cut by losses
PACKET_STAMPS_FROM = 0.3  # share of repeated stamps that means one stamp per packet
BIG_JUMP_S = 1.0  # a clock that jumps further back was restarted or glitched
GLITCH_SAMPLES = 50  # a jump that is taken back within so many samples is a glitch
RESTART_GAP_S = 1.0  # what follows a restart is placed this far behind; the true hole is unknown


@dataclass(frozen=True, slots=True)
class ClockRepairs:
    """What was wrong with the order of the stamps, in counts.

    duplicates : rows that repeat the row before them, stamp and values; dropped
    backward_steps : stamps earlier than the one before (all kinds together)
    restarts : the clock started again; what follows was moved behind what came before
    glitches : samples with a stamp far outside the order; dropped
    packet_stamps : one stamp for several samples; spread evenly
    restarted_s : where the first restart was put, on the repaired clock; inf without one
    """

    duplicates: int = 0
    backward_steps: int = 0
    restarts: int = 0
    glitches: int = 0
    packet_stamps: bool = False
    restarted_s: float = float("inf")


def in_order(stream: FootStream) -> tuple[FootStream, ClockRepairs]:
    """The stream with rising stamps (equal ones may remain), and what was done for it.

    Rows without a stamp and repeated rows are dropped, late packets are sorted in, a clock
    that started again continues behind what came before, packet stamps are spread.
    """
    stamped, repairs = sorted_stamps(stream)
    return spread_packets(stamped, repairs), repairs


def sorted_stamps(stream: FootStream) -> tuple[FootStream, ClockRepairs]:
    """All of :func:`in_order` but the spreading of packet stamps, and what was done."""
    time_s = stream.time_s
    step_s = np.diff(time_s)
    if len(step_s) and bool(np.all(step_s > 0)):
        return stream, ClockRepairs()
    kept = np.flatnonzero(np.isfinite(time_s))
    time_s = time_s[kept]
    backward = int(np.count_nonzero(np.diff(time_s) < 0))
    time_s, glitch, again_s = undo_jumps(time_s)
    kept, time_s = kept[~glitch], time_s[~glitch]
    order = np.argsort(time_s, kind="stable")
    kept, time_s = kept[order], time_s[order]
    repeat = _repeated_rows(stream, kept, time_s)
    packets = _stamped_by_packet(time_s, repeat)
    kept, time_s = kept[~repeat], time_s[~repeat]
    repairs = ClockRepairs(
        int(np.count_nonzero(repeat)), backward, len(again_s), int(np.count_nonzero(glitch)),
        packets, float(again_s.min(initial=np.inf)),
    )  # fmt: skip
    acc_mps2, gyr_radps = stream.acc_mps2[kept], stream.gyr_radps[kept]
    return replace(stream, time_s=time_s, acc_mps2=acc_mps2, gyr_radps=gyr_radps), repairs


def excursions(time_s: Floats) -> tuple[Ints, Bools]:
    """Jumps of the stamps by more than a second, and which of them a next one takes back.

    A jump is the sample before it. Out at ``jump[i]`` and home at ``jump[i + 1]``, at most
    GLITCH_SAMPLES later: ``back[i]`` is True.

    >>> jump, back = excursions(np.array([0.0, 0.1, 9.0, 0.2, 0.3]))
    >>> jump.tolist(), back.tolist()
    ([1, 2], [True, False])
    """
    jump = np.flatnonzero(np.abs(np.diff(time_s)) > BIG_JUMP_S)
    out, home = jump[:-1], jump[1:]
    returns = np.abs(time_s[home + 1] - time_s[out]) <= BIG_JUMP_S
    back = np.append(returns & (home - out <= GLITCH_SAMPLES), False)[: len(jump)]
    back[1:] &= ~back[:-1]
    return jump, back


def undo_jumps(time_s: Floats) -> tuple[Floats, Bools, Floats]:
    """Stamps without restarts, a mask of stray samples, and the new stamp after each restart."""
    glitch = np.zeros(len(time_s), bool)
    step_s = np.diff(time_s)
    if not bool(np.any(step_s < -BIG_JUMP_S)):
        return time_s, glitch, np.empty(0)
    jump, returns = excursions(time_s)
    gone = np.flatnonzero(returns)
    bounds = np.zeros(len(time_s) + 1, np.int64)
    np.add.at(bounds, jump[gone] + 1, 1)
    np.add.at(bounds, jump[gone + 1] + 1, -1)
    away = np.cumsum(bounds[:-1]) > 0
    late_packet = away & (time_s < np.maximum.accumulate(time_s)) & (time_s >= time_s[0])
    glitch = away & ~late_packet
    steady = np.flatnonzero(~away)
    step_s = np.diff(time_s[steady])
    restart = step_s < -BIG_JUMP_S
    shift_s = np.zeros(len(steady))
    shift_s[1:] = np.cumsum(np.where(restart, RESTART_GAP_S - step_s, 0.0))
    moved = time_s.copy()
    moved[steady] += shift_s
    back = np.searchsorted(steady, np.flatnonzero(late_packet)) - 1
    moved[late_packet] += shift_s[np.maximum(back, 0)]
    return moved, glitch, moved[steady[1:][restart]]


def _repeated_rows(stream: FootStream, kept: Ints, time_s: Floats) -> Bools:
    """Rows equal to the row before them in stamp and in every value."""
    repeat = np.zeros(len(kept), bool)
    same = np.flatnonzero(np.diff(time_s) == 0)
    if len(same):
        first, second = kept[same], kept[same + 1]
        values = np.column_stack((stream.acc_mps2[first], stream.gyr_radps[first]))
        others = np.column_stack((stream.acc_mps2[second], stream.gyr_radps[second]))
        repeat[same + 1] = ((values == others) | (np.isnan(values) & np.isnan(others))).all(axis=1)
    return repeat


def _stamped_by_packet(time_s: Floats, repeat: Bools) -> bool:
    shared = (np.diff(time_s) == 0) & ~repeat[1:]
    return bool(np.count_nonzero(shared) > PACKET_STAMPS_FROM * max(len(shared), 1))


def spread_packets(stream: FootStream, repairs: ClockRepairs) -> FootStream:
    """The stream with a stamp of its own for each sample where packets shared one."""
    if not repairs.packet_stamps:
        return stream
    return replace(stream, time_s=_over_packets(stream.time_s))


def _over_packets(time_s: Floats) -> Floats:
    """One stamp per packet, taken as that of its first sample, spread over its samples."""
    first = np.flatnonzero(np.diff(time_s, prepend=-np.inf) > 0)
    size = np.diff(np.append(first, len(time_s)))
    if len(first) < 2:
        return time_s
    period_s = float(np.median(np.diff(time_s[first]) / size[:-1]))
    return time_s + (np.arange(len(time_s)) - np.repeat(first, size)) * period_s


def packets_vary(time_s: Floats) -> bool:
    """True when now more, now fewer samples share a stamp: it is that of their delivery."""
    size = np.diff(np.append(np.flatnonzero(np.diff(time_s, prepend=-np.inf) > 0), len(time_s)))
    return bool(np.mean(size == np.median(size)) < SAME_SIZE_FROM)
