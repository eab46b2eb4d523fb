"""How well a sprint from standing is timed by pods: our own simulator, seed by seed.

    python benchmarks/sprint.py [SEEDS [FIRST]]

Sprinters and distance runners of different speed, acceleration and pods; everyone runs 60 m from
standing. Half of them let go at once behind the line, half gently. Each sprint is timed five
times: from the pods alone, with the length of the course, with a mark at the finish too, with
marks at start and finish, with gates at 30 and 60 m.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np

from gaitlab.coaching.sprint.evidence import Anchors
from gaitlab.coaching.sprint.recorded import RecordedSprint
from gaitlab.coaching.sprint.search import sprints_of
from gaitlab.coaching.sprint.timed import Setting
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import GaitlabError
from gaitlab.model.recording import Mark
from gaitlab.model.units import Floats
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

GATES_M = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0)
START_S = 9.0
WAYS = ("sensor alone", "course length", "finish mark", "start and finish", "gates 30 and 60")


@dataclass(frozen=True, slots=True)
class Score:
    """One sprint timed in one way; errors are found minus true.

    split_s, band_s : (6,);  v_share, tau_s : of top speed and time constant
    contact_ms : (k,) of every step after the second;  missed, invented : steps after it
    start_s : of the instant from which times count
    """

    split_s: Floats
    band_s: Floats
    v_share: float
    tau_s: float
    contact_ms: Floats
    missed: int
    invented: int
    start_s: float


def lets_go_at_once(seed: int) -> bool:
    """How that runner slows down behind the line."""
    return seed // 2 % 2 == 1


def made(seed: int) -> tuple[Simulated, float, float]:
    """A sprint of 60 m, its top speed and time constant."""
    rng = np.random.default_rng(7000 + seed)
    fast = seed % 2 == 0
    top = float(rng.uniform(8.6, 10.4) if fast else rng.uniform(7.2, 8.8))
    tau = float(rng.uniform(1.0, 1.35))
    rate = float(rng.choice([200.0, 208.0, 250.0, 400.0]))
    range_g = 16.0 if rng.uniform() < 0.7 else 32.0
    pods = (
        Pod("left", rate, range_g, clock_ppm=float(rng.normal(0.0, 15.0))),
        Pod("right", rate, range_g, clock_ppm=float(rng.normal(0.0, 15.0))),
    )
    programme = Programme(
        "sprint",
        (
            stand(3.0), walk(4.0), stand(2.0), sprint(top, tau, 60.0, GATES_M),
            run(
                1.5 if lets_go_at_once(seed) else 3.0, duration_s=5.0,
                change_mps2=float(rng.uniform(1.8, 3.0)), at_once=lets_go_at_once(seed),
            ),
            walk(5.0, 1.3),
        ),
    )  # fmt: skip
    return simulate(SPRINTER if fast else DISTANCE, programme, pods, seed=seed), top, tau


def timed(analysis: Analysis, way: str, true_s: Floats) -> RecordedSprint:
    """The sprint with what that way of timing knows."""
    anchors = Anchors()
    marks: tuple[Mark, ...] = ()
    if way == "course length":
        anchors = Anchors(60.0)
    if way == "finish mark":
        anchors, marks = Anchors(60.0), (Mark(START_S + float(true_s[-1]), "finish"),)
    if way == "start and finish":
        anchors = Anchors(60.0)
        marks = Mark(START_S, "start"), Mark(START_S + float(true_s[-1]), "finish")
    if way == "gates 30 and 60":
        anchors = Anchors(60.0, ((30.0, float(true_s[2])), (60.0, float(true_s[-1]))))
    known = replace(analysis, recording=replace(analysis.recording, marks=marks))
    (one,) = sprints_of(known, Setting(), anchors)
    return one


def scored(
    made_one: Simulated, one: RecordedSprint, true_s: Floats, top: float, tau: float
) -> Score:
    """What that sprint is worth."""
    table = one.sprint.splits
    split = np.full(6, np.nan)
    band = np.full(6, np.nan)
    at = np.flatnonzero(np.isin(np.array(GATES_M[1:]), table.distance_m))
    split[at] = table.time_s[np.isin(table.distance_m, GATES_M)] - true_s[at]
    band[at] = table.band_s[np.isin(table.distance_m, GATES_M)]
    truth = made_one.truth
    end_s = START_S + true_s[-1] - 0.15
    true = np.flatnonzero((truth.ic_time_s > START_S + 0.1) & (truth.ic_time_s < end_s))
    found_s = one.start_s + one.steps.time_s
    apart = np.abs(truth.ic_time_s[true][:, None] - found_s)
    apart[truth.foot[true][:, None] != one.steps.foot] = np.inf
    hit = apart.min(axis=1) < 0.08
    near = apart.argmin(axis=1)
    inside = (found_s < end_s) & (found_s > truth.ic_time_s[true][1] + 0.1)
    invented = int((inside & ~np.isin(np.arange(len(found_s)), near[hit])).sum())
    contact = 1e3 * (one.steps.contact_s[near] - truth.contact_time_s[true])
    fit = one.sprint.fit
    return Score(
        split, band, np.nan if fit is None else fit.model.v_max_mps / top - 1.0,
        np.nan if fit is None else fit.model.tau_s - tau, contact[2:][hit[2:]],
        int((~hit[2:]).sum()), invented, one.start_s - START_S,
    )  # fmt: skip


def summary(way: str, scores: list[Score]) -> str:
    """One line of the table."""
    split = np.array([score.split_s for score in scores])
    band = np.array([score.band_s for score in scores])
    worst = np.nanmax(np.abs(split), axis=1)
    v = 100 * np.abs([score.v_share for score in scores])
    contact = np.array([np.nanmean(np.abs(score.contact_ms)) for score in scores])
    inside = np.abs(split[:, -1]) <= band[:, -1]
    last = split[:, -1]
    start = 1e3 * np.array([score.start_s for score in scores])
    return (
        f"{way:16s} n {len(scores)}\n"
        f"   splits: median |error| {np.nanmedian(np.abs(split)):.3f} s, worst "
        f"{np.nanmax(worst):.3f} s, within 0.03 s: {np.mean(np.abs(split) <= 0.03):.0%} of splits, "
        f"all six in {np.mean(worst <= 0.03):.0%} of sprints\n"
        f"   60 m: RMS {np.sqrt(np.nanmean(last**2)):.3f} s, in its band {np.mean(inside):.0%}, "
        f"band median {np.nanmedian(band[:, -1]):.2f} s, widest {np.nanmax(band[:, -1]):.2f} s\n"
        f"   start: {np.mean(start):+.0f} ± {np.std(start):.0f} ms\n"
        f"   V: median |error| {np.nanmedian(v):.1f} %, within 1.5 %: {np.mean(v <= 1.5):.0%}\n"
        f"   contact a step: MAE, median of sprints {np.median(contact):.1f} ms, worst "
        f"{contact.max():.1f} ms, 7 ms or less in {np.mean(contact <= 7.0):.0%}; missed "
        f"{sum(s.missed for s in scores)}, invented {sum(s.invented for s in scores)}"
    )


def main(seeds: int, first: int = 0) -> None:
    """Print one line a sprint, then one a way of timing."""
    results: dict[str, dict[int, Score]] = {way: {} for way in WAYS}
    for seed in range(first, first + seeds):
        one, top, tau = made(seed)
        analysis = analyze(one.recording)
        gates_s = [mark.time_s for mark in one.truth.marks if mark.distance_m is not None]
        true_s = np.array(gates_s[1:]) - gates_s[0]
        for way in WAYS:
            try:
                score = scored(one, timed(analysis, way, true_s), true_s, top, tau)
            except (GaitlabError, ValueError) as error:
                print(f"seed {seed} {way}: {error}")
                continue
            results[way][seed] = score
            errors = " ".join(f"{1e3 * value:+4.0f}" for value in score.split_s)
            print(
                f"seed {seed:2d} {way:16s} V {top:4.1f} ({100 * score.v_share:+.1f} %) "
                f"splits {errors} ms ± {1e3 * score.band_s[-1]:.0f}  contact "
                f"{np.nanmean(np.abs(score.contact_ms)):.1f} ms  missed {score.missed} "
                f"invented {score.invented}",
                flush=True,
            )
    for way in WAYS:
        print(summary(way, list(results[way].values())))
    for word, at_once in (("at once", True), ("gently", False)):
        some = {
            s: one for s, one in results["course length"].items() if lets_go_at_once(s) == at_once
        }
        if some:
            print(summary(f"course, slows {word}", list(some.values())))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3] or ["24"]))
