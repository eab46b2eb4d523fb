"""Where in a stride the velocity belongs that its clipped samples hide.

How much a stride lost is known: its velocity at both ends is, and gravity. When it was lost is
not, and over a stride it matters: in a sprint 1 m/s lost in mid-swing is 0.2 m of way, lost at
the landing, 50 ms before the end, it is 0.05 m. An axis hides nothing while it is within its
range, so the loss is laid upon the axes that were cut, each in its direction at that moment, as
much as it may hide; of all ways to do that the smallest. Our own.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Floats, Ints
from gaitlab.signal.orientation import Carried, dotted, norm_of, rotated, unit_vectors
from gaitlab.strides.peaks import Cuts
from gaitlab.strides.steps import Stretches

ANY_WAY_MPS2: Final = 1.0  # assumption: a cut sample may be off by that along every axis
FAST_SHARE: Final = 0.75  # of the speed of clipped strides: whole ones that tell of them
FEW: Final = 4  # whole strides count as much as what is known without any: no rise
ROUNDS: Final = 2  # the level ground and the way depend on each other a little


@dataclass(frozen=True, slots=True, eq=False)
class Lost:
    """The cut samples of some strides, m of them in s strides.

    sample, stride : (m,) place of each, and the stride that holds it
    axes : (3, m, 3) direction of each sensor axis then;  along_mps2 : (m, 3) what it may hide
    per_mps : (s, 3, 3) the smallest loss that adds up to a velocity, for each m/s of it
    delay_s : (s, 3, 3) way by the end of the stride for each m/s that was lost
    """

    sample: Ints
    stride: Ints
    axes: Floats
    along_mps2: Floats
    per_mps: Floats
    delay_s: Floats

    def way_m(self, lost_mps: Floats) -> Floats:
        """(s, 3) way that a lost velocity (s, 3) makes up by the end of its stride."""
        return np.asarray(np.einsum("sij,sj->si", self.delay_s, lost_mps))

    def along(self, up: Floats, lost_mps: Floats, n: int) -> Floats:
        """(n,) what each sample lost along ``up`` (s, 3), m/s."""
        wanted = np.einsum("sij,sj->si", self.per_mps, lost_mps)[self.stride]
        found = ANY_WAY_MPS2 * wanted
        for axis, weight in zip(self.axes, self.along_mps2.T, strict=True):
            found += (weight * dotted(axis, wanted))[:, None] * axis
        lost = np.zeros(n)
        lost[self.sample] = dotted(found, up[self.stride])
        return lost


def lost_in(cuts: Cuts, moved: Carried, steps: Stretches, rate: float) -> Lost:
    """What the cut samples within the strides ``steps`` may hide; a stride without any: nothing."""
    k = len(steps.first)
    stride = np.searchsorted(steps.first, cuts.sample, side="right") - 1
    inside = (stride >= 0) & (cuts.sample < steps.last[np.maximum(stride, 0)])
    sample, stride = cuts.sample[inside], stride[inside]
    along = cuts.along_mps2[inside]
    attitude = moved.attitude(sample)
    axes = np.stack(
        [rotated(attitude, np.broadcast_to(axis, (len(sample), 3))) for axis in cuts.axes.T]
    )
    to_go_s = (steps.last[stride] - sample) / rate
    total, later = np.zeros((k, 3, 3)), np.zeros((k, 3, 3))
    for i in range(3):
        for j in range(i + 1):
            each = (along.T * axes[:, :, i] * axes[:, :, j]).sum(axis=0) + ANY_WAY_MPS2 * (i == j)
            total[:, i, j] = total[:, j, i] = np.bincount(stride, each, k)
            later[:, i, j] = later[:, j, i] = np.bincount(stride, each * to_go_s, k)
    total[total[:, 0, 0] == 0.0] = np.eye(3)
    inverse = np.asarray(np.linalg.inv(total), dtype=np.float64)
    return Lost(sample, stride, axes, along, inverse, np.asarray(later @ inverse, dtype=np.float64))


def level_ground(
    up: Floats, lost: Lost, unsupported: Floats, mean: Floats, time_s: Floats, rise_m: float
) -> Floats:
    """The directions nearest to ``up`` (s, 3) in which strides rise as those on level ground do.

    unsupported : (s, 3) way of each stride had nothing pulled it down and nothing been lost
    mean : (s, 3) mean force over it;  time_s : (s,);  rise_m : of :func:`usual_rise_m`

    With gravity g along up the way is ``unsupported - g up t^2 / 2`` and what was lost,
    ``(g up - mean) t``, adds its own. Ground that rises by 2 % makes a fast stride about 1 % too
    long.
    """
    free = unsupported - lost.way_m(mean * time_s[:, None])
    for _ in range(ROUNDS):
        time2 = 0.5 * time_s**2 - time_s * dotted(up, lost.way_m(up))
        along = unit_vectors(free)
        share = (STANDARD_GRAVITY_MPS2 * time2 + rise_m) / np.maximum(norm_of(free), 1e-9)
        share = np.clip(share, -1.0, 1.0)[:, None]
        across = up - along * dotted(up, along)[:, None]
        up = share * along + np.sqrt(1.0 - share**2) * unit_vectors(across)
    return up


def usual_rise_m(
    unsupported: Floats, mean: Floats, time_s: Floats, up: Floats, clipped: Bools
) -> float:
    """How much the strides that levelled themselves seem to rise on ground that is level.

    up : (s, 3) of each stride, its own or lent;  the others as in :func:`level_ground`

    The ball of a foot that has no time to roll flat is not quite at rest at mid-stance, so even
    whole strides end some centimetres higher or lower than they began, by runner and foot. Few
    such strides at the speed of the clipped ones tell little: towards zero then.
    """
    way = unsupported - 0.5 * mean * (time_s**2)[:, None]
    rise = dotted(up, way)
    speed = norm_of(way - up * rise[:, None]) / time_s
    fast = ~clipped & (speed > FAST_SHARE * np.median(speed[clipped]))
    n = int(fast.sum())
    return float(np.median(rise[fast])) * n / (n + FEW) if n else 0.0
