"""Path and attitude of the foot over each stride, from one mid-stance to the next.

At mid-stance the foot does not stand still, it pivots about the ball: the sensor moves with
v = omega x r. Both ends of a stride have a known velocity, so the mean force between them is
gravity: every stride levels itself, without a filter and without drift.
"""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats, Ints
from gaitlab.signal.filters import bridge_short, known, lowpass_within
from gaitlab.signal.intervals import any_within, fill_mask
from gaitlab.signal.orientation import (
    Carried,
    carried,
    crossed,
    dotted,
    inverse,
    norm_of,
    rotated,
    squares,
    unit_vectors,
    window_samples,
)
from gaitlab.strides.levels import levels
from gaitlab.strides.lost import Lost, level_ground, lost_in, usual_rise_m
from gaitlab.strides.peaks import Cuts, peaks_put_back
from gaitlab.strides.steps import Stretches

PIVOT_TO_SENSOR_M = {  # from the ball of the foot, foot frame; assumption by placement
    "instep": (-0.08, 0.0, 0.07),
    "laces": (-0.08, 0.0, 0.07),
    "heel": (-0.16, 0.0, 0.04),
    "lateral": (-0.12, 0.0, 0.04),
}
STANCE_OPENS, STANCE_CLOSES = 0.2, 0.7  # share of the contact that holds mid-stance
STANCE_WITHOUT_TC_S = (0.05, 0.30)
IMPACT_S, IMPACT_SHARE = 0.035, 0.4  # assumption: the foot still slides in; of short contacts
CALM_CUTOFF_HZ = 20.0
BRIDGE_S = 0.05  # a longer hole makes the stride unmeasurable
LONGEST_STRIDE_S = 2.2
BEFORE_CONTACT_S, SLOPE_S = 0.005, 0.010  # the angle is carried to contact from before it
PIVOT_SD_MPS = 0.012  # standard uncertainty of the velocity at mid-stance
SCALE_SD, HOLED_SD = 0.006, 0.03  # of the length: of any stride, of one with a bridged hole
# a contact shorter than this has no time to roll flat: the ball is not yet, or no longer, at rest
# at mid-stance, and the stride begins and ends with that velocity. Measured: docs/metrics.md
ROLLS_FLAT_S, ROLLING_MPS2 = 0.200, 1.0
# of the way that clipped samples hide: what putting it back leaves open, and more for each m/s
REPAIRED, REPAIRED_PER_MPS, REPAIRED_MOST = 0.2, 0.2, 1.0
LEVEL_SD_RAD, CLIPPED_LEVEL_SD_RAD = np.radians(0.8), np.radians(2.0)
STRIDES_AT_ONCE = 512  # the working set stays in the cache
LARGEST_LEVEL_ERROR = 0.25  # mean force over a stride this far from 1 g: not a stride


@dataclass(frozen=True, slots=True, eq=False)
class Trajectories:
    """Per contact k of one foot; the stride is the one that begins at contact k.

    stride_length_m, speed_mps, length_sd_m : (k,) NaN without a measurable stride
    pitch_at_ic_rad : (k,) foot pitch just before contact against the level foot
    pitch_at_stance_rad : (k,) pitch at mid-stance against the level foot
    pitch_to_stance_rad : (k,) turn from contact to mid-stance; needs no level
    turning_at_stance_radps : (k,) pitch rate at mid-stance: large when the foot never lies flat
    level_sd_rad : (k,) uncertainty of the level
    swing_height_m : (k,) how high the pod rises above the line between its two stances
    clipped, holed : (k,) the stride holds clipped samples, or a bridged hole
    """

    stride_length_m: Floats
    speed_mps: Floats
    length_sd_m: Floats
    pitch_at_ic_rad: Floats
    pitch_at_stance_rad: Floats
    pitch_to_stance_rad: Floats
    turning_at_stance_radps: Floats
    level_sd_rad: Floats
    swing_height_m: Floats
    clipped: Bools
    holed: Bools


def pivot_to_sensor_m(placement: str | None) -> Floats:
    """From the ball of the foot to the pod, by the placement in words; instep when unknown."""
    words = (placement or "").lower()
    found = next((arm for name, arm in PIVOT_TO_SENSOR_M.items() if name in words), None)
    return np.array(found if found else PIVOT_TO_SENSOR_M["instep"])


def mid_stances(gyr_radps: Floats, rate: float, ic_s: Floats, tc_s: Floats) -> Ints:
    """(k,) sample in which the foot turns slowest in the middle of each contact."""
    contact_s = tc_s - ic_s
    landed_s = np.minimum(IMPACT_S, IMPACT_SHARE * contact_s)
    open_s = np.maximum(STANCE_OPENS * contact_s, landed_s)
    open_s = np.where(np.isfinite(contact_s), open_s, STANCE_WITHOUT_TC_S[0])
    close_s = np.where(np.isfinite(contact_s), STANCE_CLOSES * contact_s, STANCE_WITHOUT_TC_S[1])
    opens = np.round((ic_s + open_s) * rate).astype(np.int64)
    closes = np.maximum(np.round((ic_s + close_s) * rate).astype(np.int64), opens + 1)
    if not len(opens):
        return opens
    sample, inside = window_samples(opens, closes, len(gyr_radps))
    turning = lowpass_within(squares(gyr_radps), opens, sample.shape[1], rate, CALM_CUTOFF_HZ)
    cost = np.where(inside, known(turning, np.inf), np.inf)
    return np.asarray(sample[np.arange(len(opens)), np.argmin(cost, axis=1)])


def trajectories(
    signal: FootSignal,
    ic_s: Floats,
    tc_s: Floats,
    follows: Bools,
    arm_m: Floats,
    sensor_axes: Floats | None = None,
) -> Trajectories:
    """Stride length, speed and foot pitch of every contact of one foot.

    ic_s, tc_s : (k,) s from the first sample, sorted; tc_s may be NaN
    follows : (k,) the next contact of this foot is the next element
    arm_m : (3,) from pivot to sensor in the foot frame
    sensor_axes : (3, 3) sensor axes to foot axes; None where they are the same

    Clipped samples lose velocity: what the peaks hid is estimated from their edges, the level
    comes from unclipped neighbours, and the velocity still missing is put back at the clipped
    samples, with a wider uncertainty.
    Source: pivot model and clip repair are our own; zero-velocity integration after Sabatini
    2005, 10.1109/TBME.2005.851475; its bias in running is published (Falbriard 2021).
    """
    k = len(ic_s)
    result = {name: np.full(k, np.nan) for name in _FLOATS}
    flags = {"clipped": np.zeros(k, bool), "holed": np.zeros(k, bool)}
    if not k or not signal.has_gyroscope:
        return Trajectories(**result, **flags)
    rate = signal.rate_hz
    acc = bridge_short(signal.acc_mps2, round(BRIDGE_S * rate))
    gyr = bridge_short(signal.gyr_radps, round(BRIDGE_S * rate))
    clip = signal.acc_clipped | signal.gyr_clipped
    acc, cuts = peaks_put_back(acc, signal.acc_clipped, clip, rate, sensor_axes)
    stance = mid_stances(gyr, rate, ic_s, tc_s)
    result["turning_at_stance_radps"] = -gyr[stance, 1]
    result["pitch_to_stance_rad"] = _turn_between(-gyr[:, 1], rate, ic_s, stance)
    starts, stops = stance, np.append(stance[1:], stance[-1:]) + 1
    whole = ~any_within(np.isnan(gyr[:, 0]) | np.isnan(acc[:, 0]), starts, stops)
    usable = follows & whole & (stops - starts > 3) & (stops - starts < LONGEST_STRIDE_S * rate)
    flags["clipped"] = follows & any_within(clip, starts, stops)
    flags["holed"] = follows & any_within(signal.missing, starts, stops)
    picks = np.flatnonzero(usable)
    if not len(picks):
        return Trajectories(**result, **flags)
    landing = np.minimum(picks + 1, k - 1)
    arrival = ic_s[landing] * rate - starts[picks]
    measured = _levelled(acc, gyr, cuts, rate, arm_m, starts[picks], stops[picks], arrival)
    _store(result, measured, picks, landing)
    across = np.where(flags["holed"], HOLED_SD * result["stride_length_m"], 0.0)
    rolled = _rolling_sd_mps(tc_s - ic_s) * result["stride_length_m"] / result["speed_mps"]
    result["length_sd_m"] = np.sqrt(result["length_sd_m"] ** 2 + across**2 + rolled**2)
    return Trajectories(**result, **flags)


def _rolling_sd_mps(contact_s: Floats) -> Floats:
    """(k,) standard uncertainty of the velocity at mid-stance by the length of the contact.

    >>> _rolling_sd_mps(np.array([0.250, 0.150])).round(3).tolist()
    [0.0, 0.05]
    """
    return np.nan_to_num(ROLLING_MPS2 * np.maximum(ROLLS_FLAT_S - contact_s, 0.0))


_FLOATS = (
    "stride_length_m",
    "speed_mps",
    "length_sd_m",
    "pitch_at_ic_rad",
    "pitch_at_stance_rad",
    "pitch_to_stance_rad",
    "turning_at_stance_radps",
    "level_sd_rad",
    "swing_height_m",
)


@dataclass(frozen=True, slots=True, eq=False)
class _Levelled:
    """Strides (s of them) that know which way is up; pitch at their start and at the landing."""

    length_m: Floats
    time_s: Floats
    length_sd_m: Floats
    height_m: Floats
    pitch_at_start_rad: Floats
    pitch_at_landing_rad: Floats
    level_sd_rad: Floats
    good: Bools


def _levelled(
    acc: Floats,
    gyr: Floats,
    cuts: Cuts,
    rate: float,
    arm: Floats,
    starts: Ints,
    stops: Ints,
    arrival: Floats,
) -> _Levelled:
    """Integrate all strides, in blocks that fit the cache, and level each one.

    arrival : (s,) samples from the start of each stride to the landing in it
    """
    blocks = [slice(at, at + STRIDES_AT_ONCE) for at in range(0, len(starts), STRIDES_AT_ONCE)]
    parts = [
        _one_block(acc, gyr, cuts, rate, arm, starts[part], stops[part], arrival[part])
        for part in blocks
    ]
    return _Levelled(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _one_block(
    acc: Floats,
    gyr: Floats,
    cuts: Cuts,
    rate: float,
    arm: Floats,
    starts: Ints,
    stops: Ints,
    arrival: Floats,
) -> tuple[Floats | Bools, ...]:
    """The fields of :class:`_Levelled` for neighbouring strides that fit the cache."""
    chosen, first = _stretch(starts, stops)
    moved = carried(known(acc[chosen]), known(gyr[chosen]), rate)
    gained = moved.force_mps2[:, 1:] + moved.force_mps2[:, :-1]  # from sample to sample
    gained *= 0.5 / rate
    steps = Stretches(first, first + (stops - starts - 1), gained.shape[1])
    time_s = (stops - starts - 1) / rate
    opening, closing = moved.attitude(steps.first), moved.attitude(steps.last)
    start_mps, stop_mps = (
        rotated(attitude, crossed(gyr[at], arm))
        for attitude, at in ((opening, starts), (closing, stops - 1))
    )
    mean = (steps.sums(gained) - (stop_mps - start_mps)) / time_s[:, None]  # gravity
    clipped = cuts.any_within(starts, stops)
    lent, near = levels(rotated(inverse(opening), mean), clipped)
    up = rotated(opening, lent)
    to_go = steps.spread(steps.last)[0] - (np.arange(steps.n) + 0.5)
    unsupported = start_mps * time_s[:, None] + steps.sums(gained * to_go) / rate
    lost = lost_in(cuts.among(chosen), moved, steps, rate) if clipped.any() else None
    if lost is not None:
        rise_m = usual_rise_m(unsupported, mean, time_s, up, clipped)
        level = level_ground(up, lost, unsupported, mean, time_s, rise_m)
        up = np.where((clipped & ~near)[:, None], level, up)
    gravity = np.where(clipped[:, None], STANDARD_GRAVITY_MPS2 * up, mean)
    lost_mps = (gravity - mean) * time_s[:, None]
    length, sd, height = _path(steps, gained, start_mps, unsupported, gravity, lost, lost_mps, rate)
    at_start, at_landing = _pitches(moved, steps, up, arrival, rate)
    error = np.abs(norm_of(mean) / STANDARD_GRAVITY_MPS2 - 1.0)
    level_sd = LEVEL_SD_RAD + np.where(clipped, CLIPPED_LEVEL_SD_RAD, 0.0)
    good = clipped | (error < LARGEST_LEVEL_ERROR)
    return length, time_s, sd, height, at_start, at_landing, level_sd, good


def _stretch(starts: Ints, stops: Ints) -> tuple[slice | Ints, Ints]:
    """The samples that hold all strides, and where in them each stride begins."""
    low, high = int(starts[0]), int(stops[-1])
    if high - low < 2 * int((stops - starts).sum()):
        return slice(low, high), starts - low
    inside = fill_mask(np.stack((starts, stops), axis=1) - low, high - low)
    return low + np.flatnonzero(inside), (np.cumsum(inside) - 1)[starts - low]


def _path(
    steps: Stretches,
    gained: Floats,
    start_mps: Floats,
    unsupported: Floats,
    gravity: Floats,
    lost: Lost | None,
    lost_mps: Floats,
    rate: float,
) -> tuple[Floats, Floats, Floats]:
    """Length, its uncertainty and the height of the swing of each stride, (s,).

    gained : (3, n) velocity gained in each step
    unsupported : (s, 3) way had nothing pulled it down; what is gained early carries on to the end
    lost_mps : (s, 3) velocity that the clipped samples hide
    """
    size = steps.last - steps.first
    time_s = (size / rate)[:, None]
    up = unit_vectors(gravity)
    path = unsupported - 0.5 * gravity * time_s**2
    if lost is not None:
        path += lost.way_m(lost_mps)
    rise, start, fall = (dotted(up, item) for item in (path, start_mps, gravity / rate))
    climbed = _climbed(steps, gained, up, fall)
    climbed += steps.spread(np.asarray(start - rise * rate / size))[0]
    if lost is not None:
        regained = np.cumsum(lost.along(up, lost_mps, steps.n))
        climbed += regained - steps.spread(steps.before(regained))[0]
    above = np.cumsum(climbed)
    height = np.maximum(steps.largest(above) - steps.before(above), 0.0) / rate
    length = norm_of(path - up * rise[:, None])
    lost_size = norm_of(lost_mps)
    open_share = np.minimum(REPAIRED + REPAIRED_PER_MPS * lost_size, REPAIRED_MOST)
    still = np.hypot(PIVOT_SD_MPS * time_s[:, 0], SCALE_SD * length)
    return length, np.hypot(still, open_share * lost_size * time_s[:, 0]), height


def _climbed(steps: Stretches, gained: Floats, up: Floats, fall: Floats) -> Floats:
    """(n,) velocity along ``up`` (s, 3) in the middle of each step, as gained in its stride.

    fall : (s,) what gravity takes in each step
    """
    x, y, z, falls = steps.spread(*up.T, fall)
    for part, gain in zip((x, y, z), gained, strict=True):
        part *= gain
    x += y
    x += z
    x -= falls
    speed = np.cumsum(x)
    x *= 0.5
    speed -= steps.spread(steps.before(speed))[0]
    speed -= x
    return speed


def _pitches(
    moved: Carried, steps: Stretches, up: Floats, arrival: Floats, rate: float
) -> tuple[Floats, Floats]:
    """Pitch (s,) at the start of each stride, and at its landing, carried there from before it."""
    toes = np.broadcast_to(np.array([1.0, 0.0, 0.0]), up.shape)

    def at(position: Floats) -> Floats:
        low = np.maximum(np.floor(position).astype(np.int64), 0)
        low = np.minimum(low, steps.last - steps.first - 1)
        part = np.clip(position - low, 0.0, 1.0)[:, None]
        low += steps.first
        forward = (1.0 - part) * rotated(moved.attitude(low), toes)
        forward = forward + part * rotated(moved.attitude(low + 1), toes)
        return np.asarray(np.arcsin(np.clip(dotted(forward, up), -1.0, 1.0)))

    slope_s = max(SLOPE_S, 1.0 / rate)
    late = at(arrival - BEFORE_CONTACT_S * rate)
    early = at(arrival - (BEFORE_CONTACT_S + slope_s) * rate)
    return at(np.zeros(len(up))), late + (late - early) * BEFORE_CONTACT_S / slope_s


def _store(result: dict[str, Floats], measured: _Levelled, picks: Ints, landing: Ints) -> None:
    """Put the strides where they belong: length at their first contact, angle at their last."""
    good = measured.good
    at, landed = picks[good], landing[good]
    result["stride_length_m"][at] = measured.length_m[good]
    result["speed_mps"][at] = (measured.length_m / measured.time_s)[good]
    result["length_sd_m"][at] = measured.length_sd_m[good]
    result["swing_height_m"][at] = measured.height_m[good]
    result["pitch_at_stance_rad"][at] = measured.pitch_at_start_rad[good]
    result["level_sd_rad"][at] = measured.level_sd_rad[good]
    result["pitch_at_ic_rad"][landed] = measured.pitch_at_landing_rad[good]
    led = np.zeros(len(result["pitch_at_ic_rad"]), dtype=bool)
    led[landed] = True
    first = at[~led[at]]  # nothing led there: back from its own mid-stance
    back = result["pitch_at_stance_rad"][first] - result["pitch_to_stance_rad"][first]
    result["pitch_at_ic_rad"][first] = back
    unknown = np.isnan(result["level_sd_rad"][landed])
    result["level_sd_rad"][landed[unknown]] = measured.level_sd_rad[good][unknown]


def _turn_between(pitch_rate: Floats, rate: float, from_s: Floats, to: Ints) -> Floats:
    """Integral of the pitch rate (n,) from a time to a sample, (k,) rad; NaN across a hole."""
    first = np.floor(from_s * rate).astype(np.int64)
    sample, _ = window_samples(first, to + 2, len(pitch_rate))  # a step at least
    steps = 0.5 * (pitch_rate[sample[:, 1:]] + pitch_rate[sample[:, :-1]]) / rate
    inside = np.arange(steps.shape[1]) < (to - first)[:, None]
    angle = np.where(inside, steps, 0.0).sum(axis=1)
    return np.asarray(angle - (from_s * rate - first) * steps[:, 0])
