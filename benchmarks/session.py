"""Is a mixed session of 20 minutes split into its repetitions? Our own simulator, seed by seed.

    python benchmarks/session.py [SEEDS]

Each seed is another athlete, pod (place, mounting, rate, range, packet loss) and programme:
warm-up, sprints from standing, flying sprints out of standing or walking, ins and outs, hops,
bounds, tempo runs and false starts in an order of chance, with walks and rests between. Marks are
taken away before the analysis. A repetition is right when exactly one of its kind was found where
it was run; what was found where none was run counts against it as well.
"""

import sys
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from gaitlab.coaching.drills.ins_outs import ins_outs
from gaitlab.coaching.drills.session import Choice, Repetition, find_repetitions
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.recording import Mark
from gaitlab.pipeline import analyze
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
    fly,
    hop,
    run,
    simulate,
    sprint,
    stand,
    walk,
)

ATHLETES = ((SPRINTER, 9.6), (DISTANCE, 8.2), (HEEL_STRIKER, 7.0), (RECREATIONAL, 7.2))
SESSION_S = 1200.0
KINDS = ("sprint", "fly", "ins-outs", "hops", "bounds", "run", "false start")
ZONE_M = 20.0
LATEST_S = 1.5  # between the begin that was meant and the one found


@dataclass(frozen=True, slots=True)
class Meant:
    """A repetition as it was run."""

    kind: str
    start_s: float
    zones_s: tuple[float, ...]


def repetition(kind: str, top_mps: float, easy_mps: float, rng: np.random.Generator) -> list[Phase]:
    """The phases of one repetition; the first one of it carries the name of its kind."""
    slowing = run(3.0, duration_s=float(rng.uniform(3.0, 6.0)), change_mps2=2.2)
    if kind == "sprint":
        way_m = float(rng.choice([30.0, 40.0, 60.0, 80.0]))
        return [stand(4.0), sprint(top_mps, rng.uniform(1.0, 1.35), way_m, label=kind), slowing]
    if kind == "fly":
        up = run(
            rng.uniform(0.88, 1.0) * top_mps, distance_m=float(rng.uniform(20.0, 40.0)),
            change_mps2=float(rng.uniform(1.8, 2.7)), label=kind,
        )  # fmt: skip
        begin = [stand(3.0)] if rng.random() < 0.6 else []
        return [*begin, up, fly(top_mps, 30.0), slowing]
    if kind == "ins-outs":
        phases = [run(0.8 * top_mps, distance_m=20.0, change_mps2=2.4, label=kind)]
        for _ in range(int(rng.integers(1, 4))):
            phases += [
                sprint(0.98 * top_mps, 0.9, ZONE_M, label="zone"),
                run(rng.uniform(0.8, 0.9) * top_mps, distance_m=ZONE_M, change_mps2=1.6,
                    label="zone"),
            ]  # fmt: skip
        last = sprint(0.98 * top_mps, 0.9, ZONE_M, label="zone")
        return [stand(3.0), *phases, last, replace(slowing, label="zone")]
    if kind == "hops":
        contact_s, flight_s = rng.uniform(0.16, 0.22), rng.uniform(0.22, 0.4)
        return [
            stand(4.0), hop(rng.uniform(4.0, 9.0), contact_s, flight_s, label=kind), stand(5.0)
        ]  # fmt: skip
    if kind == "bounds":
        up = run(4.0, distance_m=10.0, change_mps2=2.5)
        return [stand(3.0), up, bound(rng.uniform(4.2, 5.4), 30.0, label=kind)]
    if kind == "false start":
        return [
            stand(4.0), sprint(top_mps, 1.15, float(rng.uniform(4.0, 7.0)), label=kind),
            stand(rng.uniform(4.0, 8.0)),
        ]  # fmt: skip
    return [run(rng.uniform(1.1, 1.5) * easy_mps, duration_s=rng.uniform(25.0, 70.0), label=kind)]


def programme(top_mps: float, easy_mps: float, rng: np.random.Generator) -> Programme:
    """Twenty minutes of blocks of one to four repetitions of one kind."""
    warm_up = run(easy_mps, duration_s=float(rng.uniform(120.0, 200.0)), label="run")
    phases = [stand(4.0), walk(10.0), warm_up, walk(15.0)]
    lasted_s, order = 230.0, [*rng.permutation(KINDS), *rng.permutation(KINDS)]
    for kind in order:
        for _ in range(1 if kind == "false start" else int(rng.integers(1, 5))):
            rest = [walk(float(rng.uniform(8.0, 25.0)), float(rng.uniform(1.1, 1.6)))]
            rest += [stand(float(rng.uniform(3.0, 20.0)))] if rng.random() < 0.6 else []
            phases += [*repetition(kind, top_mps, easy_mps, rng), *rest]
            lasted_s += 45.0
        if lasted_s > SESSION_S:
            break
    return Programme("session", (*phases, stand(4.0)))


def made(seed: int) -> tuple[Analysis, tuple[Meant, ...], str]:
    """The analysis of one session, what was run in it, and the pods in words."""
    rng = np.random.default_rng([seed, 77])
    runner, top_mps = ATHLETES[seed % len(ATHLETES)]
    top_mps *= float(rng.uniform(0.94, 1.03))
    rate_hz, range_g = float(rng.choice([100.0, 200.0, 208.0, 400.0])), float(rng.choice([16, 32]))
    where, loss = str(rng.choice(sorted(PLACEMENTS))), float(rng.choice([0.0, 0.0, 0.01]))
    pods = tuple(
        Pod(foot, rate_hz, range_g, placement=where, mounting="random", loss=loss, clock_ppm=ppm)
        for foot, ppm in (("left", 8.0), ("right", -11.0))
    )
    plan = programme(top_mps, float(rng.uniform(2.6, 3.4)), rng)
    analysis = analyze(simulate(runner, plan, pods, seed=seed).recording)
    marks = analysis.recording.marks
    words = f"{runner.athlete.name.removeprefix('Simulated ')}, {where}, {rate_hz:.0f} Hz"
    bare = replace(analysis, recording=replace(analysis.recording, marks=()))
    return bare, meant(marks), f"{words}, {range_g:.0f} g, {loss:.0%} lost"


def meant(marks: tuple[Mark, ...]) -> tuple[Meant, ...]:
    """What was run, from the names that the programme carries."""
    named = [mark for mark in marks if mark.label in KINDS]
    ends = [*(mark.time_s for mark in named[1:]), np.inf]
    zones_s = [mark.time_s for mark in marks if mark.label == "zone"]
    return tuple(
        Meant(
            mark.label, mark.time_s, tuple(at for at in zones_s if mark.time_s <= at < end)
        )
        for mark, end in zip(named, ends, strict=True)
    )  # fmt: skip


def judged(truth: tuple[Meant, ...], found: list[Repetition]) -> list[tuple[str, str, float]]:
    """What went wrong: what was run, what was found instead, and when."""
    ends = [*(one.start_s for one in truth[1:]), np.inf]
    wrong = []
    for one, end in zip(truth, ends, strict=True):
        here = [rep for rep in found if one.start_s - LATEST_S <= rep.start_s < end - LATEST_S]
        late = [abs(rep.start_s - one.start_s) <= 2 * LATEST_S for rep in here]
        if [rep.kind for rep in here] != [one.kind] or not all(late):
            wrong.append((one.kind, "+".join(rep.kind for rep in here) or "nothing", one.start_s))
    early = [rep for rep in found if rep.start_s < truth[0].start_s - LATEST_S]
    return wrong + [("nothing", rep.kind, rep.start_s) for rep in early]


def zones(analysis: Analysis, truth: tuple[Meant, ...], known: bool) -> tuple[list, list]:
    """Errors of the borders, s, and of the mean speeds, share, of all ins and outs."""
    borders, speeds = [], []
    for one in truth:
        if one.kind != "ins-outs":
            continue
        true_s = np.array(one.zones_s)
        part = Choice("ins-outs", one.start_s, float(true_s[-1]) + 3.0)
        lengths = (ZONE_M,) * (len(true_s) - 1) if known else ()
        try:
            (result,) = ins_outs(analysis, lengths, (), part)
        except AnalysisError as error:  # counted as missed: a benchmark goes on
            print(f"    no ins and outs at {one.start_s:.0f} s: {error.what}", flush=True)
            borders += [np.nan] * len(true_s)
            continue
        edges = np.array([zone.start_s for zone in result.zones] + [result.zones[-1].stop_s])
        nearest = edges[np.argmin(np.abs(edges[:, None] - true_s), axis=0)]
        borders += (nearest - true_s).tolist()
        for start, stop in pairwise(true_s):
            zone = min(result.zones, key=lambda zone: abs(zone.start_s - start))
            speeds.append(zone.v_mean_mps / (ZONE_M / (stop - start)) - 1.0)
    return borders, speeds


def summed(name: str, borders: list, speeds: list) -> str:
    """One line about the zones of all sessions."""
    off, share = np.array(borders), np.array(speeds)
    near = np.mean(np.abs(off[np.isfinite(off)]) <= 0.25), np.mean(np.abs(share) <= 0.03)
    return (
        f"{name}: {len(off)} borders, {near[0]:.1%} within 0.25 s, SD {np.nanstd(off):.2f} s, "
        f"{np.isnan(off).sum()} not found; {len(share)} mean speeds, {near[1]:.1%} within 3 %, "
        f"SD {np.std(share):.1%}"
    )


def main(seeds: int) -> None:
    """Print one row a session, what was wrong, and the sums."""
    run_, wrong_ = Counter(), Counter()
    errors: dict[bool, tuple[list, list]] = {True: ([], []), False: ([], [])}
    print("| seed | who and what | minutes | repetitions | right |\n|---|---|---|---|---|")
    for seed in range(seeds):
        analysis, truth, words = made(seed)
        found = list(find_repetitions(analysis, KINDS))
        wrong = judged(truth, found)
        run_.update(one.kind for one in truth)
        wrong_.update(kind for kind, _, _ in wrong)
        minutes = float(analysis.segments.stop_s[-1]) / 60.0
        right = len(truth) - len(wrong)
        print(f"| {seed} | {words} | {minutes:.0f} | {len(truth)} | {right} |", flush=True)
        for kind, instead, at_s in wrong:
            print(f"    {kind} at {at_s:.0f} s: found {instead}", flush=True)
        for known, (borders, speeds) in errors.items():
            more = zones(analysis, truth, known)
            borders += more[0]
            speeds += more[1]
    total = sum(run_.values())
    print(
        f"all: {total - sum(wrong_.values())} of {total} ({1 - sum(wrong_.values()) / total:.1%})"
    )
    print("by kind: " + ", ".join(f"{k} {run_[k] - wrong_[k]}/{run_[k]}" for k in KINDS))
    print(summed("ins and outs, lengths given", *errors[True]))
    print(summed("ins and outs, nothing given", *errors[False]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
