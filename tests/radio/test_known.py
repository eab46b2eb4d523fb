"""Pods are remembered by their serial number, whatever becomes of the file."""

import json

import pytest

from gaitlab.model.errors import OutputError
from gaitlab.pod.known import FILE_NAME, KnownPod, forget, known_file, known_pods, remember

LEFT = KnownPod("A1", "left", "polar", "Polar Sense", "E0:00")
RIGHT = KnownPod("B2", "right")


def test_what_is_remembered_is_known_again_and_can_be_forgotten(tmp_path):
    assert known_pods(tmp_path / "new") == {}
    remember(LEFT, tmp_path / "new")
    remember(RIGHT, tmp_path / "new")
    assert known_pods(tmp_path / "new") == {"A1": LEFT, "B2": RIGHT}
    assert forget("A1", tmp_path / "new")
    assert not forget("A1", tmp_path / "new")
    assert known_pods(tmp_path / "new") == {"B2": RIGHT}


def test_a_pod_that_changes_feet_is_on_the_new_one_only(tmp_path):
    remember(LEFT, tmp_path)
    remember(KnownPod("A1", "right"), tmp_path)
    assert known_pods(tmp_path)["A1"].foot == "right"


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"pods": 3}', '{"pods": [1, {}, {"serial": "x", "foot": "third"}]}'],
)
def test_a_damaged_file_costs_what_it_held_and_nothing_else(tmp_path, content):
    (tmp_path / FILE_NAME).write_text(content)
    assert known_pods(tmp_path) == {}
    remember(LEFT, tmp_path)
    assert known_pods(tmp_path) == {"A1": LEFT}


def test_bytes_that_are_no_text_are_a_damaged_file(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe\x00\x80")
    assert known_pods(tmp_path) == {}


def test_one_damaged_row_does_not_cost_the_others(tmp_path):
    remember(LEFT, tmp_path)
    file = tmp_path / FILE_NAME
    content = json.loads(file.read_text())
    content["pods"].insert(0, {"serial": 7, "foot": "left"})
    file.write_text(json.dumps(content))
    assert known_pods(tmp_path) == {"A1": LEFT}


def test_nothing_half_written_stays_behind(tmp_path):
    remember(LEFT, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_a_folder_that_cannot_be_written_is_an_error_that_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot remember"):
        remember(LEFT, tmp_path / "file")


def test_lives_in_the_users_own_configuration(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert known_file().name == FILE_NAME
    assert "gaitlab" in str(known_file())
