"""The air between virtual radios, and their controllers, on bumble's local link."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink
from bumble.ll import AdvertisingPdu, AdvExtInd, ControlPdu

ACL_BYTES: Final = 251  # data length extension; bumble's default of 27 cuts packets in ten


class VirtualLink(LocalLink):
    """A local link whose data leaves at connection events when ``interval_s`` is not 0.

    Mends what bumble's link does not do: data of a connection carries the address the connection
    was made from, and advertisements bring their scan response along.
    """

    def __init__(self, interval_s: float = 0.0, packets_per_event: int = 4) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # bumble's own is bare
        self._interval_s, self._budget = interval_s, packets_per_event
        self._waiting: dict[tuple[str, str], deque[Callable[[], None]]] = {}
        self._events: dict[tuple[str, str], asyncio.TimerHandle] = {}

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        receiver = self.find_le_controller(destination_address)
        connection = sender_controller.le_connections.get(destination_address)
        if receiver is not None and connection is not None:
            sender = connection.self_address
            arrive = partial(receiver.on_link_acl_data, sender, transport, data)
            self._send((str(sender), str(destination_address)), arrive)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ControlPdu
    ) -> None:
        receiver = self.find_le_controller(receiver_address)
        if receiver is not None:  # else it has gone: no matter
            arrive = partial(receiver.on_ll_control_pdu, sender_address, packet)
            self._send((str(sender_address), str(receiver_address)), arrive)

    def _send(self, way: tuple[str, str], arrive: Callable[[], None]) -> None:
        """In order, at the next turn of the loop or at the next connection events."""
        loop = asyncio.get_running_loop()
        if self._interval_s <= 0:
            loop.call_soon(arrive)
            return
        self._waiting.setdefault(way, deque()).append(arrive)
        if way not in self._events:
            self._events[way] = loop.call_later(self._interval_s, self._event, way)

    def _event(self, way: tuple[str, str]) -> None:
        """One connection event: a few packets pass, the rest waits for the next."""
        queue = self._waiting[way]
        for _ in range(min(self._budget, len(queue))):
            queue.popleft()()
        del self._events[way]
        if queue:
            loop = asyncio.get_running_loop()
            self._events[way] = loop.call_later(self._interval_s, self._event, way)

    def send_advertising_pdu(self, sender_controller: Controller, packet: AdvertisingPdu) -> None:
        if isinstance(packet, AdvExtInd):
            for it in sender_controller.advertising_sets.values():
                if it.address == packet.advertiser_address:
                    packet.data = bytes(it.data) + bytes(it.scan_response_data)
        super().send_advertising_pdu(sender_controller, packet)

    def close(self) -> None:
        """Nothing moves any more."""
        for event in self._events.values():
            event.cancel()
        self._events.clear()
        for it in list(self.controllers):
            it.le_legacy_advertiser.stop()
            for advertised in it.advertising_sets.values():
                advertised.stop()


class VirtualController(Controller):
    """bumble's virtual adapter, whose connecting can be called off."""

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Answer as a real controller does: the attempt ends as an unknown connection."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


def make_controller(name: str, link: LocalLink, address: str, **transport: Any) -> Controller:  # noqa: ANN401  # a host's source and sink
    """A virtual adapter on ``link``."""
    controller = VirtualController(name, link=link, public_address=address, **transport)
    controller.le_acl_data_packet_length = ACL_BYTES
    return controller
