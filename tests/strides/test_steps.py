"""Stretches of one long array against plain loops over them."""

import numpy as np
import pytest

from gaitlab.strides.steps import Stretches

CASES = {
    "side by side": ([0, 4, 7], [4, 7, 10]),
    "apart": ([1, 5], [3, 9]),
    "one": ([2], [10]),
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def stretches(request):
    first, last = (np.array(bounds) for bounds in request.param)
    return Stretches(first, last, 10)


def slices(stretches):
    return [slice(a, b) for a, b in zip(stretches.first, stretches.last, strict=True)]


def test_sums_and_extremes_are_those_of_each_stretch(stretches):
    values = np.random.default_rng(1).normal(size=(3, 10))
    sums = [values[:, part].sum(axis=1) for part in slices(stretches)]
    np.testing.assert_allclose(stretches.sums(values), sums, atol=1e-15)
    largest = [values[0, part].max() for part in slices(stretches)]
    np.testing.assert_array_equal(stretches.largest(values[0]), largest)


def test_a_running_sum_before_a_stretch_leaves_the_stretch_out(stretches):
    values = np.arange(1.0, 11.0)
    before = [values[: part.start].sum() for part in slices(stretches)]
    np.testing.assert_array_equal(stretches.before(np.cumsum(values)), before)


def test_spread_values_fill_their_stretch_and_nothing_else(stretches):
    ones = np.ones(len(stretches.first))
    made = stretches.spread(ones, 2.0 * np.arange(len(ones)))
    wanted = np.zeros((2, 10))
    for k, part in enumerate(slices(stretches)):
        wanted[0, part], wanted[1, part] = 1.0, 2.0 * k
    np.testing.assert_array_equal(made, wanted)
