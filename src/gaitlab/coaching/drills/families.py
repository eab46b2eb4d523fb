"""What kind of movement each contact belongs to: run, walk, hop or bound, slips evened out."""

from typing import Final

import numpy as np

from gaitlab.events.activity import BOUND_FLIGHT_S
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import BOUND, HOP, LEFT, RIGHT, RUN, WALK, Contacts, EvenSignal, Flag
from gaitlab.model.recording import FEET
from gaitlab.model.units import Bools, Codes, Floats, Ints
from gaitlab.signal.intervals import any_within, fill_mask, true_runs

PAUSE_S: Final = 1.5  # without a contact for longer, a bout is over; a hop's flight is under 0.9 s
LONGEST_HOLE_S: Final = 5.0
FEWEST_BOUNDS: Final = 4
FEWEST_CONTACTS: Final = 3  # a family of fewer in between is a slip of the classes
ONE_FOOT_STRIDE_S: Final = 0.66  # assumption: runners as slow as hops take longer strides
ONE_FOOT_MPS: Final = 3.0
FORWARD_MPS: Final = 5.5  # assumption: nobody hops on one foot faster
QUICK_LEAP_STEP_S: Final = 0.38  # of a leap beside sure ones; runners do not fly as long
HOP_STRIDE_S: Final = 1.0  # a hop's flight is under 0.7 s
HOP_DUTY: Final = 0.62  # of contact to stride: those who step on the spot are above
ON_THE_SPOT_M: Final = 0.5
AROUND_S: Final = 2.0
UNLEVEL_SHARE: Final = 0.3  # of the contacts of a foot that never gets level
SOFT: Final = 0.25  # assumption: of the other foot's jolt; a landing foot has more
AT_LANDING_S: Final = (-0.03, 0.06)  # about the landing: where the jolt is looked for
TO_NEXT_S: Final = (0.0, 0.45)  # of a landing: the other foot would land therein, running
SHAKEN_MPS2: Final = 3.0  # assumption: spread of the force at a foot that the body shakes
BEHIND: Final = 1.25  # times the other foot's stride: both feet of a body go the same way
SHORTER: Final = 0.75  # than the contacts of the other foot: no landing


def families(contacts: Contacts, pods: int, beside: Bools | None = None) -> Codes:
    """(k,) run, walk, hop or bound for each contact, without slips of a few contacts.

    Hops on one foot are told from running by the other foot's silence, at a speed and with a
    stride that no runner has; or by the other foot being carried ``beside`` it, (k,).
    """
    family = contacts.activity
    same = np.diff(contacts.foot, prepend=-1, append=-1) == 0
    with np.errstate(invalid="ignore"):
        short = contacts.stride_time_s < ONE_FOOT_STRIDE_S
        slow = ~(contacts.speed_mps > ONE_FOOT_MPS) if pods > 1 else contacts.speed_mps < 1.0
        alone = same[1:] | (pods < 2)
        quick = (contacts.stride_time_s < HOP_STRIDE_S) & ~(contacts.speed_mps > FORWARD_MPS)
        sure = quick & beside if beside is not None else np.zeros(len(contacts), dtype=bool)
        alone &= ((family == RUN) & short & slow) | _on_the_spot(contacts) | sure
    family = np.where(alone & np.isin(family, (RUN, WALK)), HOP, family)
    known = np.isin(family, (RUN, WALK, HOP, BOUND))
    place = np.maximum.accumulate(np.where(known, np.arange(len(family)), -1))
    family = np.where(place >= 0, family[place], WALK)
    family = _set_of_leaps(family, contacts)
    few = _few_leaps(family, contacts.ic_time_s)
    return _without_slips(np.where(few, RUN, family), contacts.ic_time_s)


def _on_the_spot(contacts: Contacts) -> Bools:
    """(k,) a stride that goes nowhere, too quick and with too long a flight for a walker."""
    with np.errstate(invalid="ignore"):
        flies = contacts.contact_time_s < HOP_DUTY * contacts.stride_time_s
        quick = contacts.stride_time_s < HOP_STRIDE_S
        return np.asarray(flies & quick & (contacts.stride_length_m < ON_THE_SPOT_M))


def _set_of_leaps(family: Codes, contacts: Contacts) -> Codes:
    """The family with every set of bounds from its first leap to its last one.

    The first or last leap shares its stride with running, and quick ones beside a sure leap are
    leaps as well; a running step beside them is none.
    """
    flight_s = contacts.step_time_s - contacts.contact_time_s
    with np.errstate(invalid="ignore"):
        leap = (flight_s > BOUND_FLIGHT_S) & (contacts.step_time_s > QUICK_LEAP_STEP_S)
    sure = family == BOUND
    leap &= sure | (family == RUN)
    rows = true_runs(sure | leap)
    rows = rows[any_within(sure, rows[:, 0], rows[:, 1])]
    some = any_within(leap, rows[:, 0], rows[:, 1])
    places = np.flatnonzero(leap)
    rows[some, 0] = places[np.searchsorted(places, rows[some, 0])]
    rows[some, 1] = places[np.searchsorted(places, rows[some, 1]) - 1] + 1
    return np.where(fill_mask(rows, len(family)), BOUND, np.where(sure, RUN, family))


def _few_leaps(family: Codes, ic_s: Floats) -> Bools:
    """(k,) fewer leaps than a set of bounds has: the first or last steps of a run."""
    edges = edges_of(ic_s, family)
    few = (np.diff(edges) < FEWEST_BOUNDS) & (family[edges[:-1]] == BOUND)
    return np.repeat(few, np.diff(edges))


def _without_slips(family: Codes, ic_s: Floats) -> Codes:
    """A few contacts of another family inside a bout take the family before them."""
    edges = edges_of(ic_s, family)
    size = np.diff(edges)
    joined = np.diff(ic_s, prepend=-np.inf)[edges[:-1]] <= PAUSE_S
    slip = (size < FEWEST_CONTACTS) & joined
    place = np.maximum.accumulate(np.where(slip, 0, np.arange(len(size))))
    return np.repeat(family[edges[:-1]][place], size)


def edges_of(ic_s: Floats, family: Codes, holes_s: Floats | float = 0.0) -> Ints:
    """Where bouts begin, and the end; a hole in the data up to 5 s is not a pause."""
    waited_s = np.diff(ic_s, prepend=-np.inf)
    waited_s = waited_s - np.where(np.asarray(holes_s) < LONGEST_HOLE_S, holes_s, 0.0)
    new = (waited_s > PAUSE_S) | (np.diff(family, prepend=-1) != 0)
    return np.append(np.flatnonzero(new), len(ic_s))


def carried(analysis: Analysis) -> Bools:
    """(k,) what a foot feels that is held up or swung while the other one hops: no landings.

    A foot that lands gets level and stops with a jolt, a carried one does neither; where the frame
    of its pod is unknown, what it feels is told by being shorter than the contacts of the other
    foot. Nothing is doubted while both feet move on alike, as in running.
    """
    contacts = analysis.contacts
    unlevel = (contacts.flags & Flag.UNCALIBRATED) != 0
    framed = [foot.foot for foot in analysis.feet if foot.aligned]
    held = np.zeros(len(contacts), dtype=bool)
    jolt = _jolts(analysis)
    for code in (LEFT, RIGHT):
        own, ic_s = contacts.foot == code, contacts.ic_time_s
        spot = ~own & ~unlevel & _on_the_spot(contacts)
        hops = spot | (~own & ~unlevel & _leaves_behind(contacts, own))
        if not hops.any():
            continue
        usual = _sum_near(ic_s, np.where(hops & np.isfinite(jolt), jolt, 0.0))
        soft = own & (jolt < SOFT * usual / np.maximum(_near(ic_s, hops), 1))
        share, odd = UNLEVEL_SHARE, unlevel
        if FEET[code] not in framed:
            typical_s = float(np.median(contacts.contact_time_s[hops]))
            share, odd = 0.5, ~(contacts.contact_time_s > SHORTER * typical_s)
        around = _near(ic_s, own)
        doubt = (_near(ic_s, own & odd) > share * around) & (_near(ic_s, spot) > 0)
        doubt |= _near(ic_s, soft) > 0.5 * around
        sure = _near(ic_s, ~own & unlevel) <= UNLEVEL_SHARE * _near(ic_s, ~own)
        again = (_near(ic_s, hops) > 0) & (_near(ic_s, ~own & ~unlevel) > 1)
        held |= own & doubt & sure & again
    return held


def _leaves_behind(contacts: Contacts, own: Bools) -> Bools:
    """(k,) strides much longer than those of the foot ``own`` around them: one body, one way."""
    length, ic_s = contacts.stride_length_m, contacts.ic_time_s
    with np.errstate(invalid="ignore"):
        quick = (contacts.stride_time_s < HOP_STRIDE_S) & ~(contacts.speed_mps > FORWARD_MPS)
    known = own & np.isfinite(length)
    usual = _sum_near(ic_s, np.where(known, length, 0.0)) / np.maximum(_near(ic_s, known), 1)
    return np.asarray(quick & (length > BEHIND * usual))


def _jolts(analysis: Analysis) -> Floats:
    """(k,) largest change of acceleration from sample to sample at each landing, m/s3.

    Infinite where no samples are at hand, which doubts nothing.
    """
    contacts = analysis.contacts
    jolt = np.full(len(contacts), np.inf)
    for signal in analysis.signals:
        mine = np.flatnonzero(contacts.foot == FEET.index(signal.foot))
        change = _windows(_change(signal), signal, contacts.ic_time_s[mine], AT_LANDING_S)
        jolt[mine] = np.nan_to_num(change, nan=np.inf).max(axis=1)
    return jolt


def _beside_shaken(analysis: Analysis) -> Bools:
    """(k,) landings beside a foot whose pod is shaken all the while but never lands.

    A pod that is silent, or lies still because it fell off, says nothing about its foot.
    """
    contacts, jolt = analysis.contacts, _jolts(analysis)
    shaken = np.zeros(len(contacts), dtype=bool)
    for signal in analysis.signals:
        beside = np.flatnonzero(contacts.foot == (1 - FEET.index(signal.foot)))
        ic_s = contacts.ic_time_s[beside]
        change = _windows(_change(signal), signal, ic_s, TO_NEXT_S).max(axis=1)
        force = np.linalg.norm(signal.acc_mps2, axis=1)
        moved = np.std(_windows(force, signal, ic_s, TO_NEXT_S), axis=1) > SHAKEN_MPS2
        shaken[beside] = moved & (change < SOFT * jolt[beside]) & np.isfinite(jolt[beside])
    return shaken


def _change(signal: EvenSignal) -> Floats:
    """(n - 1,) change of acceleration from sample to sample, m/s3."""
    return np.asarray(np.linalg.norm(np.diff(signal.acc_mps2, axis=0), axis=1) * signal.rate_hz)


def _windows(
    values: Floats, signal: EvenSignal, at_s: Floats, around_s: tuple[float, float]
) -> Floats:
    """(k, w) ``values`` of a signal around some instants (k,); its ends are held."""
    low, high = (round(second * signal.rate_hz) for second in around_s)
    first = np.rint((at_s - signal.start_s) * signal.rate_hz).astype(np.int64)
    place = first[:, None] + np.arange(low, high + 1)
    return np.asarray(values[np.clip(place, 0, len(values) - 1)])


def _sum_near(ic_s: Floats, values: Floats) -> Floats:
    """(k,) sum of ``values`` (k,) over the contacts around each contact."""
    total = np.concatenate((np.zeros(1), np.cumsum(values)))
    first = np.searchsorted(ic_s, ic_s - AROUND_S)
    return np.asarray(total[np.searchsorted(ic_s, ic_s + AROUND_S, side="right")] - total[first])


def _near(ic_s: Floats, mask: Bools) -> Ints:
    """(k,) how many of the contacts of ``mask`` lie around each contact."""
    return np.rint(_sum_near(ic_s, mask.astype(np.float64))).astype(np.int64)


def families_of(analysis: Analysis) -> Codes:
    """The family of every contact of a recording; what a carried foot feels follows the other."""
    contacts, held = analysis.contacts, carried(analysis)
    landed, ic_s = ~held, contacts.ic_time_s
    beside = _beside_shaken(analysis) | (_near(ic_s, held) > 0)
    if held.all() or not held.any():
        return families(contacts, len(analysis.feet), beside & ~held)
    place = np.maximum(np.cumsum(landed) - 1, 0)
    family = families(contacts.where(landed), len(analysis.feet), beside[landed])
    return np.asarray(family[place], dtype=np.int8)
