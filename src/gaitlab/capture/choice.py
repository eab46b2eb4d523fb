"""Which pod sits on which foot: as the user says, else as it was the last time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaitlab.model.errors import DeviceError, UsageError
from gaitlab.model.recording import Foot
from gaitlab.pod.known import KnownPod
from gaitlab.pod.profiles import Profile, profile_for
from gaitlab.pod.radio import Found
from gaitlab.pod.troubles import pod_not_found

SIDES: tuple[Foot, ...] = ("left", "right")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pod, its kind, and the foot it sits on."""

    foot: Foot
    profile: Profile
    found: Found


def named(found: Sequence[Found], wanted: str, known: Mapping[str, KnownPod]) -> list[Found]:
    """The pods with this address, name or (when worn before) serial number, whatever the case."""
    word = wanted.casefold()
    worn = {pod.serial.casefold(): pod.address.casefold() for pod in known.values()}
    addresses = {word, worn.get(word, word)}
    return [
        it
        for it in found
        if it.advertisement.address.casefold() in addresses
        or it.advertisement.name.casefold() == word
    ]


def all_named(
    found: Sequence[Found], ids: Mapping[Foot, str], known: Mapping[str, KnownPod]
) -> bool:
    """Whether a search may end: every pod that was asked for has shown itself."""
    return bool(ids) and all(named(found, wanted, known) for wanted in ids.values())


def choose(
    found: Sequence[Found], ids: Mapping[Foot, str], known: Mapping[str, KnownPod], seconds: float
) -> tuple[Chosen, ...]:
    """One pod for each foot, of those that a scan of ``seconds`` has shown.

    Raises DeviceError when a pod is not there or of no known kind, UsageError when it is not
    clear which one is meant.
    """
    if not ids:
        return _as_last_time(found, known, seconds)
    chosen = []
    for foot, wanted in ids.items():
        matches = named(found, wanted, known)
        if not matches:
            raise pod_not_found(wanted, seconds)
        if len(matches) > 1:
            raise UsageError(
                f"{len(matches)} pods are called {wanted!r}",
                ", ".join(it.advertisement.address for it in matches),
                f"name it by its address: --{foot} {matches[0].advertisement.address}",
            )
        chosen.append(Chosen(foot, _kind(matches[0]), matches[0]))
    if len({it.found.advertisement.address for it in chosen}) < len(chosen):
        raise UsageError(
            "left and right are the same pod",
            f"both are {chosen[0].found.advertisement.address}",
            "`gaitlab pods` lists what is there",
        )
    return tuple(chosen)


def _as_last_time(
    found: Sequence[Found], known: Mapping[str, KnownPod], seconds: float
) -> tuple[Chosen, ...]:
    """The pods that were worn before, each on its foot; refuses to guess a side."""
    here = [it for it in found if profile_for(it.advertisement) is not None]
    if not here:
        raise DeviceError(
            "no pod found",
            f"none showed itself within {seconds:g} s",
            "wake the pods (move them); `gaitlab record --virtual 2` shows it without any",
        )
    sides = {pod.address.casefold(): pod.foot for pod in known.values()}
    of_foot = {
        foot: [it for it in here if sides.get(it.advertisement.address.casefold()) == foot]
        for foot in SIDES
    }
    if any(len(pods) > 1 for pods in of_foot.values()) or not any(of_foot.values()):
        seen = ", ".join(f"{it.title} ({it.advertisement.address})" for it in here)
        first, last = here[0].advertisement.address, here[-1].advertisement.address
        example = f"--left {first}" + (f" --right {last}" if len(here) > 1 else "")
        raise UsageError(
            "it is not known which pod sits on which foot",
            f"found: {seen}",
            f"say it once, for example: gaitlab record {example}; it is remembered",
        )
    return tuple(Chosen(foot, _kind(pods[0]), pods[0]) for foot, pods in of_foot.items() if pods)


def _kind(found: Found) -> Profile:
    profile = profile_for(found.advertisement)
    if profile is None:
        raise DeviceError(
            f"{found.title} is no kind of pod that gaitlab knows",
            f"it advertises {', '.join(found.advertisement.services) or 'no services'}",
            "`gaitlab pods` lists what can be used",
        )
    reasons = () if profile.limits.raw_motion else profile.unfit()
    if reasons:
        raise DeviceError(
            f"{found.title} cannot measure running", "; ".join(reasons), "choose another pod"
        )
    return profile
