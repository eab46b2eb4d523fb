"""The page of a comparison: each sentence when it is true, the numbers of the tables, no tricks."""

import json
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest

from gaitlab.coaching.comparison.band import band_of
from gaitlab.coaching.comparison.exchange import study_dict
from gaitlab.coaching.comparison.study import study_of
from gaitlab.coaching.numbers.select import Stretch, parts_of
from gaitlab.model.errors import OutputError, UsageError
from gaitlab.report.comparison.tables import absent_positions, comparison_rows
from gaitlab.report.comparison.words import comparison_sentences
from gaitlab.report.pages import pdf
from gaitlab.report.pages.comparison import comparison_html, title_of
from gaitlab.report.pages.output import write_page
from gaitlab.report.pages.recording import pace_of
from gaitlab.report.panels import Panel
from gaitlab.report.runners import runner_looks
from gaitlab.report.words import summary_sentences

EVIL = "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">"
PRESS = """(() => {
  const svg = [...document.querySelectorAll("#multiples svg")].find((one) => one.clientWidth);
  svg.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
})()"""
RAMP = np.linspace(5.5, 7.5, 240)


def words(study):
    return " ".join(comparison_sentences(study))


def named(made_up, name, seed=1, speeds=RAMP, **options):
    found = made_up.runner(name, speeds, seed=seed, **options)
    return replace(found, recording=replace(found.recording, sha256=f"{seed:064d}"))


@pytest.fixture(scope="module")
def squad(made_up):
    return tuple(named(made_up, f"S{k}", 10 + k, lag_s=0.002 * k) for k in range(4))


@pytest.fixture(scope="module")
def study(made_up, squad):
    """Bea wears one pod, and that foot stays 30 ms longer on the ground than Ada's."""
    pair = (named(made_up, "Ada"), named(made_up, "Bea", 2, lag_s=0.03, foot_codes=(1,)))
    band = band_of("squad", "sprint", parts_of(squad))
    slow = tuple(
        named(made_up, f"D{k}", 30 + k, lag_s=0.04 + 0.002 * k, foot_codes=(1,)) for k in range(4)
    )
    distance = band_of("milers", "distance", parts_of(slow))
    return study_of(parts_of(pair), 6.5, (band, distance))


@pytest.fixture(scope="module")
def page(study):
    """Without pictures: they cost most, and stand on the other page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gaitlab.report.pages.comparison.comparison_panels", lambda *_: ())
        patch.setattr("gaitlab.report.pages.comparison.pattern_panel", lambda *_: Panel("x", "x"))
        return comparison_html(study)


def test_what_differs_and_what_does_not_are_told_apart(study):
    text = words(study)
    assert "What differs: contact time (Ada" in text
    same = text[text.index("What does not differ") :]
    assert "cadence" in same
    assert text.startswith("Compared at 6.5 m/s: they differ in contact time")
    assert "; no difference can be told in" in text
    assert "How sure: contacts Ada " in text
    assert "Recordings: good 2." in text


def test_nothing_that_differs_is_no_sentence(made_up):
    pair = (named(made_up, "Ada"), named(made_up, "Bea", 2))
    text = words(study_of(parts_of(pair), 6.5))
    assert "What differs" not in text
    assert text.startswith("Compared at 6.5 m/s: no difference can be told in contact time, ")


def test_speeds_that_are_not_one_are_printed_and_nothing_is_made_of_them(made_up):
    pair = (named(made_up, "Ada", 1, made_up.steady(3.3)), named(made_up, "Bea", 2,
            made_up.steady(3.8)))  # fmt: skip
    study = study_of(parts_of(pair))
    text = words(study)
    assert text.startswith("Compared at 3.3 against 3.8 m/s: no difference can be told in ")
    assert "step length and duty factor: the gap of 0.5 m/s is too wide for that." in text
    assert "differ in" not in text
    (line,) = [one for one in comparison_sentences(study) if one.startswith("Not compared, ")]
    assert "cadence (Ada 168.0 steps/min at 3.3 m/s and Bea 172." in line
    row = next(row for row in comparison_rows(study) if row.label == "contact time")
    assert row.cells[0].note.startswith("at 3.3 m/s, the ± holds what the gap may make")


def test_a_band_is_named_with_its_n_and_the_z_value(study):
    place = [row.metric.name for row in study.comparison.rows].index("contact_time_s")
    one = study.places[place][0].standings[0]
    assert f"Ada beside squad (n 4) at 6.5 m/s: contact time {1000 * one.value:.0f}" in words(study)


def test_the_position_is_told_only_where_both_bands_exist(study, squad, made_up):
    assert "on the way from the distance band (0) to the sprint band (1)" in words(study)
    only = study_of(parts_of((named(made_up, "Ada"),)), 6.5, study.bands[:1])
    assert "on the way from the distance band" not in words(only)
    (line,) = absent_positions(only)
    assert line.startswith("no position: no band of distance runners at 6.5 m/s")
    assert "contact time" in line


def test_published_sprinters_are_missed_only_without_own_ones(study, made_up):
    pair = parts_of((named(made_up, "Ada"), named(made_up, "Bea", 2)))
    assert "no published contact time of sprinters at 6.5 m/s" in words(study_of(pair, 6.5))
    assert "no published" not in words(study)


def test_one_runner_beside_a_band_is_looked_at_not_compared(squad, made_up, study):
    one = study_of(parts_of((named(made_up, "Ada"),)), 6.5, study.bands[:1])
    assert words(one).startswith("Looked at 6.5 m/s; the pictures show all speeds. How sure: ")


def test_without_a_common_speed_the_reason_opens_the_page(made_up):
    pair = (named(made_up, "a", 1, made_up.steady(3.0)), named(made_up, "b", 2,
            made_up.steady(8.0)))  # fmt: skip
    text = words(study_of(parts_of(pair)))
    assert text.startswith("No comparison: no speed at which two runners")
    assert "a: speed 3.0" in text


def test_many_runners_are_summed_up(made_up):
    angles = [12, 12, 12, 3, -9]
    runners = [named(made_up, f"R{k}", k + 1, np.full(60, 4.0), angle_deg=a) for k, a in
               enumerate(angles)]  # fmt: skip
    text = words(study_of(parts_of(tuple(runners))))
    assert "number of runners (all speeds): heel 3, midfoot 1, forefoot 1." in text
    far = [named(made_up, f"F{k}", k + 20, np.full(60, 8.0)) for k in range(5)]
    text = words(study_of(parts_of((*runners, *runners[:1], *far[:5])), 4.0))
    assert "Without a value at this speed, too few contacts there: F0, F1, F2, F3, F4." in text
    assert title_of([f"R{k}" for k in range(5)], ()) == "5 runners side by side"


def test_a_kick_is_told_with_its_way_or_why_there_is_none(made_up):
    race = made_up.runner("Ada", made_up.race(450, 6.0, 7.4))
    fly = made_up.runner("Ada", np.concatenate((np.linspace(3, 8.8, 14), np.full(30, 8.8))), seed=5)
    assert "the kick has gone: speed" in words(study_of(parts_of((race, fly))))
    other = made_up.runner("Bea", np.full(60, 6.0), seed=4)
    text = words(study_of(parts_of((race, other))))
    assert "Not set beside the own fly: no other recording of Ada." in text
    assert "the kick" not in words(study_of(parts_of((other, fly))))


def test_no_sentence_advises_judges_or_diagnoses(study, page):
    told = words(study).lower()
    for word in ("should", "better", "worse", "good form", "bad", "injur", "recommend", "optimal",
                 "try to", "score"):  # fmt: skip
        assert word not in told
    assert "most elite marathoners land on the heel" in re.sub(r"\s+", " ", page).lower()


def test_the_numbers_of_the_page_are_those_of_the_tables(study, page):
    """What a machine reads and what a coach reads are the same numbers."""
    rows = {row["metric"]: row for row in study_dict(study)["rows"]}
    plain = unescape(page)
    for row, shown in zip(study.comparison.rows, comparison_rows(study), strict=True):
        for value, cell in zip(rows[row.metric.column]["values"], shown.cells, strict=True):
            if value is None:
                assert cell.value == "–"
                continue
            inside = value / row.metric.column_factor
            assert cell.value == row.metric.text(inside)
            assert f"<td>{cell.value}<small>{cell.detail}</small>" in plain


def test_the_exchange_form_has_bands_places_and_own_ranges(study):
    data = json.loads(json.dumps(study_dict(study), allow_nan=False))
    row = next(r for r in data["rows"] if r["metric"] == "contact_time_s")
    assert {"squad", "milers"} <= {ref["level"] for ref in row["reference"]}
    assert 0 < row["places"][0]["position"] + 0.5 < 2
    assert row["places"][0]["standings"][0]["z"] is not None
    assert data["own"] == []


def test_one_athlete_keeps_one_colour_and_other_lines(made_up):
    race, fly = named(made_up, "Ada", 1), named(made_up, "Ada", 2)
    other = named(made_up, "Bea", 3)
    looks = runner_looks(parts_of((race, other, fly)))
    assert looks[0].colour == looks[2].colour != looks[1].colour
    assert looks[0].dash != looks[2].dash
    twelve = runner_looks(parts_of(tuple(named(made_up, f"R{k}", k) for k in range(12))))
    assert len({look.colour for look in twelve}) == 12
    assert len({look.short for look in twelve}) == 12
    parts = parts_of((race,), (Stretch(0, 30, "a"), Stretch(30, 60, "b")))
    assert len({look.colour for look in runner_looks(parts)}) == 1


def test_long_names_that_begin_alike_stay_apart(made_up):
    names = [f"The very long name of runner {k}" for k in range(3)]
    looks = runner_looks(parts_of(tuple(named(made_up, n, k) for k, n in enumerate(names))))
    assert len({look.short for look in looks}) == 3


def test_paces_follow_the_units(made_up):
    (part,) = parts_of((named(made_up, "Ada", speeds=made_up.steady(4.0)),))
    told = [pace_of(part, units) for units in ("km", "mi", "track")]
    assert [text.split(" ", 1)[1] for text in told] == ["min/km", "min/mile", "s/100 m"]
    assert "min/mile" in " ".join(summary_sentences(part, "mi"))
    (still,) = parts_of((named(made_up, "Bea", speeds=np.empty(0)),))
    assert pace_of(still, "km") == ""


@pytest.fixture(scope="module")
def evil_page(made_up):
    few = np.linspace(5.5, 7.5, 90)  # the names matter here, not the contacts
    facts = named(made_up, EVIL, speeds=few, warnings=(EVIL,))
    setup = replace(facts.recording.setup, shoe=EVIL, surface=EVIL, device=EVIL)
    one = replace(facts, recording=replace(facts.recording, name=EVIL, setup=setup, notes=(EVIL,)))
    band = band_of(EVIL, "sprint", parts_of((named(made_up, "S", 3),)))
    with pytest.MonkeyPatch.context() as patch:  # every kind of place a name has, once
        patch.setattr("gaitlab.report.comparison.panels.TOGETHER", ("cadence_spm",))
        patch.setattr("gaitlab.report.pages.comparison.PATTERNS", ("strike-clock",))
        pair = parts_of((one, named(made_up, "Bea", 2, few)))
        return comparison_html(study_of(pair, 6.5, (band,)))


def test_nothing_in_a_name_becomes_a_tag(evil_page):
    assert re.findall("<script", evil_page) == ["<script"]  # our own
    assert "<img" not in evil_page


def test_a_real_browser_runs_nothing_that_stands_in_a_name(browser, evil_page):
    """The same browser is shown that it would run it, were it not made harmless."""
    browser.show(evil_page)
    assert browser.ask("document.title") != "hacked"
    assert browser.ask("document.querySelectorAll('.value-box').length") == 1  # our own ran
    browser.show(f"<body>{EVIL}")
    assert browser.ask("document.title") == "hacked"


def test_even_a_tag_that_got_through_would_not_run(browser, evil_page):
    browser.show(evil_page.replace("<main>", f"<main>{EVIL}"))
    assert browser.ask("document.title") != "hacked"


def test_a_name_under_the_mouse_is_text(browser, evil_page):
    browser.show(evil_page)
    browser.ask(PRESS)
    told = browser.ask("document.querySelector('.value-box').textContent")
    assert told.startswith("<script>document.title=")
    assert browser.ask("document.querySelector('.value-box').querySelectorAll('*').length") <= 3
    assert browser.ask("document.title") != "hacked"


def test_a_page_is_printed_on_a4(page, tmp_path):
    if pdf.find_browser() is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine")
    written = write_page(page, tmp_path / "x.pdf").read_bytes()
    assert written.startswith(b"%PDF")
    box = re.search(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)", written)
    assert [float(side) for side in box.groups()] == pytest.approx([595.3, 841.9], abs=1.0)


def test_without_a_browser_the_way_out_is_named(page, tmp_path, monkeypatch):
    monkeypatch.setenv("GAITLAB_BROWSER", str(tmp_path / "none"))
    with pytest.raises(OutputError, match="no Chromium, Chrome or Edge"):
        write_page(page, tmp_path / "x.pdf")
    silent = tmp_path / "browser"
    silent.write_text("#!/bin/sh\necho nothing >&2\n")
    silent.chmod(0o755)
    monkeypatch.setenv("GAITLAB_BROWSER", str(silent))
    with pytest.raises(OutputError, match="printed nothing: nothing"):
        write_page(page, tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_a_page_is_not_written_as_a_picture(page, tmp_path):
    with pytest.raises(UsageError, match=r"as \.png"):
        write_page(page, tmp_path / "x.png")
