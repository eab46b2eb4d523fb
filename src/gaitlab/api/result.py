"""What was found in a recording: tables as data frames, plots, a page; it shows itself."""

from dataclasses import dataclass
from math import inf
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitlab.api.plots import Plots
from gaitlab.api.show import table_html, table_text
from gaitlab.coaching.numbers.select import RUNNING, Stretch, part_of
from gaitlab.metrics.catalog import CATALOG, METRIC_NAMES
from gaitlab.metrics.catalog import metric as entry
from gaitlab.model.analysis import Analysis as _Analysis
from gaitlab.model.analysis import FootFacts, MetricSummary, RecordingFacts, Scope
from gaitlab.model.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

SHOWN = (
    "speed_mps", "cadence_spm", "contact_time_s", "flight_time_s", "duty_factor",
    "strike_angle_rad", "step_length_m",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Analysis:
    """One recording, measured.

    record : everything as arrays in SI, for those who go deeper

    >>> import gaitlab
    >>> run = gaitlab.load("recordings/sprinter_fly.gait.parquet").analyze()
    >>> run.contacts[["foot", "strike"]].iloc[20].to_dict()
    {'foot': 'left', 'strike': 'forefoot'}
    >>> run.summary("cadence_spm").quality
    'good'
    """

    record: _Analysis

    @property
    def contacts(self) -> "pd.DataFrame":
        """One row per ground contact, the unit in every name; a new frame each time."""
        from gaitlab.tables import contacts_frame

        return contacts_frame(self.record)

    @property
    def segments(self) -> "pd.DataFrame":
        """One row per stretch of one activity, with mean, spread and n of each metric."""
        from gaitlab.tables import segments_frame

        return segments_frame(self.record)

    @property
    def recording(self) -> RecordingFacts:
        """Whose recording it is and what it was made with."""
        return self.record.recording

    @property
    def feet(self) -> tuple[FootFacts, ...]:
        """Sensor, clock and calibration of each foot."""
        return self.record.feet

    @property
    def warnings(self) -> tuple[str, ...]:
        """Plain sentences about this recording, most important first."""
        return self.record.warnings

    @property
    def summaries(self) -> tuple[MetricSummary, ...]:
        """Every metric, activity and foot: n, median, spread, uncertainty, quality."""
        return self.record.summaries

    @property
    def plot(self) -> Plots:
        """The plots of this run: ``analysis.plot.strike_clock()`` and its sisters."""
        return Plots(part_of(self.record))

    def part(self, start_s: float, stop_s: float, label: str = "") -> Plots:
        """The plots of a stretch, in seconds of the recording.

        Raises
        ------
        UsageError : a stretch that ends before it starts, or lies outside of the recording.
        """
        _refuse_outside(self.record, start_s, stop_s)
        return Plots(part_of(self.record, Stretch(start_s, stop_s, label)))

    def summary(
        self, metric: str, scope: Scope = "both", activity: str = ""
    ) -> MetricSummary | None:
        """One metric (``contact_time_s``, ``strike_angle_deg``) of both feet or of one.

        activity : run, sprint, walk, hop, bound; what most contacts are, when it is left out.
        None when that foot or activity is absent. Units are those inside: rad, m/s^2.

        Raises
        ------
        UsageError : no metric of that name.
        """
        names = {item.column: item.name for item in CATALOG} | {name: name for name in METRIC_NAMES}
        if metric not in names:
            from difflib import get_close_matches

            near = ", ".join(get_close_matches(metric, names, 3) or sorted(names))
            raise UsageError(f"no metric {metric!r}", "it is not measured", f"one of {near}")
        return self.record.summary(names[metric], scope, activity or RUNNING)

    def report(self, path: str | PathLike[str]) -> Path:
        """Write the page of this recording, as ``gaitlab report`` does; where it is.

        Raises
        ------
        OutputError : the place cannot be written.
        """
        from gaitlab.report import write_report

        return write_report(self.record, Path(path))

    def to_dict(self) -> dict[str, Any]:
        """The summary as plain values, as ``gaitlab analyze`` writes it."""
        from gaitlab.tables import summary_dict

        return summary_dict(self.record)

    def __repr__(self) -> str:
        return table_text(*_overview(self.record))

    def _repr_html_(self) -> str:
        return table_html(*_overview(self.record))


def _refuse_outside(record: _Analysis, start_s: float, stop_s: float) -> None:
    first = min((foot.start_s for foot in record.signals), default=-inf)
    last = max((foot.start_s + len(foot.missing) / foot.rate_hz for foot in record.signals),
               default=inf)  # fmt: skip
    if start_s >= last or stop_s <= first:
        raise UsageError(
            f"a stretch from {start_s:g} s to {stop_s:g} s",
            f"the recording goes from {first:.1f} to {last:.1f} s",
            "give start and stop in seconds of the recording",
        )


def _overview(record: _Analysis) -> tuple[str, list[str], list[list[str]], str]:
    """Title, head, rows and the note below, of what most people look for first."""
    activity = RUNNING
    valid = int(record.contacts.valid.sum())
    title = (
        f"Analysis of {record.recording.name!r}: {record.recording.athlete.name}, {activity}, "
        f"{valid} of {len(record.contacts)} contacts count"
    )
    head = ["metric", "median", "spread", "uncertainty", "n", "quality"]
    found = [record.summary(name, "both", activity) for name in SHOWN]
    rows = [_overview_row(item) for item in found if item is not None]
    note = record.warnings[0] if record.warnings else ""
    more = len(record.warnings) - 1
    return title, head, rows, f"{note} (and {more} more in .warnings)" if more > 0 else note


def _overview_row(item: MetricSummary) -> list[str]:
    known = entry(item.metric)
    if not item.n:
        return [known.label, "–", "–", "–", "0", f"{item.quality}: {item.reason}"]
    return [
        known.label, known.text(item.median, with_unit=True), known.spread_text(item.mad),
        known.spread_text(item.uncertainty), str(item.n), item.quality,
    ]  # fmt: skip
