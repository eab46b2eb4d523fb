"""Terminal contact as others time it: published detectors, written from their descriptions.

As in ``ic_detectors``: one instant per cycle, (k,) s from the first sample, NaN where there is
none, where the foot stays, or beside missing samples. Dead times are shares of the cycle: the
90 ms of one paper are longer than a whole contact of an elite sprinter.
"""

import numpy as np

from gaitlab.events.cycles import Cycles
from gaitlab.events.ic_detectors import (
    BLAUBERGER_CUTOFF_HZ,
    FALBRIARD_CUTOFF_HZ,
    MITSCHKE_RATE_HZ,
    blauberger_ic,
    chew_ic,
    falbriard_norm_ic,
    first_rise_ic,
    mitschke_ic,
    schmidt_ic,
)
from gaitlab.events.picks import clear_of_holes, first_rise_through, time_of_largest
from gaitlab.events.terminal_contact import forward_release, fused_terminal_contact, push_off_turn
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Floats, Ints
from gaitlab.signal.filters import lowpass
from gaitlab.signal.orientation import norm_of

SHORTEST_SHARE = 0.13  # of the cycle: 60 ms of a sprinter's stride
SCHMIDT_DEAD_SHARE, SCHMIDT_WINDOW_SHARE = 0.15, 0.33  # 90 and 150 ms of the paper's strides
MITSCHKE_FORWARD_MPS2, MITSCHKE_ACC_CUTOFF_HZ = 2.0 * STANDARD_GRAVITY_MPS2, 200.0
AFTER_PUSH_SHARE = 0.10  # of the cycle: how far after the fastest turn a foot may leave


def fused_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """The default: push-off turn and forward release together. Own method."""
    return fused_terminal_contact(signal, cycles, first_rise_ic(signal, cycles))[0]


def falbriard_gyro_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """Fastest toes-down turn in the second half of the cycle, low-passed at 30 Hz.

    Source: Falbriard 2018, 10.3389/fphys.2018.00610.
    """
    return push_off_turn(signal, cycles)[0]


def forward_release_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """Steepest fall of the forward force near the push-off turn. Own method."""
    near_s, _ = push_off_turn(signal, cycles)
    time_s = forward_release(signal, near_s, first_rise_ic(signal, cycles))
    return clear_of_holes(signal, time_s)


def falbriard_norm_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """Second largest peak of the acceleration norm, after the landing; low-passed at 30 Hz.

    Source: Falbriard 2018, 10.3389/fphys.2018.00610.
    """
    norm = lowpass(norm_of(signal.acc_mps2), signal.rate_hz, FALBRIARD_CUTOFF_HZ)
    opens, closes = _after(cycles, falbriard_norm_ic(signal, cycles), signal.rate_hz)
    return clear_of_holes(signal, time_of_largest(norm, opens, closes, signal.rate_hz, peaks=True))


def blauberger_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """Least angular rate between push-off and the swing after it, low-passed at 70 Hz.

    The two peaks of the description are those of push-off and swing on a shoe. Source:
    Blauberger 2021, 10.3390/s21217331.
    """
    turning = lowpass(norm_of(signal.gyr_radps), signal.rate_hz, BLAUBERGER_CUTOFF_HZ)
    dead, _ = _after(cycles, blauberger_ic(signal, cycles), signal.rate_hz)
    opens = np.maximum(dead, cycles.push_sample)
    time_s = time_of_largest(-turning, opens, cycles.next_swing_sample, signal.rate_hz)
    return clear_of_holes(signal, np.where(cycles.push_sample >= 0, time_s, np.nan))


def schmidt_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """Least vertical acceleration in a window that opens after the landing; no filter.

    Source: Schmidt 2016, as described in Blauberger 2021; its 90 ms and 150 ms are shares of
    the cycle here.
    """
    ic_s = schmidt_ic(signal, cycles)
    length = cycles.next_swing_sample - cycles.swing_sample
    opens, latest = _after(cycles, ic_s, signal.rate_hz, SCHMIDT_DEAD_SHARE)
    closes = np.minimum(opens + (SCHMIDT_WINDOW_SHARE * length).astype(np.int64), latest)
    time_s = time_of_largest(-signal.acc_mps2[:, 2], opens, closes, signal.rate_hz, peaks=True)
    return clear_of_holes(signal, time_s)


def mitschke_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """First forward acceleration above 2 g after the landing, low-passed at 200 Hz.

    NaN below 500 Hz. Source: Mitschke 2018, 10.3390/s18010130.
    """
    if signal.rate_hz < MITSCHKE_RATE_HZ:
        return np.full(len(cycles), np.nan)
    forward = lowpass(signal.acc_mps2[:, 0], signal.rate_hz, MITSCHKE_ACC_CUTOFF_HZ)
    opens, closes = _after(cycles, mitschke_ic(signal, cycles), signal.rate_hz)
    level = np.full(len(cycles), MITSCHKE_FORWARD_MPS2)
    return clear_of_holes(signal, first_rise_through(forward, level, opens, closes, signal.rate_hz))


def chew_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """Largest forward acceleration after the landing's; no filter. Source: Chew 2018."""
    opens, closes = _after(cycles, chew_ic(signal, cycles), signal.rate_hz)
    time_s = time_of_largest(signal.acc_mps2[:, 0], opens, closes, signal.rate_hz, peaks=True)
    return clear_of_holes(signal, time_s)


def bailey_tc(signal: FootSignal, cycles: Cycles) -> Floats:
    """Largest vertical acceleration late in the cycle; no filter.

    Source: Bailey and Harle 2015 (icSPORTS); late is from the middle of the cycle on here.
    """
    length = cycles.next_swing_sample - cycles.swing_sample
    opens, closes = _after(cycles, first_rise_ic(signal, cycles), signal.rate_hz)
    opens = np.maximum(opens, cycles.swing_sample + length // 2)
    time_s = time_of_largest(signal.acc_mps2[:, 2], opens, closes, signal.rate_hz, peaks=True)
    return clear_of_holes(signal, time_s)


def _after(
    cycles: Cycles, ic_s: Floats, rate_hz: float, share: float = SHORTEST_SHARE
) -> tuple[Ints, Ints]:
    """Samples ``[open, close)`` (k,) each, from a share of the cycle after contact to push-off.

    Empty where there is no landing, and where the foot stays.
    """
    length = cycles.next_swing_sample - cycles.swing_sample
    closes = cycles.push_sample + (AFTER_PUSH_SHARE * length).astype(np.int64) + 1
    opens = np.ceil((np.nan_to_num(ic_s) * rate_hz) + share * length).astype(np.int64)
    leaves = np.isfinite(ic_s) & (cycles.push_sample >= 0)
    return np.where(leaves, opens, closes), closes
