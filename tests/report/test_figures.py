"""Figures show the numbers they were given, with units; nothing is told by colour alone."""

import re

import numpy as np
import pytest

from gaitlab.coaching.comparison.compare import compare
from gaitlab.coaching.comparison.reference import reference_for
from gaitlab.coaching.numbers.select import part_of, parts_of
from gaitlab.coaching.numbers.sides import side_differences
from gaitlab.metrics.catalog import metric
from gaitlab.report.comparison.panels import View, _panels_of
from gaitlab.report.figures.base import sheet
from gaitlab.report.figures.over_time import Track, draw_track
from gaitlab.report.figures.side_by_side import draw_row
from gaitlab.report.figures.sides import draw_differences
from gaitlab.report.figures.speed import AgainstSpeed, Cloud, draw_against_speed
from gaitlab.report.figures.strike import Shares, draw_angle_over_time, draw_shares
from gaitlab.report.points import (
    by_foot,
    close_limits,
    distribution,
    medians_along,
    shown,
    smoothed,
    symmetric_limit,
    thinned,
    time_axis,
    value_top,
)
from gaitlab.report.runners import runner_looks
from gaitlab.report.svg import svg_of


@pytest.fixture
def ax():
    return sheet(4, 3).subplots()


@pytest.fixture
def contacts(made_up):
    return part_of(made_up.runner("A", np.linspace(3, 6, 200))).contacts


def test_contact_time_is_drawn_in_milliseconds_left_and_right_by_marker(ax, contacts):
    values = shown(contacts, "contact_time_s")
    series = by_foot(contacts, contacts.ic_time_s, values)
    draw_track(ax, Track(metric("contact_time_s"), series, smoothed(contacts.ic_time_s, values),
                         None))  # fmt: skip
    left, right, trend = ax.lines
    np.testing.assert_allclose(left.get_ydata(), 1000 * contacts.contact_time_s[contacts.foot == 0])
    assert (left.get_marker(), right.get_marker()) == ("o", "^")
    assert left.get_color() != right.get_color()
    assert "[ms]" in ax.get_ylabel()
    assert trend.get_label() == "median"


def test_a_track_without_data_says_why(ax):
    nothing = Track(metric("speed_mps"), (), (np.empty(0), np.empty(0)), None, "No speed: one pod.")
    draw_track(ax, nothing)
    assert [text.get_text() for text in ax.texts] == ["No speed: one pod."]
    assert not ax.lines


def test_the_angle_axis_is_symmetric_and_its_bands_meet_at_the_published_limits(ax, contacts):
    angle = shown(contacts, "strike_angle_rad")
    series = by_foot(contacts, contacts.ic_time_s, angle)
    draw_angle_over_time(ax, series, 20.0)
    assert ax.get_ylim() == (-20.0, 20.0)
    edges = sorted(
        {round(float(edge), 3) for patch in ax.patches for edge in patch.get_bbox().intervaly}
    )
    assert edges == [-20.0, -0.8, 7.4, 20.0]
    assert [text.get_text() for text in ax.texts] == ["heel", "midfoot", "forefoot"]


def test_published_values_stand_at_their_own_speed_with_their_spread(ax):
    published = tuple(row for row in reference_for("contact_time_s") if row.speed_mps)
    what = AgainstSpeed(metric("contact_time_s"), (), published)
    draw_against_speed(ax, what)
    places = {(float(c[0].get_xdata()[0]), float(c[0].get_ydata()[0])) for c in ax.containers}
    assert places == {(row.speed_mps, row.mean * 1000) for row in published}
    with_spread = [row for row in published if row.sd is not None]
    assert sum(container.has_yerr for container in ax.containers) == len(with_spread)
    assert {text.get_text() for text in ax.texts} == {str(row.n) for row in published}


def test_runner_and_median_line_are_drawn_as_given(ax, contacts):
    values = shown(contacts, "cadence_spm")
    series = by_foot(contacts, contacts.speed_mps, values)
    medians = medians_along(contacts.speed_mps, values, 0.5)
    cloud = Cloud("A", "#0072b2", series, medians)
    draw_against_speed(ax, AgainstSpeed(metric("cadence_spm"), (cloud,)))
    np.testing.assert_array_equal(ax.lines[-1].get_ydata(), medians[1])
    assert ax.get_xlabel() == "speed [m/s]"
    assert ax.get_ylabel() == "cadence [steps/min]"


def test_shares_add_up_and_carry_n(ax):
    rows = [Shares("left", (10.0, 30.0, 60.0), 120), Shares("field", (75.0, 24.0, 1.0), 283, True)]
    draw_shares(ax, rows)
    widths = np.array([[bar.get_width() for bar in c.patches] for c in ax.containers])
    np.testing.assert_allclose(widths.sum(axis=0), 100)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["left\nn 120", "field\nn 283"]


def test_the_difference_between_the_feet_is_right_minus_left(ax, made_up):
    rows = [row for row in side_differences(made_up.runner("A", lag_s=0.02))
            if row.metric.name == "contact_time_s"]  # fmt: skip
    draw_differences(ax, rows, "%")
    dot = ax.containers[0][0].get_xdata()
    left, right = rows[0].left.median, rows[0].right.median
    assert dot[0] == pytest.approx(200 * (right - left) / (right + left))
    assert dot[0] > 0
    low, high = ax.get_xlim()
    assert low == -high


def test_runners_side_by_side_keep_their_colour_and_axes(made_up):
    parts = parts_of((made_up.runner("A"), made_up.runner("B", made_up.race(300, 5.8, 7), seed=3)))
    looks = runner_looks(parts)
    panels = _panels_of(View(parts, looks), "contact_time_s")
    assert len({panel.clouds[0].colour for panel in panels}) == 2
    assert len({(panel.speed_limits, panel.value_limits) for panel in panels}) == 1
    row = next(r for r in compare(parts).rows if r.metric.name == "contact_time_s")
    ax = draw_row(sheet(4, 3).subplots(), row, looks)
    names = {text.get_text(): text.get_color() for text in ax.get_yticklabels()}
    assert names["A"] == panels[0].clouds[0].look.letters
    assert names["B"] == panels[1].clouds[0].look.letters


def test_thinning_keeps_the_ends_and_the_count_says_all(contacts):
    (left, right) = by_foot(contacts, contacts.ic_time_s, contacts.speed_mps, 10)
    assert (len(left.x), left.total) == (10, 100)
    assert left.x[0] == contacts.ic_time_s[contacts.foot == 0][0]
    assert right.x[-1] == contacts.ic_time_s[contacts.foot == 1][-1]
    assert len(thinned(0, 5)) == 0


def test_a_line_is_not_drawn_over_speeds_that_were_not_run():
    x = np.concatenate((np.full(20, 3.0), np.full(20, 7.0)))
    speeds, values = medians_along(x, x * 2, 0.2)
    assert np.isnan(speeds[1])
    np.testing.assert_allclose(values[[0, 2]], [6.0, 14.0])


def test_the_line_over_time_follows_a_sprint_and_stops_at_a_pause():
    time = np.concatenate((np.arange(30) * 0.25, 60 + np.arange(30) * 0.25))
    speed = np.concatenate((np.linspace(2, 10, 30), np.linspace(2, 10, 30)))
    x, y = smoothed(time, speed)
    assert np.isnan(x).any()
    assert not ((x > 8) & (x < 60)).any()
    good = np.isfinite(x)
    np.testing.assert_allclose(y[good], np.interp(x[good], time, speed), atol=0.3)
    assert [len(part) for part in smoothed(time[:3], speed[:3])] == [0, 0]
    assert len(smoothed(np.arange(9000.0), np.arange(9000.0))[0]) < 500


def test_medians_need_five_contacts_and_ignore_nan():
    x = np.array([1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, np.nan])
    speeds, values = medians_along(x, np.arange(10.0), 0.5)
    assert speeds.tolist() == [2.25]
    assert values.tolist() == [6.0]
    assert [len(part) for part in medians_along(np.empty(0), np.empty(0), 0.5)] == [0, 0]


def test_limits_hold_the_data_and_never_blow_up_noise():
    low, high = close_limits(np.array([150.0, 151.0, 152.0]), 40.0)
    assert high - low == pytest.approx(40.0)
    assert close_limits(np.array([np.nan]), 40.0) is None
    assert symmetric_limit(np.array([np.nan])) == 15.0
    assert value_top(np.empty(0), (), 1.0) == pytest.approx(1.08)


def test_a_distribution_counts_every_contact_once():
    percent, edges = distribution(np.array([-99.0, 0.2, 0.4, 99.0, np.nan]), 20.0)
    assert percent.sum() == pytest.approx(100.0)
    assert len(edges) == len(percent) + 1


def test_time_is_in_seconds_for_a_sprint_and_in_minutes_for_a_run(made_up):
    sprint = part_of(made_up.runner("A", made_up.steady(8.0, 40))).contacts
    run = part_of(made_up.runner("A")).contacts
    assert time_axis(sprint).label.endswith("[s]")
    assert time_axis(run).label.endswith("[min]")
    assert time_axis(sprint.where(np.zeros(40, bool))).factor == 1.0


def test_a_figure_becomes_small_svg_with_letters_as_letters():
    figure = sheet(4, 3)
    ax = figure.subplots()
    ax.plot(np.arange(500), np.arange(500), "o", color="#0072b2", label="a")
    ax.set_xlabel("distance 1.98 m < 2 m")
    text = svg_of(figure, "small", 'says "what" it shows')
    assert text.count("<use") >= 500
    assert len(text) < 60_000
    assert "distance 1.98 m &lt; 2 m" in text
    assert "says &quot;what&quot; it shows" in text
    assert "var(--athlete-0)" in text
    assert "<metadata" not in text


def uses_of(text, series):
    found = text.split(f'data-s="{series}"')[1].split("data-s=")[0]
    return np.array(re.findall(r'<use href="#\w+" x="([^"]*)" y="([^"]*)"', found), np.float64)


def test_marks_written_at_once_lie_where_matplotlib_puts_them(monkeypatch):
    """Second implementation; what lies far outside the axes is left out, as nobody sees it."""
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 10, (2, 300))

    def drawn():
        figure = sheet(4, 3)
        ax = figure.subplots()
        ax.plot(x, y, "o", linestyle="none", label="left")
        ax.plot(x, y + 1, color="k", label="line")
        ax.set(xlim=(0, 8), xlabel="speed [m/s]")
        return svg_of(figure, "f", "a cloud of three hundred points")

    fast = drawn()
    monkeypatch.setattr("gaitlab.report.svg.cut_down", lambda _: [])
    slow = drawn()
    assert fast.split("<path")[1] == slow.split("<path")[1]
    marks, theirs = uses_of(fast, 0), uses_of(slow, 0)
    assert len(marks) >= (x <= 8).sum()
    away = np.abs(marks[:, None] - theirs[None]).max(axis=2).min(axis=1)
    assert away.max() <= 0.11
    assert fast.split('data-s="1"')[1] == slow.split('data-s="1"')[1]
