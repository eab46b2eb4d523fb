"""Every metric of a contact has a name, a unit, a rounding and a meaning."""

from dataclasses import fields

import pytest

from gaitlab.metrics.catalog import CATALOG, METRIC_NAMES, metric
from gaitlab.model.gait import Contacts

NOT_METRICS = {
    "foot", "ic_time_s", "tc_time_s", "strike", "p_rearfoot", "p_midfoot", "p_forefoot",
    "ic_sd_s", "tc_sd_s", "strike_angle_sd_rad", "stride_length_sd_m", "activity", "segment",
    "valid", "flags", "ic_confidence", "tc_confidence", "contact_time_raw_s",
}  # fmt: skip


def test_every_metric_of_the_contacts_is_in_the_catalogue_once():
    assert len(set(METRIC_NAMES)) == len(CATALOG)
    assert set(METRIC_NAMES) == {item.name for item in fields(Contacts)} - NOT_METRICS


def test_every_entry_is_complete():
    for item in CATALOG:
        assert item.label
        assert item.unit
        assert item.meaning.endswith(".")
        assert item.source
        assert item.resolution > 0


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("contact_time_s", 0.1684, "168 ms"),
        ("cadence_spm", 182.26, "182.5 steps/min"),
        ("duty_factor", 0.2845, "28.4 %"),
        ("strike_angle_rad", -0.0698, "−4.0°"),
        ("strike_angle_rad", -0.0001, "0.0°"),
        ("step_length_m", 1.756, "1.76 m"),
        ("speed_mps", float("nan"), "–"),
        ("speed_mps", float("inf"), "–"),
    ],
)
def test_a_value_is_shown_in_the_readers_unit_and_rounding(name, value, text):
    assert metric(name).text(value, with_unit=True) == text


def test_a_small_uncertainty_is_never_shown_as_zero():
    contact = metric("contact_time_s")
    assert contact.spread_text(0.004) == "4"
    assert contact.spread_text(0.0002) == "0.2"
    assert contact.spread_text(0.000001) == "< 0.1"
    assert contact.spread_text(float("nan")) == "–"


def test_no_table_column_is_in_radians():
    assert not [item.column for item in CATALOG if "rad" in item.column]
