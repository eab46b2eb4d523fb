"""The offset that was put between two feet is told, and taken out of a copy only."""

import json

import numpy as np

from gaitlab.model.recording import FootStream, Recording
from gaitlab.recordings import load, save


def standing(foot, clock_s, seed, stamps_s=(5.0, 5.55, 6.3)):
    """A standing foot that feels knocks."""
    rng = np.random.default_rng(seed)
    true_s = np.arange(0.0, 14.0, 0.005)
    norm = np.full(len(true_s), 9.81)
    for stamp_s in stamps_s:
        after = np.maximum(true_s - stamp_s, 0.0)
        norm += 120.0 * np.exp(-after / 0.02) * np.sin(2 * np.pi * 28.0 * after)
    acc = norm[:, None] * [0.6, 0.0, 0.8] + rng.normal(0, 0.3, (len(norm), 3))
    return FootStream(foot, true_s + clock_s, acc, np.zeros_like(acc), 160.0, 35.0, 200.0)


def stored(path, right_s=0.012, **options):
    feet = (standing("left", 0.0, 1, **options), standing("right", right_s, 2, **options))
    save(Recording("run", feet), path)
    return path


def test_the_offset_is_told_and_nothing_is_changed(gaitlab, tmp_path):
    path = stored(tmp_path / "run.gait.parquet")
    before = path.read_bytes()
    result = gaitlab("sync", path, "--knocked", "--json")
    assert result.status == 0, result.err
    told = json.loads(result.out)
    assert abs(told["offset_s"] - 0.012) < 3 * told["sd_s"] < 0.02
    assert told["n_stamps"] == 3
    assert path.read_bytes() == before
    assert "nothing was changed" in gaitlab("sync", path).out


def test_a_copy_is_put_right_and_never_overwrites(gaitlab, tmp_path):
    path, copy = stored(tmp_path / "run.gait.parquet"), tmp_path / "copy.gait.parquet"
    assert gaitlab("sync", path, "--knocked", "-o", copy).status == 0
    again = json.loads(gaitlab("sync", copy, "--knocked", "--json").out)
    assert abs(again["offset_s"]) < 0.001
    assert any("was moved" in note for note in load(copy).notes)
    assert gaitlab("sync", path, "-o", copy).status == 2


def test_without_stamps_it_is_refused_with_what_to_do(gaitlab, tmp_path):
    result = gaitlab("sync", stored(tmp_path / "run.gait.parquet", stamps_s=()))
    assert result.status == 1
    assert "hop three times" in result.err
