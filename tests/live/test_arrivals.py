"""Jumps of a pod's clock, undone in a stream as they are in a recording."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitlab.live.arrivals import Arrivals, as_rows
from gaitlab.model.errors import UsageError
from gaitlab.model.recording import FootStream
from gaitlab.signal.stamps import sorted_stamps


def rows_at(time_s):
    n = len(time_s)
    values = np.arange(3 * n, dtype=float).reshape(n, 3)
    return as_rows(np.asarray(time_s, float), values, -values)


def accepted(rows, cuts):
    arrivals = Arrivals()
    parts = [arrivals.accept(part) for part in np.split(rows, cuts)]
    return np.concatenate([*parts, arrivals.accept(rows[:0], last=True)]), arrivals


def as_recorded(rows):
    stream = FootStream("left", rows[:, 0], rows[:, 1:4], rows[:, 4:7])
    return sorted_stamps(stream)


EVEN = np.arange(400) * 0.005


def with_restart():
    return np.concatenate((10 + EVEN, 2 + EVEN))


def with_two_restarts():
    return np.concatenate((10 + EVEN, 2 + EVEN, EVEN))


def with_stray_stamps():
    time_s = 10 + EVEN
    time_s[100:103] = 500.0
    time_s[300] = -40.0
    return time_s


def with_late_packet():
    time_s = 10 + np.arange(1000) * 0.005
    order = np.r_[0:100, 110:400, 100:110, 400:1000]  # 1.45 s late
    return time_s[order]


CLOCKS = {
    "even": EVEN,
    "restart": with_restart(),
    "two restarts": with_two_restarts(),
    "stray stamps": with_stray_stamps(),
    "late packet": with_late_packet(),
    "gap": np.concatenate((EVEN, 30 + EVEN)),
    "rows without a stamp": np.where(np.arange(400) % 50 == 7, np.nan, EVEN),
}


@pytest.mark.parametrize("name", CLOCKS)
@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, 1200), max_size=20))
def test_a_stream_is_repaired_as_a_recording_is(name, cuts):
    rows = rows_at(CLOCKS[name])
    live, arrivals = accepted(rows, sorted(min(cut, len(rows)) for cut in cuts))
    recorded, repairs = as_recorded(rows)
    live = live[np.argsort(live[:, 0], kind="stable")]
    np.testing.assert_allclose(live[:, 0], recorded.time_s, atol=1e-9)
    np.testing.assert_array_equal(live[:, 1:4], recorded.acc_mps2)
    assert arrivals.restarts == repairs.restarts
    assert arrivals.glitches == repairs.glitches


def test_after_a_jump_at_most_fifty_samples_wait():
    arrivals = Arrivals()
    arrivals.accept(rows_at(10 + EVEN))
    for k in range(60):
        arrivals.accept(rows_at([2 + 0.005 * k]))
        assert len(arrivals) <= 50
    assert len(arrivals) == 0


def test_one_row_a_missing_gyroscope_and_infinite_values():
    rows = as_rows(1.0, np.array([0.0, np.inf, 9.81]), None)
    assert rows.shape == (1, 7)
    assert np.isnan(rows[0, [2, 4, 5, 6]]).all()
    assert np.isnan(as_rows(np.array([np.inf]), np.zeros((1, 3)), None)[0, 0])


def test_a_wrong_shape_says_which():
    with pytest.raises(UsageError, match=r"gyr_radps has the shape \(2, 3\)"):
        as_rows(np.zeros(3), np.zeros((3, 3)), np.zeros((2, 3)))


def test_nothing_stays_nothing():
    assert len(Arrivals().accept(rows_at([]))) == 0
    assert len(Arrivals().accept(rows_at([np.nan]), last=True)) == 0
