"""gaitlab's own file: equal to the bit, small, and never silently wrong."""

import dataclasses
import json
import zlib

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gaitlab.model.errors import InputError, OutputError, UsageError
from gaitlab.model.recording import Athlete, FootStream, Mark, Recording, Setup
from gaitlab.recordings import load, save
from gaitlab.recordings.store import (
    ABOUT_KEY,
    BYTES_KEY,
    CHECK_KEY,
    SCHEMA_VERSION,
    read_start,
    read_store,
)

ACC_LSB = 16 * 9.80665 / 32768
GYR_LSB = np.deg2rad(2000) / 32768
SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def counted(n=4000, foot="left", seed=0, rate_hz=200.0):
    """A pod that sends 16-bit counts: rest, then something that moves like a foot."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n) / rate_hz
    swing = np.where(time_s > n / rate_hz / 2, np.sin(9 * time_s), 0.0)
    acc = np.column_stack((40 * swing, 5 * swing, 9.81 + 50 * swing)) + rng.normal(0, 0.03, (n, 3))
    gyr = np.column_stack((swing, 6 * swing, swing)) + rng.normal(0, 0.01, (n, 3))
    acc, gyr = np.round(acc / ACC_LSB) * ACC_LSB, np.round(gyr / GYR_LSB) * GYR_LSB
    return FootStream(foot, time_s, acc, gyr, 156.9, 34.9, rate_hz, ACC_LSB, GYR_LSB)


def recording_of(*feet, **facts):
    return Recording("kick", feet, **facts)


def assert_equal(one, other):
    for stream, same in zip(one.feet, other.feet, strict=True):
        for field in dataclasses.fields(FootStream):
            value, copy = getattr(stream, field.name), getattr(same, field.name)
            if isinstance(value, np.ndarray):
                np.testing.assert_array_equal(copy, value, strict=True)
            else:
                assert copy == value, field.name
    for name in ("name", "athlete", "setup", "marks", "source", "simulated", "notes"):
        assert getattr(other, name) == getattr(one, name)


def test_counts_times_and_facts_come_back_to_the_bit(tmp_path):
    path = tmp_path / "kick.gait.parquet"
    recording = recording_of(
        counted(), counted(seed=1, foot="right"),
        athlete=Athlete("Åda «the fast»", "f", 60.1, 1.7, 0.9), setup=Setup("laces", "track", "x"),
        marks=(Mark(4.5, "gate", 10.0), Mark(1 / 3, "end")), source="a test", simulated=True,
        notes=("one", "two"),
    )  # fmt: skip
    save(recording, path)
    assert_equal(recording, load(path))
    assert pq.read_schema(path).field("ax").type == "int32"


@pytest.mark.parametrize(
    ("stored_as", "change"),
    [
        ("float", lambda a: a.astype(np.float32).astype(float)),
        ("float", lambda a: a.astype(np.float32).astype(float) * (np.pi / 180)),
        ("double", lambda a: a + 1e-9),
    ],
)
def test_floats_take_as_few_bits_as_they_need(tmp_path, stored_as, change):
    stream = counted()
    stream = dataclasses.replace(
        stream, gyr_radps=change(stream.gyr_radps), acc_lsb_mps2=None, gyr_lsb_radps=None
    )
    save(recording_of(stream), tmp_path / "x.gait.parquet")
    assert_equal(recording_of(stream), read_store(tmp_path / "x.gait.parquet"))
    assert pq.read_schema(tmp_path / "x.gait.parquet").field("gx").type == stored_as


@SLOW
@given(data=st.data())
def test_any_samples_and_times_survive(tmp_path, data):
    n = data.draw(st.integers(0, 60))
    anything = st.floats(allow_nan=True, allow_infinity=False, width=64)
    few = st.floats(-300, 300, width=32) | st.just(np.nan)
    values = st.sampled_from([anything, few])
    stream = FootStream(
        data.draw(st.sampled_from(["left", "right", "unknown"])),
        data.draw(arrays(float, n, elements=data.draw(values))),
        data.draw(arrays(float, (n, 3), elements=data.draw(values))),
        data.draw(arrays(float, (n, 3), elements=data.draw(values))),
        data.draw(st.none() | st.floats(1, 500)),
        acc_lsb_mps2=data.draw(st.none() | st.floats(1e-6, 1)),
    )
    recording = recording_of(stream, counted(50, "right"), notes=(data.draw(st.text(max_size=9)),))
    save(recording, tmp_path / "any.gait.parquet")
    assert_equal(recording, read_store(tmp_path / "any.gait.parquet"))


def test_counts_with_lost_samples_survive(tmp_path):
    stream = counted()
    acc = stream.acc_mps2.copy()
    acc[100:150] = np.nan
    acc[300, 1] = np.nan
    stream = dataclasses.replace(stream, acc_mps2=acc, gyr_radps=np.full_like(acc, np.nan))
    save(recording_of(stream), tmp_path / "x.gait.parquet")
    assert_equal(recording_of(stream), load(tmp_path / "x.gait.parquet"))
    assert pq.read_schema(tmp_path / "x.gait.parquet").field("ax").type == "int32"


def test_an_hour_of_two_feet_takes_less_than_18_megabytes(tmp_path):
    """Counts that fill 16 bits as running does; measured on ten minutes."""
    rng = np.random.default_rng(0)
    feet = []
    for foot in ("left", "right"):
        stream = counted(120_000, foot)
        noise = rng.laplace(0, 250, (120_000, 3)).round()  # large steps from sample to sample
        feet.append(
            dataclasses.replace(
                stream,
                time_s=12.3456789 + np.arange(120_000) / 200.00317,
                acc_mps2=noise * ACC_LSB,
                gyr_radps=noise[::-1] * GYR_LSB,
            )
        )
    path = tmp_path / "long.gait.parquet"
    save(recording_of(*feet), path)
    assert path.stat().st_size * 6 < 18e6
    metadata = pq.read_metadata(path)
    groups = [metadata.row_group(number).column(1) for number in range(metadata.num_row_groups)]
    assert sum(group.total_compressed_size for group in groups) < 0.03 * path.stat().st_size
    assert_equal(recording_of(*feet), read_store(path))


# --- damage ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "run.gait.parquet"
    recording = recording_of(counted(2000), counted(2000, "right", 1), athlete=Athlete("Ada"))
    save(recording, path)
    return path.read_bytes(), recording


@settings(SLOW, max_examples=400)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_is_noticed_or_harmless(tmp_path, stored, place, bit):
    content, recording = stored
    damaged = bytearray(content)
    damaged[int(place * len(content))] ^= 1 << bit
    path = tmp_path / "flip.gait.parquet"
    path.write_bytes(damaged)
    try:
        again = load(path)
    except InputError:
        return
    assert_equal(recording, again)


def test_every_flipped_bit_among_the_samples_is_noticed(tmp_path, stored):
    content, _ = stored
    footer = int.from_bytes(content[-8:-4], "little") + 8
    path = tmp_path / "flip.gait.parquet"
    for place in np.linspace(4, len(content) - footer - 1, 150).astype(int):
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        with pytest.raises(InputError, match="damaged"):
            load(path)


def test_a_file_cut_short_is_refused(tmp_path, stored):
    content, _ = stored
    path = tmp_path / "cut.gait.parquet"
    for stop in np.linspace(1, len(content) - 1, 60).astype(int):
        path.write_bytes(content[:stop])
        with pytest.raises(InputError):
            load(path)


def rewritten(path, change):
    """The same file with another description, its checksums made to fit."""
    table = pq.read_table(path)
    about = json.loads(pq.read_metadata(path).metadata[ABOUT_KEY])
    text = json.dumps(change(about) or about).encode()
    check = str(zlib.crc32(text)).encode()
    metadata = {ABOUT_KEY: text, CHECK_KEY: check}
    pq.write_table(table.replace_schema_metadata(metadata), path)  # to learn its bytes
    content = path.read_bytes()
    footer = int.from_bytes(content[-8:-4], "little") + 8
    metadata[BYTES_KEY] = str(zlib.crc32(content[:-footer])).encode()
    pq.write_table(table.replace_schema_metadata(metadata), path)


def test_a_newer_format_asks_for_an_update(tmp_path):
    path = tmp_path / "new.gait.parquet"
    save(recording_of(counted()), path)
    rewritten(path, lambda about: {**about, "schema": SCHEMA_VERSION + 1})
    with pytest.raises(InputError, match="newer gaitlab") as caught:
        load(path)
    assert caught.value.todo == "update gaitlab"


@pytest.mark.parametrize(
    "change",
    [
        lambda about: about.pop("feet") and None,
        lambda about: about["feet"][0].update(n=7),
        lambda about: about["feet"][0].update(n=-1),
        lambda about: about["feet"][0].update(acc_scale=1.0),
        lambda about: about["feet"][0].update(foot=None, crc32="x"),
        lambda about: about.update(athlete={"speed": 3}),
        lambda about: about.update(schema="one"),
        lambda about: about.update(marks=7),
        lambda about: [about],
    ],
)
def test_a_description_that_does_not_fit_is_refused(tmp_path, change):
    path = tmp_path / "odd.gait.parquet"
    save(recording_of(counted()), path)
    rewritten(path, change)
    with pytest.raises(InputError):
        load(path)


def test_units_cannot_be_assumed(tmp_path):
    path = tmp_path / "x.gait.parquet"
    save(recording_of(counted()), path)
    with pytest.raises(UsageError, match="units"):
        load(path, assume_units="g")


# --- writing ---------------------------------------------------------------------------


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "run.gait.parquet"
    save(recording_of(counted()), path)
    before = path.read_bytes()

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(OutputError, match="cannot be written") as caught:
        save(recording_of(counted(seed=3)), path)
    assert "No space left" in caught.value.why
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(pq.ParquetWriter, "write_table", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(recording_of(counted()), tmp_path / "run.gait.parquet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["nowhere/run.gait.parquet", "file/run.gait.parquet"])
def test_a_folder_that_is_not_there_is_an_output_error(tmp_path, where):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OutputError, match="cannot be written"):
        save(recording_of(counted()), tmp_path / where)


def test_a_full_disk_is_an_output_error():
    with pytest.raises(OutputError, match="cannot be written"):
        save(recording_of(counted()), "/dev/full/run.gait.parquet")


def test_the_start_of_a_recording_can_be_read_alone_and_all_of_it_is_checked(tmp_path, monkeypatch):
    monkeypatch.setattr("gaitlab.recordings.store_writing.ROWS_PER_GROUP", 100)
    path, whole = tmp_path / "x.gait.parquet", recording_of(counted())
    save(whole, path)
    assert pq.ParquetFile(path).num_row_groups > 2
    start, sizes = read_start(path, 0.5)
    assert sizes == tuple(foot.n_samples for foot in whole.feet)
    kept = whole.feet[0].time_s < whole.feet[0].time_s[0] + 0.5
    assert np.array_equal(start.feet[0].acc_mps2, whole.feet[0].acc_mps2[kept], equal_nan=True)
    assert start.feet[0].acc_lsb_mps2 == whole.feet[0].acc_lsb_mps2
    rewritten(path, lambda about: about["feet"][0].update(acc_scale=1.0))
    with pytest.raises(InputError, match="checksum"):
        read_start(path, 0.5)
