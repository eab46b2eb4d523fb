import numpy as np
import pytest

from gaitlab.simulate.curves import (
    Pieces,
    flattened,
    midsole,
    product,
    quintic_pieces,
    residual_shift_s,
    smooth_step,
    through_knots,
    with_bump,
    wobble,
)

TIME_S = np.linspace(0.0, 0.25, 25001)


@pytest.mark.parametrize(
    "curve",
    [
        lambda t: midsole(t, 200.0, 0.35),
        lambda t: wobble(t, 25.0, 0.011),
        lambda t: product(wobble(t, 25.0, 0.011), midsole(t, 200.0, 0.35)),
    ],
    ids=["midsole", "wobble", "product"],
)
def test_rates_and_accelerations_are_derivatives(curve):
    value, rate, bend = curve(TIME_S)
    step = TIME_S[1]
    np.testing.assert_allclose(
        np.gradient(value, step)[1:-1], rate[1:-1], atol=1e-5 * abs(rate).max()
    )
    np.testing.assert_allclose(
        np.gradient(rate, step)[1:-1], bend[1:-1], atol=1e-4 * abs(bend).max()
    )


def test_the_midsole_takes_the_whole_landing_speed_and_no_more():
    _, speed, acceleration = midsole(TIME_S, 220.0, 0.4)
    assert speed[0] == 1.0
    assert acceleration[0] == 0.0
    assert np.trapezoid(acceleration, TIME_S) == pytest.approx(-1.0, abs=1e-6)


def test_the_midsole_stops_the_foot_within_5_to_15_ms():
    for frequency_hz, damping in ((28.0, 0.4), (32.0, 0.35), (42.0, 0.3)):
        _, speed, _ = midsole(TIME_S, 2 * np.pi * frequency_hz, damping)
        assert 0.005 < TIME_S[np.argmax(speed < 0.0)] < 0.016


def test_the_midsole_rests_where_it_says():
    assert midsole(TIME_S, 220.0, 0.4)[0][-1] == pytest.approx(residual_shift_s(220.0, 0.4))


def test_nothing_moves_before_contact():
    before = np.array([-0.1, -1e-9, 0.0])
    assert not midsole(before, 200.0, 0.4)[0].any()
    assert not wobble(before, 25.0, 0.01)[1].any()


def test_pieces_meet_value_rate_and_acceleration_at_their_knots():
    knots = np.array([0.0, 0.3, 0.4, 1.0])
    value, rate = np.array([0.0, 1.0, 0.5, 0.5]), np.array([0.0, 2.0, -1.0, 0.0])
    pieces = through_knots(knots, value, rate)
    for time_s in (knots, knots[1:-1] - 1e-9):
        found = pieces.at(time_s)
        inner = slice(None) if len(time_s) == 4 else slice(1, -1)
        np.testing.assert_allclose(found[0], value[inner], atol=1e-7)
        np.testing.assert_allclose(found[1], rate[inner], atol=1e-6)
        np.testing.assert_allclose(found[2], 0.0, atol=1e-4)


def test_outside_the_pieces_the_ends_are_held():
    pieces = through_knots(np.array([0.0, 1.0]), np.array([2.0, 3.0]), np.array([1.0, 1.0]))
    value, rate, _ = pieces.at(np.array([-1.0, 5.0]))
    np.testing.assert_allclose(value, [2.0, 3.0])
    np.testing.assert_allclose(rate, 0.0)


def test_a_foot_without_any_swing_has_no_piece_and_stays():
    none = np.empty(0)
    value, _, _ = Pieces(none, none, np.empty((6, 0))).at_pieces(np.zeros(3), np.zeros(3, int))
    np.testing.assert_array_equal(value, 0.0)


@pytest.mark.parametrize("change", [with_bump, flattened], ids=["bump", "flattened"])
def test_shaping_a_swing_leaves_both_ends_alone(change):
    ends = np.array([[0.0, 1.0, -2.0, 3.0, 0.5, 4.0]]).T
    duration_s = np.array([0.4])
    plain = quintic_pieces(duration_s, ends)
    extra = (np.array([0.3]), 0.4) if change is with_bump else (np.array([0.3]),)
    shaped = change(plain, *extra)
    u = np.array([0.0, 1.0])
    for pieces in (plain, shaped):
        found = Pieces(np.zeros(1), duration_s, pieces).at(u * 0.4)
        np.testing.assert_allclose(np.array(found).T.ravel(), ends[:, 0], atol=1e-9)
    middle = Pieces(np.zeros(1), duration_s, shaped).at(np.array([0.1]))[0]
    assert abs(middle - Pieces(np.zeros(1), duration_s, plain).at(np.array([0.1]))[0]) > 0.01


def test_the_smooth_step_goes_from_0_to_1_and_stays():
    np.testing.assert_array_equal(
        smooth_step(np.array([-1.0, 0.0, 0.5, 1.0, 2.0]))[0], [0, 0, 0.5, 1, 1]
    )
