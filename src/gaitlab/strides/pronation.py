"""How a foot rolls after it landed: a left one to its own left side up, a right one to its right.

A runner's foot lands on its outer edge and everts until it lies flat (pronation, 5 to 15 degrees).
Left and right are mirror images, so the sign tells which shoe a pod sits on.
"""

import numpy as np

from gaitlab.model.gait import FootSignal
from gaitlab.model.units import Floats
from gaitlab.signal.filters import known

EARLY_SHARE = 0.35  # of the contact: the eversion, before the foot turns over its toes
LONGEST_CONTACT_S = 0.9  # a longer one is standing
FEWEST = 8  # contacts with a usable middle


def landing_roll_rad(signal: FootSignal, ic_s: Floats, tc_s: Floats) -> float:
    """Median turn about the foot's forward axis early in its contacts, left side up positive, rad.

    ic_s, tc_s : (k,) seconds from the first sample, NaN where unknown

    NaN with fewer than 8 contacts or without a gyroscope. Our own; how it was tried:
    docs/metrics.md.
    """
    usable = (tc_s - ic_s > 0.0) & (tc_s - ic_s < LONGEST_CONTACT_S)
    if not signal.has_gyroscope or np.count_nonzero(usable) < FEWEST:
        return float("nan")
    turned = np.append(0.0, np.cumsum(known(signal.gyr_radps[:, 0]))) / signal.rate_hz
    at = np.arange(len(turned))
    begin = ic_s[usable] * signal.rate_hz
    end = begin + EARLY_SHARE * (tc_s - ic_s)[usable] * signal.rate_hz
    return float(np.median(np.interp(end, at, turned) - np.interp(begin, at, turned)))
