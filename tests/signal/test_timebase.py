"""Clocks that were damaged on purpose: each sample must come back in its own slot."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitlab.model.errors import InputError
from gaitlab.model.recording import FootStream
from gaitlab.signal.stamps import RESTART_GAP_S, in_order
from gaitlab.signal.timebase import to_even

RATES_HZ = [52.0, 100.0, 208.0, 1125.0]


def numbered(time_s, **facts):
    """A stream whose acc_x is the number of the sample: slots can be read back."""
    n = len(time_s)
    acc = np.zeros((n, 3))
    acc[:, 0] = np.arange(n)
    acc[:, 2] = 9.81
    gyr = np.zeros((n, 3))
    gyr[:, 1] = -acc[:, 0]
    return FootStream("left", np.asarray(time_s, float), acc, gyr, **facts)


def lossy(rate_hz, n, lost, jitter_periods=0.0, seed=1):
    """Stamps of the samples that arrived, and the numbers of those samples."""
    rng = np.random.default_rng(seed)
    kept = np.flatnonzero(~lost)
    jitter = np.clip(rng.normal(0, jitter_periods, n), -2.5 * jitter_periods, 2.5 * jitter_periods)
    return ((np.arange(n) + jitter) / rate_hz)[kept], kept


def stream_of(time_s, kept):
    stream = numbered(time_s)
    acc = stream.acc_mps2.copy()
    acc[:, 0] = kept
    gyr = stream.gyr_radps.copy()
    gyr[:, 1] = -kept
    return FootStream("left", stream.time_s, acc, gyr)


def assert_in_their_slots(even, kept):
    """Sample number k sits k slots behind the first one, and nothing else is there."""
    present = np.flatnonzero(~even.missing)
    np.testing.assert_array_equal(even.acc_mps2[present, 0] - kept[0], present)
    np.testing.assert_array_equal(even.gyr_radps[present, 1] + kept[0], -present.astype(float))
    assert len(present) == len(kept)
    assert np.isnan(even.acc_mps2[even.missing]).all()
    assert np.isnan(even.gyr_radps[even.missing]).all()


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_an_even_clock_is_passed_on_as_it_is(rate_hz):
    stream = numbered(5.0 + np.arange(1000) / rate_hz, declared_rate_hz=rate_hz * 1.01)
    even, facts = to_even(stream)
    np.testing.assert_array_equal(even.acc_mps2, stream.acc_mps2)
    np.testing.assert_array_equal(even.gyr_radps, stream.gyr_radps)
    assert even.rate_hz == pytest.approx(rate_hz, rel=1e-9)
    assert even.start_s == pytest.approx(5.0)
    assert facts.declared_rate_hz == rate_hz * 1.01
    assert facts.missing_fraction == 0.0
    assert not len(facts.gaps_s)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("jitter_periods", [0.0, 0.1, 0.2])
def test_samples_of_lost_packets_are_missing_and_all_others_keep_their_slot(
    rate_hz, jitter_periods
):
    rng = np.random.default_rng(3)
    lost = np.repeat(rng.random(1500) < 0.05, 4)
    lost[[0, -1]] = False
    time_s, kept = lossy(rate_hz, 6000, lost, jitter_periods)
    even, facts = to_even(stream_of(time_s, kept))
    assert_in_their_slots(even, kept)
    assert even.rate_hz == pytest.approx(rate_hz, rel=2e-4)
    assert facts.missing_fraction == pytest.approx(lost.mean())
    assert facts.jitter_s * rate_hz == pytest.approx(jitter_periods, abs=0.02)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("jitter_periods", [0.25, 0.35])
def test_jitter_alone_never_makes_a_hole(jitter_periods, seed):
    time_s, kept = lossy(104.0, 20_000, np.zeros(20_000, bool), jitter_periods, seed)
    even, facts = to_even(stream_of(np.maximum.accumulate(time_s), kept))
    assert_in_their_slots(even, kept)
    assert facts.true_rate_hz == pytest.approx(104.0, rel=1e-5)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_holes_of_seconds_are_as_long_as_they_were(rate_hz):
    lost = np.zeros(20_000, bool)
    for start, hole in ((4000, 37), (9000, 2500), (15_000, 801)):
        lost[start : start + hole] = True
    time_s, kept = lossy(rate_hz, len(lost), lost, 0.15)
    even, facts = to_even(stream_of(time_s, kept))
    assert_in_their_slots(even, kept)
    expected = np.array([[9000, 11_500], [15_000, 15_801]]) / rate_hz
    np.testing.assert_allclose(facts.gaps_s[-2:], expected, atol=0.02 / rate_hz + 1e-3)


def test_single_lost_samples_of_a_steady_clock_are_found():
    lost = np.random.default_rng(5).random(9000) < 0.11
    lost[[0, -1]] = False
    time_s, kept = lossy(100.0, 9000, lost)
    even, _ = to_even(stream_of(np.round(time_s, 2), kept))
    assert_in_their_slots(even, kept)


@pytest.mark.parametrize("rate_hz", [104.0, 120.0, 208.0])
def test_stamps_in_whole_milliseconds_still_give_the_true_rate(rate_hz):
    time_s = np.round(np.arange(12_000) / rate_hz, 3)
    even, facts = to_even(numbered(time_s))
    assert_in_their_slots(even, np.arange(12_000))
    assert even.rate_hz == pytest.approx(rate_hz, rel=1e-5)
    assert facts.jitter_s == pytest.approx(1e-3 / np.sqrt(12), rel=0.1)


def test_a_clock_that_drifts_loses_no_sample():
    """5 ppm up and down within the hour, as with a pod that warms up and cools down."""
    rng = np.random.default_rng(8)
    n, rate_hz = 200 * 3600, 200.0
    true_s = np.arange(n) / rate_hz
    drift_s = 5e-6 * 600 * np.sin(true_s / 600)
    even, _ = to_even(numbered(true_s + drift_s + rng.normal(0, 0.1 / rate_hz, n)))
    assert_in_their_slots(even, np.arange(n))


def test_one_stamp_per_packet_is_spread_over_its_samples():
    stamp_s = np.repeat(np.arange(300) * 10 / 100.0, 10)
    even, facts = to_even(numbered(stamp_s))
    assert_in_their_slots(even, np.arange(3000))
    assert even.rate_hz == pytest.approx(100.0, rel=1e-6)
    assert facts.duplicates == 0


def test_a_lost_packet_is_seen_when_packets_share_a_stamp():
    packet = np.delete(np.arange(300), [40, 41, 200])
    number = (packet[:, None] * 10 + np.arange(10)).ravel()
    even, _ = to_even(stream_of(np.repeat(packet / 10.0, 10), number))
    assert_in_their_slots(even, number)


@pytest.mark.parametrize("interval_s", [0.015, 0.030, 0.050])
def test_samples_stamped_as_the_radio_delivers_them_are_counted(interval_s):
    """Every 30 ms come three or four samples of 104 Hz, all with the same stamp."""
    true_s = np.arange(12_000) / 104.0
    even, facts = to_even(numbered(np.ceil(true_s / interval_s) * interval_s))
    assert_in_their_slots(even, np.arange(12_000))
    assert facts.true_rate_hz == pytest.approx(104.0, rel=1e-4)
    assert facts.jitter_s < interval_s


def test_a_hole_is_seen_between_samples_stamped_as_delivered():
    kept = np.delete(np.arange(12_000), np.arange(5000, 5312))
    even, _ = to_even(stream_of(np.ceil(kept / 104.0 / 0.03) * 0.03, kept))
    assert len(even.missing) == pytest.approx(12_000, abs=2)
    assert even.missing[5000:5310].all()


def test_samples_that_wait_for_a_stalled_radio_are_not_lost():
    """Stamped on arrival: now and then nothing comes for 0.2 s, then everything at once."""
    true_s = np.arange(20_000) / 100.0
    arrival_s = true_s + np.random.default_rng(4).normal(0, 0.0005, 20_000)
    for start in range(700, 20_000, 1300):
        stalled = slice(start, start + 20)
        arrival_s[stalled] = true_s[start + 20] + np.arange(20) * 1e-4
    even, _ = to_even(numbered(np.maximum.accumulate(arrival_s)))
    assert_in_their_slots(even, np.arange(20_000))
    np.testing.assert_allclose(even.time_s, true_s, atol=0.002)


def test_packets_that_come_twice_count_once():
    number = np.arange(1000)
    doubled = np.concatenate((number[:500], number[490:700], number[680:]))
    stream = numbered(number / 200.0)
    again = FootStream(
        "left", stream.time_s[doubled], stream.acc_mps2[doubled], stream.gyr_radps[doubled]
    )
    even, facts = to_even(again)
    assert_in_their_slots(even, number)
    assert facts.duplicates == 30
    assert facts.backward_steps == 2


def test_equal_stamps_with_different_values_are_two_samples():
    time_s = np.arange(1000) / 200.0
    time_s[501] = time_s[500]
    even, facts = to_even(numbered(time_s))
    assert_in_their_slots(even, np.arange(1000))
    assert facts.duplicates == 0


def test_late_packets_are_sorted_in():
    number = np.arange(1000)
    order = np.concatenate((number[:300], number[310:320], number[300:310], number[320:]))
    stream = numbered(number / 200.0)
    shuffled = FootStream(
        "left", stream.time_s[order], stream.acc_mps2[order], stream.gyr_radps[order]
    )
    even, facts = to_even(shuffled)
    assert_in_their_slots(even, number)
    assert facts.backward_steps == 1


def test_what_follows_a_restart_of_the_clock_is_kept_behind_it():
    first, second = np.arange(2000) / 200.0, np.arange(3000) / 200.0
    even, facts = to_even(numbered(np.concatenate((first, second))))
    assert np.count_nonzero(~even.missing) == 5000
    assert facts.backward_steps == 1
    assert len(even.missing) == 5000 + round(RESTART_GAP_S * 200) - 1
    np.testing.assert_allclose(
        facts.gaps_s, [[2000 / 200, 2000 / 200 + RESTART_GAP_S - 1 / 200]], atol=1e-6
    )


@pytest.mark.parametrize("stray_s", [1e6, -1e6, 40.0])
def test_a_stray_stamp_costs_its_samples_and_nothing_else(stray_s):
    time_s = np.arange(4000) / 200.0
    time_s[1000:1003] += stray_s
    even, _ = to_even(numbered(time_s))
    kept = np.delete(np.arange(4000), np.arange(1000, 1003))
    assert_in_their_slots(even, kept)


def test_samples_without_a_stamp_are_left_out():
    time_s = np.arange(1000) / 100.0
    time_s[200:204] = np.nan
    even, _ = to_even(numbered(time_s))
    assert_in_their_slots(even, np.delete(np.arange(1000), np.arange(200, 204)))


def test_lost_samples_that_were_recorded_as_nan_are_missing():
    stream = numbered(np.arange(500) / 100.0)
    acc = stream.acc_mps2.copy()
    acc[100:120, 1] = np.nan
    even, facts = to_even(FootStream("left", stream.time_s, acc, stream.gyr_radps))
    assert np.flatnonzero(even.missing).tolist() == list(range(100, 120))
    assert np.isnan(even.acc_mps2[even.missing]).all()
    assert np.isnan(even.gyr_radps[even.missing]).all()
    np.testing.assert_allclose(facts.gaps_s, [[1.0, 1.2]], atol=1e-9)


def test_uneven_sampling_is_interpolated_between_close_neighbours_only():
    """A sensor that samples at random instants: a straight line must stay one."""
    rng = np.random.default_rng(11)
    step_s = 0.01 * rng.uniform(0.5, 1.3, 4000)
    step_s[2000] = 0.3
    time_s = np.cumsum(step_s)
    acc = np.column_stack((3 * time_s, np.zeros(4000), np.full(4000, 9.81)))
    even, facts = to_even(FootStream("left", time_s, acc, np.full((4000, 3), np.nan)))
    seen = ~even.missing
    assert seen.mean() > 0.95
    np.testing.assert_allclose(even.acc_mps2[seen, 0], 3 * even.time_s[seen], rtol=1e-9)
    inside = (even.time_s > time_s[1999] + 1e-9) & (even.time_s < time_s[2000] - 1e-9)
    assert inside.sum() > 20
    assert even.missing[inside].all()
    assert not even.has_gyroscope
    assert len(facts.gaps_s) == 1


def test_time_of_the_even_signal_lies_on_the_recording_axis():
    rng = np.random.default_rng(2)
    time_s = 1000.0 + np.arange(5000) / 104.0 + rng.normal(0, 0.002, 5000)
    even, _ = to_even(numbered(time_s))
    np.testing.assert_allclose(even.time_s, 1000.0 + np.arange(5000) / 104.0, atol=3e-4)


@pytest.mark.parametrize("n", [0, 1])
def test_a_stream_without_two_stamps_has_no_clock(n):
    with pytest.raises(InputError, match="no usable clock"):
        to_even(numbered(np.arange(float(n))))


def test_a_clock_that_hangs_for_a_while_costs_no_sample():
    time_s = np.arange(4000) / 200.0
    time_s[1000:1400] = time_s[1000]
    even, _ = to_even(numbered(time_s))
    assert_in_their_slots(even, np.arange(4000))
    np.testing.assert_allclose(even.time_s, np.arange(4000) / 200.0, atol=0.3)


def test_a_clock_that_stands_still_is_refused():
    with pytest.raises(InputError, match="no usable clock"):
        to_even(numbered(np.full(100, 3.0)))


def test_a_span_of_days_is_refused_before_a_grid_is_made():
    time_s = np.concatenate((np.arange(100) / 100.0, 1e9 + np.arange(100) / 100.0))
    with pytest.raises(InputError, match="hours"):
        to_even(numbered(time_s))


def test_a_grid_that_is_nearly_all_holes_is_refused():
    time_s = np.concatenate((np.arange(1000) / 5000.0, 80_000 + np.arange(1000) / 5000.0))
    with pytest.raises(InputError, match="nearly all holes"):
        to_even(numbered(time_s))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_clock_is_so_bad_that_the_repair_breaks(data):
    n = data.draw(st.integers(2, 80))
    step_s = data.draw(st.lists(st.floats(-3, 3) | st.just(0.01), min_size=n, max_size=n))
    with suppress(InputError):
        even, facts = to_even(numbered(np.cumsum(step_s)))
        assert even.rate_hz > 0
        assert np.isfinite(facts.jitter_s)


@pytest.mark.parametrize("n", [2, 3, 5, 20])
def test_a_handful_of_samples_is_enough(n):
    time_s = np.arange(n) / 100.0
    time_s[-1] += 0.002
    even, facts = to_even(numbered(time_s))
    assert_in_their_slots(even, np.arange(n))
    assert facts.true_rate_hz == pytest.approx(100, rel=0.2)


def test_the_input_stays_as_it_is():
    time_s = np.array([0.0, 0.01, 0.03, 0.02, 0.04, 0.04, 0.09])
    stream = numbered(time_s)
    before = [a.copy() for a in (stream.time_s, stream.acc_mps2, stream.gyr_radps)]
    to_even(stream)
    for now, then in zip((stream.time_s, stream.acc_mps2, stream.gyr_radps), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_what_was_repaired_is_told():
    time_s = np.concatenate((np.arange(500), [499], np.arange(300))) / 100.0
    stream = numbered(time_s)
    acc = stream.acc_mps2.copy()
    gyr = stream.gyr_radps.copy()
    acc[500], gyr[500] = acc[499], gyr[499]
    ordered, repairs = in_order(FootStream("left", time_s, acc, gyr))
    assert (repairs.duplicates, repairs.restarts, repairs.glitches) == (1, 1, 0)
    assert (np.diff(ordered.time_s) > 0).all()


@pytest.mark.parametrize("name", ["dropouts", "rough_packetloss5"])
def test_as_many_samples_are_missing_as_were_lost(shared_data, name):
    """Independent simulator: its truth says how many samples each pod lost."""
    import json

    from gaitlab.recordings import load

    truth = json.loads((shared_data / "sim-dev" / f"{name}.truth.json").read_text())
    for stream in load(shared_data / "sim-dev" / f"{name}.parquet").feet:
        even, _ = to_even(stream)
        assert int(even.missing.sum()) == truth["sensors"][stream.foot]["lost_samples"]
