"""Initial and terminal contact of one foot, each from several detectors that vote.

All detectors have the same signature, look only inside their own cycle and give times between
samples. What they can do is measured in the accuracy benchmark; the fusion is the default.
"""

from dataclasses import dataclass

import numpy as np

from gaitlab.events.cycles import Cycles
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.signal.filters import derivative, lowpass
from gaitlab.signal.orientation import window_samples
from gaitlab.signal.peaks import refine

FIRST_AFTER_SHARE = 0.08  # of the cycle after mid-swing: no foot lands earlier
LAST_BEFORE_PUSH_SHARE = 0.04  # nor this close before the push-off
LANDING_WITHIN_SHARE = 0.75  # without a push-off: search this far after mid-swing
RISE_SPAN_S = 0.010  # the rise of the vertical force is measured over this span
BURST_SPAN_S = 0.018  # trough to peak of one burst
LOOK_BACK_S, LOOK_BACK_SHARE = 0.065, 0.12  # from the largest burst to an earlier first one
FIRST_RISE_SHARE, FIRST_BURST_SHARE = 0.35, 0.42  # of the largest: a real touch-down
ONSET_LEVEL = 0.25  # of the first rise: where contact begins
ONSET_RATE_HZ = 180.0  # slower sensors smear the onset: the steepest rise is steadier
STEEPEST_LATE_S = 0.0018  # assumption: the steepest rise comes this long after the contact
PUSH_CUTOFF_HZ = 30.0
RELEASE_WITHIN_S = 0.035
IC_SD_S, TC_SD_S = 0.003, 0.005  # standard uncertainty of one undisturbed event


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Instants of one foot, s from the first sample, one element per cycle.

    ic_s : (k,) NaN when nothing lands;  tc_s : (k,) NaN when the foot stays down
    ic_sd_s, tc_sd_s : (k,) standard uncertainty from detector agreement and sampling
    burst_mps2 : (k,) size of the landing burst in the vertical force
    """

    ic_s: Floats
    tc_s: Floats
    ic_sd_s: Floats
    tc_sd_s: Floats
    burst_mps2: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Landing:
    """The first burst that is large enough, and the windows it was found in."""

    sample: Ints  # steepest rise
    rise: Floats  # (n,) rise of the vertical force over RISE_SPAN_S
    burst: Floats  # (k,) trough to peak


def find_events(signal: FootSignal, cycles: Cycles) -> Events:
    """Initial and terminal contact of every cycle: the fusion of the detectors.

    Initial contact is the onset of the first vertical burst that is large enough (the largest
    one may be the forefoot coming down 40 ms later). Terminal contact is where the fastest
    toes-down turn and the release of the forward force agree.

    Source: windows and gyroscope minimum after Falbriard 2018 (10.3389/fphys.2018.00610);
    onset, burst rule and fusion are our own, measured in the accuracy benchmark.
    """
    landing = _first_burst(signal, cycles)
    steepest = refine(landing.rise, landing.sample) / signal.rate_hz - STEEPEST_LATE_S
    onset = _onset(signal.acc_mps2[:, 2], landing, signal.rate_hz)
    fast = signal.rate_hz >= ONSET_RATE_HZ
    ic = onset if fast else steepest
    ic_spread = np.abs(onset - steepest) if fast else np.zeros(len(ic))
    tc_gyr = push_off_turn(signal, cycles)
    tc_acc = forward_release(signal, tc_gyr)
    tc = np.where(np.isfinite(tc_acc), 0.5 * (tc_gyr + tc_acc), tc_gyr)
    tc_spread = np.nan_to_num(0.5 * np.abs(tc_gyr - tc_acc))
    sampling = 1.0 / signal.rate_hz / np.sqrt(12.0)
    landed = np.isfinite(landing.burst)
    later = ~(tc > ic)
    return Events(
        np.where(landed, ic, np.nan),
        np.where(landed & ~later, tc, np.nan),
        np.sqrt(IC_SD_S**2 + sampling**2 + (0.5 * ic_spread) ** 2),
        np.sqrt(TC_SD_S**2 + sampling**2 + (0.5 * tc_spread) ** 2),
        landing.burst,
    )


def push_off_turn(signal: FootSignal, cycles: Cycles) -> Floats:
    """Terminal contact as the fastest toes-down turn, (k,) s; NaN where the foot stays.

    Falbriard 2018: minimum of the pitch rate, low-pass 30 Hz, second half of the cycle.
    """
    rate = signal.rate_hz
    pitch_rate = lowpass(-signal.gyr_radps[:, 1], rate, PUSH_CUTOFF_HZ)
    reach = round(0.06 * rate)
    push = np.maximum(cycles.push_sample, 0)
    sample, inside = window_samples(push - reach, push + reach + 1, len(pitch_rate))
    inside &= sample < cycles.next_swing_sample[:, None]
    value = np.where(inside, np.nan_to_num(pitch_rate[sample], nan=np.inf), np.inf)
    best = sample[np.arange(len(push)), np.argmin(value, axis=1)] if len(push) else push
    return np.where(cycles.push_sample >= 0, refine(pitch_rate, best) / rate, np.nan)


def forward_release(signal: FootSignal, near_s: Floats) -> Floats:
    """Terminal contact as the steepest fall of the forward force near ``near_s``, (k,) s.

    NaN where nothing falls: a soft release gives no step.
    """
    rate = signal.rate_hz
    fall = -derivative(lowpass(signal.acc_mps2[:, 0], rate, 0.25 * rate), rate)
    centre = np.round(np.nan_to_num(near_s) * rate).astype(np.int64)
    reach = max(round(RELEASE_WITHIN_S * rate), 1)
    sample, inside = window_samples(centre - reach // 2, centre + reach + 1, len(fall))
    value = np.where(inside, np.nan_to_num(fall[sample], nan=-np.inf), -np.inf)
    if not len(centre):
        return near_s
    best = sample[np.arange(len(centre)), np.argmax(value, axis=1)]
    found = np.isfinite(near_s) & (value.max(axis=1) > 0.0)
    return np.where(found, refine(fall, best) / rate, np.nan)


def _search_windows(cycles: Cycles) -> tuple[Ints, Ints]:
    length = cycles.next_swing_sample - cycles.swing_sample
    opens = cycles.swing_sample + (FIRST_AFTER_SHARE * length).astype(np.int64)
    until = cycles.push_sample - (LAST_BEFORE_PUSH_SHARE * length).astype(np.int64)
    stays = cycles.swing_sample + (LANDING_WITHIN_SHARE * length).astype(np.int64)
    return opens, np.maximum(np.where(cycles.push_sample >= 0, until, stays), opens + 2)


def _first_burst(signal: FootSignal, cycles: Cycles) -> _Landing:
    """The first vertical burst of each cycle that is large in slope and in height."""
    from scipy.ndimage import maximum_filter1d, minimum_filter1d

    rate, vertical = signal.rate_hz, signal.acc_mps2[:, 2]
    half = max(round(0.5 * RISE_SPAN_S * rate), 1)
    known = np.nan_to_num(vertical)
    rise = np.zeros(len(known))
    rise[half:-half] = vertical[2 * half :] - vertical[: -2 * half]
    span = max(round(BURST_SPAN_S * rate), 2)
    after = maximum_filter1d(known, span, origin=-((span - 1) // 2))
    before = minimum_filter1d(known, span, origin=span // 2 - (1 - span % 2))
    height = np.where(np.isnan(rise), 0.0, after - before)
    rise = np.nan_to_num(rise)
    opens, closes = _search_windows(cycles)
    sample, inside = window_samples(opens, closes, len(known))
    slope = np.where(inside, rise[sample], -np.inf)
    burst = np.where(inside, height[sample], -np.inf)
    if not len(opens):
        return _Landing(opens, rise, np.empty(0))
    peak = _is_peak(slope)
    largest = np.argmax(np.where(peak, slope, -np.inf), axis=1)
    rows = np.arange(len(opens))
    length = cycles.next_swing_sample - cycles.swing_sample
    back = np.minimum(LOOK_BACK_S * rate, LOOK_BACK_SHARE * length)
    steps = np.arange(sample.shape[1])
    near = (steps <= largest[:, None]) & (steps >= largest[:, None] - back[:, None])
    enough = near & peak & (slope >= FIRST_RISE_SHARE * slope[rows, largest][:, None])
    enough &= burst >= FIRST_BURST_SHARE * burst[rows, largest][:, None]
    first = np.argmax(enough, axis=1)
    found = enough.any(axis=1)
    return _Landing(sample[rows, first], rise, np.where(found, burst[rows, first], np.nan))


def _is_peak(slope: Floats) -> Bools:
    """Local maxima along the rows; the ends count when they are the highest around."""
    before = np.pad(slope, ((0, 0), (1, 0)), constant_values=-np.inf)[:, :-1]
    beyond = np.pad(slope, ((0, 0), (0, 1)), constant_values=-np.inf)[:, 1:]
    return np.asarray((slope > before) & (slope >= beyond) & (slope > 0.0))


def _onset(vertical: Floats, landing: _Landing, rate_hz: float) -> Floats:
    """Where the rise passes a quarter of its height, going back from the steepest point, s."""
    if not len(landing.sample):
        return np.empty(0)
    reach = max(round(0.022 * rate_hz), 2)
    steps = np.arange(-reach, max(round(0.012 * rate_hz), 1) + 1)
    sample = np.clip(landing.sample[:, None] + steps, 0, len(vertical) - 1)
    value = vertical[sample]
    at = reach
    rows = np.arange(len(sample))
    base = np.nanmin(np.where(np.isnan(value), np.inf, value)[:, : at + 1], axis=1)
    top = np.nanmax(np.where(np.isnan(value), -np.inf, value)[:, at:], axis=1)
    level = base + ONSET_LEVEL * (top - base)
    below = value[:, : at + 1] <= level[:, None]
    last_below = at - np.argmax(below[:, ::-1], axis=1)  # the latest sample under the level
    low, high = value[rows, last_below], value[rows, np.minimum(last_below + 1, len(steps) - 1)]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.clip((level - low) / (high - low), 0.0, 1.0)
    return (sample[rows, last_below] + np.nan_to_num(part)) / rate_hz
