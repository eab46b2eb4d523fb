"""The pod in a process of its own: ``gaitlab virtual-pod`` over HCI bytes through a pipe."""

import asyncio
import os
import signal
import socket
import subprocess
import sys

import numpy as np
import pytest
from radio_stand_in import StandIn, Taker, sample_numbers, told_foot, until

pytest.importorskip("bumble", reason="virtual pods need the extra 'virtual'")

from gaitlab.model.recording import Recording
from gaitlab.pod.radio import PodSession, scan
from gaitlab.recordings import save

RATE_HZ, SECONDS = 200.0, 4.0


async def air(transport):
    """A virtual adapter, and a controller for whoever is at the other end of ``transport``."""
    from bumble.device import Device
    from bumble.hci import Address

    from gaitlab.pod.virtual.backend import make_backend
    from gaitlab.pod.virtual.link import VirtualLink, make_controller

    link = VirtualLink()
    make_controller(
        "dongle", link, "C0:00:00:00:01:77", host_source=transport.source, host_sink=transport.sink
    )
    radio = make_controller("computer", link, "C0:00:00:00:00:01")
    adapter = Device.with_hci("gaitlab", Address("F0:F1:F2:F3:F4:F5"), radio, radio)
    await adapter.power_on()
    return link, make_backend(adapter)


async def streamed(backend):
    """What a session takes from the only pod around until it has enough."""
    taker, stop = Taker(), asyncio.Event()
    (found,) = await scan(20.0, backend, enough=len)
    session = PodSession(
        StandIn(), found.advertisement.address, found=found, backend=backend,
        on_data=taker.said.append, on_event=taker.events.append,
    )  # fmt: skip
    task = asyncio.create_task(session.run(stop))
    await until(lambda: len(taker.said) * 10 >= SECONDS * RATE_HZ, 15)
    stop.set()
    await task
    return found, taker


def test_a_pod_in_another_process_streams_over_hci(tmp_path):
    from bumble.transport.tcp_server import open_tcp_server_transport_with_socket

    file, listening = tmp_path / "told.gait.parquet", socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    save(Recording("told", (told_foot(60),), simulated=True), file)
    gaitlab = (sys.executable, "-m", "gaitlab", "virtual-pod", "--serial", "T2")
    command = (*gaitlab, "--recording", file, "--transport", f"tcp-client:127.0.0.1:{port}")

    async def main():
        async with await open_tcp_server_transport_with_socket(listening) as transport:
            link, backend = await air(transport)
            pod = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ, text=True)
            try:
                found, taker = await streamed(backend)
            finally:
                pod.send_signal(signal.SIGINT)
                said, _ = await asyncio.to_thread(pod.communicate, timeout=10)
                link.close()
                transport.server.close()  # bumble leaves it open
        return found, taker, pod.returncode, said

    found, taker, status, said = asyncio.run(main())
    assert found.advertisement.name == "gait T2"
    assert taker.named("connected")[0]["identity"]["serial"] == "T2"
    numbers, counters = sample_numbers(taker.said)
    np.testing.assert_array_equal(np.diff(numbers), 1)
    np.testing.assert_array_equal(np.diff(counters), 1)
    took_s = (taker.said[-1].host_ns - taker.said[0].host_ns) * 1e-9
    assert (len(numbers) - 10) / took_s == pytest.approx(RATE_HZ, rel=0.05)
    assert "advertising gait T2" in said
    assert status == 130


def test_a_controller_that_is_not_there_is_one_clear_message():
    done = subprocess.run(
        [sys.executable, "-m", "gaitlab", "virtual-pod", "--transport", "tcp-client:127.0.0.1:9"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 4
    assert "tcp-client:127.0.0.1:9 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_bumble_the_message_names_the_extra():
    hide = "import sys; sys.modules['bumble'] = None; from gaitlab.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", hide, "virtual-pod", "--transport", "usb:0"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 4
    assert 'pip install "gaitlab-running[virtual]"' in done.stderr
