"""How patient a session with a pod is."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a session is; seconds.

    silence_s : a connection that brings nothing for so long is given up and made anew
    first_attempts : failed first connections before the session says so
    back_off_s : waits between attempts; the last one repeats
    """

    find_s: float = 8.0
    find_again_s: float = 3.0
    connect_s: float = 10.0
    silence_s: float = 15.0
    battery_every_s: float = 60.0
    first_attempts: int = 3
    back_off_s: tuple[float, ...] = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)

    def wait_s(self, failures: int) -> float:
        """The wait after so many failed attempts in a row, a quarter up or down by chance."""
        wait_s = self.back_off_s[min(failures, len(self.back_off_s) - 1)]
        return wait_s * random.uniform(0.75, 1.25)


USUAL = Pace()
