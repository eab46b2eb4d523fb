from dataclasses import replace

import numpy as np
import pytest

from gaitlab.model.errors import UsageError
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2
from gaitlab.simulate import (
    DISTANCE,
    PLACEMENTS,
    SPRINTER,
    Pod,
    Programme,
    perfect_pod,
    run,
    simulate,
    sprint,
    stand,
)
from gaitlab.simulate.sensing import ideal_readings

STANDING = Programme("standing", (stand(3.0),))
EASY = Programme("easy", (stand(2.0), run(4.0, duration_s=6.0), stand(2.0)))


def recorded(pod, programme=EASY, runner=DISTANCE, seed=0):
    return simulate(runner, programme, (pod,), seed).recording.feet[0]


def test_standing_reads_gravity_up_in_foot_axes():
    stream = recorded(perfect_pod("left"), STANDING)
    np.testing.assert_allclose(
        stream.acc_mps2.mean(axis=0), [0, 0, STANDARD_GRAVITY_MPS2], atol=0.05
    )
    np.testing.assert_allclose(stream.gyr_radps.mean(axis=0), 0.0, atol=0.005)


@pytest.mark.parametrize("placement", list(PLACEMENTS))
@pytest.mark.parametrize("mounting", ["placed", "random"])
def test_standing_reads_one_g_however_the_pod_is_mounted(placement, mounting):
    pod = replace(perfect_pod("right", 200.0, placement), mounting=mounting)
    norm = np.linalg.norm(recorded(pod, STANDING).acc_mps2, axis=1)
    np.testing.assert_allclose(norm, STANDARD_GRAVITY_MPS2, atol=0.02)


def test_a_random_mounting_only_turns_the_readings():
    plain, turned = (
        recorded(replace(perfect_pod("left", 500.0), mounting=mounting))
        for mounting in ("placed", "random")
    )
    for name in ("acc_mps2", "gyr_radps"):
        norms = [np.linalg.norm(getattr(stream, name), axis=1) for stream in (plain, turned)]
        np.testing.assert_allclose(norms[0], norms[1], rtol=1e-9, atol=1e-9)
    assert np.abs(plain.acc_mps2 - turned.acc_mps2).max() > 5.0


def test_a_perfect_pod_reads_the_ideal_readings():
    pod = perfect_pod("left", 1000.0)
    from gaitlab.simulate import move

    stream = recorded(pod)
    force, rate = ideal_readings(move(DISTANCE, EASY).feet["left"], pod.lever_m(), stream.time_s)
    np.testing.assert_allclose(stream.acc_mps2, force, atol=1e-6)
    np.testing.assert_allclose(stream.gyr_radps, rate, atol=1e-6)


@pytest.mark.parametrize("acc_range_g", [8.0, 16.0, 32.0])
def test_readings_never_pass_the_range_and_lie_on_the_grid_of_counts(acc_range_g):
    sprinting = Programme("fast", (stand(1.0), sprint(9.5, 1.2, 50.0), run(4.0, duration_s=3.0)))
    stream = recorded(Pod("left", 400.0, acc_range_g, 1000.0), sprinting, SPRINTER)
    for values, full_scale, count in (
        (stream.acc_mps2, stream.acc_range_mps2, stream.acc_lsb_mps2),
        (stream.gyr_radps, stream.gyr_range_radps, stream.gyr_lsb_radps),
    ):
        assert np.abs(values).max() <= full_scale
        assert count == full_scale / 32768
        counts = values / count
        np.testing.assert_allclose(counts, np.rint(counts), atol=1e-6)
    assert stream.acc_range_mps2 == acc_range_g * STANDARD_GRAVITY_MPS2
    if acc_range_g == 8.0:
        assert (np.abs(stream.acc_mps2) > 0.999 * stream.acc_range_mps2).any()


def test_impacts_of_a_sprinter_pass_16_g_and_those_of_an_easy_runner_are_below_40_g():
    wide = Pod("left", 1000.0, 200.0)
    sprinting = Programme("fast", (stand(1.0), sprint(9.5, 1.2, 60.0)))
    fast = np.linalg.norm(recorded(wide, sprinting, SPRINTER).acc_mps2, axis=1)
    easy = np.linalg.norm(recorded(wide, EASY).acc_mps2, axis=1)
    assert 25.0 < fast.max() / STANDARD_GRAVITY_MPS2 < 110.0
    assert 8.0 < easy.max() / STANDARD_GRAVITY_MPS2 < 40.0


def test_the_share_of_lost_packets_is_as_asked():
    long = Programme("long", (stand(1.0), run(3.0, duration_s=100.0)))
    whole = recorded(Pod("left"), long)
    lossy = recorded(Pod("left", loss=0.05, packet=5), long)
    lost = 1.0 - lossy.n_samples / whole.n_samples
    assert lost == pytest.approx(0.05, abs=0.008)
    holes = np.diff(lossy.time_s)
    assert np.rint(holes.max() * 200.0) >= 6  # a packet of 5 at least
    np.testing.assert_allclose(np.rint(holes * 200.0) % 5 % 5, 1, atol=0)


def test_a_gap_has_no_sample_and_the_rest_is_unchanged():
    whole, holed = recorded(Pod("left")), recorded(Pod("left", gaps_s=((3.0, 3.5),)))
    kept = (whole.time_s < 3.0 - 1e-9) | (whole.time_s >= 3.5 - 1e-9)
    np.testing.assert_array_equal(holed.time_s, whole.time_s[kept])
    np.testing.assert_array_equal(holed.acc_mps2, whole.acc_mps2[kept])


def test_a_fast_clock_stretches_the_time_axis_and_the_truth_with_it():
    plain = simulate(DISTANCE, EASY, (Pod("left"),), 3)
    fast = simulate(DISTANCE, EASY, (Pod("left", rate_error=0.01),), 3)
    np.testing.assert_allclose(fast.truth.ic_time_s, 1.01 * plain.truth.ic_time_s, rtol=1e-12)
    np.testing.assert_array_equal(fast.truth.contact_time_s, plain.truth.contact_time_s)
    assert fast.recording.feet[0].time_s[-1] == pytest.approx(
        1.01 * plain.recording.feet[0].time_s[-1], rel=2e-3
    )


def test_jitter_moves_time_stamps_and_nothing_else():
    plain, jittery = recorded(Pod("left")), recorded(Pod("left", jitter_s=0.001))
    assert (jittery.time_s - plain.time_s).std() == pytest.approx(0.001, rel=0.1)
    np.testing.assert_array_equal(plain.acc_mps2, jittery.acc_mps2)


def test_a_pod_without_gyroscope_has_none():
    stream = recorded(Pod("left", gyroscope=False))
    assert not stream.has_gyroscope
    assert stream.gyr_range_radps is None


def test_a_pod_that_slips_reads_another_gravity_afterwards():
    pod = Pod("left", slip_at_s=5.0, slip_rad=20.0 * RAD_PER_DEG)
    stream = recorded(pod)
    first = stream.acc_mps2[stream.time_s < 1.5].mean(axis=0)
    last = stream.acc_mps2[stream.time_s > stream.time_s[-1] - 0.8].mean(axis=0)
    angle = np.arccos(first @ last / np.linalg.norm(first) / np.linalg.norm(last))
    assert 1.0 * RAD_PER_DEG < angle < 21.0 * RAD_PER_DEG


@pytest.mark.parametrize("rate_hz", [52.0, 104.0, 200.0, 416.0, 1125.0])
def test_any_usual_rate_gives_its_number_of_samples(rate_hz):
    stream = recorded(Pod("left", rate_hz))
    assert stream.n_samples == pytest.approx(10.0 * rate_hz, abs=2)
    np.testing.assert_allclose(np.diff(stream.time_s), 1.0 / rate_hz, rtol=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [{"rate_hz": 5.0}, {"loss": 1.0}, {"packet": 0}, {"placement": "hat"}, {"mounting": "glued"}],
)
def test_an_impossible_pod_says_what_to_do(wrong):
    with pytest.raises(UsageError) as caught:
        Pod("left", **wrong)
    assert len(str(caught.value).splitlines()) == 3
