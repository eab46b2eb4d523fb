"""Rotations, and attitude carried along with the gyroscope."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitlab.model.units import Bools, Floats, Ints

Quaternions = Floats  # (4, ...): w, x, y, z
_Pairs = NDArray[np.complex128]  # (2, ...): w + ix and y + iz of w + ix + jy + kz

LOOP_SAMPLES = 32  # samples that the loop runs over; all stretches of this length at once
FEW = 128  # turns that are multiplied one by one, as Python's own numbers
# measured: the working set stays in the cache, and a call costs less than what it does
BLOCK_SAMPLES, TURNED_AT_ONCE = 32768, 8192
SERIES_BELOW = 0.03  # squared half angle up to which five terms are exact to the last digit


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """What n samples look like from the axes of the first of them.

    force_mps2 : (3, n) specific force
    turn : (4, n or a few more) attitude at each sample
    """

    force_mps2: Floats
    turn: Quaternions

    def attitude(self, sample: Ints) -> Quaternions:
        """(4, k) attitude at the given samples."""
        return self.turn[:, sample]


def window_samples(starts: Ints, stops: Ints, length: int) -> tuple[Ints, Bools]:
    """Sample indices (k, m) of windows ``[start, stop)`` and which of them are inside.

    Indices outside a window or the signal are clipped to it, so gathering is always safe.
    """
    longest = int((stops - starts).max(initial=0))
    steps = np.arange(longest)
    sample = starts[:, None] + steps
    inside = sample < np.minimum(stops, length)[:, None]
    if starts.min(initial=0) < 0:
        inside &= sample >= 0
        np.maximum(sample, 0, out=sample)
    return np.minimum(sample, max(length - 1, 0), out=sample), inside


def carried(acc_mps2: Floats, gyr_radps: Floats, rate_hz: float) -> Carried:
    """Carry the axes of the first sample along with the gyroscope.

    One rotation per sample, trapezoidal in the rate. The loop runs over the few samples of a
    stretch, all stretches side by side; they are joined afterwards.

    acc_mps2, gyr_radps : (n, 3) without NaN; (0, 3) gives empty arrays
    Source: Savage 1998, J Guid Control Dyn 21:19, rotation vector update without coning terms
    (abstract read; that a constant turn is exact is tested).
    """
    n = len(acc_mps2)
    count = -(-n // LOOP_SAMPLES)
    within = np.empty((LOOP_SAMPLES, 2, count), dtype=np.complex128)
    turns = np.empty((2, count), dtype=np.complex128)
    for first in range(0, n, BLOCK_SAMPLES):
        rates = gyr_radps[first : first + BLOCK_SAMPLES + 1]
        block = slice(first // LOOP_SAMPLES, min((first + BLOCK_SAMPLES) // LOOP_SAMPLES, count))
        gyr = _side_by_side(rates, block.stop - block.start, LOOP_SAMPLES + 1)
        gyr = (gyr[:, 1:] + gyr[:, :-1]) * (0.25 / rate_hz)
        running = _running(*_steps(gyr))
        within[:, :, block], turns[:, block] = running[:-1], running[-1]
    turn = _in_time(_ahead(turns), within)
    del within  # the largest array here
    force = np.empty((3, n))
    for first in range(0, n, TURNED_AT_ONCE):
        part = slice(first, min(first + TURNED_AT_ONCE, n))
        _rotate(turn[:, part], acc_mps2[part].T, force[:, part])
    return Carried(force, turn)


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


def _ahead(turns: _Pairs) -> _Pairs:
    """(2, c) no turn, the first, the first two, ... of ``turns`` (2, c)."""
    count = -(-turns.shape[1] // LOOP_SAMPLES)
    if turns.shape[1] <= FEW:
        return _one_by_one(turns)
    steps = np.zeros((2, count * LOOP_SAMPLES), dtype=np.complex128)
    steps[0] = 1.0  # no turn
    steps[:, : turns.shape[1]] = turns
    a, b = steps.reshape(2, count, LOOP_SAMPLES).swapaxes(1, 2)
    running = _running(np.stack((a, a.conj()), axis=1), np.stack((-b.conj(), b), axis=1))
    a, b = _ahead(running[-1])
    c, d = running[:-1].swapaxes(0, 1)
    joined = np.stack((a * c - b * d.conj(), a * d + b * c.conj()))
    return joined.swapaxes(1, 2).reshape(2, -1)[:, : turns.shape[1]]


def _one_by_one(turns: _Pairs) -> _Pairs:
    """As :func:`_ahead`, for so few that a loop costs less than arrays do."""
    a, b = 1.0 + 0.0j, 0.0j
    ahead = []
    for c, d in zip(*turns.tolist(), strict=True):
        ahead.append((a, b))
        a, b = a * c - b * d.conjugate(), a * d + b * c.conjugate()
    return np.array(ahead, dtype=np.complex128).reshape(-1, 2).T


def _in_time(ahead: _Pairs, within: _Pairs) -> Quaternions:
    """(4, n) what is ``ahead`` (2, c) of each stretch times the turns ``within`` it (m, 2, c)."""
    m, _, count = within.shape
    turn = np.empty((4, count * m))
    places = turn.reshape(4, count, m)
    size = BLOCK_SAMPLES // LOOP_SAMPLES
    for low in range(0, count, size):
        block = slice(low, low + size)
        (a, b), (c, d) = ahead[:, block], within[:, :, block].swapaxes(0, 1)
        for place, one, other in ((0, a * c, b * d.conj()), (2, a * d, -b * c.conj())):
            one -= other
            places[place, block], places[place + 1, block] = one.real.T, one.imag.T
    return turn


def inverse(turn: Quaternions) -> Quaternions:
    """The turns (4, ...) backwards."""
    return np.concatenate((turn[:1], -turn[1:]))


def rotated(turn: Quaternions, vectors: Floats) -> Floats:
    """Vectors (k, 3) turned by quaternions (4, k)."""
    out = np.empty((3, len(vectors)))
    _rotate(turn, vectors.T, out)
    return out.T


def _rotate(turn: Quaternions, vectors: Floats, out: Floats) -> None:
    """Vectors (3, k) turned by quaternions (4, k): v + 2w(q x v) + 2 q x (q x v)."""
    across = _cross(turn[1:], vectors)
    across += across
    np.multiply(turn[0], across, out=out)
    out += vectors
    out += _cross(turn[1:], across)


def _cross(first: Floats, second: Floats) -> Floats:
    """Cross products of vectors (3, k) and (3, k) or (3,)."""
    out, part = np.empty(first.shape), np.empty(first.shape[1])
    for row, i, j in zip(out, (1, 2, 0), (2, 0, 1), strict=True):
        np.multiply(first[i], second[j], out=row)
        row -= np.multiply(first[j], second[i], out=part)
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


def norm_of(vectors: Floats) -> Floats:
    """(...) length of vectors (..., 3); several times as fast as NumPy's for so few columns."""
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    return np.asarray(np.sqrt(x * x + y * y + z * z))


def dotted(first: Floats, second: Floats) -> Floats:
    """(n,) inner products of vectors (n, 3)."""
    (a, b, c), (x, y, z) = first.T, second.T
    return np.asarray(a * x + b * y + c * z)


def crossed(first: Floats, second: Floats) -> Floats:
    """(n, 3) cross products of vectors (n, 3) and (3,)."""
    return _cross(first.T, second).T


def turned(vectors: Floats, rotation: Floats, origin: Floats | None = None) -> Floats:
    """Vectors (n, 3), less ``origin`` (3,), turned by a rotation matrix (3, 3).

    Each component of the result lies together in memory.
    """
    out = np.empty((3, len(vectors)))
    offset = np.zeros(3) if origin is None else rotation @ origin
    for first in range(0, len(vectors), TURNED_AT_ONCE):
        x, y, z = vectors[first : first + TURNED_AT_ONCE].T
        for component, (a, b, c), zero in zip(out, rotation, offset, strict=True):
            part = component[first : first + TURNED_AT_ONCE]
            np.multiply(x, a, out=part)
            part += y * b
            part += z * c
            if zero != 0.0:
                part -= zero
    return out.T


def unit_vectors(vectors: Floats) -> Floats:
    """Vectors (..., 3) scaled to length one; a zero vector stays zero."""
    norm = norm_of(vectors)[..., None]
    return np.asarray(vectors / np.where(norm > 0.0, norm, 1.0))


def angle_between(a: Floats, b: Floats) -> Floats:
    """Angle in rad between vectors (..., 3), 0 to pi; exact also for tiny angles."""
    return np.asarray(np.arctan2(norm_of(np.cross(a, b)), np.sum(a * b, axis=-1)))
