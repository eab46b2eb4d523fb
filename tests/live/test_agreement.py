"""Fed in batches, the analysis gives what it gives for the whole recording."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_streams import fed, in_turn, pairs, replayed, same

from gaitlab.live import LiveAnalyzer
from gaitlab.model.gait import Contacts
from gaitlab.pipeline import analyze
from gaitlab.recordings import load

BUNDLED = ("distance_easy", "distance_race_kick", "heel_striker_easy", "sprinter_fly")
SHARED = ("walk_run_mix", "upside_down", "dropouts")


def check(recording, size):
    whole = analyze(recording)
    found = same(replayed(recording, size), whole.contacts, 1.0 / whole.signals[0].rate_hz)
    assert found["f1"] >= 0.99
    assert found["times"] >= 0.97  # 0.99 over all of them: benchmarks/live.py
    assert found["strike"] >= 0.975
    assert found["activity"] >= 0.98


@pytest.mark.parametrize("name", BUNDLED)
def test_live_contacts_are_those_of_the_batch_analysis(bundled, name):
    check(load(bundled / f"{name}.gait.parquet"), 21)


@pytest.mark.parametrize("name", SHARED)
def test_and_on_recordings_of_an_independent_simulator(shared_data, name):
    check(load(shared_data / "sim-dev" / f"{name}.parquet"), 20)


@pytest.fixture(scope="module")
def in_twenties(easy):
    return replayed(easy, 20)


def test_every_field_but_the_segment_is_that_of_the_batch_analysis(easy_batch, in_twenties):
    i, j = pairs(in_twenties, easy_batch)
    assert len(i) == len(easy_batch) == len(in_twenties)
    assert (in_twenties.segment == -1).all()
    steady = (in_twenties.activity[i] == easy_batch.activity[j]) & easy_batch.valid[j]
    i, j = i[steady], j[steady]
    for name, off in (("ic_time_s", 0.001), ("contact_time_s", 0.004), ("stride_time_s", 0.004),
                      ("stride_length_m", 0.05), ("strike_angle_rad", 0.05)):  # fmt: skip
        gap = np.abs(getattr(in_twenties, name)[i] - getattr(easy_batch, name)[j])
        assert np.nanpercentile(gap, 95) < off, name
    for name in ("foot", "valid", "flags"):
        agree = getattr(in_twenties, name)[i] == getattr(easy_batch, name)[j]
        assert agree.mean() > 0.97, name


@pytest.mark.parametrize("size", [1, 7, 208, 2081, 100_000])
def test_the_size_of_the_batches_does_not_matter(easy, in_twenties, size):
    found = replayed(easy, size)
    for name in ("foot", "ic_time_s", "tc_time_s", "strike", "stride_length_m", "activity"):
        np.testing.assert_array_equal(getattr(found, name), getattr(in_twenties, name))


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(sizes=st.lists(st.integers(1, 900), min_size=1, max_size=12))
def test_nor_do_batches_of_any_sizes(easy, in_twenties, sizes):
    found = fed(LiveAnalyzer.for_recording(easy), in_turn(easy, sizes))
    np.testing.assert_array_equal(found.ic_time_s, in_twenties.ic_time_s)
    np.testing.assert_array_equal(found.strike, in_twenties.strike)


def test_contacts_come_in_order_soon_after_their_stride(easy):
    waits_s, last_s = [], [-np.inf]

    def watch(_, batch, new: Contacts):
        assert (np.diff(new.ic_time_s) >= 0).all()
        if len(new):
            assert new.ic_time_s[0] >= last_s[0]
            last_s[0] = new.ic_time_s[-1]
            waits_s.append(batch.time_s[-1] - (new.ic_time_s + new.stride_time_s))

    replayed(easy, 4, watch)
    assert len(waits_s) > 20  # not all at the end
    once_known = np.concatenate(waits_s[1:])
    once_known = once_known[np.isfinite(once_known)]
    assert once_known.min() > 0.0
    assert np.percentile(once_known, 80) < 1.2


def test_the_state_tells_what_the_runner_does_now(easy, easy_batch):
    states = []
    analyzer = LiveAnalyzer.for_recording(easy)
    assert analyzer.state.n_contacts == 0
    assert analyzer.state.activity == "rest"
    assert np.isnan(analyzer.state.cadence_spm)
    fed(analyzer, in_turn(easy, [20]), lambda one, batch, _: states.append(one.state))
    running = [state for state in states if state.activity == "run"]
    assert len(running) > 50
    middle = running[len(running) // 2]
    run = easy_batch.activity == 0
    assert middle.cadence_spm == pytest.approx(np.nanmedian(easy_batch.cadence_spm[run]), rel=0.03)
    assert middle.speed_mps == pytest.approx(np.nanmedian(easy_batch.speed_mps[run]), rel=0.05)
    assert middle.feet_known == ("left", "right")
    assert 0.5 < middle.behind_s < 3.0
    assert set(middle.strikes) <= {"rearfoot", "midfoot", "forefoot", "unknown"}
    assert analyzer.state.n_contacts == len(easy_batch)
