"""Columns of a vendor's table as arrays in SI units."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.recordings.tables import not_numbers
from gaitlab.recordings.vendors.source import Source

if TYPE_CHECKING:
    import pandas as pd


def numbers(source: Source, frame: "pd.DataFrame", names: Sequence[str]) -> Floats:
    """(n, len(names)) of the named columns, NaN where a cell is empty.

    Raises InputError for a cell that holds text, naming it.
    """
    return np.column_stack([_number_column(source, frame, name) for name in names])


def _number_column(source: Source, frame: "pd.DataFrame", name: str) -> Floats:
    import pandas as pd

    column = frame[name]
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64)
    values = pd.to_numeric(column, errors="coerce")
    text = np.flatnonzero(values.isna().to_numpy() & column.notna().to_numpy())
    if len(text):
        row = int(text[0])
        detail = f"row {row + 1} below the header holds {str(column.iloc[row])[:40]!r}"
        raise not_numbers(source.path, name, detail)
    return values.to_numpy(np.float64)


def unwrapped(ticks: Floats, modulus: float) -> Floats:
    """A counter that starts again at ``modulus``, made to run on.

    >>> unwrapped(np.array([254.0, 255.0, 0.0, 1.0]), 256.0)
    array([254., 255., 256., 257.])
    """
    step = np.diff(ticks, prepend=ticks[:1])
    return ticks + modulus * np.cumsum(step < -modulus / 2)


def at_times(time_s: Floats, other_s: Floats, values: Floats, longest_s: float) -> Floats:
    """``values`` (m, k), sampled at ``other_s``, on the clock ``time_s``; linear between samples.

    NaN outside the other series and inside holes longer than ``longest_s``.
    """
    order = np.argsort(other_s, kind="stable")
    other_s, values = other_s[order], values[order]
    out = np.column_stack(
        [np.interp(time_s, other_s, column, np.nan, np.nan) for column in values.T]
    )
    after = np.searchsorted(other_s, time_s).clip(1, max(len(other_s) - 1, 1))
    hole_s = other_s[after.clip(max=len(other_s) - 1)] - other_s[after - 1]
    out[hole_s > longest_s] = np.nan
    return out
