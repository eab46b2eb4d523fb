"""What a coach writes down of each repetition of a session, with how far to trust it."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.coaching.drills.cautions import feet_caution, rate_caution
from gaitlab.coaching.drills.fast import EVENED_S
from gaitlab.coaching.drills.plyo import landing_times_s
from gaitlab.coaching.drills.session import Repetition, contacts_of, landings_of
from gaitlab.coaching.numbers.middle import middle_of
from gaitlab.coaching.numbers.pace import evened, pace_of
from gaitlab.model.analysis import Analysis
from gaitlab.model.gait import Contacts

LENGTH_SHARE: Final = 0.02  # assumption: SD of an unanchored length in a sprint,
STEADY_SHARE: Final = 0.03  # ... and in running and walking
MISSED: Final = 0.1  # share of steps that may be missing before they are counted by the rhythm
ON_THE_SPOT: Final = ("hops", "rest")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of one repetition; NaN where not measurable, and then ``missing`` says why.

    steps : landings;  counted : False when the rhythm stands in for steps that were not seen
    distance_m, distance_band_m : from the strides, and 95 % half-width
    v_mean_mps, v_max_mps : over the whole, and the highest, evened over two strides
    cautions : what spoils them
    n : valid contacts;  contact_time_s, contact_spread_s : their median and robust SD
    """

    steps: int
    counted: bool
    distance_m: float
    distance_band_m: float
    v_mean_mps: float
    v_max_mps: float
    n: int
    cadence_spm: float
    contact_time_s: float
    contact_spread_s: float
    missing: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def numbers_of(analysis: Analysis, one: Repetition) -> Numbers:
    """The numbers of a repetition; a rest has none."""
    part = landings_of(analysis, replace(one, slowing=0))
    counted = part.where(part.valid)
    contact, spread = middle_of(counted.contact_time_s)
    steps, seen = _steps(one, part, len(analysis.feet))
    distance, top = _way(analysis, one)
    share = STEADY_SHARE if one.kind in ("run", "walk") else LENGTH_SHARE
    missing: tuple[str, ...] = ()
    if np.isnan(distance) and one.kind not in ON_THE_SPOT:
        missing += ("distance and speed: too few strides with a known length",)
    if np.isnan(contact) and one.kind != "rest":
        missing += ("contact: no valid contact",)
    return Numbers(
        steps, seen, distance, 1.96 * share * distance, distance / max(one.duration_s, 1e-9), top,
        len(counted), middle_of(counted.cadence_spm)[0], contact, spread, missing,
        _cautions(one, part),
    )  # fmt: skip


def _cautions(one: Repetition, part: Contacts) -> tuple[str, ...]:
    """What spoils the numbers; hops on one foot are meant to be so."""
    if one.kind in ("rest", "walk"):
        return ()
    if one.kind == "hops":
        return rate_caution(part)
    return (*feet_caution(part), *rate_caution(part))


def _steps(one: Repetition, part: Contacts, pods: int) -> tuple[int, bool]:
    """Landings, and whether each was seen: one pod, or one that fell off, sees every second."""
    if one.kind in ("hops", "bounds"):
        return len(landing_times_s(part, one.kind == "bounds")), True
    cadence = middle_of(part.cadence_spm)[0]
    if np.isnan(cadence):
        return len(part), pods > 1
    rhythm = one.duration_s * cadence / 60.0 + 1.0
    seen = pods > 1 and len(part) > (1.0 - MISSED) * rhythm
    return (len(part), True) if seen else (round(rhythm), False)


def _way(analysis: Analysis, one: Repetition) -> tuple[float, float]:
    """Distance from first to last landing and highest speed; NaN for what stays on the spot."""
    pace = pace_of(contacts_of(analysis, one)) if one.kind not in ON_THE_SPOT else None
    if pace is None:
        return np.nan, np.nan
    speed = evened(pace.at_s, pace.speed_mps, EVENED_S)
    inside = (pace.at_s >= one.start_s) & (pace.at_s <= one.stop_s)
    way = float(pace.way_m(one.stop_s) - pace.distance_m[0])
    way += float(pace.speed_mps[0] * (pace.at_s[0] - one.start_s))
    return way, float(speed[inside].max()) if inside.any() else np.nan
