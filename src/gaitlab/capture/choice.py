"""Which pod sits on which foot: as the user says, else as it was the last time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaitlab.model.errors import DeviceError, UsageError
from gaitlab.model.recording import Foot
from gaitlab.pod.known import KnownPod
from gaitlab.pod.profiles import PROFILES, Profile, profile_for
from gaitlab.pod.protocols import rsc
from gaitlab.pod.radio import Found
from gaitlab.pod.troubles import pod_not_found

SIDES: tuple[Foot, ...] = ("left", "right")


class SidesUnknownError(UsageError):
    """Pods are there, but nobody has said yet which foot they sit on; ``here`` are those."""

    def __init__(self, what: str, why: str, todo: str, here: Sequence[Found]) -> None:
        super().__init__(what, why, todo)
        self.here = tuple(here)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pod, its kind, and the foot it sits on; None for one that only sends its own speed."""

    foot: Foot | None
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
    found: Sequence[Found],
    ids: Mapping[Foot, str],
    known: Mapping[str, KnownPod],
    foot_pod: str | None = None,
) -> bool:
    """Whether a search may end: every pod that was asked for has shown itself."""
    wanted = [*ids.values(), *([foot_pod] if foot_pod else [])]
    return bool(ids) and all(named(found, one, known) for one in wanted)


def with_foot_pod(
    pods: tuple[Chosen, ...], found: Sequence[Found], wanted: str | None, seconds: float
) -> tuple[Chosen, ...]:
    """The pods, and the one that sends speed and cadence of its own when one is ``wanted``.

    Raises DeviceError when it is not there or no foot pod, UsageError when it is already worn.
    """
    if wanted is None:
        return pods
    one = _the_one(named(found, wanted, {}), wanted, "--foot-pod", seconds)
    if rsc.SERVICE not in {uuid.lower() for uuid in one.advertisement.services}:
        raise DeviceError(
            f"{one.title} is no foot pod that sends speed and cadence",
            "it does not advertise the Running Speed and Cadence service",
            "`gaitlab pods` lists what is there",
        )
    if one.advertisement.address in {pod.found.advertisement.address for pod in pods}:
        raise UsageError(
            f"{one.title} is recorded already",
            "it is one of the two shoe pods, and what it says of speed is kept with them",
            "leave --foot-pod out",
        )
    return (*pods, Chosen(None, PROFILES["rsc"], one))


def _the_one(matches: list[Found], wanted: str, option: str, seconds: float) -> Found:
    if not matches:
        raise pod_not_found(wanted, seconds)
    if len(matches) > 1:
        raise UsageError(
            f"{len(matches)} pods are called {wanted!r}",
            ", ".join(it.advertisement.address for it in matches),
            f"name it by its address: {option} {matches[0].advertisement.address}",
        )
    return matches[0]


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
        one = _the_one(named(found, wanted, known), wanted, f"--{foot}", seconds)
        chosen.append(Chosen(foot, _kind(one), one))
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
    here = [it for it in found if _measures(it)]
    if not here:
        others = [it.title for it in found if profile_for(it.advertisement) is not None]
        raise DeviceError(
            "no pod found that measures running" if others else "no pod found",
            f"only {', '.join(others)} showed itself, without raw motion" if others
            else f"none showed itself within {seconds:g} s",
            "wake the pods (move them); `gaitlab record --virtual 2` shows it without any",
        )  # fmt: skip
    sides = {pod.address.casefold(): pod.foot for pod in known.values()}
    of_foot = {
        foot: [it for it in here if sides.get(it.advertisement.address.casefold()) == foot]
        for foot in SIDES
    }
    if any(len(pods) > 1 for pods in of_foot.values()) or not any(of_foot.values()):
        seen = ", ".join(f"{it.title} ({it.advertisement.address})" for it in here)
        first, last = here[0].advertisement.address, here[-1].advertisement.address
        example = f"--left {first}" + (f" --right {last}" if len(here) > 1 else "")
        raise SidesUnknownError(
            "it is not known which pod sits on which foot",
            f"found: {seen}",
            f"say it once, for example: gaitlab record {example}; it is remembered",
            here,
        )
    return tuple(Chosen(foot, _kind(pods[0]), pods[0]) for foot, pods in of_foot.items() if pods)


def without_a_side(pods: Sequence[Chosen], found: Sequence[Found]) -> str:
    """What to say of shoe pods that are near but unknown while a side is empty; else empty."""
    taken = {pod.found.advertisement.address for pod in pods}
    empty = [foot for foot in SIDES if foot not in {pod.foot for pod in pods}]
    near = [it for it in found if _measures(it) and it.advertisement.address not in taken]
    if not empty or not near:
        return ""
    titles = ", ".join(it.title for it in near)
    return f"no {empty[0]} pod known; near: {titles}; --{empty[0]} {near[0].advertisement.address}"


def _measures(found: Found) -> bool:
    """Whether it sends raw motion: a foot pod or a headset sits on no foot of ours."""
    profile = profile_for(found.advertisement)
    return profile is not None and profile.limits.raw_motion


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
