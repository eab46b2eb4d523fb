"""``gaitlab samples``: the list, and fetching from a folder instead of the network."""

import json
from pathlib import Path

from gaitlab.recordings.samples import list_samples


def test_the_list_names_every_sample_with_its_licence(gaitlab):
    out = gaitlab("samples").out
    for sample in list_samples():
        assert sample.name in out
        assert sample.licence in out


def test_the_list_as_json_says_where_each_comes_from(gaitlab):
    answer = json.loads(gaitlab("samples", "--json").out)
    assert (answer["schema"], answer["schema_version"]) == ("gaitlab.samples", 1)
    assert [item["name"] for item in answer["samples"]] == [item.name for item in list_samples()]
    assert all({"url", "licence", "sha256"} <= set(item) for item in answer["samples"])


def test_samples_are_fetched_from_a_folder(gaitlab, shared_data):
    mirror = shared_data / "real" / "vendor-formats"
    result = gaitlab("samples", "--all", "--mirror", mirror)
    assert result.status == 0, result.err
    paths = [Path(line) for line in result.out.splitlines()]
    assert len(paths) == len(list_samples())
    assert all(path.is_file() for path in paths)


def test_a_folder_without_the_file_is_an_input_error(gaitlab, tmp_path):
    result = gaitlab("samples", list_samples()[0].name, "--mirror", tmp_path)
    assert result.status == 3
    assert str(tmp_path) in result.err


def test_an_unknown_sample_is_a_usage_error(gaitlab, tmp_path):
    assert gaitlab("samples", "nonsense", "--mirror", tmp_path).status == 2


def test_a_mirror_without_a_name_is_a_usage_error(gaitlab, tmp_path):
    assert gaitlab("samples", "--mirror", tmp_path).status == 2
