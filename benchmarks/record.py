"""A recording over a virtual radio with faults, against what was sent and against its source.

    python benchmarks/record.py [--minutes 10] [--speed 4]
    python benchmarks/record.py --hours 4       (see record_hours.py)

Two virtual pods at 200 Hz speak through bumble's host stack and bleak: 2 % of the notifications
lost, 1 % repeated, three broken connections, clocks 50 ppm fast and slow. The file must hold every
sample that was sent while connected, once; the loss report must equal what was injected; contacts
of the recording must be those of the source. Then the same bytes go through recorder, journal and
live analysis without any radio, to measure processor time and memory.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from gaitlab.capture.finish import finalise
from gaitlab.capture.live_view import LiveView
from gaitlab.capture.recorder import Recorder
from gaitlab.model.recording import Recording
from gaitlab.pipeline import analyze
from gaitlab.pod.model import Notification
from gaitlab.pod.profiles import profile_for
from gaitlab.pod.radio import PodSession, scan
from gaitlab.pod.virtual import virtual_pods, virtual_radio
from gaitlab.recordings import load
from gaitlab.recordings.journal import JournalWriter
from gaitlab.recordings.journal_reading import parsed, read_journal

CLEAR_S = 0.15  # a contact this far from any missing sample counts
SAME_S = 0.03
WANTED_F1, WANTED_DIFFERENCE_S = 0.99, 0.001


@dataclass(frozen=True)
class Foot:
    """One foot: what was sent and what the file says."""

    every_sample_once: bool
    lost: int
    lost_injected: int
    repeated: int
    repeated_injected: int
    f1: float
    contact_time_difference_s: float
    n_contacts: int


def faults_for(duration_s: float):
    """2 % lost, 1 % repeated, three cuts, clocks 50 ppm fast and slow."""
    from gaitlab.pod.virtual.pod import Cut, Faults

    cuts = [
        tuple(Cut((k + 0.5 + 0.1 * pod) * duration_s / 3, 1.0) for k in range(3)) for pod in (0, 1)
    ]
    return tuple(
        Faults(loss=0.02, repeat=0.01, cuts=cuts[pod], drift_ppm=ppm, seed=pod)
        for pod, ppm in ((0, 50.0), (1, -50.0))
    )


async def recorded(source: Recording, pods, folder: Path, speed: float, *, interval_s: float = 0.0):
    """Record ``pods`` into a journal until their run is over; notifications the view left out."""
    stop, feet = asyncio.Event(), [foot.foot for foot in source.feet]
    async with virtual_radio(*pods, speed=speed, interval_s=interval_s) as radio:
        wanted = {pod.address for pod in pods}
        found = await scan(10.0, radio.backend, enough=lambda seen: wanted <= addresses(seen))
        by_address = {it.advertisement.address: it for it in found}
        about = {"pods": [{"foot": foot} for foot in feet], "simulated": True}
        with JournalWriter(folder, about) as journal:
            recorder = Recorder(feet, journal, LiveView(feet), clock_ns=radio.clock_ns)
            lock = asyncio.Lock()
            sessions = [
                PodSession(
                    profile_for(by_address[pod.address].advertisement), pod.address,
                    found=by_address[pod.address], on_data=partial(recorder.on_data, number),
                    on_event=partial(recorder.on_event, number), backend=radio.backend,
                    connect_lock=lock, clock_ns=radio.clock_ns,
                )
                for number, pod in enumerate(pods)
            ]  # fmt: skip

            async def end():
                await asyncio.gather(*(pod.finished.wait() for pod in pods))
                heard = -1  # what is on its way comes, however busy this computer is
                while heard < recorder.n_received:
                    heard = recorder.n_received
                    await asyncio.sleep(0.5)
                stop.set()

            ending = asyncio.create_task(end())
            await recorder.run(sessions, stop)
            await ending
    return recorder


def addresses(found):
    """Of the pods that a scan has shown."""
    return {it.advertisement.address for it in found}


def compared(source: Recording, pods, made: Recording, report) -> list[Foot]:
    """Each foot of the file beside what its pod sent."""
    felt, offsets = [], []
    for pod in pods:
        kept = made.foot(pod.side)
        known = np.isfinite(kept.acc_mps2).all(axis=1)
        sent = np.unique(pod.log.delivered)
        k = np.arange(len(pod.counts))
        time_s = pod.stream.time_s[0] + k / pod.rate_hz / (1 + pod.faults.drift_ppm * 1e-6)
        scale = pod.protocol.scale
        values = pod.counts * np.repeat(
            [scale.acc_lsb_g * 9.80665, np.radians(scale.gyr_lsb_dps)], 3
        )
        felt.append(replace(pod.stream, time_s=time_s, acc_mps2=values[:, :3],
                            gyr_radps=values[:, 3:], declared_rate_hz=pod.rate_hz,
                            acc_range_mps2=kept.acc_range_mps2,
                            gyr_range_radps=kept.gyr_range_radps))  # fmt: skip
        got = np.column_stack((kept.acc_mps2, kept.gyr_radps))[known]
        same = got.shape == values[sent].shape and np.allclose(got, values[sent], atol=1e-6)
        clocks = (time_s[sent], kept.time_s[known]) if same else (time_s[:1], time_s[:1])
        offsets.append((bool(same), clocks, kept.time_s[known], pod))
    want = analyze(replace(source, feet=tuple(felt))).contacts
    got = analyze(made).contacts
    return [one_foot(code, *offsets[code], want, got, report.pods[code].stream) for code in (0, 1)]


def one_foot(code, same, clocks, known_s, pod, want, got, loss) -> Foot:
    """Contacts outside gaps matched one to one, and the losses beside those injected."""
    want, got = want.where(want.foot == code), got.where(got.foot == code)
    want_s = np.column_stack((np.interp(want.ic_time_s, *clocks), want.contact_time_s))
    got_s = np.column_stack((got.ic_time_s, got.contact_time_s))
    want_s, got_s = (one[is_clear(one, known_s)] for one in (want_s, got_s))
    apart = np.abs(want_s[:, None, 0] - got_s[None, :, 0])
    nearest = apart.argmin(axis=1)
    hit = apart.min(axis=1) < SAME_S
    difference = np.abs(want_s[hit, 1] - got_s[nearest[hit], 1])
    lost, repeated = injected(pod)
    f1 = float(2 * np.count_nonzero(hit) / (len(want_s) + len(got_s)))
    return Foot(same, loss.lost, lost, loss.repeated, repeated, f1,
                float(np.nanmedian(difference)), len(want_s))  # fmt: skip


def is_clear(contacts, known_s):
    """(k,) whether no sample is missing from well before a contact to well after it."""
    edges = np.concatenate(([-np.inf], known_s, [np.inf]))
    holes = np.flatnonzero(np.diff(edges) > 0.02)
    hole_s = np.column_stack((edges[holes], edges[holes + 1]))
    begin = contacts[:, 0] - CLEAR_S
    end = contacts[:, 0] + np.nan_to_num(contacts[:, 1], nan=0.2) + CLEAR_S
    return ~((hole_s[None, :, 0] < end[:, None]) & (hole_s[None, :, 1] > begin[:, None])).any(
        axis=1
    )


def injected(pod) -> tuple[int, int]:
    """Samples that were lost between two others of a connection, and that came twice."""
    lost = 0
    for connection in np.unique(pod.log.connections):
        came = pod.log.packets("sent", "repeated", connection=connection)
        gone = pod.log.packets("lost", connection=connection)
        if len(came):
            lost += int(np.count_nonzero((gone > came.min()) & (gone < came.max())))
    per = pod.log.per_packet
    return lost * per, len(pod.log.packets("repeated")) * per


def trial(source: Recording, folder: Path, speed: float):
    """Record, finish and compare; feet, the file, the journal and the duration."""
    duration_s = min(float(np.ptp(foot.time_s)) for foot in source.feet)
    pods = virtual_pods(source, faults=faults_for(duration_s), rate_hz=200.0)
    journal, file = folder / "run.gait.journal", folder / "run.gait.parquet"
    recorder = asyncio.run(recorded(source, pods, journal, speed))
    _, report = finalise(journal, file)
    return compared(source, pods, load(file), report), file, journal, recorder


class Again:
    """A session that says what a journal holds, as fast as it can."""

    def __init__(self, recorder, pod, rows, clock):
        self.recorder, self.pod, self.rows, self.clock = recorder, pod, rows, clock

    async def run(self, stop):
        for row in self.rows:
            self.clock[0] = max(self.clock[0], row["host_ns"])
            if row["kind"] == "data":
                said = Notification(row["host_ns"], row["characteristic"], row["payload"])
                self.recorder.on_data(self.pod, said)
            else:
                facts = parsed(row["payload"])
                if facts.get("event") != "side":
                    self.recorder.on_event(self.pod, {**facts, "host_ns": row["host_ns"]})
            while self.clock[0] < self.clock[1 + self.pod]:
                await asyncio.sleep(0)
            if len(self.recorder._queue) > 40:
                await asyncio.sleep(0.001)


def cpu_share(journal: Path, folder: Path) -> tuple[float, float]:
    """Processor seconds for one recorded second of two pods, and how much memory grew, MB."""
    kept = read_journal(journal)
    rows = [kept.of_pod(pod).to_pylist() for pod in kept.pods]
    clock = [int(kept.host_ns[0]), 0, 0]
    memory, began = peak_mb(), time.process_time()
    with JournalWriter(folder / "again.gait.journal", {}) as writer:
        recorder = Recorder(["left", "right"], writer, LiveView(["left", "right"]),
                            clock_ns=lambda: clock[0], queue_limit=10**9)  # fmt: skip
        sessions = [Again(recorder, pod, rows[pod], clock) for pod in (0, 1)]
        asyncio.run(recorder.run(sessions, asyncio.Event()))
    spent = time.process_time() - began
    return spent / ((kept.host_ns[-1] - kept.host_ns[0]) * 1e-9), peak_mb() - memory


def peak_mb() -> float:
    """Most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def long_run(minutes: float) -> Recording:
    """A simulated runner of so many minutes."""
    from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand

    phases = (stand(3.0), run(3.4, duration_s=60 * minutes - 6.0), stand(3.0))
    return simulate(
        DISTANCE, Programme("long", phases), (Pod("left"), Pod("right")), seed=4
    ).recording


def main(arguments: list[str]) -> int:
    """Print what was found; 0 when all of it is as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--speed", type=float, default=4.0)
    parser.add_argument("--hours", type=float, help="what a long recording costs instead")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        if wanted.hours:
            from record_hours import hours_of

            cost = hours_of(wanted.hours, long_run(10.0), Path(folder))
            print(cost)
            print("as promised" if cost.as_promised else "NOT as promised")
            return 0 if cost.as_promised else 1
        feet, file, journal, recorder = trial(long_run(wanted.minutes), Path(folder), wanted.speed)
        for foot in feet:
            print(foot)
        per_hour = 60 / wanted.minutes / 1e6
        print(f"file {file.stat().st_size * per_hour:.1f} MB per hour")
        size = sum(part.stat().st_size for part in journal.iterdir())
        print(f"journal {size * per_hour:.1f} MB per hour, view left out {recorder.dropped}")
        share, grown = cpu_share(journal, Path(folder))
        print(f"processor {100 * share:.1f} % of a core at real time, memory grew {grown:.0f} MB")
    good = all(
        foot.every_sample_once
        and (foot.lost, foot.repeated) == (foot.lost_injected, foot.repeated_injected)
        and foot.f1 >= WANTED_F1
        and foot.contact_time_difference_s <= WANTED_DIFFERENCE_S
        for foot in feet
    )
    print("as promised" if good else "NOT as promised")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
