"""Which numbers a new program changes: two sets of results over the same recordings."""

from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.batch.dataset import PACKED, Results
from gaitlab.metrics.catalog import CATALOG
from gaitlab.model.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

SAME: Final = 1e-9  # relative; rounding of another machine is no change
COUNTS: Final = ("contacts", "valid_contacts")
COLUMNS: Final = (
    "metric", "athlete", "recordings", "changed", "gained", "lost", "contacts", "old", "new",
    "median_change", "largest_change", "largest_in", "spread",
)  # fmt: skip


def runs_of(results: Results) -> "pd.DataFrame":
    """The packed rows of a set, one per recording, by the digest of its bytes."""
    import pyarrow.parquet as pq

    results.pack()
    path = f"{results.root}/{results.set}/{PACKED}"
    if not results.fs.exists(path):
        raise InputError(
            f"there are no results {results.set} in {results.url}",
            "there are: " + (", ".join(results.sets()) or "none"),
            "name one of them, or a folder of results of another program",
        )
    with results.fs.open(path, "rb") as file:
        frame: pd.DataFrame = pq.read_table(file).to_pandas()
    return frame.drop_duplicates("sha256", keep="last").set_index("sha256")


def differences(
    old: "pd.DataFrame", new: "pd.DataFrame", *, by_athlete: bool = True
) -> "pd.DataFrame":
    """One row per metric and athlete with a change: how many recordings, how much.

    old, new : of :func:`runs_of`; only recordings in both are compared.
    by_athlete : False for one row per metric, of all athletes

    Columns: metric, athlete ("" for all), recordings (compared), changed, gained, lost (a number
    that was not there, or is not any more), contacts (that the new values rest on), old and new
    (middle of the recordings' medians, of those with both), median_change and largest_change
    (new minus old, of those that changed), largest_in (path of that recording), spread (middle of
    the contacts' spread within a recording), in the metric's unit.
    """
    import pandas as pd

    both = old.index.intersection(new.index)
    old, new = old.loc[both], new.loc[both]
    who = new["athlete_name"].astype(str) if by_athlete else pd.Series("", index=new.index)
    groups = {name: np.flatnonzero(who == name) for name in sorted(set(who))}
    rows = []
    for name in [item.column for item in CATALOG] + list(COUNTS):
        if name not in old or name not in new:
            continue
        before = old[name].to_numpy(float)
        for athlete, places in groups.items():
            row = _compared(name, before[places], new.iloc[places])
            if row["changed"] or row["gained"] or row["lost"]:
                rows.append({"metric": name, "athlete": athlete, **row})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _compared(name: str, before: np.ndarray, new: "pd.DataFrame") -> dict[str, object]:
    """One metric in the recordings of one athlete, (k,) values before, k rows now."""
    after = new[name].to_numpy(float)
    there = np.isfinite(before) & np.isfinite(after)
    change = np.where(there, after - before, 0.0)
    moved = np.abs(change) > SAME * np.maximum(np.abs(np.where(there, before, 0.0)), 1e-12)
    counted = next((one for one in (f"{name}_n", "valid_contacts") if one in new), None)
    largest = int(np.argmax(np.abs(change))) if len(change) else 0
    return {
        "recordings": len(before),
        "changed": int(moved.sum()),
        "gained": int((~np.isfinite(before) & np.isfinite(after)).sum()),
        "lost": int((np.isfinite(before) & ~np.isfinite(after)).sum()),
        "contacts": int(new[counted].sum()) if counted else 0,
        "old": _middle(before[there]),
        "new": _middle(after[there]),
        "median_change": _middle(change[moved]) if moved.any() else 0.0,
        "largest_change": float(change[largest]) if len(change) else 0.0,
        "largest_in": str(new["path"].iloc[largest]) if moved.any() and "path" in new else "",
        "spread": _middle(new[f"{name}_sd"].to_numpy(float)) if f"{name}_sd" in new else np.nan,
    }


def _middle(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
