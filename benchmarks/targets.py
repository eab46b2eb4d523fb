"""What is promised, per kind of running: pooled, and for the worst single foot of a recording.

For sensors of 200 Hz and more, contacts that did not clip, strikes away from a class limit.
Between 100 and 200 Hz the timing limits are half as large again; below, only counts and cadence
are promised.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from measures import RUNNING, Results, clipped, describe, feet, worst_foot

TITLES = {
    "steady": "steady, 2.5 to 6.5 m/s",
    "race": "race and kick",
    "sprint": "sprint with its first steps",
    "plyo": "hops and bounds",
}
ACTIVITIES = {"plyo": ("hop", "bound")}
ENOUGH = 8


@dataclass(frozen=True)
class Quantity:
    """One promised number.

    key : of ``measures.describe``;  at_least : the limit is a lower one
    limits : family to (pooled, worst foot); absent where nothing is promised
    timing : grows below 200 Hz;  digits : in tables
    """

    key: str
    label: str
    limits: dict[str, tuple[float, float]]
    at_least: bool = False
    timing: bool = False
    digits: int = 1


def _per(steady, race=None, sprint=None, plyo=None) -> dict[str, tuple[float, float]]:
    given = {"steady": steady, "race": race, "sprint": sprint, "plyo": plyo}
    return {family: limit for family, limit in given.items() if limit}


QUANTITIES = (
    Quantity("f1", "contacts, F1",
             _per((0.999, 0.99), (0.999, 0.99), (0.99, 0.97), (0.99, 0.97)), True, False, 4),
    Quantity("ic_error_ms:bias", "initial contact, bias, ms",
             _per((2, 5), (2, 4), (2, 6), (2, 4)), timing=True),
    Quantity("ic_error_ms:sd", "initial contact, SD, ms",
             _per((3, 5), (3, 5), (4, 6), (3, 4)), timing=True),
    Quantity("tc_error_ms:bias", "terminal contact, bias, ms",
             _per((4, 8), (4, 8), (5, 9), (4, 6)), timing=True),
    Quantity("tc_error_ms:sd", "terminal contact, SD, ms",
             _per((4, 6), (4, 6), (5, 7), (4, 6)), timing=True),
    Quantity("contact_mae_ms", "contact time, mean absolute error, ms",
             _per((4, 8), (4, 8), (5, 9), (4, 6)), timing=True),
    Quantity("strike_right_or_unknown_pct", "strike class right or unknown, %",
             _per((98, 94), (98, 94), (95, 85)), True),
    Quantity("strike_unknown_pct", "strike class unknown, %", _per((5, 100), (5, 100), (5, 100))),
    Quantity("angle_error_deg:bias", "strike angle, bias, deg", _per((1.5, 3), (1.5, 3))),
    Quantity("angle_error_deg:sd", "strike angle, SD, deg", _per((1.5, 3), (2, 3))),
    Quantity("length_error_pct:bias", "stride length, bias, %",
             _per((0.5, 2), (1, 2), (2.5, 4), (2, 4))),
    Quantity("length_error_pct:sd", "stride length, SD, %",
             _per((1.5, 3), (1.5, 3), (3.5, 5), (3, 5))),
    Quantity("speed_error_pct:bias", "speed, bias, %",
             _per((0.5, 2), (1, 2), (2.5, 4), (2, 4))),
    Quantity("speed_error_pct:sd", "speed, SD, %",
             _per((1.5, 3), (1.5, 3), (3.5, 5), (3, 5))),
    Quantity("cadence_abs_spm", "cadence, median error, /min",
             _per((0.1, 0.1), (0.1, 0.1), (0.5, 0.5), (0.5, 0.5)), digits=2),
)  # fmt: skip
EXAMPLE_OF = {
    "ic": "ic_error_ms", "tc": "tc_error_ms", "contact": "contact_error_ms",
    "angle": "angle_error_deg", "length": "length_error_pct", "speed": "speed_error_pct",
    "cadence": "cadence_error_spm",
}  # fmt: skip


def in_family(results: Results, family: str) -> Results:
    """The contacts that the targets of a family are about: running, or hops and bounds."""
    wanted = ACTIVITIES.get(family, RUNNING)
    mine = results.where(results.cases["family"] == family)
    return Results(
        mine.pairs[mine.pairs["true_activity"].isin(wanted)],
        mine.missing[mine.missing["activity"].isin(wanted)],
        mine.extra[mine.extra["near_activity"].isin((*wanted, "rest"))],
        mine.intervals,
        mine.cases,
    )


def against_targets(results: Results, family: str) -> pd.DataFrame:
    """One row per promised number: pooled and worst foot, limits, met or not."""
    part = in_family(results, family)
    pooled, worst = describe(part, unclipped=True), worst_foot(part, unclipped=True)
    rows = []
    for quantity in QUANTITIES:
        if family not in quantity.limits:
            continue
        limit, worst_limit = quantity.limits[family]
        value, (worst_value, whose) = pooled[quantity.key], worst.get(quantity.key, (np.nan, ""))
        rows.append(
            {
                "quantity": quantity, "pooled": value, "limit": limit,
                "met": excess(quantity, value, limit) <= 1.0,
                "worst": worst_value, "worst_limit": worst_limit,
                "worst_met": excess(quantity, worst_value, worst_limit) <= 1.0, "whose": whose,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def excess(quantity: Quantity, value: float, limit: float) -> float:
    """Error over limit; for lower limits the shortfall from the ideal over the allowed one."""
    if not np.isfinite(value):
        return 0.0
    if not quantity.at_least:
        return abs(value) / limit
    ideal = 1.0 if limit <= 1.0 else 100.0
    return (ideal - value) / (ideal - limit)


def defects(results: Results, rates_hz: pd.Series) -> pd.DataFrame:
    """Every number of a foot of a recording beyond its worst-foot limit, the largest first.

    rates_hz : sampling rate per case name; timing limits are half as large again below 200 Hz
    """
    rows = []
    for family in TITLES:
        for case, foot, mine in feet(in_family(results, family)):
            counted = mine.pairs["found_valid"].astype(bool)
            if len(mine.pairs) + len(mine.missing) < ENOUGH:
                continue
            everything, unclipped = describe(mine), describe(mine, unclipped=True)
            few = int((counted & ~clipped(mine.pairs)).sum()) < ENOUGH
            for quantity in QUANTITIES:
                if family not in quantity.limits:
                    continue
                loose = 1.5 if quantity.timing and rates_hz.get(case, 200.0) < 200.0 else 1.0
                limit = quantity.limits[family][1] * loose
                used = everything if few else unclipped
                beyond = excess(quantity, used[quantity.key], limit)
                if beyond > 1.0:
                    rows.append(
                        {
                            "excess": beyond, "case": case, "foot": foot, "family": family,
                            "quantity": quantity.label, "all": everything[quantity.key],
                            "unclipped": unclipped[quantity.key], "limit": limit,
                            "when": _examples(quantity, mine),
                        }
                    )  # fmt: skip
    table = pd.DataFrame(rows)
    return table.sort_values("excess", ascending=False) if len(table) else table


def _examples(quantity: Quantity, mine: Results) -> str:
    """Where to look: the times of the worst contacts."""
    if quantity.key == "f1":
        lost = [f"{t:.2f} missed" for t in mine.missing["ic_time"][:4]]
        return ", ".join(lost + [f"{t:.2f} invented" for t in mine.extra["ic_time_s"][:4]])
    pairs = mine.pairs[mine.pairs["found_valid"].astype(bool)]
    if quantity.key.startswith("strike"):
        bad = pairs[~pairs["strike_right"] & ~pairs["true_boundary"].astype(bool)][:5]
        return ", ".join(
            f"{row.true_ic_time:.2f} {row.true_strike}>{row.found_strike}"
            for row in bad.itertuples()
        )
    column = EXAMPLE_OF[quantity.key.split("_")[0]]
    largest = pairs[column].abs().sort_values(ascending=False).index[:4]
    return ", ".join(f"{pairs.true_ic_time[i]:.2f} ({pairs[column][i]:+.1f})" for i in largest)


def write_defects(results: Results, path: Path) -> None:
    """The list as text: good pods first, then slow ones, then faults; one block per foot."""
    cases = results.cases.drop_duplicates("case").set_index("case")
    table = defects(results, cases["rate_hz"])
    if not len(table):
        path.write_text("no foot of any recording misses its limit\n", encoding="utf-8")
        return
    faulty, slow = cases["fault"] != "", cases["rate_hz"] < 200.0
    lines = ["quantity: all contacts / unclipped ones (limit of a single foot); worst contacts"]
    for title, mask in (
        ("GOOD PODS, 200 Hz and more", ~faulty & ~slow),
        ("GOOD PODS, below 200 Hz", ~faulty & slow),
        ("FAULTS AND LIMITS", faulty),
    ):
        part = table[table["case"].isin(cases.index[mask])]
        n_feet = len(part.groupby(["case", "foot"]))
        lines.append(f"\n== {title}: {len(part)} numbers of {n_feet} feet")
        for (case, foot), rows in part.groupby(["case", "foot"], sort=False):
            lines.append(f"{rows['excess'].max():6.1f}x {case} {foot} {cases['fault'][case]}")
            lines += [
                f"          {row.quantity}: {row.all:.2f} / {row.unclipped:.2f} ({row.limit:g});"
                f"  {row.when}"
                for row in rows.itertuples()
            ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
