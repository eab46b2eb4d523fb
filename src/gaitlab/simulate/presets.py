"""Ready-made simulations by name: a runner, a programme and what the pods can measure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from gaitlab.model.errors import UsageError
from gaitlab.model.recording import FEET
from gaitlab.simulate.pod import Pod
from gaitlab.simulate.programme import (
    Phase,
    Programme,
    bound,
    fly,
    hop,
    run,
    sprint,
    stand,
    walk,
)
from gaitlab.simulate.runner import (
    DISTANCE,
    HEEL_STRIKER,
    RECREATIONAL,
    SPRINTER,
    Runner,
)

SPLITS_M = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0)


@dataclass(frozen=True, slots=True)
class Preset:
    """A simulation by name.

    phases : from the main speed (m/s) and its duration (s) to the programme
    speed_mps, duration_s : the defaults of the two; speed 0 stays on the spot
    rate_hz, acc_range_g : of both pods
    """

    about: str
    runner: Runner
    phases: Callable[[float, float], tuple[Phase, ...]]
    speed_mps: float
    duration_s: float
    rate_hz: float = 200.0
    acc_range_g: float = 16.0

    def programme(
        self, name: str, speed_mps: float | None = None, duration_s: float | None = None
    ) -> Programme:
        """The programme, at another speed or length if wanted.

        Raises
        ------
        UsageError : a speed is wanted of hops on the spot
        """
        if speed_mps and not self.speed_mps:
            raise UsageError(
                f"{self.about} cannot go at {speed_mps:g} m/s",
                "they stay on the spot",
                "leave the speed out, or choose another preset",
            )
        return Programme(
            name, self.phases(speed_mps or self.speed_mps, duration_s or self.duration_s)
        )

    def pods(self, **changes: object) -> tuple[Pod, Pod]:
        """A pod for each foot with slightly different clocks."""
        left, right = (
            Pod(foot, self.rate_hz, self.acc_range_g, clock_ppm=ppm)
            for foot, ppm in zip(FEET[:2], (8.0, -11.0), strict=True)
        )
        return replace(left, **changes), replace(right, **changes)  # type: ignore[arg-type]  # fields of Pod


def _easy(speed_mps: float, duration_s: float) -> tuple[Phase, ...]:
    return (
        stand(4.0), walk(6.0), run(speed_mps, duration_s=duration_s), walk(6.0, 1.3), stand(3.0),
    )  # fmt: skip


def _race(speed_mps: float, duration_s: float) -> tuple[Phase, ...]:
    cruise_m = speed_mps * duration_s
    return (
        stand(4.0), walk(5.0), stand(3.0),
        run(speed_mps, distance_m=cruise_m, change_mps2=2.5, label="start"),
        run(1.16 * speed_mps, distance_m=240.0, change_mps2=0.35, label="kick"),
        run(1.19 * speed_mps, distance_m=60.0, change_mps2=0.3),
        walk(12.0, 1.3, label="finish"), stand(3.0),
    )  # fmt: skip


def _flying(speed_mps: float, duration_s: float) -> tuple[Phase, ...]:
    settle_m = max(speed_mps * duration_s - 30.0, 20.0)
    relaxed_mps = 0.72 * speed_mps
    return (
        stand(4.0), walk(5.0), stand(3.0),
        run(relaxed_mps, distance_m=75.0, change_mps2=2.5, label="stride-out"),
        walk(8.0, 1.3, label="walk"), stand(4.0),
        sprint(speed_mps, 1.25, settle_m, label="start"),
        fly(speed_mps, 30.0, "flying 30"),
        run(3.0, duration_s=5.0, change_mps2=2.2), walk(8.0, 1.3), stand(3.0),
    )  # fmt: skip


def _sixty(speed_mps: float, _: float) -> tuple[Phase, ...]:
    return (
        stand(4.0), walk(4.0), stand(4.0), sprint(speed_mps, 1.15, 60.0, SPLITS_M),
        run(3.0, duration_s=5.0, change_mps2=2.2), walk(8.0, 1.3), stand(3.0),
    )  # fmt: skip


def _walk_run(speed_mps: float, duration_s: float) -> tuple[Phase, ...]:
    part_s = duration_s / 3.0
    middle = tuple(
        phase for _ in range(3) for phase in (walk(part_s), run(speed_mps, duration_s=part_s))
    )
    return (stand(4.0), *middle, walk(6.0, 1.3), stand(3.0))


def _pogo(_: float, duration_s: float) -> tuple[Phase, ...]:
    set_s = duration_s / 3.0
    return (
        stand(4.0), hop(set_s, 0.18, 0.28, label="set 1"), stand(5.0),
        hop(set_s, 0.17, 0.32, label="set 2"), stand(5.0),
        hop(set_s, 0.20, 0.30, label="set 3"), stand(3.0),
    )  # fmt: skip


def _bounds(speed_mps: float, duration_s: float) -> tuple[Phase, ...]:
    one_set = (
        run(0.8 * speed_mps, distance_m=12.0, change_mps2=2.5),
        bound(speed_mps, speed_mps * duration_s / 2.0, label="bounds"),
        walk(10.0, 1.3), stand(3.0),
    )  # fmt: skip
    return (stand(4.0), *one_set, *one_set)


def _pyramid(speed_mps: float, duration_s: float) -> tuple[Phase, ...]:
    speeds = (speed_mps, speed_mps + 1.0, speed_mps + 2.0, speed_mps + 1.0, speed_mps)
    steps = tuple(
        run(speed, duration_s=duration_s / 5.0, label=f"{speed:g} m/s") for speed in speeds
    )
    return (stand(4.0), walk(5.0), *steps, walk(8.0, 1.3), stand(3.0))


_SPRINT_POD = (400.0, 32.0)
PRESETS = MappingProxyType(
    {
        "distance-easy": Preset(
            "a midfoot distance runner at an easy pace", DISTANCE, _easy, 3.6, 60.0
        ),
        "distance-race-kick": Preset(
            "the same runner racing, with a kick over the last 300 m", DISTANCE, _race, 6.1, 90.0
        ),
        "distance-steps": Preset(
            "the same runner, faster and slower again in steps of 1 m/s",
            DISTANCE, _pyramid, 3.0, 100.0,
        ),
        "sprinter-fly": Preset(
            "a forefoot sprinter: stride-out, build-up and flying 30", SPRINTER, _flying, 9.8, 7.5,
            *_SPRINT_POD,
        ),
        "sprint60": Preset(
            "a sprinter's timed 60 m from standing", SPRINTER, _sixty, 9.6, 7.0, *_SPRINT_POD
        ),
        "sprinter-easy": Preset("the sprinter running easily", SPRINTER, _easy, 3.6, 60.0),
        "heel-striker-easy": Preset(
            "a heel striker at an easy pace", HEEL_STRIKER, _easy, 3.0, 60.0
        ),
        "recreational-easy": Preset(
            "an uneven recreational runner", RECREATIONAL, _easy, 2.7, 60.0
        ),
        "pogo": Preset(
            "three sets of two-foot hops on the spot", SPRINTER, _pogo, 0.0, 18.0, 200.0, 32.0
        ),
        "bounds": Preset("two sets of bounds", SPRINTER, _bounds, 5.0, 14.0, 200.0, 32.0),
        "walk-run": Preset("walking and running by turns", RECREATIONAL, _walk_run, 2.7, 60.0),
    }
)  # fmt: skip


def preset(name: str) -> Preset:
    """The preset of that name; UsageError with the known names when there is none."""
    if name not in PRESETS:
        raise UsageError(
            f"no preset is called {name!r}",
            f"known presets: {', '.join(PRESETS)}",
            "choose one of them; gaitlab simulate --list says what they are",
        )
    return PRESETS[name]
