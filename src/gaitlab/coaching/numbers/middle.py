"""Middle, spread and strike shares of a handful of contacts, as pages for coaches print them."""

import numpy as np

from gaitlab.coaching.numbers.regress import MAD_TO_SD
from gaitlab.model.gait import STRIKES, UNKNOWN_STRIKE, Contacts
from gaitlab.model.units import Floats


def middle_of(values: Floats) -> tuple[float, float]:
    """Median and robust SD of the known values; two NaN when none is.

    >>> middle_of(np.array([1.0, 2.0, np.nan, 3.0]))[0]
    2.0
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), float("nan")
    middle = float(np.median(known))
    return middle, MAD_TO_SD * float(np.median(np.abs(known - middle)))


def strike_shares_of(contacts: Contacts) -> tuple[float, float, float]:
    """Rearfoot, midfoot and forefoot among the contacts with a class; NaN when none has one."""
    counts = np.bincount(contacts.strike, minlength=len(STRIKES))[:UNKNOWN_STRIKE]
    total = counts.sum()
    rear, mid, fore = counts / total if total else np.full(3, np.nan)
    return float(rear), float(mid), float(fore)
