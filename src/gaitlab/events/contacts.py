"""Initial and terminal contacts of one foot, together, with how sure each of them is."""

from dataclasses import dataclass

import numpy as np

from gaitlab.events.agreement import (
    against_others,
    confidence,
    landing_witnesses,
    leaving_witnesses,
    push_off_leaves_open,
)
from gaitlab.events.cycles import Cycles
from gaitlab.events.initial_contact import acceleration_peak, first_burst_onset
from gaitlab.events.terminal_contact import fused_terminal_contact
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Bools, Floats
from gaitlab.signal.filters import known

IC_SD_S, TC_SD_S = 0.0020, 0.0025  # of an undisturbed event, with what differs between athletes
WALK_ABOVE_DUTY = 0.5
WALK_IC_SD_S, WALK_TC_SD_S = 0.006, 0.007  # a walker's heel is soft, and the toes leave slowly
IC_SPREAD_SHARE, TC_SPREAD_SHARE = 0.7, 0.35  # of what the parts of the fusion differ by
UNIFORM_SD = 12.0**-0.5  # of a time within which nothing tells where the event is
WITHIN_CUT = 0.5  # assumption: the fastest turn lies in the middle half of what was cut off
WIDENS = 0.7  # of the distance between detectors, into the standard uncertainty
LANDING_ALONE_SD_S = 0.020  # without a gyroscope
SHORTEST_CONTACT_SHARE = 0.12  # of the cycle: 55 ms of a sprinter's stride


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Instants of one foot, s from the first sample, one element per cycle.

    ic_s : (k,) NaN when nothing lands;  tc_s : (k,) NaN when the foot stays or data are missing
    ic_sd_s, tc_sd_s : (k,) standard uncertainty from detector agreement and sampling
    ic_confidence, tc_confidence : (k,) 0 to 1, how well the detectors agree; NaN with one only
    burst_mps2 : (k,) size of the landing in the vertical force
    slaps : (k,) the foot turns toes-down right after contact
    """

    ic_s: Floats
    tc_s: Floats
    ic_sd_s: Floats
    tc_sd_s: Floats
    ic_confidence: Floats
    tc_confidence: Floats
    burst_mps2: Floats
    slaps: Bools


def find_events(signal: FootSignal, cycles: Cycles) -> Events:
    """Initial and terminal contact of every cycle: the fusion of the detectors.

    An event in or beside a hole of the data is NaN, never guessed; its partner stays. Where the
    detectors part, the event is less sure: its confidence falls and its uncertainty grows.
    """
    landing = first_burst_onset(signal, cycles)
    ic_s = landing.time_s
    tc_s, tc_spread, hidden_s = fused_terminal_contact(signal, cycles, ic_s)
    length_s = (cycles.next_swing_sample - cycles.swing_sample) / signal.rate_hz
    tc_s = np.where(tc_s - ic_s < SHORTEST_CONTACT_SHARE * length_s, np.nan, tc_s)
    walks = tc_s - ic_s > WALK_ABOVE_DUTY * length_s
    others_ic, others_tc = (
        landing_witnesses(signal, ic_s), leaving_witnesses(signal, tc_s)
    )  # fmt: skip
    ic_apart = _apart(ic_s, others_ic, IC_SPREAD_SHARE * landing.spread_s)
    tc_apart = _apart(tc_s, others_tc, TC_SPREAD_SHARE * tc_spread)
    sampling_s = UNIFORM_SD / signal.rate_hz
    ic_base_s = np.where(walks, WALK_IC_SD_S, IC_SD_S)
    tc_base_s = np.hypot(TC_SD_S, push_off_leaves_open(others_tc - tc_s))
    tc_base_s = np.where(walks, WALK_TC_SD_S, tc_base_s)
    unseen_s = UNIFORM_SD * np.maximum(1.0 / signal.rate_hz, WITHIN_CUT * hidden_s)
    return Events(
        ic_s,
        tc_s,
        np.sqrt(ic_base_s**2 + sampling_s**2 + (WIDENS * ic_apart) ** 2),
        np.sqrt(tc_base_s**2 + unseen_s**2 + (WIDENS * tc_apart) ** 2),
        confidence(ic_apart, 1.0 / signal.rate_hz),
        confidence(tc_apart, 1.0 / signal.rate_hz),
        landing.burst_mps2,
        landing.slaps,
    )


def _apart(chosen_s: Floats, others_s: Floats, parts_s: Floats) -> Floats:
    """(k,) s between the detectors: the fusion's own parts, and the others where there are any.

    chosen_s, parts_s : (k,);  others_s : (d, k)
    """
    moved_s = against_others(np.vstack((chosen_s[None], others_s)))
    return np.asarray(np.where(np.isnan(chosen_s), np.nan, np.hypot(parts_s, known(moved_s))))


def find_events_without_gyroscope(signal: FootSignal, cycles: Cycles) -> Events:
    """Landings only, from the acceleration norm: counts and cadence, not milliseconds."""
    landing = acceleration_peak(signal, cycles)
    nothing = np.full(len(cycles), np.nan)
    return Events(
        landing.time_s,
        nothing,
        np.full(len(cycles), LANDING_ALONE_SD_S),
        nothing,
        nothing,
        nothing,
        landing.burst_mps2,
        landing.slaps,
    )
