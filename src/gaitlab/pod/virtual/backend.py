"""A radio for bleak on top of bumble: the two classes that bleak's ``backend=`` takes.

Everything between bleak and the pod is real (HCI, L2CAP, ATT, GATT, MTU, subscriptions,
disconnections); only the air is not. Errors are bleak's own, as the real backends raise them.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, ClassVar, Final, TypeVar

from bleak import BleakScanner
from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import core
from bumble.att import ATT_Error
from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt import Characteristic

from gaitlab.pod.radio import Backend

_Answer = TypeVar("_Answer")
MTU: Final = 247
SERVICE_LISTS: Final = (
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)
_MAY = Characteristic.Properties
PROPERTIES: Final[tuple[tuple[Any, Any], ...]] = (
    (_MAY.READ, "read"),
    (_MAY.WRITE_WITHOUT_RESPONSE, "write-without-response"),
    (_MAY.WRITE, "write"),
    (_MAY.NOTIFY, "notify"),
    (_MAY.INDICATE, "indicate"),
)
CONNECT_FAILURES: Final = (
    core.TimeoutError,
    TimeoutError,
    core.CommandTimeoutError,
    core.ConnectionError,
    core.ProtocolError,
)


def make_backend(adapter: Device) -> Backend:
    """The two classes bound to one bumble device that is powered on."""
    lock = asyncio.Lock()  # an HCI controller makes one connection at a time

    class Scanner(VirtualScanner):
        device = adapter

    class Client(VirtualClient):
        device, scanner, connecting = adapter, Scanner, lock

    return Backend(Scanner, Client)


def long_uuid(uuid: UUID) -> str:
    """The 128-bit form that bleak uses, lower case."""
    text = uuid.to_bytes(force_128=True)[::-1].hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class VirtualScanner(BaseBleakScanner):
    """Advertisements that a bumble device hears."""

    device: ClassVar[Device]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        *_: object,
        **__: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._parts: dict[str, dict[bool, AdvertisingData]] = {}

    async def start(self) -> None:
        self.seen_devices, self._parts = {}, {}
        self.device.on("advertisement", self._on_advertisement)
        if not self.device.is_scanning:
            await self.device.start_scanning(active=True)

    async def stop(self) -> None:
        self.device.remove_listener("advertisement", self._on_advertisement)
        if self.device.is_scanning and not self.device.listeners("advertisement"):
            await self.device.stop_scanning()

    def _on_advertisement(self, heard: Advertisement) -> None:
        address = str(heard.address).split("/")[0].upper()
        parts = self._parts.setdefault(address, {})  # the advertisement and its scan response
        parts[heard.is_scan_response] = heard.data
        name, services, makers = None, dict[str, None](), dict[int, bytes]()
        for part in parts.values():
            for kind in SERVICE_LISTS:
                services.update(
                    (long_uuid(uuid), None) for group in part.get_all(kind) for uuid in group
                )
            for company, content in part.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA):
                makers[int(company)] = bytes(content)
            name = part.get(AdvertisingData.COMPLETE_LOCAL_NAME) or name
        data = AdvertisementData(name, makers, {}, list(services), None, heard.rssi, (heard,))
        device = self.create_or_update_device(address, address, name, heard.address, data)
        if self.is_allowed_uuid(data.service_uuids):
            self.call_detection_callbacks(device, data)


class VirtualClient(BaseBleakClient):
    """One connection of a bumble device to a GATT server."""

    device: ClassVar[Device]
    scanner: ClassVar[type[VirtualScanner]]
    connecting: ClassVar[asyncio.Lock]

    def __init__(self, address_or_ble_device: BLEDevice | str, **options: Any) -> None:  # noqa: ANN401  # bleak's
        super().__init__(address_or_ble_device, **options)
        known = address_or_ble_device
        self._target: Any = known.details if isinstance(known, BLEDevice) else None
        self._connection: Connection | None = None
        self._peer: Peer | None = None

    @property
    def name(self) -> str:
        return self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **_: object) -> None:
        if self._target is None:
            found = await BleakScanner.find_device_by_address(
                self.address, self._timeout, backend=self.scanner
            )
            if found is None:
                raise BleakDeviceNotFoundError(self.address)
            self._target = found.details
        try:
            async with self.connecting:
                connection = await self._connected()
        except CONNECT_FAILURES as error:
            raise BleakError(f"connection failed: {error or type(error).__name__}") from error
        self._connection = connection
        connection.on("disconnection", self._on_disconnection)
        try:
            self._peer = Peer(connection)
            self.services = await connection.cancel_on_disconnection(self._discover(self._peer))
        except CONNECT_FAILURES as error:
            await self.disconnect()
            raise BleakError(f"discovery failed: {error}") from error
        except asyncio.CancelledError:
            if self._connection is None:
                raise BleakError("failed to discover services, device disconnected") from None
            await self.disconnect()
            raise

    async def _connected(self) -> Connection:
        """The connection; an attempt that is cancelled is called off, nothing stays connected."""
        attempt = asyncio.ensure_future(self.device.connect(self._target, timeout=self._timeout))
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            with suppress(*CONNECT_FAILURES):  # too late: it is connected already
                await self.device.cancel_connection()  # type: ignore[no-untyped-call]  # bumble's
            with suppress(*CONNECT_FAILURES):
                await (await attempt).disconnect()
            raise

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        await peer.request_mtu(MTU)
        await peer.discover_services()
        services = BleakGATTServiceCollection()
        for found in peer.services:
            service = BleakGATTService(found, found.handle, long_uuid(found.uuid))
            services.add_service(service)
            for it in await found.discover_characteristics():
                may = [name for bit, name in PROPERTIES if it.properties & bit]
                characteristic = BleakGATTCharacteristic(
                    it, it.handle, long_uuid(it.uuid), may, lambda: self.mtu_size - 3, service
                )
                services.add_characteristic(characteristic)
                for descriptor in await it.discover_descriptors():
                    services.add_descriptor(
                        BleakGATTDescriptor(
                            descriptor,
                            descriptor.handle,
                            long_uuid(descriptor.type),
                            characteristic,
                        )
                    )
        return services

    def _on_disconnection(self, _: int) -> None:
        if self._connection is not None:
            self._connection = self._peer = None
            if self._disconnected_callback:
                self._disconnected_callback()

    async def disconnect(self) -> None:
        if self._connection is not None:
            try:
                await self._connection.disconnect()
            except core.BaseBumbleError as error:
                raise BleakError(f"disconnect failed: {error}") from error

    async def pair(self, *_: object, **__: object) -> None:
        raise BleakError("virtual pods need no pairing")

    async def unpair(self) -> None:
        raise BleakError("virtual pods need no pairing")

    async def _asked(self, question: Coroutine[Any, Any, _Answer]) -> _Answer:
        """The answer of the pod, with bleak's errors for refusals and lost connections."""
        if self._connection is None:
            question.close()
            raise BleakError("Not connected")
        try:
            return await self._connection.cancel_on_disconnection(question)
        except ATT_Error as error:
            raise BleakGATTProtocolError(int(error.error_code)) from error
        except core.BaseBumbleError as error:
            raise BleakError(f"{type(error).__name__}: {error}") from error
        except asyncio.CancelledError:
            if self._connection is None:
                raise BleakError("disconnected during operation") from None
            raise

    def _server(self) -> Peer:
        if self._peer is None:
            raise BleakError("Not connected")
        return self._peer

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_: object
    ) -> bytearray:
        return bytearray(await self._asked(self._server().read_value(characteristic.handle)))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_: object
    ) -> bytearray:
        return bytearray(await self._asked(self._server().read_value(descriptor.handle)))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        await self._asked(self._server().write_value(characteristic.handle, bytes(data), response))

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        await self._asked(self._server().write_value(descriptor.handle, bytes(data), True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: object
    ) -> None:
        def on_value(value: bytes) -> None:
            callback(bytearray(value))

        await self._asked(characteristic.obj.subscribe(on_value, prefer_notify=True))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        await self._asked(characteristic.obj.unsubscribe(force=True))
