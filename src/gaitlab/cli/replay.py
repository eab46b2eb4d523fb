"""``gaitlab replay``: the live view from a stored recording, through the same code as live."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gaitlab.cli import common

if TYPE_CHECKING:
    from gaitlab.capture.live_view import LiveView
    from gaitlab.model.gait import Contacts

LONGEST_NAP_S: Final = 0.05


@click.command(name="replay", epilog="\b\nExample:\n  gaitlab replay monday.parquet --speed 4")
@click.argument("recording", type=click.Path(path_type=Path))
@click.option(
    "--speed", metavar="X", default="1", show_default=True,
    help="How many times as fast as it was run; 0 or max: as fast as possible.",
)  # fmt: skip
@common.assume_units_option
@click.option(
    "--json", "as_json", is_flag=True,
    help="Print one line of JSON for each finished contact and one for the whole.",
)  # fmt: skip
def command(recording: Path, speed: str, assume_units: str | None, as_json: bool) -> None:
    """Show RECORDING step by step, as it would have been seen while it was made.

    Contacts appear about one stride after they ended, as with pods on the shoes.
    Where nobody watches a terminal, only the last line is printed.
    """
    from gaitlab.capture.live_view import LiveView
    from gaitlab.capture.replay import replay
    from gaitlab.recordings import load

    pace = _pace(speed)
    made = load(recording, assume_units=assume_units)
    view = LiveView(
        [foot.foot for foot in made.feet], made.athlete.name, simulated=made.simulated
    )  # fmt: skip
    begun_s = time.monotonic()
    with display(view, quiet=as_json) as refresh:
        for step in replay(made):
            view.add(step.contacts)
            view.now_s = step.time_s
            for foot, n_lost in step.lost.items():
                view.pods[foot].n_lost = n_lost
            if as_json and len(step.contacts):
                emit_contacts("replay", step.contacts)
            refresh()
            wait_until(begun_s + step.time_s / pace)
    say_the_whole("replay", view, as_json=as_json, more={"recording": made.name})


def _pace(speed: str) -> float:
    """Recording seconds in a real one; infinite for 0 and max."""
    if speed == "max":
        return float("inf")
    try:
        value = float(speed)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise click.BadParameter(f"{speed!r} is not a number from 0 on", param_hint="--speed")
    return value or float("inf")


def wait_until(moment_s: float) -> None:
    """Sleep until the monotonic clock shows ``moment_s``; interruptible."""
    while (left_s := moment_s - time.monotonic()) > 0:
        time.sleep(min(left_s, LONGEST_NAP_S))


@contextmanager
def display(view: "LiveView", *, quiet: bool) -> Iterator[Callable[[], None]]:
    """A live table on standard error while a person watches; yields what brings it up to date."""
    console = common.messages()
    if quiet or not console.is_terminal:
        yield lambda: None
        return
    from rich.live import Live

    from gaitlab.cli.live import FRAMES_PER_S, frame

    due_s = 0.0

    def refresh() -> None:
        nonlocal due_s
        now_s = time.monotonic()
        if now_s >= due_s:
            due_s = now_s + 1 / FRAMES_PER_S
            live.update(frame(view), refresh=True)

    with Live(frame(view), console=console, auto_refresh=False) as live:
        yield refresh
        live.update(frame(view), refresh=True)


def emit_contacts(command_name: str, contacts: "Contacts") -> None:
    """One line of JSON for each contact."""
    from gaitlab.tables import contact_rows

    for row in contact_rows(contacts):
        common.emit_json(command_name, {"type": "contact", **row})


def say_the_whole(
    command_name: str, view: "LiveView", *, as_json: bool, more: dict[str, Any]
) -> None:
    """The last line: how much there was; the numbers are of the last five strides."""
    rows = view.rows()
    if as_json:
        facts = {"simulated": view.simulated, "duration_s": view.now_s, "athlete": view.title}
        feet = [asdict(row) for row in rows]
        common.emit_json(command_name, {"type": "summary", **more, **facts, "feet": feet})
        return
    simulated = "SIMULATED: " if view.simulated else ""
    lost = " and ".join(f"{row.n_lost} {row.who}" for row in rows[: len(view.feet)])
    line = f"{simulated}{view.n_contacts} contacts in {view.now_s:.1f} s; samples lost: {lost}"
    common.results().print(line, soft_wrap=True)
