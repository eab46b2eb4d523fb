"""What a vendor's file says about one pod, and what a reader of such files looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gaitlab.model.units import Floats
from gaitlab.recordings.vendors.source import Source


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says about a file because the file itself does not.

    rate_hz : sampling rate of a file without a time column
    assume_units : units where the format leaves them open, such as ``"g,rad/s"``
    """

    rate_hz: float | None = None
    assume_units: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PodData:
    """The samples of one pod in SI units and sensor axes.

    label : what tells this pod from another one: its tag, serial number or file name
    time_s : (n,) seconds on the clock called ``clock``
    acc_mps2, gyr_radps : (n, 3) specific force and angular rate; NaN where nothing was sent
    clock : name of the clock; two pods with the same name can be laid side by side.
        None when the clock starts anew in every file
    declared_rate_hz : the rate that the file claims
    device : make and model, in words
    notes : what had to be understood, in words
    """

    label: str
    time_s: Floats
    acc_mps2: Floats
    gyr_radps: Floats
    clock: str | None = None
    declared_rate_hz: float | None = None
    device: str = ""
    notes: tuple[str, ...] = ()


class Format(NamedTuple):
    """One kind of file: how it is known and how it is read.

    evidence : what in the file speaks for this format, None when it is another one
    read : the pods in it; raises InputError for a damaged file or one without raw motion
    units : of acceleration and rotation, as every such file has them; "" where files differ, and
        the notes of what was read say it
    """

    kind: str
    title: str
    evidence: Callable[[Source], str | None]
    read: Callable[[Source, Asked], tuple[PodData, ...]]
    units: str = ""


def no_gyroscope(acc_mps2: Floats) -> Floats:
    """(n, 3) of NaN beside accelerations without angular rates."""
    return np.full(acc_mps2.shape, np.nan)
