"""A stored recording, fed to the live analysis as the pods once fed it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gaitlab.live import LiveAnalyzer, no_contacts
from gaitlab.model.gait import Contacts
from gaitlab.model.recording import Foot, FootStream, Recording
from gaitlab.model.units import Floats, Ints

BATCH_S = 0.02
APART = 1.75  # sample intervals from which on one is missing


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """What one batch brought.

    time_s : how far the recording has been played, from its first sample
    lost : samples missing so far, of each foot
    contacts : that became final with this batch
    last : nothing follows
    """

    time_s: float
    lost: dict[Foot, int]
    contacts: Contacts
    last: bool = False


def replay(recording: Recording, batch_s: float = BATCH_S) -> Iterator[Replayed]:
    """Feed ``recording`` to a LiveAnalyzer in batches of ``batch_s``; lazily, one at a time."""
    live = LiveAnalyzer.for_recording(recording)
    begin_s = min((float(foot.time_s[0]) for foot in recording.feet if foot.n_samples), default=0.0)
    ends = [_batch_ends(foot, begin_s, batch_s) for foot in recording.feet]
    lost = [np.cumsum(missing_samples(foot)) for foot in recording.feet]
    n_batches = max(len(one) for one in ends)
    counted: dict[Foot, int] = {foot.foot: 0 for foot in recording.feet}
    for batch in range(n_batches):
        for foot, end, gone in zip(recording.feet, ends, lost, strict=True):
            if batch >= len(end):
                continue
            part = slice(end[batch - 1] if batch else 0, end[batch])
            if part.start == part.stop:
                continue
            counted[foot.foot] = int(gone[part.stop - 1])
            contacts = live.feed(
                foot.foot, foot.time_s[part], foot.acc_mps2[part], foot.gyr_radps[part]
            )
            if len(contacts):
                yield Replayed((batch + 1) * batch_s, dict(counted), contacts)
        yield Replayed((batch + 1) * batch_s, dict(counted), no_contacts())
    yield Replayed(n_batches * batch_s, dict(counted), live.finish(), last=True)


def _batch_ends(foot: FootStream, begin_s: float, batch_s: float) -> Ints:
    """(n_batches,) rows of ``foot`` that have come by the end of each batch."""
    if not foot.n_samples:
        return np.zeros(0, np.int64)
    came_s = np.maximum.accumulate(np.nan_to_num(foot.time_s - begin_s, nan=0.0))
    n = int(came_s[-1] // batch_s) + 1
    return np.searchsorted(came_s, batch_s * np.arange(1, n + 1), "left")


def missing_samples(foot: FootStream) -> Ints:
    """(n,) samples that are missing at or before each row: rows that are NaN, and holes in time."""
    lost: Ints = np.asarray(np.isnan(foot.acc_mps2).all(axis=1), np.int64)
    steps_s: Floats = np.diff(foot.time_s)
    usual_s = float(np.median(steps_s)) if len(steps_s) else 0.0
    if usual_s > 0:
        holes = np.nan_to_num(steps_s) > APART * usual_s
        lost[1:][holes] += np.rint(steps_s[holes] / usual_s).astype(np.int64) - 1
    return lost
