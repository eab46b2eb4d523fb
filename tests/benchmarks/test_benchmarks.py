"""The yardsticks themselves: made-up analyses whose errors are known by hand."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from certainty import contact_coverage, coverage, reliability
from gaitlab.model.recording import FEET
from grid import STRIKES, made, plans, quick
from measures import band_of, describe, measure
from scoring import f1, match, score
from targets import QUANTITIES, defects, excess


def truth_of(analysis, late_s=0.0):
    """The truth that an analysis would be perfect for, if it were ``late_s`` early."""
    c = analysis.contacts
    return pd.DataFrame(
        {
            "foot": np.array(FEET)[c.foot],
            "ic_time": c.ic_time_s + late_s,
            "tc_time": c.tc_time_s + late_s,
            "contact_time_s": c.contact_time_s,
            "flight_time_s": c.flight_time_s,
            "step_time_s": c.step_time_s,
            "stride_time_s": c.stride_time_s,
            "strike": "rearfoot",
            "strike_angle_deg": np.degrees(c.strike_angle_rad),
            "stride_length_m": c.stride_length_m,
            "speed_mps": c.speed_mps,
            "cadence_spm": c.cadence_spm,
            "activity": "run",
            "in_gap": False,
        }
    )


def test_a_perfect_analysis_has_no_error(make_analysis):
    analysis = make_analysis(21)
    result = score(analysis, truth_of(analysis))
    assert (result.f1, result.missed, result.invented) == (1.0, 0, 0)
    for column in ("ic_error_ms", "tc_error_ms", "length_error_pct", "angle_error_deg"):
        assert result.pairs[column].abs().max() == pytest.approx(0.0, abs=1e-9)


def test_a_constant_delay_is_found_as_bias(make_analysis):
    analysis = make_analysis(21)
    result = score(analysis, truth_of(analysis, late_s=0.012))
    np.testing.assert_allclose(result.pairs["ic_error_ms"], -12.0, atol=1e-6)
    np.testing.assert_allclose(result.pairs["contact_error_ms"], 0.0, atol=1e-6)


def test_what_is_missing_or_extra_is_counted_once(make_analysis):
    analysis = make_analysis(21)
    truth = truth_of(analysis)
    shorter = score(analysis, truth.drop(index=6))
    assert (shorter.missed, shorter.invented) == (0, 1)
    more = pd.concat([truth, truth.iloc[[3]].assign(ic_time=30.0, tc_time=30.2)])
    assert (score(analysis, more).missed, score(analysis, more).invented) == (1, 0)


def test_truth_in_a_hole_is_neither_missed_nor_wrong(make_analysis):
    analysis = make_analysis(21)
    truth = truth_of(analysis)
    truth.loc[4, "in_gap"] = True
    result = score(analysis, truth)
    assert (len(result.pairs), result.missed, result.invented) == (20, 0, 0)


def test_contacts_are_matched_one_to_one():
    found, truth = match(np.array([0.0, 0.05, 1.0]), np.array([0.04, 1.2]))
    assert found.tolist() == [1]
    assert truth.tolist() == [0]
    assert match(np.empty(0), np.array([1.0]))[0].size == 0


def test_f1_is_the_harmonic_mean_of_precision_and_recall():
    precision, recall = 8 / 10, 8 / 12
    assert f1(8, 4, 2) == pytest.approx(2 / (1 / precision + 1 / recall))
    assert f1(0, 3, 3) == 0.0


def test_chances_that_come_true_have_no_gap_and_boasting_ones_do():
    rng = np.random.default_rng(1)
    stated = np.repeat([0.6, 0.9], 20_000)
    right = rng.random(len(stated)) < stated
    pairs = pd.DataFrame(
        {
            "found_p_rearfoot": stated,
            "found_p_midfoot": 1.0 - stated,
            "found_p_forefoot": 0.0,
            "true_strike": np.where(right, "rearfoot", "midfoot"),
        }
    )
    assert reliability(pairs)[1] < 0.01
    boasting = pairs.assign(found_p_rearfoot=0.99, found_p_midfoot=0.01)
    assert reliability(boasting)[1] == pytest.approx(0.99 - right.mean(), abs=1e-9)


def test_normal_errors_with_their_own_sd_are_covered_in_nine_of_ten():
    rng = np.random.default_rng(2)
    n = 20_000
    sd_s = rng.uniform(0.002, 0.01, n)
    pairs = pd.DataFrame(
        {
            "ic_error_ms": 1000 * sd_s * rng.standard_normal(n),
            "found_ic_sd_s": sd_s,
            "tc_error_ms": 2000 * sd_s * rng.standard_normal(n),
            "found_tc_sd_s": sd_s,
            **dict.fromkeys(
                (
                    "contact_error_ms", "found_contact_time_sd_s", "angle_error_deg",
                    "found_strike_angle_sd_deg", "found_stride_length_m", "true_stride_length_m",
                    "found_stride_length_sd_m",
                ),
                np.nan,
            ),
        }
    )  # fmt: skip
    inside = contact_coverage(pairs).set_index("number")["inside_pct"]
    assert inside["initial contact"] == pytest.approx(90.0, abs=1.0)
    assert inside["terminal contact"] == pytest.approx(58.9, abs=1.5)  # half the SD stated
    assert "strike angle" not in inside.index


def test_many_recordings_of_few_athletes_leave_the_share_inside_open():
    def rows(athletes):
        inside = np.tile([True] * 8 + [False] * 2, 40)
        return pd.DataFrame(
            {"metric": "speed", "inside": inside, "error": 1.0, "uncertainty": 1.0,
             "athlete": athletes}
        )  # fmt: skip

    every_one = coverage(rows(np.arange(400)), "metric").loc["speed"]
    ten = coverage(rows(np.tile(np.arange(10), 40)), "metric").loc["speed"]
    assert every_one["inside_pct"] == ten["inside_pct"] == pytest.approx(80.0)
    assert every_one["high_pct"] - every_one["low_pct"] == pytest.approx(6.6, abs=1.0)
    assert ten["high_pct"] - ten["low_pct"] == pytest.approx(41.0, abs=10.0)


def test_speeds_fall_into_their_bands():
    bands = band_of(pd.Series(["run", "sprint", "walk"]), np.array([2.99, 9.0, 1.4]))
    assert bands.tolist() == ["run, below 3 m/s", "run, 9 to 13", "walk"]


@pytest.mark.parametrize(("value", "beyond"), [(-6.0, 1.2), (4.0, 0.8), (np.nan, 0.0)])
def test_excess_is_error_over_limit(value, beyond):
    bias = next(item for item in QUANTITIES if item.key == "ic_error_ms:bias")
    assert excess(bias, value, 5.0) == pytest.approx(beyond)


def test_excess_of_a_lower_limit_is_the_shortfall():
    counted = next(item for item in QUANTITIES if item.key == "f1")
    assert excess(counted, 0.98, 0.99) == pytest.approx(2.0)


def test_the_quick_part_has_every_row_of_every_table():
    every = {(plan.table, plan.row) for plan in plans()}
    assert {(plan.table, plan.row) for plan in quick(plans())} == every
    assert len({plan.name for plan in plans()}) == len(plans())
    assert {plan.strike for plan in plans()} == set(STRIKES)


def test_a_simulated_plan_is_measured_and_a_late_clock_becomes_a_defect():
    case = made(plans()[0])
    fine = measure([case])
    assert describe(fine)["n"] > 60
    moved = case.truth.assign(ic_time_s=case.truth["ic_time_s"] - 0.03)
    late = measure([type(case)(**{**vars(case), "truth": moved})])
    listed = defects(late, pd.Series({case.name: 208.0}))
    assert "initial contact, bias, ms" in set(listed["quantity"])
