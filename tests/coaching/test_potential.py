"""The forecast against its published examples, a second implementation, and what it must refuse."""

import importlib.util
import json

import numpy as np
import pytest

from gaitlab.coaching.potential.answer import Question
from gaitlab.coaching.potential.cells import candidates, cells
from gaitlab.coaching.potential.chance import forecast
from gaitlab.coaching.potential.law import Law, t_deviation
from gaitlab.coaching.potential.local import LocalAthlete, repair_of
from gaitlab.coaching.potential.race_events import event_of, race_time, seconds_of, time_text
from gaitlab.model.errors import UsageError


def ask(sex, times, goal, group=None, local=()):
    event, _, time = goal.partition("=")
    known = tuple(race_time(*text.split("="), sex) for text in times.split())
    return forecast(
        Question(sex, known, event_of(event), seconds_of(time) if time else None, group, local)
    )


# POTENTIAL, section 5: examples of the reference code; printed digits
EXAMPLES = [
    ("m", "400=50.0 5000=15:30", "1500=4:00", "3:51.6", ("3:43.3", "4:00.3"), 0.89),
    ("m", "400=54.0 5000=15:30", "1500=4:00", "3:58.6", ("3:50.0", "4:07.4"), 0.59),
    ("m", "400=58.0 5000=15:30", "1500=4:00", "4:05.2", ("3:56.4", "4:14.4"), 0.21),
    ("m", "5000=15:30", "1500=4:00", "4:03.4", ("3:51.3", "4:16.1"), 0.35),
    ("f", "400=60.0 1500=4:45", "800=2:15", "2:13.8", None, 0.69),
    ("f", "400=64.0 1500=4:45", "800=2:15", "2:18.3", None, 0.10),
    ("m", "400=52.0 1500=4:00", "5000=15:00", "16:08.9", None, 0.04),
    ("m", "400=56.0 1500=4:00", "5000=15:00", "15:42.1", None, 0.12),
]  # fmt: skip


@pytest.mark.parametrize("group", [None, "uk_club"])
@pytest.mark.parametrize(("sex", "times", "goal", "median", "range80", "chance"), EXAMPLES)
def test_the_worked_examples_come_out_to_the_printed_digit(
    sex, times, goal, median, range80, chance, group
):
    one = ask(sex, times, goal, group)
    assert time_text(one.median_s) == median
    assert round(one.probability, 2) == chance
    if range80:
        printed = [seconds_of(end) for end in range80]  # rounded twice: 4:14.347, 4:14.35, 4:14.4
        np.testing.assert_allclose(one.interval_s(0.8), printed, atol=0.055)


def test_a_sprint_alone_returns_the_base_rate_of_the_885_men_and_says_so():
    one = ask("m", "400=50.0", "1500=4:00")
    assert one.kind == "base rate"
    assert one.n == 885
    assert round(one.base_rate, 2) == 0.27
    assert one.probability == one.base_rate
    assert "does not change" in one.notes[0]
    low, high = one.formula.interval_s(0.8)  # the regression is shown as evidence only
    assert [time_text(t) for t in (one.formula.time_s(0.5), low, high)] == [
        "4:09.7", "3:50.2", "4:30.7"
    ]  # fmt: skip
    assert round(float(one.formula.chance(240.0)), 2) == 0.26


def test_a_faster_sprint_alone_changes_nothing_over_5000():
    slow, fast = ask("m", "400=54.0", "5000=15:30"), ask("m", "400=50.0", "5000=15:30")
    assert slow.probability == fast.probability
    assert (fast.n, round(fast.base_rate, 2)) == (264, 0.18)  # POTENTIAL, section 1
    assert round(float(fast.formula.chance(930.0)), 2) == 0.23
    assert round(float(slow.formula.chance(930.0)), 2) == 0.21


@pytest.mark.parametrize("target", ["1500", "mile", "3000", "5000", "10000", "half", "marathon"])
@pytest.mark.parametrize("sex", ["m", "f"])
def test_a_sprint_alone_is_never_a_forecast_from_1500_m(sex, target):
    for times in ("200=27.0", "400=58.0", "200=27.0 400=58.0"):
        one = ask(sex, times, target)
        assert one.kind == "base rate"
        assert one.law is None
        assert one.n >= 20


@pytest.mark.parametrize("target", ["half", "marathon"])
def test_road_races_ignore_a_400(target):
    with_it = ask("f", "400=62.0 5000=17:30 10000=36:30", target, "uk_club")
    without = ask("f", "5000=17:30 10000=36:30", target, "uk_club")
    assert with_it.median_s == without.median_s
    why = next(row.why for row in with_it.contributions if row.event == "400")
    assert "only the longer races count" in why


def test_a_thin_cell_of_women_falls_back_to_fewer_inputs():
    """Fewer than 20 women ran 800, mile, half: the cell has no answer for them, but for men."""
    cell = cells()["uk_club"][("800", "Mile"), "HM"]
    assert cell.n[1] < 20 <= cell.n[0]
    assert cell.typical("f") is None
    assert cell.typical("m") is not None
    one = ask("f", "800=2:12 mile=4:55", "half", "uk_club")
    assert sum(row.used for row in one.contributions) == 1
    assert one.n >= 20


def test_times_far_from_everybody_have_no_comparable_athletes():
    one = ask("m", "5000=25:00", "marathon=4:00:00", "uk_club")
    assert one.kind == "no comparable athletes"
    assert one.probability is None
    assert one.median_s is None
    assert "no comparable athletes" in one.notes[0]


def test_a_pair_that_nobody_has_is_not_answered_from_the_sprint():
    assert ask("m", "400=46.0 5000=22:00", "1500=4:00").kind == "no comparable athletes"


def test_the_spread_widens_outside_the_data():
    shares = [
        (lambda r: (r[1] - r[0]) / one.median_s)(one.interval_s(0.8))
        for one in (ask("m", f"5000={t}", "10000", "uk_club") for t in ("16:00", "18:30", "20:00"))
    ]
    assert shares[0] < shares[1] < shares[2]


def test_a_3000_lies_between_the_1500_and_the_5000():
    short, middle, long = (ask("m", "800=1:58", target) for target in ("1500", "3000", "5000"))
    way = np.log(2.0) / np.log(10 / 3)
    expected = np.exp((1 - way) * np.log(short.median_s) + way * np.log(long.median_s))
    assert middle.median_s == pytest.approx(expected, rel=1e-6)
    assert middle.base_rate is None
    assert ask("m", "1500=3:55 5000=14:50", "3000=8:30").base_rate > 0


def test_a_3000_as_input_is_the_5000_that_goes_with_it_and_wider():
    """Forth and back: the 3000 forecast from a 5000 is taken for that 5000."""
    there = ask("m", "5000=15:37.3", "3000", "uk_club").median_s
    back = ask("m", f"3000={time_text(there, 2)}", "1500=4:00", "uk_club")
    direct = ask("m", "5000=15:37.3", "1500=4:00", "uk_club")
    assert back.median_s == pytest.approx(direct.median_s, rel=1e-3)
    assert back.law.spread > direct.law.spread
    assert "3000" in back.notes[0]
    assert back.base_rate == direct.base_rate


def test_a_3000_beside_a_400_counts_for_the_800():
    one = ask("f", "400=59.0 3000=10:10", "800=2:12")
    assert sum(row.used for row in one.contributions) == 2
    assert one.law.spread < ask("f", "400=59.0", "800=2:12").law.spread


def test_a_mile_is_input_and_goal():
    assert ask("m", "mile=4:20", "1500=4:00").kind == "forecast"
    assert ask("m", "1500=4:00 5000=15:00", "mile=4:20").kind == "forecast"


def test_without_a_group_the_groups_that_look_alike_are_mixed():
    one = ask("m", "400=50.0", "800=1:56")
    weights = {share.group: share.weight for share in one.shares}
    assert weights["uk_club"] == pytest.approx(0.36, abs=0.005)  # of the reference code
    assert one.n == sum(share.n for share in one.shares)
    low, high = one.interval_s(0.8)
    assert [round(t, 2) for t in (one.median_s, low, high)] == [116.54, 109.96, 123.44]


def test_every_input_tells_what_it_moved():
    one = ask("m", "400=50.0 5000=15:30", "1500=4:00")
    four, five = one.contributions
    typical = one.law.location[0] - four.shift - five.shift
    assert np.log(4 * 60 + 1.5) < typical < np.log(4 * 60 + 5)
    assert time_text(four.without.median_s) == "4:03.4"  # the 5000 alone, as in the examples
    assert round(four.without.chance, 2) == 0.35
    assert four.without.n == 1514
    assert five.without.inputs == ()


def test_the_chance_of_the_median_is_a_half_and_of_the_interval_its_share():
    law = Law(np.array([0.3, 0.7]), np.log([230.0, 250.0]), np.array([0.02, 0.04]))
    assert float(law.chance(law.time_s(0.5))) == pytest.approx(0.5)
    low, high = law.interval_s(0.8)
    assert float(law.chance(high) - law.chance(low)) == pytest.approx(0.8)
    assert t_deviation(0.9) == pytest.approx(0.855 * 1.4343, abs=2e-3)  # t with 6.15 degrees


def test_more_than_three_inputs_use_the_best_three_at_most():
    one = ask("m", "400=50 800=1:53 1500=3:52 5000=14:50 10000=31:30", "mile")
    assert 1 <= sum(row.used for row in one.contributions) <= 3
    assert all(row.used or row.why for row in one.contributions)


def test_a_goal_without_any_other_time_is_refused():
    with pytest.raises(UsageError, match="no time to forecast"):
        ask("m", "1500=4:00", "1500=3:50")


def club(n, factor, seed=3):
    """Athletes whose 5000 is what the UK cell expects of them times ``factor``."""
    rng = np.random.default_rng(seed)
    made = []
    for k in range(n):
        base = ask("m", f"10000={2040 + 30 * (k % 5)}", "5000", "uk_club").median_s
        wobble = np.exp(0.01 * rng.standard_normal())
        made.append(LocalAthlete(f"a{k}", "m", {"10000": 2040 + 30 * (k % 5),
                                                "5000": base * factor * wobble}))  # fmt: skip
    return tuple(made)


def test_the_clubs_own_results_pull_the_median_towards_them():
    plain = ask("m", "10000=35:00", "5000", "uk_club")
    local = ask("m", "10000=35:00", "5000", "uk_club", club(30, 1.06))
    moved = np.log(local.median_s / plain.median_s)
    assert moved == pytest.approx(np.log(1.06) * 30 / 40, abs=0.004)
    assert local.repairs[0].n == 30


def test_local_repair_is_the_formula_by_hand():
    fix = repair_of(np.array([0.02, 0.04, 0.06]), 0.03)
    shift = 0.04 * 3 / 13
    squares = 20 * 0.03**2 + sum((r - shift) ** 2 for r in (0.02, 0.04, 0.06))
    assert (fix.n, fix.shift) == (3, pytest.approx(shift))
    assert fix.spread == pytest.approx(np.sqrt(squares / 23))


@pytest.fixture(scope="module")
def reference(shared_data):
    """The implementation that the coefficients came with, where it is present."""
    file = shared_data / "potential" / "reference" / "potential.py"
    if not file.exists():
        pytest.skip("no reference implementation")
    spec = importlib.util.spec_from_file_location("potential_reference", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = json.loads((shared_data / "potential" / "coefficients.json").read_text())["cells"]
    return module, model


QUESTIONS = [
    ({"400": 52.3, "1500": 241.0}, "m", "5000"),
    ({"200": 25.1, "400": 55.0, "800": 124.0}, "m", "1500"),
    ({"5000": 1130.0, "10000": 2330.0, "HM": 5200.0}, "f", "Mar"),
    ({"Mile": 262.0}, "m", "5000"),
    ({"800": 118.0, "400": 50.0, "1500": 240.0, "5000": 930.0}, "m", "10000"),
    ({"5000": 1500.0}, "m", "Mar"),
    ({"400": 59.0}, "f", "800"),
]


@pytest.mark.parametrize("group", [None, "uk_club"])
@pytest.mark.parametrize(("times", "sex", "target"), QUESTIONS)
def test_a_second_implementation_agrees(reference, times, sex, target, group):
    module, model = reference
    parts = module.predict(model, times, "M" if sex == "m" else "F", target, group)
    best = candidates(times, target, sex, group)[0]
    assert "+".join(best.inputs) + ">" + target == parts[0][4]
    for share in (0.1, 0.25, 0.5, 0.9):
        theirs = np.exp(module.quantile(parts, share))
        assert best.law.time_s(share) == pytest.approx(theirs, rel=1e-8)
    goal = best.law.time_s(0.4)
    assert float(best.law.chance(goal)) == pytest.approx(module.cdf(parts, np.log(goal)), abs=1e-9)
