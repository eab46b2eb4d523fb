"""Do the stated uncertainties hold? Intervals of medians and contacts, and class chances."""

import numpy as np
import pandas as pd

from gaitlab.model.analysis import Analysis
from gaitlab.model.units import RAD_PER_DEG

HALF_WIDTH = 1.645  # standard uncertainties on each side of a 90 % interval
FEWEST = 5
N_BINS = 10
DRAWS = 2000  # of athletes, for the range of a share
CLASSES = ("rearfoot", "midfoot", "forefoot")
TRUE_COLUMN = {
    "contact_time_s": "contact_time_s",
    "flight_time_s": "flight_time_s",
    "step_time_s": "step_time_s",
    "stride_time_s": "stride_time_s",
    "swing_time_s": "swing_time_s",
    "cadence_spm": "cadence_spm",
    "duty_factor": "duty_factor",
    "strike_angle_rad": "strike_angle_deg",
    "stride_length_m": "stride_length_m",
    "speed_mps": "speed_mps",
}
PER_CONTACT = {
    "initial contact": ("ic_error_ms", "found_ic_sd_s", 1000.0),
    "terminal contact": ("tc_error_ms", "found_tc_sd_s", 1000.0),
    "contact time": ("contact_error_ms", "found_contact_time_sd_s", 1000.0),
    "strike angle": ("angle_error_deg", "found_strike_angle_sd_deg", 1.0),
    "stride length": ("length_error_m", "found_stride_length_sd_m", 1.0),
}


def interval_rows(analysis: Analysis, pairs: pd.DataFrame) -> pd.DataFrame:
    """One row per metric, foot and activity: does the 90 % interval hold the true median?

    The true median is over the same contacts, those that gaitlab counts as that activity.
    """
    rows = []
    for item in analysis.summaries:
        if item.metric not in TRUE_COLUMN or item.scope == "both" or item.n < FEWEST:
            continue
        mine = pairs[
            (pairs["found_foot"] == item.scope)
            & (pairs["found_activity"] == item.activity)
            & pairs["found_valid"].astype(bool)
        ]
        true = mine[f"true_{TRUE_COLUMN[item.metric]}"].dropna().to_numpy(float)
        if len(true) < FEWEST:
            continue
        factor = RAD_PER_DEG if item.metric.endswith("_rad") else 1.0
        error = item.median - factor * float(np.median(true))
        rows.append(
            {
                "metric": item.metric, "foot": item.scope, "activity": item.activity,
                "quality": item.quality, "n_contacts": item.n, "error": error,
                "uncertainty": item.uncertainty,
                "inside": abs(error) <= HALF_WIDTH * item.uncertainty,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def coverage(intervals: pd.DataFrame, by: str) -> pd.DataFrame:
    """Share of intervals that hold the truth, its range by athletes, and median error / u."""
    ratio = np.abs(intervals["error"]) / intervals["uncertainty"]
    grouped = intervals.assign(ratio=ratio).groupby(by, sort=False)
    ranges = {key: _range_pct(part["inside"], part["athlete"]) for key, part in grouped}
    low, high = zip(*(ranges[key] for key in grouped.size().index), strict=True)
    return pd.DataFrame(
        {
            "n": grouped.size(), "inside_pct": 100 * grouped["inside"].mean(),
            "low_pct": low, "high_pct": high, "median_ratio": grouped["ratio"].median(),
        }
    )  # fmt: skip


def _range_pct(inside: pd.Series, athlete: pd.Series) -> tuple[float, float]:
    """90 % range of the share, had other athletes been drawn (bootstrap over them).

    All contacts and recordings of one athlete share one error: they are not independent.
    """
    per = inside.groupby(athlete).agg(["sum", "count"]).to_numpy(float)
    drawn = np.random.default_rng(0).integers(0, len(per), (DRAWS, len(per)))
    share = 100.0 * per[drawn, 0].sum(axis=1) / per[drawn, 1].sum(axis=1)
    low, high = np.percentile(share, [5.0, 95.0])
    return float(low), float(high)


def contact_coverage(pairs: pd.DataFrame) -> pd.DataFrame:
    """Share of single contacts whose 90 % interval holds the truth, per kind of number."""
    length_m = pairs["found_stride_length_m"] - pairs["true_stride_length_m"]
    pairs = pairs.assign(length_error_m=length_m)
    rows = []
    for name, (error, sd, factor) in PER_CONTACT.items():
        ratio = np.abs(pairs[error]) / (factor * pairs[sd])
        ratio = ratio[np.isfinite(ratio)]
        if len(ratio):
            inside = 100 * float((ratio <= HALF_WIDTH).mean())
            rows.append({"number": name, "n": len(ratio), "inside_pct": inside})
    return pd.DataFrame(rows)


def reliability(pairs: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """How often the likeliest class is right, per tenth of its probability; and the mean gap.

    The gap is the expected calibration error: |share right - mean probability|, averaged over
    all contacts. Strikes near a class limit are in: they are what probabilities are for.
    """
    p = pairs[[f"found_p_{name}" for name in CLASSES]].to_numpy(float)
    known = np.isfinite(p).all(axis=1) & pairs["true_strike"].isin(CLASSES).to_numpy()
    p, true = p[known], pairs.loc[known, "true_strike"].to_numpy()
    if not len(p):
        return pd.DataFrame(columns=["low", "n", "stated", "right"]), float("nan")
    best = p.argmax(axis=1)
    stated, right = p.max(axis=1), np.array(CLASSES)[best] == true
    bins = np.minimum((stated * N_BINS).astype(int), N_BINS - 1)
    n = np.bincount(bins, minlength=N_BINS)
    used = n > 0
    mean_stated = np.bincount(bins, stated, N_BINS)[used] / n[used]
    mean_right = np.bincount(bins, right.astype(float), N_BINS)[used] / n[used]
    gap = float((n[used] * np.abs(mean_right - mean_stated)).sum() / n.sum())
    table = pd.DataFrame(
        {
            "low": np.arange(N_BINS)[used] / N_BINS, "n": n[used],
            "stated": mean_stated, "right": mean_right,
        }
    )  # fmt: skip
    return table, gap
