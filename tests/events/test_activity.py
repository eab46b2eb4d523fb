"""Run, walk, hop and rest from contacts whose kind is known."""

import numpy as np

from gaitlab.events.activity import contact_activity, segments_of
from gaitlab.model.gait import BOUND, HOP, OTHER, REST, RUN, WALK


def gait(start_s, n, stride_s, contact_s, lag=0.5):
    ic_s = (
        start_s + np.repeat(np.arange(n // 2) * stride_s, 2) + np.tile([0, lag * stride_s], n // 2)
    )
    foot = np.tile(np.array([0, 1], dtype=np.int8), n // 2)
    return foot, ic_s, np.full(n, contact_s), np.full(n, stride_s), np.full(n, 20.0)


def joined(*parts):
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def test_duty_factor_tells_walking_from_running():
    foot, ic_s, contact_s, stride_s, vigour = joined(
        gait(0.0, 20, 1.1, 0.65), gait(12.0, 20, 0.72, 0.24), gait(20.0, 20, 1.1, 0.65)
    )
    found = contact_activity(foot, ic_s, contact_s, stride_s, vigour)
    assert (found[2:18] == WALK).all()
    assert (found[22:38] == RUN).all()
    assert (found[42:] == WALK).all()


def test_one_disturbed_contact_does_not_make_a_walker():
    foot, ic_s, contact_s, stride_s, vigour = gait(0.0, 20, 0.72, 0.24)
    contact_s[9] = 0.5
    assert (contact_activity(foot, ic_s, contact_s, stride_s, vigour) == RUN).all()


def test_feet_that_land_together_hop_and_a_single_coincidence_does_not():
    hop = gait(0.0, 20, 0.5, 0.17, lag=0.02)
    assert (contact_activity(*hop) == HOP).all()
    foot, ic_s, contact_s, stride_s, vigour = gait(0.0, 20, 0.72, 0.24)
    ic_s[9] = ic_s[8] + 0.02
    assert not (contact_activity(foot, ic_s, contact_s, stride_s, vigour) == HOP).any()


def test_long_leaps_from_foot_to_foot_are_bounds_and_a_slow_jog_is_not():
    bounds = gait(0.0, 20, 0.98, 0.19)
    assert (contact_activity(*bounds) == BOUND).all()
    assert (contact_activity(*gait(0.0, 20, 0.80, 0.30)) == RUN).all()
    assert (contact_activity(*gait(0.0, 20, 0.46, 0.10)) == RUN).all()


def test_without_any_end_of_contact_the_vigour_decides():
    foot, ic_s, contact_s, stride_s, vigour = gait(0.0, 20, 0.75, np.nan)
    assert (contact_activity(foot, ic_s, contact_s, stride_s, vigour) == RUN).all()
    assert (contact_activity(foot, ic_s, contact_s, 1.5 * stride_s, vigour) == WALK).all()
    assert (contact_activity(foot, ic_s, contact_s, stride_s, 0.1 * vigour) == WALK).all()


def test_a_lonely_contact_is_of_no_kind():
    one = tuple(part[:1] for part in gait(0.0, 2, np.nan, np.nan))
    assert contact_activity(*one).tolist() == [OTHER]
    none = tuple(part[:0] for part in gait(0.0, 2, 0.7, 0.2))
    assert len(contact_activity(*none)) == 0


def test_segments_cover_rest_and_every_contact_has_its_row():
    foot, ic_s, contact_s, stride_s, vigour = joined(
        gait(5.0, 20, 1.1, 0.65), gait(16.6, 20, 0.72, 0.24), gait(40.0, 20, 0.72, 0.24)
    )
    kind = contact_activity(foot, ic_s, contact_s, stride_s, vigour)
    segments, row = segments_of(ic_s, ic_s + contact_s, kind, 0.0, 60.0)
    assert segments.activity.tolist() == [REST, WALK, RUN, REST, RUN, REST]
    assert (np.diff(segments.start_s) > 0).all()
    assert (segments.stop_s > segments.start_s).all()
    assert (segments.stop_s[:-1] <= segments.start_s[1:] + 1e-9).all()
    np.testing.assert_array_equal(segments.activity[row], kind)


def test_a_recording_without_contacts_is_one_rest():
    nothing = np.empty(0)
    segments, row = segments_of(nothing, nothing, np.empty(0, np.int8), 0.0, 9.0)
    assert segments.activity.tolist() == [REST]
    assert len(row) == 0


def test_any_few_contacts_of_two_feet_have_a_kind():
    """A recording that ends after its first steps is no fault."""
    for n in range(2, 14, 2):
        for one_less in (0, 1):
            few = [column[: n - one_less] for column in gait(0.0, n, 0.72, 0.24)]
            found = contact_activity(*few)
            assert len(found) == n - one_less
            assert not (found == HOP).any()


def test_a_foot_that_flies_freely_hops_whatever_the_other_one_feels():
    foot, ic_s, contact_s, stride_s, vigour = gait(0.0, 24, 0.5, 0.18)
    leaps = np.where(foot == 0, 1.0, 0.0)
    assert (
        contact_activity(foot, ic_s, contact_s, stride_s, vigour, leaps=leaps)[:-1] == HOP
    ).all()
    alone = tuple(column[foot == 0] for column in (foot, ic_s, contact_s, stride_s, vigour))
    assert (contact_activity(*alone) == RUN).all()
    assert (contact_activity(*alone, leaps=np.ones(12)) == HOP).all()
    twice = np.isin(np.arange(12), (4, 5)).astype(float)
    assert (contact_activity(*alone, leaps=np.where(twice, 1.0, -1.0)) == RUN).all()
