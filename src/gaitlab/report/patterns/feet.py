"""Left against right, and step after step."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gaitlab.coaching.numbers.select import RUNNING
from gaitlab.metrics.catalog import metric
from gaitlab.metrics.symmetry import COVERAGE, difference_uncertainty
from gaitlab.model.gait import LEFT, RIGHT, Contacts, Flag
from gaitlab.model.units import MS_PER_S, Floats, Ints
from gaitlab.report.figures.ladder import Ladder
from gaitlab.report.figures.pairs import Pairs
from gaitlab.report.patterns.subjects import Missing, Subject, middle_and_spread, speed_note
from gaitlab.report.points import thinned
from gaitlab.report.style import athlete_colour

FEWEST_PAIRS = 5
MOST_PAIRS = 1500
MOST_RUNGS = 24
PAUSE_STEPS = 1.6  # usual steps: a longer wait is a missing step
DOUBT = Flag.CLIPPED | Flag.GAP | Flag.LOW_RATE | Flag.DISAGREE | Flag.IMPLAUSIBLE


def step_pairs(subjects: Sequence[Subject], name: str = "") -> tuple[Pairs | Missing, ...]:
    """One metric of each left contact and of the right one after it; equal axes for all."""
    name = name or "contact_time_s"
    item = metric(name)
    found = [item.factor * _neighbours(one.contacts, name) for one in subjects]
    together = np.concatenate([pairs.ravel() for pairs in found]) if found else np.empty(0)
    if not len(together):
        return tuple(_no_pairs(one, name) for one in subjects)
    low, high = (float(edge) for edge in np.percentile(together, [1.0, 99.0]))
    room = max(0.25 * (high - low), 1.5 * item.resolution)
    limits = (low - room, high + room)
    return tuple(
        _pairs(one, name, pairs, limits) if pairs.shape[1] >= FEWEST_PAIRS else _no_pairs(one, name)
        for one, pairs in zip(subjects, found, strict=True)
    )


def _neighbours(contacts: Contacts, name: str) -> Floats:
    """(2, pairs) left and right values of steps that follow each other."""
    values = getattr(contacts, name)
    follows = np.flatnonzero((contacts.foot[:-1] == LEFT) & (contacts.foot[1:] == RIGHT))
    wait_s = contacts.ic_time_s[follows + 1] - contacts.ic_time_s[follows]
    usual_s = float(np.median(np.diff(contacts.ic_time_s))) if len(follows) else 0.0
    follows = follows[wait_s < PAUSE_STEPS * usual_s]
    pairs = np.stack((values[follows], values[follows + 1]))
    return np.asarray(pairs[:, np.isfinite(pairs).all(axis=0)], dtype=np.float64)


def _no_pairs(subject: Subject, name: str) -> Missing:
    recorded = [facts.foot for facts in subject.part.analysis.feet]
    if not {"left", "right"} <= set(recorded):
        return subject.missing("No comparison of the feet: one pod only.")
    if not np.isfinite(getattr(subject.contacts, name)).any():
        return subject.without(name)
    return subject.missing(f"Fewer than {FEWEST_PAIRS} left and right steps in a row.")


def _pairs(subject: Subject, name: str, pairs: Floats, limits: tuple[float, float]) -> Pairs:
    item = metric(name)
    difference, spread = middle_and_spread(pairs[1] - pairs[0])
    blind = _blind(subject, name) * abs(item.factor)
    unit, decimals = "°" if item.unit == "°" else f" {item.unit}", max(item.decimals, 1)
    signed = f"{difference:+.{decimals}f}".replace("-", "−")
    outside = int(((pairs < limits[0]) | (pairs > limits[1])).any(axis=0).sum())
    notes = (
        f"pairs: {pairs.shape[1]} · {speed_note(subject.contacts)}"
        + (f" · {outside} not drawn" if outside else ""),
        f"right minus left {signed}{unit} (SD of pairs {spread:.{decimals}f})",
        f"pale: within ±{blind:.{decimals}f}{unit} no difference is shown"
        if np.isfinite(blind)
        else "too few steps to say what can be told apart",
    )
    pick = thinned(pairs.shape[1], MOST_PAIRS)
    middle = (float(np.median(pairs[0])), float(np.median(pairs[1])))
    alone = subject.looks[0].colour != subject.colour
    colour = athlete_colour(0) if alone else subject.colour
    return Pairs(
        subject.label, colour, item, pairs[0, pick], pairs[1, pick], middle, float(blind), limits,
        notes,
    )  # fmt: skip


def _blind(subject: Subject, name: str) -> float:
    """Half of the 90 % interval of right minus left (inside unit); NaN when it is not known."""
    analysis = subject.part.analysis
    activity = RUNNING
    left = analysis.summary(name, "left", activity)
    right = analysis.summary(name, "right", activity)
    if left is None or right is None or not (left.n and right.n):
        return float("nan")
    return COVERAGE * difference_uncertainty(left, right)


def ladders(subjects: Sequence[Subject], _: str = "") -> tuple[Ladder | Missing, ...]:
    """The fastest steps in a row of each runner (all of them, when they are few)."""
    picked = [_fastest_row(one.contacts) for one in subjects]
    chosen = [one.contacts.where(index) for one, index in zip(subjects, picked, strict=True)]
    rungs = max((len(part) for part in chosen), default=1)
    ends = [
        np.nan_to_num(part.contact_time_s) + np.nan_to_num(part.flight_time_s) for part in chosen
    ]
    longest = MS_PER_S * max((float(end.max(initial=0.0)) for end in ends), default=0.3)
    return tuple(
        _ladder(one, part, rungs, max(longest, 100.0))
        if np.isfinite(part.contact_time_s).any()
        else one.without("contact_time_s")
        for one, part in zip(subjects, chosen, strict=True)
    )


def _fastest_row(contacts: Contacts) -> Ints:
    """Up to 24 contacts in a row about the fastest; without speeds, about the middle one."""
    if not len(contacts):
        return np.empty(0, dtype=np.int64)
    usual_s = float(np.nanmedian(np.diff(contacts.ic_time_s))) if len(contacts) > 1 else 1.0
    breaks = np.flatnonzero(np.diff(contacts.ic_time_s) > PAUSE_STEPS * usual_s) + 1
    rows = [np.arange(a, b) for a, b in pairwise([0, *breaks.tolist(), len(contacts)])]
    speed = np.nan_to_num(contacts.speed_mps)
    best = max(rows, key=lambda row: (min(len(row), MOST_RUNGS), float(speed[row].max())))
    if len(best) <= MOST_RUNGS:
        return best
    total = np.convolve(speed[best], np.ones(MOST_RUNGS), mode="valid")
    first = int(total.argmax()) if total.any() else (len(best) - MOST_RUNGS) // 2
    return best[first : first + MOST_RUNGS]


def _ladder(subject: Subject, part: Contacts, rungs: int, longest_ms: float) -> Ladder:
    contact, spread = middle_and_spread(MS_PER_S * part.contact_time_s)
    trusted = (part.flags & DOUBT) == 0
    words = tuple(f"{v:.1f}" if np.isfinite(v) else "" for v in part.speed_mps)
    fast = "fastest steps" if len(part) < len(subject.contacts) else "steps"
    notes = [
        f"{len(part)} {fast} in a row, {part.ic_time_s[0]:.1f} to {part.ic_time_s[-1]:.1f} s",
        f"contact {contact:.0f} ± {spread:.0f} ms (SD) · thin bar: in the air",
    ]
    if not trusted.all():
        notes.append(f"?: {int((~trusted).sum())} of them flagged, less sure")
    return Ladder(
        subject.label, subject.colour, subject.looks, part.foot, MS_PER_S * part.contact_time_s,
        MS_PER_S * part.flight_time_s, words, trusted, rungs, longest_ms, "m/s", tuple(notes),
    )  # fmt: skip
