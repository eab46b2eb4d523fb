"""``gaitlab drill plyo`` on simulated pogo hops."""

import json

import pytest


@pytest.fixture(scope="module")
def pogos(tmp_path_factory):
    from gaitlab.cli.app import run

    path = tmp_path_factory.mktemp("hops") / "pogos.gait.parquet"
    assert run(["simulate", "pogo", "-o", str(path)]) == 0
    return path


def test_json_has_the_promised_keys(gaitlab, pogos):
    result = gaitlab("drill", "plyo", pogos, "--json")
    sets = json.loads(result.out)["sets"]
    assert sets
    for one in sets:
        assert one["kind"] == "hops, two feet"
        assert one["n"] >= 3
        for key in ("start_s", "stop_s", "contact_time_s", "flight_time_s", "height_m", "rsi"):
            assert isinstance(one[key], float)
        assert one["hop_length_m"] is None


def test_the_table_names_both_strength_indices(gaitlab, pogos):
    result = gaitlab("drill", "plyo", pogos)
    assert "height/tc" in result.out
    assert "tf/tc" in result.out
    assert "SIMULATED" in result.out


def test_a_run_without_hops_is_told(gaitlab, bundled):
    result = gaitlab("drill", "plyo", bundled / "distance_easy.gait.parquet")
    assert result.status == 1
    assert "no hops or bounds" in result.err
