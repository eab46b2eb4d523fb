"""The result of an analysis: contacts, segments, summaries, and how far to trust them."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from gaitlab.model.gait import Contacts, FootSignal, Segments
from gaitlab.model.recording import Athlete, Foot, Mark, Recording, Setup
from gaitlab.model.units import Bools, Floats

Quality = Literal["good", "fair", "poor", "not measurable"]
Scope = Literal["both", "left", "right", "unknown"]


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """The identity of a recording, without its samples."""

    name: str
    sha256: str
    source: str
    simulated: bool
    athlete: Athlete
    setup: Setup
    marks: tuple[Mark, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, recording: Recording) -> "RecordingFacts":
        """What identifies ``recording``."""
        return cls(
            recording.name, recording.sha256, recording.source, recording.simulated,
            recording.athlete, recording.setup, recording.marks, recording.notes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ClockFacts:
    """What the clock of one pod looked like and what was repaired.

    declared_rate_hz : what the source claims, None when nothing
    true_rate_hz : measured on the recording's own time axis
    duplicates, backward_steps : samples that were dropped for it
    jitter_s : spread (SD) of the sampling instants about an even clock
    missing_fraction : share of the even grid without a sample
    gaps_s : (k, 2) start and stop of every hole longer than 50 ms, s
    restarted_s : where the clock first began again, on the recording's axis; inf when it never did
    """

    declared_rate_hz: float | None
    true_rate_hz: float
    duplicates: int
    backward_steps: int
    jitter_s: float
    missing_fraction: float
    gaps_s: Floats
    restarted_s: float = float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class FootFacts:
    """Sensor, clock and calibration of one foot.

    alignment : how gravity and the forward axis were found, or why not
    aligned : False when the foot frame could not be found: no angle, no length
    pitch_share : variance of the first principal component of the gyroscope (warn < 0.7)
    gravity_residual_rad : spread of the gravity direction over the recording
    forward_vote : share of strides that agree on which way is forward
    zero_method : how the zero of the foot angle was found
    travel_yaw_rad : where the swing travels against the foot's own forward; left positive
    slip_rad : change of gravity from the first standing to the last; NaN without two
    landing_roll_rad : median roll early in the contacts, left side up; NaN with few of them
    """

    foot: Foot
    n_samples: int
    duration_s: float
    has_gyroscope: bool
    acc_range_mps2: float | None
    gyr_range_radps: float | None
    acc_clipped_fraction: float
    gyr_clipped_fraction: float
    rest_norm_mps2: float
    clock: ClockFacts
    alignment: str
    aligned: bool
    pitch_share: float
    gravity_residual_rad: float
    forward_vote: float
    zero_method: str
    travel_yaw_rad: float = float("nan")
    slip_rad: float = float("nan")
    landing_roll_rad: float = float("nan")


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One metric over the valid contacts of one foot (or both) in one activity.

    metric : column name of the contacts (``contact_time_s``); value in that unit (angles in rad)
    n : contacts with a value;  mad : median absolute deviation, scaled to an SD
    low, high : 5th and 95th percentile
    uncertainty : standard measurement uncertainty of the median over these contacts
    reason : why there is no number, or why the quality is not good; empty otherwise
    """

    metric: str
    scope: Scope
    activity: str
    n: int
    median: float
    mean: float
    sd: float
    mad: float
    low: float
    high: float
    uncertainty: float
    quality: Quality
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Everything that was found in one recording.

    signals : the aligned signals of the feet (for curves), same order as ``feet``
    parameters : the tuning numbers of the analysis, by name
    warnings : plain sentences for the user, most important first
    adjustments : what the user had changed in the numbers, as plain sentences
    """

    recording: RecordingFacts
    contacts: Contacts
    segments: Segments
    feet: tuple[FootFacts, ...]
    summaries: tuple[MetricSummary, ...]
    warnings: tuple[str, ...]
    program_version: str
    parameters: dict[str, float] = field(default_factory=dict)
    signals: tuple[FootSignal, ...] = ()
    adjustments: tuple[str, ...] = ()

    def summary(
        self, metric: str, scope: Scope = "both", activity: str = "run"
    ) -> MetricSummary | None:
        """The summary of one metric, or None when that scope or activity is absent."""
        wanted = (metric, scope, activity)
        return next(
            (item for item in self.summaries if (item.metric, item.scope, item.activity) == wanted),
            None,
        )

    @property
    def rates_hz(self) -> tuple[float, ...]:
        """Sampling rate of each foot."""
        return tuple(foot.clock.true_rate_hz for foot in self.feet)

    def during(self, activity: int, *, valid_only: bool = True) -> Bools:
        """(k,) mask of the contacts in one activity (a code of ``gait.ACTIVITIES``)."""
        mask = self.contacts.activity == activity
        return np.asarray(mask & self.contacts.valid if valid_only else mask)


class Measured(Protocol):
    """Whatever carries an analysis as its ``record``, such as ``gaitlab.Analysis``."""

    @property
    def record(self) -> Analysis: ...


def record_of(found: Analysis | Measured) -> Analysis:
    """The arrays behind an analysis, in whichever form the user holds it."""
    return found if isinstance(found, Analysis) else found.record
