"""Where the kick lies between cruise and sprint: put in and found again."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.comparison.between import State, between, own_sprint, placed, ratio_interval
from gaitlab.coaching.race.laps import race_of
from gaitlab.metrics.catalog import metric
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import RUN
from gaitlab.model.recording import Mark, Setup

CONTACT = metric("contact_time_s")


def state(value, sd=0.001, spread=0.004, n=100):
    return State(value, spread, 2 * sd, sd, n)


@pytest.fixture(scope="module")
def raced(made_up):
    analysis = made_up.runner("Ada", made_up.race(900, 6.0, 7.5), seed=3)
    return analysis, race_of(analysis, None)


@pytest.fixture(scope="module")
def flown(made_up):
    speed = np.concatenate((np.linspace(4.0, 9.0, 14), np.full(30, 9.0)))
    contacts = made_up.made_up_contacts(speed, -9.0, seed=5)
    return made_up.analysis_of(replace(contacts, activity=np.full(len(speed), RUN, np.int8)), "Ada")


def test_half_way_is_half_and_beyond_the_ends_is_told():
    row = placed(CONTACT, state(0.160), state(0.140), state(0.120))
    assert row.position == pytest.approx(0.5)
    assert row.low < 0.5 < row.high
    assert placed(CONTACT, state(0.160), state(0.110), state(0.120)).position > 1.0
    assert placed(CONTACT, state(0.160), state(0.170), state(0.120)).position < 0.0


def test_the_interval_holds_the_truth_in_95_of_100_cases():
    """Monte Carlo: the same cruise counts above and below, so the two are not independent."""
    rng = np.random.default_rng(1)
    sds = (0.002, 0.004, 0.003)
    kick, sprint, cruise = (
        centre + sd * rng.standard_normal(4000)
        for centre, sd in zip((0.145, 0.120, 0.160), sds, strict=True)
    )
    held = [
        low <= 15 / 40 <= high
        for k, f, c in zip(kick, sprint, cruise, strict=True)
        for _, low, high in [ratio_interval(k - c, f - c, sds)]
    ]
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)


def test_an_end_as_uncertain_as_the_distance_leaves_no_bounds():
    _, low, high = ratio_interval(0.01, 0.02, (0.001, 0.02, 0.02))
    assert (low, high) == (-np.inf, np.inf)
    assert ratio_interval(1.0, 2.0, (0.0, 0.0, 0.0)) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("cruise", "kick", "sprint", "words"),
    [
        (state(0.150), state(0.149), state(0.1495), "beyond their uncertainty"),
        (state(0.150, 1e-4), state(0.149), state(0.148, 1e-4), "less than single contacts"),
        (state(np.nan, n=1), state(0.149), state(0.12), "of the cruise: 1 contact with one"),
        (state(0.150), state(0.149), state(np.nan, n=4), "of the sprint: 4 contacts"),
    ],
)
def test_there_is_no_position_where_the_ends_do_not_differ(cruise, kick, sprint, words):
    row = placed(CONTACT, cruise, kick, sprint)
    assert words in row.reason
    assert np.isnan(row.position)


def test_speed_and_contact_of_a_made_up_runner_lie_where_they_were_put(raced, flown, made_up):
    found = between(*raced, own_sprint((flown,)))
    rows = {row.metric.name: row for row in found.rows}
    assert rows["speed_mps"].position == pytest.approx(0.5, abs=0.05)
    at = [made_up.contact_at(speed) for speed in (6.0, 7.5, 9.0)]
    expected = (at[1] - at[0]) / (at[2] - at[0])
    assert rows["contact_time_s"].position == pytest.approx(expected, abs=0.06)
    assert rows["contact_time_s"].low < expected < rows["contact_time_s"].high
    assert found.comparable >= 4
    assert found.lowest <= found.middle <= found.highest


def test_without_a_kick_there_is_no_position_but_both_ends_are_shown(flown, made_up):
    analysis = made_up.runner("Ada", made_up.steady(5.0))
    found = between(analysis, race_of(analysis, None), own_sprint((flown,)))
    assert {row.reason for row in found.rows} == {"no kick was found"}
    assert found.comparable == 0
    speed = found.rows[0]
    assert (speed.cruise.value, speed.sprint.value) == pytest.approx((5.0, 9.0), abs=0.1)
    assert speed.kick.n == 0


def test_the_fastest_fly_of_several_recordings_counts(flown, made_up):
    slower = replace(
        flown, contacts=replace(flown.contacts, speed_mps=0.9 * flown.contacts.speed_mps)
    )
    easy = made_up.runner("Ada", made_up.steady(3.5))
    fastest = own_sprint((slower, easy, flown))
    assert fastest.analysis is flown
    assert fastest.without == (easy.recording.name,)
    with pytest.raises(AnalysisError, match=f"no flying 30 m in {easy.recording.name}"):
        own_sprint((easy,))


def test_a_recording_without_a_sprint_is_named(raced, flown, made_up):
    easy = made_up.runner("Ada", made_up.steady(3.5))
    notes = between(*raced, own_sprint((easy, flown))).notes
    assert f"No flying sprint was found in {easy.recording.name}: not used." in notes


def test_lengths_of_a_marked_zone_are_those_of_the_marks(flown):
    contacts = flown.contacts
    entry, leave = float(contacts.ic_time_s[20]), float(contacts.ic_time_s[20]) + 3.2
    marks = (Mark(entry, "gate", 0.0), Mark(leave, "gate", 30.0))
    marked = replace(flown, recording=replace(flown.recording, marks=marks))
    sprint = own_sprint((marked,))
    assert sprint.fly.how == "marks"
    assert sprint.scale == pytest.approx(30.0 / 3.2 / 9.0, rel=0.01)


def test_another_runner_or_shoe_is_said(raced, flown):
    recording = replace(
        flown.recording, athlete=replace(flown.recording.athlete, name="Bea"),
        setup=Setup("laces", "track", "trainers", "pod"),
    )  # fmt: skip
    found = between(*raced, own_sprint((replace(flown, recording=recording),)))
    assert any("Bea" in note for note in found.notes)
    assert any("Another shoe" in note for note in found.notes)
