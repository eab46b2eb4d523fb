"""The derived numbers of each contact, where they hold; and in words why not where they do not.

The spring model needs a flight phase, level ground and steady speed. A number that rests on it
is NaN for walking, for bounds, on slopes beyond 2 % and while speed changes by more than
0.5 m/s each second. Impact peaks need 500 samples a second and a sensor that did not clip.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitlab.metrics.spring_mass import (
    LEG_SHARE_OF_HEIGHT,
    contact_length_m,
    flight_ratio,
    leg_stiffness_n_per_m_per_kg,
    peak_force_bw,
    vertical_oscillation_m,
    vertical_stiffness_n_per_m_per_kg,
)
from gaitlab.model.gait import BOUND, HOP, RUN, WALK, Contacts, Flag, FootSignal
from gaitlab.model.recording import FEET, Athlete, Setup
from gaitlab.model.units import Bools, Floats
from gaitlab.signal.orientation import norm_of

STEEPEST = 0.02  # Meyer 2023, doi 10.1055/a-2044-4805: times tell no stiffness on inclines
STEADY_MPS2 = 0.5  # assumption; the spring model is flawed in accelerated running
NEIGHBOURS, NEAR_S = 4, 1.25  # contacts either side, and how far, for the change of speed
IMPACT_S, IMPACT_RATE_HZ = 0.030, 490.0  # 500 Hz by the data sheet may be 490; Mitschke 2017
MOST_CLIPPED = 0.05
MEASURED_LEG, GUESSED_LEG = 0.01, 0.03  # assumptions: share of the leg length, SD

SPRING = (
    "vertical_oscillation_m", "peak_force_bw", "vertical_stiffness_n_per_m_per_kg",
    "leg_stiffness_n_per_m_per_kg",
)  # fmt: skip
SPRINGY = (RUN, HOP)  # bounds: the half sine wave was never tested on them
_HILLY = re.compile(r"hill|slope|incline|mountain|trail|ramp", re.IGNORECASE)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What derived numbers rest on beside the contacts.

    mass_kg, leg_length_m : None when unknown
    leg_length_share_sd : standard uncertainty of the leg length, as a share
    not_level : why the ground cannot be taken as level, in words; empty when it is
    """

    mass_kg: float | None = None
    leg_length_m: float | None = None
    leg_length_share_sd: float = MEASURED_LEG
    not_level: str = ""


def circumstances_of(athlete: Athlete, setup: Setup) -> Circumstances:
    """Mass and leg of the runner, and whether the surface is level.

    A leg that was not measured is 0.53 of the height (Morin 2005).

    >>> round(circumstances_of(Athlete(height_m=1.80), Setup()).leg_length_m, 3)
    0.954
    """
    leg_m, share_sd = athlete.leg_length_m, MEASURED_LEG
    if leg_m is None and athlete.height_m is not None:
        leg_m, share_sd = LEG_SHARE_OF_HEIGHT * athlete.height_m, GUESSED_LEG
    return Circumstances(athlete.mass_kg, leg_m, share_sd, not_level(setup.surface))


def not_level(surface: str | None) -> str:
    """Why a surface, as the user named it, is not level; empty for any other and for None.

    >>> not_level("treadmill, 6 % incline")
    "the surface is 'treadmill, 6 % incline': times tell no stiffness beyond a slope of 2 %"
    >>> not_level("treadmill, incline 1 %"), not_level("track"), not_level(None)
    ('', '', '')
    """
    if surface is None:
        return ""
    slopes = [float(text.replace(",", ".")) / 100.0 for text in _PERCENT.findall(surface)]
    steep = max(slopes) > STEEPEST if slopes else _HILLY.search(surface) is not None
    limit = f"{100 * STEEPEST:.0f} %"
    return (
        f"the surface is '{surface}': times tell no stiffness beyond a slope of {limit}"
        if steep
        else ""
    )


def with_mechanics(
    contacts: Contacts, known: Circumstances, signals: Sequence[FootSignal] = ()
) -> Contacts:
    """The contacts with every derived number that holds.

    signals : the feet, foot frame, on the time axis of the contacts; without them no impact
    """
    contact_s, flight_s = contacts.contact_time_s, contacts.flight_time_s
    walking = contacts.activity == WALK
    springy = is_springy(contacts) & (not known.not_level)
    spring_s = np.where(springy, contact_s, np.nan)
    leg_m = np.nan if known.leg_length_m is None else known.leg_length_m
    on_foot = np.where(contacts.activity == HOP, np.nan, contacts.speed_mps)
    return replace(
        contacts,
        flight_ratio=np.where(walking, np.nan, flight_ratio(contact_s, flight_s)),
        contact_length_m=contact_length_m(contact_s, contacts.speed_mps),
        vertical_oscillation_m=vertical_oscillation_m(spring_s, flight_s),
        peak_force_bw=peak_force_bw(spring_s, flight_s),
        vertical_stiffness_n_per_m_per_kg=vertical_stiffness_n_per_m_per_kg(spring_s, flight_s),
        leg_stiffness_n_per_m_per_kg=leg_stiffness_n_per_m_per_kg(
            spring_s, flight_s, on_foot, leg_m
        ),
        peak_impact_mps2=_impacts(contacts, signals),
    )


def is_springy(contacts: Contacts) -> Bools:
    """(k,) contacts of running, sprinting or hopping at a steady speed.

    Where the speed is not known it is taken as steady.
    """
    kind = np.isin(contacts.activity, SPRINGY)
    return np.asarray(kind & ~is_accelerating(contacts))


def is_accelerating(contacts: Contacts) -> Bools:
    """(k,) contacts at which speed changes by more than 0.5 m/s in a second."""
    change = speed_change_mps2(contacts.ic_time_s, contacts.speed_mps)
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(change) > STEADY_MPS2) & (contacts.activity != HOP))


def speed_change_mps2(time_s: Floats, speed_mps: Floats) -> Floats:
    """(k,) slope of the speed about each contact: least squares over 1.25 s either side.

    time_s, speed_mps : (k,) sorted by time, both feet; NaN speeds are left out. NaN where
    fewer than three contacts have a speed.

    >>> speed_change_mps2(np.arange(6) * 0.5, 2.0 + 0.4 * np.arange(6)).round(6).tolist()
    [0.8, 0.8, 0.8, 0.8, 0.8, 0.8]
    """
    width = 2 * NEIGHBOURS + 1
    if not len(time_s):
        return np.empty(0)
    padded = np.full((2, len(time_s) + width - 1), np.nan)
    padded[:, NEIGHBOURS:-NEIGHBOURS] = time_s, speed_mps
    near_s, near_mps = padded[:, np.arange(len(time_s))[:, None] + np.arange(width)]
    away_s = near_s - time_s[:, None]  # (k, width)
    with np.errstate(invalid="ignore"):
        use = np.isfinite(near_mps) & (np.abs(away_s) <= NEAR_S)
    n = use.sum(axis=1)
    away_s, near_mps = np.where(use, away_s, 0.0), np.where(use, near_mps, 0.0)
    share = 1.0 / np.maximum(n, 1)
    centre, level = away_s.sum(axis=1) * share, near_mps.sum(axis=1) * share
    across = (away_s * near_mps).sum(axis=1) - n * centre * level
    spread = (away_s**2).sum(axis=1) - n * centre**2
    enough = (n >= 3) & (spread > 0.0)
    slope = np.full(len(n), np.nan)
    slope[enough] = across[enough] / spread[enough]
    return slope


def _impacts(contacts: Contacts, signals: Sequence[FootSignal]) -> Floats:
    """(k,) impact peaks of both feet; a foot that clips too often has none."""
    result = np.full(len(contacts), np.nan)
    for signal in signals:  # two feet at most
        mine = np.flatnonzero(contacts.foot == FEET.index(signal.foot))
        clipped = (contacts.flags[mine] & Flag.CLIPPED) > 0
        if len(mine) and clipped.mean() <= MOST_CLIPPED:
            result[mine] = peak_impact_mps2(signal, contacts.ic_time_s[mine])
    return result


def peak_impact_mps2(signal: FootSignal, ic_time_s: Floats) -> Floats:
    """(k,) largest norm of the acceleration within 30 ms after initial contact.

    All NaN below 500 samples a second; NaN where a sample of those 30 ms is missing or clipped.
    It is the pod that is felt here, with its strap and the shoe: compare it only within one
    runner and one set-up. It is no shock of the shin.
    """
    window = np.arange(round(IMPACT_S * signal.rate_hz) + 1)
    first = np.round((ic_time_s - signal.start_s) * signal.rate_hz).astype(np.int64)
    inside = (first >= 0) & (first + len(window) <= len(signal.missing))
    if signal.rate_hz < IMPACT_RATE_HZ or not inside.any():
        return np.full(len(ic_time_s), np.nan)
    at = np.where(inside, first, 0)[:, None] + window  # (k, w)
    spoilt = (signal.missing | signal.acc_clipped)[at].any(axis=1) | ~inside
    peak = norm_of(signal.acc_mps2[at]).max(axis=1)
    return np.where(spoilt, np.nan, peak)


def why_not(name: str, contacts: Contacts, known: Circumstances, rate_hz: float) -> str:
    """Why a derived number is missing in all of ``contacts`` (of one activity); may be empty."""
    if not len(contacts):
        return ""
    activity = int(contacts.activity[0])
    if name == "peak_impact_mps2":
        return _why_no_impact(contacts, rate_hz)
    if name == "flight_ratio" and activity == WALK:
        return "walking has no flight"
    if name not in SPRING:
        return ""
    reasons = (  # asked for in turn: the speed is looked at only where it matters
        (lambda: activity == WALK, "walking has no flight: a runner's spring does not describe it"),
        (lambda: activity == BOUND, "the spring model is not tested on bounds"),
        (lambda: activity not in SPRINGY, "only running and hopping are described by a spring"),
        (lambda: known.not_level, known.not_level),
        (lambda: _never_steady(contacts),
         "the speed changes all the time: the spring model needs a steady one"),
        (lambda: name.startswith("leg") and activity == HOP, "hops on the spot sweep no arc"),
        (lambda: name.startswith("leg") and known.leg_length_m is None,
         "neither leg length nor height of the runner is known"),
        (lambda: not (contacts.flight_time_s > 0.0).any(), "there is no flight between the steps"),
    )  # fmt: skip
    return next((reason for found, reason in reasons if found()), "")


def _never_steady(contacts: Contacts) -> bool:
    """Whether the speed changes at every contact that counts; where a spring held it did not."""
    if np.isfinite(contacts.vertical_oscillation_m[contacts.valid]).any():
        return False
    return bool(is_accelerating(contacts)[contacts.valid].all())


def _why_no_impact(contacts: Contacts, rate_hz: float) -> str:
    if rate_hz < IMPACT_RATE_HZ:
        return f"an impact peak needs 500 samples a second, this pod has {rate_hz:.0f}"
    share = float(np.mean((contacts.flags & Flag.CLIPPED) > 0))
    if share > MOST_CLIPPED:
        return f"the sensor clipped in {100 * share:.0f} % of the strides: peaks are not known"
    return ""
