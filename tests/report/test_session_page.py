"""The page of a session shows what was found when; ins and outs are drawn zone by zone."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from gaitlab.coaching.drills.ins_outs import InsOuts
from gaitlab.coaching.drills.session import KINDS, NO_CHOICE, Repetition, chosen_repetitions
from gaitlab.coaching.drills.session_numbers import numbers_of
from gaitlab.coaching.drills.zones import Zone
from gaitlab.coaching.race.course import raced_part
from gaitlab.model.gait import HOP, RUN, WALK
from gaitlab.report.figures.base import sheet
from gaitlab.report.figures.timeline import Span, draw_lanes, draw_session_speed, figure_timeline
from gaitlab.report.figures.zones import ZoneTrace, draw_zones
from gaitlab.report.pages.drill import drill_html
from gaitlab.report.sheets.ins_outs import zone_grid, zones_figure
from gaitlab.report.sheets.session import (
    session_grid,
    session_sections,
    session_words,
    timeline_figure,
)


def rows_of(analysis):
    found = chosen_repetitions(analysis, KINDS, NO_CHOICE)
    return [(one, numbers_of(analysis, one)) for one in found]


@pytest.fixture(scope="module")
def session(made_up):
    """A steady run, a fly out of running, and a set of hops, with pauses between."""
    steady = np.full(120, 3.5)
    fly = np.concatenate((np.linspace(3.5, 9.2, 20), np.full(20, 9.2), np.linspace(9.0, 3.5, 8)))
    speed = np.concatenate((steady, fly, np.full(24, 0.1)))
    contacts = made_up.made_up_contacts(speed, -5.0)
    hop_ic = np.repeat(np.concatenate(([0.0], np.cumsum(np.full(11, 0.52)))), 2)
    hop_ic = hop_ic + np.tile([0.0, 0.004], 12)
    run_stop = float(contacts.ic_time_s[len(speed) - 25])
    start = np.concatenate((contacts.ic_time_s[:-24], run_stop + 12.0 + hop_ic))
    stop = np.concatenate((contacts.tc_time_s[:-24], run_stop + 12.0 + hop_ic + 0.18))
    kinds = np.repeat([RUN, HOP], (168, 24)).astype(np.int8)
    foot = np.concatenate((contacts.foot[:-24], np.tile([0, 1], 12))).astype(np.int8)
    return made_up.analysis_of(
        replace(contacts, ic_time_s=start, tc_time_s=stop, activity=kinds, foot=foot)
    )


def test_the_session_page_holds_the_overview_and_each_drill(session):
    rows = rows_of(session)
    sections = session_sections(session, rows)
    assert sections[0].key == "session"
    assert "plyo" in [section.key for section in sections]
    text = drill_html(session, sections)
    assert text.count('<h2 class="test"') == len(sections)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "The session at a glance" in text


def test_a_session_with_a_race_in_it_tells_the_race_and_not_the_longer_warm_up(made_up):
    speed = np.concatenate((np.full(500, 3.2), np.full(380, 6.0)))
    contacts = made_up.made_up_contacts(speed, -5.0)
    pause = 60.0 * (np.arange(len(speed)) >= 500)
    times = {name: getattr(contacts, name) + pause for name in ("ic_time_s", "tc_time_s")}
    both = made_up.analysis_of(replace(contacts, **times))
    section = session_sections(both, rows_of(both))[-1]
    assert section.key == "race"
    assert "Taken for a race" in section.sentences[0]
    raced = raced_part(both)
    assert raced is not None
    assert raced.contacts.ic_time_s[0] == times["ic_time_s"][500]
    warm_up = made_up.analysis_of(replace(contacts, **times).where(pause == 0.0))
    assert raced_part(warm_up) is None


def test_every_repetition_has_a_bar_in_the_lane_of_its_kind(session):
    rows = rows_of(session)
    lower = timeline_figure(session, rows).axes[1]
    names = [label.get_text() for label in lower.get_yticklabels()]
    for kind in {one.kind for one, _ in rows}:
        count = sum(one.kind == kind for one, _ in rows)
        assert f"{kind} × {count}" in names
    bars = {bar.get_label(): len(bar.get_paths()) for bar in lower.collections}
    assert sum(bars.values()) == len(rows)


def test_the_table_numbers_what_the_picture_numbers(session):
    rows = rows_of(session)
    grid = session_grid(rows)
    told = [row[0] for row in grid.rows]
    for kind in {one.kind for one, _ in rows} - {"walk", "rest"}:
        n = sum(one.kind == kind for one, _ in rows)
        named = [f"{kind} {place}" for place in range(1, n + 1)] if n > 1 else [kind]
        assert [name for name in told if name.startswith(kind)] == named
    assert not any(name.startswith(("walk", "rest")) for name in told)
    assert len(session_grid(rows, everything=True).rows) == len(rows)
    assert session_words(rows)[0].startswith("Found: ")


def test_a_session_of_walking_is_a_page_that_says_so(made_up):
    analysis = made_up.runner(speed_mps=made_up.steady(1.4, 60))
    walked = np.full(len(analysis.contacts), WALK, np.int8)
    analysis = replace(analysis, contacts=replace(analysis.contacts, activity=walked))
    rows = rows_of(analysis)
    assert "nothing but walking" in session_words(rows)[0]
    assert "The session" in drill_html(analysis, session_sections(analysis, rows))


def test_a_session_without_any_contact_still_has_a_page(made_up):
    analysis = made_up.runner()
    empty = replace(analysis, contacts=analysis.contacts.where(np.zeros(700, bool)))
    assert "no speed" in drill_html(empty, session_sections(empty, rows_of(empty)))


def test_short_repetitions_stay_visible_and_close_numbers_do_not_overlap():
    spans = [Span("sprint", 60.0 * k, 60.0 * k + 5.0, k + 1) for k in range(20)]
    close = [Span("hops", 1000.0, 1004.0, 21), Span("hops", 1006.0, 1010.0, 22)]
    ax = draw_lanes(sheet(4, 3).subplots(), [*spans, *close, Span("rest", 0.0, 1200.0, 0)])
    numbers = [text.get_text() for text in ax.texts]
    assert "22" in numbers
    assert "21" not in numbers
    widths = [path.get_extents().width for path in ax.collections[0].get_paths()]
    assert min(widths) > 0.004 * 20.0


def test_nothing_to_draw_is_said():
    assert "no repetition" in draw_lanes(sheet(4, 3).subplots(), []).texts[0].get_text()
    empty = np.empty(0)
    ax = draw_session_speed(sheet(4, 3).subplots(), empty, empty)
    assert "no speed" in ax.texts[0].get_text()
    figure_timeline([], empty, empty, (4, 4))


def test_zones_lie_between_their_borders_under_their_names():
    time = np.linspace(0.0, 8.0, 40)
    trace = ZoneTrace(
        "repetition 1", time[::4], 8.0 + np.sin(time[::4]), time, 8.0 + np.sin(time),
        np.array([0.0, 3.0, 5.0, 8.0]), np.array([6.0, 9.0, 8.0]), ("build", "in", "out"),
    )  # fmt: skip
    ax = draw_zones(sheet(5, 3).subplots(), trace)
    edges = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--"]
    assert edges == [0.0, 3.0, 5.0, 8.0]
    assert [text.get_text() for text in ax.texts] == ["build\n6.00", "in\n9.00", "out\n8.00"]
    curve = next(line for line in ax.lines if line.get_label() == "fitted")
    np.testing.assert_allclose(curve.get_ydata(), 8.0 + np.sin(time))
    low, high = ax.get_ylim()
    assert low < 8.0 < 9.0 < high


def test_the_zones_of_the_picture_stand_at_the_times_of_their_table():
    none = np.empty(0)
    zone = partial(
        Zone, start_band_s=0.1, stop_band_s=0.1, time_s=3.0, length_m=20.0, v_mean_mps=9.0,
        v_band_mps=0.1, v_max_mps=9.5, v_entry_mps=9.0, v_exit_mps=9.0, n=10, cadence_spm=270.0,
        cadence_spread_spm=2.0, step_length_m=2.0, contact_time_s=0.11, contact_spread_s=0.004,
        contact_sd_s=0.002, flight_time_s=0.11, transition_s=1.0, transition_m=9.0,
    )  # fmt: skip
    zones = (zone("in", 305.0, 308.0), zone("out", 308.0, 311.0))
    rep = Repetition("ins-outs", 305.0, 311.0, slice(0, 0), "made up")
    one = InsOuts(rep, "found", zones, 0.9, 0.02, 0.1, -3.0, 0.005, none, none, none, none)
    (ax,) = zones_figure((one,)).axes
    edges = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--"]
    assert edges == [305.0, 308.0, 311.0]
    assert ax.get_xlabel() == "time in the recording [s]"
    assert zone_grid(1, one).rows[1][1] == "308.00"
