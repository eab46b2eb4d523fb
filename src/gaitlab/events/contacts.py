"""Initial and terminal contacts of one foot, together, with their uncertainty."""

from dataclasses import dataclass

import numpy as np

from gaitlab.events.cycles import Cycles
from gaitlab.events.initial_contact import acceleration_peak, first_burst_onset
from gaitlab.events.terminal_contact import fused_terminal_contact
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Bools, Floats

IC_SD_S, TC_SD_S = 0.002, 0.004  # standard uncertainty of one undisturbed event
SHORTEST_CONTACT_SHARE = 0.12  # of the cycle: 55 ms of a sprinter's stride
WEAK_BURST_SHARE = 0.12  # of the typical landing nearby: no landing


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Instants of one foot, s from the first sample, one element per cycle.

    ic_s : (k,) NaN when nothing lands;  tc_s : (k,) NaN when the foot stays or data are missing
    ic_sd_s, tc_sd_s : (k,) standard uncertainty from detector agreement and sampling
    burst_mps2 : (k,) size of the landing in the vertical force
    slaps : (k,) the foot turns toes-down right after contact
    """

    ic_s: Floats
    tc_s: Floats
    ic_sd_s: Floats
    tc_sd_s: Floats
    burst_mps2: Floats
    slaps: Bools


def find_events(signal: FootSignal, cycles: Cycles) -> Events:
    """Initial and terminal contact of every cycle: the fusion of the detectors.

    An event in or beside a hole of the data is NaN, never guessed; its partner stays.
    """
    landing = first_burst_onset(signal, cycles)
    tc_s, tc_spread = fused_terminal_contact(signal, cycles, landing.time_s)
    length_s = (cycles.next_swing_sample - cycles.swing_sample) / signal.rate_hz
    crossed = tc_s - landing.time_s < SHORTEST_CONTACT_SHARE * length_s
    tc_s = np.where(crossed, np.nan, tc_s)
    sampling = 1.0 / signal.rate_hz / np.sqrt(12.0)
    return Events(
        landing.time_s,
        tc_s,
        np.sqrt(IC_SD_S**2 + sampling**2 + (0.5 * landing.spread_s) ** 2),
        np.sqrt(TC_SD_S**2 + sampling**2 + (0.25 * tc_spread) ** 2),
        landing.burst_mps2,
        landing.slaps,
    )


def find_events_without_gyroscope(signal: FootSignal, cycles: Cycles) -> Events:
    """Landings only, from the acceleration norm: counts and cadence, not milliseconds."""
    landing = acceleration_peak(signal, cycles)
    nothing = np.full(len(cycles), np.nan)
    return Events(
        landing.time_s,
        nothing,
        np.full(len(cycles), 0.02),
        nothing,
        landing.burst_mps2,
        landing.slaps,
    )
