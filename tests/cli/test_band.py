"""``gaitlab band build`` and ``compare --reference``: a squad as the reference, made easy."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from gaitlab.cli import common
from gaitlab.cli.references import spread


@pytest.fixture(autouse=True)
def runners(monkeypatch):
    """Every file is a made-up runner of its name over 5 to 8 m/s."""
    path = Path(__file__).parents[1] / "coaching" / "made_up.py"
    spec = importlib.util.spec_from_file_location("made_up", path)
    made_up = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made_up)

    def analyze_file(path, *_):
        return made_up.runner(path.stem, np.linspace(5, 8, 200), seed=len(path.stem))

    monkeypatch.setattr(common, "analyze_file", analyze_file)


def test_the_words_that_a_shell_makes_of_a_pattern_all_belong_to_the_reference():
    words = spread(["race.parquet", "--reference", "s/1.parquet", "s/2.parquet", "--json"])
    assert words == ["race.parquet", "--reference", "s/1.parquet", "--reference", "s/2.parquet",
                     "--json"]  # fmt: skip


def test_a_band_is_built_saved_and_used(gaitlab, tmp_path):
    file, page = tmp_path / "squad.band.json", tmp_path / "x.html"
    built = gaitlab("band", "build", "squad", "mon.parquet", "tue.parquet", "-o", file)
    assert (built.status, built.out.strip()) == (0, str(file))
    assert "contact time" in built.err
    result = gaitlab("compare", "wed.parquet", "--reference", file, "-o", page, "--json")
    answer = json.loads(result.out)
    own = [ref for row in answer["rows"] for ref in row["reference"] if ref["evidence"] == "own"]
    assert {ref["level"] for ref in own} == {"squad"}
    assert {ref["n"] for ref in own} == {2}
    assert all(len(row["places"]) == len(row["values"]) == 1 for row in answer["rows"])
    assert "squad" in page.read_text(encoding="utf-8")


def test_recordings_are_a_reference_without_a_file(gaitlab, tmp_path):
    result = gaitlab("compare", "mon.parquet", "-o", tmp_path / "x.html", "--reference",
                     "tue.parquet", "wed.parquet")  # fmt: skip
    assert result.status == 0


def test_a_reference_alone_is_no_comparison(gaitlab, tmp_path):
    result = gaitlab("compare", "--reference", "mon.parquet", "-o", tmp_path / "x.html")
    assert result.status == 2
    assert not list(tmp_path.iterdir())


def test_a_broken_band_is_named(gaitlab, tmp_path):
    file = tmp_path / "x.band.json"
    file.write_text("{}")
    result = gaitlab("compare", "mon.parquet", "--reference", file, "-o", tmp_path / "x.html")
    assert result.status == 3
    assert "x.band.json is not a band" in result.err


def test_more_runners_than_can_be_told_apart_are_refused(gaitlab, tmp_path):
    names = [f"r{k}.parquet" for k in range(13)]
    result = gaitlab("compare", *names, "-o", tmp_path / "x.html")
    assert result.status == 2
    assert "13 runners" in result.err
