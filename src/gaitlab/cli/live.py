"""A table that fills while a recording is replayed."""

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitlab.metrics.catalog import metric
from gaitlab.model.gait import STRIKES
from gaitlab.model.recording import FEET

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from gaitlab.model.analysis import Analysis

ROWS: Final = 8
FRAMES_PER_S: Final = 10
SHOWN: Final = ("contact_time_s", "flight_time_s", "cadence_spm", "strike_angle_rad", "speed_mps")


def replay(analysis: "Analysis", console: "Console", speed: float, longest_s: float) -> None:
    """Show the contacts as they come, ``speed`` times as fast, for ``longest_s`` at most.

    A recording that would take longer is shown faster. Nothing happens without contacts.
    """
    from rich.live import Live

    ic_s = analysis.contacts.ic_time_s
    if not len(ic_s):
        return
    first_s, last_s = float(ic_s[0]), float(ic_s[-1])
    wall_s = min((last_s - first_s) / speed, longest_s)
    moments_s = np.linspace(first_s, last_s, max(2, round(wall_s * FRAMES_PER_S)))
    with Live(console=console, auto_refresh=False, transient=True) as live:
        for moment_s in moments_s:
            live.update(frame_at(analysis, float(moment_s)), refresh=True)
            time.sleep(1 / FRAMES_PER_S)


def frame_at(analysis: "Analysis", moment_s: float) -> "Table":
    """The last contacts up to ``moment_s``, newest below."""
    from rich.table import Table

    contacts = analysis.contacts
    stop = int(np.searchsorted(contacts.ic_time_s, moment_s, "right"))
    simulated = " (SIMULATED)" if analysis.recording.simulated else ""
    table = Table(title=f"{analysis.recording.athlete.name}{simulated}, {moment_s:.1f} s")
    for heading in ("foot", *(metric(name).axis_label for name in SHOWN), "strike"):
        table.add_column(heading, justify="right")
    for row in range(max(0, stop - ROWS), stop):
        table.add_row(
            FEET[contacts.foot[row]],
            *(metric(name).text(float(getattr(contacts, name)[row])) for name in SHOWN),
            STRIKES[contacts.strike[row]],
        )
    return table
