"""Whatever arrives, no decoder raises, and no sample comes out that was not sent."""

import struct
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitlab.pod.model import Notification, PodSettings
from gaitlab.pod.profiles import PROFILES
from gaitlab.pod.protocols import dot, generic, metawear, movesense, polar, witmotion
from gaitlab.pod.protocols.packets import FASTEST_MPS2, FASTEST_RADPS

SETTINGS = {
    name: PodSettings(name, 200.0, 16.0, 2000.0, {"chip": chip, "acc_factor": 0.00049})
    for name, chip in zip(PROFILES, ["BMI160", "BMI270"] * len(PROFILES), strict=False)
}
HEADS = [
    b"\x55\x61", b"\x55\x71", b"\x02\x63", b"\x03\x63", b"\x03\x05", b"\x03\x1c", b"\x13\x05",
    b"\x13\x07", bytes([2]) + bytes(8) + b"\x80", bytes([5]) + bytes(8) + b"\x81",
    bytes([2]) + bytes(8) + b"\x01", b"\x01\x01", b"\x01\x02", b"",
]  # fmt: skip
SIZES = [0, 1, 2, 4, 8, 12, 18, 20, 28, 34, 40, 54, 150, 152, 198, 244, 511, 512, 513, 700]
payloads = st.one_of(
    st.binary(max_size=600),
    st.builds(lambda head, body: head + body, st.sampled_from(HEADS), st.binary(max_size=250)),
    st.builds(lambda head, size, fill: (head + bytes([fill]) * size)[:size],
              st.sampled_from(HEADS), st.sampled_from(SIZES), st.integers(0, 255)),
)  # fmt: skip


def data_of(profile):
    return profile.notify[-1]


@pytest.mark.parametrize("name", list(PROFILES))
@settings(max_examples=150, deadline=None)
@given(batches=st.lists(st.lists(payloads, max_size=8), max_size=4), repeat=st.integers(1, 3))
def test_random_cut_long_and_repeated_bytes_never_raise(name, batches, repeat):
    profile = PROFILES[name]
    decoder = profile.decoder(SETTINGS[name])
    heard = 0
    for batch in batches:
        notes = [
            Notification(i, data_of(profile), payload) for i, payload in enumerate(batch * repeat)
        ]
        heard += sum(len(note.payload) for note in notes)
        for packets in decoder.feed(notes).packets:
            assert np.all(np.abs(packets.samples) <= max(FASTEST_MPS2, FASTEST_RADPS))
            assert packets.n_samples.max() <= polar.MOST_SAMPLES
            if name != "polar":  # delta frames may say much in few bytes
                assert 2 * packets.samples.size <= heard + polar.MOST_SAMPLES


@pytest.mark.parametrize("name", list(PROFILES))
def test_another_characteristic_is_no_data(name):
    decoded = (
        PROFILES[name]
        .decoder(SETTINGS[name])
        .feed([Notification(0, "0000dead-0000-1000-8000-00805f9b34fb", b"\x55\x61" + bytes(18))])
    )
    assert not decoded.packets
    assert sum(decoded.refused.values()) == 1


def cut(data, stream, places):
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [Notification(i, data, stream[a:b]) for i, (a, b) in enumerate(pairwise(edges))]


def fed_in_batches(decoder, notes, size):
    found = [decoder.feed(notes[i : i + size]) for i in range(0, len(notes), size)]
    samples = [packets.samples for part in found for packets in part.packets]
    return np.concatenate(samples) if samples else np.zeros((0, 6))


numbers = st.lists(
    st.lists(st.integers(-(2**15), 2**15 - 1), min_size=9, max_size=9), min_size=1, max_size=12
)


@given(numbers, st.lists(st.integers(0, 400), max_size=12), st.integers(1, 5), st.booleans())
def test_a_wit_stream_cut_anywhere_gives_the_same_samples(rows, places, size, with_answers):
    answer = b"\x55\x71" + bytes(18) if with_answers else b""
    stream = b"".join(answer + b"\x55\x61" + struct.pack("<9h", *row) for row in rows)
    end = b"\x55\x71" + bytes(18)  # an answer closes the stream, so that its last frame counts
    notes = [*cut(witmotion.DATA, stream, places), Notification(99, witmotion.DATA, end)]
    decoder = PROFILES["witmotion"].decoder(SETTINGS["witmotion"])
    found = fed_in_batches(decoder, notes, size)
    expected = np.array(rows)[:, :6] * ([witmotion.ACC_LSB] * 3 + [witmotion.GYR_LSB] * 3)
    np.testing.assert_allclose(found, expected)


@given(numbers, st.integers(0, 11), st.integers(0, 19), st.lists(st.integers(0, 400), max_size=6))
def test_a_wit_stream_with_a_hole_yields_only_what_was_sent(rows, hole, size, places):
    frames = [b"\x55\x61" + struct.pack("<9h", *row) for row in rows]
    stream = b"".join(frames)
    broken = stream[: 20 * hole + 7] + stream[20 * hole + 7 + size :]
    notes = cut(witmotion.DATA, broken, places)
    found = fed_in_batches(PROFILES["witmotion"].decoder(SETTINGS["witmotion"]), notes, 2)
    # Without check sum, a frame made of two halves passes when it happens to end a notification.
    whole = [np.array(row[:6]) for row in rows]
    back = np.round(found / ([witmotion.ACC_LSB] * 3 + [witmotion.GYR_LSB] * 3)).astype(int)
    strange = [row for row in back if not any(np.array_equal(row, one) for one in whole)]
    assert len(strange) <= (1 if size else 0)


@given(
    st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=8),
    st.integers(1, 8),
    st.lists(st.integers(8, 200), min_size=8, max_size=8),
    st.integers(1, 5),
)
def test_movesense_messages_cut_anywhere_give_the_same_samples(times, n, cuts, size):
    rng = np.random.default_rng(n)
    acc = rng.uniform(-150, 150, (len(times), n, 3)).astype("f4")
    gyr = rng.uniform(-2000, 2000, (len(times), n, 3)).astype("f4")
    notes = []
    for i, (ms, where) in enumerate(zip(times, cuts, strict=False)):
        whole = movesense.pack(movesense.STREAM, ms, acc[i], gyr[i])
        where = min(where, len(whole))
        notes.append(Notification(2 * i, movesense.DATA, whole[:where]))
        if whole[where:]:
            rest = bytes([movesense.REST, movesense.STREAM]) + whole[where:]
            notes.append(Notification(2 * i + 1, movesense.DATA, rest))
    notes.append(Notification(99, movesense.DATA, bytes([movesense.WHOLE, movesense.STREAM])))
    decoder = PROFILES["movesense"].decoder(SETTINGS["movesense"])
    found = fed_in_batches(decoder, notes, size)
    np.testing.assert_allclose(found[:, :3], acc.reshape(-1, 3), atol=1e-4)
    np.testing.assert_allclose(found[:, 3:], np.deg2rad(gyr.reshape(-1, 3)), atol=1e-4)


def test_a_lost_second_part_is_refused_and_costs_one_message():
    acc = np.ones((8, 3))
    whole = [movesense.pack(movesense.STREAM, ms, acc * ms, acc) for ms in (1, 2, 3)]
    head = 6 + 24 * 4  # a first part that by itself looks like four samples
    parts = [(w[:head], bytes([movesense.REST, movesense.STREAM]) + w[head:]) for w in whole]
    said = [*parts[0], parts[1][0], *parts[2]]
    notes = [Notification(i, movesense.DATA, payload) for i, payload in enumerate(said)]
    decoded = PROFILES["movesense"].decoder(SETTINGS["movesense"]).feed(notes)
    assert decoded.packets[0].tick.tolist() == [1, 3]
    assert sum(decoded.refused.values()) == 1


@given(st.lists(st.lists(st.integers(-(2**15), 2**15 - 1), min_size=3, max_size=3), min_size=1,
                max_size=60), st.integers(1, 20))  # fmt: skip
def test_polar_deltas_come_back_as_they_were_packed(rows, block):
    """Packed here in the plainest way: numbers as text of bits, blocks of any size."""
    content = struct.pack("<3h", *rows[0])
    for at in range(1, len(rows), block):
        few = rows[at - 1 : at + block]
        steps = [b - a for one, two in pairwise(few)
                 for a, b in zip(one, two, strict=True)]  # fmt: skip
        width = max(17 if not -(2**15) <= step < 2**15 else 16 for step in steps)
        bits = "".join(format(step & (2**width - 1), f"0{width}b")[::-1] for step in steps)
        bits += "0" * (-len(bits) % 8)
        content += bytes([width, len(few) - 1])
        content += bytes(int(bits[i : i + 8][::-1], 2) for i in range(0, len(bits), 8))
    np.testing.assert_array_equal(polar.delta_samples(content, 16), rows)
    for end in range(6, len(content)):
        kept = polar.delta_samples(content[:end], 16)
        assert isinstance(kept, str) or np.array_equal(kept, rows[: len(kept)])


@pytest.mark.parametrize(
    ("name", "data", "payload"),
    [
        ("dot", dot.MEDIUM, struct.pack("<I6f", 1, np.nan, 0, 0, 0, 0, 0)),
        ("dot", dot.MEDIUM, struct.pack("<I6f", 1, 0, 0, np.inf, 0, 0, 0)),
        ("dot", dot.MEDIUM, struct.pack("<I6f", 1, 0, 0, 1e30, 0, 0, 0)),
        ("dot", dot.MEDIUM, bytes(29)),
        ("polar", polar.DATA, struct.pack("<BQB", 2, 2**63, 1) + bytes(6)),
        ("polar", polar.DATA, struct.pack("<BQB", 6, 1, 1) + bytes(6)),
        ("polar", polar.DATA, struct.pack("<BQB", 2, 1, 1) + bytes(7)),
        ("polar", polar.DATA, struct.pack("<BQB", 2, 1, 0x80) + bytes(6) + b"\x00\xff" * 9),
        ("metamotion", metawear.DATA, b"\x03\x05" + bytes(17)),
        ("generic", generic.DATA, b"\x02\x01" + bytes(18)),
        ("generic", generic.DATA, b"\x01\x02" + bytes(18)),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(name, data, payload):
    decoded = PROFILES[name].decoder(SETTINGS[name]).feed([Notification(0, data, payload)])
    assert not decoded.packets
    assert sum(decoded.refused.values()) == 1
    assert all(len(why) > 10 for why in decoded.refused)


@pytest.mark.parametrize("code", range(0x100))
def test_every_polar_frame_type_is_known_or_refused(code):
    head = bytes([polar.ACC]) + bytes(8) + bytes([code])
    frame = polar.read_frame(head + bytes(18), {polar.ACC: 1.0, polar.GYR: 1.0})
    known = {0: 6, 1: 3, 2: 2, 0x80: 1, 0x81: 1}
    if code not in known:
        assert frame == "unknown frame type"
    elif code < 0x80:
        assert frame.samples.shape == (known[code], 3)
    else:
        assert isinstance(frame, str | polar.Frame)


@pytest.mark.parametrize("pattern", [b"\x01\x00\x80\x7f", b"\x01\x00\xa0\xff", b"\x00\x00\xc0\x7f"])
def test_bytes_that_are_no_number_are_refused_without_a_warning(pattern):
    """Signalling and quiet NaN in every place of a float message."""
    whole = bytes([movesense.WHOLE, movesense.STREAM]) + bytes(4)
    for at in range(6):
        body = bytes(4 * at) + pattern + bytes(4 * (5 - at))
        last = movesense.pack(movesense.STREAM, 1, np.zeros((1, 3)), np.zeros((1, 3)))
        for name, data, *payloads in (
            ("dot", dot.MEDIUM, bytes(4) + body),
            ("movesense", movesense.DATA, whole + body, last),
        ):
            notes = [Notification(i, data, payload) for i, payload in enumerate(payloads)]
            decoded = PROFILES[name].decoder(SETTINGS[name]).feed(notes)
            assert sum(decoded.refused.values()) == 1
    frame = bytes([polar.GYR]) + bytes(8) + b"\x81" + pattern + bytes(8)
    decoded = (
        PROFILES["polar"].decoder(SETTINGS["polar"]).feed([Notification(0, polar.DATA, frame)])
    )
    assert sum(decoded.refused.values()) == 1


@pytest.mark.parametrize("piece", [10, 8, 5, 14])
@pytest.mark.parametrize("lost", range(4, 12))
def test_a_lost_piece_of_a_wit_stream_never_makes_a_frame_of_two_halves(piece, lost):
    rows = np.random.default_rng(lost).integers(0, 80, (30, 9))  # below the marks 0x55, 0x61
    stream = b"".join(b"\x55\x61" + row.astype("<i2").tobytes() for row in rows)
    pieces = [stream[i : i + piece] for i in range(0, len(stream), piece)]
    del pieces[lost]
    notes = [Notification(i, witmotion.DATA, part) for i, part in enumerate(pieces)]
    for size in (1, 3, len(notes)):
        decoder = PROFILES["witmotion"].decoder(SETTINGS["witmotion"])
        found = fed_in_batches(decoder, notes, size)
        back = np.round(found / ([witmotion.ACC_LSB] * 3 + [witmotion.GYR_LSB] * 3)).astype(int)
        sent = {tuple(row[:6].tolist()) for row in rows}
        assert {tuple(row.tolist()) for row in back} <= sent
        assert len(back) >= len(rows) - 3
