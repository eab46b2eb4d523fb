"""Initial contact as others time it: published detectors, written from their descriptions.

Every detector takes a foot and its cycles and gives one instant per cycle, (k,) s from the first
sample, NaN where it finds none or where samples are missing beside it. All of them look between
mid-swing and push-off. Lengths of time that were fixed in a paper are shares of the cycle here,
so that they hold for a stride of any length. Low-passes are Gaussians of the same half power.

Biases differ by tens of milliseconds: do not mix them. What each is worth: docs/detectors.md.
"""

import numpy as np

from gaitlab.events.cycles import Cycles
from gaitlab.events.initial_contact import first_burst_onset
from gaitlab.events.picks import (
    clear_of_holes,
    first_rise_through,
    last_rise_through,
    row_medians,
    time_of_largest,
    to_sample,
)
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Floats, Ints
from gaitlab.signal.filters import derivative, lowpass
from gaitlab.signal.orientation import norm_of, window_samples

EARLIEST_SHARE, LATEST_SHARE = 0.13, 0.50  # of the cycle after mid-swing: where a foot lands
BEFORE_PUSH_SHARE = 0.04
FALBRIARD_CUTOFF_HZ = 30.0
BLAUBERGER_CUTOFF_HZ = 70.0
BEFORE_IMPACT_SHARE = 0.10  # of the cycle
SCHMIDT_IMPACT_MPS2 = 5.0 * STANDARD_GRAVITY_MPS2
MITSCHKE_CUTOFF_HZ, MITSCHKE_RATE_HZ = 80.0, 499.0  # the paper's rate, less what clocks differ
BAILEY_BACK_SHARE = 0.12  # of the cycle: how far before the steepest fall the foot turns over
JERK_NOISE_FACTOR, JERK_PEAK_SHARE = 6.0, 0.30  # of the swing's median, of the largest jerk
JERK_BURST_SHARE, JERK_BACK_SHARE = 0.5, 0.10  # of the largest jerk, of the cycle


def first_rise_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """The default: onset of the first vertical burst that is a landing. Own method."""
    return first_burst_onset(signal, cycles).time_s


def falbriard_gyro_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """Fastest toes-down turn in the first half of the cycle, pitch rate low-passed at 30 Hz.

    Before contact for a forefoot, the slap after contact for a heel: two kinds of answer.
    Source: Falbriard 2018, 10.3389/fphys.2018.00610.
    """
    down = lowpass(signal.gyr_radps[:, 1], signal.rate_hz, FALBRIARD_CUTOFF_HZ)
    return clear_of_holes(signal, time_of_largest(down, *landing_window(cycles), signal.rate_hz))


def falbriard_norm_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """Largest acceleration norm before push-off, low-passed at 30 Hz; needs no foot frame.

    Source: Falbriard 2018, 10.3389/fphys.2018.00610.
    """
    norm = lowpass(norm_of(signal.acc_mps2), signal.rate_hz, FALBRIARD_CUTOFF_HZ)
    return clear_of_holes(signal, time_of_largest(norm, *landing_window(cycles), signal.rate_hz))


def blauberger_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """Least acceleration norm shortly before the impact, low-passed at 70 Hz.

    The paper takes the cycle's minimum; on a shoe that is in mid-stance or early swing as often,
    so the search is a share of the cycle before the largest norm. Source: Blauberger 2021,
    10.3390/s21217331.
    """
    norm = lowpass(norm_of(signal.acc_mps2), signal.rate_hz, BLAUBERGER_CUTOFF_HZ)
    opens, closes = landing_window(cycles)
    impact = to_sample(time_of_largest(norm, opens, closes, signal.rate_hz), signal.rate_hz)
    length = cycles.next_swing_sample - cycles.swing_sample
    opens = impact - np.maximum((BEFORE_IMPACT_SHARE * length).astype(np.int64), 2)
    return clear_of_holes(signal, time_of_largest(-norm, opens, impact + 1, signal.rate_hz))


def schmidt_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """Last minimum of the vertical acceleration before the impact peak above 5 g; no filter.

    NaN where no impact reaches 5 g. Source: Schmidt 2016, as described in Blauberger 2021.
    """
    vertical, rate = signal.acc_mps2[:, 2], signal.rate_hz
    opens, closes = landing_window(cycles)
    sample, inside = window_samples(opens, closes, len(vertical))
    if not sample.size:
        return np.full(len(opens), np.nan)
    with np.errstate(invalid="ignore"):
        hard = inside & (vertical[sample] > SCHMIDT_IMPACT_MPS2)
    impact = opens + np.argmax(hard, axis=1)
    turns = last_rise_through(derivative(vertical, rate), np.zeros(len(opens)), opens, impact, rate)
    return clear_of_holes(signal, np.where(hard.any(axis=1), turns, np.nan))


def mitschke_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """Largest vertical acceleration above 80 Hz. NaN below 500 Hz.

    Source: Mitschke 2018, 10.3390/s18010130.
    """
    if signal.rate_hz < MITSCHKE_RATE_HZ:
        return np.full(len(cycles), np.nan)
    vertical = signal.acc_mps2[:, 2]
    sharp = vertical - lowpass(vertical, signal.rate_hz, MITSCHKE_CUTOFF_HZ)
    return clear_of_holes(signal, time_of_largest(sharp, *landing_window(cycles), signal.rate_hz))


def chew_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """Largest acceleration along the foot at landing, forward or back; no filter.

    Source: Chew 2018, as described in a public comparison.
    """
    along_foot = np.abs(signal.acc_mps2[:, 0])
    time_s = time_of_largest(along_foot, *landing_window(cycles), signal.rate_hz)
    return clear_of_holes(signal, time_s)


def bailey_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """Where the foot stops turning toes-up before it falls fastest; no filter.

    The last zero crossing of the pitch rate before its steepest fall in the landing; NaN where
    the foot turns toes-down all along. Source: Bailey and Harle 2015 (icSPORTS).
    """
    rate = signal.rate_hz
    down = signal.gyr_radps[:, 1]
    steepest = time_of_largest(derivative(down, rate), *landing_window(cycles), rate)
    at = to_sample(steepest, rate)
    length = cycles.next_swing_sample - cycles.swing_sample
    opens = at - np.maximum((BAILEY_BACK_SHARE * length).astype(np.int64), 2)
    time_s = last_rise_through(down, np.zeros(len(at)), opens, at + 2, rate)
    return clear_of_holes(signal, np.where(np.isfinite(steepest), time_s, np.nan))


def jerk_onset_ic(signal: FootSignal, cycles: Cycles) -> Floats:
    """Where the jerk of the impact rises out of what it is in swing.

    The first burst of half the largest jerk norm, back to where it last passed six times its
    median of the swing (or a third of the largest, what is more). Own method after the burst
    onsets of the field.
    """
    rate = signal.rate_hz
    jerk = norm_of(derivative(signal.acc_mps2, rate))
    opens, closes = landing_window(cycles)
    peak_s = time_of_largest(jerk, opens, closes, rate)
    if not len(cycles):
        return peak_s
    at = to_sample(peak_s, rate)
    length = cycles.next_swing_sample - cycles.swing_sample
    back = np.maximum((JERK_BACK_SHARE * length).astype(np.int64), 2)
    calm, inside = window_samples(cycles.swing_sample, opens + 1, len(jerk))
    level = np.fmax(
        JERK_NOISE_FACTOR * row_medians(np.where(inside, jerk[calm], np.nan)),
        JERK_PEAK_SHARE * jerk[at],
    )
    burst_s = first_rise_through(jerk, JERK_BURST_SHARE * jerk[at], at - back, at + 1, rate)
    until = np.where(np.isfinite(burst_s), np.ceil(np.nan_to_num(burst_s) * rate), at)
    until = until.astype(np.int64)
    time_s = last_rise_through(jerk, level, until - back, until + 1, rate)
    return clear_of_holes(signal, np.where(np.isfinite(peak_s), time_s, np.nan))


def landing_window(cycles: Cycles) -> tuple[Ints, Ints]:
    """Samples ``[open, close)`` (k,) each, in which the foot of each cycle may land.

    The first half of the cycle, as Falbriard 2018 has it, before the push-off.
    """
    length = cycles.next_swing_sample - cycles.swing_sample
    opens = cycles.swing_sample + (EARLIEST_SHARE * length).astype(np.int64)
    closes = cycles.swing_sample + (LATEST_SHARE * length).astype(np.int64)
    before_push = cycles.push_sample - (BEFORE_PUSH_SHARE * length).astype(np.int64)
    closes = np.where(cycles.push_sample >= 0, np.minimum(closes, before_push), closes)
    return opens, np.maximum(closes, opens + 2)
