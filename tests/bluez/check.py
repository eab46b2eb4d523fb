"""Two sessions on the real Linux stack (bleak's BlueZ backend, bluetoothd, kernel) and two pods.

Needs /dev/vhci and a running bluetoothd: ``run.sh`` provides both inside a virtual machine.
"""

import asyncio
import subprocess
import sys

import numpy as np
from bumble import hci
from bumble.transport import open_transport

from gaitlab.model.recording import FootStream
from gaitlab.pod.profiles import profile_for
from gaitlab.pod.radio import PodSession, scan
from gaitlab.pod.virtual.link import VirtualLink, make_controller
from gaitlab.pod.virtual.pod import Cut, Faults, VirtualPod
from gaitlab.pod.virtual.world import World

SECONDS = 60
POWER_ON = (
    "dbus-send --system --print-reply --dest=org.bluez /org/bluez/hci0 "
    "org.freedesktop.DBus.Properties.Set string:org.bluez.Adapter1 string:Powered "
    "variant:boolean:true"
)


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def numbered_foot(side):
    """Every sample is its own number."""
    n = np.arange(SECONDS * 200)
    counts = np.stack([2048 + 0 * n, n % 1000, n // 1000], axis=1)
    acc = counts / 2048 * 9.80665
    return FootStream(side, n / 200, acc, np.zeros_like(acc))


async def linux_adapter(link, transport):
    """hci0 of this machine, on ``link``; powered through D-Bus as a user would."""
    adapter = make_controller(
        "hci0", link, "C0:00:00:00:00:01", host_source=transport.source, host_sink=transport.sink
    )
    adapter.manufacturer_company_identifier = 0xB1EA
    adapter.le_features &= ~(  # the kernel wants the plain commands, as in bleak's own tests
        hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    )
    for _ in range(60):
        done = await asyncio.to_thread(
            subprocess.run, POWER_ON.split(), capture_output=True, check=False
        )
        if done.returncode == 0:
            return
        await asyncio.sleep(1)
    raise SystemExit("the adapter cannot be powered")


def sample_numbers(payloads):
    rows = np.concatenate([np.frombuffer(it[8:], "<i2").reshape(-1, 6) for it in payloads])
    return rows[:, 1] + 1000 * rows[:, 2].astype(int)


async def main():
    link, world = VirtualLink(), World()
    faults = (Faults(cuts=(Cut(20.0),), drift_ppm=0.0), Faults(loss=0.02, repeat=0.01, seed=1))
    pods = [
        VirtualPod(numbered_foot(side), serial=serial, faults=fault)
        for side, serial, fault in zip(("left", "right"), ("V0001", "V0002"), faults, strict=True)
    ]
    async with await open_transport("vhci") as transport:
        await linux_adapter(link, transport)
        for number, pod in enumerate(pods):
            chip = make_controller(pod.name, link, f"C0:00:00:00:01:{number:02X}")
            await pod.power_on(chip, chip, world)
        found = await scan(60, enough=lambda seen: sum(map(is_ours, seen)) == 2)
        say("SCAN", [it.advertisement for it in found])
        said = {pod.address: [] for pod in pods}
        events = {pod.address: [] for pod in pods}
        stop, lock = asyncio.Event(), asyncio.Lock()
        tasks = [
            asyncio.create_task(
                PodSession(
                    profile_for(it.advertisement), it.advertisement.address, found=it,
                    on_data=said[it.advertisement.address].append,
                    on_event=events[it.advertisement.address].append, connect_lock=lock,
                ).run(stop)
            )
            for it in found if is_ours(it)
        ]  # fmt: skip
        async with asyncio.timeout(SECONDS + 120):
            await asyncio.gather(*(pod.finished.wait() for pod in pods))
        stop.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*tasks)
        return [judged(pod, said[pod.address], events[pod.address]) for pod in pods]


def is_ours(found):
    return found.advertisement.name.startswith("gait ")


def judged(pod, said, events):
    """True when exactly what the pod sent has arrived."""
    payloads = [it.payload for it in said if it.characteristic == pod.protocol.data]
    numbers, sent = sample_numbers(payloads), pod.log.delivered
    same = np.array_equal(np.unique(numbers), sent)
    repeats = len(payloads) - len(set(payloads))
    wanted = len(pod.log.packets("repeated"))
    reasons = [it["reason"] for it in events if it["event"] == "disconnected"]
    say(
        "RESULT", pod.name, f"sent={len(sent)} received={len(np.unique(numbers))} same={same}",
        f"repeats={repeats}/{wanted} connections={pod.n_connections} ends={reasons}",
        f"missing={np.setdiff1d(sent, numbers)[:5]}",
    )  # fmt: skip
    waits = [it for it in events if it["event"] == "waiting"]
    say("WAITS", pod.name, [(it["reason"], it["why"]) for it in waits])
    return same and repeats == wanted


if __name__ == "__main__":
    raise SystemExit(0 if all(asyncio.run(main())) else 1)
