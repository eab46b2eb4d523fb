"""``gaitlab potential`` as it is typed."""

import json
import re

import pytest

GOOD = ("potential", "--sex", "m", "--time", "400=50.0", "--time", "5000=15:30")


def test_the_chance_stands_beside_its_base_rate_group_and_n(gaitlab):
    done = gaitlab(*GOOD, "--goal", "1500=4:00")
    assert done.status == 0
    first = done.out.splitlines()[0]
    assert "89 %" in first
    assert "base rate" in first
    assert "247 men" in first
    assert "uk_club" in first


def test_json_has_the_promised_keys(gaitlab):
    made = json.loads(gaitlab(*GOOD, "--goal", "1500=4:00", "--group", "uk_club", "--json").out)
    assert made["group"] == "uk_club"
    assert made["n"] == 247
    assert round(made["probability"], 2) == 0.89
    assert 0 < made["base_rate"] < 1
    assert round(made["median_s"], 1) == 231.6
    assert [round(t, 1) for t in made["interval80_s"]] == [223.3, 240.3]
    assert isinstance(made["note"], str)


def chances_without_base(node):
    """Every object that states a chance but not its group, n and base rate."""
    if isinstance(node, dict):
        if node.get("probability") is not None and not (
            node.get("base_rate") is not None and node.get("n") and node.get("group")
        ):
            yield node
        for value in node.values():
            yield from chances_without_base(value)
    elif isinstance(node, list):
        for value in node:
            yield from chances_without_base(value)


@pytest.mark.parametrize(
    "words",
    [
        ("m", "400=50.0", "1500=4:00"), ("m", "400=50.0", "800=1:56"),
        ("f", "5000=17:00", "3000=9:50"), ("f", "5000=17:00", "marathon=2h50:00"),
        ("m", "200=22.0", "5000=15:00"),
        ("m", "mile=4:30", "5000=16:00"), ("m", "5000=30:00", "1500=4:00"),
    ],
)  # fmt: skip
def test_no_output_states_a_chance_without_group_n_and_base_rate(gaitlab, words):
    sex, time, goal = words
    call = ("potential", "--sex", sex, "--time", time, "--goal", goal)
    made = json.loads(gaitlab(*call, "--json").out)
    assert not list(chances_without_base(made))
    text = " ".join(gaitlab(*call).out.split())
    said = re.findall(r"or faster: (.{0,60})", text)
    assert all("base rate" in words for words in said)
    assert said or "no comparable" in text


WRONG = [
    (("--time", "100=11.0", "--goal", "1500=4:00"), "unknown event"),
    (("--time", "1500=3:20", "--goal", "800=1:50"), "world record"),
    (("--time", "400=61", "--time", "800=2:00", "--goal", "1500=4:00"), "slower than"),
    (("--sex", "f", "--time", "400=60", "--goal", "800=2:10"), "mixed"),
    (("--time", "5000=15.30", "--goal", "1500=4:00"), "world record"),
    (("--time", "400=50:00", "--goal", "800=1:56"), "too slow"),
    (("--time", "400", "--goal", "800=1:56"), "no time"),
    (("--time", "400=fast", "--goal", "800=1:56"), "not a time"),
    (("--time", "400=50", "--goal", "1500=3.50"), "world record"),
    (("--goal", "1500=4:00"), "no best time"),
    (("--time", "400=50", "-o", "ladder.html"), "needs a goal"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_wrong_input_gets_one_clear_sentence(gaitlab, words, said):
    done = gaitlab("potential", "--sex", "m", *words)
    assert done.status == 2
    assert said in done.err.splitlines()[0]
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) <= 3


def test_without_a_goal_every_event_is_answered(gaitlab):
    done = gaitlab(*GOOD)
    assert done.status == 0
    assert "3:51.6" in done.out
    made = json.loads(gaitlab(*GOOD, "--json").out)
    assert [one["event"] for one in made["events"]][:3] == ["800", "1500", "mile"]


def test_the_sex_must_be_told(gaitlab):
    assert gaitlab("potential", "--time", "400=50", "--goal", "800").status == 2
