"""Probabilities of the normal law."""

from math import erfc, sqrt

import numpy as np

from gaitlab.model.units import Floats


def normal_below(deviation: Floats) -> Floats:
    """Probability that a standard normal variable is below ``deviation``; NaN stays NaN.

    Value by value: the contacts are few, and loading SciPy takes longer.

    >>> float(normal_below(np.array(0.0)))
    0.5
    """
    below = map(erfc, (-sqrt(0.5) * deviation).ravel().tolist())
    return 0.5 * np.fromiter(below, dtype=np.float64, count=deviation.size).reshape(deviation.shape)
