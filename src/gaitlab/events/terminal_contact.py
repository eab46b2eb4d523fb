"""Terminal contact of one foot: where the push-off turn and the release of the force agree."""

import numpy as np

from gaitlab.events.cycles import Cycles
from gaitlab.events.picks import to_sample
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Floats
from gaitlab.signal.filters import known, lowpass_within
from gaitlab.signal.intervals import any_within
from gaitlab.signal.orientation import window_samples
from gaitlab.signal.peaks import parabola_offset, usual_so_far

PUSH_CUTOFF_HZ = 30.0
PUSH_WITHIN_S = 0.06  # around the coarse push-off
RELEASE_BEFORE_S = 0.008  # before the fastest turn
RELEASE_AFTER_SHARE = 0.10  # of the contact so far, after the fastest turn,
RELEASE_AFTER_S = (0.018, 0.032)  # but within these bounds
FEWEST_RELEASES, ODD_RELEASE_S, STEADY_SHARE = 5, 0.006, 0.08
RELEASE_WEIGHT = 0.45  # of the way from the turn to the release; assumption
FEW_CUT = 1  # samples at the gyroscope's range that leave the fastest turn where it was
NO_RELEASE_LATE_S = 0.002  # assumption: toe-off after the fastest turn when nothing releases


def push_off_turn(signal: FootSignal, cycles: Cycles) -> tuple[Floats, Floats]:
    """Terminal contact as the fastest toes-down turn, (k,) s, and how long clipping hides it.

    Falbriard 2018 (10.3389/fphys.2018.00610): minimum of the pitch rate, low-pass 30 Hz,
    second half of the cycle. NaN where the foot stays. A gyroscope at its range has no minimum:
    the middle of the time at its range stands for it, and (k,) s is that time, else 0.
    """
    if not len(cycles):
        return np.empty(0), np.empty(0)
    rate = signal.rate_hz
    reach = max(round(PUSH_WITHIN_S * rate), 1)
    opens, width = np.maximum(cycles.push_sample, 0) - reach, 2 * reach + 1
    down = lowpass_within(signal.gyr_radps[:, 1], opens - 1, width + 2, rate, PUSH_CUTOFF_HZ)
    sample, inside = window_samples(opens, opens + width, len(signal.missing))
    inside &= sample < cycles.next_swing_sample[:, None]
    at = np.argmax(np.where(inside, known(down[:, 1:-1], -np.inf), -np.inf), axis=1)
    rows = np.arange(len(at))
    best = sample[rows, at]
    hole = any_within(signal.missing, best - round(0.01 * rate), best + round(0.01 * rate) + 1)
    offset = parabola_offset(down[rows, at], down[rows, at + 1], down[rows, at + 2])
    cut = inside & signal.gyr_clipped[sample] & (down[:, 1:-1] > 0.0)
    n_cut = cut.sum(axis=1)
    middle = (sample * cut).sum(axis=1) / np.maximum(n_cut, 1)
    fastest = np.where(n_cut > FEW_CUT, middle, best + offset)
    turn_s = np.where((cycles.push_sample >= 0) & ~hole, fastest / rate, np.nan)
    return turn_s, np.where(n_cut > FEW_CUT, n_cut / rate, 0.0)


def forward_release(signal: FootSignal, near_s: Floats, ic_s: Floats) -> Floats:
    """Terminal contact as the steepest fall of the forward force near ``near_s``, (k,) s.

    The window grows with the contact since ``ic_s``. NaN where nothing falls inside it: a soft
    release gives no step. Own method.
    """
    if not len(near_s):
        return near_s
    rate = signal.rate_hz
    centre = to_sample(near_s, rate)
    opens = centre - max(round(RELEASE_BEFORE_S * rate), 1)
    after_s = np.clip(RELEASE_AFTER_SHARE * known(near_s - ic_s), *RELEASE_AFTER_S)
    closes = centre + np.maximum(np.round(after_s * rate).astype(np.int64), 1) + 1
    sample, inside = window_samples(opens, closes, len(signal.missing))
    width = sample.shape[1]
    force = lowpass_within(signal.acc_mps2[:, 0], opens - 1, width + 2, rate, 0.25 * rate)
    fall = force[:, :-2] - force[:, 2:]
    value = np.where(inside, known(fall, -np.inf), -np.inf)
    at = np.argmax(value, axis=1)
    rows = np.arange(len(centre))
    inner = (at > 0) & (at < closes - opens - 1) & (value[rows, at] > 0.0)
    before, beyond = np.maximum(at - 1, 0), np.minimum(at + 1, width - 1)
    offset = parabola_offset(fall[rows, before], fall[rows, at], fall[rows, beyond])
    time_s = (sample[rows, at] + offset) / rate
    return np.where(np.isfinite(near_s) & inner, time_s, np.nan)


def fused_terminal_contact(
    signal: FootSignal, cycles: Cycles, ic_s: Floats
) -> tuple[Floats, Floats, Floats]:
    """Terminal contact, how far the two detectors are apart, and what clipping hides; (k,) s each.

    The turn comes early on most athletes and the release late on most: halfway between them is
    steadier than either. How far they are apart is a habit of the athlete and the shoe: a
    release that is missing, or far from where the strides before had it, is taken from them.
    """
    turn, hidden = push_off_turn(signal, cycles)
    own = forward_release(signal, turn, ic_s) - turn
    usual = usual_so_far(own, FEWEST_RELEASES)
    length = (cycles.next_swing_sample - cycles.swing_sample).astype(float)
    steady = np.abs(length / usual_so_far(length, FEWEST_RELEASES) - 1.0) < STEADY_SHARE
    odd = ~(np.abs(own - usual) <= ODD_RELEASE_S)
    apart = np.where(steady & odd & np.isfinite(usual), usual, own)
    known = np.isfinite(apart)
    fused = turn + np.where(known, RELEASE_WEIGHT * apart, NO_RELEASE_LATE_S)
    spread = np.where(known, np.abs(apart), RELEASE_AFTER_S[0])
    return fused, np.where(np.isfinite(turn), spread, np.nan), hidden
