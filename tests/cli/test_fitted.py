"""Tables on narrow terminals: numbers whole, whatever the width."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from gaitlab.cli.fitted import Fitted

NUMBERS = ("3.07 ± 0.06", "243.5", "0 / 0 / 100")
WORDS = "the last of the six was cut short by the end of the recording"


def printed(width: int) -> str:
    table = Table(title="a run")
    for heading, side in (("time\n[s]", "right"), ("cadence", "right"), ("shares", "right"),
                          ("what", "left")):  # fmt: skip
        table.add_column(heading, justify=side)
    table.add_row(*NUMBERS, WORDS)
    console = Console(file=io.StringIO(), width=width)
    console.print(Fitted(table, "± is the spread"))
    return console.file.getvalue()


@pytest.mark.parametrize("width", [24, 40, 60, 80, 150])
def test_no_number_is_folded_or_dropped_at_any_width(width):
    text = printed(width)
    assert all(number in text for number in NUMBERS)
    assert all(word in text for word in WORDS.split())
    assert max(map(len, text.splitlines())) <= width
    assert text.rstrip().endswith("± is the spread")


def test_what_does_not_fit_side_by_side_becomes_lines_with_their_headings():
    assert "time [s]: 3.07 ± 0.06\n" in printed(40)
    assert "time [s]:" not in printed(80)
