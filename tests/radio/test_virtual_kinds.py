"""Each kind of virtual pod, spoken to and decoded by its profile, gives back what it felt."""

import asyncio
import struct
from contextlib import suppress

import numpy as np
import pytest
from radio_stand_in import Taker, told_foot

pytest.importorskip("bumble", reason="virtual pods need the extra 'virtual'")

from gaitlab.model.recording import FootStream
from gaitlab.model.units import DEG_PER_RAD, RAD_PER_DEG, STANDARD_GRAVITY_MPS2
from gaitlab.pod.model import Advertisement
from gaitlab.pod.profiles import PROFILES, profile_for
from gaitlab.pod.radio import PodSession, scan
from gaitlab.pod.virtual import virtual_radio
from gaitlab.pod.virtual.kinds import PROTOCOLS
from gaitlab.pod.virtual.pod import VirtualPod
from gaitlab.pod.virtual.polar import deltas
from gaitlab.pod.virtual.protocol import Chunk, RefusedError

RAW = [name for name in PROTOCOLS if name != "rsc"]


def swinging_foot(seconds, rate_hz=416.0):
    """A foot that turns and shakes within the ranges of every pod."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    wave = np.column_stack([np.sin(2 * np.pi * (k + 1) * time_s + k) for k in range(6)])
    acc = STANDARD_GRAVITY_MPS2 * 12 * wave[:, :3]
    return FootStream("left", time_s, acc, 1200 * RAD_PER_DEG * wave[:, 3:])


def recorded(pod, speed):
    async def main():
        taker, stop = Taker(), asyncio.Event()
        async with virtual_radio(pod, speed=speed) as radio:
            (found,) = await scan(3.0, radio.backend, enough=len)
            profile = profile_for(found.advertisement)
            assert profile is not None, found.advertisement
            session = PodSession(
                profile, pod.address, found=found, backend=radio.backend,
                on_data=taker.said.append, on_event=taker.events.append, clock_ns=radio.clock_ns,
            )  # fmt: skip
            task = asyncio.create_task(session.run(stop))
            done = asyncio.create_task(pod.finished.wait())
            async with asyncio.timeout(20):
                await asyncio.wait({task, done}, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            await task
        return profile, taker

    return asyncio.run(main())


def settings_of(taker):
    from gaitlab.pod.model import PodSettings

    (event,) = taker.named("connected")
    return PodSettings(**event["settings"])


def channels(decoded):
    """Acceleration and angular rate of all packets, each (n, 3)."""
    by_sensor = {it.sensor: it.samples for it in decoded.packets}
    if "imu" in by_sensor:
        return by_sensor["imu"][:, :3], by_sensor["imu"][:, 3:]
    return by_sensor["acc"], by_sensor["gyr"]


@pytest.mark.parametrize("protocol", RAW)
def test_what_the_profile_decodes_is_what_the_pod_felt(protocol):
    pod = VirtualPod(swinging_foot(4.0), protocol=protocol, serial="V0001")
    profile, taker = recorded(pod, speed=2.0)
    settings = settings_of(taker)
    decoded = profile.decoder(settings).feed(taker.said)
    assert not decoded.refused
    acc, gyr = channels(decoded)
    felt = pod.counts[pod.log.delivered]
    assert len(felt) > 3.5 * pod.rate_hz
    assert settings.rate_hz == pod.rate_hz
    scale = pod.protocol.scale
    np.testing.assert_allclose(
        acc, felt[:, :3] * scale.acc_lsb_g * STANDARD_GRAVITY_MPS2, rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(
        gyr, felt[:, 3:] * scale.gyr_lsb_dps / DEG_PER_RAD, rtol=1e-6, atol=1e-6
    )


def test_a_foot_pod_says_speed_and_cadence_once_a_second():
    pod = VirtualPod(swinging_foot(6.0), protocol="rsc")
    profile, taker = recorded(pod, speed=5.0)
    speed = profile.decoder(settings_of(taker)).feed(taker.said).speed
    np.testing.assert_allclose(speed.speed_mps, 3.5)
    np.testing.assert_allclose(speed.cadence_per_min, 85)
    np.testing.assert_allclose(np.diff(speed.distance_m), 3.5, atol=0.05)
    assert len(speed.host_ns) >= 5
    assert speed.running.all()


def test_every_kind_of_pod_has_a_name_of_its_own_that_fits_an_advertisement():
    names = {VirtualPod(told_foot(1), protocol=name).name for name in PROTOCOLS}
    assert len(names) == len(PROTOCOLS)
    assert all(len(name.encode()) <= 29 for name in names)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_nonsense_is_refused_or_ignored_but_starts_nothing(name):
    protocol = PROTOCOLS[name]()
    ports = [port for _, some in protocol.services for port in some]
    rng = np.random.default_rng(1)
    for _ in range(300):
        payload = rng.integers(128, 256, rng.integers(0, 12), np.uint8).tobytes()
        for port in ports:
            with suppress(RefusedError):
                assert not protocol.react(port.uuid, payload).streaming


def plain_deltas(data):
    """The samples of a delta frame, bit by bit as the description says; independent on purpose."""
    rows = [list(struct.unpack_from("<3h", data))]
    width, count = data[6], data[7]
    number = int.from_bytes(data[8:], "little")
    for step in range(3 * count):
        value = (number >> (width * step)) & ((1 << width) - 1)
        value -= (value >> (width - 1)) << width
        if step % 3 == 0:
            rows.append([])
        rows[-1].append(rows[-2][step % 3] + value)
    return rows


@pytest.mark.parametrize("size", [1, 100, 32767])
def test_delta_frames_hold_the_samples(size):
    counts = np.random.default_rng(size).integers(-size - 1, size + 1, (20, 3))
    packed = deltas(counts)
    assert plain_deltas(packed) == counts.tolist()
    assert len(packed) + 10 <= 244


def test_the_hardest_chunk_of_every_kind_fits_into_a_notification():
    rng = np.random.default_rng(0)
    for name, make in PROTOCOLS.items():
        protocol = make()
        counts = rng.choice([-32768, 32767], (protocol.per_packet, 6))
        for _, payload in protocol.packet(Chunk(0, 0, (1.0, 2.0), counts)):
            assert len(payload) <= 244, name


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_kind_of_pod_is_recognised_by_its_advertisement(name):
    pod = VirtualPod(told_foot(1), protocol=name)
    seen = Advertisement(pod.address, pod.name, (pod.protocol.advertised,))
    assert profile_for(seen) is PROFILES[name]
