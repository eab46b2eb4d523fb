"""What happens to streams: holes, repeats, late and dead pods, clocks that jump, no gyroscope."""

from dataclasses import replace

import numpy as np
import pytest
from live_streams import fed, in_turn, made, pairs, part, replayed, same

from gaitlab.live import LiveAnalyzer, LivePod
from gaitlab.model.errors import UsageError
from gaitlab.model.gait import RUN, Flag
from gaitlab.pipeline import analyze
from gaitlab.simulate import Programme, run, stand

SAMPLE_S = 0.005


def without(recording, foot, start_s, stop_s):
    """The recording with a hole in one foot."""
    return replace(recording, feet=tuple(
        part(one, (one.time_s < start_s) | (one.time_s >= stop_s)) if one.foot == foot else one
        for one in recording.feet
    ))  # fmt: skip


def check_like_batch(live, batch, **least):
    found = same(live, batch, SAMPLE_S)
    for name, value in ({"f1": 0.98, "times": 0.95, "activity": 0.95} | least).items():
        assert found[name] >= value, (name, found)


def test_repeated_batches_change_nothing(easy):
    def twice():
        for foot, batch in in_turn(easy, [20]):
            yield foot, batch
            yield foot, batch

    found = fed(LiveAnalyzer.for_recording(easy), twice())
    once = replayed(easy)
    np.testing.assert_allclose(found.ic_time_s, once.ic_time_s, atol=1e-6)


def test_batches_out_of_order_are_sorted_in(easy):
    batches = list(in_turn(easy, [10]))
    order = np.arange(len(batches)).reshape(-1, 4)[: len(batches) // 4]
    swapped = [batches[k] for k in order[:, [2, 0, 3, 1]].ravel()]
    found = fed(LiveAnalyzer.for_recording(easy), swapped)
    check_like_batch(found, replayed(easy, 10), f1=1.0, times=0.99)


def test_lost_samples_are_holes_and_flagged(easy):
    lossy = without(easy, "left", 12.15, 12.21)
    batch = analyze(lossy).contacts
    found = replayed(lossy)
    check_like_batch(found, batch)
    i, j = pairs(found, batch)
    gap = (batch.flags[j] & Flag.GAP) > 0
    assert gap.any()
    np.testing.assert_array_equal((found.flags[i] & Flag.GAP)[gap] > 0, True)


def test_lost_samples_that_are_sent_as_nan_are_the_same_holes(easy):
    def blanked(stream):
        lost = (stream.time_s > 12.0) & (stream.time_s < 12.4) & (stream.foot == "left")
        acc, gyr = stream.acc_mps2.copy(), stream.gyr_radps.copy()
        acc[lost], gyr[lost] = np.nan, np.nan
        return replace(stream, acc_mps2=acc, gyr_radps=gyr)

    found = replayed(replace(easy, feet=tuple(blanked(one) for one in easy.feet)))
    left_out = replayed(without(easy, "left", 12.0 + 1e-9, 12.4))
    check_like_batch(found, left_out, f1=1.0, times=0.98)


@pytest.mark.parametrize("hole_s", [1.5, 3.0, 6.0])
def test_a_pod_that_drops_out_and_returns_costs_only_its_hole(easy, hole_s):
    holed = without(easy, "right", 11.0, 11.0 + hole_s)
    batch = analyze(holed).contacts
    found = replayed(holed)
    check_like_batch(found, batch, f1=0.95, times=0.93, activity=0.93)
    inside = (found.foot == 1) & (found.ic_time_s > 11.2) & (found.ic_time_s < 10.8 + hole_s)
    assert not inside.any()


def test_a_hole_of_a_minute_in_both_feet_parts_the_stream(easy):
    def later(stream):
        return replace(stream, time_s=stream.time_s + 60.0 * (stream.time_s > 13.0))

    paused = replace(easy, feet=tuple(later(one) for one in easy.feet))
    held = []
    found = replayed(paused, watch=lambda one, *_: held.append(one.samples_held))
    check_like_batch(found, analyze(paused).contacts, f1=0.95, times=0.93)
    assert not ((found.ic_time_s > 13.2) & (found.ic_time_s < 72.8)).any()
    assert max(held) < 30_000


def test_a_dead_pod_does_not_keep_the_other_waiting(easy):
    given_s = []
    alone = without(easy, "right", 10.0, 99.0)

    def watch(_, batch, new):
        if batch.foot == "left":
            given_s.extend(batch.time_s[-1] - new.ic_time_s[new.ic_time_s > 13.0])

    found = replayed(alone, watch=watch)
    left = found.ic_time_s[found.foot == 0]
    whole = analyze(easy).contacts
    assert len(left) == pytest.approx((whole.foot == 0).sum(), abs=1)
    assert len(given_s) > 10
    assert max(given_s) < 8.0
    late = (found.foot == 0) & (found.ic_time_s > 14.0) & np.isfinite(found.step_time_s)
    assert (found.flags[late] & Flag.ONE_SIDED > 0).all()


def test_a_foot_that_is_announced_and_never_comes(easy):
    analyzer = LiveAnalyzer([LivePod("left"), LivePod("right")])
    found = fed(analyzer, in_turn(replace(easy, feet=easy.feet[:1]), [20]))
    assert (found.foot == 0).all()
    assert len(found) > 20


@pytest.mark.parametrize("delay", [20, 60, 200])
def test_one_foot_late_within_patience_gives_the_same_steps(easy, delay):
    """Batches of 20 samples; the right pod's arrive 0.1, 0.3 and 1 s later (delay in samples)."""
    batches = list(in_turn(easy, [20]))
    left = [(k, foot, one) for k, (foot, one) in enumerate(batches) if foot == "left"]
    right = [
        (k + delay / 10, foot, one) for k, (foot, one) in enumerate(batches) if foot == "right"
    ]
    late = sorted([*left, *right], key=lambda item: item[0])
    found = fed(LiveAnalyzer.for_recording(easy), [item[1:] for item in late])
    once = replayed(easy)
    np.testing.assert_array_equal(found.ic_time_s, once.ic_time_s)
    np.testing.assert_allclose(found.step_time_s, once.step_time_s, atol=1e-4)


def test_a_foot_far_too_late_still_gives_all_its_contacts(easy):
    batches = list(in_turn(easy, [20]))
    late = [one for one in batches if one[0] == "left"]
    right = [one for one in batches if one[0] == "right"]
    late += right
    found = fed(LiveAnalyzer.for_recording(easy), late)
    once = replayed(easy)
    for code in (0, 1):
        np.testing.assert_allclose(
            np.sort(found.ic_time_s[found.foot == code]), once.ic_time_s[once.foot == code]
        )


def test_clocks_that_have_nothing_to_do_with_each_other_lose_no_contact(easy):
    feet = (easy.feet[0], replace(easy.feet[1], time_s=easy.feet[1].time_s + 1000.0))
    found = replayed(replace(easy, feet=feet))
    once = replayed(easy)
    for code, off_s in ((0, 0.0), (1, 1000.0)):
        mine = np.sort(found.ic_time_s[found.foot == code]) - off_s
        np.testing.assert_allclose(mine, once.ic_time_s[once.foot == code], atol=1e-6)


def test_a_clock_that_starts_again_goes_on_behind(easy):
    def restarted(stream):
        return replace(
            stream, time_s=np.where(stream.time_s < 13.0, stream.time_s, stream.time_s - 13.0)
        )

    again = replace(easy, feet=tuple(restarted(one) for one in easy.feet))
    check_like_batch(replayed(again), analyze(again).contacts, f1=0.95, times=0.93, activity=0.93)


def test_no_standing_at_all(easy):
    runs = Programme("no rest", (run(3.8, duration_s=20.0, change_mps2=3.0),))
    recording = made(runs, seed=9).recording
    found = replayed(recording)
    check_like_batch(found, analyze(recording).contacts, f1=0.97, times=0.93)


def test_without_a_gyroscope_contacts_are_counted():
    recording = made(gyroscope=False).recording
    batch = analyze(recording).contacts
    found = replayed(recording)
    assert same(found, batch, SAMPLE_S)["f1"] > 0.9  # neither sees every soft landing
    assert (found.flags & Flag.NO_GYROSCOPE > 0).all()
    assert np.isnan(found.contact_time_s).all()


def test_clipping_without_a_known_range_is_learned_once():
    recording = made(acc_range_g=8.0, seed=4).recording
    unknown = replace(recording, feet=tuple(
        replace(one, acc_range_mps2=None) for one in recording.feet
    ))  # fmt: skip
    batch, found = analyze(unknown).contacts, replayed(unknown)
    i, j = pairs(found, batch)
    late = batch.ic_time_s[j] > 12.0
    clipped = [(one & Flag.CLIPPED) > 0 for one in (found.flags[i][late], batch.flags[j][late])]
    assert clipped[1].any()
    assert (clipped[0] == clipped[1]).mean() > 0.9


def test_standing_gives_nothing():
    still = made(Programme("still", (stand(30.0),))).recording
    found = replayed(still)
    assert len(found) == 0


def test_a_recording_that_ends_before_the_mounting_is_known_is_given_at_the_end(easy):
    short = replace(easy, feet=tuple(part(one, one.time_s < 9.5) for one in easy.feet))
    analyzer = LiveAnalyzer.for_recording(short)
    early = [len(new) for new in (feed(analyzer, *item) for item in in_turn(short, [20]))]
    rest = analyzer.finish()
    assert sum(early) == 0
    assert len(rest) == pytest.approx(len(analyze(short).contacts), abs=1)


def feed(analyzer, foot, batch):
    return analyzer.feed(foot, batch.time_s, batch.acc_mps2, batch.gyr_radps)


def test_memory_and_work_do_not_grow_with_the_length():
    """Two and a half minutes of one foot: the last minute holds no more than the first."""
    runs = Programme("long", (stand(2.0), run(3.8, duration_s=150.0)))
    recording = made(runs, feet=("left",)).recording
    held, settled = [], []

    def watch(analyzer, *_):
        held.append(analyzer.samples_held)
        settled.append(len(analyzer._feet["left"].settled or ()))

    found = replayed(recording, 100, watch)
    assert (found.activity == RUN).sum() > 200
    third = len(held) // 3
    assert max(held[2 * third :]) <= 1.05 * max(held[third : 2 * third])
    assert max(held) < 20_000
    assert max(settled) < 40


def test_a_clock_that_hangs_holds_a_bounded_number_of_samples(easy):
    analyzer = LiveAnalyzer.for_recording(easy)
    still = np.tile([0.0, 0.0, 9.81], (5000, 1))
    feed(analyzer, "left", part(easy.feet[0], slice(0, 1000)))
    for _ in range(30):
        new = analyzer.feed("left", np.full(5000, 4.8), still, 0.0 * still)
        assert len(new) == 0
    assert analyzer.samples_held < 100_000


@pytest.mark.parametrize("n", [0, 1, 2, 15])
def test_hardly_any_samples(easy, n):
    analyzer = LiveAnalyzer.for_recording(easy)
    few = part(easy.feet[0], slice(0, n))
    assert len(feed(analyzer, "left", few)) == 0
    assert len(analyzer.finish()) == 0


def test_values_that_are_no_numbers(easy):
    """Infinite values are lost samples; samples without a time are left out."""

    def spoilt(stream):
        acc, time_s = stream.acc_mps2.copy(), stream.time_s.copy()
        acc[3000, 1], time_s[3500] = np.inf, np.nan
        return replace(stream, acc_mps2=acc, time_s=time_s)

    found = replayed(replace(easy, feet=tuple(spoilt(one) for one in easy.feet)))
    check_like_batch(found, replayed(easy), f1=1.0)


def test_what_is_fed_is_left_alone(easy):
    stream = part(easy.feet[0], slice(0, 4000))
    before = stream.acc_mps2.copy(), stream.time_s.copy()
    feed(LiveAnalyzer.for_recording(easy), "left", stream)
    np.testing.assert_array_equal(stream.acc_mps2, before[0])
    np.testing.assert_array_equal(stream.time_s, before[1])


def test_a_foot_that_was_not_announced_is_named(easy):
    analyzer = LiveAnalyzer([LivePod("left")])
    with pytest.raises(UsageError, match="'right'") as error:
        feed(analyzer, "right", easy.feet[1])
    assert "announced: left" in error.value.why


@pytest.mark.parametrize("feet", [(), ("left", "left"), ("both",)])
def test_feet_that_make_no_sense(feet):
    with pytest.raises(UsageError, match="one pod for each foot"):
        LiveAnalyzer([LivePod(foot) for foot in feet])


def test_a_personal_factor_scales_lengths(easy):
    def lengths(scale):
        analyzer = LiveAnalyzer.for_recording(easy, length_scale=scale)
        return fed(analyzer, in_turn(easy, [50])).stride_length_m

    np.testing.assert_allclose(lengths(1.1), 1.1 * lengths(1.0), rtol=1e-9)
