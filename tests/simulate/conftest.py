from dataclasses import replace

import numpy as np
import pytest

from gaitlab.simulate import (
    DISTANCE,
    HEEL_STRIKER,
    SPRINTER,
    Programme,
    bound,
    hop,
    move,
    run,
    sloped,
    sprint,
    stand,
    walk,
)

INSIDE_S = 2e-4


@pytest.fixture(scope="session")
def mixed():
    """Standing, walking, running, sprinting and standing again."""
    return Programme(
        "mixed",
        (
            stand(3.0), walk(5.0), run(3.6, duration_s=8.0), stand(3.0),
            sprint(9.0, 1.2, 45.0, (0.0, 20.0, 45.0), "start"), run(3.0, duration_s=4.0),
            walk(5.0), stand(3.0),
        ),
    )  # fmt: skip


@pytest.fixture(scope="session")
def plyometric():
    """A set of hops, and bounds out of a run-up."""
    return Programme(
        "plyometric",
        (
            stand(3.0), hop(5.0), stand(3.0), run(4.0, distance_m=10.0, change_mps2=2.5),
            bound(5.0, 25.0), walk(8.0), stand(3.0),
        ),
    )  # fmt: skip


@pytest.fixture(scope="session")
def hill():
    """Standing on the level, running uphill, then downhill, and standing there."""
    up = Programme("up", (run(3.6, duration_s=8.0),))
    down = Programme("down", (run(3.6, duration_s=8.0), walk(5.0), stand(3.0)))
    phases = (stand(3.0), *sloped(up, 0.06).phases, *sloped(down, -0.06).phases)
    return Programme("hill", phases)


SOFT_HEELS = replace(HEEL_STRIKER, impact=replace(HEEL_STRIKER.impact, soft_share=1.0))
MOVED = {
    "distance": (DISTANCE, "mixed"),
    "sprinter": (SPRINTER, "mixed"),
    "heel striker": (HEEL_STRIKER, "mixed"),
    "soft heels": (SOFT_HEELS, "mixed"),
    "hops and bounds": (SPRINTER, "plyometric"),
    "hill": (DISTANCE, "hill"),
}


@pytest.fixture(scope="session", params=list(MOVED))
def moved(request):
    """The motion of one runner and a fine time axis over it."""
    runner, programme = MOVED[request.param]
    world = move(runner, request.getfixturevalue(programme), seed=5)
    return world, np.arange(0.0, world.end_s, INSIDE_S)


@pytest.fixture(scope="session")
def planar_runner():
    """A runner whose feet move in the plane of running: no roll, yaw or rattle about them."""
    swing = replace(
        HEEL_STRIKER.swing, roll_landing_rad=0.0, roll_flat_rad=0.0, roll_swing_rad=0.0,
        toe_out_rad=0.0, burst_radps=0.0,
    )  # fmt: skip
    impact = replace(HEEL_STRIKER.impact, wobble_radps=(0.0, 1.0, 0.0))
    return replace(HEEL_STRIKER, swing=swing, impact=impact, varies=0.0)
