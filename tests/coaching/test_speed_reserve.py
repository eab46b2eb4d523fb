"""Speed reserve by hand arithmetic, its bands, and speeds that must not be mixed."""

import numpy as np
import pytest

from gaitlab.coaching.potential.cells import cells
from gaitlab.coaching.potential.gain import SLOPES, gains, slope_for
from gaitlab.coaching.potential.race_events import race_time
from gaitlab.coaching.potential.speed_reserve import (
    aerobic_speed,
    band_of,
    fly_top_speed,
    ratios_of,
    refuse_mixed_speeds,
    reserve_of,
    two_speed_curve,
    typed_aerobic_speed,
    typed_top_speed,
)
from gaitlab.model.errors import UsageError


def times(*texts, sex="m"):
    return tuple(race_time(*text.split("="), sex) for text in texts)


def test_reserve_and_ratio_are_difference_and_quotient():
    found = reserve_of(typed_top_speed(9.6), typed_aerobic_speed(6.0), "m")
    assert found.asr_mps == pytest.approx(3.6)
    assert found.srr == pytest.approx(1.6)
    assert found.srr_sd == pytest.approx(1.6 * np.hypot(0.01, 0.02))
    assert found.asr_sd_mps == pytest.approx(np.hypot(0.096, 0.12))


@pytest.mark.parametrize(
    ("srr", "band"),
    [(1.58, "400-800 type"), (1.57, "800 type"), (1.48, "800 type"), (1.47, "800-1500 type"),
     (1.36, "800-1500 type")],
)  # fmt: skip
def test_sandfords_bands_begin_where_the_paper_says(srr, band):
    assert band_of(srr, "m") == band
    assert band_of(srr, "f").startswith("no bands")


def test_a_ratio_near_an_edge_is_not_sure():
    sure = reserve_of(typed_top_speed(9.18), typed_aerobic_speed(6.0), "m")
    edge = reserve_of(typed_top_speed(9.42), typed_aerobic_speed(6.0), "m")
    assert not edge.sure
    assert edge.band == "800 type"
    assert sure.band == "800 type"


def test_a_race_of_six_minutes_is_the_aerobic_speed_itself():
    race = times("1500=6:00")
    speed = aerobic_speed(race, "m")
    assert speed.mps == pytest.approx(1500 / 360)
    assert speed.sd_mps == pytest.approx(0.0, abs=1e-12)


def test_shorter_races_are_slowed_to_six_minutes_and_longer_ones_quickened():
    short, long = times("1500=4:00"), times("5000=15:00")
    assert aerobic_speed(short, "m").mps < 6.25
    assert aerobic_speed(long, "m").mps > 5000 / 900
    by_hand = 6.25 * 1.5 ** (1 / 1.084 - 1)
    assert aerobic_speed(short, "m").mps == pytest.approx(by_hand)


def test_the_race_nearest_to_six_minutes_counts_and_sprints_never():
    both = times("1500=4:00", "5000=16:00")
    assert aerobic_speed(both, "m").source == "from the 1500"
    with pytest.raises(UsageError, match="no race"):
        aerobic_speed(times("400=52", "800=2:00"), "m")


def test_a_race_average_is_no_top_speed():
    with pytest.raises(UsageError, match="below the average"):
        refuse_mixed_speeds(typed_top_speed(7.0), times("400=52.0"))
    with pytest.raises(UsageError, match="not above"):
        reserve_of(typed_top_speed(5.0), typed_aerobic_speed(5.5), "m")


@pytest.mark.parametrize("mps", [3.0, 15.0, 34.0, float("nan")])
def test_nobodys_top_speed_is_refused(mps):
    with pytest.raises(UsageError):
        typed_top_speed(mps)


def test_a_fly_of_30_m_in_3_s_is_10_mps():
    assert fly_top_speed(30.0, 3.0).mps == 10.0


def test_ratios_at_the_quantiles_get_their_percentiles():
    """v400/v800 of 1.119 is the men's median, 1.178 the 75th percentile (section 7)."""
    middle = ratios_of(times("400=50.0", f"800={2 * 50 * 1.119:.3f}"), "m")[0]
    high = ratios_of(times("400=50.0", f"800={2 * 50 * 1.20:.3f}"), "m")[0]
    low = ratios_of(times("400=50.0", f"800={2 * 50 * 1.07:.3f}"), "m")[0]
    assert middle.percentile == pytest.approx(50.0, abs=0.5)
    assert (low.word, middle.word, high.word) == ("endurance type", "balanced", "speed type")


def test_the_two_speed_curve_runs_from_top_speed_to_aerobic_speed():
    found = reserve_of(typed_top_speed(9.6), typed_aerobic_speed(6.0), "m")
    assert two_speed_curve(found, 0.0) == pytest.approx(9.6)
    assert two_speed_curve(found, 1e4) == pytest.approx(6.0)


def test_one_percent_of_a_52_s_400_goes_with_what_is_printed():
    """4:00 over 1500: 0.38 [0.30, 0.45] % of 240 s (section 7)."""
    one = gains({"400": 52.0, "5000": 930.0}, {"1500": 240.0})[0]
    assert one.to_s == pytest.approx(51.48)
    assert one.gain_s == pytest.approx(0.0038 * 240, abs=0.01)
    assert one.low_s == pytest.approx(0.0030 * 240, abs=0.01)
    assert one.high_s == pytest.approx(0.0045 * 240, abs=0.01)


def test_a_400_alone_buys_nothing():
    assert gains({"400": 52.0}, {"1500": 240.0, "800": 116.0}) == ()


def test_slopes_that_may_be_zero_are_never_a_gain():
    assert gains({"400": 52.0, "5000": 930.0, "10000": 1950.0}, {"10000": 1950.0}) == ()
    assert not any(one.clear for one in SLOPES if one.target in ("5000", "10000"))


@pytest.mark.parametrize(("target", "fixed"), [("800", "1500"), ("800", "5000"), ("1500", "5000")])
def test_the_slopes_are_those_of_the_fitted_cells(target, fixed):
    cell = cells()["uk_club"][("400", fixed), target]
    one = slope_for(target, {fixed: 1.0})
    assert cell.slope[0] == pytest.approx(one.slope, abs=0.006)
    half = 1.96 * cell.spread * float(np.sqrt(cell.slope_variance[0, 0]))
    assert (one.high - one.low) / 2 == pytest.approx(half, rel=0.8)
