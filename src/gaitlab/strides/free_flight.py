"""Whether a foot flies as the body does: how a hop is told from a step of a run."""

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats
from gaitlab.signal.filters import known
from gaitlab.signal.intervals import any_within
from gaitlab.strides.trajectory import Trajectories

ON_THE_SPOT_M = 0.5  # assumption: a hop that travels further is a horizontal one
LONGEST_HOP_S = 1.0  # its flight is under 0.7 s
MOST_TURN_RAD = np.radians(50.0)  # the ankle gives as much; a runner's shank swings back too
LEAST_RISE, MOST_EXTRA_M = 0.7, 0.12  # share of the free flight; the heel that lifts comes on top


def free_flight(
    signal: FootSignal, ic_s: Floats, tc_s: Floats, follows: Bools, moved: Trajectories
) -> Floats:
    """(k,) 1 where the swing after a contact is a hop's on the spot, -1 where it cannot be, 0
    where that is open.

    In a hop foot and body are thrown together: from toe-off to landing, t, the foot rises by
    g t^2 / 8 and hardly turns. A foot that steps on the spot is lifted by the leg, which takes
    longer than its height allows a body, and turns as the shank swings back.
    """
    k = len(ic_s)
    if not k or not signal.has_gyroscope:
        return np.zeros(k)
    next_s = np.where(follows, np.append(ic_s[1:], np.nan), np.nan)
    travels = moved.stride_length_m > ON_THE_SPOT_M  # then no turn is asked for
    turn_rad = _toes_up_rad(signal, tc_s, np.where(travels, np.nan, next_s))
    free_m = STANDARD_GRAVITY_MPS2 * (next_s - tc_s) ** 2 / 8.0
    rise_m = moved.swing_height_m
    with np.errstate(invalid="ignore"):
        hops = (next_s - ic_s < LONGEST_HOP_S) & (moved.stride_length_m < ON_THE_SPOT_M)
        hops &= (turn_rad < MOST_TURN_RAD) & (rise_m > LEAST_RISE * free_m)
        hops &= rise_m < free_m + MOST_EXTRA_M
        no = travels | (turn_rad > MOST_TURN_RAD)
    return np.where(hops, 1.0, np.where(no, -1.0, 0.0))


def _toes_up_rad(signal: FootSignal, from_s: Floats, to_s: Floats) -> Floats:
    """(k,) how far the toes turn upward in all between two times; NaN across a hole."""
    asked = np.isfinite(from_s) & np.isfinite(to_s)
    if not asked.any():
        return np.full(len(from_s), np.nan)
    rate = signal.rate_hz
    pitch_rate = -signal.gyr_radps[:, 1]
    total = np.concatenate(([0.0], np.cumsum(np.maximum(known(pitch_rate), 0.0)) / rate))
    place = np.arange(len(total))
    low, high = (np.where(asked, at, 0.0) * rate for at in (from_s, to_s))
    turn = np.interp(high, place, total) - np.interp(low, place, total)
    hole = any_within(np.isnan(pitch_rate), low.astype(np.int64), high.astype(np.int64) + 1)
    return np.where(asked & ~hole, turn, np.nan)
