"""``gaitlab plot``: one picture as a file."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("faked")


def test_the_list_of_kinds_says_what_each_shows(gaitlab):
    result = gaitlab("plot", "--list")
    assert result.status == 0
    assert "strike-clock" in result.out
    assert all(len(line.split(maxsplit=1)) == 2 for line in result.out.strip().splitlines())


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_plot_is_written_where_it_was_asked_for(gaitlab, tmp_path, form):
    file = tmp_path / f"clock.{form}"
    result = gaitlab("plot", "strike-clock", "mon.parquet", "-o", file)
    assert (result.status, result.out.strip()) == (0, str(file))
    assert file.stat().st_size > 1000


def test_runners_and_parts_stand_side_by_side(gaitlab, tmp_path):
    file = tmp_path / "two.png"
    result = gaitlab("plot", "strike-angle", "mon.parquet", "tue.parquet", "-o", file, "--json")
    answer = json.loads(result.out)
    assert answer["schema"] == "gaitlab.plot"
    assert [runner["label"] for runner in answer["runners"]] == ["Ada (mon)", "Ada (tue)"]
    parts = gaitlab(
        "plot", "left-right", "mon.parquet", "--segment", "0-12=early", "--segment", "0:12-0:20",
        "-o", file, "--json",
    )  # fmt: skip
    assert [one["label"] for one in json.loads(parts.out)["runners"]] == ["early", "12 to 20 s"]


def test_from_and_to_pick_a_part_and_keep_the_name(gaitlab, tmp_path):
    result = gaitlab("plot", "drift", "mon.parquet", "--from", "0:12", "-o", tmp_path / "x.png",
                     "--json")  # fmt: skip
    (runner,) = json.loads(result.out)["runners"]
    assert runner["label"] == "Ada, from 0:12"
    whole = json.loads(gaitlab("plot", "drift", "mon.parquet", "-o", tmp_path / "x.png",
                               "--json").out)["runners"][0]  # fmt: skip
    assert 0 < runner["n"] < whole["n"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("strike-clok", "mon.parquet"),
        ("drift", "mon.parquet", "--metric", "weight"),
        ("drift", "mon.parquet", "-o", "x.gif"),
        ("drift", "mon.parquet", "--from", "noon"),
        ("drift", "mon.parquet", "--from", "9", "--to", "3"),
        ("drift", "mon.parquet", "--from", "9", "--segment", "1-3"),
        ("drift", "mon.parquet", "tue.parquet", "--segment", "1-3"),
        ("drift", *(f"{k}.parquet" for k in range(13))),
    ],
)
def test_what_cannot_be_drawn_is_a_usage_error_in_three_lines(
    gaitlab, tmp_path, monkeypatch, arguments
):
    monkeypatch.chdir(tmp_path)
    result = gaitlab("plot", *arguments)
    assert result.status == 2
    assert len(result.err.strip().splitlines()) == 3
    assert not list(tmp_path.iterdir())


def test_a_plot_never_overwrites_its_recording(gaitlab, tmp_path):
    recording = tmp_path / "mon.parquet"
    recording.write_text("precious")
    assert gaitlab("plot", "drift", recording, "-o", recording).status == 2
    assert recording.read_text() == "precious"
