"""Pods over the air: find them, and keep one streaming for as long as a recording runs.

The only import of bleak in the product. A test radio is injected as a `Backend`.
The rules of the connection come from bleak's own examples and issue reports: scan once, one lock
around scan and connect, a fresh client for each connection, callbacks that only stamp, copy, queue.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gaitlab.model.errors import DeviceError
from gaitlab.pod import troubles
from gaitlab.pod.model import Advertisement, Notification, PodSettings
from gaitlab.pod.pace import USUAL, Pace
from gaitlab.pod.talk import Ear, SpeaksToPod, converse

if TYPE_CHECKING:
    from bleak import BleakClient
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

BATTERY_LEVEL: Final = "00002a19-0000-1000-8000-00805f9b34fb"
IDENTITY: Final = {
    "serial": "00002a25-0000-1000-8000-00805f9b34fb",
    "model": "00002a24-0000-1000-8000-00805f9b34fb",
    "firmware": "00002a26-0000-1000-8000-00805f9b34fb",
    "manufacturer": "00002a29-0000-1000-8000-00805f9b34fb",
}
GOODBYE_S: Final = 3.0  # at most this long for stopping a pod and hanging up


class Backend(NamedTuple):
    """A radio for tests and virtual pods: two classes made for bleak's ``backend=``."""

    scanner: type[Any]
    client: type[Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A pod that a scan has shown; ``device`` is bleak's handle on it."""

    advertisement: Advertisement
    device: "BLEDevice"

    @property
    def title(self) -> str:
        """Its name, or its address when it has none."""
        return self.advertisement.name or self.advertisement.address


async def scan(
    seconds: float,
    backend: Backend | None = None,
    *,
    enough: Callable[[Sequence[Found]], bool] | None = None,
) -> list[Found]:
    """The pods that advertise within ``seconds``, nearest first; ends early when ``enough`` says.

    Raises DeviceError without adapter, Bluetooth or permission.
    """
    seen: dict[str, Found] = {}
    done = asyncio.Event()

    def on_advertisement(device: "BLEDevice", data: "AdvertisementData") -> None:
        seen[device.address] = _merged(seen.get(device.address), device, data)
        if enough is not None and enough(list(seen.values())):
            done.set()

    with _named_troubles("", seconds):
        from bleak import BleakScanner

        async with BleakScanner(on_advertisement, backend=backend.scanner if backend else None):
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await done.wait()
    return sorted(seen.values(), key=lambda it: -(it.advertisement.rssi_dbm or -200))


def _merged(before: Found | None, device: "BLEDevice", data: "AdvertisementData") -> Found:
    """What is known of a pod once one more advertisement or scan response has come."""
    old = before.advertisement if before else Advertisement(device.address)
    services = dict.fromkeys((*old.services, *(uuid.lower() for uuid in data.service_uuids)))
    makers = dict.fromkeys((*old.manufacturers, *data.manufacturer_data))
    name = data.local_name or device.name or old.name
    return Found(
        Advertisement(device.address, name, tuple(services), tuple(makers), data.rssi), device
    )


class PodSession:
    """One pod, kept streaming until told to stop.

    Everything the pod says goes to ``on_data`` in the order of arrival, after the ``connected``
    event that tells how to decode it. Events are dicts with ``event`` and ``host_ns``: connected
    (settings, identity), disconnected (reason), battery (percent), waiting (attempt, reason).

    profile : how this kind of pod is spoken to
    address : of the pod on this computer; ``found`` saves the first search
    connect_lock : one for all sessions of an adapter, which can only do one thing at a time
    clock_ns : the monotonic clock that stamps arrivals
    """

    def __init__(  # noqa: PLR0913  # one for each thing a command or a test may choose
        self,
        profile: SpeaksToPod,
        address: str,
        *,
        on_data: Callable[[Notification], None],
        on_event: Callable[[dict[str, Any]], None],
        found: Found | None = None,
        backend: Backend | None = None,
        connect_lock: asyncio.Lock | None = None,
        rate_hz: float | None = None,
        clock_ns: Callable[[], int] = time.monotonic_ns,
        pace: Pace = USUAL,
    ) -> None:
        self.profile, self.address, self.rate_hz = profile, address, rate_hz
        self.found = found
        self._on_data, self._on_event = on_data, on_event
        self._backend, self._pace, self._clock_ns = backend, pace, clock_ns
        self._lock = connect_lock or asyncio.Lock()
        self._arrived: deque[Notification] = deque()
        self._wake = asyncio.Event()
        self._ever = False
        self._who: dict[str, Any] = {}
        self.title = found.title if found else address

    async def run(self, stop: asyncio.Event) -> None:
        """Stream until ``stop`` is set, through any number of lost connections.

        Raises DeviceError only when the pod was never reached; after that it never gives up.
        Whatever has arrived is handed on, also when this task is cancelled.
        """
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._wake.set())
        failures = 0
        try:
            while not stop.is_set():
                try:
                    await self._connection(stopping)
                    failures = 0
                except DeviceError as trouble:
                    failures += 1
                    if self._hopeless(trouble, failures):
                        raise
                    self._tell("waiting", reason=trouble.what, why=trouble.why, attempt=failures)
                    if failures > 1 or isinstance(trouble, troubles.PodNotFoundError):
                        self.found = None  # gone from the system's cache: search again
                await asyncio.wait({stopping}, timeout=self._pace.wait_s(failures))
        finally:
            stopping.cancel()
            self._hand_on()

    def _hopeless(self, trouble: DeviceError, failures: int) -> bool:
        """True for what the user must see to before this pod can ever work."""
        if self._ever:
            return False
        if isinstance(trouble, troubles.PodNotFoundError) and self.found is not None:
            return False  # an old scan; a new one decides
        busy = isinstance(trouble, troubles.PodBusyError)
        return not busy or failures >= self._pace.first_attempts

    def _tell(self, event: str, **facts: Any) -> None:  # noqa: ANN401  # plain JSON values
        self._on_event({"event": event, "host_ns": self._clock_ns(), **facts})

    def _hand_on(self) -> None:
        """Hand everything that has arrived to the consumer; no await, so nothing gets between."""
        while self._arrived:
            self._on_data(self._arrived.popleft())

    async def _connection(self, stopping: "asyncio.Task[Any]") -> None:
        """One connection from connecting to the end; raises DeviceError when it is not made."""
        link = _Link()
        opening = asyncio.create_task(self._open(link))
        try:
            await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if opening.done():
                await self._use(link, *opening.result(), stopping)
        finally:
            if not opening.done():
                opening.cancel()
                await asyncio.gather(opening, return_exceptions=True)
            await self._goodbye(link)

    async def _use(
        self,
        link: "_Link",
        settings: PodSettings,
        identity: dict[str, Any],
        stopping: "asyncio.Task[Any]",
    ) -> None:
        """Stream over a connection that is made, and end it."""
        self._ever = True
        self._tell("connected", settings=asdict(settings), identity=identity)
        reason = "interrupted"
        try:
            reason = await self._stream(link, stopping)
        finally:
            self._hand_on()
            try:
                await self._goodbye(link)
            finally:
                self._hand_on()
                self._tell("disconnected", reason=reason)

    async def _open(self, link: "_Link") -> tuple[PodSettings, dict[str, Any]]:
        """Find, connect, check, identify, subscribe, configure; hangs up when any of it fails."""
        try:
            self._arrived.clear()  # what came before any settings were agreed says nothing
            with _named_troubles(self.title, self._pace.find_s):
                async with self._lock:
                    await self._connect(link)
                client = link.client
                assert_offers(client, self.profile, self.title)
                identity = await self._identity(client)
                await self._subscribe(link)
                conversation = self.profile.start(self.rate_hz)
                return await converse(conversation, client, link.ear), identity
        except BaseException:
            await self._goodbye(link)
            raise

    async def _connect(self, link: "_Link") -> None:
        """Connect a fresh client; the lock is held."""
        from bleak import BleakClient

        if self.found is None:
            self.found = await self._find()

        def on_disconnect(_: "BleakClient") -> None:
            link.ear.hang_up()
            self._wake.set()

        limit_s = self._pace.connect_s
        backend = self._backend.client if self._backend else None
        client = BleakClient(self.found.device, on_disconnect, timeout=limit_s, backend=backend)
        link.client_or_none = client
        async with asyncio.timeout(1.5 * limit_s):  # bleak's own limit does not cover everything
            await client.connect()

    async def _find(self) -> Found:
        seconds = self._pace.find_again_s if self._ever else self._pace.find_s
        wanted = self.address.upper()

        def shown(seen: Sequence[Found]) -> list[Found]:
            return [it for it in seen if it.advertisement.address.upper() == wanted]

        found = shown(await scan(seconds, self._backend, enough=lambda seen: bool(shown(seen))))
        if not found:
            raise troubles.pod_not_found(self.title, seconds)
        self.title = found[0].title
        return found[0]

    async def _subscribe(self, link: "_Link") -> None:
        """To what the profile needs, and to what it likes to have when the pod gives it."""
        client = link.client
        for uuid in self.profile.notify:
            await client.start_notify(uuid, self._listener(link, uuid))
        for uuid in set(self.profile.notify_if_there) - set(self.profile.notify):
            if client.services.get_characteristic(uuid) is not None:
                with suppress(*_link_failures()):  # it may want pairing, or not notify at all
                    await client.start_notify(uuid, self._listener(link, uuid))

    async def _identity(self, client: "BleakClient") -> dict[str, Any]:
        """Who the pod says it is, None where it does not; asked once, to keep gaps short."""
        if self._who:
            return self._who
        advertisement = self.found.advertisement if self.found else Advertisement(self.address)
        facts: dict[str, Any] = {
            "name": advertisement.name,
            "address": self.address,
            "profile": self.profile.name,
            "rssi_dbm": advertisement.rssi_dbm,
        }
        for name, uuid in IDENTITY.items():
            payload = await _read(client, uuid)
            text = bytes(payload or b"").decode("utf-8", "replace").strip("\0 ")
            facts[name] = text or None
        level = await _read(client, BATTERY_LEVEL)
        facts["battery_percent"] = level[0] if level else None
        self._who = facts
        return facts

    def _listener(self, link: "_Link", uuid: str) -> Callable[[object, bytearray], None]:
        def on_notification(_: object, data: bytearray) -> None:
            said = Notification(self._clock_ns(), uuid, bytes(data))
            self._arrived.append(said)
            link.ear.hear(said)
            self._wake.set()

        return on_notification

    async def _stream(self, link: "_Link", stopping: "asyncio.Task[Any]") -> str:
        """Hand on what arrives until the end of the connection; returns the reason of the end."""
        battery = asyncio.create_task(self._watch_battery(link.client))
        try:
            while not stopping.done():
                self._wake.clear()
                self._hand_on()
                if link.ear.lost:
                    return "connection lost"
                try:
                    async with asyncio.timeout(self._pace.silence_s):
                        await self._wake.wait()
                except TimeoutError:
                    return f"silent for {self._pace.silence_s:g} s"
            return "stopped"
        finally:
            battery.cancel()

    async def _watch_battery(self, client: "BleakClient") -> None:
        while True:
            await asyncio.sleep(self._pace.battery_every_s)
            level = await _read(client, BATTERY_LEVEL)
            if level:
                self._tell("battery", percent=level[0])

    async def _goodbye(self, link: "_Link") -> None:
        """Tell the pod to stop, if it still listens, and hang up; never for long, never fails."""
        client, link.client_or_none = link.client_or_none, None
        if client is None:
            return
        for farewell in (self._stop_pod(client), client.disconnect()):
            with suppress(*_link_failures()):
                async with asyncio.timeout(GOODBYE_S):
                    await farewell

    async def _stop_pod(self, client: "BleakClient") -> None:
        for write in self.profile.stop() if client.is_connected else ():
            await client.write_gatt_char(
                write.characteristic, write.payload, response=write.response
            )


class _Link:
    """What belongs to one connection."""

    def __init__(self) -> None:
        self.client_or_none: BleakClient | None = None
        self.ear = Ear()

    @property
    def client(self) -> "BleakClient":
        if self.client_or_none is None:
            raise RuntimeError("no client yet")
        return self.client_or_none


def assert_offers(client: "BleakClient", profile: SpeaksToPod, pod: str) -> None:
    """Raise DeviceError when the pod lacks what its profile listens to (the battery aside)."""
    needed = [uuid for uuid in profile.notify if uuid != BATTERY_LEVEL]
    missing = [uuid for uuid in needed if client.services.get_characteristic(uuid) is None]
    if missing:
        raise troubles.wrong_pod(pod, profile.title, missing)


async def _read(client: "BleakClient", uuid: str) -> bytes | None:
    """What the pod answers; None when it does not have or give it."""
    with suppress(*_link_failures()):
        if client.is_connected and client.services.get_characteristic(uuid) is not None:
            async with asyncio.timeout(GOODBYE_S):
                return bytes(await client.read_gatt_char(uuid))
    return None


def _link_failures() -> tuple[type[Exception], ...]:
    """What bleak and the systems below it raise when a connection or adapter fails."""
    from bleak.exc import BleakError

    return BleakError, OSError, TimeoutError, EOFError


@contextmanager
def _named_troubles(pod: str, seconds: float) -> Iterator[None]:
    """Turn what bleak raises into our errors; ``pod`` is empty while nothing is connected."""
    try:
        failures = _link_failures()
    except ImportError as error:
        raise troubles.package_problem(f"the package bleak cannot be used: {error}") from error
    try:
        yield
    except failures as error:
        raise troubles.named(error, pod, seconds) from error
