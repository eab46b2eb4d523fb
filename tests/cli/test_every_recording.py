"""Every recording at hand is measured or refused with a reason; walking is never running."""

import json

import pandas as pd
import pytest

NOT_RECORDINGS = (".ref.parquet", ".insole.parquet", ".fp.parquet", ".truth.parquet")
FOLDERS = (
    "real/adeptdata-outdoor-run",
    "real/fuzzylabs-shoe-pod",
    "real/gaitmap-walk",
    "real/grouvel2023-lowrate",
    "real/pyshoe-vicon",
    "real/xsensdot-foot-60hz",
    "sim-dev",
)


def recordings_in(folder):
    return [
        path for path in sorted(folder.glob("*.parquet")) if not path.name.endswith(NOT_RECORDINGS)
    ]


@pytest.mark.parametrize("name", FOLDERS)
def test_every_recording_gives_tables_or_a_reason(gaitlab, shared_data, tmp_path, name):
    paths = recordings_in(shared_data / name)
    assert paths
    result = gaitlab("analyze", *paths, "--out", tmp_path, "--json")
    answer = json.loads(result.out)
    assert len(answer["recordings"]) + len(answer["failed"]) == len(paths)
    assert "gaitlab itself failed" not in result.err
    for item in answer["recordings"]:
        assert len(item["files"]) == 3
    for item in answer["failed"]:
        assert item["exit_status"] in (1, 3)
        assert item["what"]
        assert item["why"]
        assert item["todo"]
    assert {path.name.split(".")[0] for path in tmp_path.iterdir()} == {
        item["summary"]["recording"]["name"] for item in answer["recordings"]
    }


@pytest.mark.parametrize("name", ["real/gaitmap-walk", "real/pyshoe-vicon"])
def test_walking_is_not_running(gaitlab, shared_data, tmp_path, name):
    paths = [path for path in recordings_in(shared_data / name) if "walk" in path.name]
    assert gaitlab("analyze", *paths, "--out", tmp_path).status == 0
    tables = [pd.read_parquet(path) for path in sorted(tmp_path.glob("*.contacts.parquet"))]
    assert len(tables) == len(paths)
    for table in tables:
        assert set(table["activity"]) == {"walk"}
        assert len(table) > 10


def test_a_recording_that_is_too_slow_is_refused(gaitlab, shared_data, tmp_path):
    paths = recordings_in(shared_data / "real" / "grouvel2023-lowrate")
    result = gaitlab("analyze", *paths, "--out", tmp_path / "out")
    assert result.status == 3
    assert f"{len(paths)} of {len(paths)} recordings could not be used" in result.err
    assert not (tmp_path / "out").exists()
