"""The live table and the strike strip: the same for a recording that is made, replayed or shown."""

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.capture.foot_pod import SpeedNow
from gaitlab.capture.live_view import FOOT_POD, LETTERS, STRIP, LiveView, ViewRow
from gaitlab.metrics.catalog import MISSING_TEXT, metric
from gaitlab.model.gait import STRIKES
from gaitlab.model.recording import FEET

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.table import Table
    from rich.text import Text

    from gaitlab.model.analysis import Analysis

FRAMES_PER_S: Final = 8
SHOWN: Final = ("cadence_spm", "contact_time_s", "flight_time_s", "speed_mps")
HEADINGS: Final = (
    "foot", "cadence\n[/min]", "contact\n[ms]", "flight\n[ms]", "speed\n[m/s]", "strike", "n",
    "lost",
)  # fmt: skip
COLOURS: Final = ("blue", "yellow", "magenta", "white")  # in the order of STRIKES


def frame(view: LiveView) -> "Group":
    """Table, strip and notes as they stand now."""
    from rich.console import Group
    from rich.text import Text

    from gaitlab.cli.fitted import Fitted

    said = [*speed_lines(view), *view.notes.values()]
    return Group(Fitted(table(view)), *strip_lines(view), *map(Text, said))


def table(view: LiveView) -> "Table":
    """One row for each foot and one for both; columns that nothing is known about are left out."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    simulated = " (SIMULATED)" if view.simulated else ""
    title = f"{view.title}{simulated}   {view.activity}   {_clock(view.now_s)}"
    made = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, padding=0)
    rows = view.rows()
    extra = [name for name, cell in EXTRA.items() if any(cell(row) for row in rows)]
    for heading in (*HEADINGS, *extra):
        left = heading in ("foot", "strike", "pod")
        made.add_column(Text(heading), justify="left" if left else "right", no_wrap=True)
    for row in rows:
        numbers = [metric(name).text(getattr(row, name)) for name in SHOWN]
        strike = MISSING_TEXT if row.strike == "unknown" else row.strike
        counts = [str(row.n_contacts), str(row.n_lost)]
        cells = (row.who, *numbers, strike, *counts, *(EXTRA[name](row) for name in extra))
        made.add_row(*map(Text, cells))
    return made


def _battery(row: ViewRow) -> str:
    return "" if row.battery_percent is None else f"{row.battery_percent} %"


def _signal(row: ViewRow) -> str:
    return "" if row.signal_dbm is None else f"{row.signal_dbm}"


def _state(row: ViewRow) -> str:
    return row.state


EXTRA: Final = {"batt.": _battery, "signal\n[dBm]": _signal, "pod": _state}


def strip_lines(view: LiveView) -> "list[Text]":
    """The strikes of the last contacts, a line for each foot, and what the letters mean."""
    from rich.text import Text

    colours = dict(zip(LETTERS, COLOURS, strict=True))
    lines = []
    for foot in view.feet:
        line = Text(f"{foot:>7} ")
        for letter in view.strip(foot, STRIP):
            line.append(letter, style=f"bold {colours[letter]}" if letter in colours else "dim")
        lines.append(line)
    words = zip(LETTERS, STRIKES, strict=True)
    legend = Text(" " * 8 + "  ".join(f"{letter} {word}" for letter, word in words), style="dim")
    return [*lines, legend]


def speed_lines(view: LiveView) -> list[str]:
    """What foot pods say themselves, a line for each; and how a searched one is."""
    lines = [_speed_line(who, now) for who, now in view.speeds.items()]
    state = view.foot_pod.state
    return [*lines, f"{FOOT_POD}: {state}"] if state else lines


def _speed_line(who: str, now: SpeedNow) -> str:
    """The cadence as steps of both feet, and beside it as it was sent.

    >>> _speed_line("foot pod", SpeedNow(3.5, 85.0, 170.0, "strides", 2.47, 412.0, True, 9))
    'foot pod: 3.50 m/s, 170 steps/min (sent 85 strides), 2.47 m a stride, 412 m'
    """
    sent = f"{now.cadence_per_min:.0f}"
    cadence = (
        f"cadence {sent}, steps or strides not known yet"
        if np.isnan(now.cadence_spm)
        else f"{now.cadence_spm:.0f} steps/min (sent {sent} {now.counts})"
    )
    more = {f"{now.stride_length_m:.2f} m a stride": now.stride_length_m,
            f"{now.distance_m:.0f} m": now.distance_m}  # fmt: skip
    known = [text for text, value in more.items() if np.isfinite(value)]
    name = who if who == FOOT_POD else f"{who} pod"
    return f"{name}: " + ", ".join([f"{now.speed_mps:.2f} m/s", cadence, *known])


def _clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> _clock(83.46)
    '1:23.5'
    """
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def show(analysis: "Analysis", console: "Console", speed: float, longest_s: float) -> None:
    """Show the contacts of an analysis as they came, ``speed`` times as fast.

    It takes ``longest_s`` at most: a longer recording is shown faster. Nothing without contacts.
    """
    from rich.live import Live

    contacts, recording = analysis.contacts, analysis.recording
    if not len(contacts):
        return
    first_s, last_s = float(contacts.ic_time_s[0]), float(contacts.ic_time_s[-1])
    wall_s = min((last_s - first_s) / speed, longest_s)
    moments_s = np.linspace(first_s, last_s, max(2, round(wall_s * FRAMES_PER_S)))
    view = LiveView([FEET[code] for code in np.unique(contacts.foot)], recording.athlete.name,
                    simulated=recording.simulated)  # fmt: skip
    stops = np.searchsorted(contacts.ic_time_s, moments_s, "right")
    with Live(console=console, auto_refresh=False, transient=True) as live:
        for moment_s, start, stop in zip(moments_s, [0, *stops], stops, strict=False):
            view.add(contacts.where(np.arange(start, stop)))
            view.now_s = float(moment_s)
            live.update(frame(view), refresh=True)
            time.sleep(1 / FRAMES_PER_S)
