"""How well a flying 30 is timed by pods: our own simulator, seed by seed.

    python benchmarks/flying.py [SEEDS [FIRST]]

Sprinters and distance runners, pods of 16 and 32 g; everyone runs in over 30 m from standing and
holds on for 30 m between two gates. Each fly is timed three times: with the gates as marks (the
time is then given, what is measured is the top speed), with the length of the run-in, and as the
best window: everyone still gets faster, so the zone between the gates is the fastest.
"""

import sys
from dataclasses import replace

import numpy as np

from gaitlab.coaching.drills.flying import flying
from gaitlab.model.analysis import Analysis
from gaitlab.model.recording import Mark
from gaitlab.pipeline import analyze
from gaitlab.simulate import (
    DISTANCE,
    SPRINTER,
    Pod,
    Programme,
    Simulated,
    run,
    simulate,
    sprint,
    stand,
    walk,
)

RUN_IN_M, ZONE_M = 30.0, 30.0
WAYS = ("marks", "run-in", "best window")


def made(seed: int, range_g: float) -> tuple[Simulated, float]:
    """A fly with gates at 0, 30 and 60 m, and its top speed: over 99 % is reached by 60 m."""
    rng = np.random.default_rng([seed, 31])
    fast = seed % 2 == 0
    top = float(rng.uniform(8.6, 10.6) if fast else rng.uniform(7.2, 8.8))
    tau = float(rng.uniform(1.0, 1.35))
    rate = float(rng.choice([200.0, 208.0, 250.0, 400.0]))
    pods = tuple(
        Pod(foot, rate, range_g, clock_ppm=float(rng.normal(0.0, 15.0)))
        for foot in ("left", "right")
    )
    effort = sprint(top, tau, RUN_IN_M + ZONE_M, (0.0, RUN_IN_M, RUN_IN_M + ZONE_M))
    after = run(3.0, duration_s=5.0, change_mps2=float(rng.uniform(1.8, 3.0)))
    programme = Programme("fly", (stand(3.0), walk(4.0), stand(2.0), effort, after, walk(5.0, 1.3)))
    return simulate(SPRINTER if fast else DISTANCE, programme, pods, seed=seed), top


def gates_s(one: Simulated) -> tuple[float, float]:
    """When the body passed entry and exit."""
    at = {mark.distance_m: mark.time_s for mark in one.recording.marks}
    return at[RUN_IN_M], at[RUN_IN_M + ZONE_M]


def errors(analysis: Analysis, way: str, entry_s: float, exit_s: float) -> tuple[float, float]:
    """Time found minus true, s, and the top speed found; NaN without a fly."""
    marks = (Mark(entry_s, "entry", 0.0), Mark(exit_s, "exit", ZONE_M)) if way == "marks" else ()
    known = replace(analysis, recording=replace(analysis.recording, marks=marks))
    flies = flying(known, ZONE_M, RUN_IN_M if way == "run-in" else None)
    if len(flies) != 1:
        return np.nan, np.nan
    return flies[0].time_s - (exit_s - entry_s), flies[0].v_max_mps


def main(seeds: int, first: int) -> None:
    """Print one line a way and range."""
    for range_g in (32.0, 16.0):
        found: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        for seed in range(first, first + seeds):
            one, top = made(seed, range_g)
            entry_s, exit_s = gates_s(one)
            analysis = analyze(one.recording)
            for way in WAYS:
                off_s, v_max = errors(analysis, way, entry_s, exit_s)
                found[way].append((off_s, v_max / top - 1.0))
        for way in WAYS:
            time_s, top_share = np.array(found[way]).T
            known = np.isfinite(time_s)
            print(
                f"{range_g:.0f} g {way:12s} n {known.sum()} of {seeds}: time within 0.04 s "
                f"{np.mean(np.abs(time_s[known]) <= 0.04):.0%}, 0.08 s "
                f"{np.mean(np.abs(time_s[known]) <= 0.08):.0%}, worst "
                f"{np.abs(time_s[known]).max():.3f} s; top speed within 2 % "
                f"{np.mean(np.abs(top_share[known]) <= 0.02):.0%}, mean "
                f"{np.mean(top_share[known]):+.1%}",
                flush=True,
            )


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    main(numbers[0] if numbers else 24, numbers[1] if len(numbers) > 1 else 0)
