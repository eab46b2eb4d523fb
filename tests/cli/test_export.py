"""``gaitlab export`` as a user meets it."""

import json

import numpy as np
import pandas as pd
import pytest

from gaitlab.recordings import load


def test_what_a_service_keeps_and_drops_is_said(gaitlab, bundled, tmp_path):
    out = tmp_path / "a.fit"
    recording = bundled / "sprinter_fly.gait.parquet"
    result = gaitlab("export", "fit", recording, "-o", out, "--for", "strava", "--start",
                     "2026-05-01 18:30")  # fmt: skip
    assert result.status == 0, result.err
    assert "Strava keeps: speed, distance and cadence" in result.err
    assert "Strava drops: contact time" in result.err
    assert "SIMULATED: nobody ran this" in result.err
    assert "seconds with a value: distance" in result.err
    assert "2026-05-01 18:30:00 (as you said)" in result.err
    assert out.stat().st_size > 500


def test_contacts_in_csv_equal_those_in_parquet(gaitlab, bundled, tmp_path):
    recording = bundled / "sprinter_fly.gait.parquet"
    for kind in ("csv", "parquet"):
        result = gaitlab("export", kind, recording, "-o", tmp_path / f"a.{kind}", "--json")
        assert result.status == 0, result.err
    csv, parquet = pd.read_csv(tmp_path / "a.csv"), pd.read_parquet(tmp_path / "a.parquet")
    assert len(csv) == len(parquet) == json.loads(result.out)["rows"]
    np.testing.assert_allclose(csv["contact_time_s"], parquet["contact_time_s"], atol=1e-6)


def test_the_plain_form_loses_no_sample(gaitlab, bundled, tmp_path):
    recording = bundled / "sprinter_fly.gait.parquet"
    assert gaitlab("export", "plain", recording, "-o", tmp_path / "a.parquet").status == 0
    one, other = load(recording), load(tmp_path / "a.parquet")
    for before, after in zip(one.feet, other.feet, strict=True):
        np.testing.assert_array_equal(before.acc_mps2, after.acc_mps2)
        np.testing.assert_allclose(before.gyr_radps, after.gyr_radps, rtol=1e-15)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("csv", "--for", "strava"), "are for FIT files"),
        (("fit", "--start", "yesterday"), "is not a time"),
        (("fit", "-o", "a.csv"), "does not end in .fit"),
    ],
)
def test_wrong_requests_get_one_clear_error(gaitlab, bundled, arguments, words):
    kind, *rest = arguments
    result = gaitlab("export", kind, bundled / "sprinter_fly.gait.parquet", *rest)
    assert (result.status, words in result.err) == (2, True), result.err


def test_a_sidecar_that_belongs_to_another_recording_stays(gaitlab, bundled, tmp_path):
    mine = tmp_path / "ride.json"
    mine.write_text('{"athlete": "Ada"}')
    asked = ("export", "plain", bundled / "sprinter_fly.gait.parquet", "-o", tmp_path / "ride.csv")
    result = gaitlab(*asked)
    assert (result.status, "ride.json exists already" in result.err) == (2, True)
    assert mine.read_text() == '{"athlete": "Ada"}'
    assert not (tmp_path / "ride.csv").exists()


def test_a_recording_is_not_decoded_as_a_journal(gaitlab, bundled):
    result = gaitlab("decode", bundled / "sprinter_fly.gait.parquet")
    assert (result.status, "is not a journal" in result.err) == (2, True), result.err
