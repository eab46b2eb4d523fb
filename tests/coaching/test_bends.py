"""Bends of a track: where they were put, they are told; where none were, none are."""

import re
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.race.bends import GRID_M, bends_of, heading, told, turning_per_m
from gaitlab.coaching.race.course import course_of
from gaitlab.pipeline import analyze
from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand, walk
from gaitlab.simulate.programme import bends_m

PODS = (Pod("left", 104.0, 32.0), Pod("right", 104.0, 32.0))
PHASES = (
    stand(4.0), run(6.0, distance_m=620.0, change_mps2=2.0, label="start"),
    walk(6.0, label="finish"),
)  # fmt: skip


def turned(at_m, *, radius_m=36.8, bias=0.0, noise=0.0, track_m=400.0):
    """Heading along a track, with a bias per metre and a foot that lands a little differently."""
    spans = bends_m(track_m, at_m[-1])
    inside = np.clip(at_m[:, None] - spans[:, 0], 0.0, spans[:, 1] - spans[:, 0]).sum(axis=1)
    shaking = noise * np.random.default_rng(2).standard_normal(len(at_m))
    return inside / radius_m + bias * at_m + shaking


AT_M = np.arange(GRID_M, 1600.0, GRID_M)


@pytest.mark.parametrize("bias", [-0.02, 0.0, 0.03])
def test_bends_are_told_whatever_the_bias_of_the_gyroscope(bias):
    """0.03 rad/m at 6 m/s are 10 degrees a second: more than the bend itself."""
    turn = turning_per_m(AT_M, turned(AT_M, bias=bias, noise=0.03), 400.0)
    found = told(AT_M, turn, 400.0)
    assert not found.reason
    np.testing.assert_allclose(found.spans_m, bends_m(400.0, 1600.0), atol=7.5)
    assert found.radius_m == pytest.approx(36.8, rel=0.06)
    assert found.share == pytest.approx(0.578, abs=0.04)


def test_places_are_known_to_lie_in_a_bend_or_not():
    found = told(AT_M, turning_per_m(AT_M, turned(AT_M), 400.0), 400.0)
    assert found.inside(np.array([50.0, 150.0, 250.0, 390.0])).tolist() == [True, False] * 2


@pytest.mark.parametrize(
    ("heading_rad", "words"),
    [
        (2.0 * np.pi * AT_M / 400.0, "turned evenly"),
        (turned(AT_M, noise=1.5), "are not|too unsteady"),
        (2.0 * turned(AT_M), "not those of this track"),
        (turned(AT_M) + 1.2 * (AT_M > 550.0) - 1.2 * (AT_M > 760.0), "as long as|not those"),
    ],
    ids=["a circle", "noise", "sharper than any track", "a turn and back"],
)
def test_what_is_no_track_is_not_told_as_one(heading_rad, words):
    found = told(AT_M, turning_per_m(AT_M, heading_rad, 400.0), 400.0)
    assert len(found.spans_m) == 0
    assert np.isnan(found.radius_m)
    assert re.search(words, found.reason)


@pytest.fixture(scope="module")
def lapped():
    return analyze(simulate(DISTANCE, Programme("race", PHASES, 400.0), PODS, seed=4).recording)


def test_the_bends_of_a_simulated_track_are_found_within_eight_metres(lapped):
    course = course_of(lapped, 620.0)
    found = bends_of(lapped, course, 400.0)
    assert not found.reason
    expected = np.clip(bends_m(400.0, 620.0), 0.0, 620.0)[: len(found.spans_m)]
    np.testing.assert_allclose(found.spans_m[:3], expected[:3], atol=8.0)


def test_one_foot_is_enough_and_none_is_told(lapped):
    course = course_of(lapped, 620.0)
    one = replace(lapped, signals=lapped.signals[:1])
    assert len(bends_of(one, course, 400.0).spans_m) >= 3
    assert "no foot" in bends_of(replace(lapped, signals=()), course, 400.0).reason


def test_less_than_a_lap_cannot_be_told(lapped):
    assert "less than one lap" in bends_of(lapped, course_of(lapped, 620.0), 1000.0).reason


def test_a_foot_with_many_holes_is_not_followed(lapped):
    signal = lapped.signals[0]
    gyr = np.array(signal.gyr_radps)
    gyr[np.arange(len(gyr)) % 400 < 60] = np.nan
    mine = lapped.contacts.where(lapped.contacts.foot == 0)
    assert heading(replace(signal, gyr_radps=gyr), mine) is None
    assert heading(signal, mine.where(np.arange(2))) is None


def test_straight_on_there_are_no_bends():
    straight = analyze(simulate(DISTANCE, Programme("road", PHASES), PODS, seed=4).recording)
    found = bends_of(straight, course_of(straight, 620.0), 400.0)
    assert found.reason
    assert len(found.spans_m) == 0
