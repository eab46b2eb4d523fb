"""The chance at a distance event from one to three best times, beside the group's base rate.

Model: log-linear regression for each reference group and set of inputs, Student t law, mixture
over groups when the group is not told. Every answer names its group, its n and its base rate; a
sprint alone says nothing about 1500 m and longer, and then the base rate is the answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from gaitlab.coaching.potential.answer import (
    Answer,
    Contribution,
    Forecast,
    GroupShare,
    Question,
    Without,
    group_text,
)
from gaitlab.coaching.potential.base_rates import (
    BaseRate,
    between_bases,
    blend,
    cell_base,
    group_base,
)
from gaitlab.coaching.potential.cells import Candidate, candidates
from gaitlab.coaching.potential.law import between, known
from gaitlab.coaching.potential.local import repaired
from gaitlab.coaching.potential.race_events import BY_KEY, PEOPLE, SPRINTS, time_text
from gaitlab.coaching.potential.three_thousand import (
    INTERPOLATION_SPREAD,
    WAY_TO_3000,
    Equivalent,
    equivalent,
)
from gaitlab.model.errors import UsageError

SPRINT_SAYS_NOTHING_M: Final = 1500.0
ROAD: Final = ("HM", "Mar")
INTERPOLATED: Final = "3000"
LARGEST_GROUP: Final = "uk_club"
WORTH_NAMING: Final = 0.02  # weight of a group in a mixture


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
    if INTERPOLATED in usable and (found is None or INTERPOLATED not in found.inputs):
        usable, found, notes = _from_3000(question, usable, found, notes)
    if found is None:
        return _no_answer(question, left_out, notes)
    return Forecast(
        question, "forecast", found.law, found.base, found.shares,
        (*_contributions(question, usable, found), *left_out),
        (*notes, *_cautions(question, usable, found)),
        found.distance, repairs=found.repairs,
    )  # fmt: skip


def _from_3000(
    question: Question, usable: dict[str, float], found: Answer | None, notes: tuple[str, ...]
) -> tuple[dict[str, float], Answer | None, tuple[str, ...]]:
    """A 3000 of anybody but listed athletes: taken as the 1500 or 5000 that it goes with.

    Only when neither was run, and when that answer is the narrower one.
    """
    time_s = usable[INTERPOLATED]
    other = equivalent(time_s, question.target, question.sex, question.group)
    if other is None or {"1500", "5000"} & {*usable, *(one.event.key for one in question.times)}:
        return usable, found, notes
    rest = {key: value for key, value in usable.items() if key != INTERPOLATED}
    instead = {**rest, other.key: other.time_s}
    answer = _answer(question, instead)
    if answer is None or other.key not in answer.inputs:
        return usable, found, notes
    answer = _less_sure(question, instead, answer, other)
    if found is not None and found.law.spread < answer.law.spread:
        return usable, found, notes
    said = (
        f"3000 in {time_text(time_s)} taken as a {other.key} in {time_text(other.time_s)} "
        f"± {100 * other.spread:.1f} %: the group has no 3000 m times"
    )
    return instead, answer, (*notes, said)


def _less_sure(
    question: Question, usable: Mapping[str, float], found: Answer, other: Equivalent
) -> Answer:
    """The answer, wider by what its input is uncertain."""
    moved = _answer(question, {**usable, other.key: 1.01 * other.time_s})
    slope = 1.0
    if moved is not None:
        slope = float(np.log(moved.law.time_s(0.5) / found.law.time_s(0.5)) / np.log(1.01))
    scale = np.hypot(found.law.scale, slope * other.spread)
    return replace(found, law=replace(found.law, scale=scale))


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
    people = PEOPLE[question.sex]
    why = "their times are too far from these" if some else f"no {people} there ran these events"
    said = f"no comparable athletes in {where} ({why}): no chance can be given"
    return Forecast(
        question, "no comparable athletes", None, base, shares, (*rows, *left_out), (said, *notes)
    )
