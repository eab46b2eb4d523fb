"""Whether the foot goes forward in the kick: what was put in comes out, in numbers and words."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.race.laps import race_of
from gaitlab.model.gait import UNKNOWN_STRIKE
from gaitlab.model.units import RAD_PER_DEG
from gaitlab.report.sheets.race import race_section
from gaitlab.report.sheets.race_strike import share_rows, strike_words


@pytest.fixture
def raced(made_up):
    """A race whose feet land at given angles before and in its kick; left, right offset."""

    def make(before_deg, kick_deg, offset_deg=0.0, kick=7.8):
        analysis = made_up.runner("Ada", made_up.race(kick=kick), angle_deg=0.0)
        contacts = analysis.contacts
        where = np.arange(len(contacts)) / len(contacts)
        base = np.where(where < 0.72, before_deg, kick_deg) + offset_deg * (contacts.foot == 0)
        noise = np.random.default_rng(2).normal(0.0, 1.5, len(contacts))
        angle = (base + noise) * RAD_PER_DEG
        changed = replace(contacts, strike_angle_rad=angle, strike=made_up.strike_codes(angle))
        return made_up.analysis_of(changed)

    return make


def answer(analysis):
    race = race_of(analysis, None)
    return race, " ".join(strike_words(race.strike))


@pytest.mark.parametrize(
    ("before_deg", "kick_deg", "said"),
    [
        (4.0, -5.0, "Yes"),
        (12.0, 3.0, "Further forward, but not onto the forefoot"),
        (-4.0, -8.0, "Already there before, and further forward"),
        (2.0, 2.0, "No change beyond its uncertainty"),
        (2.0, 8.0, "No, the toes come up"),
    ],
)
def test_the_coachs_question_is_answered_with_the_change_and_its_uncertainty(
    raced, before_deg, kick_deg, said
):
    race, words = answer(raced(before_deg, kick_deg, offset_deg=1.0))
    found = race.strike
    assert found.change_rad / RAD_PER_DEG == pytest.approx(kick_deg - before_deg, abs=0.6)
    assert 0.5 < found.change_sd_rad / RAD_PER_DEG < 1.0
    assert f"To the forefoot in the kick? {said}" in words
    assert f"(n {found.before.n}) before" in words
    assert f"of {found.during.classed} in the kick" in words


def test_a_foot_that_was_missed_before_the_kick_does_not_make_a_change(raced):
    analysis = raced(4.0, 4.0, offset_deg=8.0)  # the left foot lands 8 deg higher all along
    contacts = analysis.contacts
    lost = (contacts.foot == 0) & (np.arange(len(contacts)) < 400)
    angle = np.where(lost, np.nan, contacts.strike_angle_rad)
    strike = np.where(lost, UNKNOWN_STRIKE, contacts.strike).astype(np.int8)
    race, words = answer(
        replace(analysis, contacts=replace(contacts, strike_angle_rad=angle, strike=strike))
    )
    assert abs(race.strike.change_rad) < 1.0 * RAD_PER_DEG
    assert "No change" in words


def test_a_race_without_angles_says_so_and_one_without_a_kick_asks_nothing(raced, made_up):
    none = raced(4.0, -5.0)
    none = replace(
        none,
        contacts=replace(
            none.contacts, strike_angle_rad=np.full(len(none.contacts), np.nan),
            strike=np.full(len(none.contacts), UNKNOWN_STRIKE, np.int8),
        ),
    )  # fmt: skip
    race, words = answer(none)
    assert "cannot be told: 0 landings with an angle before the kick" in words
    panel = race_section(none, race).panels[1]
    assert panel.missing
    assert not panel.svg
    level = race_of(made_up.runner("Ada", made_up.steady(5.0)), None)
    assert level.strike is None
    assert strike_words(level.strike) == ()


def test_the_picture_tells_every_part_with_its_number_of_landings(raced):
    analysis = raced(4.0, -5.0)
    race = race_of(analysis, None)
    rows = share_rows(race)
    assert [row.label for row in rows[-2:]] == ["before kick", "in the kick"]
    assert len(rows) <= 7
    assert rows[-1].n == race.strike.during.classed
    assert rows[-1].percent[2] == pytest.approx(100.0 * race.strike.during.shares[2])
    panel = race_section(analysis, race).panels[1]
    assert "in the kick: " in panel.svg
    assert panel.narrow_svg
