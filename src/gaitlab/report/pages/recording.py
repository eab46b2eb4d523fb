"""The page of one recording: one HTML file that needs nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gaitlab.coaching.comparison.reference import DUTY_FACTOR_SOURCE
from gaitlab.coaching.numbers.select import Part, part_of, runner_name
from gaitlab.metrics.catalog import CATALOG, METRIC_NAMES
from gaitlab.model.analysis import Analysis, Measured, record_of
from gaitlab.model.units import PaceUnits
from gaitlab.report.evidence import IDEA
from gaitlab.report.hover import hover_script, script_policy
from gaitlab.report.pages.output import unswept, write_page
from gaitlab.report.panels import recording_panels, strike_percent
from gaitlab.report.pattern_panels import pattern_panels
from gaitlab.report.steadiness import size_words, steadiness_rows
from gaitlab.report.tables import (
    Tile,
    metric_rows,
    number_tile,
    pod_rows,
    published_rows,
    sources,
)
from gaitlab.report.words import (
    STRIKE_WORDS,
    pace_words,
    quality_of_part,
    summary_sentences,
)

DOTS: Final = {"good": "●●●", "fair": "●●○", "poor": "●○○", "not measurable": "○○○"}


def write_report(
    analysis: Analysis | Measured, path: str | Path, *, units: PaceUnits = "km"
) -> Path:
    """Write the page of one recording and return where it is.

    Raises
    ------
    OutputError : the place cannot be written; nothing half-written is left.
    """
    return write_page(report_html(analysis, units), Path(path))


@unswept()
def report_html(analysis: Analysis | Measured, units: PaceUnits = "km") -> str:
    """The page of one recording as text."""
    analysis = record_of(analysis)
    part = part_of(analysis)
    quality, why = quality_of_part(part)
    matched, absent = published_rows(part)
    steadiness, no_drift = steadiness_rows(analysis)
    return render(
        "recording.html.j2",
        {
            "title": f"{runner_name(analysis)}: {analysis.recording.name}",
            "heading": runner_name(analysis),
            "facts": recording_facts(analysis),
            "simulated": analysis.recording.simulated,
            "quality": quality,
            "quality_dots": DOTS[quality],
            "quality_why": why,
            "sentences": summary_sentences(part, units),
            "warnings": analysis.warnings,
            "tiles": recording_tiles(part, units),
            "panels": (*recording_panels(analysis, part.contacts), *pattern_panels((part,))),
            "rows": metric_rows(analysis),
            "sizes": size_words(analysis),
            "steadiness": steadiness,
            "no_drift": no_drift,
            "published": matched,
            "absent": absent,
            "invalid": invalid_words(analysis),
            **quality_context((analysis,)),
        },
    )


def recording_facts(analysis: Analysis) -> tuple[str, ...]:
    """What the recording is: name, surface, shoe, pods, length."""
    recording, setup = analysis.recording, analysis.recording.setup
    rates = ", ".join(f"{facts.clock.true_rate_hz:.0f} Hz {facts.foot}" for facts in analysis.feet)
    optional = (setup.surface, setup.shoe, setup.device, setup.placement)
    return (recording.name, *(item for item in optional if item), rates or "no pod")


def recording_tiles(part: Part, units: PaceUnits = "km") -> tuple[Tile, ...]:
    """Speed, cadence, contact time, strike pattern."""
    pace = pace_of(part, units)
    numbers = (
        number_tile(part, "speed_mps", pace),
        number_tile(part, "cadence_spm"),
        number_tile(part, "contact_time_s"),
    )
    return (*numbers, strike_tile(part))


def pace_of(part: Part, units: PaceUnits) -> str:
    """The pace of a whole recording, or its range of speeds; empty when nobody ran."""
    speed = part.analysis.summary("speed_mps")
    if speed is None or not speed.n:
        return ""
    return pace_words(speed.median, speed.low, speed.high, units)


def strike_tile(part: Part) -> Tile:
    """The most frequent landing, with the angle and n."""
    percent, n = strike_percent(part.contacts)
    if not n:
        found = part.analysis.summary("strike_angle_rad")
        return Tile("strike pattern", "–", "", (found.reason if found else "") or "not classified")
    best = max(range(3), key=percent.__getitem__)
    angle = part.analysis.summary("strike_angle_rad")
    item = next(metric for metric in CATALOG if metric.name == "strike_angle_rad")
    measured = (
        f"{item.text(angle.median, with_unit=True)} ± {item.spread_text(angle.uncertainty)} · "
        if angle is not None and angle.n
        else ""
    )
    return Tile("strike pattern", f"{percent[best]:.0f} %", STRIKE_WORDS[best], f"{measured}n {n}")


PLUS_MINUS: Final = (
    "Standard uncertainty: the true value lies within it about two times out of three."
)


def invalid_words(analysis: Analysis) -> str:
    """How many contacts were left out of every mean."""
    total = len(analysis.contacts)
    left_out = total - int(analysis.contacts.valid.sum())
    return (
        f"{left_out} of {total} contacts found are in no mean of a run: the first and last of a "
        "stretch, and unsure ones (flags in the table of contacts)."
    )


def quality_context(analyses: tuple[Analysis, ...]) -> dict[str, Any]:
    """What the lower part of every page is filled with: data quality, methods, sources."""
    return {
        "quality_blocks": [
            {
                "name": item.recording.name,
                "source": item.recording.source,
                "simulated": item.recording.simulated,
                "notes": item.recording.notes,
                "warnings": item.warnings,
                "feet": [facts.foot for facts in item.feet],
                "rows": pod_rows(item.feet),
                "sha256": item.recording.sha256[:12],
                "invalid": invalid_words(item),
            }
            for item in analyses
        ],
        "program_version": analyses[0].program_version,
        "adjustments": [(item.recording.name, item.adjustments) for item in analyses],
        "glossary": [item for item in CATALOG if item.name in METRIC_NAMES],
        "plus_minus": PLUS_MINUS,
        "sources": sources(),
        "duty_factor_source": DUTY_FACTOR_SOURCE,
        "idea": IDEA,
    }


def render(template: str, context: Mapping[str, Any]) -> str:
    """A template of this package, filled; HTML in the values is made harmless."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("gaitlab.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template(template)
    return page.render(**context, policy=script_policy(), script=hover_script())
