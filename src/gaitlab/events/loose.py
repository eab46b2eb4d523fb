"""A pod that came off its shoe: where it lies afterwards no foot stands."""

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Bools, Floats, Ints
from gaitlab.signal.orientation import angle_between

LIES_RAD = np.radians(45.0)  # assumption: a foot that comes to rest after a run leans less
TUMBLES_S = 2.0  # assumption: from the last stride that can be believed until a pod lies still


def came_off(signal: FootSignal, quiet: Ints, ic_s: Floats) -> Bools:
    """(k,) contacts shortly before the pod came to rest as no foot stands.

    quiet : (q, 2) samples in which it does not move;  ic_s : (k,) on the recording's time axis
    A pod that falls off tumbles, and its turns look like swings, its bounces like landings. In
    the air nothing tells them apart for certain; at rest gravity does. So do a runner who lies
    down at once, and a pod that was turned by hand: those strides are left out too. Our own.
    """
    if not len(quiet) or not len(ic_s):
        return np.zeros(len(ic_s), dtype=bool)
    up = np.array([np.nanmean(signal.acc_mps2[opens:closes], axis=0) for opens, closes in quiet])
    lies = angle_between(up, np.array([0.0, 0.0, 1.0])) > LIES_RAD
    rest_s = signal.start_s + quiet[lies, 0] / signal.rate_hz
    after = np.append(rest_s, np.inf)[np.searchsorted(rest_s, ic_s)]
    return np.asarray(after - ic_s < TUMBLES_S)
