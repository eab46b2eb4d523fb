"""Ins-and-outs: sprint, float, sprint again; zone by zone, and what the float cost.

Zones come from marks with distances, from the lengths that the coach laid out, or from where the
runner changed the effort (``effort``). A border is the place where the effort changes, not the
middle of the change of speed.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.coaching.drills.cautions import CUT, feet_caution, rate_caution
from gaitlab.coaching.drills.effort import Effort, Strides, fit_effort, fit_row, more_borders
from gaitlab.coaching.drills.fast import EVENED_S, turning_points
from gaitlab.coaching.drills.session import (
    NO_CHOICE,
    Choice,
    Kind,
    Repetition,
    chosen_repetitions,
    contacts_of,
    find_repetitions,
)
from gaitlab.coaching.drills.zones import How, Intent, Laid, Zone, zones_of
from gaitlab.coaching.numbers.pace import Pace, evened, pace_of
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import Contacts
from gaitlab.model.recording import Mark, read_only
from gaitlab.model.units import Floats

MARK_SD_S: Final = 0.02  # assumption, as for gates in flying sprints
RATIO_SHARE: Final = 0.02  # assumption: SD of the ratio of two lengths of one repetition
FITTED_SHARE: Final = 0.6  # of the top speed; the way up from standing is another matter
FEWEST_STRIDES: Final = 12
ODD_SCALE: Final = 0.08  # assumption: two spreads of the scale of measured lengths
MOST_SCALE: Final = 0.15  # zones that are this far from the measured length are not those
FAST_SHARE: Final = 0.9  # of the top speed: as fast as a zone
BESIDE_M: Final = 12.0  # assumption: more than that at such a speed is another zone
EARLY_S: Final = 0.8  # assumption: of a row before the first step; borders are closer than that
FEWEST_TURNS: Final = 3  # in, out, in
GENTLER: Final = (1.0, 0.6, 0.4)  # least changes between turning points, tried in turn
SAME_MARK_S: Final = 0.05
FEW_SEEN: Final = (
    "the zones were looked for in few or rough landings: two of them may stand here as one; "
    "--zones with their lengths, or marks, tell them apart"
)
OTHERS: Final[tuple[Kind, ...]] = ("fly", "sprint", "run")


@dataclass(frozen=True, slots=True, eq=False)
class InsOuts:
    """One repetition of ins and outs.

    how : where the zones come from;  zones : in order
    retention_share, retention_band : mean over the outs of their speed over that of the in
        before, and its 95 % half-width;  NaN without an in and an out
    reacceleration_mps : speed of the last in minus that of the first
    out_cadence_spm, out_contact_s : change from an in to the out after it, mean
    at_s, speed_mps : (n,) measured speed at mid-strides;  curve_s, curve_mps : (g,) fitted
    """

    repetition: Repetition
    how: How
    zones: tuple[Zone, ...]
    retention_share: float
    retention_band: float
    reacceleration_mps: float
    out_cadence_spm: float
    out_contact_s: float
    at_s: Floats
    speed_mps: Floats
    curve_s: Floats
    curve_mps: Floats
    missing: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("at_s", "speed_mps", "curve_s", "curve_mps"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def ins_outs(
    analysis: Analysis,
    zones_m: tuple[float, ...] = (),
    intents: tuple[Intent | None, ...] = (),
    choice: Choice = NO_CHOICE,
) -> tuple[InsOuts, ...]:
    """The ins-and-outs of a recording in order.

    zones_m : lengths of the zones in the order in which they were run; found when empty
    intents : of those zones; None, or nothing at all, where the speed shall tell

    Raises
    ------
    AnalysisError : no repetition whose speed rises and falls, or none as long as the zones
    """
    repetitions = chosen_repetitions(analysis, ("ins-outs",), choice)
    if zones_m and not repetitions:
        repetitions = find_repetitions(analysis, OTHERS)
    laid = [_laid(one, analysis, zones_m) for one in repetitions]
    found = tuple(_result(one, intents) for one in laid if one is not None)
    if not found:
        raise AnalysisError(
            "no ins-and-outs in this recording",
            f"no repetition is {sum(zones_m):g} m long"
            if repetitions and zones_m
            else "no fast stretch whose speed falls and rises again by 4 % or more",
            "`gaitlab session` lists what was found; --zones 20,20,20 tells the lengths",
        )
    return found


def _laid(one: Repetition, analysis: Analysis, zones_m: tuple[float, ...]) -> Laid | None:
    contacts = contacts_of(analysis, one)
    pace = pace_of(contacts, FEWEST_STRIDES)
    if pace is None:
        return None
    strides = _strides(contacts, pace)
    marked = _marked(analysis.recording.marks, strides)
    if marked is not None:
        effort = fit_effort(strides, marked[0])
        exact = np.full(len(marked[0]), MARK_SD_S)
        both = np.sqrt(2.0) * exact[1:]
        effort = replace(effort, border_s=marked[0], border_sd_s=exact, lasted_sd_s=both)
        return Laid(one, contacts, strides, effort, "marks", marked[1])
    if zones_m:
        lengths = np.asarray(zones_m)
        if pace.distance_m[-1] * (1.0 + MOST_SCALE) < lengths.sum():
            return None
        effort = fit_row(strides, lengths)
        return Laid(one, contacts, strides, effort, "lengths", lengths)
    found = _found(contacts, pace, strides)
    return None if found is None else Laid(one, contacts, strides, found, "found", None)


def _strides(contacts: Contacts, pace: Pace) -> Strides:
    """Strides with all that the fit needs; those far from the top speed only carry distance."""
    index = pace.index
    begin_s, contact_s = contacts.ic_time_s[index], contacts.contact_time_s[index]
    known = np.isfinite(contact_s)
    if known.any():
        contact_s = np.interp(begin_s, begin_s[known], contact_s[known])
    else:
        contact_s = np.ones(len(index))
    speed = evened(pace.at_s, pace.speed_mps, EVENED_S)
    return Strides(
        begin_s, begin_s + contacts.stride_time_s[index], contacts.speed_mps[index],
        np.log(contact_s), contacts.foot[index] - 0.5,
        (speed >= FITTED_SHARE * speed.max()).astype(np.float64),
    )  # fmt: skip


def _marked(marks: tuple[Mark, ...], strides: Strides) -> tuple[Floats, Floats] | None:
    """Borders and lengths of a row of zones between marks; None for fewer than two zones."""
    inside = sorted(
        (mark.time_s, mark.distance_m)
        for mark in marks
        if mark.distance_m is not None
        and strides.begin_s[0] - 1.0 <= mark.time_s <= strides.end_s[-1] + 1.0
    )
    if len(inside) < 3:
        return None
    at_s, at_m = (np.array(column) for column in zip(*inside, strict=True))
    length, lasted = np.diff(at_m), np.diff(at_s)
    zone = (length > 0.0) & (lasted > SAME_MARK_S)
    if zone.sum() < 2 or np.any(lasted[~zone] > SAME_MARK_S):
        return None
    borders = np.append(at_s[:-1][zone], at_s[1:][zone][-1])
    return borders, length[zone]


def _found(contacts: Contacts, pace: Pace, strides: Strides) -> Effort | None:
    fast = np.flatnonzero(strides.weight)
    part = (contacts, pace, int(fast[0]), int(fast[-1]) + 1)
    turns: list[int] = []
    for stricter in GENTLER:  # of a part that the user named, less is enough
        turns = turns if len(turns) >= FEWEST_TURNS else turning_points(*part, stricter)
    if len(turns) < FEWEST_TURNS:
        return None
    effort = fit_effort(strides, pace.at_s[turns])
    begin_s, end_s = strides.begin_s[fast[0]], strides.end_s[fast[-1]]
    effort = more_borders(strides, effort, float(begin_s), float(effort.border_s[0]))
    return more_borders(strides, effort, float(effort.border_s[-1]), float(end_s))


def _result(laid: Laid, intents: tuple[Intent | None, ...]) -> InsOuts:
    zones = zones_of(laid, intents)
    pairs = [
        (fast, slow)
        for fast, slow in pairwise(zones)
        if (fast.intent, slow.intent) == ("in", "out")
    ]
    ratios = [slow.v_mean_mps / fast.v_mean_mps for fast, slow in pairs]
    ins = [zone for zone in zones if zone.intent == "in"]
    middle_s = 0.5 * (laid.strides.begin_s + laid.strides.end_s)
    missing: tuple[str, ...] = ()
    if not pairs:
        missing += ("float retention: no float after a sprint was found",)
    if len(ins) < 2:
        missing += ("re-acceleration: only one sprint was found",)
    return InsOuts(
        laid.repetition, laid.how, zones, _mean(ratios), _ratio_band(laid.how, pairs),
        ins[-1].v_mean_mps - ins[0].v_mean_mps if len(ins) > 1 else np.nan,
        _mean([slow.cadence_spm - fast.cadence_spm for fast, slow in pairs]),
        _mean([slow.contact_time_s - fast.contact_time_s for fast, slow in pairs]),
        middle_s, laid.scale * laid.strides.speed_mps,
        laid.effort.time_s, laid.scale * laid.effort.speed_mps, missing, _cautions(laid),
    )  # fmt: skip


def _cautions(laid: Laid) -> tuple[str, ...]:
    """What spoils a repetition: data that lack, pods that are slow, lengths that do not fit."""
    words: tuple[str, ...] = (CUT,) if laid.repetition.cut else ()
    inside = laid.contacts.ic_time_s <= laid.repetition.stop_s
    part = laid.contacts.where(inside & laid.contacts.valid)
    poor = (*feet_caution(part), *rate_caution(part))
    words += (*poor, *((FEW_SEEN,) if poor and laid.how == "found" else ()))
    words += _beside(laid)
    if abs(laid.scale - 1.0) <= ODD_SCALE:
        return words
    more = "longer" if laid.scale > 1.0 else "shorter"
    share = abs(100.0 * (laid.scale - 1.0))
    return (
        *words,
        f"the lengths given are {share:.0f} % {more} than the pods measured there: they, or the "
        "place where they were laid, may be wrong",
    )


def _beside(laid: Laid) -> tuple[str, ...]:
    """What was run outside of a row of given lengths: then the row may lie at the wrong place."""
    if laid.how != "lengths":
        return ()
    strides, border_s = laid.strides, laid.effort.border_s
    early_s = strides.begin_s[0] - border_s[0]
    if early_s > EARLY_S:
        return (
            f"the first zone would begin {early_s:.1f} s before the first step: the lengths add "
            "up to more than was run",
        )
    level = evened(strides.begin_s, strides.speed_mps, EVENED_S)
    fast = level >= FAST_SHARE * level.max()
    first_s, last_s = strides.begin_s[fast][0], strides.end_s[fast][-1]
    speed = float(np.median(strides.speed_mps[fast]))
    ways = (speed * (border_s[0] - first_s), speed * (last_s - border_s[-1]))
    if max(ways) < BESIDE_M:
        return ()
    parts = [
        f"about {way:.0f} m {word}"
        for way, word in zip(ways, ("before the first zone", "after the last"), strict=True)
        if way >= BESIDE_M
    ]
    return (
        f"{' and '.join(parts)} were run nearly as fast as the fastest zone: give the lengths of "
        "all zones, or name the part with --from and --to",
    )


def _mean(values: list[float]) -> float:
    known = np.array(values)[np.isfinite(values)] if values else np.empty(0)
    return float(known.mean()) if len(known) else np.nan


def _ratio_band(how: How, pairs: list[tuple[Zone, Zone]]) -> float:
    """95 % half-width of the mean ratio: what is common to both zones does not count."""
    if not pairs:
        return np.nan
    each = [
        np.hypot(fast.v_band_mps / fast.v_mean_mps, slow.v_band_mps / slow.v_mean_mps)
        if how != "found"
        else 1.96 * RATIO_SHARE
        for fast, slow in pairs
    ]
    return float(np.mean(each) / np.sqrt(len(each)))
