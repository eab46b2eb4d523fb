"""Times between events: contact, flight, step, stride, swing, cadence, duty factor.

Every number is a difference of event times, so t_contact + t_flight = t_step and
t_contact + t_swing = t_stride hold exactly.
"""

from dataclasses import dataclass

import numpy as np

from gaitlab.model.gait import HOP
from gaitlab.model.units import Bools, Codes, Floats, cadence_from_stride_time

STEP_SHARE = (0.2, 0.8)  # of the stride: where the other foot may land


@dataclass(frozen=True, slots=True, eq=False)
class Temporal:
    """Times of each contact, (k,) s unless named otherwise; NaN when not defined.

    one_sided : (k,) flight and step come from this foot alone, assuming symmetry
    """

    contact_time_s: Floats
    flight_time_s: Floats
    step_time_s: Floats
    stride_time_s: Floats
    swing_time_s: Floats
    cadence_spm: Floats
    duty_factor: Floats
    one_sided: Bools


def stride_times(foot: Codes, ic_s: Floats, follows: Bools) -> Floats:
    """(k,) time to the next contact of the same foot; NaN where none follows.

    foot, ic_s, follows : (k,) sorted by ``ic_s``
    """
    stride = np.full(len(ic_s), np.nan)
    for code in np.unique(foot):  # two feet at most
        mine = np.flatnonzero(foot == code)
        stride[mine[:-1]] = np.diff(ic_s[mine])
    return np.where(follows, stride, np.nan)


def next_is(foot: Codes, mask: Bools) -> Bools:
    """(k,) whether ``mask`` (k,) holds at the next contact of the same foot; False for none.

    >>> next_is(np.array([0, 1, 0], np.int8), np.array([False, False, True])).tolist()
    [True, False, False]
    """
    result = np.zeros(len(mask), dtype=bool)
    for code in np.unique(foot):  # two feet at most
        mine = np.flatnonzero(foot == code)
        result[mine[:-1]] = mask[mine[1:]]
    return result


def temporal(
    foot: Codes,
    ic_s: Floats,
    tc_s: Floats,
    stride_time_s: Floats,
    activity: Codes,
    exact: Bools | None = None,
) -> Temporal:
    """All times of each contact of both feet, sorted by ``ic_s``, (k,) each.

    Flight and step run to the next contact of the other foot; where that is missing (one pod,
    a hole, a landing that is not ``exact``) half a stride is used and ``one_sided`` says so. When
    both feet land together the step is the whole hop. Source: definitions of the field; cadence
    counts both feet.
    """
    exact = np.ones(len(foot), dtype=bool) if exact is None else exact
    step, one_sided = _step_times(foot, ic_s, stride_time_s, exact)
    hop = activity == HOP
    step = np.where(hop, stride_time_s, step)
    contact = tc_s - ic_s
    cadence = cadence_from_stride_time(stride_time_s)
    return Temporal(
        contact,
        step - contact,
        step,
        stride_time_s,
        stride_time_s - contact,
        np.where(hop, 0.5 * cadence, cadence),
        contact / stride_time_s,
        one_sided & ~hop,
    )


def _step_times(foot: Codes, ic_s: Floats, stride_s: Floats, exact: Bools) -> tuple[Floats, Bools]:
    across = np.full(len(ic_s), np.nan)
    for code in np.unique(foot):  # two feet at most
        mine, others = np.flatnonzero((foot == code) & exact), ic_s[(foot != code) & exact]
        if not len(others):
            continue
        share_open = ic_s[mine] + STEP_SHARE[0] * np.nan_to_num(stride_s[mine])
        place = np.searchsorted(others, share_open)
        landed = np.append(others, np.inf)[place]
        across[mine] = landed - ic_s[mine]
    fits = across < STEP_SHARE[1] * stride_s
    alone = ~fits & np.isfinite(stride_s)
    return np.where(fits, across, np.where(alone, 0.5 * stride_s, np.nan)), alone
