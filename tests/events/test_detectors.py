"""Published detectors find what each of them looks for where it was put in."""

import numpy as np
import pytest
from made_feet import DIP_EARLY_S, IMPACT_LATE_S, SLAP_LATE_S, made_foot, with_hole

from gaitlab.events.cycles import Cycles
from gaitlab.events.detectors import IC_DETECTORS, TC_DETECTORS
from gaitlab.events.picks import time_of_largest
from gaitlab.model.gait import FootSignal

RATES_HZ = (52.0, 104.0, 208.0, 416.0, 1125.0)
EVERY = [
    pytest.param(detector, id=f"{event}-{name}")
    for event, detectors in (("ic", IC_DETECTORS), ("tc", TC_DETECTORS))
    for name, detector in detectors.items()
]
IC_FEATURES = {
    "falbriard_norm": (IMPACT_LATE_S, 0.0015),
    "falbriard_gyro": (SLAP_LATE_S, 0.0015),
    "blauberger": (-DIP_EARLY_S, 0.006),  # the norm is flat about its minimum
    "schmidt": (-DIP_EARLY_S, 0.0015),
    "chew": (IMPACT_LATE_S, 0.0015),
    "jerk_onset": (0.0, 0.012),
    "first_rise": (0.0, 0.007),
}
TC_FEATURES = {"falbriard_gyro": (0.0, 0.001), "forward_release": (0.0, 0.002)}


@pytest.mark.parametrize("rate_hz", RATES_HZ[1:])
@pytest.mark.parametrize("name", IC_FEATURES)
def test_an_initial_contact_is_at_the_feature_of_its_detector(name, rate_hz):
    signal, cycles, ic_s, _ = made_foot(rate_hz)
    late_s, off_s = IC_FEATURES[name]
    found = IC_DETECTORS[name].find(signal, cycles)[: len(ic_s)]
    assert abs(np.median(found - ic_s) - late_s) < off_s
    assert np.std(found - ic_s) < 0.5 / rate_hz


@pytest.mark.parametrize("rate_hz", RATES_HZ[1:])
@pytest.mark.parametrize("name", TC_FEATURES)
def test_a_terminal_contact_is_at_the_feature_of_its_detector(name, rate_hz):
    signal, cycles, _, tc_s = made_foot(rate_hz)
    late_s, off_s = TC_FEATURES[name]
    found = TC_DETECTORS[name].find(signal, cycles)[: len(tc_s)]
    assert abs(np.median(found - tc_s) - late_s) < off_s


def test_mitschke_needs_five_hundred_hertz():
    for rate_hz in (208.0, 416.0):
        signal, cycles, _, _ = made_foot(rate_hz)
        assert np.isnan(IC_DETECTORS["mitschke"].find(signal, cycles)).all()
        assert np.isnan(TC_DETECTORS["mitschke"].find(signal, cycles)).all()
    signal, cycles, ic_s, tc_s = made_foot(1125.0)
    found = IC_DETECTORS["mitschke"].find(signal, cycles)[: len(ic_s)]
    np.testing.assert_allclose(found - ic_s, IMPACT_LATE_S, atol=0.001)
    assert np.isfinite(TC_DETECTORS["mitschke"].find(signal, cycles)[: len(tc_s)]).all()


def test_schmidt_needs_a_hard_landing():
    signal, cycles, _, _ = made_foot(208.0, impact_mps2=30.0)
    assert np.isnan(IC_DETECTORS["schmidt"].find(signal, cycles)).all()


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("detector", EVERY)
def test_one_instant_per_cycle_within_it_at_every_rate(detector, rate_hz):
    signal, cycles, _, _ = made_foot(rate_hz)
    found = detector.find(signal, cycles)
    assert found.shape == (len(cycles),)
    known = np.isfinite(found)
    assert (found[known] >= cycles.swing_sample[known] / rate_hz).all()
    assert (found[known] <= cycles.next_swing_sample[known] / rate_hz).all()


@pytest.mark.parametrize("detector", EVERY)
def test_no_cycles_give_no_instants(detector):
    signal, _, _, _ = made_foot(208.0)
    nothing = np.empty(0, dtype=np.int64)
    assert detector.find(signal, Cycles(nothing, nothing, nothing, np.empty(0))).shape == (0,)


@pytest.mark.parametrize("detector", EVERY)
def test_a_few_samples_are_not_enough_and_no_error(detector):
    signal, _, _, _ = made_foot(208.0)
    short = FootSignal(
        "left", 0.0, 208.0, signal.acc_mps2[:4], signal.gyr_radps[:4], signal.missing[:4],
        signal.acc_clipped[:4], signal.gyr_clipped[:4],
    )  # fmt: skip
    one = Cycles(np.array([1]), np.array([-1]), np.array([146]), np.array([0.7]))
    assert detector.find(short, one).shape == (1,)


@pytest.mark.parametrize("detector", EVERY)
def test_an_instant_beside_a_hole_is_not_given(detector):
    signal, cycles, _, _ = made_foot(1125.0)
    whole = detector.find(signal, cycles)
    middle = whole[5]
    if np.isnan(middle):
        pytest.skip("finds nothing on this foot")
    holed = with_hole(signal, middle - 0.004, middle + 0.004)
    again = detector.find(holed, cycles)
    assert not abs(again[5] - middle) < 0.004
    np.testing.assert_allclose(again[8:12], whole[8:12], atol=1e-6)


@pytest.mark.parametrize("detector", EVERY)
def test_the_other_foot_gives_the_same_instants_and_inputs_stay(detector):
    left, cycles, _, _ = made_foot(208.0)
    right, _, _, _ = made_foot(208.0, foot="right")
    before = left.acc_mps2.copy(), left.gyr_radps.copy()
    np.testing.assert_allclose(detector.find(left, cycles), detector.find(right, cycles))
    np.testing.assert_array_equal(left.acc_mps2, before[0])
    np.testing.assert_array_equal(left.gyr_radps, before[1])


def test_a_sprinters_contact_of_85_ms_is_no_obstacle():
    """Every guard is a share of the cycle: 90 ms of dead time would miss the toe-off."""
    rate_hz, scale = 1000.0, 0.44 / 0.70
    signal, cycles, _, tc_s = made_foot(rate_hz)
    quick = FootSignal(
        "left", 0.0, rate_hz / scale, signal.acc_mps2, signal.gyr_radps / scale, signal.missing,
        signal.acc_clipped, signal.gyr_clipped,
    )  # fmt: skip
    found = TC_DETECTORS["falbriard_gyro"].find(quick, cycles)[: len(tc_s)]
    np.testing.assert_allclose(found, scale * tc_s, atol=0.002)


def test_every_detector_names_its_source():
    for detector in (*IC_DETECTORS.values(), *TC_DETECTORS.values()):
        assert detector.source
        assert detector.smoothing
        assert detector.use
        assert detector.doi.startswith("10.") or not detector.doi


def test_the_largest_value_may_be_asked_to_be_a_peak():
    slope = np.array([0.0, 1.0, 0.5, 2.0, 4.0])
    opens, closes = np.array([0]), np.array([5])
    assert time_of_largest(slope, opens, closes, 1.0)[0] == pytest.approx(4.0)
    assert time_of_largest(slope, opens, closes, 1.0, peaks=True)[0] < 2.0
