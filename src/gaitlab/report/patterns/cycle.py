"""One stride: when each foot is down, and which way the pod takes through the air."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from gaitlab.model.gait import LEFT, RIGHT, UNKNOWN_STRIKE, Contacts
from gaitlab.model.recording import FEET
from gaitlab.model.units import MS_PER_S, Floats
from gaitlab.report.figures.clock import Clock, OnGround
from gaitlab.report.figures.path import FootPath, SideView
from gaitlab.report.patterns.subjects import (
    CLASS_WORDS,
    MAD_TO_SD,
    Missing,
    Subject,
    middle_and_spread,
    speed_note,
)
from gaitlab.report.style import Look
from gaitlab.strides.paths import FootPaths, foot_paths
from gaitlab.strides.trajectory import pivot_to_sensor_m

FEWEST_STRIDES = 5
SLOWEST_RATE_HZ = 100.0  # slower sensors miss the turns of the foot
MOST_STRIDES = 300  # of one foot: their middle path no longer changes


def clocks(subjects: Sequence[Subject], _: str = "") -> tuple[Clock | Missing, ...]:
    """The usual stride of each runner as a ring."""
    return tuple(_clock(one) for one in subjects)


def _clock(subject: Subject) -> Clock | Missing:
    contacts = subject.contacts
    known = np.isfinite(contacts.stride_time_s) & np.isfinite(contacts.contact_time_s)
    codes = [c for c in range(3) if (known & subject.of_foot(c)).sum() >= FEWEST_STRIDES]
    if not codes:
        return subject.without("contact_time_s" if not len(contacts) else "duty_factor")
    shift, shift_sd = 0.0, 0.0
    if codes[:2] == [LEFT, RIGHT]:
        shift, shift_sd = middle_and_spread(_right_after_left(contacts))
        if not isfinite(shift):
            codes = codes[:1]
    feet = tuple(
        _on_ground(subject, code, known, *((shift, shift_sd) if place else (0.0, 0.0)))
        for place, code in enumerate(codes)
    )
    stride_ms = MS_PER_S * float(np.median(contacts.stride_time_s[known]))
    cadence, cadence_sd = middle_and_spread(contacts.cadence_spm)
    flights, flight_ms = _flights(feet, stride_ms)
    counted = " ".join(f"{foot.look.label} {foot.n}" for foot in feet)
    notes = [f"n {counted} · {speed_note(contacts)}", "dark arcs at the ends: 1 SD of single steps"]
    if len(feet) == 1:
        notes.append(_one_ring(subject, codes[0]))
    middle = f"{cadence:.0f} ± {cadence_sd:.0f}\nsteps/min\nstride {stride_ms:.0f} ms"
    return Clock(subject.label, subject.colour, feet, flights, flight_ms, middle, tuple(notes))


def _one_ring(subject: Subject, code: int) -> str:
    recorded = [facts.foot for facts in subject.part.analysis.feet]
    other = {LEFT: "right", RIGHT: "left"}.get(code, "other")
    why = "has too few contacts here" if other in recorded else "was not recorded"
    return f"the {other} foot {why}: no flight phase"


def _right_after_left(contacts: Contacts) -> Floats:
    """Share of the left stride at which the right foot lands, of each left contact."""
    here, beyond = contacts.foot[:-1], contacts.foot[1:]
    follows = np.flatnonzero((here == LEFT) & (beyond == RIGHT))
    gap_s = contacts.ic_time_s[follows + 1] - contacts.ic_time_s[follows]
    share = gap_s / contacts.stride_time_s[follows]
    return np.where((share > 0.2) & (share < 0.8), share, np.nan)


def _on_ground(
    subject: Subject, code: int, known: np.ndarray, shift: float, shift_sd: float
) -> OnGround:
    contacts = subject.contacts
    mine = known & subject.of_foot(code)
    duty, duty_sd = middle_and_spread(contacts.contact_time_s[mine] / contacts.stride_time_s[mine])
    contact_ms = MS_PER_S * float(np.median(contacts.contact_time_s[mine]))
    return OnGround(
        subject.looks[code], shift, shift + duty, shift_sd, duty_sd, contact_ms,
        _strike_words(contacts, mine), int(mine.sum()),
    )  # fmt: skip


def _strike_words(contacts: Contacts, mine: np.ndarray) -> str:
    """The most frequent strike class with its share; empty without any."""
    strike = contacts.strike[mine & (contacts.strike != UNKNOWN_STRIKE)]
    if not len(strike):
        return ""
    counts = np.bincount(strike, minlength=3)
    return f"{CLASS_WORDS[int(counts.argmax())]} {100 * counts.max() / len(strike):.0f} %"


def _flights(feet: tuple[OnGround, ...], stride_ms: float) -> tuple[Floats, Floats]:
    """Shares of the stride between the end of one contact and the start of the next."""
    if len(feet) < 2:
        return np.empty((0, 2)), np.empty(0)
    first, second = feet
    gaps = np.array([[first.stop, second.start], [second.stop, 1.0 + first.start]])
    gaps = gaps[gaps[:, 1] > gaps[:, 0]]
    return gaps, stride_ms * (gaps[:, 1] - gaps[:, 0])


def side_views(subjects: Sequence[Subject], _: str = "") -> tuple[SideView | Missing, ...]:
    """Middle path of each foot, one stride long."""
    found = [_paths(one) for one in subjects]
    paths = [path for feet in found if isinstance(feet, tuple) for path in feet]
    longest = max((float(path.forward_m[-1]) for path in paths), default=1.0)
    highest = max((float((p.height_m + p.height_sd_m).max()) for p in paths), default=0.1)
    views: list[SideView | Missing] = []
    for one, feet in zip(subjects, found, strict=True):
        if isinstance(feet, Missing):
            views.append(feet)
            continue
        counted = " ".join(f"{foot.look.label} {foot.n}" for foot in feet)
        notes = (
            f"n {counted} · {speed_note(one.contacts)} · field 1 SD",
            "shoes: true tilt of the foot; height is stretched",
        )
        views.append(SideView(one.label, one.colour, feet, longest, highest, notes))
    return tuple(views)


def _paths(subject: Subject) -> tuple[FootPath, ...] | Missing:
    analysis = subject.part.analysis
    if not analysis.signals:
        return subject.missing("No signals are kept with this analysis: analyse the recording.")
    arm_m = pivot_to_sensor_m(analysis.recording.setup.placement)
    feet, clipped, holed = [], 0, 0
    for code, look in enumerate(subject.looks):
        strides = _strides(subject, code, arm_m)
        if strides is None:
            continue
        clipped, holed = clipped + strides.clipped, holed + strides.holed
        if len(strides.stride) >= FEWEST_STRIDES:
            feet.append(_middle_path(look, strides))
    slowest_hz = min(signal.rate_hz for signal in analysis.signals)
    if slowest_hz < SLOWEST_RATE_HZ:
        return subject.missing(
            f"No foot path: {slowest_hz:.0f} samples a second are too few to follow a foot, "
            f"{SLOWEST_RATE_HZ:.0f} are needed."
        )
    if feet:
        return tuple(feet)
    if clipped or holed:
        return subject.missing(
            f"No foot path: of the strides here {clipped} reach the range of the sensor and "
            f"{holed} have holes, and a path through those would be a guess."
        )
    return subject.without("stride_length_m")


def _strides(subject: Subject, code: int, arm_m: Floats) -> FootPaths | None:
    """Strides of one foot within the part; at most 300, evenly spread."""
    analysis = subject.part.analysis
    signal = next((item for item in analysis.signals if item.foot == FEET[code]), None)
    contacts = analysis.contacts.where(analysis.contacts.foot == code)
    if signal is None or not len(contacts):
        return None
    times = subject.contacts.ic_time_s[subject.of_foot(code)]
    wanted = np.isin(contacts.ic_time_s, times) & np.isfinite(contacts.stride_length_m)
    index = np.flatnonzero(wanted)
    kept = np.zeros(len(wanted), dtype=bool)
    kept[index[np.linspace(0, len(index) - 1, min(len(index), MOST_STRIDES)).astype(int)]] = True
    ic_s, tc_s = contacts.ic_time_s - signal.start_s, contacts.tc_time_s - signal.start_s
    return foot_paths(signal, ic_s, tc_s, kept, arm_m)


def _middle_path(look: Look, strides: FootPaths) -> FootPath:
    middle = np.median(strides.height_m, axis=0)
    spread = MAD_TO_SD * np.median(np.abs(strides.height_m - middle), axis=0)
    return FootPath(
        look,
        np.median(strides.forward_m, axis=0),
        middle,
        spread,
        np.median(strides.pitch_rad, axis=0),
        float(np.nanmedian(strides.toe_off)),
        float(np.nanmedian(strides.landing)),
        len(strides.stride),
    )
