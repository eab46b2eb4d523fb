"""Runners are compared at the same speed, or not at all."""

import json

import numpy as np
import pytest

from gaitlab.coaching.comparison.apart import apart
from gaitlab.coaching.comparison.compare import compare, own_value, sprint_remark, value_at
from gaitlab.coaching.comparison.exchange import comparison_dict
from gaitlab.coaching.comparison.matching import common_speed, held_by_line
from gaitlab.coaching.comparison.published import beside_published, duty_factor_beside_line
from gaitlab.coaching.comparison.reference import reference_for
from gaitlab.coaching.comparison.speed_gap import EXPONENT, reliability
from gaitlab.coaching.numbers.select import Stretch, part_of, parts_of
from gaitlab.coaching.numbers.sides import side_differences
from gaitlab.model.errors import UsageError


def row_of(comparison, name):
    return next(row for row in comparison.rows if row.metric.name == name)


@pytest.fixture
def ramp():
    return np.linspace(3.0, 6.0, 600)


def test_the_same_mechanics_at_other_speeds_are_no_difference(made_up, ramp):
    """Both follow one curve against speed; medians over all speeds would differ by 30 ms."""
    slow = made_up.runner("slow", ramp, seed=2)
    fast = made_up.runner("fast", ramp + 1.2, seed=3)
    comparison = compare(parts_of((slow, fast)))
    one, two = row_of(comparison, "contact_time_s").values
    assert 4.2 <= comparison.matched_speed_mps <= 6.0
    assert one.value == pytest.approx(two.value, abs=0.003)
    own = [own_value(part, "contact_time_s").value for part in parts_of((slow, fast))]
    assert own[0] - own[1] > 0.02


def test_a_difference_that_was_put_in_is_found(made_up, ramp):
    plain = made_up.runner("plain", ramp, seed=2)
    longer = made_up.runner("longer", ramp, seed=3, lag_s=0.02)  # 20 ms on the right foot only
    one, two = row_of(compare(parts_of((plain, longer)), 4.5), "contact_time_s").values
    assert two.value - one.value == pytest.approx(0.010, abs=0.003)


def test_a_speed_without_contacts_is_read_off_the_own_line(made_up):
    gap = np.concatenate((np.linspace(3, 4, 200), np.linspace(5, 6, 200)))
    value = value_at(part_of(made_up.runner("gap", gap)), "contact_time_s", 4.5)
    assert value.how == "on own line"
    assert value.value == pytest.approx(made_up.contact_at(4.5), abs=0.003)


def test_a_curve_is_not_mistaken_for_a_line(made_up):
    """A line through a whole acceleration would be wrong by 20 ms in its middle."""
    speed = np.linspace(2.5, 9.5, 130)  # 11 contacts within 0.3 m/s: too few for a value there
    value = value_at(part_of(made_up.runner("start", speed)), "contact_time_s", 6.0)
    assert value.how == "on own line"
    assert value.value == pytest.approx(made_up.contact_at(6.0), abs=0.004)


def test_nothing_is_read_off_a_line_beyond_what_was_run(made_up, ramp):
    value = value_at(part_of(made_up.runner("ramp", ramp)), "contact_time_s", 6.6)
    assert np.isnan(value.value)
    assert value.reason.startswith("no comparison: ")


def test_a_few_steps_of_acceleration_do_not_hold_a_line(made_up):
    speed = np.concatenate((np.linspace(3, 8, 12), np.full(80, 8.4)))
    value = value_at(part_of(made_up.runner("sprinter", speed)), "contact_time_s", 6.0)
    assert np.isnan(value.value)


@pytest.mark.parametrize("speeds", [(3.3, 3.83), (3.57, 3.03), (6.0, 6.5)])
def test_one_runner_at_two_speeds_does_not_differ_from_himself(made_up, speeds):
    """Contact differs by 10 %, cadence by 4: speed alone, and no own data say how much."""
    slow, fast = (made_up.runner(str(k), made_up.steady(v), seed=k) for k, v in enumerate(speeds))
    comparison = compare(parts_of((slow, fast)))
    found = [apart(row) for row in comparison.rows if row.metric.name != "speed_mps"]
    found = [one for one in found if one is not None]
    assert not [one.metric.label for one in found if one.resolved]
    assert {"cadence_spm", "step_length_m"} <= {one.metric.name for one in found if one.blurred}
    contact = next(one for one in found if one.metric.name == "contact_time_s")
    assert contact.gap_mps == pytest.approx(abs(speeds[0] - speeds[1]), abs=0.03)
    put_in = abs(made_up.contact_at(speeds[0]) - made_up.contact_at(speeds[1]))
    assert contact.made_by_gap == pytest.approx(put_in, rel=0.1)


def test_a_contact_factor_is_found_along_the_own_lines(made_up):
    """Few speeds in common: medians near 3.6 m/s would hide half of the 10 % that were put in."""
    plain = made_up.runner("plain", np.linspace(3.0, 3.8, 400), seed=2)
    longer = made_up.runner("longer", np.linspace(3.4, 4.2, 400), seed=3, factor=1.1)
    row = row_of(compare(parts_of((plain, longer))), "contact_time_s")
    one, two = row.values
    assert (one.how, two.how) == ("on own line",) * 2
    expected = 0.1 * made_up.contact_at(row.matched_speed_mps)
    assert two.value - one.value == pytest.approx(expected, abs=0.003)
    found = apart(row)
    assert found.resolved
    assert found.gap_mps < 0.05


def test_a_run_in_steps_reaches_the_speed_of_an_even_one(made_up):
    """Steps of 1 m/s, nobody at 3.6 m/s in one run: 8 % more contact are found at 3.6 m/s."""
    steps = made_up.runner("steps", np.repeat([3.0, 4.0, 5.0], 120), seed=2)
    even = made_up.runner("even", made_up.steady(3.6), seed=3, factor=1.08)
    row = row_of(compare(parts_of((steps, even)), 3.6), "contact_time_s")
    one, two = row.values
    assert (one.how, two.how) == ("on own line", "at this speed")
    assert two.value - one.value == pytest.approx(0.08 * made_up.contact_at(3.6), abs=0.003)
    assert apart(row).resolved
    assert common_speed(parts_of((steps, even)))[0] == pytest.approx(3.7, abs=0.051)


def test_a_difference_larger_than_the_gap_makes_is_told(made_up):
    one, two = (made_up.runner(str(k), made_up.steady(v), seed=k, factor=f)
                for k, (v, f) in enumerate([(3.5, 1.0), (3.7, 1.2)]))  # fmt: skip
    assert apart(row_of(compare(parts_of((one, two))), "contact_time_s")).resolved


def test_no_value_is_moved_without_own_data_and_the_gap_widens_it(made_up):
    part = part_of(made_up.runner("a", made_up.steady(3.6)))
    value = value_at(part, "contact_time_s", 3.4)
    near_by = np.abs(part.contacts.speed_mps - 3.4) <= 0.3
    assert value.value == np.median(part.contacts.contact_time_s[near_by])
    assert (value.how, value.speed_mps) == ("near this speed", pytest.approx(3.6, abs=0.01))
    assert value.gap_error == pytest.approx(made_up.contact_at(3.4) - value.value, rel=0.15)
    assert value.uncertainty == pytest.approx(np.hypot(value.gap_error, value.measured_error))
    assert value.measured_error == pytest.approx(0.004, rel=0.1)


def test_two_runners_at_one_speed_are_compared_there_whatever_was_asked(made_up):
    one, two = (made_up.runner(str(k), made_up.steady(3.6), seed=k, factor=1 + 0.08 * k)
                for k in range(2))  # fmt: skip
    found = apart(row_of(compare(parts_of((one, two)), 3.4), "contact_time_s"))
    assert found.resolved
    assert found.error < found.low.uncertainty


def test_the_speed_nearest_to_what_was_run_is_taken(made_up):
    """A ramp has as many contacts at every speed; the steady runner ran 3.3 m/s."""
    steady = made_up.runner("steady", made_up.steady(3.3))
    ramp = made_up.runner("ramp", np.linspace(3.0, 4.2, 400), seed=2)
    assert common_speed(parts_of((steady, ramp)))[0] == pytest.approx(3.3, abs=0.051)


def test_noise_is_no_speed_range_and_a_start_does_not_count():
    rng = np.random.default_rng(1)
    foot = np.resize([0, 1], 200)
    steady = 3.5 + rng.normal(0, 0.1, 200)
    start = np.concatenate((np.linspace(2, 3.5, 8), steady[8:]))
    assert reliability(steady, foot) < 0.4
    assert reliability(start, foot) < 0.4
    assert reliability(np.linspace(3, 4, 200) + rng.normal(0, 0.05, 200), foot) > 0.9
    assert reliability(np.empty(0), foot[:0]) == reliability(np.full(9, 3.0), foot[:9]) == 0.0


@pytest.mark.parametrize("name", ["contact_time_s", "cadence_spm", "duty_factor", "step_length_m"])
def test_the_size_of_a_gap_is_that_between_the_published_groups(name):
    rows = [row for row in reference_for(name) if row.speed_mps and not row.second_hand]
    speed, mean = np.log([[row.speed_mps, row.mean] for row in rows]).T
    assert EXPONENT[name] == pytest.approx(abs(np.polyfit(speed, mean, 1)[0]), abs=0.03)


def test_speeds_that_do_not_overlap_give_the_reason_with_the_numbers(made_up):
    parts = parts_of((made_up.runner("slow", made_up.steady(3.0)),
                      made_up.runner("fast", made_up.steady(8.0))))  # fmt: skip
    comparison = compare(parts)
    assert comparison.matched_speed_mps is None
    assert "10 per foot (slow ran 2.9 to 3.1 m/s; fast ran" in comparison.reason
    assert all(row.matched_speed_mps is None for row in comparison.rows)
    assert [value.how for value in comparison.rows[1].values] == ["all speeds"] * 2


def test_two_of_three_are_compared_when_the_third_never_ran_that_speed(made_up):
    runners = [made_up.runner(name, made_up.steady(v), seed=k)
               for k, (name, v) in enumerate([("a", 4.0), ("b", 4.1), ("c", 8.0)])]  # fmt: skip
    comparison = compare(parts_of(tuple(runners)))
    values = row_of(comparison, "contact_time_s").values
    assert comparison.matched_speed_mps == pytest.approx(4.05, abs=0.2)
    assert np.isfinite([values[0].value, values[1].value]).all()
    assert "no comparison" in values[2].reason


def test_a_runner_between_two_others_is_compared_with_one_of_them(made_up):
    """Slow and fast share no speed; the one who ran all speeds shares one with each."""
    runners = [made_up.runner("slow", made_up.steady(3.0)), made_up.runner("fast",
               made_up.steady(8.0), seed=2), made_up.runner("all", np.linspace(2.5, 9, 800),
               seed=3)]  # fmt: skip
    values = row_of(compare(parts_of(tuple(runners))), "contact_time_s").values
    assert sum(np.isfinite(value.value) for value in values) == 2
    assert np.isfinite(values[2].value)


def test_without_a_speed_there_is_no_comparison(made_up):
    blank = made_up.without(made_up.runner("blind"), "speed_mps")
    speed, reason = common_speed(parts_of((blank, made_up.runner("seeing"))))
    assert speed is None
    assert reason == "no comparison: 0 contacts of blind with a speed"


def test_an_empty_recording_is_compared_with_nothing(made_up):
    empty = made_up.runner("empty", np.empty(0))
    comparison = compare(parts_of((empty, made_up.runner("other"))))
    assert comparison.matched_speed_mps is None
    assert np.isnan(comparison.rows[0].values[0].value)
    assert not held_by_line(np.empty(0), np.array([4.0])).any()


def test_a_value_always_says_n_spread_uncertainty_and_quality(made_up):
    value = value_at(part_of(made_up.runner("a", made_up.steady(4.0))), "contact_time_s", 4.0)
    assert value.n == 400
    assert value.spread == pytest.approx(0.004, rel=0.2)
    assert value.uncertainty == pytest.approx(0.004, rel=0.1)  # systematic: n does not help
    assert value.quality == "good"


def test_nobody_is_placed_between_groups_where_no_sprinter_was_measured():
    assert "no position between the groups" in sprint_remark("contact_time_s", 6.4)
    assert sprint_remark("cadence_spm", 7.8) == ""
    assert "at a stated speed" in sprint_remark("strike_angle_rad", 6.4)


def test_published_values_meet_the_runner_at_their_own_speed_only(made_up):
    part = part_of(made_up.runner("a", made_up.steady(5.5)))
    beside = {one.published.speed_mps: one for one in beside_published(part, "contact_time_s")}
    expected = made_up.contact_at(5.5) - 0.171
    assert beside[5.56].difference == pytest.approx(expected, abs=0.003)
    assert np.isnan(beside[12.14].own.value)


def test_the_duty_factor_line_is_named_with_its_source(made_up):
    value, source = duty_factor_beside_line(part_of(made_up.runner("a", sex="f")), 6.0)
    assert value == pytest.approx(0.5 / (1.24 + 0.106 * 6))
    assert "Weyand" in source


def test_stretches_of_one_recording_are_compared_with_each_other(made_up, ramp):
    whole = made_up.runner("a", ramp)
    end = float(whole.contacts.ic_time_s[-1])
    parts = parts_of((whole,), (Stretch(0, 40, "easy"), Stretch(40, end)))
    assert [part.label for part in parts] == ["easy", f"40 to {end:g} s"]
    assert parts[0].contacts.ic_time_s.max() < 40 <= parts[1].contacts.ic_time_s.min()


def test_contacts_that_are_not_valid_never_count(made_up):
    from dataclasses import fields, replace

    whole = made_up.runner("a", made_up.steady(4.0))
    values = {item.name: getattr(whole.contacts, item.name) for item in fields(whole.contacts)}
    values["valid"] = np.arange(400) < 100
    part = part_of(replace(whole, contacts=type(whole.contacts)(**values)))
    assert len(part.contacts) == 100


@pytest.mark.parametrize("stretches", [(None,), (None,) * 3])
def test_stretches_must_fit_the_recordings(made_up, stretches):
    two = (made_up.runner("a"), made_up.runner("b"))
    with pytest.raises(UsageError, match=f"{len(stretches)} stretches for 2 recordings"):
        parts_of(two, stretches)


def test_no_recording_and_a_stretch_that_runs_backwards_are_refused():
    with pytest.raises(UsageError, match="nothing to compare"):
        parts_of(())
    with pytest.raises(UsageError, match="from 5 s to 3 s"):
        Stretch(5.0, 3.0)


def test_two_athletes_of_one_name_are_told_apart(made_up):
    labels = [part.label for part in parts_of((made_up.runner("A"), made_up.runner("A")))]
    assert len(set(labels)) == 2


def test_the_exchange_form_has_the_promised_keys_and_no_radians(made_up):
    parts = parts_of((made_up.runner("a"), made_up.runner("b", angle_deg=9.0, seed=7)))
    text = json.dumps(comparison_dict(compare(parts)), allow_nan=False)
    data = json.loads(text)
    for row in data["rows"]:
        assert {"metric", "unit", "values", "reference", "matched_speed_mps"} <= row.keys()
        assert len(row["values"]) == 2
    angle = next(row for row in data["rows"] if row["metric"] == "strike_angle_deg")
    assert angle["values"] == pytest.approx([-4, 9], abs=1.5)
    assert "_rad" not in text


def test_numbers_that_do_not_exist_leave_as_null(made_up):
    blank = made_up.without(made_up.runner("blind"), "speed_mps", "flight_time_s")
    data = comparison_dict(compare(parts_of((blank,))))
    flight = next(row for row in data["rows"] if row["metric"] == "flight_time_s")
    assert flight["values"][0] is None
    assert flight["details"][0]["reason"]
    json.dumps(data, allow_nan=False)


def test_a_difference_between_the_feet_is_shown_only_beyond_the_uncertainty(made_up):
    even = {row.metric.name: row for row in side_differences(made_up.runner("a"))}
    odd = {row.metric.name: row for row in side_differences(made_up.runner("a", lag_s=0.03))}
    assert not even["contact_time_s"].resolved
    assert odd["contact_time_s"].resolved
    assert odd["contact_time_s"].difference == pytest.approx(0.03, abs=0.003)
    assert side_differences(made_up.runner("one", foot_codes=(0,))) == ()
