"""Smooth curves through knots: quintic pieces, swing polynomials, the midsole's response.

Everything is a polynomial or a damped sine, so velocities and accelerations are exact.
"""

from dataclasses import dataclass
from math import comb

import numpy as np

from gaitlab.model.units import Floats, Ints

Motion = tuple[Floats, Floats, Floats]  # value, first and second derivative

BUMP = np.array([0.0, 0.0, 0.0, 1.0, -3.0, 3.0, -1.0]) * 64.0  # 64 u^3 (1-u)^3, peak 1
_QUINTIC = np.array(  # rows: powers of u; columns: p0 v0 a0 p1 v1 a1
    [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.5, 0.0, 0.0, 0.0],
        [-10.0, -6.0, -1.5, 10.0, -4.0, 0.5],
        [15.0, 8.0, 1.5, -15.0, 7.0, -1.0],
        [-6.0, -3.0, -0.5, 6.0, -3.0, 0.5],
    ]
)


def quintic_pieces(duration_s: Floats, ends: Floats) -> Floats:
    """Coefficients (6, k) in u = 0..1 of quintics between given ends.

    duration_s : (k,)
    ends : (6, k) value, rate and acceleration at the start, then at the end (per second)

    >>> quintic_pieces(np.array([2.0]), np.array([[0.0, 0, 0, 1, 0, 0]]).T)[:, 0].tolist()
    [0.0, 0.0, 0.0, 10.0, -15.0, 6.0]
    """
    scale = np.stack([duration_s**power for power in (0, 1, 2, 0, 1, 2)])
    return np.asarray(_QUINTIC @ (ends * scale))


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Piecewise polynomial: piece i lives on ``[start_s[i], start_s[i] + duration_s[i])``.

    coefficients : (degree + 1, k), rising powers of u = (t - start) / duration
    Before the first and after the last piece the ends are held.
    """

    start_s: Floats
    duration_s: Floats
    coefficients: Floats

    def at(self, time_s: Floats) -> Motion:
        """Value, rate and acceleration at ``time_s`` (n,)."""
        last = len(self.start_s) - 1
        piece = np.clip(np.searchsorted(self.start_s, time_s, side="right") - 1, 0, last)
        return self.at_pieces(time_s, piece)

    def at_pieces(self, time_s: Floats, piece: Ints) -> Motion:
        """The same with the piece of every time known."""
        if not len(self.start_s):
            return np.zeros_like(time_s), np.zeros_like(time_s), np.zeros_like(time_s)
        duration_s = self.duration_s[piece]
        u = (time_s - self.start_s[piece]) / duration_s
        inside = (u >= 0.0) & (u <= 1.0)
        u = np.clip(u, 0.0, 1.0)
        coefficients = self.coefficients[:, piece]
        value, rate, bend = coefficients[-1], np.zeros_like(u), np.zeros_like(u)
        for row in coefficients[-2::-1]:
            bend = bend * u + 2.0 * rate
            rate = rate * u + value
            value = value * u + row
        return value, inside * rate / duration_s, inside * bend / duration_s**2


def through_knots(time_s: Floats, value: Floats, rate: Floats) -> Pieces:
    """Quintic pieces through knots (k,) with given rates and no acceleration there (C2)."""
    none = np.zeros_like(value)
    knots = np.stack((value, rate, none))
    duration_s = np.diff(time_s)
    ends = np.concatenate((knots[:, :-1], knots[:, 1:]))
    return Pieces(time_s[:-1], duration_s, quintic_pieces(duration_s, ends))


def with_bump(coefficients: Floats, height: Floats, lean: Floats | float) -> Floats:
    """Add ``height * (1 + lean (1 - 2u))`` times a bump that is flat (C2) at both ends.

    coefficients : (6, k);  height, lean : (k,), or one lean for all

    >>> with_bump(np.zeros((6, 1)), np.array([1.0]), 0.0).sum().item()
    0.0
    """
    padded = np.zeros((8, coefficients.shape[1]))
    padded[: len(coefficients)] = coefficients
    padded[:7] += BUMP[:, None] * height * (1.0 + lean)
    padded[1:] -= BUMP[:, None] * height * 2.0 * lean
    return padded


def flattened(coefficients: Floats, amount: Floats) -> Floats:
    """Take speed from the middle of the piece and give it to both sides; ends unchanged."""
    antisymmetric = np.zeros(8)
    antisymmetric[:7] += BUMP
    antisymmetric[1:] -= 2.0 * BUMP
    padded = np.zeros((8, coefficients.shape[1]))
    padded[: len(coefficients)] = coefficients
    return np.asarray(padded + antisymmetric[:, None] * amount)


def plus(a: Motion, b: Motion) -> Motion:
    """Sum of two motions."""
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def minus(a: Motion, b: Motion) -> Motion:
    """Difference of two motions."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def times(factor: Floats | float, a: Motion) -> Motion:
    """A motion times a factor per instant, or one."""
    return factor * a[0], factor * a[1], factor * a[2]


def product(a: Motion, b: Motion) -> Motion:
    """Product of two motions, with both derivatives."""
    return a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + 2.0 * a[1] * b[1] + a[0] * b[2]


def smooth_step(u: Floats) -> Motion:
    """0 to 1 over u = 0..1 with two derivatives zero at the ends; derivatives in u."""
    u = np.clip(u, 0.0, 1.0)
    value = u**3 * (10.0 + u * (-15.0 + 6.0 * u))
    return value, 30.0 * u**2 * (1.0 - u) ** 2, 60.0 * u * (1.0 - u) * (1.0 - 2.0 * u)


def midsole(since_s: Floats, angular_hz: float, damping: float) -> Motion:
    """How a landing speed of 1 m/s dies in a damped midsole: shift, speed, acceleration.

    The speed starts at 1 without a jump in force (acceleration 0) and rings down; the shift
    starts at 0 and ends at ``residual_shift_s``. Zero before contact.

    since_s : (n,) time since initial contact
    angular_hz : undamped angular frequency, rad/s
    """
    decay = damping * angular_hz
    ring = angular_hz * np.sqrt(1.0 - damping**2)
    t = np.maximum(since_s, 0.0)
    envelope, sine, cosine = np.exp(-decay * t), np.sin(ring * t), np.cos(ring * t)
    speed = envelope * (cosine + decay / ring * sine)
    acceleration = -envelope * angular_hz**2 / ring * sine
    shift = 2.0 * decay * (1.0 - envelope * cosine) + (ring - decay**2 / ring) * envelope * sine
    return shift / angular_hz**2, speed, acceleration


def residual_shift_s(angular_hz: float, damping: float) -> float:
    """Where the shift of ``midsole`` ends, m per m/s."""
    return 2.0 * damping / angular_hz


def wobble(since_s: Floats, frequency_hz: float, decay_s: float) -> Motion:
    """A rattle after the impact: (t/tau)^2 e^(-t/tau) sin(2 pi f t), C2 at its start."""
    t = np.maximum(since_s, 0.0) / decay_s
    w = 2.0 * np.pi * frequency_hz * decay_s
    grow, grow1, grow2 = t**2, 2.0 * t - t**2, 2.0 - 4.0 * t + t**2
    envelope, sine, cosine = np.exp(-t), np.sin(w * t), np.cos(w * t)
    value = envelope * grow * sine
    rate = envelope * (grow1 * sine + w * grow * cosine)
    bend = envelope * (grow2 * sine + 2.0 * w * grow1 * cosine - w**2 * grow * sine)
    return value, rate / decay_s, bend / decay_s**2


def binomial_smooth(values: Floats, order: int) -> Floats:
    """Moving average with binomial weights, ends padded; for slow drifts in noise."""
    weights = np.array([comb(order, i) for i in range(order + 1)], dtype=np.float64)
    padded = np.pad(values, (order // 2, order - order // 2), mode="edge")
    return np.convolve(padded, weights / weights.sum(), mode="valid")
