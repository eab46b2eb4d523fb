"""What a pod can do, what makes it unfit, and what is said to it after connecting."""

import struct

import pytest

from gaitlab.model.errors import DeviceError
from gaitlab.pod.model import Advertisement, Expect, PodSettings, Read, Write
from gaitlab.pod.profiles import PROFILES, decoder_for, profile_for
from gaitlab.pod.protocols import movesense, polar


def talk(profile, answer, rate_hz=None):
    """(writes, settings): ``answer`` is asked for every Expect and Read, given the last write."""
    conversation, said, writes = profile.start(rate_hz), None, []
    try:
        while True:
            request = conversation.send(said)
            said = None
            if isinstance(request, Write):
                writes.append(request.payload)
            else:
                assert isinstance(request, Expect | Read)
                said = answer(writes[-1] if writes else b"")
    except StopIteration as end:
        return writes, end.value


def verity(write):
    """A Verity Sense in SDK mode; rates and ranges as in its documentation."""
    op, kind = write[:2]
    more = b""
    if op == polar.ASK:
        rates = struct.pack("<2B5H", 0, 5, 26, 52, 104, 208, 416)
        ranges = (2, 4, 8, 16) if kind == polar.ACC else (250, 500, 1000, 2000)
        more = rates + b"\x01\x01\x10\x00" + struct.pack("<2B4H", 2, 4, *ranges) + b"\x04\x01\x03"
    elif op == polar.START and kind != polar.SDK_MODE:
        more = struct.pack("<2Bf", 5, 1, 0.00049 if kind == polar.ACC else 0.07)
    return bytes([0xF0, op, kind, 0, 0]) + more


def test_polar_is_set_to_its_full_range_and_best_rate_in_sdk_mode():
    writes, settings = talk(PROFILES["polar"], verity)
    assert writes[0] == b"\x02\x09"
    assert polar.start_command(polar.ACC, 416, 16, 16) in writes
    assert polar.start_command(polar.GYR, 416, 16, 2000) in writes
    assert (settings.rate_hz, settings.acc_range_g, settings.gyr_range_dps) == (416, 16, 2000)
    assert settings.details["acc_factor"] == pytest.approx(0.00049)
    assert PROFILES["polar"].unfit(settings) == ()
    assert talk(PROFILES["polar"], verity, 200.0)[1].rate_hz == 208


def test_polar_without_sdk_mode_is_unfit_for_running():
    def normal(write):
        op, kind = write[:2]
        if kind == polar.SDK_MODE:
            return bytes([0xF0, op, kind, 1, 0])
        ranges = 8 if kind == polar.ACC else 2000
        more = struct.pack("<2BH2BH2BH3B", 0, 1, 52, 1, 1, 16, 2, 1, ranges, 4, 1, 3)
        return bytes([0xF0, op, kind, 0, 0]) + (more if op == polar.ASK else b"")

    _, settings = talk(PROFILES["polar"], normal)
    words = " ".join(PROFILES["polar"].unfit(settings))
    assert "±8 g" in words
    assert "52 samples" in words


@pytest.mark.parametrize("silence", [None, b"", b"\xf0", b"\xf0\x01\x02\x05\x00"])
def test_a_polar_that_does_not_answer_is_an_error_with_a_next_step(silence):
    with pytest.raises(DeviceError) as caught:
        talk(PROFILES["polar"], lambda _: silence)
    assert caught.value.why
    assert caught.value.todo


@pytest.mark.parametrize(
    ("codes", "chip", "packed"), [((4, 1), "BMI270", 0x05), ((1, 0), "BMI160", 0x1C)]
)
def test_metamotion_is_asked_for_its_chip_before_anything_is_set(codes, chip, packed):
    def board(write):
        return bytes([write[0], 0x80, codes[0] if write[0] == 3 else codes[1], 0])

    writes, settings = talk(PROFILES["metamotion"], board)
    assert writes[:2] == [b"\x03\x80", b"\x13\x80"]
    assert settings.details["chip"] == chip
    assert bytes([3, packed, 1]) in writes
    assert (settings.rate_hz, settings.acc_range_g) == (200.0, 16.0)
    with pytest.raises(DeviceError):
        talk(PROFILES["metamotion"], lambda write: bytes([write[0], 0x80, 77]))


def sensor_with_range(config):
    def answer(write):
        return bytes([1, write[1]]) + b"\xc8\x00" + (config if write[0] == movesense.GET else b"")

    return answer


def test_a_movesense_with_a_narrow_or_unknown_range_is_unfit():
    movesense_pod = PROFILES["movesense"]
    writes, settings = talk(movesense_pod, sensor_with_range(b"\x10"))
    assert writes[-1] == b"\x01\x63/Meas/IMU6/208\x00"
    assert movesense_pod.unfit(settings) == ()
    narrow = talk(movesense_pod, sensor_with_range(b"\x08"))[1]
    assert "±8 g" in movesense_pod.unfit(narrow)[0]
    unknown = talk(movesense_pod, sensor_with_range(b""))[1]
    assert "nobody knows" in movesense_pod.unfit(unknown)[0]


def test_a_movesense_that_is_overloaded_is_told_to_restart():
    with pytest.raises(DeviceError) as caught:
        talk(PROFILES["movesense"], lambda write: bytes([1, write[1], 0xAD, 0x01]))
    assert "restarts" in caught.value.todo


def test_witmotion_is_unlocked_and_set_to_200_hz():
    writes, settings = talk(PROFILES["witmotion"], lambda _: None)
    assert [write.hex() for write in writes] == ["ffaa6988b5", "ffaa030b00"]
    assert settings.rate_hz == 200.0
    assert talk(PROFILES["witmotion"], lambda _: None, 60.0)[1].rate_hz == 100.0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("thingy52", ["±2 g"]),
        ("dot", ["60 samples"]),
        ("rsc", ["no contact times"]),
        ("polar", []),
        ("metamotion", []),
        ("witmotion", []),
        ("generic", []),
    ],
)
def test_what_is_unfit_for_running_says_so_before_it_is_connected(name, words):
    reasons = PROFILES[name].unfit()
    assert len(reasons) == len(words)
    assert all(word in " ".join(reasons) for word in words)


def test_pods_without_clock_or_counter_come_with_a_caution():
    assert len(PROFILES["witmotion"].cautions()) == 2
    assert PROFILES["generic"].cautions() == ()
    slow = PodSettings("polar", 104.0, 16.0, 2000.0)
    assert "200 are better" in PROFILES["polar"].cautions(slow)[0]


@pytest.mark.parametrize("name", list(PROFILES))
def test_every_profile_is_found_by_its_service_and_has_all_that_a_session_needs(name):
    profile = PROFILES[name]
    assert profile_for(Advertisement("x", services=(profile.services[0].upper(),))) is profile
    assert profile.title
    assert profile.notify
    assert all(isinstance(write, Write) for write in profile.stop())
    assert decoder_for(PodSettings(name, 200.0)).feed([]).packets == ()


def test_a_pod_is_found_by_its_name_and_a_stranger_is_none():
    assert profile_for(Advertisement("x", "Movesense 1234")) is PROFILES["movesense"]
    assert profile_for(Advertisement("x", "WT901BLE67")) is PROFILES["witmotion"]
    assert profile_for(Advertisement("x", "A toothbrush")) is None
    assert profile_for(Advertisement("x")) is None


def test_a_raw_pod_that_also_sends_speed_counts_as_a_raw_pod():
    both = (PROFILES["rsc"].services[0], PROFILES["generic"].services[0])
    assert profile_for(Advertisement("x", services=both)) is PROFILES["generic"]


def test_a_recording_of_an_unknown_pod_says_what_to_do():
    with pytest.raises(DeviceError) as caught:
        decoder_for(PodSettings("future", 200.0))
    assert "newer" in caught.value.todo
