"""Cycles of one foot: none is lost where the rhythm changes."""

import numpy as np
import pandas as pd

from gaitlab.events.cycles import find_cycles, find_cycles_from_impacts, rhythm_of
from gaitlab.pipeline import analyze
from gaitlab.recordings import load

RATE_HZ = 100.0


def test_a_window_that_holds_both_walking_and_running_does_not_double_the_period(monkeypatch):
    """Periods of 1.0, 1.0, 1.5 (two running strides), 0.7, 0.7 s: the third is nobody's."""
    found = np.arange(5.0), np.array([1.0, 1.0, 1.5, 0.7, 0.7]), np.array([0.9, 0.6, 0.5, 0.6, 0.9])
    monkeypatch.setattr("gaitlab.events.cycles.local_period", lambda *_: found)
    rhythm = rhythm_of(np.zeros(500), RATE_HZ)
    assert rhythm.at(np.array([200]))[0] / RATE_HZ == 0.85  # between its neighbours


def test_a_longer_period_that_stays_is_believed(monkeypatch):
    found = np.arange(5.0), np.array([0.7, 0.7, 1.1, 1.1, 0.7]), np.full(5, 0.8)
    monkeypatch.setattr("gaitlab.events.cycles.local_period", lambda *_: found)
    assert rhythm_of(np.zeros(500), RATE_HZ).at(np.array([200]))[0] / RATE_HZ == 1.1


def test_no_contact_is_lost_where_a_walk_turns_into_a_run(bundled):
    truth = pd.read_parquet(bundled / "distance_easy.truth.parquet")
    contacts = analyze(load(bundled / "distance_easy.gait.parquet")).contacts
    for code, foot in enumerate(("left", "right")):
        real_s = truth.loc[truth["foot"] == foot, "ic_time_s"].dropna().to_numpy(float)
        found_s = contacts.ic_time_s[contacts.foot == code]
        assert len(found_s) == len(real_s)
        assert np.abs(found_s - real_s).max() < 0.08


def swings(heights, period_s=0.5, rate_hz=200.0):
    """Pitch rate of a foot at rest that swings toes-up, with that many rad/s, once a period."""
    t = np.arange(0, (len(heights) + 4) * period_s, 1 / rate_hz)
    at = (np.arange(len(heights)) + 2) * period_s
    bumps = np.exp(-(((t[:, None] - at) / 0.08) ** 2)) * heights
    noise = np.random.default_rng(1).normal(0, 0.02, len(t))
    return bumps.sum(axis=1) - 0.3 * np.sin(2 * np.pi * t / period_s) ** 2 + noise, at, rate_hz


def test_a_weak_swing_of_a_hop_set_counts_when_it_keeps_the_rhythm_of_strong_ones():
    rate, at, rate_hz = swings([1.6, 2.4, 2.6, 1.7, 2.5, 2.3, 1.6])
    found = find_cycles(rate, rate_hz).swing_sample / rate_hz
    assert len(found) == len(at)
    np.testing.assert_allclose(found, at, atol=0.05)


def test_weight_shifted_while_standing_is_no_swing_however_regular():
    rate, _, rate_hz = swings([1.2] * 8)
    assert len(find_cycles(rate, rate_hz).swing_sample) == 0


def test_weight_shifted_a_period_before_a_run_is_no_swing():
    rate, at, rate_hz = swings([1.3, 6.0, 6.5, 6.2, 6.4, 6.1], period_s=0.7)
    found = find_cycles(rate, rate_hz).swing_sample / rate_hz
    assert abs(found[0] - at[1]) < 0.1


def test_without_a_gyroscope_the_first_of_two_bursts_is_the_landing():
    """Push-offs from half as loud as the landings to half louder: a run of 0.64 s strides."""
    rate_hz, n = 200.0, 4000
    time_s = np.arange(n) / rate_hz
    landings = np.arange(1.0, 18.0, 0.64)
    acc = np.zeros((n, 3))
    acc[:, 2] = 9.81
    pushes = np.random.default_rng(1).uniform(30.0, 90.0, len(landings))
    for at, push in zip(landings, pushes, strict=True):
        for burst, size in ((at, 60.0), (at + 0.15, push)):
            near = (time_s > burst) & (time_s < burst + 0.03)
            acc[near, 2] += size * np.sin((time_s[near] - burst) / 0.03 * np.pi)
    cycles = find_cycles_from_impacts(acc, rate_hz)
    found_s = (cycles.swing_sample / rate_hz) + 0.64 / 3.0
    assert len(found_s) == len(landings)
    np.testing.assert_allclose(found_s, landings, atol=0.04)


def test_without_a_gyroscope_standing_has_no_cycle():
    acc = np.tile([0.0, 0.0, 9.81], (800, 1)) + np.random.default_rng(2).normal(0.0, 0.05, (800, 3))
    assert len(find_cycles_from_impacts(acc, 200.0)) == 0
