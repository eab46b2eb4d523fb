"""How a number changes over a season: a line, its uncertainty, and the least change that shows.

Few sessions and day-to-day scatter: the line is ordinary least squares over the days, its range
Student's t from the scatter about the line. What all sessions have in common (the pods, the method)
falls out of a change. The minimal detectable change is 1.96 x sqrt(2) x the scatter of one session;
with fewer than four sessions at least the uncertainty of measurement counts as scatter.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.model.recording import read_only
from gaitlab.model.units import Floats

FEWEST: Final = 3  # sessions for a line
FEWEST_FOR_SCATTER: Final = 4
DAYS_PER_WEEK: Final = 7.0
BOTH_SIDES: Final = 0.975


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One number over the season.

    day : (n,) days since the first session;  value, sd : (n,), inside unit; sd of measurement
    names : of the sessions
    """

    name: str
    label: str
    day: Floats
    value: Floats
    sd: Floats
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("day", "value", "sd"):
            object.__setattr__(self, field, read_only(getattr(self, field)))

    def known(self) -> "Series":
        """Only the sessions with a value."""
        some = np.isfinite(self.value)
        names = tuple(name for name, keep in zip(self.names, some, strict=False) if keep)
        return Series(self.name, self.label, self.day[some], self.value[some], self.sd[some], names)


@dataclass(frozen=True, slots=True)
class Trend:
    """The line through a series; NaN where there are too few sessions.

    change, change_low, change_high : from the first to the last day, with the 95 % range
    per_week : slope;  first, last : on the line;  session_sd : scatter of one session
    detectable : minimal detectable change between two sessions (95 %)
    reason : why there is no line
    """

    n: int
    weeks: float
    per_week: float
    change: float
    change_low: float
    change_high: float
    first: float
    last: float
    session_sd: float
    detectable: float
    reason: str = ""

    @property
    def clear(self) -> bool:
        """Whether the 95 % range of the change leaves zero out."""
        return self.change_low > 0.0 or self.change_high < 0.0

    @property
    def beyond_detectable(self) -> bool:
        """Whether the change is larger than what two sessions could differ by alone."""
        return abs(self.change) > self.detectable


def trend_of(series: Series) -> Trend:
    """The line through a series and its uncertainty.

    Fewer than three sessions, or all on one day: no line, with the reason; the detectable
    change then comes from the uncertainty of measurement alone.
    """
    one = series.known()
    n = len(one.value)
    measured = float(np.sqrt(np.mean(np.nan_to_num(one.sd) ** 2))) if n else float("nan")
    weeks = float(np.ptp(one.day)) / DAYS_PER_WEEK if n else 0.0
    if n < FEWEST or weeks == 0.0:
        why = f"{n} sessions with a value, a line needs {FEWEST} on different days"
        nothing = (float("nan"),) * 6
        return Trend(n, weeks, *nothing, measured, _detectable(measured), why)
    return _line(one, weeks, measured)


def _line(one: Series, weeks: float, measured: float) -> Trend:
    n, day = len(one.value), one.day / DAYS_PER_WEEK
    away = day - day.mean()
    slope = float(away @ one.value / (away @ away))
    residual = one.value - one.value.mean() - slope * away
    scatter = float(np.sqrt(residual @ residual / (n - 2)))
    session = scatter if n >= FEWEST_FOR_SCATTER else max(measured, scatter)
    error = scatter / float(np.sqrt(away @ away))
    half = student(n - 2) * error * weeks
    change = slope * weeks
    middle = float(one.value.mean())
    first, last = (middle + slope * float(away[place]) for place in (away.argmin(), away.argmax()))
    return Trend(
        n, weeks, slope, change, change - half, change + half, first, last, session,
        _detectable(session),
    )  # fmt: skip


def student(freedom: int) -> float:
    """The deviation that 95 % of Student's t lie within.

    >>> round(student(1), 2), round(student(10), 3)
    (12.71, 2.228)
    """
    from scipy.special import stdtrit

    return float(stdtrit(freedom, BOTH_SIDES))


def _detectable(session_sd: float) -> float:
    return 1.96 * float(np.sqrt(2.0)) * session_sd
