"""Published values are shipped with their source, or not at all."""

import numpy as np
import pytest

from gaitlab.coaching.comparison.reference import (
    duty_factor_line,
    nearest_in_speed,
    parse_reference,
    reference_for,
    reference_values,
)
from gaitlab.metrics.catalog import METRIC_NAMES
from gaitlab.model.errors import InputError

GOOD = {
    "group": "sprint", "sex": "m", "level": "elite", "metric": "contact_time_s",
    "speed_mps": "10.0", "mean": "0.1", "sd": "0.01", "n": "8", "counts": "athletes",
    "method": "video", "source": "Somebody 2000", "doi": "10.1/x", "evidence": "S", "note": "",
}  # fmt: skip


def test_a_complete_row_is_read():
    (row,) = parse_reference([GOOD])
    assert (row.mean, row.sd, row.n, row.speed_mps) == (0.1, 0.01, 8, 10.0)
    assert row.who == "sprinters (elite, men)"


@pytest.mark.parametrize("missing", ["source", "doi", "evidence", "group", "mean"])
def test_a_row_without_its_source_is_refused(missing):
    with pytest.raises(InputError, match=f"line 2: {missing} missing"):
        parse_reference([GOOD | {missing: " "}])


@pytest.mark.parametrize("tag", ["M", "D", "s", "C/M"])
def test_memory_and_unknown_tags_are_refused(tag):
    with pytest.raises(InputError, match="line 3"):
        parse_reference([GOOD, GOOD | {"evidence": tag}])


@pytest.mark.parametrize(("column", "text"), [("mean", "fast"), ("n", "some"), ("speed_mps", "x")])
def test_text_in_a_number_is_refused(column, text):
    with pytest.raises(InputError, match="not a reference value"):
        parse_reference([GOOD | {column: text}])


def test_a_spread_that_was_not_published_is_none_and_not_zero():
    assert parse_reference([GOOD | {"sd": ""}])[0].sd is None


def test_every_shipped_row_is_plausible_in_the_unit_used_inside():
    limits = {
        "contact_time_s": (0.07, 0.4), "flight_time_s": (0.05, 0.25), "cadence_spm": (140, 300),
        "duty_factor": (0.15, 0.45), "step_length_m": (0.8, 3.0),
    }  # fmt: skip
    assert len(reference_values()) > 40
    for row in reference_values():
        assert row.n > 0
        if row.metric.startswith("strike_share_"):
            assert 0 <= row.mean <= 1
        else:
            low, high = limits[row.metric]
            assert low <= row.mean <= high
            assert row.metric in METRIC_NAMES


def test_only_three_kinds_of_evidence_are_shipped_and_second_hand_says_so():
    assert {row.evidence for row in reference_values()} == {"S", "C", "S2"}
    copied = [row for row in reference_values() if row.second_hand]
    assert copied
    assert all("second hand" in row.who for row in copied)


def test_second_hand_is_never_the_nearest_published_value():
    """Gay 2007 at 11.85 m/s is a copy; Bolt 2011 at 12.14 m/s was read."""
    assert nearest_in_speed("cadence_spm", "sprint", 11.85).speed_mps == 12.14


def test_contact_and_flight_make_the_published_cadence():
    """A law of counting: cadence = 60 / (contact + flight), within rounding of the papers."""
    contact = {(r.level, r.speed_mps): r.mean for r in reference_for("contact_time_s")}
    flight = {(r.level, r.speed_mps): r.mean for r in reference_for("flight_time_s")}
    cadence = {(r.level, r.speed_mps): r.mean for r in reference_for("cadence_spm")}
    shared = contact.keys() & flight.keys() & cadence.keys()
    assert len(shared) >= 5
    for key in shared:
        assert 60 / (contact[key] + flight[key]) == pytest.approx(cadence[key], rel=0.02)


def test_cadence_and_step_length_make_the_published_speed():
    cadence = {(r.level, r.speed_mps): r.mean for r in reference_for("cadence_spm")}
    length = {(r.level, r.speed_mps): r.mean for r in reference_for("step_length_m")}
    shared = cadence.keys() & length.keys()
    assert len(shared) >= 6
    for level, speed in shared:
        product = cadence[level, speed] / 60 * length[level, speed]
        assert product == pytest.approx(speed, rel=0.05)


def test_no_sprinter_is_published_at_five_to_seven_metres_a_second():
    """Should such a value ever be added, the sentences about it must change as well."""
    for name in ("contact_time_s", "flight_time_s", "duty_factor", "cadence_spm"):
        speeds = [row.speed_mps for row in reference_for(name, "sprint")]
        assert not [speed for speed in speeds if speed is not None and 5.0 <= speed <= 7.0]


def test_the_duty_factor_line_gives_the_published_force():
    """At 6 m/s men press with 1.27 + 0.105 x 6 = 1.90 body weights on average."""
    assert duty_factor_line("m").at(np.array(6.0)) == pytest.approx(0.5 / 1.90)
    assert duty_factor_line(None) is duty_factor_line("m")


def test_the_duty_factor_line_ends_where_nobody_was_measured():
    assert np.isnan(duty_factor_line("f").at(np.array([2.9, 9.1]))).all()


def test_the_nearest_speed_is_found_and_absence_is_none():
    assert nearest_in_speed("cadence_spm", "sprint", 7.0).speed_mps == 7.81
    assert nearest_in_speed("strike_angle_rad", "sprint", 7.0) is None
