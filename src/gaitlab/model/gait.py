"""What the analysis passes along: even signals, contacts, segments. Arrays of equal length."""

from dataclasses import dataclass, field, fields
from enum import IntFlag
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.model.recording import Foot, read_only
from gaitlab.model.units import RAD_PER_DEG, Bools, Codes, Floats, Ints

# "sprint" is in the truth of simulated recordings only: an analysis calls it "run"
ACTIVITIES: Final = ("run", "sprint", "walk", "hop", "bound", "other", "rest")
RUN, SPRINT, WALK, HOP, BOUND, OTHER, REST = range(len(ACTIVITIES))

STRIKES: Final = ("rearfoot", "midfoot", "forefoot", "unknown")
REARFOOT, MIDFOOT, FOREFOOT, UNKNOWN_STRIKE = range(len(STRIKES))
# Mo 2021, limits of the foot strike angle by ROC against the strike index, n = 43
FOREFOOT_BELOW_RAD, REARFOOT_ABOVE_RAD = -0.8 * RAD_PER_DEG, 7.4 * RAD_PER_DEG

# "100 Hz" and "200 Hz" by a clock that is up to 2 % off
LOW_RATE_HZ = 98.0  # slower sensors time no contact well
SHORT_CONTACT_RATE_HZ = 196.0  # a sprinter's contact needs as much

LEFT, RIGHT = range(2)  # indices into gaitlab.model.recording.FEET


class Flag(IntFlag):
    """Why a contact deserves less trust, or why one of its numbers is missing."""

    CLIPPED = 1  # the sensor hit its range within the contact or its stride
    GAP = 2  # samples are missing near an event or within the stride
    LOW_RATE = 4  # too few samples a second for a timed event
    ONE_SIDED = 8  # flight and step assume that both feet do the same
    EDGE = 16  # first or last contact of a bout: neighbours are missing
    UNCALIBRATED = 32  # the zero of the foot angle is not known
    NO_GYROSCOPE = 64  # found from acceleration alone
    IMPLAUSIBLE = 128  # a number outside what running can be; left out of the means
    DISAGREE = 256  # the detectors disagree about an event
    LOOSE = 512  # soon afterwards the pod lay as no foot stands: it probably came off


FLAG_WORDS: Final = {flag: flag.name.lower() for flag in Flag if flag.name}


def flag_words(flags: int) -> str:
    """Short words joined by ``;``, in the order of :class:`Flag`.

    >>> flag_words(Flag.CLIPPED | Flag.ONE_SIDED)
    'clipped;one_sided'
    """
    return ";".join(word for flag, word in FLAG_WORDS.items() if flags & flag)


def _nothing() -> Floats:
    return np.empty(0)


def _freeze(record: object) -> None:
    kind: Any = type(record)
    for name in _names(kind):
        value = getattr(record, name)
        if isinstance(value, np.ndarray) and value.flags.writeable:
            object.__setattr__(record, name, read_only(value))


@cache
def _names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401  # any dataclass
    """The fields of a dataclass: looked up once, the records are many."""
    return tuple(item.name for item in fields(kind))


@dataclass(frozen=True, slots=True, eq=False)
class EvenSignal:
    """One pod on an even clock, still in sensor axes.

    start_s : time of the first sample on the recording's axis
    rate_hz : true samples per second (from the clock, not from the data sheet)
    acc_mps2, gyr_radps : (n, 3); rows that are missing are NaN, never bridged
    missing : (n,) no sample was received here
    acc_clipped, gyr_clipped : (n,) some axis of the sensor was at its range
    """

    foot: Foot
    start_s: float
    rate_hz: float
    acc_mps2: Floats
    gyr_radps: Floats
    missing: Bools
    acc_clipped: Bools
    gyr_clipped: Bools

    def __post_init__(self) -> None:
        _freeze(self)

    @property
    def time_s(self) -> Floats:
        """(n,) time of each sample, s."""
        return self.start_s + np.arange(len(self.missing)) / self.rate_hz

    @property
    def has_gyroscope(self) -> bool:
        """True when any angular rate was recorded."""
        few = self.gyr_radps[:: max(1, len(self.gyr_radps) // 1000)]  # nearly always settles it
        return bool(np.isfinite(few).any() or np.isfinite(self.gyr_radps).any())


@dataclass(frozen=True, slots=True, eq=False)
class FootSignal(EvenSignal):
    """One foot on an even clock, in the foot frame: x to the toe, y to the left, z up.

    The same frame for both feet. Standing still reads (0, 0, +9.81); toes going *down*
    is a positive turn about y, so the pitch rate (toes up positive) is ``-gyr_radps[:, 1]``.
    """


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Ground contacts of all feet, one element per contact, sorted by initial contact.

    Undefined numbers are NaN. Angles in rad here; degrees exist only in tables and reports.

    foot : code, index into FEET;  strike : code, index into STRIKES
    activity : code, index into ACTIVITIES;  segment : row of :class:`Segments`, -1 for none
    ic_time_s, tc_time_s : initial and terminal contact on the recording's time axis
    contact_time_s, flight_time_s, step_time_s, stride_time_s, swing_time_s : s
    cadence_spm : steps per minute of both feet, from the stride that begins here
    duty_factor : contact / stride
    p_rearfoot, p_midfoot, p_forefoot : probabilities, sum 1
    strike_angle_rad : foot strike angle, toes up positive
    stride_length_m, step_length_m, speed_mps : of the stride that begins here
    ic_sd_s, tc_sd_s : standard uncertainty of the two instants
    strike_angle_sd_rad, stride_length_sd_m : standard uncertainty of the angle and length
    valid : False when the contact is left out of every mean
    flags : bits of :class:`Flag`

    Derived from those (``metrics.mechanics``), NaN until they are and where they do not hold:

    flight_ratio : flight / contact time;  contact_length_m : travel during the contact
    vertical_oscillation_m : lowest to highest point of the body within a step
    peak_force_bw : highest vertical force, modelled, in body weights
    vertical_stiffness_n_per_m_per_kg, leg_stiffness_n_per_m_per_kg : of the spring model
    peak_impact_mps2 : largest acceleration of the pod within 30 ms after initial contact

    swing_height_m : highest point of the pod in the swing after this contact, above its stances
    ic_confidence, tc_confidence : 0 to 1, how well the detectors of the event agree
    contact_time_raw_s : contact time as detected, before a correction of the user's
    """

    foot: Codes
    ic_time_s: Floats
    tc_time_s: Floats
    contact_time_s: Floats
    flight_time_s: Floats
    step_time_s: Floats
    stride_time_s: Floats
    swing_time_s: Floats
    cadence_spm: Floats
    duty_factor: Floats
    strike: Codes
    p_rearfoot: Floats
    p_midfoot: Floats
    p_forefoot: Floats
    strike_angle_rad: Floats
    stride_length_m: Floats
    step_length_m: Floats
    speed_mps: Floats
    ic_sd_s: Floats
    tc_sd_s: Floats
    strike_angle_sd_rad: Floats
    stride_length_sd_m: Floats
    activity: Codes
    segment: NDArray[np.int32]
    valid: Bools
    flags: NDArray[np.int32]
    flight_ratio: Floats = field(default_factory=_nothing)
    contact_length_m: Floats = field(default_factory=_nothing)
    vertical_oscillation_m: Floats = field(default_factory=_nothing)
    peak_force_bw: Floats = field(default_factory=_nothing)
    vertical_stiffness_n_per_m_per_kg: Floats = field(default_factory=_nothing)
    leg_stiffness_n_per_m_per_kg: Floats = field(default_factory=_nothing)
    peak_impact_mps2: Floats = field(default_factory=_nothing)
    swing_height_m: Floats = field(default_factory=_nothing)
    ic_confidence: Floats = field(default_factory=_nothing)
    tc_confidence: Floats = field(default_factory=_nothing)
    contact_time_raw_s: Floats = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        for name in (*MECHANICS, *ADDED):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(len(self.ic_time_s), np.nan))
        _freeze(self)

    def __len__(self) -> int:
        return len(self.ic_time_s)

    def where(self, mask: Bools | Ints) -> "Contacts":
        """The contacts picked by a mask or by indices."""
        picked = np.flatnonzero(mask) if mask.dtype == bool else mask  # one search for all fields
        columns = [getattr(self, name).take(picked) for name in _names(Contacts)]
        for column in columns:
            column.flags.writeable = False  # nobody else has it: no view is needed
        return Contacts(*columns)


MECHANICS: Final = (
    "flight_ratio", "contact_length_m", "vertical_oscillation_m", "peak_force_bw",
    "vertical_stiffness_n_per_m_per_kg", "leg_stiffness_n_per_m_per_kg", "peak_impact_mps2",
)  # fmt: skip
"""Fields of :class:`Contacts` that are derived from its others."""

ADDED: Final = ("swing_height_m", "ic_confidence", "tc_confidence", "contact_time_raw_s")
"""Fields of :class:`Contacts` that may be left out when one is made: NaN then."""


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Stretches of one activity, in order; half-open ``[start_s, stop_s)``."""

    start_s: Floats
    stop_s: Floats
    activity: Codes

    def __post_init__(self) -> None:
        _freeze(self)

    def __len__(self) -> int:
        return len(self.start_s)
