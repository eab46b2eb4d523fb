"""Ins and outs whose zones are known: by arithmetic alone, and of a simulated session."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gaitlab.coaching.drills.effort import Strides, fit_effort, travelled_m
from gaitlab.coaching.drills.ins_outs import FEW_SEEN, ins_outs
from gaitlab.coaching.drills.session import Choice
from gaitlab.model.errors import AnalysisError
from gaitlab.model.recording import Mark
from gaitlab.report.sheets.ins_outs import ins_outs_words, zone_grid

BORDERS_S = np.array([4.0, 6.3, 8.7, 11.0])


def relaxing(time_s, tau_s=0.9):
    """A speed that heads for 9, 7.5, 9, 4 m/s after each border, from 7 m/s; coasting at last."""
    speed = np.full(len(time_s), 7.0)
    value = 7.0
    for start, stop, level in zip(
        BORDERS_S, [*BORDERS_S[1:], 99.0], (9.0, 7.5, 9.0, 4.0), strict=True
    ):
        inside = (time_s >= start) & (time_s < stop)
        onset = 2.0 if level == 4.0 else 1.0
        speed[inside] = level + (value - level) * np.exp(
            -(((time_s[inside] - start) / tau_s) ** onset)
        )
        value = level + (value - level) * np.exp(-(stop - start) / tau_s)
    return speed


def strides_of(noise=0.0, step_s=0.22, until_s=12.5):
    """Strides of both feet at that speed, each as long as it went."""
    begin_s = np.arange(1.0, until_s, step_s)
    side = np.arange(len(begin_s)) % 2 - 0.5
    end_s = begin_s + 2 * step_s
    fine_s = np.arange(0.0, until_s + 1.0, 0.001)
    way = np.concatenate(([0.0], np.cumsum(relaxing(fine_s)[:-1] * 0.001)))
    rng = np.random.default_rng(5)
    speed = (np.interp(end_s, fine_s, way) - np.interp(begin_s, fine_s, way)) / (2 * step_s)
    contact_s = 0.58 * relaxing(begin_s + 0.05) ** -0.74
    return Strides(
        begin_s, end_s, speed * (1 + noise * rng.standard_normal(len(begin_s))),
        np.log(contact_s) + noise * rng.standard_normal(len(begin_s)), side,
        np.ones(len(begin_s)),
    )  # fmt: skip


@pytest.mark.parametrize(("noise", "within_s"), [(0.0, 0.08), (0.01, 0.2)])
def test_borders_that_were_put_in_are_found_again_from_a_rough_guess(noise, within_s):
    effort = fit_effort(strides_of(noise), BORDERS_S + np.array([0.4, 0.5, -0.5, 0.3]))
    assert effort.border_s == pytest.approx(BORDERS_S, abs=within_s)
    assert np.all(effort.border_sd_s < 0.5)


def test_known_lengths_pin_the_borders():
    strides = strides_of(0.02)
    way = travelled_m(strides_of(), BORDERS_S)
    free = fit_effort(strides, BORDERS_S + 0.3)
    pinned = fit_effort(strides, BORDERS_S + 0.3, np.diff(way))
    assert np.all(pinned.lasted_sd_s < free.lasted_sd_s)
    assert pinned.border_s == pytest.approx(BORDERS_S, abs=0.15)


def test_zones_are_found_without_any_mark_and_measured_well(mixed):
    analysis, _, cones_s = mixed
    (one,) = ins_outs(analysis)
    assert [zone.intent for zone in one.zones] == ["build", "in", "out", "in"]
    borders = [zone.start_s for zone in one.zones[1:]] + [one.zones[-1].stop_s]
    assert borders == pytest.approx(cones_s, abs=0.3)
    for zone, (start, stop) in zip(one.zones[1:], pairwise(cones_s), strict=True):
        assert zone.v_mean_mps == pytest.approx(20.0 / (stop - start), rel=0.03)
        assert zone.n >= 6
        assert 0.09 < zone.contact_time_s < 0.14


def test_zones_of_known_lengths_have_their_borders_within_a_quarter_of_a_second(mixed):
    analysis, _, cones_s = mixed
    (one,) = ins_outs(analysis, (20.0, 20.0, 20.0))
    assert one.how == "lengths"
    borders = [zone.start_s for zone in one.zones] + [one.zones[-1].stop_s]
    assert borders == pytest.approx(cones_s, abs=0.25)
    assert [zone.length_m for zone in one.zones] == [20.0] * 3
    truth = 20.0 / np.diff(cones_s)
    assert [zone.v_mean_mps for zone in one.zones] == pytest.approx(truth, rel=0.03)
    assert one.retention_share == pytest.approx(truth[1] / truth[0], abs=one.retention_band)
    assert one.reacceleration_mps == pytest.approx(truth[2] - truth[0], abs=0.3)
    assert one.out_contact_s > 0.0


def test_marks_are_the_borders_exactly(mixed):
    analysis, _, cones_s = mixed
    marks = tuple(Mark(at, "cone", 20.0 * k) for k, at in enumerate(cones_s))
    analysis = replace(analysis, recording=replace(analysis.recording, marks=marks))
    (one,) = ins_outs(analysis)
    assert one.how == "marks"
    assert [zone.start_s for zone in one.zones] == cones_s[:-1]
    assert [zone.v_mean_mps for zone in one.zones] == pytest.approx(20.0 / np.diff(cones_s))
    assert not one.cautions
    wrong = tuple(Mark(at, "cone", 30.0 * k) for k, at in enumerate(cones_s))
    (odd,) = ins_outs(replace(analysis, recording=replace(analysis.recording, marks=wrong)))
    assert "longer than the pods measured" in odd.cautions[-1]
    assert odd.cautions[-1][0].upper() + odd.cautions[-1][1:] + "." in ins_outs_words(odd)


def test_a_border_that_is_hardly_seen_is_called_unsure_and_no_number_stands_without_a_middle(mixed):
    (one,) = ins_outs(mixed[0])
    unseen = replace(one.zones[1], stop_band_s=3553.6, cadence_spm=np.nan)
    (row,) = zone_grid(1, replace(one, zones=(unseen,))).rows
    assert row[2].endswith(" unsure")
    assert row[7] == "–"


def test_zones_looked_for_with_one_foot_say_that_two_may_stand_as_one(mixed):
    analysis, meant, cones_s = mixed
    one_foot = replace(analysis, contacts=analysis.contacts.where(analysis.contacts.foot == 0))
    (start_s,) = (at for kind, at in meant if kind == "ins-outs")
    part = Choice("ins-outs", start_s, cones_s[-1] + 3.0)
    (found,) = ins_outs(one_foot, (), (), part)
    assert FEW_SEEN in found.cautions
    assert any("two of them may stand here as one" in line for line in ins_outs_words(found))
    (given,) = ins_outs(one_foot, (20.0, 20.0, 20.0), (), part)
    assert FEW_SEEN not in given.cautions, "the lengths tell them apart"
    (both,) = ins_outs(analysis)
    assert FEW_SEEN not in both.cautions


def test_a_row_that_is_not_the_whole_of_what_was_run_says_so(mixed):
    (whole,) = ins_outs(mixed[0], (20.0, 20.0, 20.0))
    assert not any("fastest zone" in line for line in whole.cautions)
    (part,) = ins_outs(mixed[0], (20.0, 10.0))
    assert any("were run nearly as fast as the fastest zone" in line for line in part.cautions)


def test_a_row_that_would_begin_before_the_first_step_says_so(mixed):
    analysis, meant, _ = mixed
    (start_s,) = [begin_s for kind, begin_s in meant if kind == "sprint"]
    part = Choice("ins-outs", start_s - 1.0, start_s + 9.0)
    (late,) = ins_outs(analysis, (30.0, 30.0), (), part)
    assert not late.cautions
    (early,) = ins_outs(analysis, (35.0, 35.0), (), part)
    assert any("before the first step" in line for line in early.cautions)


def test_the_user_may_say_what_each_zone_was_meant_to_be(mixed):
    (one,) = ins_outs(mixed[0], (20.0, 20.0, 20.0), ("in", "out", "out"))
    assert [zone.intent for zone in one.zones] == ["in", "out", "out"]
    assert one.reacceleration_mps != one.reacceleration_mps
    assert any("re-acceleration" in line for line in one.missing)


def test_no_ins_and_outs_is_an_answer(made_up, mixed):
    with pytest.raises(AnalysisError, match="no ins-and-outs"):
        ins_outs(made_up.runner(speed_mps=np.full(200, 3.0)))
    with pytest.raises(AnalysisError, match="400 m long"):
        ins_outs(mixed[0], (200.0, 200.0))
    with pytest.raises(AnalysisError, match="no ins-and-outs"):
        ins_outs(mixed[0], (), (), Choice("sprint"))
