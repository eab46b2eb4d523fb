"""A season in words, tables and pictures."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.coaching.numbers.trend import Series, Trend
from gaitlab.coaching.potential.race_events import time_text
from gaitlab.coaching.season import Season
from gaitlab.model.units import pace_text
from gaitlab.report.figures.season import SeasonTrack, figure_season
from gaitlab.report.pages.potential import times_page
from gaitlab.report.panels import drawn
from gaitlab.report.picture import write_page_or_picture
from gaitlab.report.sheets.base import Grid, Section, number
from gaitlab.report.style import house_style

TimeTrends = Sequence[tuple[Series, Trend]]
SCALES: Final[dict[str, tuple[float, int, str]]] = {
    "top_speed_mps": (1.0, 2, "m/s"),
    "easy_mps": (1.0, 2, "m/s"),
    "easy_share": (100.0, 1, "%"),
    "contact_time_s": (1000.0, 0, "ms"),
}
TREND_HEADINGS: Final = (
    "number", "n", "weeks", "first", "last", "change", "95 %", "least change\nthat shows", "so",
)  # fmt: skip
SESSION_HEADINGS: Final = ("day", "recording", "top speed\n[m/s]", "running pace\n[min/km]", "n")
MEANING: Final = (
    "First and last are on the line through the sessions. Least change that shows: how much two "
    "single sessions must differ before it is more than scatter (95 %)."
)


def trend_grid(season: Season, times: TimeTrends = ()) -> Grid:
    """One row for each number: the change, its range and whether it shows."""
    rows = [
        _row(one.label + _at(season, one.name), SCALES[one.name], trend)
        for one, trend in zip(season.series, season.trends, strict=True)
    ]
    rows += [_row(f"{one.label} [s]", (1.0, 1, "s"), trend) for one, trend in times]
    return Grid(
        TREND_HEADINGS, tuple(rows), title="What changed", note=MEANING, wordy=("number", "so"),
        groups=(len(season.series),) if times else (),
    )  # fmt: skip


def _at(season: Season, name: str) -> str:
    if name != "contact_time_s" or season.matched_mps is None:
        return ""
    return f" ({season.matched_mps:.1f} m/s)"


def _row(label: str, scale: tuple[float, int, str], trend: Trend) -> tuple[str, ...]:
    factor, decimals, unit = scale

    def text(value: float) -> str:
        return number(value, factor, decimals)

    interval = "–" if trend.reason else f"{text(trend.change_low)} to {text(trend.change_high)}"
    return (
        f"{label} [{unit}]" if not label.endswith("]") else label, str(trend.n),
        f"{trend.weeks:.0f}", text(trend.first), text(trend.last), text(trend.change), interval,
        text(trend.detectable), verdict(trend),
    )  # fmt: skip


def verdict(trend: Trend) -> str:
    """What may be said about a change."""
    if trend.reason:
        return trend.reason
    if not trend.clear:
        return "no clear change"
    word = "rose" if trend.change > 0.0 else "fell"
    return word if trend.beyond_detectable else f"{word}, by less than two sessions may differ"


def session_grid(season: Season) -> Grid:
    """Every session with what it gave."""
    rows = tuple(
        (one.day.isoformat(), one.name, number(one.top_mps, 1.0, 2), pace_text(one.run_mps),
         str(one.run_n) if one.run_n else "–")
        for one in season.sessions
    )  # fmt: skip
    return Grid(SESSION_HEADINGS, rows, title="Sessions", wordy=("day", "recording"))


def time_lines(rows: Sequence[tuple[date, str, float]]) -> tuple[str, ...]:
    """The best times of the season, event by event."""
    best: dict[str, tuple[float, date]] = {}
    for day, event, time_s in rows:
        if event not in best or time_s < best[event][0]:
            best[event] = (time_s, day)
    return tuple(f"{event}: best {time_text(t)} on {day}" for event, (t, day) in best.items())


def season_dict(season: Season, times: TimeTrends) -> dict[str, Any]:
    """What ``gaitlab trend --json`` prints."""
    trends = zip(season.series, season.trends, strict=True)
    first = season.sessions[0].day
    return {
        "answer": season.answer,
        "matched_speed_mps": season.matched_mps,
        "easy_below_mps": season.easy_below_mps if np.isfinite(season.easy_below_mps) else None,
        "notes": season.notes,
        "series": [_series(one, trend, first) for one, trend in (*trends, *times)],
    }


def _series(one: Series, trend: Trend, first: date) -> dict[str, Any]:
    points = [
        {"day": (first + timedelta(days=day)).isoformat(), "value": value, "sd": sd}
        for day, value, sd in zip(
            one.day.tolist(), one.value.tolist(), one.sd.tolist(), strict=True
        )
    ]
    clear = {"clear": trend.clear, "beyond_detectable": trend.beyond_detectable}
    return {"name": one.name, "points": points, **asdict(trend), **clear}


def tracks_of(season: Season) -> tuple[SeasonTrack, ...]:
    """What is drawn: values in the unit of their axis, over days."""
    found = []
    for one, trend in zip(season.series, season.trends, strict=True):
        factor, decimals, unit = SCALES[one.name]
        found.append(
            SeasonTrack(
                f"{one.label}{_at(season, one.name)} [{unit}]",
                one.day,
                factor * one.value,
                factor * one.sd,
                factor * trend.first,
                factor * trend.last,
                trend.clear,
                decimals,
                trend.reason,
            )
        )
    return tuple(found)


def write_season(
    season: Season, times: TimeTrends, name: str, path: Path, program_version: str
) -> Path:
    """Write the page of a season (.html), or its picture alone (.png, .svg, .pdf).

    Raises
    ------
    UsageError : another ending.
    OutputError : the place cannot be written.
    """
    first = season.sessions[0].day
    tracks = tracks_of(season)
    title = "Over the season"
    caption = (
        "One dot a session with its standard uncertainty; the line is full where the change is "
        "clear, dashed where it is not. Scales do not start at zero."
    )

    def page() -> str:
        panel = drawn(
            "season", title, caption, f"{title}: {', '.join(one.label for one in tracks)}",
            lambda size, _: figure_season(tracks, first, size), wide=True, wide_in=(9.6, 5.6),
            narrow_in=(4.4, 7.8),
        )  # fmt: skip
        section = Section(
            "season", title, sentences=(season.answer,), panels=(panel,),
            grids=(trend_grid(season, times), session_grid(season)), notes=season.notes,
        )  # fmt: skip
        facts = (f"{len(season.sessions)} sessions", f"{first} to {season.sessions[-1].day}")
        return times_page((section,), f"{name}: season", facts, program_version)

    def picture() -> Any:  # noqa: ANN401  # matplotlib's Figure, imported late
        with house_style():
            return figure_season(tracks, first, (5.2, 6.4))

    return write_page_or_picture(path, page, picture, "a season")
