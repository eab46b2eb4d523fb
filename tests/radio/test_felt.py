"""What a virtual pod feels of a recording, and when its world begins."""

import asyncio

import numpy as np
import pytest
from radio_stand_in import told_foot

pytest.importorskip("bumble", reason="virtual pods need the extra 'virtual'")

from gaitlab.model.recording import FootStream, Recording
from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.pod.virtual import virtual_pods
from gaitlab.pod.virtual.pod import Faults, VirtualPod
from gaitlab.pod.virtual.samples import Scale, counts_at
from gaitlab.pod.virtual.world import World

G = STANDARD_GRAVITY_MPS2


def foot(times_s, acc_x_g):
    acc = np.zeros((len(times_s), 3))
    acc[:, 0] = G * np.asarray(acc_x_g)
    return FootStream("left", np.asarray(times_s, float), acc, np.zeros_like(acc))


def test_at_the_samples_it_feels_the_samples():
    stream = told_foot(2.0)
    felt = counts_at(stream, stream.time_s, Scale())
    np.testing.assert_array_equal(felt[:, 2], np.arange(400))
    np.testing.assert_array_equal(felt[:, 0], 2048)


def test_between_the_samples_it_feels_the_curve_through_them():
    times_s = np.arange(0, 2, 0.01)
    stream = foot(times_s, 4 * np.sin(2 * np.pi * 2 * times_s))
    between = times_s[2:-3] + 0.005
    felt = counts_at(stream, between, Scale())[:, 0] / 2048
    np.testing.assert_allclose(felt, 4 * np.sin(2 * np.pi * 2 * between), atol=0.002)


def test_what_is_beyond_its_range_is_cut_and_what_is_lost_is_bridged():
    felt = counts_at(foot([0, 1, 2, 3, 4], [0, np.nan, 2, 99, -99]), np.arange(5.0), Scale())
    np.testing.assert_array_equal(felt[:, 0], [0, 2048, 4096, 32767, -32768])


def test_before_and_after_the_recording_the_foot_rests():
    felt = counts_at(foot([1, 2], [1, 2]), np.array([0.0, 9.0]), Scale())
    np.testing.assert_array_equal(felt[:, 0], [2048, 4096])


@pytest.mark.parametrize("drift_ppm", [-20000.0, 0.0, 20000.0])
def test_a_fast_clock_samples_earlier_but_feels_the_motion_of_the_true_time(drift_ppm):
    times_s = np.arange(0, 10.001, 0.01)
    stream = foot(times_s, times_s)  # the true time, in g
    pod = VirtualPod(stream, rate_hz=100.0, faults=Faults(drift_ppm=drift_ppm))
    own_s = np.arange(len(pod.counts)) / 100.0
    np.testing.assert_allclose(
        pod.counts[:, 0] / 2048, own_s / (1 + drift_ppm * 1e-6), atol=1 / 2048
    )
    assert len(pod.counts) == pytest.approx(1000 * (1 + drift_ppm * 1e-6), abs=2)


def test_feet_of_a_recording_keep_their_distance_in_time():
    feet = told_foot(1, "left", start_s=5.0), told_foot(1, "right", start_s=5.003)
    left, right = virtual_pods(Recording("run", feet))
    assert (left.side, right.side) == ("left", "right")
    assert right._lead_s - left._lead_s == pytest.approx(0.003)
    assert left.address != right.address


def test_a_world_begins_when_the_last_pod_is_started():
    async def main():
        world, begun = World(speed=10.0), []
        for pod in ("left", "right"):
            world.expect(pod)

        async def start(pod, after_s):
            await asyncio.sleep(after_s)
            await world.started(pod)
            begun.append((pod, world.now_s()))

        await asyncio.gather(start("left", 0.0), start("right", 0.1))
        return world, dict(begun)

    world, begun = asyncio.run(main())
    assert world.zero_s >= 1.0  # world seconds
    assert begun["left"] >= world.zero_s


def test_a_world_does_not_wait_for_ever_for_a_pod_that_nobody_starts(monkeypatch):
    monkeypatch.setattr("gaitlab.pod.virtual.world.PATIENCE_S", 0.05)

    async def main():
        world = World()
        world.expect("left")
        world.expect("right")
        async with asyncio.timeout(1):
            await world.started("left")
        return world.begun

    assert asyncio.run(main())


def test_the_clock_of_a_fast_world_runs_fast():
    async def main():
        world = World(speed=20.0)
        before_ns = world.monotonic_ns()
        await world.until(world.now_s() + 2.0)
        return (world.monotonic_ns() - before_ns) * 1e-9

    assert asyncio.run(main()) == pytest.approx(2.0, abs=0.8)
