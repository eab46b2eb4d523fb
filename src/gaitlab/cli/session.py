"""``gaitlab session``: every repetition of a recording, found and named."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common
from gaitlab.cli.choice import choice_of, choice_options

if TYPE_CHECKING:
    from rich.table import Table

    from gaitlab.coaching.session import Repetition
    from gaitlab.coaching.session_numbers import Numbers
    from gaitlab.model.analysis import Analysis

HEADINGS: Final = (
    "no.", "kind", "sure\n[%]", "from", "to", "lasted\n[s]", "steps", "distance\n[m]",
    "top\n[m/s]", "contact\n[ms]", "n", "why",
)  # fmt: skip
WORDS: Final = ("kind", "why")
BETWEEN: Final = ("walk", "rest")
NOTHING: Final = "–"


@click.command(
    name="session",
    epilog="\b\nExamples:\n  gaitlab session tuesday.gait.parquet\n"
    "  gaitlab session tuesday.gait.parquet --from 310 --to 322 --kind fly",
)
@click.argument("recording", type=click.Path(path_type=Path))
@choice_options
@click.option("--all", "everything", is_flag=True, help="List walks and rests as well.")
@common.assume_units_option
@common.json_option
def command(
    recording: Path,
    kind: str | None,
    from_s: float | None,
    to_s: float | None,
    everything: bool,
    assume_units: str | None,
    as_json: bool,
) -> None:
    """Find the repetitions of a whole session in RECORDING and say of what kind each is.

    Warm-up, sprints, flying sprints, ins-and-outs, hops, bounds and steady running are told apart
    without any mark. A mark called sprint, fly, ins and outs, hops, bounds or run in a repetition,
    or just before it, has the last word.
    """
    from gaitlab.coaching.session import KINDS, chosen_repetitions
    from gaitlab.coaching.session_numbers import numbers_of

    analysis = common.analyze_file(recording, assume_units)
    choice = choice_of(kind, from_s, to_s)
    found = chosen_repetitions(analysis, KINDS, choice)
    rows = [(one, numbers_of(analysis, one)) for one in found]
    if as_json:
        reps = [_row(number, *row) for number, row in enumerate(rows, start=1)]
        common.emit_json("session", {"reps": reps})
        return
    _show(analysis, rows, everything or kind in BETWEEN)


def _show(analysis: "Analysis", rows: "list[tuple[Repetition, Numbers]]", everything: bool) -> None:
    console = common.results()
    if analysis.recording.simulated:
        console.print("SIMULATED athlete.")
    shown = [
        (number, one, numbers)
        for number, (one, numbers) in enumerate(rows, start=1)
        if everything or one.kind not in BETWEEN
    ]
    if not shown:
        console.print("No repetition in this recording: nothing but walking and standing.")
        return
    console.print(_table(shown))
    console.print(_in_words(rows))
    console.print(
        "Distances rest on measured lengths (± 4 % in sprints, ± 6 % else). A wrong kind is put "
        "right with a mark, or with --kind, --from and --to of each drill."
    )
    reasons = dict.fromkeys(
        f"{one.kind}: {line}" for _, one, numbers in shown for line in numbers.missing
    )
    for line in reasons:
        console.print(f"not measurable in a {line}")
    if any(not numbers.counted for _, one, numbers in shown):
        console.print("~ steps by the rhythm: not every step was seen.")


def _in_words(rows: "list[tuple[Repetition, Numbers]]") -> str:
    kinds = [one.kind for one, _ in rows]
    counts = [f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)]
    return "Found: " + ", ".join(counts) + "."


def _table(rows: "list[tuple[int, Repetition, Numbers]]") -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS:
        words = heading in WORDS
        table.add_column(
            heading, justify="left" if words else "right", no_wrap=heading != "why",
        )  # fmt: skip
    for number, one, numbers in rows:
        table.add_row(str(number), *_cells(one, numbers))
    return table


def _cells(one: "Repetition", numbers: "Numbers") -> tuple[str, ...]:
    from gaitlab.metrics.catalog import metric

    contact = metric("contact_time_s")
    known = numbers.distance_m == numbers.distance_m
    spread = contact.spread_text(numbers.contact_spread_s)
    steps = f"{'' if numbers.counted else '~'}{numbers.steps}" if one.kind != "rest" else NOTHING
    return (
        one.kind, f"{100 * one.probability:.0f}", clock(one.start_s), clock(one.stop_s),
        f"{one.duration_s:.1f}", steps,
        f"{numbers.distance_m:.0f} ± {numbers.distance_band_m:.0f}" if known else NOTHING,
        metric("speed_mps").text(numbers.v_max_mps),
        f"{contact.text(numbers.contact_time_s)} ± {spread}" if numbers.n else NOTHING,
        str(numbers.n), one.reason,
    )  # fmt: skip


def clock(time_s: float) -> str:
    """Minutes and seconds of the recording, as the options take seconds.

    >>> clock(75.25)
    '1:15.2'
    """
    tenths = round(10.0 * max(time_s, 0.0))
    return f"{tenths // 600}:{tenths % 600 / 10.0:04.1f}"


def _row(number: int, one: "Repetition", numbers: "Numbers") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "rep": number,
        "kind": one.kind,
        "start_s": one.start_s,
        "stop_s": one.stop_s,
        "duration_s": one.duration_s,
        **asdict(numbers),
        "probability": one.probability,
        "reason": one.reason,
        "cut": one.cut,
    }
