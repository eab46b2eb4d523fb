"""A short simulated run, how two pods would deliver it, and how much two results agree."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from gaitlab.live import LiveAnalyzer
from gaitlab.model.gait import Contacts
from gaitlab.model.recording import FootStream, Recording
from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand, walk

EASY = Programme("easy", (stand(3.0), walk(3.0), run(3.8, duration_s=14.0), walk(3.0), stand(5.0)))


def made(programme=EASY, feet=("left", "right"), seed=5, **pod):
    pod.setdefault("acc_range_g", 32.0)
    return simulate(DISTANCE, programme, tuple(Pod(foot, **pod) for foot in feet), seed=seed)


def part(stream: FootStream, use) -> FootStream:
    """Some samples of a stream, by a mask, a slice or indices."""
    return replace(
        stream, time_s=stream.time_s[use], acc_mps2=stream.acc_mps2[use],
        gyr_radps=stream.gyr_radps[use],
    )  # fmt: skip


def in_turn(recording: Recording, sizes: Iterable[int]) -> Iterator[tuple[str, FootStream]]:
    """Batches of the given sizes (repeated), all feet of a batch before the next one."""
    sizes, at = list(sizes), 0
    longest, turn = max(stream.n_samples for stream in recording.feet), 0
    while at < longest:
        size = sizes[turn % len(sizes)]
        for stream in recording.feet:
            yield stream.foot, part(stream, slice(at, at + size))
        at, turn = at + size, turn + 1


def together(parts: list[Contacts]) -> Contacts:
    """All contacts in the order of being given."""
    names = Contacts.__dataclass_fields__
    return Contacts(**{n: np.concatenate([getattr(one, n) for one in parts]) for n in names})


def fed(analyzer: LiveAnalyzer, batches, watch: Callable | None = None) -> Contacts:
    """Everything that the analyzer gives for the batches, the end included."""
    given = []
    for foot, batch in batches:
        new = analyzer.feed(foot, batch.time_s, batch.acc_mps2, batch.gyr_radps)
        given.append(new)
        if watch is not None:
            watch(analyzer, batch, new)
    return together([*given, analyzer.finish()])


def replayed(recording: Recording, size: int = 20, watch: Callable | None = None) -> Contacts:
    return fed(LiveAnalyzer.for_recording(recording), in_turn(recording, [size]), watch)


def pairs(live: Contacts, batch: Contacts) -> tuple[np.ndarray, np.ndarray]:
    """Indices of contacts of the same foot within 80 ms that choose each other."""
    apart = np.abs(live.ic_time_s[:, None] - batch.ic_time_s)
    apart[live.foot[:, None] != batch.foot] = np.inf
    if not apart.size:
        return np.empty(0, int), np.empty(0, int)
    near = apart.argmin(axis=1)
    mutual = apart.argmin(axis=0)[near] == np.arange(len(live))
    mutual &= apart[np.arange(len(live)), near] < 0.08
    return np.flatnonzero(mutual), near[mutual]


def same(live: Contacts, batch: Contacts, sample_s: float) -> dict[str, float]:
    """F1 and the shares of matched contacts that agree."""
    i, j = pairs(live, batch)
    ic = np.abs(live.ic_time_s[i] - batch.ic_time_s[j])
    tc = np.abs(live.tc_time_s[i] - batch.tc_time_s[j])
    no_end = np.isnan(live.tc_time_s[i]) & np.isnan(batch.tc_time_s[j])
    near = (ic <= sample_s) & (no_end | (tc <= sample_s))
    return {
        "f1": 2 * len(i) / max(len(live) + len(batch), 1),
        "times": float(near.mean()),
        "strike": float((live.strike[i] == batch.strike[j]).mean()),
        "activity": float((live.activity[i] == batch.activity[j]).mean()),
    }
