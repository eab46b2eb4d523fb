"""Ground that rises and falls: where each contact stands, and how the foot goes there."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.units import Floats, Ints
from gaitlab.simulate.curves import Motion, minus, plus, product, smooth_step
from gaitlab.simulate.programme import Course


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Profile of the ground along the course, (n,) each, rising distance.

    distance_m : along the ground;  level_m, height_m : the same as a map and a level see it
    slope_rad : inclination, uphill positive
    """

    distance_m: Floats
    level_m: Floats
    height_m: Floats
    slope_rad: Floats

    def under(self, spot_m: Floats) -> "Footholds":
        """The ground at some spots (k,)."""
        level_m, height_m, slope_rad = (
            np.interp(spot_m, self.distance_m, values)
            for values in (self.level_m, self.height_m, self.slope_rad)
        )
        return Footholds(spot_m, level_m, height_m, slope_rad)


@dataclass(frozen=True, slots=True, eq=False)
class Footholds:
    """The piece of ground under each contact of one foot, (k,) each; see Ground."""

    spot_m: Floats
    level_m: Floats
    height_m: Floats
    slope_rad: Floats

    def seen_from(self, number: Ints, along: Motion, up: Motion) -> tuple[Motion, Motion, Motion]:
        """Level way, height and inclination of what moves along and above one foothold.

        number : (n,) the foothold;  along, up : along its ground (from the start) and off it
        """
        slope = self.slope_rad[number]
        sine, cosine = np.sin(slope), np.cos(slope)
        ahead = along[0] - self.spot_m[number]
        level = cosine * ahead - sine * up[0] + self.level_m[number]
        height = sine * ahead + cosine * up[0] + self.height_m[number]
        still = np.zeros_like(slope)
        return (
            (level, cosine * along[1] - sine * up[1], cosine * along[2] - sine * up[2]),
            (height, sine * along[1] + cosine * up[1], sine * along[2] + cosine * up[2]),
            (slope, still, still),
        )


def lay_ground(course: Course) -> Ground | None:
    """The ground of the course; None when it is level throughout."""
    if not course.grade.any():
        return None
    distance_m, first = np.unique(course.distance_m, return_index=True)
    slope_rad = np.arctan(course.grade[first])
    step_m = np.diff(distance_m)
    level_m = np.concatenate(([0.0], np.cumsum(step_m * np.cos(slope_rad[:-1]))))
    height_m = np.concatenate(([0.0], np.cumsum(step_m * np.sin(slope_rad[:-1]))))
    return Ground(distance_m, level_m, height_m, slope_rad)


def onto_ground(
    holds: Footholds, number: Ints, share: Motion, along: Motion, up: Motion
) -> tuple[Motion, Motion, Motion]:
    """Level way, height and inclination of a foot on its way between footholds, C2.

    On the ground the foot knows its own foothold; in swing it goes over to the next one.

    number : (n,) the contact before;  share : of the way over to the next, 0 to 1
    """
    after = np.minimum(number + 1, len(holds.spot_m) - 1)
    here, there = (holds.seen_from(hold, along, up) for hold in (number, after))
    level, height, slope = (
        plus(old, product(share, minus(new, old))) for old, new in zip(here, there, strict=True)
    )
    return level, height, slope


def swing_share(time_s: Floats, leave_s: Floats, arrive_s: Floats) -> Motion:
    """0 on the ground to 1 at the next contact, smooth; 0 for a foot that never arrives."""
    moves = arrive_s > leave_s
    swing_s = np.where(moves, arrive_s - leave_s, 1.0)
    value, rate, bend = smooth_step((time_s - leave_s) / swing_s)
    return moves * value, moves * rate / swing_s, moves * bend / swing_s**2
