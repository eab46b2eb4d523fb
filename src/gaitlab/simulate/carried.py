"""The foot that is carried while the other one hops: shaken by the body, held or swung along."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.gait import HOP
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Floats
from gaitlab.simulate.curves import (
    Motion,
    Pieces,
    minus,
    plus,
    product,
    quintic_pieces,
    smooth_step,
    times,
)
from gaitlab.simulate.timing import JUMP_S, Steps

_LIFTED_M, _LIFT_S = 0.25, 0.35  # assumptions: how high, and in which time it is lifted
_LAST_S = 0.30  # from the last landing until the body is still
_PASSED = (0.6, 0.95)  # assumption: share of the body's bounce that reaches the foot
_HELD = ((0.01, 0.04), (2.0 * RAD_PER_DEG, 6.0 * RAD_PER_DEG))  # m along, rad of pitch
_SWUNG = ((0.12, 0.30), (12.0 * RAD_PER_DEG, 30.0 * RAD_PER_DEG))


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """What moves the carried foot beside its way from the stand to where it is put down.

    lift_s, down_s : when it leaves the ground and is back;  bounce : height of the body
    along, up : way of the frame, which one polynomial over a whole set would swing out far
    along_m, pitch_rad : swing in the rhythm of the hops;  hop_hz, phase_rad : of that rhythm
    """

    lift_s: float
    down_s: float
    along: Pieces
    up: Pieces
    bounce: Pieces
    passed: float
    along_m: float
    pitch_rad: float
    hop_hz: float
    phase_rad: float

    def at(self, time_s: Floats) -> tuple[Motion, Motion, Motion]:
        """Along, up and pitch to be added at ``time_s`` (n,); nothing outside of the set."""
        up = _scaled(smooth_step((time_s - self.lift_s) / _LIFT_S), 1.0 / _LIFT_S)
        down = _scaled(smooth_step((time_s - self.down_s + _LIFT_S) / _LIFT_S), 1.0 / _LIFT_S)
        inside = minus(up, down)
        w = 2.0 * np.pi * self.hop_hz
        angle = w * time_s + self.phase_rad
        wave = (np.sin(angle), w * np.cos(angle), -w * w * np.sin(angle))
        swing = product(inside, wave)
        bounce = product(inside, times(self.passed, self.bounce.at(time_s)))
        height = plus(times(_LIFTED_M, inside), bounce)
        return times(self.along_m, swing), height, times(self.pitch_rad, swing)

    def instead(self, time_s: Floats, along: Motion, up: Motion) -> tuple[Motion, Motion]:
        """The way of the frame (n,), that of the carried foot within the set."""
        inside = (time_s > self.lift_s) & (time_s < self.down_s)
        first, second = (
            tuple(np.where(inside, a, b) for a, b in zip(own.at(time_s), other, strict=True))
            for own, other in ((self.along, along), (self.up, up))
        )
        return first, second  # type: ignore[return-value]  # three each


def _scaled(step: Motion, per_s: float) -> Motion:
    """A motion over u as one over time."""
    return step[0], step[1] * per_s, step[2] * per_s**2


Frame = tuple[Pieces, Pieces, Pieces]


def carried_in(
    steps: Steps, foot: int, frame: Frame, rng: np.random.Generator
) -> tuple[Carried, ...]:
    """One element for each set in which the other foot hops alone.

    frame : of the foot's swings: along, left, up
    """
    hops = steps.activity == HOP
    bouts = np.unique(steps.bout[hops & (steps.foot != foot)])
    bouts = bouts[~np.isin(bouts, steps.bout[hops & (steps.foot == foot)])]
    return tuple(_carried(steps, foot, int(bout), frame, rng) for bout in bouts)


def _carried(steps: Steps, foot: int, bout: int, frame: Frame, rng: np.random.Generator) -> Carried:
    here = steps.bout == bout
    other = here & (steps.foot != foot)
    ic_s, nominal_s = steps.ic_s[other], steps.nominal_contact_s[other]
    leaves_s = np.append(steps.release_s[bout, 1 - foot], (ic_s + nominal_s)[:-1])
    lengths, pitches = _SWUNG if rng.random() < 0.5 else _HELD
    lift_s = float(steps.release_s[bout, foot])
    down_s = float(steps.ic_s[here & (steps.foot == foot)][0])
    along, up = (_held(pieces, lift_s, down_s) for pieces in (frame[0], frame[2]))
    return Carried(
        lift_s, down_s, along, up, _bounce(leaves_s, ic_s), rng.uniform(*_PASSED),
        rng.uniform(*lengths), rng.uniform(*pitches), 1.0 / float(np.mean(np.diff(ic_s))),
        float(rng.uniform(0.0, 2.0 * np.pi)),
    )  # fmt: skip


def _held(swing: Pieces, lift_s: float, down_s: float) -> Pieces:
    """A way that leaves and arrives as the swing does, and rests at once in between."""
    piece = np.full(2, int(np.argmin(np.abs(swing.start_s - lift_s))))
    ends = np.array(swing.at_pieces(np.array([lift_s + 1e-9, down_s - 1e-9]), piece))
    knots = np.repeat(ends, 2, axis=1)
    knots[1:, 1:3] = 0.0
    duration_s = np.array([_LIFT_S, down_s - lift_s - 2.0 * _LIFT_S, _LIFT_S])
    start_s = lift_s + np.concatenate(([0.0], np.cumsum(duration_s)[:-1]))
    both = np.concatenate((knots[:, :-1], knots[:, 1:]))
    return Pieces(start_s, duration_s, quintic_pieces(duration_s, both))


def _bounce(leaves_s: Floats, lands_s: Floats) -> Pieces:
    """Height of the body: parabolas in the air, one smooth dip in each contact.

    leaves_s, lands_s : (k,) take-offs and the landings after them
    """
    speed = 0.5 * STANDARD_GRAVITY_MPS2 * (lands_s - leaves_s)
    time_s = np.stack((leaves_s, lands_s), axis=1).ravel()
    rate = np.stack((speed, -speed), axis=1).ravel()
    time_s = np.concatenate(([leaves_s[0] - JUMP_S], time_s, [lands_s[-1] + _LAST_S]))
    rate = np.concatenate(([0.0], rate, [0.0]))
    bend = np.full(len(time_s), -STANDARD_GRAVITY_MPS2)
    bend[[0, -1]] = 0.0
    knots = np.stack((np.zeros_like(rate), rate, bend))
    ends = np.concatenate((knots[:, :-1], knots[:, 1:]))
    duration_s = np.diff(time_s)
    return Pieces(time_s[:-1], duration_s, quintic_pieces(duration_s, ends))
