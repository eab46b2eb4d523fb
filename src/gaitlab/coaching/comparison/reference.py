"""Published values of sprinters, distance and other runners, each at the speed it was seen at.

The table (``data/reference_values.csv``) holds facts that were read at their source (evidence
S), computed here from published or public numbers (C), or read in a copy that quotes them (S2:
drawn fainter, never the base of a z-value or a position). Numbers from memory are not in it.
Values of one group at one speed say nothing about another speed.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.model.units import Floats

Group = Literal["sprint", "distance", "athletic", "mixed", "recreational"]
Evidence = Literal["S", "C", "S2"]

GROUPS: Final[tuple[Group, ...]] = ("sprint", "distance", "athletic", "mixed", "recreational")
GROUP_WORDS: Final[dict[Group, str]] = {
    "sprint": "sprinters",
    "distance": "distance runners",
    "athletic": "other athletes",
    "mixed": "runners",
    "recreational": "recreational runners",
}
EVIDENCE_WORDS: Final[dict[Evidence, str]] = {
    "S": "read at the source",
    "C": "computed here from published numbers",
    "S2": "second hand, from a copy that quotes it",
}
REQUIRED: Final = ("group", "metric", "mean", "source", "doi", "evidence")


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """One published number.

    metric : field of ``Contacts``, or ``strike_share_rearfoot`` and its sisters (0 to 1)
    mean, sd : in the inside unit of the metric; sd None when none was published
    speed_mps : None when the group ran at no stated speed (races, for strike shares only)
    n, counts : how many, and of what (athletes, trials)
    method : how it was measured; values of different methods differ by some milliseconds
    doi : DOI, PMC number or address
    """

    group: Group
    sex: str
    level: str
    metric: str
    speed_mps: float | None
    mean: float
    sd: float | None
    n: int
    counts: str
    method: str
    source: str
    doi: str
    evidence: Evidence
    note: str

    @property
    def second_hand(self) -> bool:
        """True for a value that was not read at its source."""
        return self.evidence == "S2"

    @property
    def who(self) -> str:
        """Group, level and sex in words, as they are printed beside the number."""
        sex = {"m": ", men", "f": ", women"}.get(self.sex, "")
        copied = "; second hand" if self.second_hand else ""
        return f"{GROUP_WORDS[self.group]} ({self.level}{sex}{copied})"


@dataclass(frozen=True, slots=True)
class DutyFactorLine:
    """Duty factor against speed of athletic subjects, 0.5 / (``intercept`` + ``slope`` v).

    The stance-averaged force, intercept + slope x v in body weights, was published; on level
    ground it is 0.5 / duty factor. Weyand & Davis 2005, J Exp Biol 208:2625, figure 1.
    The measured range of speeds could not be read; the line is kept to 3 to 9 m/s.
    """

    sex: str
    intercept: float
    slope_s_per_m: float
    n: int = 9
    slowest_mps: float = 3.0
    fastest_mps: float = 9.0

    def at(self, speed_mps: Floats) -> Floats:
        """Duty factor at ``speed_mps`` (any shape); NaN outside the line's range."""
        value = 0.5 / (self.intercept + self.slope_s_per_m * speed_mps)
        inside = (speed_mps >= self.slowest_mps) & (speed_mps <= self.fastest_mps)
        return np.where(inside, value, np.nan)


DUTY_FACTOR_SOURCE = (
    "Weyand & Davis 2005, J Exp Biol 208:2625, figure 1 (regression read, converted here)"
)
DUTY_FACTOR_LINES: Final = {
    "m": DutyFactorLine("m", 1.27, 0.105),
    "f": DutyFactorLine("f", 1.24, 0.106),
}


def duty_factor_line(sex: str | None) -> DutyFactorLine:
    """The line of that sex; of men when the sex is not known (they differ by 2 %)."""
    return DUTY_FACTOR_LINES["f" if sex == "f" else "m"]


def parse_reference(rows: Iterable[Mapping[str, str]]) -> tuple[ReferenceValue, ...]:
    """Reference values from CSV rows.

    Raises
    ------
    InputError : a row without source, address or number, or with another evidence than S, C or S2.
    """
    return tuple(_parse_row(number, row) for number, row in enumerate(rows, start=2))


def _parse_row(number: int, row: Mapping[str, str]) -> ReferenceValue:
    empty = [name for name in REQUIRED if not (row.get(name) or "").strip()]
    if empty:
        raise InputError(
            f"reference table, line {number}: {', '.join(empty)} missing",
            "a published value without its source or its evidence is not shown to anybody",
            "complete the line or remove it",
        )
    group = next((name for name in GROUPS if name == row["group"]), None)
    evidence = next((tag for tag in EVIDENCE_WORDS if tag == row["evidence"]), None)
    if group is None or evidence is None:
        raise InputError(
            f"reference table, line {number}: group {row['group']!r}, evidence {row['evidence']!r}",
            f"groups are {', '.join(GROUPS)}; evidence is S (read at the source), C (computed) or "
            "S2 (second hand)",
            "values from memory stay out of the table",
        )
    try:
        return ReferenceValue(
            group, row["sex"], row["level"], row["metric"],
            float(row["speed_mps"]) if row["speed_mps"] else None,
            float(row["mean"]),
            float(row["sd"]) if row["sd"] else None,
            int(row["n"]), row["counts"], row["method"], row["source"], row["doi"],
            evidence, row["note"],
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise InputError(
            f"reference table, line {number}: not a reference value",
            str(error),
            "numbers are plain decimals; n is a whole number",
        ) from error


@cache
def reference_values() -> tuple[ReferenceValue, ...]:
    """Every published value that is shipped; read once."""
    table = files("gaitlab.coaching") / "data" / "reference_values.csv"
    return parse_reference(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


def reference_for(metric: str, *groups: Group) -> tuple[ReferenceValue, ...]:
    """Published values of one metric, of some groups (all groups when none is named)."""
    wanted = groups or GROUPS
    return tuple(row for row in reference_values() if row.metric == metric and row.group in wanted)


def nearest_in_speed(metric: str, group: Group, speed_mps: float) -> ReferenceValue | None:
    """The value of a group whose speed is nearest, None when that group has none with a speed.

    Values from second hand do not count.
    """
    rows = [
        row
        for row in reference_for(metric, group)
        if row.speed_mps is not None and not row.second_hand
    ]
    return min(rows, key=lambda row: abs((row.speed_mps or 0.0) - speed_mps), default=None)
