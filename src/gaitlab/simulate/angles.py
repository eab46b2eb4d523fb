"""Angles of one foot: its contacts with how each lands, and pitch, roll and yaw through knots."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.gait import BOUND, HOP, WALK
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Codes, Floats, Ints
from gaitlab.simulate.curves import (
    Motion,
    Pieces,
    plus,
    quintic_pieces,
    through_knots,
    times,
    wobble,
)
from gaitlab.simulate.runner import Runner
from gaitlab.simulate.timing import Steps

_STAND_BEFORE_S, _STAND_AFTER_S = 2.0, 2.0
_WOBBLE_HZ, _WOBBLE_DECAY_S = (24.0, 31.0, 21.0), 0.011
_BURST_HZ, _BURST_DECAY_S = 33.0, 0.008
_BURST_SIZE = (0.5, 0.5)  # mean and spread over the strides
_PEAK_SHARE = 0.53  # largest value of the rattle curve
_HOP_STRIKE_RAD, _HOP_TOE_OFF_RAD = -15.0 * RAD_PER_DEG, -26.0 * RAD_PER_DEG
_HOP_LANDING = 0.62  # landing speed of the foot over that of the body
_BOUND_LANDING = 1.35  # landing speed over that of running
_SOFT_FROM_RAD, _SOFT_OVER_RAD = 4.0 * RAD_PER_DEG, 6.0 * RAD_PER_DEG
_SLAP_STOP = 0.3  # share of the settling in which a sharp slap stops
_SLAP_RATE = 1.7  # pitch rate of a sharp slap over the mean of the settling


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Contacts of one foot with what shapes them; the first is the stand before the start.

    ic_s, tc_s : (k,) both finite: standing ends beyond the recording
    nominal_s : (k,) contact time without the standing
    push_s : (k,) how long the push-off lasts before its fastest rotation
    spot_m, speed_mps, activity : (k,) as in Steps
    strike_rad : (k,) pitch at initial contact
    down_mps, forward_mps : (k,) landing speed that the midsole stops
    wobble_rad : (k, 3) size of the roll, pitch and yaw rattle
    sharpness : (k,) how suddenly the slap of the forefoot ends, 0 to 1
    turning : (k, 2) roll and yaw of the swing after it, over those of the runner
    burst : (k,) rattle when the foot leaves, over that of the runner
    """

    ic_s: Floats
    tc_s: Floats
    nominal_s: Floats
    push_s: Floats
    spot_m: Floats
    speed_mps: Floats
    activity: Codes
    strike_rad: Floats
    down_mps: Floats
    forward_mps: Floats
    wobble_rad: Floats
    sharpness: Floats
    turning: Floats
    burst: Floats


def mean_strike_rad(runner: Runner, speed_mps: Floats, activity: Codes) -> Floats:
    """The strike angle law of the runner; walkers land on the heel at 20 deg, hoppers on the
    forefoot, and bounds flatten the foot.
    """
    style = runner.strike
    law = style.angle_rad + style.slope_rad_per_mps * (speed_mps - 3.0)
    law = np.clip(law, style.lowest_rad, style.highest_rad)
    walking = (12.0 + 6.0 * speed_mps) * RAD_PER_DEG
    bounding = np.clip(0.5 * law, -4.0 * RAD_PER_DEG, 6.0 * RAD_PER_DEG)
    hopping = np.full_like(law, _HOP_STRIKE_RAD)
    kinds = [activity == WALK, activity == BOUND, activity == HOP]
    return np.select(kinds, [walking, bounding, hopping], law)


def contacts_of_foot(
    runner: Runner, steps: Steps, foot: int, end_s: float, rng: np.random.Generator
) -> Contacts:
    """One foot's contacts with landing angle and speed drawn for each."""
    mine = steps.foot == foot
    count = int(mine.sum())
    tc_s = steps.tc_s[mine].copy()
    bouts = np.unique(steps.bout)
    row = np.searchsorted(bouts, steps.bout[mine])
    later = np.append(steps.release_s[:, foot], end_s + _STAND_AFTER_S)
    from_rest_s = np.append(later[:-1] - steps.start_s, 0.3)
    stays = np.isinf(tc_s)
    tc_s = np.where(stays, later[row + 1], tc_s)
    push_s = np.where(steps.activity[mine] == WALK, 0.42, 0.62) * steps.nominal_contact_s[mine]
    push_s = np.where(stays, from_rest_s[row + 1], push_s)

    speed, activity = steps.speed_mps[mine], steps.activity[mine]
    style = runner.strike
    side = style.asymmetry_rad * (0.5 if foot == 0 else -0.5)
    drift = style.fatigue_rad_per_km * steps.distance_m[mine] / 1000.0
    spread = style.sd_rad * rng.standard_normal(count)
    strike = mean_strike_rad(runner, speed, activity) + side + drift + spread

    air_s = steps.ic_s[mine] - np.concatenate((later[:1], tc_s))[:-1]
    down, forward = _landing_speeds(runner, speed, activity, air_s, rng)
    soft = 1.0 - runner.impact.heel_touch
    heel = np.clip((strike - _SOFT_FROM_RAD) / _SOFT_OVER_RAD, 0.0, 1.0)
    heel = np.where((activity == WALK) | (activity == HOP), 0.0, heel)
    touch = 1.0 - soft * heel
    return _with_stand_before(
        Contacts(
            steps.ic_s[mine], tc_s, steps.nominal_contact_s[mine], push_s, steps.spot_m[mine],
            speed, activity, strike, touch * down, touch * forward,
            _wobble_sizes(runner, touch * down, rng), np.sqrt(soft) * heel,
            rng.normal(1.0, runner.swing.turn_cv, (count, 2)), rng.normal(*_BURST_SIZE, count),
        ),
        float(later[0]), float(from_rest_s[0]),
    )  # fmt: skip


def _landing_speeds(
    runner: Runner, speed_mps: Floats, activity: Codes, air_s: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Landing speed of a flat foot down and forward, m/s; a hop lands as it fell."""
    impact = runner.impact
    scale = np.exp(impact.cv * rng.standard_normal((2, len(speed_mps))) - 0.5 * impact.cv**2)
    down = np.maximum(impact.down_mps + impact.down_per_mps * (speed_mps - 3.0), 0.15)
    forward = np.maximum(impact.forward_mps + impact.forward_per_mps * (speed_mps - 3.0), 0.15)
    kinds = [activity == WALK, activity == BOUND]
    gentle = np.select(kinds, [0.4, _BOUND_LANDING], 1.0)
    down, forward = gentle * down * scale[0], gentle * forward * scale[1]
    fall = _HOP_LANDING * 0.5 * STANDARD_GRAVITY_MPS2 * air_s * np.sqrt(scale[0])
    hops = activity == HOP
    return np.where(hops, fall, down), np.where(hops, 0.2 * forward, forward)


def _wobble_sizes(runner: Runner, down_mps: Floats, rng: np.random.Generator) -> Floats:
    """Rattle in rad: rates as given for the runner, larger for harder landings."""
    rates = np.asarray(runner.impact.wobble_radps)
    angle = rates / (2.0 * np.pi * np.asarray(_WOBBLE_HZ) * _PEAK_SHARE)
    size = np.sqrt(down_mps[:, None] / max(runner.impact.down_mps, 0.1)) * angle
    return np.asarray(size * rng.normal(1.0, 0.45, (len(down_mps), 3)))


def _with_stand_before(contacts: Contacts, release_s: float, push_s: float) -> Contacts:
    """The stand before the first step as contact number 0."""

    def first(values: Floats, value: float) -> Floats:
        return np.concatenate((np.full((1, *values.shape[1:]), value, values.dtype), values))

    activity = np.append(contacts.activity, np.int8(WALK))[:1]
    return Contacts(
        first(contacts.ic_s, -_STAND_BEFORE_S), first(contacts.tc_s, release_s),
        first(contacts.nominal_s, 0.4), first(contacts.push_s, push_s), first(contacts.spot_m, 0.0),
        first(contacts.speed_mps, 0.0), np.concatenate((activity, contacts.activity)),
        first(contacts.strike_rad, 0.0), first(contacts.down_mps, 0.0),
        first(contacts.forward_mps, 0.0), first(contacts.wobble_rad, 0.0),
        first(contacts.sharpness, 0.0), first(contacts.turning, 1.0),
        first(contacts.burst, 0.0),
    )  # fmt: skip


Knot = tuple[Floats, Floats, Floats]  # time, value and rate, one per contact


def _landing_knots(runner: Runner, contacts: Contacts) -> tuple[Knot, Knot]:
    """Initial contact, and the instant when the foot has settled (flat, or nearly)."""
    style, speed, strike = runner.strike, contacts.speed_mps, contacts.strike_rad
    walking = contacts.activity == WALK
    hang = -style.heel_hang_rad * np.clip((speed - 5.0) / 4.0, 0.0, 1.0)
    settled = np.where(strike < hang, np.minimum(0.2 * strike + 0.8 * hang, 0.0), hang)
    settled = np.where(contacts.activity == HOP, 0.45 * strike, settled)
    longest_s = np.where(strike > 0.0, style.settle_s * (3.0 / np.maximum(speed, 1.5)) ** 0.5, 0.09)
    longest_s = np.where(walking, 0.11, longest_s)
    settle_s = np.clip(0.28 * contacts.nominal_s, 0.015, longest_s)
    landing = style.landing_rate_radps * np.maximum(strike, 0.0) - 0.6
    landing = np.where(walking, 0.5 * landing, landing)
    landing = np.where(contacts.ic_s < 0.0, 0.0, landing)  # the stand before the start
    none = np.zeros_like(strike)
    return (contacts.ic_s, strike, landing), (contacts.ic_s + settle_s, settled, none)


def _slap_knot(contacts: Contacts, landing: Knot, settled: Knot) -> Knot:
    """A knot within the settling that lets the forefoot slap down and stop suddenly.

    Where the slap is not sharp the knot lies on the plain curve.
    """
    (start_s, strike, rate), (stop_s, flat, none) = landing, settled
    settle_s = stop_s - start_s
    plain = quintic_pieces(settle_s, np.stack((strike, rate, none, flat, none, none)))
    u = 1.0 - _SLAP_STOP
    power = np.arange(6)
    on_curve = u**power @ plain
    rate_there = (power[1:] * u ** power[:-1]) @ plain[1:] / settle_s
    fast = _SLAP_RATE * (flat - strike) / settle_s
    above = flat - 0.5 * _SLAP_STOP * settle_s * fast
    sharp = contacts.sharpness
    return (
        start_s + u * settle_s,
        on_curve + sharp * (above - on_curve),
        rate_there + sharp * (fast - rate_there),
    )


def _push_knots(runner: Runner, contacts: Contacts, settled: Knot) -> tuple[Knot, Knot]:
    """Heel-off, and the fastest rotation of the push-off near toe-off."""
    swing = runner.swing
    standing = contacts.tc_s - contacts.ic_s > 1.5 * contacts.nominal_s
    heel_off = settled[1] - np.where(standing, 0.0, 1.5 * RAD_PER_DEG)
    push_s = contacts.push_s
    peak_s = contacts.tc_s + swing.peak_offset_s
    speed = np.maximum(contacts.speed_mps, 1.0)
    toe_off = swing.toe_off_rad + swing.toe_off_per_mps * (speed - 3.0)
    hopping = contacts.activity == HOP
    toe_off = np.where(hopping, toe_off - swing.toe_off_rad + _HOP_TOE_OFF_RAD, toe_off)
    peak_rate = (toe_off - heel_off) / (0.5 * push_s)
    start_s = np.maximum(peak_s - push_s, settled[0] + 0.06 * contacts.nominal_s)
    return (start_s, heel_off, np.zeros_like(peak_s)), (peak_s, toe_off, peak_rate)


def _swing_knots(
    runner: Runner, contacts: Contacts, peak: Knot, landing: Knot
) -> tuple[Knot, Knot, Knot]:
    """End of the push-off's snap, most toes-down, and most toes-up before the next landing."""
    walking = contacts.activity == WALK
    swing_s = np.append(contacts.ic_s[1:], contacts.tc_s[-1] + 0.4) - contacts.tc_s
    peak_s, toe_off, peak_rate = peak
    fall_s = np.minimum(np.where(walking, 0.035, runner.swing.fall_s), 0.22 * swing_s)
    after_rate = np.where(walking, 0.1, 0.25) * peak_rate
    after = toe_off + 0.5 * fall_s * (peak_rate + after_rate)
    lowest_s = np.where(walking, 0.06, 0.11) * swing_s
    lowest = after + 0.5 * lowest_s * after_rate
    before_s = np.clip(np.where(walking, 0.14, 0.12) * swing_s, 0.02, 0.09)
    next_strike, next_rate = (np.append(values[1:], 0.0) for values in landing[1:])
    highest = next_strike - 0.5 * before_s * next_rate
    none = np.zeros_like(peak_s)
    return (
        (peak_s + fall_s, after, after_rate),
        (peak_s + fall_s + lowest_s, lowest, none),
        (contacts.tc_s + swing_s - before_s, highest, none),
    )


def pitch_pieces(runner: Runner, contacts: Contacts) -> Pieces:
    """Pitch over the whole recording: landing, flat, push-off, snap, swing, landing; C2."""
    landing, settled = _landing_knots(runner, contacts)
    heel_off, peak = _push_knots(runner, contacts, settled)
    slap = (_slap_knot(contacts, landing, settled),) if contacts.sharpness.any() else ()
    swing = _swing_knots(runner, contacts, peak, landing)
    knots = (landing, *slap, settled, heel_off, peak, *swing)
    time_s, value, rate = (np.stack(column, axis=1).ravel() for column in zip(*knots, strict=True))
    return through_knots(time_s, value, rate)


def turn_pieces(runner: Runner, contacts: Contacts, foot: int) -> tuple[Pieces, Pieces]:
    """Roll and yaw over the whole recording; mirrored for the right foot."""
    swing = runner.swing
    side = 1.0 if foot == 0 else -1.0
    ic_s, tc_s, nominal_s = contacts.ic_s, contacts.tc_s, contacts.nominal_s
    swing_s = np.append(ic_s[1:], tc_s[-1] + 0.4) - tc_s
    one = np.select([contacts.activity == WALK, contacts.activity == HOP], [0.6, 0.3], 1.0)
    landing_s = np.minimum(0.3 * nominal_s, 0.05)
    push_s = 0.35 * nominal_s
    time_s = np.stack(
        (ic_s, ic_s + landing_s, tc_s - push_s, tc_s, tc_s + 0.3 * swing_s, tc_s + 0.7 * swing_s),
        axis=1,
    )
    standing = ic_s < 0.0
    landing = np.where(standing, swing.roll_flat_rad, swing.roll_landing_rad) * one
    flat = swing.roll_flat_rad * one
    rolls, yaws = contacts.turning.T * one
    swung = swing.roll_swing_rad * rolls
    roll = np.stack((landing, flat, flat, -0.3 * landing, swung, 0.3 * landing), axis=1)
    out, turned = swing.toe_out_rad * one, swing.yaw_swing_rad * yaws
    yaw = np.stack((1.3 * out, out, out, 1.2 * out, -0.6 * turned, out + turned), axis=1)
    none = np.zeros(time_s.size)
    return (
        through_knots(time_s.ravel(), -side * (roll - flat[:, None]).ravel(), none),
        through_knots(time_s.ravel(), side * yaw.ravel(), none),
    )


@dataclass(frozen=True, slots=True, eq=False)
class FootAngles:
    """Roll, pitch and yaw of one foot with the rattle after impacts and the burst at toe-off.

    sway_rad : (2, 3) slow sway of a standing body, in pitch and roll
    """

    contacts: Contacts
    roll: Pieces
    pitch: Pieces
    yaw: Pieces
    burst_rad: float
    sway_rad: Floats

    def at(self, time_s: Floats, number: Ints) -> tuple[Motion, Motion, Motion]:
        """The angles at ``time_s``, with the contact (or the swing after it) of every time."""
        contacts = self.contacts
        since_s = time_s - contacts.ic_s[number]
        roll, pitch, yaw = (
            plus(
                pieces.at(time_s),
                times(
                    contacts.wobble_rad[number, axis],
                    wobble(since_s, _WOBBLE_HZ[axis], _WOBBLE_DECAY_S),
                ),
            )
            for axis, pieces in enumerate((self.roll, self.pitch, self.yaw))
        )
        burst = wobble(time_s - contacts.tc_s[number], _BURST_HZ, _BURST_DECAY_S)
        size = (
            self.burst_rad
            * contacts.burst[number]
            * np.minimum(contacts.speed_mps[number] / 3.0, 2.0)
        )
        pitch = plus(plus(pitch, times(size, burst)), _sway(time_s, self.sway_rad[0]))
        roll = plus(plus(roll, times(0.6 * size, burst)), _sway(time_s, self.sway_rad[1]))
        return roll, pitch, yaw


def _sway(time_s: Floats, size_rad: Floats) -> Motion:
    """Slow sway of a standing body: three sines; negligible while running."""
    total: Motion = (np.zeros_like(time_s), np.zeros_like(time_s), np.zeros_like(time_s))
    for size, hz in zip(size_rad, (0.31, 0.57, 0.93), strict=True):
        w = 2.0 * np.pi * hz
        phase = w * time_s + 40.0 * size
        total = plus(
            total, (size * np.sin(phase), size * w * np.cos(phase), -size * w**2 * np.sin(phase))
        )
    return total


def foot_angles(
    runner: Runner, steps: Steps, foot: int, end_s: float, rng: np.random.Generator
) -> FootAngles:
    """Contacts and angles of one foot over all its steps."""
    contacts = contacts_of_foot(runner, steps, foot, end_s, rng)
    roll, yaw = turn_pieces(runner, contacts, foot)
    burst_rad = runner.swing.burst_radps / (2.0 * np.pi * _BURST_HZ * _PEAK_SHARE)
    sway_rad = rng.normal(0.0, 0.0008, (2, 3))
    return FootAngles(contacts, roll, pitch_pieces(runner, contacts), yaw, burst_rad, sway_rad)
