"""What no sensor reads, half-empty files, and feet apart: said, never silent."""

import os
import sys

import numpy as np
import pytest

from gaitlab.model.errors import InputError
from gaitlab.recordings import load


def test_a_few_impossible_samples_are_taken_as_missing_and_counted(write, table):
    hit = table.index[200:221]
    table.loc[hit, "acc_y"] = 5e5
    table.loc[[500], "gyr_z"] = -3e4
    recording = load(write(table))
    left = recording.feet[0]
    assert np.isnan(left.acc_mps2[hit]).all()
    assert np.isnan(left.gyr_radps[500]).all()
    assert np.count_nonzero(np.isnan(left.acc_mps2[:, 0])) == 22
    assert "left: 22 samples beyond any sensor" in " ".join(recording.notes)


def test_the_hardest_impact_that_a_sensor_can_read_stays(write, table):
    table.loc[[700], "acc_z"] = 3900.0  # 400 g
    recording = load(write(table))
    assert recording.feet[0].acc_mps2[700, 2] == 3900.0
    assert not recording.notes


def test_many_impossible_samples_are_refused(write, table):
    table.loc[table.index[100:200], "acc_y"] = 5e5
    with pytest.raises(InputError, match="no sensor can in 100 samples"):
        load(write(table))


@pytest.mark.parametrize("column", ["acc_x", "gyr_y"])
def test_an_empty_axis_is_named_with_its_foot(write, table, column):
    table.loc[table["foot"] == "right", column] = np.nan
    notes = " ".join(load(write(table)).notes)
    assert f"right: left out, {column} of the right foot is empty" in notes
    table[column] = np.nan
    with pytest.raises(InputError, match=f"{column} of the left foot is empty"):
        load(write(table))


def test_feet_that_were_not_recorded_together_are_told(write, table):
    assert not load(write(table)).notes
    table.loc[table["foot"] == "left", "time"] -= 1000.0
    assert "do not overlap in time" in " ".join(load(write(table)).notes)


def test_a_text_without_a_last_line_end_says_how_much_was_read(write, table):
    text = table.to_csv(index=False)
    assert not load(write(text.encode(), "run.csv")).notes
    notes = load(write(text.rstrip("\n").encode(), "run.csv")).notes
    assert f"may be cut short; {len(table):,} lines of samples were read" in " ".join(notes)


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_a_name_that_is_no_text_is_said_to_be_that(write, table, tmp_path):
    path = tmp_path / os.fsdecode(b"r\xfcn.parquet")
    write(table).rename(path)
    with pytest.raises(InputError, match="cannot be read") as caught:
        load(path)
    assert caught.value.todo == "rename the file"
    str(caught.value).encode("utf-8")
