"""A correction that was put into contact times is found again, and no sum breaks."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gaitlab.cli.app import run
from gaitlab.events.correction import (
    Correction,
    fit_correction,
    from_json,
    to_json,
    with_correction,
)
from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.gait import WALK

B0_S, B1_S_PER_MPS, B2_S_PER_RAD = 0.020, -0.002, 0.030


def table(n=30, noise_s=0.0, angles=True, seed=0):
    rng = np.random.default_rng(seed)
    speed = np.tile([3.0, 4.0, 5.0, 6.0, 7.0], n // 5)
    angle = rng.uniform(-0.15, 0.25, len(speed)) if angles else None
    measured = 0.35 - 0.03 * speed
    added = B0_S + B1_S_PER_MPS * speed + (B2_S_PER_RAD * angle if angles else 0.0)
    return measured, measured + added + rng.normal(0.0, noise_s, len(speed)), speed, angle


def fixed(b0=0.010, b1=0.002, b2=0.0, covariance=None):
    square = covariance or ((0.0,) * 3,) * 3
    return Correction(b0, b1, b2, square, 0.002, 12, (3.0, 5.0), 0.05, "OptoJump")


def test_the_coefficients_that_were_put_in_are_found():
    made = fit_correction(*table())
    np.testing.assert_allclose(
        (made.b0_s, made.b1_s_per_mps, made.b2_s_per_rad), (B0_S, B1_S_PER_MPS, B2_S_PER_RAD)
    )
    assert made.residual_sd_s < 1e-12


def test_standard_errors_are_as_large_as_the_errors_they_stand_for():
    fits = [fit_correction(*table(noise_s=0.004, seed=seed)) for seed in range(200)]
    found = np.array([(fit.b0_s, fit.b1_s_per_mps, fit.b2_s_per_rad) for fit in fits])
    stated = np.array([fit.standard_errors for fit in fits])
    true = np.array((B0_S, B1_S_PER_MPS, B2_S_PER_RAD))
    ratio = np.sqrt(np.mean(((found - true) / stated) ** 2, axis=0))
    np.testing.assert_allclose(ratio, 1.0, atol=0.15)


def test_without_angles_the_slope_in_the_angle_is_zero():
    made = fit_correction(*table(angles=False))
    assert made.b2_s_per_rad == 0.0
    assert made.b0_s == pytest.approx(B0_S)
    assert np.isnan(made.strike_angle_rad)


def test_rows_with_a_hole_are_left_out():
    measured, true, speed, angle = table()
    true[3] = np.nan
    assert fit_correction(measured, true, speed, angle).n == len(speed) - 1


@pytest.mark.parametrize("speeds", [(), (3.0,), (3.0, 3.1, 3.2, 3.3), (3.0, 6.0, 6.1)])
def test_fewer_than_three_speeds_are_refused(speeds):
    speed = np.array(speeds)
    with pytest.raises(UsageError, match="too few"):
        fit_correction(0.2 + 0 * speed, 0.21 + 0 * speed, speed)


def test_milliseconds_in_place_of_seconds_are_refused():
    measured, true, speed, _ = table()
    with pytest.raises(UsageError, match="differs"):
        fit_correction(measured, 1000 * true, speed)


def test_no_correction_changes_nothing(make_analysis):
    contacts = make_analysis().contacts
    assert with_correction(contacts, None) is contacts


def test_corrected_times_still_add_up_and_the_raw_one_stays(make_analysis):
    contacts = make_analysis().contacts
    contacts = replace(contacts, contact_time_raw_s=contacts.contact_time_s)
    corrected = with_correction(contacts, fixed())
    longer = corrected.contact_time_s - contacts.contact_time_s
    np.testing.assert_allclose(longer, 0.010 + 0.002 * 4.0)  # its last ones have no speed
    np.testing.assert_allclose(corrected.tc_time_s - corrected.ic_time_s, corrected.contact_time_s)
    np.testing.assert_allclose(
        corrected.contact_time_s + corrected.flight_time_s, contacts.step_time_s, equal_nan=True
    )
    np.testing.assert_allclose(
        corrected.contact_time_s + corrected.swing_time_s, contacts.stride_time_s, equal_nan=True
    )
    np.testing.assert_array_equal(corrected.contact_time_raw_s, contacts.contact_time_s)
    np.testing.assert_array_equal(corrected.ic_time_s, contacts.ic_time_s)


def test_walking_is_not_corrected_and_no_speed_at_all_neither(make_analysis):
    contacts = make_analysis().contacts
    walking = replace(contacts, activity=np.full(len(contacts), WALK, np.int8))
    nowhere = replace(contacts, speed_mps=np.full(len(contacts), np.nan))
    for before in (walking, nowhere):
        after = with_correction(before, fixed())
        np.testing.assert_array_equal(after.contact_time_s, before.contact_time_s)


def test_beyond_the_speeds_of_the_table_nothing_is_extrapolated(make_analysis):
    contacts = make_analysis().contacts
    fast = replace(contacts, speed_mps=np.full(len(contacts), 9.0))
    longer = with_correction(fast, fixed()).contact_time_s - fast.contact_time_s
    np.testing.assert_allclose(longer, 0.010 + 0.002 * 5.0)


def test_the_uncertainty_of_the_correction_is_added(make_analysis):
    contacts = make_analysis().contacts
    unsure = fixed(covariance=((9e-6, 0.0, 0.0), (0.0,) * 3, (0.0,) * 3))
    corrected = with_correction(contacts, unsure)
    np.testing.assert_allclose(corrected.tc_sd_s, np.hypot(contacts.tc_sd_s, 0.003))


def test_no_contacts_are_no_trouble(make_analysis):
    assert len(with_correction(make_analysis(0).contacts, fixed())) == 0


@pytest.mark.parametrize("made", [fixed(), fit_correction(*table(angles=False))])
def test_what_is_stored_is_read_again(made):
    text = to_json(made)
    json.loads(text)
    again = from_json(text)
    assert again.b1_s_per_mps == made.b1_s_per_mps
    assert again.covariance == made.covariance
    assert again.words() == made.words()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "other", "schema_version": 1}'])
def test_other_files_are_refused(text):
    with pytest.raises(InputError, match="not a correction"):
        from_json(text)


def test_the_command_fits_a_table_and_says_what_it_lacks(tmp_path, capsys):
    measured, true, speed, _ = table(angles=False)
    rows = [f"{v},{a},{b}" for v, a, b in zip(speed, measured, true, strict=True)]
    good = tmp_path / "mine.csv"
    good.write_text("speed_mps,contact_time_s,reference_contact_time_s\n" + "\n".join(rows))
    stored = tmp_path / "mine.json"
    assert run(["correction", str(good), "--reference", "video", "-o", str(stored)]) == 0
    assert from_json(stored.read_text()).b0_s == pytest.approx(B0_S)
    assert "corrected to video: +20.0 ms -2.00 ms per m/s" in capsys.readouterr().out
    bad = tmp_path / "bad.csv"
    bad.write_text("speed_mps,contact_time_s\n3.0,0.2\n")
    assert run(["correction", str(bad)]) == 3
    assert "lacks reference_contact_time_s" in capsys.readouterr().err


def test_a_correction_is_named_in_the_summary_and_on_the_page(bundled, tmp_path, capsys):
    stored = tmp_path / "mine.json"
    stored.write_text(to_json(fixed()))
    recording = str(bundled / "sprinter_fly.gait.parquet")
    options = ["--correction", str(stored), "-o"]
    assert run(["analyze", recording, *options, str(tmp_path / "out")]) == 0
    assert run(["report", recording, *options, str(tmp_path / "page.html")]) == 0
    capsys.readouterr()
    told = json.loads((tmp_path / "out" / "sprinter_fly.summary.json").read_text())
    assert told["adjustments"] == [fixed().words()]
    assert fixed().words() in (tmp_path / "page.html").read_text()
    table = pd.read_parquet(tmp_path / "out" / "sprinter_fly.contacts.parquet")
    running = table[table["activity"] == "run"]
    longer = (running["contact_time_s"] - running["contact_time_raw_s"]).dropna()
    assert longer.between(0.0159, 0.0201).all()
    assert len(longer)


def test_a_correction_file_that_is_not_there_is_named(bundled, capsys):
    recording = str(bundled / "sprinter_fly.gait.parquet")
    assert run(["analyze", recording, "--correction", "nowhere.json"]) == 3
    assert "nowhere.json" in capsys.readouterr().err
