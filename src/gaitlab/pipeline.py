"""From a recording to its analysis: the only place that chains the stages.

pod clock -> even signal -> foot frame -> cycles -> events -> strides -> metrics
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitlab.events.activity import contact_activity, segments_of
from gaitlab.events.alignment import Alignment, align
from gaitlab.events.contacts import find_events, find_events_without_gyroscope
from gaitlab.events.correction import Correction, with_correction
from gaitlab.events.cycles import find_cycles, find_cycles_from_impacts
from gaitlab.events.forefoot import at_the_ball
from gaitlab.events.loose import came_off
from gaitlab.metrics.cautions import cautions_for
from gaitlab.metrics.mechanics import circumstances_of, with_mechanics
from gaitlab.metrics.summary import summarize
from gaitlab.metrics.temporal import next_is, stride_times, temporal
from gaitlab.model.analysis import Analysis, ClockFacts, FootFacts, RecordingFacts
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import (
    BOUND,
    HOP,
    RUN,
    WALK,
    Contacts,
    EvenSignal,
    Flag,
    FootSignal,
    Segments,
)
from gaitlab.model.recording import FEET, FootStream, Recording
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Codes, Floats
from gaitlab.provenance import parameters, program_version
from gaitlab.signal.filters import bridge_short, known, missing_rows
from gaitlab.signal.timebase import to_even
from gaitlab.strides.blocks import in_blocks
from gaitlab.strides.calibration import with_length_scale
from gaitlab.strides.foot import FootContacts, foot_contacts, join, pick, without_loose
from gaitlab.strides.pronation import landing_roll_rad
from gaitlab.strides.trajectory import BRIDGE_S, pivot_to_sensor_m

SHORTEST_CONTACT_S, LONGEST_RUN_CONTACT_S = 0.05, 0.50
SHORTEST_STRIDE_S, LONGEST_STRIDE_S = 0.30, 2.2
LEAST_RISE = 0.5  # share of g t^2 / 8; hops rise 0.9 and more, carried feet 0.05 to 0.6
LEAST_SWING = 0.35  # share of a hop that is flight at least
UNTIMED = Flag.EDGE | Flag.IMPLAUSIBLE
UNSURE_S = 0.1  # a mid-swing this close to the end of a signal may not be the highest yet
LOST_SAMPLES_S = 0.0105  # a hole up to this long is bridged even at an event, never a longer one


@dataclass(frozen=True, slots=True, eq=False)
class _Foot:
    """What one pod gave."""

    signal: FootSignal
    contacts: FootContacts
    facts: FootFacts


def analyze(
    recording: Recording, *, length_scale: float = 1.0, correction: Correction | None = None
) -> Analysis:
    """Find every ground contact of a recording and measure it.

    One foot or two, with or without a gyroscope, any mounting. Nothing is guessed: what cannot
    be measured is NaN in the contacts, named in their flags and in the warnings. A recording
    without a single contact gives an empty table, not an error.

    length_scale : personal factor for lengths and speeds (``strides.calibration``)
    correction : the user's own, of contact times (``events.correction``)
    """
    if not recording.feet:
        raise AnalysisError(
            "there is nothing to analyse", "the recording has no foot", "record or import one"
        )
    arm_m = pivot_to_sensor_m(recording.setup.placement)
    feet = [_one_foot(stream, arm_m) for stream in recording.feet]
    start_s = _start_s(recording, feet)
    stop_s = max(foot.signal.start_s + foot.facts.duration_s for foot in feet)
    apart_s = min(foot.facts.clock.restarted_s for foot in feet)
    found = [foot.contacts for foot in feet]
    signals = tuple(foot.signal for foot in feet)
    contacts, segments = contacts_of_feet(found, start_s, stop_s, apart_s, signals, arm_m)
    contacts = with_correction(with_length_scale(contacts, length_scale), correction)
    runner = circumstances_of(recording.athlete, recording.setup)
    contacts = with_mechanics(contacts, runner, signals)
    rates_hz = {foot.facts.foot: foot.signal.rate_hz for foot in feet}
    facts = tuple(foot.facts for foot in feet)
    return Analysis(
        RecordingFacts.of(recording),
        contacts,
        segments,
        facts,
        summarize(contacts, rates_hz, runner),
        cautions_for(recording, contacts, facts),
        program_version(),
        parameters() | {"length_scale": length_scale},
        signals,
        (correction.words(),) if correction else (),
    )


def _start_s(recording: Recording, feet: list[_Foot]) -> float:
    """Where the data begin: the even clock may lie a rounding error before the first stamp."""
    stamps_s = min(float(np.nanmin(stream.time_s)) for stream in recording.feet)
    return max(min(foot.signal.start_s for foot in feet), stamps_s)


def _one_foot(stream: FootStream, arm_m: Floats) -> _Foot:
    even, clock = to_even(stream)
    turned, alignment = align(even)
    signal = _patched(turned)
    contacts = in_blocks(signal, lambda part: contacts_of_foot(part, alignment, arm_m)[1])
    if alignment.found:
        contacts = without_loose(contacts, came_off(signal, alignment.quiet, contacts.ic_time_s))
    facts = _facts(stream, even, clock, alignment, contacts)
    if alignment.found:
        whole, start_s = contacts.intact, signal.start_s
        roll = landing_roll_rad(
            signal, contacts.ic_time_s[whole] - start_s, contacts.tc_time_s[whole] - start_s
        )
        facts = replace(facts, landing_roll_rad=roll)
    return _Foot(signal, contacts, facts)


def contacts_of_foot(
    signal: FootSignal, alignment: Alignment, arm_m: Floats, *, ends: bool = True
) -> tuple[FootSignal, FootContacts]:
    """The contacts of one aligned foot, and its signal with single lost samples bridged.

    arm_m : (3,) from the ball of the foot to the pod, foot frame
    ends : nothing follows; otherwise a cycle that the end of the signal cuts is left for later
    """
    signal = _patched(signal)
    reach = round(BRIDGE_S * signal.rate_hz)
    framed = signal.has_gyroscope
    if framed:
        cycles = find_cycles(-bridge_short(signal.gyr_radps, reach)[:, 1], signal.rate_hz)
    else:
        cycles = find_cycles_from_impacts(signal.acc_mps2, signal.rate_hz)
    if not ends:
        cycles = cycles.over_by(len(signal.missing) - round(UNSURE_S * signal.rate_hz))
    events = (find_events if framed else find_events_without_gyroscope)(signal, cycles)
    code = FEET.index(signal.foot)
    return signal, foot_contacts(code, signal, cycles, events, alignment, arm_m)


def _patched(signal: FootSignal) -> FootSignal:
    """The signal with single lost samples bridged: 10 ms hold no event of their own.

    What is missing afterwards is a hole in either sensor: a contact across rotation that was
    lost is timed no better than one across force that was.
    """
    acc, gyr, reach = signal.acc_mps2, signal.gyr_radps, int(LOST_SAMPLES_S * signal.rate_hz)
    turns = signal.has_gyroscope
    if not (signal.missing.any() or (turns and missing_rows(gyr).any())):
        return signal
    if reach > 0:
        acc = bridge_short(acc, reach)
        gyr = bridge_short(gyr, reach) if turns else gyr
    missing = missing_rows(acc) | missing_rows(gyr) if turns else missing_rows(acc)
    return replace(signal, acc_mps2=acc, gyr_radps=gyr, missing=missing)


def _facts(
    stream: FootStream,
    even: EvenSignal,
    clock: ClockFacts,
    alignment: Alignment,
    contacts: FootContacts,
) -> FootFacts:
    rest = np.concatenate([even.acc_mps2[a:b] for a, b in alignment.quiet] or [np.empty((0, 3))])
    present = max(int((~even.missing).sum()), 1)
    zero = {"standing": "standing, and the flat foot where it lies flat", "none": "none"}
    return FootFacts(
        stream.foot,
        stream.n_samples,
        len(even.missing) / even.rate_hz,
        even.has_gyroscope,
        stream.acc_range_mps2,
        stream.gyr_range_radps,
        float(even.acc_clipped.sum() / present),
        float(even.gyr_clipped.sum() / present),
        float(np.median(np.linalg.norm(rest, axis=1))) if len(rest) else float("nan"),
        clock,
        alignment.method,
        alignment.found,
        alignment.pitch_share,
        alignment.gravity_residual_rad,
        alignment.forward_vote,
        zero.get(alignment.method, "the flat foot at mid-stance")
        if np.isfinite(contacts.strike_angle_rad).any()
        else "none",
        alignment.travel_yaw_rad,
        alignment.slip_rad,
    )


def contacts_of_feet(
    feet: list[FootContacts], start_s: float, stop_s: float, apart_s: float,
    signals: Sequence[FootSignal], arm_m: Floats,
) -> tuple[Contacts, Segments]:  # fmt: skip
    """Join the feet, name the activity, measure times, and say which contacts count.

    start_s, stop_s : of the data, on the recording's time axis
    apart_s : a pod's clock began again here: how the feet lie in time is not known from then on
    signals : of the feet, as far as they are at hand;  arm_m : as for one foot
    """
    both, activity = _known_leaps(join(feet), signals, arm_m)
    rough_s = stride_times(both.foot, both.ic_time_s, both.follows)
    whole = next_is(both.foot, both.intact) & both.intact & (rough_s < LONGEST_STRIDE_S)
    stride_s = np.where(whole, rough_s, np.nan)
    seen_tc_s = np.where(both.intact, both.tc_time_s, np.nan)  # nothing is timed across a hole
    exact = ((both.flags & (Flag.NO_GYROSCOPE | Flag.LOOSE)) == 0) & (both.ic_time_s < apart_s)
    times = temporal(both.foot, both.ic_time_s, seen_tc_s, stride_s, activity, exact)
    segments, segment = segments_of(both.ic_time_s, both.tc_time_s, activity, start_s, stop_s)
    odd = _implausible(times.contact_time_s, times.stride_time_s, activity)
    odd |= _shaken(both.swing_height_m, times.swing_time_s, times.stride_time_s, activity)
    flags = both.flags | np.where(odd, np.int32(Flag.IMPLAUSIBLE), 0)
    flags = flags | np.where(times.one_sided, np.int32(Flag.ONE_SIDED), 0)
    length = np.where(odd, np.nan, both.stride_length_m)
    timed = np.isfinite(stride_s)  # from contact to contact; else from mid-stance to mid-stance
    speed = np.where(timed, length / stride_s, np.where(odd, np.nan, both.speed_mps))
    step = np.where(activity == HOP, length, speed * times.step_time_s)
    return Contacts(
        both.foot, both.ic_time_s, both.tc_time_s, times.contact_time_s, times.flight_time_s,
        times.step_time_s, times.stride_time_s, times.swing_time_s, times.cadence_spm,
        times.duty_factor, both.strike, both.probability[:, 0], both.probability[:, 1],
        both.probability[:, 2], both.strike_angle_rad, length, step, speed, both.ic_sd_s,
        both.tc_sd_s, both.strike_angle_sd_rad, both.stride_length_sd_m, activity,
        segment.astype(np.int32), both.intact & ((flags & UNTIMED) == 0), flags.astype(np.int32),
        swing_height_m=both.swing_height_m, ic_confidence=both.ic_confidence,
        tc_confidence=both.tc_confidence, contact_time_raw_s=times.contact_time_s,
    ), segments  # fmt: skip


def _known_leaps(
    both: FootContacts, signals: Sequence[FootSignal], arm_m: Floats
) -> tuple[FootContacts, Codes]:
    """The contacts with their activity (k,); hops and bounds are timed by the ball of the foot."""
    foot, ic_s, tc_s = both.foot, both.ic_time_s, both.tc_time_s
    stride_s = stride_times(foot, ic_s, both.follows)
    activity = contact_activity(
        foot, ic_s, tc_s - ic_s, stride_s, both.vigour_mps2, both.speed_mps, both.leaps
    )
    leaps = np.isin(activity, (HOP, BOUND))
    if not leaps.any():
        return both, activity
    ball = at_the_ball(foot, ic_s, tc_s, leaps, signals, arm_m)
    order = np.argsort(ball.ic_s, kind="stable")
    both = replace(
        both,
        ic_time_s=ball.ic_s,
        tc_time_s=ball.tc_s,
        ic_sd_s=known(ball.ic_sd_s, both.ic_sd_s),
        tc_sd_s=known(ball.tc_sd_s, both.tc_sd_s),
    )
    return pick(both, order), activity[order]


def _implausible(contact_s: Floats, stride_s: Floats, activity: np.ndarray) -> Bools:
    """Numbers outside what running or walking can be: left out of every mean."""
    with np.errstate(invalid="ignore"):
        odd = (contact_s < SHORTEST_CONTACT_S) | (stride_s < SHORTEST_STRIDE_S)
        odd |= (activity == RUN) & (contact_s > LONGEST_RUN_CONTACT_S)
        odd |= (activity != WALK) & (contact_s / stride_s > 0.75)
    return np.asarray(odd)


def _shaken(height_m: Floats, swing_s: Floats, stride_s: Floats, activity: np.ndarray) -> Bools:
    """Not landings: among hops, a foot that rises less than a body that flies as long.

    It is held up while the other one hops, and feels each landing.
    """
    flies_s = np.where(np.isfinite(swing_s), swing_s, LEAST_SWING * stride_s)
    free_m = STANDARD_GRAVITY_MPS2 * flies_s**2 / 8.0
    with np.errstate(invalid="ignore"):
        return np.asarray((activity == HOP) & (height_m < LEAST_RISE * free_m))
