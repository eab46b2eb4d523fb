"""Pitch and acceleration around initial contact, of all contacts laid upon each other."""

from collections.abc import Callable, Sequence

import numpy as np

from gaitlab.model.gait import Flag, FootSignal
from gaitlab.model.recording import FEET
from gaitlab.model.units import DEG_PER_RAD, MS_PER_S, STANDARD_GRAVITY_MPS2, Floats
from gaitlab.report.figures.curves import Curves, FootCurve
from gaitlab.report.patterns.subjects import Missing, Subject, middle_and_spread, speed_note
from gaitlab.report.points import thinned
from gaitlab.strides.around import around, moments, pitch_around

BEFORE_S, AFTER_S, STEP_S = 0.15, 0.35, 0.0025
OFFSET_S = (
    np.arange(round(-BEFORE_S / STEP_S), round(AFTER_S / STEP_S) + 1, dtype=np.float64) * STEP_S
)
MOST_CONTACTS, FEWEST_CONTACTS = 400, 5  # of one foot

_Rows = Callable[[FootSignal, Floats, Floats], Floats]


def pitch_curves(subjects: Sequence[Subject], _: str = "") -> tuple[Curves | Missing, ...]:
    """Foot pitch around initial contact: toes up above zero, flat foot at zero."""

    def rows(signal: FootSignal, ic_s: Floats, angle_rad: Floats) -> Floats:
        return DEG_PER_RAD * pitch_around(signal, ic_s, angle_rad, OFFSET_S)

    found = [_feet_curves(one, rows, "strike_angle_rad") for one in subjects]
    return _with_limits(subjects, found, "foot pitch [°], toes up positive", (0.0, "flat foot"))


def acceleration_curves(subjects: Sequence[Subject], _: str = "") -> tuple[Curves | Missing, ...]:
    """Size of the acceleration that the pod feels, in g; standing still reads 1."""

    def rows(signal: FootSignal, ic_s: Floats, _: Floats) -> Floats:
        size = np.linalg.norm(signal.acc_mps2, axis=1) / STANDARD_GRAVITY_MPS2
        return around(size, signal.rate_hz, ic_s, OFFSET_S)

    found = [_feet_curves(one, rows, "ic_time_s") for one in subjects]
    return _with_limits(subjects, found, "acceleration of the pod [g]", (1.0, "standing, 1 g"))


def _feet_curves(subject: Subject, rows: _Rows, needs: str) -> tuple[FootCurve, ...] | Missing:
    """needs : the contact's field without which it has no curve."""
    analysis, contacts = subject.part.analysis, subject.contacts
    if not analysis.signals:
        return subject.missing("No signals are kept with this analysis: analyse the recording.")
    feet = []
    for code, look in enumerate(subject.looks):
        signal = next((item for item in analysis.signals if item.foot == FEET[code]), None)
        index = np.flatnonzero(subject.of_foot(code) & np.isfinite(getattr(contacts, needs)))
        if signal is None or not len(index):
            continue
        mine = contacts.where(index[thinned(len(index), MOST_CONTACTS)])
        mean, sd, n = moments(rows(signal, mine.ic_time_s - signal.start_s, mine.strike_angle_rad))
        if n >= FEWEST_CONTACTS:
            contact, spread = middle_and_spread(MS_PER_S * mine.contact_time_s)
            feet.append(FootCurve(look, mean, sd, n, contact, spread))
    if feet:
        return tuple(feet)
    if needs == "ic_time_s" or not len(contacts):
        return subject.missing(f"Fewer than {FEWEST_CONTACTS} whole contacts here.")
    return subject.without(needs)


def _with_limits(
    subjects: Sequence[Subject],
    found: Sequence[tuple[FootCurve, ...] | Missing],
    axis_label: str,
    level: tuple[float, str],
) -> tuple[Curves | Missing, ...]:
    """The same axis for every runner."""
    all_feet = [foot for feet in found if isinstance(feet, tuple) for foot in feet]
    tops = [float((foot.mean + foot.sd).max()) for foot in all_feet]
    lows = [float((foot.mean - foot.sd).min()) for foot in all_feet]
    high, low = max(tops, default=1.0), min(lows, default=0.0)
    room = 0.12 * (high - low)
    limits = (low - room if low < 0.0 else 0.0, high + room)
    curves: list[Curves | Missing] = []
    for one, feet in zip(subjects, found, strict=True):
        if isinstance(feet, Missing):
            curves.append(feet)
            continue
        notes = _notes(one, feet, peaks=axis_label.endswith("[g]"))
        curves.append(
            Curves(
                one.label, one.colour, MS_PER_S * OFFSET_S, feet, axis_label, limits, level, notes
            )
        )
    return tuple(curves)


def _notes(subject: Subject, feet: tuple[FootCurve, ...], *, peaks: bool) -> tuple[str, ...]:
    """n, speed and spread; where peaks matter, whether the sensor could show them."""
    contacts = subject.contacts
    counted = " ".join(f"{foot.look.label} {foot.n}" for foot in feet)
    first = f"n {counted} · {speed_note(contacts)} · field 1 SD"
    clipped = float(np.mean((contacts.flags & Flag.CLIPPED) != 0))
    if clipped < 0.05 or not peaks:
        return (first,)
    return (first, f"{100 * clipped:.0f} % reach the sensor's range: peaks are cut")
