"""Where a kick lies between the runner's own cruise and own sprint, metric by metric.

Position p = (kick - cruise) / (sprint - cruise): 0 is the cruise, 1 the own flying sprint; less
than 0 and more than 1 are possible and said. There is none where the two ends do not differ. Its
interval is that of a ratio of two uncertain differences (Fieller 1954, J R Stat Soc B 16:175).
No score: higher is not better.

What foot, shoe and pod of one runner do to a contact time they do in every state alike, and it
cancels: of 24 simulated athletes the error differed by 8 ms from one to the next, but only by
0.8 ms between cruise and kick and by 2 ms between cruise and sprint of the same one. So a quarter
of the uncertainty of times counts in a position, and all of it in speeds, lengths and angles.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite, nan, sqrt
from typing import Final

import numpy as np

from gaitlab.coaching.comparison.compare import MEDIAN_TO_MEAN_ERROR
from gaitlab.coaching.drills.flying import Fly, best_of, flying
from gaitlab.coaching.numbers.middle import middle_of
from gaitlab.coaching.numbers.select import RUNNING, runner_name
from gaitlab.coaching.race.laps import Race
from gaitlab.metrics.catalog import Metric, metric
from gaitlab.metrics.scaled import NO_LEG
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import Contacts
from gaitlab.model.units import Floats

PLACED: Final = (
    "speed_mps", "cadence_spm", "step_length_m", "contact_time_s", "flight_time_s", "duty_factor",
    "flight_ratio", "contact_length_m", "strike_angle_rad", "leg_stiffness_n_per_m_per_kg",
)  # fmt: skip
LENGTHS: Final = ("speed_mps", "step_length_m", "contact_length_m")
TIMES: Final = (
    "contact_time_s", "flight_time_s", "duty_factor", "flight_ratio",
    "leg_stiffness_n_per_m_per_kg",
)  # fmt: skip
OWN_SHARE: Final = 0.25  # of the uncertainty of times; the rest is the same in all three states
FEWEST: Final = 6  # contacts: fewer have no middle worth a position
Z: Final = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class State:
    """One metric in one state of the runner, in the inside unit; NaN when not measured.

    spread : robust SD of the single contacts;  uncertainty : standard uncertainty of the value
    own_sd : the part of it that is not the same in every state of one runner
    """

    value: float
    spread: float
    uncertainty: float
    own_sd: float
    n: int


@dataclass(frozen=True, slots=True)
class Placed:
    """One metric in cruise, kick and own sprint, and where the kick lies between the two.

    position, low, high : 0 cruise to 1 sprint, and its 95 % interval; NaN with a ``reason``
    """

    metric: Metric
    cruise: State
    kick: State
    sprint: State
    position: float
    low: float
    high: float
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class OwnSprint:
    """The flying sprint that the kick is held against.

    contacts : valid ones of its zone;  scale : its measured lengths times this
    without : names of the recordings that hold none
    """

    analysis: Analysis
    fly: Fly
    contacts: Contacts
    scale: float
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Cruise, kick and own sprint side by side.

    middle, lowest, highest, comparable : of the positions but that of the speed
    notes : what a reader must know before comparing
    states : contacts of cruise, kick and sprint by name, in true lengths where they are known
    """

    sprint: OwnSprint
    rows: tuple[Placed, ...]
    middle: float
    lowest: float
    highest: float
    comparable: int
    notes: tuple[str, ...]
    states: tuple[tuple[str, Contacts], ...] = ()


def own_sprint(analyses: Sequence[Analysis], zone_m: float = 30.0) -> OwnSprint:
    """The fastest flying zone in some recordings of the runner.

    Raises
    ------
    AnalysisError : none of them holds one
    """
    found: list[tuple[Analysis, Fly]] = []
    failed: AnalysisError | None = None
    without: list[str] = []
    for analysis in analyses:
        try:
            flies = flying(analysis, zone_m)
        except AnalysisError as error:  # another recording may hold one
            name = analysis.recording.name
            what = error.what.replace("this recording", name)
            failed = AnalysisError(what, error.why, error.todo)
            without.append(name)
            continue
        found.append((analysis, flies[best_of(flies)]))
    if not found:
        raise failed or AnalysisError("nothing to compare with", "no recording", "name one")
    analysis, fly = max(found, key=lambda pair: pair[1].v_mean_mps)
    contacts = analysis.contacts
    inside = (contacts.ic_time_s >= fly.entry_s) & (contacts.ic_time_s < fly.exit_s)
    zone = contacts.where(inside & contacts.valid)
    measured = middle_of(zone.speed_mps)[0]
    known = fly.how == "marks" and isfinite(measured)
    scale = fly.v_mean_mps / measured if known else 1.0
    return OwnSprint(analysis, fly, zone, scale, tuple(without))


def between(analysis: Analysis, race: Race, sprint: OwnSprint) -> Between:
    """Every metric of cruise, kick and own sprint; without a kick the middle column is empty."""
    course, kick = race.course, race.kick
    if kick.found:
        cruise = course.between(max(0.0, kick.start_m - 600.0), kick.start_m)
        fast = course.between(kick.start_m, course.length_m)
    else:
        cruise = course.contacts
        fast = course.contacts.where(np.zeros(len(course.contacts), dtype=bool))
    rows = tuple(
        placed(
            metric(name),
            _state(analysis, cruise, name, course.scale),
            _state(analysis, fast, name, course.scale),
            _state(sprint.analysis, sprint.contacts, name, sprint.scale),
            "" if kick.found else "no kick was found",
        )
        for name in PLACED
    )
    known = [row.position for row in rows if row.metric.name != "speed_mps"]
    known = [position for position in known if isfinite(position)]
    middle, low, high = (
        (float(np.median(known)), min(known), max(known)) if known else (nan, nan, nan)
    )
    notes = _notes(analysis, race, sprint)
    states = (
        ("cruise", _scaled(cruise, course.scale)),
        ("kick", _scaled(fast, course.scale)),
        ("own sprint", _scaled(sprint.contacts, sprint.scale)),
    )
    return Between(sprint, rows, middle, low, high, len(known), notes, states)


def _scaled(contacts: Contacts, scale: float) -> Contacts:
    return replace(contacts, **{name: scale * getattr(contacts, name) for name in LENGTHS})


def _state(analysis: Analysis, contacts: Contacts, name: str, scale: float) -> State:
    values = getattr(contacts, name) * (scale if name in LENGTHS else 1.0)
    known: Floats = values[np.isfinite(values)]
    if len(known) < FEWEST:
        return State(nan, nan, nan, nan, len(known))
    middle, spread = middle_of(known)
    error = MEDIAN_TO_MEAN_ERROR * spread / sqrt(len(known))
    overall = analysis.summary(name, "both", RUNNING)
    systematic = overall.uncertainty if overall is not None and overall.n else 0.0
    systematic = systematic if isfinite(systematic) else 0.0
    own = hypot(error, (OWN_SHARE if name in TIMES else 1.0) * systematic)
    return State(middle, spread, hypot(error, systematic), own, len(known))


def placed(item: Metric, cruise: State, kick: State, sprint: State, reason: str = "") -> Placed:
    """The position of the kick between cruise and sprint, or why there is none."""
    reason = reason or _why_none(item, cruise, kick, sprint)
    if reason:
        return Placed(item, cruise, kick, sprint, nan, nan, nan, reason)
    position, low, high = ratio_interval(
        kick.value - cruise.value, sprint.value - cruise.value,
        (kick.own_sd, sprint.own_sd, cruise.own_sd),
    )  # fmt: skip
    return Placed(item, cruise, kick, sprint, position, low, high)


def _why_none(item: Metric, cruise: State, kick: State, sprint: State) -> str:
    if item.name.startswith("leg_") and not max(cruise.n, kick.n, sprint.n):
        return NO_LEG
    for word, state in (("the cruise", cruise), ("the kick", kick), ("the sprint", sprint)):
        if not isfinite(state.value):
            contacts = "contact" if state.n == 1 else "contacts"
            return f"no {item.label} of {word}: {state.n} {contacts} with one, {FEWEST} are needed"
    apart = abs(sprint.value - cruise.value)
    if apart < Z * hypot(sprint.own_sd, cruise.own_sd):
        return "cruise and sprint do not differ beyond their uncertainty"
    if apart < sqrt((sprint.spread**2 + cruise.spread**2) / 2.0):
        return "cruise and sprint differ by less than single contacts do"
    return ""


def ratio_interval(
    above: float, below: float, sds: tuple[float, float, float]
) -> tuple[float, float, float]:
    """``above / below`` and its 95 % interval when both share the uncertainty of their zero.

    sds : standard uncertainties of what is above, of what is below, and of the common zero
    """
    over, under, zero = (sd * sd for sd in sds)
    ratio = above / below
    g = Z * Z * (under + zero) / (below * below)
    if g >= 1.0:
        return ratio, -np.inf, np.inf
    inner = over + zero - 2.0 * ratio * zero + ratio * ratio * (under + zero)
    inner -= g * (over + zero - zero * zero / (under + zero)) if under + zero > 0.0 else 0.0
    centre = ratio - g * zero / (under + zero) if under + zero > 0.0 else ratio
    half = Z / abs(below) * sqrt(max(inner, 0.0))
    return ratio, (centre - half) / (1.0 - g), (centre + half) / (1.0 - g)


def _notes(analysis: Analysis, race: Race, sprint: OwnSprint) -> tuple[str, ...]:
    other = sprint.analysis
    notes = [f"No flying sprint was found in {name}: not used." for name in sprint.without]
    if runner_name(analysis) != runner_name(other) and other is not analysis:
        notes.append(
            f"The race was run by {runner_name(analysis)}, the sprint by {runner_name(other)}: "
            "the positions say nothing unless both are the same person."
        )
    for word, mine, theirs in (
        ("shoe", analysis.recording.setup.shoe, other.recording.setup.shoe),
        ("surface", analysis.recording.setup.surface, other.recording.setup.surface),
        ("place of the pods", analysis.recording.setup.placement, other.recording.setup.placement),
    ):
        if mine and theirs and mine != theirs:
            notes.append(f"Another {word} in the race ({mine}) than in the sprint ({theirs}).")
    if not race.course.anchored or sprint.fly.how != "marks":
        notes.append(
            "Speeds and lengths are not both anchored to known distances: those positions are "
            "uncertain by some hundredths more."
        )
    return tuple(notes)
