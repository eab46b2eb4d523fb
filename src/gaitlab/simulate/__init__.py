"""Runners whose truth is known: a physics-based simulator of the foot and of the pod on it.

>>> from gaitlab.simulate import DISTANCE, Pod, Programme, run, simulate, stand
>>> programme = Programme("easy", (stand(3.0), run(3.0, duration_s=5.0), stand(3.0)))
>>> made = simulate(DISTANCE, programme, (Pod("left"), Pod("right")), seed=1)
>>> made.recording.simulated, len(made.truth) > 10
(True, True)
"""

from gaitlab.simulate.pod import PLACEMENTS, Pod, perfect_pod
from gaitlab.simulate.programme import (
    Phase,
    Programme,
    bound,
    fly,
    hop,
    run,
    sloped,
    sprint,
    stand,
    walk,
)
from gaitlab.simulate.runner import (
    DISTANCE,
    HEEL_STRIKER,
    RECREATIONAL,
    RUNNERS,
    SPRINTER,
    Runner,
    striking,
)
from gaitlab.simulate.simulator import Simulated, World, move, simulate
from gaitlab.simulate.truth import Truth

__all__ = [
    "DISTANCE",
    "HEEL_STRIKER",
    "PLACEMENTS",
    "RECREATIONAL",
    "RUNNERS",
    "SPRINTER",
    "Phase",
    "Pod",
    "Programme",
    "Runner",
    "Simulated",
    "Truth",
    "World",
    "bound",
    "fly",
    "hop",
    "move",
    "perfect_pod",
    "run",
    "simulate",
    "sloped",
    "sprint",
    "stand",
    "striking",
    "walk",
]
