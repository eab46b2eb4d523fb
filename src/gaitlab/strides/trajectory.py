"""Path and attitude of the foot over each stride, from one mid-stance to the next.

At mid-stance the foot does not stand still, it pivots about the ball: the sensor moves with
v = omega x r. Both ends of a stride have a known velocity, so the mean force between them is
gravity: every stride levels itself, without a filter and without drift.
"""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats, Ints
from gaitlab.signal.filters import bridge_short, known, lowpass
from gaitlab.signal.intervals import any_within
from gaitlab.signal.orientation import (
    WINDOWS_AT_ONCE,
    Strapdown,
    strapdown,
    unit_vectors,
    window_samples,
)

PIVOT_TO_SENSOR_M = {  # from the ball of the foot, foot frame; assumption by placement
    "instep": (-0.08, 0.0, 0.07),
    "laces": (-0.08, 0.0, 0.07),
    "heel": (-0.16, 0.0, 0.04),
    "lateral": (-0.12, 0.0, 0.04),
}
STANCE_OPENS, STANCE_CLOSES = 0.2, 0.7  # share of the contact that holds mid-stance
STANCE_WITHOUT_TC_S = (0.05, 0.30)
CALM_CUTOFF_HZ = 20.0
BRIDGE_S = 0.05  # a longer hole makes the stride unmeasurable
LONGEST_STRIDE_S = 2.2
BEFORE_CONTACT_S, SLOPE_S = 0.005, 0.010  # the angle is carried to contact from before it
PIVOT_SD_MPS = 0.05  # standard uncertainty of the velocity at mid-stance
LEVEL_SD_RAD, CLIPPED_LEVEL_SD_RAD = np.radians(0.8), np.radians(2.0)
NEIGHBOURS = 5  # strides on either side that may lend their level to a clipped one
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


def mid_stances(signal: FootSignal, ic_s: Floats, tc_s: Floats) -> Ints:
    """(k,) sample in which the foot turns slowest in the middle of each contact."""
    rate = signal.rate_hz
    gyr = bridge_short(signal.gyr_radps, round(BRIDGE_S * rate))
    turning = lowpass(np.einsum("ij,ij->i", gyr, gyr), rate, CALM_CUTOFF_HZ)
    contact_s = tc_s - ic_s
    open_s = np.where(np.isfinite(contact_s), STANCE_OPENS * contact_s, STANCE_WITHOUT_TC_S[0])
    close_s = np.where(np.isfinite(contact_s), STANCE_CLOSES * contact_s, STANCE_WITHOUT_TC_S[1])
    opens = np.round((ic_s + open_s) * rate).astype(np.int64)
    closes = np.maximum(np.round((ic_s + close_s) * rate).astype(np.int64), opens + 1)
    if not len(opens):
        return opens
    sample, inside = window_samples(opens, closes, len(turning))
    cost = np.where(inside, known(turning[sample], np.inf), np.inf)
    return np.asarray(sample[np.arange(len(opens)), np.argmin(cost, axis=1)])


def trajectories(
    signal: FootSignal, ic_s: Floats, tc_s: Floats, follows: Bools, arm_m: Floats
) -> Trajectories:
    """Stride length, speed and foot pitch of every contact of one foot.

    ic_s, tc_s : (k,) s from the first sample, sorted; tc_s may be NaN
    follows : (k,) the next contact of this foot is the next element
    arm_m : (3,) from pivot to sensor in the foot frame

    Clipped samples lose velocity at impact: the level then comes from unclipped neighbours and
    the missing velocity is put back at the clipped samples, with a wider uncertainty.
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
    stance = mid_stances(signal, ic_s, tc_s)
    result["turning_at_stance_radps"] = -gyr[stance, 1]
    result["pitch_to_stance_rad"] = _turn_between(-gyr[:, 1], rate, ic_s, stance)
    starts, stops = stance, np.append(stance[1:], stance[-1:]) + 1
    whole = ~any_within(np.isnan(gyr[:, 0]) | np.isnan(acc[:, 0]), starts, stops)
    usable = follows & whole & (stops - starts > 3) & (stops - starts < LONGEST_STRIDE_S * rate)
    clip = signal.acc_clipped | signal.gyr_clipped
    flags["clipped"] = follows & any_within(clip, starts, stops)
    flags["holed"] = follows & any_within(signal.missing, starts, stops)
    picks = np.flatnonzero(usable)
    if not len(picks):
        return Trajectories(**result, **flags)
    landing = np.minimum(picks + 1, k - 1)
    arrival = ic_s[landing] * rate - starts[picks]
    measured = _levelled(acc, gyr, clip, rate, arm_m, starts[picks], stops[picks], arrival)
    _store(result, measured, picks, landing)
    return Trajectories(**result, **flags)


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
    clip: Bools,
    rate: float,
    arm: Floats,
    starts: Ints,
    stops: Ints,
    arrival: Floats,
) -> _Levelled:
    """Integrate all strides, in blocks that fit the cache, and level each one.

    arrival : (s,) samples from the start of each stride to the landing in it
    """
    blocks = [slice(at, at + WINDOWS_AT_ONCE) for at in range(0, len(starts), WINDOWS_AT_ONCE)]
    parts = [
        _one_block(acc, gyr, clip, rate, arm, starts[part], stops[part], arrival[part])
        for part in blocks
    ]
    return _Levelled(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _one_block(
    acc: Floats,
    gyr: Floats,
    clip: Bools,
    rate: float,
    arm: Floats,
    starts: Ints,
    stops: Ints,
    arrival: Floats,
) -> tuple[Floats | Bools, ...]:
    """The fields of :class:`_Levelled` for neighbouring strides that fit the cache."""
    down = strapdown(acc, gyr, rate, starts, stops)
    ends = _end_velocities(gyr, arm, starts, stops, down)
    gained = _trapezoid(down.force_mps2, down.inside, rate)
    time_s = (stops - starts - 1) / rate
    mean = (gained[:, -1] - (ends[1] - ends[0])).T / time_s[:, None]  # gravity
    clipped = any_within(clip, starts, stops)
    up = _levels(mean, clipped)
    length, sd, height = _path(down, gained, ends, mean, up, clipped, clip, rate)
    at_start, at_landing = _pitches(down, up, arrival, rate)
    error = np.abs(np.linalg.norm(mean, axis=1) / STANDARD_GRAVITY_MPS2 - 1.0)
    level_sd = LEVEL_SD_RAD + np.where(clipped, CLIPPED_LEVEL_SD_RAD, 0.0)
    good = clipped | (error < LARGEST_LEVEL_ERROR)
    return length, time_s, sd, height, at_start, at_landing, level_sd, good


def _end_velocities(
    gyr: Floats, arm: Floats, starts: Ints, stops: Ints, down: Strapdown
) -> tuple[Floats, Floats]:
    """Velocity (3, s) at both mid-stances, in the axes of the first one."""
    first = np.cross(gyr[starts], arm).T
    last = np.einsum("ijk,jk->ik", down.last_axes, np.cross(gyr[stops - 1], arm).T)
    return first, last


def _trapezoid(values: Floats, inside: Bools, rate: float) -> Floats:
    """Running trapezoidal integral of (3, m, s) along its samples; constant after the end."""
    steps = np.zeros_like(values)
    np.add(values[:, 1:], values[:, :-1], out=steps[:, 1:])
    steps[:, 1:] *= (inside[1:] & inside[:-1]) * (0.5 / rate)
    for j in range(1, steps.shape[1]):  # over the samples of a window; all windows at once
        steps[:, j] += steps[:, j - 1]
    return steps


def _levels(means: Floats, clipped: Bools) -> Floats:
    """Up at each mid-stance: the stride's own, or that of its unclipped neighbours."""
    ups = unit_vectors(means)
    clean = np.flatnonzero(~clipped)
    if not clipped.any() or not len(clean):
        return np.where(clipped[:, None], np.array([0.0, 0.0, 1.0]), ups)
    lost = np.flatnonzero(clipped)
    place = np.searchsorted(clean, lost)
    near = np.clip(place[:, None] + np.arange(-NEIGHBOURS, NEIGHBOURS), 0, len(clean) - 1)
    ups[lost] = unit_vectors(np.median(ups[clean[near]], axis=1))
    return ups


def _path(
    down: Strapdown,
    gained: Floats,
    ends: tuple[Floats, Floats],
    mean: Floats,
    up: Floats,
    clipped: Bools,
    clip: Bools,
    rate: float,
) -> tuple[Floats, Floats, Floats]:
    """Length, its uncertainty and the height of the swing of each stride, (s,)."""
    time_s = (down.inside.sum(axis=0) - 1) / rate
    gravity = np.where(clipped[:, None], STANDARD_GRAVITY_MPS2 * up, mean)
    lost_mps = ((gravity - mean) * time_s[:, None]).T  # velocity that the clipped samples hide
    if clipped.any():
        hit = clip[down.sample] & down.inside
        share = hit / np.maximum(hit.sum(axis=0), 1)
        gained = gained + lost_mps[:, None] * np.cumsum(share, axis=0)
    elapsed = np.arange(len(down.inside))[:, None] / rate
    velocity = gained + ends[0][:, None] - gravity.T[:, None] * elapsed
    path = _trapezoid(velocity, down.inside, rate)
    rise = np.einsum("imk,ki->mk", path, up)
    travel = path[:, -1].T - up * rise[-1][:, None]
    height = np.where(down.inside, rise - rise[-1] * np.minimum(elapsed / time_s, 1.0), 0.0)
    repaired = 0.3 * np.linalg.norm(lost_mps, axis=0) * time_s * clipped
    sd = np.hypot(PIVOT_SD_MPS * time_s, repaired)
    return np.linalg.norm(travel, axis=1), sd, height.max(axis=0)


def _pitches(down: Strapdown, up: Floats, arrival: Floats, rate: float) -> tuple[Floats, Floats]:
    """Pitch (s,) at the start of each stride, and at its landing, carried there from before it."""

    def at(position: Floats) -> Floats:
        low = np.clip(np.floor(position).astype(np.int64), 0, len(down.inside) - 2)
        part = np.clip(position - low, 0.0, 1.0)
        column = np.arange(len(up))
        forward = (1.0 - part) * down.forward[:, low, column]
        forward = forward + part * down.forward[:, low + 1, column]
        return np.asarray(np.arcsin(np.clip(np.einsum("ik,ki->k", forward, up), -1.0, 1.0)))

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
    first = at[~np.isin(at, landed)]  # nothing led there: back from its own mid-stance
    back = result["pitch_at_stance_rad"][first] - result["pitch_to_stance_rad"][first]
    result["pitch_at_ic_rad"][first] = back
    unknown = np.isnan(result["level_sd_rad"][landed])
    result["level_sd_rad"][landed[unknown]] = measured.level_sd_rad[good][unknown]


def _turn_between(pitch_rate: Floats, rate: float, from_s: Floats, to: Ints) -> Floats:
    """Integral of the pitch rate (n,) from a time to a sample, (k,) rad; NaN across a hole."""
    steps = 0.5 * (pitch_rate[1:] + pitch_rate[:-1]) / rate
    angle = np.concatenate(([0.0], np.cumsum(known(steps))))
    at = np.interp(from_s * rate, np.arange(len(angle)), angle)
    first = np.floor(from_s * rate).astype(np.int64)
    hole = any_within(np.isnan(pitch_rate), first, to + 1)
    return np.where(hole, np.nan, angle[to] - at)
