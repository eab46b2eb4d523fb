"""What is run: phases that set the speed of the body, and the course they make."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gaitlab.model.errors import UsageError
from gaitlab.model.recording import Mark
from gaitlab.model.units import Bools, Floats
from gaitlab.simulate.curves import smooth_step

Kind = Literal["stand", "walk", "run", "sprint", "hop", "bound"]
HopsOn = Literal["both", "left", "right"]
COURSE_STEP_S = 0.005
CROUCH_S = 0.6  # from the start of a set of hops to its first take-off
BEND_SHARE = 0.578  # of a lap: World Athletics, Track and Field Facilities Manual 2019, 2.2
EASED_M = 6.0  # assumption: over this way a runner goes into a bend
_LONGEST_S = 4 * 3600.0
_STANDING_MPS = 0.02
_STEEPEST = 0.3
_FARTHEST_HOP_M = 3.0


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of the programme; ends after a time or a distance.

    kind : stand, walk, run, sprint, hop, bound; decides the gait
    speed_mps : the speed to reach;  for a sprint the V of v = V (1 - exp(-t / tau))
    duration_s, distance_m : exactly one of the two
    change_mps2 : how fast another speed is reached;  tau_s : of a sprint
    at_once : the change sets in at that rate and fades, instead of coming and going gently
    contact_s, flight_s : mean times of a hop or a bound; no use elsewhere
    hops_on : both feet together or one, the other carried;  hop_m : length of a hop on one foot
    gates_m : distances within the phase that are marked, as by timing gates
    grade : rise of the ground over the level distance, uphill positive
    label : name of the mark at the start of the phase; no mark when empty
    """

    kind: Kind
    speed_mps: float = 0.0
    duration_s: float | None = None
    distance_m: float | None = None
    change_mps2: float = 1.2
    at_once: bool = False
    tau_s: float = 1.2
    contact_s: float = 0.19
    flight_s: float = 0.30
    hops_on: HopsOn = "both"
    hop_m: float = 0.0
    gates_m: tuple[float, ...] = ()
    grade: float = 0.0
    label: str = ""

    def __post_init__(self) -> None:
        if (self.duration_s is None) == (self.distance_m is None):
            raise UsageError(
                f"a {self.kind} phase needs a duration or a distance",
                f"got duration_s={self.duration_s} and distance_m={self.distance_m}",
                "give exactly one of the two",
            )
        on_the_spot = self.kind in ("stand", "hop")
        if not 0.0 <= self.speed_mps <= 13.0 or on_the_spot != (self.speed_mps == 0.0):
            raise UsageError(
                f"a {self.kind} phase cannot go at {self.speed_mps:g} m/s",
                "standing and hopping are 0, moving is above 0 and at most 13 m/s",
                "choose another speed",
            )
        if not abs(self.grade) <= _STEEPEST:
            raise UsageError(
                f"a {self.kind} phase cannot have a grade of {self.grade:g}",
                f"the ground may rise or fall by {_STEEPEST:g} of the way at most",
                "give the grade as a share: 0.06 is 6 % uphill",
            )
        if not (0.08 <= self.contact_s <= 0.5 and 0.08 <= self.flight_s <= 0.8):
            raise UsageError(
                f"nobody can {self.kind} like that",
                f"contact {self.contact_s:g} s and flight {self.flight_s:g} s",
                "choose a contact of 0.08 to 0.5 s and a flight of 0.08 to 0.8 s",
            )
        if not 0.0 <= self.hop_m <= (0.0 if self.hops_on == "both" else _FARTHEST_HOP_M):
            raise UsageError(
                f"a hop of {self.hop_m:g} m cannot be made",
                f"hops on two feet stay on the spot, those on one go {_FARTHEST_HOP_M:g} m at most",
                "say on which foot, or choose a shorter hop",
            )

    @property
    def hop_mps(self) -> float:
        """Speed of the body in hops forward."""
        return self.hop_m / (self.contact_s + self.flight_s)


def stand(duration_s: float, label: str = "") -> Phase:
    """Come to rest and stand."""
    return Phase("stand", duration_s=duration_s, change_mps2=1.5, label=label)


def walk(duration_s: float, speed_mps: float = 1.4, label: str = "") -> Phase:
    """Walk for a time; slows down to it when running before."""
    return Phase("walk", speed_mps, duration_s=duration_s, change_mps2=1.5, label=label)


def run(
    speed_mps: float,
    *,
    duration_s: float | None = None,
    distance_m: float | None = None,
    change_mps2: float = 1.2,
    at_once: bool = False,
    gates_m: tuple[float, ...] = (),
    label: str = "",
) -> Phase:
    """Run at a speed for a time or a distance; the way to that speed is part of it."""
    return Phase(
        "run", speed_mps, duration_s, distance_m, change_mps2, at_once,
        gates_m=gates_m, label=label,
    )  # fmt: skip


def sprint(
    top_mps: float,
    tau_s: float,
    distance_m: float,
    gates_m: tuple[float, ...] = (),
    label: str = "",
) -> Phase:
    """Sprint with v = V (1 - exp(-t / tau)) from whatever speed there is."""
    return Phase(
        "sprint", top_mps, distance_m=distance_m, tau_s=tau_s, gates_m=gates_m, label=label
    )


def fly(speed_mps: float, distance_m: float, label: str = "") -> Phase:
    """Hold top speed over a flying zone, marked at both ends."""
    return Phase(
        "sprint", speed_mps, distance_m=distance_m, tau_s=1.2, gates_m=(0.0, distance_m),
        label=label,
    )  # fmt: skip


def hop(
    duration_s: float,
    contact_s: float = 0.18,
    flight_s: float = 0.30,
    label: str = "",
    *,
    on: HopsOn = "both",
    hop_m: float = 0.0,
) -> Phase:
    """Hop on both feet together on the spot, or on one, also forward; starts from standing."""
    return Phase(
        "hop", duration_s=duration_s, contact_s=contact_s, flight_s=flight_s, label=label,
        hops_on=on, hop_m=hop_m,
    )  # fmt: skip


def bound(
    speed_mps: float,
    distance_m: float,
    contact_s: float = 0.19,
    flight_s: float = 0.30,
    label: str = "",
) -> Phase:
    """Bound from foot to foot, with a long flight."""
    return Phase(
        "bound", speed_mps, distance_m=distance_m, change_mps2=1.0, contact_s=contact_s,
        flight_s=flight_s, label=label,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Programme:
    """A named sequence of phases.

    track_m : lap of the track around which all of it goes, to the left; 0 goes straight on
    """

    name: str
    phases: tuple[Phase, ...]
    track_m: float = 0.0


def sloped(programme: Programme, grade: float) -> Programme:
    """The same programme on ground that rises (or falls) by ``grade`` from end to end.

    >>> sloped(Programme("hill", (stand(1.0), walk(5.0))), 0.06).phases[1].grade
    0.06
    """
    phases = tuple(replace(phase, grade=grade) for phase in programme.phases)
    return replace(programme, phases=phases)


def bends_m(track_m: float, length_m: float) -> Floats:
    """(k, 2) begin and end of the bends of a track, the first one at the start line.

    >>> bends_m(400.0, 500.0).round(1).tolist()
    [[0.0, 115.6], [200.0, 315.6], [400.0, 515.6]]
    """
    if track_m <= 0.0:
        return np.empty((0, 2))
    begin = np.arange(0.0, length_m, track_m / 2.0)
    return np.stack((begin, begin + BEND_SHARE * track_m / 2.0), axis=1)


def turning_radps(programme: Programme, course: "Course") -> Floats:
    """(n,) how fast the body turns to the left at each step of the course."""
    spans = bends_m(programme.track_m, float(course.distance_m[-1]) + 1.0)
    way = course.distance_m[:, None]
    soft = np.clip((way - spans[:, 0]) / EASED_M + 0.5, 0.0, 1.0)
    soft -= np.clip((way - spans[:, 1]) / EASED_M + 0.5, 0.0, 1.0)
    sharp = 2.0 * np.pi / (BEND_SHARE * programme.track_m) if programme.track_m > 0.0 else 0.0
    return np.asarray(course.speed_mps * sharp * soft.sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The body's way along the course, every 5 ms.

    time_s, speed_mps, distance_m : (n,) along the ground;  phase : (n,) index into the programme
    hopping : (n,) hops; the speed counts as zero, also when they go forward
    grade : (n,) of the ground under the body
    phase_start_s : (k + 1,) where phases begin, and the end
    marks : phase labels and gates, at the instants when the body passes
    """

    time_s: Floats
    speed_mps: Floats
    distance_m: Floats
    phase: NDArray[np.int64]
    phase_start_s: Floats
    hopping: Bools
    grade: Floats
    marks: tuple[Mark, ...]


def _phase_speed(phase: Phase, before_mps: float, time_s: Floats) -> Floats:
    change = phase.speed_mps - before_mps
    if phase.kind == "sprint":
        return np.asarray(before_mps + change * -np.expm1(-time_s / phase.tau_s))
    ramp_s = max(abs(change) / phase.change_mps2, 0.3)
    if phase.at_once:
        return np.asarray(before_mps + change * -np.expm1(-time_s / ramp_s))
    return np.asarray(before_mps + change * smooth_step(time_s / ramp_s)[0])


def _phase_way(phase: Phase, before_mps: float) -> tuple[Floats, Floats]:
    """Speed and distance at the steps of one phase, the first step included."""
    slowest_mps = max(min(phase.speed_mps, before_mps or phase.speed_mps), 0.5)
    longest_s = phase.duration_s or 20.0 + (phase.distance_m or 0.0) / slowest_mps
    if longest_s > _LONGEST_S:
        raise UsageError("the programme is too long", f"{longest_s:.0f} s", "shorten it")
    time_s = np.arange(round(longest_s / COURSE_STEP_S) + 1, dtype=np.float64) * COURSE_STEP_S
    speed_mps = _phase_speed(phase, before_mps, time_s)
    step_m = 0.5 * (speed_mps[1:] + speed_mps[:-1]) * COURSE_STEP_S
    distance_m = np.concatenate(([0.0], np.cumsum(step_m)))
    if phase.hop_m:
        distance_m = phase.hop_mps * np.maximum(time_s - CROUCH_S, 0.0)
    stop = len(time_s) - 1
    if phase.distance_m is not None:
        stop = int(np.searchsorted(distance_m, phase.distance_m))
    return speed_mps[: stop + 1], distance_m[: stop + 1]


def _phase_marks(phase: Phase, start_s: float, distance_m: Floats) -> list[Mark]:
    marks = [Mark(start_s, phase.label)] if phase.label else []
    gates_m = np.asarray(phase.gates_m)
    crossing_s = start_s + COURSE_STEP_S * np.interp(
        gates_m, distance_m, np.arange(len(distance_m))
    )
    for gate_m, time_s in zip(phase.gates_m, crossing_s, strict=True):
        marks.append(Mark(float(time_s), f"{gate_m:g} m", float(gate_m)))
    return marks


def lay_course(programme: Programme) -> Course:
    """Speed and distance of the body over the whole programme."""
    if not programme.phases:
        raise UsageError("the programme is empty", "it has no phase", "add a phase")
    speeds, distances, phases, starts, marks = [], [], [], [0.0], []
    speed, distance = 0.0, 0.0
    for index, phase in enumerate(programme.phases):
        if phase.kind == "hop" and speed > _STANDING_MPS:
            raise UsageError(
                "hopping on the spot starts from standing",
                f"the phase before it still goes at {speed:.1f} m/s",
                "put a stand before the hops, long enough to come to rest",
            )
        speed_mps, way_m = _phase_way(phase, speed)
        marks += _phase_marks(phase, starts[-1], way_m)
        speeds.append(speed_mps[:-1])
        distances.append(distance + way_m[:-1])
        phases.append(np.full(len(way_m) - 1, index))
        starts.append(starts[-1] + COURSE_STEP_S * (len(way_m) - 1))
        speed, distance = float(speed_mps[-1]), distance + float(way_m[-1])
    speeds.append(np.array([speed]))
    distances.append(np.array([distance]))
    phases.append(np.array([len(programme.phases) - 1]))
    speed_mps, number = np.concatenate(speeds), np.concatenate(phases)
    time_s = np.arange(len(speed_mps), dtype=np.float64) * COURSE_STEP_S
    hopping = np.array([phase.kind == "hop" for phase in programme.phases])
    grade = np.array([phase.grade for phase in programme.phases])
    return Course(
        time_s, speed_mps, np.concatenate(distances), number, np.array(starts),
        hopping[number], grade[number], tuple(marks),
    )  # fmt: skip


def moving_bouts_s(course: Course) -> Floats:
    """(k, 2) start and stop of every stretch in which the body travels, or hops."""
    state = np.where(course.hopping, 2, course.speed_mps > _STANDING_MPS)
    edges = np.flatnonzero(np.diff(state, prepend=0, append=0))
    after = np.append(state, 0)[edges[:-1]]
    bouts = np.stack((edges[:-1], edges[1:]), axis=1)[after > 0]
    return np.asarray(bouts * COURSE_STEP_S, dtype=np.float64).reshape(-1, 2)
