"""Rearfoot, midfoot or forefoot: an angle with its uncertainty, and what happens next.

The angle of the foot just before contact decides, as a probability for each class, because its
uncertainty is of the size of the midfoot band. The turn right after contact votes too: a heel
that landed first lets the forefoot slap down, a forefoot that landed first lets the heel drop.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from gaitlab.model.gait import (
    FOREFOOT,
    FOREFOOT_BELOW_RAD,
    MIDFOOT,
    REARFOOT,
    REARFOOT_ABOVE_RAD,
    UNKNOWN_STRIKE,
    FootSignal,
)
from gaitlab.model.units import RAD_PER_DEG, Bools, Codes, Floats
from gaitlab.signal.chance import normal_below
from gaitlab.signal.orientation import window_samples

CALIBRATED_SD_RAD = 2.5 * RAD_PER_DEG  # assumption, beside the level's own uncertainty
FLAT_ALONE_SD_RAD = 3.5 * RAD_PER_DEG  # a foot that seems to lie flat, and no standing to check
UNCALIBRATED_SD_RAD = 6.0 * RAD_PER_DEG
VOTE_FROM_S, VOTE_TO_S = 0.004, 0.030  # after contact
VOTE_SD_RAD = 2.0 * RAD_PER_DEG
# P(the forefoot goes down | class). van Werkhoven 2019 (10.3390/sports7080184): the sign tells
# rearfoot from the rest in 92.2 % of contacts; the middle one is an assumption: the midfoot
# band lies mostly on the heel's side of zero, so most such feet roll down a little too
DOWN_GIVEN = np.array([0.92, 0.70, 0.08])
SUREST_BELOW = 0.45  # no class is named when none is more probable than this
FLAT_TURN_RADPS = 0.9  # a foot that turns slower than this at mid-stance lies flat
FLAT_CONTACT_S = 0.17  # a shorter contact has no time to lie flat


@dataclass(frozen=True, slots=True, eq=False)
class Strikes:
    """Foot strike of each contact.

    angle_rad : (k,) toes up positive; NaN when the zero is not known
    angle_sd_rad : (k,);  probability : (k, 3) rearfoot, midfoot, forefoot; NaN when unknown
    strike : (k,) code of STRIKES
    """

    angle_rad: Floats
    angle_sd_rad: Floats
    probability: Floats
    strike: Codes


def lies_flat(turning_radps: Floats, contact_s: Floats) -> Bools:
    """(k,) whether the foot rests flat at mid-stance: it turns slowly and has the time."""
    with np.errstate(invalid="ignore"):
        return (np.abs(turning_radps) < FLAT_TURN_RADPS) & (contact_s > FLAT_CONTACT_S)


def turn_after_contact(signal: FootSignal, ic_s: Floats) -> Floats:
    """(k,) rad that the foot turns in the 30 ms after contact, toes up positive.

    Less the turn it would have made at the speed it arrived with, so that a foot that is
    already turning in the air gives no vote.
    """
    if not len(ic_s):
        return np.empty(0)
    rate = signal.rate_hz
    pitch_rate = -signal.gyr_radps[:, 1]
    start = np.round((ic_s + VOTE_FROM_S) * rate).astype(np.int64)
    stop = np.maximum(np.round((ic_s + VOTE_TO_S) * rate).astype(np.int64), start + 1)
    sample, inside = window_samples(start, stop + 1, len(pitch_rate))
    turn = np.where(inside, pitch_rate[sample], 0.0).sum(axis=1) / rate
    whole = inside.sum(axis=1) == (stop + 1 - start)
    return np.where(whole, turn, np.nan)


def classify(angle_rad: Floats, angle_sd_rad: Floats, turn_rad: Floats) -> Strikes:
    """Class probabilities of each contact, and the class where one is likely enough.

    angle_rad, angle_sd_rad : (k,) NaN angle means that only the turn after contact votes
    turn_rad : (k,) from :func:`turn_after_contact`; NaN votes for nobody
    """
    known = np.isfinite(angle_rad)
    spread = np.where(np.isfinite(angle_sd_rad), angle_sd_rad, UNCALIBRATED_SD_RAD)
    angle = np.where(known, angle_rad, 0.0)
    below_rear = normal_below((REARFOOT_ABOVE_RAD - angle) / spread)
    below_fore = normal_below((FOREFOOT_BELOW_RAD - angle) / spread)
    prior = np.stack((1.0 - below_rear, below_rear - below_fore, below_fore), axis=1)
    prior = np.where(known[:, None], prior, 1.0 / 3.0)
    down = np.where(np.isfinite(turn_rad), normal_below(-turn_rad / VOTE_SD_RAD), 0.5)[:, None]
    weight = down * DOWN_GIVEN + (1.0 - down) * (1.0 - DOWN_GIVEN)
    product = np.maximum(prior, 1e-9) * weight
    probability = product / product.sum(axis=1, keepdims=True)
    heard = known | np.isfinite(turn_rad)
    probability = np.where(heard[:, None], probability, np.nan)
    best = np.argmax(np.nan_to_num(probability), axis=1)
    sure = heard & (np.nan_to_num(probability).max(axis=1, initial=0.0) > SUREST_BELOW)
    probability[~sure] = np.nan
    codes = np.array([REARFOOT, MIDFOOT, FOREFOOT], dtype=np.int8)[best]
    strike = np.where(sure, codes, np.int8(UNKNOWN_STRIKE)).astype(np.int8)
    return Strikes(angle_rad, np.where(known, spread, np.nan), probability, strike)


def foot_strike_angle(
    pitch_at_ic_rad: Floats,
    pitch_to_stance_rad: Floats,
    level_sd_rad: Floats,
    flat: Bools,
    *,
    standing_zero: bool,
) -> tuple[Floats, Floats]:
    """Foot strike angle (k,) and its standard uncertainty (k,), both rad.

    Two zeros: the level of the standing foot, carried by gravity over the stride, and the foot
    lying flat at mid-stance. Where the foot lies flat both are used, by their uncertainty; a
    foot that never lies flat has only the first, and without any standing it has none: NaN.
    """
    by_level, by_flat = pitch_at_ic_rad, -pitch_to_stance_rad
    level_sd = np.hypot(level_sd_rad, CALIBRATED_SD_RAD)
    flat_rad = CALIBRATED_SD_RAD * sqrt(0.5) if standing_zero else FLAT_ALONE_SD_RAD
    flat_sd = np.where(flat, flat_rad, np.inf)
    weight_flat = np.where(np.isfinite(by_flat), 1.0 / flat_sd**2, 0.0)
    weight_level = np.where(np.isfinite(by_level) & standing_zero, 1.0 / level_sd**2, 0.0)
    total = weight_flat + weight_level
    with np.errstate(invalid="ignore", divide="ignore"):
        angle = np.nan_to_num(by_flat) * weight_flat + np.nan_to_num(by_level) * weight_level
        angle = np.where(total > 0.0, angle / total, np.nan)
        apart = np.where((weight_flat > 0) & (weight_level > 0), np.abs(by_flat - by_level), 0.0)
        sd = np.where(
            total > 0.0, np.sqrt(1.0 / total + (0.35 * np.nan_to_num(apart)) ** 2), np.nan
        )
    return angle, sd
