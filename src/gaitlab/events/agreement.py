"""How far the detectors of an event agree, and what that says about the one that was chosen.

Every detector is early or late by a habit of its own, which depends on the athlete, the shoe and
the speed. What they can testify to is change: a stride in which the others move against the
chosen one is a stride in which it took the wrong burst.
"""

import numpy as np

from gaitlab.events.cycles import Cycles
from gaitlab.events.picks import (
    first_rise_through,
    largest_of_rows,
    norm_of,
    row_medians,
    time_of_largest,
    to_sample,
)
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Floats
from gaitlab.signal.filters import lowpass
from gaitlab.signal.orientation import window_samples
from gaitlab.signal.peaks import usual_so_far

AGREE_S = 0.005  # detectors this far apart halve the confidence
FEWEST_STRIDES = 5  # before a habit is known
BEFORE_SHARE, AFTER_SHARE, DIP_SHARE = 0.07, 0.12, 0.10  # of the cycle, around a landing
TURN_CUTOFF_HZ = 30.0
TURN_SHARE, FALL_SHARE, SLOWING_SHARE = 0.05, 0.05, 0.15  # of the cycle, around a toe-off


def agreement(times_s: Floats) -> Floats:
    """Confidence in the first detector, (k,) from 0 to 1, by how the others agree with it.

    times_s : (d, k) s, one row per detector, the chosen one first; NaN where one finds nothing
    1 when all move together, one half when the others are 5 ms elsewhere, NaN when there is
    nobody to ask: under five strides, or no other detector. Source: our own.
    """
    return confidence(against_others(times_s))


def against_others(times_s: Floats) -> Floats:
    """By how much the others would move the chosen detector's event, (k,) s.

    The lead of each over the chosen one, less its own median over this stride and the ten
    before it (near in time is near in speed), and of these the median over the detectors: one
    that errs alone changes little.
    """
    chosen, others = times_s[0], times_s[1:]
    moved = [lead - usual_so_far(lead, FEWEST_STRIDES) for lead in others - chosen]
    return row_medians(np.stack(moved, axis=1)) if moved else np.full(len(chosen), np.nan)


def confidence(apart_s: Floats, sample_s: float = 0.0) -> Floats:
    """(k,) 1 for no distance, falling to one half at 5 ms, or at a sample of a slow sensor.

    >>> confidence(np.array([0.0, -0.005, 0.015])).tolist()
    [1.0, 0.5, 0.1]
    """
    return np.asarray(1.0 / (1.0 + (apart_s / np.hypot(AGREE_S, sample_s)) ** 2))


def landing_witnesses(signal: FootSignal, cycles: Cycles, ic_s: Floats) -> Floats:
    """Other views of each landing, (3, k) s: the dip before impact, largest jerk, steepest rise.

    The dip is the least norm (Blauberger 2021) before the largest one (Falbriard 2018); jerk
    is that of all axes, rise that of the vertical. Chosen for what they say beyond each other
    and for what they cost; they look within a share of the cycle around ``ic_s`` (k,), wide
    enough to hold another burst.
    """
    if not len(cycles):
        return np.full((3, len(ic_s)), np.nan)
    rate = signal.rate_hz
    length = cycles.next_swing_sample - cycles.swing_sample
    before, after, dip = (
        np.maximum((share * length).astype(np.int64), 2)
        for share in (BEFORE_SHARE, AFTER_SHARE, DIP_SHARE)
    )
    opens = to_sample(ic_s, rate) - before - dip
    sample, inside = window_samples(opens, opens + dip + before + after, len(signal.missing))
    acc = np.where(inside[..., None], signal.acc_mps2[sample], np.nan)
    norm, change = norm_of(acc), np.diff(acc, axis=1)
    step = np.arange(norm.shape[1])
    near = step >= dip[:, None]
    top = np.argmax(np.where(near & np.isfinite(norm), norm, -np.inf), axis=1)[:, None]
    calm = np.where((step <= top) & (step >= top - dip[:, None]), -norm, np.nan)
    views = (
        calm,
        *(np.where(near[:, 1:], part, np.nan) for part in (norm_of(change), change[..., 2])),
    )
    found = np.stack([opens + largest_of_rows(view) for view in views]) / rate
    return np.where(np.isfinite(ic_s), found, np.nan)


def leaving_witnesses(signal: FootSignal, cycles: Cycles, tc_s: Floats) -> Floats:
    """Other views of each toe-off, (3, k) s: fastest turn, fall of the forward force, half turn.

    The fastest toes-down turn is Falbriard's (2018); the steepest fall of the forward force is
    taken without a filter; the turn is half over where the pitch rate has fallen to half.
    """
    rate = signal.rate_hz
    if len(signal.missing) < 2 or not len(cycles):
        return np.full((3, len(tc_s)), np.nan)
    length = cycles.next_swing_sample - cycles.swing_sample
    turn, fall, slowing = (
        np.maximum((share * length).astype(np.int64), 2)
        for share in (TURN_SHARE, FALL_SHARE, SLOWING_SHARE)
    )
    at = to_sample(tc_s, rate)
    down = lowpass(signal.gyr_radps[:, 1], rate, TURN_CUTOFF_HZ)
    turn_s = time_of_largest(down, at - turn, at + turn, rate)
    fastest = to_sample(turn_s, rate)
    falls = -np.diff(signal.acc_mps2[:, 0])
    fall_s = time_of_largest(falls, at - fall, at + fall, rate)
    half_s = first_rise_through(-down, -0.5 * down[fastest], fastest, fastest + slowing, rate)
    return np.where(np.isfinite(tc_s), np.stack((turn_s, fall_s, half_s)), np.nan)
