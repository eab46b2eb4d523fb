"""A long foot, found block by block, has the contacts of the whole: each once, and the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitlab.pipeline import analyze
from gaitlab.recordings import load
from gaitlab.strides import blocks

BUNDLED = Path(__file__).resolve().parents[2] / "recordings"


def in_short_blocks(recording, monkeypatch, block_s=20.0):
    monkeypatch.setattr(blocks, "BLOCK_S", block_s)
    return analyze(recording).contacts


def differing(one, other):
    """Fields that differ by more than rounding."""
    assert len(one) == len(other)
    return [
        name
        for name in one.__dataclass_fields__
        if not np.allclose(
            getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-9, equal_nan=True
        )
    ]


@pytest.mark.parametrize("name", ["distance_easy", "heel_striker_easy"])
def test_blocks_of_twenty_seconds_give_the_contacts_of_the_whole(name, monkeypatch):
    recording = load(BUNDLED / f"{name}.gait.parquet")
    whole = analyze(recording).contacts
    assert differing(whole, in_short_blocks(recording, monkeypatch)) == []


def test_a_seam_without_its_overlap_would_be_noticed(monkeypatch):
    recording = load(BUNDLED / "distance_easy.gait.parquet")
    whole = analyze(recording).contacts
    monkeypatch.setattr(blocks, "LEAD_S", 0.0)
    monkeypatch.setattr(blocks, "LAG_S", 0.0)
    parted = in_short_blocks(recording, monkeypatch)
    assert len(parted) != len(whole) or differing(whole, parted)


def test_a_gyroscope_that_falls_silent_for_a_whole_block_parts_nothing(monkeypatch):
    recording = load(BUNDLED / "distance_easy.gait.parquet")
    left = recording.feet[0]
    gyr = np.array(left.gyr_radps)
    gyr[len(gyr) // 4 :] = np.nan
    recording = replace(recording, feet=(replace(left, gyr_radps=gyr),))
    whole = analyze(recording).contacts
    assert differing(whole, in_short_blocks(recording, monkeypatch, 10.0)) == []
