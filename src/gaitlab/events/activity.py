"""Run, walk, hop or bound: what kind of contact each one is, and the stretches of one kind."""

import numpy as np

from gaitlab.model.gait import BOUND, HOP, OTHER, REST, RUN, WALK, Segments
from gaitlab.model.units import Bools, Codes, Floats, Ints
from gaitlab.signal.intervals import fill_mask, keep_longer, true_runs

WALK_ABOVE_DUTY = 0.5  # both feet on the ground at once: the definition of walking
WALK_STRIDE_S, WALK_VIGOUR_MPS2 = 0.95, 7.0  # assumption, for a pod without a gyroscope
BOUND_FLIGHT_S, BOUND_STEP_S = 0.20, 0.42  # runners fly under 0.18 s and step within 0.40 s
FEWEST_LEAPS = 2  # one long step is how a run ends
HOP_BELOW_MPS = 2.5  # nobody hops on two feet faster than this, contact after contact
BLIND_VOTE = 0.4  # of a foot that times no contact beside one that does
TOGETHER_SHARE = 0.2  # of the stride: the feet land together
SHORTEST_HOP_RUN = 3  # landings in a row that make hopping
VOTE_CONTACTS = 5  # centred on each contact
PAUSE_S = 2.0  # between two contacts: standing
REST_S = 1.0  # shorter calm stretches are not worth a row
BORDER_S = 0.3  # a segment reaches this far beyond an event it ends with


def contact_activity(
    foot: Codes,
    ic_s: Floats,
    contact_s: Floats,
    stride_s: Floats,
    vigour_mps2: Floats,
    speed_mps: Floats | None = None,
    leaps: Floats | None = None,
) -> Codes:
    """Activity (k,) of each contact of both feet, sorted by ``ic_s``.

    A duty factor above one half is walking, decided by the majority of five neighbouring
    contacts, so that one disturbed contact never turns a runner into a walker. Feet that land
    together three times in a row hop, unless they travel like a runner's (``speed_mps``): then
    the clocks of the pods are apart. So does a foot that flies as freely as a body three times
    in a row (``leaps``), whatever the other one does: it may be held up. Long leaps from foot to
    foot are bounds. Where no contact of a foot has an end (no gyroscope), a short and vigorous
    stride is running. Contacts with no vote nearby are ``other``.
    """
    if not len(ic_s):
        return np.empty(0, dtype=np.int8)
    duty = contact_s / stride_s
    vote = np.where(np.isfinite(duty), np.where(duty > WALK_ABOVE_DUTY, 1.0, -1.0), 0.0)
    timed = np.unique(foot[np.isfinite(duty)])
    slow = (stride_s > WALK_STRIDE_S) | (vigour_mps2 < WALK_VIGOUR_MPS2)
    by_stride = np.where(np.isfinite(stride_s), np.where(slow, 1.0, -1.0), 0.0)
    vote = np.where(np.isin(foot, timed), vote, BLIND_VOTE * by_stride)
    pauses = (np.diff(ic_s, prepend=ic_s[0]) > PAUSE_S).astype(np.int64)
    bout = np.cumsum(pauses)
    tally = _neighbour_sum(vote, bout)
    activity = np.where(tally > 0.0, WALK, np.where(tally < 0.0, RUN, OTHER)).astype(np.int8)
    tied = (tally == 0.0) & (vote != 0.0)
    activity[tied] = np.where(vote[tied] > 0.0, WALK, RUN)
    activity[(activity == RUN) & _bounding(contact_s, stride_s, bout)] = BOUND
    hops = np.zeros(len(ic_s), dtype=bool)
    hops[_hopping(foot, ic_s, stride_s)] = True
    stays = keep_longer(true_runs(hops & ~_travels(speed_mps, bout)), 2 * SHORTEST_HOP_RUN)
    activity[fill_mask(stays, len(ic_s))] = HOP
    if leaps is not None:
        activity[_leaping(foot, ic_s, leaps, bout)] = HOP
    return activity


def _leaping(foot: Codes, ic_s: Floats, leaps: Floats, bout: Ints) -> Bools:
    """(k,) hops that one foot tells, three in a row, and what the other one feels meanwhile."""
    order = np.argsort(foot, kind="stable")
    own = bout[order] + (len(bout) + 1) * foot[order].astype(np.int64)
    most = _neighbour_sum(leaps[order], own) > 0.0
    most &= _neighbour_sum(np.maximum(leaps[order], 0.0), own) >= FEWEST_LEAPS
    hops = np.zeros(len(leaps), dtype=bool)
    hops[order] = fill_mask(keep_longer(true_runs(most), SHORTEST_HOP_RUN), len(leaps))
    place = np.flatnonzero(hops)
    next_to = (np.diff(foot[place]) == 0) & (np.diff(ic_s[place]) < PAUSE_S)
    between = np.stack((place[:-1], place[1:]), axis=1)[next_to]
    return hops | fill_mask(between, len(leaps))


def _travels(speed_mps: Floats | None, bout: Ints) -> Bools:
    """(k,) whether most of the neighbouring contacts move on as fast as a runner."""
    if speed_mps is None:
        return np.zeros(len(bout), dtype=bool)
    fast = np.where(speed_mps > HOP_BELOW_MPS, 1.0, -1.0)
    return np.asarray(_neighbour_sum(np.where(np.isfinite(speed_mps), fast, 0.0), bout) > 0.0)


def _bounding(contact_s: Floats, stride_s: Floats, bout: Ints) -> Bools:
    """(k,) long slow leaps from foot to foot, by the majority of the neighbouring contacts."""
    flight_s = 0.5 * stride_s - contact_s
    leap = (flight_s > BOUND_FLIGHT_S) & (0.5 * stride_s > BOUND_STEP_S)
    vote = np.where(np.isfinite(flight_s), np.where(leap, 1.0, -1.0), 0.0)
    several = _neighbour_sum(np.maximum(vote, 0.0), bout) >= FEWEST_LEAPS
    return np.asarray(several & (_neighbour_sum(vote, bout) > 0.0))


def _neighbour_sum(vote: Floats, bout: Ints) -> Floats:
    """Sum of the votes of the contacts around each one, within its own bout."""
    half = VOTE_CONTACTS // 2
    place = np.arange(len(vote))[:, None] + np.arange(-half, half + 1)
    inside = (place >= 0) & (place < len(vote))
    inside &= bout.take(place, mode="clip") == bout[:, None]
    return np.asarray(np.where(inside, vote.take(place, mode="clip"), 0.0).sum(1))


def _hopping(foot: Codes, ic_s: Floats, stride_s: Floats) -> Ints:
    """Indices of contacts at which both feet land together, several times in a row."""
    if len(np.unique(foot)) != 2:  # one pod cannot tell
        return np.empty(0, dtype=np.int64)
    typical = np.nanmedian(stride_s) if np.isfinite(stride_s).any() else 0.6
    limit = TOGETHER_SHARE * np.where(np.isfinite(stride_s), stride_s, typical)
    after = np.append((np.diff(ic_s) < limit[:-1]) & (foot[1:] != foot[:-1]), False)
    if not after.any():
        return np.empty(0, dtype=np.int64)
    together = after | np.insert(after[:-1], 0, False)
    enough = 2 * SHORTEST_HOP_RUN
    padded = np.concatenate(([0], np.cumsum(together)))
    start = np.maximum(np.arange(len(ic_s)) - enough + 1, 0)
    last = len(ic_s)  # with fewer contacts than a window, it ends with them
    windows = [
        padded[np.minimum(start + s + enough, last)] - padded[np.minimum(start + s, last)]
        for s in range(enough)  # every window that holds the contact
    ]
    full = np.array(windows)
    return np.flatnonzero(together & (full.max(axis=0) >= enough))


def segments_of(
    ic_s: Floats, tc_s: Floats, activity: Codes, start_s: float, stop_s: float
) -> tuple[Segments, Ints]:
    """Stretches of one activity (rest included) and the stretch of each contact, (k,).

    ic_s, tc_s : (k,) sorted by ic_s, tc_s may be NaN;  start_s, stop_s : of the recording
    """
    if not len(ic_s):
        whole = (np.array([start_s]), np.array([stop_s]), np.array([REST], dtype=np.int8))
        return Segments(*whole), np.empty(0, dtype=np.int64)
    new = (np.diff(ic_s) > PAUSE_S) | (np.diff(activity) != 0)
    first = np.flatnonzero(np.insert(new, 0, True))
    last = np.append(first[1:] - 1, len(ic_s) - 1)
    opens = ic_s[first]
    ends = np.fmax(ic_s, np.where(np.isfinite(tc_s), tc_s, -np.inf))
    closes = np.maximum.accumulate(ends)[last] + BORDER_S
    closes[:-1] = np.minimum(closes[:-1], opens[1:])
    closes[-1] = min(closes[-1], stop_s)
    rest_open = np.concatenate(([start_s], closes))
    rest_close = np.concatenate((opens, [stop_s]))
    rest = rest_close - rest_open > REST_S
    start = np.concatenate((opens, rest_open[rest]))
    stop = np.concatenate((closes, rest_close[rest]))
    kind = np.concatenate((activity[first], np.full(rest.sum(), REST, dtype=np.int8)))
    order = np.argsort(start, kind="stable")
    row = np.empty(len(order), dtype=np.int64)
    row[order] = np.arange(len(order))
    segment = row[: len(first)][np.cumsum(np.insert(new, 0, True)) - 1]
    return Segments(start[order], stop[order], kind[order]), segment
