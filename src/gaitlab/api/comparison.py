"""Runners side by side, at the same speed or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gaitlab.api.plots import PlotsBeside
from gaitlab.api.result import Analysis
from gaitlab.api.show import table_html, table_text
from gaitlab.coaching.comparison.band import Band
from gaitlab.coaching.comparison.compare import Comparison as _Comparison
from gaitlab.coaching.comparison.relative import Top
from gaitlab.coaching.numbers.select import Part, Stretch
from gaitlab.model.analysis import Analysis as _Analysis
from gaitlab.model.errors import UsageError
from gaitlab.model.recording import Recording

if TYPE_CHECKING:
    import pandas as pd

Runner = Analysis | Recording | _Analysis
SHARES: Final = (0.1, 1.1)
Span = tuple[float, float] | tuple[float, float, str] | Stretch


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison:
    """What :func:`gaitlab.compare` found.

    parts : the runners, or stretches of a run;  found : every metric of every part
    bands : groups of your own athletes that they are set beside
    tops : top speeds of the runners, when they are matched at a share of them
    """

    parts: tuple[Part, ...]
    found: _Comparison
    bands: tuple[Band, ...] = ()
    tops: tuple[Top, ...] = ()

    @property
    def matched_speed_mps(self) -> float | None:
        """The speed at which all are compared; None when they have none in common."""
        return self.found.matched_speed_mps

    @property
    def matched_share(self) -> float | None:
        """The share of each one's own top speed at which they are compared, 0 to 1; else None."""
        return self.found.matched_share

    @property
    def reason(self) -> str:
        """Why there is no common speed, or share; empty when there is one."""
        return self.found.reason

    @property
    def table(self) -> "pd.DataFrame":
        """One row per metric and runner: value, spread, n, uncertainty, speed, quality, reason."""
        import pandas as pd

        rows = [
            {
                "metric": row.metric.column, "unit": row.metric.column_unit, "runner": value.label,
                "value": value.value * row.metric.column_factor,
                "spread": value.spread * abs(row.metric.column_factor), "n": value.n,
                "uncertainty": value.uncertainty * abs(row.metric.column_factor),
                "speed_mps": value.speed_mps, "quality": value.quality, "how": value.how,
                "reason": value.reason,
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

        study = replace(study_with(self.found, self.parts, self.bands), tops=self.tops)
        return write_page(comparison_html(study), Path(path))

    def __repr__(self) -> str:
        return table_text(*self._overview())

    def _repr_html_(self) -> str:
        return table_html(*self._overview())

    def _overview(self) -> tuple[str, list[str], list[list[str]], str]:
        title = f"At {self.found.at}" if self.found.at else "No common speed"
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
        note = self.reason or "; ".join(f"top speed of {top.words}" for top in self.tops)
        return title, ["metric", *self.found.labels], rows, note


def compare(
    runners: Sequence[Runner],
    *,
    segments: Sequence[Span | None] | None = None,
    speed_mps: float | None = None,
    reference: Sequence[Runner] = (),
    relative: bool = False,
    top_speeds_mps: Mapping[str, float] | None = None,
    share: float | None = None,
) -> Comparison:
    """Put runners, or parts of one run, side by side at the same speed.

    runners : recordings or analyses, twelve at most
    segments : ``(start_s, stop_s)`` or ``(start_s, stop_s, name)``: parts of the one recording,
        or one part (or None) for each of several
    speed_mps : compare there; by default at the speed that all ran most
    reference : your own sprinters, as a band on the page of the comparison
    relative : compare at the same share of each one's own top speed instead of at one speed
    top_speeds_mps : of runners by the name of athlete or recording, for ``relative``; by default
        that of the fastest flying 30 m of the same athlete among the runners
    share : compare at this share of the top speed, 0.1 to 1.1; by default at the one that all
        ran most

    Raises
    ------
    UsageError : nobody to compare, segments that do not fit the runners, a top speed that nobody
        runs or of somebody who is not there, or both kinds of matching at once.

    >>> import gaitlab
    >>> runs = [gaitlab.load(f"recordings/{name}.gait.parquet")
    ...         for name in ("distance_race_kick", "heel_striker_easy")]
    >>> both = gaitlab.compare(runs)
    >>> both.matched_speed_mps is None, both.reason[:13]
    (True, 'no comparison')
    """
    from gaitlab.coaching.comparison.band import band_of
    from gaitlab.coaching.comparison.study import study_at_share, study_of
    from gaitlab.coaching.numbers.select import part_of, parts_of

    if isinstance(runners, Analysis | Recording | _Analysis):
        raise UsageError(
            "one runner instead of a list of runners",
            "a comparison takes several: a list",
            "write gaitlab.compare([one, two]), or compare([one], segments=[...])",
        )
    _refuse_mixture(relative, speed_mps is not None or bool(reference), top_speeds_mps, share)
    records = tuple(_record(runner) for runner in runners)
    parts = parts_of(records, tuple(_stretch(span) for span in segments or ()))
    squad = [part_of(_record(runner)) for runner in reference]
    bands = (band_of("your squad", "sprint", squad),) if squad else ()
    study = (
        study_at_share(parts, dict(top_speeds_mps or {}), share)
        if relative
        else study_of(parts, speed_mps, bands)
    )
    return Comparison(study.parts, study.comparison, bands, study.tops)


def _refuse_mixture(
    relative: bool, at_speeds: bool, tops: Mapping[str, float] | None, share: float | None
) -> None:
    if relative and at_speeds:
        raise UsageError(
            "relative with speed_mps or reference",
            "a reference and a speed in m/s belong to one speed, relative to many",
            "leave one of them out; share sets where to compare",
        )
    if (tops or share is not None) and not relative:
        raise UsageError(
            "top_speeds_mps or share without relative",
            "they say where to compare at a share of the own top speed",
            "add relative=True, or take speed_mps",
        )
    low, high = SHARES
    if share is not None and not low <= share <= high:
        raise UsageError(
            f"a share of {share:g}",
            f"shares of the top speed lie between {low:g} and {high:g}",
            "write for example share=0.8 for 80 %",
        )


def _record(runner: Runner) -> _Analysis:
    if isinstance(runner, Analysis):
        return runner.record
    if isinstance(runner, _Analysis):
        return runner
    from gaitlab.pipeline import analyze

    return analyze(runner)


def _stretch(span: Span | None) -> Stretch | None:
    return span if span is None or isinstance(span, Stretch) else Stretch(*span)
