"""The conversation after connecting: a profile asks, the radio does, the pod answers."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from gaitlab.pod.model import Conversation, Expect, Notification, PodSettings, Read, Request, Write


class SpeaksToPod(Protocol):
    """What a session needs to know about a kind of pod; `gaitlab.pod.profiles` has them."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def notify(self) -> Sequence[str]: ...
    @property
    def notify_if_there(self) -> Sequence[str]: ...
    @property
    def start(self) -> Callable[[float | None], Conversation]: ...
    @property
    def stop(self) -> Callable[[], Sequence[Write]]: ...


class Client(Protocol):
    """What a conversation needs of a connected client; bleak's has it."""

    async def write_gatt_char(
        self, char_specifier: str, data: bytes, response: bool | None = None
    ) -> None: ...

    async def read_gatt_char(self, char_specifier: str) -> bytearray: ...


class Ear:
    """What the pod has said since the last write, for those who expect an answer."""

    def __init__(self) -> None:
        self.lost = False
        self._open = True
        self._heard: list[Notification] = []
        self._news = asyncio.Event()

    def hear(self, said: Notification) -> None:
        """Take note; nothing is kept once the conversation is over."""
        if self._open:
            self._heard.append(said)
            self._news.set()

    def hang_up(self) -> None:
        """The connection is lost; nobody needs to wait any longer."""
        self.lost = True
        self._news.set()

    def forget(self) -> None:
        """From now on only new notifications count."""
        self._heard.clear()

    def close(self) -> None:
        """The conversation is over."""
        self._open = False
        self._heard.clear()

    async def answer(self, expected: Expect) -> bytes | None:
        """The first notification that fits, each given out once; None when none comes in time.

        Raises ConnectionResetError when the connection is lost meanwhile.
        """
        try:
            async with asyncio.timeout(expected.timeout_s):
                while True:
                    self._news.clear()
                    if (found := self._take(expected)) is not None:
                        return found
                    if self.lost:
                        raise ConnectionResetError("connection lost while the pod was set up")
                    await self._news.wait()
        except TimeoutError:
            return None

    def _take(self, expected: Expect) -> bytes | None:
        uuid = expected.characteristic.lower()
        for said in self._heard:
            if said.characteristic == uuid and said.payload.startswith(expected.prefix):
                self._heard.remove(said)
                return said.payload
        return None


async def converse(conversation: Conversation, client: Client, ear: Ear) -> PodSettings:
    """Carry out what ``conversation`` requests, and return the settings it ends with."""
    answer: bytes | None = None
    try:
        while True:
            try:
                request = conversation.send(answer)
            except StopIteration as end:
                settings: PodSettings = end.value
                return settings
            answer = await _carry_out(request, client, ear)
    finally:
        ear.close()
        conversation.close()


async def _carry_out(request: Request, client: Client, ear: Ear) -> bytes | None:
    match request:
        case Write():
            ear.forget()
            await client.write_gatt_char(
                request.characteristic, request.payload, response=request.response
            )
            return None
        case Read():
            return bytes(await client.read_gatt_char(request.characteristic))
        case Expect():
            return await ear.answer(request)
