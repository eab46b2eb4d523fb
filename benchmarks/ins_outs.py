"""Where are the zones of ins and outs? Our own simulator, seed by seed.

    python benchmarks/ins_outs.py [SEEDS [FIRST [each]]]

Four kinds of runners of different speed, pods of 200 to 400 Hz, 16 and 32 g in four places; three
to nine zones of 10, 20 or 30 m, mostly all alike, else outs of another length than the ins, or no
two alike; floats of 78 to 95 % of the top speed that begin at once or gently. Each row is measured
with the lengths given and with nothing said, from both feet, from one foot, and from pods of 100 Hz
that lose 1 % and of 60 Hz. A border counts as found when one was placed within 0.6 s of it, zones
are merged when the border between them was not found, and a border where none was is invented.
``each`` prints every border and zone.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gaitlab.coaching.drills.ins_outs import InsOuts, ins_outs
from gaitlab.coaching.drills.session import Choice
from gaitlab.model.analysis import Analysis
from gaitlab.model.errors import AnalysisError
from gaitlab.model.recording import Recording
from gaitlab.model.units import Floats
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
    run,
    simulate,
    sprint,
    stand,
    walk,
)

ATHLETES = ((SPRINTER, 9.6), (DISTANCE, 8.2), (HEEL_STRIKER, 7.0), (RECREATIONAL, 7.2))
LENGTHS_M = (10.0, 20.0, 20.0, 30.0)
PLANS = ("alike", "alike", "alike", "ins and outs", "any")
HIT_S = 0.6  # farther off, a border is another one
NEAR_S, SPEED_SHARE = 0.25, 0.03  # the aims


@dataclass(frozen=True, slots=True)
class Row:
    """A row of zones as it was run: (b,) borders, (b - 1,) lengths."""

    borders_s: Floats
    length_m: Floats
    words: str


@dataclass(frozen=True, slots=True)
class Score:
    """How well one row was found; errors are found minus true, NaN for what was not found.

    border_s, border_band_s : (b,);  speed_share, speed_band : (b - 1,);  invented : borders
    """

    border_s: Floats
    border_band_s: Floats
    speed_share: Floats
    speed_band: Floats
    invented: int

    @property
    def merged(self) -> int:
        """Borders between two zones that were not found."""
        return int(np.isnan(self.border_s[1:-1]).sum())


def slower(speed_mps: float, length_m: float, at_once: bool, rng: np.random.Generator) -> Phase:
    """A float: the speed leaves the top at once, or gently."""
    if at_once:
        return sprint(speed_mps, float(rng.uniform(0.6, 1.1)), length_m, label="zone")
    change = float(rng.uniform(1.2, 2.4))
    return run(speed_mps, distance_m=length_m, change_mps2=change, label="zone")


def lengths_m(rng: np.random.Generator) -> Floats:
    """The zones of one row: an odd number of them."""
    count, plan = 2 * int(rng.integers(1, 5)) + 1, str(rng.choice(PLANS))
    drawn = rng.choice(LENGTHS_M, count)
    if plan == "alike":
        return np.full(count, drawn[0])
    return np.where(np.arange(count) % 2, drawn[1], drawn[0]) if plan != "any" else drawn


def programme(top_mps: float, seed: int) -> tuple[Programme, Floats, str]:
    """A row of zones after a build-up, their lengths, and what it is in words."""
    rng = np.random.default_rng([seed, 53])
    lengths = lengths_m(rng)
    kept, at_once = float(rng.uniform(0.78, 0.95)), bool(rng.random() < 0.4)
    tau_s, up = float(rng.uniform(0.7, 1.1)), float(rng.uniform(0.7, 0.85))
    phases = [run(up * top_mps, distance_m=float(rng.uniform(15.0, 35.0)), change_mps2=2.4)]
    for place, length_m in enumerate(lengths.tolist()):
        fast = sprint(0.98 * top_mps, tau_s, length_m, label="zone")
        phases.append(slower(kept * top_mps, length_m, at_once, rng) if place % 2 else fast)
    after = run(3.0, duration_s=5.0, change_mps2=float(rng.uniform(1.4, 2.8)), label="zone")
    begin = (stand(3.0), walk(5.0), stand(2.0))
    metres = "-".join(f"{length:.0f}" for length in lengths)
    words = f"{metres} m, float {kept:.0%}{' at once' if at_once else ''}"
    return Programme("zones", (*begin, *phases, after, walk(6.0, 1.3), stand(2.0))), lengths, words


def made(seed: int, rate_hz: float | None = None, loss: float = 0.0) -> tuple[Recording, Row]:
    """The recording of one row, without marks, and the truth; ``rate_hz`` None: of the seed."""
    rng = np.random.default_rng([seed, 54])
    runner, top_mps = ATHLETES[seed % len(ATHLETES)]
    top_mps *= float(rng.uniform(0.92, 1.06))
    rate = float(rng.choice([200.0, 208.0, 250.0, 400.0])) if rate_hz is None else rate_hz
    range_g, where = float(rng.choice([16.0, 32.0])), str(rng.choice(sorted(PLACEMENTS)))
    pods = tuple(
        Pod(foot, rate, range_g, placement=where, mounting="random", loss=loss,
            clock_ppm=float(rng.normal(0.0, 15.0)))
        for foot in ("left", "right")
    )  # fmt: skip
    plan, lengths, words = programme(top_mps, seed)
    recording = simulate(runner, plan, pods, seed=seed).recording
    borders = [mark.time_s for mark in recording.marks if mark.label == "zone"]
    who = runner.athlete.name.removeprefix("Simulated ")
    words = f"{who}, {where}, {rate:.0f} Hz, {range_g:.0f} g, {words}"
    return replace(recording, marks=()), Row(np.array(borders), lengths, words)


def found(analysis: Analysis, row: Row, known: bool) -> InsOuts | None:
    """What is found in the repetition, from its build-up to the slowing down after it."""
    part = Choice("ins-outs", float(row.borders_s[0]) - 6.0, float(row.borders_s[-1]) + 3.0)
    try:
        (result,) = ins_outs(analysis, tuple(row.length_m.tolist()) if known else (), (), part)
    except AnalysisError:  # counted as not found: a benchmark goes on
        return None
    return result


def scored(result: InsOuts | None, row: Row) -> Score:
    """What that is worth."""
    true_s = row.borders_s
    border, band = np.full((2, len(true_s)), np.nan)
    share, share_band = np.full((2, len(true_s) - 1), np.nan)
    if result is None:
        return Score(border, band, share, share_band, 0)
    zones = [zone for zone in result.zones if result.how != "found" or zone.intent != "build"]
    edges = np.array([zone.start_s for zone in zones] + [zones[-1].stop_s])
    bands = np.array([zone.start_band_s for zone in zones] + [zones[-1].stop_band_s])
    apart = np.abs(edges[:, None] - true_s)
    mutual = (apart == apart.min(axis=0)) & (apart == apart.min(axis=1)[:, None])
    at, of = np.nonzero(mutual & (apart <= HIT_S))
    border[of], band[of] = edges[at] - true_s[of], bands[at]
    true_mps = row.length_m / np.diff(true_s)
    whole = (np.diff(at) == 1) & (np.diff(of) == 1)
    for place, which in zip(at[:-1][whole].tolist(), of[:-1][whole].tolist(), strict=True):
        share[which] = zones[place].v_mean_mps / true_mps[which] - 1.0
        share_band[which] = zones[place].v_band_mps / zones[place].v_mean_mps
    return Score(border, band, share, share_band, len(edges) - len(at))


def summed(name: str, scores: list[Score]) -> str:
    """One line of the table."""
    off, band, share, share_band = (
        np.concatenate([getattr(one, part) for one in scores])
        for part in ("border_s", "border_band_s", "speed_share", "speed_band")
    )
    seen, timed = np.isfinite(off), np.isfinite(share)
    near, right = np.abs(off) <= NEAR_S, np.abs(share) <= SPEED_SHARE
    held = np.mean(np.abs(off[seen]) <= band[seen])
    speed_held = np.mean(np.abs(share[timed]) <= share_band[timed])
    return (
        f"| {name} | {near.mean():.1%} of {len(off)} | {np.abs(off[seen]).mean():.3f} s "
        f"| {right.mean():.1%} of {len(share)} | {np.abs(share[timed]).mean():.1%} "
        f"| {timed.sum()} | {sum(one.merged for one in scores)} "
        f"| {sum(one.invented for one in scores)} | {held:.0%}, {speed_held:.0%} |"
    )


def detail(name: str, one: Score) -> str:
    """Every border and zone of a row."""
    borders = " ".join(
        f"{off:+.2f}({band:.2f})" for off, band in zip(one.border_s, one.border_band_s, strict=True)
    )
    speeds = " ".join(f"{100 * share:+.1f}" for share in one.speed_share)
    return f"    {name}: {borders} | {speeds} | {one.invented} invented"


def ways(seed: int) -> Iterator[tuple[str, Analysis, Row]]:
    """One row as it is seen by good pods, one pod and poor ones."""
    both, row = made(seed)
    yield "both feet", analyze(both), row
    yield "one foot", analyze(replace(both, feet=both.feet[seed % 2 :][:1])), row
    for words, rate_hz, loss in (("100 Hz, 1 % lost", 100.0, 0.01), ("60 Hz", 60.0, 0.0)):
        recording, row = made(seed, rate_hz, loss)
        yield words, analyze(recording), row


def main(seeds: int, first: int, each: bool) -> None:
    """Print the table, and with ``each`` every row before it."""
    scores: dict[str, list[Score]] = {}
    for seed in range(first, first + seeds):
        for seen, analysis, row in ways(seed):
            if each:
                print(f"{seed}: {row.words}")
            for known in (True, False):
                name = f"{seen}, {'lengths given' if known else 'nothing given'}"
                score = scored(found(analysis, row, known), row)
                scores.setdefault(name, []).append(score)
                if each:
                    print(detail(name, score), flush=True)
    print(
        f"| seen by | borders within {NEAR_S:g} s | mean error | mean speeds within "
        f"{SPEED_SHARE:.0%} | mean error | zones found | merged | borders invented "
        "| 95 % ranges that hold: border, speed |\n|" + "---|" * 9
    )
    for name, some in scores.items():
        print(summed(name, some))


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:3]]
    main(
        numbers[0] if numbers else 24, numbers[1] if len(numbers) > 1 else 0, "each" in sys.argv[3:]
    )
