"""Where a track bends: how far each foot has turned from one mid-stance to the next.

The turn about the upright between two mid-stances of a foot is how far the runner's heading
changed; what the foot does in between drops out. Around a closed lap it adds up to one full turn,
which takes the bias of the gyroscope off. What is left is nought on a straight and one over the
radius in a bend (36.8 m to 46 m on a 400 m track: World Athletics, Track and Field Facilities
Manual 2019, 2.2). Races go anticlockwise, left hand inside (World Athletics rule TR 14.6).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.coaching.race.course import Course
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import Contacts, FootSignal
from gaitlab.model.recording import FEET, read_only
from gaitlab.model.units import Bools, Floats
from gaitlab.signal.filters import bridge_short, known
from gaitlab.signal.intervals import any_within, true_runs
from gaitlab.signal.orientation import carried, inverse, rotated
from gaitlab.strides.trajectory import BRIDGE_S, LONGEST_STRIDE_S, mid_stances

GRID_M: Final = 5.0
WINDOW_M: Final = 30.0  # the heading is compared over this way
BEND_SHARE: Final = 0.578  # of a lap: 2 x 115.6 m of 400 m
LAPS_NEEDED: Final = 1.0
MOST_MISSING: Final = 0.1  # of the strides
LIKELY_RADIUS: Final = (0.75, 1.4)  # of that of the inner lane: lane 8, and errors of lengths
LIKELY_LENGTH: Final = (0.55, 1.5)  # of a bend's 115.6 m
CLEAR: Final = 3.0  # level of bends over the noise about the levels


@dataclass(frozen=True, slots=True, eq=False)
class Bends:
    """The bends of a race.

    spans_m : (k, 2) begin and end of each along the race; k = 0 when they cannot be told
    reason : why not; empty otherwise;  radius_m : middle one, NaN when not told
    share : of the way within bends
    at_m, turn_per_m : (n,) what they were told from: heading per metre, rad/m, left positive
    """

    spans_m: Floats
    reason: str
    radius_m: float
    share: float
    at_m: Floats
    turn_per_m: Floats

    def __post_init__(self) -> None:
        for name in ("spans_m", "at_m", "turn_per_m"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def inside(self, at_m: Floats) -> Bools:
        """(k,) which of these places lie in a bend."""
        if not len(self.spans_m):
            return np.zeros(len(at_m), dtype=bool)
        low, high = self.spans_m.T
        return np.asarray(np.any((at_m[:, None] >= low) & (at_m[:, None] < high), axis=1))


def no_bends(reason: str, at_m: Floats | None = None, turn_per_m: Floats | None = None) -> Bends:
    """No bends told, and why."""
    nothing = np.empty(0)
    return Bends(
        np.empty((0, 2)), reason, np.nan, np.nan,
        nothing if at_m is None else at_m, nothing if turn_per_m is None else turn_per_m,
    )  # fmt: skip


def bends_of(analysis: Analysis, course: Course, track_m: float) -> Bends:
    """The bends of a race on a track with laps of ``track_m``; never raises."""
    if course.length_m < LAPS_NEEDED * track_m:
        return no_bends(f"less than one lap of {track_m:g} m was run")
    headings = [
        found
        for signal in analysis.signals
        for found in [heading(signal, _of_foot(course.contacts, signal))]
        if found is not None
    ]
    if not headings:
        return no_bends("no foot turned measurably: no gyroscope, or samples are missing")
    first_m = max(GRID_M, float(course.distance_m[0]))
    at_m = np.arange(first_m, course.length_m, GRID_M)
    turned = np.mean([_on_course(course, at_m, *found) for found in headings], axis=0)
    turn_per_m = turning_per_m(at_m, turned, track_m)
    return told(at_m, turn_per_m, track_m)


def _of_foot(contacts: Contacts, signal: FootSignal) -> Contacts:
    return contacts.where(contacts.foot == FEET.index(signal.foot))


def heading(signal: FootSignal, contacts: Contacts) -> tuple[Floats, Floats] | None:
    """Time and heading (rad, left positive, from 0) at each mid-stance of one foot.

    None without a gyroscope, for fewer than three contacts, or when more than a tenth of the
    strides cannot be followed; single ones turn as fast as their neighbours.
    """
    rate, ic_s = signal.rate_hz, contacts.ic_time_s - signal.start_s
    if not signal.has_gyroscope or len(ic_s) < 3:
        return None
    low = max(0, int((ic_s[0] - 1.0) * rate))
    part = slice(low, int((ic_s[-1] + 2.0) * rate))
    acc, gyr = (
        bridge_short(values[part], round(BRIDGE_S * rate))
        for values in (signal.acc_mps2, signal.gyr_radps)
    )
    ic_s = ic_s - low / rate
    stance = mid_stances(gyr, rate, ic_s, contacts.tc_time_s - signal.start_s - low / rate)
    moved = carried(known(acc), known(gyr), rate)
    attitude = moved.attitude(stance)
    toes = rotated(attitude, np.broadcast_to([1.0, 0.0, 0.0], (len(stance), 3)))
    ahead = rotated(inverse(attitude[:, :-1]), toes[1:])
    turn = np.arctan2(ahead[:, 1], ahead[:, 0])
    holed = any_within(np.isnan(gyr[:, 0]), stance[:-1], stance[1:])
    took = np.diff(stance) / rate
    good = ~holed & (took < LONGEST_STRIDE_S) & (took > 0.0)
    if np.mean(good) < 1.0 - MOST_MISSING:
        return None
    middle = 0.5 * (ic_s[1:] + ic_s[:-1])
    turn_rate = np.interp(middle, middle[good], (turn[good] / took[good]))
    turn = np.where(good, turn, turn_rate * took)
    return signal.start_s + (low + stance) / rate, np.concatenate(([0.0], np.cumsum(turn)))


def _on_course(course: Course, at_m: Floats, time_s: Floats, heading_rad: Floats) -> Floats:
    """(n,) heading where the runner was at each of these distances."""
    return np.interp(course.time_at_s(at_m), time_s, heading_rad)


def turning_per_m(at_m: Floats, heading_rad: Floats, track_m: float) -> Floats:
    """(n,) heading per metre over 30 m, so that each lap makes one full turn to the left."""

    def over(way_m: float) -> Floats:
        low = np.clip(at_m - way_m / 2, at_m[0], at_m[-1] - way_m)
        high = low + way_m
        return (np.interp(high, at_m, heading_rad) - np.interp(low, at_m, heading_rad)) / way_m

    return over(WINDOW_M) - (over(track_m) - 2.0 * np.pi / track_m)


def told(at_m: Floats, turn_per_m: Floats, track_m: float) -> Bends:
    """Bends from the heading per metre; none, with the reason, where they do not stand out."""
    sharp = 2.0 * np.pi / (BEND_SHARE * track_m)  # of the inner lane
    bend = turn_per_m > 0.5 * sharp
    if not bend.any() or bend.all():
        return no_bends("the runner turned evenly: no bends apart from straights", at_m, turn_per_m)
    upper, lower = float(np.median(turn_per_m[bend])), float(np.median(turn_per_m[~bend]))
    level = np.where(bend, upper, lower)
    noise = float(np.median(np.abs(turn_per_m - level))) / 0.6745
    if upper - lower < CLEAR * noise:
        return no_bends("the turning of the feet is too unsteady to tell bends", at_m, turn_per_m)
    ratio = (upper - lower) / sharp
    if not LIKELY_RADIUS[0] <= ratio <= LIKELY_RADIUS[1]:
        words = f"bends of {1 / max(upper - lower, 1e-9):.0f} m radius are not those of this track"
        return no_bends(words, at_m, turn_per_m)
    runs = true_runs(bend)
    edges = np.append(at_m, at_m[-1] + GRID_M) - GRID_M / 2
    spans = edges[runs]
    length = np.ptp(spans, axis=1) / (BEND_SHARE * track_m / 2)
    cut = (runs[:, 0] == 0) | (runs[:, 1] == len(at_m))
    whole = length[~cut]
    if not len(whole) or np.any((whole < LIKELY_LENGTH[0]) | (whole > LIKELY_LENGTH[1])):
        return no_bends("the turns are not as long as the bends of this track", at_m, turn_per_m)
    spans = np.clip(spans, 0.0, None)
    return Bends(spans, "", 1.0 / (upper - lower), float(np.mean(bend)), at_m, turn_per_m)
