"""Asking on a terminal which pod sits on which foot, where nobody has said so before."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from gaitlab.cli import common
from gaitlab.model.recording import Foot

if TYPE_CHECKING:
    from gaitlab.pod.radio import Found

Ask = Callable[[str], Awaitable[str]]
SHOES: tuple[Foot, ...] = ("left", "right")


def somebody_is_there() -> bool:
    """Whether a question would be seen and could be answered."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


async def asked_sides(here: "Sequence[Found]", ask: Ask) -> dict[Foot, str]:
    """The address of the pod on each shoe, as the user answers; none that was left empty."""
    say = common.messages().print
    say("Which pod sits on which shoe? It is asked only once. Nearest first:")
    for number, pod in enumerate(here, 1):
        signal = pod.advertisement.rssi_dbm
        near = "" if signal is None else f"  {signal} dBm"
        say(f"  {number}  {pod.title}  {pod.advertisement.address}{near}", soft_wrap=True)
    left_over = dict(enumerate(here, 1))
    sides: dict[Foot, str] = {}
    for shoe in SHOES:
        if shoe == "right" and sides and len(left_over) == 1:
            number = next(iter(left_over))
            say(f"{shoe} shoe: {left_over[number].title}")
        else:
            number = await _number(shoe, left_over, ask)
        if number:
            sides[shoe] = left_over.pop(number).advertisement.address
    return sides


async def _number(shoe: Foot, of: "dict[int, Found]", ask: Ask) -> int:
    """One of the numbers, 0 for none; asks again until the answer is one."""
    if not of:
        return 0
    numbers = ", ".join(map(str, of))
    while True:
        answer = (await ask(f"{shoe} shoe, number ({numbers}; Enter for none): ")).strip()
        if not answer:
            return 0
        with suppress(ValueError):
            if (number := int(answer)) in of:
                return number
        common.messages().print(f"{common.printable(answer)} is none of them")


async def line_of_terminal(question: str) -> str:
    """What is typed in answer, empty at its end; can be cancelled at any moment."""
    common.messages().print(question, end="")
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str] = loop.create_future()

    def take(line: str) -> None:
        if not typed.done():
            typed.set_result(line)

    try:
        loop.add_reader(sys.stdin.fileno(), lambda: take(sys.stdin.readline()))
    except (NotImplementedError, OSError):  # Windows
        _in_a_thread(loop, take)
        return await typed
    try:
        return await typed
    finally:
        loop.remove_reader(sys.stdin.fileno())


def _in_a_thread(loop: asyncio.AbstractEventLoop, take: Callable[[str], None]) -> None:
    def read() -> None:
        line = sys.stdin.readline()
        with suppress(RuntimeError):  # it is over
            loop.call_soon_threadsafe(take, line)

    Thread(target=read, daemon=True).start()
