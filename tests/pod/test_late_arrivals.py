"""Arrivals that are late, bunched or dropped with their connection move no sample to a wrong place.

The delays are put in, nothing here waits: what a busy computer does is in the arrival times alone.
"""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitlab.pod.clock import fit_line, restarts
from gaitlab.pod.live_assembler import LiveAssembler

spec = importlib.util.spec_from_file_location(
    "assembled", Path(__file__).with_name("test_assemble.py")
)
assembled = importlib.util.module_from_spec(spec)
spec.loader.exec_module(assembled)
put, sent, parts, numbers_in = (
    assembled.put, assembled.sent, assembled.parts, assembled.numbers_in,
)  # fmt: skip
ORIGIN_NS = assembled.ORIGIN_NS


def late(packets, delay_s):
    """The same packets, each ``delay_s(host_s)`` later, none overtaking another."""
    host_s = (packets.host_ns - ORIGIN_NS) / 1e9
    arrived_s = np.maximum.accumulate(host_s + delay_s(host_s))
    return replace(packets, host_ns=ORIGIN_NS + np.round(arrived_s * 1e9).astype(np.int64))


def stalls(host_s):
    """Nothing comes for 12 s, four times, then all at once."""
    return np.where(host_s % 30.0 < 12.0, 12.0 - host_s % 30.0, 0.0)


def backlogs(host_s):
    """More and more behind, up to 9 s, then caught up within seconds."""
    return np.interp(host_s % 40.0, [0.0, 30.0, 34.0, 40.0], [0.0, 9.0, 0.0, 0.0])


def moods(host_s):
    """Behind by a sum of random steps that never leaves 0..15 s."""
    steps = np.random.default_rng(3).normal(0.0, 0.4, len(host_s))
    return np.abs(np.cumsum(steps) % 30.0 - 15.0)


DELAYS = {"stalls": stalls, "backlogs": backlogs, "moods": moods}
STREAMS = {"ticks": {}, "a counter": {"clock": False}}


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("delay", DELAYS)
def test_however_late_they_come_every_sample_is_in_its_place_and_the_pod_has_not_begun_again(
    delay, stream
):
    rng = np.random.default_rng(8)
    gone = rng.random(2400) < 0.02
    again = rng.choice(2400, 24, replace=False)
    packets = sent(120.0, keep=lambda n, _: ~gone[n], again=again, **STREAMS[stream])
    made, report = put(late(packets, DELAYS[delay]))
    inside = np.flatnonzero(~gone)
    assert numbers_in(made).tolist() == np.unique(np.round(packets.samples[:, 0])).tolist()
    assert report.restarts == 0
    assert report.lost == 10 * int(gone[inside[0] : inside[-1]].sum())
    assert report.repeated == 10 * int((~gone[again]).sum())
    assert np.all(np.diff(made.time_s) > 0)


@pytest.mark.parametrize("stream", STREAMS)
def test_a_backlog_that_is_dropped_with_its_connection_is_a_gap_and_no_new_life(stream):
    behind = late(sent(120.0, **STREAMS[stream]), lambda host_s: np.where(
        host_s < 60.0, np.minimum(host_s / 5.0, 9.0), 0.0) )  # fmt: skip
    came = (behind.host_ns - ORIGIN_NS) / 1e9
    number = np.arange(len(came))
    kept = (came < 58.0) | (number > 1180)
    row = np.repeat(kept, behind.n_samples)
    packets = replace(
        behind, host_ns=np.where(number > 1180, sent(120.0).host_ns, behind.host_ns)[kept],
        n_samples=behind.n_samples[kept], samples=behind.samples[row],
        tick=None if behind.tick is None else behind.tick[kept], counter=behind.counter[kept],
    )  # fmt: skip
    made, report = put(parts(packets, [58.0]))
    assert report.restarts == 0
    assert report.lost == 0
    want = np.round(packets.samples[:, 0]).astype(int)
    assert numbers_in(made).tolist() == want.tolist()
    if stream == "a counter":
        return  # its rate is only known from the arrivals
    step = np.diff(made.time_s)
    slots = step / np.median(step)  # the clock goes on through the hole
    np.testing.assert_allclose(slots, np.round(slots), atol=1e-3)


def test_growing_delay_is_not_taken_for_a_slow_clock():
    rng = np.random.default_rng(2)
    device_s = np.arange(0.05, 60.0, 0.05)
    for seed in range(20):
        work_s = np.cumsum(np.random.default_rng(seed).random(len(device_s)) ** 6 * 0.15 - 0.022)
        behind_s = work_s - np.minimum.accumulate(work_s)  # up to seconds behind, now and then
        line = fit_line(device_s, 100.0 + device_s + behind_s + rng.exponential(0.001, 1199))
        assert line.believed
        assert abs(line.rate - 1.0) < 200e-6


def test_what_follows_a_restart_stands_behind_what_was_before_even_when_it_seems_to_overlap():
    first, second = sent(20.0), sent(20.0, start_s=21.02, seed=5)
    held = late(first, lambda host_s: np.where(host_s < 20.0, 0.05, 0.05))
    made, report = put([[held], [replace(second, tick=(second.tick + 2**30) % 2**32)]])
    assert report.restarts == 1
    assert numbers_in(made).tolist() == [*range(4000), *range(4000)]
    assert np.all(np.diff(made.time_s) > 0)


def test_a_pod_that_begins_again_with_any_clock_is_noticed():
    host_ns = (np.arange(600) * 1e8).astype(np.int64)
    steady = np.arange(600) * 0.1
    for jump_s in (-300.0, -20.0, 8.0, 300.0):
        jumped = steady + np.where(np.arange(600) >= 300, jump_s, 0.0)
        assert restarts(jumped, host_ns).tolist() == [0] * 300 + [1] * 300, jump_s
    away_ns = host_ns + np.where(np.arange(600) >= 300, 60_000_000_000, 0)  # its clock lost 60 s
    assert restarts(steady, away_ns).tolist() == [0] * 300 + [1] * 300


@pytest.mark.parametrize("delay", DELAYS)
def test_the_live_view_too_takes_no_delay_for_a_restart(delay):
    packets = late(sent(120.0), DELAYS[delay])
    live = LiveAssembler("left", assembled.SETTINGS, origin_ns=ORIGIN_NS)
    got = [live.feed([piece]) for piece in assembled_pieces(packets, 3)]
    time_s, acc, _ = (np.concatenate(column) for column in zip(*got, strict=True))
    assert np.round(acc[:, 0]).astype(int).tolist() == list(range(24000))
    assert (live.lost, live.repeated) == (0, 0)
    assert np.all(np.diff(time_s)[1000:] > 0)  # once it has settled


def assembled_pieces(packets, size):
    """The same packets a few at a time."""
    for at in range(0, len(packets.host_ns), size):
        part = slice(at, at + size)
        yield replace(
            packets, host_ns=packets.host_ns[part], n_samples=packets.n_samples[part],
            samples=packets.samples[at * 10 : (at + size) * 10],
            tick=packets.tick[part], counter=packets.counter[part],
        )  # fmt: skip
