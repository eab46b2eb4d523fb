"""Our own simulator over speed, strike, placement, rate, range and loss, and with every fault.

Every athlete is drawn anew, so that no number rests on one way of running. A plan is one
recording; ``--quick`` takes a part of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from cases import Case
from faults import FAULTS, Edit, unchanged
from gaitlab.simulate import (
    DISTANCE,
    SPRINTER,
    Phase,
    Pod,
    Programme,
    Runner,
    bound,
    hop,
    run,
    simulate,
    sprint,
    stand,
    striking,
    walk,
)

STRIKES = ("rearfoot", "midfoot", "forefoot")
PLACEMENTS = ("laces", "instep", "heel", "lateral")
RATES_HZ = (52.0, 104.0, 208.0, 416.0, 1000.0)
ACC_RANGES_G, GYR_RANGES_DPS = (8.0, 16.0, 32.0), (500.0, 1000.0, 2000.0)
LOSSES = (0.0, 0.01, 0.02, 0.05)
GOOD = {"rate_hz": 208.0, "acc_range_g": 32.0}
SPRINT_FROM_MPS = 7.5


@dataclass(frozen=True)
class Plan:
    """One recording to be made.

    table, row : where its errors are shown;  pods : changes of both pods
    edit : what is done to the recording and its truth afterwards
    kind : run, hop or bound;  grade : of the ground while running
    """

    table: str
    row: str
    speed_mps: float
    strike: str
    seed: int
    pods: dict[str, object] = field(default_factory=dict)
    fault: str = ""
    edit: Edit = unchanged
    kind: str = "run"
    grade: float = 0.0

    @property
    def family(self) -> str:
        """Which target it is held to."""
        if self.kind != "run":
            return "plyo"
        if self.speed_mps >= SPRINT_FROM_MPS:
            return "sprint"
        return "race" if self.speed_mps > 5.9 else "steady"

    @property
    def name(self) -> str:
        """Unique name."""
        return f"own {self.table} {self.row} {self.strike} {self.speed_mps:g} #{self.seed}"


def plans() -> list[Plan]:
    """Every recording of the whole grid."""
    made: list[Plan] = []
    for number, (speed, strike, seed) in enumerate(_crossed(
        (2.6, 3.2, 3.8, 4.6, 5.4, 6.2, 7.0), STRIKES, (1, 2)
    )):  # fmt: skip
        pods = {"placement": PLACEMENTS[number % 4]}
        pods |= {"mounting": "random"} if number % 3 == 0 else {}
        made.append(Plan("grid", f"{speed:g} m/s", speed, strike, seed, GOOD | pods))
    for number, (speed, strike, seed) in enumerate(_crossed(
        (7.8, 9.0, 10.2, 11.6), STRIKES[1:], (1, 2)
    )):  # fmt: skip
        pods = {"placement": PLACEMENTS[number % 4], "rate_hz": (208.0, 416.0)[number % 2]}
        made.append(Plan("grid", f"{speed:g} m/s", speed, strike, seed, GOOD | pods))
    for kind, speed in (("hop", 0.0), ("bound", 3.6), ("bound", 4.8)):
        made += [
            Plan("grid", kind, speed, strike, seed, GOOD, kind=kind)
            for strike in STRIKES[1:]
            for seed in (1, 2)
        ]
    some = ((3.2, "rearfoot"), (4.0, "midfoot"), (5.4, "forefoot"), (6.6, "midfoot"))
    fast = (*some, (9.5, "forefoot"))
    made += _varied("placement", fast, "placement", PLACEMENTS, "{}")
    made += _varied("rate", fast, "rate_hz", RATES_HZ, "{:g} Hz")
    made += _varied("acc_range", fast, "acc_range_g", ACC_RANGES_G, "{:g} g")
    made += _varied("gyr_range", fast, "gyr_range_dps", GYR_RANGES_DPS, "{:g} deg/s")
    made += _varied("loss", some, "loss", LOSSES, "{:.0%}")
    for fault in FAULTS:
        made += [
            Plan(
                "fault",
                fault.name,
                speed,
                strike,
                5,
                GOOD | fault.pods,
                fault.name,
                fault.edit,
                grade=fault.grade,
            )
            for speed, strike in (*some[:3], (8.5, "forefoot"))
        ]
    return made


def _crossed(*values) -> Iterator[tuple]:
    grids = np.meshgrid(*(np.arange(len(group)) for group in values), indexing="ij")
    for where in np.stack(grids, axis=-1).reshape(-1, len(values)):
        yield tuple(group[index] for group, index in zip(values, where, strict=True))


def _varied(table: str, runs, option: str, choices, row: str) -> list[Plan]:
    """The same athletes and seeds with one property of the pods changed."""
    return [
        Plan(
            table, row.format(choice), speed, strike, seed, GOOD | {option: choice},
            "" if table == "placement" else f"{table} {row.format(choice)}",
        )
        for choice in choices
        for speed, strike in runs
        for seed in (3, 4)
    ]  # fmt: skip


def quick(all_plans: list[Plan]) -> list[Plan]:
    """A part that still has every row of every table."""
    seen: set[tuple[str, str]] = set()
    chosen = []
    for plan in all_plans:
        if (plan.table, plan.row) not in seen:
            seen.add((plan.table, plan.row))
            chosen.append(plan)
    return chosen


def athlete(plan: Plan, draw: int) -> Runner:
    """A runner drawn at random; the simulator draws habits of push-off, swing and shoe as well."""
    rng = np.random.default_rng([draw, 7])
    base = striking(SPRINTER if plan.family == "sprint" else DISTANCE, plan.strike)
    timing = replace(
        base.timing, contact_factor=rng.uniform(0.92, 1.08),
        cadence_factor=rng.uniform(0.96, 1.05), contact_asymmetry=rng.normal(0.0, 0.02),
    )  # fmt: skip
    return replace(base, timing=timing)


def phases(plan: Plan) -> tuple[Phase, ...]:
    """Standing, walking, the run, walking, standing; about half a minute of running."""
    before, after = (stand(4.0), walk(5.0)), (walk(5.0, 1.3), stand(3.0))
    if plan.kind == "hop":
        return stand(4.0), hop(15.0), stand(3.0), hop(10.0, 0.15, 0.4), stand(3.0)
    if plan.kind == "bound":
        return (
            *before, run(3.0, duration_s=3.0), bound(plan.speed_mps, 60.0),
            run(3.0, duration_s=3.0), *after,
        )  # fmt: skip
    if plan.family == "sprint":
        effort = (sprint(plan.speed_mps, 1.2, 70.0), run(3.0, duration_s=4.0, change_mps2=2.2))
        return (*before, stand(3.0), *_on(plan.grade, effort), *after)
    if plan.family == "race":
        effort = (
            run(plan.speed_mps, distance_m=130.0, change_mps2=2.5),
            run(1.12 * plan.speed_mps, distance_m=60.0, change_mps2=0.5),
        )
        return (*before, stand(2.0), *_on(plan.grade, effort), *after)
    return (*before, *_on(plan.grade, (run(plan.speed_mps, duration_s=26.0),)), *after)


def _on(grade: float, effort: tuple[Phase, ...]) -> tuple[Phase, ...]:
    return tuple(replace(phase, grade=grade) for phase in effort)


def made(plan: Plan) -> Case:
    """Simulate one plan. Speed, strike and seed decide the athlete and the run, not the pods."""
    draw = 10_000 * plan.seed + 100 * STRIKES.index(plan.strike) + round(10 * plan.speed_mps)
    programme = Programme(plan.name, phases(plan))
    pods = tuple(
        replace(Pod(foot, clock_ppm=ppm), **plan.pods)
        for foot, ppm in (("left", 12.0), ("right", -9.0))
    )
    world = simulate(athlete(plan, draw), programme, pods, draw)
    recording, truth = plan.edit(world, pd.DataFrame(world.truth.columns()), pods, plan.seed)
    facts = {
        "table": plan.table, "row": plan.row, "speed_mps": plan.speed_mps, "strike": plan.strike,
        "rate_hz": pods[0].rate_hz, "range_g": pods[0].acc_range_g,
        "athlete": f"{plan.kind} {plan.family} {draw}",
    }  # fmt: skip
    return Case(plan.name, "own", plan.family, plan.fault, recording, truth, facts)


def own(chosen: list[Plan], simulate_one: Callable[[Plan], Case] = made) -> Iterator[Case]:
    """The cases of the plans, made one at a time."""
    return map(simulate_one, chosen)
