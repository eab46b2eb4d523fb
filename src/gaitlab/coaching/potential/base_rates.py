"""Base rates: how many of the reference group reach a goal, whatever their other times are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from gaitlab.coaching.potential.cells import Cell, cells
from gaitlab.coaching.potential.race_events import Sex
from gaitlab.model.units import Floats
from gaitlab.signal.chance import normal_below

FINE: Final = np.linspace(0.01, 0.99, 99)


@dataclass(frozen=True, slots=True, eq=False)
class BaseRate:
    """Times of a group of ``n`` athletes.

    level, log_time : (k,) how many were that fast or faster
    modelled : from the fit, because no times were at hand
    """

    n: int
    level: Floats
    log_time: Floats
    modelled: bool = False

    def share(self, goal_s: Floats | float) -> Floats:
        """Share of the group with a time of ``goal_s`` or faster; normal tails beyond the table."""
        place = _deviation(self.level)
        log_goal = np.log(np.asarray(goal_s, dtype=float))
        low = place[0] + (log_goal - self.log_time[0]) * _rise(self.log_time[:3], place[:3])
        high = place[-1] + (log_goal - self.log_time[-1]) * _rise(self.log_time[-3:], place[-3:])
        inner = np.interp(log_goal, self.log_time, place)
        beyond = np.where(log_goal > self.log_time[-1], high, inner)
        return normal_below(np.where(log_goal < self.log_time[0], low, beyond))

    def time_s(self, share: float) -> float:
        """The time that ``share`` of the group is faster than."""
        place = _deviation(self.level)
        wanted = float(_deviation(np.array([share]))[0])
        return float(np.exp(np.interp(wanted, place, self.log_time)))

    def interval_s(self, inside: float) -> tuple[float, float]:
        """The central interval that holds ``inside`` of the group."""
        return self.time_s(0.5 - 0.5 * inside), self.time_s(0.5 + 0.5 * inside)


def _deviation(level: Floats) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(level))


def _rise(log_time: Floats, place: Floats) -> float:
    """Normal deviations per unit of log time at an end of the table."""
    return float((place[-1] - place[0]) / max(log_time[-1] - log_time[0], 1e-6))


@cache
def _table() -> Mapping[str, Any]:
    text = (files("gaitlab.coaching") / "data" / "potential_base_rates.json").read_text("utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


def _stored(group: str, name: str, sex: Sex) -> BaseRate | None:
    pair = _table().get(group, {}).get(name)
    row = pair[sex == "f"] if pair else None
    if row is None:
        return None
    n, first_s, step_s, faster = row
    level = np.clip(np.array(faster) / n, 0.5 / n, 1.0 - 0.5 / n)
    return BaseRate(int(n), level, np.log(first_s + step_s * np.arange(len(faster))))


def cell_base(cell: Cell, sex: Sex) -> BaseRate:
    """The athletes of a cell: those who ran these inputs and the target."""
    stored = _stored(cell.group, f"{'+'.join(cell.inputs)}>{cell.target}", sex)
    return stored or _modelled(cell, sex)


def _modelled(cell: Cell, sex: Sex) -> BaseRate:
    """A normal law from the fit: where the times of a group are not at hand."""
    typical = cell.typical(sex)
    away = 0.0 if typical is None else typical - cell.centre
    middle = cell.intercept[sex == "f"] + float(np.sum(cell.slope * away))
    variance = cell.spread**2 + float(cell.slope @ cell.input_variance @ cell.slope)
    return BaseRate(
        cell.n[sex == "f"], FINE, middle + np.sqrt(variance) * _deviation(FINE), modelled=True
    )


def group_base(group: str, target: str, sex: Sex) -> BaseRate | None:
    """Everybody of a group with a time over the target; None when nobody is known."""
    stored = _stored(group, f">{target}", sex)
    if stored is not None:
        return stored
    fits = [cell for (_, goal), cell in cells().get(group, {}).items() if goal == target]
    usable = [cell for cell in fits if cell.typical(sex) is not None]
    return _modelled(max(usable, key=lambda cell: sum(cell.n)), sex) if usable else None


def blend(rates: tuple[BaseRate, ...], weight: Floats) -> BaseRate:
    """The base rate of a mixture of groups, each with its weight."""
    if len(rates) == 1:
        return rates[0]
    ends = [rate.time_s(share) for rate in rates for share in (0.001, 0.999)]
    grid = np.linspace(np.log(min(ends)) - 0.05, np.log(max(ends)) + 0.05, 400)
    share = np.stack([rate.share(np.exp(grid)) for rate in rates], axis=1) @ (weight / weight.sum())
    inside = (share > 1e-4) & (share < 1.0 - 1e-4)
    return BaseRate(
        sum(rate.n for rate in rates), share[inside], grid[inside],
        any(rate.modelled for rate in rates),
    )  # fmt: skip


def between_bases(shorter: BaseRate, longer: BaseRate, share: float) -> BaseRate:
    """The base rate of a distance between two others, level by level."""
    log_time = np.array(
        [(1 - share) * np.log(shorter.time_s(q)) + share * np.log(longer.time_s(q)) for q in FINE]
    )
    modelled = shorter.modelled or longer.modelled
    return BaseRate(min(shorter.n, longer.n), FINE, log_time, modelled)
