"""The line is found again, also when some contacts are wild."""

import numpy as np
import pytest

from gaitlab.coaching.numbers.regress import robust_line


def test_finds_the_line_that_was_put_in():
    x = np.linspace(3, 6, 50)
    line = robust_line(x, 0.4 - 0.05 * x)
    assert line.slope == pytest.approx(-0.05)
    assert line.at(4.5) == pytest.approx(0.4 - 0.05 * 4.5)


def test_a_tenth_of_wild_points_does_not_bend_it():
    rng = np.random.default_rng(3)
    x = rng.uniform(3, 6, 400)
    y = 0.4 - 0.05 * x + rng.normal(0, 0.004, 400)
    y[:40] += 0.2
    assert robust_line(x, y).at(4.5) == pytest.approx(0.175, abs=0.002)


def test_the_standard_error_is_that_of_many_repetitions():
    rng = np.random.default_rng(4)
    x = rng.uniform(3, 6, 60)
    lines = [robust_line(x, 1 + 0.1 * x + rng.normal(0, 0.02, 60)) for _ in range(400)]
    scatter = np.std([line.at(5.5) for line in lines])
    stated = np.mean([line.standard_error_at(5.5) for line in lines])
    assert stated == pytest.approx(scatter, rel=0.25)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_points_make_no_line(n):
    assert robust_line(np.arange(n, dtype=float), np.arange(n, dtype=float)) is None


def test_one_speed_makes_no_line():
    assert robust_line(np.full(9, 4.0), np.arange(9.0)) is None


def test_nan_pairs_are_left_out():
    x = np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    y = np.array([2.0, 4.0, 6.0, np.nan, 10.0])
    line = robust_line(x, y)
    assert line.n == 3
    assert line.at(3.0) == pytest.approx(6.0)
