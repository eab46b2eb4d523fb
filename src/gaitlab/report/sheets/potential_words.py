"""A forecast in a coach's words: no chance without its group, its n and its base rate."""

from typing import Final

from gaitlab.coaching.potential.answer import Contribution, Forecast, Without
from gaitlab.coaching.potential.cells import GROUP_WORDS
from gaitlab.coaching.potential.race_events import PEOPLE, time_text

MEANING: Final = (
    "The chance is that of athletes of this group who ran these events and went on to race the "
    "goal: it is about best times, not the next race, and not about anybody who trains for it."
)


def chance_text(chance: float | None) -> str:
    """A probability as a percentage; nothing is ever 0 or 100.

    >>> chance_text(0.894), chance_text(0.0004), chance_text(None)
    ('89 %', 'below 1 %', 'not given')
    """
    if chance is None or chance != chance:
        return "not given"
    if chance < 0.01:
        return "below 1 %"
    return "above 99 %" if chance > 0.99 else f"{100.0 * chance:.0f} %"


def group_words(one: Forecast) -> str:
    """Who the answer rests on: how many, of which sex, of which group."""
    people = PEOPLE[one.question.sex]
    if not one.shares:
        return f"no {people} of a reference group"
    shares = sorted(one.shares, key=lambda share: -share.weight)
    if len(shares) == 1:
        return f"{one.n} {people}, {GROUP_WORDS[shares[0].group]} ({shares[0].group})"
    parts = ", ".join(f"{s.group} {s.weight:.2f} (n {s.n})" for s in shares)
    return f"{one.n} {people}, a mixture because no group was named: {parts}"


def headline(one: Forecast) -> str:
    """The chance of the goal beside its base rate, with the group and n."""
    target, goal_s = one.question.target.name, one.question.goal_s
    if one.kind == "no comparable athletes":
        return f"{target}: {one.notes[0]}."
    if goal_s is None:
        return f"{target}: {group_words(one)}."
    goal = f"{target} in {time_text(goal_s)} or faster"
    base = f"base rate {chance_text(one.base_rate)} of {group_words(one)}"
    if one.kind == "base rate":
        return f"{goal}: no forecast; {base}."
    return f"{goal}: {chance_text(one.probability)}, {base}."


def range_line(one: Forecast) -> str:
    """Median, 50 and 80 % interval."""
    half, most = one.interval_s(0.5), one.interval_s(0.8)
    if one.median_s is None or half is None or most is None:
        return ""
    of = "of the group: " if one.kind == "base rate" else ""
    return (
        f"{of}median {time_text(one.median_s)}; 50 % between {time_text(half[0])} and "
        f"{time_text(half[1])}; 80 % between {time_text(most[0])} and {time_text(most[1])}"
    )


def formula_line(one: Forecast) -> str:
    """For a sprint alone: how little the regression moves away from the base rate."""
    if one.formula is None or one.question.goal_s is None:
        return ""
    low, high = one.formula.interval_s(0.8)
    chance = chance_text(float(one.formula.chance(one.question.goal_s)))
    return (
        f"for comparison only, a regression on the sprint gives {time_text(one.formula.time_s(0.5))} "  # noqa: E501
        f"({time_text(low)} to {time_text(high)}), {chance} beside the base rate of "
        f"{chance_text(one.base_rate)} (same {one.n} {PEOPLE[one.question.sex]}): no better a guess"
    )


def input_rows(one: Forecast) -> tuple[tuple[str, ...], ...]:
    """One row for every time: what it is, what is usual, what it moves, the answer without it."""
    return tuple(_input_row(row, one) for row in one.contributions)


def _input_row(row: Contribution, one: Forecast) -> tuple[str, ...]:
    time = time_text(row.time_s)
    if not row.used:
        return row.event, time, "–", "not used", row.why
    typical = time_text(row.typical_s) if row.typical_s == row.typical_s else "–"
    moved = "–"
    if row.shift == row.shift and one.median_s:
        moved = f"{100 * row.shift:+.1f} % ({one.median_s * row.shift:+.1f} s)".replace("-", "−")
    return row.event, time, typical, moved, _without_words(row.without)


def _without_words(other: Without | None) -> str:
    if other is None:
        return "no answer without it"
    who = f"{other.n}, {other.group}"
    median = f"median {time_text(other.median_s)}"
    if not other.inputs:
        rate = "" if other.base_rate != other.base_rate else f", {chance_text(other.base_rate)}"
        return f"only the group: {median}{rate} (base rate of {who})"
    if other.chance != other.chance:
        return f"{median} (n {who})"
    rate = chance_text(other.base_rate)
    return f"{median}, {chance_text(other.chance)} (base rate {rate} of {who})"


def repair_lines(one: Forecast) -> tuple[str, ...]:
    """What the club's own results changed."""
    used = [fix for fix in one.repairs if fix.n]
    if not one.question.local:
        return ()
    if not used:
        return ("own results: no athlete has all these events and the goal; nothing changed",)
    fix = used[0]
    return (
        f"own results: {fix.n} athletes with all these events moved the median by "
        f"{100 * fix.shift:+.1f} % and set the spread to {100 * fix.spread:.1f} %; "
        "12 halve the error of a group that does not fit, 30 are better",
    )
