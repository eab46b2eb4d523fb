"""Draw the pictures of the pages about drills and races: a session and a race of simulated runners.

.venv/bin/python docs/images/make_drills.py

Everything is simulated with fixed seeds: the pictures show what the pages look like, no person.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from gaitlab.coaching.comparison.between import between, own_sprint
from gaitlab.coaching.drills.flying import flying
from gaitlab.coaching.drills.ins_outs import ins_outs
from gaitlab.coaching.drills.plyo import plyo_sets
from gaitlab.coaching.drills.session import KINDS, NO_CHOICE, Choice, chosen_repetitions
from gaitlab.coaching.drills.session_numbers import numbers_of
from gaitlab.coaching.race.laps import race_of
from gaitlab.pipeline import analyze
from gaitlab.report.sheets.between import between_figure
from gaitlab.report.sheets.fly import reps_figure
from gaitlab.report.sheets.ins_outs import zones_figure
from gaitlab.report.sheets.plyo import hops_figure
from gaitlab.report.sheets.race import race_figure
from gaitlab.report.sheets.session import timeline_figure
from gaitlab.report.style import PAPER, house_style
from gaitlab.simulate import (
    DISTANCE,
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

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gaitlab.model.analysis import Analysis

FOLDER = Path(__file__).parent
PODS = (Pod("left", 200.0, 32.0), Pod("right", 200.0, 32.0))
BREAK = (walk(45.0), stand(15.0))
SLOWING = run(3.0, duration_s=4.0, change_mps2=2.2)
DPI = 100


def session_phases() -> tuple[Phase, ...]:
    """A warm-up, two sprints, three flies, two rows of ins and outs, hops and bounds."""
    phases = [stand(6.0), walk(20.0), run(3.2, duration_s=180.0), *BREAK]
    for top in (9.6, 9.5):
        phases += [sprint(top, 1.15, 60.0), SLOWING, *BREAK]
    for top in (9.5, 9.6, 9.3):
        phases += [run(9.0, distance_m=30.0, change_mps2=2.4), fly(top, 30.0), SLOWING, *BREAK]
    for _ in range(2):
        phases += [
            run(7.5, distance_m=20.0, change_mps2=2.5), sprint(9.4, 0.9, 20.0),
            run(7.9, distance_m=20.0, change_mps2=1.6), sprint(9.4, 0.9, 20.0), SLOWING, *BREAK,
        ]  # fmt: skip
    hops = (hop(6.0), stand(20.0), hop(6.0, 0.17, 0.33), stand(20.0))
    leaps = (run(4.0, distance_m=10.0, change_mps2=2.5), bound(5.0, 30.0), *BREAK)
    return (*phases, *hops, *leaps, run(3.0, duration_s=120.0), walk(10.0), stand(4.0))


RACE = (
    stand(4.0), run(6.0, distance_m=1180.0, change_mps2=2.0, label="start"),
    run(7.0, distance_m=320.0, change_mps2=0.3), walk(8.0, 1.3, label="finish"), stand(3.0),
)  # fmt: skip
OWN_FLY = (
    stand(4.0), run(7.8, distance_m=40.0, change_mps2=2.4), fly(8.2, 30.0), SLOWING, walk(5.0),
)  # fmt: skip


def save(figure: "Figure", name: str) -> None:
    """Write one picture beside this file."""
    with house_style():
        figure.savefig(FOLDER / f"{name}.png", dpi=DPI, facecolor=PAPER)


def draw_session(analysis: "Analysis") -> None:
    """Timeline, flies, ins and outs, hops."""
    found = chosen_repetitions(analysis, KINDS, NO_CHOICE)
    rows = [(one, numbers_of(analysis, one)) for one in found]
    save(timeline_figure(analysis, rows), "session")
    save(reps_figure(flying(analysis, choice=Choice(kind="fly"))), "flying")
    save(zones_figure(ins_outs(analysis)[:1]), "ins_outs")
    save(hops_figure(plyo_sets(analysis)), "plyo")


def main() -> None:
    """Simulate, analyse, draw."""
    session = Programme("session", session_phases())
    draw_session(analyze(simulate(SPRINTER, session, PODS, seed=3).recording))
    raced = analyze(simulate(DISTANCE, Programme("race", RACE, 400.0), PODS, seed=0).recording)
    flown = analyze(simulate(DISTANCE, Programme("fly", OWN_FLY), PODS, seed=0).recording)
    race = race_of(raced, 1500.0)
    save(race_figure(raced, race), "race")
    save(between_figure(between(raced, race, own_sprint((flown,)))), "between")


if __name__ == "__main__":
    main()
