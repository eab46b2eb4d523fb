"""Cycles of one foot: none is lost where the rhythm changes."""

import numpy as np
import pandas as pd

from gaitlab.events.cycles import rhythm_of
from gaitlab.pipeline import analyze
from gaitlab.recordings import load

RATE_HZ = 100.0


def test_a_window_that_holds_both_walking_and_running_does_not_double_the_period(monkeypatch):
    """Periods of 1.0, 1.0, 1.5 (two running strides), 0.7, 0.7 s: the third is nobody's."""
    found = np.arange(5.0), np.array([1.0, 1.0, 1.5, 0.7, 0.7]), np.array([0.9, 0.6, 0.5, 0.6, 0.9])
    monkeypatch.setattr("gaitlab.events.cycles.local_period", lambda *_: found)
    rhythm = rhythm_of(np.zeros(500), RATE_HZ)
    assert rhythm.at(np.array([200]))[0] / RATE_HZ == 0.85  # between its neighbours


def test_a_longer_period_that_stays_is_believed(monkeypatch):
    found = np.arange(5.0), np.array([0.7, 0.7, 1.1, 1.1, 0.7]), np.full(5, 0.8)
    monkeypatch.setattr("gaitlab.events.cycles.local_period", lambda *_: found)
    assert rhythm_of(np.zeros(500), RATE_HZ).at(np.array([200]))[0] / RATE_HZ == 1.1


def test_no_contact_is_lost_where_a_walk_turns_into_a_run(bundled):
    truth = pd.read_parquet(bundled / "distance_easy.truth.parquet")
    contacts = analyze(load(bundled / "distance_easy.gait.parquet")).contacts
    for code, foot in enumerate(("left", "right")):
        real_s = truth.loc[truth["foot"] == foot, "ic_time_s"].dropna().to_numpy(float)
        found_s = contacts.ic_time_s[contacts.foot == code]
        assert len(found_s) == len(real_s)
        assert np.abs(found_s - real_s).max() < 0.08
