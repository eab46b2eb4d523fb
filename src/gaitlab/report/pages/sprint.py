"""A timed sprint as a page, or its speed curve alone as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.coaching.sprint.timed import Sprint, speed_curve
from gaitlab.report.figures.sprint import SpeedCurve, figure_sprints
from gaitlab.report.pages.output import unswept
from gaitlab.report.pages.recording import render
from gaitlab.report.picture import write_page_or_picture
from gaitlab.report.sheets.sprint_words import facts, fastest_part, number_lines, split_lines
from gaitlab.report.style import athlete_colour, house_style
from gaitlab.report.svg import svg_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE_IN: Final = (5.2, 4.0)  # letters stay readable at the width of a phone
MOST_CURVES: Final = 6  # one colour each


def curve_of(sprint: Sprint, place: int) -> SpeedCurve:
    """What is drawn of one sprint, in the colour of its place."""
    parts = np.diff(sprint.timed_m, prepend=0.0) / np.diff(sprint.timed_s, prepend=0.0)
    fit, empty = sprint.fit, np.empty(0)
    drawn = (empty, empty, empty) if fit is None else speed_curve(fit, sprint.valid_until_m)
    return SpeedCurve(
        label=sprint.name,
        colour=athlete_colour(place),
        edges_m=np.concatenate(([0.0], sprint.timed_m)),
        part_mps=parts,
        times_s=sprint.timed_s,
        distance_m=drawn[0],
        speed_mps=drawn[1],
        band_mps=drawn[2],
        v_max_mps=float("nan") if fit is None else fit.model.v_max_mps,
    )


def sprint_figure(sprints: Sequence[Sprint]) -> "Figure":
    """The speed curves of the first six sprints."""
    with house_style():
        return figure_sprints(
            [curve_of(sprint, place) for place, sprint in enumerate(sprints[:MOST_CURVES])], SIZE_IN
        )


def write_sprints(sprints: Sequence[Sprint], path: Path, program_version: str) -> Path:
    """Write a page (.html), or the picture alone (.png, .svg, .pdf), and return where it is.

    Raises
    ------
    UsageError : another ending.
    OutputError : the place cannot be written.
    """
    return write_page_or_picture(
        path,
        lambda: sprint_html(sprints, program_version),
        lambda: sprint_figure(sprints),
        "a sprint",
    )


@unswept()
def sprint_html(sprints: Sequence[Sprint], program_version: str) -> str:
    """One self-contained page: picture, splits and numbers of every sprint."""
    shown = ", ".join(sprint.name for sprint in sprints[:MOST_CURVES])
    return render(
        "sprint.html.j2",
        {
            "program_version": program_version,
            "svg": svg_of(sprint_figure(sprints), "sprint", f"speed over distance: {shown}"),
            "sprints": [
                {
                    "name": sprint.name,
                    "facts": facts(sprint),
                    "fastest": fastest_part(sprint),
                    "splits": split_lines(sprint),
                    "numbers": number_lines(sprint),
                    "notes": sprint.notes,
                    "missing": sprint.missing,
                }
                for sprint in sprints
            ],
            "left_out": max(0, len(sprints) - MOST_CURVES),
        },
    )
