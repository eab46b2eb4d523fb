"""The contacts of a long foot, found in blocks.

Arrays of hours take long to clear and to walk through, at every step of the analysis. In blocks
of a quarter of an hour a minute of a long recording costs what a minute of a short one does.
Blocks overlap by more than anything in the analysis looks back or ahead, so the
contacts are those of the whole; the seam lies between two of them.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Floats
from gaitlab.signal.period import hop_samples
from gaitlab.strides.foot import FootContacts, join, pick

BLOCK_S = 900.0
LEAD_S = 32.0  # twenty strides of a slow walker: what is usual is asked of so many
LAG_S = 6.0  # two strides, and what a stride looks ahead


def in_blocks(
    signal: FootSignal, contacts_of: Callable[[FootSignal], FootContacts]
) -> FootContacts:
    """What ``contacts_of`` finds in a signal of any length, each contact once, sorted.

    A signal of under 22 minutes is one block. One whose gyroscope is silent for a whole block
    is not parted: without it the block would be looked at in another way.
    """
    n, rate = len(signal.missing), signal.rate_hz
    count = max(round(n / rate / BLOCK_S), 1)
    seams = np.linspace(0, n, count + 1).astype(np.int64).tolist()
    parts = [_part(signal, opens, closes) for opens, closes in pairwise(seams)]
    if count == 1 or any(part.has_gyroscope != signal.has_gyroscope for part in parts):
        return contacts_of(signal)
    found, after_s = [], -np.inf
    for part, closes in zip(parts, seams[1:], strict=True):
        seen = contacts_of(part)
        until_s = _seam_s(seen.ic_time_s, signal.start_s + closes / rate) if closes < n else np.inf
        found.append(pick(seen, (seen.ic_time_s > after_s) & (seen.ic_time_s <= until_s)))
        after_s = until_s
    return join(found)


def _part(signal: FootSignal, opens: int, closes: int) -> FootSignal:
    """A block and its overlaps; it begins where a window of the local period does."""
    rate, hop = signal.rate_hz, hop_samples(signal.rate_hz)
    first = max(opens - round(LEAD_S * rate), 0) // hop * hop
    part = slice(first, closes + round(LAG_S * rate))
    return replace(
        signal,
        start_s=signal.start_s + first / rate,
        acc_mps2=signal.acc_mps2[part],
        gyr_radps=signal.gyr_radps[part],
        missing=signal.missing[part],
        acc_clipped=signal.acc_clipped[part],
        gyr_clipped=signal.gyr_clipped[part],
    )


def _seam_s(ic_s: Floats, near_s: float) -> float:
    """A time near ``near_s``, midway between two contacts: both blocks agree who keeps which."""
    following = int(np.searchsorted(ic_s, near_s))
    if not 0 < following < len(ic_s):
        return near_s
    return float(0.5 * (ic_s[following - 1] + ic_s[following]))
