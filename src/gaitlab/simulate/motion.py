"""How one foot moves: rolling contact on the ground, smooth polynomials in swing."""

from dataclasses import dataclass, replace

import numpy as np

from gaitlab.model.gait import HOP, WALK
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats, Ints
from gaitlab.simulate.angles import Contacts, FootAngles, foot_angles
from gaitlab.simulate.carried import Carried, carried_in
from gaitlab.simulate.curves import (
    Motion,
    Pieces,
    flattened,
    midsole,
    minus,
    plus,
    product,
    quintic_pieces,
    residual_shift_s,
    smooth_step,
    times,
    with_bump,
)
from gaitlab.simulate.ground import Footholds, Ground, onto_ground, swing_share
from gaitlab.simulate.runner import Runner
from gaitlab.simulate.sole import Sole
from gaitlab.simulate.timing import Steps

_HOP_RISE = 0.85  # of the foot over that of the body
HULL_M = 0.05  # half height of the hull that rolls in swing; the sole's own kink would jerk it


def rolled_origin(sole: Sole, pitch: Motion, yaw: Motion) -> tuple[Motion, Motion, Motion]:
    """Way of the foot's origin (along, left, up; m) that comes from rolling on the sole."""
    angle, rate, bend = pitch
    height, slope = sole.height(angle), sole.slope(angle)
    rolled = (-sole.rolled(angle), -height * rate, -(slope * rate**2 + height * bend))
    turn, turn1, turn2 = yaw
    sine, cosine = np.sin(turn), np.cos(turn)
    return (
        product(rolled, (cosine, -sine * turn1, -sine * turn2 - cosine * turn1**2)),
        product(rolled, (sine, cosine * turn1, cosine * turn2 - sine * turn1**2)),
        (height, slope * rate, sole.curvature(angle) * rate**2 + slope * bend),
    )


def _handover(sole: Sole, angles: FootAngles, time_s: Floats, number: Ints) -> Floats:
    """(3, 3, k) what the swing's frame must add where the sole's hull takes over.

    Axes: direction (along, left, up), derivative, contact.
    """
    _, pitch, yaw = angles.at(time_s, number)
    on_ground = rolled_origin(sole, pitch, yaw)
    in_swing = rolled_origin(replace(sole, rocker_m=HULL_M), pitch, yaw)
    return np.asarray(np.array(on_ground) - np.array(in_swing))


def swing_pieces(runner: Runner, sole: Sole, angles: FootAngles) -> tuple[Pieces, Pieces, Pieces]:
    """Frame of the foot in swing (along, left, up), where the hull of the sole rolls in air.

    Each swing is one polynomial that takes over position, speed and acceleration at toe-off
    and gives them back, with the landing speed, at initial contact.
    """
    swing, impact, contacts = runner.swing, runner.impact, angles.contacts
    number = np.arange(len(contacts.ic_s) - 1)
    start_s, stop_s = contacts.tc_s[:-1], contacts.ic_s[1:]
    duration_s = stop_s - start_s
    leave = _handover(sole, angles, start_s, number)
    arrive = _handover(sole, angles, stop_s, number)
    ends = np.concatenate((leave, arrive), axis=1)  # direction, (p v a p v a), swing

    rest = residual_shift_s(2.0 * np.pi * impact.frequency_hz, impact.damping)
    length = contacts.spot_m[1:] - contacts.spot_m[:-1]
    ends[0, 0] += contacts.spot_m[:-1]
    ends[0, 2] += 5.0 * swing.release * length / duration_s**2
    ends[0, 3] += contacts.spot_m[1:] - rest * contacts.forward_mps[1:]
    ends[0, 4] += contacts.forward_mps[1:]
    ends[0, 5] -= 3.0 * length / duration_s**2
    along = flattened(quintic_pieces(duration_s, ends[0]), (0.13 - 0.06 * swing.release) * length)

    ends[2, 4] -= contacts.down_mps[1:]
    up = _upward(runner, contacts, duration_s, ends[2])
    left = quintic_pieces(duration_s, ends[1])
    return tuple(Pieces(start_s, duration_s, part) for part in (along, left, up))  # type: ignore[return-value]  # three


def _upward(runner: Runner, contacts: Contacts, duration_s: Floats, ends: Floats) -> Floats:
    """Coefficients of the frame's height in swing; a hopping foot rises as the body flies."""
    swing = runner.swing
    speed = 0.5 * (contacts.speed_mps[:-1] + contacts.speed_mps[1:])
    before, hops = contacts.activity[:-1], contacts.activity[1:] == HOP
    lift = np.maximum(swing.lift_m + swing.lift_per_mps * (speed - 3.0), 0.06)
    lift = np.where((before == WALK) | (before == HOP), 0.03, lift)
    leave, arrive = ends[2].copy(), ends[5].copy()
    leave += np.where(hops, 14.0 + 16.0 * swing.release, 40.0 * swing.release * lift)
    arrive -= np.where(hops, 0.6 * STANDARD_GRAVITY_MPS2, 0.0)
    ends = np.stack((ends[0], ends[1], leave, ends[3], ends[4], arrive))
    plain = quintic_pieces(duration_s, ends)
    middle = 0.5 ** np.arange(6) @ plain
    rise = _HOP_RISE * STANDARD_GRAVITY_MPS2 * duration_s**2 / 8.0
    lift = np.where(hops, np.maximum(rise - middle, 0.0), lift)
    return with_bump(plain, lift, np.where(hops, 0.0, 0.35))


@dataclass(frozen=True, slots=True, eq=False)
class FootMotion:
    """Everything that moves one foot; ``at`` evaluates it.

    frame : way of the frame on which the sole rolls: along, left, up
    lateral_m : distance from the line of progression
    holds : the ground under each contact; None where it is level throughout
    carried : sets in which the other foot hops
    """

    sole: Sole
    angles: FootAngles
    frame: tuple[Pieces, Pieces, Pieces]
    lateral_m: float
    midsole_hz: float
    midsole_damping: float
    holds: Footholds | None = None
    carried: tuple[Carried, ...] = ()

    @property
    def contacts(self) -> Contacts:
        """The contacts of this foot."""
        return self.angles.contacts

    def at(self, time_s: Floats) -> "Pose":
        """Pose, velocity and acceleration of the foot at ``time_s`` (n,)."""
        contacts = self.contacts
        number = np.searchsorted(contacts.ic_s, time_s, side="right") - 1
        number = np.clip(number, 0, len(contacts.ic_s) - 1)
        loaded = time_s <= contacts.tc_s[number]
        roll, pitch, yaw = self.angles.at(time_s, number)
        along, left, up = self._frame(time_s, number, loaded)
        for one in self.carried:
            along, up = one.instead(time_s, along, up)
            more = one.at(time_s)
            along, up, pitch = plus(along, more[0]), plus(up, more[1]), plus(pitch, more[2])
        sole = replace(self.sole, rocker_m=np.where(loaded, self.sole.rocker_m, HULL_M))
        rolled = rolled_origin(sole, pitch, yaw)
        along, left, up = plus(along, rolled[0]), plus(left, rolled[1]), plus(up, rolled[2])
        gap = up[0] - self.sole.height(pitch[0])
        if self.holds is not None:
            after = np.minimum(number + 1, len(contacts.ic_s) - 1)
            share = swing_share(time_s, contacts.tc_s[number], contacts.ic_s[after])
            along, up, slope = onto_ground(self.holds, number, share, along, up)
            pitch = plus(pitch, slope)
        return Pose(roll, pitch, yaw, (along, left, up), gap)

    def _frame(self, time_s: Floats, number: Ints, loaded: Bools) -> tuple[Motion, Motion, Motion]:
        """The frame in swing; on the ground the spot and what the midsole gives way."""
        contacts = self.contacts
        angular_hz = 2.0 * np.pi * self.midsole_hz
        rest = residual_shift_s(angular_hz, self.midsole_damping)
        since_s = time_s - contacts.ic_s[number]
        response = midsole(since_s, angular_hz, self.midsole_damping)
        held_s = 0.85 * contacts.nominal_s[number]
        step = smooth_step(since_s / held_s)
        recover = (rest * step[0], rest * step[1] / held_s, rest * step[2] / held_s**2)
        shear = times(contacts.forward_mps[number], response)
        spot = contacts.spot_m[number] - rest * contacts.forward_mps[number]
        sink = times(-contacts.down_mps[number], minus(response, recover))
        none = np.zeros_like(time_s)
        grounded = ((spot + shear[0], shear[1], shear[2]), (none, none, none), sink)
        piece = np.minimum(number, max(len(contacts.ic_s) - 2, 0))
        along, left, up = (
            _either(loaded, ground, pieces.at_pieces(time_s, piece))
            for ground, pieces in zip(grounded, self.frame, strict=True)
        )
        return along, (left[0] + self.lateral_m, left[1], left[2]), up


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Motion of the foot: angles (rad) and the way of its origin (m), with derivatives.

    pitch : against the horizon;  origin : along the level, left, up
    gap_m : lowest point of the sole above the ground, negative where the midsole is pressed in
    """

    roll: Motion
    pitch: Motion
    yaw: Motion
    origin: tuple[Motion, Motion, Motion]
    gap_m: Floats

    def moved(self, derivative: int) -> Floats:
        """(n, 3) position, velocity or acceleration of the origin in the world."""
        return np.stack([part[derivative] for part in self.origin], axis=1)


def _either(first: Bools, a: Motion, b: Motion) -> Motion:
    return np.where(first, a[0], b[0]), np.where(first, a[1], b[1]), np.where(first, a[2], b[2])


def move_foot(
    runner: Runner, steps: Steps, foot: int, end_s: float, ground: Ground | None,
    rng: np.random.Generator,
) -> FootMotion:  # fmt: skip
    """The motion of one foot over all its steps."""
    angles = foot_angles(runner, steps, foot, end_s, rng)
    sole = Sole()
    side, frame = (1.0 if foot == 0 else -1.0), swing_pieces(runner, sole, angles)
    return FootMotion(
        sole, angles, frame, side * runner.swing.half_width_m,
        runner.impact.frequency_hz, runner.impact.damping,
        None if ground is None else ground.under(angles.contacts.spot_m),
        carried_in(steps, foot, frame, rng),
    )  # fmt: skip
