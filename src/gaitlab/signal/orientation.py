"""Rotations and strapdown integration over many short windows at once."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.units import Bools, Floats, Ints

WINDOWS_AT_ONCE = 1024  # measured optimum 256 to 2048: the working set stays in the cache


@dataclass(frozen=True, slots=True, eq=False)
class Strapdown:
    """What k windows of m samples look like from the axes of their own first sample.

    force_mps2 : (k, m, 3) specific force; rows after a window's end repeat zero
    forward : (k, m, 3) the sensor's x axis
    last_axes : (k, 3, 3) the sensor's axes (columns) at the last sample
    inside : (k, m) sample belongs to the window
    sample : (k, m) index of the sample in the signal
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
    sample, inside = window_samples(starts, stops, len(acc_mps2))
    k, m = sample.shape
    gyr, acc = gyr_radps[sample], acc_mps2[sample]  # (k, m, 3)
    both = inside[:, 1:] & inside[:, :-1]
    turn = 0.5 * (gyr[:, 1:] + gyr[:, :-1]) * (both[:, :, None] / rate_hz)
    step = _rotation_quaternions(turn)
    attitude = np.empty((m, 4, k))
    if m:
        attitude[0] = np.array([1.0, 0.0, 0.0, 0.0])[:, None]
    for j in range(1, m):
        attitude[j] = _product(attitude[j - 1], step[j - 1])
    force = _rotate(attitude, np.moveaxis(acc, 0, -1))  # (m, 3, k)
    x_axis = np.zeros((m, 3, k))
    x_axis[:, 0] = 1.0
    forward = _rotate(attitude, x_axis)
    force = np.where(inside.T[:, None, :], force, 0.0)
    return Strapdown(
        np.ascontiguousarray(np.moveaxis(force, -1, 0)),
        np.ascontiguousarray(np.moveaxis(forward, -1, 0)),
        _axes(attitude[-1]) if m else np.empty((0, 3, 3)),
        inside,
        sample,
    )


def _rotation_quaternions(turn: Floats) -> Floats:
    """(m, 4, k) quaternions, scalar first, of rotation vectors (k, m, 3) in rad."""
    angle = np.sqrt(np.einsum("kmi,kmi->km", turn, turn))
    half = 0.5 * angle
    scale = 0.5 * np.sinc(half / np.pi)  # sin(half)/angle without a division by zero
    parts = np.stack((np.cos(half), *(np.moveaxis(turn, -1, 0) * scale)))  # (4, k, m)
    return np.ascontiguousarray(parts.transpose(2, 0, 1))


def _product(a: Floats, b: Floats) -> Floats:
    """Hamilton product of quaternions (4, k)."""
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return np.stack(
        (
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        )
    )


def _rotate(attitude: Floats, vectors: Floats) -> Floats:
    """Vectors (m, 3, k) turned by quaternions (m, 4, k): v + 2w(q x v) + 2 q x (q x v)."""
    w, x, y, z = attitude[:, 0], attitude[:, 1], attitude[:, 2], attitude[:, 3]
    vx, vy, vz = vectors[:, 0], vectors[:, 1], vectors[:, 2]
    tx, ty, tz = 2.0 * (y * vz - z * vy), 2.0 * (z * vx - x * vz), 2.0 * (x * vy - y * vx)
    return np.stack(
        (
            vx + w * tx + y * tz - z * ty,
            vy + w * ty + z * tx - x * tz,
            vz + w * tz + x * ty - y * tx,
        ),
        axis=1,
    )


def _axes(attitude: Floats) -> Floats:
    """(k, 3, 3) rotation matrices of quaternions (4, k); column i is where axis i points."""
    k = attitude.shape[1]
    unit = np.broadcast_to(np.eye(3)[:, :, None], (3, 3, k))
    turned = _rotate(np.broadcast_to(attitude, (3, 4, k)), unit)  # [axis, component, window]
    return np.ascontiguousarray(turned.transpose(2, 1, 0))


def unit_vectors(vectors: Floats) -> Floats:
    """Vectors (..., 3) scaled to length one; a zero vector stays zero."""
    norm = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(norm > 0.0, norm, 1.0))


def angle_between(a: Floats, b: Floats) -> Floats:
    """Angle in rad between vectors (..., 3), 0 to pi; exact also for tiny angles."""
    cross = np.linalg.norm(np.cross(a, b), axis=-1)
    return np.asarray(np.arctan2(cross, np.sum(a * b, axis=-1)))
