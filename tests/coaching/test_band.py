"""A band is what the athletes do at each speed, and nobody is compared with themselves."""

import json
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.coaching.comparison.band import band_of, held_by_bands
from gaitlab.coaching.comparison.band_file import band_dict, band_text, read_band
from gaitlab.coaching.comparison.compare import compare
from gaitlab.coaching.comparison.matching import common_speed
from gaitlab.coaching.numbers.select import part_of, parts_of
from gaitlab.model.errors import AnalysisError, InputError

RAMP = np.linspace(5.0, 9.0, 500)


def athlete(made_up, name, seed, lag_s=0.0, speeds=RAMP):
    found = made_up.runner(name, speeds, seed=seed, lag_s=lag_s)
    return replace(found, recording=replace(found.recording, sha256=f"{seed:064d}"))


@pytest.fixture(scope="module")
def squad(made_up):
    """Contacts of the right foot 0, 4, 8, 12 ms longer: medians 0, 2, 4, 6 ms longer."""
    return tuple(athlete(made_up, f"S{k}", k + 1, 0.004 * k) for k in range(4))


@pytest.fixture(scope="module")
def band(squad):
    return band_of("squad", "sprint", parts_of(squad))


def test_mean_and_spread_of_the_athletes_are_found_again(band, made_up):
    point = band.at("contact_time_s", 7.0)
    assert point.n == 4
    assert point.mean == pytest.approx(made_up.contact_at(7.0) + 0.003, abs=0.0015)
    assert point.sd == pytest.approx(np.std([0, 0.002, 0.004, 0.006], ddof=1), abs=0.001)
    assert point.low < point.mean < point.high


def test_between_two_speeds_of_the_grid_the_band_follows_the_speed(band, made_up):
    for speed in (6.3, 6.37, 7.11):
        expected = made_up.contact_at(speed) + 0.003
        assert band.at("contact_time_s", speed).mean == pytest.approx(expected, abs=0.002)


def test_there_is_no_band_at_a_speed_that_nobody_ran(band):
    assert band.at("contact_time_s", 4.0) is None
    assert band.at("contact_time_s", 30.0) is None
    assert band.at("peak_impact_mps2", 7.0) is None
    assert band.speeds("peak_impact_mps2") is None
    slow, fast = band.speeds("contact_time_s")
    assert 4.6 <= slow <= 5.4
    assert 8.6 <= fast <= 9.4


def test_two_athletes_have_no_spread(squad):
    point = band_of("pair", "sprint", parts_of(squad[:2])).at("contact_time_s", 7.0)
    assert (point.n, np.isnan(point.sd)) == (2, True)


def test_recordings_of_one_athlete_make_one_member_with_all_speeds(made_up):
    slow = athlete(made_up, "A", 1, speeds=np.linspace(4, 5.5, 300))
    fast = athlete(made_up, "a ", 2, speeds=np.linspace(7, 8.5, 300))
    one = band_of("one", "other", [part_of(slow), part_of(fast)])
    assert len(one.members) == 1
    assert one.at("contact_time_s", 5.0).n == one.at("contact_time_s", 8.0).n == 1
    assert one.at("contact_time_s", 6.2) is None
    assert one.title == "one (1 athlete)"


def test_nobody_is_their_own_reference(band, squad, made_up):
    assert len(band.without(part_of(squad[0])).members) == 3
    again = athlete(made_up, "S0", 77)  # another recording of the same athlete
    assert len(band.without(part_of(again)).members) == 3
    renamed = replace(squad[0], recording=replace(squad[0].recording, athlete=made_up.runner(
        "else").recording.athlete))  # fmt: skip
    assert len(band.without(part_of(renamed)).members) == 3  # the same recording
    assert len(band.without(part_of(athlete(made_up, "new", 99))).members) == 4


def test_recordings_without_enough_contacts_make_no_band(made_up):
    with pytest.raises(AnalysisError, match="no band 'x'"):
        band_of("x", "sprint", [part_of(made_up.runner("few", made_up.steady(7.0, 8)))])
    with pytest.raises(AnalysisError):
        band_of("x", "sprint", [part_of(made_up.runner("none", np.empty(0)))])


def test_a_file_gives_the_band_back_and_holds_no_name(band, tmp_path):
    path = tmp_path / "squad.band.json"
    path.write_text(band_text(band, "0"), encoding="utf-8")
    back = read_band(path)
    assert (back.name, back.group) == ("squad", "sprint")
    for name in ("contact_time_s", "strike_angle_rad", "duty_factor"):
        one, two = band.at(name, 6.7), back.at(name, 6.7)
        assert (one.mean, one.sd, one.n) == pytest.approx((two.mean, two.sd, two.n), abs=1e-5)
    text = path.read_text(encoding="utf-8")
    assert '"S0"' not in text
    assert "_rad" not in text
    assert len(text) < 100_000
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"schema": "other"}, "no schema"),
        ({"schema_version": 9}, "version is 9"),
        ({"group": "jumpers"}, "its group is 'jumpers'"),
        ({"members": []}, "no athlete"),
        ({"speed_mps": [1.0]}, "speeds"),
        ({"members": [{"who": "x"}]}, "KeyError"),
    ],
)
def test_a_file_that_is_no_band_is_refused(band, tmp_path, change, why):
    path = tmp_path / "x.band.json"
    path.write_text(json.dumps(band_dict(band, "0") | change), encoding="utf-8")
    with pytest.raises(InputError, match="is not a band") as caught:
        read_band(path)
    assert why in str(caught.value)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError):
        read_band(path)
    with pytest.raises(InputError):
        read_band(tmp_path / "missing.json")


def test_a_runner_is_looked_at_where_the_band_was_run(band, made_up):
    """Most of the run is at 4 m/s, where no sprinter ran."""
    speeds = np.concatenate((np.full(400, 4.0), np.full(60, 7.2)))
    parts = parts_of((made_up.runner("race", speeds),))
    assert common_speed(parts)[0] == pytest.approx(4.0, abs=0.3)
    liked = compare(parts, preferred=lambda grid: held_by_bands([band], grid))
    assert liked.matched_speed_mps == pytest.approx(7.2, abs=0.3)


def test_a_band_that_nobody_reaches_changes_nothing(band, made_up):
    parts = parts_of((made_up.runner("a", made_up.steady(3.5)), made_up.runner("b", made_up.steady(
        3.6), seed=2)))  # fmt: skip
    with_band = common_speed(parts, lambda grid: held_by_bands([band], grid))
    assert with_band == common_speed(parts)


def test_a_runner_without_speeds_does_not_stop_the_others(made_up):
    blind = made_up.without(made_up.runner("blind"), "speed_mps")
    others = [made_up.runner(name, made_up.steady(4.0), seed=k) for k, name in enumerate("ab")]
    comparison = compare(parts_of((blind, *others)))
    assert comparison.matched_speed_mps == pytest.approx(4.0, abs=0.3)
    row = next(r for r in comparison.rows if r.metric.name == "contact_time_s")
    assert [np.isfinite(value.value) for value in row.values] == [False, True, True]
    assert row.values[0].reason
