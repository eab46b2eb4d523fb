import json

import pandas as pd
import pytest

from gaitlab.cli.app import run
from gaitlab.recordings import load


@pytest.fixture
def gaitlab(capsys):
    def call(*arguments):
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def test_help_ends_with_an_example_and_list_shows_the_presets(gaitlab):
    status, out, _ = gaitlab("simulate", "--help")
    assert status == 0
    assert "gaitlab simulate distance-easy -o" in out.strip().splitlines()[-2]
    status, out, _ = gaitlab("simulate", "--list")
    assert status == 0
    assert "sprinter-fly" in out
    assert "on the spot" in out


def test_a_slope_reaches_the_recording(gaitlab, tmp_path):
    out = tmp_path / "hill.gait.parquet"
    status, _, _ = gaitlab(
        "simulate", "distance-easy", "-o", out, "--duration", 5, "--rate", 52, "--grade", -6
    )
    assert status == 0
    assert load(out).setup.surface == "ground that falls by 6 %"


def test_recording_and_truth_are_written_and_said_in_json(gaitlab, tmp_path):
    out, truth = tmp_path / "easy.gait.parquet", tmp_path / "easy.truth.csv"
    status, text, _ = gaitlab(
        "simulate", "distance-easy", "-o", out, "--truth", truth, "--duration", 6,
        "--rate", 104, "--seed", 3, "--json",
    )  # fmt: skip
    assert status == 0
    facts = json.loads(text)
    assert facts["schema"] == "gaitlab.simulate"
    assert facts["simulated"] is True
    recording = load(out)
    assert recording.simulated
    assert facts["samples"] == sum(stream.n_samples for stream in recording.feet)
    assert facts["contacts"] == len(pd.read_csv(truth))


def test_options_reach_the_pods_and_the_runner(gaitlab, tmp_path):
    out, truth = tmp_path / "one.csv", tmp_path / "one.parquet"
    status, text, _ = gaitlab(
        "simulate", "heel-striker-easy", "-o", out, "--truth", truth, "--plain", "--single-foot",
        "right", "--strike", "forefoot", "--speed", 4, "--duration", 8, "--acc-range", 8,
        "--no-gyroscope", "--placement", "heel", "--random-mounting", "--loss", 0.1,
    )  # fmt: skip
    assert status == 0
    assert "SIMULATED" in text
    recording = load(out)
    assert [stream.foot for stream in recording.feet] == ["right"]
    assert not recording.feet[0].has_gyroscope
    contacts = pd.read_parquet(truth)
    assert (contacts[contacts.activity == "run"].strike == "forefoot").mean() > 0.8
    assert contacts.in_gap.any()


def test_an_unknown_preset_is_a_usage_error_that_names_the_known(gaitlab, tmp_path):
    status, _, err = gaitlab("simulate", "marathon", "-o", tmp_path / "x.gait.parquet")
    assert status == 2
    assert "sprinter-fly" in err
    assert not list(tmp_path.iterdir())


def test_recording_and_truth_may_not_be_one_file(gaitlab, tmp_path):
    same = tmp_path / "x.parquet"
    status, _, err = gaitlab("simulate", "walk-run", "-o", same, "--truth", same, "--duration", 5)
    assert status == 2
    assert "same file" in err


def test_a_folder_that_does_not_exist_is_an_output_error(gaitlab, tmp_path):
    out = tmp_path / "none" / "x.gait.parquet"
    status, _, err = gaitlab("simulate", "walk-run", "-o", out, "--duration", 5)
    assert status == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(("plain", "there"), [((), "ride.parquet"), (("--plain",), "ride.json")])
def test_what_is_there_is_not_overwritten_unasked(gaitlab, tmp_path, plain, there):
    (tmp_path / there).write_text("mine")
    asked = ("simulate", "walk-run", "-o", tmp_path / "ride.parquet", "--duration", 5, *plain)
    status, _, err = gaitlab(*asked)
    assert (status, f"{there} exists already" in err, "--force" in err) == (2, True, True)
    assert [file.name for file in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "mine"
    assert gaitlab(*asked, "--force")[0] == 0
    assert load(tmp_path / "ride.parquet").simulated
