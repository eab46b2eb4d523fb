"""What a page about a test is made of: sentences, tiles, pictures and tables of texts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

from gaitlab.metrics.catalog import MISSING_TEXT, metric
from gaitlab.report.panels import Panel
from gaitlab.report.tables import Tile


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts, for the screen and for the page.

    headings : one per column, the unit after a line break
    rows : every row as long as the headings;  groups : rows before which a line is drawn
    wordy : headings of columns that hold words, set flush left
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    note: str = ""
    wordy: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A short text with a heading, beside another one."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One test as it stands on a page: the answer, the numbers, pictures, then tables.

    answer : what the coach asked for, in a sentence or two, above everything else
    sentences : what to know beside it, below the pictures; above the tiles without an answer
    rests_on : metric and activity of what decides how good the numbers are
    """

    key: str
    title: str
    answer: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    panels: tuple[Panel, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    rests_on: tuple[tuple[str, str], ...] = ()


def beside_speed(grid: Grid, after: str, texts: Sequence[str]) -> Grid:
    """The grid with one column more, behind the one headed ``after``: paces, for example.

    texts : number and unit of each row, as ``4:10 min/km``; the unit goes into the heading
    """
    pairs = [text.split(" ", 1) for text in texts]
    units = {unit for _, unit in pairs}
    if not units:
        return grid
    at = grid.headings.index(after) + 1
    heading = f"{'pace' if any('min' in unit for unit in units) else 'that is'}\n[{units.pop()}]"
    rows = tuple(
        (*row[:at], value, *row[at:]) for row, (value, _) in zip(grid.rows, pairs, strict=True)
    )
    return replace(grid, headings=(*grid.headings[:at], heading, *grid.headings[at:]), rows=rows)


STRIKE_HEADING: Final = "rear/mid/\nforefoot [%]"
CONTACT_HEADING: Final = "contact\n[ms]"


def number(value: float, factor: float = 1.0, decimals: int = 0, unit: str = "") -> str:
    """A number with a true minus; an en dash when there is none.

    >>> number(-0.123, 100.0, 1), number(float("nan")), number(0.3, 100.0, 0, "cm")
    ('−12.3', '–', '30 cm')
    """
    if not isfinite(value):
        return MISSING_TEXT
    text = f"{factor * value:.{decimals}f}"
    text = text.replace("-", "−") if float(text) else text.lstrip("-")
    return f"{text} {unit}" if unit else text


def with_spread(middle: float, spread: float, factor: float = 1.0, decimals: int = 0) -> str:
    """``middle ± spread``; an en dash when there is no middle.

    >>> with_spread(0.168, 0.004, 1000.0)
    '168 ± 4'
    """
    if not isfinite(middle):
        return MISSING_TEXT
    return f"{number(middle, factor, decimals)} ± {number(spread, factor, decimals)}"


def contact_text(middle_s: float, spread_s: float) -> str:
    """A contact time with the spread of the single contacts, ms."""
    item = metric("contact_time_s")
    if not isfinite(middle_s):
        return MISSING_TEXT
    return f"{item.text(middle_s)} ± {item.spread_text(spread_s)}"


def shares_text(shares: Sequence[float]) -> str:
    """Percent of rearfoot, midfoot and forefoot landings.

    >>> shares_text((0.1, 0.6, 0.3)), shares_text((float("nan"),) * 3)
    ('10 / 60 / 30', '–')
    """
    if not isfinite(shares[0]):
        return MISSING_TEXT
    return " / ".join(f"{100 * share:.0f}" for share in shares)


def of_reps(which: Sequence[bool], words: str, what: str = "Repetition") -> list[str]:
    """One sentence about the repetitions (or sets) that are marked, none without any.

    >>> of_reps((True, False, True), "cut"), of_reps((False, True), "cut", "Set")
    (['Repetitions 1, 3: cut.'], ['Set 2: cut.'])
    """
    reps = [str(place) for place, yes in enumerate(which, start=1) if yes]
    several = f"{what}s" if len(reps) > 1 else what
    return [f"{several} {', '.join(reps)}: {words}."] if reps else []


def most_common(shares: Sequence[float]) -> str:
    """The class of most landings in words.

    >>> most_common((0.1, 0.6, 0.3)), most_common((float("nan"),) * 3)
    ('60 % midfoot', 'not classified')
    """
    if not isfinite(shares[0]):
        return "not classified"
    best = max(range(3), key=shares.__getitem__)
    return f"{100 * shares[best]:.0f} % {('heel', 'midfoot', 'forefoot')[best]}"
