"""What another device said about a run, about once a second: to compare with, not to trust."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from gaitlab.model.recording import read_only
from gaitlab.model.units import Floats

#: the quantities of a series, with their unit in the name
QUANTITIES: Final = (
    "speed_mps", "cadence_spm", "contact_time_s", "step_length_m",
    "vertical_oscillation_m", "contact_balance_percent", "distance_m",
    "cadence_as_sent_per_min", "stride_length_as_sent_m",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceSeries:
    """Values of a watch or foot pod, as that device computed them.

    time_s : (n,) seconds since its first row
    values : by a name of QUANTITIES, each (n,); NaN where the device said nothing
    origins : by the same names, which field of which device it was
    source : the file and the device, in words
    start_unix_s : instant of time_s 0 in seconds since 1970, None when unknown
    recorded_with : the recording on whose time axis ``time_s`` lies; empty for a watch that ran
        along by itself, where ``time_s`` begins with its first row
    """

    time_s: Floats
    values: Mapping[str, Floats]
    origins: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    start_unix_s: float | None = None
    recorded_with: str = ""

    def __post_init__(self) -> None:
        n = len(self.time_s)
        for name, values in self.values.items():
            if name not in QUANTITIES or values.shape != (n,):
                raise ValueError(f"{name} has shape {values.shape}; expected a quantity of ({n},)")
        object.__setattr__(self, "time_s", read_only(self.time_s))

    def quantity(self, name: str) -> Floats:
        """(n,) values of one quantity, all NaN when the device does not know it."""
        found = self.values.get(name)
        return np.full(len(self.time_s), np.nan) if found is None else found

    def origin(self, name: str) -> str:
        """Which field of the device it was."""
        return self.origins.get(name, self.source)

    def columns(self) -> Iterator[tuple[str, Floats]]:
        """Names and values of the quantities that are there."""
        for name in QUANTITIES:
            if name in self.values:
                yield name, self.values[name]
