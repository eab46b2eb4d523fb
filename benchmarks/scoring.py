"""Score an analysis against exact truth: matched contacts, and the error of every number.

Contacts are matched one to one within 80 ms per foot. Truth that lies in a hole of the data, and
strikes within 1.5 degrees of a class limit, are not scored.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaitlab.model.analysis import Analysis
from gaitlab.tables import contacts_frame

TOLERANCE_S = 0.080


@dataclass(frozen=True)
class Score:
    """Matched pairs of one recording, and what was missed or invented."""

    name: str
    pairs: pd.DataFrame
    missed: int
    invented: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall over all contacts."""
        n = len(self.pairs)
        return 2 * n / (2 * n + self.missed + self.invented) if n else 0.0


def match(found_s: np.ndarray, truth_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (found, truth) of nearest neighbours that choose each other within tolerance."""
    if not len(found_s) or not len(truth_s):
        nothing = np.empty(0, dtype=int)
        return nothing, nothing
    gap = np.abs(found_s[:, None] - truth_s[None, :])
    nearest_truth, nearest_found = gap.argmin(axis=1), gap.argmin(axis=0)
    found = np.flatnonzero(nearest_found[nearest_truth] == np.arange(len(found_s)))
    truth = nearest_truth[found]
    near = gap[found, truth] <= TOLERANCE_S
    return found[near], truth[near]


def score(analysis: Analysis, truth: pd.DataFrame) -> Score:
    """Score one analysis; ``truth`` has the columns of the simulators' truth tables."""
    found = contacts_frame(analysis)
    truth = truth[truth["ic_time"].notna()]
    pairs, missed, invented = [], 0, 0
    for foot in sorted(set(truth["foot"])):
        mine = found[found["foot"] == foot].reset_index(drop=True)
        real = truth[truth["foot"] == foot].reset_index(drop=True)
        i, j = match(mine["ic_time_s"].to_numpy(), real["ic_time"].to_numpy())
        left, right = mine.iloc[i].reset_index(drop=True), real.iloc[j].reset_index(drop=True)
        pairs.append(pd.concat([left.add_prefix("found_"), right.add_prefix("true_")], axis=1))
        hidden = real["in_gap"].astype(bool).to_numpy()
        missed += int((~np.isin(np.arange(len(real)), j) & ~hidden).sum())
        extra = ~np.isin(np.arange(len(mine)), i)
        invented += int(extra.sum())
    table = pd.concat(pairs, ignore_index=True)
    table = table[~table["true_in_gap"].astype(bool)].reset_index(drop=True)
    return Score(analysis.recording.name, _with_errors(table), missed, invented)


def _with_errors(table: pd.DataFrame) -> pd.DataFrame:
    table["ic_error_ms"] = 1000 * (table["found_ic_time_s"] - table["true_ic_time"])
    table["tc_error_ms"] = 1000 * (table["found_tc_time_s"] - table["true_tc_time"])
    table["contact_error_ms"] = 1000 * (
        table["found_contact_time_s"] - table["true_contact_time_s"]
    )
    table["cadence_error_spm"] = table["found_cadence_spm"] - table["true_cadence_spm"]
    table["angle_error_deg"] = table["found_strike_angle_deg"] - table["true_strike_angle_deg"]
    for name in ("stride_length_m", "speed_mps"):
        column = f"{name.rsplit('_', 1)[0]}_error_pct"
        table[column] = 100 * (table[f"found_{name}"] / table[f"true_{name}"] - 1)
    table["strike_right"] = table["found_strike"] == table["true_strike"]
    return table
