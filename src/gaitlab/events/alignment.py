"""From sensor axes to foot axes, without any calibration pose.

Gravity says which way is up, the gyroscope's main axis is the pitch axis of a running foot,
and the travel of the swing says which way is forward (SCIENCE of the field: functional
alignment, after the EPFL foot-worn work; Falbriard 2018, 10.3389/fphys.2018.00610).
"""

from dataclasses import dataclass, replace

import numpy as np

from gaitlab.events.cycles import PERIODIC_ABOVE, calmest, find_cycles
from gaitlab.events.standing import Standing, standing_of, up_of
from gaitlab.model.gait import EvenSignal, FootSignal
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Floats, Ints
from gaitlab.signal.filters import bridge_short, known, lowpass, moving_mean
from gaitlab.signal.intervals import any_within
from gaitlab.signal.orientation import (
    along,
    angle_between,
    carried,
    inverse,
    norm_of,
    rotated,
    squares,
    turned,
    unit_vectors,
    window_samples,
)
from gaitlab.signal.period import local_period

MOVING_RADPS = 2.0
REST_CUTOFF_HZ = 8.0
SKEW_RATE_HZ = 40.0
WEAK_SKEW = 0.2  # below this landings, or the travel of the swing, may overrule the skewness
SOFT, HARDEST = 0.25, 0.95  # a carried foot has less than this share of the hardest jolts
MOST_LAND, FEWEST_LANDINGS = 0.75, 2  # share of the strides; otherwise no foot is carried
HEEL_DROP_CUTOFF_HZ = 15.0
HEEL_DROPS_S = (-0.04, 0.06)  # after the jolt
SMALLEST_VOTE = 0.5  # share of strides that must travel forward
SHORTEST_TRAVEL_M = 0.4  # less is hopping on the spot: no direction in it
HOPPING_VOTE = 0.5  # no direction to vote about
FEWEST_STRIDES = 6
STRIDES_LOOKED_AT = 120  # spread over the recording: enough for a median
STRETCHES, STRETCH_S = 10, 15.0  # of movement, spread over a longer recording
HOLE_S = 0.3  # between them: longer than any hole that is bridged
STANCE_AFTER_SHARE = 0.38  # of the cycle after mid-swing: the foot has landed by then
BRIDGE_S = 0.07  # holes up to this long are bridged for the frame only, never for an event
GRAVITY_SHARE = 0.35  # a stride whose mean force is further than this from 1 g is no stride


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How the sensor sits on the foot.

    rotation : (3, 3) sensor axes to foot axes;  gyr_bias_radps : (3,)
    method : "standing", "moving" or "none"
    slip_rad : change of gravity between the first and the last standing, NaN without two
    travel_yaw_rad : travel of the swing against the pitch axis' forward, to the left positive;
        a left foot that points outward travels to its right
    """

    rotation: Floats
    gyr_bias_radps: Floats
    quiet: Ints
    method: str
    pitch_share: float
    gravity_residual_rad: float
    forward_vote: float
    slip_rad: float
    travel_yaw_rad: float = float("nan")

    @property
    def found(self) -> bool:
        """True when the foot frame is known."""
        return self.method != "none"


def align(signal: EvenSignal) -> tuple[FootSignal, Alignment]:
    """The signal in the foot frame, and how that frame was found.

    Any mounting is fine: upside down, backwards, on the heel. Without a gyroscope, without
    movement, or when the evidence disagrees about which way is forward, ``method`` is "none";
    contacts can still be counted in it, angles and lengths mean nothing.
    """
    facts = alignment_of(signal)
    return in_foot_frame(signal, facts), facts


def alignment_of(signal: EvenSignal) -> Alignment:
    """How the sensor sits on the foot: from all of the standing, and enough of the movement."""
    rate = signal.rate_hz
    standing = standing_of(signal.acc_mps2, signal.gyr_radps, rate)
    quiet, bias = standing.quiet, standing.bias
    seen = _enough_movement(signal)
    acc = bridge_short(seen.acc_mps2, round(BRIDGE_S * rate))
    gyr = bridge_short(seen.gyr_radps - bias, round(BRIDGE_S * rate))
    axis, share = pitch_axis_of(gyr)
    if axis is None:
        return Alignment(np.eye(3), bias, quiet, "none", share, np.nan, np.nan, np.nan)
    skew = _toes_down_skew(along(gyr, axis), rate)
    left = axis if skew > 0.0 else -axis  # turning about the left axis lowers the toes
    strides = _steady_strides(gyr, left, seen)
    weak = abs(skew) < WEAK_SKEW
    landed = _told_by_landings(acc, gyr, left, rate, strides) if weak else 0.0
    if landed < 0.0:
        left = -left
        strides = _steady_strides(gyr, left, seen)
    facts = _frame(rate, acc, gyr, left, strides, standing, share)
    if weak and not landed and facts.forward_vote < 0.5:  # the travel of all swings decides
        strides = _steady_strides(gyr, -left, seen)
        other = _frame(rate, acc, gyr, -left, strides, standing, share)
        facts = other if other.forward_vote > facts.forward_vote else facts
    return facts if facts.forward_vote >= SMALLEST_VOTE else replace(facts, method="none")


def _enough_movement(signal: EvenSignal) -> EvenSignal:
    """Stretches of a long signal that hold movement, spread over it, with a hole behind each.

    The mounting is a median over STRIDES_LOOKED_AT strides, an axis over some thousand samples:
    hours of running tell nothing more than minutes of it, and cost as much as the contacts.
    """
    size, hole = round(STRETCH_S * signal.rate_hz), round(HOLE_S * signal.rate_hz)
    count = len(signal.missing) // size
    if count <= STRETCHES:
        return signal
    few = max(round(signal.rate_hz / SKEW_RATE_HZ), 1)
    turning = squares(signal.gyr_radps[: count * size : few]) > MOVING_RADPS**2
    moving = np.add.reduceat(turning, -(-np.arange(count) * size // few), dtype=np.int64)
    able = np.flatnonzero(2 * moving >= moving.max())
    picked = able[np.linspace(0, len(able) - 1, min(len(able), STRETCHES)).astype(int)]

    def strung(values: np.ndarray, instead: float) -> np.ndarray:
        out = np.full((len(picked), size + hole), instead, dtype=values.dtype)
        out[:, :size] = values[: count * size].reshape(count, size)[picked]
        return out.ravel()

    nan = float("nan")
    acc, gyr = (
        np.stack([strung(axis, nan) for axis in values.T]).T
        for values in (signal.acc_mps2, signal.gyr_radps)
    )
    masks = (signal.missing, signal.acc_clipped, signal.gyr_clipped)
    missing, *clipped = (strung(mask, mask is signal.missing) for mask in masks)
    return EvenSignal(signal.foot, signal.start_s, signal.rate_hz, acc, gyr, missing, *clipped)


def _frame(
    rate: float,
    acc: Floats,
    gyr: Floats,
    left: Floats,
    strides: tuple[Ints, Ints],
    standing: Standing,
    share: float,
) -> Alignment:
    """The foot frame for a pitch axis whose sign is known."""
    quiet, bias = standing.quiet, standing.bias
    moving, travel, spread = _moving_gravity(acc, gyr, rate, *strides)
    up, method, slip = up_of(standing, moving, rate)
    if up is None or not len(travel):
        up = left if up is None else up
        return Alignment(np.eye(3), bias, quiet, "none", share, spread, np.nan, slip)
    left = unit_vectors(left - up * (left @ up))
    forward = np.cross(left, up)
    vote = float(np.mean(travel @ forward > 0.0))
    yaw = float("nan")
    typical = np.median(travel, axis=0)
    level = typical - up * (typical @ up)
    if np.linalg.norm(level) < SHORTEST_TRAVEL_M:
        vote = HOPPING_VOTE
    elif level @ forward > 0.0:
        yaw = float(np.arctan2(level @ left, level @ forward))
        forward = unit_vectors(forward + unit_vectors(level))
    rotation = np.stack((forward, np.cross(up, forward), up))
    return Alignment(rotation, bias, quiet, method, share, spread, vote, slip, yaw)


def _told_by_landings(
    acc: Floats, gyr: Floats, left: Floats, rate: float, strides: tuple[Ints, Ints]
) -> float:
    """Above 0 when turning about ``left`` lowers the toes, below when it lifts them; 0: not told.

    A foot that is carried while the other one hops swings as it likes, and what it does outweighs
    the few hops of its own. Those end with a jolt, alone they are asked: where they travel, that
    is forward; on the spot everybody lands on the forefoot, and the heel drops. Our own.
    """
    starts, stops = strides
    if len(starts) < FEWEST_STRIDES:
        return 0.0
    change = known(np.abs(np.diff(norm_of(acc), append=np.nan)))
    sample, inside = window_samples(starts, stops, len(change))
    jolt = np.where(inside, change[sample], 0.0)
    hardest = jolt.max(axis=1)
    hard = hardest > SOFT * np.quantile(hardest, HARDEST)
    if np.mean(hard) > MOST_LAND or np.sum(hard) < FEWEST_LANDINGS:
        return 0.0
    up, travel, _ = _moving_gravity(acc, gyr, rate, starts[hard], stops[hard])
    if up is None:
        return 0.0
    way = np.median(travel, axis=0)
    way = way - up * (way @ up)
    if np.linalg.norm(way) > SHORTEST_TRAVEL_M:
        return float(way @ np.cross(left, up))
    before, after = (round(second * rate) for second in HEEL_DROPS_S)
    at = (sample[:, 0] + np.argmax(jolt, axis=1))[hard, None] + np.arange(before, after + 1)
    turn = lowpass(known(along(gyr, left)), rate, HEEL_DROP_CUTOFF_HZ).take(at, mode="clip")
    fastest = np.argmax(np.abs(turn), axis=1)
    return -float(np.median(turn[np.arange(len(turn)), fastest]))


def _toes_down_skew(rate_about_axis: Floats, rate_hz: float) -> float:
    """Skewness of the rotation about an axis: positive when turning about it lowers the toes.

    A foot lies flat or nearly so for a good part of the stride and swings far toes-down behind
    the body: the excursion has one long tail, on real pods and in every simulation.
    """
    step = max(int(rate_hz / SKEW_RATE_HZ), 1)  # an angle has nothing fast in it
    whole = len(rate_about_axis) // step * step
    rate = known(rate_about_axis[:whole]).reshape(-1, step).mean(axis=1)
    rate_hz = rate_hz / step
    _, period_s, strength = local_period(rate, rate_hz)
    if not len(period_s):
        return 0.0
    rhythm = max(float(np.median(strength)), PERIODIC_ABOVE)  # holes and standing have none
    steady = strength >= min(rhythm, float(strength.max()))
    size = max(round(float(np.median(period_s[steady])) * rate_hz), 2)
    angle = np.cumsum(rate) / rate_hz
    for _ in range(2):
        angle = angle - moving_mean(angle, size)
    n = len(angle) // size
    strides = angle[: n * size].reshape(n, size)
    strides = strides - strides.mean(axis=1, keepdims=True)
    moving = np.abs(rate[: n * size]).reshape(n, size).mean(axis=1) > 0.5 * MOVING_RADPS
    if not moving.any():
        return 0.0
    power = np.mean(strides[moving] ** 2, axis=1) ** 1.5
    return float(np.median(np.mean(strides[moving] ** 3, axis=1) / np.maximum(power, 1e-12)))


def pitch_axis_of(gyr_radps: Floats) -> tuple[Floats | None, float]:
    """Main axis of rotation (unit vector, sign open) and its share of the variance.

    The first principal component of the angular rate while the foot moves. None without a
    second of movement.
    """
    moving = squares(gyr_radps) > MOVING_RADPS**2  # NaN is not moving
    if np.count_nonzero(moving) < 50:  # half a second of movement at 100 Hz
        return None, float("nan")
    rates = [column[moving] for column in gyr_radps.T]
    moments = [[np.einsum("i,i->", a, b) for b in rates] for a in rates]
    values, vectors = np.linalg.eigh(np.array(moments))
    return vectors[:, -1], float(values[-1] / values.sum())


def in_foot_frame(signal: EvenSignal, facts: Alignment) -> FootSignal:
    """The signal turned from sensor axes to foot axes, less the bias of the gyroscope."""
    return FootSignal(
        signal.foot,
        signal.start_s,
        signal.rate_hz,
        turned(signal.acc_mps2, facts.rotation),
        turned(signal.gyr_radps, facts.rotation, facts.gyr_bias_radps),
        signal.missing,
        signal.acc_clipped,
        signal.gyr_clipped,
    )


def _steady_strides(gyr: Floats, left: Floats, signal: EvenSignal) -> tuple[Ints, Ints]:
    """Strides (half-open, samples) from the calmest instant of one stance to that of the next."""
    rate = signal.rate_hz
    cycles = find_cycles(-along(gyr, left), rate)
    turning = lowpass(squares(gyr), rate, REST_CUTOFF_HZ)
    length = cycles.next_swing_sample - cycles.swing_sample
    opens = cycles.swing_sample + (STANCE_AFTER_SHARE * length).astype(np.int64)
    calm = calmest(turning, opens, cycles.push_sample)
    stands = cycles.push_sample < 0
    follows = (cycles.next_swing_sample[:-1] == cycles.swing_sample[1:]) & ~stands[1:]
    starts, stops = calm[:-1][follows], calm[1:][follows] + 1
    regular = np.abs((stops - starts) / np.maximum(length[:-1][follows], 1) - 1.0) < 0.25
    regular &= np.isfinite(gyr[starts]).all(axis=1)
    regular &= ~any_within(np.isnan(gyr[:, 0]), starts, stops)
    clipped = any_within(signal.acc_clipped | signal.gyr_clipped, starts, stops)
    use = regular & ~clipped if np.sum(regular & ~clipped) >= FEWEST_STRIDES else regular
    return starts[use], stops[use]


def _moving_gravity(
    acc: Floats, gyr: Floats, rate_hz: float, starts: Ints, stops: Ints
) -> tuple[Floats | None, Floats, float]:
    """Up in sensor axes at mid-stance, travel of each stride, spread of the ups in rad.

    Over a whole stride from stance to stance the mean force, carried along with the gyroscope,
    is gravity: the foot comes to rest at both ends. What is left is the travel of the swing.
    """
    if len(starts) == 0:
        return None, np.empty((0, 3)), float("nan")
    take = np.linspace(0, len(starts) - 1, min(len(starts), STRIDES_LOOKED_AT)).astype(int)
    starts, stops = starts[take], stops[take]
    size = stops - starts
    first = np.cumsum(size) - size
    sample = np.arange(size.sum()) + np.repeat(starts - first, size)
    moved = carried(acc[sample], gyr[sample], rate_hz)
    back = inverse(moved.attitude(first))
    impulse = rotated(back, np.add.reduceat(moved.force_mps2, first, axis=1).T) / rate_hz
    mean_force = impulse / ((size - 1) / rate_hz)[:, None]
    norm = norm_of(mean_force)
    good = np.abs(norm / STANDARD_GRAVITY_MPS2 - 1.0) < GRAVITY_SHARE
    if not good.any():
        return None, np.empty((0, 3)), float("nan")
    ups = unit_vectors(mean_force[good])
    up = unit_vectors(np.median(ups, axis=0))
    to_go = np.repeat(first + size, size) - np.arange(len(sample))
    path = rotated(back, np.add.reduceat(moved.force_mps2 * to_go, first, axis=1).T)
    travel = (path - 0.5 * mean_force * (size * (size - 1))[:, None])[good] / rate_hz**2
    return up, travel, float(np.median(angle_between(ups, up)))
