"""What was fitted: one regression for each group, set of inputs and target.

A cell holds ``ln t = a[sex] + sum b (ln t_i - m_i)`` of the athletes of one group who ran exactly
these events, and how far their inputs spread. The numbers (``data/potential_cells.json``) were
fitted on best times of 30,993 athletes; no athlete is in them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Final

import numpy as np

from gaitlab.coaching.potential.law import Law
from gaitlab.coaching.potential.race_events import EVENTS, Sex
from gaitlab.model.units import Floats

FEWEST_OF_SEX: Final = 20
MOST_INPUTS: Final = 3
WIDEN_FROM: Final = 2.0  # standard deviations from the group's inputs; a safety choice, not fitted
WIDEN_BY: Final = 0.5
COMPARABLE_WITHIN: Final = 4.0
JITTER: Final = 1e-6  # variance of log time, keeps the inputs' covariance invertible
INPUT_FREEDOM: Final = 5.0  # of the density by which groups are weighed
COMPARABLE_SHARE: Final = 0.5  # of the weight that must lie within COMPARABLE_WITHIN
GROUP_WORDS: Final = {
    "uk_club": "ranked UK club runners",
    "us_college": "US college runners",
    "us_highschool": "ranked US high-school runners",
    "us_hs_boys": "US high-school boys, whole teams",
    "recreational": "recreational road racers",
    "elite": "World Athletics listed athletes",
}


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One fitted regression.

    n, intercept : of men and women;  slope, centre : (k,) of the log inputs
    spread : residual standard deviation of log time;  slope_variance : (k, k), times spread^2
    input_mean : (k,) of men and of women, None when too few;  input_variance : (k, k)
    """

    group: str
    inputs: tuple[str, ...]
    target: str
    n: tuple[int, int]
    intercept: tuple[float, float]
    slope: Floats
    centre: Floats
    spread: float
    slope_variance: Floats
    input_mean: tuple[Floats | None, Floats | None]
    input_variance: Floats

    def typical(self, sex: Sex) -> Floats | None:
        """Mean log inputs of that sex; None when the cell is too thin for it."""
        return self.input_mean[sex == "f"] if self.n[sex == "f"] >= FEWEST_OF_SEX else None


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """What one cell says about one athlete, on the logarithm of time.

    density : log density of the inputs among the cell's athletes;  distance : Mahalanobis
    shift : (k,) what each input moves the location by, from the cell's typical athlete
    """

    cell: Cell
    location: float
    scale: float
    density: float
    distance: float
    shift: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One set of inputs with all the groups that know it."""

    inputs: tuple[str, ...]
    components: tuple[Component, ...]
    law: Law

    @property
    def comparable(self) -> bool:
        """Whether at least half of the weight comes from groups with athletes like this one."""
        near = np.array([one.distance for one in self.components]) <= COMPARABLE_WITHIN
        return float(self.law.weight[near].sum()) >= COMPARABLE_SHARE


@cache
def cells() -> Mapping[str, Mapping[tuple[tuple[str, ...], str], Cell]]:
    """Every cell, by group and by (inputs, target); read once."""
    text = (files("gaitlab.coaching") / "data" / "potential_cells.json").read_text("utf-8")
    return {
        group: {(cell.inputs, cell.target): cell for cell in (_cell(group, *it) for it in raw)}
        for group, raw in ((group, it.items()) for group, it in json.loads(text)["cells"].items())
    }


def _cell(group: str, name: str, raw: Mapping[str, list[float]]) -> Cell:
    inputs, target = name.split(">")
    men, women = (None if mean is None else np.array(mean) for mean in raw["mu"])
    return Cell(
        group, tuple(inputs.split("+")), target, (int(raw["n"][0]), int(raw["n"][1])),
        (raw["a"][0], raw["a"][1]), np.array(raw["b"]), np.array(raw["mx"]),
        float(raw["s"]),  # type: ignore[arg-type]  # one number, not a list
        np.array(raw["V"]), (men, women), np.array(raw["C"]),
    )  # fmt: skip


def component(cell: Cell, log_time: Floats, sex: Sex) -> Component | None:
    """Location, scale and density of one cell for (k,) log inputs; None when it is too thin."""
    typical = cell.typical(sex)
    if typical is None:
        return None
    offset = log_time - cell.centre
    variance = cell.input_variance + JITTER * np.eye(len(log_time))
    away = log_time - typical
    squared = float(away @ np.linalg.solve(variance, away))
    distance = float(np.sqrt(max(squared, 0.0)))
    widened = WIDEN_BY * max(0.0, distance - WIDEN_FROM)
    leverage = float(offset @ cell.slope_variance @ offset)
    return Component(
        cell=cell,
        location=cell.intercept[sex == "f"] + float(cell.slope @ offset),
        scale=cell.spread * float(np.sqrt(1.0 + leverage + widened**2)),
        density=_log_density(squared, variance),
        distance=distance,
        shift=cell.slope * away,
    )


def _log_density(squared: float, variance: Floats) -> float:
    """Logarithm of the multivariate t density with 5 degrees of freedom."""
    from scipy.special import gammaln

    k, nu = len(variance), INPUT_FREEDOM
    volume = float(np.linalg.slogdet(variance)[1]) + k * np.log(nu * np.pi)
    tail = (nu + k) * np.log1p(squared / nu)
    return float(gammaln(0.5 * (nu + k)) - gammaln(0.5 * nu) - 0.5 * (volume + tail))


def candidate(
    times_s: Mapping[str, float], inputs: tuple[str, ...], target: str, sex: Sex, group: str | None
) -> Candidate | None:
    """The mixture over the groups (or the one group) that know these inputs; None if none does."""
    log_time = np.log([times_s[name] for name in inputs])
    known = (
        component(table[inputs, target], log_time, sex)
        for name, table in cells().items()
        if group in (None, name) and (inputs, target) in table
    )
    found = tuple(one for one in known if one is not None)
    if not found:
        return None
    density = np.array([one.density for one in found])
    weight = np.exp(density - density.max())
    law = Law(
        weight / weight.sum(),
        np.array([one.location for one in found]),
        np.array([one.scale for one in found]),
    )
    return Candidate(inputs, found, law)


def candidates(
    times_s: Mapping[str, float], target: str, sex: Sex, group: str | None = None
) -> tuple[Candidate, ...]:
    """Every set of one to three inputs that a group knows, the narrowest first."""
    usable = [event.key for event in EVENTS if event.key in times_s and event.key != target]
    found = (
        candidate(times_s, inputs, target, sex, group)
        for size in range(min(MOST_INPUTS, len(usable)), 0, -1)
        for inputs in combinations(usable, size)
    )
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.law.spread))
