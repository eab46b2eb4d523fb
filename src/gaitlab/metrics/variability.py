"""How much a runner varies from stride to stride, with the noise of the measurement removed.

Slow changes of pace and fatigue are no variability: each contact is held against the middle of
its 31 neighbours of the same foot. What the measurement adds is taken off as squares, and when
little remains the answer is "not resolvable", not a small number.

Source: published running CV below 2.5 % (preprint 10.20944/preprints202601.2214), where 4 ms
of noise on 220 ms of contact are 1.8 %: the measurement is as loud as the runner. Stride time
is the robust one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot, nan, sqrt

import numpy as np

from gaitlab.metrics.uncertainty import Typical, contact_noise, typical
from gaitlab.model.gait import ACTIVITIES, Contacts
from gaitlab.model.units import Floats
from gaitlab.signal.middle import middle_of, running_median

VARIABILITY_METRICS = (
    "stride_time_s", "contact_time_s", "flight_time_s", "stride_length_m", "strike_angle_rad",
)  # fmt: skip
NEIGHBOURHOOD = 31  # contacts of one foot: about 20 s
FEWEST_PER_FOOT = 30
LOUDER = 1.25  # total over noise: below, the error of the noise is as large as the rest
SD_PER_MAD = 1.4826


@dataclass(frozen=True, slots=True)
class Variability:
    """Stride-to-stride spread of one metric in one activity, both feet, inside unit.

    sd : robust SD of the contacts about their neighbours, as measured
    noise_sd : what the measurement adds to a single contact
    true_sd : what is left of the runner, NaN when not resolvable
    cv_percent : true_sd over the median; NaN also for angles, which have no size
    """

    metric: str
    activity: str
    n: int
    sd: float
    noise_sd: float
    true_sd: float
    cv_percent: float
    resolvable: bool
    reason: str


def variabilities(contacts: Contacts, activity: int) -> tuple[Variability, ...]:
    """Variability of each metric over the valid contacts of one activity; empty without any."""
    counted = contacts.where(contacts.valid & (contacts.activity == activity))
    if not len(counted):
        return ()
    usual = typical(counted)
    return tuple(_variability(counted, name, activity, usual) for name in VARIABILITY_METRICS)


def _variability(counted: Contacts, name: str, activity: int, usual: Typical) -> Variability:
    away, fewest = _away_from_neighbours(counted, name)
    values: Floats = getattr(counted, name)
    middle = middle_of(values[np.isfinite(values)])
    sd = SD_PER_MAD * middle_of(np.abs(away))
    noise = contact_noise(name, usual, middle) if len(away) else nan
    loud = sd > LOUDER * noise and fewest >= FEWEST_PER_FOOT
    true_sd = without_noise(sd, noise) if loud else nan
    has_size = middle > 0.0 and not name.endswith("_rad")
    reason = "" if loud else _why_not(fewest, sd, noise)
    return Variability(
        name, ACTIVITIES[activity], len(away), sd, noise, true_sd,
        100.0 * true_sd / middle if has_size else nan, loud, reason,
    )  # fmt: skip


def _why_not(fewest: int, sd: float, noise: float) -> str:
    if fewest < FEWEST_PER_FOOT:
        return f"{fewest} contacts of a foot, {FEWEST_PER_FOOT} are needed"
    if not sd > 0.0:
        return "no spread was measured"
    return f"not resolvable: the noise of the measurement is {100 * noise / sd:.0f} % of it"


def without_noise(sd: float, noise_sd: float) -> float:
    """What remains of a spread when independent noise is taken off; never below zero.

    >>> without_noise(5.0, 4.0), without_noise(3.0, 4.0)
    (3.0, 0.0)
    """
    return sqrt(max(0.0, sd**2 - noise_sd**2))


def _away_from_neighbours(counted: Contacts, name: str) -> tuple[Floats, int]:
    """Deviations of all contacts that have a value, and the fewest values of one foot."""
    sides: Iterable[Floats] = (
        getattr(counted, name)[counted.foot == code] for code in np.unique(counted.foot)
    )
    known = [side[np.isfinite(side)] for side in sides]
    away = [side - running_median(side, NEIGHBOURHOOD) for side in known]
    return np.concatenate(away), min(len(side) for side in known)


def smallest_real_change(uncertainty: float) -> float:
    """Change between two sessions that is real with 95 %: 1.96 sqrt(2) standard uncertainties.

    >>> round(smallest_real_change(0.004), 3)  # contact time known to 4 ms
    0.011
    """
    return 1.96 * sqrt(2.0) * uncertainty


def session_uncertainty(uncertainty: float, mad: float, n: int) -> float:
    """Uncertainty of a median as the runner's own of that day: measurement, and chance of steps."""
    return hypot(uncertainty, 1.2533 * mad / sqrt(n)) if n else nan
