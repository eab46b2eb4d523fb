"""Times as people write them, and the ones that cannot be."""

import pytest

from gaitlab.coaching.potential.race_events import (
    EVENTS,
    event_of,
    race_time,
    refuse_contradictions,
    seconds_of,
    sex_of,
    time_text,
)
from gaitlab.model.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("50.0", 50.0), ("50", 50.0), ("50,04", 50.04), ("3:45.2", 225.2), ("3:45,2", 225.2),
        ("3.45.2", 225.2), ("3'45\"2", 225.2), ("3′45″", 225.0), ("15:30", 930.0),
        ("1h02:10", 3730.0), ("1:02:10", 3730.0), ("1h02", 3720.0), ("1h02m10s", 3730.0),
        ("2h 05min 07s", 7507.0), ("3min45", 225.0), ("3m45.2s", 225.2), ("4h", 14400.0),
        (" 1:52.36 ", 112.36), ("930", 930.0), ("1H02:10", 3730.0), ("45s", 45.0),
    ],
)  # fmt: skip
def test_times_as_people_write_them(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "abc", "3:75", "-50", "1:2:3:4", "3::45", "NaN", "1e3", ":"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="not a time"):
        seconds_of(text)


@pytest.mark.parametrize("seconds", [19.19, 50.0, 59.94, 59.96, 225.2, 3599.94, 3599.96, 7235.0])
def test_a_printed_time_reads_back(seconds):
    assert seconds_of(time_text(seconds)) == pytest.approx(seconds, abs=0.51)


def test_hand_times_get_the_usual_correction_and_say_so():
    assert race_time("400", "50.0h", "m").time_s == pytest.approx(50.14)
    assert race_time("200", "23.1h", "m").time_s == pytest.approx(23.34)
    assert race_time("1500", "3:59.8h", "m").time_s == pytest.approx(239.8)
    assert "hand" in race_time("400", "50.0h", "m").note


@pytest.mark.parametrize(
    ("name", "event"),
    [("5k", "5000"), ("1500m", "1500"), ("1500 m", "1500"), ("Half marathon", "half"),
     ("HM", "half"), ("Marathon", "marathon"), ("1 mile", "mile"), ("10 km", "10000")],
)  # fmt: skip
def test_events_by_their_many_names(name, event):
    assert event_of(name).name == event


def test_every_world_record_is_a_possible_time_and_faster_is_not():
    for event in EVENTS:
        for sex, record in zip("mf", event.record_s, strict=True):
            assert race_time(event.name, f"{record:.2f}", sex).time_s == pytest.approx(record)
            with pytest.raises(UsageError, match="world record"):
                race_time(event.name, f"{record * 0.995:.2f}", sex)


@pytest.mark.parametrize(
    ("event", "text", "guess"),
    [("5000", "15.30", "5000=15:30"), ("1500", "4.00", "1500=4:00"), ("400", "50:00", "400=50.00"),
     ("marathon", "3:45", "marathon=3:45:00"), ("1500", "4", "1500=4:00"),
     ("800", "2.1", "800=2:10"), ("200", "25:1", "200=25.1")],
)  # fmt: skip
def test_seconds_typed_as_minutes_are_refused_with_what_was_meant(event, text, guess):
    with pytest.raises(UsageError) as caught:
        race_time(event, text, "m")
    assert f"did you mean {guess}?" in caught.value.todo


def test_a_400_slower_than_half_the_800_is_refused():
    times = (race_time("400", "61.0", "m"), race_time("800", "2:00", "m"))
    with pytest.raises(UsageError) as caught:
        refuse_contradictions(times)
    assert "400" in caught.value.what
    assert "800" in caught.value.what
    refuse_contradictions((race_time("400", "59.0", "m"), race_time("800", "2:00", "m")))


def test_an_event_given_twice_is_refused():
    with pytest.raises(UsageError, match="twice"):
        refuse_contradictions((race_time("400", "61", "m"), race_time("400", "60", "m")))


@pytest.mark.parametrize("words", [(), ("x",), ("m", "f"), ("men", "women")])
def test_no_sex_an_unknown_one_or_two_are_refused(words):
    with pytest.raises(UsageError):
        sex_of(words)


@pytest.mark.parametrize("name", ["100", "60", "steeple", "", "4x400"])
def test_an_unknown_event_names_the_known_ones(name):
    with pytest.raises(UsageError) as caught:
        event_of(name)
    assert "1500" in caught.value.why
