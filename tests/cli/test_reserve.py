"""``gaitlab reserve`` as it is typed."""

import json

import pytest

CALL = ("reserve", "--sex", "m", "--fly", "30=3.20", "--time", "1500=4:00")


def test_the_reserve_names_its_definition_and_whom_the_bands_are_of(gaitlab):
    done = gaitlab(*CALL, "--pace", "4:30")
    assert done.status == 0
    text = " ".join(done.out.split())
    for words in ("19 elite men", "six minutes", "40 ± 0.2 % of top speed", "800 type"):
        assert words in text


def test_json_holds_the_numbers(gaitlab):
    made = json.loads(gaitlab(*CALL, "--time", "400=52", "--json").out)
    assert made["reserve"]["mss_mps"] == pytest.approx(9.375)
    assert made["reserve"]["srr"] == pytest.approx(9.375 / made["reserve"]["mas_mps"])
    assert [row["shorter"] for row in made["ratios"]] == ["400"]


def test_a_recorded_fly_gives_the_top_speed(gaitlab, bundled):
    done = gaitlab("reserve", "--sex", "m", "--recording", bundled / "sprinter_fly.gait.parquet",
                   "--time", "1500=4:00", "--json")  # fmt: skip
    speed = json.loads(done.out)["reserve"]["mss_mps"]
    assert "(SIMULATED)" in done.out
    assert 9.3 < speed < 10.1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sex", "m"), "neither"),
        (("--sex", "m", "--mss", "34", "--time", "1500=4:00"), "nobody's"),
        (("--sex", "m", "--mss", "9"), "no race"),
        ((*CALL[1:], "--mss", "9"), "twice"),
        ((*CALL[1:], "--pace", "1:10"), "no running pace"),
        (("--sex", "m", "--fly", "30=0"), "no flying"),
        (("--sex", "m", "--fly", "30"), "no flying"),
    ],
)
def test_wrong_input_gets_one_clear_sentence(gaitlab, words, said):
    done = gaitlab("reserve", *words)
    assert done.status == 2
    assert said in done.err
    assert "Traceback" not in done.err
