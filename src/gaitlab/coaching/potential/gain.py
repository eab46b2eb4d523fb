"""What a faster 400 goes with over 800 m to 10 000 m, for a runner whose distance level stays.

An association between athletes, not a promise: regression slopes with a distance race held fixed,
with the 95 % range of their resampling, UK club, men and women together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from gaitlab.coaching.potential.answer import Forecast, Question
from gaitlab.coaching.potential.chance import forecast
from gaitlab.coaching.potential.race_events import BY_KEY

PERCENTS: Final = (1.0, 2.0, 3.0)
ASSOCIATION: Final = (
    "Association, not promise: between athletes with the same distance race, the one with the "
    "faster 400 was that much faster. What training a runner's speed buys is not in best times."
)


@dataclass(frozen=True, slots=True)
class Slope:
    """Percent of the target for one percent of the 400, another race held fixed.

    n : athletes;  season : the same within athletes over seasons, as text for comparison
    """

    target: str
    fixed: str
    slope: float
    low: float
    high: float
    n: int
    season: str = ""

    @property
    def clear(self) -> bool:
        """Whether the 95 % range leaves zero out."""
        return self.low > 0.0 or self.high < 0.0


SLOPES: Final = (
    Slope("800", "1500", 0.51, 0.48, 0.54, 1275, "0.31 in 31 elite athletes over 102 seasons"),
    Slope("800", "5000", 0.70, 0.62, 0.79, 381, "0.31 in 31 elite athletes over 102 seasons"),
    Slope("1500", "5000", 0.38, 0.30, 0.45, 367),
    Slope("5000", "10000", 0.04, -0.04, 0.14, 153),
    Slope("10000", "5000", 0.05, -0.05, 0.14, 153),
)


@dataclass(frozen=True, slots=True)
class Gain:
    """What ``percent`` off the 400 goes with: seconds off the target, with the 95 % range.

    from_s, to_s : the 400 as it is and as it would be;  time_s : the target as it is
    gain_s, low_s, high_s : seconds faster
    """

    slope: Slope
    percent: float
    from_s: float
    to_s: float
    time_s: float
    gain_s: float
    low_s: float
    high_s: float


def slope_for(target: str, times_s: Mapping[str, float]) -> Slope | None:
    """The slope whose fixed race is known (by key of the event); None without one."""
    return next((one for one in SLOPES if one.target == target and one.fixed in times_s), None)


def gains(times_s: Mapping[str, float], targets_s: Mapping[str, float]) -> tuple[Gain, ...]:
    """What 1, 2 and 3 % off the 400 go with, for every target with a clear slope.

    Parameters
    ----------
    times_s : known best times by key; without a 400 and a distance race nothing is told
    targets_s : time over each target, known or forecast

    >>> [round(g.gain_s, 1) for g in gains({"400": 52.0, "5000": 930.0}, {"1500": 240.0})]
    [0.9, 1.8, 2.8]
    """
    if "400" not in times_s:
        return ()
    found = []
    for target, time_s in targets_s.items():
        slope = slope_for(target, times_s)
        if slope is None or not slope.clear:
            continue
        for percent in PERCENTS:
            share = 1.0 - percent / 100.0
            faster = [time_s * (1.0 - share**b) for b in (slope.slope, slope.low, slope.high)]
            from_s = times_s["400"]
            found.append(Gain(slope, percent, from_s, share * from_s, time_s, *faster))
    return tuple(found)


def gains_of(question: Question) -> tuple[Gain, ...]:
    """The gains over 800 and 1500 m: from the known best time there, else from the forecast."""
    times_s = {time.event.key: time.time_s for time in question.times}
    targets_s: dict[str, float] = {}
    for target in ("800", "1500"):
        if target in times_s:
            targets_s[target] = times_s[target]
        elif "400" in times_s and slope_for(target, times_s) is not None:
            median_s = _median(forecast(replace(question, target=BY_KEY[target], goal_s=None)))
            targets_s |= {} if median_s is None else {target: median_s}
    return gains(times_s, targets_s)


def _median(one: Forecast) -> float | None:
    return one.median_s if one.kind == "forecast" else None


def nothing_words() -> str:
    """Why 5000 and 10 000 m are not in the table."""
    rows = [one for one in SLOPES if not one.clear]
    said = ", ".join(
        f"{BY_KEY[one.target].name}: {one.slope:.2f} % per 1 % (95 % {one.low:.2f} to "
        f"{one.high:.2f}, n {one.n})"
        for one in rows
    )
    return f"over 5000 m and longer nothing can be measured ({said})"
