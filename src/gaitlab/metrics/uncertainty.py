"""How far the median of a metric may be from the median of what really happened.

Two parts. What all contacts of a foot share does not average out: the bias of the detectors on
this runner in this shoe, the sensor's scale, the zero of the angle. It is measured over many
simulated runners, pods and rates (docs/metrics.md says how) and grows with the uncertainty that
the events, angles and lengths carry themselves: with a low rate, clipping, loss and detectors
that disagree. What differs from contact to contact shrinks with their number.

The runner's own variation is no uncertainty of the measurement; it is the ``mad`` of a summary.
Only where contacts are missing or left out does it enter, by the share that is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np

from gaitlab.metrics import spring_mass
from gaitlab.metrics.mechanics import Circumstances
from gaitlab.model.gait import WALK, Contacts
from gaitlab.model.units import Floats
from gaitlab.signal.filters import known as without_gaps
from gaitlab.signal.middle import middle_of

MEDIAN_TO_MEAN = 1.2533  # standard error of a median over that of a mean, normal data


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the uncertainty of one metric comes from.

    absolute : shared by all contacts, in the unit of the metric;  relative : share of the value
    events : shared, in times the standard uncertainty of the two events of a contact
    own : shared, in times the standard uncertainty that each value carries itself
    noise : from contact to contact, in times that of the events (s), or of the value itself
    """

    absolute: float = 0.0
    relative: float = 0.0
    events: float = 0.0
    own: float = 0.0
    noise: float = 0.0


# measured: see docs/metrics.md, "Where the uncertainty comes from"
EVENT = Rule(0.0015, events=0.85, noise=0.6)
LENGTH = Rule(own=0.9, noise=0.3)
RULES = {
    "contact_time_s": EVENT,
    "flight_time_s": EVENT,
    "swing_time_s": EVENT,
    "step_time_s": Rule(0.002, noise=0.5),
    "stride_time_s": Rule(relative=0.0002, noise=0.5),
    "cadence_spm": Rule(relative=0.0002, noise=0.5),
    "duty_factor": EVENT,
    "strike_angle_rad": Rule(np.radians(1.5), own=0.5, noise=0.35),
    "stride_length_m": LENGTH,
    "step_length_m": LENGTH,
    "speed_mps": LENGTH,
    "swing_height_m": Rule(0.01, relative=0.05),  # assumption: one stride's level 1 degree off
}
# a walker's heel is soft and the toes are slow to leave, but the foot lies still for long
SOFT_EVENT = Rule(0.009, events=1.0, noise=0.6)
STILL_LENGTH = Rule(relative=0.008, own=0.25, noise=0.1)
WALKING = {
    "contact_time_s": SOFT_EVENT,
    "flight_time_s": SOFT_EVENT,
    "swing_time_s": SOFT_EVENT,
    "step_time_s": Rule(0.004, noise=0.7),
    "stride_time_s": Rule(relative=0.0002, noise=0.5),
    "cadence_spm": Rule(relative=0.0002, noise=0.5),
    "duty_factor": SOFT_EVENT,
    "stride_length_m": STILL_LENGTH,
    "step_length_m": STILL_LENGTH,
    "speed_mps": STILL_LENGTH,
}
EVENT_TIMES = ("contact_time_s", "flight_time_s", "swing_time_s", "duty_factor")
IMPACT_RELATIVE = 0.10  # assumption: what the strap and the filter of the pod leave of a peak


@dataclass(frozen=True, slots=True)
class Typical:
    """Medians over the contacts of one activity and scope, from which uncertainties follow.

    landing_sd_s, events_sd_s : standard uncertainty of initial contact, and of both events
    angle_sd_rad, length_sd : of the strike angle; of the stride length, as a share of it
    """

    walking: bool
    landing_sd_s: float
    events_sd_s: float
    angle_sd_rad: float
    length_sd: float
    contact_time_s: float
    flight_time_s: float
    stride_time_s: float
    speed_mps: float


def typical(counted: Contacts) -> Typical:
    """What is typical of the valid contacts of one activity; zeros where nothing is known."""
    return Typical(
        bool((counted.activity == WALK).any()),
        _middle(counted.ic_sd_s),
        _middle(np.hypot(counted.ic_sd_s, counted.tc_sd_s)),
        _middle(counted.strike_angle_sd_rad),
        _middle(counted.stride_length_sd_m / counted.stride_length_m),
        _middle(counted.contact_time_s),
        _middle(counted.flight_time_s),
        _middle(counted.stride_time_s),
        _middle(counted.speed_mps),
    )


def median_uncertainty(
    name: str, usual: Typical, known: Circumstances, n: int, n_all: int, median: float, mad: float
) -> float:
    """Standard measurement uncertainty of the median of one metric, in its unit.

    n : contacts with a value;  n_all : with those that have none or do not count
    median, mad : of the values, mad scaled to an SD
    """
    shared = shared_uncertainty(name, usual, known, median)
    noise = contact_noise(name, usual, median) if name in RULES else mad
    unseen = max(0.0, 1.0 - n / max(n_all, 1))
    scatter = hypot(moved_by_noise(noise, mad), MEDIAN_TO_MEAN * mad * sqrt(unseen))
    return hypot(shared, scatter / sqrt(n))


def moved_by_noise(noise: float, spread: float) -> float:
    """How far noise moves the median of one value: SD, to be divided by the root of n.

    Noise carries single values across the median, a share atan(noise / spread) / pi of them,
    and each moves it by 1 / (n f), f the density there: sqrt(2 noise spread) for normal data.
    It is more than the noise itself, as many a small noise meets a wide spread; and never more
    than if all the spread were noise.

    >>> round(moved_by_noise(0.5, 4.0), 3), round(moved_by_noise(5.0, 4.0), 3)
    (2.0, 5.013)
    """
    return min(sqrt(2.0 * noise * spread), MEDIAN_TO_MEAN * spread)


def shared_uncertainty(name: str, usual: Typical, known: Circumstances, median: float) -> float:
    """The part of the uncertainty of a median that more contacts do not reduce."""
    if name == "peak_impact_mps2":
        return IMPACT_RELATIVE * abs(median)
    if name not in RULES:
        return _derived(name, usual, known)
    rule = _rule(name, usual)
    timing = hypot(rule.absolute, rule.events * usual.events_sd_s)
    if name == "duty_factor":
        timing = _over(timing, usual.stride_time_s)
    own = rule.own * own_sd(name, usual, median)
    return sqrt(timing**2 + (rule.relative * median) ** 2 + own**2)


def contact_noise(name: str, usual: Typical, median: float) -> float:
    """How much the values of single contacts scatter by measurement alone, in their unit."""
    landing_s = sqrt(2.0) * usual.landing_sd_s
    scatter = {
        "duty_factor": _over(usual.events_sd_s, usual.stride_time_s),
        "cadence_spm": _over(landing_s * median, usual.stride_time_s),
        "step_time_s": landing_s,
        "stride_time_s": landing_s,
        **dict.fromkeys(("contact_time_s", "flight_time_s", "swing_time_s"), usual.events_sd_s),
    }
    return _rule(name, usual).noise * scatter.get(name, own_sd(name, usual, median))


def _rule(name: str, usual: Typical) -> Rule:
    return WALKING.get(name, RULES[name]) if usual.walking else RULES[name]


def own_sd(name: str, usual: Typical, median: float) -> float:
    """The typical standard uncertainty that the values carry themselves; 0 when they carry none."""
    if name == "strike_angle_rad":
        return usual.angle_sd_rad
    return abs(median) * usual.length_sd if RULES[name] is LENGTH else 0.0


def _derived(name: str, usual: Typical, known: Circumstances) -> float:
    """Uncertainty of a derived number: what contact time, speed and leg length leave open.

    A longer contact is a shorter flight, the step stays: moved together by their uncertainty.
    """
    leg_m = known.leg_length_m or float("nan")
    by_s = shared_uncertainty("contact_time_s", usual, known, usual.contact_time_s)
    by_mps = shared_uncertainty("speed_mps", usual, known, usual.speed_mps)
    by_leg_m = leg_m * known.leg_length_share_sd
    contact_s = usual.contact_time_s + by_s * _BY_CONTACT
    flight_s = usual.flight_time_s - by_s * _BY_CONTACT
    speed_mps = usual.speed_mps + by_mps * _BY_SPEED
    up, down = _formula(name, contact_s, flight_s, speed_mps, leg_m + by_leg_m * _BY_LEG)
    return 0.5 * sqrt(np.square(without_gaps(up - down)).sum())


# up and down by the uncertainty of each in turn
_BY_CONTACT, _BY_SPEED, _BY_LEG = (np.outer((1.0, -1.0), which) for which in np.eye(3))


def _formula(
    name: str, contact_s: Floats, flight_s: Floats, speed_mps: Floats, leg_m: Floats
) -> Floats:
    """A derived number of contact time, flight time, speed and leg length."""
    formula: Callable[..., Floats] = getattr(spring_mass, name)
    if name == "contact_length_m":
        return formula(contact_s, speed_mps)
    if name == "leg_stiffness_n_per_m_per_kg":
        return formula(contact_s, flight_s, speed_mps, leg_m)
    return formula(contact_s, flight_s)


def _over(value: float, by: float) -> float:
    """A quotient; NaN when there is nothing to divide by."""
    return value / by if by else float("nan")


def _middle(values: Floats) -> float:
    """Median of what is known; 0 when nothing is."""
    known = values[np.isfinite(values)]
    return middle_of(known) if len(known) else 0.0
