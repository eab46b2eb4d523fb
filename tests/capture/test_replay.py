"""A replay is the live analysis of what was recorded, and agrees with that of the whole."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gaitlab.capture.replay import missing_samples, replay
from gaitlab.live import LiveAnalyzer
from gaitlab.model.recording import FootStream
from gaitlab.pipeline import analyze
from gaitlab.recordings import load, save


@pytest.fixture(scope="module")
def recording(bundled):
    made = load(bundled / "sprinter_fly.gait.parquet")
    feet = tuple(
        replace(
            foot,
            time_s=foot.time_s[foot.time_s < foot.time_s[0] + 25],
            acc_mps2=foot.acc_mps2[foot.time_s < foot.time_s[0] + 25],
            gyr_radps=foot.gyr_radps[foot.time_s < foot.time_s[0] + 25],
        )
        for foot in made.feet
    )
    return replace(made, feet=feet)


@pytest.fixture(scope="module")
def steps(recording):
    return list(replay(recording))


@pytest.fixture(scope="module")
def file(recording, tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "fly.gait.parquet"
    save(recording, path)
    return path


def instants(parts):
    return np.sort(np.concatenate([part.ic_time_s for part in parts]))


def test_every_sample_is_fed_and_the_contacts_are_those_of_the_live_analyzer(recording, steps):
    live = LiveAnalyzer.for_recording(recording)
    at_once = [live.feed(it.foot, it.time_s, it.acc_mps2, it.gyr_radps) for it in recording.feet]
    at_once.append(live.finish())
    np.testing.assert_allclose(
        instants([step.contacts for step in steps]), instants(at_once), atol=1e-9
    )


def test_a_replay_agrees_with_the_analysis_of_the_whole(recording, steps):
    batch_s = np.sort(analyze(recording).contacts.ic_time_s)
    live_s = instants([step.contacts for step in steps])
    near = np.abs(live_s[:, None] - batch_s[None, :]) < 0.02
    hits = np.count_nonzero(near.any(axis=1))
    assert 2 * hits / (len(live_s) + len(batch_s)) >= 0.99


def test_time_goes_on_in_steps_of_a_batch_and_ends_with_the_recording(recording, steps):
    time_s = np.array([step.time_s for step in steps])
    assert (np.diff(time_s) >= 0).all()
    assert np.diff(time_s).max() == pytest.approx(0.02)
    assert time_s[-1] == pytest.approx(25, abs=0.05)
    assert [step.last for step in steps[-2:]] == [False, True]


def test_missing_samples_are_counted_whether_they_are_empty_rows_or_holes():
    time_s = np.delete(np.arange(100) / 100, [10, 11, 50])
    acc = np.zeros((97, 3))
    acc[70:75] = np.nan
    foot = FootStream("left", time_s, acc, np.zeros((97, 3)))
    assert missing_samples(foot).sum() == 8


def test_without_a_terminal_only_the_last_line_is_printed(gaitlab, file):
    result = gaitlab("replay", file, "--speed", "max")
    assert result.status == 0
    assert result.err == ""
    assert result.out.count("\n") == 1
    assert result.out.startswith("SIMULATED: ")


def test_a_machine_gets_a_line_for_each_contact_and_one_for_the_whole(gaitlab, file):
    result = gaitlab("replay", file, "--speed", "0", "--json")
    lines = [json.loads(line) for line in result.out.splitlines()]
    assert [line["type"] for line in lines[-2:]] == ["contact", "summary"]
    assert {line["schema_version"] for line in lines} == {1}
    feet = {row["who"]: row["n_contacts"] for row in lines[-1]["feet"]}
    assert feet["both"] == feet["left"] + feet["right"] == len(lines) - 1
    assert {line["foot"] for line in lines[:-1]} == {"left", "right"}


def test_ctrl_c_ends_a_replay_with_its_own_status(gaitlab, file, monkeypatch):
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gaitlab.cli.replay.wait_until", interrupted)
    result = gaitlab("replay", file)
    assert result.status == 130
    assert result.err.strip() == "interrupted"


@pytest.mark.parametrize("speed", ["fast", "-1", "nan", "inf"])
def test_a_speed_that_is_none_is_refused(gaitlab, file, speed):
    result = gaitlab("replay", file, f"--speed={speed}")
    assert result.status == 2
    assert "--speed" in result.err


def test_a_replay_in_real_time_waits_for_every_batch(gaitlab, file, monkeypatch):
    waited = []
    monkeypatch.setattr("gaitlab.cli.replay.wait_until", waited.append)
    gaitlab("replay", file, "--speed", "2")
    assert waited[-1] - waited[0] == pytest.approx(25 / 2, abs=0.1)


@pytest.fixture(scope="module", params=["distance_race_kick", "heel_striker_easy"])
def stored(bundled, tmp_path_factory, request):
    """A file of 25 s from the middle of a run."""
    made = load(bundled / f"{request.param}.gait.parquet")
    feet = []
    for foot in made.feet:
        part = (foot.time_s >= foot.time_s[0] + 10) & (foot.time_s < foot.time_s[0] + 35)
        feet.append(
            replace(
                foot, time_s=foot.time_s[part], acc_mps2=foot.acc_mps2[part],
                gyr_radps=foot.gyr_radps[part],
            )
        )  # fmt: skip
    path = tmp_path_factory.mktemp("stored") / "part.gait.parquet"
    save(replace(made, feet=tuple(feet), marks=()), path)
    return path


def test_the_lines_of_replay_are_the_rows_of_analyze(gaitlab, stored, tmp_path):
    """Every contact that is a stride old: the same instants within a sample, the same class."""
    lines = gaitlab("replay", stored, "--speed", "max", "--json").out.splitlines()
    live = pd.DataFrame([line for line in map(json.loads, lines) if line["type"] == "contact"])
    assert gaitlab("analyze", stored, "--out", tmp_path).status == 0
    batch = pd.read_parquet(tmp_path / "part.contacts.parquet")
    stride_old = batch.ic_time_s < batch.ic_time_s.max() - 1.0
    assert stride_old.sum() > 40
    live["ic"] = live.ic_time_s
    pairs = pd.merge_asof(
        batch[stride_old].sort_values("ic_time_s"), live.sort_values("ic_time_s"),
        on="ic_time_s", by="foot", tolerance=0.08, direction="nearest", suffixes=("", "_live"),
    )  # fmt: skip
    assert pairs.ic.notna().all()
    sample_s = 1.0 / 200
    ic_off, tc_off = pairs.ic - pairs.ic_time_s, pairs.tc_time_s_live - pairs.tc_time_s
    within = (ic_off.abs() <= sample_s) & ~(tc_off.abs() > sample_s)
    assert within.mean() >= 0.97
    assert (pairs.strike == pairs.strike_live).mean() >= 0.98
    assert len(live[live.ic < batch.ic_time_s.max() - 1.0]) == len(pairs)
