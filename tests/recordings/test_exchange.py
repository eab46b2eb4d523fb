"""The plain exchange form: what is in the file is what comes out, in SI units."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest

from gaitlab.model.errors import InputError, OutputError, UsageError
from gaitlab.model.recording import Athlete, Mark, Setup
from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.recordings import load, save_plain
from gaitlab.recordings.exchange import Units, parse_units


@pytest.mark.parametrize("name", ["run.parquet", "run.csv"])
def test_both_feet_come_out_in_si_units(table, write, name):
    recording = load(write(table, name))
    assert [stream.foot for stream in recording.feet] == ["left", "right"]
    for stream in recording.feet:
        rows = table[table["foot"] == stream.foot]
        np.testing.assert_allclose(stream.time_s, rows["time"], rtol=1e-15)
        np.testing.assert_allclose(stream.acc_mps2, rows[["acc_x", "acc_y", "acc_z"]], rtol=1e-14)
        expected = np.deg2rad(rows[["gyr_x", "gyr_y", "gyr_z"]])
        np.testing.assert_allclose(stream.gyr_radps, expected, rtol=1e-14)
    assert recording.name == "run"
    assert recording.notes == ()


def test_identity_is_the_hash_of_the_bytes(table, write):
    path = write(table)
    assert load(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_name_can_be_chosen(table, write):
    assert load(write(table), name="kick").name == "kick"


def test_rows_may_alternate_between_the_feet(table, write):
    mixed = table.sort_values("time", kind="stable")
    apart, together = load(write(table, "a.csv")), load(write(mixed, "b.csv"))
    for one, other in zip(apart.feet, together.feet, strict=True):
        np.testing.assert_array_equal(one.acc_mps2, other.acc_mps2)


@pytest.mark.parametrize("name", ["run.parquet", "run.csv"])
def test_the_gyroscope_may_be_absent(table, write, name):
    recording = load(write(table.drop(columns=["gyr_x", "gyr_y", "gyr_z"]), name))
    assert not recording.feet[0].has_gyroscope
    assert np.isnan(recording.feet[0].gyr_radps).all()


@pytest.mark.parametrize("name", ["run.parquet", "run.csv"])
def test_empty_cells_are_lost_samples(table, write, name):
    table.loc[500:509, ["acc_x", "acc_y", "acc_z"]] = np.nan
    acc = load(write(table, name)).feet[0].acc_mps2
    assert np.flatnonzero(np.isnan(acc).any(axis=1)).tolist() == list(range(500, 510))


def test_other_columns_and_their_order_do_not_matter(table, write):
    table = table[table.columns[::-1]].assign(mag_x=1.0, remark="text")
    assert len(load(write(table, "run.csv")).feet) == 2


@pytest.mark.parametrize(
    ("kind", "text"), [("float32", False), ("int64", False), ("float64", True)]
)
def test_narrow_numbers_and_dictionary_text_are_read(table, write, kind, text):
    counts = table.copy()
    axes = ["acc_x", "acc_y", "acc_z"]
    counts[axes] = counts[axes].round().astype(kind)
    if text:
        counts["foot"] = counts["foot"].astype("category")
    recording = load(write(counts))
    np.testing.assert_array_equal(recording.feet[0].acc_mps2, counts[axes][: len(counts) // 2])


def test_semicolons_and_decimal_commas_are_understood_and_noted(table, write):
    recording = load(write(table, "run.csv", sep=";", decimal=","))
    np.testing.assert_allclose(recording.feet[0].acc_mps2, load(write(table)).feet[0].acc_mps2)
    assert "';'" in recording.notes[0]


def test_a_byte_order_mark_and_windows_lines_are_fine(table, write):
    path = write(table, "run.csv")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load(path).feet) == 2


# --- units ---------------------------------------------------------------------------


def test_assumed_units_are_applied_and_noted(table, write):
    plain = load(write(table, "plain.parquet"))
    other = table.copy()
    other[["acc_x", "acc_y", "acc_z"]] /= STANDARD_GRAVITY_MPS2
    other[["gyr_x", "gyr_y", "gyr_z"]] *= np.pi / 180
    other["time"] *= 1000
    recording = load(write(other), assume_units="g, rad/s, ms")
    for one, same in zip(plain.feet, recording.feet, strict=True):
        np.testing.assert_allclose(one.acc_mps2, same.acc_mps2)
        np.testing.assert_allclose(one.gyr_radps, same.gyr_radps)
        np.testing.assert_allclose(one.time_s, same.time_s)
    assert "acceleration g" in recording.notes[0]


def test_an_unknown_unit_is_a_usage_error():
    with pytest.raises(UsageError, match="furlong"):
        parse_units("g,furlong")


def test_no_unit_means_those_of_the_exchange_form():
    assert parse_units(None) == parse_units("") == Units("m/s^2", "deg/s", "s")


# --- sidecar -------------------------------------------------------------------------


def test_the_sidecar_is_read(table, write, tmp_path):
    path = write(table)
    sidecar = {
        "athlete": "Ada", "sex": "f", "mass_kg": 60, "height_m": 1.7, "leg_length_m": 0.9,
        "acc_range_g": 16, "gyr_range_dps": 2000, "sampling_rate_hz": 200, "surface": "track",
        "shoe": "spikes", "placement": "laces", "source": "a test", "simulated": True,
        "marks": [
            {"time_s": 4.5, "label": "gate", "distance_m": 10}, {"time_s": 9, "label": "end"}
        ],
        "something_else": {"deep": [1, 2]},
    }  # fmt: skip
    (tmp_path / "run.json").write_text(json.dumps(sidecar))
    recording = load(path)
    assert recording.athlete == Athlete("Ada", "f", 60.0, 1.7, 0.9)
    assert recording.setup == Setup("laces", "track", "spikes")
    assert recording.marks == (Mark(4.5, "gate", 10.0), Mark(9.0, "end"))
    assert recording.simulated
    assert recording.source == "a test"
    for stream in recording.feet:
        assert stream.acc_range_mps2 == pytest.approx(16 * STANDARD_GRAVITY_MPS2)
        assert stream.gyr_range_radps == pytest.approx(np.deg2rad(2000))
        assert stream.declared_rate_hz == 200.0


def test_the_athlete_may_be_an_object(table, write, tmp_path):
    path = write(table)
    (tmp_path / "run.json").write_text('{"athlete": {"name": "Bo", "mass_kg": 71, "sex": "male"}}')
    assert load(path).athlete == Athlete("Bo", "m", 71.0)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "JSON"),
        ("[1]", "list"),
        ('{"mass_kg": "heavy"}', "mass_kg"),
        ('{"height_m": 178}', "height_m"),
        ('{"acc_range_g": true}', "acc_range_g"),
        ('{"acc_range_g": NaN}', "acc_range_g"),
        ('{"athlete": 7}', "athlete"),
        ('{"marks": [{"label": "no time"}]}', "time_s"),
        ('{"marks": "gate"}', "marks"),
        ("\xff", "JSON"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_senseless_sidecar_names_its_entry(table, write, tmp_path, text, named):
    path = write(table)
    (tmp_path / "run.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError) as caught:
        load(path)
    assert named in caught.value.why
    assert caught.value.todo


# --- writing -------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_what_is_written_can_be_read_again(table, write, tmp_path, suffix):
    table.loc[500:509, ["acc_x", "acc_y", "acc_z", "gyr_x"]] = np.nan
    path = write(table)
    (tmp_path / "run.json").write_text(
        '{"athlete": "Ada", "sex": "f", "acc_range_g": 16, "shoe": "flats",'
        ' "marks": [{"time_s": 1, "label": "go"}]}'
    )
    recording = load(path)
    save_plain(recording, tmp_path / f"copy.{suffix}")
    again = load(tmp_path / f"copy.{suffix}")
    assert (again.athlete, again.setup, again.marks) == (
        recording.athlete, recording.setup, recording.marks,
    )  # fmt: skip
    for one, same in zip(recording.feet, again.feet, strict=True):
        np.testing.assert_allclose(same.time_s, one.time_s, rtol=1e-15)
        np.testing.assert_allclose(same.acc_mps2, one.acc_mps2, rtol=1e-14)
        np.testing.assert_allclose(same.gyr_radps, one.gyr_radps, rtol=1e-14)
        assert same.acc_range_mps2 == pytest.approx(one.acc_range_mps2)


def test_another_suffix_is_a_usage_error(table, write, tmp_path):
    with pytest.raises(UsageError, match="suffix"):
        save_plain(load(write(table)), tmp_path / "run.xlsx")


def test_a_missing_folder_is_an_output_error(table, write, tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        save_plain(load(write(table)), tmp_path / "nowhere" / "run.csv")


# --- real recordings -----------------------------------------------------------------


def test_every_recording_at_a_usable_rate_is_accepted(shared_data):
    folders = ("adept*", "fuzzylabs*", "gaitmap*", "pyshoe*", "xsens*")
    paths = [p for folder in folders for p in shared_data.glob(f"real/{folder}/*.parquet")]
    paths = [p for p in (*paths, *shared_data.glob("sim-dev/*.parquet")) if p.name.count(".") == 1]
    assert len(paths) > 25
    for path in paths:
        assert load(path).feet, path.name


def test_every_recording_that_is_too_slow_is_refused(shared_data):
    from gaitlab.model.errors import RateError

    paths = sorted(shared_data.glob("real/grouvel*/*imu.parquet"))
    assert paths
    for path in paths:
        with pytest.raises(RateError, match="too slowly"):
            load(path)


def test_a_table_of_another_kind_is_refused(shared_data):
    path = shared_data / "real" / "pod-summaries" / "course_run_stryd_hrm_1hz.parquet"
    with pytest.raises(InputError, match="lacks the columns foot, time"):
        load(path)


def test_one_foot_only_is_a_recording(table, write):
    single = table[table["foot"] == "right"].assign(foot="unknown")
    assert [s.foot for s in load(write(pd.DataFrame(single))).feet] == ["unknown"]
