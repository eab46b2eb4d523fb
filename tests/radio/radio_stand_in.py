"""A profile for the generic pod that needs no other part of gaitlab, and a foot that is told."""

import asyncio
import struct
from dataclasses import dataclass

import numpy as np

from gaitlab.model.recording import FootStream
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2
from gaitlab.pod.model import Conversation, PodSettings, Read, Write

SERVICE = "6a170001-5b1e-4c39-9e1c-9a1d70f00d01"
DATA = "6a170002-5b1e-4c39-9e1c-9a1d70f00d01"
CONTROL = "6a170003-5b1e-4c39-9e1c-9a1d70f00d01"
HEADER = struct.Struct("<BBHI")


@dataclass(frozen=True)
class StandIn:
    name: str = "generic"
    title: str = "generic pod"
    notify: tuple[str, ...] = (DATA,)
    notify_if_there: tuple[str, ...] = ()
    start_bytes: bytes = b"\x01"

    def start(self, wanted_rate_hz: float | None) -> Conversation:
        yield Read(CONTROL)
        yield Write(CONTROL, self.start_bytes)
        return PodSettings("generic", wanted_rate_hz or 200.0, 16.0, 2000.0)

    def stop(self):
        return (Write(CONTROL, b"\x00"),)


def told_foot(seconds, foot="left", rate_hz=200.0, start_s=0.0):
    """Sample i reads i counts of gravity's direction, its high part in the angular rate."""
    n = round(seconds * rate_hz)
    i = np.arange(n)
    counts = np.zeros((n, 6))
    counts[:, 0] = 2048  # one g, so that it may be a recording
    counts[:, 2], counts[:, 3], counts[:, 4] = i % 1000, i // 1000, 7
    acc = counts[:, :3] / 2048 * STANDARD_GRAVITY_MPS2
    gyr = counts[:, 3:] / 16.4 * RAD_PER_DEG
    return FootStream(foot, start_s + i / rate_hz, acc, gyr, declared_rate_hz=rate_hz)


def sample_numbers(notifications):
    """The samples in generic packets, as they number themselves; and the packets' counters."""
    numbers, counters = [], []
    for said in notifications:
        version, n, counter, _ = HEADER.unpack_from(said.payload)
        assert version == 1
        rows = np.frombuffer(said.payload[8:], "<i2").reshape(n, 6)
        numbers.append(rows[:, 2] + 1000 * rows[:, 3].astype(int))
        counters.append(counter)
    return (np.concatenate(numbers) if numbers else np.empty(0, int)), np.array(counters)


class Taker:
    """Takes what a session hands on."""

    def __init__(self):
        self.said, self.events = [], []

    def named(self, event):
        return [it for it in self.events if it["event"] == event]

    def reasons(self):
        return [it["reason"] for it in self.named("disconnected")]


async def until(condition, seconds=10.0):
    """Wait for ``condition()``; fails the test when it does not come true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
