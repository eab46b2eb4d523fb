"""What is a sprint split and what is not; how well it was timed; how far the curve may go."""

from typing import Final

import numpy as np

from gaitlab.coaching.sprint.fit import SprintFit
from gaitlab.coaching.sprint.force import ForceProfile
from gaitlab.model.errors import AnalysisError
from gaitlab.model.units import Bools, Floats

FASTEST_MPS: Final = 13.0  # mean over a part; the fastest measured man ran about 12.3
SLOWEST_MPS: Final = 3.0  # a mean that slow after the first part is no sprint
SLOWEST_START_MPS: Final = 1.5  # mean over the first part, from the start of the clock
SHORTEST_M, LONGEST_M = 1.0, 150.0
LOSS: Final = 0.02  # of the highest speed so far; more, and lasting, ends the curve
LASTING_S: Final = 0.5  # assumption, for traces of speed: two steps of a sprinter
SMOOTH_S: Final = 0.5  # assumption, likewise: speed swings within every step

HAND_STEP_S, GATE_STEP_S = 0.1, 0.01
HAND_SD_S, GATE_SD_S = 0.05, 0.01  # assumptions: reaction of a practised hand; arm in a beam

#: what has been seen in sprinters and team players; outside it the number is printed with a doubt
PLAUSIBLE: Final = {
    "v_max_mps": ("top speed V", "m/s", 1.0, 5.0, 12.5),
    "tau_s": ("time constant", "s", 1.0, 0.7, 1.6),
    "f0_n_per_kg": ("F0", "N/kg", 1.0, 4.0, 11.0),
    "v0_mps": ("V0", "m/s", 1.0, 5.0, 13.0),
    "pmax_w_per_kg": ("Pmax", "W/kg", 1.0, 8.0, 32.0),
    "rf_max": ("RFmax", "%", 100.0, 0.30, 0.65),
    "drf_per_mps": ("DRF", "% per m/s", 100.0, -0.12, -0.04),
}
NOT_A_SPLIT: Final = "not a sprint split"


def checked_splits(distance_m: Floats, time_s: Floats) -> tuple[Floats, Floats]:
    """The splits (n,) in order of distance; 0 m in 0 s is the start and says nothing.

    Raises
    ------
    AnalysisError : not numbers, not rising, or speeds that nobody sprints at.
    """
    distance_m, time_s = np.asarray(distance_m, np.float64), np.asarray(time_s, np.float64)
    start = (distance_m == 0) & (time_s == 0)
    distance_m, time_s = distance_m[~start], time_s[~start]
    _refuse_if(len(distance_m) == 0, "no split was given", "a distance and its time are needed")
    fine = np.isfinite(distance_m) & np.isfinite(time_s) & (distance_m > 0) & (time_s > 0)
    if not fine.all():
        bad = int(np.flatnonzero(~fine)[0])
        _refuse(
            f"{distance_m[bad]:g} m in {time_s[bad]:g} s",
            "distances and times are counted from the start, and are above 0",
        )
    order = np.argsort(distance_m, kind="stable")
    distance_m, time_s = distance_m[order], time_s[order]
    _refuse_if(
        float(distance_m[0]) < SHORTEST_M,
        f"{distance_m[0]:g} m",
        "that is less than a step; distances are in metres",
    )
    _refuse_if(
        float(distance_m[-1]) > LONGEST_M,
        f"{distance_m[-1]:g} m",
        f"the model holds while a runner speeds up; {LONGEST_M:g} m is beyond that",
    )
    _refuse_order(distance_m, time_s)
    _refuse_speeds(distance_m, time_s)
    return distance_m, time_s


def _refuse_order(distance_m: Floats, time_s: Floats) -> None:
    """Every distance once, and later than the one before."""
    bad = np.flatnonzero((np.diff(distance_m) <= 0) | (np.diff(time_s) <= 0))
    if len(bad) == 0:
        return
    k = int(bad[0])
    first, second = distance_m[k], distance_m[k + 1]
    if first == second:
        _refuse(f"{first:g} m was given twice", "every distance has one time")
    _refuse(
        f"{second:g} m at {time_s[k + 1]:.2f} s is not later than {first:g} m at {time_s[k]:.2f} s",
        "times are counted from the start, not from the last gate",
    )


def part_speeds(distance_m: Floats, time_s: Floats) -> Floats:
    """Mean speed of every part (n,), the first one from the start."""
    return np.asarray(np.diff(distance_m, prepend=0.0) / np.diff(time_s, prepend=0.0))


def _refuse_speeds(distance_m: Floats, time_s: Floats) -> None:
    speed = part_speeds(distance_m, time_s)
    lowest = np.full(len(speed), SLOWEST_MPS)
    lowest[0] = SLOWEST_START_MPS
    bad = np.flatnonzero((speed > FASTEST_MPS) | (speed < lowest))
    if len(bad) == 0:
        return
    k = int(bad[0])
    start = distance_m[k - 1] if k else 0.0
    fast = speed[k] > FASTEST_MPS
    why = "nobody has run that fast" if fast else "that is no sprint"
    _refuse(f"{start:g} to {distance_m[k]:g} m at {speed[k]:.1f} m/s on average", why)


def _refuse_if(wrong: bool, what: str, why: str) -> None:
    if wrong:
        _refuse(what, why)


def _refuse(what: str, why: str) -> None:
    raise AnalysisError(
        f"{NOT_A_SPLIT}: {what}", why, "give metres and seconds from the start, as in 10=1.90"
    )


def reading_step_s(time_s: Floats) -> float:
    """How finely the times were read: 0.1 s when all of them are whole tenths, else 0.01 s.

    >>> reading_step_s(np.array([1.9, 3.1, 4.2])), reading_step_s(np.array([1.9, 3.05]))
    (0.1, 0.01)
    """
    tenths = np.asarray(time_s) / HAND_STEP_S
    by_hand = bool(np.all(np.abs(tenths - np.round(tenths)) < 1e-6))
    return HAND_STEP_S if by_hand else GATE_STEP_S


def reading_sd_s(step_s: float) -> float:
    """Standard uncertainty of one time: its rounding (step / sqrt 12), and hand or beam."""
    own = HAND_SD_S if step_s >= HAND_STEP_S else GATE_SD_S
    return float(np.hypot(step_s / np.sqrt(12.0), own))


def before_loss(distance_m: Floats, time_s: Floats, step_s: float) -> Bools:
    """The splits (n,) up to the first lasting loss of speed.

    A part belongs to a loss when it and all after it are at least 2 % below the highest mean
    before, and by more than rounding, or two hands, can feign.
    """
    speed = part_speeds(distance_m, time_s)
    sd_s = reading_sd_s(step_s) if step_s >= HAND_STEP_S else step_s / np.sqrt(12.0)
    feigned = 1.96 * np.sqrt(2.0) * sd_s / np.diff(time_s, prepend=0.0)
    limit = np.maximum.accumulate(speed) * (1.0 - np.maximum(LOSS, feigned))
    return ~_from_here_on(speed < limit)


def before_loss_of_trace(time_s: Floats, speed_mps: Floats) -> Bools:
    """The samples (n,) of a speed trace up to the first lasting loss of speed.

    Speed is averaged over half a second; a loss is at least 2 % below the highest so far
    for half a second or to the end of the trace. NaN are never kept.
    """
    known = np.isfinite(time_s) & np.isfinite(speed_mps)
    keep = np.zeros(len(time_s), dtype=np.bool_)
    time, speed = time_s[known], speed_mps[known]
    if len(time) == 0:
        return keep
    total = np.concatenate(([0.0], np.cumsum(speed)))
    low = np.searchsorted(time, time - SMOOTH_S / 2)
    high = np.searchsorted(time, time + SMOOTH_S / 2, side="right")
    mean = (total[high] - total[low]) / (high - low)
    slow = mean < (1.0 - LOSS) * np.maximum.accumulate(mean)
    count = np.concatenate(([0], np.cumsum(slow)))
    until = np.searchsorted(time, time + LASTING_S, side="right")
    lasting = slow & (count[until] - count[:-1] == until - np.arange(len(time)))
    lasting &= time[-1] - time >= LASTING_S
    first = int(np.argmax(lasting)) if lasting.any() else len(time)
    keep[np.flatnonzero(known)[:first]] = True
    return keep


def _from_here_on(mask: Bools) -> Bools:
    """True where ``mask`` (n,) is True and stays so to the end.

    >>> _from_here_on(np.array([True, False, True, True])).tolist()
    [False, False, True, True]
    """
    return np.asarray(np.logical_and.accumulate(mask[::-1])[::-1])


def doubts(fit: SprintFit, profile: ForceProfile | None) -> tuple[str, ...]:
    """A sentence for every number outside what sprints have shown so far, and the usual cause."""
    values = {"v_max_mps": fit.model.v_max_mps, "tau_s": fit.model.tau_s}
    if profile is not None:
        values |= {name: getattr(profile, name) for name in PLAUSIBLE if name not in values}
    strange = [
        f"{words} {value * factor:.3g} {unit} is outside the usual {low * factor:g} to "
        f"{high * factor:g}".replace(" -", " −")
        for name, value in values.items()
        for words, unit, factor, low, high in (PLAUSIBLE[name],)
        if not low <= value <= high
    ]
    if strange:
        strange.append(
            "look at the clock first: one that starts late makes the time constant small and F0 "
            "large; --free-start allows for it"
        )
    return tuple(strange)
