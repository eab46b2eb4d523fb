"""Pods on the wrong feet: told by how a foot rolls after it landed, whoever runs and with what."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.metrics.cautions import cautions_for
from gaitlab.model.units import RAD_PER_DEG
from gaitlab.pipeline import analyze
from gaitlab.simulate import (
    DISTANCE,
    SPRINTER,
    Pod,
    Programme,
    run,
    simulate,
    sprint,
    stand,
    striking,
    walk,
)

OTHER = {"left": "right", "right": "left"}
RUNS = {
    "heel, 104 Hz": ("rearfoot", {"rate_hz": 104.0}, (stand(4.0), run(2.8, duration_s=15.0))),
    "forefoot, 8 g, on the heel": (
        "forefoot", {"acc_range_g": 8.0, "placement": "heel"}, (run(4.2, duration_s=15.0),),
    ),
    "midfoot, 500 deg/s, outside": (
        "midfoot", {"gyr_range_dps": 500.0, "placement": "lateral"},
        (stand(4.0), run(3.4, duration_s=15.0)),
    ),
    "walk": ("rearfoot", {}, (stand(4.0), walk(20.0, 1.4), stand(3.0))),
    "sprint": ("forefoot", {}, (stand(4.0), sprint(9.0, 1.2, 60.0), run(3.0, duration_s=4.0))),
}  # fmt: skip


@pytest.fixture(scope="module")
def jogged():
    programme = Programme("jog", (stand(3.0), run(3.0, duration_s=10.0)))
    recording = simulate(DISTANCE, programme, (Pod("left"), Pod("right")), seed=3).recording
    return recording, analyze(recording)


def suspected(recording):
    return [text for text in analyze(recording).warnings if "other feet" in text]


@pytest.mark.parametrize("name", sorted(RUNS))
def test_swapped_pods_are_noticed_and_right_ones_are_not_suspected(name):
    strike, pod, phases = RUNS[name]
    pods = tuple(Pod(foot, **pod) for foot in ("left", "right"))
    runner = striking(SPRINTER if name == "sprint" else DISTANCE, strike)
    made = simulate(runner, Programme(name, phases), pods, seed=33).recording
    feet = tuple(replace(stream, foot=OTHER[stream.foot]) for stream in made.feet)
    assert suspected(made) == []
    assert len(suspected(replace(made, feet=feet))) == 1


@pytest.mark.parametrize(
    ("rolls_deg", "yaws_deg", "expected"),
    [
        ((8.0, -8.0), (6.0, -6.0), ""),  # toes in, but rolls as it should
        ((-8.0, 8.0), (-6.0, 6.0), "probably"),
        ((1.0, 0.0), (6.0, -6.0), "may be"),
        ((np.nan, np.nan), (6.0, -6.0), "may be"),
        ((np.nan, np.nan), (np.nan, np.nan), ""),
    ],
)
def test_the_roll_decides_and_where_it_tells_nothing_the_toes(
    jogged, rolls_deg, yaws_deg, expected
):
    recording, found = jogged
    feet = tuple(
        replace(foot, landing_roll_rad=roll * RAD_PER_DEG, travel_yaw_rad=yaw * RAD_PER_DEG)
        for foot, roll, yaw in zip(found.feet, rolls_deg, yaws_deg, strict=True)
    )
    told = cautions_for(recording, found.contacts, feet)
    said = [text for text in told if "other feet" in text]
    assert len(said) == bool(expected)
    assert all(expected in text for text in said)
