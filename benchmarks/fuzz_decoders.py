"""Hostile bytes for every decoder: does one raise, invent samples, slow down or grow?

    python benchmarks/fuzz_decoders.py [--seconds 60] [--seed 1]

Seeded, so a failure can be repeated. Bytes are random, or real messages that were cut, joined,
repeated, bit-flipped, shuffled or overwritten. A decoder must neither raise nor warn; its samples
must be finite and within what sensors can measure; every notification of a pod with whole messages
must be decoded or refused; and what a decoder keeps must stay small.
"""

import argparse
import random
import struct
import sys
import time
import warnings
from collections import Counter

import numpy as np

from gaitlab.pod.model import Notification, PodSettings
from gaitlab.pod.profiles import PROFILES
from gaitlab.pod.protocols import generic, movesense
from gaitlab.pod.protocols.packets import FASTEST_MPS2, FASTEST_RADPS
from gaitlab.pod.virtual.polar import deltas

COUNTED = ("generic", "rsc", "thingy52", "bluest", "dot")  # one message, one notification
LARGEST = {"acc": [FASTEST_MPS2] * 3, "gyr": [FASTEST_RADPS] * 3}
LARGEST["imu"] = LARGEST["acc"] + LARGEST["gyr"]
KEPT_BYTES = 2_000


def rightful(name, rng):
    """A message that a pod of this kind might send."""
    body = rng.randbytes
    if name == "generic":
        n = rng.randrange(1, 20)
        return struct.pack("<BBHI", 1, n, rng.randrange(65536), 7) + body(12 * n)
    if name == "movesense":
        n = rng.choice((4, 8))
        acc, gyr = np.full((n, 3), 9.0), np.full((n, 3), 100.0)
        return movesense.pack(movesense.STREAM, rng.randrange(2**32), acc, gyr)
    if name == "polar":
        kind, frame = rng.choice(((2, 1), (2, 2), (2, 0x80), (2, 0x81), (5, 0x80), (5, 0x81)))
        head = struct.pack("<BQB", kind, rng.randrange(2**62), frame)
        if frame < 0x80:
            return head + body(18 * rng.randrange(1, 10))
        size = rng.choice((3, 100, 32767))
        counts = [[rng.randint(-size, size) for _ in range(3)] for _ in range(rng.randrange(2, 40))]
        floats = bytes(12) if frame == 0x81 and kind == 5 else b""
        return head + (floats + bytes((4, 6)) + body(9) if floats else deltas(np.array(counts)))
    return {
        "metamotion": rng.choice((b"\x03\x05", b"\x13\x05", b"\x03\x04")) + body(18),
        "witmotion": b"".join(b"\x55\x61" + body(18) for _ in range(rng.randrange(1, 12))),
        "dot": struct.pack("<I6f", 5, *[rng.uniform(-150, 150) for _ in range(6)]),
        "thingy52": body(18),
        "bluest": body(20),
        "rsc": bytes([7]) + body(9),
    }[name]


def spoiled(payload, rng):
    """The same bytes after something has gone wrong, or other bytes altogether."""
    data = bytearray(payload)
    how = rng.randrange(9)
    if how == 0:
        return rng.randbytes(rng.choice((0, 1, 4, 8, 20, 244, 512, 513, 900)))
    if how == 1:
        del data[rng.randrange(len(data) + 1) :]
    elif how == 2:
        data += rng.randbytes(rng.randrange(1, 40))
    elif how == 3 and data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif how == 4:
        data = data * rng.randrange(2, 5)
    elif how == 5:
        rng.shuffle(data)
    elif how == 6 and data:
        data[rng.randrange(len(data)) :] = bytes([rng.choice((0, 255, 0x55))]) * 20
    elif how == 7:
        del data[: rng.randrange(len(data) + 1)]
    return bytes(data)


def kept_bytes(decoder):
    """What a decoder holds of incomplete messages."""
    total = 0
    for part in decoder._parts.values():
        owner = getattr(part, "__self__", None)
        held = getattr(owner, "_held", None)
        total += len(getattr(owner, "_left", b"")) + len(held.payload if held else b"")
    return total


def one_round(name, rng, seen):
    """A connection: some batches; raises AssertionError where a promise is broken."""
    profile = PROFILES[name]
    chip = rng.choice(("BMI160", "BMI270", "nonsense"))
    decoder = profile.decoder(PodSettings(name, 200.0, 16.0, 2000.0, {"chip": chip}))
    for batch in range(rng.randrange(1, 5)):
        payloads = [rightful(name, rng) for _ in range(rng.randrange(1, 30))]
        payloads = [spoiled(it, rng) if rng.random() < 0.5 else it for it in payloads]
        notes = [
            Notification(100 * batch + i, profile.notify[-1], it) for i, it in enumerate(payloads)
        ]
        if name == "generic" and rng.random() < 0.1:
            notes.append(Notification(100 * batch + 99, generic.CONTROL, b"\1"))
        decoded = decoder.feed(notes)
        for packets in decoded.packets:
            assert np.all(np.abs(packets.samples) <= LARGEST[packets.sensor]), "beyond all ranges"
            assert np.all(np.diff(packets.host_ns) >= 0), "out of order"
            seen["samples"] += len(packets.samples)
        taken = sum(len(packets.host_ns) for packets in decoded.packets)
        taken += len(decoded.speed.host_ns) if decoded.speed else 0
        if name in COUNTED:
            assert taken + sum(decoded.refused.values()) == len(notes), "one was forgotten"
        assert kept_bytes(decoder) <= KEPT_BYTES, "grows"
        seen["notifications"] += len(notes)
        seen["refused"] += sum(decoded.refused.values())


def main(arguments):
    """Fuzz for a while; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    warnings.simplefilter("error")
    seen = {name: Counter() for name in PROFILES}
    end, seed = time.monotonic() + asked.seconds, asked.seed
    while time.monotonic() < end:
        for name in PROFILES:
            try:
                one_round(name, random.Random(f"{name} {seed}"), seen[name])
            except Exception:
                print(f"FAILED: {name}, seed {seed}", file=sys.stderr)
                raise
        seed += 1
    print(f"seeds {asked.seed} to {seed - 1}: nothing raised, nothing invented, nothing grew")
    for name, counts in seen.items():
        print(f"{name:12}" + "".join(f"{n:>12,} {what}" for what, n in sorted(counts.items())))
    total = sum(counts["notifications"] for counts in seen.values())
    print(f"{total:,} notifications in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
