"""Running speed and cadence, battery, device information: the bytes that the SIG defines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.pod.model import Notification
from gaitlab.pod.profiles import RSC
from gaitlab.pod.protocols import rsc, standard


def test_speed_messages_say_what_the_vectors_say(vectors, heard):
    found = vectors("bluetooth-sig-rsc", "speed_mps")
    speed = rsc.decode_measurements(heard(rsc.MEASUREMENT, *[raw for raw, _, _ in found])).speed
    assert len(speed.host_ns) == len(found) == 5
    for i, (_, expected, _) in enumerate(found):
        assert speed.speed_mps[i] == pytest.approx(expected["speed_mps"], abs=1e-6)
        assert speed.cadence_per_min[i] == expected["cadence_per_min"]
        assert speed.running[i] == expected["running"]
        stride, distance = speed.stride_length_m[i], speed.distance_m[i]
        np.testing.assert_allclose(stride, expected.get("stride_length_m", np.nan))
        np.testing.assert_allclose(distance, expected.get("total_distance_m", np.nan))


def test_a_cut_speed_message_is_refused_and_no_data(vectors, heard):
    ((raw, _, _),) = vectors("bluetooth-sig-rsc", "error")
    decoded = rsc.decode_measurements(heard(rsc.MEASUREMENT, raw))
    assert decoded.speed is None
    assert sum(decoded.refused.values()) == 1


def test_feature_location_and_control_point_follow_the_vectors(vectors):
    ((raw, expected, _),) = vectors("bluetooth-sig-rsc", "calibration")
    assert rsc.features(raw) == expected
    ((raw, expected, _),) = vectors("bluetooth-sig-rsc", "sensor_location")
    assert rsc.location(raw) == expected["sensor_location"]
    ((raw, expected, _),) = vectors("bluetooth-sig-rsc", "total_distance_dm")
    assert rsc.set_distance(expected["total_distance_dm"] / 10) == raw
    for raw, expected, _ in vectors("bluetooth-sig-rsc", "indication"):
        asked, result, data = rsc.control_answer(raw)
        assert (asked, result) == (expected["request_op"], expected["result"])
        assert list(data) == expected.get("locations", [])


def series(heard, speed_mps, cadence, stride_m=None, n=5):
    flags = rsc.IS_RUNNING | (rsc.HAS_STRIDE if stride_m else 0)
    raw = bytes([flags]) + round(speed_mps * 256).to_bytes(2, "little") + bytes([cadence])
    raw += round(stride_m * 100).to_bytes(2, "little") if stride_m else b""
    return rsc.decode_measurements(heard(rsc.MEASUREMENT, *[raw] * n)).speed


@pytest.mark.parametrize(
    ("cadence", "stride_m", "convention"),
    [(85, None, "strides"), (170, None, "steps"), (85, 2.4, "strides"), (170, 2.4, "steps")],
)
def test_a_cadence_of_steps_or_strides_is_told_apart(heard, cadence, stride_m, convention):
    """3.4 m/s with 2.4 m strides is 85 strides or 170 steps a minute."""
    speed = series(heard, 3.4, cadence, stride_m)
    found = rsc.cadence_convention(speed)
    assert found.convention == convention
    assert found.evidence
    np.testing.assert_allclose(found.steps_per_min(speed.cadence_per_min), 170.0)
    assert speed.cadence_per_min[0] == cadence, "the raw number stays"


def test_the_user_decides_about_the_cadence_and_nobody_guesses_from_too_little(heard):
    assert rsc.cadence_convention(series(heard, 3.4, 85), "steps").convention == "steps"
    assert rsc.cadence_convention(series(heard, 3.4, 85, n=2)).convention == "unknown"


def test_only_a_percentage_is_a_battery_level(heard):
    decoded = standard.decode_battery(
        heard(standard.BATTERY_LEVEL, bytes([87]), bytes([101]), b"", bytes([1, 2]), bytes([0]))
    )
    assert [percent for _, percent in decoded.battery] == [87, 0]
    assert sum(decoded.refused.values()) == 3


def test_a_speed_pod_is_said_to_be_unfit_for_contact_times():
    assert "no contact times" in RSC.unfit()[0]


def test_the_speed_pod_tells_what_it_can_do():
    talk = RSC.start()
    assert next(talk).characteristic == rsc.FEATURE
    assert talk.send(bytes.fromhex("1f00")).characteristic == rsc.LOCATION
    with pytest.raises(StopIteration) as done:
        talk.send(bytes([2]))
    assert done.value.value.details["location"] == "in_shoe"
    assert done.value.value.details["total_distance"] == 1


@given(st.lists(st.binary(max_size=600), max_size=30))
def test_random_bytes_make_no_speed_that_was_not_sent(payloads):
    notes = [Notification(i, rsc.MEASUREMENT, raw) for i, raw in enumerate(payloads)]
    decoded = RSC.decoder(None).feed(notes)
    rows = 0 if decoded.speed is None else len(decoded.speed.host_ns)
    whole = [raw for raw in payloads if len(raw) in (4, 6, 8, 10)]
    assert rows <= len(whole)
    assert rows + sum(decoded.refused.values()) == len(payloads)
