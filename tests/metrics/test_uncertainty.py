"""What differs between runners stays in the uncertainty of a mean, however many contacts."""

import pytest

from gaitlab.metrics.mechanics import circumstances_of
from gaitlab.metrics.uncertainty import Typical, median_uncertainty
from gaitlab.model.recording import Athlete, Setup

TOE_OFF_APART_S = 0.0080  # SD of toe-off between simulated runners, rougher and smoother ones
SHARE_WITHIN_90 = 1.645


@pytest.mark.parametrize("n", [20, 500, 50_000])
def test_the_toe_off_of_this_runner_is_off_by_the_same_in_every_contact(n):
    usual = Typical(False, 0.0023, 0.0094, 0.0, 0.0, 0.230, 0.120, 0.70, 3.5)
    known = circumstances_of(Athlete(), Setup())
    found = median_uncertainty("contact_time_s", usual, known, n, n, 0.230, 0.006)
    assert 0.85 * TOE_OFF_APART_S < found < 1.25 * TOE_OFF_APART_S
    assert SHARE_WITHIN_90 * found > 0.010  # the worst foot of a steady run
