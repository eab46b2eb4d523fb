"""Fed bit by bit, the live assembler gives the samples that the whole recording has."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from gaitlab.pod.live_assembler import LiveAssembler
from gaitlab.pod.model import SensorPackets

spec = importlib.util.spec_from_file_location(
    "assembled", Path(__file__).with_name("test_assemble.py")
)
assembled = importlib.util.module_from_spec(spec)
spec.loader.exec_module(assembled)


def pieces(packets, size):
    """The same packets a few at a time."""
    start = np.cumsum(packets.n_samples) - packets.n_samples
    for at in range(0, len(packets.host_ns), size):
        part = slice(at, at + size)
        rows = slice(start[at], start[at] + packets.n_samples[part].sum())
        yield SensorPackets(
            packets.sensor, packets.host_ns[part], packets.n_samples[part], packets.samples[rows],
            None if packets.tick is None else packets.tick[part], packets.tick_hz,
            packets.tick_bits, packets.tick_of,
            None if packets.counter is None else packets.counter[part],
            packets.counter_bits, packets.counter_counts,
        )  # fmt: skip


def fed(packets, size=2):
    live = LiveAssembler("left", assembled.SETTINGS, origin_ns=assembled.ORIGIN_NS)
    batches = [live.feed([piece]) for piece in pieces(packets, size)]
    return live, *(np.concatenate(column) for column in zip(*batches, strict=True))


@pytest.mark.parametrize("size", [1, 3, 5000])
def test_every_sample_comes_once_with_a_rising_time(size):
    live, time_s, acc, _ = fed(assembled.sent(60.0, ppm=40.0), size)
    assert np.round(acc[:, 0]).astype(int).tolist() == list(range(12000))
    assert np.all(np.diff(time_s) > 0)
    truth_s = 1.0 + np.arange(12000) / 200.0
    assert np.abs(time_s - truth_s)[400:].max() < 0.02
    assert (live.lost, live.repeated) == (0, 0)


def test_loss_and_repeats_are_counted_and_holes_stay_holes():
    packets = assembled.sent(30.0, keep=lambda n, _: n % 40 != 9, again=[100, 200, 201])
    live, time_s, _, _ = fed(packets)
    lost = int((np.arange(600) % 40 == 9).sum()) * 10
    assert live.lost == lost
    assert live.repeated == 30
    assert len(time_s) == 6000 - lost
    assert (np.diff(time_s) > 0.04).sum() == lost // 10


def test_wraps_restarts_and_silences_do_not_stop_it():
    _, time_s, _, _ = fed(assembled.sent(30.0, bits=16, tick0=65000))
    assert np.diff(time_s).max() < 0.01
    first, second = assembled.sent(5.0, tick0=900_000), assembled.sent(5.0, start_s=20.0)
    live = LiveAssembler("left", assembled.SETTINGS, origin_ns=assembled.ORIGIN_NS)
    live.feed([first])
    time_s, acc, _ = live.feed([second])
    assert len(acc) == 1000
    assert time_s[0] == pytest.approx(20.0, abs=0.03)


def test_a_counter_alone_or_nothing_at_all_is_enough():
    for count in (True, False):
        _, time_s, acc, _ = fed(assembled.sent(20.0, clock=False, count=count))
        assert len(acc) == 4000
        assert abs(np.ptp(time_s) - 20.0) < 0.05


def test_acceleration_waits_for_its_angular_rate_but_not_for_ever():
    acc, gyr = assembled.sent(20.0, sensor="acc"), assembled.sent(20.0, sensor="gyr")
    live = LiveAssembler("left", assembled.SETTINGS, origin_ns=assembled.ORIGIN_NS)
    both = [live.feed(pair) for pair in zip(pieces(acc, 2), pieces(gyr, 2), strict=True)]
    assert sum(len(batch[0]) for batch in both) > 3980
    assert np.isfinite(np.concatenate([batch[2] for batch in both])).mean() > 0.98
    alone = LiveAssembler("left", assembled.SETTINGS, origin_ns=assembled.ORIGIN_NS)
    given = sum(len(alone.feed([piece])[0]) for piece in pieces(acc, 2))
    assert given > 3500
    assert len(alone._acc[0]) < 500


@pytest.mark.parametrize("count", [True, False])
@pytest.mark.parametrize("rate_hz", [198.0, 202.0])
def test_a_sensor_without_clock_that_is_off_its_rate_keeps_up_with_the_host(rate_hz, count):
    packets = assembled.sent(300.0, rate_hz=rate_hz, clock=False, count=count)
    _, time_s, acc, _ = fed(packets)
    truth_s = 1.0 + np.round(acc[:, 0]) / rate_hz
    assert np.abs(time_s - truth_s)[truth_s > 60.0].max() < 0.06
    assert np.all(np.diff(time_s) > 0)


@pytest.mark.parametrize("count", [True, False])
def test_a_silence_of_a_pod_without_clock_is_a_hole_of_its_length(count):
    packets = assembled.sent(
        60.0, clock=False, count=count, keep=lambda _, host_s: (host_s < 20) | (host_s > 26)
    )
    live, time_s, acc, _ = fed(packets)
    assert np.diff(time_s).max() == pytest.approx(6.0, abs=0.1)
    assert np.abs(time_s - 1.0 - np.round(acc[:, 0]) / 200.0).max() < 0.2
    assert live.lost == (12000 - len(acc) if count else 0)


def test_a_short_clock_that_wraps_during_a_silence_goes_on_at_the_right_place():
    packets = assembled.sent(
        60.0, bits=16, count=False, keep=lambda _, host_s: (host_s < 20) | (host_s > 31)
    )
    live, time_s, acc, _ = fed(packets)
    assert np.abs(time_s - 1.0 - np.round(acc[:, 0]) / 200.0).max() < 0.05
    assert live.lost == 12000 - len(acc)


def test_what_a_radio_delivers_twice_comes_once_even_without_clock_and_counter():
    packets = assembled.sent(20.0, clock=False, count=False, again=[5, 6, 300])
    live, _, acc, _ = fed(packets, 1)
    assert np.round(acc[:, 0]).astype(int).tolist() == list(range(4000))
    assert live.repeated == 30


def test_a_counter_of_samples_tells_the_loss_sample_by_sample():
    packets = assembled.sent(20.0, clock=False, keep=lambda n, _: n % 40 != 9, again=[100])
    counted = SensorPackets(
        "imu", packets.host_ns, packets.n_samples, packets.samples,
        counter=packets.samples[::10, 0].astype(int) % 2**16, counter_bits=16,
        counter_counts="samples",
    )  # fmt: skip
    live, _, acc, _ = fed(counted)
    assert (live.lost, live.repeated, len(acc)) == (100, 10, 3900)


@pytest.mark.parametrize(("clock", "count"), [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("away_s", [1.0, 8.0])
def test_what_a_pod_measured_while_disconnected_is_not_lost(away_s, clock, count):
    packets = assembled.sent(
        40.0, clock=clock, count=count,
        keep=lambda n, host_s: ((host_s < 20) | (host_s > 20 + away_s)) & (n != 700),
    )  # fmt: skip
    (first,), (second,) = assembled.parts(packets, [20.5])
    live = LiveAssembler("left", assembled.SETTINGS, origin_ns=assembled.ORIGIN_NS)
    live.feed([first])
    live.reconnected()
    time_s, acc, _ = live.feed([second])
    assert live.lost == 10
    assert np.abs(time_s - 1.0 - np.round(acc[:, 0]) / 200.0).max() < 0.05


@pytest.mark.parametrize("ppm", [-50.0, 50.0])
def test_live_and_whole_agree_with_what_was_injected_when_everything_goes_wrong_at_once(ppm):
    rng = np.random.default_rng(11)
    gone = rng.random(12000) < 0.02
    again = rng.choice(12000, 120, replace=False)
    away = [(60.0, 63.0), (200.0, 200.9), (400.0, 415.0)]

    def arrives(number, host_s):
        off = np.any([(host_s > low) & (host_s < high) for low, high in away], axis=0)
        edge = np.any([(host_s > low - 1) & (host_s < high + 1) for low, high in away], axis=0)
        ends = (number == 0) | (number == 11999)
        return ~off & (~gone[number] | edge | ends)  # none lost beside a disconnect

    packets = assembled.sent(600.0, ppm=ppm, bits=24, tick0=2**24 - 9000, keep=arrives, again=again)
    connections = assembled.parts(packets, [61.5, 200.6, 407.0])
    stream, report = assembled.put(connections)
    live = LiveAssembler("left", assembled.SETTINGS, origin_ns=assembled.ORIGIN_NS)
    times, samples = [], []
    for (connection,) in connections:
        live.reconnected()
        for piece in pieces(connection, 5):
            time_s, acc, _ = live.feed([piece])
            times.append(time_s)
            samples.append(acc)
    sent_once = np.unique(packets.samples[:, 0])
    time_s, acc = np.concatenate(times), np.concatenate(samples)
    known = np.isfinite(stream.acc_mps2[:, 0])
    np.testing.assert_array_equal(stream.acc_mps2[known, 0], sent_once)
    np.testing.assert_array_equal(acc[:, 0], sent_once)
    absent = np.setdiff1d(np.arange(12000), sent_once.astype(int) // 10)
    host_s = 1.0 + (absent * 10 + 9) / 200.0 * (1 + ppm * 1e-6)
    lost = ~np.any([(host_s > low) & (host_s < high) for low, high in away], axis=0)
    repeated = len(packets.samples) - len(sent_once)
    assert (report.lost, report.repeated) == (10 * lost.sum(), repeated)
    assert (live.lost, live.repeated) == (10 * lost.sum(), repeated)
    assert np.abs(time_s - stream.time_s[known]).max() < 0.02
