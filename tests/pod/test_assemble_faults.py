"""Clocks, counters and promised rates that are wrong cost no sample, no memory and no crash."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitlab.pod.clock import fit_line, ticks_a_sample

spec = importlib.util.spec_from_file_location(
    "assembled", Path(__file__).with_name("test_assemble.py")
)
assembled = importlib.util.module_from_spec(spec)
spec.loader.exec_module(assembled)
put, sent, numbers_in, SETTINGS = (
    assembled.put, assembled.sent, assembled.numbers_in, assembled.SETTINGS,
)  # fmt: skip
RNG = np.random.default_rng(7)


def ticks(packets, change):
    return replace(packets, tick=change(packets.tick.copy()))


def counts(packets, change):
    return replace(packets, tick=None, tick_bits=0, tick_hz=0.0, counter=change(packets.counter))


def one_wild(values):
    values = values.copy()
    values[200] = (values[200] + 20_000) % 65536
    return values


FAULTS = {
    "ticks at random": lambda p: ticks(p, lambda t: RNG.integers(0, 2**32, len(t))),
    "ticks that stand still": lambda p: ticks(p, lambda t: np.full_like(t, 7)),
    "one tick from nowhere": lambda p: ticks(p, lambda t: np.where(np.arange(400) == 9, 2**31, t)),
    "counter at random": lambda p: counts(p, lambda c: RNG.integers(0, 65536, len(c))),
    "counter that stands still": lambda p: counts(p, np.zeros_like),
    "one count from nowhere": lambda p: counts(p, one_wild),
    "counter that begins again": lambda p: counts(p, lambda c: np.where(c < 200, c, c - 200)),
    "arrivals all at once": lambda p: replace(p, host_ns=np.full_like(p.host_ns, 10**10)),
    "arrivals backwards": lambda p: replace(p, host_ns=p.host_ns[::-1]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_a_clock_costs_a_sample_or_fills_the_memory(fault):
    stream, report = put(FAULTS[fault](sent(20.0)))
    assert sorted(numbers_in(stream)) == list(range(4000))
    assert report.received == 4000
    assert stream.n_samples < 10_000
    assert np.isfinite(stream.time_s).all()
    assert np.all(np.diff(stream.time_s) >= 0)
    assert report.rate_hz > 0


@pytest.mark.parametrize("fault", ["ticks that stand still", "counter that stands still"])
def test_a_clock_that_stands_still_tells_no_loss(fault):
    _, report = put(FAULTS[fault](sent(20.0)))
    assert not report.loss_known
    assert report.repeated == 0
    assert report.rate_hz == pytest.approx(200.0, rel=0.005)


@pytest.mark.parametrize("declared_hz", [25.0, 50.0, 416.0, 800.0])
def test_a_promised_rate_that_is_far_off_costs_no_sample(declared_hz):
    stream, report = put(sent(30.0), replace(SETTINGS, rate_hz=declared_hz))
    assert numbers_in(stream).tolist() == list(range(6000))
    assert (report.lost, report.repeated) == (0, 0)
    assert report.rate_hz == pytest.approx(200.0, rel=1e-4)
    assert report.declared_rate_hz == declared_hz


def test_a_stack_that_delivers_everything_twice_is_told_from_a_clock_that_stands_still():
    stream, report = put(sent(20.0, again=np.arange(400)))
    assert numbers_in(stream).tolist() == list(range(4000))
    assert (report.repeated, report.lost, report.loss_known) == (4000, 0, True)


def test_heavy_loss_is_no_other_rate():
    gone = np.random.default_rng(3).random(600) < 0.6
    gone[[0, -1]] = False
    stream, report = put(sent(30.0, keep=lambda number, _: ~gone[number]))
    assert report.lost == 10 * gone.sum()
    assert stream.n_samples == 6000
    assert ticks_a_sample(np.array([0.0, 40.0]), np.array([10, 10]), 1.0) == 1.0


def test_holes_that_would_need_too_many_rows_stay_without(monkeypatch):
    monkeypatch.setattr("gaitlab.pod.layout.MOST_ROWS", 100)
    stream, report = put(sent(30.0, keep=lambda number, _: number % 10 != 4))
    assert stream.n_samples == report.received == 5400
    assert np.diff(stream.time_s).max() == pytest.approx(0.055, abs=1e-4)


def test_the_rate_of_a_line_is_never_nought_or_backwards():
    device_s = np.arange(0.0, 100.0, 0.05)
    assert fit_line(device_s, np.full_like(device_s, 3.0)).rate > 0
    assert fit_line(device_s, -device_s, crystal=False).rate > 0
