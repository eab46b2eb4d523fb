"""Samples as they arrive, put on one rising clock as far as a stream allows.

What a recording's clock repair does for jumps (restarts, stray stamps, packets that arrive far too
late) needs a look ahead of fifty samples at most: so many wait here after a jump. Everything else
(order, repeats, packet stamps, holes) is left to the repair itself, which sees every window.
"""

import numpy as np

from gaitlab.model.errors import UsageError
from gaitlab.model.units import Bools, Floats
from gaitlab.signal.stamps import BIG_JUMP_S, GLITCH_SAMPLES, excursions, undo_jumps

COLUMNS = 7  # time, acceleration, angular rate


def as_rows(time_s: Floats, acc_mps2: Floats, gyr_radps: Floats | None) -> Floats:
    """(n, 7) time, acceleration, angular rate; infinite values and a missing gyroscope are NaN."""
    time_s = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
    rows = np.full((len(time_s), COLUMNS), np.nan)
    rows[:, 0] = time_s
    for first, name, values in ((1, "acc_mps2", acc_mps2), (4, "gyr_radps", gyr_radps)):
        if values is None:
            continue
        given = np.asarray(values, dtype=np.float64)
        given = given[None] if given.shape == (3,) else given
        if given.shape != (len(time_s), 3):
            raise UsageError(
                f"a batch in which {name} has the shape {given.shape}",
                f"its time has {len(time_s)} samples",
                f"give ({len(time_s)}, 3)",
            )
        rows[:, first : first + 3] = given
    rows[np.isinf(rows)] = np.nan
    return rows


class Arrivals:
    """The clock of one pod, as its samples arrive.

    restarts, glitches : how often the clock began again, how many samples had a stray stamp
    shift_s : from the pod's clock to one that never restarts
    restarted_s : where the first restart was put, on that clock; inf without one
    """

    def __init__(self) -> None:
        self.restarts = 0
        self.glitches = 0
        self.restarted_s = np.inf
        self._waiting: Floats = np.empty((0, COLUMNS))
        self._first_s = np.nan  # of the pod's clock since its last restart
        self._last_s = np.nan
        self.shift_s = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def accept(self, rows: Floats, *, last: bool = False) -> Floats:
        """The rows (n, 7) whose place on the clock is now sure, in order of arrival.

        Rows without a stamp are dropped. ``last`` says that nothing will follow: nothing waits.
        """
        rows = rows[np.isfinite(rows[:, 0])]
        if len(self._waiting):
            rows = np.concatenate((self._waiting, rows))
        self._waiting = rows[:0]
        if not len(rows):
            return rows
        if np.isnan(self._last_s):
            self._first_s = self._last_s = float(rows[0, 0])
        clock_s = np.concatenate(([self._last_s], rows[:, 0]))
        if np.abs(np.diff(clock_s)).max() <= BIG_JUMP_S:
            self._last_s = float(clock_s[-1])
            return self._shifted(rows, self.shift_s)
        jump, back = excursions(clock_s)
        sure = len(rows) if last else _sure_rows(jump, back, len(rows))
        self._waiting = rows[sure:].copy()
        return self._repaired(rows[:sure])

    def _shifted(self, rows: Floats, shift_s: Floats | float) -> Floats:
        if np.any(shift_s):
            rows = rows.copy()
            rows[:, 0] += shift_s
        return rows

    def _repaired(self, rows: Floats) -> Floats:
        """The rows with restarts undone, stray ones left out and late ones kept."""
        clock_s = rows[:, 0]
        moved_s, stray, again_s = undo_jumps(np.insert(clock_s, 0, self._last_s))
        shift_s, stray = (moved_s[1:] - clock_s), stray[1:]
        steady = np.flatnonzero(~stray)
        late = stray & (clock_s < self._last_s) & (clock_s >= self._first_s)
        kept = ~stray | late
        rows = self._shifted(rows, shift_s + self.shift_s)[kept]
        self.glitches += int(np.count_nonzero(~kept))
        self.restarts += len(again_s)
        self.restarted_s = min(self.restarted_s, again_s.min(initial=np.inf) + self.shift_s)
        if len(steady):
            if len(again_s):
                begun = shift_s[steady] == shift_s[steady[-1]]
                self._first_s = float(clock_s[steady[np.argmax(begun)]])
            self.shift_s += float(shift_s[steady[-1]])
            self._last_s = float(clock_s[steady[-1]])
        return rows


def _sure_rows(jump: np.ndarray, back: Bools, n: int) -> int:
    """How many of ``n`` rows are sure: those before a last jump that may still be taken back."""
    home = len(back) > 1 and bool(back[-2])
    since = n - int(jump[-1])
    return n if home or since > GLITCH_SAMPLES else int(jump[-1])
