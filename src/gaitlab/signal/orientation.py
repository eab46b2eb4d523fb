"""Rotations and strapdown integration over many short windows at once."""

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from gaitlab.model.units import Bools, Floats, Ints

WINDOWS_AT_ONCE = 512  # measured optimum 256 to 1024: the working set stays in the cache
FEW_WINDOWS = 64  # fewer are carried in blocks of samples: measured, twice to five times as fast


@dataclass(frozen=True, slots=True, eq=False)
class Strapdown:
    """What k windows of m samples look like from the axes of their own first sample.

    Component first, window last: neighbouring numbers in memory belong to neighbouring windows.

    force_mps2 : (3, m, k) specific force; zero after a window's end
    forward : (3, m, k) where the sensor's x axis points
    last_axes : (3, 3, k) the sensor's axes at the last sample; [:, i] is where axis i points
    inside : (m, k) sample belongs to the window
    sample : (m, k) index of the sample in the signal
    """

    force_mps2: Floats
    forward: Floats
    last_axes: Floats
    inside: Bools
    sample: Ints


def window_samples(starts: Ints, stops: Ints, length: int) -> tuple[Ints, Bools]:
    """Sample indices (k, m) of windows ``[start, stop)`` and which of them are inside.

    Indices outside a window or the signal are clipped to it, so gathering is always safe.
    """
    longest = int((stops - starts).max(initial=0))
    steps = np.arange(longest)
    sample = starts[:, None] + steps
    inside = (sample < stops[:, None]) & (sample >= 0) & (sample < length)
    return np.clip(sample, 0, max(length - 1, 0)), inside


def strapdown(
    acc_mps2: Floats, gyr_radps: Floats, rate_hz: float, starts: Ints, stops: Ints
) -> Strapdown:
    """Carry the axes of each window's first sample along with the gyroscope.

    One rotation per sample, trapezoidal in the rate, all windows in parallel: the loop runs
    over the few hundred samples of a window, never over the windows.

    acc_mps2, gyr_radps : (n, 3) without NaN inside the windows
    starts, stops : (k,) half-open windows, samples.  k = 0 gives empty arrays.
    Source: Savage 1998, J Guid Control Dyn 21:19, rotation vector update without coning terms.
    """
    rows, within = window_samples(starts, stops, len(acc_mps2))
    sample, inside = rows.T.copy(), within.T.copy()
    m, k = sample.shape
    if not m or not k:
        nothing = np.empty((3, m, k))
        return Strapdown(nothing, nothing, np.empty((3, 3, k)), inside, sample)
    gyr = np.stack([np.ascontiguousarray(column)[sample] for column in gyr_radps.T])
    acc = np.stack([np.ascontiguousarray(column)[sample] for column in acc_mps2.T])
    turn = (gyr[:, 1:] + gyr[:, :-1]) * (0.5 / rate_hz)
    turn *= inside[1:] & inside[:-1]
    attitude = _carried(_rotation_quaternions(turn))
    force = _rotated(attitude, acc)
    force *= inside
    axes = np.stack(
        [_rotated(attitude[:, -1], np.eye(3)[axis][:, None] * np.ones(k)) for axis in range(3)],
        axis=1,
    )
    return Strapdown(force, _first_axis(attitude), axes, inside, sample)


def _rotation_quaternions(turn: Floats) -> Floats:
    """(4, m, k) quaternions, scalar first, of rotation vectors (3, m, k) in rad."""
    half = 0.5 * np.sqrt(np.einsum("imk,imk->mk", turn, turn))
    scale = 0.5 * np.sinc(half / np.pi)  # sin(half) / angle without a division by zero
    return np.concatenate((np.cos(half)[None], turn * scale))


def _carried(step: Floats) -> Floats:
    """Running product (4, m + 1, k) of quaternions (4, m, k), from no rotation on.

    With few windows the loop itself is the cost: blocks of samples are then carried side by
    side, and joined afterwards.
    """
    _, m, k = step.shape
    if k >= FEW_WINDOWS or m < 4:
        return _running(step)
    size = ceil(sqrt(m))
    count = -(-m // size)
    padded = np.zeros((4, count * size, k))
    padded[0, m:] = 1.0  # no rotation
    padded[:, :m] = step
    blocks = padded.reshape(4, count, size, k).swapaxes(1, 2).reshape(4, size, count * k)
    inner = _running(blocks).reshape(4, size + 1, count, k)
    before = _running(inner[:, -1])[:, :-1]  # what the blocks ahead of each one have turned
    joined = _product(before[:, None], inner[:, 1:]).swapaxes(1, 2).reshape(4, count * size, k)
    start = np.zeros((4, 1, k))
    start[0] = 1.0
    return np.concatenate((start, joined[:, :m]), axis=1)


def _running(step: Floats) -> Floats:
    """What :func:`_carried` gives, one sample after the other."""
    _, m, k = step.shape
    attitude = np.empty((4, m + 1, k))
    attitude[:, 0] = np.array([1.0, 0.0, 0.0, 0.0])[:, None]
    for j in range(m):  # over the samples of a window; all windows at once
        _product(attitude[:, j], step[:, j], out=attitude[:, j + 1])
    return attitude


def _product(first: Floats, then: Floats, out: Floats | None = None) -> Floats:
    """Products of quaternions (4, ...)."""
    aw, ax, ay, az = first
    bw, bx, by, bz = then
    if out is None:
        out = np.empty(np.broadcast_shapes(first.shape, then.shape))
    out[0] = aw * bw - ax * bx - ay * by - az * bz
    out[1] = aw * bx + ax * bw + ay * bz - az * by
    out[2] = aw * by - ax * bz + ay * bw + az * bx
    out[3] = aw * bz + ax * by - ay * bx + az * bw
    return out


def _rotated(attitude: Floats, vectors: Floats) -> Floats:
    """Vectors (3, ...) turned by quaternions (4, ...): v + 2w(q x v) + 2 q x (q x v)."""
    w, x, y, z = attitude
    vx, vy, vz = vectors
    tx, ty, tz = 2.0 * (y * vz - z * vy), 2.0 * (z * vx - x * vz), 2.0 * (x * vy - y * vx)
    return np.stack(
        (
            vx + w * tx + y * tz - z * ty,
            vy + w * ty + z * tx - x * tz,
            vz + w * tz + x * ty - y * tx,
        )
    )


def _first_axis(attitude: Floats) -> Floats:
    """Where the x axis points after quaternions (4, ...), (3, ...)."""
    w, x, y, z = attitude
    return np.stack((1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)))


def along(vectors: Floats, axis: Floats) -> Floats:
    """(n,) component of vectors (n, 3) along an axis (3,).

    Not a matrix product: those spin up threads that cost more than the few sums they save.
    """
    return np.asarray(vectors[:, 0] * axis[0] + vectors[:, 1] * axis[1] + vectors[:, 2] * axis[2])


def turned(vectors: Floats, rotation: Floats) -> Floats:
    """Vectors (n, 3) turned by a rotation matrix (3, 3)."""
    return np.stack([along(vectors, row) for row in rotation], axis=1)


def unit_vectors(vectors: Floats) -> Floats:
    """Vectors (..., 3) scaled to length one; a zero vector stays zero."""
    norm = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(norm > 0.0, norm, 1.0))


def angle_between(a: Floats, b: Floats) -> Floats:
    """Angle in rad between vectors (..., 3), 0 to pi; exact also for tiny angles."""
    cross = np.linalg.norm(np.cross(a, b), axis=-1)
    return np.asarray(np.arctan2(cross, np.sum(a * b, axis=-1)))
