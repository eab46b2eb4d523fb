"""Times between events: identities of walking and running, by hand arithmetic."""

import numpy as np
import pytest

from gaitlab.metrics.temporal import next_is, stride_times, temporal
from gaitlab.model.gait import HOP, LEFT, RIGHT, RUN


def runner(n=20, stride_s=0.70, contact_s=0.22, lag=0.5):
    """n contacts alternating left and right, perfectly regular but for the lag of the right."""
    foot = np.tile(np.array([LEFT, RIGHT], dtype=np.int8), n // 2)
    ic_s = np.repeat(np.arange(n // 2) * stride_s, 2) + np.tile([0.0, lag * stride_s], n // 2)
    follows = np.ones(n, dtype=bool)
    follows[-2:] = False
    return foot, ic_s, ic_s + contact_s, follows


def times_of(foot, ic_s, tc_s, follows, kind=RUN):
    stride = stride_times(foot, ic_s, follows)
    return temporal(foot, ic_s, tc_s, stride, np.full(len(foot), kind, dtype=np.int8))


def test_contact_and_flight_make_a_step_and_contact_and_swing_a_stride():
    rng = np.random.default_rng(0)
    foot, ic_s, tc_s, follows = runner()
    ic_s = ic_s + rng.normal(0.0, 0.004, len(ic_s))
    made = times_of(foot, ic_s, tc_s, follows)
    np.testing.assert_allclose(
        made.contact_time_s + made.flight_time_s, made.step_time_s, atol=1e-9
    )
    whole = np.isfinite(made.stride_time_s)
    np.testing.assert_allclose(
        (made.contact_time_s + made.swing_time_s)[whole], made.stride_time_s[whole], atol=1e-9
    )


def test_a_regular_runner_by_hand():
    made = times_of(*runner())
    assert made.cadence_spm[0] == pytest.approx(120 / 0.70)
    assert made.duty_factor[0] == pytest.approx(0.22 / 0.70)
    assert made.step_time_s[0] == pytest.approx(0.35)
    assert made.flight_time_s[0] == pytest.approx(0.13)
    assert not made.one_sided[:-2].any()
    assert np.isnan(made.stride_time_s[-2:]).all()


def test_walking_has_negative_flight():
    made = times_of(*runner(stride_s=1.1, contact_s=0.66))
    assert made.flight_time_s[0] == pytest.approx(0.55 - 0.66)


def test_unequal_steps_of_the_two_feet_are_kept_apart():
    made = times_of(*runner(lag=0.46))
    assert made.step_time_s[0] == pytest.approx(0.46 * 0.70)
    assert made.step_time_s[1] == pytest.approx(0.54 * 0.70)


def test_one_foot_assumes_symmetry_and_says_so():
    foot, ic_s, tc_s, follows = (part[::2] for part in runner())
    made = times_of(foot, ic_s, tc_s, follows)
    assert made.one_sided[:-1].all()
    assert made.flight_time_s[0] == pytest.approx(0.35 - 0.22)


def test_a_missing_contact_of_the_other_foot_is_not_bridged_with_the_next_one():
    foot, ic_s, tc_s, follows = runner()
    keep = np.arange(len(foot)) != 5
    made = times_of(foot[keep], ic_s[keep], tc_s[keep], follows[keep])
    assert made.one_sided[4]
    assert made.step_time_s[4] == pytest.approx(0.35)


def test_two_feet_that_land_together_make_one_step_per_hop():
    foot, ic_s, tc_s, follows = runner(stride_s=0.5, contact_s=0.17, lag=0.01)
    made = times_of(foot, ic_s, tc_s, follows, HOP)
    assert made.cadence_spm[0] == pytest.approx(120.0)
    assert made.flight_time_s[0] == pytest.approx(0.33)


def test_empty_input_gives_empty_output():
    nothing = np.empty(0)
    made = times_of(np.empty(0, np.int8), nothing, nothing, np.empty(0, bool))
    assert len(made.contact_time_s) == 0


def test_the_next_contact_of_the_same_foot_is_looked_at():
    foot = np.array([LEFT, RIGHT, LEFT, RIGHT], dtype=np.int8)
    assert next_is(foot, np.array([True, True, False, True])).tolist() == [
        False,
        True,
        False,
        False,
    ]
