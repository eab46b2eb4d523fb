"""Every way of timing a contact that gaitlab knows, by name, and where it comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gaitlab.events import ic_detectors, tc_detectors
from gaitlab.events.cycles import Cycles
from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Floats


@dataclass(frozen=True, slots=True)
class Detector:
    """One way of timing an event: a function and where it comes from.

    find : (signal, cycles) to (k,) s from the first sample, NaN where nothing is found
    source, doi : first author and year; empty doi for a conference paper or our own
    smoothing : what it is done to the signal first;  use : what it is good for
    """

    find: Callable[[FootSignal, Cycles], Floats]
    source: str
    doi: str
    smoothing: str
    use: str


_FALBRIARD = ("Falbriard 2018", "10.3389/fphys.2018.00610")
_BLAUBERGER = ("Blauberger 2021", "10.3390/s21217331")
_SCHMIDT = ("Schmidt 2016, described in Blauberger 2021", "10.3390/s21217331")
_MITSCHKE = ("Mitschke 2018", "10.3390/s18010130")
_CHEW = ("Chew 2018, described in a public comparison", "")
_BAILEY = ("Bailey 2015, icSPORTS", "")
_OWN = ("gaitlab", "")

IC_DETECTORS: Final[Mapping[str, Detector]] = MappingProxyType(
    {
        "first_rise": Detector(
            ic_detectors.first_rise_ic, *_OWN, "none", "the default, at every speed"
        ),
        "jerk_onset": Detector(ic_detectors.jerk_onset_ic, *_OWN, "none", "needs no foot frame"),
        "falbriard_norm": Detector(
            ic_detectors.falbriard_norm_ic, *_FALBRIARD, "30 Hz", "needs no gyroscope"
        ),
        "falbriard_gyro": Detector(
            ic_detectors.falbriard_gyro_ic, *_FALBRIARD, "30 Hz",
            "precise on one athlete; before contact or after it, by foot strike",
        ),
        "blauberger": Detector(ic_detectors.blauberger_ic, *_BLAUBERGER, "70 Hz", "sprint"),
        "schmidt": Detector(ic_detectors.schmidt_ic, *_SCHMIDT, "none", "sprint"),
        "mitschke": Detector(
            ic_detectors.mitschke_ic, *_MITSCHKE, "above 80 Hz", "500 Hz and more"
        ),
        "chew": Detector(ic_detectors.chew_ic, *_CHEW, "none", "a simple baseline"),
        "bailey": Detector(ic_detectors.bailey_ic, *_BAILEY, "none", "slow and moderate, heel"),
    }
)  # fmt: skip
"""Initial contact."""

TC_DETECTORS: Final[Mapping[str, Detector]] = MappingProxyType(
    {
        "fused": Detector(tc_detectors.fused_tc, *_OWN, "as its parts", "the default"),
        "forward_release": Detector(
            tc_detectors.forward_release_tc, *_OWN, "a quarter of the rate", "a crisp toe-off"
        ),
        "falbriard_gyro": Detector(
            tc_detectors.falbriard_gyro_tc, *_FALBRIARD, "30 Hz", "every speed; early"
        ),
        "falbriard_norm": Detector(
            tc_detectors.falbriard_norm_tc, *_FALBRIARD, "30 Hz", "needs no gyroscope"
        ),
        "blauberger": Detector(tc_detectors.blauberger_tc, *_BLAUBERGER, "70 Hz", "sprint"),
        "schmidt": Detector(tc_detectors.schmidt_tc, *_SCHMIDT, "none", "sprint"),
        "mitschke": Detector(tc_detectors.mitschke_tc, *_MITSCHKE, "200 Hz", "500 Hz and more"),
        "chew": Detector(tc_detectors.chew_tc, *_CHEW, "none", "a simple baseline"),
        "bailey": Detector(tc_detectors.bailey_tc, *_BAILEY, "none", "slow and moderate"),
    }
)  # fmt: skip
"""Terminal contact."""
