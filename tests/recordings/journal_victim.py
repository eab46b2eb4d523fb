"""Starts a recorder for every ``folder seconds`` on the command line and kills it after so long.

Prints when each was killed, on the monotonic clock. One process that forks, because starting
Python fifty times would take most of the time.
"""

import os
import signal
import sys
import time
from pathlib import Path

from gaitlab.recordings.journal import JournalWriter, _Messages


def record(folder: str) -> None:
    """Write rows that count up until somebody ends this."""
    with JournalWriter(folder, {"athlete": {"name": "Ada"}}) as writer:
        number = 0
        while True:
            writer.add(number % 2, "data", time.monotonic_ns(), "c", number.to_bytes(8, "little"))
            number += 1
            time.sleep(0.005)


def kill_after(folder: str, seconds: float) -> int:
    """A recorder that lives ``seconds`` from its first row's chance on; when it was killed."""
    child = os.fork()
    if child == 0:
        record(folder)
    segment = Path(folder) / "segment-0001.arrow"
    while not (segment.exists() and segment.stat().st_size):
        time.sleep(0.005)
    time.sleep(seconds)
    now_ns = time.monotonic_ns()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return now_ns


if __name__ == "__main__":
    _Messages(b"").batch([(0, 0, "data", "", b"")])  # imports everything once
    for folder, seconds in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        sys.stdout.write(f"{kill_after(folder, float(seconds))}\n")
