"""What really happened in a simulated recording, under the names of the contract."""

from dataclasses import dataclass, fields

import numpy as np

from gaitlab.model.gait import (
    ACTIVITIES,
    FOREFOOT,
    FOREFOOT_BELOW_RAD,
    HOP,
    MIDFOOT,
    REARFOOT,
    REARFOOT_ABOVE_RAD,
    STRIKES,
    Segments,
)
from gaitlab.model.recording import FEET, Mark, Recording, read_only
from gaitlab.model.units import DEG_PER_RAD, Bools, Codes, Floats
from gaitlab.simulate.angles import Contacts
from gaitlab.simulate.pod import Pod
from gaitlab.simulate.timing import Steps

_GAP_S, _AROUND_S = 0.010, 0.010


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Every ground contact of the recorded feet, sorted by initial contact.

    ic_time_s, tc_time_s : on the clock of the pod of that foot (the recording's time axis)
    contact_time_s ... stride_time_s : true seconds; flight to the next contact of either foot,
        negative when both feet are down; NaN where the next contact does not exist or the
        foot stays on the ground. A hop of both feet is one step: its flight and step end with
        the next contact of the same foot, and its cadence counts landings of the body
    strike_angle_rad : pitch at initial contact against a flat foot there, toes up positive
    stride_length_m, speed_mps, cadence_spm : of the stride that begins here, along the ground
    distance_m : of the body at initial contact, along the ground
    in_gap : samples are missing around an event of this contact
    foot, strike, activity : codes of FEET, STRIKES, ACTIVITIES
    """

    foot: Codes
    ic_time_s: Floats
    tc_time_s: Floats
    contact_time_s: Floats
    flight_time_s: Floats
    step_time_s: Floats
    stride_time_s: Floats
    strike: Codes
    strike_angle_rad: Floats
    stride_length_m: Floats
    speed_mps: Floats
    cadence_spm: Floats
    activity: Codes
    distance_m: Floats
    in_gap: Bools
    segments: Segments
    marks: tuple[Mark, ...]

    def __post_init__(self) -> None:
        for item in fields(self):
            if isinstance(column := getattr(self, item.name), np.ndarray):
                object.__setattr__(self, item.name, read_only(column))

    def __len__(self) -> int:
        return len(self.ic_time_s)

    def columns(self) -> dict[str, np.ndarray]:
        """The contacts as columns of a table: words for codes, degrees for angles."""
        table: dict[str, np.ndarray] = {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.name not in ("segments", "marks", "strike_angle_rad")
        }
        table["foot"] = np.array(FEET)[self.foot]
        table["strike"] = np.array(STRIKES)[self.strike]
        table["activity"] = np.array(ACTIVITIES)[self.activity]
        table["strike_angle_deg"] = self.strike_angle_rad * DEG_PER_RAD
        return table


def strike_of(angle_rad: Floats) -> Codes:
    """Class of a strike angle.

    >>> [STRIKES[code] for code in strike_of(np.array([-0.1, 0.0, 0.2]))]
    ['forefoot', 'midfoot', 'rearfoot']
    """
    code = np.where(angle_rad > REARFOOT_ABOVE_RAD, REARFOOT, MIDFOOT)
    return np.where(angle_rad < FOREFOOT_BELOW_RAD, FOREFOOT, code).astype(np.int8)


def _after(values: Floats, same: Bools) -> Floats:
    """The next element where ``same``, else NaN; (k,)."""
    return np.where(same, np.append(values[1:], np.nan), np.nan)


def _strides(steps: Steps) -> tuple[Floats, Floats]:
    """Time and length of the stride that begins at each step: same foot again, same bout."""
    later, exists = np.arange(len(steps)), np.zeros(len(steps), dtype=bool)
    for foot in (0, 1):
        mine = np.flatnonzero(steps.foot == foot)
        later[mine[:-1]] = mine[1:]
        exists[mine[:-1]] = True
    exists &= (steps.bout[later] == steps.bout) & ~steps.stays
    time_s = np.where(exists, steps.ic_s[later] - steps.ic_s, np.nan)
    return time_s, np.where(exists, steps.spot_m[later] - steps.spot_m, np.nan)


def _in_gap(stream_time_s: Floats, rate_hz: float, ic_s: Floats, tc_s: Floats) -> Bools:
    """Contacts with a hole in the samples within 10 ms of one of their events."""
    edges = np.concatenate(([-np.inf], np.sort(stream_time_s), [np.inf]))
    longest_s = max(_GAP_S, 1.5 / rate_hz)
    holes = np.flatnonzero(np.diff(edges) > longest_s)
    result = np.zeros(len(ic_s), dtype=bool)
    for event_s in (ic_s, tc_s):
        at = np.where(np.isfinite(event_s), event_s, ic_s)
        first = np.searchsorted(edges[holes + 1], at - _AROUND_S, side="right")
        hole = np.minimum(first, len(holes) - 1)
        result |= (first < len(holes)) & (edges[holes[hole]] < at + _AROUND_S)
    return result


def truth_of(
    steps: Steps,
    feet: dict[str, Contacts],
    pods: tuple[Pod, ...],
    recording: Recording,
    segments: Segments,
) -> Truth:
    """The truth of the recorded feet."""
    strike = np.full(len(steps), np.nan)
    clock = np.ones(len(steps))
    in_gap = np.zeros(len(steps), dtype=bool)
    recorded = np.zeros(len(steps), dtype=bool)
    for pod, stream in zip(pods, recording.feet, strict=True):
        mine = steps.foot == FEET.index(pod.foot)
        recorded |= mine
        strike[mine] = feet[pod.foot].strike_rad[1:]
        clock[mine] = pod.clock_ratio
        in_gap[mine] = _in_gap(
            stream.time_s, pod.rate_hz, steps.ic_s[mine] * pod.clock_ratio,
            steps.tc_s[mine] * pod.clock_ratio,
        )  # fmt: skip
    tc_s = np.where(steps.stays, np.nan, steps.tc_s)
    next_ic_s = _after(steps.ic_s, np.append(np.diff(steps.bout) == 0, False)[: len(steps)])
    stride_s, stride_m = _strides(steps)
    hops = steps.activity == HOP
    next_ic_s = np.where(hops, steps.ic_s + stride_s, next_ic_s)
    table: dict[str, np.ndarray] = {
        "foot": steps.foot, "ic_time_s": steps.ic_s * clock, "tc_time_s": tc_s * clock,
        "contact_time_s": tc_s - steps.ic_s, "flight_time_s": next_ic_s - tc_s,
        "step_time_s": next_ic_s - steps.ic_s, "stride_time_s": stride_s,
        "strike": strike_of(strike), "strike_angle_rad": strike, "stride_length_m": stride_m,
        "speed_mps": stride_m / stride_s, "cadence_spm": np.where(hops, 60.0, 120.0) / stride_s,
        "activity": steps.activity, "distance_m": steps.distance_m, "in_gap": in_gap,
    }  # fmt: skip
    return Truth(
        **{name: column[recorded] for name, column in table.items()},
        segments=segments,
        marks=recording.marks,
    )


def segments_of(start_s: Floats, stop_s: Floats, activity: Codes) -> Segments:
    """Runs of one activity, joined; empty ones dropped."""
    if not len(activity):
        return Segments(start_s, stop_s, activity)
    begins = np.flatnonzero(np.diff(activity, prepend=np.int8(-1)) != 0)
    ends = np.append(begins[1:], len(activity)) - 1
    return Segments(start_s[begins], stop_s[ends], activity[begins].astype(np.int8))
