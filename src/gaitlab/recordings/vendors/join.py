"""From pods to one recording: which foot each sat on, and how their clocks lie."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from gaitlab.model.errors import InputError, UsageError
from gaitlab.model.recording import Foot, FootStream, Recording, Setup
from gaitlab.recordings.vendors.model import PodData

_WORDS: Final[dict[Foot, str]] = {"left": "left|links|gauche|lt|l", "right": "right|rechts|rt|r"}
LONGEST_APART_S = 3600.0  # two recordings that begin further apart are not one run


def side_from(label: str) -> Foot | None:
    """The foot that a label names as a word of its own, None when it names none or both.

    >>> side_from("monday_LeftFoot"), side_from("pod-R"), side_from("leftover"), side_from("pod")
    ('left', 'right', None, None)
    """
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", label).casefold()
    found = [
        foot
        for foot, pattern in _WORDS.items()
        if re.search(rf"(?:^|[^a-z])(?:{pattern})(?:[^a-z]|$)", words)
    ]
    return found[0] if len(found) == 1 else None


def sides(pods: Sequence[PodData], told: Mapping[str, Foot]) -> tuple[tuple[Foot, str], ...]:
    """The foot of each pod and why; ``told`` holds what the user says, by label.

    A single pod may be unknown. Raises UsageError for a label that no pod has, and InputError
    for two pods whose feet cannot be told apart.
    """
    labels = [pod.label for pod in pods]
    for label in told:
        if label not in labels:
            raise UsageError(
                f"no pod is called {label!r}", "there are: " + ", ".join(labels), "check the name"
            )
    found: list[tuple[Foot, str]] = []
    for label in labels:
        if label in told:
            found.append((told[label], "as you said"))
        elif side := side_from(label):
            found.append((side, "its name says so"))
        else:
            found.append(("unknown", "nothing says which foot: --foot left or right does"))
    names = [foot for foot, _ in found]
    if len(names) > len(set(names)) or (len(names) > 1 and "unknown" in names):
        raise InputError(
            f"it is not clear which of {len(pods)} pods sat on which foot",
            "they are called " + ", ".join(labels),
            f'name them: --left "{labels[0]}" --right "{labels[1]}"',
        )
    return tuple(found)


def joined(
    pods: Sequence[PodData],
    feet: Sequence[Foot],
    *,
    name: str,
    source: str,
    offset_s: float | None = None,
) -> Recording:
    """One recording of one or two pods, its time beginning with the first sample.

    offset_s : how much later the second pod's first sample is than the first's, where
        their clocks have nothing in common

    Raises InputError for two pods without a common clock and without an offset.
    """
    starts = _starts(pods, offset_s)
    streams = [
        FootStream(
            foot=foot,
            time_s=pod.time_s - _first(pod) + start,
            acc_mps2=pod.acc_mps2,
            gyr_radps=pod.gyr_radps,
            declared_rate_hz=pod.declared_rate_hz,
        )
        for pod, foot, start in zip(pods, feet, starts, strict=True)
    ]
    notes = [f"{foot}: {note}" for pod, foot in zip(pods, feet, strict=True) for note in pod.notes]
    if len(pods) == 2 and offset_s is None:
        notes.append(f"both feet on {pods[0].clock}")
    elif len(pods) == 2:
        notes.append(f"second pod {offset_s:+.3f} s after the first, as you said")
    device = "; ".join(dict.fromkeys(pod.device for pod in pods if pod.device))
    order = sorted(range(len(streams)), key=lambda i: streams[i].foot)
    return Recording(
        name=name,
        feet=tuple(streams[i] for i in order),
        setup=replace(Setup(), device=device or None),
        source=source,
        notes=tuple(notes),
    )


def _first(pod: PodData) -> float:
    finite = pod.time_s[np.isfinite(pod.time_s)]
    return float(finite[0]) if len(finite) else 0.0


def _starts(pods: Sequence[PodData], offset_s: float | None) -> list[float]:
    if offset_s is not None and (len(pods) == 1 or not np.isfinite(offset_s)):
        why = "there is one pod" if len(pods) == 1 else f"{offset_s} is no number of seconds"
        raise UsageError(
            "the offset has no meaning", why, "it says how much later the second file begins"
        )
    if len(pods) == 1:
        return [0.0]
    one, other = pods
    if offset_s is None:
        if one.clock is None or one.clock != other.clock:
            raise InputError(
                "the two files have no common clock",
                f"{one.label}: {one.clock or 'a clock that starts anew in every file'}; "
                f"{other.label}: {other.clock or 'a clock that starts anew in every file'}",
                "say how much later the second one begins, such as --offset 0.35, "
                "or import each foot alone",
            )
        offset_s = _first(other) - _first(one)
    if abs(offset_s) > LONGEST_APART_S:
        raise InputError(
            "the two files are not of one run",
            f"the second begins {offset_s / 3600:+.1f} hours after the first",
            "name two files of the same run, or give --offset",
        )
    return [max(0.0, -offset_s), max(0.0, offset_s)]
