"""recover, decode and doctor: what they make, say and refuse."""

import json

import numpy as np
import pytest
from made_journal import record

from gaitlab.cli.examples import example_path
from gaitlab.recordings import load
from gaitlab.recordings.frames import pieces


@pytest.fixture
def folder(tmp_path):
    return record(tmp_path / "run.gait.journal", close=False)


def damage(folder):
    """Flip a bit in the second batch."""
    file = folder / "segment-0001.arrow"
    content = bytearray(file.read_bytes())
    batch = [piece for piece in pieces(bytes(content)) if piece.kind == "message"][2]
    content[batch.stop - 20] ^= 16
    file.write_bytes(content)


def test_recover_makes_the_recording_beside_the_journal(gaitlab, folder, tmp_path):
    result = gaitlab("recover", folder)
    assert result.status == 0
    assert "no damage" in result.err
    assert load(tmp_path / "run.gait.parquet").athlete.name == "Ada"


def test_recover_says_which_seconds_are_lost(gaitlab, folder):
    damage(folder)
    said = json.loads(gaitlab("recover", folder, "--json").out)
    (lost,) = said["lost_s"]
    assert 0.4 < lost[1] - lost[0] < 0.7
    assert said["schema"] == "gaitlab.recover"
    assert not said["closed"]


def test_a_torn_recording_is_made_again_from_the_journal_beside_it(gaitlab, folder, tmp_path):
    torn = tmp_path / "run.gait.parquet"
    gaitlab("recover", folder)
    whole = load(torn)
    torn.write_bytes(torn.read_bytes()[:-100])
    assert gaitlab("recover", torn, "-o", torn).status == 0
    assert np.array_equal(load(torn).feet[0].acc_mps2, whole.feet[0].acc_mps2)


def test_a_torn_recording_without_a_journal_is_refused(gaitlab, tmp_path):
    torn = tmp_path / "run.gait.parquet"
    torn.write_bytes(b"PAR1 and no more")
    result = gaitlab("recover", torn)
    assert result.status == 3
    assert "no journal run.gait.journal beside it" in result.err


def test_an_existing_recording_is_not_overwritten_unasked(gaitlab, folder, tmp_path):
    (tmp_path / "run.gait.parquet").write_bytes(b"precious")
    assert gaitlab("recover", folder).status == 2
    assert (tmp_path / "run.gait.parquet").read_bytes() == b"precious"


def test_a_whole_recording_needs_no_recovery(gaitlab, tmp_path):
    assert gaitlab("recover", example_path("distance_easy")).status == 2


@pytest.mark.parametrize("command", ["recover", "decode", "doctor"])
def test_what_is_no_journal_is_status_3(gaitlab, tmp_path, command):
    (tmp_path / "empty.gait.journal").mkdir()
    assert gaitlab(command, tmp_path / "empty.gait.journal").status == 3
    assert gaitlab(command, tmp_path / "missing.gait.journal").status == 3


def test_decode_gives_the_same_recording_again(gaitlab, folder, tmp_path):
    for name in ("a", "b"):
        assert gaitlab("decode", folder, "-o", tmp_path / f"{name}.gait.parquet").status == 0
    first, second = (load(tmp_path / f"{name}.gait.parquet") for name in ("a", "b"))
    assert np.array_equal(first.feet[1].gyr_radps, second.feet[1].gyr_radps)


def test_the_doctor_finds_nothing_poor_in_a_good_recording(gaitlab):
    said = json.loads(gaitlab("doctor", example_path("distance_easy"), "--json").out)
    verdicts = {(it["foot"], it["topic"]): it["verdict"] for it in said["findings"]}
    for foot in ("left", "right"):
        for topic in ("rate", "loss", "repeats", "clipping", "mounting"):
            assert verdicts[foot, topic] == "good"
    assert verdicts["recording", "sides"] == "good"


def test_the_doctor_of_a_journal_knows_clocks_connections_and_loss(gaitlab, tmp_path):
    journal = record(tmp_path / "x.gait.journal", cut=(100,), drop=tuple(range(30, 50)))
    said = json.loads(gaitlab("doctor", journal, "--json").out)
    found = {(it["foot"], it["topic"]): it for it in said["findings"]}
    assert found["left", "radio"]["verdict"] == "fair"
    assert found["right", "radio"]["verdict"] == "good"
    assert found["left", "loss"]["verdict"] == "poor"
    assert found["left", "loss"]["says"].startswith("8.00% of the samples missing in 1 place")
    assert found["left", "clock"]["verdict"] == "good"
    assert said["verdict"] == "poor"


def test_the_doctor_speaks_to_people_in_a_table(gaitlab, folder):
    result = gaitlab("doctor", folder)
    assert result.status == 0
    assert "the recorder did not come to its end" in result.out
    assert all(it in result.out for it in ("clipping", "battery", "mounting", "unknown"))
