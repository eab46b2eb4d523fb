"""When a sprint from standing begins: the first movement of a foot after it last stood still.

The runner's body sets off within about a tenth of a second of that; which of the two comes
first depends on the start position. Against a gun the reaction lies before it (0.12 to 0.2 s).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import RAD_PER_DEG, Bools, Floats
from gaitlab.signal.filters import known
from gaitlab.signal.intervals import fill_mask, keep_longer, true_runs

LOOK_BACK_S: Final = 2.5  # before the first landing
STILL_S: Final = 0.25  # a foot that turns this long no faster than the limit stands still
LIMIT_MADS: Final = 5.0  # of the quiet stand
LEAST_RADPS: Final = 15.0 * RAD_PER_DEG  # assumption: sway and trembling stay below it
MAD_TO_SD: Final = 1.4826


def first_movement_s(signals: Sequence[FootSignal], landing_s: float) -> float:
    """When the first foot moved off from its last stand before ``landing_s``, the first landing.

    A foot moves when it turns faster than the median of its quiet stand plus five spreads of it,
    and than 15 degrees a second. A twitch that comes to rest again does not count. NaN where no
    foot stood still.
    """
    found = [_of_foot(signal, landing_s) for signal in signals if signal.has_gyroscope]
    moved = [one for one in found if np.isfinite(one)]
    return min(moved) if moved else float("nan")


def _of_foot(signal: FootSignal, landing_s: float) -> float:
    time_s = signal.time_s
    first, last = np.searchsorted(time_s, (landing_s - LOOK_BACK_S, landing_s))
    if last - first < STILL_S * signal.rate_hz:
        return float("nan")
    turning = np.linalg.norm(known(signal.gyr_radps[first:last]), axis=1)
    still = _still(turning, signal.rate_hz)
    quiet = np.flatnonzero(still)
    if not len(quiet):
        return float("nan")
    spread = MAD_TO_SD * float(np.median(np.abs(turning[still] - np.median(turning[still]))))
    limit = max(float(np.median(turning[still])) + LIMIT_MADS * spread, LEAST_RADPS)
    after = np.flatnonzero(turning[quiet[-1] :] > limit)
    return float(time_s[first + quiet[-1] + after[0]]) if len(after) else float("nan")


def _still(turning: Floats, rate_hz: float) -> Bools:
    """(n,) samples in stretches that stay below the least limit for a quarter of a second."""
    slow = true_runs(turning <= LEAST_RADPS)
    return fill_mask(keep_longer(slow, round(STILL_S * rate_hz)), len(turning))
