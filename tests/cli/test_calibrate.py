"""A personal length factor, from the command line."""

import json

import pytest

from gaitlab.cli.app import run


@pytest.fixture
def race(bundled):
    return str(bundled / "distance_race_kick.gait.parquet")


def test_a_known_distance_gives_a_factor_that_analyze_takes(race, capsys):
    options = ["--distance", "400", "--from", "30", "--to", "94.5", "--json"]
    assert run(["calibrate", race, *options]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["schema"] == "gaitlab.calibrate"
    assert made["factor"] == pytest.approx(400 / made["measured_m"][0])
    assert run(["analyze", race, "--length-scale", str(made["factor"]), "--json"]) == 0
    scaled = json.loads(capsys.readouterr().out)
    assert run(["analyze", race, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)

    assert json.dumps(scaled) != json.dumps(plain)


def test_half_a_distance_is_a_usage_error(race, capsys):
    assert run(["calibrate", race, "--distance", "400"]) == 2
    assert "belong together" in capsys.readouterr().err


def test_a_distance_that_cannot_be_is_refused(race, capsys):
    assert run(["calibrate", race, "--distance", "900", "--from", "30", "--to", "94.5"]) == 1
    assert "does not fit" in capsys.readouterr().err
