"""A replay is the live analysis of what was recorded, and agrees with that of the whole."""

import json
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.capture.replay import missing_samples, replay
from gaitlab.live import LiveAnalyzer
from gaitlab.model.recording import FootStream
from gaitlab.pipeline import analyze
from gaitlab.recordings import load


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


def test_without_a_terminal_only_the_last_line_is_printed(gaitlab, bundled):
    result = gaitlab("replay", bundled / "sprinter_fly.gait.parquet", "--speed", "max")
    assert result.status == 0
    assert result.err == ""
    assert result.out.count("\n") == 1
    assert result.out.startswith("SIMULATED: ")


def test_a_machine_gets_a_line_for_each_contact_and_one_for_the_whole(gaitlab, bundled):
    result = gaitlab("replay", bundled / "sprinter_fly.gait.parquet", "--speed", "0", "--json")
    lines = [json.loads(line) for line in result.out.splitlines()]
    assert [line["type"] for line in lines[-2:]] == ["contact", "summary"]
    assert {line["schema_version"] for line in lines} == {1}
    feet = {row["who"]: row["n_contacts"] for row in lines[-1]["feet"]}
    assert feet["both"] == feet["left"] + feet["right"] == len(lines) - 1
    assert {line["foot"] for line in lines[:-1]} == {"left", "right"}


def test_ctrl_c_ends_a_replay_with_its_own_status(gaitlab, bundled, monkeypatch):
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gaitlab.cli.replay.wait_until", interrupted)
    result = gaitlab("replay", bundled / "sprinter_fly.gait.parquet")
    assert result.status == 130
    assert result.err.strip() == "interrupted"


@pytest.mark.parametrize("speed", ["fast", "-1", "nan", "inf"])
def test_a_speed_that_is_none_is_refused(gaitlab, bundled, speed):
    result = gaitlab("replay", bundled / "sprinter_fly.gait.parquet", f"--speed={speed}")
    assert result.status == 2
    assert "--speed" in result.err


def test_a_replay_in_real_time_waits_for_every_batch(gaitlab, bundled, monkeypatch):
    waited = []
    monkeypatch.setattr("gaitlab.cli.replay.wait_until", waited.append)
    gaitlab("replay", bundled / "sprinter_fly.gait.parquet", "--speed", "2")
    assert waited[-1] - waited[0] == pytest.approx(60.8 / 2, abs=0.1)
