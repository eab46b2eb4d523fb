"""Every pod's bytes, as published or captured, give the numbers that their source gives."""

import numpy as np
import pytest

from gaitlab.pod.model import PodSettings
from gaitlab.pod.profiles import PROFILES
from gaitlab.pod.protocols import bluest, dot, metawear, movesense, polar, thingy, witmotion


def packets_of(profile, settings, notes):
    decoded = PROFILES[profile].decoder(settings).feed(notes)
    assert not decoded.refused
    (packets,) = decoded.packets
    return packets


def test_all_seventy_three_vectors_are_here(vectors):
    devices = {
        "bluetooth-sig-rsc": 11, "movesense": 6, "movella-dot": 6, "witmotion-wt901ble": 10,
        "nordic-thingy52": 3, "metawear": 15, "polar-pmd": 11, "st-bluest": 2,
        "ti-sensortag-cc2650": 4, "microbit": 3, "gaitlab-virtual-pod": 2,
    }  # fmt: skip
    assert sum(devices.values()) == 73
    for device, n in devices.items():
        assert len(vectors(device, None)) == n


def test_polar_frames_say_what_the_vectors_say(vectors, heard, same_samples):
    for raw, expected, vector in vectors("polar-pmd", "timestamp_ns_last_sample"):
        factor = vector.params.get("factor", 1.0)
        settings = PodSettings("polar", 416.0, details={"acc_factor": factor, "gyr_factor": factor})
        packets = packets_of("polar", settings, heard(polar.DATA, raw))
        assert packets.sensor == {"acc": "acc", "gyro": "gyr"}[expected["type"]]
        assert packets.tick.tolist() == [expected["timestamp_ns_last_sample"]]
        assert packets.tick_of == "last"
        if expected["type"] == "acc":
            same_samples(packets, np.array(expected["acc_mg"]) * 9.80665e-3, atol=1e-4)
        else:
            same_samples(packets, None, expected["gyro_dps"], atol=1e-6)


def test_polar_commands_are_those_of_the_vectors(vectors):
    wanted = {expected["write"]: raw for raw, expected, _ in vectors("polar-pmd", "write")}
    built = {
        "start SDK mode (Verity Sense)": bytes([polar.START, polar.SDK_MODE]),
        "start ACC 52 Hz 16 bit 8 g 3 channels": polar.start_command(polar.ACC, 52, 16, 8),
        "start ACC 416 Hz 16 bit 16 g 3 channels (SDK mode)": polar.start_command(
            polar.ACC, 416, 16, 16
        ),
        "start GYRO 416 Hz 16 bit 2000 dps 3 channels (SDK mode)": polar.start_command(
            polar.GYR, 416, 16, 2000
        ),
        "stop ACC": polar.stop()[0].payload,
        "get ACC settings": bytes([polar.ASK, polar.ACC]),
    }
    assert built == wanted


def test_movesense_messages_say_what_the_vectors_say(vectors, heard, same_samples):
    settings = PodSettings("movesense", 208.0)
    for raw, expected, _ in vectors("movesense", "acc_mps2"):
        first = expected.get("first_length", len(raw))
        parts = [part for part in (raw[:first], raw[first:]) if part]
        nothing_follows = len(parts) == 1
        if nothing_follows:  # the first message counts once another one begins
            parts.append(bytes([movesense.WHOLE, movesense.STREAM]))
        packets = packets_of("movesense", settings, heard(movesense.DATA, *parts))
        assert packets.tick.tolist() == [expected["timestamp_ms"]]
        same_samples(packets, expected["acc_mps2"], expected["gyro_dps"])


def test_movesense_commands_are_those_of_the_vectors(vectors):
    wanted = {expected["write"]: raw for raw, expected, _ in vectors("movesense", "write")}
    assert movesense.subscribe("/Meas/IMU6/208") == wanted["subscribe"]
    assert movesense.unsubscribe() == wanted["unsubscribe"]
    ((raw, expected, _),) = vectors("movesense", "status")
    assert movesense.command_result(raw) == (expected["reference"], expected["status"], b"")


def test_dot_payloads_say_what_the_vectors_say(vectors, heard, same_samples):
    for raw, expected, _ in vectors("movella-dot", "timestamp_us"):
        mode = dot.CUSTOM_1 if "euler_deg" in expected else dot.RATE_WITH_COMPASS
        settings = PodSettings("dot", 60.0, details={"mode": mode})
        packets = packets_of("dot", settings, heard(dot.MEDIUM, raw))
        assert packets.tick.tolist() == [expected["timestamp_us"]]
        same_samples(packets, expected.get("acc_mps2"), expected["gyro_dps"])
    wanted = {expected["write"]: raw for raw, expected, _ in vectors("movella-dot", "write")}
    assert wanted == {"start": dot.measure(True), "stop": dot.measure(False)}


def test_witmotion_frames_say_what_the_vectors_say(vectors, heard, same_samples):
    for raw, expected, _ in vectors("witmotion-wt901ble", "acc_mps2"):
        whole = raw + bytes(20 - len(raw))  # the captured ones are short of their angles
        packets = packets_of("witmotion", PodSettings("x", 200.0), heard(witmotion.DATA, whole))
        same_samples(packets, expected["acc_mps2"], expected["gyro_dps"])


def test_witmotion_finds_its_frames_again_after_garbage(vectors, heard, same_samples):
    ((raw, expected, _),) = vectors("witmotion-wt901ble", "frames")
    decoded = (
        PROFILES["witmotion"].decoder(PodSettings("x", 200.0)).feed(heard(witmotion.DATA, raw))
    )
    (packets,) = decoded.packets
    frames = expected["frames"]
    same_samples(packets, [f["acc_mps2"] for f in frames], [f["gyro_dps"] for f in frames])
    assert decoded.refused == {witmotion.NO_FRAME: 1}


def test_witmotion_commands_are_those_of_the_vectors(vectors):
    wanted = {expected["write"]: raw for raw, expected, _ in vectors("witmotion-wt901ble", "write")}
    assert wanted == {
        "unlock": witmotion.UNLOCK,
        "rate 200 Hz": witmotion.set_rate(200.0),
        "rate 100 Hz": witmotion.set_rate(100.0),
        "save": witmotion.SAVE,
        "read register 0x3A (magnetometer)": witmotion.read_register(0x3A),
    }


def test_metamotion_data_say_what_the_vectors_say(vectors, heard, same_samples):
    for key in ("acc_mps2", "gyro_dps"):
        for raw, expected, vector in vectors("metawear", key):
            chip = "BMI160" if "BMI160" in vector.note else "BMI270"
            settings = PodSettings(
                "metamotion",
                200.0,
                vector.params.get("acc_range_g"),
                vector.params.get("gyro_range_dps"),
                details={"chip": chip},
            )
            packets = packets_of("metamotion", settings, heard(metawear.DATA, raw))
            same_samples(packets, expected.get("acc_mps2"), expected.get("gyro_dps"))


def test_metamotion_commands_are_those_of_the_vectors(vectors):
    wanted = {raw for raw, _, _ in vectors("metawear", "write")}
    built = {
        *metawear.begin_commands("BMI270", 100.0),
        *metawear.begin_commands("BMI160", 200.0),
        *metawear.END_COMMANDS,
    }
    assert wanted <= built


def test_thingy_and_bluest_say_what_the_vectors_say(vectors, heard, same_samples):
    for raw, expected, _ in vectors("nordic-thingy52", "acc_mps2"):
        packets = packets_of("thingy52", PodSettings("x", 200.0), heard(thingy.RAW, raw))
        same_samples(packets, expected["acc_mps2"], expected["gyro_dps"])
    ((raw, expected, _),) = vectors("nordic-thingy52", "write")
    assert thingy.config(expected["motion_hz"], expected["compass_ms"]) == raw
    for raw, expected, _ in vectors("st-bluest", "tick"):
        packets = packets_of("bluest", PodSettings("x", 100.0), heard(bluest.MOTION, raw))
        same_samples(packets, expected["acc_mps2"], expected["gyro_dps"])
        assert packets.tick[0] * 1000 / packets.tick_hz == pytest.approx(expected["time_ms"])
