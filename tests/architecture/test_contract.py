"""The tables and the summary keep the columns, types and units that others rely on."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from gaitlab.tables import CONTACT_COLUMNS, summary_dict, write_tables

TEXT, NUMBER, TRUTH = "string", "double", "bool"
PROMISED = {
    "foot": TEXT,
    "ic_time_s": NUMBER,
    "tc_time_s": NUMBER,
    "contact_time_s": NUMBER,
    "flight_time_s": NUMBER,
    "step_time_s": NUMBER,
    "stride_time_s": NUMBER,
    "cadence_spm": NUMBER,
    "duty_factor": NUMBER,
    "strike": TEXT,
    "p_rearfoot": NUMBER,
    "p_midfoot": NUMBER,
    "p_forefoot": NUMBER,
    "strike_angle_deg": NUMBER,
    "stride_length_m": NUMBER,
    "step_length_m": NUMBER,
    "speed_mps": NUMBER,
    "activity": TEXT,
    "valid": TRUTH,
    "flags": TEXT,
}
UNIT_OF_SUFFIX = {
    "s": "s",
    "deg": "deg",
    "m": "m",
    "mps": "m/s",
    "spm": "steps/min",
    "bw": "body weights",
    "kg": "N/m/kg",
    "g": "g",
}
UNITLESS = {
    "duty_factor", "p_rearfoot", "p_midfoot", "p_forefoot", "flight_ratio",
    "ic_confidence", "tc_confidence",
}  # fmt: skip
WORDS = {
    "foot": {"left", "right", "unknown"},
    "strike": {"rearfoot", "midfoot", "forefoot", "unknown"},
    "activity": {"run", "sprint", "walk", "hop", "bound", "other"},
}


@pytest.fixture(params=[0, 1, 11], ids="{} contacts".format)
def files(request, make_analysis, tmp_path):
    write_tables(make_analysis(request.param), tmp_path, csv=True)
    return tmp_path


def test_the_promised_columns_come_first_in_their_order_and_type(files):
    schema = pq.read_schema(files / "track.contacts.parquet")
    promised = [(name, str(schema.field(name).type)) for name in schema.names[: len(PROMISED)]]
    assert promised == list(PROMISED.items())


def test_every_number_has_its_unit_in_its_name(files):
    schema = pq.read_schema(files / "track.contacts.parquet")
    units = json.loads(schema.metadata[b"gaitlab.units"])
    for field in schema:
        if str(field.type) == NUMBER and field.name not in UNITLESS:
            assert units[field.name] == UNIT_OF_SUFFIX[field.name.rsplit("_", 1)[-1]]
    assert list(units) == schema.names


def test_words_are_the_promised_ones(files):
    frame = pd.read_parquet(files / "track.contacts.parquet")
    for column, allowed in WORDS.items():
        assert set(frame[column]) <= allowed


def test_csv_and_parquet_say_the_same(files):
    parquet = pd.read_parquet(files / "track.contacts.parquet")
    text = pd.read_csv(files / "track.contacts.csv", keep_default_na=False, na_values=["NaN"])
    assert list(text.columns) == list(parquet.columns)
    assert len(text) == len(parquet)
    if len(parquet):
        numbers = pd.read_csv(files / "track.contacts.csv")["ic_time_s"]
        np.testing.assert_allclose(numbers, parquet["ic_time_s"], atol=1e-6)


def test_segments_have_bounds_activity_and_moments_of_each_metric(files):
    schema = pq.read_schema(files / "track.segments.parquet")
    assert schema.names[:3] == ["start_s", "stop_s", "activity"]
    assert str(schema.field("activity").type) == TEXT
    for metric in ("contact_time_s", "cadence_spm", "strike_angle_deg", "speed_mps"):
        for moment, kind in (("mean", NUMBER), ("sd", NUMBER), ("n", "int64")):
            assert str(schema.field(f"{metric}_{moment}").type) == kind


def test_summary_has_the_promised_keys(files):
    summary = json.loads((files / "track.summary.json").read_text(encoding="utf-8"))
    assert summary["schema_version"] == 1
    assert summary["program_version"]
    assert len(summary["recording"]["sha256"]) == 64
    assert summary["warnings"] == ["left pod: 1 gap"]
    for foot in summary["feet"]:
        assert {"sensor", "calibration", "data_quality"} <= set(foot)
        assert {
            "n_samples",
            "n_gaps",
            "gaps_s",
            "acc_clipped_fraction",
            "rate_hz",
            "declared_rate_hz",
            "jitter_s",
        } <= set(foot["data_quality"])


def test_summary_has_numbers_per_foot_and_for_both(make_analysis):
    summary = summary_dict(make_analysis())
    run = next(item for item in summary["activities"] if item["activity"] == "run")
    assert set(run["scopes"]) == {"both", "left", "right"}
    for scope in run["scopes"].values():
        assert {"n", "median", "sd", "mad"} <= set(scope["metrics"]["contact_time_s"])
        assert {"rearfoot_percent", "midfoot_percent", "forefoot_percent", "n"} <= set(
            scope["strikes"]
        )


def test_no_angle_leaves_in_radians(make_analysis):
    assert not [name for name in CONTACT_COLUMNS if "_rad" in name]
    assert '_rad"' not in json.dumps(summary_dict(make_analysis()))
