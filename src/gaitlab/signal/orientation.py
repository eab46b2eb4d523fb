"""Rotations, and attitude carried along with the gyroscope."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitlab.model.units import Bools, Floats, Ints

Quaternions = NDArray[np.complex128]  # (2, ...): w + ix and y + iz of w + ix + jy + kz

LOOP_SAMPLES = 32  # samples that the loop runs over; all stretches of this length at once
BLOCK_SAMPLES = 16384  # measured optimum 8192 to 32768: the working set stays in the cache
SERIES_BELOW = 0.03  # squared half angle up to which five terms are exact to the last digit


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """What n samples look like from the axes of the first of them.

    force_mps2 : (3, n) specific force
    within : (32, 2, c) attitude at each sample against the first of its stretch
    ahead : (2, c) attitude at the first sample of each stretch
    """

    force_mps2: Floats
    within: Quaternions
    ahead: Quaternions

    def attitude(self, sample: Ints) -> Quaternions:
        """(2, k) attitude at the given samples."""
        stretch, step = np.divmod(sample, LOOP_SAMPLES)
        within = self.within[step, :, stretch].T
        return _product(self.ahead[:, stretch], within)


def window_samples(starts: Ints, stops: Ints, length: int) -> tuple[Ints, Bools]:
    """Sample indices (k, m) of windows ``[start, stop)`` and which of them are inside.

    Indices outside a window or the signal are clipped to it, so gathering is always safe.
    """
    longest = int((stops - starts).max(initial=0))
    steps = np.arange(longest)
    sample = starts[:, None] + steps
    inside = (sample < stops[:, None]) & (sample >= 0) & (sample < length)
    return np.clip(sample, 0, max(length - 1, 0)), inside


def carried(acc_mps2: Floats, gyr_radps: Floats, rate_hz: float) -> Carried:
    """Carry the axes of the first sample along with the gyroscope.

    One rotation per sample, trapezoidal in the rate. The loop runs over the few samples of a
    stretch, all stretches side by side; they are joined afterwards.

    acc_mps2, gyr_radps : (n, 3) without NaN; (0, 3) gives empty arrays
    Source: Savage 1998, J Guid Control Dyn 21:19, rotation vector update without coning terms.
    """
    n = len(acc_mps2)
    count = -(-n // LOOP_SAMPLES)
    within = np.empty((LOOP_SAMPLES, 2, count), dtype=np.complex128)
    ahead = np.empty((2, count + 1), dtype=np.complex128)
    ahead[:, 0] = 1.0, 0.0
    force = np.empty((3, n))
    for first in range(0, n, BLOCK_SAMPLES):
        last = min(first + BLOCK_SAMPLES, n)
        low, high = first // LOOP_SAMPLES, -(-last // LOOP_SAMPLES)
        gyr = _side_by_side(gyr_radps[first : last + 1], high - low, LOOP_SAMPLES + 1)
        gyr = (gyr[:, 1:] + gyr[:, :-1]) * (0.25 / rate_hz)
        running = _running(*_steps(gyr))
        within[:, :, low:high] = running[:-1]
        ahead[:, low + 1 : high + 1] = _joined(ahead[:, low], running[-1])
        acc = _side_by_side(acc_mps2[first:last], high - low, LOOP_SAMPLES)
        turned_acc = _rotated(running[:-1].swapaxes(0, 1), acc)
        turned_acc = _as_matrices(ahead[:, low:high], turned_acc)
        force[:, first:last] = turned_acc.swapaxes(1, 2).reshape(3, -1)[:, : last - first]
    return Carried(force, within, ahead[:, :-1])


def _as_matrices(turn: Quaternions, vectors: Floats) -> Floats:
    """Vectors (3, m, c) turned by the quaternions (2, c)."""
    columns = [_rotated(turn, axis[:, None]) for axis in np.eye(3)]
    out = np.empty(vectors.shape)
    part = np.empty(vectors.shape[1:])
    for row in range(3):
        np.multiply(columns[0][row], vectors[0], out=out[row])
        for column, vector in zip(columns[1:], vectors[1:], strict=True):
            np.multiply(column[row], vector, out=part)
            out[row] += part
    return out


def _side_by_side(values: Floats, count: int, length: int) -> Floats:
    """(3, length, count) stretches of (n, 3), each beginning LOOP_SAMPLES after the one before.

    What is missing at the end repeats the last sample.
    """
    out = np.empty((3, length, count))
    padded = np.empty(count * LOOP_SAMPLES + 1)
    for axis, column in enumerate(values.T):
        padded[: len(column)] = column
        padded[len(column) :] = column[-1]
        out[axis, :LOOP_SAMPLES] = padded[:-1].reshape(count, LOOP_SAMPLES).T
        if length > LOOP_SAMPLES:
            out[axis, LOOP_SAMPLES] = padded[LOOP_SAMPLES::LOOP_SAMPLES]
    return out


def _steps(half: Floats) -> tuple[Quaternions, Quaternions]:
    """The two factors, (m, 2, c) each, of turns by twice the vectors ``half`` (3, m, c) in rad.

    A quaternion q times a step (a, b) is q * (a, a*) + q' * (-b*, b), q' being q swapped.
    """
    x, y, z = half
    square = x * x + y * y + z * z
    if square.max(initial=0.0) < SERIES_BELOW:
        cos, sinc = _series(square, _COS_TERMS), _series(square, _SINC_TERMS)
    else:
        angle = np.sqrt(square)
        cos, sinc = np.cos(angle), np.sinc(angle / np.pi)
    keep = np.empty((len(x), 2, x.shape[1]), dtype=np.complex128)
    swap = np.empty_like(keep)
    keep.real = cos[:, None]
    np.multiply(sinc, x, out=keep[:, 0].imag)
    np.negative(keep[:, 0].imag, out=keep[:, 1].imag)
    np.multiply(sinc, y, out=swap[:, 1].real)
    np.negative(swap[:, 1].real, out=swap[:, 0].real)
    swap.imag = (sinc * z)[:, None]
    return keep, swap


_COS_TERMS = (1.0, -1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800)  # in the squared angle
_SINC_TERMS = (1.0, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800)


def _series(square: Floats, terms: tuple[float, ...]) -> Floats:
    """A power series of ``square``, the first term being the constant."""
    total = square * terms[-1]
    for term in terms[-2:0:-1]:
        total += term
        total *= square
    total += terms[0]
    return total


def _running(keep: Quaternions, swap: Quaternions) -> Quaternions:
    """(m + 1, 2, c) running product of the steps, from no rotation on."""
    m, _, c = keep.shape
    attitude = np.empty((m + 1, 2, c), dtype=np.complex128)
    attitude[0] = np.array([[1.0], [0.0]])
    part = np.empty((2, c), dtype=np.complex128)
    for j in range(m):  # over the samples of a stretch; all stretches at once
        np.multiply(attitude[j], keep[j], out=attitude[j + 1])
        np.multiply(attitude[j, ::-1], swap[j], out=part)
        attitude[j + 1] += part
    return attitude


def _joined(start: Quaternions, turns: Quaternions) -> Quaternions:
    """(2, c) ``start`` (2,) turned by the first, the first two, ... of ``turns`` (2, c)."""
    count = -(-turns.shape[1] // LOOP_SAMPLES)
    steps = np.zeros((2, count * LOOP_SAMPLES), dtype=np.complex128)
    steps[0] = 1.0  # no turn
    steps[:, : turns.shape[1]] = turns
    a, b = steps.reshape(2, count, LOOP_SAMPLES).swapaxes(1, 2)
    keep, swap = np.stack((a, a.conj()), axis=1), np.stack((-b.conj(), b), axis=1)
    running = _running(keep, swap)
    ahead = np.empty((2, count), dtype=np.complex128)
    ahead[:, 0] = start
    for k in range(1, count):  # over stretches of stretches: a few
        ahead[:, k] = _product(ahead[:, k - 1], running[-1, :, k - 1])
    joined = _product(ahead[:, None], running[1:].swapaxes(0, 1))
    return joined.swapaxes(1, 2).reshape(2, -1)[:, : turns.shape[1]]


def _product(first: Quaternions, then: Quaternions) -> Quaternions:
    """Products of quaternions (2, ...)."""
    a, b = first
    c, d = then
    return np.stack((a * c - b * d.conj(), a * d + b * c.conj()))


def inverse(turn: Quaternions) -> Quaternions:
    """The turns (2, ...) backwards."""
    return np.stack((turn[0].conj(), -turn[1]))


def rotated(turn: Quaternions, vectors: Floats) -> Floats:
    """Vectors (k, 3) turned by quaternions (2, k)."""
    return _rotated(turn, vectors.T).T


def _rotated(turn: Quaternions, vectors: Floats) -> Floats:
    """Vectors (3, ...) turned by quaternions (2, ...): v + 2w(q x v) + 2 q x (q x v)."""
    parts = (turn[0].real, turn[0].imag, turn[1].real, turn[1].imag)
    w, x, y, z = (np.ascontiguousarray(part) for part in parts)
    vx, vy, vz = vectors
    x2, y2, z2 = 2.0 * x, 2.0 * y, 2.0 * z
    tx, ty, tz = y2 * vz - z2 * vy, z2 * vx - x2 * vz, x2 * vy - y2 * vx
    out = np.empty((3, *tx.shape))
    for axis, (v, t, q, r, p, s) in enumerate(
        ((vx, tx, y, tz, z, ty), (vy, ty, z, tx, x, tz), (vz, tz, x, ty, y, tx))
    ):
        np.multiply(w, t, out=out[axis])
        out[axis] += v
        out[axis] += q * r
        out[axis] -= p * s
    return out


def along(vectors: Floats, axis: Floats) -> Floats:
    """(n,) component of vectors (n, 3) along an axis (3,).

    Not a matrix product: those spin up threads that cost more than the few sums they save.
    """
    return np.asarray(vectors[:, 0] * axis[0] + vectors[:, 1] * axis[1] + vectors[:, 2] * axis[2])


def squares(vectors: Floats) -> Floats:
    """(n,) squared length of vectors (n, 3)."""
    x, y, z = vectors.T
    return np.asarray(x * x + y * y + z * z)


def turned(vectors: Floats, rotation: Floats, origin: Floats | None = None) -> Floats:
    """Vectors (n, 3), less ``origin`` (3,), turned by a rotation matrix (3, 3).

    Each component of the result lies together in memory.
    """
    out = np.empty((3, len(vectors)))
    for first in range(0, len(vectors), BLOCK_SAMPLES):
        part = vectors[first : first + BLOCK_SAMPLES]
        if origin is not None:
            part = part - origin
        for component, row in zip(out, rotation, strict=True):
            component[first : first + BLOCK_SAMPLES] = along(part, row)
    return out.T


def unit_vectors(vectors: Floats) -> Floats:
    """Vectors (..., 3) scaled to length one; a zero vector stays zero."""
    norm = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(norm > 0.0, norm, 1.0))


def angle_between(a: Floats, b: Floats) -> Floats:
    """Angle in rad between vectors (..., 3), 0 to pi; exact also for tiny angles."""
    cross = np.linalg.norm(np.cross(a, b), axis=-1)
    return np.asarray(np.arctan2(cross, np.sum(a * b, axis=-1)))
