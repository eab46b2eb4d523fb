"""A run as one row a second, the way watches keep it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.model.analysis import Analysis, Measured, record_of
from gaitlab.model.gait import LEFT, RIGHT, RUN, STRIKES, WALK, Contacts
from gaitlab.model.units import Floats, Ints

#: means of the contacts that land within the second, by the name of their field
MEANS: Final = (
    "speed_mps", "cadence_spm", "contact_time_s", "flight_time_s", "step_length_m",
    "duty_factor", "vertical_oscillation_m", "strike_angle_rad", "peak_impact_mps2",
)  # fmt: skip
LONGEST_BRIDGE_S = 3.0  # of speed between two strides of one bout


@dataclass(frozen=True, slots=True, eq=False)
class Seconds:
    """One row for every second from the first contact to the last.

    start_s : recording time of the first row;  contacts : (n,) valid contacts in each second
    means : by a name of MEANS, (n,); NaN where no valid contact has a value
    rearfoot_share : (n,) of the contacts with a strike class
    balance_left : (n,) left contact time in that of both feet together, 0 to 1
    distance_m : (n,) covered until the end of the second, from the speed
    """

    start_s: float
    contacts: Ints
    means: dict[str, Floats]
    rearfoot_share: Floats
    balance_left: Floats
    distance_m: Floats

    def __len__(self) -> int:
        return len(self.contacts)


def by_second(analysis: Analysis | Measured) -> Seconds:
    """The valid contacts of walks and runs, by the second they land in; may be empty."""
    every = record_of(analysis).contacts
    on_the_way = np.isin(every.activity, (WALK, RUN))
    contacts = every.where(every.valid & on_the_way)
    if not len(contacts):
        nothing = np.empty(0)
        return Seconds(0.0, np.empty(0, np.int64), dict.fromkeys(MEANS, nothing), *[nothing] * 3)
    start_s = float(np.floor(contacts.ic_time_s[0]))
    row = (contacts.ic_time_s - start_s).astype(np.int64)
    n = int(row[-1]) + 1
    means = {name: _mean(row, getattr(contacts, name), n) for name in MEANS}
    rear = np.where(contacts.strike < len(STRIKES) - 1, contacts.strike == 0, np.nan)
    return Seconds(
        start_s=start_s,
        contacts=np.bincount(row, minlength=n),
        means=means,
        rearfoot_share=_mean(row, rear, n),
        balance_left=_balance(row, contacts, n),
        distance_m=np.cumsum(_bridged(means["speed_mps"])),
    )


def _mean(row: Ints, values: Floats, n: int) -> Floats:
    known = np.isfinite(values)
    total = np.bincount(row[known], values[known], minlength=n)
    count = np.bincount(row[known], minlength=n)
    mean: Floats = np.divide(total, count, out=np.full(n, np.nan), where=count > 0)
    return mean


def _balance(row: Ints, contacts: Contacts, n: int) -> Floats:
    sides = [
        _mean(row, np.where(contacts.foot == foot, contacts.contact_time_s, np.nan), n)
        for foot in (LEFT, RIGHT)
    ]
    balance: Floats = sides[0] / (sides[0] + sides[1])
    return balance


def _bridged(speed_mps: Floats) -> Floats:
    """Speed in every second: short holes filled between their ends, long ones standing still."""
    known = np.flatnonzero(np.isfinite(speed_mps))
    if not len(known):
        return np.zeros(len(speed_mps))
    seconds = np.arange(len(speed_mps))
    filled = np.interp(seconds, known, speed_mps[known])
    before = known[np.clip(np.searchsorted(known, seconds, "right") - 1, 0, None)]
    after = known[np.clip(np.searchsorted(known, seconds), None, len(known) - 1)]
    filled[(after - before > LONGEST_BRIDGE_S) & ~np.isfinite(speed_mps)] = 0.0
    return filled
