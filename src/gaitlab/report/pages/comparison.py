"""The page of a comparison: one HTML file that needs nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from gaitlab.coaching.comparison.band import Band
from gaitlab.coaching.comparison.study import Study, study_of
from gaitlab.coaching.numbers.select import Part, Stretch, parts_of
from gaitlab.model.analysis import Analysis, Measured
from gaitlab.model.units import PaceUnits
from gaitlab.report.comparison.panels import comparison_panels
from gaitlab.report.comparison.tables import absent_positions, comparison_rows, notes_of, own_tiles
from gaitlab.report.comparison.words import comparison_sentences
from gaitlab.report.pages.output import unswept, write_page
from gaitlab.report.pages.recording import DOTS, quality_context, recording_facts, render
from gaitlab.report.panels import Panel
from gaitlab.report.pattern_panels import pattern_panel
from gaitlab.report.runners import MANY, RunnerLook, numbered, runner_looks
from gaitlab.report.sheets.between import between_section
from gaitlab.report.words import quality_of_part

PATTERNS: Final = ("strike-clock", "pitch-curve", "foot-path")


def write_comparison(
    analyses: Sequence[Analysis | Measured],
    path: str | Path,
    *,
    segments: Sequence[Stretch | None] | None = None,
    speed_mps: float | None = None,
    bands: Sequence[Band] = (),
    units: PaceUnits = "km",
) -> Path:
    """Write the page that sets recordings, or stretches of one, side by side.

    Parameters
    ----------
    segments : stretches of the one recording, or one (or None) for each of several
    speed_mps : the speed to compare at; None finds one that all have in common
    bands : groups of your own athletes to set the runners beside
    units : of the paces

    Raises
    ------
    UsageError : no recording, or stretches that do not fit the recordings.
    OutputError : the place cannot be written; nothing half-written is left.
    """
    parts = parts_of(tuple(analyses), tuple(segments or ()))
    return write_study(study_of(parts, speed_mps, bands), path, units)


def write_study(study: Study, path: str | Path, units: PaceUnits = "km") -> Path:
    """Write the page of a comparison that was made already, and return where it is.

    Raises
    ------
    OutputError : the place cannot be written; nothing half-written is left.
    """
    return write_page(comparison_html(study, units), Path(path))


@unswept()
def comparison_html(study: Study, units: PaceUnits = "km") -> str:
    """The page of a comparison as text."""
    parts, comparison = study.parts, study.comparison
    looks = runner_looks(parts)
    rows = comparison_rows(study)
    simulated = [part.analysis.recording.simulated for part in parts]
    return render(
        "comparison.html.j2",
        {
            "title": title_of(comparison.labels, study.bands),
            "heading": title_of(comparison.labels, study.bands, " · "),
            "simulated": any(simulated),
            "all_simulated": all(simulated),
            "many": len(parts) > MANY,
            "runners": _runners(parts, looks, units),
            "comparison": comparison,
            "bands": study.bands,
            "sentences": comparison_sentences(study),
            "rows": rows,
            "notes": notes_of(rows),
            "no_positions": absent_positions(study),
            "ranges": [
                (one.who, between_section(one.found)) for one in study.own if one.found is not None
            ],
            "panels": (*comparison_panels(study, looks), *_patterns(parts)),
            "warnings": (),
            **quality_context(tuple({id(p.analysis): p.analysis for p in parts}.values())),
        },
    )


def title_of(labels: Sequence[str], bands: Sequence[Band], between: str = " beside ") -> str:
    """Who stands on the page; a dozen names would be no heading."""
    if len(labels) > MANY:
        return f"{len(labels)} runners side by side"
    return between.join((*labels, *(band.name for band in bands)))


def _patterns(parts: Sequence[Part]) -> tuple[Panel, ...]:
    """How the feet of a few runners move; of a dozen only when they are down."""
    names = PATTERNS if len(parts) <= MANY else PATTERNS[:1]
    return tuple(pattern_panel(name, parts) for name in names)


def _runners(
    parts: Sequence[Part], looks: Sequence[RunnerLook], units: PaceUnits
) -> list[dict[str, Any]]:
    count = numbered(parts)
    return [
        {
            "label": f"{number} {part.label}" if count else part.label,
            "number": number,
            "place": look.place,
            "head": str(number) if len(parts) > MANY else "",
            "facts": recording_facts(part.analysis),
            "simulated": part.analysis.recording.simulated,
            "tiles": own_tiles(part, units),
            "quality": quality,
            "dots": DOTS[quality],
            "why": why,
        }
        for number, (part, look) in enumerate(zip(parts, looks, strict=True), start=1)
        for quality, why in (quality_of_part(part),)
    ]
