"""Live against batch: do they give the same contacts, how late, and at what cost?

    python benchmarks/live.py [--batch-ms 20] [RECORDING...]

Without recordings: the bundled ones, and those of GAITLAB_SHARED_DATA (or ../shared/data beside
the project). Each is fed as two pods would deliver it, batch by batch, and compared with the
analysis of the whole. Leaves with 1 when all together miss a promise of docs/live.md; the single
recordings that do are marked.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaitlab.live import LiveAnalyzer
from gaitlab.model.gait import Contacts
from gaitlab.model.recording import Recording
from gaitlab.pipeline import analyze
from gaitlab.recordings import load

PROJECT = Path(__file__).resolve().parents[1]
TOLERANCE_S = 0.080
WANTED = {"f1": 0.99, "times": 0.99, "strike": 0.98, "activity": 0.98, "cpu_ms": 1.0}
NAMES = ("ic_time_s", "tc_time_s", "strike_angle_rad", "stride_length_m")


@dataclass(frozen=True)
class Agreement:
    """Live contacts beside those of the batch analysis; shares of the matched pairs.

    times : initial and terminal contact both within one sample, or missing in both
    late_s : median and 95th percentile from the end of a contact to the sample that gave it
    """

    n_batch: int
    n_live: int
    matched: int
    times: float
    strike: float
    activity: float
    angle_deg: float
    length_pct: float
    late_strides: tuple[float, float]
    cpu_ms: float
    longest_ms: float
    held: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.n_batch + self.n_live
        return 2 * self.matched / total if total else 1.0

    @property
    def misses(self) -> list[str]:
        """The promises that this recording does not keep."""
        low = [name for name in ("f1", "times", "strike", "activity")
               if self.matched and getattr(self, name) < WANTED[name]]  # fmt: skip
        return low + (["cpu_ms"] if self.cpu_ms > WANTED["cpu_ms"] else [])


def batches(recording: Recording, batch_s: float) -> Iterator[tuple[str, slice]]:
    """Batches of all feet in the order of their arrival."""
    cuts = []
    for stream in recording.feet:
        size = batch_samples(stream.time_s, batch_s)
        starts = np.arange(0, stream.n_samples, size)
        arrival = np.arange(1, len(starts) + 1) * size
        cuts += [
            (at, stream.foot, slice(int(a), int(a) + size))
            for at, a in zip(arrival, starts, strict=True)
        ]
    for _, foot, part in sorted(cuts, key=lambda cut: (cut[0], cut[1])):
        yield foot, part


def batch_samples(time_s: np.ndarray, batch_s: float) -> int:
    """Samples in a batch of that length."""
    step_s = np.diff(time_s)
    return max(round(batch_s / float(np.mean(step_s[(step_s > 0) & (step_s < 0.1)]))), 1)


def replayed(recording: Recording, batch_s: float):
    """Live contacts, the time at which each was given, CPU s of every batch, most samples held."""
    analyzer = LiveAnalyzer.for_recording(recording)
    streams = {stream.foot: stream for stream in recording.feet}
    given, at_s, cpu_s, held = [], [], [], 0
    for foot, part in batches(recording, batch_s):
        one = streams[foot]
        began = time.process_time()
        new = analyzer.feed(foot, one.time_s[part], one.acc_mps2[part], one.gyr_radps[part])
        cpu_s.append(time.process_time() - began)
        if len(new):
            given.append(new)
            at_s.append(np.full(len(new), one.time_s[part][-1]))
            held = max(held, analyzer.samples_held)
    rest = analyzer.finish()
    given.append(rest)
    at_s.append(np.full(len(rest), np.nan))
    return together(given), np.concatenate(at_s), np.array(cpu_s), held


def together(parts: list[Contacts]) -> Contacts:
    """All contacts in the order in which they were given."""
    names = Contacts.__dataclass_fields__
    return Contacts(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in names})


def pairs(live: Contacts, batch: Contacts) -> tuple[np.ndarray, np.ndarray]:
    """Indices of contacts that are each other's nearest, per foot."""
    found, wanted = [], []
    for code in np.unique(batch.foot):
        i, j = np.flatnonzero(live.foot == code), np.flatnonzero(batch.foot == code)
        if not len(i) or not len(j):
            continue
        gap = np.abs(live.ic_time_s[i][:, None] - batch.ic_time_s[j])
        near, back = gap.argmin(axis=1), gap.argmin(axis=0)
        mutual = (back[near] == np.arange(len(i))) & (gap.min(axis=1) < TOLERANCE_S)
        found.append(i[mutual])
        wanted.append(j[near[mutual]])
    none = [np.empty(0, dtype=int)]
    return np.concatenate(found or none), np.concatenate(wanted or none)


def agreement(recording: Recording, batch_s: float = 0.02) -> Agreement:
    """Feed the recording in batches and compare with the analysis of the whole."""
    whole = analyze(recording)
    batch, sample_s = whole.contacts, 1.0 / min(foot.rate_hz for foot in whole.signals)
    live, at_s, cpu_s, held = replayed(recording, batch_s)
    i, j = pairs(live, batch)
    off = {name: getattr(live, name)[i] - getattr(batch, name)[j] for name in NAMES}
    both_nan = np.isnan(live.tc_time_s[i]) & np.isnan(batch.tc_time_s[j])
    near = np.abs(off["ic_time_s"]) <= sample_s
    near &= both_nan | (np.abs(off["tc_time_s"]) <= sample_s)
    wait_s = at_s[i] - batch.tc_time_s[j]
    late = wait_s / batch.stride_time_s[j]
    late = late[np.isfinite(late)]
    return Agreement(
        len(batch), len(live), len(i), share(near),
        share(live.strike[i] == batch.strike[j]), share(live.activity[i] == batch.activity[j]),
        float(np.degrees(spread(off["strike_angle_rad"]))),
        100 * spread(off["stride_length_m"] / batch.stride_length_m[j]),
        (float(np.median(late)), float(np.percentile(late, 95))) if len(late) else (np.nan,) * 2,
        1000 * float(cpu_s.mean()) * len(recording.feet), 1000 * float(cpu_s.max()), held,
    )  # fmt: skip


def share(mask: np.ndarray) -> float:
    """Mean of a mask, 1 for nothing."""
    return float(np.mean(mask)) if len(mask) else 1.0


def spread(error: np.ndarray) -> float:
    """Root mean square of what is known."""
    known = error[np.isfinite(error)]
    return float(np.sqrt(np.mean(known**2))) if len(known) else 0.0


def everything() -> list[Path]:
    """The bundled recordings, and those that are not part of the project."""
    shared = os.environ.get("GAITLAB_SHARED_DATA")
    folder = (Path(shared) if shared else PROJECT.parent / "shared" / "data") / "sim-dev"
    made = [path for path in sorted(folder.glob("*.parquet")) if "truth" not in path.name]
    return sorted((PROJECT / "recordings").glob("*.gait.parquet")) + made


def main(arguments: list[str]) -> int:
    """Print a line per recording; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--batch-ms", type=float, default=20.0)
    options = parser.parse_args(arguments)
    print(
        f"{'recording':28} {'batch':>5} {'live':>5} {'F1':>6} {'times':>6} {'strike':>6}"
        f" {'activ.':>6} {'angle':>6} {'length':>6} {'late, strides':>14} {'CPU ms':>6}"
        f" {'worst':>6} {'held':>6}"
    )
    all_of_them = []
    for path in options.recordings or everything():
        one = agreement(load(path), options.batch_ms / 1000)
        all_of_them.append(one)
        print(
            f"{path.name.split('.')[0]:28} {one.n_batch:5} {one.n_live:5} {one.f1:6.3f}"
            f" {one.times:6.3f} {one.strike:6.3f} {one.activity:6.3f} {one.angle_deg:6.2f}"
            f" {one.length_pct:6.2f} {one.late_strides[0]:6.1f} {one.late_strides[1]:7.1f}"
            f" {one.cpu_ms:6.2f} {one.longest_ms:6.0f} {one.held:6}  {' '.join(one.misses)}",
            flush=True,
        )
    n = np.array([one.matched for one in all_of_them])
    pooled = {
        name: float(np.average([getattr(one, name) for one in all_of_them], weights=n))
        for name in WANTED
    }
    missed = [name for name, value in pooled.items()
              if (value > WANTED[name] if name == "cpu_ms" else value < WANTED[name])]  # fmt: skip
    print(f"pooled over {n.sum()} contacts: "
          + ", ".join(f"{name} {value:.3f}" for name, value in pooled.items())
          + (f"; missed: {', '.join(missed)}" if missed else ""))  # fmt: skip
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
