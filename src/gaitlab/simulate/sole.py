"""The sole: a convex curve that rolls on the ground without slipping, in closed form."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.units import Floats


@dataclass(frozen=True, slots=True)
class Sole:
    """Profile of the shoe's sole in the plane of the foot: a flat ellipse with rounded ends.

    A convex body is described by its support function h(pitch): the height of the foot's
    origin above the ground when the sole touches it at that pitch. Rolling without slipping
    moves the origin by ``-rolled(pitch)`` along the ground, because the velocity of the point
    that touches is zero: ``dx = -h dpitch`` and ``dz = h' dpitch``. The origin lies at the
    level of the sole; standing flat is pitch 0 and height 0.

    centre_m : middle of the tread ahead of the origin
    half_length_m : from that middle to the last point of the heel or ball
    rocker_m : half height of the ellipse, small is flat; or one per pitch
    edge_m : radius of the rounded ends
    base_m : height of the ellipse's centre above the ground, without the edge, standing flat;
        a rounder ellipse on the same centre encloses this one: the hull that swings

    Source
    ------
    Support functions of convex curves (any text on convex geometry); the numbers are assumptions
    about a running shoe of size 42.
    """

    centre_m: float = -0.015
    half_length_m: float = 0.105
    rocker_m: float | Floats = 0.008
    edge_m: float = 0.03
    base_m: float = 0.008

    def _root(self, pitch_rad: Floats) -> Floats:
        sine, cosine = np.sin(pitch_rad), np.cos(pitch_rad)
        return np.hypot(self.half_length_m * sine, self.rocker_m * cosine)

    def height(self, pitch_rad: Floats) -> Floats:
        """Height of the origin above the ground, m; same shape as the pitch.

        >>> float(Sole().height(np.array(0.0)))
        0.0
        """
        rise = (self.edge_m + self.base_m) * (1.0 - np.cos(pitch_rad))
        return np.asarray(
            rise - self.base_m - self.centre_m * np.sin(pitch_rad) + self._root(pitch_rad)
        )

    def slope(self, pitch_rad: Floats) -> Floats:
        """dh/dpitch, m: how far the touching point lies behind the origin."""
        sine, cosine = np.sin(pitch_rad), np.cos(pitch_rad)
        squared = self.half_length_m**2 - self.rocker_m**2
        bend = squared * sine * cosine / self._root(pitch_rad)
        upper = self.edge_m + self.base_m
        return np.asarray(upper * sine - self.centre_m * cosine + bend)

    def curvature(self, pitch_rad: Floats) -> Floats:
        """d2h/dpitch2, m."""
        sine, cosine = np.sin(pitch_rad), np.cos(pitch_rad)
        root = self._root(pitch_rad)
        radius = (self.half_length_m * self.rocker_m) ** 2 / root**3  # of the ellipse
        upper = self.edge_m + self.base_m
        return np.asarray(radius - root + upper * cosine + self.centre_m * sine)

    def rolled(self, pitch_rad: Floats) -> Floats:
        """Integral of the height from 0 to the pitch, m: minus the travel of the origin."""
        from scipy.special import ellipeinc

        upper = self.edge_m + self.base_m
        parameter = 1.0 - (self.half_length_m / self.rocker_m) ** 2
        return np.asarray(
            self.edge_m * pitch_rad
            - upper * np.sin(pitch_rad)
            - self.centre_m * (1.0 - np.cos(pitch_rad))
            + self.rocker_m * ellipeinc(pitch_rad, parameter)
        )

    def touching_point(self, pitch_rad: Floats) -> tuple[Floats, Floats]:
        """Foot coordinates (x, z) of the point that touches, m."""
        height, slope = self.height(pitch_rad), self.slope(pitch_rad)
        sine, cosine = np.sin(pitch_rad), np.cos(pitch_rad)
        return -height * sine - slope * cosine, -height * cosine + slope * sine
