"""``gaitlab drill sprint RECORDING``: the timed sprints of a recording."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.coaching.drills.session import Choice
    from gaitlab.coaching.sprint.search import Search
    from gaitlab.coaching.sprint.timed import Setting
    from gaitlab.model.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of ``drill sprint`` that a recording needs; None where not given."""

    recording: Path
    course_m: float | None
    gates: tuple[tuple[float, float], ...]
    rep: int | None
    choice: "Choice"
    length_scale: float
    assume_units: str | None
    start: str | None
    mass_kg: float | None
    height_m: float | None
    air: tuple[float, float, float]
    page: Path | None
    as_json: bool


def sprints_in(asked: Asked) -> None:
    """Find, time and print the sprints of a recording; those refused are named at the end."""
    from gaitlab.coaching.sprint.evidence import Anchors
    from gaitlab.coaching.sprint.search import search_sprints

    target = common.wanted_page(asked.page, asked.recording)
    anchors = Anchors(asked.course_m, _checked(asked.gates))
    analysis = common.analyze_file(asked.recording, asked.assume_units, asked.length_scale)
    setting = setting_of(analysis, asked)
    search = search_sprints(analysis, setting, anchors, asked.choice, asked.rep)
    if target is not None:
        from gaitlab.report.pages.drill import write_drill
        from gaitlab.report.sheets.sprint import picture, sprint_section

        sections = [sprint_section(analysis, one) for one in search.sprints]
        write_drill(analysis, sections, lambda: picture(search.sprints), target)
    if asked.as_json:
        emit(analysis, search, target)
    else:
        show(analysis, search, target)
    for name, error in search.refused.items():
        common.messages().print(f"{name} could not be timed: {error.what} ({error.why})")


def _checked(gates: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """The gates in their order; AnalysisError for times that no sprint has."""
    import numpy as np

    from gaitlab.coaching.sprint.checks import checked_splits

    if not gates:
        return gates
    distances_m, times_s = checked_splits(*np.array(gates).T)
    return tuple(zip(distances_m.tolist(), times_s.tolist(), strict=True))


def show(analysis: "Analysis", search: "Search", target: Path | None) -> None:
    """Print one sprint after the other: what it rests on, its tables, what to know."""
    from gaitlab.report.sheets.sprint import sprint_grids, sprint_words

    common.say_simulated(analysis)
    console = common.results()
    for one in search.sprints:
        first, *others = sprint_words(one)
        console.print(first)
        for grid in sprint_grids(one):
            console.print(common.table_of(grid))
        for line in others:
            console.print(line)
    common.say_warnings(analysis)
    common.say_page(target)


def emit(analysis: "Analysis", search: "Search", target: Path | None) -> None:
    """Print the sprints, and those that were refused, as JSON."""
    from gaitlab.coaching.sprint.exchange import recorded_dict

    failed = [
        {"name": name, "what": error.what, "why": error.why, "todo": error.todo}
        for name, error in search.refused.items()
    ]
    reps = [recorded_dict(one) for one in search.sprints]
    head = common.page_key(target) | common.warnings_key(analysis)
    common.emit_json("drill.sprint", {**head, "reps": reps, "failed": failed})


def setting_of(analysis: "Analysis", asked: Asked) -> "Setting":
    """Start, body and air: from the options, the body else from what the recording knows."""
    from gaitlab.cli.drill_sprint import make_setting

    athlete = analysis.recording.athlete
    mass_kg = asked.mass_kg if asked.mass_kg is not None else athlete.mass_kg
    height_m = asked.height_m if asked.height_m is not None else athlete.height_m
    return make_setting(asked.start, mass_kg, height_m, asked.air, False)
