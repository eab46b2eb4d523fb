"""The whole chain on simulated runners: what was put in is found again, or refused honestly."""

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.model.gait import FOREFOOT, REARFOOT, RUN, WALK, Flag
from gaitlab.model.recording import FootStream, Recording
from gaitlab.pipeline import analyze
from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand, striking, walk
from gaitlab.simulate.presets import preset

EASY = Programme("easy", (stand(3.0), walk(3.0), run(3.8, duration_s=14.0), walk(3.0), stand(3.0)))


# a runner with the mean habits: how far habits alone move the events of other runners is
# measured in the accuracy benchmark, not here
USUAL = replace(DISTANCE, varies=0.0)


def made(runner=USUAL, programme=EASY, seed=5, feet=("left", "right"), **pod):
    pod.setdefault("acc_range_g", 32.0)
    return simulate(runner, programme, tuple(Pod(foot, **pod) for foot in feet), seed=seed)


@pytest.fixture(scope="module")
def easy():
    return made()


@pytest.fixture(scope="module")
def easy_found(easy):
    return analyze(easy.recording)


def errors(found, truth, tolerance_s=0.08):
    """IC and TC errors in s of every true contact, NaN where it was not found."""
    ic, tc = [], []
    for code in np.unique(truth.foot):
        mine, real = found.contacts.foot == code, truth.foot == code
        times = found.contacts.ic_time_s[mine]
        if not len(times):
            ic.append(np.full(real.sum(), np.nan))
            tc.append(np.full(real.sum(), np.nan))
            continue
        nearest = np.abs(times[:, None] - truth.ic_time_s[real]).argmin(axis=0)
        gap = times[nearest] - truth.ic_time_s[real]
        near = np.abs(gap) < tolerance_s
        ic.append(np.where(near, gap, np.nan))
        late = found.contacts.tc_time_s[mine][nearest] - truth.tc_time_s[real]
        tc.append(np.where(near, late, np.nan))
    return np.concatenate(ic), np.concatenate(tc)


def check_events(found, truth, *, ic_sd_s=0.006, tc_sd_s=0.008, most_missed=0):
    ic, tc = errors(found, truth)
    assert np.isnan(ic).sum() <= most_missed
    assert abs(len(found.contacts) - len(truth)) <= most_missed
    running = np.concatenate(
        [truth.activity[truth.foot == code] == RUN for code in np.unique(truth.foot)]
    )
    ic, tc = ic[running], tc[running]  # a walker's heel lands too softly for milliseconds
    assert abs(np.nanmedian(ic)) < 0.006
    assert np.nanstd(ic) < ic_sd_s
    assert abs(np.nanmedian(tc)) < 0.012
    assert np.nanstd(tc) < tc_sd_s


def test_every_contact_is_found_once_and_timed(easy, easy_found):
    check_events(easy_found, easy.truth)


def test_walking_is_walking_and_running_is_running(easy, easy_found):
    kinds = set(np.unique(easy_found.contacts.activity))
    assert kinds == {RUN, WALK}
    n_run = (easy_found.contacts.activity == RUN).sum()
    assert n_run == pytest.approx((easy.truth.activity == RUN).sum(), abs=2)


def test_cadence_speed_and_length_come_out_as_they_went_in(easy, easy_found):
    truth = easy.truth
    running = truth.activity == RUN
    for metric, most in (("cadence_spm", 0.005), ("stride_length_m", 0.03), ("speed_mps", 0.03)):
        found = easy_found.summary(metric)
        assert found is not None
        true = np.nanmedian(getattr(truth, metric)[running])
        assert found.median == pytest.approx(true, rel=most), metric
        assert found.quality == "good", metric


@pytest.mark.parametrize(("style", "code"), [("rearfoot", REARFOOT), ("forefoot", FOREFOOT)])
def test_the_strike_that_was_put_in_is_named(style, code):
    recorded = made(striking(DISTANCE, style), seed=8)
    found = analyze(recorded.recording)
    running = (found.contacts.activity == RUN) & found.contacts.valid
    assert np.mean(found.contacts.strike[running] == code) > 0.9
    true_deg = np.degrees(
        np.nanmedian(recorded.truth.strike_angle_rad[recorded.truth.activity == RUN])
    )
    angle = found.summary("strike_angle_rad")
    assert np.degrees(angle.median) == pytest.approx(true_deg, abs=4.0)


@pytest.mark.parametrize("rate_hz", [104.0, 416.0, 1000.0])
def test_other_sampling_rates(rate_hz):
    recorded = made(rate_hz=rate_hz, seed=3)
    slow = rate_hz < 150
    check_events(analyze(recorded.recording), recorded.truth,
                 ic_sd_s=0.012 if slow else 0.006, most_missed=1 if slow else 0)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_mounting_gives_the_same_contacts(seed):
    recorded = made(mounting="random", seed=seed)
    found = analyze(recorded.recording)
    assert all(foot.aligned for foot in found.feet)
    check_events(found, recorded.truth)


def turned(stream: FootStream, matrix: np.ndarray) -> FootStream:
    return replace(
        stream, acc_mps2=stream.acc_mps2 @ matrix.T, gyr_radps=stream.gyr_radps @ matrix.T
    )


@pytest.mark.parametrize(
    "diagonal", [(-1, 1, -1), (-1, -1, 1), (1, -1, -1)], ids=["upside down", "backwards", "both"]
)
def test_turning_the_sensor_over_changes_nothing(easy, easy_found, diagonal):
    matrix = np.diag(np.array(diagonal, dtype=float))
    feet = tuple(turned(stream, matrix) for stream in easy.recording.feet)
    found = analyze(replace(easy.recording, feet=feet))
    np.testing.assert_allclose(found.contacts.ic_time_s, easy_found.contacts.ic_time_s, atol=1e-6)
    np.testing.assert_array_equal(found.contacts.strike, easy_found.contacts.strike)


def test_a_mirrored_foot_gives_the_mirrored_run(easy, easy_found):
    """Mirroring left and right flips y of a polar vector and x and z of an axial one."""
    other = {"left": "right", "right": "left"}
    feet = tuple(
        replace(
            stream,
            foot=other[stream.foot],
            acc_mps2=stream.acc_mps2 * np.array([1.0, -1.0, 1.0]),
            gyr_radps=stream.gyr_radps * np.array([-1.0, 1.0, -1.0]),
        )
        for stream in easy.recording.feet
    )
    found = analyze(replace(easy.recording, feet=feet))
    np.testing.assert_allclose(found.contacts.ic_time_s, easy_found.contacts.ic_time_s, atol=1e-6)
    assert (found.contacts.foot != easy_found.contacts.foot).all()
    np.testing.assert_allclose(
        found.contacts.stride_length_m, easy_found.contacts.stride_length_m, atol=1e-3
    )


def test_one_foot_gives_the_same_contacts_and_says_that_flight_is_assumed(easy, easy_found):
    alone = analyze(replace(easy.recording, feet=easy.recording.feet[:1]))
    left = easy_found.contacts.foot == 0
    np.testing.assert_allclose(alone.contacts.ic_time_s, easy_found.contacts.ic_time_s[left])
    flying = np.isfinite(alone.contacts.flight_time_s)
    assert (alone.contacts.flags[flying] & Flag.ONE_SIDED > 0).all()
    assert any("One pod only" in text for text in alone.warnings)


def test_pods_on_the_wrong_feet_are_noticed_and_nothing_is_renamed(easy, easy_found):
    other = {"left": "right", "right": "left"}
    feet = tuple(replace(stream, foot=other[stream.foot]) for stream in easy.recording.feet)
    found = analyze(replace(easy.recording, feet=feet))
    assert any("other feet" in text for text in found.warnings)
    assert not any("other feet" in text for text in easy_found.warnings)
    assert (found.contacts.foot != easy_found.contacts.foot).all()


def test_standing_gives_no_contact():
    still = made(programme=Programme("still", (stand(20.0),)))
    found = analyze(still.recording)
    assert len(found.contacts) == 0
    assert found.warnings[0].startswith("No ground contact")
    assert found.summaries == ()


def test_a_pod_without_gyroscope_is_counted_not_timed():
    recorded = made(gyroscope=False)
    found = analyze(recorded.recording)
    running = found.contacts.activity == RUN
    assert running.sum() == pytest.approx((recorded.truth.activity == RUN).sum(), rel=0.10)
    assert np.isnan(found.contacts.contact_time_s).all()
    assert (found.contacts.flags & Flag.NO_GYROSCOPE > 0).all()
    cadence = found.summary("cadence_spm")
    true = np.nanmedian(recorded.truth.cadence_spm[recorded.truth.activity == RUN])
    assert cadence.median == pytest.approx(true, abs=1.0)
    assert found.summary("contact_time_s").quality == "not measurable"
    assert "gyroscope" in found.summary("contact_time_s").reason


def test_holes_invalidate_what_they_touch_and_nothing_else(easy, easy_found):
    stream = easy.recording.feet[0]
    acc, gyr = stream.acc_mps2.copy(), stream.gyr_radps.copy()
    hole = (stream.time_s > 12.0) & (stream.time_s < 12.8)
    acc[hole], gyr[hole] = np.nan, np.nan
    feet = (replace(stream, acc_mps2=acc, gyr_radps=gyr), easy.recording.feet[1])
    found = analyze(replace(easy.recording, feet=feet))
    times = found.contacts.ic_time_s
    far = (np.abs(times - 12.4) > 2.5) & found.contacts.valid
    before = easy_found.contacts
    nearest = np.abs(before.ic_time_s[:, None] - times[far]).argmin(axis=0)
    np.testing.assert_allclose(before.ic_time_s[nearest], times[far], atol=0.002)
    touched = (found.contacts.foot == 0) & (times > 11.9) & (times < 12.85)
    assert np.isnan(found.contacts.contact_time_s[touched]).all()
    assert (found.contacts.flags[touched] & Flag.GAP > 0).all()


def test_clipped_strides_are_flagged_and_still_counted():
    recorded = made(acc_range_g=8.0, seed=4)
    found = analyze(recorded.recording)
    assert found.feet[0].acc_clipped_fraction > 0
    assert (found.contacts.flags & Flag.CLIPPED > 0).any()
    ic, _ = errors(found, recorded.truth)
    assert np.isnan(ic).sum() <= 1


def test_packet_loss_is_reported_and_does_not_bend_the_cadence():
    recorded = made(loss=0.05, seed=6)
    found = analyze(recorded.recording)
    assert found.feet[0].clock.missing_fraction == pytest.approx(0.05, abs=0.02)
    cadence = found.summary("cadence_spm")
    true = np.nanmedian(recorded.truth.cadence_spm[recorded.truth.activity == RUN])
    assert cadence.median == pytest.approx(true, abs=1.0)


def test_a_cut_recording_flags_its_edges():
    recorded = made()
    feet = tuple(
        replace(
            stream,
            time_s=stream.time_s[at],
            acc_mps2=stream.acc_mps2[at],
            gyr_radps=stream.gyr_radps[at],
        )
        for stream in recorded.recording.feet
        for at in [(stream.time_s > 10.0) & (stream.time_s < 15.0)]
    )
    found = analyze(replace(recorded.recording, feet=feet))
    assert found.contacts.flags[0] & Flag.EDGE
    assert found.contacts.flags[-1] & Flag.EDGE
    assert not found.contacts.valid[-1]


def test_no_standing_at_all_still_finds_the_foot_frame():
    runs = Programme("no rest", (run(3.8, duration_s=14.0, change_mps2=3.0),))
    recorded = made(programme=runs, seed=9)
    found = analyze(recorded.recording)
    assert all(foot.aligned for foot in found.feet)


def test_the_recording_is_left_alone(easy):
    before = [stream.acc_mps2.copy() for stream in easy.recording.feet]
    analyze(easy.recording)
    for stream, kept in zip(easy.recording.feet, before, strict=True):
        np.testing.assert_array_equal(stream.acc_mps2, kept)


def test_summaries_hold_n_spread_uncertainty_and_quality(easy_found):
    summary = easy_found.summary("contact_time_s", "left")
    assert summary.n >= 10
    assert summary.low <= summary.median <= summary.high
    assert 0.003 < summary.uncertainty < 0.02
    assert summary.mad >= 0
    both = easy_found.summary("contact_time_s")
    right = easy_found.summary("contact_time_s", "right")
    assert both.n == summary.n + right.n


def test_a_few_samples_are_no_recording_but_no_crash(easy):
    stream = easy.recording.feet[0]
    short = replace(
        stream, time_s=stream.time_s[:450], acc_mps2=stream.acc_mps2[:450],
        gyr_radps=stream.gyr_radps[:450],
    )  # fmt: skip
    assert len(analyze(Recording("short", (short,))).contacts) == 0


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_stretch_begins_before_the_first_sample(seed):
    one = preset("pogo")
    made = simulate(one.runner, one.programme("pogo", duration_s=6.0), one.pods(), seed=seed)
    first_s = min(stream.time_s[0] for stream in made.recording.feet)
    assert analyze(made.recording).segments.start_s[0] >= first_s
