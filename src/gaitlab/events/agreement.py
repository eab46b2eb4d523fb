"""How far the detectors of an event agree, and what that says about the one that was chosen.

Every detector is early or late by a habit of its own, which depends on the athlete, the shoe and
the speed. What they can testify to is change: a stride in which the others move against the
chosen one is a stride in which it took the wrong burst.
"""

import numpy as np

from gaitlab.events.picks import largest_of_rows, row_medians, to_sample
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Floats, Ints
from gaitlab.signal.filters import known
from gaitlab.signal.orientation import norm_of
from gaitlab.signal.peaks import usual_so_far

AGREE_S = 0.005  # detectors this far apart halve the confidence
FEWEST_STRIDES = 5  # before a habit is known
BEFORE_S, AFTER_S, DIP_S = 0.045, 0.060, 0.060  # around a landing: a sprinter's contact is 85 ms
NEAR_S, SLOWING_S = 0.030, 0.100  # around a toe-off
# of the fall of the force against the chosen toe-off, and no more than; a turn that slows to half
# sooner than this leaves it open by this much. Measured: docs/metrics.md
OPEN_SHARE, OPEN_WITHIN_S = 0.5, 0.016
CRISP_BELOW_S, CRISP_OVER_S, CRISP_SD_S = 0.040, 0.010, 0.009


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
    if not len(others):
        return np.full(len(chosen), np.nan)
    lead = others - chosen
    return row_medians((lead - usual_so_far(lead, FEWEST_STRIDES)).T)


def confidence(apart_s: Floats, sample_s: float = 0.0) -> Floats:
    """(k,) 1 for no distance, falling to one half at 5 ms, or at a sample of a slow sensor.

    >>> confidence(np.array([0.0, -0.005, 0.015])).tolist()
    [1.0, 0.5, 0.1]
    """
    return np.asarray(1.0 / (1.0 + (apart_s / np.hypot(AGREE_S, sample_s)) ** 2))


def landing_witnesses(signal: FootSignal, ic_s: Floats) -> Floats:
    """Other views of each landing, (3, k) s: the dip before impact, largest jerk, steepest rise.

    The dip is the least norm (Blauberger 2021) before the largest one (Falbriard 2018); jerk
    is the change of the norm, rise that of the vertical force. Chosen for what they say beyond
    each other and for what they cost; they look as far around ``ic_s`` (k,) as another burst
    of the same landing may be.
    """
    rate = signal.rate_hz
    dip, before, after = (max(round(s * rate), 2) for s in (DIP_S, BEFORE_S, AFTER_S))
    opens = to_sample(ic_s, rate) - before - dip
    step = np.arange(dip + before + after)
    sample = opens[:, None] + step
    norm = norm_of(signal.acc_mps2).take(sample, mode="clip")
    rise = np.diff(signal.acc_mps2[:, 2].take(sample[:, dip:], mode="clip"), axis=1)
    top = dip + largest_of_rows(norm[:, dip:])[:, None]
    calm = np.where((step <= top) & (step >= top - dip), -norm, np.nan)
    found = np.stack(
        (
            largest_of_rows(calm),
            dip + largest_of_rows(np.abs(np.diff(norm[:, dip:], axis=1))),
            dip + largest_of_rows(rise),
        )
    )
    return np.where(np.isfinite(ic_s), (opens + found) / rate, np.nan)


def leaving_witnesses(signal: FootSignal, tc_s: Floats) -> Floats:
    """Other views of each toe-off, (3, k) s: fastest turn, fall of the forward force, half turn.

    The fastest toes-down turn is Falbriard's (2018), here without a filter, as is the steepest
    fall of the forward force; the turn is half over where the pitch rate has fallen to half.
    """
    rate = signal.rate_hz
    near, slowing = (max(round(s * rate), 2) for s in (NEAR_S, SLOWING_S))
    opens = to_sample(tc_s, rate) - near
    sample = opens[:, None] + np.arange(2 * near + slowing)
    down = signal.gyr_radps[:, 1].take(sample, mode="clip")
    turn = largest_of_rows(down[:, : 2 * near])
    force = signal.acc_mps2[:, 0].take(sample[:, : 2 * near], mode="clip")
    fall = largest_of_rows(force[:, :-1] - force[:, 1:])
    half = first_below(down, to_sample(turn, 1.0), 0.5)
    return np.where(np.isfinite(tc_s), (opens + np.stack((turn, fall, half))) / rate, np.nan)


def push_off_leaves_open(ahead_s: Floats) -> Floats:
    """(k,) s, standard uncertainty of a toe-off by the shape of this runner's push-off.

    ahead_s : (3, k) s by which the :func:`leaving_witnesses` lie after the chosen toe-off
    A habit, the same in all strides of a runner, so no change from stride to stride shows it.
    Where the force falls as the turn is fastest, all signs mean one instant. Where it falls
    long after, either may be the release; and a turn that ends abruptly does so at the release
    of some shoes and before that of others. Source: our own.
    """
    usual = usual_so_far(ahead_s[1:], FEWEST_STRIDES)
    fall, half = np.where(np.isfinite(usual), usual, ahead_s[1:])
    by_force = OPEN_SHARE * np.minimum(np.abs(fall), OPEN_WITHIN_S)
    crisp = np.clip((CRISP_BELOW_S - half) / CRISP_OVER_S, 0.0, 1.0)
    return np.asarray(np.hypot(known(by_force), CRISP_SD_S * known(crisp)))


def first_below(values: Floats, start: Ints, share: float) -> Floats:
    """(k,) where each row (k, m) first falls below ``share`` of its value at ``start``; NaN never.

    >>> first_below(np.array([[1.0, 4.0, 3.0, 1.0]]), np.array([1]), 0.5).tolist()
    [2.5]
    """
    rows, step = np.arange(len(values)), np.arange(values.shape[1])
    level = share * values[rows, start]
    with np.errstate(invalid="ignore"):
        below = (values < level[:, None]) & (step > start[:, None])
    at = np.maximum(np.argmax(below, axis=1), 1)
    high, low = values[rows, at - 1], values[rows, at]
    with np.errstate(invalid="ignore", divide="ignore"):
        back = np.clip((level - low) / (high - low), 0.0, 1.0)
    return np.where(below.any(axis=1), at - back, np.nan)
