"""A foot that runs by formula: every feature of its signals sits at a known instant."""

import numpy as np

from gaitlab.events.cycles import find_cycles
from gaitlab.model.gait import FootSignal

STRIDE_S, LANDS_S, CONTACT_S = 0.70, 0.22, 0.22  # landing after mid-swing
IMPACT_LATE_S, DIP_EARLY_S, SLAP_LATE_S = 0.012, 0.020, 0.022


def bell(time_s, at_s, width_s):
    """Sum of Gaussians of height one at each instant."""
    return np.exp(-0.5 * ((time_s[:, None] - at_s) / width_s) ** 2).sum(axis=1)


def made_foot(rate_hz, n=16, foot="left", late_s=None, impact_mps2=60.0):
    """A running foot with its true contacts: signal, cycles, ic (n,), tc (n,) in s.

    late_s : (n,) moves each landing, with all that belongs to it
    """
    swing_s = 0.5 + STRIDE_S * np.arange(n + 1)
    ic_s = swing_s[:-1] + LANDS_S + (0.0 if late_s is None else late_s)
    tc_s = swing_s[:-1] + LANDS_S + CONTACT_S
    t = np.arange(round((swing_s[-1] + 0.3) * rate_hz)) / rate_hz
    pitch_rate = 12.0 * bell(t, swing_s, 0.060) - 9.0 * bell(t, tc_s, 0.030)
    pitch_rate -= 3.0 * bell(t, ic_s + SLAP_LATE_S, 0.008)
    vertical = 9.81 + impact_mps2 * bell(t, ic_s + IMPACT_LATE_S, 0.005)
    vertical -= 8.0 * bell(t, ic_s - DIP_EARLY_S, 0.008)
    vertical += 5.0 * bell(t, tc_s - 0.020, 0.008) - 8.0 * bell(t, tc_s + 0.015, 0.008)
    since = t[:, None] - tc_s
    let_go = 1.0 / (1.0 + np.exp(np.clip(since / 0.0025, -30.0, 30.0)))
    push = np.clip(1.0 + since / 0.08, 0.0, 1.0) * 30.0 * let_go
    forward = push.sum(axis=1) - 8.0 * bell(t, ic_s + IMPACT_LATE_S, 0.006)
    nothing = np.zeros(len(t))
    side = 1.0 if foot == "left" else -1.0
    acc = np.stack((forward, side * 0.5 * bell(t, ic_s, 0.02), vertical), axis=1)
    gyr = np.stack((nothing, -pitch_rate, nothing), axis=1)
    none = np.zeros(len(t), dtype=bool)
    signal = FootSignal(foot, 0.0, rate_hz, acc, gyr, none, none, none)
    return signal, find_cycles(pitch_rate, rate_hz), ic_s, tc_s


def with_hole(signal, start_s, stop_s):
    """The same foot with its samples lost in ``[start_s, stop_s)``."""
    time_s = np.arange(len(signal.missing)) / signal.rate_hz
    lost = (time_s >= start_s) & (time_s < stop_s)
    acc = np.where(lost[:, None], np.nan, signal.acc_mps2)
    gyr = np.where(lost[:, None], np.nan, signal.gyr_radps)
    clipped = signal.acc_clipped
    return FootSignal(signal.foot, 0.0, signal.rate_hz, acc, gyr, lost, clipped, clipped)
