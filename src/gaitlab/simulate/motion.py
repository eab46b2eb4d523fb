"""How one foot moves: pitch, roll and yaw through knots, rolling contact, smooth swing."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.gait import WALK
from gaitlab.model.units import RAD_PER_DEG, Bools, Codes, Floats, Ints
from gaitlab.simulate.curves import (
    Motion,
    Pieces,
    flattened,
    midsole,
    quintic_pieces,
    residual_shift_s,
    smooth_step,
    through_knots,
    with_bump,
    wobble,
)
from gaitlab.simulate.runner import Runner
from gaitlab.simulate.sole import Sole
from gaitlab.simulate.timing import Steps

_STAND_BEFORE_S, _STAND_AFTER_S = 2.0, 2.0
_WOBBLE_HZ, _WOBBLE_DECAY_S = (24.0, 31.0, 21.0), 0.011
_BURST_HZ, _BURST_DECAY_S = 33.0, 0.008


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Contacts of one foot with what shapes them; the first is the stand before the start.

    ic_s, tc_s : (k,) both finite: standing ends beyond the recording
    nominal_s : (k,) contact time without the standing
    spot_m, speed_mps, activity : (k,) as in Steps
    strike_rad : (k,) pitch at initial contact
    down_mps, forward_mps : (k,) landing speed that the midsole stops
    wobble_rad : (k, 3) size of the roll, pitch and yaw rattle
    """

    ic_s: Floats
    tc_s: Floats
    nominal_s: Floats
    spot_m: Floats
    speed_mps: Floats
    activity: Codes
    strike_rad: Floats
    down_mps: Floats
    forward_mps: Floats
    wobble_rad: Floats


def mean_strike_rad(runner: Runner, speed_mps: Floats, activity: Codes) -> Floats:
    """The strike angle law of the runner; walkers land on the heel at 20 deg."""
    style = runner.strike
    law = style.angle_rad + style.slope_rad_per_mps * (speed_mps - 3.0)
    law = np.clip(law, style.lowest_rad, style.highest_rad)
    return np.where(activity == WALK, (12.0 + 6.0 * speed_mps) * RAD_PER_DEG, law)


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
    tc_s = np.where(np.isinf(tc_s), later[row + 1], tc_s)

    speed, activity = steps.speed_mps[mine], steps.activity[mine]
    style, impact = runner.strike, runner.impact
    side = style.asymmetry_rad * (0.5 if foot == 0 else -0.5)
    drift = style.fatigue_rad_per_km * steps.distance_m[mine] / 1000.0
    spread = style.sd_rad * rng.standard_normal(count)
    strike = mean_strike_rad(runner, speed, activity) + side + drift + spread

    scale = np.exp(impact.cv * rng.standard_normal((2, count)) - 0.5 * impact.cv**2)
    gentle = np.where(activity == WALK, 0.4, 1.0)
    down = np.maximum(impact.down_mps + impact.down_per_mps * (speed - 3.0), 0.15)
    forward = np.maximum(impact.forward_mps + impact.forward_per_mps * (speed - 3.0), 0.15)
    return _with_stand_before(
        Contacts(
            steps.ic_s[mine], tc_s, steps.nominal_contact_s[mine], steps.spot_m[mine], speed,
            activity, strike, gentle * down * scale[0], gentle * forward * scale[1],
            _wobble_sizes(runner, down * gentle * scale[0], rng),
        ),
        float(later[0]),
    )  # fmt: skip


def _wobble_sizes(runner: Runner, down_mps: Floats, rng: np.random.Generator) -> Floats:
    """Rattle in rad: rates as given for the runner, larger for harder landings."""
    rates = np.asarray(runner.impact.wobble_radps)
    angle = rates / (2.0 * np.pi * np.asarray(_WOBBLE_HZ) * 0.53)
    size = down_mps[:, None] / max(runner.impact.down_mps, 0.1) * angle
    return np.asarray(size * rng.normal(1.0, 0.45, (len(down_mps), 3)))


def _with_stand_before(contacts: Contacts, release_s: float) -> Contacts:
    def first(values: Floats, value: float) -> Floats:
        return np.concatenate((np.full((1, *values.shape[1:]), value, values.dtype), values))

    nominal_s = min(0.5, release_s + 0.5 * _STAND_BEFORE_S)
    return Contacts(
        first(contacts.ic_s, -_STAND_BEFORE_S), first(contacts.tc_s, release_s),
        first(contacts.nominal_s, nominal_s), first(contacts.spot_m, 0.0),
        first(contacts.speed_mps, 0.0), contacts.activity[np.r_[0, : len(contacts.ic_s)]],
        first(contacts.strike_rad, 0.0), first(contacts.down_mps, 0.0),
        first(contacts.forward_mps, 0.0), first(contacts.wobble_rad, 0.0),
    )  # fmt: skip


def pitch_pieces(runner: Runner, contacts: Contacts) -> Pieces:
    """Pitch over the whole recording: landing, flat, push-off, snap, swing, landing.

    Knots per contact: initial contact, settled, heel-off, fastest push-off, end of the snap,
    most toes-down, most toes-up before the next landing. C2 everywhere.
    """
    style, swing = runner.strike, runner.swing
    ic_s, tc_s, nominal_s = contacts.ic_s, contacts.tc_s, contacts.nominal_s
    speed, walking = contacts.speed_mps, contacts.activity == WALK
    strike = contacts.strike_rad
    swing_s = np.append(ic_s[1:], tc_s[-1] + 0.4) - tc_s

    hang = -style.heel_hang_rad * np.clip((speed - 5.0) / 4.0, 0.0, 1.0)
    settled = np.where(strike < hang, np.minimum(0.35 * strike + 0.65 * hang, 0.0), hang)
    longest_s = np.where(strike > 0.0, style.settle_s * (3.0 / np.maximum(speed, 1.5)) ** 0.5, 0.09)
    settle_s = np.clip(0.28 * nominal_s, 0.015, longest_s)
    landing = style.landing_rate_radps * np.maximum(strike, 0.0) - 0.6
    landing = np.where(ic_s < -1.0, 0.0, landing)  # the stand before the start

    push_s = np.where(walking, 0.42, 0.62) * nominal_s
    peak_s = tc_s + swing.peak_offset_s
    toe_off = swing.toe_off_rad + swing.toe_off_per_mps * (np.maximum(speed, 1.0) - 3.0)
    heel_off = settled - 1.5 * RAD_PER_DEG
    peak_rate = (toe_off - heel_off) / (0.5 * push_s)
    fall_s = np.minimum(swing.fall_s, 0.22 * swing_s)
    after_rate = np.where(walking, 0.1, 0.25) * peak_rate
    after = toe_off + 0.5 * fall_s * (peak_rate + after_rate)
    lowest_s = 0.16 * swing_s
    lowest = after + 0.5 * lowest_s * after_rate
    before_s = np.clip(0.16 * swing_s, 0.02, 0.09)
    next_strike, next_rate = np.append(strike[1:], 0.0), np.append(landing[1:], 0.0)
    highest = next_strike - 0.5 * before_s * next_rate

    zero = np.zeros_like(ic_s)
    after_s = peak_s + fall_s
    time_s = np.stack(
        (ic_s, ic_s + settle_s, peak_s - push_s, peak_s, after_s, after_s + lowest_s,
         tc_s + swing_s - before_s), axis=1,
    )  # fmt: skip
    value = np.stack((strike, settled, heel_off, toe_off, after, lowest, highest), axis=1)
    rate = np.stack((landing, zero, zero, peak_rate, after_rate, zero, zero), axis=1)
    return through_knots(time_s.ravel(), value.ravel(), rate.ravel())


def turn_pieces(runner: Runner, contacts: Contacts, foot: int) -> tuple[Pieces, Pieces]:
    """Roll and yaw over the whole recording; mirrored for the right foot."""
    swing = runner.swing
    side = 1.0 if foot == 0 else -1.0
    ic_s, tc_s, nominal_s = contacts.ic_s, contacts.tc_s, contacts.nominal_s
    swing_s = np.append(ic_s[1:], tc_s[-1] + 0.4) - tc_s
    one = np.where(contacts.activity == WALK, 0.6, 1.0)
    landing_s = np.minimum(0.3 * nominal_s, 0.05)
    push_s = 0.35 * nominal_s
    time_s = np.stack(
        (ic_s, ic_s + landing_s, tc_s - push_s, tc_s, tc_s + 0.3 * swing_s, tc_s + 0.7 * swing_s),
        axis=1,
    )
    standing = ic_s < -1.0
    landing = np.where(standing, swing.roll_flat_rad, swing.roll_landing_rad) * one
    flat = swing.roll_flat_rad * one
    roll = np.stack(
        (landing, flat, flat, -0.3 * landing, swing.roll_swing_rad * one, 0.3 * landing), axis=1
    )
    out = swing.toe_out_rad * one
    yaw = np.stack((1.3 * out, out, out, 1.2 * out, -0.5 * out, 1.6 * out), axis=1)
    none = np.zeros(time_s.size)
    return (
        through_knots(time_s.ravel(), -side * (roll - flat[:, None]).ravel(), none),
        through_knots(time_s.ravel(), side * yaw.ravel(), none),
    )


def swing_pieces(runner: Runner, contacts: Contacts) -> tuple[Pieces, Pieces]:
    """Travel of the rolling frame and clearance of the sole in swing, constant in contact."""
    swing, impact = runner.swing, runner.impact
    start_s, duration_s = contacts.tc_s[:-1], contacts.ic_s[1:] - contacts.tc_s[:-1]
    speed = 0.5 * (contacts.speed_mps[:-1] + contacts.speed_mps[1:])
    walking = contacts.activity[:-1] == WALK
    rest = residual_shift_s(2.0 * np.pi * impact.frequency_hz, impact.damping)

    begin = contacts.spot_m[:-1]
    end = contacts.spot_m[1:] - rest * contacts.forward_mps[1:]
    mean_mps2 = (end - begin) / duration_s**2
    zero = np.zeros_like(begin)
    ends = np.stack(
        (begin, zero, 5.0 * swing.release * mean_mps2, end, contacts.forward_mps[1:],
         -3.0 * mean_mps2)
    )  # fmt: skip
    travel = flattened(
        quintic_pieces(duration_s, ends), (0.13 - 0.06 * swing.release) * (end - begin)
    )

    down = contacts.down_mps[1:]
    lift = np.where(
        walking, 0.02, np.maximum(swing.lift_m + swing.lift_per_mps * (speed - 3.0), 0.06)
    )
    ends = np.stack((zero, zero, 40.0 * swing.release * lift, zero, -down, zero))
    clearance = with_bump(quintic_pieces(duration_s, ends), lift, 0.35)
    return Pieces(start_s, duration_s, travel), Pieces(start_s, duration_s, clearance)


@dataclass(frozen=True, slots=True, eq=False)
class FootMotion:
    """Everything that moves one foot; ``at`` evaluates it."""

    sole: Sole
    contacts: Contacts
    pitch: Pieces
    roll: Pieces
    yaw: Pieces
    travel: Pieces
    clearance: Pieces
    lateral_m: float
    midsole_hz: float
    midsole_damping: float
    burst_rad: float
    sway_rad: Floats  # (2, 3) of pitch and roll

    def at(self, time_s: Floats) -> "Pose":
        """Pose, velocity and acceleration of the foot at ``time_s`` (n,)."""
        contacts = self.contacts
        number = np.searchsorted(contacts.ic_s, time_s, side="right") - 1
        number = np.clip(number, 0, len(contacts.ic_s) - 1)
        since_s = time_s - contacts.ic_s[number]
        roll, pitch, yaw = (
            _plus(pieces.at(time_s), _times(contacts.wobble_rad[number, axis],
                  wobble(since_s, _WOBBLE_HZ[axis], _WOBBLE_DECAY_S)))
            for axis, pieces in enumerate((self.roll, self.pitch, self.yaw))
        )  # fmt: skip
        released_s = time_s - contacts.tc_s[number]
        burst = wobble(released_s, _BURST_HZ, _BURST_DECAY_S)
        size = self.burst_rad * np.minimum(contacts.speed_mps[number] / 3.0, 2.0)
        pitch = _plus(_plus(pitch, _times(size, burst)), _sway(time_s, self.sway_rad[0]))
        roll = _plus(_plus(roll, _times(0.6 * size, burst)), _sway(time_s, self.sway_rad[1]))

        swing = np.clip(number, 0, max(len(self.travel.start_s) - 1, 0))
        in_swing = released_s > 0.0
        piece = np.where(in_swing, swing, np.maximum(number - 1, 0))
        travel = self.travel.at_pieces(time_s, piece)
        clearance = self.clearance.at_pieces(time_s, piece)
        sink, shear = self._midsole(since_s, number, released_s <= 0.0)
        return Pose(
            roll, pitch, yaw, _plus(travel, shear), _plus(clearance, sink), self.sole,
            self.lateral_m,
        )  # fmt: skip

    def _midsole(self, since_s: Floats, number: Ints, loaded: Bools) -> tuple[Motion, Motion]:
        """Sinking and shearing of the midsole in contact; the sink recovers before toe-off."""
        contacts = self.contacts
        angular_hz = 2.0 * np.pi * self.midsole_hz
        rest = residual_shift_s(angular_hz, self.midsole_damping)
        response = midsole(since_s, angular_hz, self.midsole_damping)
        held_s = 0.85 * contacts.nominal_s[number]
        step = smooth_step(since_s / held_s)
        recover = (rest * step[0], rest * step[1] / held_s, rest * step[2] / held_s**2)
        down = contacts.down_mps[number] * loaded
        forward = contacts.forward_mps[number] * loaded
        sink = _times(-down, _minus(response, recover))
        return sink, _times(forward, response)


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Motion of the foot: angles (rad), rolling frame and clearance (m), with derivatives."""

    roll: Motion
    pitch: Motion
    yaw: Motion
    travel: Motion
    clearance: Motion
    sole: Sole
    lateral_m: float

    def origin(self) -> tuple[Floats, Floats, Floats]:
        """World position, velocity and acceleration of the foot's origin, each (n, 3)."""
        pitch, rate, bend = self.pitch
        height, slope = self.sole.height(pitch), self.sole.slope(pitch)
        curvature = self.sole.curvature(pitch)
        rolled = (
            self.sole.rolled(pitch), height * rate, slope * rate**2 + height * bend,
        )  # fmt: skip
        yaw, turn, twist = self.yaw
        sine, cosine = np.sin(yaw), np.cos(yaw)
        along = _product(rolled, (cosine, -sine * turn, -sine * twist - cosine * turn**2))
        across = _product(rolled, (sine, cosine * turn, cosine * twist - sine * turn**2))
        lift = (height, slope * rate, curvature * rate**2 + slope * bend)
        position, velocity, acceleration = (
            np.stack((self.travel[i] - along[i], -across[i], self.clearance[i] + lift[i]), axis=1)
            for i in range(3)
        )
        position[:, 1] += self.lateral_m
        return position, velocity, acceleration


def _plus(a: Motion, b: Motion) -> Motion:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _minus(a: Motion, b: Motion) -> Motion:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _times(factor: Floats, a: Motion) -> Motion:
    return factor * a[0], factor * a[1], factor * a[2]


def _product(a: Motion, b: Motion) -> Motion:
    return a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + 2.0 * a[1] * b[1] + a[0] * b[2]


def _sway(time_s: Floats, size_rad: Floats) -> Motion:
    """Slow sway of a standing body: three sines; negligible while running."""
    total: Motion = (np.zeros_like(time_s), np.zeros_like(time_s), np.zeros_like(time_s))
    for size, hz in zip(size_rad, (0.31, 0.57, 0.93), strict=True):
        w = 2.0 * np.pi * hz
        phase = w * time_s + 40.0 * size
        total = _plus(
            total, (size * np.sin(phase), size * w * np.cos(phase), -size * w**2 * np.sin(phase))
        )
    return total


def move_foot(
    runner: Runner, steps: Steps, foot: int, end_s: float, rng: np.random.Generator
) -> FootMotion:
    """The motion of one foot over all its steps."""
    contacts = contacts_of_foot(runner, steps, foot, end_s, rng)
    roll, yaw = turn_pieces(runner, contacts, foot)
    travel, clearance = swing_pieces(runner, contacts)
    side = 1.0 if foot == 0 else -1.0
    return FootMotion(
        Sole(), contacts, pitch_pieces(runner, contacts), roll, yaw, travel, clearance,
        side * runner.swing.half_width_m, runner.impact.frequency_hz, runner.impact.damping,
        runner.swing.burst_radps / (2.0 * np.pi * _BURST_HZ * 0.53),
        rng.normal(0.0, 0.0008, (2, 3)),
    )  # fmt: skip
