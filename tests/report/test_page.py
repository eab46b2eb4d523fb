"""The page: complete, safe, self-contained, and honest about what is missing."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from gaitlab.coaching.numbers.select import Stretch
from gaitlab.model.errors import OutputError, UsageError
from gaitlab.report import write_comparison, write_report
from gaitlab.report.pages.recording import report_html

VOID = {"meta", "br", "use", "path", "polyline", "rect", "link", "img", "hr", "input"}
EVIL = "<script>alert('x')</script> & \"Co\" $x$"


class Outline(HTMLParser):
    """Tags, ids and attributes; notices tags that are never closed."""

    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.open, self.attributes = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def outline(text):
    parsed = Outline()
    parsed.feed(text)
    parsed.close()
    return parsed


def words(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", text,
                                                             flags=re.DOTALL)))  # fmt: skip


@pytest.mark.parametrize("which", ["page", "pair"])
def test_the_page_is_well_formed_and_no_name_is_used_twice(which, request):
    parsed = outline(request.getfixturevalue(which))
    assert parsed.open == []
    assert len(parsed.ids) == len(set(parsed.ids))


@pytest.mark.parametrize("which", ["page", "pair"])
def test_the_page_needs_nothing_from_outside_and_runs_no_script_but_its_own(which, request):
    text = request.getfixturevalue(which)
    parsed = outline(text)
    assert not {"link", "img", "iframe", "object"} & set(parsed.tags)
    assert parsed.tags.count("script") == 1
    script = re.search(r"<script>(.*?)</script>", text, flags=re.DOTALL).group(1)
    mark = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [v for tag, name, v in parsed.attributes if (tag, name) == ("meta", "content")
                 and v.startswith("default-src 'none'")]  # fmt: skip
    assert f"script-src 'sha256-{mark}'" in policy
    links = [value for _, name, value in parsed.attributes if name in {"href", "src"}]
    assert links
    assert all(value.startswith("#") for value in links)
    assert "@import" not in text
    assert not re.findall(r"url\((?!#)", text)


@pytest.mark.parametrize("which", ["page", "pair"])
def test_every_reference_inside_a_figure_finds_its_target(which, request):
    text = request.getfixturevalue(which)
    wanted = set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r'href="#([^"]+)"', text))
    assert wanted <= set(outline(text).ids)


@pytest.mark.parametrize("which", ["page", "pair"])
def test_every_figure_has_a_caption_and_says_in_words_what_it_shows(which, request):
    text = request.getfixturevalue(which)
    figures = re.findall(r"<figure.*?</figure>", text, flags=re.DOTALL)
    assert len(figures) >= 8
    for figure in figures:
        assert "<figcaption>" in figure or re.search("panel missing.*<p>.{15,}</p>", figure, re.S)
        for svg in re.findall(r"<svg[^>]*>", figure):
            assert 'role="img"' in svg
            assert len(re.search(r'aria-label="([^"]*)"', svg).group(1)) > 20


def test_colours_of_the_figures_are_all_known_to_the_style_sheet(page):
    used = set(re.findall(r"var\(--([\w-]+)\)", page))
    style = re.search(r"<style>(.*?)</style>", page, flags=re.DOTALL).group(1)
    assert used <= set(re.findall(r"--([\w-]+):", style))
    svg = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL))
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) <= {"#000000"}


def test_the_medians_of_the_table_are_those_of_the_analysis(page, race):
    median = race.summary("contact_time_s").median
    assert f'contact time <small>ms</small></th><td class="n">{1000 * median:.0f}</td>' in page
    assert page.count("n 700") >= 3


def test_numbers_in_the_figures_keep_all_their_digits(page, race):
    left = race.summary("step_length_m", "left").median
    assert f"L {left:.2f}" in page


def test_tiles_quality_warnings_sources_and_glossary_are_there(page):
    text = words(page)
    for part in ("cadence", "quality good", "left pod: 1 gap of 0.2 s", "Kasmer 2013",
                 "Weyand &amp; Davis 2005", "Standard uncertainty", "399.2 Hz (source says 400 Hz)",
                 "0.12 % of samples", "Higher or lower is not better or worse"):  # fmt: skip
        assert part in text


def test_a_simulated_recording_is_labelled(page, pair):
    assert "SIMULATED: nobody ran this" in page
    assert "SIMULATED: nobody ran this" in pair


def test_names_cannot_run_code_or_break_the_figures(made_up):
    evil = made_up.runner(EVIL, made_up.steady(4.0, 80), warnings=(EVIL,))
    text = report_html(evil)
    assert re.findall("<script", text) == ["<script"]  # our own
    assert "&lt;script&gt;" in text
    assert outline(text).open == []


def test_the_same_analysis_gives_the_same_page(race, page):
    assert report_html(race) == page


def test_one_pod_without_angle_speed_and_flight_says_why(made_up):
    blank = made_up.without(
        made_up.runner("One", made_up.steady(4.0, 80), foot_codes=(0,), simulated=False),
        "strike_angle_rad", "speed_mps", "flight_time_s", "step_length_m", "stride_length_m",
    )  # fmt: skip
    text = words(report_html(blank))
    assert "No speed: " in text
    assert "No strike angle: " in text
    assert "No comparison of the feet: one pod only" in text
    assert "Without a speed nothing can be compared" in text
    assert "SIMULATED" not in text


@pytest.mark.parametrize("n", [0, 1, 7])
def test_nearly_nothing_is_still_a_page(made_up, n):
    assert outline(report_html(made_up.runner("Few", made_up.steady(4.0, n)))).open == []


def test_nobody_beside_nobody_is_still_a_page(made_up, tmp_path):
    none, one = (made_up.runner("Few", made_up.steady(4.0, n)) for n in (0, 1))
    text = write_comparison([none, one], tmp_path / "c.html").read_text("utf-8")
    assert "no comparison" in text.lower()
    assert outline(text).open == []


def test_speeds_that_do_not_overlap_are_not_compared(made_up, tmp_path):
    slow = made_up.runner("Slow", made_up.steady(3.0, 80))
    fast = made_up.runner("Fast", made_up.steady(8.0, 80), seed=5)
    text = words(write_comparison([slow, fast], tmp_path / "c.html").read_text("utf-8"))
    assert "No comparison: no speed at which two runners have enough contacts" in text
    assert "Each at its own speed: not comparable" in text


def test_stretches_of_one_recording_stand_side_by_side(race, tmp_path):
    parts = [Stretch(20.0, 100.0, "cruise"), Stretch(175.0, 215.0, "kick")]
    text = words(write_comparison([race], tmp_path / "c.html", segments=parts).read_text("utf-8"))
    assert "cruise · kick" in text


def test_no_recording_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError):
        write_comparison([], tmp_path / "c.html")


def test_a_place_that_cannot_be_written_is_one_error_and_leaves_nothing(
    made_up, tmp_path, monkeypatch
):
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    monkeypatch.setattr("gaitlab.report.pages.recording.report_html", lambda *_: "<p>")
    with pytest.raises(OutputError, match="no folder"):
        write_report(made_up.runner("A", made_up.steady(4.0, 40)), blocker / "page.html")
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_a_failed_write_keeps_the_old_page(made_up, tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_text("old")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gaitlab.report.pages.recording.report_html", lambda *_: "<p>")
    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(OutputError, match="No space left"):
        write_report(made_up.runner("A", made_up.steady(4.0, 40)), path)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["page.html"]


def test_a_race_stays_under_a_megabyte_and_an_hour_under_three(page, made_up):
    assert len(page) < 1_000_000
    hour = report_html(made_up.runner("Hour", made_up.race(10_600, 3.4, 4.6)))
    assert len(hour) < 3_000_000
    assert "At most 1200 contacts per foot are drawn" in hour
    assert np.char.count(hour, "n 10600") > 0
