"""Is the kick found where it is, and none where there is none? Our own simulator, seed by seed.

    python benchmarks/kick.py [SEEDS]
    python benchmarks/kick.py [SEEDS] --shapes
    python benchmarks/kick.py [SEEDS] --wander
    python benchmarks/kick.py [SEEDS] --strikes

Races with a kick differ in length, pace, size and place of the kick; races without one are level,
fade, get faster evenly, or hold a surge in the middle. ``--shapes`` runs races as they are run:
parts of the length with a factor on the pace each, and how fast the pace changes. ``--wander``
lets the pace drift by about one per cent all along and makes the kick in four ways. ``--strikes``:
how far the change of the strike angle from cruise to kick is from the true one, other athletes,
places of the pod, ranges and rates.
"""

import sys
from collections.abc import Callable, Iterable

import numpy as np

from gaitlab.coaching.race.laps import race_of
from gaitlab.pipeline import analyze
from gaitlab.simulate import (
    DISTANCE,
    HEEL_STRIKER,
    PLACEMENTS,
    RECREATIONAL,
    SPRINTER,
    Pod,
    Programme,
    Simulated,
    run,
    simulate,
    stand,
    walk,
)

ATHLETES = (DISTANCE, HEEL_STRIKER, RECREATIONAL, SPRINTER)
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


# length, m; share of it and factor on the pace of each part; change of pace, m/s2; kick: last part
SHAPES: dict[str, tuple[float, tuple[tuple[float, float], ...], float, bool]] = {
    "even pace, 1500": (1500.0, ((0.5, 1.0), (0.5, 1.0)), 0.4, False),
    "positive split, 800": (
        800.0, ((0.25, 1.08), (0.25, 1.02), (0.25, 0.98), (0.25, 0.93)), 0.4, False,
    ),
    "negative split, 3000": (3000.0, ((0.5, 0.99), (0.5, 1.01)), 0.05, False),
    "surge, then fading, 1500": (1500.0, ((0.45, 1.0), (0.15, 1.09), (0.4, 0.97)), 0.3, False),
    "slow at the end, 1500": (1500.0, ((0.7, 1.0), (0.2, 0.97), (0.1, 0.92)), 0.2, False),
    "waves, 3000": (
        3000.0, ((0.2, 1.0), (0.2, 1.04), (0.2, 0.98), (0.2, 1.03), (0.2, 0.99)), 0.2, False,
    ),
    "sit and kick, 800": (800.0, ((0.72, 0.9), (0.28, 1.12)), 0.4, True),
    "sit and kick, 1500": (1500.0, ((0.8, 0.88), (0.2, 1.12)), 0.4, True),
    "long drive, 1500": (1500.0, ((0.7, 0.98), (0.3, 1.1)), 0.04, True),
    "surge, then kick, 3000": (
        3000.0, ((0.5, 1.0), (0.15, 1.07), (0.25, 0.98), (0.1, 1.13)), 0.3, True,
    ),
    "positive split, then kick, 1500": (1500.0, ((0.3, 1.05), (0.5, 0.98), (0.2, 1.1)), 0.3, True),
    "kick, then fading, 1500": (1500.0, ((0.8, 1.0), (0.13, 1.14), (0.07, 1.06)), 0.3, True),
}  # fmt: skip


def shaped(name: str, seed: int) -> tuple[Simulated, float, float]:
    """A race of that shape, its length, and the distance to go at its kick (NaN without)."""
    length_m, parts, change_mps2, kick = SHAPES[name]
    rng = np.random.default_rng([seed, sorted(SHAPES).index(name)])
    pace_mps = float(rng.uniform(5.2, 6.6))
    shares = np.array([share for share, _ in parts])
    shares = shares * rng.uniform(0.93, 1.07, len(shares))
    lengths = length_m * shares / shares.sum()
    top = int(np.argmax([factor for _, factor in parts]))
    phases = [
        run(
            pace_mps * factor, distance_m=float(lengths[place]),
            change_mps2=change_mps2 if place else 2.0, label="" if place else "start",
        )
        for place, (_, factor) in enumerate(parts)
    ]  # fmt: skip
    programme = Programme("race", (stand(4.0), *phases, walk(8.0, 1.3, label="finish"), stand(3.0)))
    to_go_m = float(lengths[top:].sum()) if kick else np.nan
    return simulate(DISTANCE, programme, PODS, seed=100 + seed), length_m, to_go_m


# share of the kick, share of the gain, change of pace, m/s2, of each part of it
RISES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "even": ((1.0, 1.0, 0.25),),
    "a jump, then a drive": ((0.1, 0.4, 0.3), (0.9, 1.0, 0.04)),
    "long drive, soft start": ((1.0, 1.0, 0.045),),
    "fading": ((0.65, 1.0, 0.3), (0.35, 0.6, 0.1)),
    "none": (),
}


def wandering(name: str, seed: int) -> tuple[Simulated, float, float]:
    """A race whose pace wanders, its length, and the distance to go at its kick (NaN without)."""
    rng = np.random.default_rng([77, seed, sorted(RISES).index(name)])
    length_m = float(rng.choice([800.0, 1500.0]))
    pace_mps, gain = float(rng.uniform(5.4, 6.8)), float(rng.uniform(0.10, 0.20))
    kick_m = float(rng.uniform(150.0, 0.42 * length_m if length_m < 1000.0 else 420.0))
    kick_m = kick_m if RISES[name] else 0.0
    phases, wander, left_m = [], 0.0, length_m - kick_m
    while left_m > 1.0:
        part_m = min(50.0, left_m)
        phases.append(
            run(
                pace_mps * (1.0 + wander), distance_m=part_m,
                change_mps2=0.15 if phases else 2.0, label="" if phases else "start",
            )
        )  # fmt: skip
        wander, left_m = 0.8 * wander + 0.006 * rng.standard_normal(), left_m - part_m
    for share, part, change_mps2 in RISES[name]:
        speed_mps = pace_mps * (1.0 + gain * part)
        phases.append(run(speed_mps, distance_m=share * kick_m, change_mps2=change_mps2))
    programme = Programme("race", (stand(4.0), *phases, walk(8.0, 1.3, label="finish"), stand(3.0)))
    made = simulate(DISTANCE, programme, PODS, seed=500 + seed)
    return made, length_m, kick_m if RISES[name] else np.nan


def each(
    names: Iterable[str], make: Callable[[str, int], tuple[Simulated, float, float]], seeds: int
) -> None:
    """Print one line a race of every name, and how many were right."""
    right = {}
    for name in names:
        right[name] = within = 0
        for seed in range(seeds):
            made, length_m, to_go_m = make(name, seed)
            found = race_of(analyze(made.recording), length_m).kick
            off = found.to_go_m - to_go_m
            good = abs(off) <= 15.0 if np.isfinite(to_go_m) else not found.found
            right[name] += bool(good)
            within += bool(abs(off) <= 2.0 * found.start_sd_m)
            print(
                f"{name} {seed}: true {to_go_m:5.0f} found {found.to_go_m:5.0f} ± "
                f"{found.start_sd_m:3.0f} m to go{'' if good else '   <-- ' + found.reason}",
                flush=True,
            )
        print(f"{name}: {right[name]} of {seeds}; within twice its uncertainty {within}")
    for name, count in right.items():
        print(f"| {name} | {count} of {seeds} |")


def strikes(seeds: int) -> None:
    """Print the change of the strike angle from cruise to kick, measured and true."""
    off, within = [], []
    for seed in range(seeds):
        rng = np.random.default_rng([seed, 77])
        rate_hz, range_g = float(rng.choice([200.0, 400.0])), float(rng.choice([16.0, 32.0]))
        where, pace_mps = str(rng.choice(sorted(PLACEMENTS))), float(rng.uniform(4.5, 6.0))
        pods = tuple(Pod(foot, rate_hz, range_g, placement=where) for foot in ("left", "right"))
        phases = (
            stand(4.0), run(pace_mps, distance_m=600.0, change_mps2=2.0, label="start"),
            run(pace_mps * rng.uniform(1.1, 1.25), distance_m=rng.uniform(150.0, 250.0),
                change_mps2=0.4),
            walk(8.0, 1.3, label="finish"), stand(3.0),
        )  # fmt: skip
        made = simulate(ATHLETES[seed % 4], Programme("race", phases), pods, seed=500 + seed)
        race, truth = race_of(analyze(made.recording), None), made.truth
        if race.strike is None or race.before is None:
            print(f"strike seed {seed}: no kick found")
            continue
        start_s, kick_s = race.course.time_at_s([race.before.start_m, race.kick.start_m])
        before = (truth.ic_time_s >= np.fmax(start_s, race.course.start_s)) & (
            truth.ic_time_s < kick_s
        )
        during = (truth.ic_time_s >= kick_s) & (truth.ic_time_s < race.course.finish_s)
        true_rad = np.mean([
            np.median(truth.strike_angle_rad[during & (truth.foot == foot)])
            - np.median(truth.strike_angle_rad[before & (truth.foot == foot)])
            for foot in (0, 1)
        ])  # fmt: skip
        off.append(np.degrees(race.strike.change_rad - true_rad))
        within.append(abs(off[-1]) <= 1.96 * np.degrees(race.strike.change_sd_rad))
        print(
            f"strike seed {seed}: true {np.degrees(true_rad):+.1f} off {off[-1]:+.1f}°", flush=True
        )
    rms = np.sqrt(np.mean(np.square(off)))
    print(f"strike change: mean {np.mean(off):+.2f}°, RMS {rms:.2f}°, in the 95 % range "
          f"{np.mean(within):.0%} of {len(off)}")  # fmt: skip


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
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    count = numbers[0] if numbers else 20
    if "--shapes" in sys.argv:
        each(SHAPES, shaped, count)
    elif "--wander" in sys.argv:
        each(RISES, wandering, count)
    elif "--strikes" in sys.argv:
        strikes(count)
    else:
        main(count)
