"""Is the kick found where it is, and none where there is none? Our own simulator, seed by seed.

    python benchmarks/kick.py [SEEDS]

Races with a kick differ in length, pace, size and place of the kick; races without one are level,
fade, get faster evenly, or hold a surge in the middle.
"""

import sys

import numpy as np

from gaitlab.coaching.race.laps import race_of
from gaitlab.pipeline import analyze
from gaitlab.simulate import DISTANCE, Pod, Programme, Simulated, run, simulate, stand, walk

PODS = (Pod("left", 200.0, 16.0), Pod("right", 200.0, 16.0))


def race(seed: int, kick: bool) -> tuple[Simulated, float, float]:
    """A race, its length, and the distance to go at which its kick begins (NaN without)."""
    rng = np.random.default_rng(1000 * kick + seed)
    length_m = float(rng.choice([800.0, 1500.0, 3000.0]))
    pace_mps = float(rng.uniform(5.2, 6.6))
    if kick:
        kick_m = float(rng.uniform(150.0, min(400.0, 0.45 * length_m)))
        phases = [
            run(pace_mps, distance_m=length_m - kick_m, change_mps2=2.0, label="start"),
            run(
                pace_mps * rng.uniform(1.08, 1.2),
                distance_m=kick_m,
                change_mps2=rng.uniform(0.1, 0.5),
            ),
        ]
    else:
        kick_m = np.nan
        factors = [
            (1, 1, 1, 1), (1.03, 1.02, 1, 0.98), (0.98, 0.99, 1, 1.015), (1, 1.08, 1, 1),
        ][seed % 4]  # fmt: skip
        labels = ("start", "", "", "")
        phases = [
            run(pace_mps * factor, distance_m=length_m / 4, change_mps2=0.4, label=label)
            for factor, label in zip(factors, labels, strict=True)
        ]
    programme = Programme("race", (stand(4.0), *phases, walk(8.0, 1.3, label="finish"), stand(3.0)))
    return simulate(DISTANCE, programme, PODS, seed=seed), length_m, kick_m


def main(seeds: int) -> None:
    """Print one line a race, and the sums."""
    right = {True: 0, False: 0}
    for kick in (True, False):
        for seed in range(seeds):
            made, length_m, to_go_m = race(seed, kick)
            found = race_of(analyze(made.recording), length_m).kick
            off = found.to_go_m - to_go_m
            good = (found.found and abs(off) <= 15.0) if kick else not found.found
            right[kick] += good
            print(
                f"{'kick' if kick else 'none'} seed {seed:2d} {length_m:5.0f} m  true "
                f"{to_go_m:5.0f} found {found.to_go_m:5.0f} ± {found.start_sd_m:3.0f} m to go"
                f"{'' if good else '   <-- ' + found.reason}",
                flush=True,
            )
    print(f"start within 15 m: {right[True]} of {seeds}; no kick where none is: {right[False]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
