"""One timed sprint of a recording: start, steps, splits, curve and profile, with their bands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.drills.cautions import rate_caution
from gaitlab.coaching.sprint import checks
from gaitlab.coaching.sprint.contradicted import doubts_of, refuse_anchors, refuse_course
from gaitlab.coaching.sprint.evidence import Anchors, Gathered, gather
from gaitlab.coaching.sprint.fit import SprintFit
from gaitlab.coaching.sprint.force import force_profile, profile_bands
from gaitlab.coaching.sprint.path import (
    CLOCK,
    DEPARTURE_SD_MPS,
    FIXED,
    SLOW,
    TAU,
    Path,
    V,
    fit_path,
    kept,
)
from gaitlab.coaching.sprint.steps import SprintSteps, missing_numbers, steps_of
from gaitlab.coaching.sprint.timed import (
    BODY_UNKNOWN,
    EVERY_M,
    START_UNKNOWN,
    Setting,
    SplitTable,
    Sprint,
)
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import LEFT, RIGHT, Contacts

Source = Literal["gates", "marks", "course length", "sensor alone"]
SURE: Final = 1.96  # standard errors in a 95 % interval
PAST_END_S: Final = 0.8  # after the runner began to slow down distances are still told so long
LOSS_SEEN_S: Final = 0.3  # a loss of speed is seen to a stride
FEWEST_STRIDES: Final = 6
AT_SPEED: Final = 0.75  # of the top: a first stride that fast is no start
SHORTEST_M: Final = 10.0
LATE_S: Final = 0.5  # a foot without a landing for longer than this before the end has gone
ESTIMATED: Final = (
    "estimated from the sensor alone: all times share what is unknown about its lengths; a gate "
    "(--gate 60=7.50) or a mark at a known distance makes them good to hundredths"
)
LINE_BY_SLOWING: Final = (
    "the end of the course is where the runner began to slow down; whoever runs on past the line "
    "gives --gate 60=7.50 or a mark instead"
)
FINISH_UNMEASURED: Final = (
    "a mark says where the finish is, but not how far: with --distance 60 it would count"
)


@dataclass(frozen=True, slots=True, eq=False)
class RecordedSprint:
    """One sprint of a recording.

    sprint : splits, curve and profile as of any timed sprint
    source : what the distances rest on;  anchored : False when they are estimated
    start_s : zero of all times, on the recording's axis
    moved_s : first movement of a foot, NaN where no foot stood still before
    finish_s : end of the course, NaN when it was not reached or not known
    measured_m : length by the strides alone, up to the finish or the end
    """

    sprint: Sprint
    path: Path
    steps: SprintSteps
    source: Source
    start_s: float
    moved_s: float
    finish_s: float
    measured_m: float

    @property
    def anchored(self) -> bool:
        return self.source != "sensor alone"


def sprint_of(
    analysis: Analysis, contacts: Contacts, setting: Setting, anchors: Anchors, name: str = "sprint"
) -> RecordedSprint:
    """The sprint that these contacts, the slowing down after it included, belong to.

    Raises
    ------
    AnalysisError : too few strides with a length, a start at speed, or marks of another sprint
    UsageError : gates or a course length that are not of this sprint
    """
    lengths = int(np.isfinite(contacts.stride_length_m).sum())
    if lengths < FEWEST_STRIDES:
        raise AnalysisError(
            f"{name} has too few strides with a length",
            f"{lengths} of its {len(contacts)} contacts have one; {FEWEST_STRIDES} are needed",
            "`gaitlab analyze` says why lengths are missing; --split takes times without a sensor",
        )
    gathered = gather(analysis, contacts, anchors)
    _refuse_moving_start(name, gathered)
    path = fit_path(gathered.evidence)
    refuse_anchors(path)
    end_s, end_m = _end(path, anchors, gathered)
    measured_m = _measured(path, gathered, end_s)
    refuse_course(anchors, measured_m, path, end_m)
    source = _source(gathered, anchors)
    sprint = _sprint(path, setting, name, anchors, end_m, gathered)
    told_s = path.clock_start_s + float(sprint.splits.time_s[-1])
    until_s = max(end_s, told_s) if np.isfinite(end_s) else float(contacts.ic_time_s[-1]) + 1.0
    steps = steps_of(path, contacts, gathered.stride, until_s)
    notes = _notes(analysis, contacts, gathered, path, source, steps, end_s)
    return RecordedSprint(
        sprint=_with_notes(sprint, notes), path=path, steps=steps, source=source,
        start_s=path.clock_start_s, moved_s=gathered.moved_s, finish_s=end_s, measured_m=measured_m,
    )  # fmt: skip


def _refuse_moving_start(name: str, gathered: Gathered) -> None:
    """AnalysisError for a part that begins at speed: nothing tells where its start was."""
    evidence = gathered.evidence
    speed = evidence.length_m / (evidence.to_s - evidence.from_s)
    if np.isnan(gathered.moved_s) and speed[0] > AT_SPEED * np.percentile(speed, 80):
        raise AnalysisError(
            f"{name} does not begin from standing",
            f"its first stride is at {speed[0]:.1f} m/s already, and no foot stood still before",
            "begin with --from earlier; `gaitlab drill flying` is for sprints with a run-up",
        )


def _source(gathered: Gathered, anchors: Anchors) -> Source:
    if anchors.gates:
        return "gates"
    if len(gathered.evidence.anchor_s):
        return "marks"
    by_slowing = gathered.evidence.slows and np.isfinite(gathered.evidence.course_m)
    return "course length" if by_slowing else "sensor alone"


def _end(path: Path, anchors: Anchors, gathered: Gathered) -> tuple[float, float]:
    """When the sprint ended (NaN unseen), and the furthest distance that can be told."""
    evidence = gathered.evidence
    last_s = float(evidence.to_s[-1])
    furthest = [float(d) for d in (*evidence.anchor_m, *evidence.clock_m)]
    line_m = anchors.course_m
    if line_m is None and evidence.slows:
        line_m = _line_of(furthest, float(path.distance_m(path.values[[SLOW]])[0]))
    if line_m is not None and (evidence.slows or line_m in furthest):
        return float(path.time_at(np.array([line_m]))[0][0]) + path.clock_start_s, line_m
    if evidence.slows:
        slow_s = float(path.values[SLOW])
        told_m = float(path.distance_m(np.array([slow_s + PAST_END_S]))[0])
        return slow_s, max([told_m, *furthest])
    return float("nan"), max([float(path.distance_m(np.array([last_s]))[0]), *furthest])


def _line_of(known_m: Sequence[float], slow_m: float) -> float | None:
    """The last known distance, where the runner begins to slow about there: it is the line."""
    last_m = max(known_m, default=-np.inf)
    return last_m if abs(last_m - slow_m) <= EVERY_M else None


def _measured(path: Path, gathered: Gathered, end_s: float) -> float:
    """Length up to the end by the strides alone: the shared factor taken out again."""
    last_s = end_s if np.isfinite(end_s) else float(gathered.evidence.to_s[-1])
    return float(path.distance_m(np.array([last_s]))[0] * path.measured_share.mean())


def _sprint(
    path: Path,
    setting: Setting,
    name: str,
    anchors: Anchors,
    end_m: float,
    gathered: Gathered,
) -> Sprint:
    fit, missing = _fit(path)
    if end_m < SHORTEST_M:
        raise AnalysisError(
            f"{name} is over after {end_m:.0f} m",
            "a split needs 10 m",
            "a false start has no times; --from and --to choose another part",
        )
    table = _table(path, end_m, anchors, gathered)
    profile = bands = None
    if fit is not None:
        profile = force_profile(fit.model, setting.body, setting.air)
        bands = profile_bands(fit, setting.body, setting.air)
    valid_m = float(path.distance_m(np.array([min(path.evidence.valid_s, path.grid_s[-1])]))[0])
    return Sprint(
        name=name, setting=setting, splits=table, timed_m=table.distance_m,
        timed_s=table.time_s, reading_step_s=checks.GATE_STEP_S,
        valid_until_m=min(valid_m, end_m), fit=fit, profile=profile, profile_bands=bands,
        notes=(), missing=missing,
    )  # fmt: skip


def _fit(path: Path) -> tuple[SprintFit | None, tuple[str, ...]]:
    """The curve inside the way as a fit of its own: V, tau and the clock, with covariance."""
    turn = np.zeros((3, len(path.values)))
    turn[0, V] = turn[1, TAU] = 1.0
    turn[2, CLOCK] = -1.0
    covariance = turn @ path.covariance @ turn.T
    took = path.evidence.to_s - path.evidence.from_s
    known = kept(path)
    middle = 0.5 * (path.evidence.to_s + path.evidence.from_s)[known]
    measured = (path.evidence.length_m / took / path.measured_share)[known]
    curve = path.model.speed_mps(middle - path.start_s)
    inside = middle < path.evidence.valid_s - 0.3
    rest = (measured - curve)[inside]
    total = float(np.sum((measured[inside] - measured[inside].mean()) ** 2))
    fit = SprintFit(
        model=path.model, time_correction_s=-float(path.values[CLOCK]), covariance=covariance,
        residual=rest, r2=1.0 - float(rest @ rest) / total if total > 0 else float("nan"),
        dof=max(len(rest) - 3, 0), quantile=SURE,
    )  # fmt: skip
    reached = path.model.speed_mps(np.array([path.evidence.to_s[-1] - path.start_s]))[0]
    if reached < 0.75 * path.model.v_max_mps or fit.interval_of(V_PLACE) > 1.5:
        return None, (
            "top speed, time constant and force cannot be told: the sprint was over before the "
            "speed levelled off",
        )
    return fit, ()


V_PLACE: Final = 0


def _table(path: Path, end_m: float, anchors: Anchors, gathered: Gathered) -> SplitTable:
    """Every 10 m, every gate and the end of the course."""
    evidence = gathered.evidence
    fixed = np.concatenate((evidence.anchor_m, evidence.clock_m))
    extra = (
        [] if anchors.course_m is None or anchors.course_m > end_m + 1e-6 else [anchors.course_m]
    )
    marks = np.arange(EVERY_M, end_m + 1e-6, EVERY_M)
    distance = np.unique(np.concatenate((marks, fixed[fixed > 0], extra)))
    time, sd = path.time_at(distance)
    speed, speed_sd = path.parts(np.concatenate(([0.0], distance)))
    speed[0] = distance[0] / time[0]
    speed_sd[0] = speed[0] * sd[0] / time[0]
    measured = np.isin(distance, fixed)
    fitted = path.model.time_s(distance) + path.start_s - path.clock_start_s
    valid = path.evidence.valid_s - path.clock_start_s
    fitted = np.where(time <= valid + LOSS_SEEN_S, fitted, np.nan)
    return SplitTable(distance, time, SURE * sd, measured, fitted, speed, SURE * speed_sd)


def _with_notes(sprint: Sprint, notes: Sequence[str]) -> Sprint:
    if sprint.fit is not None and sprint.setting.start == "not stated":
        notes = [*notes, START_UNKNOWN]
    if sprint.profile is not None and not sprint.setting.body_known:
        notes = [*notes, BODY_UNKNOWN]
    doubts = checks.doubts(sprint.fit, sprint.profile) if sprint.fit is not None else ()
    return replace(sprint, notes=(*notes, *doubts))


def _notes(
    analysis: Analysis,
    contacts: Contacts,
    gathered: Gathered,
    path: Path,
    source: Source,
    steps: SprintSteps,
    end_s: float,
) -> tuple[str, ...]:
    notes = []
    if source == "sensor alone":
        notes.append(ESTIMATED)
    if source == "course length":
        notes.append(LINE_BY_SLOWING)
    notes += doubts_of(path)
    if np.isfinite(gathered.finish_s) and gathered.finish_s not in path.evidence.anchor_s:
        notes.append(FINISH_UNMEASURED)
    if not np.isfinite(end_s):
        notes.append(
            "the recording (or part) ends before the sprint does: only what was seen is told"
        )
    if not np.isfinite(gathered.moved_s):
        notes.append("no foot stood still before the first step: the start is read off the curve")
    feet = _foot_notes(analysis, steps, path)
    notes += [*feet, *rate_caution(contacts)]
    lost = missing_numbers(steps)
    if len(lost) and not feet:
        some = ", ".join(str(n) for n in lost[:8])
        notes.append(f"landings that were not seen: number {some}")
    fade = path.values[FIXED:][path.knots_s < path.evidence.valid_s]
    if len(fade) and np.abs(fade).max() > 2.5 * DEPARTURE_SD_MPS:
        notes.append("the speed does not follow one curve: V, tau and F0 describe it only roughly")
    return tuple(notes)


def _foot_notes(analysis: Analysis, steps: SprintSteps, path: Path) -> list[str]:
    present = [code for code in (LEFT, RIGHT) if (steps.foot == code).any()]
    if len(present) < 2:
        return ["one foot only: every second step is seen, the others are read off the curve"]
    notes = []
    last_s = float(steps.time_s[-1])
    for code, word in ((LEFT, "left"), (RIGHT, "right")):
        gone_s = float(steps.time_s[steps.foot == code][-1])
        if last_s - gone_s > LATE_S + np.nanmedian(np.diff(steps.time_s)):
            at_m = float(steps.distance_m[steps.foot == code][-1])
            notes.append(
                f"the {word} pod shows no landing after {at_m:.0f} m: from there on one foot only"
            )
    return notes
