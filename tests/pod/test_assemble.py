"""What was sent while connected is in the stream once; what was lost is counted and NaN."""

import time
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.pod.assemble import assemble, planned
from gaitlab.pod.gathered import gathered
from gaitlab.pod.model import PodSettings, SensorPackets

SETTINGS = PodSettings("generic", 200.0, 16.0, 2000.0)
TICK_HZ = 32768.0
ORIGIN_NS = 7_000_000_000


def values_of(numbers):
    """Six channels that tell which sample they are."""
    return numbers[:, None] + np.arange(6) / 10.0


def sent(
    seconds=60.0, *, rate_hz=200.0, n=10, ppm=0.0, interval_s=0.015, seed=0, bits=32, tick0=0,
    counter_bits=16, keep=None, again=(), sensor="imu", declared_hz=200.0, start_s=1.0,
    clock=True, count=True,
):  # fmt: skip
    """Packets of a pod that counts samples from 0 at host time ``start_s``, as they arrive.

    ``rate_hz`` is of the pod's own time; ``keep`` tells which packets arrive, ``again`` repeats.
    """
    rng = np.random.default_rng(seed)
    k = int(seconds * rate_hz / n)
    number = np.arange(k)
    device_s = number * n / rate_hz
    host_s = start_s + (device_s + (n - 1) / rate_hz) * (1.0 + ppm * 1e-6)
    events = np.ceil(host_s / interval_s) * interval_s
    late_s = rng.geometric(0.9, k) * interval_s - interval_s + rng.exponential(0.0008, k)
    arrival_s = np.maximum.accumulate(events + late_s)
    stall = (arrival_s % 17.0) < 0.2
    arrival_s[stall] = np.floor(arrival_s[stall] / 17.0) * 17.0 + 0.2
    chosen = number if keep is None else number[keep(number, host_s)]
    chosen = np.sort(np.concatenate((chosen, np.intersect1d(np.asarray(again, int), chosen))))
    samples = values_of((chosen[:, None] * n + np.arange(n)).ravel())
    samples = samples if sensor == "imu" else samples[:, :3]
    tick = np.floor(device_s * TICK_HZ).astype(np.int64) + tick0
    return SensorPackets(
        sensor, ORIGIN_NS + np.round(arrival_s[chosen] * 1e9).astype(np.int64),
        np.full(len(chosen), n), samples,
        tick[chosen] % 2**bits if clock else None, TICK_HZ if clock else 0.0, bits if clock else 0,
        "first", chosen % 2**counter_bits if count else None, counter_bits if count else 0,
        "packets", 0.01, 0.001,
    )  # fmt: skip


def parts(packets, edges_s):
    """The same packets as several connections, parted at host times."""
    at_s = (packets.host_ns - ORIGIN_NS) / 1e9
    which = np.searchsorted(np.asarray(edges_s), at_s)
    row = np.repeat(which, packets.n_samples)
    made = []
    for one in np.unique(which):
        mine = which == one
        made.append([
            SensorPackets(
                packets.sensor, packets.host_ns[mine], packets.n_samples[mine],
                packets.samples[row == one],
                None if packets.tick is None else packets.tick[mine],
                packets.tick_hz, packets.tick_bits, packets.tick_of,
                None if packets.counter is None else packets.counter[mine],
                packets.counter_bits, packets.counter_counts, 0.01, 0.001,
            )
        ])  # fmt: skip
    return made


def put(packets, settings=SETTINGS):
    connections = packets if isinstance(packets, list) else [[packets]]
    return assemble("left", connections, [settings] * len(connections), origin_ns=ORIGIN_NS)


def numbers_in(stream):
    """Which samples are there, in order."""
    known = np.isfinite(stream.acc_mps2[:, 0])
    return np.round(stream.acc_mps2[known, 0]).astype(int)


def test_every_sample_is_there_once_on_an_even_clock():
    stream, report = put(sent(60.0))
    assert numbers_in(stream).tolist() == list(range(12000))
    np.testing.assert_allclose(np.diff(stream.time_s), 0.005, atol=2e-6)
    assert (report.lost, report.repeated, report.loss_known) == (0, 0, True)
    assert report.rate_hz == pytest.approx(200.0, rel=1e-4)
    np.testing.assert_array_equal(stream.gyr_radps, values_of(np.arange(12000))[:, 3:])


@pytest.mark.parametrize("ppm", [-50.0, 0.0, 50.0])
def test_the_place_on_host_time_is_right_within_half_a_connection_interval(ppm):
    stream, report = put(sent(600.0, ppm=ppm))
    truth_s = 1.0 + np.arange(120000) / 200.0 * (1 + ppm * 1e-6)
    assert np.abs(stream.time_s - truth_s).max() < 0.010
    assert report.clock_ppm == pytest.approx(ppm, abs=8.0)
    assert abs(np.median(stream.time_s - truth_s)) < 3.0 * report.offset_sd_s


def test_loss_and_repeats_are_those_that_were_injected():
    rng = np.random.default_rng(4)
    gone = rng.random(1200) < 0.02
    gone[[0, -1]] = False
    again = rng.choice(1200, 12, replace=False)
    packets = sent(60.0, keep=lambda number, _: ~gone[number], again=again)
    stream, report = put(packets)
    kept = np.flatnonzero(~gone)
    expected = (kept[:, None] * 10 + np.arange(10)).ravel()
    assert numbers_in(stream).tolist() == expected.tolist()
    assert report.lost == gone.sum() * 10
    assert report.repeated == np.isin(again, kept).sum() * 10
    assert len(stream.time_s) == 12000  # lost ones are NaN rows
    assert np.isnan(stream.acc_mps2).all(axis=1).sum() == report.lost


def test_disconnects_are_gaps_and_no_loss_while_the_clock_runs_on():
    away = [(10.0, 13.0), (25.0, 25.9), (40.0, 55.0)]

    def connected(_, host_s):
        return ~np.any([(host_s > low) & (host_s < high) for low, high in away], axis=0)

    packets = sent(80.0, keep=connected)
    stream, report = put(parts(packets, [11.5, 25.5, 47.0]))
    assert numbers_in(stream).tolist() == numbers_in_order(packets)
    assert report.lost == 0
    assert len(report.gaps_s) == 3
    np.testing.assert_allclose(report.gaps_s, away, atol=0.12)
    truth_s = 1.0 + numbers_in(stream) / 200.0
    known = np.isfinite(stream.acc_mps2[:, 0])
    assert np.abs(stream.time_s[known] - truth_s).max() < 0.012


def numbers_in_order(packets):
    return np.unique(np.round(packets.samples[:, 0]).astype(int)).tolist()


@pytest.mark.parametrize(("bits", "tick0"), [(32, 2**32 - 5000), (16, 60000), (24, 2**24 - 1)])
def test_clocks_that_wrap_go_on(bits, tick0):
    stream, report = put(sent(60.0, bits=bits, tick0=tick0))
    assert numbers_in(stream).tolist() == list(range(12000))
    assert report.restarts == 0


def test_a_pod_that_restarts_loses_nothing_of_what_it_sent():
    first, second = sent(20.0, tick0=9_000_000), sent(20.0, start_s=30.0, tick0=100)
    stream, report = put([[first], [second]])
    assert len(numbers_in(stream)) == 8000
    assert report.restarts == 1
    assert np.all(np.diff(stream.time_s) > 0)
    assert report.gaps_s[-1] == pytest.approx([21.0, 30.0], abs=0.02)


def test_a_sensor_one_per_cent_off_its_nominal_rate_is_measured_not_bent():
    stream, report = put(sent(120.0, rate_hz=202.0))
    assert numbers_in(stream).tolist() == list(range(24240))
    assert report.rate_hz == pytest.approx(202.0, rel=1e-4)
    np.testing.assert_allclose(np.diff(stream.time_s), 1 / 202.0, rtol=2e-4)


def test_a_counter_alone_tells_the_loss_and_the_arrivals_the_rate():
    packets = sent(120.0, rate_hz=202.0, clock=False, keep=lambda number, _: number % 50 != 7)
    _, report = put(packets)
    assert report.lost == 10 * (np.arange(2424) % 50 == 7).sum()
    assert report.loss_known
    assert report.rate_hz == pytest.approx(202.0, rel=1e-3)
    assert np.isnan(report.clock_ppm)


def test_without_clock_and_counter_the_loss_is_unknown_and_a_silence_is_a_gap():
    packets = sent(
        60.0, clock=False, count=False, keep=lambda _, host_s: (host_s < 20) | (host_s > 26)
    )
    stream, report = put(packets)
    assert not report.loss_known
    assert numbers_in(stream).tolist() == numbers_in_order(packets)
    assert report.gaps_s[0] == pytest.approx([20.0, 26.0], abs=0.1)
    assert report.rate_hz == pytest.approx(200.0, rel=3e-3)


def test_two_streams_of_one_pod_are_put_together_at_the_instants_of_the_acceleration():
    acc, gyr = sent(30.0, sensor="acc"), sent(30.0, sensor="gyr", start_s=1.0, seed=5)
    stream, _ = put([[acc, gyr]])
    number = numbers_in(stream)
    known = np.isfinite(stream.gyr_radps[:, 0])
    assert known.mean() > 0.99
    assert np.abs(stream.gyr_radps[known, 0] - number[known]).max() < 1.6  # few ms of the radio


def test_one_packet_and_none_are_streams_too():
    one = sent(0.05)
    stream, report = put(one)
    assert len(stream.time_s) == 10
    assert report.received == 10
    empty = SensorPackets("imu", np.empty(0, int), np.empty(0, int), np.empty((0, 6)))
    stream, report = put(empty)
    assert (stream.n_samples, report.received) == (0, 0)
    with pytest.raises(ValueError, match="0 connections"):
        assemble("left", [], [], origin_ns=0)


def test_hostile_ticks_do_not_fill_the_memory():
    packets = sent(10.0)
    tick = packets.tick.copy()
    tick[100:] = (tick[100:] + 2**31) % 2**32
    hostile = SensorPackets(
        "imu", packets.host_ns, packets.n_samples, packets.samples, tick, TICK_HZ, 32, "first",
        packets.counter, 16, "packets",
    )  # fmt: skip
    stream, report = put(hostile)
    assert stream.n_samples < 10_000
    assert report.restarts == 1


def test_a_silence_costs_what_the_counter_says():
    packets = sent(60.0, clock=False, keep=lambda _, host_s: (host_s < 20) | (host_s > 26))
    stream, report = put(packets)
    assert report.lost == 12000 - len(numbers_in(stream)) > 1150
    assert stream.n_samples == 12000


def test_what_a_radio_delivers_twice_is_there_once_even_without_clock_and_counter():
    stream, report = put(sent(60.0, clock=False, count=False, again=range(0, 1200, 3)))
    assert numbers_in(stream).tolist() == list(range(12000))
    assert report.repeated == 4000
    assert report.rate_hz == pytest.approx(200.0, rel=1e-3)


def test_a_sensor_that_lies_still_is_not_a_repeat():
    packets = sent(60.0, clock=False, count=False)
    still = replace(packets, samples=np.ones_like(packets.samples))
    _, report = put(still)
    assert report.repeated == 10 * (np.diff(packets.host_ns) < 2_000_000).sum()
    _, report = put(replace(still, tick=np.arange(1200) * 50, tick_hz=1000.0, tick_bits=32))
    assert (report.received, report.repeated) == (12000, 0)


@pytest.mark.parametrize("clock", [True, False])
def test_a_backlog_that_comes_at_once_says_nothing_about_the_rate(clock):
    packets = sent(20.0, clock=clock)
    at_once = replace(packets, host_ns=np.full_like(packets.host_ns, packets.host_ns[-1]))
    stream, report = put(at_once)
    assert numbers_in(stream).tolist() == list(range(4000))
    assert report.rate_hz == pytest.approx(200.0, rel=2e-4)


def test_two_sensors_on_one_clock_lie_to_each_other_as_that_clock_says():
    acc, gyr = (sent(60.0, sensor=name, seed=seed) for name, seed in (("acc", 0), ("gyr", 5)))
    late = replace(gyr, host_ns=gyr.host_ns + 30_000_000)  # its packets always come later
    stream, _ = put([[acc, late]])
    known = np.isfinite(stream.gyr_radps[:, 0])
    assert known.sum() >= 11990
    shift = stream.gyr_radps[known, 0] - stream.acc_mps2[known, 0]
    assert np.abs(shift).max() < 0.05


def test_lost_angular_rate_is_reported_too():
    acc = sent(60.0, sensor="acc")
    gyr = sent(60.0, sensor="gyr", seed=5, keep=lambda number, _: number % 50 != 7)
    _, report = put([[acc, gyr]])
    assert report.lost == 240


@pytest.mark.parametrize("seconds", [0.05, 0.1, 1.0, 4.0])
def test_a_short_stream_says_how_little_is_known_of_its_clock(seconds):
    _, report = put(sent(seconds))
    assert report.clock_ppm_sd == pytest.approx(50.0, rel=0.02)
    assert report.offset_sd_s > 0.003


def test_four_hours_are_put_together_in_seconds():
    packets = sent(4 * 3600.0)
    before = time.process_time()
    _, report = put(packets)
    assert report.received == 2_880_000
    assert time.process_time() - before < 15.0


@pytest.mark.parametrize("size", [1, 7, 333, 100_000])
def test_a_stream_put_together_in_blocks_is_the_whole_stream(size):
    acc = sent(8.0, keep=lambda n, _: n % 40 != 9, again=[5, 60], sensor="acc")
    gyr = sent(8.0, keep=lambda n, _: n % 31 != 3, sensor="gyr", seed=4)
    connections = [[*first, *second] for first, second in zip(
        parts(acc, [4.0]), parts(gyr, [4.0]), strict=True)]  # fmt: skip
    whole, _ = assemble("left", connections, [SETTINGS] * 2, origin_ns=ORIGIN_NS)
    found = {name: gathered(connections, name) for name in ("imu", "acc", "gyr")}
    plan = planned("left", found, SETTINGS, origin_ns=ORIGIN_NS)
    samples = {name: it.samples for name, it in found.items()}
    firsts = range(0, plan.n_rows, size) if size > 1 else range(400, 500)
    for first in firsts:
        part = slice(first, min(first + size, plan.n_rows))
        block = plan.block(part.start, part.stop, samples)
        np.testing.assert_array_equal(block.time_s, whole.time_s[part])
        np.testing.assert_array_equal(block.acc_mps2, whole.acc_mps2[part])
        np.testing.assert_allclose(block.gyr_radps, whole.gyr_radps[part], atol=1e-12)
