"""A journal becomes the recording that the pods sent: every sample, once, at its time."""

import numpy as np
import pytest
from made_journal import BEGUN_NS, PER_PACKET, RATE_HZ, counts, record

from gaitlab.capture.finish import finalise, recording_from_journal
from gaitlab.model.errors import InputError
from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.recordings import load
from gaitlab.recordings.frames import pieces
from gaitlab.recordings.journal import JournalWriter
from gaitlab.recordings.journal_reading import read_journal

LSB = STANDARD_GRAVITY_MPS2 / 2048


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "run.gait.journal"


def made(folder):
    return recording_from_journal(read_journal(folder))


def test_every_sample_that_was_sent_is_there_once_and_at_its_time(folder):
    recording, report = made(record(folder))
    for pod, foot in enumerate(("left", "right")):
        stream = recording.foot(foot)
        assert np.allclose(stream.acc_mps2, counts(2000, pod)[:, :3] * LSB, rtol=1e-12)
        assert np.abs(stream.time_s - np.arange(2000) / RATE_HZ).max() < 0.002
    assert [pod.stream.lost for pod in report.pods] == [0, 0]
    assert report.closed


def test_what_is_known_of_the_run_goes_into_the_recording(folder):
    recording, _ = made(record(folder))
    assert (recording.name, recording.athlete.name, recording.athlete.sex) == ("run", "Ada", "f")
    assert recording.simulated
    (mark,) = recording.marks
    assert (mark.label, mark.distance_m, mark.time_s) == ("gate", 30.0, 1.0)


def test_the_file_gives_back_the_recording_to_the_bit(folder, tmp_path):
    finalise(record(folder), tmp_path / "run.gait.parquet")
    recording, _ = made(folder)
    back = load(tmp_path / "run.gait.parquet")
    assert np.array_equal(back.feet[0].acc_mps2, recording.feet[0].acc_mps2)
    assert np.array_equal(back.feet[1].time_s, recording.feet[1].time_s)
    assert back.notes[: len(recording.notes)] == recording.notes


def test_samples_lost_on_the_radio_are_counted_and_nan(folder):
    recording, report = made(record(folder, drop=(50, 51, 120)))
    assert [pod.stream.lost for pod in report.pods] == [3 * PER_PACKET] * 2
    assert int(np.isnan(recording.feet[0].acc_mps2[:, 0]).sum()) == 3 * PER_PACKET
    assert "24 lost" in recording.notes[0]


def test_a_reconnected_pod_is_one_stream(folder):
    recording, report = made(record(folder, cut=(80, 160)))
    assert [pod.connections for pod in report.pods] == [3, 1]
    assert report.pods[0].reasons == ("out of reach",) * 2
    assert np.allclose(recording.feet[0].acc_mps2, counts(2000, 0)[:, :3] * LSB, rtol=1e-12)


def test_a_journal_without_an_end_gives_all_but_the_last_half_second(folder):
    recording, report = made(record(folder, close=False))
    assert not report.closed
    assert recording.feet[0].n_samples >= 2000 - RATE_HZ * 0.5 - PER_PACKET
    assert any("did not come to its end" in note for note in recording.notes)


def test_damage_to_any_batch_costs_that_batch_even_the_one_with_the_settings(folder):
    file = record(folder) / "segment-0001.arrow"
    content = file.read_bytes()
    batches = [piece for piece in pieces(content) if piece.kind == "message"][1:]
    for batch in batches[:3]:
        flipped = bytearray(content)
        flipped[(batch.start + batch.stop) // 2] ^= 4
        file.write_bytes(flipped)
        recording, report = made(folder)
        kept = np.isfinite(recording.feet[0].acc_mps2[:, 0]).sum()
        assert kept >= 2000 - RATE_HZ * 0.6
        (lost,) = report.lost_s
        assert 0.4 < lost[1] - lost[0] < 0.7
        assert [stream.foot for stream in recording.feet] == ["left", "right"]


def test_pods_that_sent_nothing_are_an_error_that_names_them(folder):
    with JournalWriter(folder, {}) as writer:
        writer.event(0, BEGUN_NS, {"event": "side", "foot": "left"})
    with pytest.raises(InputError, match="never connected"):
        made(folder)


@pytest.mark.parametrize(
    "settings",
    [
        {"profile": "generic", "rate_hz": "fast"},
        {"profile": "no such pod", "rate_hz": 200.0},
        {"profile": "generic", "rate_hz": float("nan")},
        {"profile": "generic", "rate_hz": 200.0, "details": {"description": "{"}},
        [],
        None,
    ],
)
def test_settings_that_make_no_sense_are_named_and_never_crash(folder, settings):
    with JournalWriter(folder, {"athlete": [], "setup": 3, "pods": 7}) as writer:
        writer.event(0, BEGUN_NS, {"event": "connected", "settings": settings, "identity": 3})
        writer.add(0, "data", BEGUN_NS, "c", b"1234")
        writer.event(-1, BEGUN_NS, {"event": "mark", "label": 3, "distance_m": "far"})
    with pytest.raises(InputError, match="no samples"):
        made(folder)


def test_two_pods_on_the_same_foot_are_both_kept(folder):
    recording, _ = made(record(folder, feet=("left", "left")))
    assert [stream.foot for stream in recording.feet] == ["left", "unknown"]


def test_a_file_made_in_small_blocks_is_the_same(folder, tmp_path, monkeypatch):
    record(folder, cut=(80,), drop=(50, 51, 120))
    want, _ = made(folder)
    monkeypatch.setattr("gaitlab.capture.finish.ROWS_AT_ONCE", 77)
    finalise(folder, tmp_path / "run.gait.parquet")
    back = load(tmp_path / "run.gait.parquet")
    for got, foot in zip(back.feet, want.feet, strict=True):
        assert np.array_equal(got.time_s, foot.time_s)
        assert np.array_equal(got.acc_mps2, foot.acc_mps2, equal_nan=True)
        assert np.array_equal(got.gyr_radps, foot.gyr_radps, equal_nan=True)
    assert sorted(it.name for it in tmp_path.iterdir()) == ["run.gait.journal", "run.gait.parquet"]
