"""Messages of an Arrow IPC stream that prove themselves: each carries its length and checksum.

A segment of a journal is a plain Arrow IPC stream, which any Arrow program opens. Arrow itself
notices hardly any damage and cannot go on after it, so every message (the schema, and each
batch) holds, as a value of its metadata, one **token** of fixed width::

    gaitlab1:<offset>:<length>:<crc32>      three numbers of 8 hexadecimal digits

``offset`` is where the token lies in its message, ``length`` that of the whole message,
``crc32`` that of all its bytes with the token's numbers as zeros. So the checksum covers headers,
column bytes and padding alike, and a reader that has lost its way finds the next whole message by
looking for the next token: damage costs the messages that it lies in and nothing else. Ones of
our own around each batch would do the same, but then no other program could read the file.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

BLANK: Final = b"gaitlab1:00000000:00000000:00000000"
TOKEN: Final = re.compile(rb"gaitlab1:([0-9a-f]{8}):([0-9a-f]{8}):([0-9a-f]{8})")
END: Final = b"\xff\xff\xff\xff\x00\x00\x00\x00"  # of an Arrow stream that was closed


class Piece(NamedTuple):
    """A stretch of a segment: a message that proved itself, its end, or damage."""

    kind: str  # "message", "end" or "damage"
    start: int
    stop: int


def sealed(message: bytes) -> bytes:
    """An Arrow message with `BLANK` in its metadata, the numbers filled in."""
    at = message.index(BLANK)
    token = b"gaitlab1:%08x:%08x:%08x" % (at, len(message), zlib.crc32(message))
    return message[:at] + token + message[at + len(token) :]


def pieces(content: bytes) -> Iterator[Piece]:
    """Every byte of a segment, once, in order, as messages, ends and damage.

    Never raises, whatever the bytes; time grows with their number only.
    """
    done = search = 0
    while found := TOKEN.search(content, search):
        start, stop = _claimed(content, found)
        if start < done or not _proven(content, found, start, stop):
            search = found.end()
            continue
        yield from _between(content, done, start)
        yield Piece("message", start, stop)
        done = search = stop
    yield from _between(content, done, len(content))


def _claimed(content: bytes, found: re.Match[bytes]) -> tuple[int, int]:
    """Where the message of this token says that it begins and ends; an empty stretch if absurd."""
    offset, length = int(found[1], 16), int(found[2], 16)
    start = found.start() - offset
    whole = start >= 0 and offset + len(BLANK) <= length <= len(content) - start
    return (start, start + length) if whole else (-1, -1)


def _proven(content: bytes, found: re.Match[bytes], start: int, stop: int) -> bool:
    if start < 0:
        return False
    view = memoryview(content)
    crc32 = zlib.crc32(view[start : found.start()])
    crc32 = zlib.crc32(BLANK, crc32)
    return zlib.crc32(view[found.end() : stop], crc32) == int(found[3], 16)


def _between(content: bytes, start: int, stop: int) -> Iterator[Piece]:
    """What lies between two messages: nothing, the end of the stream, or damage."""
    if start == stop:
        return
    yield Piece("end" if content[start:stop] == END else "damage", start, stop)
