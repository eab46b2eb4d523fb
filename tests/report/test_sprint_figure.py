"""The speed curve shows the numbers it was given."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.sprint.curve import SprintModel
from gaitlab.coaching.sprint.timed import sprint_from_splits
from gaitlab.report.figures.base import sheet
from gaitlab.report.figures.sprint import draw_sprints
from gaitlab.report.figures.track_steps import TrackSteps, draw_track_steps
from gaitlab.report.pages.sprint import curve_of, sprint_figure

TENS = np.arange(10.0, 61.0, 10.0)


@pytest.fixture
def sprint():
    return sprint_from_splits(TENS, SprintModel(9.5, 1.2).time_s(TENS), name="Ada")


@pytest.fixture
def ax():
    return sheet(5, 4).subplots()


def test_the_curve_the_parts_and_the_times_are_those_of_the_sprint(ax, sprint):
    curve = curve_of(sprint, 0)
    assert draw_sprints(ax, [curve]) is ax
    fitted = next(line for line in ax.lines if line.get_label() == "fitted curve")
    np.testing.assert_allclose(fitted.get_ydata(), curve.speed_mps)
    assert fitted.get_xdata()[-1] == pytest.approx(60.0)
    parts = next(one for one in ax.collections if one.get_label().startswith("mean of"))
    means = [segment[0][1] for segment in parts.get_segments()]
    np.testing.assert_allclose(means, 10.0 / np.diff(sprint.timed_s, prepend=0.0))
    texts = [text.get_text() for text in ax.texts]
    assert f"{sprint.timed_s[-1]:.2f} s" in texts
    assert "top speed V 9.50 m/s" in texts
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("distance [m]", "speed [m/s]")


def test_a_single_split_is_drawn_without_a_curve(ax):
    draw_sprints(ax, [curve_of(sprint_from_splits(TENS[:1], np.array([1.93])), 0)])
    assert not [line for line in ax.lines if line.get_label() == "fitted curve"]
    assert ax.get_ylim()[1] > 10 / 1.93


def test_several_sprints_differ_by_line_and_are_named(sprint):
    slower = sprint_from_splits(TENS, SprintModel(8.5, 1.2).time_s(TENS), name="Bea")
    figure = sprint_figure([sprint, slower])
    lines = [line for line in figure.axes[0].lines if line.get_label() == "fitted curve"]
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["Ada", "Bea"]


def test_the_ladder_marks_an_unsure_step_instead_of_its_milliseconds(ax):
    n = 20
    sure = np.arange(n) != 12
    at_m, contact = 2.0 * np.arange(n), np.where(sure, 120.0, 81.0)
    foot = (np.arange(n) % 2).astype(np.int8)
    steps = TrackSteps(at_m, np.full(n, 2.0), contact, np.full(n, 150.0), foot, sure)
    draw_track_steps(ax, steps)
    marks = [text for text in ax.texts if text.get_text() == "?"]
    assert [mark.xy[1] for mark in marks] == [120.0], "above the bars beside it"
    assert min(text.xy[0] for text in ax.texts) > at_m[5], "the first bars are too narrow"
    assert all(text.get_fontsize() >= 8.5 for text in ax.texts)
    assert {text.get_text() for text in ax.texts} == {"120", "150", "?"}
    neighbours = [text for text in ax.texts if at_m[11] <= text.xy[0] < at_m[12]]
    neighbours += [text for text in ax.texts if at_m[13] <= text.xy[0] < at_m[14]]
    assert not neighbours, "no milliseconds upon the ?"


def test_the_strides_of_a_recording_are_dots_beside_the_curve(ax, sprint):
    strides = {"strides_m": np.array([5.0, 25.0]), "strides_mps": np.array([7.0, 11.0])}
    draw_sprints(ax, [replace(curve_of(sprint, 0), **strides)])
    dots = next(line for line in ax.lines if line.get_label() == "single strides")
    np.testing.assert_array_equal(dots.get_xdata(), strides["strides_m"])
    np.testing.assert_array_equal(dots.get_ydata(), strides["strides_mps"])
    assert ax.get_ylim()[1] > 11.0
    draw_sprints(plain := sheet(5, 4).subplots(), [curve_of(sprint, 0)])
    assert "single strides" not in [line.get_label() for line in plain.lines]
