"""What simulated pods feel: a bundled recording, for commands with ``--virtual``."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gaitlab.cli.examples import example_path

if TYPE_CHECKING:
    from gaitlab.model.recording import Recording

SOURCE: Final = "distance_race_kick"


def source(n_feet: int) -> "Recording":
    """A simulated run, of one foot or two."""
    from gaitlab.recordings import load

    made = load(example_path(SOURCE))
    return replace(made, feet=made.feet[:n_feet])
