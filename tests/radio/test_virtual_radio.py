"""Sessions against virtual pods: the whole way from bleak over HCI and GATT to the pod and back."""

import asyncio

import numpy as np
import pytest
from radio_stand_in import CONTROL, DATA, HEADER, StandIn, Taker, sample_numbers, told_foot, until

pytest.importorskip("bumble", reason="virtual pods need the extra 'virtual'")

from bleak import BleakClient
from bleak.exc import BleakDeviceNotFoundError, BleakGATTProtocolError

from gaitlab.model.recording import Recording
from gaitlab.pod.pace import Pace
from gaitlab.pod.radio import PodSession, scan
from gaitlab.pod.troubles import PodBusyError, PodNotFoundError, WrongPodError
from gaitlab.pod.virtual import virtual_pods, virtual_radio
from gaitlab.pod.virtual.pod import Cut, Faults, VirtualPod

SPEED = 10.0
PACE = Pace(find_s=1.0, connect_s=5.0, back_off_s=(0.02, 0.05))


def starting(radio, pod, taker, stop, *, profile=StandIn(), lock=None, address=None):  # noqa: B008
    session = PodSession(
        profile,
        address or pod.address,
        on_data=taker.said.append,
        on_event=taker.events.append,
        backend=radio.backend,
        connect_lock=lock,
        clock_ns=radio.clock_ns,
        pace=PACE,
    )
    return asyncio.create_task(session.run(stop))


def recorded(*pods, speed=SPEED, during=None, interval_s=0.0):
    """What a session for each pod hands on until all have played to the end."""

    async def main():
        takers, stop, lock = [Taker() for _ in pods], asyncio.Event(), asyncio.Lock()
        async with virtual_radio(*pods, speed=speed, interval_s=interval_s) as radio:
            pairs = zip(pods, takers, strict=True)
            tasks = [starting(radio, pod, taker, stop, lock=lock) for pod, taker in pairs]
            if during is not None:
                await during(pods, takers)
            async with asyncio.timeout(30):
                await asyncio.gather(*(pod.finished.wait() for pod in pods))
            stop.set()
            await asyncio.gather(*tasks)
        return takers

    return asyncio.run(main())


def test_a_scan_shows_names_services_and_addresses():
    async def main():
        pods = [VirtualPod(told_foot(1), serial=serial) for serial in ("V0001", "V0002")]
        async with virtual_radio(*pods) as radio:
            return pods, await scan(3.0, radio.backend, enough=lambda seen: len(seen) == 2)

    pods, found = asyncio.run(main())
    shown = {it.advertisement.address: it.advertisement for it in found}
    for pod in pods:
        assert shown[pod.address].name == pod.name
        assert shown[pod.address].services == (pod.protocol.advertised,)
        assert shown[pod.address].rssi_dbm < 0


def test_every_sample_arrives_once_and_in_order():
    feet = told_foot(12, "left"), told_foot(12, "right")
    pods = virtual_pods(Recording("run", feet))
    for pod, taker in zip(pods, recorded(*pods), strict=True):
        numbers, _ = sample_numbers(taker.said)
        np.testing.assert_array_equal(numbers, np.arange(12 * 200))
        np.testing.assert_array_equal(pod.log.delivered, numbers)
        assert taker.reasons() == ["stopped"]
        assert pod.written == [(CONTROL, b"\1"), (CONTROL, b"\0")]


def test_the_pod_says_who_it_is():
    (taker,) = recorded(VirtualPod(told_foot(1), serial="GL-77"))
    identity = taker.named("connected")[0]["identity"]
    assert identity["serial"] == "GL-77"
    assert identity["model"] == "virtual generic"
    assert identity["battery_percent"] == 87
    assert taker.named("connected")[0]["settings"]["profile"] == "generic"


def test_what_is_lost_and_repeated_is_what_the_pod_says_it_lost_and_repeated():
    faults = [Faults(loss=0.05, repeat=0.04, seed=seed) for seed in (1, 2)]
    feet = told_foot(20, "left"), told_foot(20, "right")
    pods = virtual_pods(Recording("run", feet), faults=tuple(faults))
    for pod, taker in zip(pods, recorded(*pods), strict=True):
        numbers, counters = sample_numbers(taker.said)
        lost, repeated = pod.log.packets("lost"), pod.log.packets("repeated")
        assert len(lost) > 5
        assert len(repeated) > 5
        assert not set(counters) & set(lost)
        np.testing.assert_array_equal(counters[1:][np.diff(counters) == 0], repeated)
        np.testing.assert_array_equal(np.unique(numbers), pod.log.delivered)
        everything = np.concatenate((pod.log.delivered, pod.log.samples("lost")))
        np.testing.assert_array_equal(np.sort(everything), np.arange(20 * 200))


def test_after_each_of_three_cuts_it_streams_again_and_only_the_time_away_is_missing():
    cuts = (Cut(4.0), Cut(14.0, away_s=2.0), Cut(28.0))
    feet = told_foot(32, "left"), told_foot(32, "right")
    pods = virtual_pods(Recording("run", feet), faults=(Faults(cuts=cuts), Faults()))
    left, right = recorded(*pods)
    assert left.reasons() == ["connection lost"] * 3 + ["stopped"]
    assert right.reasons() == ["stopped"]
    numbers, counters = sample_numbers(left.said)
    np.testing.assert_array_equal(numbers, pods[0].log.delivered)
    assert np.count_nonzero(np.diff(counters) > 1) == 3
    before_s = numbers[np.flatnonzero(np.diff(numbers) > 1)] / 200
    np.testing.assert_allclose(before_s, [4.0, 14.0, 28.0], atol=2.0)  # 0.2 s on a busy machine
    assert np.diff(numbers).max() / 200 > 2.0  # the clock went on while it was away
    np.testing.assert_array_equal(sample_numbers(right.said)[0], np.arange(32 * 200))


def test_the_pods_clock_goes_on_through_a_cut():
    pod = VirtualPod(told_foot(12), faults=Faults(cuts=(Cut(4.0, away_s=3.0),)))
    (taker,) = recorded(pod)
    ticks = np.array([HEADER.unpack_from(it.payload)[3] for it in taker.said])
    numbers, _ = sample_numbers(taker.said)
    elapsed_s = ((ticks - ticks[0]) % 2**32) / 32768
    np.testing.assert_allclose(elapsed_s, numbers[::10] / 200, atol=1 / 32768)


@pytest.mark.parametrize("drift_ppm", [0.0, 20000.0])
def test_a_clock_that_drifts_runs_fast_by_that_much_against_the_computer(drift_ppm):
    pod = VirtualPod(told_foot(20), faults=Faults(drift_ppm=drift_ppm))
    (taker,) = recorded(pod)
    ticks = np.array([HEADER.unpack_from(it.payload)[3] for it in taker.said])
    host_s = np.array([it.host_ns for it in taker.said]) * 1e-9
    slope = np.polyfit(host_s - host_s[0], ((ticks - ticks[0]) % 2**32) / 32768, 1)[0]
    assert slope == pytest.approx(1 + drift_ppm * 1e-6, abs=0.006)


def test_held_back_packets_come_late_but_come():
    pod = VirtualPod(told_foot(10), faults=Faults(delay=0.05, delay_s=1.0, seed=3))
    (taker,) = recorded(pod)
    np.testing.assert_array_equal(sample_numbers(taker.said)[0], np.arange(2000))
    assert np.diff([it.host_ns for it in taker.said]).max() > 0.9e9


def test_a_link_with_connection_events_loses_nothing():
    faults = Faults(cuts=(Cut(2.0),))
    pod = VirtualPod(told_foot(5), faults=faults)
    (taker,) = recorded(pod, speed=5.0, interval_s=0.015)
    np.testing.assert_array_equal(sample_numbers(taker.said)[0], pod.log.delivered)


def test_a_pod_that_is_not_there_is_not_found():
    async def main():
        async with virtual_radio(VirtualPod(told_foot(1))) as radio:
            stop = asyncio.Event()
            await starting(radio, None, Taker(), stop, address="00:11:22:33:44:55")

    with pytest.raises(PodNotFoundError):
        asyncio.run(main())


def test_a_pod_of_another_kind_is_the_wrong_pod():
    async def main():
        pod = VirtualPod(told_foot(1))
        other = StandIn(title="Polar", notify=("fb005c82-02e7-f387-1cad-8acd2d8df0c8",))
        async with virtual_radio(pod) as radio:
            try:
                await starting(radio, pod, Taker(), asyncio.Event(), profile=other)
            finally:
                await until(lambda: not pod.is_connected)

    with pytest.raises(WrongPodError, match="not a Polar"):
        asyncio.run(main())


def test_a_pod_that_refuses_what_is_written_says_so():
    async def main():
        pod = VirtualPod(told_foot(1))
        async with virtual_radio(pod) as radio:
            profile = StandIn(start_bytes=b"\x77")
            await starting(radio, pod, Taker(), asyncio.Event(), profile=profile)

    with pytest.raises(WrongPodError, match="Value Not Allowed"):
        asyncio.run(main())


def test_a_pod_that_another_program_holds_cannot_be_connected():
    async def main():
        pod = VirtualPod(told_foot(1))
        async with virtual_radio(pod) as radio:
            (found,) = await scan(1.0, radio.backend, enough=len)
            async with BleakClient(found.device, backend=radio.backend.client):
                quick = Pace(find_s=0.2, connect_s=0.2, back_off_s=(0.01,))
                session = PodSession(
                    StandIn(), pod.address, on_data=print, on_event=lambda _: None, found=found,
                    backend=radio.backend, pace=quick,
                )  # fmt: skip
                await session.run(asyncio.Event())

    with pytest.raises((PodBusyError, PodNotFoundError)):
        asyncio.run(main())


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.05, 0.1, 0.2, 0.3])
def test_cancelled_at_any_moment_it_has_handed_on_what_was_sent(after_s):
    async def main():
        pod, taker = VirtualPod(told_foot(60)), Taker()
        async with virtual_radio(pod, speed=SPEED) as radio:
            task = starting(radio, pod, taker, asyncio.Event())
            await asyncio.sleep(after_s)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await until(lambda: not pod.is_connected)
        return pod, taker

    pod, taker = asyncio.run(main())
    if taker.named("connected"):
        np.testing.assert_array_equal(sample_numbers(taker.said)[0], pod.log.delivered)


def test_refusals_and_unknown_addresses_are_bleaks_own_errors():
    async def main():
        pod = VirtualPod(told_foot(1))
        async with virtual_radio(pod) as radio:
            with pytest.raises(BleakDeviceNotFoundError):
                await BleakClient(
                    "00:00:00:00:00:01", backend=radio.backend.client, timeout=0.2
                ).connect()
            async with BleakClient(pod.address, backend=radio.backend.client) as client:
                assert client.mtu_size == 247
                with pytest.raises(BleakGATTProtocolError):
                    await client.write_gatt_char(CONTROL, b"\xff", response=True)
                assert client.services.get_characteristic(DATA).properties == ["notify"]

    asyncio.run(main())
