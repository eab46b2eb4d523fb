"""The pictures and the page of a forecast: what stands in them."""

import numpy as np
import pytest

from gaitlab.coaching.potential.answer import Question
from gaitlab.coaching.potential.chance import forecast
from gaitlab.coaching.potential.gain import gains_of
from gaitlab.coaching.potential.race_events import event_of, race_time
from gaitlab.coaching.potential.speed_reserve import (
    reserve_of,
    typed_aerobic_speed,
    typed_top_speed,
)
from gaitlab.report.figures.potential import draw_chance, draw_durations, draw_ladder
from gaitlab.report.pages.potential import (
    curve_of,
    durations_of,
    ladder_of,
    write_forecast,
    write_reserve,
)


@pytest.fixture
def axes():
    from matplotlib.figure import Figure

    return Figure(figsize=(6, 4)).subplots()


def ask(sex, times, goal, goal_s=None):
    known = tuple(race_time(*text.split("="), sex) for text in times.split())
    return forecast(Question(sex, known, event_of(goal), goal_s, None))


@pytest.fixture(scope="module")
def told():
    return ask("m", "400=50.0 5000=15:30", "1500", 240.0)


def test_the_chance_curve_holds_chance_and_base_rate_at_the_goal(axes, told):
    draw_chance(axes, curve_of(told))
    base, chance = axes.lines[:2]
    at = {line: np.interp(240.0, line.get_xdata(), line.get_ydata()) for line in (base, chance)}
    assert at[chance] == pytest.approx(100 * told.probability, abs=1e-6)
    assert at[base] == pytest.approx(100 * told.base_rate, abs=1e-6)
    assert axes.texts[0].get_text() == "goal 4:00.0: 89 %, base rate 39 %"
    assert (np.diff(chance.get_ydata()) >= 0).all()


def test_a_refused_forecast_draws_the_group_alone(axes):
    draw_chance(axes, curve_of(ask("m", "400=50.0", "1500", 240.0)))
    labels = axes.get_legend_handles_labels()[1]
    assert len(labels) == 1
    assert "885 men, uk_club" in labels[0]


def test_the_ladder_leaves_an_event_out_of_its_own_rung(axes, told):
    rows = {row.event: row for row in ladder_of(told)}
    draw_ladder(axes, tuple(rows.values()))
    assert rows["5000"].own_mps == pytest.approx(5000 / 930)
    assert not rows["5000"].forecast  # without the 5000 only a sprint is left
    assert rows["1500"].forecast
    low, high = rows["1500"].most_mps
    assert low < rows["1500"].median_mps < high
    assert [label.get_text() for label in axes.get_yticklabels()] == list(rows)


def test_speed_over_duration_shows_the_points_where_they_are(axes):
    times = (race_time("400", "52.0", "m"), race_time("1500", "4:00", "m"))
    found = reserve_of(typed_top_speed(9.4), typed_aerobic_speed(6.1), "m")
    draw_durations(axes, durations_of(times, (), "m", found))
    points = next(line for line in axes.lines if line.get_marker() == "D")
    np.testing.assert_allclose(points.get_xdata(), [52.0, 240.0])
    np.testing.assert_allclose(points.get_ydata(), [400 / 52, 6.25])
    assert axes.get_xscale() == "log"


def test_the_page_states_the_chance_with_group_n_and_base_rate(tmp_path, told):
    page = write_forecast(told, gains_of(told.question), tmp_path / "a.html", "0.1")
    text = page.read_text(encoding="utf-8")
    for words in ("89 %", "base rate 39 % of 247 men", "uk_club", "Association, not promise"):
        assert words in text
    assert "http://" not in text.replace("http://www.w3.org", "")


@pytest.mark.parametrize("times", ["400=50.0", "5000=29:00"])
def test_refusals_have_a_page_too(tmp_path, times):
    page = write_forecast(ask("m", times, "1500", 240.0), (), tmp_path / "a.html", "0.1")
    assert "<svg" in page.read_text(encoding="utf-8")


def test_a_reserve_is_a_page_or_a_picture(tmp_path):
    times = (race_time("1500", "4:00", "m"),)
    found = reserve_of(typed_top_speed(9.4), typed_aerobic_speed(6.1), "m")
    page = write_reserve(found, (), None, times, "m", tmp_path / "r.html", "0.1")
    assert "19 elite men" in page.read_text(encoding="utf-8")
    picture = write_reserve(found, (), None, times, "m", tmp_path / "r.svg", "0.1")
    assert picture.read_bytes().startswith(b"<?xml")
