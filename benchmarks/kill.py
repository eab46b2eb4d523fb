"""`gaitlab record` ended at random moments: killed outright, or interrupted once or twice.

    python benchmarks/kill.py [--times 50] [--seconds 12] [--signal KILL|INT|TWICE]

Real processes record two virtual pods. After ``kill -9`` `gaitlab recover` must give everything up
to at most one second before the end; after Ctrl-C (also a second one) everything must be kept, in
a file or in a journal, with status 130 and without a traceback.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from gaitlab.recordings.store import read_start

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
        seen_s = last_arrival_s(folder)
        process.send_signal(signal.SIGKILL if how == "KILL" else signal.SIGINT)
        if how == "TWICE":
            time.sleep(random.uniform(0.0, 1.5))
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        status = process.wait(PATIENCE_S)
    return judged(after_s, status, how, seen_s, folder)


def until_connected(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    """Wait until pods stream, or the process ends."""
    until_s = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until_s:
        if '"connected"' in (folder / "out").read_text():
            return
        time.sleep(0.1)


def last_arrival_s(folder: Path) -> float:
    """Seconds since the journal began, by the clock that stamps arrivals; 0 without one."""
    about = folder / "run.gait.journal" / "about.json"
    if not about.exists():
        return 0.0
    try:
        begun_ns = json.loads(about.read_bytes())["clock"]["monotonic_ns"]
    except ValueError:
        return 0.0
    return (time.monotonic_ns() - begun_ns) / 1e9


def judged(after_s: float, status: int, how: str, seen_s: float, folder: Path) -> Ended:
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
    lost_s = max(seen_s - kept_s, 0.0) if kept_s else seen_s
    right = status == (-signal.SIGKILL if how == "KILL" else 130)
    # until the pods stream there is nothing to lose
    good = right and "Traceback" not in said and (lost_s <= MOST_LOST_S or not streamed(folder))
    return Ended(after_s, status, kept_s, lost_s, said.strip().splitlines()[-1:][0] if said else "",
                 good)  # fmt: skip


def streamed(folder: Path) -> bool:
    """Whether samples had been coming for a second: a contact was told, or the file has some."""
    return (folder / "run.gait.parquet").exists() or '"contact"' in (folder / "out").read_text()


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
