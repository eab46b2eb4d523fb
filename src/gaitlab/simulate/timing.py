"""When and where the feet touch the ground: steps from the speed of the body.

Laws (all vary per runner by a factor):

* contact time when running: 0.58 v^-0.74 s (fit to five published group means, 2.6-12.1 m/s)
* step frequency when running: 2.55 + 0.02 v + 0.0125 v^2 Hz, through published means of mixed
  runners (169, 186 and 216 steps/min at 4.2, 5.6 and 6.9 m/s) and sprinters (3.84 Hz at 8.9,
  4.12 at 10.1, 4.4-4.9 at 11.9 m/s); a sprinter starts at 3.7 Hz
* walking: 1.3 + 0.45 v Hz, duty factor 0.66 - 0.04 v (assumption)
* bounds and hops: contact and flight as the programme says
"""

from dataclasses import dataclass, fields

import numpy as np

from gaitlab.model.gait import BOUND, HOP, RUN, SPRINT, WALK
from gaitlab.model.units import Bools, Codes, Floats
from gaitlab.simulate.curves import binomial_smooth
from gaitlab.simulate.programme import CROUCH_S, Course, Phase, Programme, moving_bouts_s
from gaitlab.simulate.runner import Runner, Timing

WALK_BELOW_MPS = 2.1  # a slowing runner walks below, in walking and standing phases
_RUN_CONTACT_LIMITS_S = (0.075, 0.36)
_FIRST_SPRINT_CONTACT_S = 0.185
_START_HZ = 3.7
_SHORTEST_SWING_S = 0.29
_FIRST_DELAY_STEPS = {SPRINT: 0.5, WALK: 0.15}  # the first step from standing takes longer
_STANCE_SPREAD_M = 0.006  # where the foot is put, about its regular place
_HOP_SPREAD_M = 0.015
_FEET_APART_S = 0.004  # spread of one foot's events about the landing or leaving of both
JUMP_S = 0.22  # push-off of the first take-off of a set of hops
_LIFTED_AFTER_S, _PUT_DOWN_S = 0.05, 0.45  # the carried foot: after the start, the last landing
_PUT_DOWN_CONTACT_S = 0.4
_HOP_FLIGHT_CV = 0.035  # assumption


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """All steps of both feet in order of initial contact.

    foot : 0 left, 1 right;  ic_s, tc_s : true time; tc is infinite for a foot that stays
    nominal_contact_s : contact time that shapes the foot's motion, also when it stays
    spot_m : where the foot stands on the course;  speed_mps : of the body at mid-contact
    activity : code of gait.ACTIVITIES;  bout : number of the stretch of moving or hopping
    distance_m : of the body at initial contact
    start_s : (bouts,) when the body begins to move
    release_s : (bouts, 2) when each standing foot first leaves the ground
    """

    foot: Codes
    ic_s: Floats
    tc_s: Floats
    nominal_contact_s: Floats
    spot_m: Floats
    speed_mps: Floats
    activity: Codes
    bout: Codes
    distance_m: Floats
    start_s: Floats
    release_s: Floats

    def __len__(self) -> int:
        return len(self.ic_s)

    @property
    def stays(self) -> Bools:
        """(k,) the foot stands on after this contact."""
        return np.isinf(self.tc_s)


def contact_law_s(speed_mps: Floats, activity: Codes) -> Floats:
    """Contact time at a speed in a gait, s."""
    slow = np.maximum(speed_mps, 0.8)
    running = np.clip(0.58 * slow**-0.74, *_RUN_CONTACT_LIMITS_S)
    sprinting = np.minimum(running, _FIRST_SPRINT_CONTACT_S)
    walking = 2.0 * (0.66 - 0.04 * slow) / step_law_hz(slow, np.full_like(activity, WALK))
    return np.select([activity == WALK, activity == SPRINT], [walking, sprinting], running)


def step_law_hz(speed_mps: Floats, activity: Codes) -> Floats:
    """Step frequency at a speed in a gait, Hz."""
    running = 2.55 + 0.02 * speed_mps + 0.0125 * speed_mps**2
    sprinting = running * (1.0 + (_START_HZ / running) ** 12) ** (1.0 / 12.0)
    walking = 1.3 + 0.45 * speed_mps
    return np.select([activity == WALK, activity == SPRINT], [walking, sprinting], running)


def gait_of_course(course: Course, programme: Programme) -> Codes:
    """(n,) activity at every instant of the course."""
    code = {
        "stand": WALK, "walk": WALK, "run": RUN, "sprint": SPRINT, "hop": HOP, "bound": BOUND,
    }  # fmt: skip
    wanted = np.array([code[phase.kind] for phase in programme.phases], dtype=np.int8)
    gait = wanted[course.phase]
    return np.where((gait == WALK) & (course.speed_mps >= WALK_BELOW_MPS), RUN, gait).astype(
        np.int8
    )


def _relative_noise(count: int, spread: float, rng: np.random.Generator) -> Floats:
    """Stride-to-stride noise: half white, half slow; SD ``spread``."""
    if not count:
        return np.zeros(0)
    white = rng.standard_normal(count)
    slow = binomial_smooth(rng.standard_normal(count), 12) * 2.5
    return spread * (0.8 * white + 0.6 * slow)


@dataclass(frozen=True, slots=True, eq=False)
class _Rhythm:
    """What the runner wants to do at every instant of the course, (n,) each.

    gait : code;  contact_s : contact time;  step_hz : landings per second
    flight_s : of a hop or a bound
    """

    gait: Codes
    contact_s: Floats
    flight_s: Floats
    step_hz: Floats


def _rhythm(runner: Runner, programme: Programme, course: Course) -> _Rhythm:
    gait = gait_of_course(course, programme)
    given_s = np.array([(phase.contact_s, phase.flight_s) for phase in programme.phases])
    contact_s, flight_s = given_s[course.phase].T
    as_given = (gait == HOP) | (gait == BOUND)
    law_s = contact_law_s(course.speed_mps, gait) * runner.timing.contact_factor
    law_hz = step_law_hz(course.speed_mps, gait) * runner.timing.cadence_factor
    return _Rhythm(
        gait, np.where(as_given, contact_s, law_s), flight_s,
        np.where(as_given, 1.0 / (contact_s + flight_s), law_hz),
    )  # fmt: skip


def _landing_times(
    bout_s: Floats, course: Course, rhythm: _Rhythm, timing: Timing, rng: np.random.Generator
) -> Floats:
    """Initial contacts of one bout: where the step phase passes the whole numbers."""
    inside = (course.time_s >= bout_s[0]) & (course.time_s <= bout_s[1])
    time_s, hz, gait = course.time_s[inside], rhythm.step_hz[inside], rhythm.gait[inside]
    phase = np.concatenate(([0.0], np.cumsum(0.5 * (hz[1:] + hz[:-1]) * np.diff(time_s))))
    phase -= _FIRST_DELAY_STEPS[SPRINT if gait[0] == SPRINT else WALK]
    count = int(max(phase[-1], 0.0))
    number = np.arange(1, count + 1)
    side = np.where(number % 2, 0.25, -0.25) * timing.step_asymmetry
    wanted = number + side + _relative_noise(count, timing.step_cv / np.sqrt(2.0), rng)
    return np.asarray(np.interp(wanted, phase, time_s))


def take_steps(
    runner: Runner, programme: Programme, course: Course, rng: np.random.Generator
) -> Steps:
    """Steps of the whole programme; contact plus flight is the step time by construction."""
    rhythm = _rhythm(runner, programme, course)
    bouts: list[Steps] = []
    for bout_s in moving_bouts_s(course):
        first = int(np.searchsorted(course.time_s, bout_s[0]))
        phase = programme.phases[course.phase[first]]
        if course.hopping[first]:
            taken = _hop_steps(bout_s, len(bouts), runner, course, phase, rng)
        else:
            taken = _bout_steps(bout_s, len(bouts), runner, course, rhythm, rng)
        bouts += [taken] if taken is not None else []
    return _joined(bouts)


def _joined(bouts: list[Steps]) -> Steps:
    if not bouts:
        none, codes = np.empty(0), np.empty(0, dtype=np.int8)
        return Steps(
            codes, none, none, none, none, none, codes, codes, none, none, np.empty((0, 2))
        )  # fmt: skip
    columns = {
        item.name: np.concatenate([getattr(bout, item.name) for bout in bouts])
        for item in fields(Steps)
    }
    return Steps(**columns)


def _hop_steps(
    bout_s: Floats, number: int, runner: Runner, course: Course, phase: Phase,
    rng: np.random.Generator,
) -> Steps | None:  # fmt: skip
    """Landings of one set of hops; None for fewer than two."""
    contact_s, flight_s = phase.contact_s, phase.flight_s
    most = int((bout_s[1] - bout_s[0]) / (contact_s + flight_s)) + 1
    contact = contact_s * (1.0 + _relative_noise(most, runner.timing.contact_cv, rng))
    flight = flight_s * (1.0 + _relative_noise(most, _HOP_FLIGHT_CV, rng))
    leaves_s = bout_s[0] + CROUCH_S
    lands_s = leaves_s + np.cumsum(flight) + np.concatenate(([0.0], np.cumsum(contact)[:-1]))
    lands_s = lands_s[lands_s < bout_s[1] - contact_s]
    if len(lands_s) < 2:
        return None
    ends_m = np.interp(bout_s, course.time_s, course.distance_m)
    hops = (lands_s, contact[: len(lands_s)], ends_m)
    if phase.hops_on == "both":
        return _on_both_feet(leaves_s, number, hops, rng)
    return _on_one_foot(leaves_s, number, hops, phase, rng)


_Hops = tuple[Floats, Floats, Floats]  # landings, contact times, first and last place


def _on_both_feet(leaves_s: float, number: int, hops: _Hops, rng: np.random.Generator) -> Steps:
    """Both feet nearly together."""
    lands_s, contact_s, (spot_m, _) = hops
    count = len(lands_s)
    apart_s = _FEET_APART_S * rng.standard_normal((3, count, 2))  # first, landing, leaving
    ic_s = lands_s[:, None] + apart_s[1]
    tc_s = (lands_s + contact_s)[:, None] + apart_s[2]
    stands_s = tc_s - ic_s
    tc_s[-1] = np.inf
    order = np.argsort(ic_s, axis=None, kind="stable")
    spots_m = spot_m + _HOP_SPREAD_M * rng.standard_normal((count, 2))
    none = np.zeros(2 * count)
    return Steps(
        (order % 2).astype(np.int8), ic_s.ravel()[order], tc_s.ravel()[order],
        stands_s.ravel()[order], spots_m.ravel()[order], none,
        np.full(2 * count, HOP, dtype=np.int8), np.full(2 * count, number, dtype=np.int8),
        none + spot_m, np.array([leaves_s - JUMP_S]), leaves_s + apart_s[0, :1],
    )  # fmt: skip


def _on_one_foot(
    leaves_s: float, number: int, hops: _Hops, phase: Phase, rng: np.random.Generator
) -> Steps:
    """One foot hops to the end of its way; the other one is put down beside it at last."""
    lands_s, contact_s, (start_m, stop_m) = hops
    count, foot = len(lands_s), 0 if phase.hops_on == "left" else 1
    place_m = np.linspace(start_m, stop_m, count + 1)[1:]
    spot_m = place_m + _HOP_SPREAD_M * rng.standard_normal(count)
    tc_s = lands_s + contact_s
    tc_s[-1] = np.inf
    start_s = leaves_s - CROUCH_S
    release_s = np.empty((1, 2))
    release_s[0, foot], release_s[0, 1 - foot] = leaves_s, leaves_s - JUMP_S
    codes = [np.full(count, code, dtype=np.int8) for code in (foot, HOP)]
    return Steps(
        np.append(codes[0], np.int8(1 - foot)),
        np.append(lands_s, lands_s[-1] + _PUT_DOWN_S), np.append(tc_s, np.inf),
        np.append(contact_s, _PUT_DOWN_CONTACT_S), np.append(spot_m, place_m[-1]),
        np.append(np.full(count, phase.hop_mps), 0.0), np.append(codes[1], np.int8(WALK)),
        np.full(count + 1, number, dtype=np.int8), np.append(place_m, place_m[-1]),
        np.array([start_s + _LIFTED_AFTER_S]), release_s,
    )  # fmt: skip


def _bout_steps(
    bout_s: Floats, number: int, runner: Runner, course: Course, rhythm: _Rhythm,
    rng: np.random.Generator,
) -> Steps | None:  # fmt: skip
    """Steps of one moving stretch; None when it is too short for two steps of each foot."""
    timing = runner.timing
    ic_s = _landing_times(bout_s, course, rhythm, timing, rng)
    count = len(ic_s)
    if count < 4:
        return None
    at = np.clip(np.searchsorted(course.time_s, ic_s), 0, len(course.time_s) - 1)
    activity = rhythm.gait[at]
    foot = ((np.arange(count) + rng.integers(2)) % 2).astype(np.int8)

    side = np.where(foot == 0, 0.5, -0.5) * timing.contact_asymmetry
    drift = 1.0 + timing.fatigue_contact_per_km * course.distance_m[at] / 1000.0
    noise = _relative_noise(count, timing.contact_cv, rng)
    contact_s = rhythm.contact_s[at] * drift * (1 + side + noise)
    step_s = np.diff(ic_s, append=2 * ic_s[-1] - ic_s[-2])
    shortest_flight_s = np.where(activity == WALK, -0.35 * step_s, 0.12 * step_s)
    stride_s = step_s + np.append(step_s[1:], step_s[-1])
    longest_s = np.minimum(step_s - shortest_flight_s, stride_s - _SHORTEST_SWING_S)
    contact_s = np.minimum(contact_s, longest_s)

    middle_s = ic_s + 0.5 * contact_s
    spot_m = np.interp(middle_s, course.time_s, course.distance_m)
    spot_m = spot_m + _STANCE_SPREAD_M * rng.standard_normal(count)
    tc_s = ic_s + contact_s
    tc_s[-2:] = np.inf
    body_m = course.distance_m[at[-2:]]  # the last two steps close up to the standing body
    spot_m[-2:] = np.minimum(np.interp(bout_s[1], course.time_s, course.distance_m), body_m + 0.55)
    release_s = np.empty(2)
    first_s = ic_s[0] - bout_s[0]
    release_s[foot[0]] = bout_s[0] + 0.35 * first_s
    release_s[1 - foot[0]] = ic_s[0] - min(step_s[0] - contact_s[0], 0.4 * first_s)
    return Steps(
        foot, ic_s, tc_s, contact_s, spot_m, np.interp(middle_s, course.time_s, course.speed_mps),
        activity.astype(np.int8), np.full(count, number, dtype=np.int8), course.distance_m[at],
        bout_s[:1], release_s[None],
    )  # fmt: skip
