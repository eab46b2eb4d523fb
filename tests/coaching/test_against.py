"""A watch beside a recording: shifted, biased and cut copies of a run are found again."""

import numpy as np
import pytest

import gaitlab
from gaitlab.coaching.comparison.against import against
from gaitlab.metrics.by_second import by_second
from gaitlab.model.errors import AnalysisError
from gaitlab.model.series import ReferenceSeries


@pytest.fixture(scope="module")
def seconds(bundled):
    return by_second(gaitlab.analyze(gaitlab.load(bundled / "distance_race_kick.gait.parquet")))


def watch(seconds, first, last, **change):
    """What a watch would say that began ``first`` seconds into the run."""
    names = ("speed_mps", "cadence_spm", "contact_time_s")
    values = {name: change.get(name, 0.0) + seconds.means[name][first:last] for name in names}
    return ReferenceSeries(np.arange(last - first, dtype=float), values, source="watch")


def test_the_place_and_the_bias_are_found_again(seconds):
    found = against(seconds, watch(seconds, 20, 140, contact_time_s=0.012))
    assert found.offset_s == seconds.start_s + 20
    differences = {one.quantity: one for one in found.differences}
    assert differences["contact_time_s"].bias == pytest.approx(0.012)
    assert differences["contact_time_s"].spread == pytest.approx(0, abs=1e-12)
    assert differences["cadence_spm"].bias == 0
    assert differences["step_length_m"].reason


def test_a_given_offset_is_believed(seconds):
    found = against(seconds, watch(seconds, 20, 140), offset_s=seconds.start_s + 30)
    assert np.isnan(found.likeness)
    assert found.time_s[0] == seconds.start_s + 30.5


def test_another_run_is_refused(seconds):
    rng = np.random.default_rng(1)
    other = ReferenceSeries(np.arange(300.0), {"cadence_spm": rng.uniform(10, 200, 300)})
    with pytest.raises(AnalysisError, match="laid beside each other"):
        against(seconds, other)
    with pytest.raises(AnalysisError, match="no time in common"):
        against(seconds, watch(seconds, 0, 60), offset_s=5000.0)
    empty = ReferenceSeries(np.arange(3.0), {"speed_mps": np.ones(3)})
    with pytest.raises(AnalysisError, match="at least"):
        against(seconds, empty)
