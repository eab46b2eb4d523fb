"""The recordings that come with gaitlab: small, labelled, and made by the script beside them."""

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest

from gaitlab.recordings import load

NAMES = ("distance_easy", "distance_race_kick", "sprinter_fly", "heel_striker_easy")


@pytest.fixture(scope="module")
def script(bundled):
    spec = importlib.util.spec_from_file_location("make_recordings", bundled / "make.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.parametrize("name", NAMES)
def test_bundled_recordings_are_small_labelled_and_begin_with_a_stand(bundled, name):
    path = bundled / f"{name}.gait.parquet"
    assert path.stat().st_size < 2_000_000
    recording = load(path)
    assert recording.simulated
    assert "SIMULATED" in recording.source
    for stream in recording.feet:
        first = stream.acc_mps2[stream.time_s < 3.0]
        assert first.std(axis=0).max() < 0.2


def test_the_readme_labels_every_file_as_simulated(bundled, script):
    lines = (bundled / "README.md").read_text(encoding="utf-8").splitlines()
    for name in NAMES:
        row = next(line for line in lines if f"`{name}`" in line)
        assert "SIMULATED" in row
    assert {item.name for item in script.BUNDLED} == set(NAMES)


def test_the_truth_file_is_the_truth_of_that_recording(bundled, script):
    item = next(item for item in script.BUNDLED if item.name == "sprinter_fly")
    recording, truth = script.make(item)
    stored = load(bundled / "sprinter_fly.gait.parquet")
    for made, kept in zip(recording.feet, stored.feet, strict=True):
        np.testing.assert_allclose(made.time_s, kept.time_s, atol=1e-9)
        np.testing.assert_allclose(made.acc_mps2, kept.acc_mps2, atol=2.1 * made.acc_lsb_mps2)
    kept_truth = pd.read_parquet(bundled / "sprinter_fly.truth.parquet")
    np.testing.assert_allclose(kept_truth.ic_time_s, truth.ic_time_s, atol=1e-9)
    assert list(kept_truth.columns) == list(truth.columns)


def test_the_race_has_a_kick_and_the_sprint_a_flying_zone(bundled):
    race = pd.read_parquet(bundled / "distance_race_kick.truth.parquet")
    running = race[race.activity == "run"]
    total_m = running.distance_m.max()
    before = running[running.distance_m.between(100.0, total_m - 320.0)].speed_mps.median()
    kick = running[running.distance_m.between(total_m - 150.0, total_m - 10.0)].speed_mps.median()
    assert kick > 1.1 * before
    labels = {mark.label for mark in load(bundled / "sprinter_fly.gait.parquet").marks}
    assert {"flying 30", "0 m", "30 m"} <= labels
