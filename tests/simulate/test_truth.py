from dataclasses import replace

import numpy as np
import pytest

from gaitlab.model.errors import UsageError
from gaitlab.model.gait import FOREFOOT, MIDFOOT, REARFOOT, REST, RUN, SPRINT, WALK
from gaitlab.simulate import (
    DISTANCE,
    HEEL_STRIKER,
    RECREATIONAL,
    SPRINTER,
    Pod,
    Programme,
    move,
    run,
    simulate,
    stand,
    striking,
    walk,
)
from gaitlab.simulate.presets import PRESETS, preset

PODS = (Pod("left"), Pod("right"))


@pytest.fixture(scope="module")
def made(mixed):
    return simulate(HEEL_STRIKER, mixed, PODS, seed=4)


def test_contact_and_flight_make_the_step(made):
    truth = made.truth
    known = np.isfinite(truth.flight_time_s)
    assert known.sum() > 40
    np.testing.assert_allclose(
        (truth.contact_time_s + truth.flight_time_s)[known], truth.step_time_s[known], atol=1e-9
    )


def test_two_steps_make_the_stride(made):
    truth = made.truth
    both = truth.step_time_s[:-1] + truth.step_time_s[1:]
    known = np.isfinite(both) & np.isfinite(truth.stride_time_s[:-1])
    np.testing.assert_allclose(both[known], truth.stride_time_s[:-1][known], atol=1e-9)


def test_walking_has_double_support_and_running_has_flight(made):
    truth = made.truth
    assert np.nanmax(truth.flight_time_s[truth.activity == WALK][:3]) < 0.0
    assert np.nanmin(truth.flight_time_s[truth.activity == RUN]) > 0.0
    assert set(np.unique(truth.activity)) == {RUN, SPRINT, WALK}


def test_strides_add_up_to_the_way_of_the_body(mixed):
    programme = Programme("long", (stand(1.0), run(4.0, duration_s=60.0), stand(2.0)))
    world = move(DISTANCE, programme, seed=2)
    truth = simulate(DISTANCE, programme, PODS, seed=2).truth
    for foot in (0, 1):
        mine = truth.foot == foot
        known = np.isfinite(truth.stride_length_m) & mine
        spots_m = truth.stride_length_m[known].sum()
        first_s, last_s = truth.ic_time_s[mine][[0, -1]]
        way_m = np.diff(np.interp([first_s, last_s], world.course.time_s, world.course.distance_m))[
            0
        ]
        assert spots_m == pytest.approx(way_m, abs=1.5)


def test_the_stride_is_the_way_of_the_flat_foot():
    programme = Programme("run", (stand(1.0), run(3.0, duration_s=10.0), stand(2.0)))
    motion = move(HEEL_STRIKER, programme, seed=2).feet["left"]
    truth = simulate(HEEL_STRIKER, programme, PODS, seed=2).truth
    mine = truth.foot == 0
    contacts = motion.contacts
    middle_s = contacts.ic_s[1:-1] + 0.4 * (contacts.tc_s - contacts.ic_s)[1:-1]
    places_m = motion.at(middle_s).moved(0)[:, 0]
    np.testing.assert_allclose(np.diff(places_m), truth.stride_length_m[mine][:-2], atol=0.008)


def test_events_are_where_the_foot_meets_and_leaves_the_ground(made, mixed):
    world = move(HEEL_STRIKER, mixed, seed=4)
    truth = made.truth
    for foot, name in enumerate(("left", "right")):
        mine = truth.foot == foot
        gap = world.feet[name].at
        ic_s, tc_s = truth.ic_time_s[mine], truth.tc_time_s[mine]
        tc_s = tc_s[np.isfinite(tc_s)]
        assert (gap(ic_s - 0.002).gap_m > 1e-5).all()
        assert (gap(ic_s + 0.002).gap_m < 0.0).all()
        assert (gap(tc_s + 0.01).gap_m > 1e-6).all()
        assert (gap(tc_s - 0.002).gap_m < 1e-4).all()


def test_the_strike_angle_is_the_pitch_at_initial_contact(made, mixed):
    world = move(HEEL_STRIKER, mixed, seed=4)
    mine = made.truth.foot == 1
    pitch = world.feet["right"].at(made.truth.ic_time_s[mine]).pitch[0]
    np.testing.assert_allclose(pitch, made.truth.strike_angle_rad[mine], atol=0.006)


@pytest.mark.parametrize(
    ("strike", "code"), [("rearfoot", REARFOOT), ("midfoot", MIDFOOT), ("forefoot", FOREFOOT)]
)
@pytest.mark.parametrize("runner", [DISTANCE, SPRINTER, HEEL_STRIKER, RECREATIONAL])
def test_a_runner_told_how_to_land_lands_so(runner, strike, code):
    programme = Programme("run", (stand(1.0), run(4.0, duration_s=20.0), stand(1.0)))
    truth = simulate(striking(runner, strike), programme, (Pod("left"),), 1).truth
    assert np.mean(truth.strike[3:-3] == code) > 0.9


def test_strike_angle_law_asymmetry_and_drift_are_found_again():
    style = replace(
        DISTANCE.strike, angle_rad=0.20, slope_rad_per_mps=-0.04, sd_rad=0.01,
        asymmetry_rad=0.03, fatigue_rad_per_km=0.02,
    )  # fmt: skip
    programme = Programme("long", (stand(1.0), run(5.0, duration_s=200.0), stand(2.0)))
    truth = simulate(replace(DISTANCE, strike=style), programme, PODS, 1).truth
    steady = (truth.distance_m > 50.0) & (truth.distance_m < 950.0)
    left = steady & (truth.foot == 0)
    right = steady & (truth.foot == 1)
    angle = truth.strike_angle_rad
    assert angle[left].mean() - angle[right].mean() == pytest.approx(0.03, abs=0.003)
    slope, start = np.polyfit(truth.distance_m[steady] / 1000.0, angle[steady], 1)
    assert slope == pytest.approx(0.02, abs=0.006)
    assert start == pytest.approx(0.20 - 0.04 * 2.0, abs=0.006)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_run(mixed):
    first, again, other = (simulate(SPRINTER, mixed, PODS, seed) for seed in (7, 7, 8))
    assert first.recording.sha256 == again.recording.sha256
    assert first.recording.sha256 != other.recording.sha256
    assert first.truth.ic_time_s.tobytes() == again.truth.ic_time_s.tobytes()


def test_the_run_does_not_depend_on_the_pods(mixed):
    both = simulate(SPRINTER, mixed, PODS, 7).truth
    single = simulate(SPRINTER, mixed, (Pod("right", 104.0, 8.0, loss=0.1),), 7).truth
    np.testing.assert_array_equal(single.contact_time_s, both.contact_time_s[both.foot == 1])


def test_contacts_in_missing_data_are_named():
    pods = (Pod("left", gaps_s=((4.0, 6.0),)), Pod("right"))
    programme = Programme("run", (stand(2.0), run(3.5, duration_s=8.0), stand(1.0)))
    truth = simulate(DISTANCE, programme, pods, 1).truth
    left = truth.foot == 0
    inside = (truth.ic_time_s > 4.0) & (truth.ic_time_s < 6.0)
    assert truth.in_gap[left & inside].all()
    assert not truth.in_gap[~left].any()
    clear = (truth.ic_time_s < 3.5) | (truth.ic_time_s > 6.05)
    assert not truth.in_gap[left & clear].any()


def test_segments_follow_the_programme(made, mixed):
    segments = made.truth.segments
    assert segments.activity[0] == REST
    assert segments.activity[-1] == REST
    assert {RUN, SPRINT, WALK} < set(segments.activity)
    np.testing.assert_allclose(segments.stop_s[:-1], segments.start_s[1:])


def test_marks_name_gates_and_their_distance(made):
    labels = {mark.label: mark.distance_m for mark in made.recording.marks}
    assert labels == {"start": None, "0 m": 0.0, "20 m": 20.0, "45 m": 45.0}


def test_a_recording_says_that_it_is_simulated(made):
    assert made.recording.simulated
    assert "SIMULATED" in made.recording.source


def test_columns_carry_the_names_and_units_of_the_contract(made):
    columns = made.truth.columns()
    assert set(columns["foot"]) == {"left", "right"}
    assert set(columns["activity"]) <= {"run", "sprint", "walk"}
    np.testing.assert_allclose(columns["strike_angle_deg"], np.rad2deg(made.truth.strike_angle_rad))
    assert {len(column) for column in columns.values()} == {len(made.truth)}


def test_who_only_stands_has_a_recording_without_contacts():
    made = simulate(DISTANCE, Programme("rest", (stand(4.0),)), PODS)
    assert len(made.truth) == 0
    assert made.recording.feet[0].n_samples == 800


@pytest.mark.parametrize(
    "pods", [(), (Pod("left"), Pod("left")), (replace(Pod("left"), foot="unknown"),)]
)
def test_pods_that_do_not_fit_the_feet_are_refused(pods, mixed):
    with pytest.raises(UsageError):
        simulate(DISTANCE, mixed, pods)


def test_two_bouts_start_from_where_the_runner_stopped():
    programme = Programme(
        "twice", (stand(2.0), walk(6.0), stand(3.0), run(3.0, duration_s=6.0), stand(2.0))
    )
    truth = simulate(DISTANCE, programme, PODS, 3).truth
    assert np.isnan(truth.tc_time_s).sum() == 4  # two feet stay, twice
    assert len(move(DISTANCE, programme, 3).steps.release_s) == 2


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_makes_flights_with_truth(name):
    chosen = preset(name)
    made = simulate(chosen.runner, chosen.programme(name, None, 6.0), chosen.pods(rate_hz=100.0), 1)
    running = made.truth.activity != WALK
    assert running.sum() > 10
    assert np.nanmin(made.truth.contact_time_s[running]) > 0.06
    assert np.nanmin(made.truth.flight_time_s[running]) > 0.0


def test_an_unknown_preset_names_the_known_ones():
    with pytest.raises(UsageError, match="sprinter-fly"):
        preset("marathon")
