"""A radio that follows a script, with exactly the signatures of bleak's backends."""

import asyncio

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError

from gaitlab.pod.radio import Backend

ADDRESS = "E0:E1:E2:E3:E4:E5"


class Script:
    """What happens: errors of scans and connects in turn (None: it works), then always well."""

    def __init__(
        self, characteristics, *, scans=(), connects=(), shown=True, pods=((ADDRESS, "pod", ()),)
    ):
        self.characteristics, self.shown, self.pods = characteristics, shown, pods
        self.on_scan = lambda: None
        self.on_connect = lambda address: None
        self.scans, self.connects = list(scans), list(connects)
        self.clients, self.written, self.disconnects, self.n_scans = [], [], 0, 0
        self.on_write = lambda client, uuid, data: None
        self.values, self.refuse_notify, self.n_reads = {}, set(), 0

    @property
    def client(self):
        return self.clients[-1]

    def backend(script):  # noqa: N805  # the classes inside have a self of their own
        class Scanner(BaseBleakScanner):
            def __init__(self, detection_callback, service_uuids, scanning_mode, **kwargs):
                super().__init__(detection_callback, service_uuids)

            async def start(self):
                script.n_scans += 1
                script.on_scan()
                error = script.scans.pop(0) if script.scans else None
                if error is not None:
                    raise error
                for address, name, services in script.pods if script.shown else ():
                    data = AdvertisementData(name, {}, {}, list(services), None, -60, ())
                    device = self.create_or_update_device(address, address, name, None, data)
                    self.call_detection_callbacks(device, data)

            async def stop(self):
                pass

        class Client(ScriptedClient):
            plan = script

        return Backend(Scanner, Client)


class ScriptedClient(BaseBleakClient):
    plan: Script

    def __init__(self, address_or_ble_device, **kwargs):
        super().__init__(address_or_ble_device, **kwargs)
        self.listeners, self.connected = {}, False
        self.plan.clients.append(self)

    @property
    def name(self):
        return "pod"

    @property
    def mtu_size(self):
        return 23

    @property
    def is_connected(self):
        return self.connected

    async def connect(self, pair, **kwargs):
        self.plan.on_connect(self.address)
        error = self.plan.connects.pop(0) if self.plan.connects else None
        if error == "hang":
            await asyncio.sleep(3600)
        if error is not None:
            raise error
        self.services = BleakGATTServiceCollection()
        service = BleakGATTService(None, 1, "0000180a-0000-1000-8000-00805f9b34fb")
        self.services.add_service(service)
        for number, uuid in enumerate(self.plan.characteristics, 2):
            self.services.add_characteristic(
                BleakGATTCharacteristic(
                    None, number, uuid, ["read", "write", "notify"], lambda: 20, service
                )
            )
        self.connected = True

    def lose(self):
        """The connection breaks."""
        self.connected = False
        if self._disconnected_callback:
            self._disconnected_callback()

    def say(self, uuid, data):
        self.listeners[uuid](bytearray(data))

    async def disconnect(self):
        self.plan.disconnects += 1
        if self.connected:
            self.lose()

    async def pair(self, *args, **kwargs):
        raise NotImplementedError

    async def unpair(self):
        raise NotImplementedError

    def _check(self):
        if not self.connected:
            raise BleakError("Not connected")

    async def read_gatt_char(self, characteristic, *, use_cached=False, **kwargs):
        self._check()
        self.plan.n_reads += 1
        return bytearray(self.plan.values.get(characteristic.uuid, b""))

    async def read_gatt_descriptor(self, descriptor, *, use_cached=False, **kwargs):
        raise NotImplementedError

    async def write_gatt_char(self, characteristic, data, response):
        self._check()
        self.plan.written.append((characteristic.uuid, bytes(data)))
        error = self.plan.on_write(self, characteristic.uuid, bytes(data))
        if error is not None:
            raise error

    async def write_gatt_descriptor(self, descriptor, data):
        raise NotImplementedError

    async def start_notify(self, characteristic, callback, **kwargs):
        self._check()
        if characteristic.uuid in self.plan.refuse_notify:
            raise BleakGATTProtocolError(0x05)
        self.listeners[characteristic.uuid] = callback

    async def stop_notify(self, characteristic):
        raise NotImplementedError
