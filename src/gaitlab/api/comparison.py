"""Runners side by side, at the same speed or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from gaitlab.api.plots import PlotsBeside
from gaitlab.api.result import Analysis
from gaitlab.api.show import table_html, table_text
from gaitlab.coaching.comparison.band import Band
from gaitlab.coaching.comparison.compare import Comparison as _Comparison
from gaitlab.coaching.numbers.select import Part, Stretch
from gaitlab.model.analysis import Analysis as _Analysis
from gaitlab.model.errors import UsageError
from gaitlab.model.recording import Recording

if TYPE_CHECKING:
    import pandas as pd

Runner = Analysis | Recording | _Analysis
Span = tuple[float, float] | tuple[float, float, str] | Stretch


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison:
    """What :func:`gaitlab.compare` found.

    parts : the runners, or stretches of a run;  found : every metric of every part
    bands : groups of your own athletes that they are set beside
    """

    parts: tuple[Part, ...]
    found: _Comparison
    bands: tuple[Band, ...] = ()

    @property
    def matched_speed_mps(self) -> float | None:
        """The speed at which all are compared; None when they have none in common."""
        return self.found.matched_speed_mps

    @property
    def reason(self) -> str:
        """Why there is no common speed; empty when there is one."""
        return self.found.reason

    @property
    def table(self) -> "pd.DataFrame":
        """One row per metric and runner: value, spread, n, uncertainty, quality, reason."""
        import pandas as pd

        rows = [
            {
                "metric": row.metric.column, "unit": row.metric.column_unit, "runner": value.label,
                "value": value.value * row.metric.column_factor,
                "spread": value.spread * abs(row.metric.column_factor), "n": value.n,
                "uncertainty": value.uncertainty * abs(row.metric.column_factor),
                "quality": value.quality, "how": value.how, "reason": value.reason,
            }
            for row in self.found.rows
            for value in row.values
        ]  # fmt: skip
        return pd.DataFrame(rows)

    @property
    def plot(self) -> PlotsBeside:
        """The plots of all runners side by side: ``comparison.plot.strike_clock()``."""
        return PlotsBeside(self.parts, self.bands)

    def report(self, path: str | PathLike[str]) -> Path:
        """Write the page of this comparison, as ``gaitlab compare`` does; where it is.

        Raises
        ------
        OutputError : the place cannot be written.
        """
        from gaitlab.coaching.comparison.study import study_with
        from gaitlab.report.pages.comparison import comparison_html
        from gaitlab.report.pages.output import write_page

        study = study_with(self.found, self.parts, self.bands)
        return write_page(comparison_html(study), Path(path))

    def __repr__(self) -> str:
        return table_text(*self._overview())

    def _repr_html_(self) -> str:
        return table_html(*self._overview())

    def _overview(self) -> tuple[str, list[str], list[list[str]], str]:
        speed = self.matched_speed_mps
        title = f"At {speed:.1f} m/s" if speed is not None else "No common speed"
        rows = [
            [
                row.metric.label,
                *(
                    f"{row.metric.text(v.value, with_unit=True)} ± "
                    f"{row.metric.spread_text(v.uncertainty)} (n {v.n})" if v.n else "–"
                    for v in row.values
                ),
            ]
            for row in self.found.rows
            if any(value.n for value in row.values)
        ]  # fmt: skip
        return title, ["metric", *self.found.labels], rows, self.reason


def compare(
    runners: Sequence[Runner],
    *,
    segments: Sequence[Span | None] | None = None,
    speed_mps: float | None = None,
    reference: Sequence[Runner] = (),
) -> Comparison:
    """Put runners, or parts of one run, side by side at the same speed.

    runners : recordings or analyses, twelve at most
    segments : ``(start_s, stop_s)`` or ``(start_s, stop_s, name)``: parts of the one recording,
        or one part (or None) for each of several
    speed_mps : compare there; by default at the speed that all ran most
    reference : your own sprinters, as a band on the page of the comparison

    Raises
    ------
    UsageError : nobody to compare, or segments that do not fit the runners.

    >>> import gaitlab
    >>> runs = [gaitlab.load(f"recordings/{name}.gait.parquet")
    ...         for name in ("distance_race_kick", "heel_striker_easy")]
    >>> both = gaitlab.compare(runs)
    >>> both.matched_speed_mps is None, both.reason[:13]
    (True, 'no comparison')
    """
    from gaitlab.coaching.comparison.band import band_of
    from gaitlab.coaching.comparison.study import study_of
    from gaitlab.coaching.numbers.select import part_of, parts_of

    if isinstance(runners, Analysis | Recording | _Analysis):
        raise UsageError(
            "one runner instead of a list of runners",
            "a comparison takes several: a list",
            "write gaitlab.compare([one, two]), or compare([one], segments=[...])",
        )
    records = tuple(_record(runner) for runner in runners)
    stretches = tuple(_stretch(span) for span in segments or ())
    parts = parts_of(records, stretches)
    squad = [part_of(_record(runner)) for runner in reference]
    bands = (band_of("your squad", "sprint", squad),) if squad else ()
    return Comparison(parts, study_of(parts, speed_mps, bands).comparison, bands)


def _record(runner: Runner) -> _Analysis:
    if isinstance(runner, Analysis):
        return runner.record
    if isinstance(runner, _Analysis):
        return runner
    from gaitlab.pipeline import analyze

    return analyze(runner)


def _stretch(span: Span | None) -> Stretch | None:
    return span if span is None or isinstance(span, Stretch) else Stretch(*span)
