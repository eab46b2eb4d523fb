"""Numbers known by hand go in and come out again, converted, counted and whole."""

import json

import numpy as np
import pandas as pd
import pytest

from gaitlab.model.errors import OutputError
from gaitlab.tables import contacts_frame, segments_frame, summary_dict, write_tables


def test_codes_become_words_and_radians_degrees(make_analysis):
    frame = contacts_frame(make_analysis())
    assert frame["foot"].tolist()[:2] == ["left", "right"]
    assert frame["strike"].tolist()[:4] == ["rearfoot", "rearfoot", "midfoot", "forefoot"]
    assert frame["strike_angle_deg"].iloc[0] == pytest.approx(10.0)
    assert frame["strike_angle_sd_deg"].iloc[0] == pytest.approx(2.0)
    assert frame["contact_time_sd_s"].iloc[0] == pytest.approx(0.005)  # 3-4-5
    assert frame["flags"].iloc[0] == ""
    assert frame["flags"].iloc[-1] == "clipped;edge"


def test_means_of_a_segment_leave_invalid_contacts_out(make_analysis):
    walk, run = segments_frame(make_analysis()).to_dict("records")
    assert (walk["activity"], walk["n_contacts"], walk["contact_time_s_n"]) == ("walk", 0, 0)
    assert np.isnan(walk["contact_time_s_mean"])
    assert (run["n_contacts"], run["n_valid"]) == (11, 10)
    counted = 0.20 + 0.001 * (np.arange(10) % 5)
    assert run["contact_time_s_mean"] == pytest.approx(counted.mean())
    assert run["contact_time_s_sd"] == pytest.approx(counted.std(ddof=1))
    assert run["contact_time_s_n"] == 10


def test_a_single_contact_has_no_spread(make_analysis):
    analysis = make_analysis(2)  # the second one is invalid
    run = segments_frame(analysis).iloc[1]
    assert run["contact_time_s_n"] == 1
    assert np.isnan(run["contact_time_s_sd"])


def test_contacts_outside_every_segment_are_not_counted(make_analysis):
    analysis = make_analysis()
    lost = analysis.contacts.where(np.arange(11))
    object.__setattr__(lost, "segment", np.full(11, -1, np.int32))
    object.__setattr__(analysis, "contacts", lost)
    assert segments_frame(analysis)["n_contacts"].tolist() == [0, 0]


def test_strike_shares_count_known_strikes_of_valid_contacts(make_analysis):
    summary = summary_dict(make_analysis())
    run = next(item for item in summary["activities"] if item["activity"] == "run")
    both = run["scopes"]["both"]["strikes"]
    assert both["n"] == 10
    assert both["rearfoot_percent"] == pytest.approx(60.0)  # R R M F R R M F R R
    assert both["midfoot_percent"] == pytest.approx(20.0)
    assert both["forefoot_percent"] == pytest.approx(20.0)


def test_a_missing_number_is_null_with_its_reason(make_analysis):
    summary = summary_dict(make_analysis())
    run = next(item for item in summary["activities"] if item["activity"] == "run")
    flight = run["scopes"]["right"]["metrics"]["flight_time_s"]
    assert flight["median"] is None
    assert (flight["quality"], flight["reason"]) == ("not measurable", "one pod only")
    json.dumps(summary, allow_nan=False)


def test_no_contacts_give_empty_tables_of_the_same_shape(make_analysis):
    empty, full = contacts_frame(make_analysis(0)), contacts_frame(make_analysis())
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    summary = summary_dict(make_analysis(0))
    assert all(not item["scopes"] for item in summary["activities"])


def test_files_come_back_as_written(make_analysis, tmp_path):
    analysis = make_analysis()
    paths = write_tables(analysis, tmp_path / "new" / "folder", name="renamed")
    assert [path.name for path in paths] == [
        "renamed.contacts.parquet",
        "renamed.segments.parquet",
        "renamed.summary.json",
    ]
    pd.testing.assert_frame_equal(pd.read_parquet(paths[0]), contacts_frame(analysis))


def test_a_folder_that_is_a_file_is_named_and_left_alone(make_analysis, tmp_path):
    blocker = tmp_path / "blocker"
    blocker.write_text("mine")
    with pytest.raises(OutputError, match="cannot write") as caught:
        write_tables(make_analysis(), blocker / "out")
    assert caught.value.todo
    assert blocker.read_text() == "mine"


def test_nothing_half_written_is_left_when_the_last_file_fails(
    make_analysis, tmp_path, monkeypatch
):
    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gaitlab.tables.files._write_json", full_disk)
    with pytest.raises(OutputError, match="No space left"):
        write_tables(make_analysis(), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_older_result_survives_a_failed_one(make_analysis, tmp_path, monkeypatch):
    write_tables(make_analysis(), tmp_path)
    before = (tmp_path / "track.contacts.parquet").read_bytes()
    monkeypatch.setattr(
        "gaitlab.tables.files._write_json", lambda *_: (_ for _ in ()).throw(OSError(5, "gone"))
    )
    with pytest.raises(OutputError):
        write_tables(make_analysis(3), tmp_path)
    assert (tmp_path / "track.contacts.parquet").read_bytes() == before


def activity_of(analysis, name="run"):
    return next(item for item in summary_dict(analysis)["activities"] if item["activity"] == name)


def test_an_asymmetry_below_its_band_is_not_told(make_analysis):
    sides = activity_of(make_analysis())["symmetry"]["contact_time_s"]
    assert sides["left"] == pytest.approx(sides["right"])
    assert sides["index_percent"] is None
    assert sides["band_percent"] > 0
    assert (sides["resolved"], bool(sides["reason"])) == (False, True)


def test_variability_and_drift_say_why_they_are_not_there(make_analysis):
    run = activity_of(make_analysis())
    assert run["variability"]["stride_time_s"]["cv_percent"] is None
    assert "30 are needed" in run["variability"]["stride_time_s"]["reason"]
    assert run["drift"]["contact_time_s"]["per_km"] is None
    assert "120 are needed" in run["drift"]["contact_time_s"]["reason"]


def test_angles_of_sides_and_drift_are_in_degrees(make_analysis):
    run = activity_of(make_analysis())
    assert "strike_angle_deg" in run["variability"]
    assert "strike_angle_deg" in run["drift"]


def test_a_change_between_sessions_must_exceed_measurement_and_chance(make_analysis):
    contact = activity_of(make_analysis())["scopes"]["both"]["metrics"]["contact_time_s"]
    session = np.hypot(contact["uncertainty"], 1.2533 * contact["mad"] / 3)  # n 9
    assert contact["smallest_real_change"] == pytest.approx(1.96 * np.sqrt(2) * session)


def test_sizes_of_the_runner_have_a_value_or_a_reason(make_analysis):
    scaled = activity_of(make_analysis())["scopes"]["both"]["scaled"]
    assert {"peak_force_n", "leg_stiffness_n_per_m", "froude"} <= set(scaled)
    for item in scaled.values():
        assert (item["value"] is None) == bool(item["reason"])
