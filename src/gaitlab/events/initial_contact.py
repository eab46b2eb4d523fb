"""Initial contact of one foot: the onset of the first burst that is a landing.

A landing shows in the vertical force as a steep rise. The largest one may be the forefoot
coming down 20 to 45 ms after the heel, so the first rise that is large enough is taken. A heel
that touches softly hardly shows in the force, but the foot begins to slap: then the first rise
at or after the onset of the slap counts, however small, or the slap itself.
"""

from dataclasses import dataclass

import numpy as np

from gaitlab.events.cycles import Cycles
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.signal.filters import known, moving_max, moving_min
from gaitlab.signal.intervals import any_within
from gaitlab.signal.orientation import window_samples
from gaitlab.signal.peaks import refine, usual_so_far

FIRST_AFTER_SHARE = 0.14  # of the cycle after mid-swing: no foot lands earlier
LAST_BEFORE_PUSH_SHARE = 0.04  # nor this close before the push-off
LANDING_WITHIN_SHARE = 0.75  # without a push-off: search this far after mid-swing
RISE_SPAN_S = 0.010  # rises of force and pitch rate are measured over this span
BURST_SPAN_S = 0.018  # trough to peak of one burst
LOOK_BACK_S, LOOK_BACK_SHARE = 0.075, 0.16  # from the largest burst to an earlier first one
HEEL_AFTER_SHARE = 0.16  # of the cycle: the heel of a slow forefoot runner comes down this late
FIRST_RISE_SHARE, FIRST_BURST_SHARE = 0.35, 0.30  # of the largest: a real touch-down
TOUCH_RISE_SHARE = 0.12  # of the largest: enough for a burst that is sharp and out of nothing ...
FIRM_RISE_SHARE = 0.30  # ... while the heel drops after it; this is enough without
TOUCH_SHARP, TOUCH_ABOVE_BEFORE = 0.9, 6.0  # of its own height; times any rise before it
QUIET_S, QUIET_BEFORE_S = 0.033, 0.014  # the stretch that has to be calm, and its end
SOFT_RISE_SHARE = 0.06  # of the first large one: enough when the foot already slaps
SLAP_RADPS2, SLAP_RADPS = 150.0, 2.5  # a slap turns the toes down this fast
SLAP_ONSET_LEVEL = 0.4  # of its largest angular acceleration
SLAP_BEFORE_S, SLAP_AFTER_S = 0.045, 0.022  # around the first large burst
SLOW_RUN_CYCLE_S, SLOW_RUN = 0.66, 1.21  # a slow runner's slap is so too, a little: assumption
RUNNING_CYCLE_S, SLOWEST = 0.80, 1.6  # a walker's slap is slower and longer before the burst ...
SLOW_ACCELERATION, SLOW_RATE, SLOW_BEFORE = 3, 1, 1  # ... by these powers of the cycle: assumption
DIP_SHARE, DIP_DELAY_S = 0.15, 0.012  # fall over the first large rise; slap before that rise
WALKS_SHARE = 0.50  # of the cycle from landing to push-off: a walker
DOWN_AFTER_S, DOWN_BEFORE_S = 0.010, 0.08  # fastest turn after the rise, its onset before it
SLAP_ALONE_S = 0.012  # a slap this long before any rise is the contact itself
ONSET_LEVEL = 0.20  # of the first rise: where contact begins
CLIPPED_ONSET_LEVEL = 0.25  # of a rise whose top the sensor cuts off
BURST_RATE_HZ = 80.0  # slower sensors show one burst, not which of several came first
ONSET_RATE_HZ = 180.0  # slower sensors smear the onset: the steepest rise is steadier
FEWEST_NEIGHBOURS = 7  # strides before that must have landed
STEADY_SHARE, STEADY_S = 0.05, 0.005  # of the stride time, of the landing within it
ODD_S, USUAL_WITHIN_S = 0.011, 0.007  # from where the neighbours land
HOLE_SPREAD_S = 0.040  # the true onset may lie in the hole
STEEPEST_LATE_S = 0.0018  # assumption: the steepest rise comes this long after the contact


@dataclass(frozen=True, slots=True, eq=False)
class Landings:
    """One landing per cycle.

    time_s : (k,) initial contact, s from the first sample; NaN when nothing lands
    spread_s : (k,) how far apart the ways of timing it are
    burst_mps2 : (k,) trough to peak of the landing in the vertical force
    slaps : (k,) the foot turns toes-down right after contact
    """

    time_s: Floats
    spread_s: Floats
    burst_mps2: Floats
    slaps: Bools


def first_burst_onset(signal: FootSignal, cycles: Cycles) -> Landings:
    """Initial contacts as the onset of the first vertical burst that is a landing.

    No cycles give empty arrays. A hole in the data within 10 ms of the rise widens the spread.
    Source: our own; thresholds are assumptions, swept in the accuracy benchmark.
    """
    if not len(cycles):
        return Landings(np.empty(0), np.empty(0), np.empty(0), np.empty(0, dtype=bool))
    rate = signal.rate_hz
    rise = _difference(signal.acc_mps2[:, 2], rate)
    if rate < BURST_RATE_HZ:  # a single sample of the burst may point anywhere
        changes = [_difference(signal.acc_mps2[:, axis], rate) for axis in range(3)]
        rise = np.sqrt(np.sum(np.square(changes), axis=0))
    sample, inside = window_samples(*_search_window(cycles), len(rise))
    slope = np.where(inside, rise[sample], -np.inf)
    peak = _is_peak(slope)
    first, burst = _first_large(signal, cycles, sample, slope, peak)
    slap_s, slaps = _slap_onset(signal, cycles, first)
    rows = np.arange(len(first))
    soft = peak & (slope >= SOFT_RISE_SHARE * rise[first][:, None]) & (sample < first[:, None])
    soft &= sample / rate >= slap_s[:, None] - 0.5 * RISE_SPAN_S
    earlier = slaps & soft.any(axis=1)
    chosen = np.where(earlier, sample[rows, np.argmax(soft, axis=1)], first)
    time_s, ways = _timed(signal, rise, chosen)
    delay_s = np.where(_dips(rise, slap_s, first, rate), DIP_DELAY_S, SLAP_ALONE_S + 1.2 / rate)
    alone = slaps & (slap_s < time_s - delay_s)
    down_s = _walker_comes_down(signal, cycles, first, delay_s)
    time_s = np.fmin(down_s, np.where(alone, slap_s, time_s))
    found = np.isfinite(burst)
    better, odd = _as_neighbours_do(cycles, time_s, found, sample, np.where(peak, slope, 0.0), rate)
    time_s = np.where(odd, _timed(signal, rise, better)[0], time_s)
    chosen = np.where(odd, better, chosen)
    hole = any_within(signal.missing, chosen - round(0.01 * rate), chosen + round(0.01 * rate) + 1)
    soft_s = np.where(earlier | alone, np.abs(slap_s - time_s), 0.0)
    spread = ways + np.where(odd, 0.0, np.fmax(first / rate - down_s, soft_s))
    spread[hole] = HOLE_SPREAD_S
    return Landings(np.where(found, time_s, np.nan), spread, burst, slaps)


def _dips(rise: Floats, slap_s: Floats, first: Ints, rate: float) -> Bools:
    """Whether the force falls between the onset of the slap and the first large rise.

    A heel that touches turns the foot about itself, so a pod ahead of it is thrown downward
    before the ground stops it: the contact has begun although nothing rises yet.
    """
    steps = np.arange(max(round(SLAP_BEFORE_S * rate), 2))
    sample = np.clip(first[:, None] - steps, 0, len(rise) - 1)
    since = sample / rate >= slap_s[:, None] - 0.5 * RISE_SPAN_S
    fall = np.where(since, -rise[sample], 0.0).max(axis=1)
    before = np.clip(np.round((slap_s - RISE_SPAN_S) * rate).astype(np.int64), 0, len(rise) - 1)
    swinging = np.maximum(-rise[before], 0.0)  # the force falls a little in the air already
    return np.asarray(fall - swinging > DIP_SHARE * rise[first])


def _walker_comes_down(signal: FootSignal, cycles: Cycles, first: Ints, delay_s: Floats) -> Floats:
    """(k,) s, where a walker's foot began to come down well before the first large rise, else NaN.

    A walker's heel may touch without a rise of the force along the sole. Then the rise is the
    forefoot's, and the foot is already turning toes-down at its fastest as it comes: a heel that
    lands makes the foot turn fastest only afterwards. Our own.
    """
    rate = signal.rate_hz
    length = cycles.next_swing_sample - cycles.swing_sample
    walks = (cycles.push_sample >= 0) & (cycles.push_sample - first > WALKS_SHARE * length)
    if rate >= ONSET_RATE_HZ or not walks.any():  # faster sensors show most heels by themselves
        return np.full(len(first), np.nan)
    down = known(signal.gyr_radps[:, 1])
    reach = max(round(DOWN_AFTER_S * rate), 1)
    around = np.clip(first[:, None] + np.arange(-3 * reach, reach + 1), 0, len(down) - 1)
    at = around[np.arange(len(first)), np.argmax(down[around], axis=1)]
    onset_s = _last_below(down, at, 0.5 * down[at], DOWN_BEFORE_S, rate)
    early = (down[at] > SLAP_RADPS) & (at < first + reach) & (onset_s < first / rate - delay_s)
    return np.where(walks & early, onset_s, np.nan)


def _timed(signal: FootSignal, rise: Floats, chosen: Ints) -> tuple[Floats, Floats]:
    """Time of the contact at each chosen rise (s), and how far its two timings are apart."""
    rate = signal.rate_hz
    if rate < BURST_RATE_HZ:
        half = _last_below(rise, chosen, 0.5 * rise[chosen], 0.05, rate)
        return half, np.full(len(chosen), 1.0 / rate)
    steepest = refine(rise, chosen) / rate - STEEPEST_LATE_S
    onset = _onset(signal, chosen)
    return onset if rate >= ONSET_RATE_HZ else steepest, np.abs(onset - steepest)


def _as_neighbours_do(
    cycles: Cycles, time_s: Floats, found: Bools, sample: Ints, slope: Floats, rate: float
) -> tuple[Ints, Bools]:
    """A rise where the neighbouring strides land, for contacts that are timed unlike them.

    A heel that touches softly once in ten strides would be timed 20 ms late, by its slap. The
    phase of the landing in the cycle hardly changes from stride to stride (5 ms): a contact
    later by ODD_S moves to a rise that is there, if there is one, but only amid steady strides.
    Returns samples and mask.
    """
    swing_s = cycles.swing_sample / rate
    length_s = (cycles.next_swing_sample - cycles.swing_sample) / rate
    phase = np.where(found, (time_s - swing_s) / length_s, np.nan)
    usual = usual_so_far(phase, FEWEST_NEIGHBOURS)
    scatter = usual_so_far(np.abs(phase - usual), FEWEST_NEIGHBOURS // 2)
    usual_length = usual_so_far(length_s, FEWEST_NEIGHBOURS)
    steady = np.abs(length_s / usual_length - 1.0) < STEADY_SHARE
    steady &= scatter * length_s < STEADY_S
    expected_s = swing_s + known(usual) * length_s
    odd = found & steady & (time_s - expected_s > ODD_S + 0.5 / rate)
    near = np.abs(sample / rate - expected_s[:, None]) < USUAL_WITHIN_S + 0.5 / rate
    height = np.where(near, slope, 0.0)
    best = np.argmax(height, axis=1)
    rows = np.arange(len(best))
    clear = height[rows, best] > SOFT_RISE_SHARE * slope.max(axis=1, initial=0.0)
    return sample[rows, best], odd & clear


def acceleration_peak(signal: FootSignal, cycles: Cycles) -> Landings:
    """Initial contacts as the largest peak of the acceleration norm; late by about 9 ms.

    Falbriard 2018 (10.3389/fphys.2018.00610), second feature; needs no foot frame.
    """
    norm = np.linalg.norm(signal.acc_mps2, axis=1)
    sample, inside = window_samples(*_search_window(cycles), len(norm))
    if not len(cycles):
        return first_burst_onset(signal, cycles)
    value = np.where(inside, np.nan_to_num(norm[sample]), -np.inf)
    best = sample[np.arange(len(sample)), np.argmax(value, axis=1)]
    size = value.max(axis=1)
    spread = np.full(len(best), 0.010)
    return Landings(refine(norm, best) / signal.rate_hz, spread, size, np.zeros(len(best), bool))


def _search_window(cycles: Cycles) -> tuple[Ints, Ints]:
    length = cycles.next_swing_sample - cycles.swing_sample
    opens = cycles.swing_sample + (FIRST_AFTER_SHARE * length).astype(np.int64)
    until = cycles.push_sample - (LAST_BEFORE_PUSH_SHARE * length).astype(np.int64)
    stays = cycles.swing_sample + (LANDING_WITHIN_SHARE * length).astype(np.int64)
    return opens, np.maximum(np.where(cycles.push_sample >= 0, until, stays), opens + 2)


def _difference(values: Floats, rate_hz: float) -> Floats:
    """Change over RISE_SPAN_S around each sample; 0 at the ends and beside missing samples."""
    half = max(round(0.5 * RISE_SPAN_S * rate_hz), 1)
    change = np.zeros(len(values))
    change[half:-half] = values[2 * half :] - values[: -2 * half]
    return known(change)


def _is_peak(slope: Floats) -> Bools:
    """Local maxima along the rows of (k, m)."""
    peak = slope > 0.0
    peak[:, 1:] &= slope[:, 1:] > slope[:, :-1]
    peak[:, :-1] &= slope[:, :-1] >= slope[:, 1:]
    return peak


def _first_large(
    signal: FootSignal, cycles: Cycles, sample: Ints, slope: Floats, peak: Bools
) -> tuple[Ints, Floats]:
    """The first burst near the largest one that is large in slope and in height."""
    height = _burst_height(signal.acc_mps2[:, 2], signal.rate_hz)[sample]
    rows = np.arange(len(sample))
    largest = np.argmax(np.where(peak, slope, -np.inf), axis=1)
    length = cycles.next_swing_sample - cycles.swing_sample
    slow = _slowness(cycles, signal.rate_hz) ** SLOW_BEFORE
    back = np.minimum(LOOK_BACK_S * slow * signal.rate_hz, LOOK_BACK_SHARE * length)
    if signal.rate_hz < BURST_RATE_HZ:
        back = np.zeros(len(length))
    steps = np.arange(sample.shape[1])
    until = steps <= largest[:, None]
    near = until & (steps >= (largest - back)[:, None])
    enough = near & peak & (slope >= FIRST_RISE_SHARE * slope[rows, largest][:, None])
    enough &= height >= FIRST_BURST_SHARE * height[rows, largest][:, None]
    if signal.rate_hz >= ONSET_RATE_HZ:  # slower sensors do not show how sharp a burst is
        down = np.cumsum(known(signal.gyr_radps[:, 1][sample]), axis=1)
        heel_drops = down > down[rows, largest][:, None]  # toes-up from the touch to the burst
        firm = slope >= FIRM_RISE_SHARE * slope[rows, largest][:, None]
        touch = until & peak & (heel_drops | firm) & _touches(slope, height, signal.rate_hz)
        late = steps >= (largest - HEEL_AFTER_SHARE * length)[:, None]
        enough |= touch & (near | firm & late)
    first = np.argmax(enough, axis=1)
    burst = np.where(enough.any(axis=1), height[rows, first], np.nan)
    return sample[rows, first], burst


def _touches(slope: Floats, height: Floats, rate_hz: float) -> Bools:
    """(k, m) small bursts that are a landing: sharp, and out of nothing.

    For a forefoot that lets its heel drop from there on: the heel's burst 30 to 50 ms later may
    be many times as large. What brakes the swinging foot before contact rises slowly: most of
    its height lies outside the steepest RISE_SPAN_S.
    """
    steepest = slope.max(axis=1, keepdims=True, initial=0.0)
    span, lead = round(QUIET_S * rate_hz), round(QUIET_BEFORE_S * rate_hz)
    span_s = 2 * max(round(0.5 * RISE_SPAN_S * rate_hz), 1) / rate_hz  # of a rise at this rate
    before = np.zeros_like(slope)
    before[:, lead:] = moving_max(slope, span, (1 - span % 2) - span // 2)[:, :-lead]
    return np.asarray(
        (slope >= TOUCH_RISE_SHARE * steepest)
        & (slope >= TOUCH_SHARP * height * min(span_s / RISE_SPAN_S, 1.0))
        & (slope >= TOUCH_ABOVE_BEFORE * before)
    )


def _burst_height(vertical: Floats, rate_hz: float) -> Floats:
    """(n,) highest value shortly after minus lowest shortly before each sample."""
    force = known(vertical)
    span = max(round(BURST_SPAN_S * rate_hz), 2)
    after = moving_max(force, span, (span - 1) // 2)
    before = moving_min(force, span, (1 - span % 2) - span // 2)
    return np.where(np.isnan(vertical), 0.0, after - before)


def _slowness(cycles: Cycles, rate_hz: float) -> Floats:
    """(k,) how much longer a cycle is than a runner's; 1 for strides of up to 0.8 s."""
    length_s = (cycles.next_swing_sample - cycles.swing_sample) / rate_hz
    return np.clip(length_s / RUNNING_CYCLE_S, 1.0, SLOWEST)


def _slap_onset(signal: FootSignal, cycles: Cycles, first: Ints) -> tuple[Floats, Bools]:
    """Where the foot begins to slap around the first large burst (s), and whether it does."""
    rate = signal.rate_hz
    walks = _slowness(cycles, rate)
    length_s = (cycles.next_swing_sample - cycles.swing_sample) / rate
    slow = np.clip(length_s / SLOW_RUN_CYCLE_S, walks, np.maximum(walks, SLOW_RUN))
    pitch_rate = known(-signal.gyr_radps[:, 1])
    half = max(round(0.5 * RISE_SPAN_S * rate), 1)
    speeding = _difference(-signal.gyr_radps[:, 1], rate) * rate / (2 * half)
    before = SLAP_BEFORE_S * slow**SLOW_BEFORE * rate
    steps = np.arange(-round(before.max()) - 1, round(SLAP_AFTER_S * rate) + 1)
    last = len(pitch_rate) - 1
    sample = np.clip(first[:, None] + steps, 0, last)
    near = steps >= -np.round(before)[:, None]
    down = np.where(near, -speeding[sample], -np.inf)
    strong = near & _is_peak(-speeding[sample]) & (down >= 0.5 * down.max(axis=1, keepdims=True))
    rows = np.arange(len(first))
    at = sample[rows, np.argmax(strong, axis=1)]
    soon = np.clip(at[:, None] + np.arange(round(0.025 * rate) + 1), 0, last)
    slaps = -speeding[at] > SLAP_RADPS2 / slow**SLOW_ACCELERATION
    slaps &= pitch_rate[soon].min(axis=1) < -SLAP_RADPS / slow**SLOW_RATE
    onset_s = _last_below(-speeding, at, SLAP_ONSET_LEVEL * -speeding[at], 0.03, rate)
    return onset_s, slaps & (onset_s > (first - before) / rate)


def _onset(signal: FootSignal, chosen: Ints) -> Floats:
    """Where the rise passes a fifth of its height, going back from the steepest point, s."""
    rate, vertical = signal.rate_hz, signal.acc_mps2[:, 2]
    steps = np.arange(-max(round(0.022 * rate), 2), max(round(0.012 * rate), 1) + 1)
    sample = chosen[:, None] + steps
    value = vertical.take(sample, mode="clip")
    at = vertical[chosen][:, None]  # where a neighbour is missing, the rise itself stands in
    low = np.fmin(value, at)[:, steps <= 0].min(axis=1)
    top = np.fmax(value, at)[:, steps >= 0].max(axis=1)
    cut_off = signal.acc_clipped.take(sample[:, steps >= 0], mode="clip").any(axis=1)
    share = np.where(cut_off, CLIPPED_ONSET_LEVEL, ONSET_LEVEL)
    return _last_below(vertical, chosen, low + share * (top - low), 0.022, rate)


def _last_below(values: Floats, at: Ints, level: Floats, reach_s: float, rate_hz: float) -> Floats:
    """Going back from ``at``: where ``values`` last rose through ``level`` (k,), in s."""
    steps = np.arange(max(round(reach_s * rate_hz), 2) + 1)
    value = values.take(at[:, None] - steps, mode="clip")
    below = value <= level[:, None]
    k = np.where(below.any(axis=1), np.argmax(below, axis=1), steps[-1])
    rows = np.arange(len(at))
    low, high = value[rows, k], value[rows, np.maximum(k - 1, 0)]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.clip((level - low) / (high - low), 0.0, 1.0)
    return np.asarray((np.maximum(at - k, 0) + known(part)) / rate_hz)
