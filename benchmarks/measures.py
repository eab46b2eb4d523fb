"""The errors of many recordings as one table, and the numbers that describe a part of it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cases import Case
from certainty import interval_rows
from gaitlab.pipeline import analyze
from scoring import f1, score

BANDS = (
    ("run, below 3 m/s", 0.0, 3.0),
    ("run, 3 to 4.5", 3.0, 4.5),
    ("run, 4.5 to 6", 4.5, 6.0),
    ("run, 6 to 7.5", 6.0, 7.5),
    ("run, 7.5 to 9", 7.5, 9.0),
    ("run, 9 to 13", 9.0, 13.0),
)
OTHER_ACTIVITIES = ("walk", "hop", "bound")
RUNNING = ("run", "sprint")
FEWEST = 8  # contacts of a foot before it can be the worst one
BIASED = ("ic_error_ms", "tc_error_ms", "angle_error_deg", "length_error_pct", "speed_error_pct")


@dataclass(frozen=True)
class Results:
    """Every contact of every case, with the case's facts in each row.

    pairs, missing, extra : as in ``scoring.Score``;  intervals : see ``certainty``
    cases : one row per case with its facts, warnings and counts
    """

    pairs: pd.DataFrame
    missing: pd.DataFrame
    extra: pd.DataFrame
    intervals: pd.DataFrame
    cases: pd.DataFrame

    def where(self, mask: pd.Series) -> "Results":
        """The cases picked by a mask over ``cases``."""
        names = set(self.cases.loc[mask, "case"])
        parts = (self.pairs, self.missing, self.extra, self.intervals, self.cases)
        return Results(*(part[part["case"].isin(names)] for part in parts))

    def only(self, kind: str) -> "Results":
        """The contacts of one band or activity (a value of ``band_of``)."""
        pairs, missing, extra = (
            part[part["band"] == kind] for part in (self.pairs, self.missing, self.extra)
        )
        return Results(pairs, missing, extra, self.intervals, self.cases)


def measure(cases: Iterable[Case], progress=lambda case: None) -> Results:
    """Analyse and score every case, one after the other."""
    parts: dict[str, list[pd.DataFrame]] = {
        name: [] for name in ("pairs", "missing", "extra", "intervals", "cases")
    }
    for case in cases:
        progress(case)
        analysis = analyze(case.recording)
        result = score(analysis, case.truth)
        labels = {
            "case": case.name, "source": case.source, "family": case.family, "fault": case.fault,
            **case.facts,
        }  # fmt: skip
        told = pd.DataFrame([{"warnings": " ".join(analysis.warnings)}])
        intervals = interval_rows(analysis, result.pairs)
        made = (result.pairs, result.missing, result.extra, intervals, told)
        for name, part in zip(parts, made, strict=True):
            parts[name].append(part.assign(**labels))
    pairs, missing, extra, intervals, told = (
        pd.concat([part for part in group if len(part)] or group, ignore_index=True)
        for group in parts.values()
    )
    return Results(
        _with_band(pairs, "true_activity", "true_band_mps"),
        _with_band(missing, "activity", "band_mps"),
        _with_band(extra, "near_activity", "band_mps"),
        intervals,
        told,
    )


def _with_band(table: pd.DataFrame, activity: str, speed: str) -> pd.DataFrame:
    if not len(table):
        return table.assign(band=pd.Series(dtype=str))
    return table.assign(band=band_of(table[activity], table[speed].to_numpy(float)))


def band_of(activity: pd.Series, speed_mps: np.ndarray) -> np.ndarray:
    """Name of the speed band of a running contact, else its activity."""
    edges = np.array([start for _, start, _ in BANDS])
    which = np.clip(np.searchsorted(edges, speed_mps, "right") - 1, 0, len(BANDS) - 1)
    names = np.array([name for name, _, _ in BANDS], dtype=object)[which]
    return np.where(np.isin(activity, RUNNING), names, activity)


def describe(part: Results, *, unclipped: bool = False) -> dict[str, float]:
    """The numbers of one row of a table: counts over all contacts, errors over the valid ones.

    unclipped : leave out contacts that are flagged as clipped (not from the counts)
    """
    pairs = part.pairs
    counted = pairs[pairs["found_valid"].astype(bool)]
    if unclipped:
        counted = counted[~clipped(counted)]
    row = {
        "n": len(pairs) + len(part.missing),
        "f1": f1(len(pairs), len(part.missing), len(part.extra)),
        "left_out_pct": 100 * _mean(~pairs["found_valid"].astype(bool)),
        "clipped_pct": 100 * _mean(clipped(pairs)),
        "contact_mae_ms": _mean(np.abs(counted["contact_error_ms"])),
        "cadence_median_spm": _median(counted["cadence_error_spm"]),
        "length_missing_pct": 100 * _mean(_unknown(counted, "stride_length_m", "stride_length_m")),
    }
    for column in BIASED:
        row[f"{column}:bias"] = _mean(counted[column])
        row[f"{column}:sd"] = _sd(counted[column])
    clear = counted[~counted["true_boundary"].astype(bool)]
    known = clear[~clear["strike_unknown"]]
    row["strike_right_pct"] = 100 * _mean(known["strike_right"])
    row["strike_right_or_unknown_pct"] = 100 * _mean(
        clear["strike_right"] | clear["strike_unknown"]
    )
    row["strike_unknown_pct"] = 100 * _mean(clear["strike_unknown"])
    row["cadence_abs_spm"] = abs(row["cadence_median_spm"])
    return row


def clipped(pairs: pd.DataFrame) -> pd.Series:
    """(n,) contacts that gaitlab flagged as clipped."""
    return pairs["found_flags"].str.contains("clipped")


def _unknown(pairs: pd.DataFrame, found: str, true: str) -> pd.Series:
    return pairs[f"found_{found}"].isna() & pairs[f"true_{true}"].notna()


def feet(part: Results) -> list[tuple[str, str, Results]]:
    """Each foot of each recording by itself: (case, foot, its contacts)."""
    keys = sorted(set(zip(part.pairs["case"], part.pairs["true_foot"], strict=True)))
    made = []
    for case, foot in keys:
        pairs = part.pairs[(part.pairs["case"] == case) & (part.pairs["true_foot"] == foot)]
        missing = part.missing[(part.missing["case"] == case) & (part.missing["foot"] == foot)]
        extra = part.extra[(part.extra["case"] == case) & (part.extra["foot"] == foot)]
        made.append((case, foot, Results(pairs, missing, extra, part.intervals, part.cases)))
    return made


def worst_foot(part: Results, *, unclipped: bool = False) -> dict[str, tuple[float, str]]:
    """For every number of ``describe`` the worst single foot of a recording, and which."""
    worst: dict[str, tuple[float, str]] = {}
    for case, foot, mine in feet(part):
        counted = mine.pairs["found_valid"].astype(bool)
        if unclipped:
            counted &= ~clipped(mine.pairs)
        if int(counted.sum()) < FEWEST:
            continue
        for name, value in describe(mine, unclipped=unclipped).items():
            if np.isfinite(value) and _worse(name, value, worst.get(name, (np.nan, ""))[0]):
                worst[name] = (value, f"{case} {foot}")
    return worst


def _worse(name: str, value: float, than: float) -> bool:
    if not np.isfinite(than):
        return True
    if name == "f1" or name.startswith("strike_right"):
        return value < than
    return abs(value) > abs(than)


def _mean(values) -> float:
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else float("nan")


def _median(values) -> float:
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    return float(np.median(values)) if len(values) else float("nan")


def _sd(values) -> float:
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")
