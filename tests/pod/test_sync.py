"""An offset that was put between two feet is found again, or refused with the reason."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.model.recording import FootStream, Recording
from gaitlab.pod.assemble import StreamReport
from gaitlab.pod.sync import (
    FeetOffset,
    SyncError,
    both_feet,
    offset_by_arrivals,
    offset_by_stamps,
    with_foot_shifted,
)

THREE_S = (5.0, 5.55, 6.3)


def felt(
    foot, stamps_s, *, rate_hz=200.0, clock_s=0.0, seconds=14.0, noise=0.3, seed=0, busy_s=(),
    ring_hz=28.0,
):  # fmt: skip
    """A standing foot that feels knocks at true times and steps about in ``busy_s`` stretches."""
    rng = np.random.default_rng(seed)
    true_s = np.arange(rng.random() / rate_hz, seconds, 1.0 / rate_hz)
    norm = np.full(len(true_s), 9.81)
    for stamp_s in stamps_s:
        after = np.maximum(true_s - stamp_s, 0.0)
        norm += 120.0 * np.exp(-after / 0.02) * np.sin(2 * np.pi * ring_hz * after)
    for start_s, stop_s in busy_s:
        inside = (true_s > start_s) & (true_s < stop_s)
        norm[inside] += rng.normal(0.0, 25.0, inside.sum())
    direction = rng.normal(size=3)
    acc = norm[:, None] * direction / np.linalg.norm(direction) + rng.normal(
        0, noise, (len(norm), 3)
    )
    return FootStream(foot, true_s + clock_s, acc, np.zeros((len(norm), 3)), 160.0, 35.0, rate_hz)


def with_holes(stream, *holes_s):
    lost = np.any([(stream.time_s > a) & (stream.time_s < b) for a, b in holes_s], axis=0)
    return replace(stream, acc_mps2=np.where(lost[:, None], np.nan, stream.acc_mps2))


@pytest.mark.parametrize("offset_ms", [-40.0, -17.3, -5.0, 0.0, 2.5, 11.0, 40.0])
@pytest.mark.parametrize("rates_hz", [(200.0, 200.0), (208.0, 100.0), (100.0, 400.0)])
def test_the_offset_that_was_put_in_is_found_again(offset_ms, rates_hz):
    errors_ms = []
    for seed in range(5):
        left = felt("left", THREE_S, rate_hz=rates_hz[0], seed=seed)
        right = felt(
            "right",
            THREE_S,
            rate_hz=rates_hz[1],
            seed=seed + 50,
            clock_s=offset_ms / 1e3,
            noise=0.6,
        )
        found = offset_by_stamps(left, right, apart_sd_s=0.0)
        assert (found.how, found.n_stamps) == ("stamps", 3)
        np.testing.assert_allclose(found.at_s, THREE_S, atol=0.04)
        error_s = found.offset_s - offset_ms / 1e3
        assert abs(error_s) < 3.0 * found.sd_s
        errors_ms.append(error_s * 1e3)
    assert np.sqrt(np.mean(np.square(errors_ms))) < 2.0


def test_feet_of_different_build_and_a_single_knock_are_enough():
    left, right = felt("left", [6.0]), felt("right", [6.0], ring_hz=22.0, clock_s=0.013, seed=9)
    found = offset_by_stamps(left, right)
    assert found.n_stamps == 1
    assert found.offset_s == pytest.approx(0.013, abs=0.005)
    assert found.sd_s > 0.005  # landings of two feet are no closer


def test_more_stamps_make_it_surer():
    def sd_s(stamps_s):
        return offset_by_stamps(
            felt("left", stamps_s), felt("right", stamps_s, seed=3), apart_sd_s=0.0
        ).sd_s

    assert sd_s(THREE_S) < sd_s(THREE_S[:1])


def test_running_around_the_stamps_does_not_disturb():
    busy = [(8.0, 13.5)]
    found = offset_by_stamps(
        felt("left", THREE_S, busy_s=busy),
        felt("right", THREE_S, busy_s=busy, seed=4, clock_s=-0.02),
    )
    assert found.offset_s == pytest.approx(-0.02, abs=0.003)


def test_a_stamp_that_lost_samples_is_left_out():
    left = felt("left", THREE_S)
    right = with_holes(felt("right", THREE_S, seed=2, clock_s=0.01), (5.53, 5.58))
    found = offset_by_stamps(left, right)
    assert found.n_stamps == 2
    assert found.offset_s == pytest.approx(0.01, abs=0.003)


@pytest.mark.parametrize(
    ("left_s", "right_s", "words"),
    [
        ((), (), "no group of stamps"),
        (THREE_S, (), "no group of stamps"),
        ((0.3,), (0.3,), "no group of stamps"),  # no stillness before it
        ((5.0,), (5.13,), "did not move alike|apart or more"),  # one step after the other
        ((5.0, 5.05, 5.10, 5.15, 5.2, 5.25), (5.0, 5.05, 5.10, 5.15, 5.2, 5.25), "equally well"),
        ((3.0, 7.0, 11.0), (3.0, 7.03, 10.96), "disagree"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(left_s, right_s, words):
    left, right = felt("left", left_s), felt("right", right_s, seed=8)
    with pytest.raises(SyncError, match=words) as refusal:
        offset_by_stamps(left, right)
    assert "stand still" in refusal.value.todo


def test_a_long_hole_and_an_empty_foot_are_refused():
    left = felt("left", THREE_S)
    with pytest.raises(SyncError, match="no group"):
        offset_by_stamps(left, with_holes(felt("right", THREE_S, seed=1), (4.8, 6.5)))
    nothing = FootStream("right", np.empty(0), np.empty((0, 3)), np.empty((0, 3)))
    with pytest.raises(SyncError, match="no group"):
        offset_by_stamps(left, nothing)


def test_clocks_that_step_back_or_hold_no_number_do_not_stop_it():
    left, right = felt("left", THREE_S), felt("right", THREE_S, seed=6, clock_s=0.004)
    time_s = right.time_s.copy()
    time_s[100:105] = time_s[100]
    time_s[200] = np.nan
    time_s[300] -= 0.02
    found = offset_by_stamps(left, replace(right, time_s=time_s))
    assert found.offset_s == pytest.approx(0.004, abs=0.003)


def report(offset_sd_s, received=1000):
    return StreamReport(
        200.0, 200.0, 3.0, 1.0, offset_sd_s, received, 0, 0, True, np.empty((0, 2)), 0
    )


def test_arrivals_say_no_offset_as_sure_as_both_streams_are():
    found = offset_by_arrivals(report(0.003), report(0.004))
    assert (found.offset_s, found.how) == (0.0, "arrivals")
    assert found.sd_s == pytest.approx(0.005)
    assert str(found) == "right foot +0.0 ms after the left, ± 5.0 ms, from the arrivals"
    with pytest.raises(SyncError, match="the right one 0"):
        offset_by_arrivals(report(0.003), report(np.nan, 0))


def test_a_foot_that_is_missing_is_refused():
    recording = Recording("one", (felt("left", ()),))
    with pytest.raises(SyncError, match="the recording has left"):
        both_feet(recording)
    with pytest.raises(SyncError):
        with_foot_shifted(recording, FeetOffset(0.01, 0.001, "stamps"))


@pytest.mark.parametrize("foot", ["left", "right"])
def test_the_shifted_recording_has_no_offset_and_says_so(foot):
    recording = Recording(
        "two",
        (felt("right", THREE_S, clock_s=0.025, seed=5), felt("left", THREE_S)),
        notes=("before",),
    )
    before_s = [stream.time_s.copy() for stream in recording.feet]
    offset = offset_by_stamps(*both_feet(recording))
    shifted = with_foot_shifted(recording, offset, foot)
    again = offset_by_stamps(*both_feet(shifted))
    assert again.offset_s == pytest.approx(0.0, abs=0.0005)
    assert shifted.notes[0] == "before"
    assert f"the {foot} foot was moved by" in shifted.notes[1]
    for stream, was_s, new in zip(recording.feet, before_s, shifted.feet, strict=True):
        np.testing.assert_array_equal(stream.time_s, was_s)
        np.testing.assert_allclose(np.diff(new.time_s), np.diff(was_s), atol=1e-12)
    with pytest.raises(ValueError, match="expected left or right"):
        with_foot_shifted(recording, offset, "unknown")
