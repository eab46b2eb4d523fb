"""How the pod sits is learned from a part of a long recording, and is what all of it would say."""

import numpy as np
import pytest

from gaitlab.events import alignment
from gaitlab.events.alignment import align, alignment_of
from gaitlab.model.gait import EvenSignal
from gaitlab.signal.orientation import angle_between

RATE_HZ = 100.0


@pytest.fixture(scope="module")
def long_run():
    """Four minutes: standing, then a run, in a pod that sits askew."""
    from gaitlab.signal.timebase import to_even
    from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand

    programme = Programme("long", (stand(30.0), run(3.4, duration_s=200.0), stand(5.0)))
    pod = Pod("left", RATE_HZ, mounting="random")
    return to_even(simulate(DISTANCE, programme, (pod,), seed=4).recording.feet[0])[0]


def test_a_part_of_a_long_run_tells_the_same_mounting_as_all_of_it(long_run, monkeypatch):
    part = alignment_of(long_run)
    monkeypatch.setattr(alignment, "STRETCHES", 10_000)
    whole = alignment_of(long_run)
    assert part.method == whole.method == "standing"
    assert not np.array_equal(part.rotation, whole.rotation)  # it did look at less
    off = angle_between(part.rotation, whole.rotation)
    assert np.degrees(off).max() < 1.0


def test_a_short_movement_in_a_long_rest_is_found(long_run):
    acc, gyr = np.array(long_run.acc_mps2), np.array(long_run.gyr_radps)
    n = round(20.0 * RATE_HZ)
    begin = round(100.0 * RATE_HZ)
    resting = np.ones(len(acc), dtype=bool)
    resting[begin : begin + n] = False
    stands = np.resize(np.arange(round(5 * RATE_HZ), round(25 * RATE_HZ)), resting.sum())
    acc[resting], gyr[resting] = acc[stands], gyr[stands]
    mostly_rest = EvenSignal(
        "left", 0.0, RATE_HZ, acc, gyr, *(np.zeros(len(acc), dtype=bool) for _ in range(3))
    )
    seen, wanted = alignment_of(mostly_rest), alignment_of(long_run)
    assert np.degrees(angle_between(seen.rotation, wanted.rotation)).max() < 6.0


def test_the_whole_signal_is_turned(long_run):
    signal, facts = align(long_run)
    assert len(signal.missing) == len(long_run.missing)
    expected = np.asarray(long_run.acc_mps2) @ facts.rotation.T
    assert np.allclose(signal.acc_mps2, expected, equal_nan=True)
