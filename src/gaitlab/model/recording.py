"""A recording as it was made: one stream per foot, own clocks, sensor axes, SI units."""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from gaitlab.model.units import Floats

Foot = Literal["left", "right", "unknown"]
FEET: Final[tuple[Foot, ...]] = ("left", "right", "unknown")


def read_only(array: np.ndarray) -> np.ndarray:
    """A view of ``array`` that cannot be written to; the caller's array stays as it is."""
    view = array.view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, slots=True)
class Athlete:
    """Who ran; everything but the name may be unknown (None)."""

    name: str = "unnamed athlete"
    sex: Literal["m", "f"] | None = None
    mass_kg: float | None = None
    height_m: float | None = None
    leg_length_m: float | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """Where the pods sat and what was run on; free text, None when unknown."""

    placement: str | None = None
    surface: str | None = None
    shoe: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant named by the user: a gate, a cone, the start, the finish."""

    time_s: float
    label: str
    distance_m: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FootStream:
    """The samples of one pod as recorded: own clock, sensor axes, nothing repaired.

    foot : which foot the pod sat on
    time_s : (n,) the pod's own clock; may be uneven, repeat or run backwards
    acc_mps2 : (n, 3) specific force in sensor axes; at rest the norm is 9.81; NaN = lost
    gyr_radps : (n, 3) angular rate in sensor axes; all NaN when there is no gyroscope
    acc_range_mps2, gyr_range_radps : full scale of the sensor, None when unknown
    declared_rate_hz : the rate that the source claims, None when it claims none
    acc_lsb_mps2, gyr_lsb_radps : size of one count where the source was integer, else None
    """

    foot: Foot
    time_s: Floats
    acc_mps2: Floats
    gyr_radps: Floats
    acc_range_mps2: float | None = None
    gyr_range_radps: float | None = None
    declared_rate_hz: float | None = None
    acc_lsb_mps2: float | None = None
    gyr_lsb_radps: float | None = None

    def __post_init__(self) -> None:
        n = len(self.time_s)
        if self.acc_mps2.shape != (n, 3) or self.gyr_radps.shape != (n, 3):
            raise ValueError(
                f"time has {n} samples, acceleration {self.acc_mps2.shape}, "
                f"angular rate {self.gyr_radps.shape}; expected ({n}, 3) twice"
            )
        for name in ("time_s", "acc_mps2", "gyr_radps"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def n_samples(self) -> int:
        """Rows of the stream, lost ones included."""
        return len(self.time_s)

    @property
    def has_gyroscope(self) -> bool:
        """True when any angular rate was recorded."""
        return bool(np.isfinite(self.gyr_radps).any())


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One or two feet of one athlete, with what is known about them.

    name : short name, used for output files and titles
    feet : one stream per pod; at most one per foot
    sha256 : of the file's bytes, or of the samples when it never was a file
    source : what the recording is and where it comes from, in words
    simulated : True for anything that no human ever ran
    notes : what was assumed or changed while reading (units, clocks), in words
    """

    name: str
    feet: tuple[FootStream, ...]
    athlete: Athlete = field(default_factory=Athlete)
    setup: Setup = field(default_factory=Setup)
    marks: tuple[Mark, ...] = ()
    sha256: str = ""
    source: str = ""
    simulated: bool = False
    notes: tuple[str, ...] = ()

    def foot(self, foot: Foot) -> FootStream | None:
        """The stream of that foot, or None."""
        return next((stream for stream in self.feet if stream.foot == foot), None)
