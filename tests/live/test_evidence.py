"""What is remembered about the mounting, and the range of a sensor."""

import numpy as np
import pytest
from live_streams import made

from gaitlab.events.alignment import align
from gaitlab.live.evidence import CHUNK_S, MOST_MOVING, MOST_STANDING, Evidence
from gaitlab.live.ranges import Range
from gaitlab.model.gait import EvenSignal
from gaitlab.signal.clipping import clipped
from gaitlab.signal.orientation import angle_between
from gaitlab.signal.timebase import to_even


def window(even, start_s, stop_s):
    first, last = (round((at - even.start_s) * even.rate_hz) for at in (start_s, stop_s))
    part = slice(max(first, 0), last)
    return EvenSignal(
        even.foot, even.start_s + part.start / even.rate_hz, even.rate_hz, even.acc_mps2[part],
        even.gyr_radps[part], even.missing[part], even.acc_clipped[part], even.gyr_clipped[part],
    )  # fmt: skip


def gathered(even, step_s=1.0, width_s=8.0):
    evidence = Evidence()
    for stop_s in np.arange(2.0, len(even.missing) / even.rate_hz, step_s):
        evidence.add(window(even, stop_s - width_s, stop_s))
    return evidence


@pytest.mark.parametrize("mounting_seed", [5, 6])
def test_the_mounting_is_that_of_the_whole_recording(mounting_seed):
    even = to_even(made(mounting="random", seed=mounting_seed).recording.feet[0])[0]
    whole = align(even)[1]
    found = gathered(even).alignment()
    assert found.found
    assert np.degrees(angle_between(found.rotation, whole.rotation)).max() < 2.0
    np.testing.assert_allclose(found.gyr_bias_radps, whole.gyr_bias_radps, atol=0.005)
    assert found.method == whole.method


def test_the_store_is_bounded_and_spread_over_the_time(easy):
    even = to_even(easy.feet[0])[0]
    evidence, n = Evidence(), len(even.missing) / even.rate_hz
    for turn in range(20):  # nine minutes
        moved = EvenSignal(
            even.foot, even.start_s + turn * n, even.rate_hz, even.acc_mps2, even.gyr_radps,
            even.missing, even.acc_clipped, even.gyr_clipped,
        )  # fmt: skip
        evidence.add(moved)
    most = (MOST_MOVING + MOST_STANDING + 1) * CHUNK_S * even.rate_hz
    assert evidence.samples_held <= 1.02 * most
    starts_s = np.array([chunk.signal.start_s for chunk in evidence._moving.kept])
    assert len(starts_s) > MOST_MOVING // 2
    assert starts_s.min() < 0.1 * 20 * n
    assert starts_s.max() > 0.8 * 20 * n


def test_without_movement_no_mounting_is_found():
    still = EvenSignal(
        "left", 0.0, 200.0, np.tile([0.0, 0.0, 9.81], (2000, 1)), np.zeros((2000, 3)),
        *[np.zeros(2000, bool)] * 3,
    )  # fmt: skip
    evidence = Evidence()
    assert evidence.alignment() is None
    evidence.add(still)
    assert not evidence.alignment().found
    assert evidence.seen_s == (0.0, pytest.approx(10.0, abs=0.2))


def test_a_range_is_learned_from_the_first_plateau():
    stop = 78.4532
    values = np.zeros((50, 3))
    values[10:14, 0] = stop
    learned = Range(None)
    learned.see(values)
    assert learned.full_scale is None
    learned.learn(values[clipped(values, None, 30.0)])
    single = np.zeros((50, 3))
    single[20, 1], single[30, 2] = -stop, 0.99 * stop
    assert np.flatnonzero(clipped(single, learned.full_scale, 30.0)).tolist() == [20]


def test_a_range_that_is_exceeded_is_none():
    declared = Range(100.0)
    declared.see(np.full((3, 3), 99.0))
    assert declared.full_scale == 100.0
    declared.see(np.full((3, 3), -120.0))
    assert declared.full_scale is None
    declared.see(np.full((3, 3), np.nan))


def test_a_declared_range_is_not_learned_over():
    declared = Range(100.0)
    declared.learn(np.full((2, 3), 98.5))
    assert declared.full_scale == 100.0
