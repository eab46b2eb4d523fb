"""Fit of one cell and the tables of base rates, from the research rows (which are not shipped).

python benchmarks/potential_fit.py FOLDER writes the base rates that gaitlab ships: how many
athletes behind every cell, and in every group, reached a round time; never a single athlete.
"""

import json
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

EVENTS = ("200", "400", "800", "1500", "Mile", "3000", "5000", "10000", "HM", "Mar")
SOURCES = {
    "uk_club": "po10_uk",
    "us_college": "us_college_400_800",
    "us_highschool": "us_hs_400_800",
    "us_hs_boys": "us_hs_boys",
    "recreational": "rec_road",
    "elite": "wa_elite",
}
STEP_S = {
    "800": 1, "1500": 2, "Mile": 2, "3000": 5, "5000": 10, "10000": 20, "HM": 60, "Mar": 150,
    "200": 1, "400": 1,
}  # fmt: skip
MOST_STEPS = 50
FEWEST = 20
TRIM = 4.0
OUT = Path(__file__).parents[1] / "src/gaitlab/coaching/data/potential_base_rates.json"


def groups_of(folder):
    """Log times (n, 10) and sex (n,), 0 men 1 women, of every group; NaN for events not run."""
    rows = pd.read_parquet(folder / "bests.parquet")
    is_1600 = rows["event"] == "1600"
    rows.loc[is_1600, "time_s"] *= (1609.344 / 1600) ** 1.07
    rows.loc[is_1600, "event"] = "Mile"
    rows = rows.drop_duplicates(["source", "athlete", "event"])
    groups = {}
    for group, source in SOURCES.items():
        wide = rows[rows["source"] == source].pivot_table(
            index=["athlete", "sex"], columns="event", values="time_s"
        )
        wide = wide.reindex(columns=list(EVENTS))
        if wide.empty:  # rows of minors are not everywhere
            continue
        sex = (wide.index.get_level_values("sex") == "F").astype(int)
        groups[group] = (np.log(wide.to_numpy()), np.asarray(sex))
    return groups


def cell_rows(log_time, sex, inputs, target):
    """The complete cases of one cell: inputs (n, k), sex (n,), target (n,), row numbers."""
    columns = [EVENTS.index(name) for name in inputs]
    goal = EVENTS.index(target)
    ran = np.flatnonzero(np.isfinite(log_time[:, [*columns, goal]]).all(axis=1))
    return log_time[np.ix_(ran, columns)], sex[ran], log_time[ran, goal], ran


def fit(x, sex, y):
    """Coefficients (a men, a women, slopes), centre, s0, V of the slopes, and who was kept."""
    kept = np.ones(len(y), bool)
    centre = x.mean(axis=0)
    design = np.column_stack([1 - sex, sex, x - centre])
    ridge = np.diag([1e-6, 1e-6] + [1e-3] * x.shape[1])
    for _ in range(3):
        normal = design[kept].T @ design[kept] + ridge
        coefficients = np.linalg.solve(normal, design[kept].T @ y[kept])
        residual = y - design @ coefficients
        left = max(1, int(kept.sum()) - design.shape[1])
        s0 = np.sqrt((residual[kept] ** 2).sum() / left)
        kept = np.abs(residual) < TRIM * s0
    return coefficients, centre, s0, np.linalg.inv(normal)[2:, 2:], kept


def counts(log_time, event):
    """``[n, first, step, counts]``: how many ran ``first``, ``first + step``, ... s or faster.

    Round times only, from where 2 % are faster to where 98 % are; None for fewer than 20.
    """
    if len(log_time) < FEWEST:
        return None
    low, high = np.exp(np.quantile(log_time, (0.02, 0.98)))
    step = STEP_S[event]
    while (high - low) / step > MOST_STEPS:
        step *= 2
    grid = np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
    faster = np.searchsorted(np.sort(log_time), np.log(grid) + 1e-9, side="right")
    return [len(log_time), int(grid[0]), step, faster.tolist()]


def base_rates(groups, cells):
    """Counts by round target times, of everybody of a group and of the athletes of each cell."""
    out = {}
    for group, (log_time, sex) in groups.items():
        table = {}
        for place, event in enumerate(EVENTS):
            known = np.isfinite(log_time[:, place])
            table[f">{event}"] = [
                counts(log_time[known & (sex == q), place], event) for q in (0, 1)
            ]
        for name in cells[group]:
            inputs, target = name.split(">")
            x, who, y, _ = cell_rows(log_time, sex, inputs.split("+"), target)
            kept = fit(x, who, y)[-1]
            table[name] = [counts(y[kept & (who == q)], target) for q in (0, 1)]
        out[group] = {name: pair for name, pair in table.items() if any(pair)}
    return out


def possible(events, most=3):
    """Every set of one to three of the events."""
    return [list(some) for k in range(1, most + 1) for some in combinations(events, k)]


def main():
    """Write the base rates."""
    cells = json.loads((OUT.parent / "potential_cells.json").read_text())["cells"]
    rates = base_rates(groups_of(Path(sys.argv[1])), cells)
    OUT.write_text(json.dumps(rates, separators=(",", ":")), encoding="utf-8")
    print(OUT, OUT.stat().st_size)


if __name__ == "__main__":
    main()
