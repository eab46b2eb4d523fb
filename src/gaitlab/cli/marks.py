"""Marks while a recording runs: a key on a terminal, a line from a program."""

import asyncio
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

KEYS: Final = " m"
COUNTED: Final = ("sprint", "fly", "hop", "pogo", "bound", "run", "tempo", "rep", "set")

SetMark = Callable[[str, float | None], None]


@contextmanager
def listening(set_mark: SetMark, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Call ``set_mark`` on ``loop`` for each key (space, m) or line; leaves the terminal as it was.

    A thread reads, because standard input can be a file, a pipe or a terminal.
    """

    def mark(label: str = "", distance_m: float | None = None) -> None:
        with suppress(RuntimeError):  # the recording is over
            loop.call_soon_threadsafe(set_mark, label, distance_m)

    if sys.stdin is None or sys.stdin.closed:
        yield
        return
    with _single_keys() as by_key:
        reader = _keys if by_key else _lines
        threading.Thread(target=reader, args=(mark,), daemon=True).start()
        yield


@contextmanager
def _single_keys() -> Iterator[bool]:
    """Let a terminal give every key at once; False where that is not possible."""
    try:
        import termios
        import tty

        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
    except (ImportError, OSError, ValueError):  # Windows, or no terminal
        yield False
        return
    except termios.error:
        yield False
        return
    tty.setcbreak(number)
    try:
        yield True
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


def _keys(mark: Callable[..., None]) -> None:
    with suppress(OSError, ValueError):
        while key := sys.stdin.read(1):
            if key in KEYS:
                mark()


def _lines(mark: Callable[..., None]) -> None:
    with suppress(OSError, ValueError):
        for line in sys.stdin:
            mark(*parsed(line))


def named(set_mark: SetMark, names: Sequence[str]) -> SetMark:
    """``set_mark`` that calls marks without a label by ``names``, in their order."""
    waiting = deque(map(parsed, names))

    def mark(label: str = "", distance_m: float | None = None) -> None:
        set_mark(*(waiting.popleft() if waiting and not label else (label, distance_m)))

    return mark


def parsed(line: str) -> tuple[str, float | None]:
    """Label and distance of a line: words, and a number of metres at its end.

    A number behind the name of a repetition counts repetitions, unless it says m.

    >>> parsed("mark gate 30"), parsed("gate 30 m"), parsed("finish"), parsed("sprint 2")
    (('gate', 30.0), ('gate', 30.0), ('finish', None), ('sprint 2', None))
    """
    words = line.split()
    if words and words[0] == "mark":
        words = words[1:]
    metres = bool(words) and words[-1][-1] == "m" and words[-1][:-1].replace(".", "").isdigit()
    if len(words) > 2 and words[-1] == "m":
        words, metres = words[:-1], True
    counts = bool(words) and words[0].lower().removesuffix("s") in COUNTED and not metres
    if len(words) > 1 and not counts:
        with suppress(ValueError):
            return " ".join(words[:-1]), float(words[-1].removesuffix("m"))
    return " ".join(words), None
