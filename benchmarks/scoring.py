"""Score an analysis against exact truth: matched contacts, and the error of every number.

Contacts are matched one to one within 80 ms per foot. Truth that lies in a hole of the data is not
scored; strikes within 1.5 degrees of a class limit are marked as ``boundary``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaitlab.model.analysis import Analysis
from gaitlab.tables import contacts_frame

TOLERANCE_S = 0.080
STANDING_S = 1.0  # a contact further than this from any true one was invented at rest
STRIKE_LIMITS_DEG, BOUNDARY_DEG = (-1.6, 8.0), 1.5


@dataclass(frozen=True)
class Score:
    """Matched pairs of one recording, and what was missed or invented.

    pairs : one row per matched contact: ``found_*``, ``true_*`` and ``*_error_*``
    missing : true contacts that were not found;  extra : found ones that are not there,
        with the activity and speed of the nearest true contact, "rest" when there is none near
    """

    name: str
    pairs: pd.DataFrame
    missing: pd.DataFrame
    extra: pd.DataFrame

    @property
    def missed(self) -> int:
        """Number of true contacts that were not found."""
        return len(self.missing)

    @property
    def invented(self) -> int:
        """Number of contacts that are not there."""
        return len(self.extra)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall over all contacts."""
        return f1(len(self.pairs), self.missed, self.invented)


def f1(n_pairs: int, n_missed: int, n_invented: int) -> float:
    """Harmonic mean of precision and recall; 0 when nothing was found."""
    return 2 * n_pairs / (2 * n_pairs + n_missed + n_invented) if n_pairs else 0.0


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


def prepared(truth: pd.DataFrame) -> pd.DataFrame:
    """The truth of either simulator under the same names, without contacts that never began.

    Adds ``band_mps``: the speed of the stride, or of the nearest stride of that foot where the
    contact begins none; ``boundary`` and ``step_time_s`` where they are absent. The angle is the
    one against quiet standing where the truth knows it.
    """
    truth = truth.rename(columns={"ic_time_s": "ic_time", "tc_time_s": "tc_time"})
    truth = truth[truth["ic_time"].notna()].sort_values("ic_time").reset_index(drop=True)
    if "strike_angle_standing_deg" in truth:
        truth["strike_angle_deg"] = truth["strike_angle_standing_deg"]
    if "boundary" not in truth:
        near = [np.abs(truth["strike_angle_deg"] - limit) for limit in STRIKE_LIMITS_DEG]
        truth["boundary"] = np.minimum(*near) < BOUNDARY_DEG
    truth["swing_time_s"] = truth["stride_time_s"] - truth["contact_time_s"]
    truth["duty_factor"] = truth["contact_time_s"] / truth["stride_time_s"]
    truth["in_gap"] = truth["in_gap"].astype(bool)
    truth["band_mps"] = truth.groupby("foot")["speed_mps"].transform(lambda v: v.ffill().bfill())
    return truth


def score(analysis: Analysis, truth: pd.DataFrame) -> Score:
    """Score one analysis; ``truth`` has the columns of the simulators' truth tables."""
    found = contacts_frame(analysis)
    truth = prepared(truth)
    pairs, missing, extra = [], [], []
    for foot in sorted(set(truth["foot"])):
        mine = found[found["foot"] == foot].reset_index(drop=True)
        real = truth[truth["foot"] == foot].reset_index(drop=True)
        i, j = match(mine["ic_time_s"].to_numpy(), real["ic_time"].to_numpy())
        left, right = mine.iloc[i].reset_index(drop=True), real.iloc[j].reset_index(drop=True)
        pairs.append(pd.concat([left.add_prefix("found_"), right.add_prefix("true_")], axis=1))
        unseen = ~np.isin(np.arange(len(real)), j) & ~real["in_gap"].to_numpy()
        missing.append(real[unseen])
        extra.append(_placed(mine[~np.isin(np.arange(len(mine)), i)], real))
    table = pd.concat(pairs, ignore_index=True)
    table = table[~table["true_in_gap"]].reset_index(drop=True)
    return Score(
        analysis.recording.name,
        with_errors(table),
        pd.concat(missing, ignore_index=True),
        pd.concat(extra, ignore_index=True),
    )


def _placed(found: pd.DataFrame, real: pd.DataFrame) -> pd.DataFrame:
    """Invented contacts with the activity and speed of what truly happened around them."""
    gap_s = np.abs(found["ic_time_s"].to_numpy()[:, None] - real["ic_time"].to_numpy()[None, :])
    if not gap_s.size:
        return found.assign(near_activity="rest", band_mps=np.nan)
    nearest = gap_s.argmin(axis=1)
    around = gap_s.min(axis=1) < STANDING_S
    return found.assign(
        near_activity=np.where(around, real["activity"].to_numpy()[nearest], "rest"),
        band_mps=real["band_mps"].to_numpy()[nearest],
    )


def with_errors(table: pd.DataFrame) -> pd.DataFrame:
    """Found minus true for every number; lengths and speeds in per cent."""
    errors = {
        "ic_error_ms": 1000 * (table["found_ic_time_s"] - table["true_ic_time"]),
        "tc_error_ms": 1000 * (table["found_tc_time_s"] - table["true_tc_time"]),
        "cadence_error_spm": table["found_cadence_spm"] - table["true_cadence_spm"],
        "angle_error_deg": table["found_strike_angle_deg"] - table["true_strike_angle_deg"],
        "strike_right": table["found_strike"] == table["true_strike"],
        "strike_unknown": table["found_strike"] == "unknown",
    }
    for name in ("contact", "flight", "stride"):
        found, true = table[f"found_{name}_time_s"], table[f"true_{name}_time_s"]
        errors[f"{name}_error_ms"] = 1000 * (found - true)
    for name, column in (("length", "stride_length_m"), ("speed", "speed_mps")):
        wanted = table[f"true_{column}"].where(np.abs(table[f"true_{column}"]) > 0.3)
        errors[f"{name}_error_pct"] = 100 * (table[f"found_{column}"] / wanted - 1)
    errors["stride_length_error_pct"] = errors["length_error_pct"]
    return pd.concat([table, pd.DataFrame(errors)], axis=1)
