"""A place between groups exists only where both groups exist at that speed, and differ."""

import numpy as np
import pytest

from gaitlab.coaching.comparison.band import GRID_MPS, Band, Member
from gaitlab.coaching.comparison.compare import Value, value_at
from gaitlab.coaching.comparison.own_range import own_range, own_ranges
from gaitlab.coaching.comparison.position import position, z_value
from gaitlab.coaching.comparison.study import study_of
from gaitlab.coaching.numbers.select import Stretch, parts_of
from gaitlab.metrics.catalog import metric

CONTACT = metric("contact_time_s")


def group_of(group, values, name="contact_time_s", low=2.0, high=12.0):
    """A band whose athletes have constant values between two speeds."""
    held = (low <= GRID_MPS) & (high >= GRID_MPS)
    curves = [np.where(held, value, np.nan) for value in values]
    members = [Member(f"{group}{k}", (), "", {name: curve}) for k, curve in enumerate(curves)]
    return Band(group, group, tuple(members))


def value_of(x, u=0.002):
    return Value("a", x, 0.004, 50, u, "good", "at this speed")


SPRINT = (0.118, 0.120, 0.122)
DISTANCE = (0.138, 0.140, 0.142)


def test_z_is_the_distance_in_units_of_group_and_measurement_together():
    """3-4-5: 6 ms away, SD 3 ms, uncertainty 4 ms: 6 / 5."""
    assert z_value(value_of(0.106, 0.004), 0.100, 0.003) == pytest.approx(1.2)
    assert np.isnan(z_value(value_of(0.106), 0.1, float("nan")))
    assert np.isnan(z_value(value_of(float("nan")), 0.1, 0.003))


@pytest.mark.parametrize(("x", "expected"), [(0.140, 0), (0.120, 1), (0.130, 0.5), (0.115, 1.25),
                                             (0.150, -0.5)])  # fmt: skip
def test_the_position_is_a_place_on_the_way_and_may_lie_outside(x, expected):
    bands = (group_of("sprint", SPRINT), group_of("distance", DISTANCE))
    found = position(CONTACT, 7.0, value_of(x), bands)
    assert found.value == pytest.approx(expected, abs=1e-9)
    assert found.uncertainty > 0.002 / 0.020 - 1e-9


def test_the_uncertainty_of_the_position_is_that_of_value_and_bands():
    """In the middle: u / distance, and half of each band's standard error."""
    bands = (group_of("sprint", SPRINT), group_of("distance", DISTANCE))
    found = position(CONTACT, 7.0, value_of(0.130, 0.003), bands)
    expected = np.sqrt(0.003**2 + 2 * (0.5 * 0.002 / np.sqrt(3)) ** 2) / 0.020
    assert found.uncertainty == pytest.approx(expected)


def test_no_position_where_one_of_the_groups_was_never_seen():
    """7 m/s has published cadences of no distance runner, and no sprinter's contact time."""
    only = (group_of("sprint", SPRINT),)
    found = position(CONTACT, 7.0, value_of(0.13), only)
    assert np.isnan(found.value)
    assert found.reason == ("no position: no band of distance runners at 7.0 m/s")
    slow = (group_of("sprint", SPRINT, high=6.0), group_of("distance", DISTANCE))
    assert (
        "no band of sprinters at 7.0 m/s (published sprinters: nearest 12.1 m/s)"
        in position(CONTACT, 7.0, value_of(0.13), slow).reason
    )
    assert "sprinters" in position(CONTACT, 7.0, value_of(0.13), ()).reason


def test_published_values_alone_never_give_a_position():
    """At no speed were both groups published with a spread."""
    for name in ("contact_time_s", "flight_time_s", "cadence_spm", "step_length_m", "duty_factor"):
        for speed in np.arange(2.5, 12.5, 0.1):
            assert np.isnan(position(metric(name), float(speed), value_of(0.2), ()).value)


def test_no_position_where_the_groups_do_not_differ_by_one_sd():
    near = (group_of("sprint", (0.130, 0.140, 0.150)), group_of("distance", (0.135, 0.145, 0.155)))
    assert "less than 1 SD" in position(CONTACT, 7.0, value_of(0.14), near).reason


def test_no_position_from_a_group_of_two():
    pair = (group_of("sprint", SPRINT[:2]), group_of("distance", DISTANCE))
    assert "fewer than 3" in position(CONTACT, 7.0, value_of(0.13), pair).reason


def test_a_published_group_is_met_at_its_own_speed(made_up):
    """At 7.2 m/s a contact is 4 ms shorter than at 6.94 m/s: the z-value must not hold that."""
    parts = parts_of((made_up.runner("a", np.linspace(6.2, 7.8, 600)),))
    study = study_of(parts, 7.2)
    row = next(k for k, r in enumerate(study.comparison.rows) if r.metric is CONTACT)
    (one,) = study.places[row][0].standings
    assert one.speed_mps == 6.94
    assert one.value == pytest.approx(made_up.contact_at(6.94), abs=0.002)
    there = value_at(parts[0], "contact_time_s", 6.94)
    assert one.z == pytest.approx((there.value - 0.143) / np.hypot(0.016, there.uncertainty))


def test_second_hand_values_get_no_z(made_up):
    parts = parts_of((made_up.runner("a", np.linspace(11, 12.5, 400)),))
    study = study_of(parts, 11.8)
    standings = [one for row in study.places for place in row for one in place.standings]
    assert not [one for one in standings if "second hand" in one.who]


def test_without_a_matched_speed_nothing_is_placed(made_up):
    parts = parts_of((made_up.runner("a", made_up.steady(3.0)), made_up.runner("b",
                      made_up.steady(8.0))))  # fmt: skip
    study = study_of(parts, bands=())
    assert not [p.standings for row in study.places for p in row if p.standings]


@pytest.fixture(scope="module")
def race(made_up):
    return made_up.runner("Ada", made_up.race(900, 6.0, 7.4))


@pytest.fixture(scope="module")
def fly(made_up):
    ramp = np.concatenate((np.linspace(3, 8.8, 14), np.full(30, 8.8)))
    return made_up.runner("Ada", ramp, seed=5)


def test_a_kick_lies_between_the_own_cruise_and_the_own_fly(race, fly, made_up):
    """Speed has gone (7.4 - 6.0) / (8.8 - 6.0) = half of the way."""
    (own,) = own_ranges(parts_of((race, fly)))
    rows = {row.metric.name: row for row in own.found.rows}
    assert own.missing == ""
    assert rows["speed_mps"].position == pytest.approx(0.5, abs=0.06)
    contact = [made_up.contact_at(v) for v in (6.0, 7.4, 8.8)]
    expected = (contact[1] - contact[0]) / (contact[2] - contact[0])
    assert rows["contact_time_s"].position == pytest.approx(expected, abs=0.12)


@pytest.mark.parametrize(
    ("name", "speeds", "why"),
    [
        ("Bea", np.full(60, 9.0), "no other recording of Ada"),
        ("Ada", np.full(80, 6.5), "are not faster than the kick"),
        ("Ada", np.full(80, 3.5), "no fly in the other recordings of Ada"),
    ],
)
def test_without_a_fly_of_the_same_athlete_there_is_a_reason(race, made_up, name, speeds, why):
    other = made_up.runner(name, speeds, seed=3)
    own = own_range(race, [race, other])
    assert own.found is None
    assert why in own.missing


def test_an_even_run_and_a_stretch_have_no_own_range(race, made_up):
    assert own_range(made_up.runner("even", made_up.steady(5.0, 900)), []) is None
    assert own_range(made_up.runner("empty", np.empty(0)), []) is None
    assert own_ranges(parts_of((race,), (Stretch(0, 60), Stretch(60, 120)))) == ()
