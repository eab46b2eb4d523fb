"""Probabilities of the normal law."""

import numpy as np

from gaitlab.model.units import Floats


def normal_below(deviation: Floats) -> Floats:
    """Probability that a standard normal variable is below ``deviation``; NaN stays NaN.

    >>> float(normal_below(np.array(0.0)))
    0.5
    """
    from scipy.special import ndtr

    return np.asarray(ndtr(deviation))
