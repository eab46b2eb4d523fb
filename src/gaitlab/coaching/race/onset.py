"""Where a rise of the pace begins, when nobody knows how it was made.

Some runners jump and then drive on, some build up evenly, some start softly: a hinge put on a jump
lies too early, one put on a soft start too late, by 20 to 30 m. So several shapes of rise are laid
on speed and cadence from every place, and the start is the mean over all that fit, each by how
well it does. What they disagree about becomes the uncertainty.

The pace of a race wanders by itself. That wander is measured before the part that is searched and
taken as correlated noise, so that what happens close to the start decides.

Source: Bayesian model averaging with the Schwarz criterion (Raftery 1995, Sociol Methodol 25);
shapes, prior of equal parts and wander: design decisions, tried on simulated races.
"""

from typing import Final

import numpy as np

from gaitlab.model.units import Floats, Ints

WANDER_M: Final = 100.0  # how far the pace remembers
LEAST_WANDER_SHARE: Final = 0.004
FEWEST_BEFORE: Final = 12  # places that show the wander
JUMPS_M: Final = (10.0, 25.0, 60.0)  # after which a jump has reached 63 %
SHORTEST_RISE_M: Final = 20.0


def rise_start(
    at_m: Floats,
    series: tuple[tuple[Floats, float], ...],
    starts_m: Floats,
    ends_m: Floats,
    quiet: int,
) -> tuple[float, float]:
    """Where the rise begins and the standard uncertainty of that, m.

    at_m : (n,) places
    series : what rises there, (n,) each, and its white noise (SD)
    starts_m, ends_m : (a,), (b,) places at which a rise may begin and be over
    quiet : so many places from the first one on show the pace before any rise
    """
    first, last = np.nonzero(ends_m >= starts_m[:, None] + SHORTEST_RISE_M)
    shapes = _shapes(at_m, starts_m, ends_m, first, last)
    whole = [np.zeros(len(first)) for _ in shapes]
    for values, noise in series:
        white = _whitener(at_m, values, noise, quiet)
        for place, shape in enumerate(shapes):
            whole[place] += _left_over(at_m, values, white, shape)
    size = len(series) * len(at_m)
    least = min(float(misfit.min()) for misfit in whole)
    scale = max(least / (size - 10), 1.0)
    log_weight = np.array([
        -0.5 * (misfit / scale + len(series) * len(shape) * np.log(size))
        - np.log(len(JUMPS_M) if len(shape) == 3 else 1)
        for misfit, shape in zip(whole, shapes, strict=True)
    ])  # fmt: skip
    weight = np.exp(log_weight - log_weight.max()).sum(axis=0)
    weight /= weight.sum()
    begin_m = starts_m[first]
    mean = float(weight @ begin_m)
    return mean, float(np.sqrt(weight @ (begin_m - mean) ** 2))


def _shapes(
    at_m: Floats, starts_m: Floats, ends_m: Floats, first: Ints, last: Ints
) -> list[list[Floats]]:
    """The columns (n, pairs) of each shape: even rise, soft start, jumps of several lengths.

    Every shape goes on with another slope from where the rise is over.
    """
    way_m = np.maximum(at_m[:, None] - starts_m, 0.0)
    on = (np.maximum(at_m[:, None] - ends_m, 0.0) / 100.0)[:, last]
    even = (way_m / 100.0)[:, first]
    share = np.minimum(way_m[:, first] / (ends_m[last] - starts_m[first]), 1.0)
    soft = share**2 * (3.0 - 2.0 * share)
    jumps = [[even, on, -np.expm1(-way_m / jump_m)[:, first]] for jump_m in JUMPS_M]
    return [[even, on], [soft, on], *jumps]


def _whitener(at_m: Floats, values: Floats, noise: float, quiet: int) -> Floats:
    """(n, n) what makes wander and noise white, line and level taken out."""
    wander = 0.0
    if quiet >= FEWEST_BEFORE:
        line = np.polyfit(at_m[:quiet], values[:quiet], 1)
        left = values[:quiet] - np.polyval(line, at_m[:quiet])
        wander = np.sqrt(max(float(left @ left) / (quiet - 2) - noise**2, 0.0))
    wander = max(wander, LEAST_WANDER_SHARE * float(np.mean(values)))
    apart = np.abs(at_m[:, None] - at_m)
    cov = noise**2 * np.eye(len(at_m)) + wander**2 * np.exp(-apart / WANDER_M)
    white = np.linalg.inv(np.linalg.cholesky(cov))
    line = white @ np.stack((np.ones_like(at_m), (at_m - at_m[0]) / 100.0), axis=1)
    q, _ = np.linalg.qr(line)
    return np.asarray(white - q @ (q.T @ white))


def _left_over(at_m: Floats, values: Floats, white: Floats, shape: list[Floats]) -> Floats:
    """(pairs,) weighted residual sum of squares of the values on a level, a line and the shape."""
    known = white @ values
    columns = np.stack([white @ column for column in shape])  # (m, n, pairs)
    size = np.sqrt(np.einsum("inp,inp->ip", columns, columns)) + 1e-12
    columns /= size[:, None, :]
    gram = np.einsum("inp,jnp->pij", columns, columns) + 1e-9 * np.eye(len(shape))
    along = np.einsum("n,inp->pi", known, columns)
    fitted = np.linalg.solve(gram, along[..., None])[..., 0]
    return np.asarray(known @ known - np.sum(fitted * along, axis=1))
