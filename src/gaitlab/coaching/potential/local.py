"""A club's own results: they move the forecast and set its spread anew.

Shift = median residual x n / (n + 10); spread^2 = (20 spread^2 + sum of squared residuals) /
(20 + n). The constants 10 and 20 are choices, not tuned. With 12 athletes the bias of a wrong
reference group was more than halved in a check on other populations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.coaching.potential.cells import Candidate, Cell
from gaitlab.coaching.potential.law import Law
from gaitlab.coaching.potential.race_events import Sex, event_of, race_time, sex_of
from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.units import Floats

SHIFT_PRIOR_N: Final = 10.0
SPREAD_PRIOR_N: Final = 20.0


@dataclass(frozen=True, slots=True)
class LocalAthlete:
    """One athlete of the club: best times in s by the key of the event."""

    name: str
    sex: Sex
    times_s: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Repair:
    """What the club's athletes changed.

    n : athletes of the club with these events;  shift : of the log time;  spread : the new one
    """

    n: int
    shift: float
    spread: float


def repair_of(residual: Floats, spread: float) -> Repair:
    """Shift and spread after seeing (n,) residuals of log time; unchanged for none.

    >>> repair_of(np.zeros(0), 0.03)
    Repair(n=0, shift=0.0, spread=0.03)
    >>> round(repair_of(np.full(10, 0.04), 0.03).shift, 3)
    0.02
    """
    n = len(residual)
    if n == 0:
        return Repair(0, 0.0, spread)
    shift = float(np.median(residual)) * n / (n + SHIFT_PRIOR_N)
    squares = SPREAD_PRIOR_N * spread**2 + float(((residual - shift) ** 2).sum())
    return Repair(n, shift, float(np.sqrt(squares / (SPREAD_PRIOR_N + n))))


def residuals(cell: Cell, athletes: tuple[LocalAthlete, ...]) -> Floats:
    """Log target time minus the cell's median, of every athlete with all events of the cell."""
    events = (*cell.inputs, cell.target)
    rows = [one for one in athletes if all(key in one.times_s for key in events)]
    if not rows:
        return np.empty(0)
    log_time = np.log([[one.times_s[key] for key in events] for one in rows])
    level = np.array([cell.intercept[one.sex == "f"] for one in rows])
    return np.asarray(log_time[:, -1] - level - (log_time[:, :-1] - cell.centre) @ cell.slope)


def repaired(
    candidate: Candidate, athletes: tuple[LocalAthlete, ...]
) -> tuple[Candidate, tuple[Repair, ...]]:
    """The same forecast after the club's own athletes; what changed, for each group."""
    repairs = tuple(
        repair_of(residuals(one.cell, athletes), one.cell.spread) for one in candidate.components
    )
    components = tuple(
        replace(one, location=one.location + fix.shift,
                scale=one.scale * fix.spread / one.cell.spread)
        for one, fix in zip(candidate.components, repairs, strict=True)
    )  # fmt: skip
    law = Law(
        candidate.law.weight,
        np.array([one.location for one in components]),
        np.array([one.scale for one in components]),
    )
    return replace(candidate, components=components, law=law), repairs


def athletes_of(
    rows: Iterable[tuple[int, str, str, str, str]],
) -> tuple[tuple[LocalAthlete, ...], tuple[str, ...]]:
    """Athletes with their best times, from lines (number, athlete, sex, event, time).

    Lines over events that the tables do not know are left out and counted in the remarks.

    Raises
    ------
    InputError : a time or a sex that cannot be, or an athlete listed as man and woman.
    """
    sex: dict[str, Sex] = {}
    best: dict[str, dict[str, float]] = {}
    other: list[str] = []
    for line, name, sex_text, event_text, time_text in rows:
        try:
            event_of(event_text)
        except UsageError:
            other.append(event_text)
            continue
        try:
            this = sex_of((sex_text,))
            race = race_time(event_text, time_text, this)
        except UsageError as error:
            raise InputError(f"line {line}: {error.what}", error.why, error.todo) from error
        who = name.casefold()
        if sex.setdefault(who, this) != this:
            raise InputError(
                f"line {line}: {name} is listed as a man and as a woman",
                "men and women have tables of their own",
                "correct the sex, or give the two athletes different names",
            )
        mine = best.setdefault(who, {})
        mine[race.event.key] = min(race.time_s, mine.get(race.event.key, race.time_s))
    found = tuple(LocalAthlete(who, sex[who], best[who]) for who in best)
    events = ", ".join(sorted(set(other)))
    remark = (f"{len(other)} results left out, events not in the tables: {events}",)
    return found, remark if other else ()
