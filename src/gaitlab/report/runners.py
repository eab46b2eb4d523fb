"""How each runner of a comparison is drawn and named: one colour an athlete, everywhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gaitlab.coaching.numbers.select import Part, runner_name
from gaitlab.report.figures.base import in_lines, shortened
from gaitlab.report.style import ATHLETE_LETTERS, ATHLETES

Dash = tuple[float, tuple[float, ...]]
SOLID: Final[Dash] = (0.0, ())
DASHES: Final[tuple[Dash, ...]] = (
    SOLID, (0.0, (5.0, 1.6)), (0.0, (1.2, 1.4)), (0.0, (6.0, 1.5, 1.2, 1.5)),
    (0.0, (3.0, 3.0)), (0.0, (8.0, 2.0, 2.0, 2.0, 2.0, 2.0)),
)  # fmt: skip
MANY: Final = 4  # more runners than this get a number, and tables without small print
LETTERS: Final = 18


@dataclass(frozen=True, slots=True)
class RunnerLook:
    """One runner of a page.

    place : of the colour
    short : name that fits a figure, in one or two lines;  full : name that fits a heading
    """

    place: int
    dash: Dash
    short: str
    full: str

    @property
    def colour(self) -> str:
        return ATHLETES[self.place]

    @property
    def letters(self) -> str:
        """The colour, dark enough for letters."""
        return ATHLETE_LETTERS[self.place]


def runner_looks(parts: Sequence[Part]) -> tuple[RunnerLook, ...]:
    """Parts of one athlete share a colour and differ by their line; so do athletes beyond six."""
    athletes = list(dict.fromkeys(_athlete(part) for part in parts))
    places = [athletes.index(_athlete(part)) % len(ATHLETES) for part in parts]
    dashes = [DASHES[places[:k].count(place) % len(DASHES)] for k, place in enumerate(places)]
    count = numbered(parts)
    names = [(f"{k} " if count else "") + name for k, name in enumerate(_names(parts), start=1)]
    return tuple(
        RunnerLook(place, dash, _in_two_lines(name), shortened(name, 34))
        for place, dash, name in zip(places, dashes, names, strict=True)
    )


def numbered(parts: Sequence[Part]) -> bool:
    """Whether names alone do not tell the runners apart in a figure."""
    short = {_in_two_lines(name) for name in _names(parts)}
    return len(parts) > MANY or len(short) < len(parts)


def _in_two_lines(name: str) -> str:
    return in_lines(name, LETTERS, 2)


def _names(parts: Sequence[Part]) -> list[str]:
    """The labels; of whole recordings of one athlete the recording, which is what differs."""
    often = Counter(_athlete(part) for part in parts)
    return [
        part.analysis.recording.name
        if often[_athlete(part)] > 1 and part.stretch is None
        else part.label
        for part in parts
    ]


def _athlete(part: Part) -> str:
    """The name; for an athlete without one the recording."""
    name = runner_name(part.analysis)
    own = name != part.analysis.recording.name
    return name if own else part.analysis.recording.sha256 + name
