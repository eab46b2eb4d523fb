"""The time in which virtual pods live: it may run faster than the real one."""

import asyncio
import heapq
import time
from itertools import count
from typing import Final

PATIENCE_S = 5.0  # real seconds that started pods wait for those that nobody starts
TICK_S: Final = 0.002  # real seconds between two looks at who is due
MOST_TICK_S: Final = 0.010  # that a tick may count; a computer that took longer was busy


class World:
    """One clock for a computer and its virtual pods, and the instant at which the run begins.

    The run begins when every pod has been started, so that both feet are there from its first
    step; pods that nobody starts are not waited for much longer.

    Where computer and pods live in one program (`tick` runs) that is too busy to keep up, this time
    slows down with it: no pod of its own comes late because another program took the processor.

    speed : world seconds in a real one
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.zero_s = 0.0
        self._birth_ns = time.monotonic_ns()
        self._missing: set[int] = set()
        self._begun = asyncio.Event()
        self._ticks = False
        self._reached_s, self._reached_ns = 0.0, self._birth_ns
        self._due: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()

    @property
    def begun(self) -> bool:
        """True once the run goes on."""
        return self._begun.is_set()

    def now_s(self) -> float:
        """World seconds since this world came to be."""
        return self._at(time.monotonic_ns())

    def _at(self, real_ns: int) -> float:
        passed_s = (real_ns - self._reached_ns) * 1e-9
        most_s = MOST_TICK_S if self._ticks else passed_s
        return self._reached_s + min(passed_s, most_s) * self.speed

    def monotonic_ns(self) -> int:
        """What a computer in this world stamps arrivals with."""
        return self._birth_ns + int(self.now_s() * 1e9)

    async def tick(self) -> None:
        """Let time pass, never more at once than the program can follow; until cancelled."""
        self._reach()
        self._ticks = True
        while True:
            await asyncio.sleep(TICK_S)
            self._reach()
            while self._due and self._due[0][0] <= self._reached_s:
                waiter = heapq.heappop(self._due)[-1]
                if not waiter.done():
                    waiter.set_result(None)

    def _reach(self) -> None:
        real_ns = time.monotonic_ns()
        self._reached_s, self._reached_ns = self._at(real_ns), real_ns

    async def until(self, world_s: float) -> None:
        """Sleep until ``world_s``; at least one turn of the loop."""
        if not self._ticks or world_s <= self.now_s():
            await asyncio.sleep(max(0.0, (world_s - self.now_s()) / self.speed))
            return
        waiter = asyncio.get_running_loop().create_future()
        heapq.heappush(self._due, (world_s, next(self._number), waiter))
        await waiter

    def expect(self, pod: object) -> None:
        """``pod`` takes part: wait for it to be started."""
        self._missing.add(id(pod))

    async def started(self, pod: object) -> None:
        """``pod`` was started; returns when the run has begun."""
        self._missing.discard(id(pod))
        if self._missing and not self.begun:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._begun.wait()
            except TimeoutError:
                self._missing.clear()
        if not self.begun:
            self.zero_s = self.now_s()
            self._begun.set()

    async def begin(self) -> None:
        """Wait for the run to begin."""
        await self._begun.wait()
