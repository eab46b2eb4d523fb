"""Which pod sits on which foot is what the user says, else as last time; no side is guessed."""

from types import SimpleNamespace

import pytest

from gaitlab.capture.choice import all_named, choose, with_foot_pod, without_a_side
from gaitlab.model.errors import DeviceError, UsageError
from gaitlab.pod.known import KnownPod
from gaitlab.pod.model import Advertisement
from gaitlab.pod.protocols import generic, rsc


def pod(address, name, service=generic.DEFAULT.service):
    advertisement = Advertisement(address, name, (service,) if service else ())
    return SimpleNamespace(advertisement=advertisement, title=name or address)


A, B = pod("AA:01", "gait 001"), pod("AA:02", "gait 002")
WORN = {
    "S1": KnownPod("S1", "left", "generic", "gait 001", "AA:01"),
    "S2": KnownPod("S2", "right", "generic", "gait 002", "AA:02"),
}


def sides(chosen):
    return {it.foot: it.found.advertisement.address for it in chosen}


@pytest.mark.parametrize("wanted", ["aa:02", "GAIT 002", "s2"])
def test_address_name_and_serial_number_name_a_pod(wanted):
    assert sides(choose([A, B], {"left": wanted}, WORN, 5.0)) == {"left": "AA:02"}


def test_pods_that_were_worn_before_sit_where_they_sat():
    assert sides(choose([B, A], {}, WORN, 5.0)) == {"left": "AA:01", "right": "AA:02"}


def test_unknown_pods_are_not_guessed_and_the_error_says_what_to_type():
    with pytest.raises(UsageError) as caught:
        choose([A, B], {}, {}, 5.0)
    assert "gait 001 (AA:01)" in caught.value.why
    assert "--left AA:01 --right AA:02" in caught.value.todo


def test_a_new_pod_beside_a_known_one_is_pointed_out_not_put_on_a_foot():
    only_left = {"S1": WORN["S1"]}
    chosen = choose([A, B], {}, only_left, 5.0)
    assert sides(chosen) == {"left": "AA:01"}
    hint = without_a_side(chosen, [A, B])
    assert "gait 002" in hint
    assert "--right AA:02" in hint
    assert without_a_side(choose([A, B], {}, WORN, 5.0), [A, B]) == ""
    assert without_a_side(chosen, [A]) == ""


def test_a_foot_pod_joins_by_its_name_and_only_when_it_is_one():
    foot_pod = pod("AA:07", "Stryd", rsc.SERVICE)
    shoes = choose([A, B, foot_pod], {}, WORN, 5.0)
    assert with_foot_pod(shoes, [A, B, foot_pod], None, 5.0) == shoes
    *_, last = with_foot_pod(shoes, [A, B, foot_pod], "stryd", 5.0)
    assert (last.foot, last.profile.name) == (None, "rsc")
    with pytest.raises(DeviceError, match="no foot pod"):
        with_foot_pod(shoes, [A, B], "gait 002", 5.0)
    both = pod("AA:01", "gait 001", generic.DEFAULT.service)
    both.advertisement = Advertisement("AA:01", "gait 001", (generic.DEFAULT.service, rsc.SERVICE))
    with pytest.raises(UsageError, match="recorded already"):
        with_foot_pod(shoes, [both, B], "gait 001", 5.0)


def test_a_pod_that_is_not_there_is_named():
    with pytest.raises(DeviceError, match="gait 009 not found"):
        choose([A, B], {"left": "gait 009"}, {}, 5.0)


def test_nothing_at_all_points_to_the_simulated_pods():
    with pytest.raises(DeviceError) as caught:
        choose([pod("AA:09", "a headset", None)], {}, {}, 5.0)
    assert "--virtual 2" in caught.value.todo


def test_two_pods_of_one_name_must_be_told_apart_by_address():
    with pytest.raises(UsageError, match="2 pods are called"):
        choose([A, pod("AA:03", "gait 001")], {"left": "gait 001"}, {}, 5.0)


def test_one_pod_cannot_be_on_both_feet():
    with pytest.raises(UsageError, match="the same pod"):
        choose([A, B], {"left": "gait 001", "right": "AA:01"}, {}, 5.0)


@pytest.mark.parametrize("wrong", [pod("AA:05", "watch", None), pod("AA:06", "rsc", rsc.SERVICE)])
def test_a_pod_that_cannot_measure_running_is_refused_before_the_recording(wrong):
    with pytest.raises(DeviceError):
        choose([wrong], {"left": wrong.advertisement.address}, {}, 5.0)


def test_a_search_ends_when_all_that_were_asked_for_are_there():
    ids = {"left": "gait 001", "right": "S2"}
    assert not all_named([A], ids, WORN)
    assert all_named([A, B], ids, WORN)
    assert not all_named([A, B], {}, WORN)
