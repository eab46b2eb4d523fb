"""A foot pod made of software: GATT server, advertising, own clock, and the faults of real ones."""

import asyncio
import math
import random
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from bumble import core
from bumble.att import ATT_Error, ErrorCode
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.profiles.battery_service import BatteryService
from bumble.profiles.device_information_service import DeviceInformationService

from gaitlab.model.recording import Foot, FootStream
from gaitlab.model.units import Ints
from gaitlab.pod.virtual.kinds import PROTOCOLS
from gaitlab.pod.virtual.protocol import Chunk, PodProtocol, Port, Reaction, RefusedError
from gaitlab.pod.virtual.samples import counts_at
from gaitlab.pod.virtual.world import World

SIG_BASE: Final = "-0000-1000-8000-00805f9b34fb"
ADVERTISED_BYTES: Final = 31
FULL_QUEUE: Final = 48  # packets in the controller before the pod waits

Fate = Literal["sent", "repeated", "lost"]


@dataclass(frozen=True, slots=True)
class Cut:
    """A connection that breaks ``at_s`` into the run, the pod then silent for ``away_s``."""

    at_s: float
    away_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong; shares are of packets, times in world seconds.

    loss, repeat : never sent; sent twice
    delay, delay_s : held back for so long, together with all that follow
    cuts : broken connections
    drift_ppm : how much the pod's clock runs fast
    """

    loss: float = 0.0
    repeat: float = 0.0
    delay: float = 0.0
    delay_s: float = 0.2
    cuts: tuple[Cut, ...] = ()
    drift_ppm: float = 0.0
    seed: int = 0


@dataclass(slots=True)
class SentLog:
    """What became of every packet that fell due while somebody listened."""

    per_packet: int
    numbers: list[int] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)

    def note(self, number: int, fate: Fate, connection: int) -> None:
        self.numbers.append(number)
        self.fates.append(fate)
        self.connections.append(connection)

    def packets(self, *fates: Fate, connection: int | None = None) -> Ints:
        """Numbers of the packets with one of ``fates``, in order."""
        chosen = [
            number
            for number, fate, made in zip(self.numbers, self.fates, self.connections, strict=True)
            if fate in fates and connection in (None, made)
        ]
        return np.array(chosen, np.int64)

    def samples(self, *fates: Fate, connection: int | None = None) -> Ints:
        """Indices of the samples in those packets: row 0 is the first of the run."""
        first = self.packets(*fates, connection=connection)[:, None] * self.per_packet
        return np.asarray((first + np.arange(self.per_packet)).ravel())

    @property
    def delivered(self) -> Ints:
        """Samples that were put on the air at least once."""
        return self.samples("sent", "repeated")


class VirtualPod:
    """One pod on one shoe, speaking ``protocol``, that feels what ``foot`` once felt.

    Its clock starts at power-on and goes on while nobody is connected; samples that fall due then
    are gone, as on a real pod. ``log`` tells what was sent, ``counts`` what the samples were.

    origin_s : the instant of ``foot``'s clock at which the run begins; its first sample by default
    endless : begin again at the end, for demonstrations
    """

    def __init__(
        self,
        foot: FootStream,
        *,
        protocol: str = "generic",
        serial: str = "V0001",
        rate_hz: float | None = None,
        faults: Faults = Faults(),
        origin_s: float | None = None,
        endless: bool = False,
    ) -> None:
        self.stream, self.serial, self.faults, self.endless = foot, serial, faults, endless
        self.protocol: PodProtocol = PROTOCOLS[protocol]()
        self.name = self.protocol.local_name(serial)
        self.address = _address(serial)
        self.battery_percent = 87
        self.written: list[tuple[str, bytes]] = []
        self.log = SentLog(self.protocol.per_packet)
        self.finished = asyncio.Event()
        self.n_connections = 0
        self._lead_s = 0.0 if origin_s is None else float(foot.time_s[0]) - origin_s
        self._pace = 1.0 + faults.drift_ppm * 1e-6
        self._tick0_s = random.Random(serial).uniform(0.0, 2.0**17)
        self._air, self._showing = asyncio.Lock(), asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._streaming: asyncio.Task[None] | None = None
        self._connection: Connection | None = None
        self._away_s, self._off = 0.0, False
        self._ports: dict[str, Characteristic[bytes]] = {}
        self.rate_hz = rate_hz or self.protocol.rate_hz
        self.counts = self._felt()

    @property
    def side(self) -> Foot:
        """The foot whose recording it plays."""
        return self.stream.foot

    @property
    def is_connected(self) -> bool:
        """True while a computer is connected."""
        return self._connection is not None

    def _felt(self) -> Ints:
        """All samples of the run, (n, 6) counts, as this pod's own clock takes them."""
        times_s = self.stream.time_s
        lasts_s = float(times_s[-1] - times_s[0]) * self._pace
        at_s = np.arange(math.floor(lasts_s * self.rate_hz + 1e-6) + 1) / self.rate_hz
        return counts_at(self.stream, times_s[0] + at_s / self._pace, self.protocol.scale)

    # --- switching on and off ------------------------------------------------------------------

    async def power_on(self, source: Any, sink: Any, world: World) -> None:  # noqa: ANN401  # any HCI
        """Advertise on a controller; the HCI may be virtual, a pipe or a real dongle."""
        self._world = world
        world.expect(self)
        settings = DeviceConfiguration(
            name=self.name,
            address=Address(self.address),
            advertising_interval_min=50,
            advertising_interval_max=50,
        )
        self._device = Device.from_config_with_hci(settings, source, sink)
        self._device.add_services(self._services())
        self._device.advertising_data, self._device.scan_response_data = self._advertising()
        self._device.on("connection", self._on_connection)
        await self._device.power_on()
        self._do(self._advertise())
        for cut in self.faults.cuts:
            self._do(self._cut(cut))

    async def power_off(self) -> None:
        """Silent at once, whatever was going on."""
        self._off = True
        tasks = [*self._tasks, *([self._streaming] if self._streaming else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._connection is not None:
            await self._hang_up(self._connection)
        with suppress(core.BaseBumbleError, KeyError):  # KeyError: it was interrupted before
            await self._device.stop_advertising()
        await self._device.power_off()

    def _do(self, work: Any) -> None:  # noqa: ANN401  # a coroutine
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _services(self) -> list[Service]:
        own = [
            Service(_uuid(uuid), [self._characteristic(port) for port in ports])
            for uuid, ports in self.protocol.services
        ]
        about = DeviceInformationService(
            manufacturer_name="gaitlab",
            model_number=f"virtual {self.protocol.name}",
            serial_number=self.serial,
            firmware_revision="1.0",
        )
        return [*own, BatteryService(lambda _: self.battery_percent), about]

    def _characteristic(self, port: Port) -> "Characteristic[bytes]":
        def read(_: Connection) -> bytes:
            return port.value

        def write(_: Connection, value: bytes) -> None:
            self._on_write(port.uuid, bytes(value))

        may, need = Characteristic.Properties(0), Characteristic.Permissions(0)
        for word in port.can:
            may |= Characteristic.Properties.from_string(word.replace("-", "_").upper())
        if "read" in port.can:
            need |= Characteristic.Permissions.READABLE
        if any(word.startswith("write") for word in port.can):
            need |= Characteristic.Permissions.WRITEABLE
        value = CharacteristicValue(read=read, write=write)
        made: Characteristic[bytes] = Characteristic(_uuid(port.uuid), may, need, value)
        if self.protocol.streams_unasked and "notify" in port.can:
            made.on(made.EVENT_SUBSCRIPTION, self._on_subscription)
        self._ports[port.uuid] = made
        return made

    def _advertising(self) -> tuple[bytes, bytes]:
        """Advertisement and scan response; the name moves to the second when it does not fit."""
        uuid = _uuid(self.protocol.advertised)
        kind = (
            AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
            if len(uuid.to_bytes()) == 2
            else AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
        )
        name = (AdvertisingData.COMPLETE_LOCAL_NAME, self.name.encode())
        head = [(AdvertisingData.FLAGS, b"\x06"), (kind, uuid.to_bytes())]
        whole = bytes(AdvertisingData([*head, name]))
        if len(whole) <= ADVERTISED_BYTES:
            return whole, b""
        return bytes(AdvertisingData(head)), bytes(AdvertisingData([name]))

    # --- connections ---------------------------------------------------------------------------

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        self.n_connections += 1
        connection.on("disconnection", self._on_disconnection)

    def _on_disconnection(self, _: int) -> None:
        self._connection = None
        self._stop_streaming()
        if not self._off:
            self._do(self._advertise())

    async def _advertise(self) -> None:
        """Show itself, once it is back from being away."""
        away_s, self._away_s = self._away_s, 0.0
        if away_s:
            await self._world.until(self._world.now_s() + away_s)
        async with self._showing:
            if self._connection is None:
                await self._device.start_advertising()

    async def _cut(self, cut: Cut) -> None:
        """Break the connection; what is on its way still arrives, so that the log is exact."""
        await self._world.begin()
        await self._world.until(self._world.zero_s + cut.at_s)
        async with self._air:
            if self._connection is not None:
                self._away_s = cut.away_s
                queue = self._device.host.le_acl_packet_queue
                if queue is not None:
                    await queue.drain(self._connection.handle)
                await self._hang_up(self._connection)

    async def _hang_up(self, connection: Connection) -> None:
        with suppress(core.BaseBumbleError, asyncio.CancelledError):
            await connection.disconnect()

    def _on_subscription(self, _: Connection, wanted: bool, __: bool) -> None:
        self._do(self._react(Reaction(streaming=wanted)))

    def _on_write(self, uuid: str, payload: bytes) -> None:
        self.written.append((uuid, payload))
        try:
            reaction = self.protocol.react(uuid, payload)
        except RefusedError as refusal:
            raise ATT_Error(ErrorCode.VALUE_NOT_ALLOWED) from refusal
        self._do(self._react(reaction))

    async def _react(self, reaction: Reaction) -> None:
        await self._send(reaction.answers)
        if reaction.rate_hz and reaction.rate_hz != self.rate_hz:
            self.rate_hz = reaction.rate_hz
            self.counts = self._felt()
        if reaction.streaming is False:
            self._stop_streaming()
        elif reaction.streaming and self._streaming is None and self._connection is not None:
            self._streaming = asyncio.create_task(self._stream(self._connection))

    def _stop_streaming(self) -> None:
        if self._streaming is not None:
            self._streaming.cancel()
            self._streaming = None

    # --- samples -------------------------------------------------------------------------------

    async def _stream(self, connection: Connection) -> None:
        """Packets as their samples fall due, until the end of the run or of the connection."""
        from_the_start = not self._world.begun
        await self._world.started(self)
        per, total = self.protocol.per_packet, len(self.counts)
        zero_s = (self._world.zero_s + self._lead_s) * self._pace  # by the pod's own clock
        since_s = self._world.now_s() * self._pace - zero_s
        number = 0 if from_the_start else max(0, math.ceil(since_s * self.rate_hz / per))
        while self._connection is connection and (self.endless or (number + 1) * per <= total):
            first = number * per
            begin_s = zero_s + first / self.rate_hz
            await self._world.until((begin_s + per / self.rate_hz) / self._pace)
            clock_s = self._tick0_s + begin_s
            last_s = clock_s + (per - 1) / self.rate_hz
            rows = (first + np.arange(per)) % total
            chunk = Chunk(number, first, (clock_s, last_s), self.counts[rows])
            await self._emit(chunk, connection)
            number += 1
        self.finished.set()

    async def _emit(self, chunk: Chunk, connection: Connection) -> None:
        """One packet, or what its fate makes of it; the same packet always has the same fate."""
        dice = random.Random(f"{self.faults.seed}/{self.serial}/{chunk.number}")
        lost = dice.random() < self.faults.loss
        twice = dice.random() < self.faults.repeat
        if dice.random() < self.faults.delay:
            await self._world.until(self._world.now_s() + self.faults.delay_s)
        queue = self._device.host.le_acl_packet_queue
        if queue is not None and queue.pending > FULL_QUEUE:
            await queue.drain(connection.handle)
        async with self._air:
            if self._connection is not connection:
                return
            fate: Fate = "lost" if lost else "repeated" if twice else "sent"
            self.log.note(chunk.number, fate, self.n_connections)
            for _ in range({"lost": 0, "sent": 1, "repeated": 2}[fate]):
                await self._send(self.protocol.packet(chunk))

    async def _send(self, notifications: Any) -> None:  # noqa: ANN401  # (characteristic, bytes)
        for uuid, payload in notifications:
            connection = self._connection
            if connection is None:
                return
            if len(payload) > connection.att_mtu - 3:
                raise ValueError(
                    f"a packet of {len(payload)} bytes does not fit into {connection.att_mtu - 3}"
                )
            port = self._ports[uuid]
            if port.properties & Characteristic.Properties.INDICATE:
                await self._device.indicate_subscriber(connection, port, payload)
            else:
                await self._device.notify_subscriber(connection, port, payload)


def _address(serial: str) -> str:
    """A static random address, the same for the same serial number."""
    raw = zlib.crc32(serial.encode()).to_bytes(4, "big")
    return ":".join(f"{byte:02X}" for byte in (0xE6, 0xA1, *raw))


def _uuid(text: str) -> UUID:
    """Short where the Bluetooth SIG assigned it, else as it is."""
    if text.endswith(SIG_BASE) and text.startswith("0000"):
        return UUID.from_16_bits(int(text[4:8], 16))
    return UUID(text)
