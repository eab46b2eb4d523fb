"""Speeds matched as shares of the own top speed: put in, found again, or refused, and why."""

import json
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.cli.compare import parse_top, refuse_mixture
from gaitlab.coaching.comparison.exchange import study_dict
from gaitlab.coaching.comparison.relative import relative_to_top
from gaitlab.coaching.comparison.study import study_at_share, study_of
from gaitlab.coaching.numbers.select import parts_of
from gaitlab.model.errors import UsageError

RAMP = np.linspace(4.0, 7.0, 400)


def stretched(made_up, name, factor, seed):
    """A runner who does at ``factor`` times the speed what the made-up one does."""
    contacts = made_up.made_up_contacts(RAMP, -4.0, seed=seed)
    faster = {f"{what}": factor * getattr(contacts, what) for what in ("speed_mps",
              "stride_length_m", "step_length_m")}  # fmt: skip
    return made_up.analysis_of(replace(contacts, **faster), name)


@pytest.fixture
def pair(made_up):
    """The same movement at the same share: tops of 8.0 and 9.6 m/s."""
    return stretched(made_up, "Ada", 1.0, 1), stretched(made_up, "Bea", 1.2, 2)


TOPS = {"Ada": 8.0, "bea": 9.6}


def values(study, name):
    row = next(row for row in study.comparison.rows if row.metric.name == name)
    return [value.value for value in row.values]


def test_runners_who_move_alike_at_one_share_are_alike_there_and_not_at_one_speed(pair, made_up):
    parts = parts_of(pair)
    found = study_at_share(parts, TOPS, 0.75)
    assert found.comparison.matched_share == 0.75
    assert found.comparison.matched_speed_mps is None
    ada, bea = values(found, "contact_time_s")
    assert ada == pytest.approx(made_up.contact_at(6.0), abs=0.002)
    assert bea == pytest.approx(ada, abs=0.002)
    slow, fast = values(found, "speed_mps")
    assert (slow, fast) == (pytest.approx(6.0, abs=0.05), pytest.approx(7.2, abs=0.06))
    apart = np.subtract(*values(study_of(parts, 6.0), "contact_time_s"))
    assert abs(apart) == pytest.approx(made_up.contact_at(5.0) - made_up.contact_at(6.0), abs=0.002)


def test_the_share_that_all_ran_most_is_found(pair):
    found = study_at_share(parts_of(pair), TOPS)
    assert 0.5 < found.comparison.matched_share < 0.875


def test_a_share_that_one_did_not_run_is_no_comparison_for_that_one(pair, made_up):
    slow = made_up.runner("Cas", np.full(200, 3.0), seed=3)
    found = study_at_share(parts_of((*pair, slow)), TOPS | {"Cas": 8.0}, 0.75)
    row = next(row for row in found.comparison.rows if row.metric.name == "cadence_spm")
    assert row.values[2].n == 0
    assert row.values[2].reason == (
        "no comparison: 0 contacts within 5 points of 75 % of the own top speed"
    )
    apart = study_at_share(parts_of((pair[0], slow)), {"Ada": 8.0, "Cas": 8.0})
    assert apart.comparison.matched_share is None
    assert "Cas ran 36 to 39 % of top speed" in apart.comparison.reason


def test_nothing_published_and_no_position_stands_beside_a_share(pair):
    found = study_at_share(parts_of(pair), TOPS, 0.75)
    assert not any(row.reference_at_this_speed() for row in found.comparison.rows)
    assert not any(place.standings for row in found.places for place in row)
    data = json.loads(json.dumps(study_dict(found), allow_nan=False))
    assert data["matched_share_of_top_speed"] == 0.75
    assert [top["mps"] for top in data["top_speeds"]] == [8.0, 9.6]


def test_the_top_speed_is_that_of_the_own_fly_or_there_is_no_comparison(pair, made_up):
    up = np.concatenate((np.linspace(3, 8.8, 14), np.full(30, 8.8)))
    fly = made_up.runner("Ada", up, seed=5)
    fly = replace(fly, recording=replace(fly.recording, name="tuesday"))
    found = study_at_share(parts_of((*pair, fly)), {})
    assert [top.label for top in found.tops] == ["Ada (Ada session)", "Ada (tuesday)"]
    assert [top.mps for top in found.tops] == [pytest.approx(8.8, rel=0.03)] * 2
    assert "fastest 30 m of tuesday" in found.tops[0].source
    assert found.comparison.at == ""
    assert found.comparison.reason == (
        "no comparison: no top speed of Bea is known (no flying 30 m among the recordings)"
    )


@pytest.mark.parametrize(
    ("given", "what"),
    [({"Ada": 90.0}, "a top speed of 90 m/s"), ({"Zoe": 8.0}, "a top speed for Zoe"),
     ({"": 8.0}, "one top speed for 2 runners"), ({"Ada": float("nan")}, "a top speed of nan")],
)  # fmt: skip
def test_a_top_speed_that_cannot_be_is_refused(pair, given, what):
    with pytest.raises(UsageError, match=what):
        relative_to_top(parts_of(pair), given)


def test_options_that_do_not_go_together_are_refused():
    with pytest.raises(UsageError, match="is no speed"):
        parse_top("Ada=8,9")
    with pytest.raises(UsageError, match="--relative with"):
        refuse_mixture(relative=True, at_speeds=True, has_shares=False)
    with pytest.raises(UsageError, match="without --relative"):
        refuse_mixture(relative=False, at_speeds=False, has_shares=True)
