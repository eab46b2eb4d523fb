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
    """

    table: str
    row: str
    speed_mps: float
    strike: str
    seed: int
    pods: dict[str, object] = field(default_factory=dict)
    fault: str = ""
    edit: Edit = unchanged

    @property
    def family(self) -> str:
        """Which target it is held to."""
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
    some = ((3.2, "rearfoot"), (4.0, "midfoot"), (5.4, "forefoot"), (6.6, "midfoot"))
    fast = (*some, (9.5, "forefoot"))
    made += _varied("placement", fast, "placement", PLACEMENTS, "{}")
    made += _varied("rate", fast, "rate_hz", RATES_HZ, "{:g} Hz")
    made += _varied("acc_range", fast, "acc_range_g", ACC_RANGES_G, "{:g} g")
    made += _varied("gyr_range", fast, "gyr_range_dps", GYR_RANGES_DPS, "{:g} deg/s")
    made += _varied("loss", some, "loss", LOSSES, "{:.0%}")
    for fault in FAULTS:
        made += [
            Plan("fault", fault.name, speed, strike, 5, GOOD | fault.pods, fault.name, fault.edit)
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


def athlete(speed_mps: float, strike: str, seed: int) -> Runner:
    """A runner drawn at random around the ready-made ones."""
    rng = np.random.default_rng([seed, round(100 * speed_mps), STRIKES.index(strike)])
    sprinter = speed_mps >= SPRINT_FROM_MPS
    base = striking(SPRINTER if sprinter else DISTANCE, strike)
    timing = replace(
        base.timing, contact_factor=rng.uniform(0.92, 1.08),
        cadence_factor=rng.uniform(0.96, 1.05), contact_asymmetry=rng.normal(0.0, 0.02),
    )  # fmt: skip
    impact = replace(
        base.impact, frequency_hz=rng.uniform(24.0, 31.0), damping=rng.uniform(0.34, 0.44)
    )
    swing = replace(
        base.swing, peak_offset_s=rng.normal(-0.004, 0.004), fall_s=rng.uniform(0.045, 0.08),
        release=rng.uniform(0.0, 0.8), toe_out_rad=rng.uniform(0.0, 0.2),
    )  # fmt: skip
    landing = replace(base.strike, settle_s=rng.uniform(0.04, 0.065))
    return replace(base, timing=timing, impact=impact, swing=swing, strike=landing)


def phases(family: str, speed_mps: float) -> tuple[Phase, ...]:
    """Standing, walking, the run, walking, standing; about half a minute of running."""
    before, after = (stand(4.0), walk(5.0)), (walk(5.0, 1.3), stand(3.0))
    if family == "sprint":
        return (
            *before, stand(3.0), sprint(speed_mps, 1.2, 70.0),
            run(3.0, duration_s=4.0, change_mps2=2.2), *after,
        )  # fmt: skip
    if family == "race":
        kick = run(1.12 * speed_mps, distance_m=60.0, change_mps2=0.5)
        return (
            *before, stand(2.0), run(speed_mps, distance_m=130.0, change_mps2=2.5), kick, *after,
        )  # fmt: skip
    return (*before, run(speed_mps, duration_s=26.0), *after)


def made(plan: Plan) -> Case:
    """Simulate one plan."""
    runner = athlete(plan.speed_mps, plan.strike, plan.seed)
    programme = Programme(plan.name, phases(plan.family, plan.speed_mps))
    pods = tuple(
        replace(Pod(foot, clock_ppm=ppm), **plan.pods)
        for foot, ppm in (("left", 12.0), ("right", -9.0))
    )
    world = simulate(runner, programme, pods, plan.seed)
    truth = pd.DataFrame(world.truth.columns())
    recording, truth = plan.edit(world, truth, runner, programme, pods, plan.seed)
    facts = {
        "table": plan.table, "row": plan.row, "speed_mps": plan.speed_mps, "strike": plan.strike,
        "rate_hz": pods[0].rate_hz, "range_g": pods[0].acc_range_g,
    }  # fmt: skip
    return Case(plan.name, "own", plan.family, plan.fault, recording, truth, facts)


def own(chosen: list[Plan], simulate_one: Callable[[Plan], Case] = made) -> Iterator[Case]:
    """The cases of the plans, made one at a time."""
    return map(simulate_one, chosen)
