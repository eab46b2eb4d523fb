"""Files that are not recordings: each is refused by name, with the reason and the next step."""

import os
from contextlib import suppress

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaitlab.model.errors import InputError, RateError, UnitsError
from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.recordings import load
from gaitlab.signal.timebase import to_even

ACC = ["acc_x", "acc_y", "acc_z"]
GYR = ["gyr_x", "gyr_y", "gyr_z"]
SUFFIXES = pytest.mark.parametrize("name", ["run.parquet", "run.csv"])


def refusal(path, kind=InputError, **options):
    with pytest.raises(kind) as caught:
        load(path, **options)
    error = caught.value
    assert error.what
    assert error.why
    assert error.todo
    assert error.exit_status == 3
    assert str(error).count("\n") == 2, "three lines"
    return error


# --- files ---------------------------------------------------------------------------


def test_a_path_that_does_not_exist(tmp_path):
    assert "does not exist" in refusal(tmp_path / "none.parquet").what


def test_a_folder(tmp_path):
    assert "folder" in refusal(tmp_path).what


@pytest.mark.parametrize("name", ["/dev/zero", "a\0b", "x" * 5000])
def test_paths_that_are_no_files(name):
    refusal(name)


@SUFFIXES
def test_an_empty_file(write, name):
    assert "empty" in refusal(write(b"", name)).what


def test_a_file_that_may_not_be_read(write, table):
    path = write(table)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert "cannot be read" in refusal(path).what


@pytest.mark.parametrize("content", [b"hello", b"PK\x03\x04zip", b"\x00" * 5000, b"PAR", b"PAR1"])
@SUFFIXES
def test_something_else(write, content, name):
    refusal(write(content, name))


def test_a_text_that_is_called_parquet(write, table):
    path = write(table.to_csv(index=False).encode(), "run.parquet")
    assert "not a Parquet file" in refusal(path).what


def test_a_parquet_file_cut_short_anywhere(write, table):
    whole = write(table).read_bytes()
    for share in (0.001, 0.1, 0.5, 0.9, 0.999):
        error = refusal(write(whole[: int(share * len(whole))], "cut.parquet"))
        assert "damaged" in error.what or "cut short" in error.what


def test_a_csv_file_cut_in_the_middle_of_a_line(write, table):
    text = table.to_csv(index=False)
    cut = text[: text.rstrip().rindex(",") - 3]
    assert "middle of a line" in refusal(write(cut.encode(), "run.csv")).what


def test_a_csv_file_with_a_line_that_is_too_long(write, table):
    lines = table.to_csv(index=False).splitlines()
    lines[700] += ",1,2,3"
    assert "line 701 has 11" in refusal(write("\n".join(lines).encode(), "run.csv")).why


def test_a_csv_file_with_two_lines_run_into_one(write, table):
    lines = table.to_csv(index=False).splitlines()
    lines[700] = lines[700][:30] + lines.pop(701)
    assert "line 701" in refusal(write("\n".join(lines).encode(), "run.csv")).why


@SUFFIXES
def test_a_column_that_is_there_twice(write, table, name):
    table = table.rename(columns={"gyr_z": "acc_x"})
    path = write(table.drop(columns=GYR[:2]), "run.csv")
    if name.endswith("parquet"):
        columns = [table[column] for column in ("foot", "time", *ACC[1:])]
        left, right = table["acc_x"].iloc[:, 0], table["acc_x"].iloc[:, 1]
        names = ["foot", "time", *ACC[1:], "acc_x", "acc_x"]
        arrays = [pa.array(column) for column in (*columns, left, right)]
        pq.write_table(pa.Table.from_arrays(arrays, names), path := path.with_name(name))
    assert "acc_x twice" in refusal(path).what


# --- columns -------------------------------------------------------------------------


@SUFFIXES
@pytest.mark.parametrize("column", ["foot", "time", "acc_y", "gyr_z"])
def test_a_missing_column_is_named(write, table, column, name):
    assert column in refusal(write(table.drop(columns=column), name)).what


@SUFFIXES
def test_a_table_without_samples(write, table, name):
    assert "empty" in refusal(write(table.iloc[:0], name)).what


@SUFFIXES
def test_text_among_the_numbers(write, table, name):
    table["acc_z"] = table["acc_z"].astype(str)
    table.loc[40, "acc_z"] = "error"
    error = refusal(write(table, name))
    assert "acc_z" in error.what
    if name.endswith("csv"):
        assert "line 42" in error.why


@SUFFIXES
def test_an_unknown_foot_is_named(write, table, name):
    assert "'middle'" in refusal(write(table.replace("left", "middle"), name)).why


def test_an_empty_foot(write, table):
    table.loc[10, "foot"] = None
    assert "foot" in refusal(write(table)).what


@SUFFIXES
def test_feet_that_are_numbers(write, table, name):
    assert "'1'" in refusal(write(table.replace({"left": 1, "right": 2}), name)).why


def test_times_of_day(write, table):
    table["time"] = pd.Timestamp("2026-05-01") + pd.to_timedelta(table["time"], unit="s")
    assert "timestamp" in refusal(write(table)).why
    assert "2026-05-01" in refusal(write(table, "run.csv")).why


def test_decimal_commas_between_commas(write, table):
    text = table.to_csv(index=False).replace(".", ",")
    assert "semicolons" in refusal(write(text.encode(), "run.csv")).todo


def test_a_foot_column_of_many_entries(write, table):
    table["foot"] = [f"f{i}" for i in range(len(table))]
    assert "name feet" in refusal(write(table)).what


@SUFFIXES
def test_two_runs_of_the_same_foot(write, table, name):
    twice = pd.concat([table, table], ignore_index=True)
    assert "2 runs of the left foot" in refusal(write(twice, name)).what


# --- values --------------------------------------------------------------------------


@SUFFIXES
@pytest.mark.parametrize("column", ["time", *ACC])
def test_a_column_of_nothing(write, table, column, name):
    table[column] = np.nan
    if column in ACC:
        table[ACC] = np.nan
    assert "is empty" in refusal(write(table, name)).what


def test_a_pod_that_recorded_nothing_is_left_out_with_a_note(write, table):
    table.loc[table["foot"] == "left", ACC] = np.nan
    recording = load(write(table))
    assert [stream.foot for stream in recording.feet] == ["right"]
    assert recording.notes[0].startswith("left: left out, the acceleration")


def test_a_pod_that_died_at_once_is_left_out_with_a_note(write, table):
    recording = load(write(table.iloc[:2500]))
    assert [stream.foot for stream in recording.feet] == ["left"]
    assert "too short" in recording.notes[0]


@SUFFIXES
@pytest.mark.parametrize("column", ["time", "acc_x", "gyr_y"])
@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e300, -1e21])
def test_infinite_and_absurd_values(write, table, column, name, value):
    table.loc[[3, 900], column] = value
    assert "infinite or absurd in 2 places" in refusal(write(table, name)).what


def test_a_sensor_that_hung(write, table):
    table[ACC] = [0.0, 0.0, 9.81]
    assert "never changes" in refusal(write(table)).what


# --- time ----------------------------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [10.0, 25.0, 36.6, 48.0])
def test_too_slow_a_rate(write, table, rate_hz):
    step = table["time"].diff().median()
    table["time"] *= 1 / rate_hz / step
    assert f"{rate_hz:.1f}" in refusal(write(table), RateError).what


@pytest.mark.parametrize("rate_hz", [50.0, 52.0, 60.0, 1125.0])
def test_a_usable_rate_is_accepted(write, table, rate_hz):
    step = table["time"].diff().median()
    table["time"] *= 1 / rate_hz / step
    assert len(load(write(table)).feet) == 2


@pytest.mark.parametrize("n", [1, 2, 3, 100, 399])
def test_too_short(write, table, n):
    short = table[table["foot"] == "left"].iloc[:n]
    assert "too short" in refusal(write(short)).what


@pytest.mark.parametrize(("unit", "factor"), [("ms", 1e3), ("us", 1e6), ("ns", 1e9)])
def test_time_in_another_unit(write, table, unit, factor):
    table["time"] *= factor
    path = write(table)
    error = refusal(path, UnitsError)
    assert error.todo.endswith(f"--assume-units {unit}")
    stream = load(path, assume_units=unit).feet[0]
    assert stream.time_s[-1] == pytest.approx(12, abs=0.01)


def test_time_in_hours(write, table):
    table["time"] /= 3600
    assert "not in seconds" in refusal(write(table), UnitsError).what


def test_time_that_runs_backwards(write, table):
    assert "runs backwards" in refusal(write(table.iloc[::-1])).what


def test_a_stray_epoch_among_the_times_is_a_note_or_a_refusal_never_a_giant(write, table):
    table.loc[0, "time"] = -1.7e9
    assert "hours" in refusal(write(table)).what


def test_a_restarted_clock_is_noted_and_loses_nothing(write, table):
    left = table[table["foot"] == "left"]
    again = left.assign(time=left["time"].where(left["time"] < 6, left["time"] - 6))
    recording = load(write(again))
    assert "started again once" in recording.notes[0]
    even, _ = to_even(recording.feet[0])
    assert np.count_nonzero(~even.missing) == len(left)


def test_repeated_and_late_samples_are_noted(write, table):
    left = table[table["foot"] == "left"]
    order = np.r_[0:300, 320:340, 300:320, 340:1000, 990:1000, 1000 : len(left)]
    notes = " ".join(load(write(left.iloc[order])).notes)
    assert "10 repeated samples" in notes
    assert "arrived late" in notes


# --- units ---------------------------------------------------------------------------


@pytest.mark.parametrize("rest", [True, False])
@pytest.mark.parametrize(
    ("unit", "factor"),
    [("g", 1 / STANDARD_GRAVITY_MPS2), ("mg", 1000 / STANDARD_GRAVITY_MPS2), ("counts", 209.0)],
)
def test_acceleration_in_another_unit(write, table, unit, factor, rest):
    table = table if rest else table[table["time"] > 4.2]
    table = table.assign(**{axis: table[axis] * factor for axis in ACC})
    path = write(table)
    error = refusal(path, UnitsError)
    assert "acceleration" in error.what
    if rest:
        assert "norm at rest" in error.why
    if unit != "counts":
        assert f"--assume-units {unit};" in error.todo
        assert load(path, assume_units=unit).feet


def test_acceleration_without_gravity(write, table):
    rng = np.random.default_rng(0)
    table["acc_z"] -= STANDARD_GRAVITY_MPS2
    table[ACC] = table[ACC] * 0.2 + rng.normal(0, 0.05, (len(table), 3))
    assert "gravity" in refusal(write(table), UnitsError).todo


@pytest.mark.parametrize("bias", [-1.2, 1.2])
def test_a_biased_sensor_is_accepted(write, table, bias):
    table["acc_z"] += bias
    assert load(write(table)).feet


def test_a_scale_error_is_not_a_bias(write, table):
    table[ACC] *= 1.25
    assert "12.2" in refusal(write(table), UnitsError).why


@pytest.mark.parametrize(("unit", "factor"), [("rad/s", np.pi / 180), ("mdeg/s", 1000.0)])
def test_rotation_in_another_unit(write, table, unit, factor):
    table[GYR] *= factor
    path = write(table)
    error = refusal(path, UnitsError)
    assert "rotation" in error.what
    assert f"--assume-units {unit}" in error.todo
    assert load(path, assume_units=unit).feet


def test_a_foot_at_rest_may_turn_slowly(write, table):
    assert load(write(table[table["time"] < 3.5])).feet


# --- files made to harm --------------------------------------------------------------


def test_a_small_file_that_declares_a_giant_is_refused_unread(tmp_path):
    path = tmp_path / "bomb.parquet"
    schema = pa.schema([("foot", pa.string()), *[(n, pa.float64()) for n in ("time", *ACC, *GYR)]])
    n = 2_000_000
    zeros = pa.array(np.zeros(n))
    foot = pa.DictionaryArray.from_arrays(np.zeros(n, np.int32), ["left"]).cast(pa.string())
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for _ in range(20):
            writer.write_table(pa.Table.from_arrays([foot, *[zeros] * 7], schema=schema))
    assert path.stat().st_size < 2_000_000
    assert "40,000,000" in refusal(path).why


def test_a_small_file_of_many_equal_rows_is_refused_unread(tmp_path):
    n = 3_000_000
    columns = {name: np.zeros(n) for name in ("time", *ACC)}
    path = tmp_path / "zeros.parquet"
    pq.write_table(pa.table({"foot": pa.array(["left"] * n), **columns}), path, compression="zstd")
    assert "no measured signal" in refusal(path).what


def test_a_row_that_holds_megabytes_is_refused_unread(tmp_path, table):
    path = tmp_path / "fat.parquet"
    fat = table.iloc[:500].assign(foot="x" * 100_000)
    pq.write_table(pa.Table.from_pandas(fat), path, use_dictionary=False, compression="zstd")
    assert "not a recording" in refusal(path).what


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=400), start=st.sampled_from([b"", b"PAR1", b"foot,time,acc_x\n"]))
@pytest.mark.parametrize("name", ["x.parquet", "x.csv"])
def test_random_bytes_are_refused_and_nothing_else(tmp_path, content, start, name):
    path = tmp_path / name
    path.write_bytes(start + content)
    with pytest.raises(InputError):
        load(path)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
@pytest.mark.parametrize("name", ["run.parquet", "run.csv"])
def test_a_damaged_recording_is_read_or_refused_but_never_breaks(write, table, name, data):
    path = write(table.iloc[::8].iloc[:400], name)
    raw = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255))
    stop = data.draw(st.integers(1, len(raw)))
    path.write_bytes(raw[:stop] if data.draw(st.booleans()) else raw)
    with suppress(InputError):
        for stream in load(path).feet:
            to_even(stream)


@pytest.mark.parametrize(
    ("end", "cut"),
    [("\n", False), ("", False), (-1, True), (-2, True)],
)
def test_a_csv_file_cut_in_its_last_number_loses_that_line_and_says_so(write, table, end, cut):
    """Without a line end nobody but the numbers above can tell whether the last one is whole."""
    text = table.round(4).to_csv(index=False, float_format="%.4f").rstrip("\n")
    text = text[:end] if isinstance(end, int) else text + end
    recording = load(write(text.encode(), "run.csv"))
    assert sum(stream.n_samples for stream in recording.feet) == len(table) - cut
    assert any("within its last number" in note for note in recording.notes) == cut
