"""Gait cycles of one foot: from one mid-swing to the next.

In mid-swing the foot turns toes-up faster than at any other time, at every speed, on every
athlete; the push-off is not such an anchor, because the slap of a heel striker can be just as
deep (found on real recordings: anchoring there lost 22 % of the stride length).
"""

from dataclasses import dataclass, fields

import numpy as np

from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.signal.filters import known, lowpass, moving_max, moving_min
from gaitlab.signal.intervals import any_within, fill_mask
from gaitlab.signal.orientation import window_samples
from gaitlab.signal.peaks import keep_highest, largest_around, local_maxima
from gaitlab.signal.period import local_period

BURST_S = 0.075
ANCHOR_CUTOFF_HZ = 5.0  # the stride rate of a sprinter is 2.3 Hz
NEAREST_SHARE = 0.58  # of the local period: two mid-swings are never closer
SMALLEST_SWING_RADPS = 1.5  # assumption: shifting weight while standing turns the foot slower
WEAKEST_SWING_RADPS = 1.0  # of a hop on the spot, where swings a rhythm apart are stronger
IN_RHYTHM = 0.3  # of the period, that two swings of one rhythm may be off
WEAK_SHARE = 0.4  # of the strongest swing of that rhythm
SMALLEST_SHARE = 0.28  # of the strongest mid-swing nearby
NEARBY_S = 1.5
DEFAULT_PERIOD_S = 0.8
SMALLEST_ODD_RADPS, ODD_FROM_NEXT = 2.2, 0.8
HIDDEN_ABOVE_SHARE, HIDDEN_WITHIN_SHARE = 1.6, 0.12  # of the period
PERIODIC_ABOVE = 0.35  # autocorrelation that counts as a rhythm
LONGER_THAN_BOTH = 1.2  # a window's period, against those of the windows beside it
LONGEST_CYCLE_S = 1.9  # a slow walker's; a longer pause is standing
LONGEST_CONTACT_SHARE, LOUD_SHARE = 0.45, 0.35  # of a running stride; of its strongest burst
SHORTEST_WALK_S = 0.85  # strides of a run are shorter, those of a walk longer
SEARCHED_SHARE = 0.56  # of the cycle: the burst of a sprinter's push-off comes later
IMPACT_CUTOFF_HZ = 6.0
SMALLEST_IMPACT_MPS2 = 1.0  # mean change per sample around a landing; assumption


@dataclass(frozen=True, slots=True, eq=False)
class Cycles:
    """Candidate contacts of one foot: each lies between a mid-swing and the next push-off.

    swing_sample : (k,) mid-swing before the contact
    push_sample : (k,) fastest toes-down turn before the next mid-swing; -1 when the foot stays
    next_swing_sample : (k,) the next mid-swing, or where one would be
    period_s : (k,) local stride period
    """

    swing_sample: Ints
    push_sample: Ints
    next_swing_sample: Ints
    period_s: Floats

    def __len__(self) -> int:
        return len(self.swing_sample)

    def over_by(self, sample: int) -> "Cycles":
        """The cycles whose next mid-swing comes no later than ``sample``."""
        over = self.next_swing_sample <= sample
        return Cycles(*(getattr(self, item.name)[over] for item in fields(self)))


def find_cycles(pitch_rate_radps: Floats, rate_hz: float) -> Cycles:
    """Cycles of one foot from its pitch rate (n,), toes up positive; NaN where missing.

    Every mid-swing opens a cycle. One that is not followed by another within two seconds is a
    landing into standing: it has no push-off. Empty or quiet input gives no cycles.
    """
    rhythm = rhythm_of(pitch_rate_radps, rate_hz)
    smooth = lowpass(_without_bursts(pitch_rate_radps, rate_hz), rate_hz, ANCHOR_CUTOFF_HZ)
    swing = _mid_swings(smooth, rhythm, rate_hz)
    swing = _with_hidden(swing, pitch_rate_radps, rhythm)
    swing = _with_odd(swing, pitch_rate_radps, rhythm, rate_hz)
    period_s = rhythm.at(swing) / rate_hz
    gap = np.diff(swing, append=np.iinfo(np.int64).max // 2)
    steps_on = gap < np.minimum(LONGEST_CYCLE_S, 2.6 * period_s) * rate_hz
    expected = swing + np.maximum((period_s * rate_hz).astype(np.int64), 2)
    following = np.where(steps_on, swing + np.where(steps_on, gap, 0), expected)
    push = _push_offs(lowpass(pitch_rate_radps, rate_hz, 15.0), swing, following)
    return Cycles(swing, np.where(steps_on, push, -1), following, period_s)


def _without_bursts(pitch_rate: Floats, rate_hz: float) -> Floats:
    """The pitch rate without toes-up bursts shorter than BURST_S (morphological opening).

    When a forefoot lands, the heel drops within 60 ms, in a hop faster than the foot ever turns
    in the air; a mid-swing lasts at least twice as long.
    """
    size = max(round(BURST_S * rate_hz), 1)
    opened = moving_max(moving_min(known(pitch_rate), size), size, (size + 1) % 2)
    return np.where(np.isnan(pitch_rate), np.nan, opened)


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """The local stride period over a recording: at ``centre_sample``, ``period`` samples each."""

    centre_sample: Floats
    period: Floats

    def at(self, sample: Ints) -> Floats:
        """(k,) period in samples around each of the given samples."""
        return np.interp(sample, self.centre_sample, self.period)

    def shortest(self, start: Ints, stop: Ints) -> Floats:
        """(k,) shortest period between samples ``start`` and ``stop``."""
        last = len(self.period) - 1
        low = np.clip(np.searchsorted(self.centre_sample, start, "right") - 1, 0, last)
        high = np.clip(np.searchsorted(self.centre_sample, stop), low, last)
        bounds = np.stack((low, high + 1), axis=1).ravel()
        return np.asarray(np.minimum.reduceat(np.append(self.period, np.inf), bounds)[::2])


def rhythm_of(values: Floats, rate_hz: float) -> Rhythm:
    """The rhythm of a signal (n,); a typical stride where it has none anywhere."""
    centre_s, period_s, strength = local_period(values, rate_hz)
    known = (strength > PERIODIC_ABOVE) & ~_mixed(period_s, strength)
    if not known.any():
        return Rhythm(np.zeros(1), np.full(1, DEFAULT_PERIOD_S * rate_hz))
    return Rhythm(centre_s[known] * rate_hz, period_s[known] * rate_hz)


def _mixed(period_s: Floats, strength: Floats) -> Bools:
    """(w,) windows with a longer period than both of their rhythmic neighbours.

    Where walking turns into running a window holds both, and what repeats in it best may be two
    strides: with that for a period, a mid-swing between two others would be suppressed. Nobody
    slows by a fifth for less than the three seconds of a window and comes back.
    """
    mixed = np.zeros(len(period_s), dtype=bool)
    if len(period_s) < 3:
        return mixed
    rhythmic = (strength[:-2] > PERIODIC_ABOVE) & (strength[2:] > PERIODIC_ABOVE)
    around = np.maximum(period_s[:-2], period_s[2:])
    mixed[1:-1] = rhythmic & (period_s[1:-1] > LONGER_THAN_BOTH * around)
    return mixed


def _mid_swings(smooth: Floats, rhythm: Rhythm, rate_hz: float) -> Ints:
    peaks = local_maxima(smooth)
    peaks = peaks[smooth[peaks] > WEAKEST_SWING_RADPS]
    if not len(peaks):
        return peaks
    peaks = peaks[keep_highest(peaks, smooth[peaks], NEAREST_SHARE * rhythm.at(peaks))]
    strongest = largest_around(known(smooth), peaks, round(NEARBY_S * rate_hz))
    peaks = np.asarray(peaks[smooth[peaks] > SMALLEST_SHARE * strongest])
    return peaks[_strong_or_in_rhythm(smooth[peaks], peaks, rhythm)]


def _strong_or_in_rhythm(height: Floats, peaks: Ints, rhythm: Rhythm) -> Bools:
    """(k,) peaks that are mid-swings: strong ones, and weak ones in the rhythm of strong ones.

    A foot turns little in a hop on the spot: some of a set's swings are no faster than shifting
    weight. A row of peaks one period apart belongs together.
    """
    if not len(peaks):
        return np.zeros(0, dtype=bool)
    apart = np.diff(peaks) / rhythm.at(peaks[1:])
    first = np.flatnonzero(np.append(True, (apart < 1 - IN_RHYTHM) | (apart > 1 + IN_RHYTHM)))
    row = np.searchsorted(first, np.arange(len(peaks)), "right") - 1
    strongest = np.maximum.reduceat(height, first)[row]
    weak_but_in_row = (strongest > SMALLEST_SWING_RADPS) & (height > WEAK_SHARE * strongest)
    return np.asarray((height > SMALLEST_SWING_RADPS) | weak_but_in_row)


def _with_hidden(swing: Ints, pitch_rate: Floats, rhythm: Rhythm) -> Ints:
    """Add the mid-swings that lie in a hole of the data, one period before one that was seen."""
    missing = np.isnan(pitch_rate)
    if not len(swing) or not missing.any():
        return swing
    period = rhythm.at(swing).astype(np.int64)
    before = swing - period
    pause = np.diff(swing, prepend=-period[:1])
    hidden = (pause > HIDDEN_ABOVE_SHARE * period) & (before >= 0)
    near = np.maximum((HIDDEN_WITHIN_SHARE * period).astype(np.int64), 1)
    hidden &= any_within(missing, before - near, before + near)
    return np.sort(np.concatenate((swing, before[hidden])))


def _with_odd(swing: Ints, pitch_rate: Floats, rhythm: Rhythm, rate_hz: float) -> Ints:
    """Add swings in which the foot turns the other way: steps backwards or sideways.

    Only where a bout has room for a stride between two swings, and the foot turns fast.
    """
    if not len(swing):
        return swing
    sample = _with_room(swing, rhythm, rate_hz, len(pitch_rate))
    turning = lowpass(np.abs(known(pitch_rate[sample])), rate_hz, ANCHOR_CUTOFF_HZ)
    peaks = local_maxima(turning)
    height = turning[peaks]
    peaks, height = sample[peaks][height > SMALLEST_ODD_RADPS], height[height > SMALLEST_ODD_RADPS]
    period = rhythm.at(peaks)
    place = np.searchsorted(swing, peaks)
    since = peaks - np.concatenate(([np.iinfo(np.int64).min // 2], swing))[place]
    until = np.append(swing, np.iinfo(np.int64).max // 2)[place] - peaks
    room = (np.minimum(since, until) > ODD_FROM_NEXT * period) & (since < LONGEST_CYCLE_S * rate_hz)
    room &= until < LONGEST_CYCLE_S * rate_hz
    peaks, period = peaks[room], period[room]
    keep = keep_highest(peaks, height[room], NEAREST_SHARE * period)
    return np.sort(np.concatenate((swing, peaks[keep])))


def _with_room(swing: Ints, rhythm: Rhythm, rate_hz: float, n: int) -> Ints:
    """Samples of the pauses between swings in which another one has room, and a margin."""
    pause = np.diff(swing)
    shortest = rhythm.shortest(swing[:-1], swing[1:])
    wide = (pause > 2.0 * ODD_FROM_NEXT * shortest) & (pause < 2.0 * LONGEST_CYCLE_S * rate_hz)
    margin = round(rate_hz / ANCHOR_CUTOFF_HZ)  # beyond the reach of the low-pass
    pauses = np.stack((swing[:-1] - margin, swing[1:] + margin), axis=1)[wide]
    return np.flatnonzero(fill_mask(np.clip(pauses, 0, n), n))


def _push_offs(smooth: Floats, swing: Ints, following: Ints) -> Ints:
    """Fastest toes-down turn in the last 60 % before the following mid-swing."""
    if not len(swing):
        return swing
    opens = following - np.maximum((0.6 * (following - swing)).astype(np.int64), 1)
    sample, inside = window_samples(opens, following, len(smooth))
    rate = np.where(inside, known(smooth[sample], np.inf), np.inf)
    return np.asarray(sample[np.arange(len(swing)), np.argmin(rate, axis=1)])


def calmest(turning: Floats, opens: Ints, closes: Ints) -> Ints:
    """(k,) sample of the least ``turning`` (n,) in each window ``[opens, closes)``.

    An empty window, or one with nothing but missing samples, gives its first sample.
    """
    if not len(opens):
        return opens
    sample, inside = window_samples(opens, np.maximum(closes, opens + 1), len(turning))
    cost = np.where(inside, known(turning[sample], np.inf), np.inf)
    return np.asarray(sample[np.arange(len(opens)), np.argmin(cost, axis=1)])


def find_cycles_from_impacts(acc_mps2: Floats, rate_hz: float) -> Cycles:
    """Cycles from the landings alone, for a pod without a gyroscope.

    One landing per stride: the strongest high-frequency burst of the acceleration norm in each
    local period. The cycle opens a third of a period before it, about mid-swing.
    """
    norm = np.linalg.norm(acc_mps2, axis=1)
    change = np.abs(np.diff(norm, prepend=norm[:1]))
    energy = lowpass(change, rate_hz, IMPACT_CUTOFF_HZ)
    peaks = local_maxima(energy)
    if not len(peaks):
        nothing = np.empty(0, dtype=np.int64)
        return Cycles(nothing, nothing, nothing, np.empty(0))
    rhythm = rhythm_of(energy, rate_hz)

    def period_of(sample: Ints) -> Floats:
        return rhythm.at(sample) / rate_hz

    period_s = period_of(peaks)
    keep = keep_highest(peaks, energy[peaks], NEAREST_SHARE * period_s * rate_hz)
    keep &= energy[peaks] > SMALLEST_IMPACT_MPS2
    reach_s = np.where(period_s < SHORTEST_WALK_S, LONGEST_CONTACT_SHARE * period_s, 0.0)
    peaks = _first_of_two(peaks, energy[peaks], keep, reach_s * rate_hz)
    period_s = period_of(peaks)
    before = (period_s * rate_hz / 3.0).astype(np.int64)
    swing = np.maximum(peaks - before, 0)
    gap = np.diff(swing, append=np.iinfo(np.int64).max // 2)
    steps_on = gap < np.minimum(LONGEST_CYCLE_S, 1.7 * period_s) * rate_hz
    expected = swing + np.maximum((period_s * rate_hz).astype(np.int64), 3)
    following = np.where(steps_on, swing + np.where(steps_on, gap, 0), expected)
    push = swing + (SEARCHED_SHARE * (following - swing)).astype(np.int64)
    return Cycles(swing, np.where(steps_on, push, -1), following, period_s)


def _first_of_two(peaks: Ints, energy: Floats, chosen: Bools, reach: Floats) -> Ints:
    """The landings for the strongest bursts ``chosen`` among ``peaks``, (j,) samples.

    A push-off may be as loud as the landing. In a run the landing is the first of the two: a
    contact takes less than half of a stride, the air before it more. ``reach`` is how far before
    each burst it may lie, 0 for a walker.
    """
    strongest = np.flatnonzero(chosen)
    if not len(strongest):
        return strongest
    opens = np.searchsorted(peaks, peaks[strongest] - reach[strongest])
    sample, inside = window_samples(opens, strongest + 1, len(peaks))
    loud = inside & (energy[sample] > LOUD_SHARE * energy[strongest][:, None])
    first = sample[np.arange(len(strongest)), np.argmax(loud, axis=1)]
    return np.asarray(peaks[np.unique(first)])
