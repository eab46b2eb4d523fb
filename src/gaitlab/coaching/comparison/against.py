"""Our numbers beside those of a watch or foot pod that ran along: how far do they agree?

Neither is the truth. Where both are there in the same second, the differences are theirs minus
ours: their median is the bias, their robust spread the agreement (Bland & Altman 1986).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.coaching.numbers.middle import middle_of
from gaitlab.metrics.by_second import Seconds
from gaitlab.model.errors import AnalysisError, UsageError
from gaitlab.model.series import ReferenceSeries
from gaitlab.model.units import Floats, Ints

#: quantities that both know
QUANTITIES: Final = ("speed_mps", "cadence_spm", "contact_time_s", "step_length_m",
                     "vertical_oscillation_m")  # fmt: skip
FEWEST_S = 20
LEAST_LIKENESS = 0.5
OTHER_PLACE_S = 15  # a second best place that far away is another one


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """One quantity, theirs minus ours, over the seconds that both have.

    n : seconds;  bias, spread : median and robust SD of the differences
    ours, theirs : medians over the same seconds;  origin : which field of which device
    reason : why there is no number
    """

    quantity: str
    n: int
    bias: float
    spread: float
    ours: float
    theirs: float
    origin: str
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """Both on one time axis, a row a second, and the differences.

    time_s : (n,) on the recording's axis;  ours, theirs : (n,) by quantity
    offset_s : recording time at which the other series begins
    likeness : correlation of the two cadences at that offset, NaN when it was given
    doubt : what speaks against the offset, empty when nothing does
    """

    time_s: Floats
    ours: dict[str, Floats]
    theirs: dict[str, Floats]
    differences: tuple[Difference, ...]
    offset_s: float
    likeness: float
    doubt: str


def against(seconds: Seconds, series: ReferenceSeries, offset_s: float | None = None) -> Against:
    """Lay a series beside a run; without an offset it is found by the two cadences.

    Raises AnalysisError when they share too little to be laid beside each other.
    """
    theirs = _each_second(series)
    likeness, doubt = float("nan"), ""
    if offset_s is None:
        offset_s, likeness, doubt = _found(seconds, theirs["cadence_spm"])
    if not np.isfinite(offset_s):
        raise UsageError(f"{offset_s} is no offset", "it is not a number", "give seconds")
    shift = round(offset_s - seconds.start_s)
    first, last = max(0, shift), min(len(seconds), shift + len(theirs["cadence_spm"]))
    if last - first < FEWEST_S:
        raise AnalysisError(
            "the two have no time in common",
            f"with an offset of {offset_s:.0f} s they share {max(last - first, 0)} s",
            "check --offset, or that both are of the same run",
        )
    own = {name: seconds.means[name][first:last] for name in QUANTITIES}
    other = {name: theirs[name][first - shift : last - shift] for name in QUANTITIES}
    return Against(
        np.asarray(seconds.start_s + np.arange(first, last) + 0.5, np.float64), own, other,
        tuple(_difference(name, own[name], other[name], series) for name in QUANTITIES),
        offset_s, likeness, doubt,
    )  # fmt: skip


def _each_second(series: ReferenceSeries) -> dict[str, Floats]:
    """Every quantity at whole seconds; NaN where the device was silent, or said zero."""
    second = np.floor(series.time_s).astype(np.int64)
    n = int(second[-1]) + 1
    table = {}
    for name in QUANTITIES:
        values = series.quantity(name)
        row = np.full(n, np.nan)
        known = np.isfinite(values) & (values > 0)
        row[second[known]] = values[known]
        table[name] = row
    return table


def _found(seconds: Seconds, theirs: Floats) -> tuple[float, float, str]:
    """Where the other's cadence fits best: offset, likeness, and doubts."""
    ours = seconds.means["cadence_spm"]
    if np.isfinite(theirs).sum() < FEWEST_S or np.isfinite(ours).sum() < FEWEST_S:
        raise AnalysisError(
            "they cannot be laid beside each other by themselves",
            f"at least {FEWEST_S} s of cadence are needed in both",
            "say with --offset at which second of the recording the other one begins",
        )
    lags, like = _likeness(np.nan_to_num(ours), np.nan_to_num(theirs))
    best = int(np.argmax(like))
    likeness = float(like[best])
    if likeness < LEAST_LIKENESS:
        raise AnalysisError(
            "they cannot be laid beside each other by themselves",
            f"their cadences are alike only to {likeness:.2f} at the best place",
            "say with --offset at which second of the recording the other one begins",
        )
    elsewhere = np.abs(lags - lags[best]) > OTHER_PLACE_S
    second = float(like[elsewhere].max()) if elsewhere.any() else 0.0
    doubt = (
        f"another place fits nearly as well ({second:.2f} against {likeness:.2f})"
        if second > 0.95 * likeness
        else ""
    )
    return seconds.start_s + float(lags[best]), likeness, doubt


def _likeness(a: Floats, b: Floats) -> tuple[Ints, Floats]:
    """Lags of ``b`` behind ``a`` and, at each, the correlation over what they share.

    Zero where they share less than half of the shorter one.
    """
    from scipy.signal import correlate, correlation_lags

    one_a, one_b = np.ones(len(a)), np.ones(len(b))
    n = np.maximum(np.round(correlate(one_a, one_b)), 1)
    sum_a, sum_b = correlate(a, one_b), correlate(one_a, b)
    var_a = correlate(a**2, one_b) - sum_a**2 / n
    var_b = correlate(one_a, b**2) - sum_b**2 / n
    scale = np.sqrt(np.maximum(var_a, 0) * np.maximum(var_b, 0))
    least = max(FEWEST_S, 0.5 * min(len(a), len(b)))
    steady = 1e-6 * float(scale.max(initial=0.0))
    like = np.divide(
        correlate(a, b) - sum_a * sum_b / n, scale,
        out=np.zeros(len(n)), where=(scale > steady) & (n >= least),
    )  # fmt: skip
    return np.asarray(correlation_lags(len(a), len(b)), np.int64), like


def _difference(name: str, ours: Floats, theirs: Floats, series: ReferenceSeries) -> Difference:
    both = np.isfinite(ours) & np.isfinite(theirs)
    n = int(both.sum())
    nan = float("nan")
    if n < FEWEST_S:
        which = "theirs" if np.isfinite(theirs).sum() < FEWEST_S else "ours"
        reason = f"not comparable: {which} has no such number in most seconds"
        return Difference(name, n, nan, nan, nan, nan, series.origin(name), reason)
    bias, spread = middle_of(theirs[both] - ours[both])
    return Difference(
        name, n, bias, spread, float(np.median(ours[both])), float(np.median(theirs[both])),
        series.origin(name),
    )  # fmt: skip
