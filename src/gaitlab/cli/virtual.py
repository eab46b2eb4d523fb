"""What simulated pods feel: a bundled recording, for commands with ``--virtual``."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gaitlab.cli.examples import example_path

if TYPE_CHECKING:
    from gaitlab.model.recording import Recording
    from gaitlab.pod.virtual.pod import VirtualPod

SOURCE: Final = "distance_race_kick"


def source(n_feet: int) -> "Recording":
    """A simulated run, of one foot or two."""
    from gaitlab.recordings import load

    made = load(example_path(SOURCE))
    return replace(made, feet=made.feet[:n_feet])


def foot_pod(run: "Recording") -> "VirtualPod":
    """A simulated foot pod on the first shoe of ``run``: speed and cadence, once a second."""
    from gaitlab.pod.virtual.pod import VirtualPod

    return VirtualPod(run.feet[0], protocol="rsc", serial="V0009")
