"""Is every hop and bound found, and are its times, height and length right? Seed by seed.

    python benchmarks/hops.py [SEEDS] [FIRST SEED]

Our own simulator: two-foot hops, one-foot hops on the spot and forward, and alternate bounds of
another athlete with other pods in each seed. On one foot the other foot is carried: it feels the
pushes of the body, hangs toes down, and is held or swung along.
A contact is a bound when the body flies for more than 0.2 s after it; at the ends of a set, where
leaps and running meet, contacts with 0.15 to 0.25 s may be taken for either. Then the hops and
bounds of an independent simulator, where they are. Truth is exact.
"""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gaitlab.coaching.drills.plyo import PlyoSet, plyo_sets
from gaitlab.model.errors import AnalysisError
from gaitlab.model.gait import HOP
from gaitlab.model.recording import Recording
from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.pipeline import analyze
from gaitlab.recordings import load
from gaitlab.simulate import (
    DISTANCE,
    HEEL_STRIKER,
    PLACEMENTS,
    RECREATIONAL,
    SPRINTER,
    Phase,
    Pod,
    Programme,
    bound,
    hop,
    run,
    simulate,
    stand,
    walk,
)

ATHLETES = (SPRINTER, DISTANCE, HEEL_STRIKER, RECREATIONAL)
KINDS = ("two feet", "one foot", "forward", "bounds")
AIMS = {  # mean absolute errors of a recording
    "contact": 9.0, "flight": 10.0, "height": 1.5, "RSI height/tc": 10.0, "RSI tf/tc": 10.0,
    "length": 6.0,
}  # fmt: skip
UNITS = dict.fromkeys(AIMS, "%") | {"contact": "ms", "flight": "ms", "height": "cm"}
NEAR_S = 0.08
EITHER_S = (0.15, 0.25)  # flight of what may be a bound or a step


@dataclass(frozen=True, slots=True)
class Landings:
    """True or found landings of a recording, (n,) each; NaN where not defined.

    sure : has to be found
    """

    ic_s: np.ndarray
    contact_s: np.ndarray
    flight_s: np.ndarray
    length_m: np.ndarray
    sure: np.ndarray


def phases_of(kind: str, rng: np.random.Generator) -> tuple[Phase, ...]:
    """Three sets of one kind, each with its own rhythm."""
    phases = [stand(4.0)]
    for _ in range(3):
        contact_s, flight_s = rng.uniform(0.15, 0.24), rng.uniform(0.2, 0.42)
        if kind != "bounds":
            seconds = float(rng.uniform(3.0, 8.0))
            on = "both" if kind == "two feet" else str(rng.choice(["left", "right"]))
            hop_m = float(rng.uniform(0.8, 2.0)) if kind == "forward" else 0.0
            phases += [
                hop(seconds, contact_s, flight_s, label="set", on=on, hop_m=hop_m), stand(5.0)
            ]  # fmt: skip
            continue
        top_mps, flight_s = float(rng.uniform(3.8, 5.6)), rng.uniform(0.26, 0.36)
        phases += [
            run(0.8 * top_mps, distance_m=12.0, change_mps2=2.5),
            bound(top_mps, 30.0, contact_s, flight_s, label="set"), walk(6.0), stand(5.0),
        ]  # fmt: skip
    return tuple(phases)


def made(kind: str, seed: int) -> tuple[Recording, Landings, str]:
    """A recording of three sets, what is true in it, and the pods in words."""
    rng = np.random.default_rng([seed, KINDS.index(kind), 5])
    rate_hz, range_g = float(rng.choice([100.0, 200.0, 208.0, 400.0])), float(rng.choice([16, 32]))
    where, runner = str(rng.choice(sorted(PLACEMENTS))), ATHLETES[seed % len(ATHLETES)]
    mounting = str(rng.choice(["placed", "random"]))
    pods = tuple(
        Pod(foot, rate_hz, range_g, placement=where, mounting=mounting, clock_ppm=ppm)
        for foot, ppm in (("left", 8.0), ("right", -11.0))
    )
    simulated = simulate(runner, Programme(kind, phases_of(kind, rng)), pods, seed=seed)
    truth, recording = simulated.truth, replace(simulated.recording, marks=())
    wanted = truth.flight_time_s > EITHER_S[0] if kind == "bounds" else truth.activity == HOP
    length_m = (0.5 if kind == "bounds" else 1.0) * truth.stride_length_m[wanted]
    truly = landings_of(truth.ic_time_s[wanted], truth.tc_time_s[wanted], length_m, kind)
    if kind == "bounds":
        flight_s = truth.flight_time_s[wanted]
        truly = replace(truly, flight_s=flight_s, sure=flight_s > EITHER_S[1])
    name = runner.athlete.name.removeprefix("Simulated ")
    return recording, truly, f"{name}, {where}, {rate_hz:.0f} Hz, {range_g:.0f} g"


def landings_of(ic_s: np.ndarray, tc_s: np.ndarray, length_m: np.ndarray, kind: str) -> Landings:
    """Two feet within 0.1 s are one landing, from the first one down to the last one up."""
    new = np.diff(ic_s, prepend=-np.inf) > 0.1
    first = np.flatnonzero(new if kind == "two feet" else np.ones(len(ic_s), bool))
    down, up = ic_s[first], np.maximum.reduceat(tc_s, first)
    wait = np.append(np.diff(down), np.nan)
    flight = np.where(wait < 1.2, wait - (up - down), np.nan)
    return Landings(down, up - down, flight, length_m[first], np.ones(len(down), bool))


def found_in(sets: tuple[PlyoSet, ...]) -> Landings:
    """All landings that were found."""
    names = ("ic_time_s", "contact_time_s", "flight_time_s", "hop_length_m")
    found = [np.concatenate([getattr(one, name) for one in sets]) for name in names]
    return Landings(*found, np.ones(len(found[0]), bool))


def compared(recording: Recording, truth: Landings, kind: str) -> tuple[int, int, str, dict]:
    """Landings missed and invented, the kinds that were said, and the errors of each number."""
    try:
        sets = plyo_sets(analyze(recording))
    except AnalysisError as error:  # counted as missed: a benchmark goes on
        return int(truth.sure.sum()), 0, error.what, {}
    found = found_in(sets)
    away = np.abs(truth.ic_s[:, None] - found.ic_s)
    near, mine = away.argmin(axis=1), away.min(axis=1) <= NEAR_S
    heights = [0.125 * STANDARD_GRAVITY_MPS2 * one.flight_s**2 for one in (found, truth)]
    ends = mine & np.isfinite(truth.contact_s)  # the last landing of a set stands
    indices = [height / one.contact_s for height, one in zip(heights, (found, truth), strict=True)]
    ratios = [one.flight_s / one.contact_s for one in (found, truth)]
    errors = {
        "contact": 1000.0 * (found.contact_s[near] - truth.contact_s)[ends],
        "flight": 1000.0 * (found.flight_s[near] - truth.flight_s)[mine],
        "height": 100.0 * (heights[0][near] - heights[1])[mine],
        "RSI height/tc": 100.0 * (indices[0][near] / indices[1] - 1.0)[mine],
        "RSI tf/tc": 100.0 * (ratios[0][near] / ratios[1] - 1.0)[mine],
    }
    if kind in ("bounds", "forward"):
        errors["length"] = 100.0 * (found.length_m[near] / truth.length_m - 1.0)[mine]
    invented = int((away.min(axis=0) > NEAR_S).sum())
    said = "+".join(dict.fromkeys(one.kind for one in sets))
    return int((truth.sure & ~mine).sum()), invented, said, errors


def row(name: str, words: str, kind: str, recording: Recording, truth: Landings) -> dict:
    """Print what became of one recording; its errors."""
    missed, invented, said, errors = compared(recording, truth, kind)
    worst = {key: np.nanmean(np.abs(values)) for key, values in errors.items() if len(values)}
    told = ", ".join(f"{key} {value:.1f} {UNITS[key]}" for key, value in worst.items())
    bad = [key for key, value in worst.items() if not value <= AIMS[key]]
    print(
        f"{name:22s} {words:46s} {truth.sure.sum():3d} landings, {missed} missed, {invented} "
        f"invented; {told}; {said}{'   <-- ' + ', '.join(bad) if bad or missed else ''}",
        flush=True,
    )
    return {
        "words": words,
        "n": int(truth.sure.sum()),
        "missed": missed,
        "invented": invented,
        "errors": errors,
    }


def summed(kind: str, rows: list[dict]) -> None:
    """What the recordings of one kind come to."""
    n, missed, invented = (sum(one[key] for one in rows) for key in ("n", "missed", "invented"))
    contacts = [one["errors"]["contact"] for one in rows if one["errors"]]
    untimed = int(sum(np.isnan(one).sum() for one in contacts))
    print(
        f"{kind}: {n - missed} of {n} landings found, {invented} invented, "
        f"{untimed} without a contact time"
    )
    for key, aim in AIMS.items():
        each = [one["errors"][key] for one in rows if len(one["errors"].get(key, ()))]
        if each:
            every = np.concatenate(each)
            means = np.array([np.nanmean(np.abs(one)) for one in each])
            print(
                f"    {key}: mean absolute error {np.nanmean(np.abs(every)):.1f} {UNITS[key]}, "
                f"mean {np.nanmean(every):+.1f}, worst recording {means.max():.1f}, within "
                f"{aim:g} {UNITS[key]} in {np.mean(means <= aim):.0%} of {len(means)}"
            )


def independent() -> None:
    """The hops and bounds of the other simulator."""
    import pandas as pd

    folder = Path(os.environ.get("GAITLAB_SHARED_DATA", "../shared/data")) / "sim-dev"
    for file, activity, kind in (
        ("pogo_hops", "hop", "two feet"), ("bounds_alternate", "bound", "bounds"),
    ):  # fmt: skip
        if not (folder / f"{file}.parquet").exists():
            continue
        table = pd.read_parquet(folder / f"{file}.truth.parquet")
        table = table[(table.activity == activity) & table.ic_time.notna()].sort_values("ic_time")
        truth = landings_of(
            table.ic_time.to_numpy(), table.tc_time.to_numpy(),
            0.5 * table.stride_length_m.to_numpy(), kind,
        )  # fmt: skip
        summed(file, [row(file, "independent", kind, load(folder / f"{file}.parquet"), truth)])


def main(seeds: int, first: int) -> None:
    """Print one row a recording, and the sums."""
    sums = {}
    for kind in KINDS:
        sums[kind] = []
        for seed in range(first, first + seeds):
            recording, truth, words = made(kind, seed)
            sums[kind].append(row(f"{kind} {seed}", words, kind, recording, truth))
    for kind, rows in sums.items():
        summed(kind, rows)
        summed(f"{kind}, 200 Hz and more", [one for one in rows if " 100 Hz" not in one["words"]])
    independent()


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    main(numbers[0] if numbers else 16, numbers[1] if len(numbers) > 1 else 0)
