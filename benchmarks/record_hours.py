"""Hours of two pods at 200 Hz through recorder, journal, live analysis and display, no radio.

    python benchmarks/record.py --hours 4

The clock is the one of the packets. For the first minutes the recorder turns and the
display is drawn five times for each second of the run, as on a track, only without the waiting in
between: processor seconds over run seconds are the share of a core in real time. After that it
turns every two seconds, to be done today. Memory is that of the whole process.
"""

import asyncio
import io
import struct
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.live import Live

from gaitlab.capture.finish import finalise
from gaitlab.capture.live_view import LiveView
from gaitlab.capture.recorder import TURN_S, Recorder
from gaitlab.cli.live import frame
from gaitlab.pod.model import Notification
from gaitlab.pod.profiles import PROFILES
from gaitlab.pod.protocols.generic import DEFAULT, settings_of
from gaitlab.pod.virtual import virtual_pods
from gaitlab.recordings.journal import JournalWriter
from gaitlab.recordings.store import read_start

RATE_HZ, PER_PACKET, TICK_HZ = 200.0, 10, 32768
WANTED_SHARE, WANTED_MB_PER_HOUR = 0.10, 15.0
GROWN_MB_PER_HOUR = 5.0  # while recording; making the file keeps the times of the packets
MEASURED_S, LATER_TURN_S = 120.0, 2.0
NS_PER_S = 1e9
DATA = PROFILES["generic"].notify[0]


@dataclass(frozen=True)
class Hours:
    """What a long recording cost."""

    hours: float
    core_share: float
    recording_mb: tuple[float, ...]  # memory every quarter of it
    finish_s: float
    finish_peak_mb: float
    file_mb_per_hour: float
    journal_mb_per_hour: float
    samples: tuple[int, ...]

    @property
    def as_promised(self) -> bool:
        """Cheap, flat, small, complete."""
        first, last = self.recording_mb[0], self.recording_mb[-1]
        expected = int(self.hours * 3600 * RATE_HZ)
        return (
            self.core_share < WANTED_SHARE
            and last - first < GROWN_MB_PER_HOUR * self.hours
            and self.file_mb_per_hour <= WANTED_MB_PER_HOUR
            and all(abs(n - expected) <= PER_PACKET for n in self.samples)
        )


class Clock:
    """The time of the run: moved on by the pods, never by waiting."""

    def __init__(self) -> None:
        self.ns = 1_000_000_000_000
        self.begun_ns = self.ns
        self.turned = asyncio.Event()
        self.spent_s = float("nan")  # processor seconds of the measured minutes

    def now_s(self) -> float:
        return self.ns / NS_PER_S


class Pods:
    """Two pods that run the same minutes again and again, one turn of the recorder at a time."""

    def __init__(self, recorder: Recorder, counts, hours: float, clock: Clock) -> None:
        self.recorder, self.counts, self.clock = recorder, counts, clock
        self.n_packets = int(hours * 3600 * RATE_HZ / PER_PACKET)

    async def run(self, stop: asyncio.Event) -> None:
        """Until the hours are over."""
        began_s = time.process_time()
        for pod in range(len(self.counts)):
            agreed = {"event": "connected", "settings": asdict(settings_of(DEFAULT))}
            facts = {**agreed, "identity": {"name": "gait"}, "host_ns": self.clock.ns}
            self.recorder.on_event(pod, facts)
        for k in range(self.n_packets):
            self.clock.ns = self.clock.begun_ns + round((k + 1) * PER_PACKET / RATE_HZ * NS_PER_S)
            for pod, counts in enumerate(self.counts):
                self.recorder.on_data(pod, Notification(self.clock.ns, DATA, packet(counts, k)))
            passed_s = (k + 1) * PER_PACKET / RATE_HZ
            if passed_s == MEASURED_S:
                self.clock.spent_s = time.process_time() - began_s
            turn_s = TURN_S if passed_s <= MEASURED_S else LATER_TURN_S
            if (k + 1) % round(turn_s * RATE_HZ / PER_PACKET) == 0:
                self.clock.turned.clear()
                await self.clock.turned.wait()
        stop.set()


def packet(counts, k: int) -> bytes:
    """Packet number ``k`` of a pod that feels ``counts`` over and over."""
    first = k * PER_PACKET
    rows = counts[(first + np.arange(PER_PACKET)) % len(counts)]
    tick = round(first / RATE_HZ * TICK_HZ) % 2**32
    return struct.pack("<BBHI", 1, PER_PACKET, k % 65536, tick) + rows.astype("<i2").tobytes()


def hours_of(hours: float, source, folder: Path) -> Hours:
    """Record ``hours`` of ``source`` over and over, and make the file."""
    counts = [pod.counts for pod in virtual_pods(source, rate_hz=RATE_HZ)]
    clock, journal, file = Clock(), folder / "run.gait.journal", folder / "run.gait.parquet"
    feet = [foot.foot for foot in source.feet]
    view, seen = LiveView(feet, "Ada", simulated=True), []
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with (
        JournalWriter(folder / journal.name, {"simulated": True}, clock=clock.now_s) as writer,
        Live(frame(view), console=console, auto_refresh=False) as live,
    ):
        recorder = Recorder(feet, writer, view, clock_ns=lambda: clock.ns)

        def refresh() -> None:
            clock.turned.set()
            live.update(frame(view), refresh=True)
            console.file.seek(0)
            console.file.truncate()
            due = (len(seen) * hours / 4 + 0.02) * 3600
            if (clock.ns - clock.begun_ns) / NS_PER_S >= due:
                seen.append(memory_mb("VmRSS"))

        pods = Pods(recorder, counts, hours, clock)
        asyncio.run(recorder.run([pods], asyncio.Event(), refresh=refresh, turn_s=0.0))
    seen.append(memory_mb("VmRSS"))
    share = clock.spent_s / MEASURED_S
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    began_s = time.process_time()
    finalise(journal, file)
    spent_s, peak_mb = time.process_time() - began_s, memory_mb("VmHWM")
    _, sizes = read_start(file, 60.0)
    size = sum(part.stat().st_size for part in journal.iterdir())
    return Hours(
        hours, share, tuple(seen), spent_s, peak_mb, file.stat().st_size / hours / 1e6,
        size / hours / 1e6, sizes,
    )  # fmt: skip


def memory_mb(name: str) -> float:
    """What the system says of this process: VmRSS now, VmHWM at most."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024
