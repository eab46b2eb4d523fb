"""All contacts of one foot: events, path of the foot and strike, ready to be joined."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from gaitlab.events.alignment import Alignment
from gaitlab.events.contacts import Events
from gaitlab.events.cycles import Cycles
from gaitlab.events.foot_strike import (
    Strikes,
    classify,
    foot_strike_angle,
    lies_flat,
    turn_after_contact,
)
from gaitlab.model.gait import (
    LOW_RATE_HZ,
    SHORT_CONTACT_RATE_HZ,
    UNKNOWN_STRIKE,
    Flag,
    FootSignal,
)
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Bools, Codes, Floats, Ints
from gaitlab.signal.intervals import any_within, count_within
from gaitlab.signal.orientation import norm_of
from gaitlab.signal.peaks import usual_so_far
from gaitlab.strides.free_flight import free_flight
from gaitlab.strides.trajectory import Trajectories, trajectories

GAP_NEAR_EVENT_S, GAP_NEAR_EVENT_SAMPLES = 0.010, 3  # a hole this close spoils an event
LANDING_MAY_HIDE_S = 0.085  # the landing may be in a hole, what was found a later burst
CUT_SHARE, LONGEST_SHARE = 0.7, 1.2  # of the usual contact: so short that its end is in a hole ...
FEWEST_USUAL = 3  # ... which lies where it may end, after so many contacts of the last five
ENDS_WITHIN_S = 0.5  # a contact without an end, and a hole this soon: the end is in the hole
SHORT_CONTACT_S = 0.120  # a sprinter's contact
DISAGREE_S = 0.015  # standard uncertainty of an event that counts as disagreement
DISAGREE_BELOW = 0.15  # confidence of an event that counts as disagreement: 12 ms apart
FASTEST_MPS = 13.0
SWING_S, AFTER_CONTACT_S = 0.30, 0.05  # where the gyroscope carries the angle
MOST_STALLED = 0.03  # share of a stride at the gyroscope's range


@dataclass(frozen=True, slots=True, eq=False)
class FootContacts:
    """The contacts of one foot, (k,) each, sorted; times on the recording's axis.

    follows : the next contact of this foot is the next element, without a pause
    intact : no event of this contact lies in or beside a hole of the data
    vigour_mps2 : mean size of the force beside gravity over two seconds around contact, for a pod
        without a gyroscope
    leaps : 1 where the foot then flies freely on the spot, -1 where not, 0 unknown
    """

    foot: Codes
    ic_time_s: Floats
    tc_time_s: Floats
    ic_sd_s: Floats
    tc_sd_s: Floats
    ic_confidence: Floats
    tc_confidence: Floats
    follows: Bools
    intact: Bools
    strike: Codes
    probability: Floats
    strike_angle_rad: Floats
    strike_angle_sd_rad: Floats
    stride_length_m: Floats
    stride_length_sd_m: Floats
    speed_mps: Floats
    swing_height_m: Floats
    vigour_mps2: Floats
    leaps: Floats
    flags: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ic_time_s)


def join(feet: list[FootContacts]) -> FootContacts:
    """The contacts of all feet, sorted by initial contact."""
    names = [item.name for item in fields(FootContacts)]
    order = np.argsort(np.concatenate([foot.ic_time_s for foot in feet]), kind="stable")
    return FootContacts(
        *(np.concatenate([getattr(f, name) for f in feet])[order] for name in names)
    )


def pick(contacts: FootContacts, mask: Bools | Ints) -> FootContacts:
    """The contacts picked by a mask or by indices."""
    return FootContacts(*(getattr(contacts, item.name)[mask] for item in fields(FootContacts)))


def without_loose(contacts: FootContacts, loose: Bools) -> FootContacts:
    """The contacts (k,), those of a ``loose`` (k,) pod flagged and without any number."""
    if not loose.any():
        return contacts
    lost = {
        name: np.where(loose, np.nan, getattr(contacts, name))
        for name in (
            "tc_time_s", "strike_angle_rad", "strike_angle_sd_rad", "stride_length_m",
            "stride_length_sd_m", "speed_mps", "swing_height_m",
        )
    }  # fmt: skip
    return replace(
        contacts,
        **lost,
        intact=contacts.intact & ~loose,
        strike=np.where(loose, UNKNOWN_STRIKE, contacts.strike).astype(contacts.strike.dtype),
        probability=np.where(loose[:, None], np.nan, contacts.probability),
        flags=contacts.flags | np.where(loose, np.int32(Flag.LOOSE), np.int32(0)),
    )


def foot_contacts(
    code: int,
    signal: FootSignal,
    cycles: Cycles,
    events: Events,
    alignment: Alignment,
    arm_m: Floats,
) -> FootContacts:
    """Contacts of one foot with stride length and strike.

    code : index into FEET;  arm_m : (3,) from the pivot to the pod, foot frame
    """
    landed = np.flatnonzero(np.isfinite(events.ic_s))
    ic_s, tc_s = events.ic_s[landed], events.tc_s[landed]
    follows = _follows(cycles, landed)
    moved = trajectories(signal, ic_s, tc_s, follows, arm_m, alignment.rotation)
    framed = alignment.found and signal.has_gyroscope
    intact = _intact(signal, ic_s, tc_s)
    stalled = _stalled(signal, ic_s)
    seen = framed & intact & ~(stalled[:, 0] > 0.0)
    strikes, calibrated = _strikes(signal, ic_s, tc_s, moved, alignment, seen)
    fits = framed & (moved.speed_mps < FASTEST_MPS) & ~(stalled[:, 1] > MOST_STALLED)
    length = np.where(fits, moved.stride_length_m, np.nan)
    flags = _flags(signal, ic_s, tc_s, follows, events, landed, moved)
    flags |= np.where(intact & ~moved.holed, np.int32(0), np.int32(Flag.GAP))
    flags |= np.where(calibrated, np.int32(0), np.int32(Flag.UNCALIBRATED))
    return FootContacts(
        np.full(len(landed), code, dtype=np.int8),
        ic_s + signal.start_s,
        tc_s + signal.start_s,
        events.ic_sd_s[landed],
        events.tc_sd_s[landed],
        events.ic_confidence[landed],
        events.tc_confidence[landed],
        follows,
        intact,
        strikes.strike,
        strikes.probability,
        strikes.angle_rad,
        strikes.angle_sd_rad,
        length,
        np.where(fits, moved.length_sd_m, np.nan),
        np.where(fits, moved.speed_mps, np.nan),
        np.where(fits, moved.swing_height_m, np.nan),
        _vigour(signal, ic_s),
        free_flight(signal, ic_s, tc_s, follows, moved) * framed,
        flags,
    )


def _stalled(signal: FootSignal, ic_s: Floats) -> Floats:
    """(k, 2) share of samples at the gyroscope's range: before contact, and in the stride.

    A gyroscope that stalls in the swing leaves the angle at contact unknown; a few samples
    hardly shift a length.
    """
    rate = signal.rate_hz
    ic = np.round(ic_s * rate).astype(np.int64)
    swing, after = round(SWING_S * rate), round(AFTER_CONTACT_S * rate)
    beyond = np.append(ic[1:], ic[-1:])
    before = count_within(signal.gyr_clipped, ic - swing, ic + after) / max(swing + after, 1)
    within = count_within(signal.gyr_clipped, ic, beyond) / np.maximum(beyond - ic, 1)
    return np.stack((before, within), axis=1)


def _vigour(signal: FootSignal, ic_s: Floats) -> Floats:
    """(k,) how far the norm of the force is from 1 g on average, two seconds around contact."""
    if signal.has_gyroscope:  # then the end of the contact tells a walker from a runner
        return np.full(len(ic_s), np.nan)
    size = np.abs(norm_of(signal.acc_mps2) - STANDARD_GRAVITY_MPS2)
    seen = np.concatenate(([0.0], np.cumsum(~np.isnan(size))))
    total = np.concatenate(([0.0], np.cumsum(np.nan_to_num(size))))
    centre, reach = np.round(ic_s * signal.rate_hz).astype(np.int64), round(signal.rate_hz)
    low, high = np.clip(centre - reach, 0, len(size)), np.clip(centre + reach, 0, len(size))
    return np.asarray((total[high] - total[low]) / np.maximum(seen[high] - seen[low], 1.0))


def _follows(cycles: Cycles, landed: Ints) -> Bools:
    """Whether the next landing belongs to the very next cycle."""
    if not len(landed):
        return np.empty(0, dtype=bool)
    beyond = np.append(cycles.swing_sample, -1)[np.append(landed[1:], len(cycles))]
    on = cycles.next_swing_sample[landed] == beyond
    return np.asarray(on & (cycles.push_sample[landed] >= 0))


def _strikes(
    signal: FootSignal,
    ic_s: Floats,
    tc_s: Floats,
    moved: Trajectories,
    alignment: Alignment,
    seen: Bools,
) -> tuple[Strikes, Bools]:
    """Strike of each contact, and whether its angle has a zero."""
    flat = lies_flat(moved.turning_at_stance_radps, tc_s - ic_s)
    standing = alignment.method == "standing"
    angle, angle_sd = foot_strike_angle(
        moved.pitch_at_ic_rad,
        moved.pitch_to_stance_rad,
        moved.level_sd_rad,
        flat,
        standing_zero=standing,
    )
    angle = np.where(seen, angle, np.nan)
    turn = np.where(seen, turn_after_contact(signal, ic_s), np.nan)
    return classify(angle, angle_sd, turn), np.isfinite(angle) | (alignment.found & ~seen)


def _intact(signal: FootSignal, ic_s: Floats, tc_s: Floats) -> Bools:
    """(k,) whether the whole contact is clear of holes, and the time in which it may begin."""
    rate = signal.rate_hz
    near = max(round(GAP_NEAR_EVENT_S * rate), GAP_NEAR_EVENT_SAMPLES)
    ic = np.round(ic_s * rate).astype(np.int64)
    tc = np.round(np.where(np.isfinite(tc_s), tc_s, ic_s) * rate).astype(np.int64)
    before = max(round(LANDING_MAY_HIDE_S * rate), near)
    hole = any_within(signal.missing, ic - before, tc + near + 1)
    hole |= np.isnan(tc_s) & any_within(signal.missing, ic, ic + round(ENDS_WITHIN_S * rate))
    usual_s = np.nan_to_num(usual_so_far(tc_s - ic_s, FEWEST_USUAL, before=FEWEST_USUAL + 1))
    cut = tc_s - ic_s < CUT_SHARE * usual_s
    hole |= cut & any_within(
        signal.missing, tc, ic + np.ceil(LONGEST_SHARE * usual_s * rate).astype(np.int64)
    )
    return ~hole


def _flags(
    signal: FootSignal,
    ic_s: Floats,
    tc_s: Floats,
    follows: Bools,
    events: Events,
    landed: Ints,
    moved: Trajectories,
) -> NDArray[np.int32]:
    """Bits of :class:`Flag` for each contact, but for those that need both feet."""
    rate = signal.rate_hz
    ic = np.round(ic_s * rate).astype(np.int64)
    tc = np.round(np.where(np.isfinite(tc_s), tc_s, ic_s) * rate).astype(np.int64)
    next_ic = np.where(follows, np.append(ic[1:], ic[-1:]), tc)
    clip = signal.acc_clipped | signal.gyr_clipped
    clipped = moved.clipped | any_within(clip, ic - 1, next_ic)
    contact_s = tc_s - ic_s
    slow = (rate < LOW_RATE_HZ) | ((contact_s < SHORT_CONTACT_S) & (rate < SHORT_CONTACT_RATE_HZ))
    apart = np.fmax(events.ic_sd_s[landed], events.tc_sd_s[landed]) > DISAGREE_S
    apart |= np.fmin(events.ic_confidence, events.tc_confidence)[landed] < DISAGREE_BELOW
    first = ~np.insert(follows[:-1], 0, False) if len(follows) else follows
    pairs = (
        (clipped, Flag.CLIPPED),
        (slow, Flag.LOW_RATE),
        (apart, Flag.DISAGREE),
        (first | ~follows, Flag.EDGE),
        (np.full(len(ic), not signal.has_gyroscope), Flag.NO_GYROSCOPE),
    )
    flags = np.zeros(len(ic), dtype=np.int32)
    for mask, flag in pairs:
        flags |= np.where(mask, np.int32(flag), np.int32(0))
    return flags
