"""The timed sprint: laws of motion, put in and found again, published numbers, refusals."""

import numpy as np
import pytest

from gaitlab.coaching.sprint import checks
from gaitlab.coaching.sprint.curve import SprintModel
from gaitlab.coaching.sprint.exchange import sprint_dict
from gaitlab.coaching.sprint.fit import fit_speeds, fit_splits, fit_two_times
from gaitlab.coaching.sprint.force import Air, Body, force_n_per_kg, force_profile, profile_bands
from gaitlab.coaching.sprint.timed import Setting, speed_curve, sprint_from_splits
from gaitlab.model.errors import AnalysisError

MODELS = [SprintModel(9.8, 1.07), SprintModel(6.0, 0.75), SprintModel(12.0, 1.5)]
EVERY_TEN = np.arange(10.0, 61.0, 10.0)
NO_AIR = Air(pressure_mmhg=0.0)
HAUGEN_M = np.array([10.0, 20.0, 30.0, 40.0])
# Haugen 2019, PMC6655540: means of 8 national men and 5 women; height is an assumption
HAUGEN = {
    "men": ([1.90, 3.05, 4.09, 5.13], Body(71.8, 1.80)),
    "women": ([2.00, 3.24, 4.39, 5.51], Body(58.4, 1.68)),
}


def splits_of(model, distance_m=EVERY_TEN):
    return distance_m, model.time_s(distance_m)


@pytest.mark.parametrize("model", MODELS)
def test_acceleration_speed_and_distance_are_derivatives_of_each_other(model):
    time = np.linspace(0.0, 7.0, 70001)
    np.testing.assert_allclose(
        np.gradient(model.distance_m(time), time)[1:-1], model.speed_mps(time)[1:-1], atol=1e-6
    )
    np.testing.assert_allclose(
        np.gradient(model.speed_mps(time), time)[1:-1], model.acceleration_mps2(time)[1:-1],
        atol=1e-6,
    )  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_the_time_at_a_distance_undoes_the_distance_at_a_time(model):
    time = np.linspace(0.05, 8.0, 50)
    np.testing.assert_allclose(model.time_s(model.distance_m(time)), time, atol=1e-7)


def test_the_start_is_at_rest_and_ninety_five_percent_come_after_three_time_constants():
    model = SprintModel(9.0, 1.1)
    assert model.speed_mps(np.array(0.0)) == 0.0
    assert model.acceleration_mps2(np.array(0.0)) == pytest.approx(9.0 / 1.1)
    late = model.time_to_share_s(0.95)
    assert late == pytest.approx(1.1 * np.log(20.0))
    assert model.speed_mps(np.array(late)) == pytest.approx(0.95 * 9.0)


@pytest.mark.parametrize("model", MODELS)
def test_the_gradient_is_what_small_changes_do(model):
    step = 1e-6
    by_v = SprintModel(model.v_max_mps + step, model.tau_s).time_s(EVERY_TEN)
    by_tau = SprintModel(model.v_max_mps, model.tau_s + step).time_s(EVERY_TEN)
    small = (np.stack((by_v, by_tau), axis=-1) - model.time_s(EVERY_TEN)[:, None]) / step
    np.testing.assert_allclose(model.time_gradient(EVERY_TEN), small, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_exact_splits_give_back_the_sprint_that_was_put_in(model):
    fit = fit_splits(*splits_of(model))
    assert fit.model.v_max_mps == pytest.approx(model.v_max_mps, rel=1e-6)
    assert fit.model.tau_s == pytest.approx(model.tau_s, rel=1e-6)
    assert fit.r2 == pytest.approx(1.0)


@pytest.mark.parametrize("late_s", [-0.25, 0.0, 0.4])
def test_a_clock_that_starts_late_or_early_is_found(late_s):
    distance, time = splits_of(MODELS[0])
    fit = fit_splits(distance, time + late_s, free_start=True)
    assert fit.time_correction_s == pytest.approx(late_s, abs=1e-6)
    assert fit.model.tau_s == pytest.approx(MODELS[0].tau_s, rel=1e-5)
    np.testing.assert_allclose(fit.clock_time_s(distance), time + late_s, atol=1e-6)


@pytest.mark.parametrize("late_s", [0.0, 0.1])
def test_speeds_of_steps_give_back_the_sprint_and_lost_steps_are_left_out(late_s):
    model = MODELS[0]
    time = np.linspace(0.2, 6.0, 26)
    speed = model.speed_mps(time - late_s)
    speed[[3, 9]] = np.nan
    before = speed.copy()
    fit = fit_speeds(time, speed, free_start=late_s > 0)
    assert fit.model.v_max_mps == pytest.approx(model.v_max_mps, rel=1e-6)
    assert fit.model.tau_s == pytest.approx(model.tau_s, rel=1e-6)
    assert len(fit.residual) == 24
    np.testing.assert_array_equal(speed, before)


@pytest.mark.parametrize("model", MODELS)
def test_two_times_are_enough_for_the_curve_and_leave_nothing_to_check_it(model):
    times = model.time_s(np.array([30.0, 60.0]))
    fit = fit_two_times((30.0, 60.0), (float(times[0]), float(times[1])), time_sd_s=0.01)
    assert fit.model.v_max_mps == pytest.approx(model.v_max_mps, rel=1e-5)
    assert fit.model.tau_s == pytest.approx(model.tau_s, rel=1e-4)
    assert fit.dof == 0
    assert np.isnan(fit.r2)
    assert fit.interval_of(0) > 0


def test_two_times_that_no_sprint_has_are_refused():
    with pytest.raises(AnalysisError, match="no sprint from a standstill has"):
        fit_two_times((30.0, 60.0), (4.0, 8.2))


def test_fewer_times_than_numbers_are_refused():
    with pytest.raises(AnalysisError, match="1 measured values are too few for 2"):
        fit_splits(np.array([10.0]), np.array([1.9]))


def test_published_splits_give_the_published_numbers():
    """Golden numbers of the R package shorts (MIT): one athlete of its split_times."""
    distance = np.array([5.0, 10.0, 15.0, 20.0, 30.0, 40.0])
    time = np.array([1.158, 1.893, 2.541, 3.149, 4.313, 5.444])
    fixed, free = fit_splits(distance, time), fit_splits(distance, time, free_start=True)
    found = fixed.model.v_max_mps, fixed.model.a0_mps2, fixed.model.tau_s
    assert [round(value, 3) for value in found] == [8.591, 10.589, 0.811]
    found = free.model.v_max_mps, free.model.a0_mps2, free.model.tau_s, free.time_correction_s
    assert [round(value, 3) for value in found] == [8.975, 7.268, 1.235, -0.235]


def test_the_table_of_split_times_holds_that_athlete(shared_data):
    path = shared_data / "real" / "sprint-splits" / "split_times.csv"
    if not path.is_file():
        pytest.skip(f"no {path.name} there")
    from gaitlab.recordings.splits import read_splits

    sprints = {one.name: sprint_from_splits(one.distance_m, one.time_s, name=one.name)
               for one in read_splits(path)}  # fmt: skip
    assert len(sprints) == 5
    assert round(sprints["Kimberley"].fit.model.v_max_mps, 3) == 8.591


def test_the_published_radar_trace_gives_the_published_profile(shared_data):
    path = shared_data / "real" / "sprint-splits" / "jb_morin.csv"
    if not path.is_file():
        pytest.skip(f"no {path.name} there")
    time, speed = np.loadtxt(path, delimiter=",", skiprows=1).T
    assert len(time) == 232
    assert checks.before_loss_of_trace(time, speed).all()
    fit = fit_speeds(time, speed)
    profile = force_profile(fit.model, Body(75.0, 1.72), Air())
    assert round(fit.model.v_max_mps, 3) == 9.185
    assert round(fit.model.a0_mps2, 3) == 7.004
    assert round(profile.f0_n_per_kg, 2) == 6.92
    assert round(profile.v0_mps, 2) == 9.57
    assert round(profile.pmax_w_per_kg, 1) == 16.6
    assert round(100 * profile.rf_max, 1) == 49.5
    assert round(100 * profile.drf_per_mps, 2) == -6.62


@pytest.mark.parametrize(
    ("who", "v", "last", "f0", "v0", "pmax", "free_f0"),
    [("men", 9.83, 9.62, 9.1, 10.2, 23.3, 8.6), ("women", 8.93, 8.93, 8.5, 9.3, 19.7, 7.4)],
)
def test_the_means_of_national_sprinters_give_their_profile(who, v, last, f0, v0, pmax, free_f0):
    times, body = HAUGEN[who]
    sprint = sprint_from_splits(HAUGEN_M, np.array(times), Setting("block", body, True))
    assert round(sprint.fit.model.v_max_mps, 2) == v
    assert round(sprint.splits.speed_mps[-1], 2) == last
    assert round(sprint.profile.f0_n_per_kg, 1) == f0
    assert round(sprint.profile.v0_mps, 1) == v0
    assert round(sprint.profile.pmax_w_per_kg, 1) == pmax
    free = sprint_from_splits(
        HAUGEN_M, np.array(times), Setting("block", body, True, free_start=True)
    )
    assert round(free.profile.f0_n_per_kg, 1) == free_f0


@pytest.mark.parametrize("free_start", [False, True])
def test_the_intervals_agree_with_many_repeated_sprints(free_start):
    """Parametric bootstrap: the same sprint timed 400 times with an error of 0.02 s."""
    rng = np.random.default_rng(5)
    distance, exact = splits_of(MODELS[0])
    fits = [
        fit_splits(distance, exact + rng.normal(0, 0.02, len(exact)), free_start=free_start)
        for _ in range(400)
    ]
    found = np.array([(fit.model.v_max_mps, fit.model.tau_s) for fit in fits])
    claimed = np.sqrt(np.mean([np.diag(fit.covariance)[:2] for fit in fits], axis=0))
    np.testing.assert_allclose(found.std(axis=0), claimed, rtol=0.15)
    half = np.array([(fit.interval_of(0), fit.interval_of(1)) for fit in fits])
    inside = np.abs(found - (MODELS[0].v_max_mps, MODELS[0].tau_s)) <= half
    assert np.all(inside.mean(axis=0) > 0.92)
    bands = np.array([fit.time_band_s(distance) for fit in fits])
    off = np.array([fit.clock_time_s(distance) for fit in fits]) - exact
    assert np.all((np.abs(off) <= bands).mean(axis=0) > 0.92)


@pytest.mark.parametrize("true_sd_s", [0.0104, 0.03])
@pytest.mark.parametrize("distance_m", [(10.0, 30.0, 60.0), (10.0, 20.0, 30.0, 40.0)])
def test_few_splits_hold_the_truth_with_a_clock_as_good_as_said_and_a_worse_one(
    true_sd_s, distance_m
):
    rng = np.random.default_rng(31)
    distance = np.array(distance_m)
    exact = MODELS[0].time_s(distance)
    fits = [
        fit_splits(distance, exact + rng.normal(0, true_sd_s, len(exact)), time_sd_s=0.0104)
        for _ in range(400)
    ]
    inside = [abs(fit.model.v_max_mps - MODELS[0].v_max_mps) <= fit.interval_of(0) for fit in fits]
    assert np.mean(inside) > 0.92


@pytest.mark.parametrize("free_start", [False, True])
def test_the_range_of_the_first_acceleration_is_that_of_repeated_timings(free_start):
    rng, model = np.random.default_rng(12), MODELS[0]
    distance, exact = splits_of(model)
    fits = [
        fit_splits(distance, exact + rng.normal(0, 0.01, len(exact)), free_start=free_start)
        for _ in range(400)
    ]
    off = np.array([fit.model.a0_mps2 for fit in fits]) - model.a0_mps2
    half = np.array([fit.interval_of_a0 for fit in fits])
    assert 0.92 < np.mean(np.abs(off) <= half) <= 1.0
    assert np.median(half) < 6.0 * off.std()


def test_a_third_time_that_fits_does_not_widen_what_two_have_told():
    distance, time = np.array([10.0, 30.0, 60.0]), MODELS[0].time_s(np.array([10.0, 30.0, 60.0]))
    two = fit_two_times((30.0, 60.0), (float(time[1]), float(time[2])), time_sd_s=0.0104)
    three = fit_splits(distance, time, time_sd_s=0.0104)
    assert three.interval_of(0) <= two.interval_of(0)
    assert three.interval_of(1) <= two.interval_of(1)


def test_the_bands_never_claim_more_than_the_clock_knows():
    distance, time = splits_of(MODELS[0])
    assert fit_splits(distance, time).interval_of(0) == pytest.approx(0.0, abs=1e-6)
    assert fit_splits(distance, time, time_sd_s=0.03).interval_of(0) > 0.05


@pytest.mark.parametrize("model", MODELS)
def test_without_air_the_force_is_mass_times_acceleration(model):
    profile = force_profile(model, Body(), NO_AIR)
    assert profile.f0_n_per_kg == pytest.approx(model.v_max_mps / model.tau_s)
    assert profile.v0_mps == pytest.approx(model.v_max_mps)
    assert profile.pmax_w_per_kg == pytest.approx(model.v_max_mps**2 / model.tau_s / 4)
    assert profile.slope == pytest.approx(-1 / model.tau_s)
    push = model.acceleration_mps2(np.array(0.3))
    assert profile.rf_max == pytest.approx(push / np.hypot(push, 9.80665))


def test_a_body_at_top_speed_pushes_just_against_the_air():
    """Hand arithmetic: 75 kg, 1.72 m, 25 degrees: 0.5 x 1.1845 x 0.500 m2 x 0.9 = 0.2665 kg/m."""
    late = np.array([60.0])
    force = force_n_per_kg(SprintModel(10.0, 1.0), late, Body(75.0, 1.72), Air())
    assert 75.0 * force[0] == pytest.approx(26.65, abs=0.01)


@pytest.mark.parametrize(("wind", "force_n"), [(2.0, 17.06), (-2.0, 38.38), (10.0, 0.0)])
def test_wind_from_behind_saves_push_and_a_headwind_costs_it(wind, force_n):
    late = np.array([60.0])
    force = force_n_per_kg(SprintModel(10.0, 1.0), late, Body(75.0, 1.72), Air(wind_mps=wind))
    assert 75.0 * force[0] == pytest.approx(force_n, abs=0.02)


def test_cold_and_dense_air_needs_more_push():
    profiles = [
        force_profile(MODELS[0], Body(), air) for air in (Air(temperature_c=35.0),
                                                          Air(temperature_c=0.0))
    ]  # fmt: skip
    assert profiles[0].v0_mps < profiles[1].v0_mps


@pytest.mark.parametrize("body", [Body(45.0, 1.55), Body(60.0, 1.80), Body(105.0, 1.95)])
def test_an_unknown_body_moves_f0_by_less_than_one_percent(body):
    known, typical = (force_profile(MODELS[0], one, Air()) for one in (body, Body()))
    assert known.f0_n_per_kg == pytest.approx(typical.f0_n_per_kg, rel=0.01)


def test_the_bands_of_the_profile_follow_those_of_the_curve():
    """Without air F0 = V / tau, so its band is known in closed form."""
    distance, time = splits_of(MODELS[0])
    fit = fit_splits(distance, time, time_sd_s=0.02)
    v, tau = fit.model.v_max_mps, fit.model.tau_s
    gradient = np.array([1 / tau, -v / tau**2])
    expected = fit.quantile * np.sqrt(gradient @ fit.covariance @ gradient)
    assert profile_bands(fit, Body(), NO_AIR).f0_n_per_kg == pytest.approx(expected, rel=1e-4)


def test_the_curve_ends_where_speed_is_lost_for_good():
    times = np.array([1.90, 3.05, 4.09, 5.13, 6.20, 7.35])
    sprint = sprint_from_splits(EVERY_TEN, times)
    short = sprint_from_splits(EVERY_TEN[:4], times[:4])
    assert sprint.valid_until_m == 40.0
    assert sprint.fit.model == short.fit.model
    assert any("drops for good after 40 m" in note for note in sprint.notes)
    assert np.isnan(sprint.splits.fitted_s[-1])
    np.testing.assert_allclose(sprint.splits.time_s, times)


def test_one_slow_part_in_between_is_no_loss():
    kept = checks.before_loss(EVERY_TEN, np.array([1.9, 3.05, 4.09, 5.18, 6.21, 7.23]), 0.01)
    assert kept.all()


def test_hand_times_do_not_feign_a_loss_of_speed():
    times = np.array([1.9, 3.1, 4.1, 5.2, 6.2, 7.3])  # 10.0, then 9.1 m/s by rounding alone
    assert checks.before_loss(EVERY_TEN, times, 0.1).all()
    assert not checks.before_loss(EVERY_TEN, times, 0.01).all()


def test_a_trace_is_used_until_it_slows_for_half_a_second():
    time = np.arange(0.0, 9.0, 0.02)
    speed = SprintModel(9.0, 1.1).speed_mps(time) + 0.2 * np.sin(2 * np.pi * 4 * time)
    speed[time > 6.5] *= 1 - 0.05 * (time[time > 6.5] - 6.5)
    speed[100] = np.nan
    kept = checks.before_loss_of_trace(time, speed)
    assert not kept[100]
    assert 6.4 < time[kept][-1] < 7.5
    assert not checks.before_loss_of_trace(time[:0], speed[:0]).any()


@pytest.mark.parametrize(
    ("splits", "words"),
    [
        ({10: 1.9, 20: 1.8}, "not later than 10 m"),
        ({10: 1.9, 20: 3.05, 30: 1.04}, "not later than 20 m"),
        ({10: -1.9}, "10 m in -1.9 s"),
        ({10: float("nan")}, "10 m in nan s"),
        ({0: 1.0}, "0 m in 1 s"),
        ({0.01: 1.9, 20: 3.05}, "less than a step"),
        ({10: 1.9, 20: 2.5}, "16.7 m/s"),
        ({10: 1.9, 20: 9.0}, "1.4 m/s"),
        ({10: 12.0, 20: 14.0}, "0.8 m/s"),
        ({100: 10.0, 200: 20.0}, "200 m"),
        ({10: 1.0, 20: 2.0, 30: 3.0, 40: 4.0}, "full speed from the first metre"),
        ({}, "no split was given"),
    ],
)
def test_what_is_not_a_sprint_split_is_refused_in_plain_words(splits, words):
    with pytest.raises(AnalysisError) as refusal:
        sprint_from_splits(np.array(list(splits)), np.array(list(splits.values())))
    assert refusal.value.what.startswith("not a sprint split")
    assert words in str(refusal.value)
    assert refusal.value.todo


def test_a_distance_given_twice_is_refused():
    with pytest.raises(AnalysisError, match="10 m was given twice"):
        sprint_from_splits(np.array([10.0, 10.0]), np.array([1.9, 1.95]))


def test_the_order_of_the_splits_does_not_matter_and_they_stay_as_they_were():
    distance, time = splits_of(MODELS[0])
    back, forth = distance[::-1].copy(), time[::-1].copy()
    sprint = sprint_from_splits(back, forth)
    assert back[0] == 60.0
    assert sprint.fit.model == sprint_from_splits(distance, time).fit.model


def test_times_in_whole_tenths_widen_the_bands_and_are_named():
    exact = MODELS[0].time_s(EVERY_TEN)
    by_hand = sprint_from_splits(EVERY_TEN, np.round(exact, 1))
    by_gate = sprint_from_splits(EVERY_TEN, np.round(exact, 2))
    assert by_hand.fit.interval_of(0) > 2 * by_gate.fit.interval_of(0)
    assert np.all(by_hand.splits.band_s > 2 * by_gate.splits.band_s)
    assert any("whole tenths" in note for note in by_hand.notes)
    assert not any("whole tenths" in note for note in by_gate.notes)
    assert abs(by_hand.fit.model.v_max_mps - MODELS[0].v_max_mps) < by_hand.fit.interval_of(0)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_too_few_splits_say_what_cannot_be_told(n):
    distance, time = splits_of(MODELS[0])
    result = sprint_dict(sprint_from_splits(distance[:n], np.round(time[:n], 2)))
    assert (result["v_max_mps"] is None) == (n < 2)
    assert (result["f0_n_per_kg"] is None) == (n < 4)
    assert bool(result["missing"]) == (n < 4)


def test_a_free_start_needs_four_splits():
    distance, time = splits_of(MODELS[0])
    sprint = sprint_from_splits(distance[:3], time[:3], Setting(free_start=True))
    assert sprint.fit is None
    assert "4 are the least" in sprint.missing[0]


def test_a_sprint_that_never_levels_off_has_no_top_speed():
    steady = np.sqrt(2 * EVERY_TEN[:4] / 2.0)  # constant acceleration of 2 m/s2
    sprint = sprint_from_splits(EVERY_TEN[:4], steady)
    assert sprint.fit is None
    assert "does not level off" in sprint.missing[0]


def test_missing_tens_are_read_off_the_curve_with_a_band():
    model = MODELS[0]
    sprint = sprint_from_splits(*splits_of(model, np.array([5.0, 20.0, 35.0, 60.0])))
    table = sprint.splits
    assert table.distance_m.tolist() == [5, 10, 20, 30, 35, 40, 50, 60]
    assert table.measured.tolist() == [True, False, True, False, True, False, False, True]
    np.testing.assert_allclose(table.time_s, model.time_s(table.distance_m), atol=1e-6)
    assert np.all(table.band_s > 0)
    expected = np.diff(table.distance_m, prepend=0) / np.diff(table.time_s, prepend=0)
    np.testing.assert_allclose(table.speed_mps, expected, rtol=1e-5)


def test_a_sprint_cut_early_says_that_top_speed_lies_ahead():
    sprint = sprint_from_splits(*splits_of(SprintModel(11.0, 1.5), np.array([5.0, 10.0, 15.0])))
    assert any("V lies ahead" in note for note in sprint.notes)


def test_unusual_numbers_are_printed_with_their_doubt():
    sprint = sprint_from_splits(*splits_of(SprintModel(8.0, 0.5)))
    assert any(note.startswith("time constant 0.5 s is outside") for note in sprint.notes)
    usual = sprint_from_splits(*splits_of(SprintModel(9.5, 1.2)))
    assert not any("outside" in note for note in usual.notes)


def test_the_band_of_the_speed_curve_is_what_small_changes_do():
    fit = fit_splits(*splits_of(MODELS[0]), time_sd_s=0.02)
    distance, speed, band = speed_curve(fit, 60.0)
    v, tau, step = fit.model.v_max_mps, fit.model.tau_s, 1e-6

    def speed_at(v, tau):
        model = SprintModel(v, tau)
        return model.speed_mps(model.time_s(distance[1:]))

    by_v = (speed_at(v + step, tau) - speed[1:]) / step
    by_tau = (speed_at(v, tau + step) - speed[1:]) / step
    gradient = np.stack((by_v, by_tau), axis=-1)
    expected = fit.quantile * np.sqrt(np.einsum("ni,ij,nj->n", gradient, fit.covariance, gradient))
    np.testing.assert_allclose(band[1:], expected, rtol=1e-3, atol=1e-4)
    assert distance[-1] == pytest.approx(60.0)


def test_any_rising_times_give_an_answer_or_a_reason():
    """Times that nobody ran, at the edges of what is let through, with warnings as errors."""
    rng = np.random.default_rng(11)
    answered, refusals = 0, []
    for n in rng.integers(1, 9, 150):
        distance = np.cumsum(rng.uniform(1.0, 15.0, n))
        time = np.cumsum(np.diff(distance, prepend=0.0) / rng.uniform(3.0, 13.0, n))
        free = bool(rng.integers(2))
        try:
            result = sprint_dict(sprint_from_splits(distance, time, Setting(free_start=free)))
        except AnalysisError as refusal:
            refusals.append(refusal)
            continue
        answered += 1
        assert (result["v_max_mps"] is not None) or result["missing"]
        assert np.all(np.isfinite([split["time_s"] for split in result["splits"]]))
    assert answered > 20
    assert all(refusal.why and refusal.todo for refusal in refusals)
