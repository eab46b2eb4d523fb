"""Are the forecasts what was published, do their intervals hold, and do they beat the base rate?

    python benchmarks/potential.py [FOLDER]

Worked examples always. Where FOLDER (or GAITLAB_SHARED_DATA/potential) holds the research rows,
every cell of the UK club is fitted again in ten folds by athlete and forecasts nobody it has seen:
coverage of the 50, 80 and 95 % intervals and Brier scores beside those of the base rate. Where it
holds the table of an earlier cross-validation, its pooled coverage too.
"""

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from gaitlab.coaching.potential.answer import Question
from gaitlab.coaching.potential.cells import JITTER, WIDEN_BY, WIDEN_FROM
from gaitlab.coaching.potential.chance import forecast
from gaitlab.coaching.potential.law import t_below
from gaitlab.coaching.potential.race_events import event_of, race_time, seconds_of, time_text
from potential_fit import EVENTS, cell_rows, fit, groups_of, possible

FOLDS, SEED = 10, 3
FEWEST = {1: 60, 2: 60, 3: 100}
QUARTILES = (0.25, 0.5, 0.75)
EXAMPLES = (
    ("m", "400=50.0 5000=15:30", "1500=4:00", "3:51.6", 0.89),
    ("m", "400=54.0 5000=15:30", "1500=4:00", "3:58.6", 0.59),
    ("m", "400=58.0 5000=15:30", "1500=4:00", "4:05.2", 0.21),
    ("m", "5000=15:30", "1500=4:00", "4:03.4", 0.35),
    ("m", "400=50.0", "1500=4:00", "4:09.7", 0.26),
    ("f", "400=60.0 1500=4:45", "800=2:15", "2:13.8", 0.69),
    ("f", "400=64.0 1500=4:45", "800=2:15", "2:18.3", 0.10),
    ("m", "400=52.0 1500=4:00", "5000=15:00", "16:08.9", 0.04),
    ("m", "400=56.0 1500=4:00", "5000=15:00", "15:42.1", 0.12),
)
SHOWN = (
    "400>800", "1500>800", "400+1500>800", "400+5000>800", "400>1500", "5000>1500",
    "400+5000>1500", "800+5000>1500", "400>5000", "1500>5000", "400+1500>5000", "5000>10000",
    "5000>HM", "5000>Mar", "HM>Mar",
)  # fmt: skip


def examples():
    """Rows of the worked examples: what was printed, what comes out, whether they agree."""
    for sex, times, goal, median, chance in EXAMPLES:
        known = tuple(race_time(*text.split("="), sex) for text in times.split())
        event, _, time = goal.partition("=")
        one = forecast(Question(sex, known, event_of(event), seconds_of(time)))
        law = one.law or one.formula  # a sprint alone is refused; its formula is printed
        found = (time_text(law.time_s(0.5)), round(float(law.chance(seconds_of(time))), 2))
        base = f"base rate {one.base_rate:.2f} of {one.n}"
        yield sex, times, goal, (median, chance), found, base, found == (median, chance)


def standardised(train, test):
    """Median (n,) and scale (n,) of the log target of athletes the fit has not seen."""
    x, sex, y = train
    coefficients, centre, s0, variance, kept = fit(x, sex, y)
    x_new, sex_new = test
    offset = x_new - centre
    median = np.column_stack([1 - sex_new, sex_new, offset]) @ coefficients
    leverage = np.einsum("ni,ij,nj->n", offset, variance, offset)
    return median, s0 * np.sqrt(1.0 + leverage + _widened(x[kept], sex[kept], x_new, sex_new) ** 2)


def _widened(x, sex, x_new, sex_new):
    """The extra spread of inputs far from the group's of the same sex."""
    means = np.array([x[sex == q].mean(axis=0) if (sex == q).any() else x.mean(0) for q in (0, 1)])
    within = x - means[sex]
    spread = within.T @ within / max(1, len(x) - 2) + JITTER * np.eye(x.shape[1])
    away = x_new - means[sex_new]
    squared = np.einsum("ni,ni->n", away, np.linalg.solve(spread, away.T).T)
    return WIDEN_BY * np.maximum(0.0, np.sqrt(squared) - WIDEN_FROM)


def cross_validated(log_time, sex, folds, inputs, target):
    """One row of the table for one cell: n, coverages, median error, Brier scores."""
    x, who, y, rows = cell_rows(log_time, sex, inputs, target)
    median, scale, base = np.empty(len(y)), np.empty(len(y)), np.empty((3, len(y)))
    goals = _goals(log_time[:, EVENTS.index(target)], sex, who)
    for fold in range(FOLDS):
        test = folds[rows] == fold
        if not test.any():
            continue
        train = ~test
        median[test], scale[test] = standardised(
            (x[train], who[train], y[train]), (x[test], who[test])
        )
        for q in (0, 1):
            mine, theirs = test & (who == q), train & (who == q)
            if mine.any():
                met = y[theirs] < goals[:, mine][:, :1] if theirs.any() else np.full((3, 1), 0.5)
                base[:, mine] = met.mean(axis=1, keepdims=True)
    within = t_below((y - median) / scale)
    met = y < goals
    chance = t_below((goals - median) / scale)
    covered = [np.mean(np.abs(within - 0.5) < 0.5 * share) for share in (0.5, 0.8, 0.95)]
    return {
        "cell": "+".join(inputs) + ">" + target, "n": len(y),
        "cov50": covered[0], "cov80": covered[1], "cov95": covered[2],
        "error_pct": 100 * np.median(np.abs(np.expm1(median - y))),
        "brier": np.mean((chance - met) ** 2), "brier_base": np.mean((base - met) ** 2),
    }  # fmt: skip


def _goals(log_target, sex, who):
    """(3, n) goals: quartiles of everybody of that sex with a time over the target."""
    known = np.isfinite(log_target)
    both = [
        np.quantile(log_target[known & (sex == q)], QUARTILES)
        if (known & (sex == q)).any()
        else np.full(3, np.nan)
        for q in (0, 1)
    ]
    return np.array(both)[who].T


def table_of(folder):
    """Every cell of the UK club, cross-validated here."""
    log_time, sex = groups_of(folder)["uk_club"]
    folds = np.random.default_rng(SEED).integers(0, FOLDS, len(sex))
    events = [name for name in EVENTS if name != "3000"]
    rows = []
    for inputs in possible(events):
        for target in events[2:]:
            if target in inputs:
                continue
            if len(cell_rows(log_time, sex, inputs, target)[1]) >= FEWEST[len(inputs)]:
                rows.append(cross_validated(log_time, sex, folds, inputs, target))
    return pd.DataFrame(rows)


def pooled(table, column):
    """Mean of a column, weighted by n."""
    return float((table[column] * table["n"]).sum() / table["n"].sum())


def report_rows(folder):
    """Print coverage and Brier scores; True when the 80 % interval holds 78 to 82 %."""
    table = table_of(folder)
    shown = table[table["cell"].isin(SHOWN)].set_index("cell").loc[list(SHOWN)]
    shown["skill"] = 1.0 - shown["brier"] / shown["brier_base"]
    print("\nUK club, ten folds by athlete, nobody forecast from a fit that saw him:")
    print(shown.round(3).to_string())
    print(f"{len(table)} cells, {table['n'].sum()} forecasts: " + ", ".join(
        f"{name} {pooled(table, name):.3f}" for name in ("cov50", "cov80", "cov95", "brier",
                                                          "brier_base")))  # fmt: skip
    return 0.78 <= pooled(table, "cov80") <= 0.82


def report_earlier(file):
    """Print the pooled coverage of an earlier cross-validation; True when it is 78 to 82 %."""
    table = pd.read_csv(file)
    print(f"\n{file.name}: {len(table)} cells, {table['n'].sum()} forecasts: " + ", ".join(
        f"{name} {pooled(table, name):.3f}" for name in ("cov50", "cov80", "cov95", "brier",
                                                          "brier_base")))  # fmt: skip
    return 0.78 <= pooled(table, "cov80") <= 0.82


def main():
    """Print everything; status 1 when an example or a coverage is off."""
    good = True
    for sex, times, goal, printed, found, base, same in examples():
        good &= same
        print(f"{'ok   ' if same else 'WRONG'} {sex} {times:20s} {goal:11s} {found}  "
              f"printed {printed}  {base}")  # fmt: skip
    shared = os.environ.get("GAITLAB_SHARED_DATA", "")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(shared) / "potential"
    if (folder / "recommended_cv.csv").exists():
        good &= report_earlier(folder / "recommended_cv.csv")
    if (folder / "bests.parquet").exists():
        good &= report_rows(folder)
    else:
        print(f"no research rows in {folder}: coverage and Brier scores left out")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
