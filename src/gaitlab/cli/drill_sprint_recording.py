"""``gaitlab drill sprint RECORDING``: the timed sprints of a recording."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gaitlab.cli import common
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    from gaitlab.coaching.recorded_sprint import RecordedSprint
    from gaitlab.coaching.session import Choice
    from gaitlab.coaching.timed_sprint import Setting
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
    """Find, time and print the sprints of a recording."""
    from gaitlab.report.sprint_sheet import sprint_grids, sprint_words

    target = common.wanted_page(asked.page, asked.recording)
    analysis = common.analyze_file(asked.recording, asked.assume_units, asked.length_scale)
    sprints, chosen = find(analysis, asked)
    if target is not None:
        from gaitlab.report.drill_page import write_drill
        from gaitlab.report.sprint_sheet import picture, sprint_section

        sections = [sprint_section(analysis, one) for one in chosen]
        write_drill(analysis, sections, lambda: picture(chosen), target)
    if asked.as_json:
        from gaitlab.coaching.sprint_exchange import recorded_dict

        reps = [recorded_dict(one) for one in chosen]
        head = common.page_key(target)
        common.emit_json("drill.sprint", {**head, "reps": reps, "found": len(sprints)})
        return
    grids = [grid for one in chosen for grid in sprint_grids(one)]
    words = [line for one in chosen for line in sprint_words(one)]
    common.print_sheet(analysis, grids, words, target)


def find(
    analysis: "Analysis", asked: Asked
) -> "tuple[tuple[RecordedSprint, ...], tuple[RecordedSprint, ...]]":
    """All sprints of the recording, and those that were asked for."""
    from gaitlab.coaching.recorded_sprint import sprints_of
    from gaitlab.coaching.sprint_evidence import Anchors

    anchors = Anchors(asked.course_m, asked.gates)
    sprints = sprints_of(analysis, setting_of(analysis, asked), anchors, asked.choice)
    if asked.rep is not None and asked.rep > len(sprints):
        raise UsageError(
            f"there is no sprint {asked.rep} in {asked.recording.name}",
            f"it has {len(sprints)}",
            "leave --rep out to see them all",
        )
    chosen = sprints if asked.rep is None else sprints[asked.rep - 1 : asked.rep]
    if asked.gates and len(chosen) > 1:
        raise UsageError(
            f"--gate is one sprint's, and the recording has {len(chosen)}",
            "the times of the gates differ from sprint to sprint",
            "say which: --rep 1; or give the gates as marks in the recording",
        )
    return sprints, chosen


def setting_of(analysis: "Analysis", asked: Asked) -> "Setting":
    """Start, body and air: from the options, the body else from what the recording knows."""
    from gaitlab.cli.drill_sprint import make_setting

    athlete = analysis.recording.athlete
    mass_kg = asked.mass_kg if asked.mass_kg is not None else athlete.mass_kg
    height_m = asked.height_m if asked.height_m is not None else athlete.height_m
    return make_setting(asked.start, mass_kg, height_m, asked.air, False)
