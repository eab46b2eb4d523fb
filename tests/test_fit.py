"""FIT files: what two independent readers find in them is what was put in."""

import numpy as np
import pytest

import gaitlab
from gaitlab.metrics.by_second import by_second
from gaitlab.model.errors import AnalysisError
from gaitlab.recordings.series_reading import read_series
from gaitlab.tables.fit import (
    DEVELOPER,
    developer_fields,
    native_fields,
    values_in,
    write_fit,
)

START = 1_750_000_000.0


@pytest.fixture(scope="module")
def seconds():
    analysis = gaitlab.analyze(gaitlab.load("recordings/heel_striker_easy.gait.parquet"))
    return by_second(analysis)


@pytest.fixture(scope="module")
def file(seconds, tmp_path_factory):
    path = tmp_path_factory.mktemp("fit") / "run.fit"
    write_fit(seconds, path, start_unix_s=START)
    return path


RESOLUTION = {
    "distance": 0.01, "enhanced_speed": 0.001, "cadence": 1, "fractional_cadence": 1 / 128,
    "stance_time": 0.1, "stance_time_percent": 0.01, "stance_time_balance": 0.01,
    "step_length": 0.1, "vertical_oscillation": 0.1, "vertical_ratio": 0.01,
}  # fmt: skip


def check(records, seconds):
    """Each native field within half its resolution, each developer field as a 32-bit float."""
    assert len(records) == len(seconds)
    for name, values in native_fields(seconds).items():
        found = np.array(
            [one.get(name) if one.get(name) is not None else np.nan for one in records]
        )
        np.testing.assert_allclose(found.astype(float), values, atol=0.51 * RESOLUTION[name])
    for name, values in zip(DEVELOPER, developer_fields(seconds), strict=True):
        found = np.array([one.get(name, np.nan) for one in records], float)
        np.testing.assert_allclose(found, values.astype(np.float32), rtol=1e-6)


def test_one_reader_finds_every_number(file, seconds):
    fitdecode = pytest.importorskip("fitdecode")
    with fitdecode.FitReader(file, check_crc=fitdecode.CrcCheck.RAISE) as reader:
        frames = [one for one in reader if isinstance(one, fitdecode.FitDataMessage)]
    records = [one for one in frames if one.name == "record"]
    check([{f.name: f.value for f in one.fields} for one in records], seconds)
    names = [one.name for one in frames if one.name != "record"]
    assert {"file_id", "event", "lap", "session", "activity"} <= set(names)


def test_a_second_reader_finds_the_same(file, seconds):
    fitparse = pytest.importorskip("fitparse")
    records = list(fitparse.FitFile(str(file), check_crc=True).get_messages("record"))
    check([one.get_values() for one in records], seconds)


def test_a_session_and_its_lap_hold_the_means_of_the_records(file):
    fitdecode = pytest.importorskip("fitdecode")
    with fitdecode.FitReader(file) as reader:
        frames = [one for one in reader if isinstance(one, fitdecode.FitDataMessage)]
    tables = {
        name: [{f.name: f.value for f in one.fields} for one in frames if one.name == name]
        for name in ("record", "session", "lap")
    }
    for whole in (*tables["session"], *tables["lap"]):
        for field, name, within in (
            ("avg_stance_time", "stance_time", 0.1), ("avg_step_length", "step_length", 0.1),
            ("avg_stance_time_balance", "stance_time_balance", 0.01),
            ("avg_vertical_oscillation", "vertical_oscillation", 0.1),
            ("enhanced_avg_speed", "enhanced_speed", 0.001),
        ):  # fmt: skip
            values = [one[name] for one in tables["record"] if one.get(name) is not None]
            assert whole[field] == pytest.approx(np.mean(values), abs=within)
        steps = 2 * (whole["avg_running_cadence"] + whole["avg_fractional_cadence"])
        records = [2 * (one["cadence"] + one["fractional_cadence"]) for one in tables["record"]
                   if one.get("cadence") is not None]  # fmt: skip
        assert steps == pytest.approx(np.mean(records), abs=0.05)


def test_what_has_no_value_is_counted_as_nothing(seconds):
    held = values_in(seconds, developer=True)
    for name, values in zip(DEVELOPER, developer_fields(seconds), strict=True):
        assert held[name] == np.isfinite(values).sum()
    assert held["stance_time"] > 0
    assert not set(DEVELOPER) & set(values_in(seconds, developer=False))


def test_the_library_s_validator_has_nothing_to_say(file):
    validation = pytest.importorskip("fit_tool.validation")
    from fit_tool.fit_file import FitFile

    report = validation.validate_fit_file(
        FitFile.from_file(str(file)), profile_scope=validation.ProfileScope.FULL
    )
    assert report.findings == []


def test_what_is_exported_can_be_imported_again(file, seconds):
    series = read_series(file)
    assert series.start_unix_s == START + seconds.start_s
    for name in ("speed_mps", "contact_time_s", "step_length_m", "vertical_oscillation_m"):
        np.testing.assert_allclose(series.quantity(name), seconds.means[name], atol=6e-4)
    np.testing.assert_allclose(
        series.quantity("cadence_spm"), seconds.means["cadence_spm"], atol=1 / 64
    )


def test_a_plain_file_has_no_developer_fields(seconds, tmp_path):
    fitdecode = pytest.importorskip("fitdecode")
    write_fit(seconds, tmp_path / "plain.fit", start_unix_s=START, developer=False)
    with fitdecode.FitReader(tmp_path / "plain.fit") as reader:
        frames = [one for one in reader if isinstance(one, fitdecode.FitDataMessage)]
    assert not {"developer_data_id", "field_description"} & {one.name for one in frames}


def test_no_contact_no_file(make_analysis, tmp_path):
    empty = by_second(make_analysis(n=0))
    assert len(empty) == 0
    with pytest.raises(AnalysisError, match="nothing to export"):
        write_fit(empty, tmp_path / "x.fit", start_unix_s=START)
    assert not (tmp_path / "x.fit").exists()


def test_distance_is_the_sum_of_the_speeds_and_stands_still_in_long_pauses(make_analysis):
    seconds = by_second(make_analysis(n=60))
    means = seconds.means["speed_mps"]
    assert seconds.distance_m[-1] == pytest.approx(np.nansum(means), rel=0.1)
    assert (np.diff(seconds.distance_m) >= 0).all()
