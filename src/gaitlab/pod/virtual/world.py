"""The time in which virtual pods live: it may run faster than the real one."""

import asyncio
import time

PATIENCE_S = 5.0  # real seconds that started pods wait for those that nobody starts


class World:
    """One clock for a computer and its virtual pods, and the instant at which the run begins.

    The run begins when every pod has been started, so that both feet are there from its first
    step; pods that nobody starts are not waited for much longer.

    speed : world seconds in a real one
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.zero_s = 0.0
        self._birth_ns = time.monotonic_ns()
        self._missing: set[int] = set()
        self._begun = asyncio.Event()

    @property
    def begun(self) -> bool:
        """True once the run goes on."""
        return self._begun.is_set()

    def now_s(self) -> float:
        """World seconds since this world came to be."""
        return (time.monotonic_ns() - self._birth_ns) * 1e-9 * self.speed

    def monotonic_ns(self) -> int:
        """What a computer in this world stamps arrivals with."""
        return self._birth_ns + int((time.monotonic_ns() - self._birth_ns) * self.speed)

    async def until(self, world_s: float) -> None:
        """Sleep until ``world_s``; at least one turn of the loop."""
        await asyncio.sleep(max(0.0, (world_s - self.now_s()) / self.speed))

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
