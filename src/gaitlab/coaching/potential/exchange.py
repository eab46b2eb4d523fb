"""A forecast as plain values, for machines."""

from typing import Any

from gaitlab.coaching.potential.answer import Contribution, Forecast, Without, group_text
from gaitlab.coaching.potential.cells import GROUP_WORDS
from gaitlab.coaching.potential.gain import Gain
from gaitlab.coaching.potential.race_events import BY_KEY, time_text


def forecast_dict(one: Forecast) -> dict[str, Any]:
    """What ``gaitlab potential --json`` prints of one forecast; chances are 0 to 1."""
    goal_s = one.question.goal_s
    return {
        "event": one.question.target.name,
        "sex": one.question.sex,
        "goal_s": goal_s,
        "kind": one.kind,
        "group": group_text(one.shares),
        "median_s": one.median_s,
        "interval50_s": one.interval_s(0.5),
        "interval80_s": one.interval_s(0.8),
        "probability": one.probability,
        "base_rate": one.base_rate,
        "n": one.n,
        "note": "; ".join(one.notes),
        "groups": [
            {
                "group": share.group,
                "description": GROUP_WORDS[share.group],
                "weight": share.weight,
                "n": share.n,
                "base_rate": None if goal_s is None else float(share.base.share(goal_s)),
            }
            for share in one.shares
        ],
        "contributions": [_contribution(row) for row in one.contributions],
        "formula": _formula(one),
    }


def gain_dict(one: Gain) -> dict[str, Any]:
    """What a faster 400 goes with, as plain values."""
    return {
        "event": BY_KEY[one.slope.target].name,
        "fixed": BY_KEY[one.slope.fixed].name,
        "percent_of_400": one.percent,
        "from_400_s": one.from_s,
        "to_400_s": one.to_s,
        "time_s": one.time_s,
        "faster_s": one.gain_s,
        "faster95_s": (one.low_s, one.high_s),
        "percent_per_percent": one.slope.slope,
        "n": one.slope.n,
        "kind": "association",
    }


def _contribution(row: Contribution) -> dict[str, Any]:
    return {
        "event": row.event,
        "time_s": row.time_s,
        "time": time_text(row.time_s),
        "used": row.used,
        "why_not": row.why,
        "typical_s": row.typical_s,
        "shift_percent": 100.0 * row.shift,
        "without": None if row.without is None else _without(row.without),
    }


def _without(other: Without) -> dict[str, Any]:
    return {
        "inputs": other.inputs,
        "median_s": other.median_s,
        "probability": other.chance,
        "base_rate": other.base_rate,
        "group": other.group,
        "n": other.n,
    }


def _formula(one: Forecast) -> dict[str, Any] | None:
    """What the regression says where it is not to be used, beside its base rate."""
    if one.formula is None:
        return None
    goal_s = one.question.goal_s
    return {
        "median_s": one.formula.time_s(0.5),
        "interval80_s": one.formula.interval_s(0.8),
        "probability": None if goal_s is None else float(one.formula.chance(goal_s)),
        "base_rate": one.base_rate,
        "group": group_text(one.shares),
        "n": one.n,
        "note": "shown to be compared with the base rate; not a forecast",
    }
