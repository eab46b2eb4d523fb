"""How the feet land: angles per foot, classes along the run and against speed."""

from collections.abc import Sequence

import numpy as np

from gaitlab.coaching.comparison.matching import counted
from gaitlab.model.gait import UNKNOWN_STRIKE, Contacts
from gaitlab.model.units import Floats
from gaitlab.report.figures.classes import ClassShares, FootShare
from gaitlab.report.figures.distribution import FootStrikes, StrikeAngles
from gaitlab.report.patterns.subjects import Missing, Subject, speed_note
from gaitlab.report.points import axis_of, distribution, shown, symmetric_limit

ANGLE = "strike_angle_rad"
FEWEST_IN_BIN, FEWEST_OF_FOOT = 5, 3  # contacts with an angle or a class
MOST_BINS = 12
SPEED_BINS_MPS = (0.25, 0.5, 1.0, 2.0)
TIME_BINS_S = (2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0, 7200.0)


def strike_angles(subjects: Sequence[Subject], _: str = "") -> tuple[StrikeAngles | Missing, ...]:
    """Distribution of the strike angle of each foot; equal axes for all."""
    angles = [shown(one.contacts, ANGLE) for one in subjects]
    limit = symmetric_limit(np.concatenate(angles)) if angles else 15.0
    all_feet = [_feet_of(one, angle, limit) for one, angle in zip(subjects, angles, strict=True)]
    tops = [float(foot.percent.max()) for feet in all_feet for foot in feet]
    top = 1.25 * max(tops, default=1.0)
    return tuple(
        StrikeAngles(one.label, one.colour, feet, limit, top)
        if feet
        else _too_few(one, int(np.isfinite(one.contacts.strike_angle_rad).sum()), ANGLE)
        for one, feet in zip(subjects, all_feet, strict=True)
    )


def _feet_of(subject: Subject, angle_deg: Floats, limit_deg: float) -> tuple[FootStrikes, ...]:
    contacts, feet = subject.contacts, []
    for code, look in enumerate(subject.looks):
        mine = subject.of_foot(code) & np.isfinite(angle_deg)
        if mine.sum() >= FEWEST_OF_FOOT:
            percent, edges = distribution(angle_deg[mine], limit_deg)
            low, middle, high = (float(p) for p in np.percentile(angle_deg[mine], [5, 50, 95]))
            chances = (contacts.p_rearfoot, contacts.p_midfoot, contacts.p_forefoot)
            heel, mid, fore = (_mean(chance[mine]) for chance in chances)
            n = int(mine.sum())
            feet.append(
                FootStrikes(look, percent, edges, n, middle, (low, high), (heel, mid, fore))
            )
    return tuple(feet)


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def shares_along_run(subjects: Sequence[Subject], _: str = "") -> tuple[ClassShares | Missing, ...]:
    """Strike classes over the time of the recording, in at most twelve equal bins for all."""
    known = [one.contacts.ic_time_s[one.contacts.strike != UNKNOWN_STRIKE] for one in subjects]
    together = np.concatenate(known) if known else np.empty(0)
    if not len(together):
        return tuple(one.without(ANGLE) for one in subjects)
    first, last = float(together.min()), float(together.max())
    width = next((w for w in TIME_BINS_S if (last - first) / w <= MOST_BINS - 1), 14400.0)
    edges = np.arange(np.floor(first / width), np.floor(last / width) + 2) * width
    axis = axis_of(last - first)
    limits = (edges[0] * axis.factor, edges[-1] * axis.factor)
    return tuple(
        _shares(one, one.contacts.ic_time_s * axis.factor, edges * axis.factor, axis.label, limits)
        if len(times) >= FEWEST_IN_BIN
        else _too_few(one, len(times), ANGLE)
        for one, times in zip(subjects, known, strict=True)
    )


def shares_by_speed(subjects: Sequence[Subject], _: str = "") -> tuple[ClassShares | Missing, ...]:
    """Strike classes against speed; the same bins for all."""
    known = [
        one.contacts.speed_mps[
            (one.contacts.strike != UNKNOWN_STRIKE) & np.isfinite(one.contacts.speed_mps)
        ]
        for one in subjects
    ]
    together = np.concatenate(known) if known else np.empty(0)
    if not len(together):
        return tuple(one.without(_lacking(one.contacts)) for one in subjects)
    low, high = (float(edge) for edge in np.percentile(together, [0.5, 99.5]))
    width = next((w for w in SPEED_BINS_MPS if (high - low) / w <= MOST_BINS - 1), 4.0)
    edges = np.arange(np.floor(low / width), np.floor(high / width) + 2) * width
    return tuple(
        _shares(one, one.contacts.speed_mps, edges, "speed [m/s]", (edges[0], edges[-1]))
        if len(speeds) >= FEWEST_IN_BIN
        else _too_few(one, len(speeds), _lacking(one.contacts))
        for one, speeds in zip(subjects, known, strict=True)
    )


def _too_few(subject: Subject, n: int, name: str) -> Missing:
    """Some contacts, but no pattern; or none at all, with the analysis' own reason."""
    if not n:
        return subject.without(name)
    has = "a strike" if name == ANGLE else "a strike and a speed"
    return subject.missing(f"No pattern: only {counted(n)} with {has}.")


def _lacking(contacts: Contacts) -> str:
    return ANGLE if (contacts.strike == UNKNOWN_STRIKE).all() else "speed_mps"


def _shares(
    subject: Subject, along: Floats, edges: Floats, label: str, limits: tuple[float, float]
) -> ClassShares:
    contacts = subject.contacts
    strike = contacts.strike
    known = (strike != UNKNOWN_STRIKE) & np.isfinite(along)
    counts = np.stack([np.histogram(along[known & (strike == c)], edges)[0] for c in (0, 1, 2)])
    feet = []
    for code, look in enumerate(subject.looks):
        mine = known & subject.of_foot(code)
        if mine.any():
            heel = np.histogram(along[mine & (strike == 0)], edges)[0]
            total = np.histogram(along[mine], edges)[0]
            feet.append(FootShare(look, _percent(heel, total, FEWEST_OF_FOOT), int(mine.sum())))
    n = counts.sum(axis=0)
    whole = counts.sum(axis=1) / max(1, counts.sum())
    percents = [f"{100 * share:.0f}" for share in whole.tolist()]
    per_foot = " ".join(f"{foot.look.label} {foot.n}" for foot in feet)
    notes = (
        f"n {n.sum()} ({per_foot}) · {speed_note(contacts)}",
        f"heel {percents[0]} mid {percents[1]} fore {percents[2]} % of all; n above bars",
    )
    percent = _percent(counts, n, FEWEST_IN_BIN)
    return ClassShares(
        subject.label, subject.colour, label, edges, percent, n, tuple(feet), limits, notes
    )


def _percent(part: np.ndarray, total: np.ndarray, fewest: int) -> Floats:
    """Percent, NaN where fewer than ``fewest`` stand behind it."""
    share = 100.0 * part / np.maximum(total, 1)
    return np.where(total >= fewest, share, np.nan)
