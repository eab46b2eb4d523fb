"""The page of a test, or of several tests of one session: the same look as the other pages."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gaitlab.coaching.numbers.select import runner_name
from gaitlab.metrics.cautions import NO_RUNNING, NOBODY_RAN
from gaitlab.model.analysis import Analysis
from gaitlab.report.pages.output import unswept
from gaitlab.report.pages.recording import DOTS, quality_context, recording_facts, render
from gaitlab.report.picture import write_page_or_picture
from gaitlab.report.sheets.base import Section
from gaitlab.report.words import quality_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write_drill(
    analysis: Analysis,
    sections: Sequence[Section],
    figure: Callable[[], "Figure"],
    path: Path,
) -> Path:
    """Write the page of the sections (.html), or the picture alone (.png, .svg, .pdf).

    Raises
    ------
    UsageError : another ending.
    OutputError : the place cannot be written.
    """
    return write_page_or_picture(path, lambda: drill_html(analysis, sections), figure, "a drill")


PLUS_MINUS: Final = (
    "What it is stands beside the number or below its table: the spread of single contacts, a "
    "95 % half-width, or a standard uncertainty."
)


@unswept()
def drill_html(analysis: Analysis, sections: Sequence[Section]) -> str:
    """One self-contained page: every section with its tiles, pictures and tables.

    That nobody ran stands in the head; hops are no running, and need no warning for it.
    """
    quality, why = quality_of(analysis, [pair for section in sections for pair in section.rests_on])
    heading = f"{runner_name(analysis)}: {sections[0].title}" if len(sections) == 1 else (
        runner_name(analysis)
    )  # fmt: skip
    return render(
        "drill.html.j2",
        {
            "title": f"{heading} ({analysis.recording.name})",
            "heading": heading,
            "facts": recording_facts(analysis),
            "simulated": analysis.recording.simulated,
            "quality": quality,
            "quality_dots": DOTS[quality],
            "quality_why": why,
            "sections": sections,
            "warnings": [
                line for line in analysis.warnings if line not in (NOBODY_RAN, NO_RUNNING)
            ],
            **quality_context((analysis,)),
            "plus_minus": PLUS_MINUS,
        },
    )
