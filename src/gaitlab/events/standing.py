"""Where a foot stands still, and which way is up by that."""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats, Ints
from gaitlab.signal.intervals import keep_longer, true_runs
from gaitlab.signal.orientation import angle_between, unit_vectors

BLOCK_S = 0.1
QUIET_GYR_SD_RADPS, QUIET_GYR_MEAN_RADPS = 0.06, 0.35  # assumption: a standing foot, any bias
QUIET_ACC_SD_MPS2 = 1.0
QUIET_NORM_SHARE = 0.15  # the norm at rest may be this far from 1 g (cheap sensors)
SHORTEST_QUIET_S = 0.5
STANDING_S = 1.0  # less standing than this is not trusted for gravity
STANDING_AGREES_RAD = np.radians(35.0)  # a pod in a bag or a hand is further off than this
SLIP_RAD = np.radians(5.0)
FELL_RAD = np.radians(15.0)  # assumption: a pod that is still tied to its shoe slips by less


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where the foot stands still (k, 2) samples, the force summed there (k, 3), and the bias."""

    quiet: Ints
    force: Floats
    bias: Floats


def standing_of(acc_mps2: Floats, gyr_radps: Floats, rate_hz: float) -> Standing:
    """All of the standing of a recording, and what the gyroscope reads in it."""
    quiet = quiet_windows(acc_mps2, gyr_radps, rate_hz)
    bias = _mean_within(gyr_radps, quiet) if len(quiet) else np.zeros(3)
    bias = np.where(np.isfinite(bias), bias, 0.0)
    return Standing(quiet, _sums_within(acc_mps2, quiet), bias)


def quiet_windows(acc_mps2: Floats, gyr_radps: Floats, rate_hz: float) -> Ints:
    """Stretches of at least half a second in which the foot does not move, (k, 2) samples.

    Blocks of 0.1 s whose acceleration and angular rate hardly vary and whose mean force is
    about 1 g. Without a gyroscope the acceleration alone decides.
    """
    size = max(round(BLOCK_S * rate_hz), 2)
    n = len(acc_mps2) // size
    if n == 0:
        return np.empty((0, 2), dtype=np.int64)
    force, shaking = _block_norms(acc_mps2, n, size)
    still = shaking < QUIET_ACC_SD_MPS2
    still &= np.abs(force / STANDARD_GRAVITY_MPS2 - 1.0) < QUIET_NORM_SHARE
    if np.isfinite(gyr_radps).any():
        turning, jitter = _block_norms(gyr_radps, n, size)
        still &= (jitter < QUIET_GYR_SD_RADPS) & (turning < QUIET_GYR_MEAN_RADPS)
    return keep_longer(true_runs(still), round(SHORTEST_QUIET_S / BLOCK_S)) * size


def _block_norms(values: Floats, n: int, size: int) -> tuple[Floats, Floats]:
    """Norm of the mean vector, and of the standard deviations, of n blocks of ``size`` rows."""
    blocks = np.ascontiguousarray(values[: n * size].T).reshape(3, n, size)
    mean = blocks.mean(axis=2)
    variance = np.einsum("cns,cns->cn", blocks, blocks) / size - mean**2
    spread = np.sqrt(np.maximum(variance, 0.0).sum(axis=0))
    return np.linalg.norm(mean, axis=0), np.where(np.isnan(mean[0]), np.nan, spread)


def _sums_within(values: Floats, windows: Ints) -> Floats:
    """(k, 3) sum of the rows in each of a few windows."""
    sums = [values[start:stop].sum(axis=0) for start, stop in windows]
    return np.array(sums).reshape(len(windows), 3)


def _mean_within(values: Floats, windows: Ints) -> Floats:
    inside = _sums_within(values, windows)
    return np.asarray(inside.sum(axis=0) / np.diff(windows, axis=1).sum())


def _as_worn(ups: Floats, lengths: Ints, moving: Floats) -> Bools:
    """(q,) standings in which the pod sat as on the moving foot, not as it lay or was tilted.

    ups : (q, 3);  lengths : (q,);  the first and the last of them are far apart
    """
    first = angle_between(ups, ups[:1]) < angle_between(ups, ups[-1:])
    sides = (first, ~first)
    off = [angle_between((ups[one] * lengths[one, None]).sum(axis=0), moving) for one in sides]
    return sides[int(np.argmin(off))]


def up_of(
    standing: Standing, moving: Floats | None, rate_hz: float
) -> tuple[Floats | None, str, float]:
    """Up in sensor axes: from standing when it is plausible, else from the moving foot."""
    ups = unit_vectors(standing.force)
    lengths = np.diff(standing.quiet, axis=1).ravel()
    if moving is not None:
        near: Bools = angle_between(ups, moving[None, :]) < STANDING_AGREES_RAD
        ups, lengths = ups[near], lengths[near]
    slip = float(angle_between(ups[0], ups[-1])) if len(ups) > 1 else float("nan")
    if slip > FELL_RAD and moving is not None:
        worn = _as_worn(ups, lengths, moving)
        ups, lengths = ups[worn], lengths[worn]
    if lengths.sum() >= STANDING_S * rate_hz:
        return unit_vectors((ups * lengths[:, None]).sum(axis=0)), "standing", slip
    return moving, "moving" if moving is not None else "none", slip
