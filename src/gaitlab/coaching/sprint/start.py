"""When a sprint from standing begins: what the feet tell of the body.

The body sets off within about a tenth of a second of the first movement of a foot; which of the
two comes first depends on the start position. The push of the leg that stays behind lasts about a
third of a second from then on, and its end is seen well: the foot turns over its toes fastest as
it leaves the ground. Against a gun the reaction lies before it all (0.12 to 0.2 s).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.model.gait import Contacts, FootSignal
from gaitlab.model.recording import FEET
from gaitlab.model.units import RAD_PER_DEG, Bools, Floats
from gaitlab.signal.filters import known
from gaitlab.signal.intervals import fill_mask, keep_longer, true_runs

LOOK_BACK_S: Final = 2.5  # before the first landing
STILL_S: Final = 0.25  # a foot that turns this long no faster than the limit stands still
LIMIT_MADS: Final = 5.0  # of the quiet stand
LEAST_RADPS: Final = 15.0 * RAD_PER_DEG  # assumption: sway and trembling stay below it
MAD_TO_SD: Final = 1.4826
FOOT_BEFORE_BODY_S, FOOT_BEFORE_BODY_SD_S = 0.06, 0.08  # assumption, two feet seen
ONE_FOOT_SD_S: Final = 0.13  # the other foot may have moved first
PUSH_S, PUSH_SD_S = 0.315, 0.025  # assumption: from the start to the end of the second leg's push
PUSH_BESIDE_S: Final = (0.25, 0.06)  # it ends around the first landing, of the other foot
PUSH_LEAST_RADPS: Final = 2.0
LANDING_SEEN_S: Final = (0.25, 0.65)  # so long after the first movement a landing is the first
FIRST_LANDING_S, FIRST_LANDING_SD_S = 0.38, 0.10  # after the start, where nothing stood still


def start_of(
    signals: Sequence[FootSignal], contacts: Contacts, moved_s: float
) -> tuple[float, float]:
    """When the body sets off, as far as the feet tell, and its standard uncertainty.

    moved_s : first movement of a foot, NaN unseen
    """
    landing_s = float(contacts.ic_time_s[0])
    if not np.isfinite(moved_s):
        return landing_s - FIRST_LANDING_S, FIRST_LANDING_SD_S
    if len(signals) < 2:
        return moved_s - FOOT_BEFORE_BODY_S, ONE_FOOT_SD_S
    body_s = moved_s + FOOT_BEFORE_BODY_S
    push_s = push_end_s(signals, landing_s, FEET[int(contacts.foot[0])])
    if not np.isfinite(push_s) or not LANDING_SEEN_S[0] <= landing_s - moved_s <= LANDING_SEEN_S[1]:
        return body_s, FOOT_BEFORE_BODY_SD_S
    weight = np.array([FOOT_BEFORE_BODY_SD_S, PUSH_SD_S]) ** -2.0
    clues = np.array([body_s, push_s - PUSH_S])
    return float(clues @ weight / weight.sum()), float(weight.sum() ** -0.5)


def push_end_s(signals: Sequence[FootSignal], landing_s: float, landed: str) -> float:
    """When the foot that did not land first turns over its toes fastest; NaN where it is unseen.

    landing_s, landed : the first landing, and of which foot
    """
    other = [one for one in signals if one.foot != landed and one.has_gyroscope]
    if not other:
        return float("nan")
    early, late = PUSH_BESIDE_S
    first, last = np.searchsorted(other[0].time_s, (landing_s - early, landing_s + late))
    over = known(other[0].gyr_radps[first:last])[:, 1]
    if not len(over) or over.max() < PUSH_LEAST_RADPS:
        return float("nan")
    return float(other[0].time_s[first + int(np.argmax(over))])


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
