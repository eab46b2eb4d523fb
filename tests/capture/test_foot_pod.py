"""What a foot pod computed is kept as it was sent, beside the recording, at its time."""

import json

import numpy as np
import pytest
from made_journal import BEGUN_NS, add_foot_pod, record, speed_message

from gaitlab.capture.finish import finalise, recording_from_journal
from gaitlab.capture.foot_pod import SpeedEar, series_beside, with_cadence
from gaitlab.pod.model import Notification
from gaitlab.pod.protocols.rsc import decode_measurements
from gaitlab.recordings.journal import JournalWriter
from gaitlab.recordings.journal_reading import read_journal
from gaitlab.recordings.series_reading import read_series

STRIDES = [speed_message(3.5, 85, 3.5 * 60 / 85, 100 + 3.5 * k) for k in range(10)]
STEPS = [speed_message(3.5, 170, 3.5 * 60 / 85, 3.5 * k) for k in range(10)]


def journal_with(folder, messages):
    """Two raw pods, recorded, and a foot pod that joined in."""
    record(folder)
    with JournalWriter(folder, {"name": "run"}) as writer:
        add_foot_pod(writer, messages)
    return folder


@pytest.fixture
def folder(tmp_path):
    return journal_with(tmp_path / "run.gait.journal", STRIDES)


def test_every_message_is_in_the_series_at_its_second_and_as_it_was_sent(folder, tmp_path):
    _, report = finalise(folder, tmp_path / "run.gait.parquet")
    assert report.series_files == (tmp_path / "run.series.parquet",)
    series = read_series(tmp_path / "run.series.parquet")
    np.testing.assert_allclose(series.time_s, np.arange(10))
    np.testing.assert_allclose(series.values["speed_mps"], 3.5)
    np.testing.assert_allclose(series.values["cadence_as_sent_per_min"], 85)
    np.testing.assert_allclose(series.values["cadence_spm"], 170)
    np.testing.assert_allclose(series.values["step_length_m"], 3.5 * 60 / 170, atol=0.003)
    np.testing.assert_allclose(series.values["distance_m"], 3.5 * np.arange(10), atol=0.06)
    assert series.recorded_with == "run"


@pytest.mark.parametrize(("messages", "counts"), [(STRIDES, "strides"), (STEPS, "steps")])
def test_strides_and_steps_give_the_same_cadence_and_the_reason_is_told(tmp_path, messages, counts):
    folder = journal_with(tmp_path / "run.gait.journal", messages)
    (series,) = recording_from_journal(read_journal(folder))[1].series
    np.testing.assert_allclose(series.values["cadence_spm"], 170)
    np.testing.assert_allclose(series.values["step_length_m"], 3.5 * 60 / 170, atol=0.003)
    assert f"taken as {counts}" in series.origin("cadence_spm")


def test_the_user_may_say_what_the_cadence_counts(folder):
    (series,) = recording_from_journal(read_journal(folder))[1].series
    said = with_cadence(series, "steps")
    np.testing.assert_allclose(said.values["cadence_spm"], 85)
    np.testing.assert_allclose(said.values["cadence_as_sent_per_min"], 85)
    assert "as you said" in said.origin("cadence_spm")


def test_too_few_messages_leave_the_cadence_unknown_but_keep_it(tmp_path):
    folder = journal_with(tmp_path / "run.gait.journal", STRIDES[:2])
    (series,) = recording_from_journal(read_journal(folder))[1].series
    assert "cadence_spm" not in series.values
    assert list(series.values["cadence_as_sent_per_min"]) == [85, 85]
    assert "unknown" in series.origin("cadence_spm")


def test_a_pod_that_counts_metres_from_zero_again_goes_on_from_where_it_was(tmp_path):
    metres = [40.0, 44.0, 48.0, 2.0, 6.0]
    messages = [speed_message(4.0, 90, 2.67, at_m) for at_m in metres]
    folder = journal_with(tmp_path / "run.gait.journal", messages)
    (series,) = recording_from_journal(read_journal(folder))[1].series
    np.testing.assert_allclose(series.values["distance_m"], [0, 4, 8, 10, 14], atol=0.01)


def test_the_feet_are_as_without_a_foot_pod_and_it_is_no_foot(folder):
    recording, report = recording_from_journal(read_journal(folder))
    assert [stream.foot for stream in recording.feet] == ["left", "right"]
    assert "10 messages" in recording.notes[-1]
    assert not any("no motion" in note for note in recording.notes)
    assert report.pods[2].speed is not None


def test_a_series_of_another_run_is_never_overwritten_but_the_same_one_is(folder, tmp_path):
    other = tmp_path / "run.series.parquet"
    other.write_bytes(b"a watch said so")
    assert finalise(folder, tmp_path / "run.gait.parquet")[1].series_files == (
        tmp_path / "run-2.series.parquet",
    )
    finalise(folder, tmp_path / "run.gait.parquet")
    assert other.read_bytes() == b"a watch said so"
    assert len(list(tmp_path.glob("*.series.parquet"))) == 2
    assert len(series_beside(tmp_path / "run.gait.parquet", "run")) == 1


def test_recover_restores_it_doctor_names_it_and_reference_lays_it_beside(
    gaitlab, folder, tmp_path
):
    result = gaitlab("recover", folder, "--json")
    assert result.status == 0, result.err
    (made,) = json.loads(result.out)["series"]
    assert made["file"] == str(tmp_path / "run.series.parquet")
    doctor = gaitlab("doctor", tmp_path / "run.gait.parquet", "--json")
    (line,) = [it for it in json.loads(doctor.out)["findings"] if it["topic"] == "foot pod"]
    assert line["verdict"] == "good"
    assert "taken as strides" in line["says"]


def test_live_the_cadence_is_shown_as_sent_until_it_is_known_what_it_counts():
    ear = SpeedEar()
    for second, message in enumerate(STRIDES):
        said = decode_measurements([Notification(BEGUN_NS + second * 10**9, "c", message)]).speed
        now = ear.hear(said)
        assert now.cadence_per_min == 85
        assert np.isnan(now.cadence_spm) if second < 2 else now.cadence_spm == 170
    assert now.n == 10
