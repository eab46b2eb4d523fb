"""``gaitlab session``: every repetition of a recording, found and named."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitlab.cli import common
from gaitlab.cli.choice import choice_of, choice_options

if TYPE_CHECKING:
    from gaitlab.coaching.drills.session import Repetition
    from gaitlab.coaching.drills.session_numbers import Numbers
    from gaitlab.model.units import PaceUnits


@click.command(
    name="session",
    epilog="\b\nExamples:\n  gaitlab session tuesday.gait.parquet -o tuesday.html\n"
    "  gaitlab session tuesday.gait.parquet --from 310 --to 322 --kind fly",
)
@click.argument("recording", type=click.Path(path_type=Path))
@choice_options
@click.option("--all", "everything", is_flag=True, help="List walks and rests as well.")
@common.assume_units_option
@common.pace_option
@common.drill_out_option
@common.json_option
def command(
    recording: Path,
    kind: str | None,
    from_s: float | None,
    to_s: float | None,
    everything: bool,
    assume_units: str | None,
    units: "PaceUnits",
    page: Path | None,
    as_json: bool,
) -> None:
    """Find the repetitions of a whole session in RECORDING and say of what kind each is.

    Warm-up, sprints, flying sprints, ins-and-outs, hops, bounds and steady running are told apart
    without any mark. A mark called sprint, fly, ins and outs, hops, bounds or run in a repetition,
    or just before it, has the last word.
    """
    from gaitlab.coaching.drills.session import KINDS, chosen_repetitions
    from gaitlab.coaching.drills.session_numbers import numbers_of
    from gaitlab.report.sheets.session import BETWEEN, numbers_of_kind, session_grid, session_words

    target = common.wanted_page(page, recording)
    analysis = common.analyze_file(recording, assume_units)
    choice = choice_of(kind, from_s, to_s)
    found = chosen_repetitions(analysis, KINDS, choice)
    rows = [(one, numbers_of(analysis, one)) for one in found]
    if target is not None:
        from gaitlab.report.pages.drill import write_drill
        from gaitlab.report.sheets.session import session_sections, timeline_figure

        sections = session_sections(analysis, rows, units)
        write_drill(analysis, sections, lambda: timeline_figure(analysis, rows), target)
    if as_json:
        of_kind = numbers_of_kind([one.kind for one, _ in rows])
        reps = [
            _row(number, which, *row)
            for number, (which, row) in enumerate(zip(of_kind, rows, strict=True), start=1)
        ]
        head = common.page_key(target) | common.warnings_key(analysis)
        common.emit_json("session", {**head, "reps": reps})
        return
    listed = everything or kind in BETWEEN
    grid = session_grid(rows, everything=listed)
    whole = choice == choice_of(None, None, None)
    marks = analysis.recording.marks if whole else ()
    words = session_words(rows, marks, everything=listed)
    common.print_sheet(analysis, (grid,) if grid.rows else (), words, target)


def _row(number: int, of_kind: int, one: "Repetition", numbers: "Numbers") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "rep": number,
        "kind": one.kind,
        "number_of_kind": of_kind,
        "start_s": one.start_s,
        "stop_s": one.stop_s,
        "duration_s": one.duration_s,
        **asdict(numbers),
        "probability": one.probability,
        "reason": one.reason,
        "cut": one.cut,
    }
