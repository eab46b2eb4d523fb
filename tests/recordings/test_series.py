"""Series of watches and foot pods: what the device said, in SI units, and nothing more."""

import numpy as np
import pytest

from gaitlab.model.errors import InputError
from gaitlab.recordings.series_reading import is_series, read_series, save_series

CSV = """timestamp,distance,speed,cadence,fractional_cadence,stance_time,power
2024-05-01 10:00:02+00:00,6,3.0,85,0.5,250.0,200
2024-05-01 10:00:00+00:00,0,0.0,0,0,0.0,0
2024-05-01 10:00:01+00:00,3,3.0,84,0,240.0,200
"""


def test_rows_are_sorted_units_are_si_and_a_zero_contact_time_is_none(tmp_path):
    path = tmp_path / "pod.csv"
    path.write_text(CSV)
    assert is_series(path)
    series = read_series(path)
    assert series.time_s.tolist() == [0, 1, 2]
    assert series.quantity("cadence_spm").tolist() == [0, 168, 171]
    np.testing.assert_allclose(series.quantity("contact_time_s"), [np.nan, 0.240, 0.250])
    assert np.isnan(series.quantity("step_length_m")).all()
    assert series.origin("cadence_spm") == "column cadence"


def test_a_series_in_csv_comes_back_with_its_numbers(tmp_path):
    path = tmp_path / "pod.csv"
    path.write_text(CSV)
    series = read_series(path)
    save_series(series, tmp_path / "a.series.csv")
    assert is_series(tmp_path / "a.series.csv")
    back = read_series(tmp_path / "a.series.csv")
    np.testing.assert_array_equal(back.time_s, series.time_s)
    for name, values in series.columns():
        np.testing.assert_array_equal(back.quantity(name), values)


@pytest.mark.parametrize("suffix", ["parquet"])
def test_a_saved_series_comes_back_equal(tmp_path, suffix):
    path = tmp_path / "pod.csv"
    path.write_text(CSV)
    series = read_series(path)
    save_series(series, tmp_path / f"a.series.{suffix}")
    assert is_series(tmp_path / f"a.series.{suffix}")
    back = read_series(tmp_path / f"a.series.{suffix}")
    for name, values in series.columns():
        np.testing.assert_array_equal(back.quantity(name), values)
    assert (back.source, back.origins, back.start_unix_s) == (
        series.source, dict(series.origins), series.start_unix_s)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.replace("10:00:01", "noon"), "times that cannot be read"),
        (lambda s: s.replace("3.0", "fast"), "not made of numbers"),
        (lambda s: s.split("\n")[0] + "\n", "no recording"),
        (lambda s: s.replace("2024-05-01 10:00:01", "1950-01-01 10:00:01"), "no single run"),
        (lambda s: s.replace("240.0", "1e300"), "absurd numbers in stance_time"),
    ],
)
def test_a_damaged_series_is_refused(tmp_path, change, words):
    path = tmp_path / "pod.csv"
    path.write_text(change(CSV))
    with pytest.raises(InputError, match=words):
        read_series(path)


def test_a_recording_is_not_a_series(bundled, tmp_path):
    recording = bundled / "distance_easy.gait.parquet"
    assert not is_series(recording)
    with pytest.raises(InputError, match="is no series"):
        read_series(recording)
    with pytest.raises(InputError, match="does not exist"):
        read_series(tmp_path / "no.fit")


def test_fit_files_equal_what_another_reader_finds(shared_data):
    fitparse = pytest.importorskip("fitparse")
    for path in sorted((shared_data / "real" / "vendor-formats").glob("*.fit")):
        series = read_series(path)
        records = list(fitparse.FitFile(str(path)).get_messages("record"))
        stance = np.array([one.get_value("stance_time") or np.nan for one in records], float)
        np.testing.assert_allclose(series.quantity("contact_time_s"), stance / 1e3)
        cadence = np.array([2.0 * (one.get_value("cadence") or 0) for one in records])
        assert np.all(np.abs(series.quantity("cadence_spm") - cadence) < 2)
        speed = np.array([one.get_value("enhanced_speed") for one in records], float)
        np.testing.assert_allclose(series.quantity("speed_mps"), speed)


def test_a_fit_file_with_a_flipped_bit_or_cut_in_half_is_refused(shared_data, tmp_path):
    data = (shared_data / "real" / "vendor-formats" / "stryd_1km.fit").read_bytes()
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 4
    for broken in (bytes(flipped), data[: len(data) // 2]):
        path = tmp_path / "broken.fit"
        path.write_bytes(broken)
        with pytest.raises(InputError, match="damaged FIT"):
            read_series(path)
