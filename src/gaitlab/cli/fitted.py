"""Tables on a terminal of any width: no number is ever folded or dropped.

Words may go on in the next line, numbers may not. Where the columns do not fit side by side,
every row becomes a block of lines, ``heading: value``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Column, Table

LONGEST_WORD: Final = 18  # a longer one (a file's name) may be folded


@dataclass(frozen=True, slots=True)
class Fitted:
    """A table that fits into its terminal; columns flush right hold numbers.

    legend : a line below it, such as what ± is
    """

    table: "Table"
    legend: str = ""

    def __rich_console__(
        self, console: "Console", options: "ConsoleOptions"
    ) -> "Iterator[RenderableType]":
        widths = self._widths(console, options)
        if widths is None:
            yield from _blocks(self.table)
        else:
            for column, width in zip(self.table.columns, widths, strict=True):
                column.width, column.overflow = width, "fold"
                column.no_wrap = column.justify == "right"
            yield self.table
        if self.legend:
            yield self.legend

    def _widths(self, console: "Console", options: "ConsoleOptions") -> list[int] | None:
        """The width of each column, None when they do not fit side by side."""
        from rich.measure import Measurement

        columns = self.table.columns
        whole = [_longest(column, words=False) for column in columns]
        least = [
            full if column.justify == "right" else min(LONGEST_WORD, _longest(column, words=True))
            for column, full in zip(columns, whole, strict=True)
        ]
        everything = options.update(max_width=100_000)
        between = Measurement.get(console, everything, self.table).maximum - sum(whole)
        spare = options.max_width - between - sum(least)
        return None if spare < 0 else _shared(least, whole, spare)


def _shared(least: Sequence[int], whole: Sequence[int], spare: int) -> list[int]:
    """Widths between the least and the whole ones, the room that is left shared among them.

    >>> _shared([2, 4, 4], [2, 20, 6], 10)
    [2, 12, 6]
    """
    widths = list(least)
    while spare > 0 and (short := [k for k, full in enumerate(whole) if widths[k] < full]):
        for k in short[:spare]:
            widths[k] += 1
        spare -= min(spare, len(short))
    return widths


def _longest(column: "Column", *, words: bool) -> int:
    """Cells of the longest line of a column, or of its longest word."""
    from rich.cells import cell_len

    texts = [str(column.header), *map(str, column.cells)]
    parts = (part for text in texts for part in (text.split() if words else text.split("\n")))
    return max(map(cell_len, parts), default=0)


def _blocks(table: "Table") -> "Iterator[RenderableType]":
    """One block a row, ``heading: value``; empty cells are left out."""
    from rich.text import Text

    if table.title:
        yield Text(str(table.title))
    headings = [
        " ".join(str(column.header).replace("/\n", "/").split()) for column in table.columns
    ]
    for row in zip(*(column.cells for column in table.columns), strict=True):
        for heading, cell in zip(headings, row, strict=True):
            plain = " ".join(str(cell).split())
            if plain:
                style = cell.style if isinstance(cell, Text) else ""
                label = f"{heading}: " if heading else ""
                yield Text.assemble(label, (plain, style), overflow="fold")
        yield Text()
