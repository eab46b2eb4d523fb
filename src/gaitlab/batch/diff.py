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


def differences(old: "pd.DataFrame", new: "pd.DataFrame") -> "pd.DataFrame":
    """One row per metric and athlete with a change: how many recordings, how much.

    old, new : of :func:`runs_of`; only recordings in both are compared.
    Columns: metric, athlete, recordings (compared), changed, gained, lost (a number that was
    not there, or is not any more), median_change, largest_change, in the metric's unit.
    """
    import pandas as pd

    both = old.index.intersection(new.index)
    old, new = old.loc[both], new.loc[both]
    names = [item.column for item in CATALOG] + list(COUNTS)
    rows = []
    for name in names:
        if name not in old or name not in new:
            continue
        before, after = old[name].to_numpy(float), new[name].to_numpy(float)
        for athlete, places in new.groupby("athlete_name").indices.items():
            row = _compared(name, str(athlete), before[places], after[places])
            if row["changed"] or row["gained"] or row["lost"]:
                rows.append(row)
    columns = ["metric", "athlete", "recordings", "changed", "gained", "lost", "median_change",
               "largest_change"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _compared(name: str, athlete: str, before: np.ndarray, after: np.ndarray) -> dict[str, object]:
    there = np.isfinite(before) & np.isfinite(after)
    change = np.where(there, after - before, 0.0)
    moved = np.abs(change) > SAME * np.maximum(np.abs(np.where(there, before, 0.0)), 1e-12)
    largest = change[np.argmax(np.abs(change))] if len(change) else 0.0
    return {
        "metric": name, "athlete": athlete, "recordings": len(before),
        "changed": int(moved.sum()),
        "gained": int((~np.isfinite(before) & np.isfinite(after)).sum()),
        "lost": int((np.isfinite(before) & ~np.isfinite(after)).sum()),
        "median_change": float(np.median(change[moved])) if moved.any() else 0.0,
        "largest_change": float(largest),
    }  # fmt: skip
