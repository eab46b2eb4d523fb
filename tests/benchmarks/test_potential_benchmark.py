"""The benchmark of forecasts: its examples, its fit, and the coverage of an earlier check."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from potential import cross_validated, examples, report_earlier
from potential_fit import EVENTS, counts, fit


def test_every_worked_example_agrees():
    assert all(row[-1] for row in examples())


def test_the_fit_finds_the_slope_that_was_put_in():
    rng = np.random.default_rng(2)
    sex = rng.integers(0, 2, 800)
    x = rng.normal([6.9, 4.0], 0.05, (800, 2))
    y = 5.5 + 0.1 * sex + (x - x.mean(0)) @ [0.5, 0.4] + rng.normal(0, 0.02, 800)
    coefficients, _, s0, _, kept = fit(x, sex, y)
    np.testing.assert_allclose(coefficients, [5.5, 5.6, 0.5, 0.4], atol=0.06)
    assert s0 == pytest.approx(0.02, rel=0.1)
    assert kept.mean() > 0.99


def test_intervals_of_made_up_athletes_hold_what_they_say_and_beat_the_base_rate():
    rng = np.random.default_rng(5)
    n = 1500
    log_time = np.full((n, len(EVENTS)), np.nan)
    level = rng.normal(0, 0.05, n)
    noise = rng.standard_t(6.15, (2, n)) * 0.855 * 0.02
    log_time[:, EVENTS.index("5000")] = 6.9 + level + noise[0]
    log_time[:, EVENTS.index("1500")] = 5.5 + level + noise[1]
    sex = rng.integers(0, 2, n)
    row = cross_validated(log_time, sex, rng.integers(0, 10, n), ["5000"], "1500")
    assert row["cov80"] == pytest.approx(0.80, abs=0.03)
    assert row["brier"] < 0.8 * row["brier_base"]


def test_base_rates_count_whoever_ran_the_goal_or_faster():
    n, first, step, faster = counts(np.log(np.repeat([118.0, 120.0, 122.0, 124.0], 10)), "800")
    assert (n, step) == (40, 1)
    assert faster[120 - first] == 20
    assert faster[121 - first] == 20
    assert counts(np.log([120.0] * 19), "800") is None


def test_the_earlier_cross_validation_covers_what_it_promises(shared_data, capsys):
    table = shared_data / "potential" / "recommended_cv.csv"
    if not table.exists():
        pytest.skip("no table of the cross-validation")
    assert report_earlier(table)
    assert "151018 forecasts" in capsys.readouterr().out
