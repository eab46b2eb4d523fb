"""One runner against himself, as rows of text."""

import numpy as np

from gaitlab.report.pages.recording import report_html
from gaitlab.report.steadiness import size_words, steadiness_rows


def row(analysis, label):
    return next(item for item in steadiness_rows(analysis)[0] if item.label == label)


def test_a_clear_difference_has_a_sign_and_a_small_one_only_its_band(made_up):
    clear = row(made_up.runner("A", made_up.steady(4.0), lag_s=0.03), "contact time").sides
    assert clear.text.startswith("+")
    assert clear.text.endswith("%")
    even = row(made_up.runner("A", made_up.steady(4.0)), "contact time").sides
    assert even.text == "–"
    assert even.note.startswith("within ±")


def test_a_short_run_says_once_why_there_is_no_change_along_the_way(made_up):
    analysis = made_up.runner("A", made_up.steady(4.0, 100))
    rows, reason = steadiness_rows(analysis)
    assert reason == "only 100 contacts at one speed, 120 are needed"
    assert {item.drift.text for item in rows} == {"–"}
    page = report_html(analysis)
    assert page.count(reason) == 1
    assert "change per km" not in page


def test_a_long_run_shows_the_change_with_its_interval(made_up):
    analysis = made_up.runner("A", made_up.steady(4.0, 900))
    rows, reason = steadiness_rows(analysis)
    assert reason == ""
    drift = next(item for item in rows if item.label == "contact time").drift
    assert drift.text.endswith(" ms")
    assert " to " in drift.note
    assert "change per km" in report_html(analysis)


def test_no_contacts_make_no_rows(made_up):
    assert steadiness_rows(made_up.runner("A", np.empty(0))) == ((), "")


def test_sizes_of_a_run_without_forces_are_told_without_them(made_up):
    told = size_words(made_up.runner("A", made_up.steady(4.0)))  # 65 kg, 1.78 m
    assert told.startswith("With 65 kg and a leg of 0.94 m, 0.53 of the height: ")
    assert "Froude number" in told
    assert "kN" not in told
