"""What is asked about a race to come, and what an answer holds."""

from dataclasses import dataclass
from typing import Literal

from gaitlab.coaching.potential.base_rates import BaseRate
from gaitlab.coaching.potential.law import Law
from gaitlab.coaching.potential.local import LocalAthlete, Repair
from gaitlab.coaching.potential.race_events import Event, RaceTime, Sex

Kind = Literal["forecast", "base rate", "no comparable athletes"]


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
