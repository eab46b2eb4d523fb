"""`gaitlab record` ended at random moments: killed outright, or interrupted once or twice.

    python benchmarks/kill.py [--times 50] [--seconds 12] [--signal KILL|INT|TWICE]

Real processes record two virtual pods. After ``kill -9`` `gaitlab recover` must give every sample
of the journal, and that must have been written to within the last second; after Ctrl-C (also a
second one) everything must be kept, in a file or in a journal, with status 130 and without a
traceback.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaitlab.recordings.journal_reading import read_journal
from gaitlab.recordings.store import read_start

PER_PACKET = 10
MOST_LOST_S = 1.0
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Ended:
    """One process: when it was told to end, what it said, and what is left."""

    after_s: float
    status: int | None
    kept_s: float
    lost_s: float
    said: str
    good: bool


def gaitlab(*arguments: object) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-m", "gaitlab", *map(str, arguments)]


def ended(after_s: float, how: str, folder: Path) -> Ended:
    """Record, send the signal ``after_s`` after the first output, look at what is left."""
    out = folder / "run"
    command = gaitlab("record", "--virtual", 2, "--out", out, "--json")
    with (folder / "out").open("wb") as told, (folder / "err").open("wb") as said:
        process = subprocess.Popen(command, stdout=told, stderr=said, env=os.environ)
        if random.random() < 0.8:  # the others may end while it starts or searches
            until_connected(folder, process)
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL if how == "KILL" else signal.SIGINT)
        killed_s = time.time()
        if how == "TWICE":
            time.sleep(random.uniform(0.0, 1.5))
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        status = process.wait(PATIENCE_S)
    lost_s = max(killed_s - last_batch_s(folder), 0.0) if how == "KILL" else 0.0
    return judged(after_s, status, how, lost_s, folder)


def until_connected(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    """Wait until pods stream, or the process ends."""
    until_s = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until_s:
        if '"connected"' in (folder / "out").read_text():
            return
        time.sleep(0.1)


def last_batch_s(folder: Path) -> float:
    """When the journal was last written to, on the wall clock; now without any."""
    parts = (folder / "run.gait.journal").glob("segment-*.arrow")
    return max((part.stat().st_mtime for part in parts), default=time.time())


def whole(folder: Path) -> bool:
    """Whether the file holds every sample of the journal, if both are there."""
    journal, file = folder / "run.gait.journal", folder / "run.gait.parquet"
    if not (journal.is_dir() and file.exists()):
        return True
    kept = read_journal(journal)
    n_packets = sum(kept.n_rows.values()) - len(kept.told)
    start, _ = read_start(file, 1e9)
    n = sum(int(np.isfinite(foot.acc_mps2[:, 0]).sum()) for foot in start.feet)
    return n == n_packets * PER_PACKET


def judged(after_s: float, status: int, how: str, lost_s: float, folder: Path) -> Ended:
    """Whether what is left is what was promised."""
    said = (folder / "err").read_text(errors="replace")
    journal, file = folder / "run.gait.journal", folder / "run.gait.parquet"
    if journal.is_dir() and not file.exists():
        result = subprocess.run(
            gaitlab("recover", journal), capture_output=True, text=True, env=os.environ, check=False
        )
        said += result.stderr if how == "KILL" else ""
    kept_s = 0.0
    if file.exists():
        start, _ = read_start(file, 1e9)
        kept_s = max(float(foot.time_s[-1]) for foot in start.feet)
    right = status == (-signal.SIGKILL if how == "KILL" else 130)
    good = right and "Traceback" not in said and lost_s <= MOST_LOST_S and whole(folder)
    return Ended(after_s, status, kept_s, lost_s, said.strip().splitlines()[-1:][0] if said else "",
                 good)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Print each process and the worst loss; 0 when all were as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--signal", choices=("KILL", "INT", "TWICE"), default="KILL")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    random.seed(wanted.seed)
    found = []
    for _ in range(wanted.times):
        with tempfile.TemporaryDirectory() as folder:
            found.append(ended(random.uniform(0.3, wanted.seconds), wanted.signal, Path(folder)))
        print(found[-1], flush=True)
    kept = [it for it in found if it.kept_s]
    worst = max((it.lost_s for it in kept), default=float("nan"))
    print(f"{sum(it.good for it in found)} of {len(found)} as promised, {len(kept)} with samples, "
          f"at most {worst:.2f} s lost")  # fmt: skip
    return 0 if all(it.good for it in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
