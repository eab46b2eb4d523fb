"""``gaitlab demo``: the live table, and the way from bundled recordings to pages."""

import io

import pytest

from gaitlab.cli.demo import COMPARED
from gaitlab.cli.examples import EXAMPLES, example_path
from gaitlab.cli.live import show
from gaitlab.model.errors import InputError


def test_a_replay_takes_no_longer_than_it_may(make_analysis, monkeypatch):
    from rich.console import Console

    slept_s = []
    monkeypatch.setattr("gaitlab.cli.live.time.sleep", slept_s.append)
    screen = io.StringIO()
    show(make_analysis(), Console(file=screen, force_terminal=True, width=120), 0.001, 2.0)
    assert 1.8 <= sum(slept_s) <= 2.2
    assert "rearfoot" in screen.getvalue()
    assert "SIMULATED" in screen.getvalue()


def test_a_recording_without_contacts_is_not_replayed(make_analysis):
    from rich.console import Console

    screen = io.StringIO()
    show(make_analysis(0), Console(file=screen, force_terminal=True), 20.0, 2.0)
    assert screen.getvalue() == ""


def test_a_missing_bundled_recording_is_named(tmp_path):
    with pytest.raises(InputError, match="distance_easy"):
        example_path("distance_easy", (tmp_path,))


def test_both_kinds_of_file_are_found(tmp_path):
    (tmp_path / "a.gait.parquet").touch()
    (tmp_path / "b.csv").touch()
    assert example_path("a", (tmp_path / "none", tmp_path)).name == "a.gait.parquet"
    assert example_path("b", (tmp_path,)).name == "b.csv"


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_bundled_recording_is_there_and_says_that_it_is_simulated(name):
    from gaitlab import load

    assert load(example_path(name)).simulated


def test_the_demo_ends_with_pages_and_three_commands_to_try(gaitlab, tmp_path):
    folder = tmp_path / "shown"
    result = gaitlab("demo", "--out", folder)
    assert result.status == 0, result.err
    assert "SIMULATED" in result.out
    for name in ("comparison", *COMPARED):
        page = folder / f"{name}.html"
        assert str(page) in result.out
        assert "SIMULATED" in page.read_text(encoding="utf-8").upper()
    assert (folder / "sprinter_fly.contacts.csv").exists()
    _, _, tries = result.out.partition("Try next:")
    assert [line.split()[1] for line in tries.strip().splitlines()] == [
        "analyze",
        "report",
        "compare",
    ]
    assert result.err == ""
    from gaitlab import load

    assert load(tries.split()[2]).simulated
