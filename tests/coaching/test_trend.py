"""A season's line: put in and found again, and silent where there is too little."""

from datetime import date, timedelta

import numpy as np
import pytest

from gaitlab.coaching.numbers.select import part_of
from gaitlab.coaching.numbers.trend import Series, student, trend_of
from gaitlab.coaching.season import Session, answer_of, season_of, session_of, times_series
from gaitlab.model.errors import AnalysisError

FIRST = date(2026, 1, 5)


def series(day, value, sd=0.0):
    day = np.asarray(day, dtype=float)
    return Series("x", "x", day, np.asarray(value, dtype=float), np.full(len(day), sd))


def test_a_line_that_was_put_in_is_found():
    day = np.arange(0, 70, 7.0)
    found = trend_of(series(day, 8.0 + 0.05 * day / 7))
    assert found.per_week == pytest.approx(0.05)
    assert found.change == pytest.approx(0.45)
    assert (found.first, found.last) == pytest.approx((8.0, 8.45))
    assert found.clear


def test_slope_and_range_are_those_of_a_second_implementation():
    from scipy.stats import linregress

    rng = np.random.default_rng(4)
    day = np.array([0.0, 9, 17, 30, 44, 51])
    value = 8.0 + 0.01 * day + rng.normal(0.0, 0.1, 6)
    theirs, found = linregress(day / 7, value), trend_of(series(day, value))
    assert found.per_week == pytest.approx(theirs.slope)
    half = student(4) * theirs.stderr * found.weeks
    assert found.change_high - found.change == pytest.approx(half)


def test_the_range_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(7)
    day = np.arange(0, 42, 7.0)
    hits = [
        one.change_low <= 0.3 <= one.change_high
        for one in (trend_of(series(day, 8 + 0.06 * day / 7 + rng.normal(0, 0.1, 6)))
                    for _ in range(600))
    ]  # fmt: skip
    assert 0.92 < np.mean(hits) < 0.98


def test_the_least_change_that_shows_is_rarely_passed_by_chance():
    rng = np.random.default_rng(8)
    day = np.arange(0, 140, 7.0)
    found = trend_of(series(day, 8 + rng.normal(0, 0.1, 20)))
    assert found.session_sd == pytest.approx(0.1, rel=0.35)
    pairs = rng.normal(0, 0.1, (4000, 2))
    assert np.mean(np.abs(np.diff(pairs, axis=1)) > 1.96 * np.sqrt(2) * 0.1) < 0.07
    assert found.detectable == pytest.approx(1.96 * np.sqrt(2) * found.session_sd)


@pytest.mark.parametrize("day", [[], [0.0], [0.0, 7.0], [3.0, 3.0, 3.0]])
def test_too_few_sessions_have_no_line_but_a_reason(day):
    found = trend_of(series(day, np.ones(len(day)), 0.05))
    assert found.reason
    assert np.isnan(found.change)
    assert not found.clear


def test_sessions_without_a_value_are_left_out():
    found = trend_of(series([0, 7, 14, 21], [8.0, np.nan, 8.2, 8.3]))
    assert found.n == 3


def session(make_analysis, day, top=np.nan, run=np.nan, name="a"):
    analysis = make_analysis(n=60, name=name)
    return Session(FIRST + timedelta(days=day), name, top, 0.05, run, 50, part_of(analysis))


def test_the_share_is_the_easy_pace_over_the_nearest_top_speed(make_analysis):
    sessions = [
        session(make_analysis, 0, top=8.0), session(make_analysis, 3, run=3.6),
        session(make_analysis, 30, top=8.5), session(make_analysis, 33, run=3.6),
        session(make_analysis, 60, top=9.0), session(make_analysis, 63, run=3.6),
        session(make_analysis, 200, run=3.6),
    ]  # fmt: skip
    season = season_of(sessions)
    share = next(one for one in season.series if one.name == "easy_share")
    np.testing.assert_allclose(share.value, [3.6 / 8.0, 3.6 / 8.5, 3.6 / 9.0])  # day 200: none near
    assert "smaller share" in season.answer
    assert "by arithmetic" in season.answer


def test_a_race_is_no_easy_pace(make_analysis):
    sessions = [session(make_analysis, 0, top=9.0), session(make_analysis, 3, run=6.2, name="race"),
                session(make_analysis, 6, run=3.5)]  # fmt: skip
    season = season_of(sessions)
    pace = next(one for one in season.series if one.name == "easy_mps")
    assert pace.value.tolist() == [3.5]
    assert "race" in season.notes[0]


def test_without_a_clear_rise_of_top_speed_the_question_stays_open(make_analysis):
    tops = (9.0, 8.9, 9.02, 8.95)
    sessions = [session(make_analysis, 14 * k, top=top) for k, top in enumerate(tops)]
    sessions += [session(make_analysis, 14 * k + 2, run=3.6) for k in range(4)]
    assert "open" in season_of(sessions).answer


def test_one_session_answers_nothing(make_analysis):
    assert "Not answerable yet" in season_of([session(make_analysis, 0, top=9.0)]).answer
    with pytest.raises(AnalysisError):
        season_of([])


def test_contact_times_are_compared_at_one_speed(make_analysis):
    season = season_of([session(make_analysis, 10 * k, run=4.0, name=f"r{k}") for k in range(3)])
    contact = next(one for one in season.series if one.name == "contact_time_s")
    assert season.matched_mps == pytest.approx(4.0, abs=0.31)
    assert contact.value == pytest.approx([0.202] * 3, abs=0.002)


def test_races_of_one_event_are_a_series_of_their_own():
    rows = [(FIRST + timedelta(days=7 * k), "1500", 245.0 - k) for k in range(4)]
    (one, trend), *rest = times_series([*rows, (FIRST, "800", 118.0)], FIRST)
    assert one.label == "1500"
    assert trend.per_week == pytest.approx(-1.0)
    assert len(rest) == 1


def test_an_analysis_without_a_fly_has_no_top_speed(make_analysis):
    found = session_of(make_analysis(n=11), FIRST)
    assert np.isnan(found.top_mps)
    assert answer_of([trend_of(series([0], [1]))] * 4).endswith("different days.")
