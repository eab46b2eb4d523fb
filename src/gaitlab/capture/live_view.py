"""What a live display shows, without any display: a few numbers, whatever the length of a run."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.capture.foot_pod import SpeedNow
from gaitlab.model.gait import ACTIVITIES, STRIKES, UNKNOWN_STRIKE, Contacts
from gaitlab.model.recording import FEET, Foot
from gaitlab.model.units import Floats

STRIP: Final = 40  # contacts in the strike strip
SHOWN_STRIDES: Final = 5
FOOT_POD: Final = "foot pod"
METRICS: Final = ("cadence_spm", "contact_time_s", "flight_time_s", "speed_mps")


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One line of the live table; numbers are medians of the last five strides, NaN if unknown.

    who : left, right, unknown or both
    strike : the most frequent one, or unknown
    n_contacts, n_lost : contacts and lost samples so far
    battery_percent, signal_dbm : None when unknown or for both feet
    state : of the connection, in a word or two; empty for a recording
    """

    who: str
    cadence_spm: float
    contact_time_s: float
    flight_time_s: float
    speed_mps: float
    strike: str
    n_contacts: int
    n_lost: int
    battery_percent: int | None = None
    signal_dbm: int | None = None
    state: str = ""


@dataclass(slots=True)
class PodStatus:
    """What is known about one pod besides its contacts."""

    n_lost: int = 0
    battery_percent: int | None = None
    signal_dbm: int | None = None
    state: str = ""


class LiveView:
    """The last contacts of each foot, and how the pods are.

    feet : in the order of the rows
    title : the athlete's name;  simulated : nobody ever ran this
    speeds : what foot pods say of speed and cadence, by who says it
    """

    def __init__(self, feet: Sequence[Foot], title: str = "", *, simulated: bool = False) -> None:
        self.feet, self.title, self.simulated = tuple(feet), title, simulated
        self.pods = {foot: PodStatus() for foot in feet}
        self.foot_pod = PodStatus()
        self.speeds: dict[str, SpeedNow] = {}
        self.now_s = 0.0
        self.activity = "rest"
        self.notes: dict[str, str] = {}
        self._strip: deque[tuple[int, int]] = deque(maxlen=STRIP)
        self._recent: dict[Foot, deque[Floats]] = {
            foot: deque(maxlen=SHOWN_STRIDES) for foot in feet
        }
        self._strikes: dict[Foot, deque[int]] = {foot: deque(maxlen=SHOWN_STRIDES) for foot in feet}
        self._n = dict.fromkeys(self.feet, 0)

    def status(self, foot: Foot | None) -> PodStatus:
        """How the pod of ``foot`` is; None for the one that only sends its own speed."""
        return self.foot_pod if foot is None else self.pods[foot]

    def add(self, contacts: Contacts) -> None:
        """Contacts that have become final, oldest first."""
        values = np.column_stack([getattr(contacts, name) for name in METRICS])
        values[~contacts.valid] = np.nan  # as in every mean
        last = max(0, len(contacts) - 2 * STRIP)
        for row in range(last, len(contacts)):  # a display's worth at most
            foot = FEET[contacts.foot[row]]
            self._recent[foot].append(values[row])
            self._strikes[foot].append(int(contacts.strike[row]))
            self._strip.append((int(contacts.foot[row]), int(contacts.strike[row])))
        for foot in self.feet:
            self._n[foot] += int(np.count_nonzero(contacts.foot == FEET.index(foot)))
        if len(contacts):
            self.activity = ACTIVITIES[contacts.activity[-1]]

    @property
    def n_contacts(self) -> int:
        """Contacts of all feet so far."""
        return sum(self._n.values())

    def rows(self) -> list[ViewRow]:
        """One for each foot, and one for both when there are two."""
        rows = [self._row(foot, [foot]) for foot in self.feet]
        return [*rows, self._row("both", self.feet)] if len(self.feet) > 1 else rows

    def _row(self, who: str, feet: Sequence[Foot]) -> ViewRow:
        known = [values for foot in feet for values in self._recent[foot]]
        strikes = [strike for foot in feet for strike in self._strikes[foot]]
        pods = [self.pods[foot] for foot in feet]
        one = pods[0] if len(pods) == 1 else PodStatus()
        return ViewRow(
            who=who,
            **_medians(known),
            strike=_most_frequent(strikes),
            n_contacts=sum(self._n[foot] for foot in feet),
            n_lost=sum(pod.n_lost for pod in pods),
            battery_percent=one.battery_percent,
            signal_dbm=one.signal_dbm,
            state=one.state,
        )

    def strip(self, foot: Foot, length: int = STRIP) -> str:
        """The strikes of the last contacts of all feet, in order: a letter where it was ``foot``.

        R rearfoot, M midfoot, F forefoot, ? unknown, and · where it was another foot.
        """
        code = FEET.index(foot)
        shown = list(self._strip)[-length:]
        return "".join(LETTERS[strike] if side == code else OTHER for side, strike in shown)


LETTERS: Final = ("R", "M", "F", "?")  # in the order of STRIKES
OTHER: Final = "·"


def _medians(known: Sequence[Floats]) -> dict[str, float]:
    """Of each metric over (k,) rows, NaN without any."""
    table = np.array(known) if known else np.full((1, len(METRICS)), np.nan)
    seen = {
        name: column[np.isfinite(column)] for name, column in zip(METRICS, table.T, strict=True)
    }
    return {name: float(np.median(it)) if len(it) else np.nan for name, it in seen.items()}


def _most_frequent(strikes: Sequence[int]) -> str:
    counts = np.bincount([s for s in strikes if s != UNKNOWN_STRIKE], minlength=len(STRIKES))
    return STRIKES[int(np.argmax(counts))] if counts.any() else STRIKES[UNKNOWN_STRIKE]
