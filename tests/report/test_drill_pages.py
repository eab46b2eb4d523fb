"""Pages and pictures of race, flying sprints and hops show the numbers they were given."""

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from gaitlab.coaching.drills.flying import best_of, flying
from gaitlab.coaching.drills.plyo import plyo_sets
from gaitlab.coaching.race.laps import race_of
from gaitlab.metrics.cautions import NO_RUNNING
from gaitlab.model.errors import UsageError
from gaitlab.model.gait import HOP, RUN
from gaitlab.report.figures.base import sheet
from gaitlab.report.figures.between import Position, draw_positions
from gaitlab.report.figures.hops import HopSet, draw_rsi, draw_times, places
from gaitlab.report.figures.reps import draw_reps
from gaitlab.report.pages.drill import drill_html, write_drill
from gaitlab.report.sheets.base import beside_speed
from gaitlab.report.sheets.fly import fly_grids, fly_section, fly_tiles, reps_figure
from gaitlab.report.sheets.plyo import hops_figure, plyo_section
from gaitlab.report.sheets.race import race_figure, race_grids, race_section, race_tiles
from gaitlab.report.style import LEFT_COLOUR, RIGHT_COLOUR


@pytest.fixture(scope="module")
def raced(made_up):
    analysis = made_up.runner("Ada <b>Example</b>")
    return analysis, race_of(analysis, None)


@pytest.fixture(scope="module")
def flown(made_up):
    up = np.linspace(4.0, 9.0, 14)
    speed = np.concatenate([np.concatenate((up, np.full(18, top))) for top in (9.0, 9.4, 8.8)])
    contacts = made_up.made_up_contacts(speed, -6.0)
    pause = 20.0 * (np.arange(len(speed)) // 32)
    times = {name: getattr(contacts, name) + pause for name in ("ic_time_s", "tc_time_s")}
    sprinted = np.full(len(speed), RUN, np.int8)
    analysis = made_up.analysis_of(replace(contacts, **times, activity=sprinted))
    return analysis, flying(analysis)


@pytest.fixture(scope="module")
def hopped(made_up):
    contact = np.resize([0.18, 0.19, 0.20], 12)
    ic = 5.0 + np.concatenate(([0.0], np.cumsum(contact[:-1] + 0.35)))
    contacts = made_up.made_up_contacts(np.full(24, 0.1), -5.0)
    start = np.repeat(ic, 2) + np.tile([0.0, 0.004], 12)
    analysis = made_up.analysis_of(
        replace(
            contacts, foot=np.tile([0, 1], 12).astype(np.int8), ic_time_s=start,
            tc_time_s=np.repeat(ic + contact, 2), activity=np.full(24, HOP, np.int8),
        )
    )  # fmt: skip
    return analysis, plyo_sets(analysis)


@pytest.fixture(scope="module")
def pages(raced, flown, hopped):
    sections = {
        "race": (raced[0], race_section(*raced)),
        "flying": (flown[0], fly_section(*flown, 30.0)),
        "plyo": (hopped[0], plyo_section(*hopped)),
    }
    return {name: drill_html(made, (section,)) for name, (made, section) in sections.items()}


@pytest.mark.parametrize("which", ["race", "flying", "plyo"])
def test_the_page_stands_alone_and_every_picture_is_told_in_words(pages, which):
    text = pages[which]
    assert re.findall("<script", text) == ["<script"]  # our own
    assert "<b>Example</b>" not in text
    assert not re.findall(r'(?:src|href)="(?!#)', text)
    figures = re.findall(r"<figure.*?</figure>", text, flags=re.DOTALL)
    assert figures
    for figure in figures:
        assert "<figcaption>" in figure
        assert "only-narrow" in figure, "a picture of its own for phones"
        assert all(len(words) > 20 for words in re.findall(r'aria-label="([^"]*)"', figure))
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)
    assert len(text) < 1_000_000


@pytest.mark.parametrize("which", ["race", "flying", "plyo"])
def test_every_row_has_a_cell_for_every_heading(pages, which):
    for table in re.findall(r"<table.*?</table>", pages[which], flags=re.DOTALL):
        head, *rows = re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL)
        cells = {len(re.findall(r"<t[hd]", row)) for row in (head, *rows)}
        assert len(cells) == 1


def test_paces_stand_beside_the_speeds_in_the_units_that_were_asked_for(raced, flown):
    race = raced[1]
    for units, heading, metres in (("km", "pace\n[min/km]", 1000.0), ("mi", "pace\n[min/mile]",
                                   1609.344), ("track", "that is\n[s/100 m]", 100.0)):  # fmt: skip
        grid = race_grids(race, units)[0]
        at = grid.headings.index(heading)
        seconds = metres / race.laps[0].speed_mps
        minutes, _, rest = grid.rows[0][at].rpartition(":")
        assert 60 * float(minutes or 0) + float(rest) == pytest.approx(seconds, abs=0.5)
        assert heading.split("[")[1].rstrip("]") in race_tiles(race, units)[0].detail
    flies = flown[1]
    grid, _ = fly_grids(flies, "mi")
    at = grid.headings.index("that is\n[mph]")
    assert float(grid.rows[0][at]) == pytest.approx(flies[0].v_mean_mps * 2.23694, abs=0.06)
    assert "s/100 m" in fly_tiles(flies, "track")[1].detail
    assert all(len(row) == len(grid.headings) for row in grid.rows)
    assert beside_speed(replace(grid, rows=()), "mean\n[m/s]", ()).headings == grid.headings


def test_the_race_page_says_where_the_kick_began_and_shades_it(raced, pages):
    analysis, race = raced
    assert race.kick.found
    assert f"from {race.kick.to_go_m:.0f} ± {race.kick.start_sd_m:.0f} m to go" in pages["race"]
    assert "two times out of three" not in pages["race"], "± is another thing in its tables"
    figure = race_figure(analysis, race)
    (shade,) = [patch for patch in figure.axes[0].patches if patch.get_label() == "kick"]
    assert shade.get_x() == pytest.approx(race.kick.start_m)
    assert shade.get_x() + shade.get_width() == pytest.approx(race.course.length_m)
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert [label.split("\n")[0] for label in labels] == ["speed", "cadence", "contact time"]


def test_a_race_without_a_kick_has_no_shade_and_says_why(made_up):
    analysis = made_up.runner("Ada", made_up.steady(5.0))
    race = race_of(analysis, None)
    section = race_section(analysis, race)
    assert "No kick: " in section.answer[0]
    figure = race_figure(analysis, race)
    assert not [patch for patch in figure.axes[0].patches if patch.get_label() == "kick"]


def test_repetitions_are_drawn_with_their_times_and_the_best_is_bold(flown):
    _, flies = flown
    assert len(flies) == 3
    ax = reps_figure(flies).axes[0]
    assert ax.get_title(loc="left") == "time [s]"
    texts = {text.get_text(): text.get_fontweight() for text in ax.texts}
    assert texts == {
        f"{fly.time_s:.2f}": "bold" if place == 1 else "normal" for place, fly in enumerate(flies)
    }


def test_a_metric_that_was_not_measured_says_so_instead_of_an_empty_panel(flown):
    _, flies = flown
    blind = [replace(fly, left_contact_s=np.nan, right_contact_s=np.nan) for fly in flies]
    last = reps_figure(blind).axes[-1]
    assert [text.get_text() for text in last.texts] == ["not measured"]


def test_every_landing_is_drawn_and_the_five_best_of_ten_are_full(hopped):
    _, (one,) = hopped
    figure = hops_figure((one,))
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    np.testing.assert_allclose(lines["landing"].get_ydata(), one.rsi_mps)
    best = lines["five best of the first ten"].get_ydata()
    assert best.mean() == pytest.approx(one.score_10_5_mps)
    bars = [bar.get_height() for bar in figure.axes[1].patches[: one.n]]
    np.testing.assert_allclose(bars, 1000.0 * one.contact_time_s)


def test_sets_stand_apart_and_one_without_any_flight_is_told():
    nothing = HopSet("1", np.full(3, np.nan), np.full(3, 200.0), np.full(3, np.nan), np.zeros(3))
    other = replace(nothing, rsi_mps=np.array([0.8, 0.9, np.nan]))
    first, second = places((nothing, other))
    assert second[0] - first[-1] > 2.0
    ax = draw_rsi(sheet(4, 3).subplots(), (nothing,))
    assert "no landing" in ax.texts[0].get_text()
    assert draw_rsi(sheet(4, 3).subplots(), (nothing, other)).get_ylim()[0] == 0.0
    assert len(draw_times(sheet(4, 3).subplots(), ()).patches) == 0


def test_draw_gives_its_axes_back(flown):
    from gaitlab.report.sheets.fly import rep_metrics

    ax = sheet(4, 3).subplots()
    assert draw_reps(ax, rep_metrics(flown[1])[0]) is ax


@pytest.mark.parametrize(
    ("suffix", "begins"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")]
)
def test_the_picture_alone_is_written_by_its_ending(flown, tmp_path, suffix, begins):
    analysis, flies = flown
    path = tmp_path / f"reps{suffix}"
    write_drill(analysis, (), lambda: reps_figure(flies), path)
    assert path.read_bytes().startswith(begins)


def test_another_ending_is_refused_with_those_that_work(flown, tmp_path):
    analysis, flies = flown
    with pytest.raises(UsageError, match="docx"):
        write_drill(analysis, (), lambda: reps_figure(flies), tmp_path / "reps.docx")


@pytest.fixture(scope="module")
def compared(raced, flown):
    from gaitlab.coaching.comparison.between import between, own_sprint

    return between(*raced, own_sprint((flown[0],)))


def test_positions_are_drawn_where_they_lie_and_empty_rows_say_why(compared):
    from gaitlab.report.sheets.between import between_figure

    ax = between_figure(compared).axes[0]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_label() == "kick"]
    known = [row.position for row in compared.rows if not row.reason]
    np.testing.assert_allclose(dots, np.clip(known, -0.35, 1.35))
    texts = {text.get_text() for text in ax.texts}
    assert {row.reason.split(":")[0] for row in compared.rows if row.reason} <= texts


def test_the_page_sets_idea_and_evidence_side_by_side_without_a_verdict(raced, compared):
    from gaitlab.report.sheets.between import between_section

    analysis, race = raced
    text = drill_html(analysis, (race_section(analysis, race), between_section(compared)))
    for part in ("What many coaches say", "PMC9047885", "10.1111/sms.14331", "181 runners",
                 "Further towards the sprint is not better"):  # fmt: skip
        assert part in text
    assert text.count("<h2") > 3


def test_hops_that_were_only_counted_are_a_page_without_numbers_that_are_not_there(hopped):
    analysis, (one,) = hopped
    nothing = np.full(one.n, np.nan)
    counted = replace(
        one, contact_time_s=nothing, flight_time_s=nothing, height_m=nothing, rsi_mps=nothing,
        flight_ratio=nothing, lag_s=nothing, contact_sd_s=float("nan"),
    )  # fmt: skip
    section = plyo_section(analysis, (counted,))
    assert section.panels[0].missing
    text = drill_html(analysis, (section,))
    assert "nan" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL).split("Methods")[0]


def test_a_page_of_counts_alone_is_not_called_good(raced):
    from gaitlab.report.words import quality_of

    analysis, _ = raced
    wanted = [("cadence_spm", "run"), ("contact_time_s", "hop"), ("flight_time_s", "hop")]
    absent = [
        replace(one, activity="hop", n=0, quality="not measurable", reason="no gyroscope")
        for one in analysis.summaries
        if one.scope == "both" and one.metric in ("contact_time_s", "flight_time_s")
    ]
    poorer = replace(analysis, summaries=(*analysis.summaries, *absent))
    quality, why = quality_of(poorer, wanted)
    assert quality == "poor"
    assert "contact time (hop): no gyroscope" in why


def test_cruise_kick_and_sprint_are_clouds_of_their_own_in_true_speeds(compared):
    from gaitlab.report.sheets.between import between_section, between_tiles

    names = [label for label, _ in compared.states]
    assert names == ["cruise", "kick", "own sprint"]
    for (_, contacts), state in zip(
        compared.states,
        (compared.rows[0].cruise, compared.rows[0].kick, compared.rows[0].sprint),
        strict=True,
    ):
        assert np.median(contacts.speed_mps) == pytest.approx(state.value)
    tiles = between_tiles(compared)
    assert tiles[0].value == f"{100 * compared.rows[0].position:.0f} %"
    titles = [panel.title for panel in between_section(compared).panels]
    assert "Contact time against speed" in titles


@pytest.mark.parametrize("which", ["race", "flying", "plyo"])
def test_the_answer_stands_above_the_numbers_and_what_to_know_below_the_pictures(pages, which):
    text = pages[which]
    answer = text.index('<ul class="lead headline">')
    tiles, panels = text.index('class="tiles"'), text.index('class="panels"')
    know, table = text.index("<h2>What to know</h2>"), text.index('<div class="scroll grid">')
    assert answer < tiles < panels < know < table


def test_the_answers_are_those_of_the_best_repetition(raced, flown, hopped):
    (said,) = fly_section(*flown, 30.0).answer
    best = flown[1][best_of(flown[1])]
    assert said.startswith(f"Best of 3, repetition {best_of(flown[1]) + 1}: 30 m in ")
    assert f"{best.time_s:.2f} ± {best.band_s:.2f} s" in said
    assert f"{best.v_max_mps:.2f} m/s" in said
    (said,) = plyo_section(*hopped).answer
    middles = [hopped[1][0].middle(name)[0] for name in ("rsi_mps", "height_m", "contact_time_s")]
    for value, unit in zip(
        middles * np.array([1.0, 100.0, 1000.0]), ("m/s", "cm", "ms"), strict=True
    ):
        told = float(re.search(rf"([\d.]+) {unit}\b", said)[1])
        assert told == pytest.approx(value, abs=0.5 if unit == "ms" else 0.05)
    race = raced[1]
    section = race_section(*raced)
    assert f"from {race.kick.to_go_m:.0f} ± " in section.answer[0]
    assert not any(line.startswith("Kick: ") for line in section.sentences), "told once"


def test_a_page_of_hops_is_not_warned_that_nobody_ran(hopped):
    analysis = replace(hopped[0], warnings=(NO_RUNNING, "The left pod slipped."))
    head, _, quality = drill_html(analysis, (plyo_section(analysis, hopped[1]),)).partition(
        'id="data-quality"'
    )
    assert NO_RUNNING not in head
    assert "The left pod slipped." in head
    assert NO_RUNNING in quality


def test_ground_and_air_of_hops_do_not_wear_the_colours_of_the_feet(hopped):
    figure = hops_figure(hopped[1])
    colours = {to_hex(patch.get_facecolor()) for patch in figure.axes[1].patches}
    assert not colours & {LEFT_COLOUR.lower(), RIGHT_COLOUR.lower()}


def test_many_sets_have_room_for_their_figures_on_a_phone(hopped):
    figure = hops_figure(tuple(hopped[1]) * 9)
    assert 9 <= len(figure.axes[1].get_xticks()) <= 12
    assert [text.get_text() for text in figure.axes[0].texts][-1] == "9"


def test_a_kick_that_lies_far_outside_is_a_triangle_at_the_edge():
    at = (-1.6, 0.4, 2.0)
    rows = [Position("speed", "6", "7", "8", x, x - 0.1, x + 0.1) for x in at]
    ax = draw_positions(sheet(5, 4).subplots(), rows, 0.4)
    marks = [line for line in ax.lines if line.get_label() == "kick"]
    assert [line.get_marker() for line in marks] == ["<", "o", ">"]
    assert all(text.get_fontsize() >= 8.4 for text in ax.texts)
    assert next(text.get_text() for text in ax.texts if "%" in text.get_text()) == "7 · −160 %"


def test_a_lap_is_named_by_both_its_ends(raced):
    race = raced[1]
    rows = race_grids(race)[0].rows
    assert rows[0][0] == f"0–{race.laps[0].stop_m:.0f} m"
    last = race.laps[-1]
    assert rows[len(race.laps) - 1][0] == f"{last.start_m:.0f}–{last.stop_m:.0f} m"
    assert [row[0] for row in rows[-2:]] == ["before", "kick"]
    assert "the rise as well" in race_grids(race)[0].note


def test_hops_and_bounds_are_not_called_better_than_each_other(hopped):
    (one,) = hopped[1]
    (said,) = plyo_section(hopped[0], (one, replace(one, kind="bounds"))).answer
    assert said.startswith(f"Highest RSI of 2 sets in set 1 ({one.kind}): ")
    assert "Best" not in said
