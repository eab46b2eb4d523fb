"""From a runner, a programme and pods to a recording and its truth."""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from gaitlab.model.errors import UsageError
from gaitlab.model.gait import REST, Segments
from gaitlab.model.recording import FEET, FootStream, Mark, Recording, Setup
from gaitlab.simulate.ground import lay_ground
from gaitlab.simulate.habits import both_feet
from gaitlab.simulate.motion import FootMotion, move_foot
from gaitlab.simulate.pod import Pod
from gaitlab.simulate.programme import (
    Course,
    Programme,
    lay_course,
    moving_bouts_s,
    turning_radps,
)
from gaitlab.simulate.runner import Runner
from gaitlab.simulate.sensing import sense
from gaitlab.simulate.timing import Steps, gait_of_course, take_steps
from gaitlab.simulate.truth import Truth, segments_of, truth_of


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A recording that no human ever ran, and what really happened in it."""

    recording: Recording
    truth: Truth


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The motion behind a recording: the body's course, the steps, and the feet by name."""

    course: Course
    steps: Steps
    feet: dict[str, FootMotion]

    @property
    def end_s(self) -> float:
        """Length of the programme, true s."""
        return float(self.course.time_s[-1])


def move(runner: Runner, programme: Programme, seed: int = 0) -> World:
    """The exact motion of both feet, before any pod looks at it."""
    rng = np.random.default_rng([seed, 1])
    course = lay_course(programme)
    steps = take_steps(runner, programme, course, rng)
    end_s, ground = float(course.time_s[-1]), lay_ground(course)
    own = both_feet(runner, seed)
    feet: dict[str, FootMotion] = {
        name: move_foot(own[foot], steps, foot, end_s, ground, rng)
        for foot, name in enumerate(FEET[:2])
    }
    return World(course, steps, feet)


def simulate(
    runner: Runner, programme: Programme, pods: tuple[Pod, ...], seed: int = 0
) -> Simulated:
    """What the pods record while the runner goes through the programme, with the truth.

    The motion depends on runner, programme and seed alone: other pods see the same run.
    The same arguments give the same bytes.

    Raises
    ------
    UsageError : no pod, or two pods on one foot, or a pod on neither foot
    """
    worn = [pod.foot for pod in pods]
    if not worn or len(set(worn)) != len(worn) or not set(worn) <= set(FEET[:2]):
        raise UsageError(
            "the pods do not fit the feet",
            f"there are {len(worn)} pods on {', '.join(worn) or 'no foot'}",
            "give one pod for the left foot, the right foot, or one for each",
        )
    world = move(runner, programme, seed)
    turning = None
    if programme.track_m > 0.0:
        turning = (world.course.time_s, turning_radps(programme, world.course))
    streams = tuple(
        sense(
            world.feet[pod.foot], pod, world.end_s, np.random.default_rng([seed, 2, index]), turning
        )
        for index, pod in enumerate(pods)
    )
    recording = Recording(
        name=programme.name,
        feet=streams,
        athlete=runner.athlete,
        setup=Setup(pods[0].placement, _surface(world.course), device="simulated pod"),
        marks=_marks_on_clock(world.course.marks, pods[0]),
        sha256=_fingerprint(streams),
        source=f"SIMULATED by gaitlab, seed {seed}: no human ran this",
        simulated=True,
    )
    contacts = {name: motion.contacts for name, motion in world.feet.items()}
    segments = _segments(world.course, programme, pods[0])
    return Simulated(recording, truth_of(world.steps, contacts, pods, recording, segments))


def _surface(course: Course) -> str:
    """The ground in words."""
    low, high = (100.0 * float(course.grade[at]) for at in np.argsort(course.grade)[[0, -1]])
    if low == high == 0.0:
        return "level ground"
    if low == high:
        return f"ground that {'rises' if low > 0.0 else 'falls'} by {abs(low):g} %"
    return f"ground with grades from {low:g} to {high:g} %"


def _marks_on_clock(marks: tuple[Mark, ...], pod: Pod) -> tuple[Mark, ...]:
    return tuple(Mark(mark.time_s * pod.clock_ratio, mark.label, mark.distance_m) for mark in marks)


def _segments(course: Course, programme: Programme, pod: Pod) -> Segments:
    """Stretches of one activity on the clock of the first pod."""
    activity = gait_of_course(course, programme)
    resting = np.ones(len(activity), dtype=bool)
    for start_s, stop_s in moving_bouts_s(course):
        resting &= (course.time_s < start_s) | (course.time_s >= stop_s)
    activity = np.where(resting, REST, activity).astype(np.int8)
    time_s = course.time_s * pod.clock_ratio
    return segments_of(time_s[:-1], time_s[1:], activity[:-1])


def _fingerprint(streams: tuple[FootStream, ...]) -> str:
    digest = sha256()
    for stream in streams:
        for values in (stream.time_s, stream.acc_mps2, stream.gyr_radps):
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()
