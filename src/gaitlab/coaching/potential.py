"""The chance at a distance event from one to three best times, beside the group's base rate.

Model: log-linear regression for each reference group and set of inputs, Student t law, mixture
over groups when the group is not told. Every answer names its group, its n and its base rate; a
sprint alone says nothing about 1500 m and longer, and then the base rate is the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Final, Literal

import numpy as np

from gaitlab.coaching.potential_base import BaseRate, between_bases, blend, cell_base, group_base
from gaitlab.coaching.potential_cells import Candidate, candidates
from gaitlab.coaching.potential_law import Law, between, known
from gaitlab.coaching.potential_local import LocalAthlete, Repair, repaired
from gaitlab.coaching.race_events import BY_KEY, SPRINTS, Event, RaceTime, Sex
from gaitlab.model.errors import UsageError

Kind = Literal["forecast", "base rate", "no comparable athletes"]

SPRINT_SAYS_NOTHING_M: Final = 1500.0
ROAD: Final = ("HM", "Mar")
INTERPOLATED: Final = "3000"
WAY_TO_3000: Final = log(3000.0 / 1500.0) / log(5000.0 / 1500.0)
INTERPOLATION_SPREAD: Final = 0.012  # median error 0.8 % in 665 elite athletes, as a normal spread
LARGEST_GROUP: Final = "uk_club"
WORTH_NAMING: Final = 0.02  # weight of a group in a mixture


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: whose times, which event, which goal, beside whom."""

    sex: Sex
    times: tuple[RaceTime, ...]
    target: Event
    goal_s: float | None = None
    group: str | None = None
    local: tuple[LocalAthlete, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class GroupShare:
    """One reference group of an answer: its weight, its n, and its times over the target."""

    group: str
    weight: float
    n: int
    base: BaseRate


def group_text(shares: tuple[GroupShare, ...]) -> str:
    """The reference group by its name, or the mixture with its weights.

    >>> group_text(())
    'none'
    """
    if not shares:
        return "none"
    if len(shares) == 1:
        return shares[0].group
    ordered = sorted(shares, key=lambda one: -one.weight)
    return "mixture: " + ", ".join(f"{one.group} {one.weight:.2f}" for one in ordered)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A predictive law with the group it rests on.

    inputs : keys of the events that were used;  distance : from the group, in its own spread
    shift, typical_s : of every input: on the log time, and the group's typical time
    """

    inputs: tuple[str, ...]
    law: Law
    shares: tuple[GroupShare, ...]
    base: BaseRate
    distance: float
    shift: tuple[float, ...]
    typical_s: tuple[float, ...]
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """What the other inputs say: never a chance without its group, n and base rate.

    inputs : names of the events it rests on, empty for the group itself
    """

    inputs: tuple[str, ...]
    median_s: float
    chance: float
    base_rate: float
    n: int
    group: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one input did.

    used : whether it went in; ``why`` not
    shift : share by which it moves the median against the group's typical athlete
    without : the answer with this input left out; None when there is none
    """

    event: str
    time_s: float
    used: bool
    why: str = ""
    shift: float = float("nan")
    typical_s: float = float("nan")
    without: "Without | None" = None


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """The answer to one question; ``law`` is None unless ``kind`` is "forecast".

    formula : for a sprint alone, what the regression would say (shown as evidence only)
    """

    question: Question
    kind: Kind
    law: Law | None
    base: BaseRate | None
    shares: tuple[GroupShare, ...]
    contributions: tuple[Contribution, ...]
    notes: tuple[str, ...]
    distance: float = float("nan")
    formula: Law | None = None
    repairs: tuple[Repair, ...] = ()

    @property
    def n(self) -> int:
        """Athletes of that sex behind the answer."""
        return 0 if self.base is None else self.base.n

    @property
    def median_s(self) -> float | None:
        """Half of such athletes were faster; of the group itself when nothing was forecast."""
        if self.law is not None:
            return self.law.time_s(0.5)
        return self.base.time_s(0.5) if self.kind == "base rate" and self.base else None

    def interval_s(self, inside: float) -> tuple[float, float] | None:
        """Central interval, with the same rule as the median."""
        if self.law is not None:
            return self.law.interval_s(inside)
        return self.base.interval_s(inside) if self.kind == "base rate" and self.base else None

    @property
    def base_rate(self) -> float | None:
        """Share of the reference group that ran the goal."""
        goal_s = self.question.goal_s
        return None if goal_s is None or self.base is None else float(self.base.share(goal_s))

    @property
    def probability(self) -> float | None:
        """Chance of the goal; the base rate when a sprint is all there is; None without a base."""
        goal_s = self.question.goal_s
        if goal_s is None or self.base is None or self.kind == "no comparable athletes":
            return None
        return self.base_rate if self.law is None else float(self.law.chance(goal_s))


def forecast(question: Question) -> Forecast:
    """The answer, with what every input did to it.

    Raises
    ------
    UsageError : no time of another event than the goal's.
    """
    usable, left_out, notes = _usable(question)
    if not usable:
        raise UsageError(
            f"no time to forecast the {question.target.name} from",
            "none of the times is of another event",
            "give at least one: --time 5000=15:30",
        )
    only_sprints = all(key in SPRINTS for key in usable)
    if only_sprints and question.target.distance_m >= SPRINT_SAYS_NOTHING_M:
        return _base_rate_answer(question, usable, left_out, notes)
    found = _answer(question, usable)
    if found is None:
        return _no_answer(question, left_out, notes)
    return Forecast(
        question, "forecast", found.law, found.base, found.shares,
        (*_contributions(question, usable, found), *left_out),
        (*notes, *_cautions(question, usable, found)),
        found.distance, repairs=found.repairs,
    )  # fmt: skip


def _usable(
    question: Question,
) -> tuple[dict[str, float], tuple[Contribution, ...], tuple[str, ...]]:
    """The times that may go in, those that may not with the reason, and notes."""
    target = question.target
    given = {time.event.key: time.time_s for time in question.times}
    why = {}
    if target.key in given:
        why[target.key] = "the goal's own event: the question is what the other times say"
    distance_given = any(key not in SPRINTS and key != target.key for key in given)
    if target.key in ROAD and distance_given:
        reason = f"too few athletes have a {{}} and a {target.name}: only the longer races count"
        why |= {key: reason.format(key) for key in given if key in SPRINTS}
    left_out = tuple(
        Contribution(BY_KEY[key].name, given[key], False, reason) for key, reason in why.items()
    )
    notes = tuple(time.note for time in question.times if time.note)
    return {key: value for key, value in given.items() if key not in why}, left_out, notes


def _answer(question: Question, usable: Mapping[str, float]) -> Answer | None:
    if question.target.key == INTERPOLATED and question.group != "elite":
        return _between(question, usable)
    found = candidates(usable, question.target.key, question.sex, question.group)
    needs_race = question.target.distance_m >= SPRINT_SAYS_NOTHING_M and not (
        set(usable) <= set(SPRINTS)
    )
    fit = (one for one in found if not (needs_race and set(one.inputs) <= set(SPRINTS)))
    best = next((one for one in fit if one.comparable), None)
    return None if best is None else _finish(best, question)


def _finish(best: Candidate, question: Question) -> Answer:
    best, repairs = repaired(best, question.local) if question.local else (best, ())
    weight = best.law.weight
    shares = tuple(
        GroupShare(one.cell.group, float(w), one.cell.n[question.sex == "f"],
                   cell_base(one.cell, question.sex))
        for one, w in zip(best.components, weight, strict=True)
        if w >= WORTH_NAMING
    )  # fmt: skip
    base = blend(tuple(one.base for one in shares), np.array([one.weight for one in shares]))
    typical = np.array([one.cell.typical(question.sex) for one in best.components], dtype=float)
    shift = np.stack([one.shift for one in best.components])
    return Answer(
        best.inputs, best.law, shares, base,
        float(weight @ [one.distance for one in best.components]),
        tuple((weight @ shift).tolist()), tuple(np.exp(weight @ typical).tolist()), repairs,
    )  # fmt: skip


def _between(question: Question, usable: Mapping[str, float]) -> Answer | None:
    """3000 m: on the line between the 1500 and the 5000 over the logarithm of distance."""
    ends = []
    for key in ("1500", "5000"):
        inner = replace(question, target=BY_KEY[key])
        group = question.group or LARGEST_GROUP
        base = group_base(group, key, question.sex)
        if key in usable and base is not None:
            share = GroupShare(group, 1.0, base.n, base)
            ends.append(Answer((key,), known(usable[key]), (share,), base, 0.0, (), ()))
            continue
        found = _answer(inner, usable)
        if found is None:
            return None
        ends.append(found)
    lower, upper = ends
    base = between_bases(lower.base, upper.base, WAY_TO_3000)
    wider = lower if lower.law.spread > upper.law.spread else upper
    inputs = tuple(dict.fromkeys((*lower.inputs, *upper.inputs)))
    nothing = (float("nan"),) * len(inputs)
    return Answer(
        inputs, between(lower.law, upper.law, WAY_TO_3000, INTERPOLATION_SPREAD),
        tuple(replace(one, n=base.n, base=base) for one in wider.shares), base,
        max(lower.distance, upper.distance), nothing, nothing, (*lower.repairs, *upper.repairs),
    )  # fmt: skip


def _contributions(
    question: Question, usable: Mapping[str, float], found: Answer
) -> tuple[Contribution, ...]:
    rows = []
    for key, time_s in usable.items():
        name = BY_KEY[key].name
        if key not in found.inputs:
            rows.append(Contribution(name, time_s, False, _why_unused(question, usable, key)))
            continue
        place = found.inputs.index(key)
        rest = {other: value for other, value in usable.items() if other != key}
        without = _without(question, rest, found)
        rows.append(
            Contribution(
                name, time_s, True, "", found.shift[place], found.typical_s[place], without
            )
        )
    return tuple(rows)


def _without(question: Question, rest: Mapping[str, float], found: Answer) -> Without | None:
    """The answer from the other inputs; the group itself when they say nothing."""
    goal_s = question.goal_s
    silent = set(rest) <= set(SPRINTS) and question.target.distance_m >= SPRINT_SAYS_NOTHING_M
    answer = None if silent or not rest else _answer(question, rest)
    if answer is None and not silent and rest:
        return None
    base, shares = (found.base, found.shares) if answer is None else (answer.base, answer.shares)
    median_s = base.time_s(0.5) if answer is None else answer.law.time_s(0.5)
    rate = chance = float("nan")
    if goal_s is not None:
        rate = float(base.share(goal_s))
        chance = rate if answer is None else float(answer.law.chance(goal_s))
    inputs = () if answer is None else tuple(BY_KEY[key].name for key in answer.inputs)
    return Without(inputs, median_s, chance, rate, base.n, group_text(shares))


def _why_unused(question: Question, usable: Mapping[str, float], key: str) -> str:
    """Why an input is not in the best set."""
    name, target = BY_KEY[key].name, question.target
    if target.key == INTERPOLATED and question.group != "elite":
        return "the other times alone give the narrower answer"
    found = candidates(usable, target.key, question.sex, question.group)
    with_it = [one for one in found if key in one.inputs]
    if not with_it:
        if key == INTERPOLATED:
            return "only the elite lists have a 3000: give the 1500 or the 5000"
        return f"too few athletes of this sex with a {name} and a {target.name}"
    if not any(one.comparable for one in with_it):
        return f"nobody in the group has times like these together with this {name}"
    return "the other times alone give the narrower answer"


def _cautions(question: Question, usable: Mapping[str, float], found: Answer) -> tuple[str, ...]:
    notes = []
    if tuple(usable) == ("200",) and question.target.key == "800":
        notes.append("a 200 alone says next to nothing about the 800 (R² 0.01): compare the rates")
    elif set(usable) <= set(SPRINTS):
        notes.append("a sprint alone says little about the 800 (R² 0.12 with a 400): add a 1500")
    thin = [one for one in found.shares if one.n < 130]
    if thin:
        notes.append(f"thin: only {thin[0].n} athletes behind this, its spread is uncertain")
    if found.distance > 2.0:
        notes.append(f"unusual times for the group ({found.distance:.1f} spreads out): widened")
    if question.target.key == INTERPOLATED and question.group != "elite":
        notes.append("3000 m: on the line from the 1500 to the 5000; the group has no 3000 m times")
    if any(one.group == "elite" and one.weight > 0.5 for one in found.shares):
        notes.append("listed athletes only, being listed is already success: a check, no evidence")
    modelled = ", ".join(one.group for one in found.shares if one.base.modelled)
    if modelled:
        notes.append(f"base rate of {modelled} from its fit, not counted")
    return tuple(notes)


def _base_rate_answer(
    question: Question,
    usable: Mapping[str, float],
    left_out: tuple[Contribution, ...],
    notes: tuple[str, ...],
) -> Forecast:
    """A sprint alone for 1500 m and longer: the group's own times are the answer."""
    answer = _answer(question, usable) if usable else None
    group = question.group or LARGEST_GROUP
    base = _everybody(group, question) if answer is None else answer.base
    if base is None:
        return _no_answer(question, left_out, notes)
    shares = (GroupShare(group, 1.0, base.n, base),) if answer is None else answer.shares
    names = " and ".join(BY_KEY[key].name for key in usable)
    why = f"a sprint time does not change the chance over {question.target.name}"
    rows = tuple(Contribution(BY_KEY[key].name, usable[key], False, why) for key in usable)
    said = (
        f"the sprint time ({names}) does not change this: it is the base rate of the group. "
        "Add one distance race, then the sprint counts"
    )
    return Forecast(
        question, "base rate", None, base, shares, (*rows, *left_out), (said, *notes),
        formula=None if answer is None else answer.law,
    )  # fmt: skip


def _everybody(group: str, question: Question) -> BaseRate | None:
    """Everybody of the group who ran the target; a 3000 from the 1500 and the 5000."""
    base = group_base(group, question.target.key, question.sex)
    if base is not None or question.target.key != INTERPOLATED:
        return base
    shorter, longer = (group_base(group, key, question.sex) for key in ("1500", "5000"))
    return between_bases(shorter, longer, WAY_TO_3000) if shorter and longer else None


def _no_answer(
    question: Question, left_out: tuple[Contribution, ...], notes: tuple[str, ...]
) -> Forecast:
    group = question.group or LARGEST_GROUP
    base = _everybody(group, question)
    shares = () if base is None else (GroupShare(group, 1.0, base.n, base),)
    rows = tuple(
        Contribution(time.event.name, time.time_s, False, "no comparable athletes")
        for time in question.times
        if time.event.name not in {one.event for one in left_out}
    )
    where = f"the group {question.group}" if question.group else "any group"
    given = {time.event.key: time.time_s for time in question.times}
    some = candidates(given, question.target.key, question.sex, question.group)
    why = "their times are too far from these" if some else "nobody there has these events"
    said = f"no comparable athletes in {where} ({why}): no chance can be given"
    return Forecast(
        question, "no comparable athletes", None, base, shares, (*rows, *left_out), (said, *notes)
    )
