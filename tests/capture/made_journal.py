"""Journals of pods whose every sample is known, in the generic pod's packets."""

import struct
from dataclasses import asdict

import numpy as np

from gaitlab.pod.profiles import PROFILES
from gaitlab.recordings.journal import JournalWriter

RATE_HZ, PER_PACKET, TICK_HZ = 200.0, 8, 32768
DATA = PROFILES["generic"].notify[0]
BEGUN_NS = 5_000_000_000_000


def settings():
    """What the generic pod agrees to."""
    conversation = PROFILES["generic"].start(None)
    try:
        next(conversation)
        while True:
            conversation.send(None)
    except StopIteration as end:
        return end.value


def counts(n, seed):
    """(n, 6) what the sensor counted."""
    return np.random.default_rng(seed).integers(-2000, 2000, (n, 6)).astype("<i2")


def packets(n_packets, seed=0, ppm=0.0):
    """(host_ns, payload) of every packet: each arrives when its last sample is due."""
    samples = counts(n_packets * PER_PACKET, seed)
    for k in range(n_packets):
        first = k * PER_PACKET
        tick = round(first / RATE_HZ * TICK_HZ)
        head = struct.pack("<BBHI", 1, PER_PACKET, k % 65536, tick % 2**32)
        due_s = (first + PER_PACKET - 1) / RATE_HZ * (1 + ppm * 1e-6)
        body = samples[first : first + PER_PACKET].tobytes()
        yield BEGUN_NS + round(due_s * 1e9), head + body


def record(folder, n_packets=250, cut=(), drop=(), feet=("left", "right"), close=True):
    """Two pods; the connection breaks before the packets in ``cut``, those in ``drop`` are lost."""
    about = {"name": "run", "athlete": {"name": "Ada", "sex": "f"}, "simulated": True}
    now = [0.0]
    writer = JournalWriter(folder, about, clock=lambda: now[0])
    agreed = {"event": "connected", "settings": asdict(settings()), "identity": {"name": "P"}}
    for pod, foot in enumerate(feet):
        writer.event(pod, BEGUN_NS, {"event": "side", "foot": foot})
        writer.event(pod, BEGUN_NS, agreed)
    writer.event(-1, BEGUN_NS + 10**9, {"event": "mark", "label": "gate", "distance_m": 30})
    both = zip(*(packets(n_packets, pod) for pod in range(len(feet))), strict=True)
    for k, at_once in enumerate(both):
        for pod, (host_ns, payload) in enumerate(at_once):
            now[0] = (host_ns - BEGUN_NS) / 1e9
            if k in cut and pod == 0:
                writer.event(pod, host_ns, {"event": "disconnected", "reason": "out of reach"})
                writer.event(pod, host_ns, agreed)
            if k not in drop:
                writer.add(pod, "data", host_ns, DATA, payload)
    if close:
        writer.close()
    else:
        writer.tick()
    return folder


SPEED = "00002a53-0000-1000-8000-00805f9b34fb"


def speed_message(speed_mps, cadence, stride_m, distance_m):
    """A measurement of the Running Speed and Cadence service, running."""
    return struct.pack(
        "<BHBHI", 7, round(256 * speed_mps), cadence, round(100 * stride_m), round(10 * distance_m)
    )


def add_foot_pod(writer, messages, pod=2, first_ns=BEGUN_NS):
    """A foot pod without raw motion that says one of ``messages`` each second."""
    agreed = {"profile": "rsc", "rate_hz": 1.0}
    writer.event(
        pod, first_ns, {"event": "connected", "settings": agreed, "identity": {"name": "Footy"}}
    )
    for second, message in enumerate(messages):
        writer.add(pod, "data", first_ns + second * 10**9, SPEED, message)
