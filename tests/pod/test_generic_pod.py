"""The configurable pod: what a description says is what comes out, whatever bytes go in."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.pod.model import Advertisement, Notification
from gaitlab.pod.own import own_descriptions
from gaitlab.pod.profiles import PROFILES, decoder_for, described_pod, profile_for
from gaitlab.pod.protocols import generic
from gaitlab.pod.protocols.description import DescriptionError, read_description

GENERIC = PROFILES["generic"]
SENSORTAG = """
name = "sensortag"
service = "f000aa80-0451-4000-b000-000000000000"
data = "f000aa81-0451-4000-b000-000000000000"
control = "f000aa82-0451-4000-b000-000000000000"
start = "7f03"
header = []
sample = ["gx i16", "gy i16", "gz i16", "ax i16", "ay i16", "az i16", "mx i16", "my i16", "mz i16"]
samples = 1
rate_hz = 10
acc_g = {acc_g}
acc_range_g = {range_g}
gyr_dps = 0.00762939453125
gyr_range_dps = 250
"""
MICROBIT = """
name = "microbit"
service = "e95d0753-251d-470a-a062-fa1922dfa9a8"
data = "e95dca4b-251d-470a-a062-fa1922dfa9a8"
control = "e95dfb24-251d-470a-a062-fa1922dfa9a8"
start = "0a00"
header = []
sample = ["ax i16", "ay i16", "az i16"]
samples = 1
rate_hz = 100
acc_g = 0.001
acc_range_g = 2
"""


def finished(talk):
    """(everything that was written, the settings) of a conversation that waits for nothing."""
    written = []
    try:
        while True:
            written.append(next(talk))
    except StopIteration as done:
        return written, done.value


def settings():
    return finished(GENERIC.start())[1]


def packet(counter, tick, counts):
    return struct.pack("<BBHI", 1, len(counts), counter, tick) + np.asarray(counts, "<i2").tobytes()


def test_own_packets_say_what_the_vectors_say(vectors, heard, same_samples):
    found = vectors("gaitlab-virtual-pod", "seq")
    decoded = GENERIC.decoder(settings()).feed(heard(generic.DATA, *[raw for raw, _, _ in found]))
    (packets,) = decoded.packets
    assert not decoded.refused
    assert packets.counter.tolist() == [expected["seq"] for _, expected, _ in found]
    assert packets.tick.tolist() == [expected["tick"] for _, expected, _ in found]
    acc_g = np.concatenate([expected["acc_g"] for _, expected, _ in found])
    gyr_dps = np.concatenate([expected["gyro_dps"] for _, expected, _ in found])
    same_samples(packets, acc_g * 9.80665, gyr_dps)
    assert (packets.tick_hz, packets.tick_bits, packets.counter_bits) == (32768.0, 32, 16)


def test_other_peoples_pods_need_a_description_only(vectors, heard, same_samples):
    for raw, expected, vector in vectors("ti-sensortag-cc2650", "acc_g"):
        range_g = vector.params["acc_range_g"]
        pod = described_pod(
            read_description(SENSORTAG.format(acc_g=range_g / 32768, range_g=range_g))
        )
        written, agreed = finished(pod.start())
        (packets,) = pod.decoder(agreed).feed(heard(vector.characteristic, raw)).packets
        same_samples(packets, expected["acc_mps2"], expected["gyro_dps"])
        assert [write.payload.hex() for write in written] == ["7f03"]
    assert "7f03" in {raw.hex() for raw, _, _ in vectors("ti-sensortag-cc2650", "write")}
    pod = described_pod(read_description(MICROBIT))
    for raw, expected, vector in vectors("microbit", "acc_mps2"):
        (packets,) = (
            decoder_for(finished(pod.start())[1]).feed(heard(vector.characteristic, raw)).packets
        )
        assert packets.sensor == "acc"
        same_samples(packets, expected["acc_mps2"])
    ((raw, _, _),) = vectors("microbit", "write")
    assert finished(pod.start())[0][0].payload == raw


def test_the_sensortag_period_is_ten_milliseconds_a_count(vectors):
    ((raw, expected, _),) = vectors("ti-sensortag-cc2650", "write", "aa83")
    assert raw[0] * 10 == 100
    assert expected["write"] == "period 100 ms"


def test_a_slow_and_narrow_pod_is_unfit_and_told_why():
    pod = described_pod(read_description(SENSORTAG.format(acc_g=0.001, range_g=2)))
    words = " ".join(pod.unfit())
    assert "±2 g" in words
    assert "10 samples a second" in words
    assert "±250 deg/s" in words
    assert GENERIC.unfit() == () == GENERIC.unfit(settings())


def test_a_recording_can_be_decoded_from_its_settings_alone(heard, same_samples):
    """The description travels in the settings, as JSON that comes back equal."""
    agreed = settings()
    assert generic.description_in(agreed) == generic.DEFAULT
    (packets,) = (
        decoder_for(agreed)
        .feed(heard(generic.DATA, packet(7, 99, [[2048, 0, 0, 0, 164, 0]])))
        .packets
    )
    same_samples(packets, [9.80665, 0, 0], [0, 10, 0])


def test_big_endian_floats_and_a_sample_counter_can_be_described(heard, same_samples):
    about = read_description(
        '{"header": ["counter u32"], "sample": ["ax f32", "ay f32", "az f32", "gx f32", "gy f32",'
        ' "gz f32"], "byte_order": "big", "acc_g": 1, "gyr_dps": 1, "counter_counts": "samples",'
        ' "counter_bits": 24, "name": "mine"}'
    )
    raw = struct.pack(">I12f", 2**24 + 5, 1, 0, 0, 10, 0, 0, 0, 1, 0, 0, 20, 0)
    (packets,) = (
        described_pod(about)
        .decoder(generic.settings_of(about))
        .feed(heard(generic.DATA, raw))
        .packets
    )
    same_samples(packets, [[9.80665, 0, 0], [0, 9.80665, 0]], [[10, 0, 0], [0, 20, 0]])
    assert packets.counter.tolist() == [5]
    assert packets.tick is None
    assert packets.acc_lsb_mps2 is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "Expecting"),
        ("= 3", "Invalid"),
        ('{"sample": ["ax i16"]}', "ax ay az"),
        ('{"header": ["tick i32"]}', "unsigned"),
        ('{"header": ["tick u99"]}', "name type"),
        ('{"header": ["tick u32", "tick u32"]}', "twice"),
        ('{"header": "tick u32"}', "list"),
        ('{"data": "6a17"}', "128-bit"),
        ('{"rate_hz": 0}', "positive"),
        ('{"acc_g": NaN}', "positive"),
        ('{"rate_hz": "fast"}', "rate_hz"),
        ('{"start": "0g"}', "hexadecimal"),
        ('{"colour": "red"}', "colour"),
    ],
)
def test_a_description_that_cannot_be_used_says_why(text, word):
    with pytest.raises(DescriptionError) as caught:
        read_description(text)
    assert word in str(caught.value)


def test_descriptions_in_the_users_folder_are_found_and_come_first(tmp_path):
    (tmp_path / "b.toml").write_text(MICROBIT, encoding="utf-8")
    (tmp_path / "a.json").write_text('{"name": "mine", "rate_hz": 400}', encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a pod", encoding="utf-8")
    own = own_descriptions(tmp_path)
    assert [about.name for about in own] == ["mine", "microbit"]
    assert profile_for(Advertisement("x", services=(generic.SERVICE,)), own).name == "mine"
    assert profile_for(Advertisement("x", services=(own[1].service,)), own).name == "microbit"
    assert own_descriptions(tmp_path / "missing") == ()


def test_the_description_in_the_documentation_works(project, heard, same_samples):
    page = (project / "docs" / "pods.md").read_text(encoding="utf-8")
    about = read_description(page.split("```toml\n")[1].split("```")[0])
    raw = struct.pack("<BBI", 200, 0, 77) + struct.pack("<6h", 0, 16384, 0, 0, 0, 2048) * 8
    (packets,) = (
        described_pod(about)
        .decoder(generic.settings_of(about))
        .feed(heard(about.data, raw))
        .packets
    )
    same_samples(packets, [[0, 0, 9.80665]] * 8, [[0, 1000, 0]] * 8)
    assert (packets.counter_bits, packets.tick_hz, packets.tick_bits) == (8, 1e6, 32)


def test_a_broken_description_is_named_with_its_file(tmp_path):
    (tmp_path / "broken.toml").write_text("rate_hz = -1", encoding="utf-8")
    with pytest.raises(DescriptionError) as caught:
        own_descriptions(tmp_path)
    assert "broken.toml" in caught.value.what
    assert "positive" in caught.value.why


@given(
    st.lists(st.tuples(st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(1, 19)))
)
def test_what_was_sent_comes_back_once_and_in_order(sent):
    rng = np.random.default_rng(1)
    counts = [rng.integers(-(2**15), 2**15, (n, 6)) for _, _, n in sent]
    notes = [
        Notification(i, generic.DATA, packet(counter, tick, values))
        for i, ((counter, tick, _), values) in enumerate(zip(sent, counts, strict=True))
    ]
    decoded = GENERIC.decoder(settings()).feed(notes)
    assert not decoded.refused
    if not sent:
        assert decoded.packets == ()
        return
    (packets,) = decoded.packets
    assert packets.counter.tolist() == [counter for counter, _, _ in sent]
    assert packets.tick.tolist() == [tick for _, tick, _ in sent]
    np.testing.assert_allclose(
        packets.samples[:, :3] / 9.80665 * 2048, np.concatenate(counts)[:, :3], atol=1e-6
    )


@given(st.lists(st.binary(max_size=600), max_size=30))
def test_hostile_bytes_are_refused_and_never_raise(payloads):
    notes = [Notification(i, generic.DATA, raw) for i, raw in enumerate(payloads)]
    decoded = GENERIC.decoder(settings()).feed(notes)
    accepted = len(decoded.packets[0].host_ns) if decoded.packets else 0
    assert accepted + sum(decoded.refused.values()) == len(payloads)
    rightful = [
        raw for raw in payloads if len(raw) > 8 and raw[0] == 1 and len(raw) == 8 + 12 * raw[1]
    ]
    assert accepted <= len(rightful)
