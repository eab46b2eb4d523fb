"""The whole way: virtual pods, radio with faults, journal, file; against what was sent."""

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("bumble")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from gaitlab import load
from gaitlab.recordings.series_reading import read_series
from record import WANTED_DIFFERENCE_S, WANTED_F1, long_run, trial


def test_a_recording_over_a_poor_radio_holds_every_sample_once_and_agrees_with_its_source(tmp_path):
    feet, file, _, recorder = trial(long_run(0.4), tmp_path, 3.0)
    assert recorder.dropped == 0
    assert file.exists()
    for foot in feet:
        assert foot.every_sample_once
        assert foot.lost == foot.lost_injected > 0
        assert foot.repeated == foot.repeated_injected
        assert foot.f1 >= WANTED_F1
        assert foot.contact_time_difference_s <= WANTED_DIFFERENCE_S
        assert foot.n_contacts > 5


def test_a_new_user_records_simulated_pods_and_finds_one_file(gaitlab, tmp_path):
    out = tmp_path / "first.gait.parquet"
    result = gaitlab(
        "record", "--virtual", 2, "--speed", 3, "--duration", 12, "--out", out, "--json"
    )
    assert result.status == 0, result.err
    lines = [json.loads(line) for line in result.out.splitlines()]
    assert {line["type"] for line in lines} == {"contact", "event", "summary"}
    assert lines[-1]["file"] == str(out)
    assert [pod["lost"] for pod in lines[-1]["pods"]] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    made = load(out)
    assert made.simulated
    assert [foot.foot for foot in made.feet] == ["left", "right"]
    assert min(foot.n_samples for foot in made.feet) > 5 * 200


def test_the_journal_stays_when_asked_for_and_a_foot_pod_is_kept_beside(gaitlab, tmp_path):
    out = tmp_path / "raw"
    result = gaitlab(
        "record", "--virtual", 1, "--foot-pod", "any", "--speed", 8, "--duration", 8,
        "--out", out, "--keep-journal",
    )  # fmt: skip
    assert result.status == 0, result.err
    kept = ["raw.gait.journal", "raw.gait.parquet", "raw.series.parquet"]
    assert sorted(it.name for it in tmp_path.iterdir()) == kept
    assert "SIMULATED" in result.out
    assert "raw.series.parquet" in result.out
    series = read_series(tmp_path / "raw.series.parquet")
    assert len(series.time_s) >= 5
    assert set(series.values["cadence_as_sent_per_min"]) <= {0.0, 85.0}
    again = gaitlab("decode", tmp_path / "raw.gait.journal", "-o", tmp_path / "again.gait.parquet")
    assert again.status == 0, again.err
    decoded = read_series(tmp_path / "again.series.parquet")
    assert list(decoded.time_s) == list(series.time_s)


def test_pods_lists_what_is_near(gaitlab):
    result = gaitlab("pods", "--virtual", 2, "--seconds", 5, "--json")
    assert result.status == 0, result.err
    pods = json.loads(result.out)["pods"]
    assert [pod["fit"] for pod in pods] == [True, True]
    assert {pod["profile"] for pod in pods} == {"generic"}


@pytest.mark.parametrize(
    "arguments",
    [("--virtual", 2, "--left", "gait 001"), ("--speed", 2), ("--out", "nowhere/at/all")],
)
def test_a_request_that_makes_no_sense_is_refused_before_anything_is_made(
    gaitlab, tmp_path, monkeypatch, arguments
):
    monkeypatch.chdir(tmp_path)
    result = gaitlab("record", *arguments)
    assert result.status == 2
    assert list(tmp_path.iterdir()) == []


def test_a_recording_is_never_overwritten(gaitlab, tmp_path):
    (tmp_path / "run.gait.parquet").write_bytes(b"precious")
    result = gaitlab("record", "--virtual", 1, "--out", tmp_path / "run")
    assert result.status == 2
    assert (tmp_path / "run.gait.parquet").read_bytes() == b"precious"
