"""A forecast as tables: for the screen and for its page."""

from collections.abc import Sequence
from typing import Final

from gaitlab.coaching.potential.answer import Forecast, group_text
from gaitlab.coaching.potential.gain import ASSOCIATION, Gain, nothing_words
from gaitlab.coaching.potential.race_events import BY_KEY, time_text
from gaitlab.report.sheets.base import Grid
from gaitlab.report.sheets.potential_words import (
    MEANING,
    formula_line,
    headline,
    input_rows,
    range_line,
    repair_lines,
)

INPUT_HEADINGS: Final = (
    "input", "time", "usual in\nthe group", "moves the\nmedian by", "without it",
)  # fmt: skip
GAIN_HEADINGS: Final = (
    "a 400 faster by", "400", "goes with\n(association)", "faster by\n[s]", "95 %\n[s]",
    "between runners of equal",
)  # fmt: skip


def forecast_lines(one: Forecast) -> tuple[str, ...]:
    """The sentences of a forecast: chance and base rate first."""
    lines = (headline(one), range_line(one), formula_line(one), *repair_lines(one))
    return tuple(line for line in lines if line)


def forecast_notes(one: Forecast) -> tuple[str, ...]:
    """Cautions, and what the chance means."""
    said_above = one.kind == "no comparable athletes"
    notes = tuple(f"note: {note}" for note in one.notes[1 if said_above else 0 :])
    return (*notes, MEANING) if one.kind == "forecast" else notes


def input_grid(one: Forecast) -> Grid:
    """What each time is and did."""
    return Grid(
        INPUT_HEADINGS, input_rows(one), title="What each time did",
        wordy=("input", "without it"),
    )  # fmt: skip


def gain_grid(found: Sequence[Gain]) -> Grid:
    """What a faster 400 goes with over 800 and 1500 m."""
    targets = [one.slope.target for one in found]
    return Grid(
        GAIN_HEADINGS, tuple(_gain_row(one) for one in found),
        title="What a faster 400 goes with", note=ASSOCIATION,
        wordy=("goes with\n(association)", "between runners of equal"),
        groups=tuple(k for k in range(1, len(targets)) if targets[k] != targets[k - 1]),
    )  # fmt: skip


def _gain_row(one: Gain) -> tuple[str, ...]:
    target = BY_KEY[one.slope.target].name
    return (
        f"{one.percent:g} %",
        f"{one.from_s:.1f} to {one.to_s:.1f}",
        f"{target}: {time_text(one.time_s)} to {time_text(one.time_s - one.gain_s)}",
        f"{one.gain_s:.1f}",
        f"{one.low_s:.1f} to {one.high_s:.1f}",
        f"{BY_KEY[one.slope.fixed].name} (n {one.slope.n}, UK club)",
    )


def gain_notes(found: Sequence[Gain]) -> tuple[str, ...]:
    """The caution beside the table, and what is not in it."""
    if not found:
        return ()
    seasons = dict.fromkeys(
        f"over {BY_KEY[one.slope.target].name} m {one.slope.season} (% per 1 %)"
        for one in found
        if one.slope.season
    )
    rest = f"same athletes from season to season: {', '.join(seasons)}; " if seasons else ""
    return (ASSOCIATION, f"{rest}{nothing_words()}.")


LADDER_HEADINGS: Final = ("event", "median", "80 %", "from", "n", "group")


def ladder_grid(answers: Sequence[Forecast]) -> Grid:
    """One row for every event: median, interval, the times it rests on, n and the group."""
    return Grid(
        LADDER_HEADINGS, tuple(_ladder_row(one) for one in answers),
        title="What the same times say about every event", wordy=("event", "from", "group"),
    )  # fmt: skip


def _ladder_row(one: Forecast) -> tuple[str, ...]:
    used = " + ".join(row.event for row in one.contributions if row.used)
    most = one.interval_s(0.8)
    if one.median_s is None or most is None:
        return one.question.target.name, "–", "–", "no comparable athletes", "–", "–"
    return (
        one.question.target.name, time_text(one.median_s),
        f"{time_text(most[0])} to {time_text(most[1])}",
        used or "the group itself: a sprint changes nothing", str(one.n), group_text(one.shares),
    )  # fmt: skip
